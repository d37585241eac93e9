// What nobody has looked at, and every provision with its units, facts and who says so.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "report/pieces.h"

namespace assay::report {
namespace {

std::vector<const UnitVerdict*> units_of(const Assessment& a, const std::string& provision) {
  std::vector<const UnitVerdict*> out;
  for (const UnitVerdict& u : a.units)
    if (u.provision == provision) out.push_back(&u);
  return out;
}

std::string decide_words(std::string_view decide) {
  if (decide == "by_hand") return "a person acts or judges";
  if (decide == "assisted") return "a person decides, with what was prepared";
  if (decide == "disproves_only") return "software can disprove it, a person confirms";
  return "software decides";
}

std::string upper_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string by_words(const UnitVerdict& u) {
  std::string out =
      u.rule.empty() ? (u.by == "person" ? "a person" : "no rule yet; " + decide_words(u.decide)) : "rule " + u.rule;
  if (u.by == "rule and person") out += ", and a person";
  return out;
}

Html provision_row(const ReportInput& in, const ProvisionVerdict& p) {
  const Assessment& a = in.assessment;
  const auto units = units_of(a, p.provision);
  Html h;
  h.add("<details class=\"provision v-", css_class(p.value), "\"",
        std::string_view(p.value == Verdict::fail ? " open" : ""), ">\n<summary>", verdict_words(p.value),
        "<span class=\"id\">", p.provision, "</span><span class=\"title\">", p.title,
        "</span><span class=\"meta flag\">", std::string_view(p.mandatory ? "mandatory" : "recommended"),
        "</span></summary>\n<div class=\"body\" id=\"p-", p.provision, "\">\n<dl>\n<dt>Asked</dt><dd>", p.asks,
        "</dd>\n");
  std::string found = p.reason;
  if (!p.ics.empty())
    found += (found.empty()         ? ""
              : found.back() == '.' ? " "
                                    : ". ") +
             fmt::format("The maker's statement says {}{}", p.ics,
                         p.ics_detail.empty() ? "." : ": " + p.ics_detail + (p.ics_detail.back() == '.' ? "" : "."));
  if (!found.empty()) h.add("<dt>Found</dt><dd>", upper_first(found), "</dd>\n");
  if (!units.empty()) {
    h.add(
        "<dt>Test units</dt><dd><table class=\"table units\">\n<thead class=\"unseen\"><tr><th "
        "scope=\"col\">Unit</th><th scope=\"col\">Asks that</th><th scope=\"col\">Verdict</th><th "
        "scope=\"col\">By</th></tr></thead>\n<tbody>\n");
    for (const UnitVerdict* u : units) {
      h.add("<tr><th scope=\"row\" class=\"id\">", u->unit, "</th><td>", u->asks);
      if (u->value != Verdict::pass && !u->reason.empty())
        h.add(" <span class=\"meta\">", upper_first(u->reason), "</span>");
      h.add("</td><td>", verdict_words(u->value), "</td><td class=\"meta\">", by_words(*u), "</td></tr>\n");
    }
    h.add("</tbody></table></dd>\n");
  }
  // Facts: fails first, each row once; a few at most, the rest are counted.
  std::set<std::pair<std::string, std::string>> seen;
  Html facts;
  std::size_t shown = 0, left = 0;
  for (const Finding::Role role :
       {Finding::Role::fail, Finding::Role::missing, Finding::Role::doubt, Finding::Role::confirm})
    for (const UnitVerdict* u : units)
      for (const Finding& f : u->findings) {
        if (f.role != role || !seen.insert({f.table, f.id}).second) continue;
        if (shown >= 8 || (role == Finding::Role::confirm && shown >= 3)) {
          ++left;
          continue;
        }
        Html one = fact_figure(in, f);
        if (one.empty()) continue;
        facts.nest(one);
        ++shown;
      }
  if (!facts.empty()) {
    h.add("<dt>Facts</dt><dd>", facts);
    if (left > 0) h.add("<p class=\"meta\">And ", left, " more rows in evidence.db.</p>");
    h.add("</dd>\n");
  }
  Html says;
  for (const UnitVerdict* u : units) {
    if (!u->rule.empty()) says.add("<li>", verdict_words(u->machine), " rule ", u->rule, ", unit ", u->unit, "</li>");
    const auto person = [&](const PersonVerdict& said, const std::string& entry) {
      says.add("<li>", verdict_words(said.value), " ", said.by, ", ", said.date, ", unit ", u->unit);
      if (!entry.empty()) says.add(", entry ", entry);
      if (!said.reason.empty()) says.add(": ", said.reason);
      if (said.stale) says.add(" (stale: what was shown has changed since)");
      says.add("</li>");
    };
    for (const EntryVerdict& e : u->entries)
      if (e.person) person(*e.person, e.entry);
    if (u->entries.empty() && u->person) person(*u->person, "");
  }
  if (!says.empty()) h.add("<dt>Who says so</dt><dd><ul class=\"says\">", says, "</ul></dd>\n");
  std::vector<std::string> mends, asks;
  for (const UnitVerdict* u : units) {
    for (const Finding& f : u->findings)
      if (!f.mend.empty() && f.role != Finding::Role::confirm &&
          std::find(mends.begin(), mends.end(), f.mend) == mends.end())
        mends.push_back(f.mend);
    if (u->value != Verdict::pass && u->value != Verdict::not_applicable && !u->question.empty())
      asks.push_back(u->unit + ": " + u->question);
  }
  if (!mends.empty() || !asks.empty()) {
    h.add("<dt>Next</dt><dd class=\"next\">");
    for (const std::string& m : mends) h.add("<p>", m, ".</p>");
    if (!mends.empty()) h.add("<p>Then run <code>assay assess</code> again.</p>");
    for (std::size_t i = 0; i < asks.size() && i < 4; ++i) h.add("<p class=\"meta\">For a person, ", asks[i], "</p>");
    h.add("</dd>\n");
  }
  h.add("</dl>\n</div>\n</details>\n");
  return h;
}

}  // namespace

Html not_assessed_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  std::vector<const ProvisionVerdict*> open;
  for (const ProvisionVerdict& p : a.provisions)
    if (p.value == Verdict::not_assessed) open.push_back(&p);
  Html h;
  h.add("<section id=\"not-assessed\">\n<h2>Not assessed (", open.size(), ")</h2>\n");
  if (open.empty()) {
    h.add(
        "<p class=\"lead\">Somebody or something has looked at every provision. Units that stay open stand with their "
        "provision.</p>\n</section>\n\n");
    return h;
  }
  h.add(
      "<p class=\"lead\">Nobody has looked at these, or what it takes to look is missing. They count as not met "
      "wherever they are required.</p>\n<table class=\"table\">\n"
      "<thead><tr><th scope=\"col\">Provision</th><th scope=\"col\">Why not</th><th scope=\"col\">What it "
      "takes</th></tr></thead>\n<tbody>\n");
  for (const ProvisionVerdict* p : open) {
    std::vector<std::string> ids, takes;
    std::string why = p->reason;
    for (const UnitVerdict* u : units_of(a, p->provision)) {
      if (u->value != Verdict::not_assessed) continue;
      ids.push_back(u->unit);
      for (std::string n : u->needs) {
        while (!n.empty() && n.back() == '.') n.pop_back();
        if (std::find(takes.begin(), takes.end(), n) == takes.end()) takes.push_back(n);
      }
    }
    h.add("<tr><th scope=\"row\"><span class=\"not-assessed\">", shape(Verdict::not_assessed), "</span> ",
          provision_link(p->provision), " ", p->title, " <span class=\"meta\">",
          std::string_view(p->mandatory ? "mandatory" : "recommended"), "</span></th><td data-th=\"Why not\">",
          upper_first(why), "</td><td data-th=\"What it takes\">");
    if (takes.size() > 4) {
      takes.resize(4);
      takes.push_back("…");
    }
    std::string what = upper_first(join(takes, "; "));
    if (!what.empty() && what.back() != '.') what += ".";
    h.add(what);
    if (!ids.empty())
      h.add(std::string_view(what.empty() ? "" : " "), std::string_view(ids.size() == 1 ? "Unit " : "Units "),
            join(ids, ", "), ".");
    h.add("</td></tr>\n");
  }
  h.add("</tbody>\n</table>\n</section>\n\n");
  return h;
}

