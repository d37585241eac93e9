// What remains for the marks that the product's markets ask for: routes, work, and what cannot be had.
#include <fmt/format.h>

#include "report/pieces.h"

namespace assay::report {
namespace {

Html notes(const std::vector<std::string>& all) {
  Html h;
  for (const std::string& n : all) h.add("<span class=\"meta\">", n, "</span><br>");
  return h;
}

}  // namespace

Html plan_section(const ReportInput& in) {
  const PlanView& plan = in.plan;
  Html h;
  if (plan.headline.empty() && plan.refused.empty()) return h;
  h.add("<section id=\"plan\">\n<h2>The least further work</h2>\n");
  if (!plan.headline.empty()) {
    h.add("<p class=\"lead\">", plan.headline,
          "</p>\n<table class=\"table\">\n<caption>Each law and label, by its cheapest way</caption>\n<thead><tr><th "
          "scope=\"col\">Law or label</th><th scope=\"col\">Way</th><th scope=\"col\">Test units left</th><th "
          "scope=\"col\">Done in</th></tr></thead>\n<tbody>\n");
    for (const PlanView::Mark& m : plan.marks)
      h.add("<tr><th scope=\"row\">", m.mark, "</th><td data-th=\"Way\">", m.route, "<br>", notes(m.notes),
            "</td><td data-th=\"Test units left\">", m.tests, "</td><td data-th=\"Done in\">",
            m.issued.empty() ? std::string("held") : m.issued, "</td></tr>\n");
    h.add(
        "</tbody>\n</table>\n<table class=\"table\">\n<caption>What it takes, shared work "
        "once</caption>\n<thead><tr><th "
        "scope=\"col\">What</th><th scope=\"col\">Effort</th><th scope=\"col\">Cost</th></tr></thead>\n<tbody>\n");
    for (const PlanView::Work& w : plan.remains)
      h.add("<tr><th scope=\"row\">", w.what, "<br>", notes(w.each), "</th><td data-th=\"Effort\">", w.effort,
            "</td><td data-th=\"Cost\">", w.cost, "</td></tr>\n");
    h.add("</tbody>\n</table>\n<p class=\"lead\">", plan.together, "</p>\n<p class=\"meta\">", plan.assumed, "</p>\n");
  }
  if (!plan.refused.empty()) {
    h.add("<details class=\"more\"><summary>Not planned, and why (", plan.refused.size(),
          ")</summary>\n<ul class=\"prose\">\n");
    for (const PlanView::Refused& r : plan.refused) h.add("<li>", r.title, "<br>", notes(r.reasons), "</li>\n");
    h.add("</ul>\n</details>\n");
  }
  h.add("</section>\n\n");
  return h;
}

}  // namespace assay::report
