#include "begin/draft.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "evidence/claims.h"

namespace assay::begin {

using evidence::ClaimField;
using evidence::ClaimTable;
using std::string;
using std::string_view;

namespace {

constexpr string_view kTodo = "TODO";
constexpr std::size_t kColumn = 110;  // comments beyond it are cut

bool has(const std::vector<string>& list, string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

Node plain(string_view text) { return Node(string(text), Node::Style::plain); }

string quoted(string_view text) {
  string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

// A scalar as YAML: plain where nothing in it means something, else in double quotes.
string scalar(string_view text, Node::Style style) {
  if (text == kTodo) return string(kTodo);
  const Node as_is(string(text), Node::Style::plain);
  if (style == Node::Style::plain && (as_is.boolean() || as_is.number() || Date::parse(text))) return string(text);
  static const std::set<string, std::less<>> kWords = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  const bool safe =
      !text.empty() && ((text.front() >= 'a' && text.front() <= 'z') || (text.front() >= 'A' && text.front() <= 'Z')) &&
      text.back() != ' ' && !kWords.contains(lower(text)) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || string_view(" ._-/()+;'@").find(c) != string_view::npos;
      });
  if (safe) return string(text);
  return quoted(text);
}

string value_text(const Node& node) {
  if (!node.is_sequence()) return scalar(node.text(), node.style());
  std::vector<string> items;
  for (const Node& item : node.items()) items.push_back(scalar(item.text(), Node::Style::quoted));
  return "[" + join(items, ", ") + "]";
}

string comment(const ClaimField& f) {
  string out = f.about;
  std::vector<string> words = f.words;
  if (!words.empty()) out += (out.empty() ? "" : "; ") + join(words, ", ");
  if (out.size() > kColumn) {
    std::size_t end = kColumn;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
    out = out.substr(0, end) + " …";
  }
  return out.empty() ? "" : "   # " + out;
}

// "15-interfaces.yaml", "01-auth-mech.yaml"
string file_name(const ClaimTable& t) {
  const string& name = t.name_v1.empty() ? t.name_v2 : t.name_v1;
  string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool upper = name[i] >= 'A' && name[i] <= 'Z';
    const bool begins = upper && i > 0 && (!(name[i - 1] >= 'A' && name[i - 1] <= 'Z'));
    out += begins ? "-" : "";
    out += upper ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return fmt::format("ixit/{:02}-{}.yaml", t.number, out);
}

// A file of ixit/ and the tables it gives.
struct TableFile {
  string key, name, label;  // "15-interfaces", "ixit/15-interfaces.yaml", "[15-Intf, 15-PhyIntf, 28-LogIntf]"
  std::vector<const ClaimTable*> tables;
};

std::vector<TableFile> table_files() {
  std::vector<TableFile> out;
  for (const ClaimTable& t : evidence::claim_schema()) {
    const string label = t.label();
    if (t.view == "claim_interface") {
      const auto at = std::find_if(out.begin(), out.end(), [](const TableFile& f) { return f.key == "15-interfaces"; });
      if (at != out.end()) {
        at->tables.push_back(&t);
        continue;
      }
      out.push_back({"15-interfaces", "ixit/15-interfaces.yaml", "[15-Intf, 15-PhyIntf, 28-LogIntf]", {&t}});
      continue;
    }
    out.push_back({label, file_name(t), label, {&t}});
  }
  return out;
}

const ClaimField* field_of(const TableFile& file, string_view key) {
  for (const ClaimTable* t : file.tables)
    if (const ClaimField* f = t->field(key)) return f;
  return nullptr;
}

// The fields of a file's tables, each once, the standard's before ours.
std::vector<const ClaimField*> fields_of(const TableFile& file) {
  std::vector<const ClaimField*> out;
  for (const bool coded : {false, true})
    for (const ClaimTable* t : file.tables)
      for (const ClaimField& f : t->fields)
        if ((f.name.empty() && f.name_v2.empty()) == coded &&
            std::none_of(out.begin(), out.end(), [&](const ClaimField* o) { return o->key == f.key; }))
          out.push_back(&f);
  return out;
}

enum class Holds : unsigned char { open, met, unmet };

class Drafter {
 public:
  Drafter(const Kit& kit, const Template* chosen, const Answers& given)
      : kit_(kit), chosen_(chosen), given_(given), all_(with_template(given, chosen)), files_(table_files()) {
    device_ = chosen != nullptr ? chosen->device : "product";
    choose_parts();
    collect();
  }

