#include "report/pieces.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::report {

using evidence::Evidence;
using evidence::Row;

std::string shape_path(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "M2 2h12v12H2zM5 6.2 6.8 8 5 9.8 6.2 11 8 9.2 9.8 11 11 9.8 9.2 8 11 6.2 9.8 5 8 6.8 6.2 5z";
    case Verdict::error:
      return "M8 1l7.5 13.5H.5zM7.2 5.5l.2 4.5h1.2l.2-4.5zM7.2 11h1.6v1.6H7.2z";
    case Verdict::inconclusive:
      return "M8 .2 15.8 8 8 15.8.2 8zM8 3 13 8 8 13z";
    case Verdict::not_assessed:
      return "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6z";
    case Verdict::pass:
      return "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM7 11.6l5-5-1.3-1.3L7 9 5.3 7.3 4 8.6z";
    case Verdict::not_applicable:
      return "M2 7h12v2H2z";
    case Verdict::not_claimed:
      return "M2 2h12v12H2zM4 4v8h8V4z";
  }
  return "";
}

std::string css_class(Verdict verdict) { return replace_all(std::string(words(verdict)), " ", "-"); }

namespace {
constexpr std::string_view kRingWithTick =
    "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM8 2.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8zM7 11.2l4.6-4.6-1.2-1.2L7 8.8 "
    "5.5 7.3 4.3 8.5z";

Html svg(std::string_view path) {
  Html h;
  h.add(
      "<svg class=\"g\" viewBox=\"0 0 16 16\" fill=\"currentColor\" fill-rule=\"evenodd\" aria-hidden=\"true\"><path "
      "d=\"",
      path, "\"/></svg>");
  return h;
}
}  // namespace

Html shape(Verdict verdict) { return svg(shape_path(verdict)); }

Html verdict_words(Verdict verdict, std::string_view text) {
  Html h;
  h.add("<span class=\"verdict ", css_class(verdict), "\">", shape(verdict), text, "</span>");
  return h;
}
Html verdict_words(Verdict verdict) { return verdict_words(verdict, words(verdict)); }

std::string result_text(std::string_view result) { return replace_all(std::string(result), "_", " "); }

Html result_words(std::string_view result) {
  Html h;
  if (result == "conforms_with_residual") {
    h.add("<span class=\"verdict pass\">", svg(kRingWithTick), "conforms with residual</span>");
    return h;
  }
  const Verdict v = result == "conforms"           ? Verdict::pass
                    : result == "does_not_conform" ? Verdict::fail
                    : result == "out_of_scope"     ? Verdict::not_applicable
                                                   : Verdict::inconclusive;
  return verdict_words(v, result_text(result));
}

Html date_words(Date day, Date from) {
  Html h;
  h.add("<time datetime=\"", day.iso(), "\">", day.words(), "</time> <span class=\"meta\">(", distance(from, day),
        ")</span>");
  return h;
}

Html provision_link(std::string_view provision) {
  Html h;
  h.add("<a class=\"id\" href=\"#p-", provision, "\">", provision, "</a>");
  return h;
}

const MarketLabel* label_of(const ReportInput& in, std::string_view scheme, std::string_view level) {
  for (const MarketLabel& l : in.labels)
    if (l.scheme == scheme && (l.level == level || level.empty())) return &l;
  return nullptr;
}

std::vector<const Conformity*> official(const ReportInput& in) {
  std::vector<const Conformity*> out;
  for (const Conformity& c : in.assessment.conformity)
    if (const MarketLabel* l = label_of(in, c.scheme, c.level); !l || l->official) out.push_back(&c);
  std::stable_sort(out.begin(), out.end(), [&](const Conformity* a, const Conformity* b) {
    const MarketLabel *x = label_of(in, a->scheme, a->level), *y = label_of(in, b->scheme, b->level);
    return (x ? x->code : "") < (y ? y->code : "");
  });
  return out;
}

