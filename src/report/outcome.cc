// The first screen: which product, what result, what first. And the contradictions, which come right after it.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "report/pieces.h"

namespace assay::report {
namespace {

std::string plural(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string number_word(std::size_t n, bool capital = false) {
  static constexpr const char* kWords[] = {"no",  "one",   "two",   "three", "four", "five",
                                           "six", "seven", "eight", "nine",  "ten"};
  std::string word = n <= 10 ? kWords[n] : std::to_string(n);
  if (capital) word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

// "1 fails, 2 open": what stands below a result.
std::string why_so(const Conformity& c) {
  std::vector<std::string> parts;
  if (!c.failed.empty())
    parts.push_back(fmt::format("{} {}", c.failed.size(), c.failed.size() == 1 ? "fails" : "fail"));
  if (!c.open.empty()) parts.push_back(fmt::format("{} open", c.open.size()));
  if (!c.residual.empty()) parts.push_back(fmt::format("{} beyond the baseline", c.residual.size()));
  if (c.legal_effect == "deemed_compliant" && !c.deemed_by.empty())
    parts.push_back("deemed compliant by " + c.deemed_by);
  return join(parts, ", ");
}

Html proportion(const std::map<Verdict, int>& counts, std::size_t total) {
  Html h;
  h.add("<svg class=\"proportion\" aria-hidden=\"true\">");
  double x = 0;
  for (const Verdict v : kVerdicts) {
    const auto it = counts.find(v);
    if (it == counts.end() || total == 0) continue;
    const double width = 100.0 * it->second / static_cast<double>(total);
    h.add("<rect class=\"", css_class(v), "\" x=\"", fmt::format("{:.2f}", x), "%\" width=\"",
          fmt::format("{:.2f}", std::max(0.0, width - 0.35)), "%\" height=\"10\"/>");
    x += width;
  }
  h.add("</svg>\n");
  return h;
}

}  // namespace

Html outcome_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  const Product& p = a.product;
  Html h;
  h.add("<section class=\"outcome\" id=\"outcome\">\n<h1>", p.name);
  if (!p.firmware_version.empty()) h.add(" <small>firmware ", p.firmware_version, "</small>");
  h.add("</h1>\n<p class=\"meta\">");
  if (!p.maker.empty()) h.add(p.maker, " · ");
  if (!p.model.empty()) h.add("model ", p.model, " · ");
  if (!p.category.empty()) h.add(p.category, " · ");
  h.add("assessed against ETSI EN 303 645 V", a.en_edition, " on ", a.at.words(), "</p>\n");

  const Answer so = answer(a);
  h.add("<div class=\"result\">\n  <span class=\"", css_class(so.verdict), "\">", shape(so.verdict),
        "</span>\n  <p><strong>", so.sentence, "</strong>\n  ", so.more);
  if (!a.fixes.empty())
    h.add(" <a href=\"#fixes\">",
          std::string(a.fixes.size() == 1   ? "One fix"
                      : a.fixes.size() <= 5 ? number_word(a.fixes.size(), true) + " fixes"
                                            : "The first five fixes"),
          "</a> ", std::string(a.fixes.size() == 1 ? "settles" : "settle"),
          std::string(a.fixes.front().only_doubts() ? " what is in doubt." : " what was seen to be wrong."));
  h.add("</p>\n</div>\n");

  const auto counts = count_provisions(a);
  h.nest(proportion(counts, a.provisions.size()));
  h.add("<ul class=\"counts\" aria-label=\"All ", a.provisions.size(), " provisions, mandatory and recommended\">\n");
  for (const Verdict v : kVerdicts)
    if (const auto it = counts.find(v); it != counts.end())
      h.add("  <li>", verdict_words(v, fmt::format("{} {}", it->second, words(v))), "</li>\n");
  h.add("</ul>\n<div class=\"today\">\n<div>\n<h2 id=\"markets-title\">Outcome by market</h2>\n");

  const bool after = !a.conformity_after.empty();
  const std::string after_title =
      fmt::format("After the {}", a.fixes.size() == 1 ? "fix" : number_word(a.fixes.size()) + " fixes");
  h.add(
      "<table class=\"markets\" aria-labelledby=\"markets-title\">\n<thead><tr><th scope=\"col\">Market</th><th "
      "scope=\"col\">Today</th>");
  if (after) h.add("<th scope=\"col\">", after_title, "</th>");
  h.add("</tr></thead>\n<tbody>\n");
  for (const Conformity* row : official(in)) {
    const Conformity& c = *row;
    const MarketLabel* label = label_of(in, c.scheme, c.level);
    h.add("<tr><th scope=\"row\"><span class=\"code\">", label ? label->code : std::string("–"), "</span><b>",
          label ? label->country : c.scheme, "</b> <span class=\"meta\">", label ? label->title : c.level,
          "</span></th><td data-th=\"Today\">", result_words(c.result), " <span class=\"meta\">", why_so(c), "</span>");
    if (label && !label->asleep.empty()) h.add(" <span class=\"meta\">no effect: ", label->asleep, "</span>");
    h.add("</td>");
    if (after) {
      const auto then = std::find_if(a.conformity_after.begin(), a.conformity_after.end(),
                                     [&](const Conformity& x) { return x.scheme == c.scheme && x.level == c.level; });
      h.add("<td data-th=\"", after_title, "\">");
      if (then != a.conformity_after.end())
        h.add(result_words(then->result), " <span class=\"meta\">", why_so(*then), "</span>");
      h.add("</td>");
    }
    h.add("</tr>\n");
  }
  h.add("</tbody>\n</table>\n");
  if (!p.held.empty()) {
    h.add("<p class=\"marks meta\"><a href=\"#recognition\">Marks held</a>: ");
    bool first = true;
    for (const HeldMark& m : p.held) {
      const MarketLabel* label = label_of(in, m.scheme, m.level);
      h.add(std::string_view(first ? "" : "; "),
            label ? label->country + " " + label->title : m.scheme + " " + m.level);
      if (!m.until.empty()) h.add(" until ", m.until);
      first = false;
    }
    h.add(".</p>\n");
  }
  h.add("</div>\n<div>\n<h2 id=\"fixes\">Fix first</h2>\n");
  if (a.fixes.empty()) {
    h.add("<p class=\"after-fixes\">Nothing was seen to be wrong. ",
          std::string_view(so.verdict == Verdict::pass ? "" : "What nobody has looked at stands below."), "</p>\n");
  } else {
    h.add("<ol class=\"fixes\">\n");
    for (std::size_t i = 0; i < a.fixes.size() && i < 5; ++i) {
      const Fix& f = a.fixes[i];
      h.add("  <li><b>", f.mend, "</b><span class=\"meta\">");
      for (const std::string& id : f.provisions) h.add(provision_link(id), " ");
      const std::vector<std::string> codes = market_codes(in, f.turns);
      if (!codes.empty()) h.add("· ", join(codes, ", "));
      h.add("</span></li>\n");
    }
    h.add("</ol>\n");
    if (a.fixes.size() > 5)
      h.add("<p class=\"after-fixes\">And ", plural(a.fixes.size() - 5, "more fix", "more fixes"),
            ": each stands at its provision.</p>\n");
  }
  std::vector<std::string> look;
  for (const ProvisionVerdict& v : a.provisions)
    if (v.mandatory && v.value == Verdict::not_assessed) look.push_back(v.provision);
  if (!look.empty()) {
    h.add("<p class=\"after-fixes\">Then have somebody look at ");
    for (std::size_t i = 0; i < look.size() && i < 6; ++i) h.add(provision_link(look[i]), " ");
    if (look.size() > 6) h.add("and ", look.size() - 6, " more.");
    h.add("</p>\n<p class=\"after-fixes\"><a href=\"#not-assessed\">What nobody has looked at</a></p>\n");
  }
  h.add("</div>\n</div>\n</section>\n\n");
  return h;
}

Html contradictions_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  Html h;
  if (a.contradictions.empty()) return h;
  h.add("<section id=\"contradictions\">\n<h2>Contradictions (", a.contradictions.size(),
        ")</h2>\n<p class=\"lead\">Where what the dossier claims and what was seen do not fit, or a person and a "
        "rule do not agree. Either side may be right; both are shown.</p>\n");
  for (const Contradiction& c : a.contradictions) {
    std::string title = c.provision;
    for (const ProvisionVerdict& p : a.provisions)
      if (p.provision == c.provision) title = p.title;
    const auto sentence = [](std::string text) {
      if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
      if (!text.empty() && text.back() != '.') text += ".";
      return text;
    };
    h.add("<article class=\"clash\">\n<header><h3>", title, "</h3>", provision_link(c.provision), " ",
          verdict_words(c.verdict), "</header>\n<div class=\"sides\">\n  <div class=\"side\"><h4>Claimed</h4><p>",
          c.claimed.empty() ? std::string("Nothing about it.") : sentence(c.claimed),
          "</p></div>\n  <div class=\"side observed\"><h4>Observed</h4><p>", sentence(c.observed));
    std::size_t shown = 0;
    for (const auto& [table, id] : c.rows) {
      const evidence::Row* row = in.evidence.row(table, id);
      if (!row || ++shown > 3) continue;
      const evidence::Table* t = evidence::find_table(table);
      if (!t->column("place")) continue;
      std::string where = evidence::Evidence::text(table, *row, "place");
      const std::string at = t->column("at") ? evidence::Evidence::text(table, *row, "at") : "";
      if (!where.empty())
        h.add(" <span class=\"meta\"><code>", printable(where),
              std::string_view(at.empty()                         ? ""
                               : t->kind == evidence::Kind::claim ? ":"
                                                                  : ", byte "),
              at, "</code></span>");
    }
    h.add("</p></div>\n</div>\n");
    if (!c.unit.empty()) h.add("<p class=\"so meta\">Test unit ", c.unit, "</p>\n");
    h.add("</article>\n");
  }
  h.add("</section>\n\n");
  return h;
}

Html baseline_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  std::size_t mandatory = 0;
  for (const ProvisionVerdict& p : a.provisions) mandatory += p.mandatory ? 1 : 0;
  Html h;
  h.add("<section id=\"baseline\">\n<h2>The baseline at a glance</h2>\n<p class=\"lead\">", a.provisions.size(),
        " provisions of ETSI EN 303 645 V", a.en_edition, ". One shape is one provision: boxed where mandatory (",
        mandatory, "), unboxed where recommended (", a.provisions.size() - mandatory,
        "). Not looking is never passing.</p>\n<dl class=\"legend\">\n");
  static constexpr std::pair<Verdict, std::string_view> kLegend[] = {
      {Verdict::fail, "Seen to be not so"},
      {Verdict::error, "Our tool could not finish"},
      {Verdict::inconclusive, "Looked at, and still open"},
      {Verdict::not_assessed, "Nobody looked, or the facts are missing"},
      {Verdict::pass, "Looked at, and it holds"},
      {Verdict::not_applicable, "Its condition is not met here"},
      {Verdict::not_claimed, "Recommended, not done, reason given"}};
  for (const auto& [v, meaning] : kLegend)
    h.add("  <div><dt>", verdict_words(v), "</dt><dd>", meaning, "</dd></div>\n");
  h.add("</dl>\n<figure aria-labelledby=\"glance-caption\">\n<ul class=\"strips\">\n");

