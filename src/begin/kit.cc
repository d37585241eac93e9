#include "begin/kit.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "evidence/claims.h"

namespace assay::begin {

using evidence::ClaimField;
using evidence::ClaimTable;
using std::string;
using std::string_view;

namespace {

constexpr string_view kInterfaces = "15-interfaces";
constexpr string_view kTodo = "TODO";

// The tables that rows under this key go to; 15-interfaces is the three that share their entries.
std::vector<const ClaimTable*> tables_of(string_view key) {
  std::vector<const ClaimTable*> out;
  if (key == kInterfaces) {
    for (const char* label : {"15-Intf", "15-PhyIntf", "28-LogIntf"}) out.push_back(evidence::claim_table_named(label));
  } else if (const ClaimTable* t = evidence::claim_table_named(key)) {
    out.push_back(t);
  }
  return out;
}

Result<void> check_value(const DataFile& file, const ClaimField& f, const Node& value) {
  if (value.text() == kTodo) return {};
  const auto word = [&](const Node& v) {
    return std::find(f.words.begin(), f.words.end(), v.text()) != f.words.end() || v.text() == kTodo;
  };
  using evidence::FieldType;
  bool good = value.is_text();
  if (f.type == FieldType::list) {
    good = value.is_sequence();
    for (const Node& item : value.items()) good = good && item.is_text() && (f.of != FieldType::word || word(item));
  } else if (f.type == FieldType::word) {
    good = good && word(value);
  } else if (f.type == FieldType::flag) {
    good = value.boolean().has_value();
  } else if (f.type == FieldType::number) {
    good = value.integer().has_value();
  }
  if (!good) return file.bad(value, fmt::format("this is no value for '{}'", f.key));
  return {};
}

Result<void> check_fields(const DataFile& file, const Node& mapping, const std::vector<const ClaimTable*>& tables,
                          const std::vector<string_view>& own) {
  for (const Node::Member& m : mapping.members()) {
    if (std::find(own.begin(), own.end(), m.key) != own.end()) continue;
    const ClaimField* field = nullptr;
    for (const ClaimTable* t : tables)
      if (field == nullptr) field = t->field(m.key);
    if (field == nullptr) return file.bad(m.value, fmt::format("the table has no field '{}'", m.key));
    ASSAY_TRY(check_value(file, *field, m.value));
  }
  return {};
}

Result<EditionRefs> read_refs(const DataFile& file, const Node& node) {
  EditionRefs out;
  for (const Node::Member& m : node.members()) {
    if (m.key == "says") continue;
    const auto edition = catalogue::edition(m.key);
    if (!edition) return file.bad(m.value, fmt::format("there is no edition '{}'", m.key));
    out[m.key] = m.value.texts();
    for (const string& ref : out[m.key]) {
      const auto is = [&](const catalogue::Reference& r) { return r.ref == ref; };
      if (std::none_of((*edition)->conditions.begin(), (*edition)->conditions.end(), is) &&
          std::none_of((*edition)->features.begin(), (*edition)->features.end(), is))
        return file.bad(m.value, fmt::format("EN 303 645 V{} has no condition or feature '{}'", m.key, ref));
    }
  }
  return out;
}

Result<std::map<string, IcsChoice>> read_ics(const DataFile& file, const Node& node) {
  static constexpr std::array<std::pair<string_view, int>, 4> kSupport = {
      {{"Y", 0}, {"N", 1}, {"N/A", 2}, {"TODO", 3}}};
  std::map<string, IcsChoice> out;
  for (const Node::Member& m : node.members()) {
    ASSAY_TRY(file.keys(m.value, {"support", "detail"}));
    ASSAY_TRY(file.word(m.value, "support", kSupport));
    bool known = false;
    for (const catalogue::Edition* e : catalogue::editions()) known = known || e->provision(m.key) != nullptr;
    if (!known) return file.bad(m.value, fmt::format("there is no provision '{}'", m.key));
    out[m.key] = {m.value["support"].text(), ASSAY_TRY(file.text(m.value, "detail"))};
  }
  return out;
}

Result<Part> read_part(const DataFile& file, const Node& node) {
  Part out;
  out.id = file.maybe(node, "id");
  for (const Node::Member& m : node["tables"].members()) {
    const auto tables = tables_of(m.key);
    if (tables.empty() || !tables.front()->list)
      return file.bad(m.value, fmt::format("there is no IXIT table of entries '{}'", m.key));
    for (const Node& entry : m.value.items()) {
      ASSAY_TRY(file.text(entry, "id"));
      ASSAY_TRY(file.text(entry, "title"));
      ASSAY_TRY(check_fields(file, entry, tables, {"id", "title", "editions", "with", "without"}));
      out.tables[m.key].push_back(
          {ASSAY_TRY(file.list(entry, "with")), ASSAY_TRY(file.list(entry, "without")), &entry});
    }
  }
  for (const Node::Member& m : node["forms"].members()) {
    const auto tables = tables_of(m.key);
    if (tables.empty() || tables.front()->list) return file.bad(m.value, fmt::format("there is no form '{}'", m.key));
    ASSAY_TRY(check_fields(file, m.value, tables, {}));
    out.forms[m.key] = &m.value;
  }
  for (const Node::Member& m : node["change"].members()) {
    if (!m.value.is_mapping()) return file.bad(m.value, "fields and values are wanted here");
    out.change[m.key] = &m.value;
  }
  out.ics = ASSAY_TRY(read_ics(file, node["ics"]));
  return out;
}

Result<void> read_interview(Kit& kit) {
  const DataFile file("interview/questions.yaml");
  const Node* tree = ASSAY_TRY(data::file(file.name()));
  ASSAY_TRY(file.keys(*tree, {"product", "features"}));
  kit.product = ASSAY_TRY(read_questions(file, (*tree)["product"]));
  const ScopeData* scope = ASSAY_TRY(scope_data());
  std::vector<Question> own;
  {
    Node all = Node::sequence();
    for (const Node& node : (*tree)["features"].items()) {
      if (!node.has("same")) {
        all.items().push_back(node);
        continue;
      }
      // So that `when` may name it.
      Node stand_in = Node::mapping();
      stand_in.members().push_back({"id", {}, node["id"]});
      for (const char* key : {"ask", "why"}) stand_in.members().push_back({key, {}, Node("-")});
      all.items().push_back(stand_in);
    }
    own = ASSAY_TRY(read_questions(file, all));
  }
  for (std::size_t i = 0; i < own.size(); ++i) {
    const Node& node = (*tree)["features"].items()[i];
    Feature f;
    f.question = own[i];
    if (node.has("same")) {
      ASSAY_TRY(file.keys(node, {"id", "same", "parts", "met", "unmet", "absent", "drops"}));
      const Question* q = scope->question(own[i].id);
      if (q == nullptr) return file.bad(node["id"], "no law asks this");
      f.question = *q;
      f.of_scope = true;
    }
    const auto answers = [&](string_view key) -> Result<void> {
      for (const Node::Member& m : node[key].members())
        if (!f.question.has_choice(m.key) && m.key != "none" && m.key != kUnknown)
          return file.bad(m.value, fmt::format("'{}' has no answer '{}'", f.question.id, m.key));
      return {};
    };
    for (const char* key : {"parts", "met", "unmet", "absent", "drops"}) ASSAY_TRY(answers(key));
    for (const Node::Member& m : node["parts"].members()) {
      f.parts[m.key] = m.value.texts();
      for (const string& p : f.parts[m.key])
        if (kit.part(p) == nullptr) return file.bad(m.value, fmt::format("there is no part '{}'", p));
    }
    for (const Node::Member& m : node["absent"].members()) {
      f.absent[m.key] = m.value.texts();
      for (const string& t : f.absent[m.key])
        if (tables_of(t).empty()) return file.bad(m.value, fmt::format("there is no table '{}'", t));
    }
    for (const Node::Member& m : node["drops"].members())
      for (const Node& row : m.value.items()) {
        const std::vector<string> parts = row.texts();
        const auto tables = parts.size() == 3 ? tables_of(parts[0]) : std::vector<const ClaimTable*>();
        if (tables.empty() || tables.front()->field(parts[1]) == nullptr)
          return file.bad(row, "a table, a field of it and a value are wanted here");
        f.drops[m.key].push_back({parts[0], parts[1], parts[2]});
      }
    for (const Node::Member& m : node["met"].members()) f.met[m.key] = ASSAY_TRY(read_refs(file, m.value));
    for (const Node::Member& m : node["unmet"].members()) {
      f.unmet[m.key] = ASSAY_TRY(read_refs(file, m.value));
      f.says[m.key] = ASSAY_TRY(file.text(m.value, "says"));
    }
    kit.features.push_back(std::move(f));
  }
  return {};
}

Result<Template> read_template(const DataFile& file, const Node& tree, const Kit& kit) {
  ASSAY_TRY(file.keys(tree, {"title", "about", "category", "device", "synonyms", "answers", "parts", "drop", "tables",
                             "forms", "change", "ics"}));
  Template t;
  t.id = file.name().substr(file.name().rfind('/') + 1);
  t.id.erase(t.id.rfind('.'));
  t.title = ASSAY_TRY(file.text(tree, "title"));
  t.about = ASSAY_TRY(file.text(tree, "about"));
  t.category = ASSAY_TRY(file.text(tree, "category"));
  t.device = ASSAY_TRY(file.text(tree, "device"));
  t.synonyms = ASSAY_TRY(file.list(tree, "synonyms"));
  const ScopeData* scope = ASSAY_TRY(scope_data());
  for (const Node::Member& m : tree["answers"].members()) {
    const Question* q = kit.question(m.key);
    if (q == nullptr) q = scope->question(m.key);
    if (q == nullptr) return file.bad(m.value, fmt::format("there is no question '{}'", m.key));
    auto read = read_answer(*q, join(m.value.texts(), ","));
    if (!read) return file.bad(m.value, read.error().what);
    t.answers[m.key] = *read;
  }
  t.answers["category"] = t.category;
  t.parts = ASSAY_TRY(file.list(tree, "parts"));
  for (const string& p : t.parts)
    if (kit.part(p) == nullptr) return file.bad(tree["parts"], fmt::format("there is no part '{}'", p));
  t.drop = ASSAY_TRY(file.list(tree, "drop"));
  t.own = ASSAY_TRY(read_part(file, tree));
  return t;
}

Result<Kit> load() {
  Kit out;
  {
    const DataFile file("interview/parts.yaml");
    const Node* tree = ASSAY_TRY(data::file(file.name()));
    ASSAY_TRY(file.keys(*tree, {"parts"}));
    for (const Node& node : (*tree)["parts"].items()) {
      ASSAY_TRY(file.keys(node, {"id", "tables", "forms", "change", "ics"}));
      ASSAY_TRY(file.text(node, "id"));
      Part part = ASSAY_TRY(read_part(file, node));
      if (out.part(part.id) != nullptr)
        return file.bad(node["id"], fmt::format("the part '{}' is there twice", part.id));
      out.parts.push_back(std::move(part));
    }
    for (const Part& part : out.parts)
      for (const auto& [label, rows] : part.tables)
        for (const Row& row : rows)
          for (const auto* list : {&row.with, &row.without})
            for (const string& p : *list)
              if (out.part(p) == nullptr) return file.bad(*row.node, fmt::format("there is no part '{}'", p));
  }
  ASSAY_TRY(read_interview(out));
  {
    const DataFile file("interview/ics.yaml");
    const Node* tree = ASSAY_TRY(data::file(file.name()));
    ASSAY_TRY(file.keys(*tree, {"usual"}));
    out.ics = ASSAY_TRY(read_ics(file, (*tree)["usual"]));
  }
  {
    const DataFile file("interview/steps.yaml");
    const Node* tree = ASSAY_TRY(data::file(file.name()));
    ASSAY_TRY(file.keys(*tree, {"themes"}));
    std::set<string> covered;
    for (const Node& node : (*tree)["themes"].items()) {
      ASSAY_TRY(file.keys(node, {"id", "title", "how", "tables", "firmware", "product"}));
      Theme t{ASSAY_TRY(file.text(node, "id")),
              ASSAY_TRY(file.text(node, "title")),
              ASSAY_TRY(file.text(node, "how")),
              ASSAY_TRY(file.list(node, "tables")),
              ASSAY_TRY(file.flag(node, "firmware", false)),
              ASSAY_TRY(file.flag(node, "product", false))};
      for (const string& label : t.tables) {
        const ClaimTable* table = evidence::claim_table_named(label);
        if (table == nullptr) return file.bad(node["tables"], fmt::format("there is no IXIT table '{}'", label));
        if (!covered.insert(table->table).second)
          return file.bad(node["tables"], fmt::format("'{}' stands in two themes", label));
      }
      out.themes.push_back(std::move(t));
    }
    for (const ClaimTable& table : evidence::claim_schema())
      if (!covered.contains(table.table))
        return file.bad(*tree, fmt::format("no theme has the IXIT table {}", table.label()));
  }
  for (const string& name : data::list("templates/")) {
    const DataFile file(name);
    out.templates.push_back(ASSAY_TRY(read_template(file, *ASSAY_TRY(data::file(name)), out)));
  }
  return out;
}

}  // namespace

const Part* Kit::part(string_view id) const {
  for (const Part& p : parts)
    if (p.id == id) return &p;
  return nullptr;
}

const Template* Kit::named(string_view id) const {
  for (const Template& t : templates)
    if (t.id == id) return &t;
  return nullptr;
}

const Template* Kit::for_category(string_view category) const {
  const Template* t = named(category);
  return t != nullptr && t->category == category ? t : nullptr;
}

const Question* Kit::question(string_view id) const {
  for (const Question& q : product)
    if (q.id == id) return &q;
  for (const Feature& f : features)
    if (f.question.id == id) return &f.question;
  return nullptr;
}

Result<const Kit*> kit() {
  static const Result<Kit> kit = load();
  if (!kit) return fail(kit.error());
  return &*kit;
}

}  // namespace assay::begin
