// What `assay map` prints: the answer first, then row by row, each with what it rests on and what is left over.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/map_ends.h"
#include "base/text.h"
#include "report/terminal.h"

namespace assay::app {
namespace {

using crosswalk::Crosswalk;
using crosswalk::Link;
using crosswalk::Reach;
using crosswalk::Share;
using crosswalk::Step;
using crosswalk::Way;

std::string words(Relation relation) {
  if (relation == Relation::covered_by) return "asks less";
  return std::string(name(relation));
}
Verdict look_of(MapState state) {
  if (state == MapState::pass) return Verdict::pass;
  if (state == MapState::evidence) return Verdict::inconclusive;
  if (state == MapState::share) return Verdict::not_assessed;
  return Verdict::not_applicable;
}

struct Printer {
  const Crosswalk& all;
  const MapAnswer& answer;
  report::Terminal terminal;
  std::string out;
  bool one() const { return answer.from.items.size() == 1; }

  // The number alone where the standard is plain, the full id elsewhere.
  std::string short_id(std::string_view id, std::string_view standard) const {
    return std::string(crosswalk::standard_of(id) == standard ? crosswalk::number_of(id) : id);
  }
  std::string says(const MapRow& row) const {
    if (row.held) return "held itself";
    if (row.way == nullptr) return row.share != nullptr ? "in part" : "nothing";
    if (one()) return words(row.way->relation);
    return row.way->pass ? "covered" : "evidence";
  }
  void detail(std::string_view text) { out += report::wrapped("        ", text); }

  void why(const MapRow& row, std::string_view standard) {
    if (row.share != nullptr && row.way == nullptr) {
      std::vector<std::string> missing;
      for (const std::string& m : row.share->missing) missing.push_back(short_id(m, standard));
      detail(fmt::format("only together with {}: {}", join(missing, ", "), words(row.share->link->relation)));
    }
    if (row.way == nullptr) return;
    const Way& way = *row.way;
    if (!one()) {
      std::vector<std::string> by;
      for (const std::string& b : begins_with(answer.from, way)) by.push_back(short_id(b, answer.from.id));
      detail(fmt::format("by {}{}", join(by, ", "), by.size() > 1 && way.pass ? ", together" : ""));
    }
    if (way.steps.size() > 1) {
      std::string through = "through ";
      for (std::size_t i = 0; i + 1 < way.steps.size(); ++i)
        through += fmt::format("{}{} ({})", i ? ", " : "", way.steps[i].to, words(way.steps[i].relation));
      detail(through);
    }
    std::vector<std::string> parts;
    for (const std::string& p : way.open_parts) parts.push_back(short_id(p, standard));
    if (!parts.empty())
      detail("left over: " + join(parts, ", "));
    else if (!way.residual.empty())
      detail("left over: " + join(way.residual, "; "));
    else if (const int strength = way.pass ? 0 : way.steps.back().link->strength)
      detail(fmt::format("settles {} of 10, we think; what is left over is not spelled out", strength));
    if (!way.pass && way.steps.back().link->note != "") detail("note: " + way.steps.back().link->note);
  }

