#include "plan/problem.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::plan {
namespace {

bool one_word(const std::string& name) {
  return !name.empty() && name.size() <= 400 &&
         std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; });
}
bool within(const std::vector<int>& list, std::size_t size) {
  return std::all_of(list.begin(), list.end(), [&](int i) { return i >= 0 && static_cast<std::size_t>(i) < size; });
}

}  // namespace

Result<void> sound(const Problem& p) {
  if (p.items.size() > kMost || p.goals.size() > kMost || p.ways.size() > kMost)
    return fail(Errc::limit, fmt::format("more than {} items, goals or ways", kMost));
  for (const Item& item : p.items) {
    if (!one_word(item.name))
      return fail(Errc::invalid, fmt::format("an item's name is not one word: '{}'", item.name));
    if (item.cost < 0 || item.cost > kDearest)
      return fail(Errc::invalid, fmt::format("the cost of {} is not between 0 and {}", item.name, kDearest));
    if (!within(item.after, p.items.size()))
      return fail(Errc::invalid, fmt::format("{} comes after no item", item.name));
  }
  for (const Goal& goal : p.goals)
    if (!one_word(goal.name)) return fail(Errc::invalid, fmt::format("a goal's name is not one word: '{}'", goal.name));
  for (const Way& way : p.ways) {
    if (!one_word(way.name)) return fail(Errc::invalid, fmt::format("a way's name is not one word: '{}'", way.name));
    if (way.goal < 0 || static_cast<std::size_t>(way.goal) >= p.goals.size() || !within(way.items, p.items.size()) ||
        !within(way.goals, p.goals.size()))
      return fail(Errc::invalid, fmt::format("way {} names what does not exist", way.name));
  }
  // Items in an order in which each stands behind those before it; what is left over is a ring.
  std::vector<int> waiting(p.items.size());
  std::vector<std::vector<int>> then(p.items.size());
  std::vector<int> ready;
  for (std::size_t i = 0; i < p.items.size(); ++i) {
    waiting[i] = static_cast<int>(p.items[i].after.size());
    for (const int before : p.items[i].after) then[static_cast<std::size_t>(before)].push_back(static_cast<int>(i));
    if (waiting[i] == 0) ready.push_back(static_cast<int>(i));
  }
  std::size_t done = 0;
  while (!ready.empty()) {
    const auto i = static_cast<std::size_t>(ready.back());
    ready.pop_back();
    ++done;
    for (const int next : then[i])
      if (--waiting[static_cast<std::size_t>(next)] == 0) ready.push_back(next);
  }
  if (done != p.items.size()) return fail(Errc::invalid, "items come after one another in a ring");
  return {};
}

std::vector<bool> reached(const Problem& p, const std::vector<int>& ways) {
  std::vector<bool> out(p.goals.size(), false);
  std::vector<std::size_t> waiting(ways.size());
  std::vector<std::vector<std::size_t>> then(p.goals.size());
  std::vector<std::size_t> ready;
  for (std::size_t k = 0; k < ways.size(); ++k) {
    const Way& way = p.ways[static_cast<std::size_t>(ways[k])];
    waiting[k] = way.goals.size();
    for (const int g : way.goals) then[static_cast<std::size_t>(g)].push_back(k);
    if (waiting[k] == 0) ready.push_back(k);
  }
  while (!ready.empty()) {
    const auto g = static_cast<std::size_t>(p.ways[static_cast<std::size_t>(ways[ready.back()])].goal);
    ready.pop_back();
    if (out[g]) continue;
    out[g] = true;
    for (const std::size_t k : then[g])
      if (--waiting[k] == 0) ready.push_back(k);
  }
  return out;
}

