// The terminal's view of an assessment: outcome, markets, fixes, contradictions, baseline, not assessed, what was
// written, what next.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "report/pieces.h"

namespace assay::report {
namespace {

std::string two_ends(std::string left, const std::string& right) {
  const std::size_t n = columns(left) + columns(right);
  if (n + 1 > Terminal::kWidth) return left + "\n" + right + "\n";
  return left + std::string(Terminal::kWidth - n, ' ') + right + "\n";
}

std::string result_with_open(const Terminal& t, const Conformity& c) {
  std::string text = result_text(c.result);
  if (c.result == "undetermined" && !c.open.empty()) text += fmt::format(", {} open", c.open.size());
  return t.shape_of_result(c.result) + " " + text;
}

}  // namespace

std::string assessment_text(const ReportInput& in, const Terminal& t, const std::vector<std::string>& written,
                            const std::string& next) {
  const Assessment& a = in.assessment;
  std::string out;
  const std::string product =
      printable(a.product.name) +
      (a.product.firmware_version.empty() ? "" : ", firmware " + printable(a.product.firmware_version));
  out += two_ends(t.bold(shorten(product, 50, t.unicode)), shorten(a.product.maker, 28, t.unicode));
  out +=
      two_ends(fmt::format("ETSI EN 303 645 V{} by TS 103 701 V{}", a.en_edition, a.ts_edition), a.at.words()) + "\n";
  const Answer so = answer(a);
  std::string sentence = so.sentence;
  // Long sentences go onto a second line.
  std::string line = t.shape(so.verdict) + " ";
  for (const std::string_view word : words(std::string_view(sentence))) {
    if (columns(line) + columns(word) > Terminal::kWidth) {
      out += std::string(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
      line = "  ";
    }
    line += std::string(word) + " ";
  }
  out += std::string(trim(line).size() ? line.substr(0, line.size() - 1) : line) + "\n\n";

  auto counts = count_provisions(a);
  std::string row = "  ";
  for (const Verdict v : kVerdicts) {
    if (counts[v] == 0) continue;
    const std::string cell = t.shape(v) + " " + t.paint(v, fmt::format("{} {}", counts[v], words(v))) + "   ";
    if (columns(row) + columns(cell) > Terminal::kWidth) {
      out += std::string(row.substr(0, row.find_last_not_of(' ') + 1)) + "\n";
      row = "  ";
    }
    row += cell;
  }
  out += std::string(row.substr(0, row.find_last_not_of(' ') + 1)) + "\n\n";

  out +=
      t.bold("MARKET") + std::string(26, ' ') + t.bold("TODAY") + "               " +
      (a.conformity_after.empty() ? std::string() : t.bold(a.fixes.size() == 1 ? "AFTER THE FIX" : "AFTER THE FIXES")) +
      "\n";
  for (const Conformity* row_of : official(in)) {
    const Conformity& c = *row_of;
    const MarketLabel* label = label_of(in, c.scheme, c.level);
    std::string left = label ? pad(label->code, 4) + label->title : c.scheme + " " + c.level;
    std::string text = "  " + pad(shorten(left, 28, t.unicode), 30) +
                       pad(t.shape_of_result(c.result) + " " + result_text(c.result), 19);
    const auto then = std::find_if(a.conformity_after.begin(), a.conformity_after.end(),
                                   [&](const Conformity& x) { return x.scheme == c.scheme && x.level == c.level; });
    if (then != a.conformity_after.end()) text += " " + result_with_open(t, *then);
    out += text + "\n";
    if (label && !label->asleep.empty()) out += "      no effect: " + shorten(label->asleep, 62, t.unicode) + "\n";
    if (c.legal_effect == "deemed_compliant" && !c.deemed_by.empty())
      out += "      deemed compliant by " + shorten(c.deemed_by, 54, t.unicode) + "\n";
  }
  if (!a.fixes.empty()) {
    out += "\n" + t.bold("FIX FIRST") + "\n";
    for (std::size_t i = 0; i < a.fixes.size() && i < 5; ++i) {
      const Fix& f = a.fixes[i];
      const std::string right = join(market_codes(in, f.turns), " ");
      const std::size_t room = Terminal::kWidth - 5 - columns(right) - 1;
      out += fmt::format("  {}  ", i + 1) + pad(shorten(f.mend, room, t.unicode), room + 1) + right + "\n";
      std::string ids = join(f.provisions, " ");
      std::string place;
      if (!f.rows.empty())
        if (const evidence::Row* r = in.evidence.row(f.rows[0].table, f.rows[0].id)) {
          const evidence::Table* table = evidence::find_table(f.rows[0].table);
          if (table && table->column("place")) {
            place = evidence::Evidence::text(f.rows[0].table, *r, "place");
            const std::string artefact =
                table->kind == evidence::Kind::fact
                    ? artefact_name(in.evidence, evidence::Evidence::text(f.rows[0].table, *r, "artefact")) + " > "
                    : "";
            place = artefact + place;
          }
        }
      ids = pad(shorten(ids, 22, t.unicode), 18);
      out += "     " + ids + " " + shorten_place(place, Terminal::kWidth - 6 - columns(ids), t.unicode) + "\n";
    }
    if (a.fixes.size() > 5) out += fmt::format("     and {} more in the report\n", a.fixes.size() - 5);
  }
  if (!a.contradictions.empty()) {
    out += "\n" + t.bold("CONTRADICTIONS") + "  CLAIMED                    OBSERVED\n";
    std::size_t shown = 0;
    for (const Contradiction& c : a.contradictions) {
      if (++shown > 8) {
        out += fmt::format("    and {} more in the report\n", a.contradictions.size() - 8);
        break;
      }
      out += "  " + t.shape(c.verdict) + " " + pad(c.provision, 11) + " " +
             pad(shorten(c.claimed.empty() ? "nothing about it" : c.claimed, 26, t.unicode), 27) +
             shorten(c.observed, 38, t.unicode) + "\n";
    }
  }

  out += "\n" + t.bold("BASELINE") + "        [ ] mandatory, bare: recommended\n";
  std::map<std::string, std::vector<const ProvisionVerdict*>> by_clause;
  std::vector<std::string> clauses;
  for (const ProvisionVerdict& p : a.provisions) {
    if (by_clause[p.clause].empty()) clauses.push_back(p.clause);
    by_clause[p.clause].push_back(&p);
  }
  std::vector<std::string> extra;
  for (const std::string& clause : clauses) {
    std::string text = "  " + pad(clause, 5);
    for (const ProvisionVerdict* p : by_clause[clause])
      text += p->mandatory ? "[" + t.shape(p->value) + "]" : " " + t.shape(p->value) + " ";
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out += text + "\n";
  }

  std::vector<const ProvisionVerdict*> open;
  for (const ProvisionVerdict& p : a.provisions)
    if (p.value == Verdict::not_assessed && p.mandatory) open.push_back(&p);
  if (!open.empty()) {
    out += "\n" + t.bold("NOT ASSESSED") + "    mandatory ones first; the report lists all, and what each takes\n";
    for (std::size_t i = 0; i < open.size() && i < 8; ++i)
      out += "  " + t.shape(Verdict::not_assessed) + " " + pad(open[i]->provision, 12) +
             shorten(open[i]->title, 62, t.unicode) + "\n";
    if (open.size() > 8) out += fmt::format("    and {} more\n", open.size() - 8);
  }

  std::map<std::string, std::uint64_t> ledger;
  std::uint64_t size = 0, unexamined = 0;
  for (const evidence::Row& r : in.evidence.rows("ledger"))
    if (evidence::Evidence::text("ledger", r, "place").empty()) {
      const Value& v = evidence::Evidence::cell("ledger", r, "size");
      if (const auto* n = std::get_if<std::int64_t>(&v)) {
        ledger[evidence::Evidence::text("ledger", r, "state")] += static_cast<std::uint64_t>(*n);
        size += static_cast<std::uint64_t>(*n);
      }
    }
  for (const evidence::Row& r : in.evidence.rows("unexamined"))
    unexamined += evidence::Evidence::text("unexamined", r, "closed_by").empty() ? 1 : 0;
  if (size > 0) {
    out += "\n" + t.bold("EXAMINED") +
           fmt::format("        {:.1f} % of the firmware's {} bytes",
                       100.0 * static_cast<double>(ledger["claimed"] + ledger["padding"]) / static_cast<double>(size),
                       grouped(size));
    if (unexamined > 0) out += fmt::format("; {} {} not looked at", unexamined, unexamined == 1 ? "part" : "parts");
    out += "\n";
  }
  if (!written.empty()) {
    out += "\nWritten to " + written[0] + ":";
    for (std::size_t i = 1; i < written.size(); ++i) out += "  " + written[i];
    out += "\n";
  }
  if (!next.empty()) out += "Next: " + next + "\n";
  // No spaces at the ends of lines, whatever a column left empty.
  std::string clean;
  each_line(out, [&](std::string_view text, std::size_t) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    clean += std::string(text) + "\n";
  });
  return clean;
}

}  // namespace assay::report
