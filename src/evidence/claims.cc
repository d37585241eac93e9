#include "evidence/claims.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"
#include "evidence/evidence.h"

namespace assay::evidence {
namespace {

using std::string_view;

constexpr string_view kEditions[] = {"1.1.1", "2.1.1"};
constexpr std::pair<string_view, FieldType> kTypes[] = {
    {"text", FieldType::text},     {"code", FieldType::code}, {"word", FieldType::word}, {"flag", FieldType::flag},
    {"number", FieldType::number}, {"date", FieldType::date}, {"list", FieldType::list}};
// What a dossier says about itself beside the IXIT tables.
constexpr string_view kOther[] = {"ics", "product"};

// "AuthMech", or {v1: ComMech, v2: SecComMech}.
std::pair<std::string, std::string> by_edition(const Node& node) {
  if (node.is_mapping()) return {node["v1"].text(), node["v2"].text()};
  return {node.text(), node.text()};
}

tl::unexpected<Error> wrong(const Node& at, std::string what) {
  return fail(Error{Errc::malformed,
                    std::move(what),
                    fmt::format("data/standards/ixit.yaml:{}:{}", at.mark().line, at.mark().column),
                    {},
                    {}});
}

Result<FieldType> type_of(const Node& node, FieldType otherwise) {
  if (node.is_null()) return otherwise;
  for (const auto& [word, type] : kTypes)
    if (node.text() == word) return type;
  return wrong(node, fmt::format("there is no type '{}'", node.text()));
}

Result<ClaimField> read_field(const Node& node) {
  ClaimField f;
  f.key = node["key"].text();
  if (f.key.empty()) return wrong(node, "a field without a key");
  const auto [v1, v2] = by_edition(node["name"]);
  f.name = v1;
  if (v2 != v1) f.name_v2 = v2;
  f.type = ASSAY_TRY(type_of(node["type"], FieldType::text));
  f.of = ASSAY_TRY(type_of(node["of"], FieldType::text));
  f.coded = f.type != FieldType::text;
  f.words = node["words"].texts();
  f.view = node["view"].text();
  f.column = node["column"].text();
  f.refers = node["refers"].texts();
  f.about = node["about"].text();
  f.editions = node["editions"].texts();
  if (f.type == FieldType::list && (f.view.empty() || f.column.empty()))
    return wrong(node, "a list needs a view and a column");
  if ((f.type == FieldType::word || f.of == FieldType::word) && f.words.empty())
    return wrong(node, "a word needs its words");
  return f;
}

Result<std::vector<ClaimTable>> read_schema(const Node& root) {
  std::vector<ClaimTable> all;
  for (const Node& node : root["tables"].items()) {
    ClaimTable t;
    const Node& number = node["number"];
    t.number = static_cast<int>((number.is_mapping() ? number.members().front().value : number).integer().value_or(0));
    if (t.number < 1 || t.number > 29) return wrong(number, "a table needs its number, 1 to 29");
    t.table = fmt::format("ixit_{}", t.number);
    if (number.is_mapping()) t.table += "_" + number.members().front().key;
    t.editions = node["editions"].texts();
    std::tie(t.name_v1, t.name_v2) = by_edition(node["name"]);
    if (!t.in("1.1.1")) t.name_v1.clear();
    if (!t.in("2.1.1")) t.name_v2.clear();
    t.list = node["layout"].text() != "form";
    t.view = node["view"].text();
    t.about = node["about"].text();
    t.takes = node["takes"].texts();
    for (const char* part : {"fields", "coded"})
      for (const Node& field : node[part].items()) t.fields.push_back(ASSAY_TRY(read_field(field)));
    if (node.has("like")) {
      const auto other =
          std::find_if(all.begin(), all.end(), [&](const ClaimTable& o) { return o.label() == node["like"].text(); });
      if (other == all.end()) return wrong(node["like"], "no such table before this one");
      for (const ClaimField& f : other->fields)
        if (f.name.empty() && !t.field(f.key)) t.fields.push_back(f);
    }
    all.push_back(std::move(t));
  }
  return all;
}

Type sql_type(FieldType type) {
  return type == FieldType::flag || type == FieldType::number || type == FieldType::list ? Type::integer : Type::text;
}

std::string meaning(const ClaimField& f) {
  std::string out = f.name.empty() ? f.about : f.name;
  if (!f.name_v2.empty()) out += " (V2.1.1: " + f.name_v2 + ")";
  if (!f.name.empty() && !f.about.empty()) out += ": " + f.about;
  if (f.type == FieldType::word) out += "; " + join(f.words, ", ");
  if (f.type == FieldType::flag) out += "; 1 yes, 0 no";
  if (f.type == FieldType::list) out += "; number of items, which stand in " + f.view;
  return out;
}

std::vector<Column> origin() {
  return {{"id", Type::text, false, "stable for equal inputs"},
          {"artefact", Type::text, false, "SHA-256 of the file of the dossier"},
          {"source", Type::text, true, "dossier"},
          {"place", Type::text, false, "file of the dossier"},
          {"at", Type::integer, false, "line"}};
}

std::string sql_text(string_view text) {  // as SQL text
  return "'" + replace_all(std::string(text), "'", "''") + "'";
}
std::string sql_name(string_view name) {  // as SQL name
  return "\"" + std::string(name) + "\"";
}

const std::vector<std::string>& base_views() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const ClaimTable& t : claim_schema())
      if (std::find(out.begin(), out.end(), t.view) == out.end()) out.push_back(t.view);
    return out;
  }();
  return names;
}

