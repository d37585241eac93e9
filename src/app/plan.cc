#include "app/plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "intake/dossier.h"
#include "plan/search.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

// assessment.json as `assess` wrote it; anybody may have changed it since.
Result<PlanGround> ground_of(const PlanOptions& o) {
  const fs::path file = (o.from.empty() ? o.dossier / "out" : o.from) / "assessment.json";
  auto text = read_file(file, std::uint64_t{64} << 20);
  if (!text) {
    Error error = text.error();
    if (error.code == Errc::not_found)
      error.hint = fmt::format("First: assay assess {}; where its results lie elsewhere, name them with --from.",
                               o.dossier.string());
    return fail(std::move(error));
  }
  const Node root =
      ASSAY_TRY(parse_json(*text, file.string(), {.bytes = std::uint64_t{64} << 20, .depth = 32, .nodes = 4'000'000}));
  const auto bad = [&](const Node& at, std::string what) {
    return fail(Error{Errc::malformed,
                      std::move(what),
                      fmt::format("{}:{}:{}", file.string(), at.mark().line, at.mark().column),
                      {},
                      "assay assess writes it anew."});
  };
  PlanGround out;
  const Node& verdicts = root["verdicts"];
  if (!verdicts["provisions"].is_sequence() || !verdicts["units"].is_sequence() || !root["product"].is_mapping())
    return bad(root, "this is no assessment");
  for (const auto& [list, to] : {std::pair("provisions", &out.provisions), std::pair("units", &out.units)})
    for (const Node& one : verdicts[list].items()) {
      const auto value = verdict_named(one["value"].text());
      if (!value || one["id"].text().empty()) return bad(one, "an id and a verdict were expected");
      if (!to->emplace(one["id"].text(), *value).second) return bad(one, "this id stands twice");
    }
  out.en_edition = root["editions"]["en303645"].text();
  out.ts_edition = root["editions"]["ts103701"].text();
  out.assessed_at = root["assessed_at"].text();
  // What the product is and holds stands in the dossier as it is now.
  const intake::Dossier dossier = ASSAY_TRY(intake::read_dossier(o.dossier));
  for (const intake::Problem& p : dossier.problems)
    if (p.severity == intake::Severity::error)
      return fail(Error{Errc::malformed,
                        intake::show(p, o.dossier.string()),
                        {},
                        {},
                        fmt::format("To see every such place: assay lint {}", o.dossier.string())});
  out.product = dossier.product;
  out.product.firmware_version = root["product"]["firmware_version"].text();
  if (root["product"]["id"].text() != out.product.id)
    return bad(root["product"],
               fmt::format("this is the assessment of another product, {}", printable(root["product"]["id"].text())));
  return out;
}

// From the chosen ways to marks, what each needs, and when.
class Laying {
 public:
  Laying(Plan& plan, const std::vector<int>& ways) : plan_(plan), p_(plan.problem.problem) {
    for (const int w : ways) by_[p_.ways[static_cast<std::size_t>(w)].goal] = w;
  }

  void run() {
    std::vector<int> wanted;
    for (const Wish& w : plan_.problem.wishes)
      if (w.goal >= 0) wanted.push_back(w.goal);
    // Marks with the least work first: each then waits for an answer while the next is worked on.
    std::stable_sort(wanted.begin(), wanted.end(), [&](int a, int b) { return minutes(a) < minutes(b); });
    for (const int g : wanted) lay(g, true);
    std::map<int, int> uses;
    for (const PlannedMark& m : plan_.marks)
      for (const int i : m.items) ++uses[i];
    std::set<int> units;
    for (PlannedMark& m : plan_.marks)
      for (const int i : m.items) {
        const plan::Money cost = p_.items[static_cast<std::size_t>(i)].cost;
        m.alone += cost;
        if (uses[i] < 2) m.own += cost;
        if (plan_.problem.tasks[static_cast<std::size_t>(i)].kind != Task::Kind::unit) continue;
        ++m.units;
        m.shared_units += uses[i] > 1;
        units.insert(i);
      }
    plan_.units = units.size();
  }

 private:
  // Items of a goal; not those of marks it rests on.
  void gather(int goal, bool through_marks, std::set<int>& seen, std::set<int>& items) const {
    if (!seen.insert(goal).second) return;
    const auto it = by_.find(goal);
    if (it == by_.end()) return;
    const plan::Way& way = p_.ways[static_cast<std::size_t>(it->second)];
    std::vector<int> open = way.items;
    while (!open.empty()) {
      const int i = open.back();
      open.pop_back();
      if (!items.insert(i).second) continue;
      const std::vector<int>& before = p_.items[static_cast<std::size_t>(i)].after;
      open.insert(open.end(), before.begin(), before.end());
    }
    for (const int g : way.goals)
      if (through_marks || !plan_.problem.marks.contains(g)) gather(g, through_marks, seen, items);
  }
  std::int64_t minutes(int goal) const {
    std::set<int> seen, items;
    gather(goal, true, seen, items);
    std::int64_t out = 0;
    for (const int i : items) out += plan_.problem.tasks[static_cast<std::size_t>(i)].minutes;
    return out;
  }
  static std::int64_t calendar(std::int64_t minutes) { return (minutes * 7 + 5 * 480 - 1) / (5 * 480); }

