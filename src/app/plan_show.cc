// The plan as text, JSON and a picture.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/plan.h"
#include "base/json.h"
#include "base/text.h"
#include "report/html.h"
#include "report/terminal.h"

namespace assay::app {
namespace {

std::string money(const Plan& plan, plan::Money cents) {
  return plan.costs.currency + " " + grouped(static_cast<std::uint64_t>((cents + 50) / 100));
}
std::string mark_title(const Plan& plan, const std::string& id) {
  for (const auto& [goal, mark] : plan.problem.marks) {
    if (mark.first->id + ":" + mark.second->id != id) continue;
    const scheme::LevelTitle title = scheme::level_title(*mark.first, *mark.second);
    return (title.market == "international" ? "INT" : title.market) + " " + title.title;
  }
  return id;
}
const Route& route_of(const Plan& plan, const PlannedMark& m) {
  return plan.problem.routes[static_cast<std::size_t>(m.way)];
}
bool is_law(const Plan& plan, const PlannedMark& m) {
  for (const auto& [goal, mark] : plan.problem.marks)
    if (mark.first->id == m.scheme) return mark.first->is_law();
  return false;
}
std::string route_words(const Plan& plan, const PlannedMark& m) {
  const Route& r = route_of(plan, m);
  const std::string rests = mark_title(plan, m.rests_on);
  switch (r.kind) {
    case Route::Kind::held:
      return "held already";
    case Route::Kind::own:
    case Route::Kind::inner:
      return is_law(plan, m) ? "own assessment" : "application";
    case Route::Kind::simplified:
      return "short application, by " + rests;
    case Route::Kind::recognition:
      return "recognised, by " + rests;
    case Route::Kind::deemed:
      return "deemed met, by " + rests;
  }
  return {};
}
std::string weeks(std::int64_t days) {
  const std::int64_t n = (days + 6) / 7;
  return fmt::format("{} week{}", n, n == 1 ? "" : "s");
}
std::string hours(std::int64_t minutes) { return fmt::format("{} h", (minutes + 30) / 60); }

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return std::string(count == 1 ? one : many);
}
std::string wrapped(std::string_view text, std::size_t indent) {
  return report::wrapped(std::string(indent, ' '), text);
}

// What the chosen items come to, a kind a row.
struct Sum {
  std::size_t count = 0;
  std::int64_t minutes = 0, laboratory_days = 0, waiting_days = 0;
  plan::Money cost = 0;
  std::vector<int> items;
};
std::map<Task::Kind, Sum> sums(const Plan& plan) {
  std::map<Task::Kind, Sum> out;
  for (const int i : plan.items) {
    const Task& task = plan.problem.tasks[static_cast<std::size_t>(i)];
    Sum& sum = out[task.kind];
    ++sum.count;
    sum.minutes += task.minutes;
    sum.laboratory_days += task.laboratory_days;
    sum.waiting_days += task.waiting_days;
    sum.cost += plan.problem.problem.items[static_cast<std::size_t>(i)].cost;
    sum.items.push_back(i);
  }
  return out;
}

std::vector<std::string> provisions_of(const Plan& plan, const std::vector<int>& items) {
  std::set<std::string> seen;
  for (const int i : items) seen.insert(plan.problem.tasks[static_cast<std::size_t>(i)].provision);
  std::vector<std::string> out(seen.begin(), seen.end());
  std::sort(out.begin(), out.end(), natural_less);
  return out;
}

// What is not planned: levels of one scheme together; what holds for one alone names it.
struct Refused {
  std::string title;
  std::vector<std::string> reasons;
};
std::vector<Refused> refused(const Plan& plan) {
  std::vector<Refused> out;
  const std::vector<Wish>& all = plan.problem.wishes;
  std::set<std::string> seen;
  for (const Wish& first : all) {
    if (first.goal >= 0 || !seen.insert(first.scheme).second) continue;
    std::vector<const Wish*> group;
    for (const Wish& w : all)
      if (w.goal < 0 && w.scheme == first.scheme) group.push_back(&w);
    std::vector<std::string> titles, reasons;
    for (const Wish* w : group) {
      titles.push_back(w->title);
      for (const std::string& why : w->why_not)
        if (std::find(reasons.begin(), reasons.end(), why) == reasons.end()) reasons.push_back(why);
    }
    Refused one{(first.market.empty() ? "" : first.market + " ") + join(titles, ", "), {}};
    for (const std::string& why : reasons) {
      std::vector<std::string> whose;
      for (const Wish* w : group)
        if (std::find(w->why_not.begin(), w->why_not.end(), why) != w->why_not.end()) whose.push_back(w->title);
      one.reasons.push_back(whose.size() == group.size() ? why : join(whose, ", ") + ": " + why);
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::string refused_text(const Plan& plan, const report::Terminal& t) {
  std::string out = t.bold("NOT PLANNED") + "\n";
  for (const Refused& r : refused(plan)) {
    out += report::wrapped(fmt::format("  {} ", t.shape(Verdict::not_applicable)), r.title);
    for (const std::string& why : r.reasons) out += wrapped(why, 6);
  }
  return out + "\n";
}

// What remains, a kind of work a row.
struct Remains {
  std::size_t count = 0;
  std::string what, effort;
  plan::Money cost = 0;
  std::string provisions;         // of what is mended
  std::vector<std::string> each;  // of papers, steps and applications
};
std::vector<Remains> remains(const Plan& plan) {
  std::vector<Remains> out;
  for (const auto& [kind, sum] : sums(plan)) {
    Remains row{sum.count, {}, hours(sum.minutes), sum.cost, {}, {}};
    switch (kind) {
      case Task::Kind::mend:
        row.what = plural(sum.count, "provision to mend", "provisions to mend");
        row.provisions = join(provisions_of(plan, sum.items), "  ");
        break;
      case Task::Kind::unit:
        row.what = fmt::format("test units of {} provisions", provisions_of(plan, sum.items).size());
        break;
      case Task::Kind::settle:
        row.what = plural(sum.count, "provision to answer in the dossier", "provisions to answer in the dossier");
        break;
      case Task::Kind::check:
        row.what = plural(sum.count, "requirement of laws and labels", "requirements of laws and labels");
        break;
      case Task::Kind::beyond:
        row.what = plural(sum.count, "thing asked beyond that", "things asked beyond that");
        break;
      case Task::Kind::paper:
        row.what = plural(sum.count, "paper", "papers");
        break;
      case Task::Kind::laboratory:
        row.what = plural(sum.count, "step by a laboratory or body", "steps by a laboratory or body");
        row.effort = fmt::format("{} days", sum.laboratory_days);
        break;
      case Task::Kind::application:
        row.what = plural(sum.count, "application: fee, filing, waiting", "applications: fee, filing, waiting");
        row.effort = fmt::format("{} days", sum.waiting_days);
        break;
    }
    if (kind == Task::Kind::beyond || kind == Task::Kind::paper || kind == Task::Kind::laboratory ||
        kind == Task::Kind::application)
      for (const int i : sum.items) {
        const Task& task = plan.problem.tasks[static_cast<std::size_t>(i)];
        row.each.push_back(task.title + (task.basis.empty() ? "" : ": " + task.basis));
      }
    out.push_back(std::move(row));
  }
  return out;
}

std::string work_text(const Plan& plan, const report::Terminal& t) {
  std::string out = t.bold("WHAT REMAINS") + "\n";
  for (const Remains& row : remains(plan)) {
    out += fmt::format("  {} {}{}{}\n", report::pad_left(std::to_string(row.count), 4), report::pad(row.what, 43),
                       report::pad(row.effort, 15), report::pad_left(money(plan, row.cost), 14));
    if (!row.provisions.empty()) out += wrapped(row.provisions, 8);
    for (const std::string& one : row.each) out += wrapped(one, 8);
  }
  return out + "\n";
}

std::string order_text(const Plan& plan, const report::Terminal& t) {
  constexpr std::int64_t kColumns = 46;
  const std::int64_t last = std::max<std::int64_t>(plan.days, 7);
  const auto at = [&](std::int64_t day) { return static_cast<std::size_t>((day * kColumns + last - 1) / last); };
  std::string out =
      t.bold("ORDER") + report::pad("", 25) + fmt::format("0{}\n", report::pad_left(weeks(last), kColumns - 1));
  const char* shapes[] = {t.unicode ? "█" : "#", t.unicode ? "▒" : "=", t.unicode ? "·" : "."};
  for (const PlannedMark& m : plan.marks) {
    std::string bar;
    std::size_t n = 0;
    const auto draw = [&](std::int64_t until, const char* shape) {
      for (; n < at(until); ++n) bar += shape;
    };
    draw(m.work_from, " ");
    draw(m.work_until, shapes[0]);
    const std::int64_t starts = m.laboratory_until > m.work_until ? m.work_until : m.laboratory_until;
    draw(starts, " ");
    draw(m.laboratory_until, shapes[1]);
    draw(m.issued, shapes[2]);
    bar += route_of(plan, m).kind == Route::Kind::held ? (t.unicode ? "●" : "+") : (t.unicode ? "◀" : "<");
    out += fmt::format("  {}{}\n", report::pad(report::shorten(m.market + " " + m.title, 26, t.unicode), 28), bar);
  }
  out += fmt::format("  {} work of the maker's people  {} laboratory  {} waiting for the answer\n\n", shapes[0],
                     shapes[1], shapes[2]);
  return out;
}

std::string noted(const Plan& plan) {
  std::string out;
  for (const std::string& note : plan.problem.notes) out += wrapped(printable(note), 2);
  return out;
}

std::string headline(const Plan& plan) {
  const auto wanted =
      std::count_if(plan.problem.wishes.begin(), plan.problem.wishes.end(), [](const Wish& w) { return w.goal >= 0; });
  // Money and time are what somebody assumes; the proof holds for these costs.
  const bool more =
      std::any_of(plan.marks.begin(), plan.marks.end(), [](const PlannedMark& m) { return !m.unknown.empty(); });
  return fmt::format(
      "{} mark{} for {} {} {}, in about {}: {}", wanted, wanted == 1 ? "" : "s", more ? "at least" : "about",
      money(plan, plan.cost()), plan.costs.all_own ? "by your costs" : "by assumed costs", weeks(plan.days),
      plan.certificate.proved() ? "less will not do, proved."
                                : fmt::format("less than {} will not do.", money(plan, plan.certificate.proves)));
}
std::string together(const Plan& plan) {
  return fmt::format(
      "Each mark by itself, by its own way where it has one: {} test units, {}. Together: {} test units, {}. {} tests "
      "and {} are avoided.",
      plan.units_alone, money(plan, plan.alone), plan.units, money(plan, plan.cost()),
      plan.units_alone - std::min(plan.units, plan.units_alone),
      money(plan, std::max<plan::Money>(0, plan.alone - plan.cost())));
}

std::string assumed() {
  return "Work is done by one team, one mark after the other; laboratories and authorities work beside it. What is "
         "mended passes, and what is assessed passes: a plan cannot know better.";
}

}  // namespace

std::string plan_text(const Plan& plan, bool colour, bool unicode, const std::string& next) {
  const report::Terminal t{colour, unicode};
  const Product& product = plan.ground.product;
  std::string head = printable(product.name);
  if (!product.firmware_version.empty()) head += ", firmware " + printable(product.firmware_version);
  std::string out =
      t.bold(head) +
      report::pad_left(printable(product.maker), t.kWidth - std::min<std::size_t>(t.kWidth, report::columns(head))) +
      "\n";
  const std::string second = "Least further work, on the assessment of " + printable(plan.ground.assessed_at);
  out += second +
         report::pad_left(plan.at.words(), t.kWidth - std::min<std::size_t>(t.kWidth, report::columns(second))) +
         "\n\n";

  const bool proved = plan.certificate.proved();
  std::size_t wanted = 0, refused = 0;
  for (const Wish& w : plan.problem.wishes) ++(w.goal >= 0 ? wanted : refused);
  if (wanted == 0) {
    out += t.shape(Verdict::inconclusive) + " None of the wanted marks can be planned.\n" + noted(plan) + "\n";
  } else {
    out += report::wrapped(t.shape(proved ? Verdict::pass : Verdict::inconclusive) + " ", headline(plan)) +
           noted(plan) + "\n";
    out += t.bold(report::pad("MARK", 33) + report::pad("ROUTE", 34) + "TESTS   WEEK") + "\n";
    for (const PlannedMark& m : plan.marks) {
      out += fmt::format(
          "  {}{}{}{}\n",
          report::pad(report::shorten(m.market + " " + m.title + (m.wanted ? "" : " (step)"), 30, unicode), 31),
          report::pad(report::shorten(route_words(plan, m), 33, unicode), 34),
          report::pad_left(std::to_string(m.units), 5),
          report::pad_left(route_of(plan, m).kind == Route::Kind::held ? std::string(unicode ? "–" : "-")
                                                                       : std::to_string((m.issued + 6) / 7),
                           7));
      const Route& r = route_of(plan, m);
      for (const std::string& c : r.conditions) out += wrapped(c, 6);
      if (!r.by.empty()) out += wrapped(fmt::format("arrangement {}, confidence {}", r.by, r.confidence), 6);
      for (const std::string& u : m.unknown) out += wrapped(u, 6);
      if (r.by.empty() && (r.confidence == "low" || r.confidence == "none"))
        out += wrapped("what it asks is known with confidence " + r.confidence + " only", 6);
    }
    out += "\n";
  }
  if (refused > 0) {
    out += refused_text(plan, t);
  }
  if (wanted > 0) {
    out += work_text(plan, t);
    out += order_text(plan, t);
    out += t.bold("TOGETHER") + "\n";
    out += wrapped(together(plan), 2);
    out += "\n" + t.bold("PROOF") + "\n";
    const std::size_t cases =
        static_cast<std::size_t>(std::count_if(plan.certificate.tree.begin(), plan.certificate.tree.end(),
                                               [](const plan::Step& s) { return s.kind != plan::Step::Kind::split; }));
    out += wrapped(
        proved
            ? fmt::format(
                  "No choice of routes costs less, under these costs. Shown by {} case{}, checked in whole numbers; "
                  "--certificate FILE writes it down, assay plan --check FILE verifies it alone.",
                  cases, cases == 1 ? "" : "s")
            : fmt::format("Not proved: no choice costs less than {}, and this one costs {}; {} of it is open. "
                          "--certificate FILE "
                          "writes down what was shown.",
                          money(plan, plan.certificate.proves), money(plan, plan.cost()),
                          fmt::format("{:.1f} %", 100.0 * static_cast<double>(plan.cost() - plan.certificate.proves) /
                                                      static_cast<double>(plan.cost()))),
        2);
    out += "\n" + t.bold("ASSUMED") + "\n";
    out += wrapped(
        plan.costs.own_file.empty()
            ? std::string(
                  "Costs are our own assumptions (data/costs.yaml), nobody's price list: --costs FILE brings yours.")
            : fmt::format("Costs come from {}; what it does not say is our own assumption (data/costs.yaml).",
                          printable(plan.costs.own_file)),
        2);
    out += wrapped(assumed(), 2);
  }
  if (!next.empty()) out += fmt::format("\nNext: {}\n", next);
  return out;
}

report::PlanView plan_view(const Plan& plan) {
  report::PlanView out;
  for (const Refused& r : refused(plan)) out.refused.push_back({r.title, r.reasons});
  if (plan.marks.empty()) return out;
  out.headline = headline(plan);
  out.together = together(plan);
  out.assumed = "Costs are our own assumptions, nobody's price list; assay plan takes yours. " + assumed();
  for (const PlannedMark& m : plan.marks) {
    const Route& r = route_of(plan, m);
    std::vector<std::string> notes = r.conditions;
    if (!r.by.empty()) notes.push_back(fmt::format("arrangement {}, confidence {}", r.by, r.confidence));
    notes.insert(notes.end(), m.unknown.begin(), m.unknown.end());
    out.marks.push_back({m.market + " " + m.title + (m.wanted ? "" : " (step)"), route_words(plan, m), m.units,
                         r.kind == Route::Kind::held ? std::string() : fmt::format("week {}", (m.issued + 6) / 7),
                         std::move(notes)});
  }
  for (const Remains& row : remains(plan)) {
    std::vector<std::string> each = row.each;
    if (!row.provisions.empty()) each.push_back(row.provisions);
    out.remains.push_back({fmt::format("{} {}", row.count, row.what), row.effort, money(plan, row.cost), each});
  }
  return out;
}

std::string plan_certificate(const Plan& plan) { return plan::write_certificate(plan.certificate); }

std::string plan_json(const Plan& plan) {
  JsonWriter w(1);
  const auto task = [&](int i) {
    const Task& one = plan.problem.tasks[static_cast<std::size_t>(i)];
    const plan::Item& item = plan.problem.problem.items[static_cast<std::size_t>(i)];
    w.object(true)
        .field("id", item.name)
        .field("kind", name(one.kind))
        .field("title", one.title)
        .field("provision", one.provision)
        .field("scheme", one.scheme)
        .field("minutes", one.minutes)
        .field("laboratory_days", one.laboratory_days)
        .field("waiting_days", one.waiting_days)
        .field("fee_cents", one.fee)
        .field("cost_cents", item.cost)
        .field("basis", one.basis);
    w.key("after").array(true);
    for (const int before : item.after) w.value(plan.problem.problem.items[static_cast<std::size_t>(before)].name);
    w.end_array().end_object();
  };
  w.object()
      .field("product", plan.ground.product.id)
      .field("at", plan.at.iso())
      .field("assessed_at", plan.ground.assessed_at)
      .field("currency", plan.costs.currency)
      .field("costs", plan.costs.own_file.empty() ? "data/costs.yaml" : plan.costs.own_file)
      .field("costs_assumed", !plan.costs.all_own)
      .field("cost_cents", plan.cost())
      .field("no_choice_costs_less_than_cents", plan.certificate.proves)
      .field("proved", plan.certificate.proved())
      .field("days", plan.days);
  w.key("alone")
      .object(true)
      .field("test_units", static_cast<std::uint64_t>(plan.units_alone))
      .field("cost_cents", plan.alone)
      .end_object();
  w.key("together")
      .object(true)
      .field("test_units", static_cast<std::uint64_t>(plan.units))
      .field("cost_cents", plan.cost())
      .end_object();
  w.field("tests_avoided", static_cast<std::uint64_t>(plan.units_alone - std::min(plan.units, plan.units_alone)));
  w.key("marks").array();
  for (const PlannedMark& m : plan.marks) {
    const Route& r = route_of(plan, m);
    w.object()
        .field("scheme", m.scheme)
        .field("level", m.level)
        .field("market", m.market)
        .field("title", m.title)
        .field("wanted", m.wanted)
        .field("route", name(r.kind))
        .field("rests_on", m.rests_on)
        .field("by", r.by)
        .field("confidence", r.confidence)
        .key("conditions")
        .texts(r.conditions)
        .key("not_known")
        .texts(m.unknown)
        .field("test_units", static_cast<std::uint64_t>(m.units))
        .field("shared_test_units", static_cast<std::uint64_t>(m.shared_units))
        .field("cost_cents", m.alone)
        .field("cost_of_its_own_cents", m.own);
    w.key("days")
        .object(true)
        .field("work_from", m.work_from)
        .field("work_until", m.work_until)
        .field("laboratory_until", m.laboratory_until)
        .field("issued", m.issued)
        .end_object();
    w.key("items").array(true);
    for (const int i : m.items) w.value(plan.problem.problem.items[static_cast<std::size_t>(i)].name);
    w.end_array().end_object();
  }
  w.end_array().key("not_planned").array();
  for (const Wish& wish : plan.problem.wishes) {
    if (wish.goal >= 0) continue;
    w.object()
        .field("scheme", wish.scheme)
        .field("level", wish.level)
        .field("market", wish.market)
        .field("title", wish.title)
        .field("asked", wish.asked)
        .key("why")
        .texts(wish.why_not)
        .end_object();
  }
  w.end_array().key("items").array();
  for (const int i : plan.items) task(i);
  w.end_array().key("notes").texts(plan.problem.notes).field("assumed", assumed()).end_object();
  return w.take() + "\n";
}

// Bars by mark, with a table of the same for whoever does not see them: a picture that stands alone.
std::string plan_svg(const Plan& plan) {
  constexpr std::int64_t kLeft = 230, kRight = 930, kRow = 34, kTop = 92;
  const std::int64_t last = std::max<std::int64_t>(plan.days, 7);
  const auto x = [&](std::int64_t day) { return kLeft + day * (kRight - kLeft) / last; };
  const auto rows = static_cast<std::int64_t>(plan.marks.size());
  const std::int64_t height = kTop + rows * kRow + 60;
  report::Html h;
  h.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 ", height,
        "\" role=\"img\" aria-labelledby=\"t d\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title "
        "id=\"t\">",
        plan.ground.product.name, ": least further work</title>\n<desc id=\"d\">");
  for (const PlannedMark& m : plan.marks)
    h.add(m.market, " ", m.title, ": ", route_words(plan, m), ", after ", weeks(m.issued), ". ");
  h.add(
      "</"
      "desc>\n<style>.t{fill:#1a1c1e}.m{fill:#595d62}.l{stroke:#dddcd5}.w{fill:#31506f}.b{fill:url(#lab);stroke:#"
      "595d62}"
      ".q{fill:none;stroke:#595d62;stroke-dasharray:3 3}.p{fill:#ffffff}"
      "@media "
      "(prefers-color-scheme:dark){.t{fill:#e7e9ea}.m{fill:#a4abb1}.l{stroke:#33383c}.w{fill:#a6c3e0}.b,.q{stroke:#"
      "a4abb1}.p{fill:#121416}}"
      "</style>\n<defs><pattern id=\"lab\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
      "patternTransform=\"rotate(45)\">"
      "<rect width=\"3\" height=\"6\" fill=\"#875500\"/></pattern></defs>\n<rect class=\"p\" width=\"960\" height=\"",
      height, "\"/>\n");
  h.add("<text class=\"t\" x=\"20\" y=\"30\" font-size=\"18\" font-weight=\"600\">", plan.ground.product.name, ": ",
        money(plan, plan.cost()), ", about ", weeks(plan.days), "</text>\n<text class=\"m\" x=\"20\" y=\"52\">",
        plan.certificate.proved() ? "Less will not do: proved under the costs assumed."
                                  : "The cheapest that was found; the proof has a gap.",
        "</text>\n");
  const std::int64_t step = std::max<std::int64_t>(1, last / 7 / 8) * 7;
  for (std::int64_t day = 0; day <= last; day += step)
    h.add("<line class=\"l\" x1=\"", x(day), "\" x2=\"", x(day), "\" y1=\"", kTop - 8, "\" y2=\"", kTop + rows * kRow,
          "\"/><text class=\"m\" x=\"", x(day), "\" y=\"", kTop - 14, "\" text-anchor=\"middle\" font-size=\"11\">",
          day / 7, "</text>\n");
  h.add("<text class=\"m\" x=\"", kLeft - 12, "\" y=\"", kTop - 14,
        "\" text-anchor=\"end\" font-size=\"11\">week</text>\n");
  std::map<std::string, std::int64_t> line;
  std::int64_t row = 0;
  for (const PlannedMark& m : plan.marks) {
    const std::int64_t y = kTop + row++ * kRow;
    line[m.scheme + ":" + m.level] = y;
    h.add("<text class=\"t\" x=\"20\" y=\"", y + 13, "\">", m.market, " ", m.title,
          "</text><text class=\"m\" x=\"20\" y=\"", y + 27, "\" font-size=\"10.5\">", route_words(plan, m),
          "</text>\n");
    const std::int64_t begin = m.laboratory_until > m.work_until ? m.work_until : m.laboratory_until;
    const auto width = [&](std::int64_t from, std::int64_t until) {
      return std::max<std::int64_t>(1, x(until) - x(from));
    };
    if (m.work_until > m.work_from)
      h.add("<rect class=\"w\" x=\"", x(m.work_from), "\" y=\"", y + 3, "\" width=\"", width(m.work_from, m.work_until),
            "\" height=\"14\"/>");
    if (m.laboratory_until > begin)
      h.add("<rect class=\"b\" x=\"", x(begin), "\" y=\"", y + 3, "\" width=\"", width(begin, m.laboratory_until),
            "\" height=\"14\"/>");
    if (m.issued > m.laboratory_until)
      h.add("<rect class=\"q\" x=\"", x(m.laboratory_until), "\" y=\"", y + 3, "\" width=\"",
            width(m.laboratory_until, m.issued), "\" height=\"14\"/>");
    h.add("<circle class=\"w\" cx=\"", x(m.issued), "\" cy=\"", y + 10, "\" r=\"5\"/>");
    if (const auto rests = line.find(m.rests_on); rests != line.end() && rests->second != y)
      h.add("<path d=\"M", x(m.issued), " ", rests->second + 16, "V", y + 4, "\" class=\"q\"/>");
    h.add("\n");
  }
  const std::int64_t y = kTop + rows * kRow + 30;
  h.add("<rect class=\"w\" x=\"20\" y=\"", y - 11, "\" width=\"18\" height=\"14\"/><text class=\"m\" x=\"44\" y=\"", y,
        "\">work of the maker's people</text><rect class=\"b\" x=\"250\" y=\"", y - 11,
        "\" width=\"18\" height=\"14\"/><text class=\"m\" x=\"274\" y=\"", y,
        "\">laboratory</text><rect class=\"q\" x=\"370\" y=\"", y - 11,
        "\" width=\"18\" height=\"14\"/><text class=\"m\" x=\"394\" y=\"", y,
        "\">waiting for the answer</text><circle class=\"w\" cx=\"559\" cy=\"", y - 4,
        "\" r=\"5\"/><text class=\"m\" x=\"572\" y=\"", y, "\">issued, or the duty met</text>\n</svg>\n");
  return h.take();
}

}  // namespace assay::app
