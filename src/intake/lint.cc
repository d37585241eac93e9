#include "intake/lint.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/data.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "evidence/database.h"
#include "intake/check.h"

namespace assay::intake {
namespace {

using evidence::ClaimField;
using evidence::ClaimTable;
using evidence::FieldType;
using std::string;
using std::string_view;

// "-", "n/a", "tbd" are no reasons (units 4-1-1.a and 5.0-1-1.a).
bool says_something(string_view detail) {
  static const std::set<string, std::less<>> kNothing = {"n/a",  "na",   "none", "tbd", "tbc",
                                                         "todo", "n.a.", "xxx",  "...", "unknown"};
  std::size_t letters = 0;
  for (const char c : detail) letters += is_alnum(c) || static_cast<unsigned char>(c) >= 0x80;
  return letters >= 3 && !kNothing.contains(lower(trim(detail)));
}

bool has(const std::vector<string>& list, string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// What is wrong in a row that stands for both editions is said once, without naming the edition.
void said_once(std::vector<Problem>& all) {
  std::map<std::tuple<string, std::uint32_t, std::uint32_t, string, string, string>, std::size_t> seen;
  std::vector<Problem> out;
  for (Problem& p : all) {
    string plain = p.what;
    for (const catalogue::Edition* e : catalogue::editions())
      plain = replace_all(std::move(plain), " (V" + e->en + ")", "");
    const auto [at, is_new] = seen.emplace(std::tuple(p.file, p.line, p.column, plain, p.caret, p.hint), out.size());
    if (is_new)
      out.push_back(std::move(p));
    else
      out[at->second].what = plain;
  }
  all = std::move(out);
}

class Linter {
 public:
  explicit Linter(const Dossier& dossier) : d_(dossier) {}

  void ids() {
    for (const string_view ts : {"1.1.1", "2.1.1"}) {
      std::map<std::pair<string, string>, const ClaimEntry*> seen;  // view, id
      for (const ClaimEntry& e : d_.entries) {
        if (!has(e.editions, ts)) continue;
        const auto [at, is_new] = seen.emplace(std::pair(e.table->view, e.id), &e);
        if (is_new || at->second->node == e.node) continue;
        const ClaimEntry& first = *at->second;
        const string where = fmt::format("{}:{}", d_.files[first.file]->name, first.node->mark().line);
        if (e.id == "form")
          problems_.add(Severity::error, file(e), *e.node, fmt::format("{} is given twice", e.table->label()),
                        "first in " + where);
        else
          problems_.add(Severity::error, file(e), (*e.node)["id"], fmt::format("the id {} is taken", e.id),
                        "first in " + where, "Ids are unique among the tables that rules read together.");
      }
    }
  }

  void references() {
    for (const BatchRef& b : d_.batches) {
      std::vector<string_view> known;
      for (const ClaimEntry& e : d_.entries)
        if (e.table->view == "claim_auth") known.push_back(e.id);
      if (std::find(known.begin(), known.end(), b.entry) == known.end())
        problems_.add(Severity::error, *d_.files[0], (*b.node)["entry"],
                      fmt::format("a batch refers to {}, which is not declared", b.entry.substr(0, 64)), "no such id",
                      suggestion(b.entry, known, "Declare it in 1-AuthMech: the way in that these passwords open."));
    }
    for (const ClaimEntry& e : d_.entries)
      for (const ClaimField& f : e.table->fields) {
        if (f.refers.empty()) continue;
        const Node& value = (*e.node)[f.key];
        const std::vector<Node> one(value.is_text() ? 1 : 0, value);
        for (const Node& item : value.is_text() ? one : value.items())
          if (item.is_text()) reference(e, f, item);
      }
  }

  // An option that stands by default is one of the options.
  void decisions() {
    for (const ClaimEntry& e : d_.entries) {
      if (e.table->view != "claim_decision") continue;
      const auto options = e.list("options");
      const string chosen = e.text("default_option");
      if (options && !chosen.empty() && !has(*options, chosen))
        problems_.add(Severity::error, file(e), (*e.node)["default_option"],
                      fmt::format("{} is not one of the options", chosen), {},
                      "The options are " + listed(*options) + ".");
    }
  }

  // product.yaml and IXIT 2 say the same thing twice.
  void product() {
    for (const ClaimEntry& e : d_.entries) {
      if (e.table->view != "claim_user_info") continue;
      same(e, "support_until", d_.product.support_until);
      same(e, "support_from", d_.product.support_from);
      same(e, "model", d_.product.model);
    }
  }

  void persons() {
    for (const PersonRecord& r : d_.persons) {
      if (r.evidence.empty()) continue;
      const bool there = std::any_of(d_.documents.begin(), d_.documents.end(), [&](const Document& doc) {
        return doc.path == r.evidence && !doc.sha256.empty();
      });
      if (!there)
        problems_.add(
            Severity::warning, r.file,
            fmt::format("the record of {} on {} names {}, which is not among the documents", r.by, r.date, r.evidence));
    }
  }

  Result<void> ics() {
    if (d_.editions.empty()) return {};
    evidence::Evidence evidence;
    add_claims(d_, evidence, Unconfirmed::taken);  // what is suggested has to fit together too
    for (const string& en : d_.editions) {
      const catalogue::Edition* edition = ASSAY_TRY(catalogue::edition(en));
      const evidence::Database db = ASSAY_TRY(evidence::open_memory());
      ASSAY_TRY(evidence.fill(db.get()));
      ASSAY_TRY(evidence::make_views(db.get(), edition->ts));
      ASSAY_TRY(ics_of(*edition, evidence, db.get()));
    }
    return {};
  }

  std::vector<Problem> take() && {
    std::vector<Problem> all = std::move(problems_).take();
    said_once(all);
    return all;
  }

 private:
  SourceFile& file(const ClaimEntry& e) const { return *d_.files[e.file]; }

  void reference(const ClaimEntry& e, const ClaimField& field, const Node& item) {
    std::vector<string_view> known;
    for (const ClaimEntry& o : d_.entries)
      if (has(field.refers, o.table->view)) known.push_back(o.id);
    std::vector<string> lost;  // editions in which it leads nowhere
    for (const string& ts : e.editions) {
      const bool any = std::any_of(field.refers.begin(), field.refers.end(),
                                   [&](const string& view) { return !evidence::tables_behind(view, ts).empty(); });
      const bool found = std::any_of(d_.entries.begin(), d_.entries.end(), [&](const ClaimEntry& o) {
        return o.id == item.text() && has(field.refers, o.table->view) && has(o.editions, ts);
      });
      if (any && !found) lost.push_back(ts);
    }
    if (lost.empty()) return;
    const string what = fmt::format("{} refers to {}", field.key, item.text().substr(0, 64));
    if (lost.size() < e.editions.size()) {
      problems_.add(Severity::error, file(e), item,
                    fmt::format("{}, which is not declared for EN 303 645 V{}", what, en_edition_of(lost.front())), {},
                    "Declare it for that edition too, or give this entry `editions:`.");
      return;
    }
    if (std::find(known.begin(), known.end(), item.text()) != known.end()) {
      problems_.add(Severity::error, file(e), item,
                    fmt::format("{}, which is declared for another edition only", what));
      return;
    }
    string tables;
    for (const string& view : field.refers)
      for (const ClaimTable* t : evidence::tables_behind(view, lost.front()))
        tables += (tables.empty() ? "" : ", ") + t->label();
    problems_.add(Severity::error, file(e), item, what + ", which is not declared", "no such id",
                  suggestion(item.text(), known, fmt::format("Declare it in {}, or take it out.", tables)));
  }

  void same(const ClaimEntry& e, string_view key, const string& in_product) {
    const string here = e.text(key);
    if (here.empty() || in_product.empty() || here == in_product) return;
    problems_.add(Severity::error, file(e), (*e.node)[key], fmt::format("{} differs from product.yaml", key),
                  "there: " + in_product, "One of the two is wrong; what is declared has to be one thing.");
  }

  // The rules of judging say in SQL when a condition or feature holds; lint asks them only of the claims.
  static const Node* condition(string_view ts_edition, string_view ref) {
    const auto file = data::file("rules/conditions.yaml");
    if (!file) return nullptr;
    for (const Node& c : (**file)["conditions"].items()) {
      if (c["edition"].text() != ts_edition || c["ref"].text() != ref) continue;
      const Node& as = c["same_as"];
      if (as.is_null()) return &c;
      for (const Node& o : (**file)["conditions"].items())
        if (o["edition"].text() == as["edition"].text() && o["ref"].text() == as["ref"].text()) return &o;
    }
    return nullptr;
  }

  // Rows of a query, as (why) texts; the first few are enough to say so.
  Result<std::vector<string>> whys(sqlite3* db, const string& sql) const {
    std::vector<string> out;
    if (sql.empty()) return out;
    const evidence::Statement statement = ASSAY_TRY(evidence::prepare(db, sql));
    const evidence::QueryResult result = ASSAY_TRY(evidence::run(db, statement.get(), {.rows = 50}, true));
    for (const evidence::Row& row : result.rows)
      if (!row.empty() && std::holds_alternative<string>(row.back())) out.push_back(std::get<string>(row.back()));
    return out;
  }

  enum class Holds { yes, no, open };

  // All conditions and features of the row together; `why`: what shows it.
  Result<Holds> holds(const catalogue::Edition& edition, const catalogue::Provision& p,
                      const evidence::Evidence& evidence, sqlite3* db, string& why) const {
    std::vector<string> refs = p.conditions;
    refs.insert(refs.end(), p.features.begin(), p.features.end());
    Holds all = Holds::yes;
    for (const string& ref : refs) {
      const Node* c = condition(edition.ts, ref);
      if (c == nullptr) return Holds::open;
      const std::vector<string> yes = ASSAY_TRY(whys(db, (*c)["met"].text()));
      if (!yes.empty()) {
        if (why.empty()) why = yes.front();
        continue;
      }
      const std::vector<string> open = ASSAY_TRY(whys(db, (*c)["open"].text()));
      const std::vector<string> claims = (*c)["claims"].texts();
      const bool given = std::all_of(claims.begin(), claims.end(), [&](const string& view) {
        return evidence::claims_given(evidence, view, edition.ts);
      });
      if (!open.empty() || !given) {
        if (all == Holds::yes) all = Holds::open;
        continue;
      }
      all = Holds::no;
      for (const auto& list : {edition.conditions, edition.features})
        for (const catalogue::Reference& r : list)
          if (r.ref == ref) why = r.text;
    }
    return all;
  }

  Result<void> ics_of(const catalogue::Edition& edition, const evidence::Evidence& evidence, sqlite3* db) {
    SourceFile* file = nullptr;
    for (const auto& f : d_.files)
      if (f->name == "ics.yaml") file = f.get();
    ASSAY_CHECK(file != nullptr);
    std::map<string, const IcsRow*, std::less<>> rows;
    for (const IcsRow& row : d_.ics)
      if (row.edition == edition.en) rows[row.provision] = &row;
    std::vector<string> unanswered;
    for (const catalogue::Provision& p : edition.provisions) {
      if (!p.ics_row) continue;
      const auto at = rows.find(p.id);
      if (at == rows.end() || at->second->support.empty()) {
        if (at == rows.end()) unanswered.push_back(p.id);
        continue;
      }
      ASSAY_TRY(ics_row(edition, p, *at->second, *file, evidence, db));
    }
    if (!unanswered.empty()) {
      const std::size_t shown = std::min<std::size_t>(unanswered.size(), 12);
      problems_.add(
          Severity::warning, "ics.yaml",
          fmt::format("{} of EN 303 645 V{} {} not answered: {}{}",
                      unanswered.size() == 1 ? "1 row" : fmt::format("{} rows", unanswered.size()), edition.en,
                      unanswered.size() == 1 ? "is" : "are",
                      join({unanswered.begin(), unanswered.begin() + static_cast<std::ptrdiff_t>(shown)}, ", "),
                      shown < unanswered.size() ? " …" : ""),
          "A provision whose row is not answered is not assessed.");
    }
    return {};
  }

  Result<void> ics_row(const catalogue::Edition& edition, const catalogue::Provision& p, const IcsRow& row,
                       SourceFile& file, const evidence::Evidence& evidence, sqlite3* db) {
    const Node& at = row.node->is_mapping() ? (*row.node)["support"] : *row.node;
    const string id = fmt::format("{} (V{})", p.id, edition.en);
    if (row.support != "Y" && !says_something(row.detail)) {
      if (!p.mandatory || row.support == "N/A")
        problems_.add(Severity::error, file,
                      row.node->is_mapping() && row.node->has("detail") ? (*row.node)["detail"] : at,
                      fmt::format("{} is answered {} without a reason", id, row.support), "detail says nothing",
                      "Write in `detail` why it does not apply or is not met.");
    } else if (row.support == "Y" && !says_something(row.detail)) {
      problems_.add(Severity::warning, file, at, fmt::format("{} is answered Y without saying how", id));
    }
    if (row.support == "N" && p.mandatory && !p.conditional())
      problems_.add(Severity::warning, file, at,
                    fmt::format("{} is mandatory and answered N: the product fails it", id));
    if (row.support == "N/A" && !p.conditional()) {
      problems_.add(Severity::error, file, at, fmt::format("{} applies to every product", id),
                    "N/A is not allowed here",
                    p.mandatory ? "Answer Y or N." : "Answer Y, or N with the reason in `detail`.");
      return {};
    }
    if (p.conditional()) {
      string why;
      const Holds held = ASSAY_TRY(holds(edition, p, evidence, db, why));
      if (row.support == "N/A" && held == Holds::yes)
        problems_.add(Severity::error, file, at,
                      fmt::format("{} is answered N/A, but the claims say that it applies", id), why,
                      fmt::format("It applies where {}.", p.condition));
      if (row.support == "Y" && held == Holds::no)
        problems_.add(Severity::warning, file, at,
                      fmt::format("{} is answered Y, but the claims say that it does not apply", id),
                      "nothing says that " + why, fmt::format("It applies where {}.", p.condition));
    }
    if (row.support == "Y") tables_for(edition, p, at, id, file);
    return {};
  }

  // What the tests of a claimed provision read has to be given.
  void tables_for(const catalogue::Edition& edition, const catalogue::Provision& p, const Node& at, const string& id,
                  SourceFile& file) {
    std::vector<string> missing;
    for (const catalogue::Unit& u : edition.units) {
      if (u.provision != p.id) continue;
      for (const string& read : u.reads) {
        const string label = read.substr(0, read.find('.'));
        const ClaimTable* t = evidence::claim_table_named(label);
        if (t == nullptr || !t->in(edition.ts) || has(missing, label)) continue;
        const bool given = std::any_of(d_.given.begin(), d_.given.end(), [&](const Given& g) {
          return g.table == t->table && has(g.editions, edition.ts);
        });
        if (!given) missing.push_back(label);
      }
    }
    if (!missing.empty())
      problems_.add(
          Severity::warning, file, at,
          fmt::format("{} is answered Y, but its tests read {}, which the dossier does not give", id, listed(missing)),
          {}, "Give the table in ixit/; an empty one has 'entries: []'.");
  }

  const Dossier& d_;
  Problems problems_;
};

}  // namespace

Result<std::vector<Problem>> lint(const Dossier& dossier) {
  Linter linter(dossier);
  linter.ids();
  linter.references();
  linter.decisions();
  linter.product();
  linter.persons();
  ASSAY_TRY(linter.ics());
  std::vector<Problem> all = dossier.problems;
  for (Problem& p : std::move(linter).take()) all.push_back(std::move(p));
  sort_problems(all);
  return all;
}

Result<std::vector<Problem>> lint(const std::filesystem::path& directory) {
  return lint(ASSAY_TRY(read_dossier(directory)));
}

}  // namespace assay::intake
