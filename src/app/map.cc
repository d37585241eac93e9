#include "app/map.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/map_ends.h"
#include "base/json.h"
#include "base/text.h"
#include "crosswalk/exchange.h"
#include "report/terminal.h"

namespace assay::app {
namespace {

using crosswalk::Crosswalk;
using crosswalk::Step;
using crosswalk::Way;

std::string_view word(MapState state) {
  constexpr std::string_view kWords[] = {"nothing", "part_of_several", "evidence", "pass"};
  return kWords[static_cast<std::size_t>(state)];
}

void write_end(JsonWriter& w, std::string_view key, const MapEnd& end) {
  constexpr std::string_view kKinds[] = {"requirement", "standard", "level"};
  w.key(key).object(true);
  w.field("id", end.id).field("title", end.title).field("kind", kKinds[static_cast<std::size_t>(end.kind)]);
  w.field("edition", end.edition).end_object();
}

void write_row(JsonWriter& w, const Crosswalk& all, const MapAnswer& answer, const MapRow& r) {
  w.object().field("to", r.id).field("title", r.title).field("edition", edition_of(all, r.id));
  w.field("carries", word(state_of(r)));
  if (r.held) w.field("held", true);
  if (r.way != nullptr) {
    const Way& way = *r.way;
    // How several together stand to a target is known only where they cover it.
    if (way.pass || answer.from.items.size() == 1) w.field("relation", name(way.relation));
    w.field("fail_carries", way.fail).field("confidence", name(way.confidence));
    w.key("from").texts(begins_with(answer.from, way)).key("residual").texts(way.residual);
    if (!way.open_parts.empty()) w.key("open_parts").texts(way.open_parts);
    w.key("source").texts(way.source).key("steps").array();
    for (const Step& s : way.steps) {
      w.object().key("from").texts(s.from).field("to", s.to).field("relation", name(s.relation));
      w.field("direction", s.backwards ? "reversed" : "as_stated");
      w.field("from_edition", edition_of(all, s.from.front())).field("to_edition", edition_of(all, s.to));
      w.field("confidence", name(s.link->backing.confidence)).key("source").texts(s.link->backing.source);
      if (s.link->strength) w.field("strength", s.link->strength);
      if (s.link->whole) w.field("whole", true);
      if (!s.backwards && !s.link->residual.empty()) w.field("residual", s.link->residual);
      if (!s.link->note.empty()) w.field("note", s.link->note);
      w.field("where", s.link->where).end_object();
    }
    w.end_array();
  } else if (r.share != nullptr) {
    w.field("relation_together", name(r.share->link->relation)).key("missing").texts(r.share->missing);
    w.field("where", r.share->link->where);
  }
  w.end_object();
}

Result<std::string> what_there_is(bool json, bool colour, bool unicode) {
  const Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  if (json) {
    JsonWriter w(1);
    w.array();
    for (const auto& [id, title] : map_ends()) w.object(true).field("id", id).field("title", title).end_object();
    return w.end_array().take() + "\n";
  }
  const report::Terminal terminal{colour, unicode};
  std::string out = terminal.bold("Standards, laws and codes") + "\n";
  for (const crosswalk::Standard& s : all.standards) {
    std::size_t links = 0;
    for (const crosswalk::Link& l : all.links)
      links += crosswalk::standard_of(l.to) == s.id || crosswalk::standard_of(l.from.front()) == s.id;
    out += fmt::format(
        "  {}{}{} requirements{}\n", report::pad(s.id, 18), report::pad(report::shorten(s.title, 26, unicode), 28),
        report::pad_left(std::to_string(s.items.size()), 3), links ? fmt::format(", {} relations", links) : "");
  }
  out += "\n" + terminal.bold("Levels of schemes") + "\n";
  std::string levels;
  for (const auto& [id, title] : map_ends())
    if (all.standard(id) == nullptr) levels += (levels.empty() ? "" : "  ") + id;
  out += report::wrapped("  ", levels);
  return out + "\nassay map FROM TO relates two of them, or single requirements: assay map en303645:2.1.1:5.3-8\n";
}

// Which standards and levels a standard or level says something of, and how much.
void answer_each(const Crosswalk& all, MapAnswer& answer) {
  for (const Way& way : answer.reach.ways) answer.rows.push_back(map_row(all, answer.from, answer.reach, way.to));
  for (const crosswalk::Share& s : answer.reach.shares)
    if (std::none_of(answer.rows.begin(), answer.rows.end(), [&](const MapRow& r) { return r.id == s.link->to; }))
      answer.rows.push_back(map_row(all, answer.from, answer.reach, s.link->to));
  std::sort(answer.rows.begin(), answer.rows.end(),
            [](const MapRow& a, const MapRow& b) { return natural_less(a.id, b.id); });
}

Result<std::string> summary(const Crosswalk& all, const MapAnswer& answer, bool colour, bool unicode) {
  const report::Terminal terminal{colour, unicode};
  std::string out =
      fmt::format("{}  {}\nTaken as met: all its requirements. What carries, and to how many of theirs:\n\n",
                  terminal.bold(answer.from.id), answer.from.title);
  out += report::pad("", 38) + "   pass  evidence  in part  nothing\n";
  const auto line = [&](const std::string& id, const std::string& title, const std::map<MapState, int>& n) {
    const auto count = [&](MapState s) { return n.contains(s) ? std::to_string(n.at(s)) : "-"; };
    out += "  " + report::pad(id, 16) + report::pad(report::shorten(title, 18, unicode), 20) +
           report::pad_left(count(MapState::pass), 7) + report::pad_left(count(MapState::evidence), 10) +
           report::pad_left(count(MapState::share), 9) + report::pad_left(count(MapState::nothing), 9) + "\n";
  };
  for (const crosswalk::Standard& s : all.standards) {
    if (s.id == answer.from.id) continue;
    std::map<MapState, int> n;
    for (const crosswalk::Item& i : s.items) ++n[state_of(map_row(all, answer.from, answer.reach, i.id))];
    if (n[MapState::nothing] == static_cast<int>(s.items.size())) continue;
    for (auto it = n.begin(); it != n.end();) it = it->second == 0 ? n.erase(it) : std::next(it);
    line(s.id, s.title, n);
  }
  out += "\nLevels of schemes of which all that is listed carries:\n";
  std::string whole;
  for (const scheme::Scheme& s : ASSAY_TRY(scheme::schemes())->schemes)
    for (const scheme::Level& l : s.levels)
      if (l.listed && !l.asks.parts.empty() && state_of(l.asks, all, answer) == MapState::pass)
        whole += (whole.empty() ? "" : "  ") + s.id + ":" + l.id + (l.beyond.empty() && l.beyond_known ? "" : "*");
  out += report::wrapped("  ", whole.empty() ? "none" : whole);
  if (whole.find('*') != std::string::npos) out += "  * asks more beyond EN 303 645\n";
  return out + fmt::format("\nRow by row: assay map {} TO\n", answer.from.id);
}

}  // namespace

std::string map_json(const Crosswalk& all, const MapAnswer& answer) {
  JsonWriter w(1);
  w.object();
  write_end(w, "from", answer.from);
  if (!answer.to.id.empty()) write_end(w, "to", answer.to);
  if (answer.to.level != nullptr) {
    const scheme::Level& l = *answer.to.level;
    w.field("listed", l.listed).field("carries", word(l.listed ? state_of(l.asks, all, answer) : MapState::nothing));
    w.field("beyond_known", l.beyond_known).key("beyond").texts(l.beyond);
  }
  w.key("rows").array();
  for (const MapRow& r : answer.rows) write_row(w, all, answer, r);
  w.end_array().key("gaps").array();
  for (const crosswalk::Gap& g : all.gaps)
    if (g.from == crosswalk::standard_of(answer.from.id) && g.to == crosswalk::standard_of(answer.to.id))
      w.object(true).field("text", g.text).field("confidence", name(g.backing.confidence)).end_object();
  return w.end_array().end_object().take() + "\n";
}

std::string map_csv(const MapAnswer& answer) {
  std::string out = "from,to,title,carries,relation,fail_carries,confidence,through,residual,source\n";
  for (const MapRow& r : answer.rows) {
    std::vector<std::string> through;
    if (r.way != nullptr)
      for (std::size_t i = 0; i + 1 < r.way->steps.size(); ++i) through.push_back(r.way->steps[i].to);
    const bool related = r.way != nullptr && (r.way->pass || answer.from.items.size() == 1);
    out += csv_cell(r.way ? join(begins_with(answer.from, *r.way), " ") : "") + "," + csv_cell(r.id) + "," +
           csv_cell(r.title) + "," + std::string(word(state_of(r))) + "," +
           (related ? std::string(name(r.way->relation)) : "") + "," + (r.way && r.way->fail ? "yes" : "no") + "," +
           (r.way ? std::string(name(r.way->confidence)) : "") + "," + csv_cell(join(through, " ")) + "," +
           csv_cell(r.way ? join(r.way->residual, "; ") : "") + "," + csv_cell(r.way ? join(r.way->source, " ") : "") +
           "\n";
  }
  return out;
}

Result<std::string> map_about(const MapOptions& options) {
  const Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  if (options.from.empty()) return what_there_is(options.json, options.colour, options.unicode);
  MapAnswer answer;
  answer.from = ASSAY_TRY(map_end(options.from, true));
  if (!options.to.empty()) answer.to = ASSAY_TRY(map_end(options.to, false));
  answer.reach = crosswalk::travel(all, answer.from.items);
  if (options.to.empty())
    answer_each(all, answer);
  else
    for (const std::string& id : answer.to.items) answer.rows.push_back(map_row(all, answer.from, answer.reach, id));
  if (options.json) return map_json(all, answer);
  if (options.csv) return map_csv(answer);
  if (options.to.empty() && answer.from.kind != MapEnd::Kind::requirement)
    return summary(all, answer, options.colour, options.unicode);
  return map_text(all, answer, options.colour, options.unicode);
}

}  // namespace assay::app
