// Two rules make this more than a fold. Verdicts stand in for others only along a relation (a pass along equal and
// covers, a fail along equal and covered_by, nothing along overlaps). And a law may offer several ways: one way met is
// enough, but a failing verdict on a way not taken stays in sight. Not looking never becomes a pass: what has no
// verdict is open where the baseline decides it, residual elsewhere.
#include "scheme/evaluate.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::scheme {
namespace {

constexpr std::string_view kStandard = "en303645:";

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& text : from)
    if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
}
void add(Outcome& to, const Outcome& from) {
  append(to.failed, from.failed);
  append(to.open, from.open);
  append(to.residual, from.residual);
  append(to.why, from.why);
  to.carried.insert(from.carried.begin(), from.carried.end());
  to.passed |= from.passed;
  to.confidence = std::min(to.confidence, from.confidence);
}
Outcome met(bool passed) {
  Outcome out;
  out.passed = passed;
  return out;
}
Outcome failed(std::string id) {
  Outcome out;
  out.state = State::failed;
  out.failed.push_back(std::move(id));
  return out;
}
Outcome open(std::string id) {
  Outcome out;
  out.state = State::open;
  out.open.push_back(std::move(id));
  return out;
}
std::string listed(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : ", ") + id;
  return out;
}

}  // namespace

