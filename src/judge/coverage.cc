#include "judge/coverage.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"

namespace assay::judge {
namespace {

using evidence::Evidence;
using evidence::Row;

}  // namespace

CoverageMap::CoverageMap(const Evidence& evidence, std::string_view ts_edition) : edition_(ts_edition) {
  // Only a person sets something aside, and says why.
  std::map<std::string, std::string> closed_rows;  // row → reason
  std::map<std::string, std::string> closers;      // the person's row → reason
  for (const Row& row : evidence.rows("person")) {
    const auto text = [&](std::string_view c) { return Evidence::text("person", row, c); };
    if (text("kind") != "close" || text("source") != "person" || trim(text("reason")).empty() || text("closes").empty())
      continue;
    const std::string says = text("reason") + (text("by").empty() ? "" : " (" + text("by") + ")");
    closed_rows[text("closes")] = says;
    closers[text("id")] = says;
  }

  using Key = std::tuple<std::string, std::string, std::string>;  // artefact, table, examiner
  std::map<Key, std::size_t> done;
  for (const Row& row : evidence.rows("examined")) {
    const auto text = [&](std::string_view c) { return Evidence::text("examined", row, c); };
    Look look{text("source"), text("tbl"), Node::mapping(), text("complete") == "1"};
    if (auto scope = parse_json(text("scope").empty() ? "{}" : text("scope"), "scope"); scope && scope->is_mapping())
      look.scope = std::move(*scope);
    const auto closed = closed_rows.find(text("id"));
    if (look.complete || closed != closed_rows.end()) ++done[{text("artefact"), look.table, text("examiner")}];
    if (!look.complete) {
      if (closed == closed_rows.end())
        gaps_.push_back({look.source, look.table});
      else
        asides_.push_back({look.source, look.table, "look " + text("id") + " set aside: " + closed->second});
    }
    looks_.push_back(std::move(look));
  }

  for (const Row& row : evidence.rows("artefact")) {
    const auto text = [&](std::string_view c) { return Evidence::text("artefact", row, c); };
    const std::string source = text("source"), planned = text("looks");
    sources_.insert(source);
    if (planned.empty()) continue;
    const auto looks = parse_json(planned, "looks");
    if (!looks || !looks->is_sequence()) {
      gaps_.push_back({source, {}});
      continue;
    }
    // Looks of one examiner at one table may differ in scope, and the scope as it turned out may differ from the plan:
    // they are counted.
    std::map<Key, std::size_t> wanted;
    for (const Node& look : looks->items()) ++wanted[{text("id"), look["table"].text(), look["examiner"].text()}];
    for (const auto& [key, count] : wanted)
      if (done[key] < count) gaps_.push_back({source, std::get<1>(key)});
  }

  for (const Row& row : evidence.rows("unexamined")) {
    const auto text = [&](std::string_view c) { return Evidence::text("unexamined", row, c); };
    std::string says;
    if (const auto it = closed_rows.find(text("id")); it != closed_rows.end())
      says = it->second;
    else if (const auto by = closers.find(text("closed_by")); by != closers.end())
      says = by->second;
    if (says.empty())
      gaps_.push_back({text("source"), text("tbl")});
    else
      asides_.push_back({text("source"), text("tbl"),
                         text("place") + " was not examined (" + text("reason") + "), set aside: " + says});
  }
}

bool CoverageMap::has_artefact(std::string_view source) const { return sources_.contains(source); }

Coverage CoverageMap::of(const Need& need, std::optional<std::string_view> entry) const {
  if (need.optional && !has_artefact(need.source)) return Coverage::complete;
  bool any = false, complete = false;
  for (const Look& look : looks_)
    if (look.source == need.source && look.table == need.table && need.where.holds(look.scope, entry, edition_)) {
      any = true;
      complete = complete || look.complete;
    }
  if (!any) return Coverage::absent;
  if (!complete) return Coverage::partial;
  for (const Gap& gap : gaps_)
    if (gap.source == need.source && (gap.table.empty() || gap.table == need.table)) return Coverage::partial;
  return Coverage::complete;
}

Coverage CoverageMap::of(const Rule& rule, std::string_view unit, std::optional<std::string_view> entry) const {
  Coverage out = Coverage::complete;
  for (const Need& need : rule.needs)
    if (need.concerns(unit)) out = std::min(out, of(need, entry));
  return out;
}

std::vector<std::string> CoverageMap::set_aside(const Rule& rule, std::string_view unit) const {
  std::vector<std::string> out;
  for (const Aside& aside : asides_)
    for (const Need& need : rule.needs)
      if (need.concerns(unit) && need.source == aside.source && (aside.table.empty() || aside.table == need.table)) {
        out.push_back(aside.says);
        break;
      }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace assay::judge