// The columns of a claim view: the same in both editions, so taken from every table that is behind it in one of them.
std::vector<Column> base_columns(string_view view) {
  std::vector<Column> columns = {{"entry", Type::text, false, "id of the entry; form where the table is a form"},
                                 {"title", Type::text, false, "short name of the entry"},
                                 {"tbl", Type::text, false, "table of the row: ixit_1"},
                                 {"id", Type::text, false, "id of the row"}};
  const auto have = [&](string_view key) {
    return std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return c.name == key; });
  };
  for (const ClaimTable& t : claim_schema())
    if (t.view == view)
      for (const ClaimField& f : t.fields)
        if (!have(f.key)) columns.push_back({f.key, sql_type(f.type), false, meaning(f)});
  return columns;
}

// What a list view repeats of its entry: the scalar fields that rules may read, less those whose name the item has
// taken.
std::vector<Column> list_columns(const ClaimTable& t, const ClaimField& list) {
  std::vector<Column> columns = {
      {"entry", Type::text, false, "id of the entry that has the item"},
      {"title", Type::text, false,
       list.refers.empty() ? "short name of that entry" : "short name of the entry referred to"},
      {"position", Type::integer, false, "place in the list, from 1"},
      {list.column, Type::text, false, list.about + (list.words.empty() ? "" : "; " + join(list.words, ", "))},
      {"tbl", Type::text, false, "table of the entry"},
      {"id", Type::text, false, "id of the entry's row"}};
  for (const ClaimField& f : t.fields) {
    if (!f.coded || f.type == FieldType::list) continue;
    if (std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return c.name == f.key; })) continue;
    columns.push_back({f.key, sql_type(f.type), false, meaning(f)});
  }
  return columns;
}

// Each list view once: `like` repeats fields in other tables.
template <class F>
void each_list(F&& call) {
  std::vector<string_view> seen;
  for (const ClaimTable& t : claim_schema())
    for (const ClaimField& f : t.fields)
      if (f.type == FieldType::list && std::find(seen.begin(), seen.end(), f.view) == seen.end()) {
        seen.push_back(f.view);
        call(t, f);
      }
}

std::string base_statement(string_view view, string_view ts_edition) {
  const std::vector<Column> columns = base_columns(view);
  std::string selects;
  for (const ClaimTable* t : tables_behind(view, ts_edition)) {
    if (!selects.empty()) selects += " UNION ALL ";
    selects += "SELECT entry, title, " + sql_text(t->table) + " AS tbl, id";
    for (std::size_t i = 4; i < columns.size(); ++i)
      selects +=
          ", " + (t->field(columns[i].name) ? sql_name(columns[i].name) : "NULL AS " + sql_name(columns[i].name));
    selects += fmt::format(" FROM {} WHERE editions IS NULL OR instr(',' || editions || ',', ',{},') > 0",
                           sql_name(t->table), ts_edition);
  }
  if (selects.empty()) {
    for (const Column& c : columns) selects += (selects.empty() ? "SELECT NULL AS " : ", NULL AS ") + sql_name(c.name);
    selects += " WHERE 0";
  }
  return "CREATE TEMP VIEW " + sql_name(view) + " AS " + selects;
}