std::string_view name(State state) {
  constexpr std::string_view kNames[] = {"met", "residual", "open", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

State fold_all(State a, State b) {
  using enum State;
  constexpr State kTable[4][4] = {{met, residual, open, failed},
                                  {residual, residual, open, failed},
                                  {open, open, open, failed},
                                  {failed, failed, failed, failed}};
  return kTable[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
}
State fold_any(State a, State b) {
  using enum State;
  constexpr State kTable[4][4] = {{met, met, met, met},
                                  {met, residual, residual, residual},
                                  {met, residual, open, open},
                                  {met, residual, open, failed}};
  return kTable[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
}

Stands stands(Relation relation, State source) {
  using enum Stands;
  // by relation: equal, covers, covered_by, overlaps; by source: met, residual, open, failed
  constexpr Stands kTable[4][4] = {{pass, wanting, wanting, fail},
                                   {pass, wanting, wanting, against},
                                   {evidence, wanting, wanting, fail},
                                   {evidence, wanting, wanting, against}};
  return kTable[static_cast<std::size_t>(relation)][static_cast<std::size_t>(source)];
}

const Verdict* Evaluator::verdict(const std::string& id) const {
  const auto it = verdicts_.find(id);
  return it == verdicts_.end() || it->second == Verdict::not_assessed ? nullptr : &it->second;
}

Outcome Evaluator::level(const Scheme& scheme, const Level& level) {
  Outcome out = clause(scheme, level.asks);
  // All not applicable is no conformity either.
  if (out.state == State::met && !out.passed) {
    out.state = State::open;
    out.why.push_back("nothing that this level asks has passed");
  }
  out.confidence = std::min(out.confidence, level.backing.confidence);
  return out;
}

Outcome Evaluator::clause(const Scheme& scheme, const Clause& c) {
  if (c.kind == Clause::Kind::leaf) return leaf(scheme, c.id);
  if (c.kind == Clause::Kind::any_of) return any(scheme, c);
  Outcome out;
  for (const Clause& part : c.parts) {
    const Outcome one = clause(scheme, part);
    out.state = fold_all(out.state, one.state);
    add(out, one);
  }
  return out;
}

// Whether a way rests on another standard on which nobody gave a verdict: nobody claims to go it.
bool Evaluator::unclaimed(const Scheme& scheme, const Clause& way) const {
  bool other = false, given = false;
  for (const Clause& part : way.parts) {
    if (part.kind != Clause::Kind::leaf || part.id.starts_with(kStandard) || scheme.requirement(part.id) != nullptr)
      continue;
    other = true;
    given |= verdict(part.id) != nullptr;
  }
  return other && !given;
}

Outcome Evaluator::any(const Scheme& scheme, const Clause& c) {
  std::vector<Outcome> ways;
  State best = State::failed;
  for (const Clause& part : c.parts) {
    Outcome way = clause(scheme, part);
    if (unclaimed(scheme, part)) {
      way = {};
      way.state = State::failed;
      way.why.push_back(fmt::format("way not claimed: {}", part.title));
    }
    best = fold_any(best, way.state);
    ways.push_back(std::move(way));
  }
  if (best == State::failed) {
    Outcome out;
    for (const Outcome& way : ways) add(out, way);
    out.state = State::failed;
    out.open.clear();  // no way is left that these could open
    out.residual.clear();
    return out;
  }
  // Of the ways that come as far, the one that lacks least; the first of equals.
  std::size_t taken = ways.size();
  const auto lacks = [&](std::size_t i) { return ways[i].open.size() + ways[i].residual.size(); };
  for (std::size_t i = 0; i < ways.size(); ++i)
    if (ways[i].state == best && (taken == ways.size() || lacks(i) < lacks(taken))) taken = i;
  Outcome out = ways[taken];
  out.why.insert(out.why.begin(), fmt::format("way taken: {}", c.parts[taken].title));
  // A failing verdict on a way not taken must not vanish.
  for (std::size_t i = 0; i < ways.size(); ++i)
    for (const std::string& id : ways[i].failed) {
      if (i == taken || std::find(out.failed.begin(), out.failed.end(), id) != out.failed.end()) continue;
      // A failing provision closes its own way only; a failing requirement of the law itself stays in the answer.
      if (!id.starts_with(scheme.id + ":")) {
        out.why.push_back(fmt::format("{} fails, which closes the way by {}", id, c.parts[i].title));
      } else if (best == State::open) {
        append(out.failed, {id});
        out.why.push_back(fmt::format("{} fails; only {} is left, and it is open", id, c.parts[taken].title));
      } else {
        append(out.residual, {id});
        out.state = State::residual;
        out.why.push_back(fmt::format("{} fails; met by {} instead", id, c.parts[taken].title));
      }
      notes_.insert(fmt::format("{} fails, while {} offers another way: {}", id, scheme.id, c.parts[taken].title));
    }
  return out;
}

Outcome Evaluator::leaf(const Scheme& scheme, const std::string& id) {
  if (const Requirement* r = scheme.requirement(id)) return requirement(*r);
  if (!id.starts_with(kStandard)) return foreign(id);
  // A requirement that the provision would meet fails: then the provision cannot be met either.
  const std::string breaks = failing_requirement(scheme, id);
  if (!breaks.empty()) {
    if (const Verdict* v = verdict(id); v != nullptr && *v == Verdict::pass)
      notes_.insert(fmt::format("contradiction: {} passes, yet {} fails, which it asks too", id, breaks));
    Outcome out = failed(breaks);
    out.why.push_back(fmt::format("{} cannot be met while {} fails", id, breaks));
    return out;
  }
  return provision(id);
}

std::string Evaluator::failing_requirement(const Scheme& scheme, const std::string& provision) const {
  for (const Requirement& r : scheme.requirements) {
    const Verdict* v = verdict(r.id);
    if (v == nullptr || (*v != Verdict::fail && *v != Verdict::not_claimed)) continue;
    for (const Carry& c : r.carry)
      if ((c.relation == Relation::equal || c.relation == Relation::covers) && c.from.size() == 1 &&
          c.from.front() == provision)
        return r.id;
  }
  return {};
}

// What a verdict says by itself, of anything: the one reading of a verdict row.
Outcome Evaluator::given(const std::string& id, std::string_view title, Verdict v, bool may_not_apply) const {
  const std::string label = title.empty() ? id : fmt::format("{} ({})", id, title);
  Outcome out;
  switch (v) {
    case Verdict::pass:
      return met(true);
    case Verdict::not_applicable:
      if (may_not_apply) return met(false);
      out = open(id);
      out.why.push_back(fmt::format("{} is unconditional: not applicable does not answer it", label));
      return out;
    case Verdict::fail:
      out = failed(id);
      if (!title.empty()) out.why.push_back(fmt::format("{}: fail", label));
      return out;
    case Verdict::not_claimed:
      out = failed(id);
      out.why.push_back(fmt::format("{} is not claimed, and is asked for here", label));
      return out;
    case Verdict::error:
    case Verdict::inconclusive:
    case Verdict::not_assessed:
      break;
  }
  out = open(id);
  out.why.push_back(fmt::format("{}: {}", label, words(v)));
  return out;
}

Outcome Evaluator::provision(const std::string& id) {
  const std::size_t colon = id.find(':', kStandard.size());
  const std::string_view edition_name = std::string_view(id).substr(kStandard.size(), colon - kStandard.size());
  const std::string_view number = std::string_view(id).substr(colon + 1);
  const Edition* edition = all_.edition(edition_name);
  ASSAY_CHECK(edition != nullptr);  // the reader let no other in
  const Verdict* v = verdict(id);
  if (v == nullptr) return other_edition(id, *edition, number);
  note_contradictions(id, *v, *edition, number);
  return given(id, {}, *v, edition->is_conditional(number));
}

// A verdict stands for itself; where the other edition's says the opposite of the same, one of them is wrong.
void Evaluator::note_contradictions(const std::string& id, Verdict v, const Edition& edition,
                                    std::string_view number) const {
  const bool fails = v == Verdict::fail || v == Verdict::not_claimed;
  if (!fails && v != Verdict::pass) return;
  for (const EditionPair& pair : all_.pairs) {
    if (pair.to != number || pair.to_edition != edition.edition) continue;
    bool passes = true;
    std::string other;
    std::vector<std::string> from;
    for (const std::string& one : pair.from) {
      from.push_back(fmt::format("{}{}:{}", kStandard, pair.from_edition, one));
      const Verdict* there = verdict(from.back());
      passes &= there != nullptr && *there == Verdict::pass;
      if (there != nullptr && (*there == Verdict::fail || *there == Verdict::not_claimed)) other = from.back();
    }
    if (!fails && !other.empty() && stands(pair.relation, State::failed) == Stands::fail)
      notes_.insert(fmt::format("contradiction: {} passes, yet {} fails ({})", id, other, name(pair.relation)));
    if (fails && passes && stands(pair.relation, State::met) == Stands::pass)
      notes_.insert(fmt::format("contradiction: {} fails, yet {} passes ({})", id, listed(from), name(pair.relation)));
  }
}

Outcome Evaluator::other_edition(const std::string& id, const Edition& edition, std::string_view number) {
  for (const EditionPair& pair : all_.pairs) {
    if (pair.to != number || pair.to_edition != edition.edition) continue;
    bool passes = true, applies = false, any = false;
    std::string fails;
    std::vector<std::string> from;
    for (const std::string& one : pair.from) {
      from.push_back(fmt::format("{}{}:{}", kStandard, pair.from_edition, one));
      const Verdict* v = verdict(from.back());
      any |= v != nullptr;
      const bool is_pass = v != nullptr && *v == Verdict::pass;
      passes &= is_pass || (v != nullptr && *v == Verdict::not_applicable && pair.not_applicable &&
                            edition.is_conditional(number));
      applies |= is_pass;
      if (v != nullptr && (*v == Verdict::fail || *v == Verdict::not_claimed)) fails = from.back();
    }
    if (!any) continue;
    const State state = !fails.empty() ? State::failed : passes ? State::met : State::open;
    const Stands s = stands(pair.relation, state);
    Outcome out;
    if (s == Stands::pass) {
      out = met(applies);
      out.carried.insert(from.begin(), from.end());
      out.confidence = pair.confidence;
    } else if (s == Stands::fail) {
      out = failed(fails);
      out.confidence = pair.confidence;
    } else {
      out = open(id);
      if (state == State::met || state == State::failed) {
        out.why.push_back(fmt::format("{} is not carried from {}: it {} what {} asks{}", id, listed(from),
                                      pair.relation == Relation::covered_by ? "asks less than" : "differs from",
                                      edition.edition, pair.why.empty() ? "" : " (" + pair.why + ")"));
      }
      return out;
    }
    out.why.push_back(fmt::format("{} stands for {} ({}{}, confidence {})", listed(from), id, name(pair.relation),
                                  pair.why.empty() ? "" : ": " + pair.why, name(pair.confidence)));
    return out;
  }
  return open(id);
}

// Another standard that a way names; whether a clause of it may be not applicable is not known here.
Outcome Evaluator::foreign(const std::string& id) {
  const Verdict* v = verdict(id);
  return v == nullptr ? open(id) : given(id, {}, *v, false);
}

// A source of a carry may be a provision, or a requirement of this or another scheme, which may itself be carried to.
Outcome Evaluator::source(const std::string& id) {
  if (id.starts_with(kStandard)) {
    // A recommendation left out with a reason is no fail of what merely overlaps it.
    const Verdict* v = verdict(id);
    return v != nullptr && *v == Verdict::not_claimed && !all_.is_mandatory(id) ? open(id) : provision(id);
  }
  const Scheme* scheme = all_.scheme(std::string_view(id).substr(0, id.find(':')));
  if (scheme == nullptr) return foreign(id);
  const Requirement* r = scheme->requirement(id);
  return r == nullptr ? foreign(id) : requirement(*r);
}

const Outcome& Evaluator::requirement(const Requirement& r) {
  if (const auto known = worked_out_.find(&r); known != worked_out_.end()) return known->second;
  // The reader lets no carry come back to itself. A reference into the map stays good while others are added.
  Outcome out = work_out(r);
  return worked_out_.emplace(&r, std::move(out)).first->second;
}

Outcome Evaluator::work_out(const Requirement& r) {
  struct Stood {
    const Carry* carry;
    Outcome from;
    Stands stands;
  };
  std::vector<Stood> stood;
  for (const Carry& c : r.carry) {
    Outcome from;
    bool baseline = true;
    for (const std::string& id : c.from) {
      const Outcome one = source(id);
      from.state = fold_all(from.state, one.state);
      add(from, one);
      baseline &= id.starts_with(kStandard);
    }
    const Stands s = stands(c.relation, from.state);
    // Another scheme's requirements that nobody assessed say nothing here; the baseline is expected to be assessed.
    if (s == Stands::wanting && !baseline) continue;
    stood.push_back({&c, std::move(from), s});
  }
  const auto first = [&](Stands wanted) -> const Stood* {
    for (const Stood& s : stood)
      if (s.stands == wanted) return &s;
    return nullptr;
  };
  const auto explain = [&](const Stood& s, std::string_view result) {
    return fmt::format("{} ({}): {}, from {} ({}, {}, confidence {})", r.id, r.title, result, listed(s.carry->from),
                       name(s.carry->relation), listed(s.carry->backing.source), name(s.carry->backing.confidence));
  };

  const Verdict* own = verdict(r.id);
  Outcome out;
  out.confidence = r.backing.confidence;
  const Stood* fails = first(Stands::fail);
  if (own != nullptr) {
    // A fail of its own says more than one that carries; a fail that carries beats anything else.
    const bool own_fails = *own == Verdict::fail || *own == Verdict::not_claimed;
    if (own_fails || fails == nullptr) {
      out = given(r.id, r.title, *own, r.conditional);
      out.confidence = r.backing.confidence;
      return out;
    }
    notes_.insert(
        fmt::format("contradiction: {} is given as {}, yet {} fails", r.id, words(*own), listed(fails->from.failed)));
  }
  if (fails != nullptr) {
    out.state = State::failed;
    out.failed = fails->from.failed;
    append(out.why, fails->from.why);
    out.why.push_back(explain(*fails, "fails"));
    out.confidence = std::min(out.confidence, fails->carry->backing.confidence);
    return out;
  }
  if (const Stood* s = first(Stands::pass)) {
    add(out, s->from);
    out.confidence = std::min(out.confidence, s->carry->backing.confidence);
    out.why.push_back(explain(*s, s->from.passed ? "met" : "met, not applicable"));
    return out;
  }
  if (const Stood* s = first(Stands::against)) {
    // The source fails, and its fail does not carry: evidence against, no verdict.
    out.state = State::open;
    out.open = {r.id};
    out.why.push_back(explain(*s, "open, the source fails and a fail does not carry"));
    return out;
  }
  if (first(Stands::wanting) != nullptr) {
    out.state = State::open;
    for (const Stood& s : stood) {
      if (s.stands != Stands::wanting) continue;
      append(out.open, s.from.open.empty() ? std::vector<std::string>{r.id} : s.from.open);
      append(out.why, s.from.why);
      out.why.push_back(explain(s, "open"));
    }
    return out;
  }
  out.state = State::residual;
  out.residual = {r.id};
  if (const Stood* s = first(Stands::evidence))
    out.why.push_back(explain(*s, "not assessed, the source is evidence only"));
  else
    out.why.push_back(fmt::format("{} ({}): not assessed, beyond EN 303 645", r.id, r.title));
  return out;
}

}  // namespace assay::scheme
