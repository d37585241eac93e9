#include "crosswalk/travel.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"

namespace assay::crosswalk {
namespace {

// What is known of a requirement n, where S is what is held.
enum Kind : unsigned char {
  kPass,   // S asks at least as much as n
  kLess,   // S is one requirement and n asks at least as much
  kTouch,  // S and n share a demand
};
constexpr std::size_t kKinds = 3;

struct Known {
  bool settled = false;
  Confidence confidence = Confidence::high;
  std::size_t steps = 0;
  const Link* link = nullptr;  // null: held
  bool backwards = false;
  Relation relation = Relation::equal;
  std::vector<std::pair<Kind, int>> from;
};

struct Candidate {
  Kind kind = kPass;
  int node = 0;
  Known known;
  std::size_t order = 0;  // of the link: ties go to the first
};

// Best first, as Knuth generalised Dijkstra: a derivation is never better than what it stands on.
struct Worse {
  bool operator()(const Candidate& a, const Candidate& b) const {
    if (a.known.confidence != b.known.confidence) return a.known.confidence < b.known.confidence;
    if (a.known.steps != b.known.steps) return a.known.steps > b.known.steps;
    if (a.order != b.order) return a.order > b.order;
    return std::pair(a.kind, a.node) > std::pair(b.kind, b.node);
  }
};

class Traveller {
 public:
  Traveller(const Crosswalk& all, const std::vector<std::string>& held) : all_(all) {
    for (const Link& l : all.links) {
      for (const std::string& f : l.from) node(f);
      node(l.to);
    }
    for (const std::string& h : held) node(h);
    known_.resize(names_.size());
    at_.resize(names_.size());
    for (std::size_t i = 0; i < all.links.size(); ++i) {
      for (const std::string& f : all.links[i].from) at_[static_cast<std::size_t>(node(f))].push_back(i);
      at_[static_cast<std::size_t>(node(all.links[i].to))].push_back(i);
    }
    const std::set<std::string> unique(held.begin(), held.end());
    for (const std::string& h : unique) {
      held_.insert(node(h));
      push({kPass, node(h), {}, 0});
      if (unique.size() == 1) push({kLess, node(h), {}, 0});
    }
  }

  Reach run() {
    while (!queue_.empty()) {
      std::pop_heap(queue_.begin(), queue_.end(), Worse());
      const Candidate best = std::move(queue_.back());
      queue_.pop_back();
      Known& known = at(best.kind, best.node);
      if (known.settled) continue;
      known = best.known;
      known.settled = true;
      for (const std::size_t i : at_[static_cast<std::size_t>(best.node)]) follow(best.kind, best.node, i);
    }
    return collect();
  }

 private:
  int node(const std::string& id) {
    const auto [it, fresh] = numbers_.emplace(id, static_cast<int>(names_.size()));
    if (fresh) names_.push_back(id);
    return it->second;
  }
  Known& at(Kind kind, int n) { return known_[static_cast<std::size_t>(n)][kind]; }
  void push(Candidate c) {
    queue_.push_back(std::move(c));
    std::push_heap(queue_.begin(), queue_.end(), Worse());
  }

  void derive(Kind kind, int target, std::size_t order, bool backwards, Relation relation,
              std::vector<std::pair<Kind, int>> from) {
    if (at(kind, target).settled) return;
    Known k;
    k.link = &all_.links[order];
    k.backwards = backwards;
    k.relation = relation;
    k.confidence = k.link->backing.confidence;
    k.steps = 1;
    for (const auto& [premise, n] : from) {
      k.confidence = std::min(k.confidence, at(premise, n).confidence);
      k.steps += at(premise, n).steps;
    }
    k.from = std::move(from);
    push({kind, target, std::move(k), order});
  }