  // The mark behind a goal, laid once; returns its place in the plan.
  std::size_t lay(int goal, bool wanted) {
    const auto [scheme, level] = plan_.problem.marks.at(goal);
    const std::string id = scheme->id + ":" + level->id;
    if (const auto it = laid_.find(id); it != laid_.end()) {
      plan_.marks[it->second].wanted |= wanted;
      return it->second;
    }
    int way = by_.at(goal);
    if (plan_.problem.routes[static_cast<std::size_t>(way)].kind == Route::Kind::inner)  // had as one's own
      way = by_.at(p_.ways[static_cast<std::size_t>(way)].goals.front());
    const plan::Way& w = p_.ways[static_cast<std::size_t>(way)];
    const Route& route = plan_.problem.routes[static_cast<std::size_t>(way)];
    PlannedMark m;
    m.scheme = scheme->id;
    m.level = level->id;
    const scheme::LevelTitle title = scheme::level_title(*scheme, *level);
    m.market = title.market == "international" ? "INT" : title.market;
    m.title = title.title;
    m.wanted = wanted;
    m.way = way;
    std::int64_t ready = 0;
    for (const int g : w.goals)
      if (plan_.problem.marks.contains(g)) {
        const std::size_t rests = lay(g, false);
        ready = std::max(ready, plan_.marks[rests].issued);
        m.rests_on = plan_.marks[rests].scheme + ":" + plan_.marks[rests].level;
      }
    if (m.rests_on.empty() && !route.from_scheme.empty()) m.rests_on = route.from_scheme + ":" + route.from_level;
    std::set<int> seen, items;
    gather(w.goal, false, seen, items);
    m.items.assign(items.begin(), items.end());
    if (route.kind == Route::Kind::own || route.kind == Route::Kind::simplified) {
      if (!level->beyond_known)
        m.unknown.push_back("it asks more than EN 303 645, and what is not known here: not in the cost");
      for (const scheme::StepKind* step : steps(*level))
        if (step->sometimes) m.unknown.push_back(step->title + ", only in some cases: not in the cost");
    }
    // One queue of the maker's people; laboratories and authorities work beside it.
    std::int64_t work = 0, laboratory = 0, waiting = 0;
    for (const int i : m.items) {
      const Task& task = plan_.problem.tasks[static_cast<std::size_t>(i)];
      laboratory += task.laboratory_days;
      waiting += task.waiting_days;
      if (done_.insert(i).second) work += task.minutes;
    }
    m.work_from = calendar(queue_);
    queue_ += work;
    m.work_until = work > 0 ? calendar(queue_) : m.work_from;
    // Work that another mark brought has its own end.
    std::int64_t end = m.work_until;
    if (work == 0) {
      m.work_from = m.work_until = 0;
      end = 0;
    }
    for (const int i : m.items) {
      if (const auto it = finished_.find(i); it != finished_.end()) end = std::max(end, it->second);
    }
    for (const int i : m.items)
      if (plan_.problem.tasks[static_cast<std::size_t>(i)].minutes > 0) finished_.emplace(i, end);
    end = std::max(end, ready);
    m.laboratory_until = laboratory > 0 ? end + (laboratory * 7 + 4) / 5 : end;
    m.issued = m.laboratory_until + waiting;
    if (work == 0) m.work_from = m.work_until = end;
    plan_.days = std::max(plan_.days, m.issued);
    plan_.marks.push_back(std::move(m));
    laid_[id] = plan_.marks.size() - 1;
    return plan_.marks.size() - 1;
  }
  std::vector<const scheme::StepKind*> steps(const scheme::Level& level) const {
    const auto all = scheme::schemes();
    return all ? (*all)->steps_on(level, plan_.at) : std::vector<const scheme::StepKind*>();
  }

  Plan& plan_;
  const plan::Problem& p_;
  std::map<int, int> by_;  // goal → chosen way
  std::map<std::string, std::size_t> laid_;
  std::set<int> done_;
  std::map<int, std::int64_t> finished_;
  std::int64_t queue_ = 0;  // minutes
};

// Each wanted mark by itself: by its own way where it has one.
Result<void> alone(Plan& plan) {
  const plan::Problem& p = plan.problem.problem;
  std::vector<bool> foreign(p.ways.size(), false);
  const std::vector<bool> none(p.ways.size(), false);
  for (std::size_t w = 0; w < p.ways.size(); ++w) {
    const Route::Kind kind = plan.problem.routes[w].kind;
    foreign[w] = kind == Route::Kind::simplified || kind == Route::Kind::recognition || kind == Route::Kind::deemed;
  }
  for (const Wish& wish : plan.problem.wishes) {
    if (wish.goal < 0) continue;
    const plan::Part own = plan::part_of(p, {wish.goal}, foreign);
    auto solved = plan::solve(own.problem);
    const plan::Part any = plan::part_of(p, {wish.goal}, none);
    const plan::Part& used = solved ? own : any;
    if (!solved) solved = plan::solve(any.problem);
    if (!solved) return fail(solved.error());
    plan.alone += solved->best.cost;
    for (const int i : solved->best.items)
      plan.units_alone += plan.problem.tasks[static_cast<std::size_t>(used.items[static_cast<std::size_t>(i)])].kind ==
                          Task::Kind::unit;
  }
  return {};
}

}  // namespace

