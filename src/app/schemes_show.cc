// One scheme or arrangement in full.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "app/schemes.h"
#include "app/schemes_json.h"
#include "base/text.h"
#include "catalogue/requirements.h"
#include "scheme/scheme.h"
#include "scheme/world.h"

namespace assay::app {
namespace {

using report::wrapped;
using scheme::Clause;
using scheme::Level;
using scheme::Said;
using scheme::Scheme;

std::string spaced(std::string_view word) { return replace_all(std::string(word), "_", " "); }

// What stands behind a fact: "high: sg_mddi_2026"; doubtful below medium.
std::string sure(const Backing& b) {
  if (b.confidence == Confidence::none) return "looked for, not found";
  return fmt::format("{}{}: {}", b.confidence <= Confidence::low ? "doubtful, " : "", name(b.confidence),
                     join(b.source, ", "));
}
std::string with(const std::string& text, const Backing& b) { return fmt::format("{} [{}]", text, sure(b)); }

std::string words_of(const Said& said) {
  std::string out = join(said.items, "; ");
  if (!said.note.empty()) out += (out.empty() ? "" : ". ") + said.note;
  return out;
}

std::string fee_words(const scheme::Fee& fee, Date at) {
  std::string out;
  for (const scheme::Amount& a : fee.amounts) {
    const bool live = (!a.from || at >= a.from->first) && (!a.until || at <= a.until->last);
    std::string one =
        a.amount == 0 ? "nothing" : fmt::format("{} {}", a.currency, grouped(static_cast<std::uint64_t>(a.amount)));
    one += a.of == "text" ? " for the text" : "";
    if (!a.levels.empty()) one += " for " + join(a.levels, ", ");
    if (a.with_tax) one += " with tax";
    if (a.from) one += ", from " + a.from->text;
    if (a.until) one += ", until " + a.until->text;
    if (!live) one += " (not on this day)";
    out += (out.empty() ? "" : "; ") + one;
  }
  if (fee.kind == scheme::Fee::Kind::none) out = "none";
  if (fee.kind == scheme::Fee::Kind::by_offer) out = "by offer";
  if (!fee.note.empty() && fee.note != out) out += (out.empty() ? "" : "; ") + fee.note;
  return out;
}
std::string time_words(const scheme::Time& t) {
  std::string out = spaced(t.what);
  if (!t.levels.empty()) out += " for " + join(t.levels, ", ");
  const std::string unit = spaced(t.unit);
  if (t.at_most && *t.at_most == 0)
    out += ":";
  else if (t.at_least && t.at_most && *t.at_least != *t.at_most)
    out += fmt::format(": {} to {} {}", *t.at_least, *t.at_most, unit);
  else if (t.at_most)
    out += fmt::format(": {} {}", *t.at_most, unit);
  if (!t.note.empty()) out += (t.at_most && *t.at_most > 0 ? ", " : t.at_most ? " " : ": ") + t.note;
  return out;
}

// "sg-cls:…" of this scheme without its name; provisions without edition where a heading has it.
std::string short_id(const Scheme& s, const std::string& id) {
  return id.starts_with(s.id + ":") ? id.substr(s.id.size() + 1) : id;
}

bool same(const Clause& a, const Clause& b) {
  return a.kind == b.kind && a.id == b.id &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same);
}
bool of_baseline(const Clause& c) { return c.kind == Clause::Kind::leaf && c.id.starts_with("en303645:"); }

class Tree {
 public:
  Tree(const scheme::Register& all, const Scheme& s) : all_(all), s_(s) {}
  std::string text(const Clause& c, std::size_t indent) const {
    const std::string in(indent, ' ');
    if (c.kind == Clause::Kind::leaf) {
      const scheme::Requirement* r = s_.requirement(c.id);
      if (r == nullptr) return wrapped(in, c.id);
      std::string more = r->title;
      if (!r->cite.empty()) more += " (" + r->cite + ")";
      if (r->conditional) more += "; where it applies";
      return wrapped(in + report::pad(short_id(s_, c.id), 13) + " ", with(more, r->backing));
    }
    // Provisions that stand together are one list.
    if (!c.parts.empty() && std::all_of(c.parts.begin(), c.parts.end(), of_baseline))
      return (c.title.empty() ? "" : wrapped(in, c.title + ":")) +
             wrapped(in + (c.title.empty() ? "" : "  "), provisions(c));
    std::string out;
    const bool any = c.kind == Clause::Kind::any_of;
    const std::string head = any ? "any one of:" : c.title.empty() ? "all of:" : c.title + ", all of:";
    out += in + head + "\n";
    for (const Clause& part : c.parts) out += text(part, indent + 2);
    return out;
  }

