#include "catalogue/guide.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"
#include "catalogue/catalogue.h"

namespace assay::catalogue {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t kShortest = 40, kLongest = 900, kLine = 66;

Result<void> has_size(const DataFile& file, const Node& at, string_view what, std::size_t size) {
  if (size >= kShortest && size <= kLongest) return {};
  return file.bad(at, fmt::format("'{}' has {} characters, not {} to {}", what, size, kShortest, kLongest));
}

Result<GuideEntry> read_entry(const DataFile& file, const Node& node, const std::vector<string>& clauses) {
  ASSAY_TRY(file.keys(node, {"provision", "wants", "wrong", "how", "lab", "first"}));
  GuideEntry out;
  out.provision = ASSAY_TRY(file.text(node, "provision"));
  std::vector<const Edition*> in;
  for (const Edition* e : editions())
    if (const Provision* p = e->provision(out.provision)) {
      in.push_back(e);
      if (std::find(clauses.begin(), clauses.end(), p->clause) == clauses.end())
        return file.bad(node["provision"], fmt::format("{} stands in clause {}", p->id, p->clause));
    }
  if (in.empty()) return file.bad(node["provision"], fmt::format("no edition has a provision '{}'", out.provision));
  // A text is read by people of either edition, and may name only what theirs has.
  const auto names = [&](const Node& at, string_view text) -> Result<void> {
    for (const Edition* e : in)
      for (const string& name : unknown_names(text, *e))
        return file.bad(at, fmt::format("'{}' is nothing that V{} and TS 103 701 V{} have", name, e->en, e->ts));
    return {};
  };
  struct Text {
    string_view key;
    string* into;
  };
  for (const Text& t :
       {Text{"wants", &out.wants}, Text{"wrong", &out.wrong}, Text{"lab", &out.lab}, Text{"first", &out.first}}) {
    *t.into = ASSAY_TRY(file.text(node, t.key));
    ASSAY_TRY(has_size(file, node[t.key], t.key, t.into->size()));
    ASSAY_TRY(names(node[t.key], *t.into));
  }
  out.how = ASSAY_TRY(file.list(node, "how"));
  std::size_t all = 0;
  for (const string& step : out.how) {
    all += step.size();
    ASSAY_TRY(names(node["how"], step));
  }
  ASSAY_TRY(has_size(file, node["how"], "how", all));
  return out;
}

Result<GuideClause> read_clause(const DataFile& file, const Node& root) {
  ASSAY_TRY(file.keys(root, {"clause", "line", "about", "guide"}));
  GuideClause out;
  out.clauses = ASSAY_TRY(file.list(root, "clause"));
  if (out.clauses.empty()) return file.bad(root, "a 'clause' is wanted");
  out.line = ASSAY_TRY(file.text(root, "line"));
  if (out.line.size() > kLine)
    return file.bad(root["line"], fmt::format("'line' has {} characters, more than {}", out.line.size(), kLine));
  out.about = ASSAY_TRY(file.text(root, "about"));
  ASSAY_TRY(has_size(file, root["about"], "about", out.about.size()));
  for (const Node& n : root["guide"].items()) {
    GuideEntry entry = ASSAY_TRY(read_entry(file, n, out.clauses));
    if (!out.entries.empty() && !natural_less(out.entries.back().provision, entry.provision))
      return file.bad(n, fmt::format("{} has to stand before {}, once", entry.provision, out.entries.back().provision));
    out.entries.push_back(std::move(entry));
  }
  return out;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

const GuideEntry* Guide::entry(string_view provision) const {
  for (const GuideClause& c : clauses)
    for (const GuideEntry& e : c.entries)
      if (e.provision == provision) return &e;
  return nullptr;
}

const GuideClause* Guide::clause(string_view wanted) const {
  for (const GuideClause& c : clauses)
    if (std::find(c.clauses.begin(), c.clauses.end(), wanted) != c.clauses.end()) return &c;
  return nullptr;
}

Result<const Guide*> guide() {
  static std::unique_ptr<const Guide> kept;
  if (kept != nullptr) return kept.get();
  auto read = std::make_unique<Guide>();
  for (const string& name : data::list("guide/")) {
    const DataFile file(name);
    read->clauses.push_back(ASSAY_TRY(read_clause(file, *ASSAY_TRY(data::file(name)))));
  }
  std::sort(read->clauses.begin(), read->clauses.end(), [](const GuideClause& a, const GuideClause& b) {
    return natural_less(a.clauses.front(), b.clauses.front());
  });
  for (const Edition* e : editions())
    for (const Provision& p : e->provisions)
      if (read->entry(p.id) == nullptr)
        return fail(Error{
            Errc::malformed, fmt::format("{} of V{} is missing in the guide", p.id, e->en), "data/guide", {}, {}});
  kept = std::move(read);
  return kept.get();
}

std::vector<string> unknown_names(string_view text, const Edition& edition) {
  std::vector<string> out;
  const auto id_char = [](char c) { return is_alnum(c) || c == '.' || c == '-'; };
  for (std::size_t i = 0; i < text.size();) {
    if (!id_char(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && id_char(text[end])) ++end;
    string_view word = text.substr(i, end - i);
    i = end;
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
    const std::size_t dash = word.find('-');
    if (dash == string_view::npos || dash == 0 || dash + 1 >= word.size() || !is_digit(word[0])) continue;
    const string_view head = word.substr(0, dash), tail = word.substr(dash + 1);
    const bool digits = std::all_of(head.begin(), head.end(), is_digit);
    // "5.3-2", "6-1", "5.3-2-2.b"; or "7-UpdMech". Numbers like "12-15" and "24-hour" are neither.
    const bool provision = is_digit(tail[0]) && (head.find('.') != string_view::npos || head == "6" || head == "4");
    const bool table = digits && is_upper(tail[0]) && std::any_of(tail.begin() + 1, tail.end(), is_upper) &&
                       std::any_of(tail.begin(), tail.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!provision && !table) continue;
    bool known = edition.test_case(word) != nullptr || edition.unit(word) != nullptr;
    for (const Edition* e : editions()) known = known || e->provision(word) != nullptr;
    for (const Case& c : edition.cases) known = known || std::find(c.ixit.begin(), c.ixit.end(), word) != c.ixit.end();
    if (!known) out.push_back(string(word));
  }
  return out;
}

}  // namespace assay::catalogue