  std::vector<DraftFile> files() {
    std::vector<DraftFile> out;
    out.push_back({"ics.yaml", ics()});
    for (const TableFile& f : files_) out.push_back({f.name, f.tables.front()->list ? table(f) : form(f)});
    out.push_back({"product.yaml", product()});
    std::sort(out.begin(), out.end(), [](const DraftFile& a, const DraftFile& b) { return a.name < b.name; });
    return out;
  }

 private:
  // A person said it, and not that it is not known.
  bool said(string_view question) const {
    const string_view a = answer(given_, question);
    return !a.empty() && a != kUnknown;
  }

  string put_in(string text) const {
    string device = device_;
    device.front() =
        static_cast<char>(device.front() >= 'a' && device.front() <= 'z' ? device.front() - 'a' + 'A' : device.front());
    text = replace_all(std::move(text), "{device}", device_);
    text = replace_all(std::move(text), "{Device}", device);
    return replace_all(std::move(text), "{maker}", said("maker") ? string(answer(given_, "maker")) : "the maker");
  }

  Node put_in(const Node& node) const {
    Node out = node;
    if (node.is_text()) out = Node(put_in(node.text()), node.style());
    for (Node& item : out.items()) item = put_in(item);
    return out;
  }

  void choose_parts() {
    std::set<string> chosen = {"always"};
    for (const Feature& f : kit_.features) {
      if (!f.question.due(all_)) continue;
      for (const string& a : answer_list(all_, f.question.id))
        if (const auto at = f.parts.find(a); at != f.parts.end()) chosen.insert(at->second.begin(), at->second.end());
    }
    if (chosen_ != nullptr) chosen.insert(chosen_->parts.begin(), chosen_->parts.end());
    // The app reaches the product in the home network where both speak IP there.
    if (chosen.contains("app") && (chosen.contains("wifi") || chosen.contains("ethernet"))) chosen.insert("ch-app-ip");
    for (const Part& p : kit_.parts)
      if (chosen.contains(p.id)) parts_.push_back(&p);
    names_ = std::move(chosen);
  }

  bool fits(const Row& row) const {
    return std::all_of(row.with.begin(), row.with.end(), [&](const string& p) { return names_.contains(p); }) &&
           std::none_of(row.without.begin(), row.without.end(), [&](const string& p) { return names_.contains(p); });
  }

  void change(const Part& part) {
    for (const auto& [id, fields] : part.change)
      for (auto& [key, rows] : rows_)
        for (Node& row : rows) {
          if (row["id"].text() != id) continue;
          for (const Node::Member& m : fields->members()) {
            const auto at = std::find_if(row.members().begin(), row.members().end(),
                                         [&](const Node::Member& o) { return o.key == m.key; });
            if (at != row.members().end())
              at->value = put_in(m.value);
            else
              row.members().push_back({m.key, {}, put_in(m.value)});
          }
        }
  }

  void collect() {
    std::vector<const Part*> parts = parts_;
    if (chosen_ != nullptr) parts.push_back(&chosen_->own);
    std::set<std::pair<string, string>> seen;
    for (const Part* part : parts) {
      for (const auto& [key, rows] : part->tables)
        for (const Row& row : rows) {
          const string& id = (*row.node)["id"].text();
          if (!fits(row) || (chosen_ != nullptr && has(chosen_->drop, id)) || !seen.emplace(key, id).second) continue;
          Node out = Node::mapping();
          for (const Node::Member& m : row.node->members())
            if (m.key != "with" && m.key != "without") out.members().push_back({m.key, {}, put_in(m.value)});
          rows_[key].push_back(std::move(out));
        }
      for (const auto& [key, fields] : part->forms)
        for (const Node::Member& m : fields->members()) forms_[key][m.key] = put_in(m.value);
    }
    for (const Part* part : parts) change(*part);
    leave_out();
    for (const TableFile& f : files_)
      for (Node& row : rows_[f.key])
        for (Node::Member& m : row.members())
          if (const ClaimField* field = field_of(f, m.key); field != nullptr && !field->refers.empty())
            keep_known(*field, m.value);
  }