std::string list_statement(const ClaimTable& t, const ClaimField& f) {
  const std::vector<Column> columns = list_columns(t, f);
  std::string title = "c.title";
  if (!f.refers.empty()) {
    title = "coalesce(";
    for (const std::string& view : f.refers)
      title += fmt::format("(SELECT min(r.title) FROM {} r WHERE r.entry = i.value), ", sql_name(view));
    title += "i.value)";
  }
  std::string select =
      fmt::format("SELECT i.entry, {} AS title, i.position, i.value AS {}, c.tbl, c.id", title, sql_name(f.column));
  for (std::size_t i = 6; i < columns.size(); ++i) select += ", c." + sql_name(columns[i].name);
  return fmt::format(
      "CREATE TEMP VIEW {} AS {} FROM ixit_item i JOIN {} c ON c.entry = i.entry AND c.tbl = i.tbl WHERE i.field = {}",
      sql_name(f.view), select, sql_name(t.view), sql_text(f.key));
}

constexpr string_view kIcsColumns[] = {"provision", "mandatory", "conditional", "support", "detail", "id"};
constexpr string_view kProductColumns[] = {
    "name",    "model", "maker",       "category", "firmware_version", "support_from", "support_until",
    "contact", "url",   "constrained", "id"};

std::vector<Column> picked(const std::vector<Column>& all, std::span<const string_view> names) {
  std::vector<Column> out;
  for (string_view n : names)
    for (const Column& c : all)
      if (c.name == n) out.push_back(c);
  return out;
}
std::string select_names(std::span<const string_view> names) {
  std::string out;
  for (string_view n : names) out += (out.empty() ? "" : ", ") + sql_name(n);
  return out;
}

std::vector<Column> ics_table_columns() {
  std::vector<Column> c = origin();
  c.push_back({"edition", Type::text, false, "of TS 103 701, which stands for that of EN 303 645"});
  c.push_back({"provision", Type::text, false, "5.1-1"});
  c.push_back({"mandatory", Type::integer, false, "1: a requirement, 0: a recommendation, in this edition"});
  c.push_back({"conditional", Type::integer, false, "1: the row has a condition or a feature"});
  c.push_back({"support", Type::text, false, "Y, N or N/A; null: not answered"});
  c.push_back({"detail", Type::text, false, "how it is met, or why not; null: nothing written"});
  return c;
}
std::vector<Column> product_table_columns() {
  std::vector<Column> c = origin();
  c.push_back({"name", Type::text, false, "of the product"});
  c.push_back({"model", Type::text, false, "model designation"});
  c.push_back({"maker", Type::text, false, "who makes it"});
  c.push_back({"category", Type::text, false, "a word of data/categories.yaml"});
  c.push_back({"firmware_version", Type::text, false, "of the firmware that is assessed"});
  c.push_back({"support_from", Type::text, false, "date"});
  c.push_back({"support_until", Type::text, false, "date"});
  c.push_back({"contact", Type::text, false, "for reports of vulnerabilities"});
  c.push_back({"url", Type::text, false, "page of the product"});
  c.push_back(
      {"constrained", Type::integer, false, "1: a constrained device in the sense of EN 303 645; 0: not; null: open"});
  return c;
}

}  // namespace

string_view name(FieldType type) {
  for (const auto& [word, known] : kTypes)
    if (known == type) return word;
  return "text";
}

const ClaimField* ClaimTable::field(string_view key) const {
  for (const ClaimField& f : fields)
    if (f.key == key) return &f;
  return nullptr;
}

bool ClaimTable::in(string_view ts_edition) const {
  return std::find(editions.begin(), editions.end(), ts_edition) != editions.end();
}

const std::string& ClaimTable::name(string_view ts_edition) const { return ts_edition == "1.1.1" ? name_v1 : name_v2; }

std::string ClaimTable::label() const { return fmt::format("{}-{}", number, name_v1.empty() ? name_v2 : name_v1); }

