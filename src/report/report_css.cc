// The sheet of the report: one file, no request, light and dark, phone to paper. Tokens and class names: docs/look.md.
#include "report/assets.h"

namespace assay::report {

extern const std::string_view kReportCss =
    R"css(/* 1. Tokens. Every colour on the page is one of these; ratios are in look.md. */
:root {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f6f6f3; --line: #dddcd5; --rule: #8b8c86;
  --ink: #1a1c1e; --muted: #595d62; --link: #1c4f8f;
  --fail: #b3241c; --error: #77389b; --inconclusive: #875500; --not-assessed: #31506f;
  --pass: #1b6b3c; --not-applicable: #62666b; --not-claimed: #565a75;
  --fail-bg: #fbeceb; --error-bg: #f5edf9; --inconclusive-bg: #fbf2df; --not-assessed-bg: #eaf0f6;
  --pass-bg: #e9f4ec; --not-applicable-bg: #f3f3f2; --not-claimed-bg: #efeff5;
  --mark: #ffe9a6;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #121416; --panel: #1a1d20; --line: #33383c; --rule: #7d848a;
    --ink: #e7e9ea; --muted: #a4abb1; --link: #8fc0f5;
    --fail: #ff8f85; --error: #d6aaf0; --inconclusive: #efbc62; --not-assessed: #a6c3e0;
    --pass: #83d19a; --not-applicable: #a1a7ac; --not-claimed: #b9bcd6;
    --fail-bg: #33191a; --error-bg: #2a1d33; --inconclusive-bg: #2e2413; --not-assessed-bg: #1b2733;
    --pass-bg: #16291d; --not-applicable-bg: #202326; --not-claimed-bg: #222430;
    --mark: #5c4a12;
  }
}

