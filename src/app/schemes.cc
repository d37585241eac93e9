#include "app/schemes.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "catalogue/requirements.h"
#include "report/scan_report.h"
#include "report/world_diagram.h"
#include "scheme/scheme.h"
#include "scheme/world.h"

namespace assay::app {
namespace {

using report::pad;
using report::wrapped;
using scheme::Scheme;

std::string spaced(std::string_view word) { return replace_all(std::string(word), "_", " "); }
std::string place(const Scheme& s) { return s.jurisdiction == "international" ? "int." : s.jurisdiction; }
bool doubtful(Confidence c) { return c <= Confidence::low; }

// By jurisdiction, what is international last.
std::vector<const Scheme*> by_place(const scheme::Register& all) {
  std::vector<const Scheme*> out;
  for (const Scheme& s : all.schemes) out.push_back(&s);
  const auto key = [](const Scheme* s) { return s->jurisdiction == "international" ? "~" : s->jurisdiction; };
  std::stable_sort(out.begin(), out.end(), [&](const Scheme* a, const Scheme* b) { return key(a) < key(b); });
  return out;
}

struct Counts {
  std::size_t schemes = 0, levels = 0, arrangements = 0, held_only = 0, live = 0;
};
Counts count(const scheme::Register& all, Date at) {
  Counts c;
  for (const Scheme& s : all.schemes) {
    if (s.mark_only) {
      ++c.held_only;
      continue;
    }
    ++c.schemes;
    c.levels += s.levels.size();
    if (scheme::standing(s, at).live) ++c.live;
  }
  c.arrangements = all.arrangements.size();
  return c;
}

std::string levels_words(const scheme::Reach& r) {
  return r.from_levels.empty() ? "levels not stated" : r.from_levels == "single" ? "" : r.from_levels;
}
std::string goal_words(const scheme::Reach& r) {
  return r.to + (r.to_level.empty() || r.to_level == "single" ? "" : " " + r.to_level);
}
std::string days_words(const scheme::Reach& r) {
  std::string out = r.since.empty() ? "day not known" : (r.state == "not yet" ? "from " : "since ") + r.since;
  if (!r.until.empty()) out += ", until " + r.until;
  if (!r.live && r.state != "day not known") out += ", " + r.state;
  return out;
}

std::string list_text(const scheme::Register& all, Date at, const report::Terminal& t) {
  const Counts c = count(all, at);
  std::string out = t.bold(fmt::format("Schemes on {}", at.words())) + "\n";
  out += fmt::format("{} schemes, {} levels, {} arrangements; {} schemes in force or open on this day\n\n", c.schemes,
                     c.levels, c.arrangements, c.live);
  std::string before;
  for (const Scheme* s : by_place(all)) {
    const scheme::Standing standing = scheme::standing(*s, at);
    std::string days = s->from ? (standing.word == "not yet" ? "from " : "since ") + s->from->text : "";
    if (standing.word == "planned" || standing.word == "closed") days.clear();
    if (s->until) days += ", until " + s->until->text;
    std::string levels = s->mark_only ? "held only"
                         : s->levels.empty()
                             ? ""
                             : fmt::format("{} level{}", s->levels.size(), s->levels.size() == 1 ? "" : "s");
    out += pad(place(*s) == before ? "" : place(*s), 5) + pad(s->id, 15) +
           pad(report::shorten(s->title, 21, t.unicode), 22) + pad(s->kind == "none_found" ? "" : s->kind, 14) +
           pad(standing.word, 14) + pad(levels, 10) + (doubtful(s->backing.confidence) ? "doubtful" : days);
    out.erase(out.find_last_not_of(' ') + 1);
    out += "\n";
    before = place(*s);
  }
  out += "\n" + t.bold("Arrangements") + "\n";
  for (const scheme::Arrangement& a : all.arrangements) {
    const scheme::Standing standing = scheme::standing(a, at);
    out += pad(a.id, 16) + pad(report::shorten(a.title, 49, t.unicode), 50) + pad(standing.word, 15) +
           (a.from ? a.from->text : "") + (doubtful(a.backing.confidence) ? (a.from ? ", doubtful" : "doubtful") : "");
    out.erase(out.find_last_not_of(' ') + 1);
    out += "\n";
  }
  out += "\n" + t.bold("What a mark or standard gives elsewhere") + "\n";
  for (const bool live : {true, false}) {
    if (!live) out += "\nNot in effect on this day\n";
    for (const scheme::Reach& r : scheme::reaches(all, at)) {
      if (r.live != live) continue;
      const std::string from = r.from + (levels_words(r).empty() ? "" : " " + levels_words(r));
      out += pad(report::shorten(from, 36, t.unicode), 37) + (t.unicode ? "→ " : "> ") +
             pad(report::shorten(goal_words(r), 27, t.unicode), 28) +
             spaced(r.effect == "none" ? "no effect" : r.effect) + "\n" + std::string(39, ' ') + days_words(r) + ", " +
             r.by + (doubtful(r.confidence) ? "; doubtful, confidence " + std::string(name(r.confidence)) : "") + "\n";
    }
  }
  out += "\n" + t.bold("How to read it") + "\n";
  for (const scheme::Remark& r : all.remarks)
    if (r.kind == "reading")
      out += wrapped(t.unicode ? "▸ " : "* ",
                     replace_all(r.note, "_", " ") + (r.consequence.empty() ? "" : ". " + r.consequence));
  out +=
      "\nassay schemes show ID tells all that is known of a scheme or arrangement, and how sure it is.\n"
      "assay schemes doubts lists every fact that is not sure, and what to read to settle it.\n";
  return out;
}

void write_reach(JsonWriter& w, const scheme::Reach& r) {
  w.object(true)
      .field("from", r.from)
      .field("from_levels", r.from_levels)
      .field("to", r.to)
      .field("to_level", r.to_level)
      .field("effect", r.effect)
      .field("by", r.by)
      .field("usable", r.usable)
      .field("since", r.since)
      .field("until", r.until)
      .field("edition", r.edition)
      .field("state", r.state)
      .field("confidence", name(r.confidence))
      .end_object();
}

std::string list_json(const scheme::Register& all, Date at) {
  const Counts c = count(all, at);
  JsonWriter w(1);
  w.object().field("at", at.iso()).key("counts").object(true);
  w.field("schemes", std::uint64_t{c.schemes})
      .field("levels", std::uint64_t{c.levels})
      .field("arrangements", std::uint64_t{c.arrangements})
      .field("live", std::uint64_t{c.live});
  w.end_object().key("schemes").array();
  for (const Scheme& s : all.schemes) {
    w.object(true).field("id", s.id).field("title", s.title).field("name", s.name).field("kind", s.kind);
    w.field("jurisdiction", s.jurisdiction)
        .field("status", name(s.status))
        .field("standing", scheme::standing(s, at).word);
    w.field("from", s.from ? s.from->text : "")
        .field("until", s.until ? s.until->text : "")
        .field("mark_only", s.mark_only);
    w.key("levels").array();
    for (const scheme::Level& l : s.levels)
      w.object()
          .field("id", l.id)
          .field("title", l.title)
          .field("standing", scheme::standing(s, l, at).word)
          .end_object();
    w.end_array().field("confidence", name(s.backing.confidence)).end_object();
  }
  w.end_array().key("arrangements").array();
  for (const scheme::Arrangement& a : all.arrangements)
    w.object(true)
        .field("id", a.id)
        .field("title", a.title)
        .field("type", a.type)
        .field("standing", scheme::standing(a, at).word)
        .field("from", a.from ? a.from->text : "")
        .field("until", a.until ? a.until->text : "")
        .field("confidence", name(a.backing.confidence))
        .end_object();
  w.end_array().key("recognition").array();
  for (const scheme::Reach& r : scheme::reaches(all, at)) write_reach(w, r);
  w.end_array().end_object();
  return w.take() + "\n";
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) out += (out.empty() ? "" : ",") + csv_cell(cell);
  return out + "\n";
}

std::string list_csv(const scheme::Register& all, Date at) {
  std::string out =
      csv_row({"scheme", "level", "title", "jurisdiction", "kind", "standing", "from", "until", "confidence"});
  for (const Scheme& s : all.schemes) {
    const auto row = [&](const std::string& level, const std::string& title, const std::string& standing,
                         Confidence c) {
      out += csv_row({s.id, level, title, s.jurisdiction, s.kind, standing, s.from ? s.from->text : "",
                      s.until ? s.until->text : "", std::string(name(c))});
    };
    if (s.levels.empty()) row("", s.title, scheme::standing(s, at).word, s.backing.confidence);
    for (const scheme::Level& l : s.levels)
      row(l.id, scheme::level_title(s, l).title, scheme::standing(s, l, at).word, l.backing.confidence);
  }
  return out;
}

}  // namespace