  // What a person said goes before what is usual: rows that contradict it are no suggestions.
  void leave_out() {
    for (const Feature& f : kit_.features) {
      if (!f.question.due(all_)) continue;
      for (const string& a : answer_list(all_, f.question.id)) {
        if (const auto at = f.absent.find(a); at != f.absent.end())
          for (const string& key : at->second) rows_[key].clear();
        const auto drops = f.drops.find(a);
        if (drops == f.drops.end()) continue;
        for (const std::array<string, 3>& drop : drops->second)
          std::erase_if(rows_[drop[0]], [&](const Node& row) {
            const Node& value = row[drop[1]];
            if (value.is_sequence()) return drop[2] == (value.items().empty() ? "[]" : "*");
            return value.is_text() && value.text() == drop[2];
          });
      }
    }
  }

  // References to rows that are not there are left out; a list that loses all of them is open.
  void keep_known(const ClaimField& field, Node& list) const {
    if (!list.is_sequence() || list.items().empty()) return;
    std::erase_if(list.items(), [&](const Node& item) {
      for (const TableFile& f : files_) {
        if (std::none_of(f.tables.begin(), f.tables.end(),
                         [&](const ClaimTable* t) { return has(field.refers, t->view); }))
          continue;
        const auto rows = rows_.find(f.key);
        if (rows != rows_.end() && std::any_of(rows->second.begin(), rows->second.end(),
                                               [&](const Node& row) { return row["id"].text() == item.text(); }))
          return false;
      }
      return true;
    });
    if (list.items().empty()) list = plain(kTodo);
  }

  // Whether the answers say that a table is empty; true where a person said so.
  std::optional<bool> absent(const string& key) const {
    for (const Feature& f : kit_.features) {
      if (!f.question.due(all_)) continue;
      for (const string& a : answer_list(all_, f.question.id))
        if (const auto at = f.absent.find(a); at != f.absent.end() && has(at->second, key)) return said(f.question.id);
    }
    return std::nullopt;
  }

  string table(const TableFile& f) const {
    string out = fmt::format("# {}: {}. Fields: assay tables {}\ntable: {}\n", f.key, f.tables.front()->about,
                             f.tables.front()->table, f.label);
    const auto rows = rows_.find(f.key);
    if (rows == rows_.end() || rows->second.empty()) {
      if (const auto said_so = absent(f.key)) return out + (*said_so ? "" : "confirmed: no\n") + "entries: []\n";
      out += "# One entry for each, or [] where there is none:\n#   - id: …\n#     title: …\n";
      for (const ClaimField* field : fields_of(f)) out += fmt::format("#     {}: …{}\n", field->key, comment(*field));
      return out + fmt::format("entries: {}\n", kTodo);
    }
    out += "entries:\n";
    for (const Node& row : rows->second) {
      out += fmt::format("- id: {}\n  confirmed: no\n", scalar(row["id"].text(), Node::Style::quoted));
      for (const char* key : {"title", "editions"})
        if (row.has(key)) out += fmt::format("  {}: {}\n", key, value_text(row[key]));
      std::vector<string> tables_take;
      for (const ClaimField* field : fields_of(f)) {
        const Node* value = row.find(field->key);
        if (value != nullptr) {
          const bool todo = value->text() == kTodo;
          out += fmt::format("  {}: {}{}\n", field->key, value_text(*value), todo ? comment(*field) : "");
        } else if (asked(f, *field, row)) {
          out += fmt::format("  {}: {}{}\n", field->key, kTodo, comment(*field));
        }
      }
    }
    return out;
  }

  // Whether the standard has this field for this row, in an edition in which the row counts.
  static bool asked(const TableFile& f, const ClaimField& field, const Node& row) {
    for (const ClaimTable* t : f.tables) {
      const ClaimField* mine = t->field(field.key);
      if (mine == nullptr || (mine->name.empty() && mine->name_v2.empty())) continue;
      if (!t->takes.empty() && !has(t->takes, row["kind"].text())) continue;
      const std::vector<string>& editions = mine->editions.empty() ? t->editions : mine->editions;
      if (!row.has("editions")) return true;
      for (const string& en : row["editions"].texts())
        for (const catalogue::Edition* e : catalogue::editions())
          if (e->en == en && has(editions, e->ts)) return true;
    }
    return false;
  }