  std::map<std::string, std::vector<const ProvisionVerdict*>> by_clause;
  std::vector<std::string> clauses;
  std::size_t widest = 1;
  for (const ProvisionVerdict& p : a.provisions) {
    auto& list = by_clause[p.clause];
    if (list.empty()) clauses.push_back(p.clause);
    list.push_back(&p);
    widest = std::max(widest, list.size());
  }
  const std::size_t step = std::min<std::size_t>(24, 384 / widest);
  h.add(
      "<li><span class=\"clause meta\">Clause</span><svg class=\"strip\" viewBox=\"0 0 384 16\" aria-hidden=\"true\">");
  for (std::size_t i = 0; i < widest; ++i) h.add("<text x=\"", i * step + 11, "\" y=\"12\">", i + 1, "</text>");
  h.add("</svg><span class=\"rest wide\">Not passed</span></li>\n");
  for (const std::string& clause : clauses) {
    std::string title;
    for (const auto& c : in.edition.clauses)
      if (c.ref == clause) title = c.text;
    h.add("<li><span class=\"clause\"><span class=\"code\">", clause, "</span> ", title,
          "</span>\n<svg class=\"strip\" viewBox=\"0 0 384 24\" aria-hidden=\"true\">");
    std::map<Verdict, int> counts;
    std::size_t i = 0;
    for (const ProvisionVerdict* p : by_clause[clause]) {
      ++counts[p->value];
      h.add("<a class=\"", css_class(p->value), "\" href=\"#p-", p->provision, "\" tabindex=\"-1\"><title>",
            p->provision, " ", words(p->value), ": ", p->title, "</title>");
      if (p->mandatory)
        h.add("<rect class=\"box\" x=\"", fmt::format("{:.1f}", static_cast<double>(i * step) + 0.5),
              "\" y=\"1.5\" width=\"", step - 3, "\" height=\"21\" rx=\"2\"/>");
      h.add("<path fill=\"currentColor\" fill-rule=\"evenodd\" transform=\"translate(", i * step + (step - 16) / 2,
            " 5) scale(.875)\" d=\"", shape_path(p->value), "\"/></a>\n");
      ++i;
    }
    const std::string rest = not_passed(counts);
    h.add("</svg>\n<span class=\"rest\">", rest.empty() ? std::string("none open") : rest, "</span></li>\n");
  }
  h.add(
      "</ul>\n<figcaption class=\"unseen\" id=\"glance-caption\">One line a clause, one shape a provision. The table "
      "below says the same with links.</figcaption>\n</figure>\n");
  h.add(
      "<details class=\"twin\"><summary>The same as a table</summary>\n<table class=\"table\">\n<thead><tr><th "
      "scope=\"col\">Provision</th><th scope=\"col\">Title</th><th scope=\"col\">Strength</th><th "
      "scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n");
  for (const ProvisionVerdict& p : a.provisions)
    h.add("<tr><th scope=\"row\">", provision_link(p.provision), "</th><td class=\"brief\">", p.title,
          "</td><td class=\"brief\">", std::string_view(p.mandatory ? "mandatory" : "recommended"),
          "</td><td class=\"brief\">", words(p.value), "</td></tr>\n");
  h.add("</tbody>\n</table>\n</details>\n</section>\n\n");
  return h;
}

}  // namespace assay::report