/* 2. Type and page. */
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 3.25rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font-family: var(--sans); font-size: 1rem; line-height: 1.5; }
h1, h2, h3, p, ul, ol, dl, dd, figure, table, pre, fieldset { margin: 0; padding: 0; }
h1 { font-size: 1.75rem; line-height: 1.15; font-weight: 600; letter-spacing: -0.015em; }
h2 { font-size: 1.3125rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; }
h3 { font-size: 1rem; line-height: 1.4; font-weight: 600; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre, .id { font-family: var(--mono); font-size: 0.8125em; }
.id { white-space: nowrap; font-variant-numeric: tabular-nums; }
a.id { display: inline-block; min-width: 1.5rem; min-height: 1.5rem; line-height: 1.5rem; }
.lead { color: var(--muted); max-width: 44rem; }
.meta { font-size: 0.8125rem; color: var(--muted); }
.num { text-align: right; font-variant-numeric: tabular-nums; }
.digest { overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 2; background: var(--paper); padding: 0.5rem 1rem; }

.page { max-width: 76rem; margin: 0 auto; padding: 0 1rem 4rem; }
.brand { display: flex; align-items: center; gap: 0.5rem; padding: 0.875rem 0; font-weight: 600; border-bottom: 1px solid var(--line); }
.brand svg { width: 1.25rem; height: 1.25rem; }
.brand .meta { margin-left: auto; font-weight: 400; }
section { padding-top: 2.25rem; }
section > h2 { padding-top: 0.75rem; border-top: 2px solid var(--ink); }
section > .lead { margin: 0.25rem 0 1.25rem; }

.toc { position: sticky; top: 0; z-index: 1; margin: 0 -1rem; padding: 0 1rem; background: var(--paper); border-bottom: 1px solid var(--line); overflow-x: auto; }
.toc ul { display: flex; gap: 1.125rem; list-style: none; font-size: 0.875rem; white-space: nowrap; }
.toc a { display: block; padding: 0.625rem 0; color: var(--muted); text-decoration: none; }
.toc a:hover { color: var(--ink); text-decoration: underline; }

/* 3. Verdicts: shape, word and colour; never colour alone. */
.g { width: 1em; height: 1em; flex: none; vertical-align: -0.125em; }
.verdict { font-weight: 600; white-space: nowrap; }
.verdict .g { margin-right: 0.4em; }
.fail { color: var(--fail); } .error { color: var(--error); } .inconclusive { color: var(--inconclusive); }
.not-assessed { color: var(--not-assessed); } .pass { color: var(--pass); }
.not-applicable { color: var(--not-applicable); } .not-claimed { color: var(--not-claimed); }
.counts { display: flex; flex-wrap: wrap; gap: 0.125rem 1.125rem; list-style: none; font-size: 0.875rem; }
.proportion { display: block; width: 100%; height: 10px; margin: 0.875rem 0 0.5rem; }
.proportion rect, .strip rect { fill: currentColor; }

/* 4. Outcome: which product, what result, what first. */
.outcome { padding-top: 1.25rem; }
.outcome h1 small { font-size: 1.125rem; font-weight: 400; color: var(--muted); letter-spacing: 0; white-space: nowrap; }
.result { display: flex; gap: 0.75rem; margin-top: 1rem; }
.result .g { width: 1.75rem; height: 1.75rem; margin-top: 0.0625rem; }
.result strong { display: block; font-size: 1.1875rem; line-height: 1.35; }
.today { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem 2.75rem; margin-top: 1.5rem; }
.today h2 { font-size: 1rem; padding-bottom: 0.375rem; border-bottom: 2px solid var(--ink); }
.markets { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
.markets th, .markets td { padding: 0.4375rem 0.75rem 0.4375rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; }
.markets thead th { color: var(--muted); font-size: 0.8125rem; padding-block: 0.3125rem; }
.markets tbody th { position: relative; padding-left: 2.375rem; }
.markets .code { position: absolute; left: 0; }
.markets b { font-weight: 600; }
.markets .meta { display: block; line-height: 1.35; }
.code { display: inline-block; min-width: 2.75em; font-family: var(--mono); font-size: 0.8125rem; color: var(--muted); }
.fixes { list-style: none; counter-reset: fix; font-size: 0.9375rem; }
.fixes li { position: relative; counter-increment: fix; padding: 0.5rem 0 0.5rem 2rem; border-bottom: 1px solid var(--line); line-height: 1.4; }
.fixes li::before { content: counter(fix); position: absolute; left: 0; top: 0.5625rem; width: 1.375rem; height: 1.375rem; border-radius: 50%; background: var(--ink); color: var(--paper); font-size: 0.8125rem; font-weight: 600; line-height: 1.375rem; text-align: center; }
.fixes b { font-weight: 600; }
.fixes .meta { display: block; }
.marks { margin-top: 0.5rem; }
.after-fixes { margin-top: 0.625rem; font-size: 0.875rem; }
.after-fixes a { display: inline-block; min-height: 1.5rem; line-height: 1.5rem; }

/* 5. Contradictions: claimed beside observed. */
.clash { padding: 1rem 0 1.25rem; border-top: 1px solid var(--line); }
.clash:first-of-type { border-top: 0; padding-top: 0; }
.clash header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.125rem 0.75rem; margin-bottom: 0.5rem; }
.sides { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; font-size: 0.9375rem; overflow-wrap: anywhere; }
.side { padding: 0.625rem 0.875rem; background: var(--panel); border-left: 3px solid var(--rule); }
.side.observed { border-left-color: var(--ink); }
.side h4 { margin: 0 0 0.125rem; font-size: 0.8125rem; font-weight: 600; color: var(--muted); }
.clash .so { margin-top: 0.625rem; font-size: 0.9375rem; }
.ports { border-collapse: collapse; font-size: 0.875rem; width: 100%; }
.ports th, .ports td { padding: 0.1875rem 0.75rem 0.1875rem 0; text-align: left; font-weight: 400; border-bottom: 1px solid var(--line); }
.ports tr.odd td, .ports tr.odd th { font-weight: 600; }

/* 6. The baseline at a glance. */
.legend { display: grid; gap: 0.25rem 1.5rem; font-size: 0.875rem; margin-bottom: 1.25rem; }
.legend div { display: grid; grid-template-columns: 9.25rem 1fr; }
.legend dd { color: var(--muted); }
.strips { list-style: none; padding: 0; }
.strips li { display: grid; grid-template-columns: 1fr auto; gap: 0 0.75rem; padding: 0.25rem 0; border-bottom: 1px solid var(--line); align-items: center; }
.strips .clause { font-size: 0.875rem; line-height: 1.3; padding-left: 2.5rem; text-indent: -2.5rem; }
.strips .code { text-indent: 0; min-width: 2.25rem; }
.strips .rest { display: none; font-size: 0.8125rem; line-height: 1.3; color: var(--muted); }
.strip { grid-column: 1 / -1; display: block; width: 22rem; max-width: 100%; height: auto; }
.strip text { font: 11px var(--sans); fill: var(--muted); text-anchor: middle; }
.strip .box { fill: none; stroke: currentColor; stroke-width: 1; }
.strip .fail .box { fill: var(--fail-bg); } .strip .error .box { fill: var(--error-bg); }
.strip .inconclusive .box { fill: var(--inconclusive-bg); } .strip .pass .box { stroke-opacity: 0.7; }
.strip .not-assessed .box { fill: var(--not-assessed-bg); stroke-dasharray: 3 2; }
.strip a:hover .box { stroke-width: 2; }
.more { margin-top: 0.75rem; font-size: 0.875rem; }
.twin { margin-top: 0.75rem; font-size: 0.875rem; }
.twin .table { font-size: 0.8125rem; }
.twin th, .twin td { padding-right: 0.5rem !important; }
.twin .verdict { white-space: normal; }
.twin .g { display: block; }
summary { cursor: pointer; }

/* 7. Provisions. */
.filter { border: 0; display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0 0 1rem; font-size: 0.875rem; }
.filter label { display: inline-flex; align-items: center; gap: 0.375rem; min-height: 2rem; padding: 0 0.75rem; border: 1px solid var(--rule); border-radius: 1rem; cursor: pointer; }
.filter input { margin: 0; accent-color: var(--ink); }
.filter label:has(:checked) { background: var(--panel); border-color: var(--ink); font-weight: 600; }
.clause-title { margin: 1.5rem 0 0.25rem; }
.provision { border-bottom: 1px solid var(--line); }
.provision > summary { display: grid; grid-template: "verdict id flag" "title title title" / auto 1fr auto; gap: 0 0.75rem; align-items: baseline; padding: 0.5rem 0.25rem; list-style: none; }
.provision > summary::-webkit-details-marker { display: none; }
.provision > summary:hover { background: var(--panel); }
.provision .title { grid-area: title; }
.provision .flag { grid-area: flag; }
.provision .verdict { font-size: 0.875rem; }
.provision > summary .flag::after { content: "+"; display: inline-block; width: 1.5em; text-align: right; font-family: var(--mono); }
.provision[open] > summary .flag::after { content: "\2212"; }
.provision[open] > summary .title { font-weight: 600; }
.provision .body { scroll-margin-top: 8rem; padding: 0.25rem 0 1.25rem; font-size: 0.9375rem; }
.provision dt { color: var(--muted); font-size: 0.8125rem; padding-top: 0.125rem; }
.provision dd { max-width: 44rem; margin-bottom: 0.625rem; overflow-wrap: anywhere; }
.clash h3, .fixes li, .table td { overflow-wrap: anywhere; }
.says { list-style: none; }
.next { border-left: 3px solid var(--link); padding-left: 0.75rem; }
.fact { margin-bottom: 0.75rem; border: 1px solid var(--line); max-width: 44rem; }
.fact header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: 0.375rem 0.75rem; background: var(--panel); font-size: 0.8125rem; }
.place { list-style: none; display: flex; flex-wrap: wrap; font-family: var(--mono); overflow-wrap: anywhere; }
.place li + li::before { content: "›"; padding: 0 0.45em; color: var(--muted); }
.place li:last-child { font-weight: 600; }
.fact pre, .fact figcaption { padding: 0.5rem 0.75rem; }
.fact pre + figcaption { padding-top: 0; }
.fact pre { font-size: 0.75rem; line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere; }
.fact pre.hex { white-space: pre; overflow-wrap: normal; }
.fact pre i { font-style: normal; color: var(--muted); }
mark { background: var(--mark); color: inherit; box-shadow: 0 1px 0 currentColor; }