const std::vector<ClaimTable>& claim_schema() {
  static const std::vector<ClaimTable> schema = [] {
    const auto file = data::file("standards/ixit.yaml");
    if (!file) broken(__FILE__, __LINE__, file.error().text().c_str());
    auto read = read_schema(**file);
    if (!read) broken(__FILE__, __LINE__, read.error().text().c_str());
    return std::move(*read);
  }();
  return schema;
}

std::vector<Error> check_claim_schema() {
  const DataFile file("standards/ixit.yaml");
  const auto tree = data::file(file.name());
  if (!tree) return {tree.error()};
  std::vector<Error> out;
  const auto add = [&](Result<void> fine) {
    if (!fine) out.push_back(std::move(fine).error());
  };
  add(file.keys(**tree, {"tables"}));
  for (const Node& t : (**tree)["tables"].items()) {
    add(file.keys(t, {"number", "name", "editions", "layout", "view", "about", "takes", "like", "fields", "coded"}));
    for (const std::string& e : t["editions"].texts())
      if (std::find(std::begin(kEditions), std::end(kEditions), e) == std::end(kEditions))
        out.push_back(file.bad(t["editions"], fmt::format("no edition '{}' of TS 103 701", e)).value());
    if (t["layout"].text() != "list" && t["layout"].text() != "form")
      out.push_back(file.bad(t, "'layout' is list or form").value());
    for (const char* part : {"fields", "coded"})
      for (const Node& f : t[part].items()) {
        add(file.keys(f, {"key", "name", "type", "of", "words", "view", "column", "refers", "about", "editions"}));
        if (auto field = read_field(f); !field) out.push_back(std::move(field).error());
      }
  }
  if (out.empty())
    if (auto read = read_schema(**tree); !read) out.push_back(std::move(read).error());
  return out;
}

const ClaimTable* claim_table(string_view table) {
  for (const ClaimTable& t : claim_schema())
    if (t.table == table) return &t;
  return nullptr;
}

const ClaimTable* claim_table_named(string_view label) {
  for (const ClaimTable& t : claim_schema())
    for (const std::string* n : {&t.name_v1, &t.name_v2})
      if (!n->empty() && label == fmt::format("{}-{}", t.number, *n)) return &t;
  return nullptr;
}

std::vector<const ClaimTable*> tables_behind(string_view view, string_view ts_edition) {
  std::vector<const ClaimTable*> out;
  for (const ClaimTable& t : claim_schema()) {
    if (!t.in(ts_edition)) continue;
    const bool lists = std::any_of(t.fields.begin(), t.fields.end(),
                                   [&](const ClaimField& f) { return f.view == view && !view.empty(); });
    if (t.view == view || lists) out.push_back(&t);
  }
  return out;
}

std::vector<Table> claim_tables() {
  std::vector<Table> all = {
      {"product", Kind::claim, "what the dossier calls the product", product_table_columns()},
      {"ics", Kind::claim, "a row of the implementation conformance statement", ics_table_columns()}};
  for (const ClaimTable& t : claim_schema()) {
    std::string label = t.label();
    if (!t.name_v1.empty() && !t.name_v2.empty() && t.name_v1 != t.name_v2) label += " (V2.1.1: " + t.name_v2 + ")";
    Table out{t.table, Kind::claim, "IXIT " + label + ": " + t.about, origin()};
    out.columns.push_back({"entry", Type::text, false, t.list ? "id of the entry" : "form"});
    out.columns.push_back({"title", Type::text, false, "short name of the entry"});
    out.columns.push_back(
        {"editions", Type::text, false, "of TS 103 701 in which the entry counts, comma-separated; null: all"});
    for (const ClaimField& f : t.fields) out.columns.push_back({f.key, sql_type(f.type), false, meaning(f)});
    all.push_back(std::move(out));
  }
  Table items{"ixit_item", Kind::claim, "an item of a list field of an IXIT entry", origin()};
  items.columns.push_back({"tbl", Type::text, false, "table of the entry: ixit_1"});
  items.columns.push_back({"entry", Type::text, false, "id of the entry"});
  items.columns.push_back({"field", Type::text, false, "key of the list field"});
  items.columns.push_back({"position", Type::integer, false, "place in the list, from 1"});
  items.columns.push_back({"value", Type::text, false, "the item"});
  all.push_back(std::move(items));
  return all;
}