Choice tidied(const Problem& p, const std::vector<int>& ways) {
  // The way by which each goal was reached first; these hold no ring.
  std::vector<int> by(p.goals.size(), -1);
  bool changed = true;
  while (changed) {
    changed = false;
    for (const int w : ways) {
      const Way& way = p.ways[static_cast<std::size_t>(w)];
      if (by[static_cast<std::size_t>(way.goal)] >= 0) continue;
      if (std::all_of(way.goals.begin(), way.goals.end(),
                      [&](int g) { return by[static_cast<std::size_t>(g)] >= 0; })) {
        by[static_cast<std::size_t>(way.goal)] = w;
        changed = true;
      }
    }
  }
  Choice out;
  std::vector<bool> seen(p.goals.size(), false), paid(p.items.size(), false);
  std::vector<int> goals, items;
  for (std::size_t g = 0; g < p.goals.size(); ++g) {
    if (!p.goals[g].wanted) continue;
    if (by[g] < 0) {
      out.cost = -1;
      return out;
    }
    goals.push_back(static_cast<int>(g));
  }
  while (!goals.empty()) {
    const auto g = static_cast<std::size_t>(goals.back());
    goals.pop_back();
    if (seen[g]) continue;
    seen[g] = true;
    out.ways.push_back(by[g]);
    const Way& way = p.ways[static_cast<std::size_t>(by[g])];
    goals.insert(goals.end(), way.goals.begin(), way.goals.end());
    items.insert(items.end(), way.items.begin(), way.items.end());
  }
  while (!items.empty()) {
    const auto i = static_cast<std::size_t>(items.back());
    items.pop_back();
    if (paid[i]) continue;
    paid[i] = true;
    out.items.push_back(static_cast<int>(i));
    out.cost += p.items[i].cost;
    items.insert(items.end(), p.items[i].after.begin(), p.items[i].after.end());
  }
  std::sort(out.ways.begin(), out.ways.end());
  std::sort(out.items.begin(), out.items.end());
  return out;
}

Part part_of(const Problem& p, const std::vector<int>& wanted, const std::vector<bool>& barred) {
  std::vector<std::vector<int>> ways_of(p.goals.size());
  for (std::size_t w = 0; w < p.ways.size(); ++w)
    if (!barred[w]) ways_of[static_cast<std::size_t>(p.ways[w].goal)].push_back(static_cast<int>(w));
  std::vector<bool> goals(p.goals.size(), false), items(p.items.size(), false), ways(p.ways.size(), false);
  std::vector<int> open = wanted, paid;
  while (!open.empty()) {
    const auto g = static_cast<std::size_t>(open.back());
    open.pop_back();
    if (goals[g]) continue;
    goals[g] = true;
    for (const int w : ways_of[g]) {
      const Way& way = p.ways[static_cast<std::size_t>(w)];
      ways[static_cast<std::size_t>(w)] = true;
      open.insert(open.end(), way.goals.begin(), way.goals.end());
      paid.insert(paid.end(), way.items.begin(), way.items.end());
    }
  }
  while (!paid.empty()) {
    const auto i = static_cast<std::size_t>(paid.back());
    paid.pop_back();
    if (items[i]) continue;
    items[i] = true;
    paid.insert(paid.end(), p.items[i].after.begin(), p.items[i].after.end());
  }
  Part out;
  const auto number = [](const std::vector<bool>& kept, std::vector<int>& list) {
    std::vector<int> fresh(kept.size(), -1);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (!kept[i]) continue;
      fresh[i] = static_cast<int>(list.size());
      list.push_back(static_cast<int>(i));
    }
    return fresh;
  };
  const std::vector<int> new_item = number(items, out.items), new_goal = number(goals, out.goals);
  number(ways, out.ways);
  const auto renamed = [](std::vector<int> list, const std::vector<int>& fresh) {
    for (int& i : list) i = fresh[static_cast<std::size_t>(i)];
    return list;
  };
  for (const int i : out.items) {
    Item item = p.items[static_cast<std::size_t>(i)];
    item.after = renamed(std::move(item.after), new_item);
    out.problem.items.push_back(std::move(item));
  }
  for (const int g : out.goals) out.problem.goals.push_back({p.goals[static_cast<std::size_t>(g)].name, false});
  for (const int g : wanted)
    out.problem.goals[static_cast<std::size_t>(new_goal[static_cast<std::size_t>(g)])].wanted = true;
  for (const int w : out.ways) {
    Way way = p.ways[static_cast<std::size_t>(w)];
    way.goal = new_goal[static_cast<std::size_t>(way.goal)];
    way.items = renamed(std::move(way.items), new_item);
    way.goals = renamed(std::move(way.goals), new_goal);
    out.problem.ways.push_back(std::move(way));
  }
  return out;
}

}  // namespace assay::plan
