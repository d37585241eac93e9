#include "app/schemes_json.h"

#include <algorithm>

#include "base/json.h"
#include "scheme/world.h"

namespace assay::app {
namespace {

using scheme::Clause;
using scheme::Level;
using scheme::Said;
using scheme::Scheme;

void write_backing(JsonWriter& w, const Backing& b) {
  w.key("source").texts(b.source).field("confidence", name(b.confidence));
}
void write_said(JsonWriter& w, std::string_view key, const Said& said) {
  w.key(key).object(true).field("note", said.note).key("items").texts(said.items);
  write_backing(w, said.backing);
  w.end_object();
}
void write_clause(JsonWriter& w, const Clause& c) {
  w.object(c.kind == Clause::Kind::leaf);
  if (c.kind == Clause::Kind::leaf) {
    w.field("id", c.id);
  } else {
    if (!c.title.empty()) w.field("title", c.title);
    w.key(c.kind == Clause::Kind::any_of ? "any_of" : "all_of").array();
    for (const Clause& part : c.parts) write_clause(w, part);
    w.end_array();
  }
  w.end_object();
}
void write_reaches(JsonWriter& w, const scheme::Register& all, Date at, std::string_view id, bool arrangement) {
  w.key("recognition").array();
  for (const scheme::Reach& r : scheme::reaches(all, at)) {
    if (arrangement ? r.by != id : r.from != id && r.to != id) continue;
    w.object(true)
        .field("from", r.from)
        .field("from_levels", r.from_levels)
        .field("to", r.to)
        .field("to_level", r.to_level);
    w.field("effect", r.effect)
        .field("by", r.by)
        .field("usable", r.usable)
        .field("since", r.since)
        .field("until", r.until);
    w.field("edition", r.edition)
        .field("state", r.state)
        .field("note", r.note)
        .field("confidence", name(r.confidence))
        .end_object();
  }
  w.end_array();
}
std::string day(const std::optional<PartialDate>& d) { return d ? d->text : ""; }

}  // namespace

std::string scheme_json(const scheme::Register& all, const Scheme& s, Date at) {
  JsonWriter w(1);
  w.object()
      .field("id", s.id)
      .field("title", s.title)
      .field("name", s.name)
      .field("kind", s.kind)
      .field("jurisdiction", s.jurisdiction);
  w.field("authority", s.authority)
      .field("at", at.iso())
      .field("status", name(s.status))
      .field("status_note", s.status_note);
  w.field("standing", scheme::standing(s, at).word)
      .field("from", day(s.from))
      .field("until", day(s.until))
      .field("edition", s.edition);
  w.field("term_months", s.term_months)
      .field("review_months", s.review_months)
      .field("scope", s.scope)
      .key("bases")
      .texts(s.bases);
  w.field("force_value", name(s.force));
  for (const auto& [key, said] : {std::pair<const char*, const Said*>{"force", &s.force_note},
                                  {"covers", &s.covers},
                                  {"base", &s.base},
                                  {"validity", &s.validity},
                                  {"published", &s.published},
                                  {"enforcement", &s.enforcement},
                                  {"practical", &s.practical},
                                  {"restrictions", &s.restrictions},
                                  {"tiers", &s.tiers}})
    write_said(w, key, *said);
  w.key("documents").array();
  for (const scheme::Document& d : s.documents) {
    w.object(true)
        .field("id", d.id)
        .field("title", d.title)
        .field("edition", d.edition)
        .field("date", day(d.date))
        .field("from", day(d.from));
    write_backing(w, d.backing);
    w.end_object();
  }
  w.end_array().key("fee").object().field("kind", name(s.fee.kind)).field("note", s.fee.note).key("amounts").array();
  for (const scheme::Amount& a : s.fee.amounts)
    w.object(true)
        .field("amount", a.amount)
        .field("currency", a.currency)
        .field("of", a.of)
        .key("levels")
        .texts(a.levels)
        .field("with_tax", a.with_tax)
        .field("from", day(a.from))
        .field("until", day(a.until))
        .end_object();
  w.end_array();
  write_backing(w, s.fee.backing);
  w.end_object().key("times").array();
  for (const scheme::Time& t : s.times) {
    w.object(true).field("what", t.what).key("levels").texts(t.levels).key("at_least");
    t.at_least ? w.value(*t.at_least) : w.null();
    w.key("at_most");
    t.at_most ? w.value(*t.at_most) : w.null();
    w.field("unit", t.unit).field("note", t.note);
    write_backing(w, t.backing);
    w.end_object();
  }
  w.end_array().key("keep");
  if (s.keep) {
    w.object(true)
        .field("what", s.keep->what)
        .field("months", s.keep->months)
        .field("or_support_period", s.keep->or_support_period);
    write_backing(w, s.keep->backing);
    w.end_object();
  } else {
    w.null();
  }
  w.key("requirements").array();
  for (const scheme::Requirement& r : s.requirements) {
    w.object(true)
        .field("id", r.id)
        .field("title", r.title)
        .field("cite", r.cite)
        .field("conditional", r.conditional)
        .key("carry")
        .array();
    for (const scheme::Carry& c : r.carry) {
      w.object().key("from").texts(c.from).field("relation", name(c.relation));
      write_backing(w, c.backing);
      w.end_object();
    }
    w.end_array();
    write_backing(w, r.backing);
    w.end_object();
  }
  w.end_array().key("levels").array();
  for (const Level& l : s.levels) {
    w.object()
        .field("id", l.id)
        .field("title", l.title)
        .field("name", l.name)
        .field("standing", scheme::standing(s, l, at).word);
    w.field("from", day(l.from)).field("listed", l.listed).key("asks");
    if (l.listed)
      write_clause(w, l.asks);
    else
      w.null();
    w.key("beyond")
        .texts(l.beyond)
        .field("beyond_known", l.beyond_known)
        .key("assessment")
        .object()
        .key("steps")
        .array();
    for (const scheme::Step& step : l.steps)
      w.object(true).field("step", step.id).field("from", day(step.from)).field("until", day(step.until)).end_object();
    w.end_array().field("strength", all.assessment_strength(l, at));
    write_backing(w, l.assessment);
    w.end_object();
    w.key("against")
        .object(true)
        .field("set", l.against.set)
        .field("relation", l.against.relation ? name(*l.against.relation) : "unrelated")
        .key("touches")
        .texts(l.against.touches);
    write_backing(w, l.against.backing);
    w.end_object().field("note", l.note);
    write_backing(w, l.backing);
    w.end_object();
  }
  w.end_array();
  write_reaches(w, all, at, s.id, false);
  w.field("no_recognition", s.no_recognition).key("changes").array();
  for (const scheme::Change& c : s.changes) {
    w.object(true).field("date", c.date.text).field("what", c.what).field("planned", c.planned);
    write_backing(w, c.backing);
    w.end_object();
  }
  w.end_array().key("parts").array();
  for (const scheme::Part& p : s.parts) {
    w.object(true).field("id", p.id).field("note", p.note);
    write_backing(w, p.backing);
    w.end_object();
  }
  w.end_array().key("remarks").array();
  for (const scheme::Remark& r : all.remarks) {
    if (std::find(r.schemes.begin(), r.schemes.end(), s.id) == r.schemes.end()) continue;
    w.object(true).field("id", r.id).field("kind", r.kind).field("title", r.title).field("note", r.note);
    w.field("consequence", r.consequence);
    write_backing(w, r.backing);
    w.end_object();
  }
  w.end_array().key("open_questions").texts(s.open_questions);
  write_backing(w, s.backing);
  w.field("file", "data/" + s.file).end_object();
  return w.take() + "\n";
}

std::string arrangement_json(const scheme::Register& all, const scheme::Arrangement& a, Date at) {
  JsonWriter w(1);
  w.object().field("id", a.id).field("title", a.title).field("type", a.type).key("parties").texts(a.parties);
  w.field("at", at.iso())
      .field("standing", scheme::standing(a, at).word)
      .field("from", day(a.from))
      .field("until", day(a.until));
  for (const auto& [key, said] : {std::pair<const char*, const Said*>{"status", &a.status},
                                  {"since", &a.since},
                                  {"legal_basis", &a.legal_basis},
                                  {"products", &a.products}})
    write_said(w, key, *said);
  w.field("scope", a.scope).key("conditions").texts(a.conditions).key("read").texts(a.read).field("note", a.note);
  write_reaches(w, all, at, a.id, true);
  write_backing(w, a.backing);
  w.field("file", "data/" + a.file).end_object();
  return w.take() + "\n";
}

}  // namespace assay::app
