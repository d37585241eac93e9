#include "judge/unit.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "evidence/claims.h"

namespace assay::judge {

using evidence::Evidence;
using evidence::Row;
using Role = Finding::Role;

namespace {

constexpr Role kRoles[] = {Role::fail, Role::missing, Role::doubt, Role::confirm};

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return n == 1 ? std::string(one) : std::to_string(n) + " " + std::string(many);
}

void put(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

bool is_null(const Value& v) { return std::holds_alternative<std::monostate>(v); }

}  // namespace

std::string text_of(const Value& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
  if (const auto* d = std::get_if<double>(&value))
    return *d == static_cast<double>(static_cast<std::int64_t>(*d)) && std::abs(*d) < 1e15
               ? std::to_string(static_cast<std::int64_t>(*d))
               : std::to_string(*d);
  if (const auto* s = std::get_if<std::string>(&value)) return *s;
  return {};
}

// The rows of one unit, as its entries see them.
struct UnitJudge::Rows {
  struct Of {
    std::vector<const Finding*> fail, missing, doubt, confirm;
  };
  std::vector<Finding> counted;  // owns what `whole` and `by_entry` point to
  Of whole;
  std::map<std::string, Of, std::less<>> by_entry;
  bool failed = false;

  Situation situation(std::string_view entry, bool quantified) const {
    Situation s;
    s.query_failed = failed;
    const auto add = [&s](const Of& of, bool confirms) {
      s.fail_row = s.fail_row || !of.fail.empty();
      s.missing_row = s.missing_row || !of.missing.empty();
      s.doubt_row = s.doubt_row || !of.doubt.empty();
      s.confirm_row = s.confirm_row || (confirms && !of.confirm.empty());
    };
    add(whole, !quantified);  // null confirms nothing where there is `over`
    if (const auto it = by_entry.find(entry); quantified && it != by_entry.end()) add(it->second, true);
    return s;
  }
  std::vector<std::string> against(std::string_view entry, bool quantified) const {
    std::vector<std::string> out;
    const auto add = [&out](const Of& of) {
      for (const auto* list : {&of.fail, &of.missing})
        for (const Finding* f : *list) out.push_back(f->id);
    };
    add(whole);
    if (const auto it = by_entry.find(entry); quantified && it != by_entry.end()) add(it->second);
    return out;
  }
  const Finding* first(int line, std::string_view entry) const {
    const auto pick = [line](const Of& of) -> const Finding* {
      const auto& list = line == 1 ? of.fail : line == 4 ? of.missing : line == 5 ? of.doubt : of.confirm;
      return list.empty() ? nullptr : list.front();
    };
    if (const auto it = by_entry.find(entry); it != by_entry.end())
      if (const Finding* f = pick(it->second)) return f;
    return pick(whole);
  }
};

UnitJudge::UnitJudge(const Evidence& evidence, const catalogue::Edition& edition, const RuleSet& rules,
                     const JudgeOptions& options, QueryRunner runner)
    : evidence_(evidence),
      edition_(edition),
      rules_(rules),
      options_(options),
      runner_(std::move(runner)),
      coverage_(evidence, edition.ts),
      persons_(evidence, edition) {}

Result<UnitJudge> UnitJudge::open(const Evidence& evidence, const catalogue::Edition& edition, const RuleSet& rules,
                                  const JudgeOptions& options) {
  ASSAY_TRY(scope_schema());
  evidence::Database db = ASSAY_TRY(evidence::open_memory());
  ASSAY_TRY(evidence.fill(db.get()));
  std::vector<std::string_view> texts;
  for (const Rule& r : rules.rules) {
    for (const std::string* sql : {&r.over, &r.fail, &r.missing, &r.doubt, &r.confirm}) texts.push_back(*sql);
    for (const std::string& view : r.claims) texts.push_back(view);
    if (r.ask) texts.push_back(r.ask->show);
    if (r.delegate) texts.push_back(r.delegate->over);
  }
  for (const Condition& c : rules.conditions)
    for (const std::string* sql : {&c.met, &c.open, &c.contrary}) texts.push_back(*sql);
  QueryRunner runner = ASSAY_TRY(QueryRunner::open(std::move(db), edition.ts, texts, options.reverse));
  return UnitJudge(evidence, edition, rules, options, std::move(runner));
}

bool UnitJudge::given(const std::string& view, std::vector<std::string>* missing) {
  auto it = given_.find(view);
  if (it == given_.end()) {
    std::vector<std::string> lacking;
    const bool all = evidence::claims_given(evidence_, view, edition_.ts, &lacking);
    if (!all && lacking.empty()) lacking.push_back(view);
    it = given_.emplace(view, std::pair(all, std::move(lacking))).first;
  }
  if (missing != nullptr)
    for (const std::string& label : it->second.second)
      if (std::find(missing->begin(), missing->end(), label) == missing->end()) missing->push_back(label);
  return it->second.first;
}

bool UnitJudge::row_exists(std::string_view table, const std::string& id) {
  auto it = ids_.find(table);
  if (it == ids_.end()) {
    it = ids_.emplace(std::string(table), std::unordered_set<std::string>()).first;
    if (evidence::find_table(table) != nullptr)
      for (const Row& row : evidence_.rows(table)) it->second.insert(Evidence::text(table, row, "id"));
  }
  return it->second.contains(id);
}

bool UnitJudge::declared(const Rule& rule, const std::string& entry) {
  for (const std::string& view : rule.claims) {
    auto it = declared_.find(view);
    if (it == declared_.end()) {
      it = declared_.emplace(view, std::unordered_set<std::string>()).first;
      auto query = runner_.prepare("SELECT DISTINCT " + std::string(view == "claim_ics" ? "provision" : "entry") +
                                   " FROM " + view);
      if (query)
        if (const auto found = runner_.run(*query, options_.at, std::nullopt); found)
          for (const Row& row : *found) it->second.insert(text_of(row[0]));
    }
    if (it->second.contains(entry)) return true;
  }
  return false;
}

UnitJudge::Entries UnitJudge::entries(const Rule& rule, RuleQueries& queries, std::vector<std::string>& errors) {
  Entries out;
  if (rule.over.empty() && !rule.delegate) {
    out.list.emplace_back("", "");
    return out;
  }
  if (queries.over.error) {
    errors.push_back(queries.over.error->text());
    out.failed = true;
    return out;
  }
  auto found = runner_.run(*queries.over.query, options_.at, std::nullopt);
  if (!found) {
    errors.push_back("`over`: " + found.error().text());
    out.failed = true;
    return out;
  }
  for (const Row& row : *found) {
    const std::string entry = text_of(row[0]);
    // A delegation that selects nobody in particular is inconclusive (judge_delegated); elsewhere it is a mistake.
    if (entry.empty() && !rule.delegate) {
      errors.push_back("`over` gives an entry without a name");
      out.failed = true;
      continue;
    }
    if (std::none_of(out.list.begin(), out.list.end(), [&](const auto& e) { return e.first == entry; }))
      out.list.emplace_back(entry, text_of(row[1]));
  }
  std::sort(out.list.begin(), out.list.end(), [](const auto& a, const auto& b) {
    return natural_less(a.first, b.first) || (!natural_less(b.first, a.first) && a.first < b.first);
  });
  return out;
}

UnitJudge::Rows UnitJudge::rows(const Rule& rule, RuleQueries& queries, const Entries& list, JudgedUnit& unit,
                                bool claims_given) {
  Rows out;
  out.failed = list.failed;
  const bool quantified = !rule.over.empty();
  std::vector<std::pair<Finding, bool>> all;  // and whether it counts
  const auto wrong = [&](std::string what) {
    unit.out.errors.push_back(std::move(what));
    out.failed = true;
  };
  for (const Role role : kRoles) {
    CompiledQuery& compiled = queries.role(role);
    if (compiled.error) {
      wrong(compiled.error->text());
      continue;
    }
    if (!compiled.query) continue;
    std::vector<Row> found;
    const auto run = [&](std::optional<std::string_view> entry) {
      auto some = runner_.run(*compiled.query, options_.at, entry);
      if (!some) return wrong("`" + std::string(name(role)) + "`: " + some.error().text());
      found.insert(found.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
    };
    if (compiled.per_entry && quantified) {
      for (const auto& e : list.list) run(e.first);
    } else {
      run(std::nullopt);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    const bool reads_claims = compiled.query->reads_claims();
    for (const Row& row : found) {
      Finding f;
      f.role = role;
      f.entry = text_of(row[0]);
      f.table = text_of(row[1]);
      f.id = text_of(row[2]);
      f.why = is_null(row[3])
                  ? "speaks " + std::string(role == Role::confirm ? "for" : "against") + " this: " + rule.asks
                  : text_of(row[3]);
      if (row.size() > 4) f.mend = text_of(row[4]);
      if (f.table.empty() || f.id.empty() || !row_exists(f.table, f.id)) {
        wrong("`" + std::string(name(role)) + "` names the row " + f.table + " " + f.id + ", which does not exist");
        continue;  // what leads to no row proves nothing
      }
      const bool null_entry = is_null(row[0]);
      if (!null_entry && !quantified) {
        wrong("`" + std::string(name(role)) + "` gives an entry, and the rule has no `over`");
        continue;
      }
      if (!null_entry &&
          std::none_of(list.list.begin(), list.list.end(), [&](const auto& e) { return e.first == f.entry; })) {
        // What confirms an entry that is not in question says nothing here: if it were a doubt, losing it could create
        // a pass.
        if (role == Role::confirm) continue;
        if (list.failed || !declared(rule, f.entry)) {
          wrong("`" + std::string(name(role)) + "` gives the entry " + f.entry + ", which nobody declared");
          continue;
        }
        f.role = Role::doubt;
        f.why = f.entry + ": " + f.why;
        f.entry.clear();
      }
      // Where claims are lacking, what a query concludes from them counts for nothing; it is still shown.
      const bool counts = role != Role::fail || claims_given || !reads_claims;
      all.emplace_back(std::move(f), counts);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    const Finding &x = a.first, &y = b.first;
    return std::tie(x.role, x.entry, x.why, x.table, x.id, x.mend) <
           std::tie(y.role, y.entry, y.why, y.table, y.id, y.mend);
  });
  for (auto& [finding, counts] : all) {
    if (counts) out.counted.push_back(finding);
    unit.out.findings.push_back(std::move(finding));
  }
  for (const Finding& f : out.counted) {
    Rows::Of& of = f.entry.empty() ? out.whole : out.by_entry[f.entry];
    (f.role == Role::fail      ? of.fail
     : f.role == Role::missing ? of.missing
     : f.role == Role::doubt   ? of.doubt
                               : of.confirm)
        .push_back(&f);
  }
  std::sort(unit.out.errors.begin(), unit.out.errors.end());
  unit.out.errors.erase(std::unique(unit.out.errors.begin(), unit.out.errors.end()), unit.out.errors.end());
  return out;
}

Verdict UnitJudge::without_entry(const Rule& rule, const catalogue::Unit& about, const Situation& s,
                                 std::string& reason) const {
  if (const auto line = verdict_without_entry(s)) {
    reason.clear();
    return line->verdict;
  }
  if (s.coverage != Coverage::complete)
    for (const Need& need : rule.needs)
      if (need.concerns(about.id) && coverage_.has_artefact(need.source)) {
        reason = "Nothing declared falls under it, and the look at the device was not complete";
        return Verdict::inconclusive;
      }
  const Verdict empty = rule.empty.value_or(Verdict::inconclusive);
  if (empty == Verdict::pass && s.coverage != Coverage::complete) {
    reason = "Nothing declared falls under it, and nobody looked";
    return s.coverage == Coverage::absent ? Verdict::not_assessed : Verdict::inconclusive;
  }
  reason = "Nothing declared falls under it";
  return empty;
}

// What was shown to a person who judges: their verdict holds for this and nothing else.
std::string UnitJudge::shown(const JudgedUnit& unit, const catalogue::Unit& about, const Rule* rule,
                             RuleQueries* queries) {
  std::string all;
  put(all, edition_.ts);
  put(all, about.id);
  put(all, rule ? rule->digest : "no rule");
  put(all, name(unit.out.coverage));
  for (const std::string& label : unit.out.not_given) put(all, label);
  for (const EntryVerdict& e : unit.out.entries) {
    put(all, e.entry);
    put(all, e.title);
    put(all, name(e.machine));
  }
  for (const Finding& f : unit.out.findings)
    for (const std::string_view part : {name(f.role), std::string_view(f.entry), std::string_view(f.table),
                                        std::string_view(f.id), std::string_view(f.why)})
      put(all, part);
  for (const std::string& e : unit.out.errors) put(all, e);
  if (queries != nullptr && queries->show.query) {
    if (const auto rows = runner_.run(*queries->show.query, options_.at, std::nullopt); rows)
      for (const Row& row : *rows)
        for (const Value& cell : row) put(all, text_of(cell));
  }
  // Another image is another device, also where nothing was found in either.
  for (const Row& row : evidence_.rows("artefact")) {
    const std::string source = Evidence::text("artefact", row, "source");
    if (source == "dossier" || source == "person") continue;
    const bool wanted = rule != nullptr && !rule->needs.empty()
                            ? std::any_of(rule->needs.begin(), rule->needs.end(),
                                          [&](const Need& n) { return n.concerns(about.id) && n.source == source; })
                            : source == "firmware" || source == "app";
    if (wanted) put(all, Evidence::text("artefact", row, "id"));
  }
  return sha256_hex(as_bytes(all));
}

// Persons beside the machine, then entries to unit. `against`: by entry, the rows that made the machine say fail.
// `no_entry`: the machine's verdict where there is none.
void UnitJudge::settle(JudgedUnit& unit, const catalogue::Unit& about,
                       const std::vector<std::vector<std::string>>& against, std::optional<Verdict> no_entry) {
  UnitVerdict& out = unit.out;
  const auto combine = [](Verdict machine, const std::optional<Persons::Said>& said,
                          const std::vector<std::string>& rows) {
    if (!said) return effective(machine, std::nullopt, false);
    const PersonVerdict& p = said->verdict;
    const bool named =
        !rows.empty() && !trim(p.reason).empty() && std::all_of(rows.begin(), rows.end(), [&](const std::string& id) {
          return std::find(p.overrules.begin(), p.overrules.end(), id) != p.overrules.end();
        });
    return effective(machine, p.stale ? Verdict::inconclusive : p.value, named);
  };
  unit.whole = persons_.on(about, "", out.shown_digest);
  bool persons = unit.whole.has_value();
  std::vector<Verdict> machine, value;
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    EntryVerdict& e = out.entries[i];
    const auto said = persons_.on(about, e.entry, out.shown_digest);
    if (said) {
      e.person = said->verdict;
      persons = true;
    }
    unit.whole_entry.push_back(said && said->entry.empty());
    e.value = combine(e.machine, said, against[i]);
    machine.push_back(e.machine);
    value.push_back(e.value);
  }
  if (unit.whole) out.person = unit.whole->verdict;
  if (out.entries.empty()) {
    out.machine = no_entry.value_or(Verdict::not_assessed);
    out.value = combine(out.machine, unit.whole, against.empty() ? std::vector<std::string>() : against[0]);
  } else {
    out.machine = unit.every_one ? best(machine) : fold(machine);
    out.value = unit.every_one ? best(value) : fold(value);
  }
  out.by = unit.rule == nullptr ? (persons ? "person" : "nobody") : persons ? "rule and person" : "rule";
  if (persons && out.value != out.machine) {
    const PersonVerdict* by = unit.whole ? &unit.whole->verdict : nullptr;
    for (const EntryVerdict& e : out.entries)
      if (by == nullptr && e.person) by = &*e.person;
    out.reason = by->by + (by->stale ? " judged something else than what is shown now: to be confirmed"
                                     : ": " + (by->reason.empty() ? std::string(name(by->value)) : by->reason));
  }
}

void UnitJudge::judge_by_nobody(JudgedUnit& unit, const catalogue::Unit& about) {
  UnitVerdict& out = unit.out;
  out.asks = about.asks;
  out.coverage = Coverage::absent;
  out.needs = about.by_hand;
  out.reason = about.decide == "by_hand"    ? "A person has to do this"
               : about.decide == "assisted" ? "A person has to decide this; no rule prepares it yet"
                                            : "There is no rule for this yet";
  out.shown_digest = shown(unit, about, nullptr, nullptr);
  settle(unit, about, {}, Verdict::not_assessed);
}

void UnitJudge::judge_by_rule(JudgedUnit& unit, const catalogue::Unit& about, const Rule& rule) {
  UnitVerdict& out = unit.out;
  RuleQueries queries = prepare_rule(runner_, rule, about.id);
  bool claims_given = true;
  for (const std::string& view : rule.claims) claims_given = given(view, &out.not_given) && claims_given;
  const Entries list = entries(rule, queries, out.errors);
  const bool quantified = !rule.over.empty();
  const Rows found = rows(rule, queries, list, unit, claims_given);
  const bool for_a_person = about.decide == "assisted" || about.decide == "by_hand";

  const auto situation = [&](std::string_view entry, std::optional<std::string_view> looked_at) {
    Situation s = found.situation(entry, quantified);
    s.claims_given = claims_given;
    s.coverage = coverage_.of(rule, about.id, looked_at);
    s.pass = rule.pass;
    s.for_a_person = for_a_person;
    return s;
  };
  const auto say = [&](const Line& line, std::string_view entry) -> std::string {
    const Finding* first = found.first(line.number, entry);
    switch (line.number) {
      case 1:
        return first ? first->why : "A row contradicts it";
      case 2:
        return "The rule could not be run: " +
               (out.errors.empty() ? std::string("a query failed") : out.errors.front());
      case 3:
        return "Not declared: " + join(out.not_given, ", ");
      case 4:
        return (first ? first->why : "Something required was not found") +
               (line.verdict == Verdict::fail ? "" : "; but not everything was looked at");
      case 5:
        return first ? first->why : "Something speaks against it";
      case 6:
        return "Nobody looked";
      case 7:
        return "Not everything that has to be looked at was";
      case 8:
        return for_a_person ? "Nothing speaks against it; a person has to decide"
                            : "Nothing speaks against it; a rule alone cannot show it";
      case 9:
        return "Looked at completely, and nothing contradicts it";
      default:
        return line.verdict == Verdict::pass ? (first ? first->why : "Confirmed") : "Nothing confirms it";
    }
  };

  std::vector<std::vector<std::string>> against;
  std::optional<Verdict> no_entry;
  out.coverage = coverage_.of(rule, about.id, std::nullopt);
  if (list.list.empty()) {
    const Situation s = situation("", std::nullopt);
    no_entry = without_entry(rule, about, s, out.reason);
    if (out.reason.empty()) out.reason = say(*verdict_without_entry(s), "");
    against.push_back(found.against("", quantified));
  } else {
    std::vector<std::string> reasons;
    for (std::size_t i = 0; i < list.list.size(); ++i) {
      const auto& [entry, title] = list.list[i];
      const Situation s = situation(entry, entry);
      const Line line = verdict_of(s);
      EntryVerdict e;
      e.entry = entry;
      e.title = title;
      e.machine = line.verdict;
      out.entries.push_back(std::move(e));
      out.coverage = i == 0 ? s.coverage : std::min(out.coverage, s.coverage);
      against.push_back(found.against(entry, quantified));
      reasons.push_back(say(line, entry));
    }
    std::vector<Verdict> machine;
    for (const EntryVerdict& e : out.entries) machine.push_back(e.machine);
    const Verdict decided = unit.every_one ? best(machine) : fold(machine);
    for (std::size_t i = 0; i < machine.size(); ++i)
      if (machine[i] == decided) {
        const std::string& title = out.entries[i].title.empty() ? out.entries[i].entry : out.entries[i].title;
        out.reason = (quantified && machine.size() > 1 && !title.empty() ? title + ": " : "") + reasons[i];
        break;
      }
  }
  out.set_aside = coverage_.set_aside(rule, about.id);
  out.shown_digest = shown(unit, about, &rule, &queries);
  settle(unit, about, against, no_entry);
}

void UnitJudge::judge_delegated(JudgedUnit& unit, const catalogue::Unit& about, const Rule& rule) {
  UnitVerdict& out = unit.out;
  RuleQueries queries = prepare_rule(runner_, rule, about.id);
  bool claims_given = true;
  for (const std::string& view : rule.claims) claims_given = given(view, &out.not_given) && claims_given;
  const Entries list = entries(rule, queries, out.errors);
  out.coverage = coverage_.of(rule, about.id, std::nullopt);
  std::vector<const JudgedUnit*> targets;
  for (const std::string& id : rule.delegate->to) {
    const catalogue::Unit* target = edition_.unit(id);
    if (target != nullptr && target->short_id != about.short_id) targets.push_back(&judge(*target));
  }
  std::vector<std::vector<std::string>> against;
  std::optional<Verdict> no_entry;
  Situation s;
  s.query_failed = list.failed;
  s.claims_given = claims_given;
  s.coverage = out.coverage;
  if (const auto line = verdict_without_entry(s)) {
    no_entry = line->verdict;
    out.reason = line->number == 2 ? "The rule could not be run: " + out.errors.front()
                                   : "Not declared: " + join(out.not_given, ", ");
  } else if (list.list.empty()) {
    no_entry = without_entry(rule, about, s, out.reason);
  } else {
    for (const auto& selected : list.list) {
      const auto& entry = selected.first;
      const auto& title = selected.second;
      std::vector<Verdict> there;
      for (const JudgedUnit* target : targets) {
        const auto at = std::find_if(target->out.entries.begin(), target->out.entries.end(),
                                     [&](const EntryVerdict& e) { return !e.entry.empty() && e.entry == entry; });
        // A person's verdict on the whole unit speaks for a selected entry only as a pass; anything else may concern
        // others.
        const bool whole_pass =
            target->whole && !target->whole->verdict.stale && target->whole->verdict.value == Verdict::pass;
        if (at != target->out.entries.end()) {
          const auto index = static_cast<std::size_t>(at - target->out.entries.begin());
          const bool by_whole = target->whole_entry[index] && !whole_pass;
          there.push_back(by_whole && at->machine != Verdict::fail ? Verdict::inconclusive
                          : by_whole                               ? at->machine
                                                                   : at->value);
        } else if (target->whole) {
          there.push_back(whole_pass && !entry.empty() && target->out.value == Verdict::pass ? Verdict::pass
                                                                                             : Verdict::inconclusive);
        } else if (target->rule == nullptr) {
          there.push_back(Verdict::not_assessed);  // nobody judged anything there yet
        } else {
          there.push_back(Verdict::inconclusive);
        }
      }
      EntryVerdict e;
      e.entry = entry;
      e.title = title;
      e.machine = fold(there);
      if (e.machine == Verdict::pass && out.coverage != Coverage::complete) e.machine = Verdict::inconclusive;
      out.entries.push_back(std::move(e));
      against.emplace_back();
    }
    std::vector<std::string> names;
    names.reserve(targets.size());
    for (const JudgedUnit* t : targets) names.push_back(t->out.unit);
    out.reason =
        "As " + join(names, ", ") + " on " + counted(list.list.size(), "the one entry selected", "entries selected");
  }
  out.set_aside = coverage_.set_aside(rule, about.id);
  out.shown_digest = shown(unit, about, &rule, &queries);
  settle(unit, about, against, no_entry);
}

const JudgedUnit& UnitJudge::judge(const catalogue::Unit& about) {
  if (const auto it = judged_.find(about.short_id); it != judged_.end()) return *it->second;
  // Entered before it is judged: the loader refuses delegations in a circle, and this keeps one from running for ever.
  JudgedUnit& unit = *judged_.emplace(about.short_id, std::make_unique<JudgedUnit>()).first->second;
  UnitVerdict& out = unit.out;
  out.id = "ts103701:" + edition_.ts + ":" + about.short_id;
  out.unit = about.short_id;
  out.case_id = about.case_id;
  out.provision = about.provision;
  out.method = about.kind;
  out.decide = about.decide;
  const Rule* rule = rules_.for_unit(about.id);
  if (rule == nullptr) {
    judge_by_nobody(unit, about);
    return unit;
  }
  unit.rule = rule;
  unit.every_one = rule->every_one;
  out.rule = rule->name;
  out.asks = rule->asks;
  if (rule->ask) {
    out.question = rule->ask->question;
    out.steps = rule->ask->steps;
    out.note = rule->ask->note;
  }
  for (const Need& need : rule->needs)
    if (need.concerns(about.id)) out.needs.push_back(need.says + (need.optional ? " (where there is one)" : ""));
  if (rule->delegate)
    judge_delegated(unit, about, *rule);
  else
    judge_by_rule(unit, about, *rule);
  return unit;
}

const UnitJudge::ConditionState& UnitJudge::condition(const std::string& ref) {
  if (const auto it = conditions_.find(ref); it != conditions_.end()) return it->second;
  ConditionState state;
  const Condition* condition = rules_.condition(edition_.ts, ref);
  if (condition == nullptr) {
    state.why = "nothing here can tell whether condition " + ref + " is met";
    return conditions_.emplace(ref, std::move(state)).first->second;
  }
  bool sure = true;
  for (const std::string& view : condition->claims) sure = given(view) && sure;
  ConditionQueries queries = prepare_condition(runner_, *condition);
  const auto run = [&](CompiledQuery& q, bool& failed) {
    std::vector<Row> out;
    if (q.error) failed = true;
    if (!q.query) return out;
    auto found = runner_.run(*q.query, options_.at, std::nullopt);
    if (!found)
      failed = true;
    else
      out = std::move(*found);
    return out;
  };
  bool failed = false;
  const std::vector<Row> met = run(queries.met, failed), open = run(queries.open, failed);
  // As where a rule has no entry: a look that did not end says nothing about what it would have found.
  if (queries.contrary.query)
    for (const std::string& view : queries.contrary.query->views) {
      Need need;
      need.source = view.substr(0, view.find('_'));
      need.table = view.substr(view.find('_') + 1);
      need.optional = true;
      if (need.source != "claim" && coverage_.of(need, std::nullopt) != Coverage::complete) state.looked = false;
    }
  bool contrary_failed = false;
  for (const Row& row : run(queries.contrary, contrary_failed)) {
    Finding f;
    f.role = Role::doubt;
    f.table = text_of(row[1]);
    f.id = text_of(row[2]);
    f.why = text_of(row[3]);
    state.contrary.push_back(std::move(f));
  }
  if (!met.empty()) {
    state.met = Met::met;
    state.why = condition->asks + ": " + text_of(met[0][3]);
  } else if (!sure || failed || contrary_failed || !open.empty()) {
    state.met = Met::open;
    state.why = "open whether " + condition->asks + (open.empty() ? "" : ": " + text_of(open[0][3]));
  } else {
    state.met = Met::unmet;
    state.why = "by what is declared it is not so that " + condition->asks;
  }
  return conditions_.emplace(ref, std::move(state)).first->second;
}

}  // namespace assay::judge
