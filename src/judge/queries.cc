#include "judge/queries.h"

#include <algorithm>

#include "base/text.h"

namespace assay::judge {
namespace {

using Columns = std::vector<std::string>;

Error said(std::string_view key, Error error) {
  error.what = "`" + std::string(key) + "`: " + error.what;
  return error;
}

CompiledQuery compile(QueryRunner& runner, std::string_view key, const std::string& sql,
                      const std::vector<Columns>& shapes) {
  CompiledQuery out;
  if (sql.empty()) return out;
  Result<Query> query = runner.prepare(sql);
  if (!query) {
    out.error = said(key, query.error());
    return out;
  }
  if (!shapes.empty() && std::find(shapes.begin(), shapes.end(), query->columns) == shapes.end()) {
    out.error = Error{Errc::invalid,
                      "`" + std::string(key) + "` gives the columns " + join(query->columns, ", ") +
                          ", and not exactly " + join(shapes[0], ", "),
                      {},
                      {},
                      {}};
    return out;
  }
  out.per_entry = mentions_entry(sql);
  out.query = std::move(*query);
  return out;
}

// Turns a query that reads what the rule does not name into an error: it could take silence for an answer.
void hold(CompiledQuery& compiled, std::string_view key, const std::vector<std::string>& claims,
          const std::vector<std::string>& facts) {
  if (!compiled.query) return;
  for (const std::string& view : compiled.query->views) {
    const bool claim = view.starts_with("claim_");
    const auto& named = claim ? claims : facts;
    if (std::find(named.begin(), named.end(), view) != named.end()) continue;
    compiled.error = Error{Errc::invalid,
                           "`" + std::string(key) + "` reads " + view + ", which is not in " +
                               (claim ? "`claims`" : "`needs` (for `fail`, `missing` and `confirm`: not as optional)"),
                           {},
                           {},
                           {}};
    compiled.query.reset();
    return;
  }
}

void gather(std::vector<Error>& out, const CompiledQuery& q) {
  if (q.error) out.push_back(*q.error);
}

const Columns& mended() {
  static const Columns c = {"entry", "tbl", "id", "why", "mend"};
  return c;
}
const Columns& plain() {
  static const Columns c = {"entry", "tbl", "id", "why"};
  return c;
}
const Columns& entries_shape() {
  static const Columns c = {"entry", "title"};
  return c;
}

}  // namespace

std::vector<Error> RuleQueries::errors() const {
  std::vector<Error> out;
  gather(out, over);
  for (const CompiledQuery& q : roles) gather(out, q);
  gather(out, show);
  return out;
}

std::vector<Error> ConditionQueries::errors() const {
  std::vector<Error> out;
  for (const CompiledQuery* q : {&met, &open, &contrary}) gather(out, *q);
  return out;
}

RuleQueries prepare_rule(QueryRunner& runner, const Rule& rule, std::string_view unit) {
  std::vector<std::string> required, all;
  for (const Need& n : rule.needs)
    if (n.concerns(unit)) {
      all.push_back(n.view());
      if (!n.optional) required.push_back(n.view());
    }
  RuleQueries out;
  out.over = compile(runner, "over", rule.delegate ? rule.delegate->over : rule.over, {entries_shape()});
  hold(out.over, "over", rule.claims, all);
  using Role = Finding::Role;
  const auto role = [&](Role r, const std::string& sql, const std::vector<Columns>& shapes,
                        const std::vector<std::string>& facts) {
    CompiledQuery& q = out.role(r);
    q = compile(runner, name(r), sql, shapes);
    hold(q, name(r), rule.claims, facts);
  };
  role(Role::fail, rule.fail, {mended()}, required);
  role(Role::missing, rule.missing, {mended()}, required);
  role(Role::doubt, rule.doubt, {plain(), mended()}, all);
  role(Role::confirm, rule.confirm, {plain()}, required);
  if (rule.ask && !rule.ask->show.empty()) out.show = compile(runner, "show", rule.ask->show, {});
  return out;
}

ConditionQueries prepare_condition(QueryRunner& runner, const Condition& condition) {
  ConditionQueries out;
  out.met = compile(runner, "met", condition.met, {plain()});
  out.open = compile(runner, "open", condition.open, {plain()});
  out.contrary = compile(runner, "contrary", condition.contrary, {plain()});
  // Only claims decide whether a condition is met; facts only contradict.
  hold(out.met, "met", condition.claims, {});
  hold(out.open, "open", condition.claims, {});
  if (out.contrary.query) {
    std::vector<std::string> facts(out.contrary.query->views.begin(), out.contrary.query->views.end());
    hold(out.contrary, "contrary", condition.claims, facts);
  }
  return out;
}

Result<QueryRunner> empty_runner(std::string_view ts_edition) {
  evidence::Database db = ASSAY_TRY(evidence::open_memory());
  ASSAY_TRY(evidence::Evidence().fill(db.get()));
  return QueryRunner::open(std::move(db), ts_edition);
}

}  // namespace assay::judge