std::vector<std::string> view_statements(string_view ts_edition) {
  ASSAY_CHECK(std::find(std::begin(kEditions), std::end(kEditions), ts_edition) != std::end(kEditions));
  std::vector<std::string> out;
  for (const Table& t : tables())
    if (t.kind == Kind::fact)
      for (string_view source : kSources)
        out.push_back(fmt::format("CREATE TEMP VIEW {} AS SELECT * FROM {} WHERE source = {}",
                                  sql_name(fmt::format("{}_{}", source, t.name)), sql_name(t.name), sql_text(source)));
  out.push_back(fmt::format("CREATE TEMP VIEW claim_product AS SELECT {} FROM product", select_names(kProductColumns)));
  out.push_back(fmt::format("CREATE TEMP VIEW claim_ics AS SELECT {} FROM ics WHERE edition = {}",
                            select_names(kIcsColumns), sql_text(ts_edition)));
  for (const std::string& view : base_views()) out.push_back(base_statement(view, ts_edition));
  each_list([&](const ClaimTable& t, const ClaimField& f) { out.push_back(list_statement(t, f)); });
  return out;
}

std::vector<Table> views(string_view ts_edition) {
  ASSAY_CHECK(std::find(std::begin(kEditions), std::end(kEditions), ts_edition) != std::end(kEditions));
  std::vector<Table> out;
  for (const Table& t : tables())
    if (t.kind == Kind::fact)
      for (string_view source : kSources)
        out.push_back({fmt::format("{}_{}", source, t.name), Kind::fact,
                       fmt::format("{} (source {})", t.meaning, source), t.columns});
  out.push_back({"claim_product", Kind::claim, "what the dossier calls the product",
                 picked(product_table_columns(), kProductColumns)});
  out.push_back({"claim_ics", Kind::claim, "a row of the implementation conformance statement of this edition",
                 picked(ics_table_columns(), kIcsColumns)});
  for (const std::string& view : base_views()) {
    std::string about, behind;
    for (const ClaimTable* t : tables_behind(view, ts_edition)) {
      about += (about.empty() ? "" : "; or ") + t->about;
      behind += fmt::format("{}{}-{}", behind.empty() ? "" : ", ", t->number, t->name(ts_edition));
    }
    out.push_back({view, Kind::claim,
                   behind.empty() ? "empty: this edition has no such table" : fmt::format("{} ({})", about, behind),
                   base_columns(view)});
  }
  each_list([&](const ClaimTable& t, const ClaimField& f) {
    out.push_back({f.view, Kind::claim, fmt::format("an item of {} of {}", f.name.empty() ? f.key : f.name, t.view),
                   list_columns(t, f)});
  });
  return out;
}

bool claims_given(const Evidence& evidence, string_view view, string_view ts_edition,
                  std::vector<std::string>* missing) {
  std::vector<std::pair<std::string, std::string>> behind;  // table, label
  for (string_view other : kOther)
    if (view == "claim_" + std::string(other)) behind.emplace_back(other, other);
  for (const ClaimTable* t : tables_behind(view, ts_edition))
    behind.emplace_back(t->table, fmt::format("{}-{}", t->number, t->name(ts_edition)));
  bool all = true;
  for (const auto& [table, label] : behind) {
    bool read = false, whole = true;
    for (const Row& row : evidence.rows("examined")) {
      if (Evidence::text("examined", row, "source") != "dossier" || Evidence::text("examined", row, "tbl") != table)
        continue;
      const auto scope = parse_json(Evidence::text("examined", row, "scope"), "scope");
      if (!scope) {
        whole = false;
        continue;
      }
      const std::vector<string_view> editions = split((*scope)["editions"].text(), ',');
      if (std::find(editions.begin(), editions.end(), ts_edition) == editions.end()) continue;
      if (Evidence::text("examined", row, "complete") == "1")
        read = true;
      else
        whole = false;
    }
    for (const Row& row : evidence.rows("unexamined")) {
      const std::string tbl = Evidence::text("unexamined", row, "tbl");
      if (Evidence::text("unexamined", row, "source") == "dossier" && (tbl.empty() || tbl == table) &&
          Evidence::text("unexamined", row, "closed_by").empty())
        whole = false;
    }
    if (read && whole) continue;
    all = false;
    if (missing) missing->push_back(label);
  }
  return all && !behind.empty();
}

}  // namespace assay::evidence
