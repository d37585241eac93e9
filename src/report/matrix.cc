// Four relations, four shapes that differ without colour: a full disc with a bar is equal, a full disc covers, half a
// disc asks less, a ring overlaps. A doubtful one is small. The page has the same in words below each matrix.
#include "report/matrix.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "report/assets.h"
#include "report/html.h"

namespace assay::report {
namespace {

struct Look {
  Relation relation;
  std::string_view name;  // of the shape, and of its colour
  std::string_view words;
  std::string_view means;
  std::string_view path;  // 16 x 16, holes by even-odd
};
constexpr std::array<Look, 4> kLooks = {{
    {Relation::equal, "equal", "equal", "asks the same: a pass and a fail carry",
     "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM3.6 5.6v1.6h8.8V5.6zM3.6 8.8v1.6h8.8V8.8z"},
    {Relation::covers, "covers", "covers", "asks at least as much: a pass carries",
     "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z"},
    {Relation::covered_by, "less", "asks less", "evidence only, something is left over; a fail carries",
     "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM8 3v10a5 5 0 0 0 0-10z"},
    {Relation::overlaps, "overlaps", "overlaps", "evidence only, each asks for something of its own",
     "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6z"},
}};
const Look& look_of(Relation relation) {
  for (const Look& l : kLooks)
    if (l.relation == relation) return l;
  return kLooks.back();
}
bool doubtful(const MatrixCell& c) { return c.confidence <= Confidence::low; }

constexpr char kSheet[] = R"css(
.m-equal, .m-covers { color: var(--pass); } .m-less { color: var(--inconclusive); } .m-overlaps { color: var(--not-assessed); }
.m-g { width: 1rem; height: 1rem; vertical-align: -0.1875rem; fill: currentColor; fill-rule: evenodd; flex: none; }
.m-low .m-g { width: 0.625rem; height: 0.625rem; margin: 0 0.1875rem; vertical-align: 0; }
.m-key { list-style: none; display: grid; gap: 0.25rem 1.5rem; font-size: 0.875rem; margin-bottom: 0.5rem; }
.m-key b { font-weight: 600; margin: 0 0.375rem 0 0.25rem; }
.m-box { position: relative; overflow: auto; max-height: 85vh; border: 1px solid var(--rule); margin-top: 0.75rem; width: fit-content; max-width: 100%; scroll-padding: 6rem 0 0 6rem; }
.matrix { border-collapse: separate; border-spacing: 0; font-size: 0.8125rem; }
.matrix th, .matrix td { font-weight: 400; padding: 0; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.matrix td { text-align: center; min-width: 1.75rem; height: 1.75rem; line-height: 1; }
.matrix td.on { background: var(--panel); }
.matrix thead th { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom-color: var(--rule); vertical-align: bottom; text-align: left; padding: 0.375rem 0; }
.matrix thead th span { display: block; writing-mode: vertical-rl; transform: rotate(180deg); margin: 0 auto; font-family: var(--mono); font-size: 0.75rem; white-space: nowrap; line-height: 1.75rem; }
.matrix tbody th { position: sticky; left: 0; z-index: 1; background: var(--paper); border-right-color: var(--rule); text-align: left; white-space: nowrap; padding: 0 0.5rem; }
.matrix thead th:first-child { left: 0; z-index: 2; border-right-color: var(--rule); padding: 0.375rem 0.5rem; color: var(--muted); }
.matrix tbody th .t { display: none; }
.matrix tbody tr:hover td, .matrix tbody tr:hover th { background: var(--panel); }
.matrix tbody th a { display: inline-block; min-width: 3.5rem; min-height: 1.625rem; line-height: 1.625rem; vertical-align: middle; font-family: var(--mono); font-size: 0.8125rem; }
.matrix tbody th .id { display: inline-block; min-width: 3.5rem; vertical-align: middle; }
.m-twin { margin-top: 0.75rem; }
.m-twin .how { font-weight: 600; white-space: nowrap; }
.m-twin tr[id] { scroll-margin-top: 4rem; }
.m-twin th, .m-twin td { overflow-wrap: anywhere; }
.m-twin .id { white-space: normal; }
.m-gap { max-width: 44rem; margin-top: 0.5rem; font-size: 0.875rem; }
@media (min-width: 44rem) { .m-key { grid-template-columns: 1fr 1fr; } }
@media (min-width: 62rem) { .matrix tbody th .t { display: inline-block; max-width: 17rem; overflow: hidden; text-overflow: ellipsis; vertical-align: middle; color: var(--muted); } }
@media (forced-colors: active) { .m-g { fill: CanvasText; } }
@media print { .m-box { max-height: none; overflow: visible; border: 0; } .matrix { font-size: 5pt; } .matrix td { min-width: 0; height: auto; } .m-g { width: 6pt; height: 6pt; } }
)css";

// A shape by reference, and its word for those who do not see it.
Html shape(const MatrixCell& c) {
  Html h;
  const Look& l = look_of(c.relation);
  h.add("<svg class=\"m-g\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><use href=\"#m-", l.name, "\"/></svg>");
  return h;
}
Html cell(const MatrixCell& c) {
  Html h;
  const Look& l = look_of(c.relation);
  h.add("<td class=\"on m-", l.name, std::string_view(doubtful(c) ? " m-low" : ""), "\">", shape(c),
        "<span class=\"unseen\">", l.words, std::string_view(doubtful(c) ? ", doubtful" : ""), "</span></td>");
  return h;
}
std::string anchor(const MatrixGroup& g, const MatrixHead& row) {
  std::string id = g.id + "-" + row.id;
  for (char& c : id)
    if (!is_alnum(c) && c != '-' && c != '.') c = '-';
  return id;
}
std::string name_of(const MatrixGroup& g) {
  return g.title + (g.edition.empty() || g.title.find(g.edition) != std::string::npos ? "" : " (" + g.edition + ")");
}

Html section(const Matrix& m, const MatrixGroup& g) {
  std::map<std::pair<std::size_t, std::size_t>, const MatrixCell*> at;
  std::map<std::size_t, std::vector<const MatrixCell*>> by_row;
  std::map<Relation, std::size_t> n;
  std::vector<bool> hit(g.columns.size());
  for (const MatrixCell& c : g.cells) {
    at[{c.row, c.column}] = &c;
    by_row[c.row].push_back(&c);
    ++n[c.relation];
    hit[c.column] = true;
  }
  Html h;
  const std::string id = anchor(g, {"matrix", ""});
  h.add("<section id=\"", id, "\">\n<h2>", name_of(g), "</h2>\n<p class=\"lead\">", g.columns.size(),
        " requirements across, ", m.rows.size(), " down. ");
  std::string counts;
  for (const Look& l : kLooks)
    if (n.contains(l.relation))
      counts += fmt::format("{}{} times {}", counts.empty() ? "" : ", ", n[l.relation], l.words);
  h.add(counts.empty() ? std::string() : counts + ". ");
  std::string none;
  for (std::size_t i = 0; i < g.columns.size(); ++i)
    if (!hit[i]) none += (none.empty() ? "" : ", ") + g.columns[i].id;
  if (!none.empty()) h.add("Nothing relates to ", none, ".");
  h.add("</p>\n");
  for (const std::string& gap : g.gaps) h.add("<p class=\"m-gap\">", gap, "</p>\n");
  h.add("<div class=\"m-box\" role=\"region\" aria-label=\"Matrix: ", name_of(g),
        "\" tabindex=\"0\">\n<table class=\"matrix\">\n<caption class=\"unseen\">", m.title, " against ", name_of(g),
        "</caption>\n<thead><tr><th scope=\"col\">", m.title, "</th>");
  for (const MatrixHead& c : g.columns) h.add("<th scope=\"col\"><span>", c.id, "</span></th>");
  h.add("</tr></thead>\n<tbody>\n");
  for (std::size_t r = 0; r < m.rows.size(); ++r) {
    h.add("<tr><th scope=\"row\">");
    if (by_row.contains(r))
      h.add("<a href=\"#", anchor(g, m.rows[r]), "\">", m.rows[r].id, "</a>");
    else
      h.add("<span class=\"id\">", m.rows[r].id, "</span>");
    h.add(" <span class=\"t\">", m.rows[r].title, "</span></th>");
    for (std::size_t c = 0; c < g.columns.size(); ++c) {
      if (const auto it = at.find({r, c}); it != at.end())
        h.add(cell(*it->second));
      else
        h.add("<td></td>");
    }
    h.add("</tr>\n");
  }
  h.add("</tbody>\n</table>\n</div>\n<details class=\"m-twin\"", std::string_view(m.groups.size() == 1 ? " open" : ""),
        "><summary>The same in words: what relates, what is left over, how sure</summary>\n<table "
        "class=\"table\">\n<thead><tr><th scope=\"col\">",
        m.title, "</th><th scope=\"col\">Relation</th><th scope=\"col\">", name_of(g),
        "</th><th scope=\"col\">Left over</th><th scope=\"col\">How sure, source</th></tr></thead>\n<tbody>\n");
  for (const auto& [r, cells] : by_row) {
    bool first = true;
    for (const MatrixCell* c : cells) {
      const Look& l = look_of(c->relation);
      if (first)
        h.add("<tr id=\"", anchor(g, m.rows[r]), "\"><th scope=\"rowgroup\" rowspan=\"", cells.size(),
              "\"><span class=\"id\">", m.rows[r].id, "</span><br><span class=\"meta\">", m.rows[r].title,
              "</span></th>");
      else
        h.add("<tr>");
      first = false;
      h.add("<td class=\"how m-", l.name, std::string_view(doubtful(*c) ? " m-low" : ""), "\">", shape(*c), " ",
            l.words, "</td><td><span class=\"id\">", g.columns[c->column].id, "</span> ", g.columns[c->column].title);
      if (!c->through.empty()) h.add(" <span class=\"meta\">through ", c->through, "</span>");
      h.add("</td><td data-th=\"Left over\">", c->residual, "</td><td data-th=\"How sure\">", name(c->confidence),
            " <span class=\"meta\">", c->source, "</span></td></tr>\n");
    }
  }
  h.add("</tbody>\n</table>\n</details>\n</section>\n\n");
  return h;
}

}  // namespace

std::string matrix_html(const Matrix& m) {
  Html h;
  const std::string title = "How " + m.title + " relates to " + (m.groups.size() == 1 ? m.groups[0].title : "others");
  h.add(
      "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>",
      title, "</title>\n<style>\n");
  h.sheet(replace_all(std::string(kReportCss), "@FOOTER@", "assay map"));
  h.sheet(kSheet);
  h.add(
      "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#key\">Skip to the matrices</a>\n<svg width=\"0\" "
      "height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>");
  for (const Look& l : kLooks)
    h.add("<symbol id=\"m-", l.name, "\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"", l.path,
          "\"/></symbol>");
  h.add(
      "</defs></svg>\n<div class=\"page\">\n<header class=\"brand\">\n  <svg viewBox=\"0 0 20 20\" "
      "aria-hidden=\"true\"><path fill=\"currentColor\" d=\"M5 0h10l5 5v10l-5 5H5l-5-5V5z\"/><path fill=\"none\" "
      "stroke=\"#d9b25c\" stroke-width=\"2.5\" d=\"M5 14 14.5 5\"/></svg>\n  assay\n  <span class=\"meta\">Facts of ",
      m.data, "</span>\n</header>\n");
  if (m.groups.size() > 1) {
    h.add("<nav class=\"toc\" aria-label=\"On this page\">\n<ul>\n");
    for (const MatrixGroup& g : m.groups)
      h.add("<li><a href=\"#", anchor(g, {"matrix", ""}), "\">", g.title, "</a></li>\n");
    h.add("</ul>\n</nav>\n");
  }
  h.add(
      "<main>\n<section id=\"key\">\n<h1>", title,
      "</h1>\n<p class=\"lead\">A shape stands where a requirement at the left says something of one above. Relations "
      "are our own reading of the texts; no authority has confirmed them, and no legal effect follows. Titles are our "
      "own words. What several say only together is not in the matrices: assay map FROM TO shows it.</p>\n<ul "
      "class=\"m-key\">\n");
  for (const Look& l : kLooks) {
    MatrixCell c;
    c.relation = l.relation;
    h.add("<li><span class=\"m-", l.name, "\">", shape(c), "</span><b>", l.words, "</b>", l.means, "</li>\n");
  }
  MatrixCell low;
  h.add("<li><span class=\"m-overlaps m-low\">", shape(low),
        "</span><b>small</b>doubtful: a hint, of low confidence</li>\n</ul>\n</section>\n\n");
  for (const MatrixGroup& g : m.groups) h.add(section(m, g));
  if (m.groups.empty()) h.add("<p>Nothing relates to it.</p>\n");
  h.add("</main>\n</div>\n</body>\n</html>\n");
  return h.take();
}

std::string matrix_svg(const Matrix& m) {
  constexpr int kCell = 15, kTop = 142, kGap = 18, kFoot = 66;
  int left = 60, width = 0;
  for (const MatrixHead& row : m.rows) left = std::max(left, 20 + static_cast<int>(row.id.size()) * 7);
  width = left;
  for (const MatrixGroup& g : m.groups) width += static_cast<int>(g.columns.size()) * kCell + kGap;
  width = std::max(width + 40, 620);
  const int bottom = kTop + static_cast<int>(m.rows.size()) * kCell, height = bottom + kFoot;
  Html h;
  h.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", width, " ", height, "\" width=\"", width,
        "\" height=\"", height, "\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">How ", m.title,
        " relates to others</title>\n<desc id=\"d\">");
  for (const MatrixGroup& g : m.groups) h.add(name_of(g), ": ", g.cells.size(), " relations. ");
  h.add(
      "The same in words: assay map --html.</desc>\n"
      "<style>svg{--paper:#ffffff;--ink:#1a1c1e;--muted:#595d62;--line:#dddcd5;--pass:#1b6b3c;--inconclusive:#875500;"
      "--not-assessed:#31506f}@media(prefers-color-scheme:dark){svg{--paper:#121416;--ink:#e7e9ea;--muted:#a4abb1;"
      "--line:#33383c;--pass:#83d19a;--inconclusive:#efbc62;--not-assessed:#a6c3e0}}"
      "text{font:10px ui-monospace,'Liberation Mono','DejaVu Sans Mono',monospace;fill:var(--ink)}"
      ".n{font:600 13px system-ui,'Noto Sans','Liberation Sans',sans-serif}"
      ".k{font:12px system-ui,'Noto Sans','Liberation Sans',sans-serif}"
      ".paper{fill:var(--paper)}.line{stroke:var(--line)}.m-equal,.m-covers{fill:var(--pass)}"
      ".m-less{fill:var(--inconclusive)}.m-overlaps{fill:var(--not-assessed)}</style>\n<defs>");
  for (const Look& l : kLooks)
    h.add("<symbol id=\"m-", l.name, "\" viewBox=\"0 0 16 16\"><path fill-rule=\"evenodd\" d=\"", l.path,
          "\"/></symbol>");
  h.add("</defs>\n<rect class=\"paper\" width=\"", width, "\" height=\"", height, "\"/>\n");
  h.add("<text class=\"n\" x=\"8\" y=\"18\">", m.title, "</text>\n");
  for (std::size_t r = 0; r < m.rows.size(); ++r) {
    const int y = kTop + static_cast<int>(r) * kCell;
    h.add("<path class=\"line\" d=\"M8 ", y + kCell, "H", width - 20, "\"/><text x=\"8\" y=\"", y + 11, "\">",
          m.rows[r].id, "</text>\n");
  }
  int x = left;
  for (const MatrixGroup& g : m.groups) {
    // A narrow group's name would run into the next one's: it stands a line higher every second time.
    h.add("<text class=\"n\" x=\"", x, "\" y=\"", (&g - m.groups.data()) % 2 == 0 ? 42 : 60, "\">", name_of(g),
          "</text>\n");
    for (std::size_t c = 0; c < g.columns.size(); ++c) {
      const int cx = x + static_cast<int>(c) * kCell;
      h.add("<path class=\"line\" d=\"M", cx, " ", kTop, "V", bottom, "\"/><text transform=\"translate(", cx + 11, " ",
            kTop - 4, ")rotate(-90)\">", g.columns[c].id, "</text>\n");
    }
    for (const MatrixCell& c : g.cells) {
      const int size = doubtful(c) ? 7 : 11, pad = (kCell - size) / 2;
      const Look& l = look_of(c.relation);
      h.add("<use href=\"#m-", l.name, "\" class=\"m-", l.name, "\" x=\"", x + static_cast<int>(c.column) * kCell + pad,
            "\" y=\"", kTop + static_cast<int>(c.row) * kCell + pad, "\" width=\"", size, "\" height=\"", size,
            "\"/>\n");
    }
    x += static_cast<int>(g.columns.size()) * kCell + kGap;
  }
  int kx = 8;
  for (const Look& l : kLooks) {
    h.add("<use href=\"#m-", l.name, "\" class=\"m-", l.name, "\" x=\"", kx, "\" y=\"", bottom + 16,
          "\" width=\"14\" height=\"14\"/><text class=\"k\" x=\"", kx + 20, "\" y=\"", bottom + 28, "\">", l.words,
          "</text>\n");
    kx += 100;
  }
  h.add("<text class=\"k\" x=\"", kx, "\" y=\"", bottom + 28,
        "\">small: doubtful</text>\n<text class=\"k\" x=\"8\" y=\"", bottom + 52,
        "\">Relations are our own reading, seen from the left; facts of ", m.data, ".</text>\n</svg>\n");
  return h.take();
}

}  // namespace assay::report
