#include "report/report.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "report/assets.h"
#include "report/pieces.h"

namespace assay::report {

std::string report_html(const ReportInput& in) {
  const Assessment& a = in.assessment;
  const std::string title =
      a.product.name + (a.product.firmware_version.empty() ? "" : ", firmware " + a.product.firmware_version);
  Html h;
  h.add(
      "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"assay ",
      in.assay_version,
      "\">\n<meta name=\"assay-assessment\" content=\"sha256:", sha256_hex(as_bytes(assessment_json(a))),
      "\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; img-src data:\">\n<title>",
      title, ": assay report</title>\n<style>\n");
  // Text inside a CSS string: quotes, backslashes, line ends and "<" are written as escapes.
  std::string footer;
  for (const char c : replace_hidden(title + ": assay report of " + a.at.words(), "\xef\xbf\xbd", "\n\t")) {
    if (c == '"' || c == '\\' || c == '<' || static_cast<unsigned char>(c) < 0x20)
      footer += fmt::format("\\{:06x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      footer += c;
  }
  h.sheet(replace_all(std::string(kReportCss), "@FOOTER@", footer));
  h.add(
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#outcome\">Skip to the outcome</a>\n<div "
      "class=\"page\">\n<header class=\"brand\">\n  <svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path "
      "fill=\"currentColor\" d=\"M5 0h10l5 5v10l-5 "
      "5H5l-5-5V5z\"/><path fill=\"none\" stroke=\"#d9b25c\" stroke-width=\"2.5\" d=\"M5 14 14.5 5\"/></svg>\n  "
      "assay\n  <span class=\"meta\">Report of ",
      a.at.words(),
      "</span>\n</header>\n<div class=\"layout\">\n<nav class=\"toc\" "
      "aria-label=\"On this page\">\n  <ul>\n    <li><a href=\"#outcome\">Outcome</a></li>\n");
  if (!a.contradictions.empty()) h.add("    <li><a href=\"#contradictions\">Contradictions</a></li>\n");
  h.add(
      "    <li><a href=\"#baseline\">Baseline</a></li>\n    <li><a href=\"#not-assessed\">Not assessed</a></li>\n    "
      "<li><a href=\"#provisions\">Provisions</a></li>\n    <li><a href=\"#examined\">Examined</a></li>\n"
      "    <li><a href=\"#components\">Components</a></li>\n    <li><a href=\"#recognition\">Law and "
      "labels</a></li>\n");
  const Html plan = plan_section(in);
  if (!plan.empty()) h.add("    <li><a href=\"#plan\">Plan</a></li>\n");
  h.add("    <li><a href=\"#method\">Method</a></li>\n  </ul>\n</nav>\n<main>\n\n");
  h.nest(outcome_section(in))
      .nest(contradictions_section(in))
      .nest(baseline_section(in))
      .nest(not_assessed_section(in))
      .nest(provisions_section(in));
  h.nest(examined_section(in))
      .nest(components_section(in))
      .nest(recognition_section(in))
      .nest(plan)
      .nest(method_section(in));
  h.add(
      "</main>\n</div>\n</div>\n<script>\n// Optional: paper shows every row, also where ::details-content is not "
      "known yet.\nconst rows = document.querySelectorAll('details');\naddEventListener('beforeprint', () => "
      "rows.forEach(d => { "
      "d.dataset.was = d.open; d.open = true; }));\naddEventListener('afterprint', () => rows.forEach(d => { d.open = "
      "d.dataset.was === 'true'; }));\n</script>\n</body>\n</html>\n");
  return h.take();
}

namespace {

void findings_ids(JsonWriter& w, const std::vector<Finding>& findings) {
  w.array();
  for (const Finding& f : findings)
    w.object(true)
        .field("role", name(f.role))
        .field("entry", f.entry)
        .field("table", f.table)
        .field("id", f.id)
        .field("why", f.why)
        .field("mend", f.mend)
        .end_object();
  w.end_array();
}

void write_conformity(JsonWriter& w, const std::vector<Conformity>& list) {
  w.array();
  for (const Conformity& c : list) {
    w.object().field("scheme", c.scheme).field("level", c.level).field("result", c.result);
    w.key("residual").texts(c.residual).key("failed").texts(c.failed).key("open").texts(c.open);
    w.field("legal_effect", c.legal_effect).key("deemed_by");
    if (c.deemed_by.empty())
      w.null();
    else
      w.value(c.deemed_by);
    w.key("valid_until");
    if (c.valid_until.empty())
      w.null();
    else
      w.value(c.valid_until);
    w.key("why").texts(c.why).field("confidence", c.confidence).end_object();
  }
  w.end_array();
}

}  // namespace

std::string assessment_json(const Assessment& a) {
  JsonWriter w(1);
  const Product& p = a.product;
  w.object().key("product").object();
  w.field("id", p.id)
      .field("name", p.name)
      .field("model", p.model)
      .field("firmware_version", p.firmware_version)
      .field("maker", p.maker)
      .field("category", p.category);
  w.field("support_from", p.support_from)
      .field("support_until", p.support_until)
      .field("contact", p.contact)
      .key("markets")
      .texts(p.markets)
      .key("held")
      .array();
  for (const HeldMark& m : p.held)
    w.object(true)
        .field("scheme", m.scheme)
        .field("level", m.level)
        .field("from", m.from)
        .field("until", m.until)
        .field("edition", m.edition)
        .field("basis", m.basis)
        .end_object();
  w.end_array().end_object();
  w.key("editions").object(true).field("en303645", a.en_edition).field("ts103701", a.ts_edition).end_object();
  w.field("assessed_at", a.at.iso());
  w.key("verdicts").object().key("units").array();
  for (const UnitVerdict& u : a.units) {
    w.object()
        .field("id", u.id)
        .field("value", name(u.value))
        .field("method", u.method)
        .field("by", u.by)
        .field("reason", u.reason)
        .key("entries")
        .array();
    for (const EntryVerdict& e : u.entries) {
      w.object(true).field("entry", e.entry).field("title", e.title).field("machine", name(e.machine)).key("person");
      if (e.person)
        w.value(name(e.person->value));
      else
        w.null();
      w.field("value", name(e.value)).field("stale", e.person ? e.person->stale : false);
      if (e.person) {
        w.field("by", e.person->by)
            .field("date", e.person->date)
            .field("reason", e.person->reason)
            .field("evidence", e.person->evidence)
            .key("overrules")
            .texts(e.person->overrules);
      }
      w.end_object();
    }
    if (u.entries.empty() && u.person)  // a person spoke of the whole unit, which has no entries
      w.object(true)
          .field("entry", "")
          .field("title", "")
          .field("machine", name(u.machine))
          .field("person", name(u.person->value))
          .field("value", name(u.value))
          .field("stale", u.person->stale)
          .field("by", u.person->by)
          .field("date", u.person->date)
          .field("reason", u.person->reason)
          .field("evidence", u.person->evidence)
          .key("overrules")
          .texts(u.person->overrules)
          .end_object();
    w.end_array()
        .field("coverage", name(u.coverage))
        .field("machine", name(u.machine))
        .field("decide", u.decide)
        .key("facts")
        .array(true);
    for (const Finding& f : u.findings) w.value(f.id);
    w.end_array().key("findings");
    findings_ids(w, u.findings);
    w.key("needs")
        .texts(u.needs)
        .field("question", u.question)
        .field("rule", u.rule)
        .field("shown_digest", u.shown_digest)
        .end_object();
  }
  w.end_array().key("cases").array();
  for (const CaseVerdict& c : a.cases)
    w.object(true)
        .field("id", c.id)
        .field("value", name(c.value))
        .field("method", c.method)
        .key("units")
        .texts(c.units)
        .end_object();
  w.end_array().key("groups").array();
  for (const ProvisionVerdict& v : a.provisions)
    w.object(true)
        .field("id", "ts103701:" + a.ts_edition + ":" + v.provision)
        .field("value", name(v.group))
        .key("cases")
        .texts(v.cases)
        .end_object();
  w.end_array().key("provisions").array();
  for (const ProvisionVerdict& v : a.provisions)
    w.object(true)
        .field("id", v.id)
        .field("value", name(v.value))
        .field("mandatory", v.mandatory)
        .field("ics", v.ics)
        .field("reason", v.reason)
        .end_object();
  w.end_array().end_object();
  w.key("contradictions").array();
  for (const Contradiction& c : a.contradictions) {
    w.object(true)
        .field("unit", c.unit)
        .field("provision", c.provision)
        .field("claimed", c.claimed)
        .field("observed", c.observed)
        .field("verdict", name(c.verdict))
        .key("rows")
        .array(true);
    for (const auto& [table, id] : c.rows) w.object(true).field("table", table).field("id", id).end_object();
    w.end_array().end_object();
  }
  w.end_array().key("conformity");
  write_conformity(w, a.conformity);
  w.key("conformity_after_fixes");
  write_conformity(w, a.conformity_after);
  w.key("recognition").array();
  for (const Recognition& r : a.recognition) {
    w.object(true)
        .key("from")
        .object(true)
        .field("scheme", r.from_scheme)
        .field("level", r.from_level)
        .end_object()
        .key("to")
        .object(true)
        .field("scheme", r.to_scheme)
        .field("level", r.to_level)
        .end_object();
    w.field("effect", r.effect).field("by", r.by).key("usable");
    if (r.usable == "true" || r.usable == "false")
      w.value(r.usable == "true");
    else
      w.value(r.usable);
    w.key("conditions").texts(r.conditions).key("valid_until");
    if (r.valid_until.empty())
      w.null();
    else
      w.value(r.valid_until);
    w.field("confidence", r.confidence).end_object();
  }
  w.end_array().key("notes").texts(a.notes).key("fixes").array();
  for (const Fix& f : a.fixes) {
    w.object().field("mend", f.mend).key("rows");
    findings_ids(w, f.rows);
    w.key("provisions").texts(f.provisions).key("turns").texts(f.turns).end_object();
  }
  w.end_array()
      .field("evidence_digest", a.evidence_digest)
      .field("data_version", a.data_version)
      .field("rules_digest", a.rules_digest)
      .field("reproducible", a.reproducible)
      .end_object();
  return w.take() + "\n";
}

}  // namespace assay::report
