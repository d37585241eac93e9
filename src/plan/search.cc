// Why trust the answer? Floating point only proposes: a choice, weights for rows, where to split. Each proposal is
// counted in whole numbers here before it is used, and once more by check() in whole. A wrong proposal makes the tree
// larger or the gap wider, never the proof false.
#include "plan/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>

#include <fmt/format.h>

#include "plan/lp.h"
#include "plan/optimum.h"
#include "plan/rows.h"

namespace assay::plan {
namespace {

__extension__ using Wide = __int128;

constexpr double kWhole = 1e-6;  // nearer to a whole number than this is whole

// For each goal its cheapest way where nothing is shared, with `prices` for the items: Knuth's generalisation of the
// shortest path, by rounds. With true prices it is what can always be done; with items cheaper that a linear program
// half pays for, it is a good guess.
Choice without_sharing(const Problem& p, const std::vector<double>& prices) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<double> cost(p.goals.size(), kNever), own(p.ways.size(), 0);
  std::vector<int> by(p.goals.size(), -1), all;
  for (std::size_t w = 0; w < p.ways.size(); ++w)
    for (const int i : p.ways[w].items) own[w] += prices[static_cast<std::size_t>(i)];
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t w = 0; w < p.ways.size(); ++w) {
      const Way& way = p.ways[w];
      double sum = own[w];
      for (const int g : way.goals) sum += cost[static_cast<std::size_t>(g)];
      const auto g = static_cast<std::size_t>(way.goal);
      if (sum + 0.5 < cost[g] || (sum < kNever && by[g] < 0)) {
        cost[g] = sum;
        by[g] = static_cast<int>(w);
        changed = true;
      }
    }
  }
  for (const int w : by)
    if (w >= 0) all.push_back(w);
  return tidied(p, all);
}

class Search {
 public:
  Search(const Problem& problem, const Effort& effort) : p_(problem), effort_(effort), list_(rows_of(problem)) {}

  Certificate run() {
    Wide all = 1;
    for (const Item& item : p_.items) {
      all += item.cost;
      divisor_ = std::gcd(divisor_, item.cost);
    }
    scale_ = std::int64_t{1} << 24;
    while (scale_ > 1 && all * scale_ > (Wide{1} << 61)) scale_ /= 2;
    for (Ring& ring : rings_of(p_)) add(std::move(ring));
    find_choice();
    Certificate out;
    if (divisor_ == 0) {  // nothing costs anything: there is nothing to prove
      out.weights.emplace_back();
      out.tree.push_back({Step::Kind::bound, 0});
    } else {
      grow();
      write(out);
    }
    out.problem = p_;
    out.best = best_;
    out.rings = rings_;
    out.scale = scale_;
    return out;
  }

 private:
  struct Node {
    int parent = -1, variable = -1;
    bool yes = false;
    int no_child = -1, yes_child = -1;
    bool never = false;
    Money bound = 0;  // a multiple of the divisor; for open ones, what the weights show
    Weights weights;
    Lp::Basis basis;
    int split = -1;  // where to split next
  };

  void add(Ring ring) {
    list_.rows.push_back(row_of(p_, list_, ring));
    rings_.push_back(std::move(ring));
  }

  void better(const Choice& choice) {
    if (choice.cost >= 0 && (best_.cost < 0 || choice.cost < best_.cost)) best_ = choice;
  }

  // Goals that the ways of `values` count on and nothing reaches from outside; adds the rings for it.
  bool cut_off(const double* values) {
    std::vector<int> used;
    for (int w = 0; w < list_.ways; ++w)
      if (values[list_.way(w)] > kWhole) used.push_back(w);
    const std::vector<bool> have = reached(p_, used);
    std::vector<int> lost;
    for (int g = 0; g < list_.goals; ++g)
      if (values[list_.goal(g)] > kWhole && !have[static_cast<std::size_t>(g)]) lost.push_back(g);
    for (const int g : lost) add({g, lost});
    return !lost.empty();
  }

