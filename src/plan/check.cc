// The checker. It takes nothing from the search: it builds the rows anew, counts the choice anew, and for each case of
// the tree adds rows up with the given weights. Because every row says "sum ≥ 0" and weights are not negative, for
// every plan
//     scale · cost  ≥  scale · cost − Σ weight · row  =  Σ d[v] · v,   d[v] = scale · cost[v] − Σ weight · coefficient
// and Σ d[v] · v is at least what it is with each variable at the end of its range that makes it smallest. That is a
// bound for the case; costs are whole multiples of their common divisor, so it may be rounded up to one. For a case
// that never happens the same is done without the costs: a sum that is always above 0 and never above 0 cannot be.
#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "plan/certificate.h"

namespace assay::plan {
namespace {

__extension__ using Wide = __int128;

bool add(Wide& to, Wide what) { return !__builtin_add_overflow(to, what, &to); }

// A certificate comes from anybody: checking it may take this many steps, at most about 20 seconds, and its rows may
// have this many entries together (a file of 64 MiB has less than that without its rings).
constexpr std::uint64_t kMostWork = 1'500'000'000;
constexpr std::size_t kMostEntries = 50'000'000;

class Checker {
 public:
  explicit Checker(const Certificate& c) : c_(c), p_(c.problem) {}

  Result<Checked> run() {
    ASSAY_TRY(sound(p_));
    if (c_.proves < 0 || c_.proves > c_.best.cost)
      return fail(Errc::invalid, "what it proves is not between 0 and the cost of the choice");
    if (c_.scale < 1) return fail(Errc::invalid, "the scale is not above 0");
    goals_at_ = static_cast<int>(p_.items.size());
    ways_at_ = goals_at_ + static_cast<int>(p_.goals.size());
    variables_ = static_cast<std::size_t>(ways_at_) + p_.ways.size();
    Checked out;
    out.cost = ASSAY_TRY(count_choice());
    ASSAY_TRY(build_rows());
    ASSAY_TRY(walk(out));
    out.least = c_.proves;
    return out;
  }

 private:
  Result<void> work(std::uint64_t steps) {
    spent_ += steps;
    return spent_ > kMostWork ? fail(Errc::limit, "the certificate is too large to check") : Result<void>();
  }

  // The choice reaches every wanted goal, and costs what it says.
  Result<Money> count_choice() {
    std::vector<bool> taken(p_.ways.size(), false), reached(p_.goals.size(), false), paid(p_.items.size(), false);
    for (const int w : c_.best.ways) {
      if (static_cast<std::size_t>(w) >= p_.ways.size()) return fail(Errc::invalid, "the choice takes no known way");
      taken[static_cast<std::size_t>(w)] = true;
    }
    for (bool changed = true; changed;) {
      changed = false;
      ASSAY_TRY(work(p_.ways.size()));
      for (std::size_t w = 0; w < p_.ways.size(); ++w) {
        const Way& way = p_.ways[w];
        if (!taken[w] || reached[static_cast<std::size_t>(way.goal)]) continue;
        std::size_t have = 0;
        while (have < way.goals.size() && reached[static_cast<std::size_t>(way.goals[have])]) ++have;
        ASSAY_TRY(work(have));
        if (have < way.goals.size()) continue;
        reached[static_cast<std::size_t>(way.goal)] = changed = true;
      }
    }
    for (std::size_t g = 0; g < p_.goals.size(); ++g)
      if (p_.goals[g].wanted && !reached[g])
        return fail(Errc::invalid, fmt::format("the choice does not reach {}", p_.goals[g].name));
    std::vector<int> open;
    for (std::size_t w = 0; w < p_.ways.size(); ++w)
      if (taken[w]) open.insert(open.end(), p_.ways[w].items.begin(), p_.ways[w].items.end());
    Wide cost = 0;
    while (!open.empty()) {
      const auto i = static_cast<std::size_t>(open.back());
      open.pop_back();
      if (paid[i]) continue;
      paid[i] = true;
      cost += p_.items[i].cost;  // at most kMost times kDearest
      open.insert(open.end(), p_.items[i].after.begin(), p_.items[i].after.end());
    }
    if (cost != c_.best.cost) return fail(Errc::invalid, fmt::format("the choice does not cost {}", c_.best.cost));
    return c_.best.cost;
  }