  string form(const TableFile& f) const {
    std::map<string, Node> values;
    const auto suggested = forms_.find(f.key);
    if (suggested != forms_.end()) values = suggested->second;
    const bool confirmed =
        std::none_of(values.begin(), values.end(), [](const auto& v) { return v.second.text() != kTodo; });
    if (f.tables.front()->view == "claim_user_info") {
      const auto take = [&](const char* field, const char* question) {
        if (said(question)) values[field] = Node(string(answer(given_, question)), style_of(question));
      };
      take("model", "model");
      take("support_until", "support_until");
      take("policy_contact", "contact");
    }
    string out = fmt::format("# {}: {}. Fields: assay tables {}\ntable: {}\n", f.key, f.tables.front()->about,
                             f.tables.front()->table, f.label);
    if (!confirmed) out += "confirmed: no\n";
    out += "form:\n";
    for (const ClaimField* field : fields_of(f)) {
      const auto at = values.find(field->key);
      out += at == values.end() || at->second.text() == kTodo
                 ? fmt::format("  {}: {}{}\n", field->key, kTodo, comment(*field))
                 : fmt::format("  {}: {}\n", field->key, value_text(at->second));
    }
    return out;
  }

  Node::Style style_of(string_view question) const {
    const Question* q = kit_.question(question);
    return q != nullptr && q->type == Question::Type::date ? Node::Style::plain : Node::Style::quoted;
  }

  string product() const {
    string out =
        "# The product. TODO is what nobody has said yet: it is open, never a no. docs/dossier.md says what each key "
        "means.\n";
    const auto line = [&](const char* key, const char* question, const char* hint) {
      out += said(question) ? fmt::format("{}: {}\n", key, scalar(answer(given_, question), style_of(question)))
                            : fmt::format("{}: {}{}{}\n", key, kTodo, *hint != '\0' ? "   # " : "", hint);
    };
    line("name", "name", "what it is called");
    line("model", "model", "the model designation, as the label shows it");
    line("maker", "maker", "under which name it is sold");
    const string_view category = answer(all_, "category");
    out += fmt::format("category: {}\n", category.empty() || category == kUnknown ? "other" : category);
    out += said("constrained")
               ? fmt::format("constrained: {}\n", answer(given_, "constrained") == "yes")
               : fmt::format("constrained: {}   # true where it is too small for some security measures\n", kTodo);
    out += "\nurl: TODO   # page of the product\n";
    if (said("markets")) {
      std::vector<string> markets = answer_list(given_, "markets");
      for (string& m : markets) m = scalar(m, Node::Style::quoted);
      out += fmt::format("markets: [{}]\n", join(markets, ", "));
    } else {
      out += "markets: TODO   # [GB, AU, SG, EU]\n";
    }
    out +=
        "\n# The image that is examined; put the file into the dossier.\nfirmware: TODO   # [{version: 1.0.0, file: "
        "firmware/image.bin}]\n";
    out += "\n# The defined support period, both days included.\nsupport_from: TODO   # first day of sale\n";
    line("support_until", "support_until", "the last day on which security updates are promised");
    line("contact", "contact", "where anybody can report a security problem");
    out += "\nheld: TODO   # marks it has: [{scheme: sg-cls, level: L1, from: 2026-01-10}], or []\n";
    out += "documents: TODO   # manual, policy, test reports: [{path: evidence/manual.pdf, kind: manual}]\n";
    return out;
  }