  void find_choice() {
    best_ = without_sharing(p_, prices(nullptr));
    const auto rows = static_cast<std::int64_t>(list_.rows.size());
    const int nodes = static_cast<int>(std::clamp<std::int64_t>(effort_.nodes / (rows + 1), 10, 2'000));
    for (int round = 0; round < 20; ++round) {
      const std::vector<int> ways = ask_cbc(p_, list_, nodes, best_);
      if (ways.empty()) return;
      const Choice choice = tidied(p_, ways);
      if (choice.cost >= 0) return better(choice);
      std::vector<double> values(static_cast<std::size_t>(list_.variables()), 0);
      for (const int w : ways) {
        values[static_cast<std::size_t>(list_.way(w))] = 1;
        values[static_cast<std::size_t>(list_.goal(p_.ways[static_cast<std::size_t>(w)].goal))] = 1;
      }
      if (!cut_off(values.data())) return;
    }
  }

  // Of the items; what `values` of a linear program pay for already costs less.
  std::vector<double> prices(const double* values) const {
    std::vector<double> out(p_.items.size());
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] =
          static_cast<double>(p_.items[i].cost) * (values == nullptr ? 1.0 : 1.0 - std::clamp(values[i], 0.0, 0.99));
    // What comes before an item is paid with it; once is near enough for a guess.
    for (std::size_t i = 0; i < out.size(); ++i)
      for (const int before : p_.items[i].after)
        out[i] += static_cast<double>(p_.items[static_cast<std::size_t>(before)].cost);
    return out;
  }

  Weights rounded(const std::vector<double>& weights, double sign) const {
    Weights out;
    const double most = 4e18 / static_cast<double>(scale_);
    for (std::size_t r = 0; r < weights.size(); ++r) {
      const double w = sign * weights[r];
      if (!(w > 0) || w > most) continue;
      if (const std::int64_t whole = std::llround(w * static_cast<double>(scale_)); whole > 0)
        out.rows.emplace_back(static_cast<int>(r), whole);
    }
    return out;
  }

  // What the weights show of the case whose ranges stand in low_ and high_, in units of 1/scale.
  Wide shows(const Weights& weights, bool costs) {
    sums_.assign(static_cast<std::size_t>(list_.variables()), 0);
    if (costs)
      for (std::size_t i = 0; i < p_.items.size(); ++i) sums_[i] = Wide{scale_} * p_.items[i].cost;
    for (const auto& [r, weight] : weights.rows) {
      const RowList::Row& row = list_.rows[static_cast<std::size_t>(r)];
      for (const int v : row.plus) sums_[static_cast<std::size_t>(v)] -= weight;
      sums_[static_cast<std::size_t>(row.minus)] += weight;
    }
    Wide out = 0;
    for (std::size_t v = 0; v < sums_.size(); ++v)
      if (sums_[v] >= 0 ? low_[v] : high_[v]) out += sums_[v];
    return out;
  }
  Money rounded_up(Wide shown) const {
    const Wide unit = Wide{scale_} * divisor_;
    const Wide whole = shown <= 0 ? 0 : (shown + unit - 1) / unit;
    return static_cast<Money>(std::min<Wide>(whole * divisor_, std::numeric_limits<Money>::max() / 2));
  }

  void enter(int node) {
    low_.assign(static_cast<std::size_t>(list_.variables()), false);
    high_.assign(static_cast<std::size_t>(list_.variables()), true);
    for (int g = 0; g < list_.goals; ++g)
      if (p_.goals[static_cast<std::size_t>(g)].wanted) low_[static_cast<std::size_t>(list_.goal(g))] = true;
    for (int n = node; n > 0; n = nodes_[static_cast<std::size_t>(n)].parent) {
      const Node& at = nodes_[static_cast<std::size_t>(n)];
      (at.yes ? low_ : high_)[static_cast<std::size_t>(at.variable)] = at.yes;
    }
    for (std::size_t v = 0; v < low_.size(); ++v) lp_->range(static_cast<int>(v), low_[v], high_[v]);
  }

  // Solves the case and fills in what it shows; ranges are set.
  void look(Node& node, const Lp::Basis& from, int iterations, bool rings) {
    node.bound = 0;
    lp_->start_from(from);
    for (int round = 0;; ++round) {
      const Lp::End end = lp_->solve(iterations);
      if (end == Lp::End::impossible) {
        const std::vector<double> ray = lp_->ray();
        double largest = 0;
        for (const double r : ray) largest = std::max(largest, std::abs(r));
        for (const double sign : {1.0, -1.0}) {
          if (largest == 0) break;
          Weights weights = rounded(ray, sign / largest);
          if (shows(weights, false) > 0) {
            node.never = true;
            node.bound = std::numeric_limits<Money>::max() / 2;
            node.weights = std::move(weights);
            return;
          }
        }
      }
      Weights weights = rounded(lp_->weights(), 1.0);
      const Money bound = rounded_up(shows(weights, true));
      if (round == 0 || bound >= node.bound) {
        node.bound = bound;
        node.weights = std::move(weights);
      }
      node.basis = lp_->basis();
      node.split = -1;
      if (end != Lp::End::solved || node.bound >= best_.cost) return;
      const double* values = lp_->values();
      const std::size_t had = list_.rows.size();
      if (rings && round < 50 && cut_off(values)) {
        for (std::size_t r = had; r < list_.rows.size(); ++r) lp_->add(list_.rows[r]);
        continue;
      }
      return;
    }
  }

  // Where the case is undecided, most first.
  std::vector<int> candidates() const {
    const double* values = lp_->values();
    std::vector<std::pair<double, int>> found;
    for (int v = list_.items; v < list_.variables(); ++v) {
      if (low_[static_cast<std::size_t>(v)] || !high_[static_cast<std::size_t>(v)]) continue;
      const double off = std::abs(values[v] - std::round(values[v]));
      if (off > kWhole) found.emplace_back(-off, v);
    }
    std::sort(found.begin(), found.end());
    std::vector<int> out;
    for (const auto& [off, v] : found) out.push_back(v);
    return out;
  }

  void settle_whole() {
    std::vector<int> ways;
    for (int w = 0; w < list_.ways; ++w)
      if (lp_->values()[list_.way(w)] > 0.5) ways.push_back(w);
    better(tidied(p_, ways));
  }

  void grow() {
    Lp lp(p_, list_);
    lp_ = &lp;
    brought_.resize(2 * static_cast<std::size_t>(list_.variables()));
    nodes_.emplace_back();
    enter(0);
    const Lp::Basis fresh = lp.basis();
    look(nodes_[0], fresh, 1'000'000, true);
    // The case that shows least is looked at next: it alone holds the bound down.
    std::priority_queue<std::pair<Money, int>, std::vector<std::pair<Money, int>>, std::greater<>> open;
    open.emplace(nodes_[0].bound, 0);
    while (!open.empty()) {
      const auto [bound, at] = open.top();
      if (bound >= best_.cost) break;  // every other shows at least as much
      if (static_cast<int>(nodes_.size()) >= effort_.cases || lp.work() >= effort_.work) break;
      open.pop();
      if (!split(at)) continue;
      const Node& node = nodes_[static_cast<std::size_t>(at)];
      for (const int child : {node.no_child, node.yes_child})
        open.emplace(nodes_[static_cast<std::size_t>(child)].bound, child);
    }
    lp_ = nullptr;
  }

  // Splits a case in two; false where nothing is left to split.
  bool split(int at) {
    enter(at);
    const Lp::Basis basis = nodes_[static_cast<std::size_t>(at)].basis;
    lp_->start_from(basis);
    lp_->solve(100'000);
    std::vector<int> which = candidates();
    if (which.empty()) {
      settle_whole();
      if (nodes_[static_cast<std::size_t>(at)].bound >= best_.cost) return false;
      for (int w = 0; w < list_.ways; ++w) {
        const auto v = static_cast<std::size_t>(list_.way(w));
        if (!low_[v] && high_[v]) which.push_back(list_.way(w));
      }
      if (which.empty()) return false;
      which.resize(1);
    }
    better(without_sharing(p_, prices(lp_->values())));
    const int best = choose(at, which, basis);
    for (const bool yes : {false, true}) {
      Node child;
      child.parent = at;
      child.variable = best;
      child.yes = yes;
      set(best, yes);
      look(child, basis, 100'000, true);
      // A case within this one shows at least as much; numbers may have said less.
      if (Node& node = nodes_[static_cast<std::size_t>(at)]; child.bound < node.bound) {
        child.bound = node.bound;
        child.weights = node.weights;
        child.never = false;
      }
      unset(best);
      Node& node = nodes_[static_cast<std::size_t>(at)];
      (yes ? node.yes_child : node.no_child) = static_cast<int>(nodes_.size());
      nodes_.push_back(std::move(child));
    }
    nodes_[static_cast<std::size_t>(at)].basis = {};
    nodes_[static_cast<std::size_t>(at)].weights = {};
    return true;
  }

  // Of the variables in `which` the one whose two halves show most. What a split on a variable brought before is
  // remembered; those not tried twice yet are tried, a few at a time.
  int choose(int at, const std::vector<int>& which, const Lp::Basis& basis) {
    constexpr std::size_t kTried = 8;
    constexpr int kShort = 60;
    if (which.size() == 1) return which.front();
    const std::vector<double> values(lp_->values(), lp_->values() + list_.variables());
    const Money from = std::min(nodes_[static_cast<std::size_t>(at)].bound, best_.cost);
    std::size_t tried = 0;
    int best = which.front();
    double best_score = -1;
    for (const int v : which) {
      double gain[2];
      const double part = values[static_cast<std::size_t>(v)];
      for (const bool yes : {false, true}) {
        Brought& brought = brought_[static_cast<std::size_t>(2 * v + yes)];
        const double way = std::max(yes ? 1 - part : part, kWhole);
        if (brought.times < 2 && tried < 2 * kTried) {
          ++tried;
          Node trial;
          set(v, yes);
          look(trial, basis, kShort, false);
          unset(v);
          gain[yes] = static_cast<double>(std::clamp(trial.bound, from, best_.cost) - from);
          brought.sum += gain[yes] / way;
          ++brought.times;
        } else {
          gain[yes] = brought.times == 0 ? 0 : way * brought.sum / brought.times;
        }
      }
      const double score = (gain[0] + 1) * (gain[1] + 1);
      if (score > best_score) {
        best_score = score;
        best = v;
      }
    }
    return best;
  }

  void set(int v, bool yes) {
    (yes ? low_ : high_)[static_cast<std::size_t>(v)] = yes;
    lp_->range(v, yes ? 1 : 0, yes ? 1 : 0);
  }
  void unset(int v) {
    low_[static_cast<std::size_t>(v)] = false;
    high_[static_cast<std::size_t>(v)] = true;
    lp_->range(v, 0, 1);
  }

  void write(Certificate& out) const {
    out.proves = best_.cost;
    std::vector<int> stack = {0};
    while (!stack.empty()) {
      const int at = stack.back();
      stack.pop_back();
      const Node& node = nodes_[static_cast<std::size_t>(at)];
      if (node.no_child >= 0) {
        out.tree.push_back({Step::Kind::split, nodes_[static_cast<std::size_t>(node.no_child)].variable});
        stack.push_back(node.yes_child);
        stack.push_back(node.no_child);
        continue;
      }
      out.tree.push_back({node.never ? Step::Kind::never : Step::Kind::bound, static_cast<int>(out.weights.size())});
      out.weights.push_back(node.weights);
      if (!node.never) out.proves = std::min(out.proves, node.bound);
    }
  }

  const Problem& p_;
  const Effort& effort_;
  RowList list_;
  std::vector<Ring> rings_;
  Choice best_{{}, {}, -1};
  std::int64_t scale_ = 1;
  Money divisor_ = 0;
  Lp* lp_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<bool> low_, high_;
  std::vector<Wide> sums_;
  struct Brought {
    double sum = 0;
    int times = 0;
  };
  std::vector<Brought> brought_;  // by variable and half
};

}  // namespace

Result<Certificate> solve(const Problem& problem, const Effort& effort) {
  ASSAY_TRY(sound(problem));
  std::vector<int> all(problem.ways.size());
  std::iota(all.begin(), all.end(), 0);
  const std::vector<bool> can = reached(problem, all);
  for (std::size_t g = 0; g < problem.goals.size(); ++g)
    if (problem.goals[g].wanted && !can[g])
      return fail(Errc::not_found, fmt::format("{} cannot be reached by any way", problem.goals[g].name));
  return Search(problem, effort).run();
}

}  // namespace assay::plan
