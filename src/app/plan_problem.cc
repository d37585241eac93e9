// A mark has two goals: issued on the maker's own application or declaration ("own"), and had in any way. A route by
// recognition or deeming needs the mark it rests on as its own: whether a mark that itself came by recognition counts
// further is not answered in the texts, so that is planned only where doubtful facts are allowed.
#include "app/plan_problem.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "scheme/decide.h"
#include "scheme/recognise.h"

namespace assay::app {
namespace {

using plan::Way;
using scheme::Clause;
using scheme::Level;
using scheme::Scheme;

// One word: "sg-cls:L2", "uk-psti"; a level's id may have spaces.
std::string row_name(const Scheme& s, const Level& l) {
  return l.id == "single" ? s.id : s.id + ":" + replace_all(l.id, " ", "-");
}
std::string title_of(const Scheme& s, const Level& l) { return l.title.empty() ? s.title : s.title + " " + l.title; }
// One word for a certificate.
std::string slug(std::string_view text) {
  std::string out;
  for (const char c : lower(text))
    if (is_alnum(c) || c == '.' || c == ':' || c == '-' || c == '(' || c == ')')
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  return out;
}

class Builder {
 public:
  Builder(const PlanGround& ground, const PlanWanted& wanted, const Costs& costs, const scheme::Register& all,
          const catalogue::Edition& edition, PlanProblem& out)
      : ground_(ground), wanted_(wanted), costs_(costs), all_(all), edition_(edition), out_(out) {}

  Result<void> run() {
    ASSAY_TRY(look_up());
    for (const Scheme& s : all_.schemes)
      for (const Level& l : s.levels) own_mark(s, l);
    for (const auto& [rows, held] : {std::pair(&from_held_, true), std::pair(&from_new_, false)})
      for (const Recognition& r : *rows) route(r, held);
    ASSAY_TRY(wishes());
    return {};
  }

 private:
  // What decide says of every level today, what held marks give, and what each mark would give if it were issued.
  Result<void> look_up() {
    scheme::DecideInput in;
    in.product = ground_.product.id;
    in.category = ground_.product.category;
    in.at = wanted_.at;
    in.verdicts = ground_.provisions;
    in.held = ground_.product.held;
    scheme::Decision today = ASSAY_TRY(scheme::decide(in));
    for (Conformity& c : today.conformity) today_[c.scheme + ":" + c.level] = std::move(c);
    from_held_ = std::move(today.recognition);
    for (const std::string& note : today.notes)
      if (note.starts_with("held mark") || note.starts_with("category") || note.starts_with("no category"))
        out_.notes.push_back(note);
    std::set<std::string> ignored;
    for (const scheme::LiveMark& live : scheme::live_marks(all_, in, ignored)) {
      if (live.confidence >= wanted_.least) {
        live_.insert(live.scheme->id + ":" + live.level->id);
        continue;
      }
      out_.notes.push_back(fmt::format(
          "held mark {}: known with confidence {} only, so it is not planned as held; --confidence {} takes "
          "it so",
          row_name(*live.scheme, *live.level), name(live.confidence), name(live.confidence)));
    }
    in.held.clear();
    for (const Scheme& s : all_.schemes)
      for (const Level& l : s.levels) {
        HeldMark mark{s.id, l.id, wanted_.at.iso(), "", "", ""};
        mark.basis = has(s.bases, "application") ? "application" : s.bases.empty() ? "application" : s.bases.front();
        mark.until = wanted_.at.plus_months(s.term_months > 0 ? s.term_months : 12).plus_days(-1).iso();
        in.held.push_back(std::move(mark));
      }
    const scheme::Category* category = in.category.empty() ? nullptr : all_.category(in.category);
    from_new_ = scheme::recognise(all_, in, category, scheme::live_marks(all_, in, ignored), ignored);
    return {};
  }

  static bool has(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  }

