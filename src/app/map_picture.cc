// The crosswalk as a matrix: what each requirement of one end says of each of others, one at a time.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/map.h"
#include "app/map_ends.h"
#include "base/data.h"
#include "base/text.h"
#include "report/matrix.h"

namespace assay::app {
namespace {

report::MatrixCell cell_of(const crosswalk::Way& way) {
  report::MatrixCell c;
  c.relation = way.relation;
  c.confidence = way.confidence;
  std::vector<std::string> through, parts;
  for (std::size_t i = 0; i + 1 < way.steps.size(); ++i) through.push_back(way.steps[i].to);
  c.through = join(through, ", ");
  for (const std::string& p : way.open_parts) parts.emplace_back(crosswalk::number_of(p));
  if (!parts.empty())
    c.residual = join(parts, ", ");
  else if (!way.residual.empty())
    c.residual = join(way.residual, "; ");
  else if (!way.pass && way.steps.back().link->strength != 0)
    c.residual =
        fmt::format("{} of 10 settled, we think; the rest is not spelled out", way.steps.back().link->strength);
  else if (!way.pass)
    c.residual = "not spelled out";
  c.source = join(way.source, ", ");
  return c;
}

Result<report::Matrix> matrix(const MapOptions& options) {
  const crosswalk::Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  const MapEnd from = ASSAY_TRY(map_end(options.from.empty() ? "en303645:3.1.3" : options.from, true));
  report::Matrix m;
  m.id = from.id;
  m.title = from.title;
  m.data = data::version();
  // A level's or requirement's own standard is no other.
  const auto number = [&](std::string_view id, std::string_view standard) {
    return std::string(crosswalk::standard_of(id) == standard ? crosswalk::number_of(id) : id);
  };
  const std::string rows_of(from.items.empty() ? from.id : std::string(crosswalk::standard_of(from.items.front())));
  std::vector<crosswalk::Reach> reaches;
  for (const std::string& id : from.items) {
    m.rows.push_back({number(id, rows_of), title_of(all, id)});
    reaches.push_back(crosswalk::travel(all, {id}));
  }
  std::vector<MapEnd> ends;
  if (!options.to.empty()) {
    ends.push_back(ASSAY_TRY(map_end(options.to, false)));
  } else {
    for (const crosswalk::Standard& s : all.standards)
      if (s.id != from.id) ends.push_back(ASSAY_TRY(map_end(s.id, false)));
  }
  for (const MapEnd& end : ends) {
    report::MatrixGroup g;
    g.id = end.id;
    g.title = end.title;
    if (end.kind != MapEnd::Kind::level) g.edition = end.edition;
    const std::string columns_of(end.items.empty() ? end.id : std::string(crosswalk::standard_of(end.items.front())));
    for (const std::string& id : end.items) g.columns.push_back({number(id, columns_of), title_of(all, id)});
    for (std::size_t r = 0; r < reaches.size(); ++r)
      for (std::size_t c = 0; c < end.items.size(); ++c) {
        const crosswalk::Way* way = reaches[r].to(end.items[c]);
        if (way == nullptr) continue;
        report::MatrixCell cell = cell_of(*way);
        cell.row = r;
        cell.column = c;
        g.cells.push_back(std::move(cell));
      }
    for (const crosswalk::Gap& gap : all.gaps)
      if (gap.from == from.id && gap.to == end.id)
        g.gaps.push_back(fmt::format("Known gap: {} (confidence {})", gap.text, name(gap.backing.confidence)));
    if (!g.cells.empty() || !options.to.empty()) m.groups.push_back(std::move(g));
  }
  // What relates most comes first.
  std::stable_sort(m.groups.begin(), m.groups.end(), [](const report::MatrixGroup& a, const report::MatrixGroup& b) {
    return a.cells.size() > b.cells.size();
  });
  return m;
}

}  // namespace

Result<std::string> map_picture(const MapOptions& options, bool html) {
  const report::Matrix m = ASSAY_TRY(matrix(options));
  return html ? report::matrix_html(m) : report::matrix_svg(m);
}

}  // namespace assay::app