Result<Plan> make_plan(PlanGround ground, const PlanWanted& wanted_marks, Costs costs) {
  Plan out;
  out.at = wanted_marks.at;
  out.costs = std::move(costs);
  out.ground = std::move(ground);
  // Every mark the register knows, with its ways; the wishes that cannot be met are told apart here.
  out.problem = ASSAY_TRY(plan_problem(out.ground, wanted_marks, out.costs));
  std::vector<int> wanted;
  for (const Wish& w : out.problem.wishes)
    if (w.goal >= 0) wanted.push_back(w.goal);
  // The cheapest choice with its proof, and the proof checked.
  const plan::Part part =
      plan::part_of(out.problem.problem, wanted, std::vector<bool>(out.problem.problem.ways.size(), false));
  out.certificate = ASSAY_TRY(plan::solve(part.problem));
  ASSAY_TRY_CTX(plan::check(out.certificate), "checking the plan's own certificate");
  std::vector<int> ways;
  for (const int w : out.certificate.best.ways) ways.push_back(part.ways[static_cast<std::size_t>(w)]);
  for (const int i : out.certificate.best.items) out.items.push_back(part.items[static_cast<std::size_t>(i)]);
  // In which order, and what it saves.
  Laying(out, ways).run();
  ASSAY_TRY(alone(out));
  return out;
}

Result<Plan> make_plan(const PlanOptions& o) {
  // What the user says things cost, over what we assume.
  Costs costs = ASSAY_TRY(read_costs(o.costs));
  // What is held: verdicts of the assessment, marks of the dossier.
  return make_plan(ASSAY_TRY(ground_of(o)), o.wanted, std::move(costs));
}

Result<CheckedPlan> check_plan(const fs::path& file, const Plan* plan, bool json) {
  const std::string text = ASSAY_TRY(read_file(file, std::uint64_t{64} << 20));
  const plan::Certificate c = ASSAY_TRY(plan::read_certificate(text, file.string()));
  const auto checked = plan::check(c);
  if (!checked) {
    Error error = checked.error();
    error.where = file.string();
    if (error.code == Errc::limit) {  // neither true nor false
      error.what = "was not checked: " + error.what;
      return fail(std::move(error));
    }
    error.what = "the certificate does not hold: " + error.what;
    return CheckedPlan{{}, std::move(error)};
  }
  bool same = false;
  if (plan != nullptr) {
    plan::Certificate a, b;
    a.problem = c.problem;
    b.problem = plan->certificate.problem;
    same = plan::write_certificate(a) == plan::write_certificate(b);
    if (!same)
      return CheckedPlan{
          {},
          Error{Errc::invalid,
                "the certificate holds, but of another problem than this dossier, these marks and these costs give",
                file.string(),
                {},
                "Give the options it was made with, --at among them."}};
  }
  const bool proved = checked->least >= checked->cost;
  if (json) {
    JsonWriter w(1);
    w.object()
        .field("certificate", file.string())
        .field("holds", true)
        .field("cost_cents", checked->cost)
        .field("no_choice_costs_less_than_cents", checked->least)
        .field("proved", proved)
        .field("cases", static_cast<std::uint64_t>(checked->leaves))
        .field("items", static_cast<std::uint64_t>(c.problem.items.size()))
        .field("ways", static_cast<std::uint64_t>(c.problem.ways.size()));
    if (plan != nullptr) w.field("of_this_dossier", same);
    w.end_object();
    return CheckedPlan{w.take() + "\n", {}};
  }
  const auto money = [](plan::Money cents) {
    return fmt::format("{}.{:02}", grouped(static_cast<std::uint64_t>(cents / 100)), cents % 100);
  };
  std::string out = fmt::format("The certificate holds: {} items, {} ways, {} cases, all sums in whole numbers.\n",
                                c.problem.items.size(), c.problem.ways.size(), checked->leaves);
  out += proved ? fmt::format("The choice costs {}, and no choice of ways costs less.\n", money(checked->cost))
                : fmt::format("The choice costs {}. No choice costs less than {}; whether one lies between is open.\n",
                              money(checked->cost), money(checked->least));
  if (plan != nullptr)
    out += "It is of the problem that this dossier, these marks and these costs give.\n";
  else
    out += "Whether its problem is the right one is not checked here: name the dossier and the options too for that.\n";
  return CheckedPlan{std::move(out), {}};
}

}  // namespace assay::app