Result<std::string> schemes_on(Date at, SchemesForm form, const report::Terminal& t) {
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  if (form == SchemesForm::json) return list_json(all, at);
  if (form == SchemesForm::csv) return list_csv(all, at);
  return list_text(all, at, t);
}

Result<std::string> scheme_doubts(std::string_view id, SchemesForm form, const report::Terminal& t) {
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  const std::vector<scheme::Doubt> doubts = ASSAY_TRY(scheme::doubts(scheme::data_files(), id));
  if (!id.empty() && doubts.empty() && all.scheme(id) == nullptr) {
    const bool known = std::any_of(all.arrangements.begin(), all.arrangements.end(),
                                   [&](const scheme::Arrangement& a) { return a.id == id; });
    if (!known)
      return fail(Error{Errc::not_found,
                        fmt::format("no scheme or arrangement is called '{}'", id),
                        {},
                        {},
                        "assay schemes lists all of them."});
  }
  const auto titles = [](const scheme::Doubt& d) {
    std::vector<std::string> out;
    for (const std::string& source : d.read) {
      const catalogue::Source* s = catalogue::source(source);
      if (s != nullptr)
        out.push_back(fmt::format("{} ({}){}{}", s->title, s->publisher, s->url.empty() ? "" : " ", s->url));
    }
    return out;
  };
  if (form == SchemesForm::json) {
    JsonWriter w(1);
    w.array();
    for (const scheme::Doubt& d : doubts) {
      w.object().field("subject", d.subject).field("where", d.where).field("says", d.says);
      w.field("confidence", name(d.confidence)).key("source").texts(d.source);
      w.key("read").texts(d.read).key("read_titles").texts(titles(d));
      w.field("ask", d.ask)
          .key("see")
          .texts(d.see)
          .field("file", d.file)
          .field("line", d.mark.line)
          .field("column", d.mark.column)
          .end_object();
    }
    w.end_array();
    return w.take() + "\n";
  }
  if (form == SchemesForm::csv) {
    std::string out =
        csv_row({"subject", "where", "says", "confidence", "source", "read", "ask", "see", "file", "line"});
    for (const scheme::Doubt& d : doubts)
      out += csv_row({d.subject, d.where, d.says, std::string(name(d.confidence)), join(d.source, " "),
                      join(d.read, " "), d.ask, join(d.see, " "), d.file, std::to_string(d.mark.line)});
    return out;
  }
  std::map<Confidence, std::size_t> counts;
  std::string out, before;
  for (const scheme::Doubt& d : doubts) {
    ++counts[d.confidence];
    if (d.file + d.subject != before) {
      out += (out.empty() ? "" : "\n") + t.bold(fmt::format("{}  {}", d.subject, d.file)) + "\n";
      before = d.file + d.subject;
    }
    out += wrapped(fmt::format("  {:>4}  {:<7}", d.mark.line, name(d.confidence)), d.where + ": " + d.says);
    const std::string from = d.source.empty() ? "" : "from " + join(d.source, ", ");
    std::string settle = "to settle: " + join(d.read, ", ");
    if (d.read.empty()) settle = "to settle: ask " + (d.ask.empty() ? std::string("whoever issues it") : d.ask);
    if (!d.see.empty()) settle += "; see also " + join(d.see, ", ");
    out += wrapped("               ", from.empty() ? settle : from + "; " + settle);
  }
  if (doubts.empty())
    return fmt::format("Nothing here is below high confidence{}.\n", id.empty() ? "" : " about " + std::string(id));
  // What the source ids mean, once.
  std::map<std::string, const catalogue::Source*> read;
  for (const scheme::Doubt& d : doubts)
    for (const auto* list : {&d.read, &d.see})
      for (const std::string& source : *list) read[source] = catalogue::source(source);
  out += "\n" + t.bold("To read") + "\n";
  for (const auto& [source, s] : read)
    if (s != nullptr) out += wrapped("  " + source + "  ", fmt::format("{}, {} {}", s->title, s->publisher, s->url));
  out += fmt::format(
      "\n{} facts below high confidence: {} medium, {} low, {} looked for and not found. The number at the left is the "
      "line\nof the file; a correction is one edit there, and the tests of src/scheme show what it moves "
      "(docs/schemes.md).\n",
      doubts.size(), counts[Confidence::medium], counts[Confidence::low], counts[Confidence::none]);
  return out;
}

Result<report::WorldDiagram> world_on(Date at) {
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  report::WorldDiagram world;
  world.at = at;
  for (const Scheme* s : by_place(all)) {
    const scheme::Standing standing = scheme::standing(*s, at);
    world.marks.push_back({s->id, s->jurisdiction == "international" ? "" : s->jurisdiction, s->title, s->kind,
                           standing.word, standing.live});
  }
  for (const scheme::Reach& r : scheme::reaches(all, at))
    world.reaches.push_back({r.from, r.from_levels, r.to, r.to_level, r.effect, r.by, r.since, r.until, r.state, r.live,
                             doubtful(r.confidence)});
  return world;
}

Result<std::string> schemes_svg(Date at) { return report::world_svg(ASSAY_TRY(world_on(at))); }

}  // namespace assay::app