  void end_row(int minus) {
    minus_.push_back(minus);
    ends_.push_back(plus_.size());
  }
  void row(int plus, int minus) {
    plus_.push_back(plus);
    end_row(minus);
  }

  Result<void> build_rows() {
    std::vector<std::vector<int>> ways_of(p_.goals.size());
    for (std::size_t w = 0; w < p_.ways.size(); ++w)
      ways_of[static_cast<std::size_t>(p_.ways[w].goal)].push_back(static_cast<int>(w));
    for (std::size_t g = 0; g < p_.goals.size(); ++g) {
      for (const int w : ways_of[g]) plus_.push_back(ways_at_ + w);
      end_row(goals_at_ + static_cast<int>(g));
    }
    for (std::size_t w = 0; w < p_.ways.size(); ++w) {
      for (const int i : p_.ways[w].items) row(i, ways_at_ + static_cast<int>(w));
      for (const int g : p_.ways[w].goals) row(goals_at_ + g, ways_at_ + static_cast<int>(w));
    }
    for (std::size_t i = 0; i < p_.items.size(); ++i)
      for (const int before : p_.items[i].after) row(before, static_cast<int>(i));
    if (c_.rings.size() > kMost) return fail(Errc::limit, fmt::format("more than {} rings", kMost));
    const auto less = [](const Ring* a, const Ring* b) {
      return a->goal != b->goal ? a->goal < b->goal : a->goals < b->goals;
    };
    std::set<const Ring*, decltype(less)> seen(less);
    for (const Ring& ring : c_.rings) {
      if (std::adjacent_find(ring.goals.begin(), ring.goals.end(), std::greater_equal<int>()) != ring.goals.end())
        return fail(Errc::invalid, "the goals of a ring are not sorted, each once");
      ASSAY_TRY(work(variables_ + 20 * ring.goals.size()));
      if (!seen.insert(&ring).second) return fail(Errc::invalid, "a ring is there twice");
      std::vector<bool> in(p_.goals.size(), false);
      for (const int g : ring.goals) {
        if (static_cast<std::size_t>(g) >= p_.goals.size()) return fail(Errc::invalid, "a ring names no known goal");
        in[static_cast<std::size_t>(g)] = true;
      }
      if (static_cast<std::size_t>(ring.goal) >= p_.goals.size() || !in[static_cast<std::size_t>(ring.goal)])
        return fail(Errc::invalid, "a ring's goal is not in it");
      // Of the goals of the ring that a plan reaches, the first is reached by a way that needs none of them.
      for (std::size_t w = 0; w < p_.ways.size(); ++w) {
        const Way& way = p_.ways[w];
        if (!in[static_cast<std::size_t>(way.goal)]) continue;
        std::size_t outside = 0;
        while (outside < way.goals.size() && !in[static_cast<std::size_t>(way.goals[outside])]) ++outside;
        ASSAY_TRY(work(outside));
        if (outside == way.goals.size()) plus_.push_back(ways_at_ + static_cast<int>(w));
      }
      end_row(goals_at_ + ring.goal);
      if (plus_.size() > kMostEntries) return fail(Errc::limit, "the certificate's rings are too large to check");
    }
    for (const Item& item : p_.items) divisor_ = std::gcd(divisor_, item.cost);
    return {};
  }

