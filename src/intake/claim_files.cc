#include "intake/claim_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "intake/check.h"

namespace assay::intake {
namespace {

using evidence::ClaimField;
using evidence::ClaimTable;
using evidence::FieldType;
using std::string;
using std::string_view;

const std::vector<string> kSupport = {"Y", "N", "N/A"};

bool has(const std::vector<string>& list, string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::vector<string_view> en_editions() {
  std::vector<string_view> out;
  for (const catalogue::Edition* e : catalogue::editions()) out.push_back(e->en);
  return out;
}
string known_editions() {
  const auto known = en_editions();
  return listed(std::vector<string>(known.begin(), known.end()));
}

// Why an edition does not know a provision, and which it may be.
string other_edition(string_view provision, const catalogue::Edition& not_this) {
  for (const catalogue::Edition* e : catalogue::editions())
    if (e != &not_this && e->provision(provision) != nullptr) return fmt::format("EN 303 645 V{} has it.", e->en);
  std::vector<string_view> ids;
  for (const catalogue::Provision& p : not_this.provisions) ids.push_back(p.id);
  return suggestion(provision, ids, "Write the id of a provision, for example 5.1-1.");
}

void read_ics_row(Check& check, const Node::Member& row, const catalogue::Edition& edition, Dossier& dossier) {
  const catalogue::Provision* p = edition.provision(row.key);
  if (!p->ics_row) {
    check.problems().add(Severity::warning, check.file(), row,
                         fmt::format("the ICS of EN 303 645 V{} has no row {}", edition.en, row.key), "not read",
                         "It is assessed without one; leave the row out.");
    return;
  }
  IcsRow out;
  out.edition = edition.en;
  out.ts_edition = edition.ts;
  out.provision = p->id;
  out.mandatory = p->mandatory;
  out.conditional = p->conditional();
  out.node = &row.value;
  if (row.value.is_text()) {
    if (check.is_word(row.value, "support", kSupport)) out.support = row.value.text();
  } else if (check.mapping(row.value, "the row " + row.key)) {
    check.keys(row.value, {"support", "detail", "confirmed"}, "an ICS row");
    out.support = check.word(row.value, "support", kSupport, true);
    out.confirmed = check.flag(row.value, "confirmed").value_or(true);
    if (!out.confirmed && !has(check.file().unconfirmed, row.key)) check.file().unconfirmed.push_back(row.key);
    out.detail = string(trim(check.text(row.value, "detail")));
  }
  dossier.ics.push_back(std::move(out));
}

// The editions named under `editions`, as those of TS 103 701; all that `possible` has where the key is absent.
std::vector<string> editions_of(Check& check, const Node& mapping, const std::vector<string>& possible) {
  if (!mapping.has("editions") || mapping["editions"].is_null()) return possible;
  std::vector<string> out;
  for (const Node* item : check.items(mapping, "editions")) {
    const string ts = ts_edition_of(item->text());
    if (ts.empty())
      check.error(*item, fmt::format("there is no edition {} of EN 303 645", item->text().substr(0, 32)), {},
                  fmt::format("Write {}: the edition of EN 303 645, not of TS 103 701.", known_editions()));
    else if (std::find(possible.begin(), possible.end(), ts) == possible.end())
      check.error(*item, fmt::format("EN 303 645 V{} has no such table", item->text()), {},
                  "The file's `table` says which tables it gives.");
    else if (std::find(out.begin(), out.end(), ts) == out.end())
      out.push_back(ts);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Whether the value is what the field wants. Problems are said once, whichever tables the entry goes to.
void check_value(Check& check, const ClaimField& field, const Node& value) {
  switch (field.type) {
    case FieldType::text:
    case FieldType::code:
      check.is_text(value, field.key);
      break;
    case FieldType::word:
      check.is_word(value, field.key, field.words);
      break;
    case FieldType::flag:
      check.is_flag(value, field.key);
      break;
    case FieldType::number:
      check.is_number(value, field.key);
      break;
    case FieldType::date:
      check.is_date(value, field.key);
      break;
    case FieldType::list: {
      if (!value.is_text() && !value.is_sequence()) {
        check.sequence(value, field.key);
        break;
      }
      const std::vector<Node> one(value.is_text() ? 1 : 0, value);
      const std::vector<Node>& items = value.is_text() ? one : value.items();
      if (items.size() > kMostItems) {
        check.error(value, fmt::format("{} has more than {} items", field.key, kMostItems));
        break;
      }
      std::vector<string_view> seen;
      for (const Node& item : items) {
        const bool good = field.of == FieldType::word ? check.is_word(item, field.key, field.words)
                                                      : check.is_text(item, "an item of " + field.key);
        if (good && std::find(seen.begin(), seen.end(), item.text()) != seen.end())
          check.warn(item, fmt::format("{} names {} twice", field.key, item.text().substr(0, 64)));
        if (good) seen.push_back(item.text());
      }
    }
  }
}

string english(const std::vector<string>& ts_editions) {
  std::vector<string> out;
  out.reserve(ts_editions.size());
  for (const string& ts : ts_editions) out.push_back("V" + en_edition_of(ts));
  return listed(out);
}

void check_fields(Check& check, const Node& mapping, const std::vector<const ClaimTable*>& tables,
                  const std::vector<string>& editions, const std::vector<string_view>& own) {
  std::vector<string_view> known = own;
  for (const ClaimTable* t : tables)
    for (const ClaimField& f : t->fields)
      if (std::find(known.begin(), known.end(), f.key) == known.end()) known.push_back(f.key);
  for (const Node::Member& m : mapping.members()) {
    if (std::find(own.begin(), own.end(), m.key) != own.end()) continue;
    const ClaimField* field = nullptr;
    for (const ClaimTable* t : tables)
      if (field == nullptr) field = t->field(m.key);
    if (field == nullptr) {
      string as_key = lower(m.key);
      for (char& c : as_key)
        if (!is_alnum(c)) c = '_';
      const bool by_name = std::find(known.begin(), known.end(), as_key) != known.end();
      check.problems().add(
          Severity::error, check.file(), m,
          fmt::format("{} has no field '{}'", tables.front()->label(), m.key.substr(0, 64)), "not known here",
          by_name
              ? fmt::format("Write the key '{}'.", as_key)
              : suggestion(m.key, known, fmt::format("`assay tables {}` lists its fields.", tables.front()->table)));
      continue;
    }
    if (m.value.is_null()) continue;  // open
    if (!field->editions.empty() && std::none_of(field->editions.begin(), field->editions.end(), [&](const string& e) {
          return std::find(editions.begin(), editions.end(), e) != editions.end();
        }))
      check.problems().add(Severity::warning, check.file(), m,
                           fmt::format("{} is a field of EN 303 645 {} only", m.key, english(field->editions)));
    check_value(check, *field, m.value);
  }
  // The standard's own fields have to be filled in; ours may stay open.
  std::vector<string> missing;
  for (const ClaimTable* t : tables)
    for (const ClaimField& f : t->fields) {
      if (f.name.empty() && f.name_v2.empty()) continue;
      const std::vector<string>& where = f.editions.empty() ? t->editions : f.editions;
      const bool asked = std::any_of(where.begin(), where.end(), [&](const string& e) {
        return std::find(editions.begin(), editions.end(), e) != editions.end();
      });
      if (asked && mapping[f.key].is_null() && !check.file().is_gap(mapping[f.key]) &&
          std::find(missing.begin(), missing.end(), f.key) == missing.end())
        missing.push_back(f.key);
    }
  if (!missing.empty())
    check.warn(mapping, fmt::format("{} of the standard's fields left open: {}", missing.size(), join(missing, ", ")),
               {}, "A laboratory asks for them; what cannot apply says so in a word.");
}

bool is_entry_id(string_view id) {
  if (id.empty() || id.size() > 64 || !is_alnum(id.front())) return false;
  return std::all_of(id.begin(), id.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

void read_entry(Check& check, const Node& node, const std::vector<const ClaimTable*>& tables,
                const std::vector<string>& file_editions, bool confirmed, std::size_t file, Dossier& dossier) {
  if (!check.mapping(node, "an entry")) return;
  const string id = check.text(node, "id", true);
  if (!id.empty() && !is_entry_id(id))
    check.error(node["id"], fmt::format("'{}' is not an id", id.substr(0, 64)), {},
                "An id is at most 64 letters, digits, '-', '_' and '.', and begins with a letter or digit.");
  const std::vector<string> editions = editions_of(check, node, file_editions);

  // Which of the file's tables it belongs to: where they differ, by its kind.
  std::vector<const ClaimTable*> mine = tables;
  if (tables.size() > 1 && !tables.front()->takes.empty()) {
    const string& kind = node["kind"].text();
    std::erase_if(
        mine, [&](const ClaimTable* t) { return std::find(t->takes.begin(), t->takes.end(), kind) == t->takes.end(); });
    if (mine.empty()) {
      std::vector<string> words;
      for (const ClaimTable* t : tables)
        for (const string& w : t->takes)
          if (std::find(words.begin(), words.end(), w) == words.end()) words.push_back(w);
      check.error(node.has("kind") ? node["kind"] : node,
                  "kind does not say which of the file's tables this belongs to", {},
                  fmt::format("Write {}.", listed(words)));
      mine = {tables.front()};
    }
  }
  std::erase_if(mine, [&](const ClaimTable* t) {
    return std::none_of(t->editions.begin(), t->editions.end(), [&](const string& e) {
      return std::find(editions.begin(), editions.end(), e) != editions.end();
    });
  });
  if (mine.empty()) return;  // an edition that was wrong; said already
  check_fields(check, node, mine, editions, {"id", "title", "editions", "confirmed"});
  confirmed = check.flag(node, "confirmed").value_or(confirmed);
  if (!confirmed && !id.empty()) check.file().unconfirmed.push_back(id);
  string title = check.text(node, "title");
  if (!is_entry_id(id)) return;
  for (const ClaimTable* t : mine) {
    ClaimEntry entry{t, file, id, title.empty() ? id : title, {}, &node, confirmed};
    for (const string& e : t->editions)
      if (std::find(editions.begin(), editions.end(), e) != editions.end()) entry.editions.push_back(e);
    dossier.entries.push_back(std::move(entry));
  }
}

Value value_of(const ClaimField& field, const Node& value) {
  switch (field.type) {
    case FieldType::text:
    case FieldType::code:
      return value.is_text() && value.text().size() <= kLongestText ? Value(value.text()) : Value();
    case FieldType::word:
      return std::find(field.words.begin(), field.words.end(), value.text()) != field.words.end() && value.is_text()
                 ? Value(value.text())
                 : Value();
    case FieldType::flag: {
      const auto flag = truth(value);
      return flag ? Value(std::int64_t{*flag}) : Value();
    }
    case FieldType::number: {
      const auto number = value.integer();
      return number && *number >= 0 && *number <= 1'000'000'000 ? Value(*number) : Value();
    }
    case FieldType::date:
      return value.is_text() && Date::parse(value.text()) ? Value(value.text()) : Value();
    case FieldType::list:
      return {};
  }
  return {};
}

}  // namespace

string ts_edition_of(string_view en) {
  for (const catalogue::Edition* e : catalogue::editions())
    if (e->en == en) return e->ts;
  return {};
}

string en_edition_of(string_view ts) {
  for (const catalogue::Edition* e : catalogue::editions())
    if (e->ts == ts) return e->en;
  return {};
}

std::optional<std::vector<string>> ClaimEntry::list(string_view key) const {
  const Node& value = (*node)[key];
  if (!value.is_text() && !value.is_sequence()) return std::nullopt;
  return value.texts();
}

string ClaimEntry::text(string_view key) const { return (*node)[key].text(); }

void read_ics(std::size_t index, Dossier& dossier, Problems& problems) {
  SourceFile& file = *dossier.files[index];
  Check check(file, problems);
  if (!check.mapping(file.tree, "ics.yaml")) return;
  check.keys(file.tree, {"both", "editions"}, "ics.yaml");
  const Node& both = file.tree["both"];
  const Node& editions = file.tree["editions"];
  if (!both.is_null() && !check.mapping(both, "both")) return;
  if (!editions.is_mapping()) {
    check.error(file.tree.has("editions") ? editions : file.tree, "ics.yaml does not say which editions it answers", {},
                fmt::format("Write 'editions:' with {} below it, each with its own rows or '{{}}'.", known_editions()));
    return;
  }
  std::vector<const catalogue::Edition*> answered;
  for (const Node::Member& m : editions.members()) {
    const auto edition = catalogue::edition(m.key);
    if (!edition) {
      problems.add(Severity::error, file, m, fmt::format("there is no edition {} of EN 303 645", m.key.substr(0, 32)),
                   {}, fmt::format("Write {}: the edition of EN 303 645, not of TS 103 701.", known_editions()));
      continue;
    }
    if (!m.value.is_null() && !check.mapping(m.value, "the rows of " + m.key)) continue;
    answered.push_back(*edition);
    for (const Node::Member& row : m.value.members()) {
      if ((*edition)->provision(row.key) != nullptr) {
        read_ics_row(check, row, **edition, dossier);
        continue;
      }
      problems.add(Severity::error, file, row,
                   fmt::format("EN 303 645 V{} has no provision {}", (*edition)->en, row.key.substr(0, 32)), {},
                   other_edition(row.key, **edition));
    }
  }
  for (const Node::Member& row : both.members()) {
    bool known = false;
    for (const catalogue::Edition* edition : answered) {
      if (edition->provision(row.key) == nullptr) continue;
      known = true;
      if (!editions[edition->en].has(row.key)) read_ics_row(check, row, *edition, dossier);
    }
    if (!known && !answered.empty())
      problems.add(Severity::error, file, row,
                   fmt::format("no edition answered here has a provision {}", row.key.substr(0, 32)), {},
                   other_edition(row.key, *answered.front()));
  }
  for (const catalogue::Edition* e : answered) {
    dossier.editions.push_back(e->en);
    dossier.given.push_back({index, "ics", {e->ts}, file.unconfirmed.empty() && file.gaps.empty()});
  }
}

void read_ixit(std::size_t index, Dossier& dossier, Problems& problems) {
  SourceFile& file = *dossier.files[index];
  Check check(file, problems);
  if (!check.mapping(file.tree, file.name)) return;
  std::vector<string_view> labels;
  std::vector<string> all_names;
  for (const ClaimTable& t : evidence::claim_schema())
    for (const string* n : {&t.name_v1, &t.name_v2})
      if (!n->empty()) all_names.push_back(fmt::format("{}-{}", t.number, *n));
  labels.assign(all_names.begin(), all_names.end());

  std::vector<const ClaimTable*> tables;
  const Node& named = file.tree["table"];
  if (named.is_null()) {
    check.error(file.tree, fmt::format("{} does not say which table it gives", file.name), {},
                "Write 'table: 1-AuthMech' with the standard's number and name.");
    return;
  }
  for (const Node* item : check.items(file.tree, "table")) {
    const string& label = item->text();
    const ClaimTable* t = evidence::claim_table_named(label);
    if (t == nullptr)
      check.error(*item, fmt::format("there is no IXIT table {}", label.substr(0, 64)), {},
                  suggestion(label, labels, "Write number and name as the standard has them: 1-AuthMech, 7-UpdMech …"));
    else if (std::find(tables.begin(), tables.end(), t) == tables.end())
      tables.push_back(t);
  }
  if (tables.empty()) return;
  for (const ClaimTable* t : tables)
    if (tables.size() > 1 && t->view != tables.front()->view) {
      check.error(named, fmt::format("{} and {} do not share their entries", tables.front()->label(), t->label()), {},
                  "Give each a file of its own. 15-Intf, 15-PhyIntf and 28-LogIntf may stand in one.");
      return;
    }

  std::vector<string> possible;
  for (const ClaimTable* t : tables)
    for (const string& e : t->editions)
      if (std::find(possible.begin(), possible.end(), e) == possible.end()) possible.push_back(e);
  std::sort(possible.begin(), possible.end());
  const std::vector<string> editions = editions_of(check, file.tree, possible);

  const bool form = !tables.front()->list;
  const bool confirmed = check.flag(file.tree, "confirmed").value_or(true);
  check.keys(file.tree, {"table", "editions", "confirmed", form ? "form" : "entries"},
             form ? "a form" : "a table of entries");
  if (form) {
    const Node& node = file.tree["form"];
    if (!node.is_mapping()) {
      check.error(file.tree.has("form") ? node : file.tree, fmt::format("{} is a form", tables.front()->label()), {},
                  "Write its fields below 'form:'.");
    } else {
      check_fields(check, node, tables, editions, {});
      if (!confirmed) file.unconfirmed.push_back("form");
      dossier.entries.push_back({tables.front(), index, "form", tables.front()->about, editions, &node, confirmed});
    }
  } else {
    const Node& entries = file.tree["entries"];
    if (file.is_gap(entries)) {
      // Nobody has said yet what stands in it.
    } else if (!entries.is_sequence())
      check.error(file.tree.has("entries") ? entries : file.tree,
                  fmt::format("{} has no list of entries", tables.front()->label()), {},
                  "Write 'entries:' with '- id: …' below it; 'entries: []' says that there are none.");
    else
      for (const Node& node : entries.items()) {
        if (dossier.entries.size() >= kMostEntries) {
          check.error(node, fmt::format("more than {} entries in all tables", kMostEntries));
          break;
        }
        read_entry(check, node, tables, editions, confirmed, index, dossier);
      }
    if (!confirmed && entries.is_sequence() && entries.items().empty()) file.unconfirmed.push_back("that it is empty");
  }
  const bool whole = confirmed && file.unconfirmed.empty() &&
                     std::none_of(file.gaps.begin(), file.gaps.end(), [](const Gap& g) { return g.key == "entries"; });
  for (const ClaimTable* t : tables) {
    Given given{index, t->table, {}, whole};
    for (const string& e : t->editions)
      if (std::find(editions.begin(), editions.end(), e) != editions.end()) given.editions.push_back(e);
    if (!given.editions.empty()) dossier.given.push_back(std::move(given));
  }
}

void add_ics_rows(const Dossier& dossier, evidence::Evidence& evidence, Unconfirmed unconfirmed) {
  for (const IcsRow& row : dossier.ics) {
    if (!row.confirmed && unconfirmed == Unconfirmed::left_out) continue;
    for (const auto& file : dossier.files) {
      if (file->name != "ics.yaml") continue;
      evidence.add_row("ics", {{"artefact", file->sha256},
                               {"source", string("dossier")},
                               {"place", file->name},
                               {"at", std::int64_t{row.node->mark().line}},
                               {"edition", row.ts_edition},
                               {"provision", row.provision},
                               {"mandatory", std::int64_t{row.mandatory}},
                               {"conditional", std::int64_t{row.conditional}},
                               {"support", row.support.empty() ? Value() : Value(row.support)},
                               {"detail", row.detail.empty() ? Value() : Value(row.detail)}});
    }
  }
}

void add_entry_rows(const Dossier& dossier, evidence::Evidence& evidence, Unconfirmed unconfirmed) {
  for (const ClaimEntry& entry : dossier.entries) {
    if (!entry.confirmed && unconfirmed == Unconfirmed::left_out) continue;
    const SourceFile& file = *dossier.files[entry.file];
    const auto origin = [&] {
      return std::vector<std::pair<string, Value>>{{"artefact", file.sha256},
                                                   {"source", string("dossier")},
                                                   {"place", file.name},
                                                   {"at", std::int64_t{entry.node->mark().line}},
                                                   {"entry", entry.id}};
    };
    auto row = origin();
    row.emplace_back("title", entry.title);
    if (entry.editions != entry.table->editions) row.emplace_back("editions", join(entry.editions, ","));
    for (const ClaimField& field : entry.table->fields) {
      const Node& value = (*entry.node)[field.key];
      if (value.is_null()) continue;
      if (field.type != FieldType::list) {
        row.emplace_back(field.key, value_of(field, value));
        continue;
      }
      const auto items = entry.list(field.key);
      if (!items || items->size() > kMostItems) continue;
      row.emplace_back(field.key, static_cast<std::int64_t>(items->size()));
      std::int64_t position = 0;
      for (const string& item : *items) {
        auto cells = origin();
        cells.emplace_back("tbl", entry.table->table);
        cells.emplace_back("field", field.key);
        cells.emplace_back("position", ++position);
        cells.emplace_back("value", item);
        evidence.add_row("ixit_item", cells);
      }
    }
    evidence.add_row(entry.table->table, row);
  }
}

}  // namespace assay::intake
