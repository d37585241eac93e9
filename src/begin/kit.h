// The kit: what `assay init` builds a dossier of. data/interview/ has the questions about a product, the parts that
// products are made of with rows of the IXIT tables, and what one usually answers in the ICS; data/templates/ has
// kinds of product: answers, rows of their own, and choices. Nothing of it is a claim: it is written with
// `confirmed: no`, and only a maker makes a claim of it.
//
//   interview/questions.yaml  product: and features: lists of questions; a feature says which parts each answer brings,
//                             of which conditions and features of the ICS it shows that they hold or not (met, unmet),
//                             and which tables are then empty (absent)
//   interview/parts.yaml      parts: rows by table
//   interview/ics.yaml        what is usually answered, by provision
//   interview/steps.yaml      themes of the first steps
//   templates/NAME.yaml       one kind of product
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"
#include "begin/question.h"
#include "begin/scope.h"

namespace assay::begin {

using EditionRefs = std::map<std::string, std::vector<std::string>>;  // edition of EN 303 645 → conditions and features

struct Feature {
  Question question;
  bool of_scope = false;                                          // asked by a law too, in the same words
  std::map<std::string, std::vector<std::string>> parts, absent;  // by answer
  std::map<std::string, EditionRefs> met, unmet;                  // by answer
  // By answer: rows that cannot be there: table, field, value ("*": a list with items, "[]": one without).
  std::map<std::string, std::vector<std::array<std::string, 3>>> drops;
  std::map<std::string, std::string> says;  // by answer: the reason of N/A
};

struct Row {
  std::vector<std::string> with, without;  // parts
  const Node* node = nullptr;
};

struct IcsChoice {
  std::string support, detail;
};

struct Part {
  std::string id;
  std::map<std::string, std::vector<Row>> tables;  // "1-AuthMech", "15-interfaces"
  std::map<std::string, const Node*> forms;        // "2-UserInfo" → fields
  std::map<std::string, const Node*> change;       // entry → fields
  std::map<std::string, IcsChoice> ics;            // by provision, before what is usual
};

struct Template {
  std::string id, title, about, category, device;  // device: what the rows call it, "camera"
  Answers answers;
  std::vector<std::string> parts;     // beside those that the answers bring
  std::vector<std::string> synonyms;  // other words for it
  std::vector<std::string> drop;      // entries that do not fit
  Part own;                           // rows, changes and ICS answers of its own
};

// A theme of the first steps: what is done together.
struct Theme {
  std::string id, title, how;
  std::vector<std::string> tables;  // labels of IXIT tables
  bool firmware = false, product = false;
};

struct Kit {
  std::vector<Question> product;
  std::vector<Feature> features;
  std::vector<Part> parts;
  std::map<std::string, IcsChoice> ics;
  std::vector<Template> templates;  // by id
  std::vector<Theme> themes;

  const Part* part(std::string_view id) const;
  const Template* named(std::string_view id) const;
  // The template of the same name: one for hot tubs is none for every appliance.
  const Template* for_category(std::string_view category) const;
  const Question* question(std::string_view id) const;  // of the product, or a feature
};

// Read and checked when first asked for: every part, table, field, word, reference, provision and category exists.
Result<const Kit*> kit();

}  // namespace assay::begin
