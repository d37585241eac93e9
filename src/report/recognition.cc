// What the law makes of it, and what held marks are worth elsewhere: results with their chain of facts, effects, dates.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "report/pieces.h"

namespace assay::report {
namespace {

std::string effect_class(std::string_view effect) {
  if (effect == "deemed_compliant" || effect == "presumption_of_conformity") return "deemed";
  if (effect == "recognised_as") return "recognised";
  if (effect == "simplified_application") return "simplified";
  if (effect.starts_with("evidence")) return "evidence";
  return "none";
}

std::string level_words(const ReportInput& in, const std::string& scheme, const std::string& level) {
  if (const MarketLabel* l = label_of(in, scheme, level)) return l->country + ", " + l->title;
  return level.empty() ? scheme : scheme + " " + level;
}

// Results of a group of levels, as table rows.
Html result_rows(const ReportInput& in, const std::vector<const Conformity*>& rows) {
  const Assessment& a = in.assessment;
  Html h;
  for (const Conformity* row : rows) {
    const Conformity& c = *row;
    h.add("<tr><th scope=\"row\">", level_words(in, c.scheme, c.level), "</th><td class=\"brief\">",
          result_words(c.result), "</td><td data-th=\"Legal effect\">", result_text(c.legal_effect));
    if (!c.deemed_by.empty()) h.add(", by ", c.deemed_by);
    if (const MarketLabel* l = label_of(in, c.scheme, c.level); l && !l->asleep.empty())
      h.add("<br><span class=\"meta\">", l->asleep, "</span>");
    if (!c.valid_until.empty()) h.add(", until ", c.valid_until);
    h.add("</td><td data-th=\"Not met, open, beyond\">");
    const auto list = [&](const char* what, const std::vector<std::string>& ids) {
      if (ids.empty()) return;
      h.add("<span class=\"meta\">", std::string(what), ":</span> ");
      for (std::size_t i = 0; i < ids.size() && i < 12; ++i) {
        const std::size_t colon = ids[i].rfind(':');
        const bool baseline = ids[i].starts_with("en303645:" + a.en_edition + ":");
        h.add(std::string_view(i ? " " : ""));
        if (baseline)
          h.nest(provision_link(ids[i].substr(colon + 1)));
        else
          h.add(ids[i]);
        h.add(std::string_view(i + 1 < ids.size() && !baseline ? ";" : ""));
      }
      if (ids.size() > 12) h.add(" and ", ids.size() - 12, " more");
      h.add("<br>");
    };
    list("fails", c.failed);
    list("open", c.open);
    list("beyond the baseline", c.residual);
    h.add("</td><td class=\"sure\" data-th=\"How sure\">", c.confidence, "</td></tr>\n");
  }
  return h;
}

// Which marks lead to what these markets ask for: a picture, and the same as a table.
Html world(const ReportInput& in) {
  Html h;
  if (in.world.reaches.empty()) return h;
  const auto name = [&](const std::string& id) {
    for (const WorldMark& m : in.world.marks)
      if (m.id == id) return m.code.empty() ? m.title : m.code + " " + m.title;
    return id;
  };
  h.add(
      "<h3 class=\"clause-title\">Marks that count in these markets</h3>\n<p class=\"lead\">Held or not: what stands "
      "at the left would give the product what stands at the right.</p>\n<div class=\"wide\">\n",
      world_picture(in.world),
      "</div>\n<details class=\"twin\"><summary>The same as a table</summary>\n<table "
      "class=\"table\">\n<thead><tr><th scope=\"col\">Mark or standard</th><th scope=\"col\">Effect</th><th "
      "scope=\"col\">Where</th><th scope=\"col\">Days</th><th scope=\"col\">How sure</th></tr></thead>\n<tbody>\n");
  for (const WorldReach& r : in.world.reaches) {
    h.add("<tr><th scope=\"row\">", name(r.from));
    if (!r.from_levels.empty() && r.from_levels != "single") h.add(", ", r.from_levels);
    h.add("</th><td data-th=\"Effect\">", result_text(r.effect), "</td><td class=\"brief\">", name(r.to));
    if (!r.to_level.empty() && r.to_level != "single") h.add(", ", r.to_level);
    h.add("</td><td data-th=\"Days\">", r.since.empty() ? std::string("day not known") : "from " + r.since);
    if (!r.until.empty()) h.add(" until ", r.until);
    if (!r.live) h.add(", ", r.state);
    h.add(", by ", r.by, "</td><td class=\"sure\" data-th=\"How sure\">",
          std::string_view(r.doubtful ? "doubtful" : "sourced"), "</td></tr>\n");
  }
  h.add("</tbody>\n</table>\n</details>\n");
  return h;
}

}  // namespace

Html recognition_section(const ReportInput& in) {
  const Assessment& a = in.assessment;
  Html h;
  h.add(
      "<section id=\"recognition\">\n<h2>What the law and the labels make of it</h2>\n<p class=\"lead\">The result "
      "says what the verdicts say. The legal effect comes only from a dated register of laws and arrangements, never "
      "from a share of passes.</p>\n");
  static constexpr char kHead[] =
      "<thead><tr><th scope=\"col\">Law or label</th><th scope=\"col\">Result</th><th scope=\"col\">Legal "
      "effect</th><th "
      "scope=\"col\">Not met, open, beyond</th><th scope=\"col\">How sure</th></tr></thead>\n<tbody>\n";
  const std::vector<const Conformity*> first = official(in);
  std::vector<const Conformity*> others;
  for (const Conformity& c : a.conformity)
    if (std::find(first.begin(), first.end(), &c) == first.end()) others.push_back(&c);
  h.add("<table class=\"table\">\n<caption>Result and legal effect</caption>\n", kHead, result_rows(in, first),
        "</tbody>\n</table>\n");
  Html private_notes;
  for (const std::string& n : a.notes)
    if (!others.empty() && n.starts_with("ind-")) private_notes.add("<p class=\"meta\">", n, "</p>\n");
  if (!others.empty())
    h.add("<details class=\"more\"><summary>Private marks and certificates (", others.size(),
          ")</summary>\n<table class=\"table\">\n", kHead, result_rows(in, others), "</tbody>\n</table>\n",
          private_notes, "</details>\n");
  h.add("<details class=\"more\"><summary>Why: the chain of facts for each</summary>\n");
  for (const Conformity& c : a.conformity) {
    if (c.why.empty()) continue;
    h.add("<h3 class=\"clause-title\">", level_words(in, c.scheme, c.level), "</h3>\n<ul class=\"prose\">\n");
    for (const std::string& w : c.why) h.add("<li>", w, "</li>\n");
    h.add("</ul>\n");
  }
  h.add("</details>\n");

  if (!a.product.held.empty()) {
    h.add(
        "<table class=\"table\">\n<caption>What each mark that is held gives elsewhere</caption>\n<thead><tr><th "
        "scope=\"col\">Effect</th><th scope=\"col\">Mark</th><th scope=\"col\">Where</th><th "
        "scope=\"col\">Until</th><th scope=\"col\">On condition</th><th "
        "scope=\"col\">How sure</th></tr></thead>\n<tbody>\n");
    if (a.recognition.empty())
      h.add("<tr><td colspan=\"6\">No arrangement in force on ", a.at.words(),
            " gives these marks an effect elsewhere.</td></tr>\n");
    for (const Recognition& r : a.recognition) {
      std::string conditions = join(r.conditions, "; ");
      if (r.usable != "true" && !r.usable.empty())
        conditions += (conditions.empty() ? "" : "; ") +
                      std::string(r.usable == "false" ? "cannot be used today" : replace_all(r.usable, "_", " "));
      h.add("<tr><th scope=\"row\"><span class=\"effect ", effect_class(r.effect), "\">", result_text(r.effect),
            "</span></th><td class=\"brief\">", level_words(in, r.from_scheme, r.from_level),
            "</td><td class=\"brief\">", level_words(in, r.to_scheme, r.to_level), "</td><td class=\"brief\">",
            r.valid_until, "</td><td data-th=\"On condition\">", conditions,
            "</td><td class=\"sure\" data-th=\"How sure\">", r.confidence, "</td></tr>\n");
    }
    h.add("</tbody>\n</table>\n");
  }
  h.nest(world(in));
  // What is remarked of private marks alone stands with them.
  for (const std::string& n : a.notes)
    if (others.empty() || !n.starts_with("ind-")) h.add("<p class=\"call\">", n, "</p>\n");

  // Dates, counted from the day of the assessment.
  std::vector<std::pair<Date, std::pair<std::string, std::string>>> dates;
  const auto day = [&](const std::string& text, std::string what, std::string then) {
    if (const auto d = Date::parse(text)) dates.push_back({*d, {std::move(what), std::move(then)}});
  };
  day(a.product.support_until, "Security updates end", "As the dossier says");
  for (const HeldMark& m : a.product.held)
    day(m.until, level_words(in, m.scheme, m.level) + " ends", "What it gives elsewhere ends the same day");
  if (!dates.empty()) {
    std::sort(dates.begin(), dates.end());
    h.add(
        "<h3 class=\"clause-title\">Dates that matter</h3>\n<table class=\"table\">\n<thead><tr><th "
        "scope=\"col\">What</th><th scope=\"col\">Day</th><th scope=\"col\">What then</th></tr></thead>\n<tbody>\n");
    for (const auto& [d, what] : dates)
      h.add("<tr><th scope=\"row\">", what.first, "</th><td data-th=\"Day\">", date_words(d, a.at),
            "</td><td data-th=\"What then\">", what.second, "</td></tr>\n");
    h.add("</tbody>\n</table>\n");
  }
  h.add("</section>\n\n");
  return h;
}

}  // namespace assay::report
