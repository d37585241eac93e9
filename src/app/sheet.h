// Sheet: what is known about one thing, in sections, printed as text or as JSON from the same values. `assay standards
// show` joins what several stages know in one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/requirement.h"
#include "report/terminal.h"

namespace assay::app {

struct SheetRow {
  std::string head;                                              // an id, short; printed in a column of its own
  std::string body;                                              // words
  std::vector<std::pair<std::string, std::string>> fields = {};  // for JSON; empty values are left out
  int indent = 0;
};

struct Section {
  std::string key;    // of JSON: "needed_by"; empty: text alone
  std::string label;  // of text: "needed by"; empty: JSON alone
  enum class Shape : unsigned char { text, list, rows } shape = Shape::text;
  std::vector<std::string> texts = {};  // one for text, any number for a list
  std::vector<SheetRow> rows = {};
  bool private_text = false;  // a licensee's own: never in JSON
};

struct Sheet {
  std::string id;    // in full: "en303645:2.1.1:5.3-2"
  std::string kind;  // provision, case, unit, …
  std::string title;
  std::string place;  // "EN 303 645, clause 5.3"
  std::vector<Section> sections;

  // Each leaves empty ones out.
  void text(std::string key, std::string label, std::string value);
  void list(std::string key, std::string label, std::vector<std::string> values);
  void rows(std::string key, std::string label, std::vector<SheetRow> rows);
  void backing(const Backing& backing);
  void backing(std::string_view confidence, const std::vector<std::string>& sources);
};

std::string print(const Sheet& sheet, const report::Terminal& terminal);
void write_json(JsonWriter& w, const Sheet& sheet);

}  // namespace assay::app