Html provisions_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  auto counts = count_provisions(a);
  Html h;
  h.add(
      "<section id=\"provisions\">\n<h2>Provisions</h2>\n<p class=\"lead\">What is asked (in our words), what was "
      "found and where, who says so, and what to do next. Standards texts are copyrighted; the wording of ETSI "
      "prevails.</p>\n<fieldset class=\"filter\">\n  <legend class=\"unseen\">Show</legend>\n  <label><input "
      "type=\"radio\" name=\"show\" id=\"show-all\" checked>All ",
      a.provisions.size(),
      "</label>\n  <label><input type=\"radio\" name=\"show\" id=\"show-todo\">Fail, error, inconclusive ",
      counts[Verdict::fail] + counts[Verdict::error] + counts[Verdict::inconclusive],
      "</label>\n  <label><input type=\"radio\" name=\"show\" id=\"show-not-assessed\">Not assessed ",
      counts[Verdict::not_assessed], "</label>\n  <label><input type=\"radio\" name=\"show\" id=\"show-pass\">Pass ",
      counts[Verdict::pass], "</label>\n</fieldset>\n\n");
  std::string clause;
  for (const ProvisionVerdict& p : a.provisions) {
    if (p.clause != clause) {
      clause = p.clause;
      std::string title;
      for (const auto& c : in.edition.clauses)
        if (c.ref == clause) title = c.text;
      h.add("<h3 class=\"clause-title\">", clause, " ", title, "</h3>\n");
    }
    h.nest(provision_row(in, p));
  }
  h.add("</section>\n\n");
  return h;
}

}  // namespace assay::report
