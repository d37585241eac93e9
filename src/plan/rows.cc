#include "plan/rows.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace assay::plan {

RowList rows_of(const Problem& p) {
  RowList out;
  out.items = static_cast<int>(p.items.size());
  out.goals = static_cast<int>(p.goals.size());
  out.ways = static_cast<int>(p.ways.size());
  out.rows.resize(p.goals.size());
  for (int g = 0; g < out.goals; ++g) out.rows[static_cast<std::size_t>(g)].minus = out.goal(g);
  for (int w = 0; w < out.ways; ++w)
    out.rows[static_cast<std::size_t>(p.ways[static_cast<std::size_t>(w)].goal)].plus.push_back(out.way(w));
  for (int w = 0; w < out.ways; ++w) {
    const Way& way = p.ways[static_cast<std::size_t>(w)];
    for (const int i : way.items) out.rows.push_back({{i}, out.way(w)});
    for (const int g : way.goals) out.rows.push_back({{out.goal(g)}, out.way(w)});
  }
  for (int i = 0; i < out.items; ++i)
    for (const int before : p.items[static_cast<std::size_t>(i)].after) out.rows.push_back({{before}, i});
  return out;
}

RowList::Row row_of(const Problem& p, const RowList& list, const Ring& ring) {
  const auto in = [&](int g) { return std::binary_search(ring.goals.begin(), ring.goals.end(), g); };
  RowList::Row row;
  row.minus = list.goal(ring.goal);
  for (int w = 0; w < list.ways; ++w) {
    const Way& way = p.ways[static_cast<std::size_t>(w)];
    if (in(way.goal) && std::none_of(way.goals.begin(), way.goals.end(), in)) row.plus.push_back(list.way(w));
  }
  return row;
}

// Strongly connected goals, by Tarjan's walk without recursion.
std::vector<Ring> rings_of(const Problem& p) {
  const std::size_t n = p.goals.size();
  std::vector<std::vector<int>> needs(n);
  for (const Way& way : p.ways)
    for (const int g : way.goals) needs[static_cast<std::size_t>(way.goal)].push_back(g);
  std::vector<Ring> out;
  std::vector<int> order(n, -1), low(n, 0), stack;
  std::vector<bool> open(n, false);
  int count = 0;
  struct Frame {
    std::size_t goal, next;
  };
  for (std::size_t start = 0; start < n; ++start) {
    if (order[start] >= 0) continue;
    std::vector<Frame> path = {{start, 0}};
    while (!path.empty()) {
      Frame& f = path.back();
      const std::size_t g = f.goal;
      if (f.next == 0) {
        order[g] = low[g] = count++;
        stack.push_back(static_cast<int>(g));
        open[g] = true;
      }
      if (f.next < needs[g].size()) {
        const auto h = static_cast<std::size_t>(needs[g][f.next++]);
        if (order[h] < 0)
          path.push_back({h, 0});
        else if (open[h])
          low[g] = std::min(low[g], order[h]);
        if (f.next == 0) f.next = 1;
        continue;
      }
      if (low[g] == order[g]) {
        std::vector<int> ring;
        for (;;) {
          const int h = stack.back();
          stack.pop_back();
          open[static_cast<std::size_t>(h)] = false;
          ring.push_back(h);
          if (static_cast<std::size_t>(h) == g) break;
        }
        std::sort(ring.begin(), ring.end());
        if (ring.size() > 1)
          for (const int h : ring) out.push_back({h, ring});
      }
      path.pop_back();
      if (!path.empty()) low[path.back().goal] = std::min(low[path.back().goal], low[g]);
    }
  }
  return out;
}

Columns columns_of(const Problem& problem, const RowList& list) {
  const auto columns = static_cast<std::size_t>(list.variables());
  Columns c;
  std::vector<std::vector<std::pair<int, double>>> by_column(columns);
  for (std::size_t r = 0; r < list.rows.size(); ++r) {
    for (const int v : list.rows[r].plus) by_column[static_cast<std::size_t>(v)].emplace_back(static_cast<int>(r), 1.0);
    by_column[static_cast<std::size_t>(list.rows[r].minus)].emplace_back(static_cast<int>(r), -1.0);
  }
  for (const auto& column : by_column) {
    for (const auto& [row, coefficient] : column) {
      c.index.push_back(row);
      c.value.push_back(coefficient);
    }
    c.starts.push_back(static_cast<int>(c.index.size()));
  }
  c.low.assign(columns, 0);
  c.high.assign(columns, 1);
  c.cost.assign(columns, 0);
  for (std::size_t i = 0; i < problem.items.size(); ++i) c.cost[i] = static_cast<double>(problem.items[i].cost);
  for (std::size_t g = 0; g < problem.goals.size(); ++g)
    if (problem.goals[g].wanted) c.low[static_cast<std::size_t>(list.goal(static_cast<int>(g)))] = 1;
  c.row_low.assign(list.rows.size(), 0);
  c.row_high.assign(list.rows.size(), std::numeric_limits<double>::max());
  return c;
}

}  // namespace assay::plan
