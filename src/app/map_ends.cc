#include "app/map_ends.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::app {
namespace {

void leaves(const scheme::Clause& clause, bool every_way, std::vector<std::string>& out) {
  if (clause.kind == scheme::Clause::Kind::leaf) {
    if (std::find(out.begin(), out.end(), clause.id) == out.end()) out.push_back(clause.id);
    return;
  }
  if (clause.kind == scheme::Clause::Kind::any_of && !every_way) return;
  for (const scheme::Clause& part : clause.parts) leaves(part, every_way, out);
}

MapState best(MapState a, MapState b) { return std::max(a, b); }

}  // namespace

std::string title_of(const crosswalk::Crosswalk& all, std::string_view id) {
  if (const crosswalk::Item* item = all.item(id)) return item->title;
  return {};
}

std::string edition_of(const crosswalk::Crosswalk& all, std::string_view id) {
  const crosswalk::Standard* s = all.standard(crosswalk::standard_of(id));
  return s == nullptr ? std::string() : s->edition;
}

std::vector<std::pair<std::string, std::string>> map_ends() {
  std::vector<std::pair<std::string, std::string>> out;
  if (const auto all = crosswalk::load())
    for (const crosswalk::Standard& s : (*all)->standards) out.emplace_back(s.id, s.title);
  if (const auto schemes = scheme::schemes())
    for (const scheme::Scheme& s : (*schemes)->schemes)
      for (const scheme::Level& l : s.levels)
        out.emplace_back(s.id + ":" + l.id, l.title.empty() ? s.title : s.title + " " + l.title);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return natural_less(a.first, b.first); });
  return out;
}

Result<MapEnd> map_end(std::string_view word, bool held) {
  const crosswalk::Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  MapEnd out;
  out.id = std::string(word);
  if (const crosswalk::Item* item = all.item(word)) {
    out.title = item->title;
    out.edition = edition_of(all, word);
    out.items = {item->id};
    return out;
  }
  if (const crosswalk::Standard* s = all.standard(word)) {
    out.kind = MapEnd::Kind::standard;
    out.title = s->title;
    out.edition = s->edition;
    for (const crosswalk::Item& i : s->items) out.items.push_back(i.id);
    return out;
  }
  const std::string_view name = word.substr(0, word.find(':'));
  const scheme::Register& schemes = *ASSAY_TRY(scheme::schemes());
  if (const scheme::Scheme* s = schemes.scheme(name)) {
    const std::string_view level = name.size() == word.size() ? std::string_view() : word.substr(name.size() + 1);
    std::vector<std::string> levels;
    for (const scheme::Level& l : s->levels) levels.push_back(s->id + ":" + l.id);
    const scheme::Level* found = s->level(level);
    if (found == nullptr && level.empty() && s->levels.size() == 1) found = &s->levels.front();
    if (found == nullptr)
      return fail(Error{Errc::not_found,
                        level.empty() ? fmt::format("{} has several levels", name)
                                      : fmt::format("{} has no level or requirement '{}'", name, level),
                        {},
                        {},
                        levels.empty() ? "Our facts know no level of it." : "There are " + join(levels, ", ") + "."});
    out.kind = MapEnd::Kind::level;
    out.id = s->id + ":" + found->id;
    out.title = found->title.empty() ? s->title : s->title + " " + found->title;
    out.edition = s->edition;
    out.scheme = s;
    out.level = found;
    leaves(found->asks, !held, out.items);
    return out;
  }
  // Near: the same number in an edition, or a name that is misspelt.
  std::vector<std::string> near;
  for (const crosswalk::Standard& s : all.standards) {
    const std::string tail = std::string(word.substr(word.rfind(':') + 1));
    if (s.id.starts_with(name) || name.size() == word.size())
      for (const crosswalk::Item& i : s.items)
        if (crosswalk::number_of(i.id) == tail) near.push_back(i.id);
    if (s.id.starts_with(std::string(word) + ":")) near.push_back(s.id);
  }
  std::vector<std::string> names;
  for (const auto& end : map_ends()) names.push_back(end.first);
  if (near.empty())
    if (const auto like = nearest(word, {names.begin(), names.end()}); !like.empty()) near.emplace_back(like);
  if (near.size() > 4) near.resize(4);
  return fail(Error{Errc::not_found,
                    fmt::format("the map knows no '{}'", printable(word)),
                    {},
                    {},
                    near.empty() ? "assay map lists what it knows." : "Did you mean " + join(near, " or ") + "?"});
}

MapState state_of(const MapRow& row) {
  if (row.held || (row.way != nullptr && row.way->pass)) return MapState::pass;
  if (row.way != nullptr) return MapState::evidence;
  return row.share != nullptr ? MapState::share : MapState::nothing;
}

MapRow map_row(const crosswalk::Crosswalk& all, const MapEnd& from, const crosswalk::Reach& reach,
               std::string_view id) {
  MapRow row;
  row.id = std::string(id);
  row.title = title_of(all, id);
  row.held = std::find(from.items.begin(), from.items.end(), id) != from.items.end();
  if (row.held) return row;
  row.way = reach.to(id);
  if (row.way == nullptr)
    for (const crosswalk::Share& s : reach.shares)
      if (s.link->to == id && (row.share == nullptr || s.missing.size() < row.share->missing.size())) row.share = &s;
  return row;
}

MapState state_of(const scheme::Clause& clause, const crosswalk::Crosswalk& all, const MapAnswer& answer) {
  if (clause.kind == scheme::Clause::Kind::leaf) return state_of(map_row(all, answer.from, answer.reach, clause.id));
  if (clause.kind == scheme::Clause::Kind::any_of) {
    MapState out = MapState::nothing;
    for (const scheme::Clause& part : clause.parts) out = best(out, state_of(part, all, answer));
    return out;
  }
  bool every = true, some = false;
  for (const scheme::Clause& part : clause.parts) {
    const MapState s = state_of(part, all, answer);
    every = every && s == MapState::pass;
    some = some || s >= MapState::evidence;
  }
  return every && !clause.parts.empty() ? MapState::pass : some ? MapState::evidence : MapState::nothing;
}

std::vector<std::string> begins_with(const MapEnd& from, const crosswalk::Way& way) {
  std::vector<std::string> out;
  for (const crosswalk::Step& step : way.steps)
    for (const std::string& f : step.from)
      if (std::find(from.items.begin(), from.items.end(), f) != from.items.end() &&
          std::find(out.begin(), out.end(), f) == out.end())
        out.push_back(f);
  std::sort(out.begin(), out.end(), natural_less);
  return out;
}

}  // namespace assay::app
