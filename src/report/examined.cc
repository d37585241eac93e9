// What was examined and how far: coverage, the byte map with its ledger, software components, method.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "report/pieces.h"

namespace assay::report {
namespace {

using evidence::Evidence;
using evidence::Row;

std::uint64_t number(std::string_view table, const Row& row, std::string_view column) {
  const Value& v = Evidence::cell(table, row, column);
  const auto* n = std::get_if<std::int64_t>(&v);
  return n && *n > 0 ? static_cast<std::uint64_t>(*n) : 0;
}

Html coverage_table(const Evidence& e) {
  struct Source {
    std::set<std::string> artefacts, tables;
    std::size_t looks = 0, complete = 0, open = 0;
    std::vector<std::string> reasons;
  };
  std::map<std::string, Source> sources;
  for (const Row& r : e.rows("artefact")) {
    const std::string source = Evidence::text("artefact", r, "source");
    std::string name = printable(Evidence::text("artefact", r, "name"));
    if (source == "firmware") name += ", " + grouped(number("artefact", r, "size")) + " bytes";
    sources[source].artefacts.insert(name);
  }
  for (const Row& r : e.rows("examined")) {
    Source& s = sources[Evidence::text("examined", r, "source")];
    ++s.looks;
    s.complete += number("examined", r, "complete");
    s.tables.insert(Evidence::text("examined", r, "tbl"));
  }
  for (const Row& r : e.rows("unexamined")) {
    Source& s = sources[Evidence::text("unexamined", r, "source")];
    const bool closed = !Evidence::text("unexamined", r, "closed_by").empty();
    if (!closed) ++s.open;
    const std::string place = printable(Evidence::text("unexamined", r, "place"));
    s.reasons.push_back((place.empty() ? "" : place + ": ") + printable(Evidence::text("unexamined", r, "reason")) +
                        (closed ? " (set aside by a person)" : ""));
  }
  Html h;
  h.add(
      "<table class=\"table\">\n<thead><tr><th scope=\"col\">Source</th><th scope=\"col\">Looked at</th><th "
      "scope=\"col\">Complete</th><th scope=\"col\">Not looked at</th></tr></thead>\n<tbody>\n");
  for (const std::string_view name : evidence::kSources) {
    const auto it = sources.find(std::string(name));
    std::string title(name);
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    if (it == sources.end()) {
      // The sources that most test units ask for are named also where nobody brought them.
      if (name == "firmware" || name == "capture" || name == "probe" || name == "person")
        h.add("<tr><th scope=\"row\">", title, "</th><td data-th=\"Looked at\">nothing</td><td data-th=\"Complete\">",
              verdict_words(Verdict::not_assessed, "no"), "</td><td data-th=\"Not looked at\">all of it</td></tr>\n");
      continue;
    }
    const Source& s = it->second;
    const bool whole = s.looks > 0 && s.looks == s.complete && s.open == 0;
    std::vector<std::string> artefacts(s.artefacts.begin(), s.artefacts.end());
    if (artefacts.size() > 6) {
      const std::size_t more = artefacts.size() - 6;
      artefacts.resize(6);
      artefacts.push_back(fmt::format("{} more", more));
    }
    h.add("<tr><th scope=\"row\">", title, "</th><td data-th=\"Looked at\">", join(artefacts, "; "),
          fmt::format(" ({} {})", s.tables.size(), s.tables.size() == 1 ? "table" : "tables"),
          "</td><td data-th=\"Complete\">",
          whole ? verdict_words(Verdict::pass, "yes") : verdict_words(Verdict::inconclusive, "partly"),
          "</td><td data-th=\"Not looked at\">");
    for (std::size_t i = 0; i < s.reasons.size() && i < 6; ++i)
      h.add(std::string_view(i ? "; " : ""), shorten(s.reasons[i], 200));
    if (s.reasons.size() > 6) h.add("; and ", s.reasons.size() - 6, " more");
    if (s.looks > s.complete)
      h.add(std::string_view(s.reasons.empty() ? "" : "; "), s.looks - s.complete, " of ", s.looks,
            " looks did not reach their end");
    h.add("</td></tr>\n");
  }
  h.add("</tbody>\n</table>\n");
  return h;
}

Html byte_map(const Evidence& e, const Row& artefact, std::size_t index) {
  const std::string id = Evidence::text("artefact", artefact, "id");
  const std::string file = printable(Evidence::text("artefact", artefact, "name"));
  const std::uint64_t size = number("artefact", artefact, "size");
  std::vector<const Row*> ledger;
  std::map<std::string, std::uint64_t> totals;
  for (const Row& r : e.rows("ledger"))
    if (Evidence::text("ledger", r, "artefact") == id && Evidence::text("ledger", r, "place").empty()) {
      ledger.push_back(&r);
      totals[Evidence::text("ledger", r, "state")] += number("ledger", r, "size");
    }
  Html h;
  if (ledger.empty() || size == 0) return h;
  std::sort(ledger.begin(), ledger.end(),
            [](const Row* a, const Row* b) { return number("ledger", *a, "offset") < number("ledger", *b, "offset"); });
  const auto percent = [&](std::uint64_t n) {
    return fmt::format("{:.2f}", 100.0 * static_cast<double>(n) / static_cast<double>(size));
  };
  h.add("<h3 class=\"clause-title\">Every byte of ", file, "</h3>\n<figure aria-labelledby=\"bytes-caption-", index,
        "\">\n<svg class=\"picture bytemap\" height=\"64\" aria-hidden=\"true\">\n");
  if (index == 0)
    h.add(
        "<defs>\n<pattern id=\"unknown\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"var(--inconclusive-bg)\" "
        "stroke=\"none\"/><line "
        "x1=\"0\" x2=\"0\" y2=\"6\" stroke=\"var(--inconclusive)\" stroke-width=\"3\"/></pattern>\n<pattern "
        "id=\"refused\" width=\"6\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"5\" "
        "fill=\"var(--fail-bg)\" stroke=\"none\"/><line x2=\"6\" y1=\"1\" y2=\"1\" stroke=\"var(--fail)\" "
        "stroke-width=\"2\"/></pattern>\n</defs>\n");
  for (const Row* r : ledger) {
    const std::string state = Evidence::text("ledger", *r, "state"),
                      what = printable(Evidence::text("ledger", *r, "reason"));
    const std::uint64_t at = number("ledger", *r, "offset"), n = number("ledger", *r, "size");
    h.add("<rect class=\"", state, "\" x=\"", percent(at), "%\" y=\"4\" width=\"", percent(n),
          "%\" height=\"30\"><title>", fmt::format("{:#08x}", at), ": ", state,
          std::string_view(what.empty() ? "" : ", "), what, "</title></rect>");
  }
  h.add("\n");
  double last_label = -20;
  for (const Row* r : ledger) {
    const double x = 100.0 * static_cast<double>(number("ledger", *r, "offset")) / static_cast<double>(size);
    const double width = 100.0 * static_cast<double>(number("ledger", *r, "size")) / static_cast<double>(size);
    if (Evidence::text("ledger", *r, "state") != "claimed" || width < 12 || x < last_label + 10) continue;
    last_label = x;
    h.add("<text class=\"wide\" x=\"", fmt::format("{:.2f}", x), "%\" dx=\"8\" y=\"24\">",
          shorten(Evidence::text("ledger", *r, "reason"), 18), "</text>");
  }
  h.add("\n<svg y=\"40\" width=\"100%\" overflow=\"visible\">");
  for (int i = 0; i <= 4; ++i) {
    const std::string x = std::to_string(i * 25);
    h.add("<line class=\"tick\" x1=\"", x, "%\" x2=\"", x, "%\" y1=\"0\" y2=\"5\"/><text class=\"note",
          std::string_view(i == 4  ? " end"
                           : i % 2 ? " wide"
                                   : ""),
          "\" x=\"", x, "%\" y=\"17\">", fmt::format("{:#x}", size * static_cast<std::uint64_t>(i) / 4), "</text>");
  }
  h.add("</svg>\n</svg>\n<figcaption class=\"meta\" id=\"bytes-caption-", index, "\">");
  const auto tenths = [&](const char* state) {
    return fmt::format("{:.1f} %", 100.0 * static_cast<double>(totals[state]) / static_cast<double>(size));
  };
  h.add(tenths("claimed"), " claimed by a reader, ", tenths("padding"), " padding, ", tenths("unknown"), " unknown, ",
        tenths("refused"), " refused. The ledger says the same.</figcaption>\n</figure>\n");
  h.add("<table class=\"table\">\n<caption>Ledger of ", file,
        "</caption>\n<thead><tr><th scope=\"col\">From</th><th scope=\"col\" class=\"num\">Bytes</th><th "
        "scope=\"col\">State</th><th scope=\"col\">What</th><th scope=\"col\" "
        "class=\"num\">Entropy</th></tr></thead>\n<tbody>\n");
  std::size_t rows = 0;
  for (const Row* r : ledger) {
    if (++rows > 60) break;
    const std::string state = Evidence::text("ledger", *r, "state");
    h.add("<tr><th scope=\"row\" class=\"id\">", fmt::format("{:#08x}", number("ledger", *r, "offset")),
          "</th><td class=\"num brief\" data-th=\"Bytes\">", grouped(number("ledger", *r, "size")),
          "</td><td class=\"brief\"><span class=\"key ", state, "\"></span>", state, "</td><td>",
          printable(Evidence::text("ledger", *r, "reason")), "</td><td class=\"num\" data-th=\"Entropy\">",
          Evidence::text("ledger", *r, "entropy"), "</td></tr>\n");
  }
  h.add("</tbody>\n</table>\n");
  if (ledger.size() > 60)
    h.add("<p class=\"meta\">And ", ledger.size() - 60, " more ranges in evidence.db, table ledger.</p>\n");
  return h;
}

}  // namespace

Html examined_section(const ReportInput& in) {
  Html h;
  h.add(
      "<section id=\"examined\">\n<h2>What was examined, and what was not</h2>\n<p class=\"lead\">Silence counts only "
      "where somebody looked. Each line says how far.</p>\n");
  h.nest(coverage_table(in.evidence));
  std::size_t index = 0;
  for (const Row& r : in.evidence.rows("artefact"))
    if (Evidence::text("artefact", r, "source") == "firmware") h.nest(byte_map(in.evidence, r, index++));
  h.add("</section>\n\n");
  return h;
}

Html components_section(const ReportInput& in) {
  const Evidence& e = in.evidence;
  struct Component {
    std::set<std::string> methods, places;
    std::string supplier;
  };
  std::map<std::pair<std::string, std::string>, Component> all;
  for (const Row& r : e.rows("component")) {
    Component& c = all[{Evidence::text("component", r, "name"), Evidence::text("component", r, "version")}];
    c.methods.insert(Evidence::text("component", r, "method"));
    const std::string place = Evidence::text("component", r, "place");
    c.places.insert(place.substr(place.rfind(" > ") == std::string::npos ? 0 : place.rfind(" > ") + 3));
    if (c.supplier.empty()) c.supplier = Evidence::text("component", r, "supplier");
  }
  Html h;
  h.add("<section id=\"components\">\n<h2>Software components (", all.size(),
        ")</h2>\n<p class=\"lead\">Found in the image, and how. Known vulnerabilities were not looked up: no "
        "vulnerability data was given.</p>\n");
  if (all.empty()) {
    h.add("</section>\n\n");
    return h;
  }
  h.add(
      "<table class=\"table\">\n<thead><tr><th scope=\"col\">Component</th><th scope=\"col\">Version</th><th "
      "scope=\"col\">Found by</th><th scope=\"col\">Supplier</th><th scope=\"col\">Where</th></tr></thead>\n<tbody>\n");
  std::size_t shown = 0;
  for (const auto& [key, c] : all) {
    if (++shown > 120) break;
    std::vector<std::string> places(c.places.begin(), c.places.end());
    const std::size_t more = places.size() > 2 ? places.size() - 2 : 0;
    if (more) places.resize(2);
    h.add("<tr><th scope=\"row\">", printable(key.first), "</th><td class=\"brief\"><code>",
          key.second.empty() ? std::string("not found") : printable(key.second), "</code></td><td class=\"brief\">",
          join({c.methods.begin(), c.methods.end()}, ", "), "</td><td class=\"brief\">", printable(c.supplier),
          "</td><td data-th=\"Where\"><code class=\"digest\">", printable(join(places, ", ")), "</code>");
    if (more) h.add(" <span class=\"meta\">and ", more, " more</span>");
    h.add("</td></tr>\n");
  }
  h.add("</tbody>\n</table>\n");
  if (all.size() > 120)
    h.add("<p class=\"meta\">And ", all.size() - 120, " more in evidence.db, table component.</p>\n");
  h.add("</section>\n\n");
  return h;
}

Html method_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  const Evidence& e = in.evidence;
  Html h;
  h.add(
      "<section id=\"method\">\n<h2>Method, versions and digests</h2>\n<p class=\"lead\">Same inputs and same data "
      "give the same report, byte for byte. Facts come from examiners, verdicts from rules and from people; a person’s "
      "verdict "
      "stands beside the rule’s and never hides it.</p>\n<table class=\"table\">\n<tbody>\n");
  h.add("<tr><th scope=\"row\">Assessed against</th><td>ETSI EN 303 645 V", a.en_edition, ", by ETSI TS 103 701 V",
        a.ts_edition, ": ", a.provisions.size(), " provisions, ", a.cases.size(), " test cases, ", a.units.size(),
        " test units.</td></tr>\n");
  std::size_t ruled = 0;
  for (const UnitVerdict& u : a.units) ruled += u.rule.empty() ? 0 : 1;
  h.add("<tr><th scope=\"row\">Rules</th><td>", ruled, " of ", a.units.size(),
        " units have a rule; the others are not assessed unless a person gives a verdict.</td></tr>\n");
  h.add("<tr><th scope=\"row\">Tool and data</th><td>assay ", in.assay_version, ", data ", a.data_version,
        "</td></tr>\n");
  if (!in.command.empty()) h.add("<tr><th scope=\"row\">Command</th><td><code>", in.command, "</code></td></tr>\n");
  h.add("<tr><th scope=\"row\">Evidence</th><td class=\"digest\"><code>evidence.db</code>, rows <code>sha256:",
        a.evidence_digest,
        "</code></td></tr>\n<tr><th scope=\"row\">Rule texts</th><td class=\"digest\"><code>sha256:", a.rules_digest,
        "</code></td></tr>\n");
  if (!a.reproducible)
    h.add(
        "<tr><th scope=\"row\">Reproducible</th><td>No: a limit of time cut the examination. Another run may find more "
        "or less.</td></tr>\n");
  h.add(
      "</tbody>\n</table>\n<table class=\"table\">\n<caption>Inputs</caption>\n<thead><tr><th "
      "scope=\"col\">File</th><th scope=\"col\">Kind</th><th scope=\"col\" class=\"num\">Bytes</th><th "
      "scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
  for (const Row& r : e.rows("artefact"))
    h.add("<tr><th scope=\"row\"><code>", printable(Evidence::text("artefact", r, "name")),
          "</code></th><td class=\"brief\">", Evidence::text("artefact", r, "source"),
          "</td><td class=\"num\" data-th=\"Bytes\">", grouped(number("artefact", r, "size")),
          "</td><td class=\"digest\"><code>", Evidence::text("artefact", r, "sha256"), "</code></td></tr>\n");
  h.add(
      "</tbody>\n</table>\n<footer class=\"meta\">\n<p>This report is not a certificate. It says what was seen, by "
      "whom, and what follows under rules that can be read. Legal effects come from a dated register of laws and "
      "arrangements; check the texts "
      "before you rely on them.</p>\n</footer>\n</section>\n");
  return h;
}

}  // namespace assay::report