  // Everything that the newly known (kind, n) gives along one link, in both directions.
  void follow(Kind kind, int n, std::size_t order) {
    const Link& l = all_.links[order];
    const int to = node(l.to);
    const bool alone = l.from.size() == 1;
    if (n != to) {
      if (kind == kPass) {
        std::vector<std::pair<Kind, int>> all;
        for (const std::string& f : l.from) all.push_back({kPass, node(f)});
        const bool every =
            std::all_of(all.begin(), all.end(), [&](const auto& p) { return at(p.first, p.second).settled; });
        if (every && (l.relation == Relation::equal || l.relation == Relation::covers))
          derive(kPass, to, order, false, l.relation, all);
        if (every && l.relation == Relation::overlaps) derive(kTouch, to, order, false, l.relation, all);
      }
      // One of the sources is part of what asks less than the target.
      if (l.relation == Relation::equal || l.relation == Relation::covered_by) {
        const Relation relation = alone ? l.relation : Relation::covered_by;
        derive(kind == kLess ? kLess : kTouch, to, order, false, relation, {{kind, n}});
      }
      return;
    }
    for (const std::string& f : l.from) {
      const int source = node(f);
      if (kind == kPass && (l.relation == Relation::equal || l.relation == Relation::covered_by))
        derive(kPass, source, order, true, alone ? reversed(l.relation) : Relation::covers, {{kind, n}});
      if (kind == kPass && alone && l.relation == Relation::overlaps)
        derive(kTouch, source, order, true, l.relation, {{kind, n}});
      if (alone && (l.relation == Relation::equal || l.relation == Relation::covers))
        derive(kind == kLess ? kLess : kTouch, source, order, true, reversed(l.relation), {{kind, n}});
    }
  }

  void steps_of(Kind kind, int n, std::vector<Step>& steps, std::set<std::pair<Kind, int>>& done) {
    const Known& k = at(kind, n);
    if (k.link == nullptr || !done.insert({kind, n}).second) return;
    Step step;
    for (const auto& [premise, from] : k.from) {
      steps_of(premise, from, steps, done);
      step.from.push_back(names_[static_cast<std::size_t>(from)]);
    }
    step.link = k.link;
    step.backwards = k.backwards;
    step.relation = k.relation;
    step.to = names_[static_cast<std::size_t>(n)];
    steps.push_back(std::move(step));
  }

  Reach collect() {
    Reach out;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const int n = static_cast<int>(i);
      if (held_.contains(n)) continue;
      const Known &pass = at(kPass, n), &less = at(kLess, n), &touch = at(kTouch, n);
      Way way;
      way.to = names_[i];
      Kind kind = kTouch;
      if (pass.settled) {
        kind = kPass;
        way.pass = true;
        // Equal only where that is as sure as the pass is.
        way.fail = less.settled && less.confidence >= pass.confidence;
        way.relation = way.fail ? Relation::equal : Relation::covers;
      } else if (less.settled) {
        kind = kLess;
        way.fail = true;
        way.relation = Relation::covered_by;
      } else if (!touch.settled) {
        continue;
      }
      way.confidence = at(kind, n).confidence;
      std::set<std::pair<Kind, int>> done;
      steps_of(kind, n, way.steps, done);
      std::set<std::string> sources;
      for (const Step& s : way.steps) {
        sources.insert(s.link->backing.source.begin(), s.link->backing.source.end());
        if (!s.backwards && !s.link->residual.empty()) way.residual.push_back(s.link->residual);
      }
      if (!way.pass)
        for (const std::size_t order : at_[i])
          if (const Link& l = all_.links[order]; l.whole && l.to == way.to)
            for (const std::string& part : l.from)
              if (!at(kPass, node(part)).settled) way.open_parts.push_back(part);
      way.source.assign(sources.begin(), sources.end());
      out.ways.push_back(std::move(way));
    }
    std::sort(out.ways.begin(), out.ways.end(), [](const Way& a, const Way& b) { return natural_less(a.to, b.to); });
    for (const Link& l : all_.links) {
      if (l.from.size() < 2 || out.to(l.to) != nullptr || held_.contains(node(l.to))) continue;
      Share share{&l, {}};
      for (const std::string& f : l.from)
        if (!at(kPass, node(f)).settled) share.missing.push_back(f);
      if (share.missing.size() < l.from.size()) out.shares.push_back(std::move(share));
    }
    return out;
  }

  const Crosswalk& all_;
  std::map<std::string, int> numbers_;
  std::vector<std::string> names_;
  std::vector<std::array<Known, kKinds>> known_;
  std::vector<std::vector<std::size_t>> at_;  // links at a requirement
  std::set<int> held_;
  std::vector<Candidate> queue_;
};

}  // namespace

const Way* Reach::to(std::string_view id) const {
  for (const Way& w : ways)
    if (w.to == id) return &w;
  return nullptr;
}

Reach travel(const Crosswalk& all, const std::vector<std::string>& held) { return Traveller(all, held).run(); }

}  // namespace assay::crosswalk