  void row(const MapRow& r, std::string_view standard, std::size_t width, std::string_view indent = "  ") {
    const std::string id = report::pad(short_id(r.id, standard), width);
    const std::string sure = r.way != nullptr ? std::string(name(r.way->confidence)) : "";
    const std::size_t used = indent.size() + 2 + 12 + width + 2 + 8;
    const std::size_t room = report::Terminal::kWidth > used + 12 ? report::Terminal::kWidth - used : 12;
    std::string line = std::string(indent) + terminal.shape(look_of(state_of(r))) + " " + report::pad(says(r), 12) +
                       id + "  " + report::pad(report::shorten(r.title, room, terminal.unicode), room) +
                       (sure.empty() ? "" : "  " + sure);
    out += std::string(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
    why(r, standard);
  }

  void legend() {
    const auto item = [&](MapState state, std::string_view text) {
      return terminal.shape(look_of(state)) + " " + std::string(text);
    };
    out += item(MapState::pass, "a pass carries   ") + item(MapState::evidence, "evidence only   ") +
           item(MapState::share, "only together with others   ") + item(MapState::nothing, "nothing") + "\n";
  }

  void counts(const std::vector<MapRow>& rows) {
    std::map<MapState, int> n;
    for (const MapRow& r : rows) ++n[state_of(r)];
    out += fmt::format("\n{} of {} requirements: a pass carries; {} have evidence only; {} in part; {} nothing.\n",
                       n[MapState::pass], rows.size(), n[MapState::evidence], n[MapState::share], n[MapState::nothing]);
  }

  static std::size_t width_of(const std::vector<MapRow>& rows, std::string_view standard) {
    std::size_t width = 5;
    for (const MapRow& r : rows)
      width =
          std::max(width, crosswalk::standard_of(r.id) == standard ? crosswalk::number_of(r.id).size() : r.id.size());
    return width;
  }

  void heading(const MapEnd& end, std::string_view before) {
    out += fmt::format("{}{}", before, terminal.bold(end.id));
    if (end.title != end.id) out += "  " + end.title;
    if (!end.edition.empty() && end.id.find(end.edition) == std::string::npos)
      out += end.kind == MapEnd::Kind::level ? fmt::format(" (names EN 303 645 V{})", end.edition)
                                             : fmt::format(" ({})", end.edition);
    out += "\n";
  }

  // A requirement against everything.
  void everything() {
    heading(answer.from, "");
    out += "\n";
    legend();
    std::map<std::string, std::vector<MapRow>, std::less<>> groups;
    for (const Way& w : answer.reach.ways)
      groups[std::string(crosswalk::standard_of(w.to))].push_back(map_row(all, answer.from, answer.reach, w.to));
    for (const Share& s : answer.reach.shares) {
      auto& rows = groups[std::string(crosswalk::standard_of(s.link->to))];
      if (std::none_of(rows.begin(), rows.end(), [&](const MapRow& r) { return r.id == s.link->to; }))
        rows.push_back(map_row(all, answer.from, answer.reach, s.link->to));
    }
    for (auto& [standard, rows] : groups) {
      const crosswalk::Standard* s = all.standard(standard);
      std::sort(rows.begin(), rows.end(), [](const MapRow& a, const MapRow& b) { return natural_less(a.id, b.id); });
      out += "\n" + terminal.bold(s == nullptr ? standard : s->title) + "  " + standard +
             (s == nullptr || s->edition.empty() || standard.find(s->edition) != std::string::npos
                  ? ""
                  : " (" + s->edition + ")") +
             "\n";
      const std::size_t width = width_of(rows, standard);
      for (const MapRow& r : rows) row(r, standard, width);
    }
    if (groups.empty()) out += "\nThe map relates it to nothing.\n";
    out += fmt::format("\nThe whole chain to one of them: assay map {} TO\n", answer.from.id);
  }

  // One requirement against one other: every step.
  void chain() {
    heading(answer.from, "");
    heading(answer.to, terminal.unicode ? "→ " : "> ");
    const MapRow& r = answer.rows.front();
    out += "\n  " + terminal.shape(look_of(state_of(r))) + " ";
    if (r.held) {
      out += "The same requirement.\n";
      return;
    }
    if (r.way == nullptr) {
      if (r.share == nullptr) {
        out += "No relation that carries anything.\n";
        touch();
      } else {
        out += "Alone nothing.\n";
        why(r, answer.to.id);
      }
      return;
    }
    const Way& way = *r.way;
    out += fmt::format("{}: {}. Confidence {}.\n", words(way.relation),
                       way.pass && way.fail ? "a pass carries, and a fail"
                       : way.pass           ? "a pass carries"
                       : way.fail           ? "evidence only; a fail carries"
                                            : "evidence only",
                       name(way.confidence));
    if (!way.open_parts.empty())
      out += report::wrapped("    left over: ", join(way.open_parts, ", "));
    else if (!way.residual.empty())
      out += report::wrapped("    left over: ", join(way.residual, "; "));
    else if (!way.pass)
      out += "    left over: something, not spelled out\n";
    for (std::size_t i = 0; i < way.steps.size(); ++i) {
      const Step& s = way.steps[i];
      out += report::wrapped(fmt::format("\n  {}  ", i + 1),
                             fmt::format("{} {} {}", join(s.from, ", "), words(s.relation), s.to));
      std::string about = fmt::format("confidence {}", name(s.link->backing.confidence));
      if (const std::string e = edition_of(all, s.from.front()); !e.empty()) about += ", from edition " + e;
      if (const std::string e = edition_of(all, s.to); !e.empty()) about += ", to edition " + e;
      if (s.backwards) about += ", read from its target";
      if (s.link->strength) about += fmt::format(", settles {} of 10 of {}", s.link->strength, s.link->to);
      detail(about);
      if (s.link->whole) detail(fmt::format("{} is met where each of its parts is", s.link->to));
      if (!s.link->note.empty()) detail("note: " + s.link->note);
      detail(fmt::format("source {}; {}", join(s.link->backing.source, ", "), s.link->where));
    }
  }

  // Why nothing carries, where something overlaps on the way.
  void touch() {
    for (const Link& l : all.links) {
      if (l.to != answer.to.id || l.relation != Relation::overlaps) continue;
      for (const std::string& f : l.from)
        if (answer.reach.to(f) != nullptr) {
          detail(fmt::format("{} overlaps {}, and is only evidence itself: two overlaps are not chained", f, l.to));
          return;
        }
    }
  }

  void clause(const scheme::Clause& c, std::size_t width, std::string indent) {
    const std::string standard = "en303645:" + answer.to.edition;
    if (c.kind == scheme::Clause::Kind::leaf)
      return row(map_row(all, answer.from, answer.reach, c.id), standard, width, indent);
    if (c.kind == scheme::Clause::Kind::any_of) out += indent + "any one of:\n";
    for (const scheme::Clause& part : c.parts) {
      if (part.title.empty() || part.kind == scheme::Clause::Kind::leaf) {
        clause(part, width, indent);
        continue;
      }
      out += report::wrapped(indent + terminal.shape(look_of(state_of(part, all, answer))) + " ", part.title);
      clause(part, width, indent + "  ");
    }
  }

  void level() {
    const scheme::Level& l = *answer.to.level;
    if (!l.listed) {
      out += "\nOur facts do not list what this level asks.\n";
      return;
    }
    const MapState state = state_of(l.asks, all, answer);
    out += "\n" + terminal.shape(look_of(state)) + " ";
    if (state != MapState::pass)
      out += "Not carried whole.\n";
    else if (!l.beyond_known || !l.beyond.empty())
      out += "All that is listed carries; the level asks more.\n";
    else
      out += "All of it carries.\n";
    out += "\n";
    legend();
    out += "\n";
    clause(l.asks, width_of(answer.rows, "en303645:" + answer.to.edition), "  ");
    counts(answer.rows);
    if (!l.beyond_known) out += "Beyond EN 303 645 it asks more; our facts do not say what.\n";
    for (const std::string& b : l.beyond) out += report::wrapped("Beyond EN 303 645: ", b);
  }

  void table() {
    heading(answer.from, "");
    heading(answer.to, terminal.unicode ? "→ " : "> ");
    if (!one())
      out += report::wrapped("", answer.from.kind == MapEnd::Kind::level
                                     ? "Taken as met: every requirement that the level asks in each of its ways."
                                     : "Taken as met: all its requirements.");
    if (answer.to.level != nullptr) {
      level();
    } else {
      out += "\n";
      legend();
      out += "\n";
      const std::size_t width = width_of(answer.rows, answer.to.id);
      for (const MapRow& r : answer.rows) row(r, answer.to.id, width);
      counts(answer.rows);
    }
    const std::string_view from = crosswalk::standard_of(answer.from.id), to = crosswalk::standard_of(answer.to.id);
    for (const crosswalk::Gap& g : all.gaps)
      if (g.from == from && g.to == to)
        out += report::wrapped("Known gap: ", fmt::format("{} (confidence {})", g.text, name(g.backing.confidence)));
    for (const crosswalk::Unmatched& u : all.unmatched)
      if (u.standard == from && crosswalk::standard_of(u.id) == to)
        out += report::wrapped(
            "No counterpart found: ",
            fmt::format("{}{} (confidence {})", u.id, u.note.empty() ? "" : ": " + u.note, name(u.confidence)));
  }
};

}  // namespace

std::string map_text(const Crosswalk& all, const MapAnswer& answer, bool colour, bool unicode) {
  Printer p{all, answer, {colour, unicode}, {}};
  if (answer.to.id.empty())
    p.everything();
  else if (answer.from.kind == MapEnd::Kind::requirement && answer.to.kind == MapEnd::Kind::requirement)
    p.chain();
  else
    p.table();
  return std::move(p.out);
}

}  // namespace assay::app