std::vector<std::string> market_codes(const ReportInput& in, const std::vector<std::string>& turns) {
  std::vector<std::string> out;
  for (const std::string& turn : turns) {
    const std::size_t colon = turn.find(':');
    const MarketLabel* label =
        label_of(in, turn.substr(0, colon), colon == std::string::npos ? "" : turn.substr(colon + 1));
    if (label && label->official && std::find(out.begin(), out.end(), label->code) == out.end())
      out.push_back(label->code);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string artefact_name(const Evidence& e, std::string_view id) {
  const Row* r = e.row("artefact", id);
  return r ? Evidence::text("artefact", *r, "name") : std::string(id.substr(0, 12));
}

std::map<Verdict, int> count_provisions(const Assessment& a) {
  std::map<Verdict, int> counts;
  for (const ProvisionVerdict& p : a.provisions) ++counts[p.value];
  return counts;
}

std::string not_passed(const std::map<Verdict, int>& counts) {
  std::vector<std::string> parts;
  for (const Verdict v : {Verdict::fail, Verdict::error, Verdict::inconclusive, Verdict::not_assessed})
    if (const auto it = counts.find(v); it != counts.end() && it->second > 0)
      parts.push_back(fmt::format("{} {}", it->second, words(v)));
  return join(parts, ", ");
}

Answer answer(const Assessment& a) {
  std::map<Verdict, int> mandatory;
  int total = 0;
  for (const ProvisionVerdict& p : a.provisions) {
    if (!p.mandatory) continue;
    ++total;
    ++mandatory[p.value];
  }
  const int open = mandatory[Verdict::error] + mandatory[Verdict::inconclusive] + mandatory[Verdict::not_assessed];
  Answer out;
  if (mandatory[Verdict::fail] > 0) {
    out.verdict = Verdict::fail;
    out.sentence = fmt::format("Does not meet the baseline yet: {} of {} mandatory provisions fail.",
                               mandatory[Verdict::fail], total);
    mandatory.erase(Verdict::fail);
    const std::string rest = not_passed(mandatory);
    if (!rest.empty()) out.more = fmt::format("Of the other mandatory ones, still open: {}.", rest);
  } else if (open > 0) {
    out.verdict = mandatory[Verdict::error] + mandatory[Verdict::inconclusive] > 0 ? Verdict::inconclusive
                                                                                   : Verdict::not_assessed;
    out.sentence = fmt::format(
        "Nothing mandatory failed, and it is not known yet whether the baseline is met: {} of {} mandatory provisions "
        "are open.",
        open, total);
    out.more = fmt::format("Open: {}. Not looking is never passing.", not_passed(mandatory));
  } else {
    out.verdict = Verdict::pass;
    out.sentence = fmt::format("Meets the baseline: all {} mandatory provisions pass or do not apply.", total);
  }
  return out;
}

namespace {

// Eight bytes a line, at most eight lines: it fits a phone and stands beside its explanation. Secret bytes are "··".
Html hex_lines(const std::string& hex, std::int64_t at, std::int64_t mark_from, std::int64_t mark_size,
               const std::string& hidden_list) {
  std::vector<std::uint8_t> bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size() && bytes.size() < 64; i += 2)
    bytes.push_back(static_cast<std::uint8_t>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  std::vector<bool> hidden(bytes.size(), false);
  for (const std::string_view part : split(hidden_list, ',')) {
    const std::size_t plus = part.find('+');
    if (plus == std::string_view::npos) continue;
    const std::size_t from = std::strtoul(std::string(part.substr(0, plus)).c_str(), nullptr, 10);
    const std::size_t size = std::strtoul(std::string(part.substr(plus + 1)).c_str(), nullptr, 10);
    for (std::size_t i = from; i < from + size && i < hidden.size(); ++i) hidden[i] = true;
  }
  const auto marked = [&](std::size_t i) {
    return static_cast<std::int64_t>(i) >= mark_from && static_cast<std::int64_t>(i) < mark_from + mark_size;
  };
  Html h;
  for (std::size_t line = 0; line < bytes.size(); line += 8) {
    const std::size_t end = std::min(line + 8, bytes.size());
    h.add("<i>", fmt::format("{:04x}", static_cast<std::uint64_t>(at) + line), "</i>  ");
    bool on = false;
    for (std::size_t i = line; i < line + 8; ++i) {
      if (i >= end) {
        if (on) h.add("</mark>");
        on = false;
        h.add("   ");
        continue;
      }
      if (on && !marked(i)) {
        h.add("</mark>");
        on = false;
      }
      if (i > line) h.add(" ");
      if (!on && marked(i)) {
        h.add("<mark>");
        on = true;
      }
      if (hidden[i])
        h.add("··");
      else
        h.add(fmt::format("{:02x}", bytes[i]));
    }
    if (on) h.add("</mark>");
    h.add("  ");
    on = false;
    for (std::size_t i = line; i < end; ++i) {
      if (on != marked(i)) {
        if (on)
          h.add("</mark>");
        else
          h.add("<mark>");
        on = !on;
      }
      if (hidden[i])
        h.add("·");
      else if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
        h.add(std::string(1, static_cast<char>(bytes[i])));
      else
        h.add(".");
    }
    if (on) h.add("</mark>");
    h.add("\n");
  }
  return h;
}

// What a row says, for rows without an excerpt: its own columns.
std::string row_words(std::string_view table, const Row& row) {
  static constexpr std::string_view kSkip[] = {"id",       "artefact",   "source", "place", "at",
                                               "examiner", "confidence", "digest", "tbl",   "looks"};
  const evidence::Table* t = evidence::find_table(table);
  std::vector<std::string> parts;
  for (std::size_t i = 0; t && i < t->columns.size(); ++i) {
    if (std::find(std::begin(kSkip), std::end(kSkip), t->columns[i].name) != std::end(kSkip)) continue;
    const std::string text = Evidence::text(table, row, t->columns[i].name);
    if (text.empty() || text == "unknown") continue;
    parts.push_back(t->columns[i].name + ": " + shorten(text, 160));
    if (parts.size() == 10) break;
  }
  return join(parts, "\n");
}

}  // namespace

Html fact_figure(const ReportInput& in, const Finding& f) {
  const Evidence& e = in.evidence;
  const Row* row = e.row(f.table, f.id);
  Html h;
  if (!row) return h;
  const evidence::Table* table = evidence::find_table(f.table);
  const auto text = [&](std::string_view column) {
    return table->column(column) ? Evidence::text(f.table, *row, column) : std::string();
  };
  const Row* excerpt = nullptr;
  for (const Row& x : e.rows("excerpt"))
    if (Evidence::text("excerpt", x, "fact") == f.id) excerpt = &x;

  h.add("<figure class=\"fact");
  if (excerpt) h.add(" with-hex");
  h.add("\">\n<header><ol class=\"place\">");
  const std::string artefact = text("artefact");
  const bool claim = table->kind == evidence::Kind::claim;
  if (!claim && !artefact.empty()) h.add("<li>", printable(artefact_name(e, artefact)), "</li>");
  std::string place = printable(text("place"));
  std::size_t from = 0;
  for (std::size_t to; from <= place.size(); from = to + 3) {
    to = place.find(" > ", from);
    const std::string part = place.substr(from, to == std::string::npos ? std::string::npos : to - from);
    if (!part.empty()) h.add("<li>", part, "</li>");
    if (to == std::string::npos) break;
  }
  if (claim && !text("entry").empty()) h.add("<li>", text("entry"), "</li>");
  h.add("</ol>");
  if (const std::string at = text("at"); !at.empty()) {
    if (claim || text("source") == "dossier")
      h.add("<span>line ", at, "</span>");
    else
      h.add("<span>byte ", fmt::format("{:#x}", std::strtoull(at.c_str(), nullptr, 10)), "</span>");
  }
  h.add("</header>\n");
  if (excerpt) {
    const auto number = [&](std::string_view column) {
      const Value& v = Evidence::cell("excerpt", *excerpt, column);
      const auto* n = std::get_if<std::int64_t>(&v);
      return n ? *n : 0;
    };
    h.add("<pre class=\"hex\">",
          hex_lines(Evidence::text("excerpt", *excerpt, "hex"), number("at"), number("mark_from"), number("mark_size"),
                    Evidence::text("excerpt", *excerpt, "hidden")),
          "</pre>\n");
  } else if (const std::string says = row_words(f.table, *row); !says.empty()) {
    h.add("<pre>", says, "</pre>\n");
  }
  std::string why = f.why;
  if (!why.empty()) why[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(why[0])));
  h.add("<figcaption>", why, std::string_view(why.empty() || why.back() == '.' ? "" : "."));
  if (excerpt) {
    if (const std::string note = Evidence::text("excerpt", *excerpt, "note"); !note.empty())
      h.add(" Marked: ", note, ".");
    if (!Evidence::text("excerpt", *excerpt, "hidden").empty()) h.add(" Secret bytes are withheld; a digest is kept.");
  }
  h.add(" <span class=\"meta\">Row <code>", f.id, "</code>");
  if (const std::string by = text("examiner"); !by.empty()) h.add(", seen by ", by);
  if (const std::string sure = text("confidence"); !sure.empty() && sure != "unknown") h.add(", confidence ", sure);
  h.add(".</span></figcaption>\n</figure>\n");
  return h;
}

}  // namespace assay::report