  int item(const std::string& name, Task task) {
    if (const auto it = items_.find(name); it != items_.end()) return it->second;
    const plan::Money cost = costs_.of_minutes(task.minutes) + costs_.laboratory_day * task.laboratory_days +
                             costs_.waiting_day * task.waiting_days + task.fee;
    const int i = static_cast<int>(out_.problem.items.size());
    out_.problem.items.push_back({name, cost, {}});
    out_.tasks.push_back(std::move(task));
    items_[name] = i;
    return i;
  }
  void after(int item, const std::vector<int>& before) {
    std::vector<int>& list = out_.problem.items[static_cast<std::size_t>(item)].after;
    for (const int b : before)
      if (std::find(list.begin(), list.end(), b) == list.end()) list.push_back(b);
    std::sort(list.begin(), list.end());
  }
  int goal(const std::string& name) {
    const auto [it, fresh] = goals_.emplace(name, static_cast<int>(out_.problem.goals.size()));
    if (fresh) out_.problem.goals.push_back({name, false});
    return it->second;
  }
  void way(Way way, Route route = {}) {
    for (std::vector<int>* list : {&way.items, &way.goals}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    out_.problem.ways.push_back(std::move(way));
    out_.routes.push_back(std::move(route));
  }

  static bool fails(Verdict v) { return v == Verdict::fail || v == Verdict::not_claimed; }
  Verdict verdict_of(const std::string& id) const {
    const auto it = ground_.provisions.find(id);
    return it == ground_.provisions.end() ? Verdict::not_assessed : it->second;
  }
  int mend(const std::string& provision) {
    const std::string id = provision.substr(provision.rfind(':') + 1);
    const catalogue::Provision* known = edition_.provision(id);
    Task task{Task::Kind::mend,
              fmt::format("mend {}: {}", id, known != nullptr ? known->title : ""),
              id,
              "",
              {},
              {},
              {},
              {},
              ""};
    task.minutes = costs_.minutes_to_mend(id);
    return item("mend:" + provision, std::move(task));
  }

  // A provision of EN 303 645: met already, or its failing parts mended and its open units assessed.
  int provision(const std::string& id) {
    const bool fresh = !goals_.contains(id);
    const int g = goal(id);
    if (!fresh) return g;
    const std::string number = id.substr(id.rfind(':') + 1);
    const Verdict v = verdict_of(id);
    const scheme::Edition* edition = all_.edition(edition_.en);
    if (v == Verdict::pass || (v == Verdict::not_applicable && edition != nullptr && edition->is_conditional(number))) {
      way({"holds:" + id, g, {}, {}});
      return g;
    }
    Way w{"assess:" + id, g, {}, {}};
    std::vector<int> before;
    if (fails(v)) before.push_back(mend(id));
    for (const catalogue::Unit& unit : edition_.units) {
      if (unit.provision != number) continue;
      const std::string name = fmt::format("ts103701:{}:{}", edition_.ts, unit.short_id);
      const auto verdict = ground_.units.find(name);
      if (verdict != ground_.units.end() &&
          (verdict->second == Verdict::pass || verdict->second == Verdict::not_applicable))
        continue;
      Task task{Task::Kind::unit, unit.asks, number, "", {}, {}, {}, {}, ""};
      const auto minutes = costs_.unit.find(unit.decide);
      task.minutes = minutes == costs_.unit.end() ? costs_.check : minutes->second;
      w.items.push_back(item(name, std::move(task)));
      after(w.items.back(), before);
    }
    w.items.insert(w.items.end(), before.begin(), before.end());
    // Not met, yet nothing of it is open: the answer in the ICS is what is wanting.
    if (w.items.empty()) {
      Task task{Task::Kind::settle,
                fmt::format("answer {} in the dossier: {}", number, words(v)),
                number,
                "",
                {},
                {},
                {},
                {},
                ""};
      task.minutes = costs_.settle;
      w.items.push_back(item("settle:" + id, std::move(task)));
    }
    way(std::move(w));
    return g;
  }

  // What has to be mended before a provision or requirement can pass: a fail carries along equal and covered_by, also
  // from one requirement to the next.
  void fails_for(const std::string& id, std::set<std::string>& seen, std::vector<int>& out) {
    if (!seen.insert(id).second) return;
    if (id.starts_with("en303645:")) {
      if (fails(verdict_of(id))) out.push_back(mend(id));
      return;
    }
    const Scheme* owner = all_.scheme(std::string_view(id).substr(0, id.find(':')));
    const scheme::Requirement* r = owner != nullptr ? owner->requirement(id) : nullptr;
    if (r == nullptr) return;
    for (const scheme::Carry& c : r->carry)
      if (c.relation == Relation::equal || c.relation == Relation::covered_by)
        for (const std::string& from : c.from) fails_for(from, seen, out);
  }

  // A requirement of a law or label, or of a standard that a way names: looked at for itself, or carried.
  int requirement(const Scheme& scheme, const std::string& id) {
    if (id.starts_with("en303645:")) return provision(id);
    const bool fresh = !goals_.contains(id);
    const int g = goal(id);
    if (!fresh) return g;
    const std::size_t colon = id.find(':');
    const Scheme* owner = all_.scheme(std::string_view(id).substr(0, colon));
    const scheme::Requirement* r = owner != nullptr ? owner->requirement(id) : nullptr;
    Task task{Task::Kind::check,
              r != nullptr ? r->title : id + " (a standard that a way names)",
              "",
              owner != nullptr ? owner->id : scheme.id,
              {},
              {},
              {},
              {},
              ""};
    task.minutes = costs_.check;
    // A provision that fails, and whose fail carries, is mended whichever way is taken.
    std::set<std::string> seen;
    std::vector<int> before;
    fails_for(id, seen, before);
    const int check = item("check:" + id, std::move(task));
    after(check, before);
    Way direct{"check:" + id, g, {check}, {}};
    direct.items.insert(direct.items.end(), before.begin(), before.end());
    way(std::move(direct));
    if (r == nullptr) return g;
    int number = 0;
    for (const scheme::Carry& c : r->carry) {
      ++number;
      if (c.relation != Relation::equal && c.relation != Relation::covers) continue;
      if (c.backing.confidence < wanted_.least) continue;
      Way carried{fmt::format("carried:{}:{}", id, number), g, before, {}};
      for (const std::string& from : c.from) carried.goals.push_back(requirement(*owner, from));
      way(std::move(carried));
    }
    return g;
  }

  void ask(const Scheme& s, const Level& l, const Clause& clause, Way& into) {
    switch (clause.kind) {
      case Clause::Kind::leaf:
        into.goals.push_back(requirement(s, clause.id));
        return;
      case Clause::Kind::all_of:
        for (const Clause& part : clause.parts) ask(s, l, part, into);
        return;
      case Clause::Kind::any_of: {
        const int g = goal(fmt::format("choice:{}:{}", row_name(s, l), ++choices_));
        int number = 0;
        for (const Clause& part : clause.parts) {
          Way w{fmt::format("choice:{}:{}:{}", row_name(s, l), choices_, ++number), g, {}, {}};
          ask(s, l, part, w);
          way(std::move(w));
        }
        into.goals.push_back(g);
        return;
      }
    }
  }

  // Fee and time of an application: what the user says, then what the scheme publishes, then our default.
  int application(const Scheme& s, const Level& l, const std::string& kind) {
    ApplicationCost cost = costs_.application.at(kind);
    Task task{Task::Kind::application, "", "", s.id, {}, {}, {}, {}, ""};
    const std::string how = kind == "own" ? "" : kind == "simplified" ? ", simplified" : ", by recognition";
    task.title = fmt::format("apply for {}{}", title_of(s, l), how);
    std::vector<std::string> basis;
    bool said_fee = false, said_time = false;
    if (const scheme::Amount* fee = scheme::application_fee(s, l, wanted_.at)) {
      if (const auto rate = costs_.rates.find(fee->currency); rate != costs_.rates.end()) {
        cost.fee = fee->amount * rate->second / 1000;
        said_fee = true;
        basis.push_back(fmt::format("fee {} {} as published ({})", grouped(static_cast<std::uint64_t>(fee->amount)),
                                    fee->currency, join(s.fee.backing.source, ", ")));
      } else {
        basis.push_back(
            fmt::format("the published fee is in {}, for which there is no rate: our default", fee->currency));
      }
    } else if (s.fee.kind == scheme::Fee::Kind::none) {
      cost.fee = 0;
      said_fee = true;
      basis.push_back(fmt::format("no fee ({})", join(s.fee.backing.source, ", ")));
    }
    for (const scheme::Time* t : scheme::times_for(s, l)) {
      if (t->what != "procedure" && t->what != "review") continue;
      const std::optional<int> count = t->at_most ? t->at_most : t->at_least;
      if (!count) continue;
      const std::int64_t days = t->unit == "weeks"          ? *count * 7
                                : t->unit == "months"       ? *count * 30
                                : t->unit == "working_days" ? (*count * 7 + 4) / 5
                                                            : *count;
      cost.days = days;
      said_time = true;
      basis.push_back(fmt::format("answer within {} {} ({}, confidence {})", *count, replace_all(t->unit, "_", " "),
                                  join(t->backing.source, ", "), name(t->backing.confidence)));
      break;
    }
    if (const auto own = costs_.application_of.find(s.id); own != costs_.application_of.end())
      if (const auto said = own->second.find(kind); said != own->second.end()) {
        if (said->second.fee) cost.fee = said->second.fee;
        if (said->second.minutes) cost.minutes = said->second.minutes;
        if (said->second.days) cost.days = said->second.days;
        said_fee = said_time = true;
        basis = {"as " + (costs_.own_file.empty() ? std::string("data/costs.yaml") : costs_.own_file) + " says of it"};
      }
    if (!said_fee) basis.push_back("fee assumed, none was found");
    if (!said_time) basis.push_back("time assumed, none was found");
    task.fee = cost.fee.value_or(0);
    task.minutes = cost.minutes.value_or(0);
    task.waiting_days = cost.days.value_or(0);
    task.basis = join(basis, "; ");
    return item(fmt::format("application:{}:{}", row_name(s, l), kind), std::move(task));
  }

  // Steps by a laboratory or body, the papers they want, and what is asked beyond.
  std::vector<int> preparation(const Scheme& s, const Level& l) {
    std::vector<int> papers, out;
    for (const scheme::StepKind* step : all_.steps_on(l, wanted_.at)) {
      if (step->paper.empty() || step->paper == "application" || step->paper == "test report" || step->sometimes)
        continue;
      const bool own = step->paper == "declaration" || step->paper == "checklist filled in";
      Task task{Task::Kind::paper,
                own ? fmt::format("{} for {}", step->paper, s.title) : step->paper,
                "",
                own ? s.id : "",
                {},
                {},
                {},
                {},
                ""};
      task.minutes = costs_.minutes_for_paper(step->paper);
      papers.push_back(item("paper:" + slug(step->paper) + (own ? ":" + s.id : ""), std::move(task)));
    }
    for (const std::string& words : l.beyond) {
      Task task{Task::Kind::beyond, words, "", s.id, {}, {}, {}, {}, ""};
      task.minutes = costs_.beyond;
      std::string name = fmt::format("beyond:{}:{}", s.id, slug(words));
      if (name.size() > 120) name.resize(120);
      out.push_back(item(name, std::move(task)));
    }
    std::vector<int> before = papers;
    before.insert(before.end(), out.begin(), out.end());
    out.insert(out.end(), papers.begin(), papers.end());
    for (const scheme::StepKind* step : all_.steps_on(l, wanted_.at)) {
      const auto days = costs_.laboratory_days.find(step->id);
      if (days == costs_.laboratory_days.end() || days->second == 0) continue;
      Task task{Task::Kind::laboratory, fmt::format("{}: {}", s.title, step->title), "", s.id, {}, {}, {}, {}, ""};
      task.laboratory_days = days->second;
      out.push_back(item(fmt::format("step:{}:{}", s.id, step->id), std::move(task)));
    }
    return out;
  }

  int mark(const Scheme& s, const Level& l, bool own) {
    const int g = goal(fmt::format("mark:{}{}", row_name(s, l), own ? ":own" : ""));
    out_.marks[g] = {&s, &l};
    return g;
  }
  bool out_of_scope(const Scheme& s, const Level& l) const {
    const auto it = today_.find(s.id + ":" + l.id);
    return it != today_.end() && it->second.result == "out_of_scope";
  }

  void own_mark(const Scheme& s, const Level& l) {
    const int own = mark(s, l, true), any = mark(s, l, false);
    way({"own:" + row_name(s, l), any, {}, {own}}, {});
    if (live_.contains(s.id + ":" + l.id)) {
      Route held;
      held.kind = Route::Kind::held;
      way({"held:" + row_name(s, l), any, {}, {}}, held);
      return;
    }
    if (s.mark_only || !l.listed || out_of_scope(s, l) || !scheme::not_in_effect(s, l, wanted_.at).empty()) return;
    if (!has(s.bases, "application") && !has(s.bases, "declaration")) return;
    if (s.kind != "law" && s.kind != "label" && s.kind != "certification" && s.kind != "industry") return;
    Way w{(s.is_law() ? "declare:" : "apply:") + row_name(s, l), own, preparation(s, l), {}};
    ask(s, l, l.asks, w);
    if (w.goals.empty()) return;  // nothing that is asked is known
    if (!s.is_law()) {
      const std::vector<int> before = w.items;
      w.items.push_back(application(s, l, "own"));
      after(w.items.back(), before);
    }
    Route route;
    route.kind = Route::Kind::own;
    route.confidence = name(l.backing.confidence);
    own_ways_[s.id + ":" + l.id] = w;
    way(std::move(w), std::move(route));
  }

  void route(const Recognition& r, bool held) {
    const Scheme* from = all_.scheme(r.from_scheme);
    const Scheme* to = all_.scheme(r.to_scheme);
    const Level* from_level = from == nullptr ? nullptr : from->level(r.from_level);
    const Level* to_level = to == nullptr ? nullptr : to->level(r.to_level);
    if (from_level == nullptr || to_level == nullptr) return;
    const std::string target = r.to_scheme + ":" + r.to_level;
    const std::string what = fmt::format("{} by {} ({}, {})", replace_all(r.effect, "_", " "),
                                         row_name(*from, *from_level), r.by, "confidence " + r.confidence);
    const auto refuse = [&](std::string_view why) { refused_[target].insert(fmt::format("{}: {}", what, why)); };
    const auto confidence = word_confidence(r.confidence);
    if (r.effect == "none") {
      if (!r.conditions.empty() && r.conditions.front().starts_with("level ")) return;  // simply not of that level
      refused_[target].insert(
          fmt::format("{} gives nothing here ({}): {}", row_name(*from, *from_level), r.by, join(r.conditions, "; ")));
      return;
    }
    if (out_of_scope(*to, *to_level)) return;
    if (const std::string asleep = scheme::not_in_effect(*to, *to_level, wanted_.at); !asleep.empty())
      return refuse(asleep);
    if (r.usable != "true" && !held)
      return refuse("not for marks that are issued from now on: " + replace_all(r.usable, "_", " "));
    if (confidence < wanted_.least) return refuse("left out; --confidence low plans with it");
    Route route;
    route.from_scheme = r.from_scheme;
    route.from_level = r.from_level;
    route.by = r.by;
    route.confidence = r.confidence;
    route.conditions = r.conditions;
    const int any = mark(*to, *to_level, false);
    std::vector<int> rests;
    if (!held) rests.push_back(mark(*from, *from_level, wanted_.least > Confidence::low));
    const std::string name = fmt::format("{}:from:{}{}:{}", row_name(*to, *to_level), row_name(*from, *from_level),
                                         held ? ":held" : "", r.by);
    if (r.effect == "deemed_compliant" || r.effect == "presumption_of_conformity") {
      route.kind = Route::Kind::deemed;
      way({"deemed:" + name, any, {}, rests}, std::move(route));
    } else if (r.effect == "recognised_as" && has(to->bases, "recognition")) {
      route.kind = Route::Kind::recognition;
      way({"recognised:" + name, any, {application(*to, *to_level, "recognition")}, rests}, std::move(route));
    } else if (r.effect == "simplified_application") {
      // Nothing says that less is asked: all of it stays, and the application is shorter.
      const auto full = own_ways_.find(target);
      if (full == own_ways_.end()) return refuse("what the level asks is not known here");
      Way w = full->second;
      const int whole = application(*to, *to_level, "own"), brief = application(*to, *to_level, "simplified");
      const std::vector<int> before = out_.problem.items[static_cast<std::size_t>(whole)].after;
      std::erase(w.items, whole);
      w.items.push_back(brief);
      after(brief, before);
      w.goals.insert(w.goals.end(), rests.begin(), rests.end());
      w.name = "simplified:" + name;
      w.goal = mark(*to, *to_level, true);
      route.kind = Route::Kind::simplified;
      way(std::move(w), std::move(route));
    } else {
      refuse("gives no mark, only helps with evidence");
    }
  }
  static Confidence word_confidence(std::string_view word) {
    for (const auto& [text, value] : kConfidences)
      if (text == word) return value;
    return Confidence::none;
  }

  void wish(const Scheme& s, const Level& l, bool asked) {
    for (Wish& w : out_.wishes)
      if (w.scheme == s.id && w.level == l.id) {
        w.asked |= asked;
        return;
      }
    const scheme::LevelTitle title = scheme::level_title(s, l);
    Wish w{s.id, l.id, title.market == "international" ? "INT" : title.market, title.title, asked, false, -1, {}};
    w.goal = mark(s, l, false);
    out_.wishes.push_back(std::move(w));
  }
  void unknown(std::string market, const std::string& mark, bool asked, std::string why, bool misnamed = false) {
    out_.wishes.push_back({mark, "", std::move(market), mark, asked, misnamed, -1, {std::move(why)}});
  }

  // The level a market begins with: the highest that is held, the one a law asks for of this product, the lowest open.
  const Level* entry(const Scheme& s) const {
    for (auto l = s.levels.rbegin(); l != s.levels.rend(); ++l)
      if (live_.contains(s.id + ":" + l->id)) return &*l;  // what is held is in the market already
    const scheme::Category* category = all_.category(ground_.product.category);
    for (const Scheme::Mandatory& m : s.mandatory)
      if (category != nullptr && wanted_.at >= m.from.first && has(m.categories, category->id))
        if (const Level* l = s.level(m.level)) return l;
    for (const Level& l : s.levels)
      if (scheme::not_in_effect(s, l, wanted_.at).empty()) return &l;
    return s.levels.empty() ? nullptr : &s.levels.front();
  }

  void market(const std::string& code) {
    bool found = false, law_or_label = false;
    for (const Scheme& s : all_.schemes)
      law_or_label |= s.jurisdiction == code && (s.kind == "law" || s.kind == "label") && !s.levels.empty();
    for (const Scheme& s : all_.schemes) {
      if (s.jurisdiction != code) continue;
      found = true;
      if (s.levels.empty()) {
        if (s.kind == "law" || s.kind == "label" || s.kind == "none_found" || !law_or_label)
          unknown(code, s.title, false, s.status_note.empty() ? "nothing to ask for: " + s.name : s.status_note);
        continue;
      }
      if (s.is_law()) {
        for (const Level& l : s.levels) wish(s, l, false);
      } else if (s.kind == "label" || (s.kind == "certification" && !law_or_label && !s.mark_only)) {
        if (const Level* l = entry(s)) wish(s, *l, false);
      }
    }
    if (!found) unknown(code, code, false, "no law or label of this market is known here");
  }

  Result<void> wishes() {
    std::vector<std::string> markets = wanted_.markets;
    if (markets.empty() && wanted_.marks.empty()) markets = ground_.product.markets;
    std::set<std::string> seen;
    for (const std::string& code : scheme::market_codes(markets))
      if (seen.insert(code).second) market(code);
    for (const std::string& mark : wanted_.marks) asked_mark(mark);
    // A label that was asked for by name stands in for the entry label of its market.
    std::erase_if(out_.wishes, [&](const Wish& w) {
      if (w.asked || w.goal < 0) return false;
      const Scheme* s = all_.scheme(w.scheme);
      if (s->is_law()) return false;
      return std::any_of(out_.wishes.begin(), out_.wishes.end(),
                         [&](const Wish& other) { return other.asked && other.scheme == w.scheme; });
    });
    std::vector<int> ways(out_.problem.ways.size());
    for (std::size_t i = 0; i < ways.size(); ++i) ways[i] = static_cast<int>(i);
    const std::vector<bool> can = plan::reached(out_.problem, ways);
    for (Wish& w : out_.wishes) {
      if (w.goal < 0 || can[static_cast<std::size_t>(w.goal)]) continue;
      w.goal = -1;
      explain(w);
    }
    return {};
  }

  void asked_mark(const std::string& mark) {
    if (mark == "all") {
      for (const Scheme& s : all_.schemes)
        for (const Level& l : s.levels) wish(s, l, true);
      return;
    }
    const std::size_t colon = mark.find(':');
    const std::string id = mark.substr(0, colon);
    const Scheme* s = all_.scheme(id);
    if (s == nullptr) {
      std::vector<std::string_view> known;
      for (const Scheme& one : all_.schemes) known.push_back(one.id);
      const std::string_view near = nearest(id, known);
      return unknown("", mark, true,
                     near.empty() ? "no such scheme is known here"
                                  : fmt::format("no such scheme is known here; did you mean {}?", near),
                     true);
    }
    const auto codes = [&] {
      std::vector<std::string> out;
      for (const Level& l : s->levels) out.push_back(l.id);
      return join(out, ", ");
    };
    if (s->levels.empty())
      return unknown(s->jurisdiction, mark, true,
                     s->status_note.empty() ? "nothing can be asked for: " + s->name : s->status_note);
    if (colon == std::string::npos) {
      if (s->is_law()) {
        for (const Level& l : s->levels) wish(*s, l, true);
      } else {
        wish(*s, *entry(*s), true);
      }
      return;
    }
    const std::string wanted = mark.substr(colon + 1);
    for (const Level& l : s->levels)
      if (lower(l.id) == lower(wanted)) return wish(*s, l, true);
    unknown(s->jurisdiction, mark, true, fmt::format("{} has no level '{}'; it has {}", s->title, wanted, codes()),
            true);
  }

  void explain(Wish& w) {
    const Scheme& s = *all_.scheme(w.scheme);
    const Level& l = *s.level(w.level);
    const auto today = today_.find(s.id + ":" + l.id);
    if (today != today_.end() && today->second.result == "out_of_scope") {
      w.why_not.push_back(today->second.why.empty() ? "the product is out of its scope" : today->second.why.front());
      return;
    }
    if (const std::string asleep = scheme::not_in_effect(s, l, wanted_.at); !asleep.empty()) {
      w.why_not.push_back(asleep);
      return;
    }
    if (s.mark_only)
      w.why_not.push_back("what it asks is not known here; it may be held, not planned");
    else if (!l.listed)
      w.why_not.push_back("what it asks is not listed here, so its own way cannot be planned");
    else if (s.kind != "law" && s.kind != "label" && s.kind != "certification" && s.kind != "industry")
      w.why_not.push_back(fmt::format("it is a {}: there is no mark to apply for", replace_all(s.kind, "_", " ")));
    else
      w.why_not.push_back("no way to it is known");
    if (!l.note.empty() && !l.listed) w.why_not.push_back(l.note);
    if (const auto it = refused_.find(s.id + ":" + l.id); it != refused_.end())
      w.why_not.insert(w.why_not.end(), it->second.begin(), it->second.end());
    else if (!s.no_recognition.empty())
      w.why_not.push_back(s.no_recognition);
  }

  const PlanGround& ground_;
  const PlanWanted& wanted_;
  const Costs& costs_;
  const scheme::Register& all_;
  const catalogue::Edition& edition_;
  PlanProblem& out_;
  std::map<std::string, int> items_, goals_;
  std::map<std::string, Conformity> today_;
  std::vector<Recognition> from_held_, from_new_;
  std::set<std::string> live_;
  std::map<std::string, Way> own_ways_;                   // by scheme:level
  std::map<std::string, std::set<std::string>> refused_;  // routes, by scheme:level of what they lead to
  int choices_ = 0;
};

}  // namespace

std::string_view name(Task::Kind kind) {
  constexpr std::string_view kNames[] = {"mend",   "unit",  "settle",     "check",
                                         "beyond", "paper", "laboratory", "application"};
  return kNames[static_cast<std::size_t>(kind)];
}
std::string_view name(Route::Kind kind) {
  constexpr std::string_view kNames[] = {"inner", "held", "own", "simplified", "recognition", "deemed"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<PlanProblem> plan_problem(const PlanGround& ground, const PlanWanted& wanted, const Costs& costs) {
  PlanProblem out;
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  // Laws and labels name V2.1.1; verdicts of another edition do not count for them here.
  const catalogue::Edition* edition = ASSAY_TRY(catalogue::edition("2.1.1"));
  ASSAY_TRY(Builder(ground, wanted, costs, all, *edition, out).run());
  if (ground.en_edition != edition->en)
    out.notes.push_back(
        fmt::format("the assessment is of EN 303 645 V{}; the levels name V{}, so its verdicts are not counted as "
                    "held: assay assess "
                    "--edition {}",
                    ground.en_edition, edition->en, edition->en));
  return out;
}

}  // namespace assay::app