  // Whether a condition or feature holds, and what a person or the template said to it.
  Holds holds(const string& edition, const string& ref, string& why, bool& by_person) const {
    Holds out = Holds::open;
    for (const Feature& f : kit_.features) {
      if (!f.question.due(all_)) continue;
      for (const string& a : answer_list(all_, f.question.id)) {
        const auto says_of = [&](const std::map<string, EditionRefs>& by_answer) {
          const auto at = by_answer.find(a);
          if (at == by_answer.end()) return false;
          const auto refs = at->second.find(edition);
          return refs != at->second.end() && has(refs->second, ref);
        };
        if (says_of(f.met)) return Holds::met;  // one that exists is enough
        if (out == Holds::open && says_of(f.unmet)) {
          out = Holds::unmet;
          why = f.says.at(a);
          by_person = said(f.question.id);
        }
      }
    }
    return out;
  }

  struct IcsRow {
    string support, detail;
    bool confirmed = false;
    bool operator==(const IcsRow&) const = default;
  };

  IcsRow ics_row(const catalogue::Edition& edition, const catalogue::Provision& p) const {
    std::vector<string> refs = p.conditions;
    refs.insert(refs.end(), p.features.begin(), p.features.end());
    bool all_met = true;
    for (const string& ref : refs) {
      string why;
      bool by_person = false;
      const Holds h = holds(edition.en, ref, why, by_person);
      if (h == Holds::unmet) return {"N/A", why, by_person};
      all_met = all_met && h == Holds::met;
    }
    if (chosen_ == nullptr || !all_met) return {string(kTodo), string(kTodo), true};
    // The template's own answer, else that of a part it has (the rows say why), else the usual one.
    const IcsChoice* choice = nullptr;
    const auto take = [&](const std::map<string, IcsChoice>& from) {
      if (const auto at = from.find(p.id); choice == nullptr && at != from.end()) choice = &at->second;
    };
    take(chosen_->own.ics);
    for (const Part* part : parts_) take(part->ics);
    take(kit_.ics);
    if (choice == nullptr) return {string(kTodo), string(kTodo), true};
    return {choice->support, put_in(choice->detail), choice->support == kTodo};
  }

  static string row_text(const catalogue::Provision& p, const IcsRow& row, const char* indent) {
    string out =
        fmt::format("{}{}: {{support: {}, detail: {}{}}}", indent, p.id, row.support,
                    row.detail == kTodo ? row.detail : quoted(row.detail), row.confirmed ? "" : ", confirmed: no");
    return fmt::format("{}   # {}{}\n", out, p.mandatory ? "" : "recommended: ", p.title);
  }

  string ics() const {
    string both, own;
    const auto editions = catalogue::editions();
    std::map<string, IcsRow> first;
    for (const catalogue::Edition* e : editions) {
      own += fmt::format("  {}:\n", e->en);
      string rows;
      for (const catalogue::Provision& p : e->provisions) {
        if (!p.ics_row) continue;
        const IcsRow row = ics_row(*e, p);
        bool same = editions.size() > 1;
        for (const catalogue::Edition* o : editions) {
          const catalogue::Provision* q = o->provision(p.id);
          same = same && q != nullptr && q->ics_row && ics_row(*o, *q) == row;
        }
        if (!same)
          rows += row_text(p, row, "    ");
        else if (e == editions.front())
          both += row_text(p, row, "  ");
      }
      own.pop_back();
      own += rows.empty() ? " {}\n" : "\n" + rows;
    }
    return "# The implementation conformance statement: Y met, N not met, N/A does not apply; N and N/A need their "
           "reason in detail.\n"
           "# A row with `confirmed: no` is a suggestion and counts for nothing: correct it and take the mark out.\n"
           "both:\n" +
           both + "editions:\n" + own;
  }

  const Kit& kit_;
  const Template* chosen_;
  const Answers& given_;
  const Answers all_;
  std::vector<TableFile> files_;
  string device_;
  std::vector<const Part*> parts_;
  std::set<string> names_;
  std::map<string, std::vector<Node>> rows_;  // by key of a TableFile
  std::map<string, std::map<string, Node>> forms_;
};

}  // namespace

Answers with_template(const Answers& given, const Template* chosen) {
  Answers out = given;
  if (chosen != nullptr)
    for (const auto& [question, text] : chosen->answers) out.emplace(question, text);
  return out;
}

std::vector<DraftFile> draft(const Kit& kit, const Template* chosen, const Answers& given) {
  return Drafter(kit, chosen, given).files();
}

}  // namespace assay::begin