/* 8. Tables. On a phone each row becomes a block with its own labels. */
.table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
.table caption { text-align: left; font-weight: 600; padding: 1.25rem 0 0.375rem; font-size: 0.9375rem; }
.table th, .table td { padding: 0.4375rem 1rem 0.4375rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.table thead th { color: var(--muted); font-weight: 400; font-size: 0.8125rem; border-bottom-color: var(--rule); }
.table tbody th { font-weight: 600; }
.table th .meta, .table th.id { font-weight: 400; }
.table .group th { padding-top: 1.125rem;)css"
    R"css( border-bottom-color: var(--rule); }
.table .num { text-align: right; }
.table .sure { white-space: nowrap; }
.table td:last-child, .table th:last-child { padding-right: 0; }

/* 9. Pictures: byte map, reach of marks, dates. */
.picture { display: block; width: 100%; overflow: visible; margin: 0.5rem 0; }
.picture text { font: 12px var(--sans); fill: var(--ink); }
.picture .note { fill: var(--muted); }
.picture .end { text-anchor: end; }
.world { display: block; width: 100%; height: auto; }
.wide { display: none; }
@media print, (min-width: 48rem) { .wide { display: block; } }
.bytemap rect { stroke: var(--paper); stroke-width: 1; fill: var(--not-applicable-bg); }
.bytemap .claimed { fill: var(--pass-bg); stroke: var(--pass); }
.bytemap .padding { fill: var(--not-applicable-bg); stroke: var(--rule); }
.bytemap .unknown { fill: url(#unknown); stroke: var(--inconclusive); }
.bytemap .refused { fill: url(#refused); stroke: var(--fail); }
.bytemap .entropy { fill: none; stroke: var(--ink); stroke-width: 1; vector-effect: non-scaling-stroke; }
.bytemap .tick { stroke: var(--rule); }
.key { display: inline-block; width: 1.75em; height: 0.875em; vertical-align: -0.0625em; margin-right: 0.5em; border: 1px solid; }
.key.claimed { background: var(--pass-bg); border-color: var(--pass); } .key.padding { background: var(--not-applicable-bg); border-color: var(--rule); }
.key.unknown { background: repeating-linear-gradient(45deg, var(--inconclusive) 0 1.5px, var(--inconclusive-bg) 0 5px); border-color: var(--inconclusive); }
.key.refused { background: repeating-linear-gradient(0deg, var(--fail) 0 1.5px, var(--fail-bg) 0 4px); border-color: var(--fail); }
.reach path { fill: none; stroke: var(--not-assessed); }
.reach .deemed { stroke-width: 5; } .reach .recognised { stroke-width: 2.5; }
.reach .simplified { stroke-width: 2; stroke-dasharray: 9 5; } .reach .evidence { stroke-width: 2.5; stroke-dasharray: 1 6; stroke-linecap: round; }
.reach .none { stroke: var(--rule); stroke-width: 1; }
.reach .held { fill: var(--panel); stroke: var(--ink); } .reach .held.over { stroke: var(--rule); stroke-dasharray: 4 3; }
.reach .strong { font-weight: 600; font-size: 13px; }
.dates .bar { fill: var(--not-assessed-bg); stroke: var(--not-assessed); } .dates .bar.over { fill: none; stroke: var(--rule); stroke-dasharray: 4 3; }
.dates text { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.dates line { stroke: var(--line); } .dates .event { stroke: var(--ink); } .dates .now { stroke: var(--fail); stroke-width: 2; }
.effect { display: inline-block; white-space: nowrap; border-bottom: 2px solid var(--not-assessed); }
.effect.deemed { border-bottom-width: 5px; } .effect.simplified { border-bottom-style: dashed; }
.effect.evidence { border-bottom: 3px dotted var(--not-assessed); } .effect.none { border-bottom: 1px solid var(--rule); }
.call { margin: 1rem 0; padding: 0.75rem 1rem; border-left: 3px solid var(--inconclusive); background: var(--inconclusive-bg); font-size: 0.9375rem; max-width: 52rem; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }

/* Reasons below a unit, and what a person is asked. */
.units td .meta { display: block; }
.units .id { padding-right: 0.75rem; }
.prose { max-width: 52rem; }
.needs { list-style: none; font-size: 0.875rem; color: var(--muted); }

/* 10. Small screens. */
@media (max-width: 43.99rem) {
  .wide { display: none; }
  .table, .table tbody, .table tr, .table th, .table td, .table caption { display: block; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  .table tbody th, .table td { border: 0; padding: 0.0625rem 0; text-align: left !important; }
  .table td[data-th]::before { content: attr(data-th) ": "; color: var(--muted); }
  .table td:empty { display: none !important; }
  .table td.brief { display: inline; }
  .table td.brief + td.brief::before { content: " · "; color: var(--muted); }
  .units tr { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; }
  .units td:nth-child(2) { grid-column: 1 / -1; grid-row: 2; }
  .markets, .markets thead, .markets tbody, .markets th, .markets td { display: block; }
  .markets .verdict { white-space: normal; }
  .markets tr { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 0.75rem; padding: 0.4375rem 0; border-bottom: 1px solid var(--line); }
  .markets tr > :first-child { grid-column: 1 / -1; }
  .markets tr > * { border: 0; padding-block: 0; padding-right: 0; }
  .markets thead th:first-child { display: none; }
  .markets tbody th .meta { display: inline; }
  .ports th, .ports td { padding-right: 0.375rem; }
}

/* 11. Wider screens. */
@media (min-width: 44rem) {
  .page { padding-inline: 1.5rem; }
  .toc { margin-inline: -1.5rem; padding-inline: 1.5rem; }
  h1 { font-size: 2rem; }
  .sides { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .legend { grid-template-columns: 1fr 1fr; }
  .strips li { grid-template-columns: minmax(0, 1fr) 24rem; }
  .strips .strip { grid-column: 2; grid-row: 1; width: 24rem; }
  .provision > summary { grid-template: "verdict id title flag" / 8.25rem 3.5rem 1fr auto; }
  .provision .body > dl { display: grid; grid-template-columns: 8.25rem minmax(0, 1fr); gap: 0.25rem 0.75rem; padding-left: 0.25rem; }
  .fact.with-hex { display: grid; grid-template-columns: auto minmax(0, 1fr); }
  .fact.with-hex header { grid-column: 1 / -1; }
  .fact.with-hex figcaption { padding: 0.5rem 0.75rem; }
}
@media print, (min-width: 60rem) {
  .strips li { grid-template-columns: minmax(0, 1fr) 24rem 11.5rem; }
  .strips .rest { display: block; }
}
@media (min-width: 62rem) {
  .today { grid-template-columns: minmax(0, 1fr) 20.5rem; }
  .legend { grid-template-columns: 1fr 1fr; }
}
@media (min-width: 75rem) {
  .layout { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0 2.5rem; }
  html { scroll-padding-top: 1rem; }
  .toc { position: sticky; top: 1.25rem; align-self: start; margin: 1.5rem 0 0; padding: 0; border: 0; overflow: visible; }
  .toc ul { display: block; }
  .toc a { padding: 0.25rem 0; }
}

/* 12. Filter without script; a row that a link points to always shows. */
@media screen {
  #provisions:has(#show-todo:checked) .provision:not(.v-fail, .v-error, .v-inconclusive, :has(:target)),
  #provisions:has(#show-not-assessed:checked) .provision:not(.v-not-assessed, :has(:target)),
  #provisions:has(#show-pass:checked) .provision:not(.v-pass, :has(:target)),
  #provisions:has(.filter input:not(#show-all):checked) .clause-title { display: none; }
  .provision:has(:target) { box-shadow: -0.75rem 0 0 -0.5rem var(--link); }
}

/* 13. Paper. */
@media print {
  @page { size: A4; margin: 16mm 14mm 18mm; @bottom-left { content: "@FOOTER@"; font: 8pt sans-serif; } @bottom-right { content: counter(page) " of " counter(pages); font: 8pt sans-serif; } }
  html { font-size: 9.5pt; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  .toc, .filter, .skip, .twin, #glance-caption, .flag::after { display: none !important; }
  .today { grid-template-columns: minmax(0, 1fr) 15rem; gap: 1.5rem; }
  details::details-content { content-visibility: visible; height: auto; }
  a { color: inherit; text-decoration: none; }
  section { padding-top: 1.5rem; }
  #provisions { break-before: page; }
  h2, h3, h2 + p, .lead, .provision > summary, .table caption { break-after: avoid; }
  .clash { padding: 0.5rem 0 0.625rem; }
  .clash, .fact, .strips li, .fixes li, .markets tr, .table tr, .picture, .call { break-inside: avoid; }
}
)css";

}  // namespace assay::report