  // The smallest that Σ d·v can be within the ranges.
  Result<Wide> smallest(const Weights& weights, bool costs) {
    ASSAY_TRY(work(2 * variables_));
    sums_.assign(variables_, 0);
    if (costs)
      for (std::size_t i = 0; i < p_.items.size(); ++i) sums_[i] = Wide{c_.scale} * p_.items[i].cost;
    const auto overflow = [] { return fail(Errc::invalid, "a sum is too large"); };
    for (const auto& [row, weight] : weights.rows) {
      if (static_cast<std::size_t>(row) >= minus_.size())
        return fail(Errc::invalid, "a weight is given to no known row");
      if (weight < 0) return fail(Errc::invalid, "a weight is below 0");
      const auto r = static_cast<std::size_t>(row);
      const std::size_t begin = r == 0 ? 0 : ends_[r - 1];
      ASSAY_TRY(work(ends_[r] - begin + 1));
      for (std::size_t k = begin; k < ends_[r]; ++k)
        if (!add(sums_[static_cast<std::size_t>(plus_[k])], -Wide{weight})) return overflow();
      if (!add(sums_[static_cast<std::size_t>(minus_[r])], Wide{weight})) return overflow();
    }
    Wide out = 0;
    for (std::size_t v = 0; v < variables_; ++v) {
      const bool low = sums_[v] >= 0 ? low_[v] : high_[v];
      if (low && !add(out, sums_[v])) return overflow();
    }
    return out;
  }

  Result<void> leaf(const Step& step) {
    if (static_cast<std::size_t>(step.number) >= c_.weights.size())
      return fail(Errc::invalid, "a case names no weights");
    const bool costs = step.kind == Step::Kind::bound;
    const Wide least = ASSAY_TRY(smallest(c_.weights[static_cast<std::size_t>(step.number)], costs));
    if (!costs) {
      if (least <= 0) return fail(Errc::invalid, "a case that is said never to happen is not shown to be impossible");
      return {};
    }
    // A bound b (in units of 1/scale) shows proves where no multiple of the divisor lies in [b, proves).
    if (divisor_ == 0) return c_.proves <= 0 ? Result<void>() : fail(Errc::invalid, "nothing costs anything");
    const Wide unit = Wide{c_.scale} * divisor_;
    Wide whole = least / unit;
    if (least > 0 && least % unit != 0) ++whole;
    if (whole * divisor_ < c_.proves) return fail(Errc::invalid, "a case may cost less than is said");
    return {};
  }

  // Each split makes two cases; together the leaves are every case there is.
  Result<void> walk(Checked& out) {
    low_.assign(variables_, false);
    high_.assign(variables_, true);
    for (std::size_t g = 0; g < p_.goals.size(); ++g)
      if (p_.goals[g].wanted) low_[static_cast<std::size_t>(goals_at_) + g] = true;
    struct Open {
      std::size_t variable;
      bool second;
    };
    std::vector<Open> path;
    std::size_t at = 0;
    for (;;) {
      if (at >= c_.tree.size()) return fail(Errc::invalid, "the tree of cases is not whole");
      const Step& step = c_.tree[at++];
      if (step.kind == Step::Kind::split) {
        const auto v = static_cast<std::size_t>(step.number);
        if (v >= variables_) return fail(Errc::invalid, "a split is over no known variable");
        if (low_[v] || !high_[v]) return fail(Errc::invalid, "a split is over what is settled already");
        path.push_back({v, false});
        high_[v] = false;
        continue;
      }
      ASSAY_TRY(leaf(step));
      ++out.leaves;
      while (!path.empty() && path.back().second) {
        low_[path.back().variable] = false;
        path.pop_back();
      }
      if (path.empty()) break;
      const std::size_t v = path.back().variable;
      path.back().second = true;
      high_[v] = true;
      low_[v] = true;
    }
    if (at != c_.tree.size()) return fail(Errc::invalid, "the tree of cases has too much");
    return {};
  }

  const Certificate& c_;
  const Problem& p_;
  int goals_at_ = 0, ways_at_ = 0;
  std::size_t variables_ = 0;
  // The rows, one behind the other: where each one's entries end, and what it takes away.
  std::vector<int> plus_, minus_;
  std::vector<std::size_t> ends_;
  std::vector<Wide> sums_;
  std::vector<bool> low_, high_;
  Money divisor_ = 0;
  std::uint64_t spent_ = 0;
};

}  // namespace

Result<Checked> check(const Certificate& certificate) { return Checker(certificate).run(); }

}  // namespace assay::plan