 private:
  std::string provisions(const Clause& c) const {
    std::vector<std::string> ids;
    std::string edition;
    for (const Clause& part : c.parts) {
      const std::size_t second = part.id.find(':', 9);
      edition = part.id.substr(9, second - 9);
      ids.push_back(part.id.substr(second + 1));
    }
    const scheme::Edition* e = all_.edition(edition);
    if (e != nullptr && e->mandatory == ids)
      return fmt::format("all {} mandatory provisions of EN 303 645 V{}", ids.size(), edition);
    return fmt::format("EN 303 645 V{}: {}", edition, join(ids, ", "));
  }
  const scheme::Register& all_;
  const Scheme& s_;
};

std::string against_words(const Level& l) {
  const std::map<std::string, std::string> sets = {{"mandatory", "the mandatory provisions of EN 303 645"},
                                                   {"cls_l1_13", "the 13 provisions of CLS Level 1"},
                                                   {"jcstar_star1", "STAR-1"},
                                                   {"cra_default", "the default class"}};
  const auto set = sets.find(l.against.set);
  const std::string what = set == sets.end() ? l.against.set : set->second;
  std::string out = "has nothing to do with " + what;
  if (l.against.relation == Relation::equal) out = "asks the same as " + what;
  if (l.against.relation == Relation::covered_by) out = "asks all of " + what + ", and more";
  if (l.against.relation == Relation::covers) out = "asks a part of " + what;
  if (l.against.relation == Relation::overlaps) out = "overlaps " + what;
  if (!l.against.touches.empty()) out += "; its items touch " + join(l.against.touches, ", ");
  return with(out, l.against.backing);
}

// What a scope list says on a day.
std::string scope_text(const scheme::Register& all, const std::string& id, Date at) {
  const scheme::ScopeList& list = all.scopes.at(id);
  std::string in, out;
  for (const auto& [category, entry] : list.entries) {
    const bool early = entry.from && at < entry.from->first;
    std::string& to = entry.in != early ? in : out;
    to += (to.empty() ? "" : ", ") + category;
    if (entry.from) to += (early ? " (until " : " (since ") + entry.from->text + ")";
  }
  std::string words = in.empty() ? "" : "in: " + in;
  if (!out.empty()) words += (words.empty() ? "" : "; ") + ("out: " + out);
  for (const auto& depends : list.depends) words += fmt::format("; {}: {}", depends.first, depends.second);
  words += list.others ? (*list.others ? "; all others in" : "; all others out") : "; of others it says nothing";
  return wrapped("  products    ", with(words, list.backing));
}

void note_sources(std::set<std::string>& out, const Backing& b) { out.insert(b.source.begin(), b.source.end()); }

std::string sources_text(const std::set<std::string>& ids, const report::Terminal& t) {
  std::string out = "\n" + t.bold("Sources") + "\n";
  for (const std::string& id : ids)
    if (const catalogue::Source* s = catalogue::source(id))
      out += wrapped("  " + id + "  ", s->title + (s->publisher == "-" ? "" : ", " + s->publisher) +
                                           (s->url.empty() || s->url == "null" ? "" : ", " + s->url));
  return out;
}

std::string reach_line(const scheme::Reach& r, std::string_view id, const report::Terminal& t) {
  const bool out_of = r.from == id;
  const std::string levels = r.from_levels == "single" ? ""
                             : r.from_levels.empty()   ? " (levels not stated)"
                                                       : " " + r.from_levels;
  const std::string goal = r.to_level.empty() ? " (level not stated)" : r.to_level == "single" ? "" : " " + r.to_level;
  std::string text =
      fmt::format("{}{} {} {}{}: {}", r.from, levels, t.unicode ? "→" : ">", r.to, goal, spaced(r.effect));
  text += r.since.empty() ? ", day not known" : (r.state == "not yet" ? ", from " : ", since ") + r.since;
  if (!r.until.empty()) text += ", until " + r.until;
  if (!r.live) text += ", " + r.state;
  if (r.usable != "true" && r.usable != "false") text += ", " + spaced(r.usable);
  if (!r.edition.empty()) text += ", issued under " + r.edition;
  text += fmt::format(" ({}, {}{})", r.by, r.confidence <= Confidence::low ? "doubtful, " : "", name(r.confidence));
  if (!r.note.empty()) text += "; " + r.note;
  return wrapped(out_of ? "  gives   " : "  takes   ", text);
}

std::string level_text(const scheme::Register& all, const Scheme& s, const Level& l, Date at, const report::Terminal& t,
                       std::set<std::string>& sources) {
  const scheme::Standing standing = scheme::standing(s, l, at);
  std::string title = l.title.empty() ? (s.levels.size() == 1 ? "what it asks" : l.id) : l.title;
  if (!l.name.empty()) title += ", " + l.name;
  std::string out = "\n" +
                    t.bold(l.id == "single"                   ? title
                           : l.id == l.title || title == l.id ? title
                                                              : fmt::format("{}  {}", l.id, title)) +
                    "  " + standing.word + (l.from ? ", from " + l.from->text : "") + "\n";
  if (!l.note.empty()) out += wrapped("  ", l.note);
  const Level* like = nullptr;
  for (const Level& other : s.levels) {
    if (&other == &l) break;
    if (other.listed && l.listed && same(other.asks, l.asks)) {
      like = &other;
      break;
    }
  }
  out += wrapped("  asks        ", with(!l.listed ? "a list of its own, which is not listed here"
                                        : like    ? "the same as " + like->id
                                                  : "this:",
                                        l.backing));
  if (l.listed && like == nullptr) out += Tree(all, s).text(l.asks, 4);
  if (!l.beyond_known)
    out += wrapped("  and more    ", "not known what");
  else
    for (const std::string& b : l.beyond) out += wrapped("  and more    ", b);
  for (const scheme::Step& step : l.steps) {
    const scheme::StepKind& kind = all.steps.find(step.id)->second;
    std::string text = kind.title;
    if (step.from) text += (at < step.from->first ? ", only from " : ", since ") + step.from->text;
    if (step.until) text += ", until " + step.until->text;
    if (kind.sometimes) text += " (in some cases)";
    out += wrapped(&step == &l.steps.front() ? "  assessment  " : "              ", text);
  }
  if (!l.steps.empty())
    out +=
        wrapped("              ",
                with(fmt::format("strength {} of 6, our own ranking", all.assessment_strength(l, at)), l.assessment));
  if (const scheme::Amount* fee = scheme::application_fee(s, l, at))
    out += wrapped("  fee         ", fee->amount == 0 ? "nothing"
                                                      : fmt::format("{} {}{}", fee->currency,
                                                                    grouped(static_cast<std::uint64_t>(fee->amount)),
                                                                    fee->with_tax ? " with tax" : ""));
  if (!l.against.set.empty()) out += wrapped("  compared    ", against_words(l));
  note_sources(sources, l.backing);
  note_sources(sources, l.assessment);
  note_sources(sources, l.against.backing);
  return out;
}

std::string scheme_text(const scheme::Register& all, const Scheme& s, Date at, const report::Terminal& t) {
  std::set<std::string> sources;
  note_sources(sources, s.backing);
  std::string out = t.bold(fmt::format("{}  {}", s.id, s.title)) + "\n" + wrapped("", s.name);
  out += wrapped("", fmt::format("{}, {}; {}", s.jurisdiction, s.kind, s.authority)) + "\n";
  const scheme::Standing standing = scheme::standing(s, at);
  std::string state = standing.word;
  if (s.from) state += (standing.word == "not yet" ? ", from " : ", since ") + s.from->text;
  if (s.until) state += ", until " + s.until->text;
  if (!s.status_note.empty()) state += ". As known now: " + s.status_note;
  out += wrapped(fmt::format("  {}  ", at.iso()), with(state, s.backing));
  const auto fact = [&](std::string_view label, const Said& said) {
    if (!said.found()) return;
    out += wrapped(fmt::format("  {:<12}", label), with(words_of(said), said.backing));
    note_sources(sources, said.backing);
  };
  if (s.force_note.found()) {
    out += wrapped("  force       ",
                   with(s.force_note.note.empty() ? spaced(name(s.force)) : s.force_note.note, s.force_note.backing));
    note_sources(sources, s.force_note.backing);
  }
  fact("covers", s.covers);
  if (!s.scope.empty()) out += scope_text(all, s.scope, at);
  fact("base", s.base);
  if (!s.edition.empty() && !s.levels.empty() &&
      std::any_of(s.levels.begin(), s.levels.end(), [](const Level& l) { return l.listed; }))
    out += wrapped("              ", "edition of EN 303 645 that its levels are decided by: V" + s.edition);
  fact("restricted", s.restrictions);
  fact("tiers", s.tiers);
  for (const scheme::Document& d : s.documents) {
    std::string text = d.id + ", " + d.title;
    if (!d.edition.empty()) text += ", edition " + d.edition;
    if (d.date) text += ", of " + d.date->text;
    if (d.from) text += (at < d.from->first ? ", binding only from " : ", binding since ") + d.from->text;
    out += wrapped("  document    ", with(text, d.backing));
    note_sources(sources, d.backing);
  }
  fact("validity", s.validity);
  if (s.term_months > 0)
    out += wrapped("              ", fmt::format("a last day beyond {} months is cut", s.term_months));
  if (s.review_months > 0)
    out += wrapped("              ", fmt::format("looked at again every {} months", s.review_months));
  if (s.keep) {
    out += wrapped("  keep        ",
                   with(fmt::format("{}: {} years{}", s.keep->what, s.keep->months / 12,
                                    s.keep->or_support_period ? ", or the support period where that is longer" : ""),
                        s.keep->backing));
    note_sources(sources, s.keep->backing);
  }
  if (const std::string fee = fee_words(s.fee, at); !fee.empty() && s.fee.backing.confidence != Confidence::none) {
    out += wrapped("  fee         ", with(fee, s.fee.backing));
    note_sources(sources, s.fee.backing);
  }
  for (const scheme::Time& time : s.times) {
    if (time.backing.confidence == Confidence::none) continue;
    out += wrapped("  time        ", with(time_words(time), time.backing));
    note_sources(sources, time.backing);
  }
  fact("published", s.published);
  fact("enforcement", s.enforcement);
  fact("practical", s.practical);
  for (const scheme::Part& p : s.parts) {
    out += wrapped("  part        ", with(p.id + ": " + p.note, p.backing));
    note_sources(sources, p.backing);
  }
  for (const Scheme::Mandatory& m : s.mandatory)
    out += wrapped("  mandatory   ", fmt::format("{} for {}, {} {}: {}", m.level, join(m.categories, ", "),
                                                 at < m.from.first ? "from" : "since", m.from.text, m.note));

  for (const Level& l : s.levels) out += level_text(all, s, l, at, t, sources);

  std::string reach;
  for (const scheme::Reach& r : scheme::reaches(all, at))
    if (r.from == s.id || r.to == s.id) reach += reach_line(r, s.id, t);
  out += "\n" + t.bold("Recognition") + "\n" + reach;
  if (!s.no_recognition.empty()) out += wrapped("  ", s.no_recognition);
  if (reach.empty() && s.no_recognition.empty()) out += "  No arrangement is known that names it.\n";

  std::string mind;
  for (const scheme::Remark& r : all.remarks) {
    if (std::find(r.schemes.begin(), r.schemes.end(), s.id) == r.schemes.end()) continue;
    std::string text = r.title + ": " + r.note;
    if (!r.consequence.empty()) text += ". What follows: " + r.consequence;
    mind += wrapped(t.unicode ? "  ▸ " : "  * ", with(text, r.backing));
    note_sources(sources, r.backing);
  }
  if (!mind.empty()) out += "\n" + t.bold("To keep in mind") + "\n" + mind;

  if (!s.changes.empty()) out += "\n" + t.bold("Changes") + "\n";
  for (const scheme::Change& c : s.changes) {
    std::string text = c.what;
    if (at < c.date.first) text = (c.planned ? "planned: " : "later: ") + text;
    out += wrapped(fmt::format("  {:<12}", c.date.text), with(text, c.backing));
    note_sources(sources, c.backing);
  }
  std::vector<std::string> missing;
  for (const auto& [label, said] : {std::pair<const char*, const Said*>{"legal force", &s.force_note},
                                    {"what it covers", &s.covers},
                                    {"base standard", &s.base},
                                    {"validity", &s.validity},
                                    {"what is published", &s.published},
                                    {"enforcement", &s.enforcement}})
    if (!said->found()) missing.push_back(std::string(label) + (said->note.empty() ? "" : " (" + said->note + ")"));
  if (s.fee.backing.confidence == Confidence::none)
    missing.push_back("fee" + (s.fee.note.empty() ? std::string() : " (" + s.fee.note + ")"));
  for (const scheme::Time& time : s.times)
    if (time.backing.confidence == Confidence::none)
      missing.push_back("time" + (time.note.empty() ? "" : " (" + time.note + ")"));
  if (!missing.empty() || !s.open_questions.empty()) out += "\n" + t.bold("Not known") + "\n";
  if (!missing.empty() && !s.mark_only) out += wrapped("  not found   ", join(missing, ", "));
  for (const std::string& q : s.open_questions) out += wrapped("  open        ", q);
  out += sources_text(sources, t);
  out += fmt::format("\nFrom data/{}. assay schemes doubts {} lists what is not sure.\n", s.file, s.id);
  return out;
}

std::string arrangement_text(const scheme::Register& all, const scheme::Arrangement& a, Date at,
                             const report::Terminal& t) {
  std::set<std::string> sources;
  note_sources(sources, a.backing);
  std::string out = t.bold(fmt::format("{}  {}", a.id, a.title)) + "\n" +
                    wrapped("", spaced(a.type) + ": " + join(a.parties, ", ")) + "\n";
  out += wrapped(fmt::format("  {}  ", at.iso()),
                 with(scheme::standing(a, at).word + (a.from ? "; from " + a.from->text : "") +
                          (a.until ? ", until " + a.until->text : ""),
                      a.backing));
  for (const auto& [label, said] : {std::pair<const char*, const Said*>{"status", &a.status},
                                    {"days", &a.since},
                                    {"legal basis", &a.legal_basis},
                                    {"products", &a.products}}) {
    out += wrapped(fmt::format("  {:<12}", label), with(words_of(*said), said->backing));
    note_sources(sources, said->backing);
  }
  if (!a.scope.empty()) out += scope_text(all, a.scope, at);
  out += "\n" + t.bold("What it gives") + "\n";
  bool any = false;
  for (const scheme::Reach& r : scheme::reaches(all, at))
    if (r.by == a.id) {
      out += reach_line(r, r.from, t);
      any = true;
    }
  if (!any) out += "  No mark gains effect from it.\n";
  for (const scheme::Rule& r : a.rules) {
    note_sources(sources, r.backing);
    for (const std::string& c : r.conditions)
      out += wrapped(fmt::format("  {} to {}: ", r.from_scheme, r.to_scheme), c);
  }
  for (const std::string& c : a.conditions) out += wrapped("  on condition  ", c);
  if (!a.note.empty()) out += wrapped("  ", a.note);
  if (!a.read.empty()) out += wrapped("  read before relying on it: ", join(a.read, ", "));
  sources.insert(a.read.begin(), a.read.end());
  return out + sources_text(sources, t) +
         fmt::format("\nFrom data/{}. assay schemes doubts {} lists what is not sure.\n", a.file, a.id);
}

}  // namespace

Result<std::string> scheme_about(std::string_view id, Date at, bool json, const report::Terminal& t) {
  const scheme::Register& all = *ASSAY_TRY(scheme::schemes());
  if (const Scheme* s = all.scheme(id)) return json ? scheme_json(all, *s, at) : scheme_text(all, *s, at, t);
  std::vector<std::string_view> known;
  for (const scheme::Arrangement& a : all.arrangements) {
    if (a.id == id) return json ? arrangement_json(all, a, at) : arrangement_text(all, a, at, t);
    known.push_back(a.id);
  }
  for (const Scheme& s : all.schemes) known.push_back(s.id);
  const std::string_view near = nearest(id, known);
  return fail(Error{Errc::not_found,
                    fmt::format("no scheme or arrangement is called '{}'", id),
                    {},
                    {},
                    near.empty() ? "assay schemes lists all of them." : fmt::format("Did you mean {}?", near)});
}

}  // namespace assay::app
