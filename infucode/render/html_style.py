"""The style of the page: light and dark, phone to desktop, and print."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1a2027; --quiet: #57616d; --rule: #d5dbe2; --soft: #f4f6f9;
  --code: #0a55a5; --doubt: #8a4b00; --doubt-soft: #fff5e0; --good: #17692f; --good-soft: #e6f5ea;
  --bad: #a8201a; --bad-soft: #fdeceb; --bar: #3f7fd0; --bar-soft: #d7e5f7; --hatch: #3f7fd0;
  --miss: #b26a00; --miss-soft: #fbeccf; --push: #8d2a86;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161b; --ink: #e4e8ed; --quiet: #9ba6b2; --rule: #333c46; --soft: #1a2027;
    --code: #7db8ff; --doubt: #f0b35c; --doubt-soft: #2f2513; --good: #72d48c;
    --good-soft: #16301e; --bad: #ff958c; --bad-soft: #3a1a18; --bar: #5b9bea;
    --bar-soft: #21364f; --hatch: #7fb2f2; --miss: #e0a043; --miss-soft: #35290f; --push: #e08ad9;
  }
}
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --quiet: #444c55; --rule: #b9c0c8; --soft: #f4f6f9;
    --code: #0a4a90; --doubt: #7a4200; --doubt-soft: #fff8ea; --good: #17692f;
    --good-soft: #eef8f0; --bad: #a8201a; --bad-soft: #fdf1f0; --bar: #3f7fd0;
    --bar-soft: #d7e5f7; --hatch: #3f7fd0; --miss: #b26a00; --miss-soft: #fbeccf;
    --push: #8d2a86;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); }
main, body > header, body > footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 1.75rem 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; padding-bottom: .3rem;
     border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
h2 small, h3 small { color: var(--quiet); font-weight: 400; font-size: .875rem; }
p { margin: .4rem 0; }
ul, ol { margin: .3rem 0; padding-left: 1.25rem; }
li { overflow-wrap: anywhere; }
a { color: var(--code); }
code, .mono { font-family: var(--mono); font-size: .86em; }
.quiet, .papers { color: var(--quiet); }
.papers { font-size: .84rem; }
.papers code { font-size: .95em; }
.says { display: block; }
.doubt { color: var(--doubt); }
.denied { color: var(--bad); }
.sets { color: var(--doubt); background: var(--doubt-soft); border-radius: 3px; padding: 0 .35rem;
        font-size: .84rem; white-space: nowrap; }
.outcome { display: inline-block; border-radius: 1rem; padding: .1rem .8rem; font-weight: 600;
           font-size: .95rem; }
td .outcome { font-size: .85rem; }
.whole { white-space: nowrap; }
td > p { margin: 0 0 .2rem; overflow-wrap: anywhere; }
.coded { color: var(--good); background: var(--good-soft); }
.ambiguous { color: var(--doubt); background: var(--doubt-soft); }
.blocked, .refused { color: var(--bad); background: var(--bad-soft); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.digest { font: .8rem var(--mono); color: var(--quiet); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; }
thead th { color: var(--quiet); font-weight: 500; font-size: .84rem;
           border-bottom: 1px solid var(--rule); white-space: nowrap; }
th.number, td.number { text-align: right; }
.lines tbody { border-bottom: 1px solid var(--rule); }
.lines tbody th { font-family: var(--mono); color: var(--code); font-size: 1.02rem; }
.lines .mod { font-family: var(--mono); color: var(--code); white-space: nowrap; }
.lines tbody td, .lines tbody th { padding-top: .6rem; }
.lines tbody tr:last-child td { padding-top: 0; padding-bottom: .7rem; }
.lines .service { width: 99%; }
.lines .apart { white-space: nowrap; }
.label { font-weight: 600; }
.where { display: none; }
.why { list-style: none; padding: 0; margin: .1rem 0; }
.why > li { margin: .35rem 0; padding-left: .9rem; border-left: 2px solid var(--rule); }
.hangs { border-left-color: var(--doubt) !important; }
.scroll { overflow-x: auto; }
.beside { border: 1px solid var(--rule); margin: .6rem 0 1rem; }
.beside th, .beside td { padding: .45rem .7rem; border: 1px solid var(--rule); }
.beside thead th { white-space: normal; min-width: 10rem; color: var(--ink); font-size: .9rem;
                   background: var(--soft); }
.beside thead th:first-child { min-width: 7rem; }
.beside tbody th { font-weight: 400; background: var(--soft); }
.bysets { display: block; color: var(--quiet); font-size: .9rem; }
.decides td { padding: .1rem .9rem .1rem 0; }
.decides .mono { font-family: var(--mono); color: var(--code); }
.bysets b { font-weight: 600; }
.beside thead th b, .beside tbody th b { font-family: var(--mono); color: var(--code); }
.beside ul { padding-left: 1rem; font-size: .92rem; }
.absent { color: var(--quiet); }
.remarks { padding-left: 0; list-style: none; }
.remarks > li { margin: .55rem 0; }
.ask { background: var(--doubt-soft); border-left: 3px solid var(--doubt); padding: .6rem .9rem; }
.ask p { margin: .15rem 0; }
.number-of { color: var(--doubt); font-weight: 600; }
.warned { border-left: 3px solid var(--miss); padding-left: .75rem; }
figure { margin: 0; }
.timeline { display: block; width: 100%; height: auto; font: 12px var(--sans); }
.slim { display: none; }
.timeline text { fill: var(--ink); stroke: var(--soft); stroke-width: 3px; paint-order: stroke;
                 stroke-linejoin: round; }
.timeline .axis text { stroke: none; }
.timeline .lane { fill: var(--soft); }
.timeline .lane-title { font-weight: 600; }
.timeline .note, .timeline .axis text { fill: var(--quiet); }
.timeline .lane-title { fill: var(--ink); }
.timeline .axis text { font-size: 11px; }
.timeline .tick { stroke: var(--rule); stroke-width: 1; }
.timeline .midnight, .sign .midnight { stroke: var(--quiet); stroke-width: 1.5;
                                      stroke-dasharray: 2 4; }
.timeline .code, .timeline text.doubt, .timeline .none, .timeline .unknown {
  font-family: var(--mono); font-weight: 600; }
.timeline .code { fill: var(--code); }
.timeline text.doubt, .timeline .unknown { fill: var(--doubt); }
.timeline .none { fill: var(--quiet); font-weight: 400; }
.bar.given { fill: var(--bar); }
.bar.derived { fill: var(--bar-soft); stroke: var(--hatch); }
.bar.missing { fill: var(--miss-soft); stroke: var(--miss); stroke-dasharray: 4 3; }
.push { fill: var(--push); stroke: var(--paper); stroke-width: 1; }
.pause { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 3 3; }
.hatches { position: absolute; width: 0; height: 0; }
.hatches .derived { stroke: var(--hatch); stroke-width: 2; }
.hatches .missing { stroke: var(--miss); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; list-style: none; padding: .5rem 0 0;
          margin: 0; color: var(--quiet); font-size: .84rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.sign { width: 28px; height: 18px; flex: none; }
.sign text { font: 600 13px var(--mono); fill: var(--doubt); }
details { margin: .3rem 0; }
summary { cursor: pointer; }
.proof > summary { color: var(--code); font-size: .9rem; }
.tree { list-style: none; margin: .15rem 0 .15rem .3rem; padding-left: .8rem; font-size: .9rem;
        border-left: 1px solid var(--rule); }
.tree li { margin: .2rem 0; }
.tree.deep { margin-left: 0; padding-left: .2rem; }
.kind { font-size: .78rem; color: var(--quiet); border: 1px solid var(--rule); border-radius: 3px;
        padding: 0 .3rem; margin-right: .3rem; }
.kind.rule { color: var(--code); }
.kind.assumed { color: var(--doubt); }
.tree small { display: block; color: var(--quiet); overflow-wrap: anywhere; }
.answer + .answer { margin-top: 3.5rem; border-top: 3px solid var(--rule); }
body > footer { margin-top: 3rem; padding-top: .8rem; padding-bottom: 2rem; color: var(--quiet);
                font-size: .84rem; border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
@media (max-width: 44rem) {
  .wide { display: none; }
  .slim { display: block; max-width: 30rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .35rem; }
  .lines .apart { display: none; }
  .overview th:nth-child(3), .overview td:nth-child(3) { display: none; }
  .overview td:nth-child(2) { overflow-wrap: anywhere; min-width: 4rem; }
  .where { display: block; color: var(--quiet); }
  th, td { padding-right: .5rem; }
  .beside thead th { min-width: 9rem; }
  .tree { margin-left: 0; padding-left: .35rem; }
}
@media screen and (max-width: 44rem) {
  .claimed, .claimed tbody { display: block; }
  .claimed thead { display: none; }
  .claimed tr { display: flex; flex-wrap: wrap; align-items: baseline; }
  .claimed td.number { order: 1; }
  .claimed td.number::before { content: "×"; }
  .claimed td.service, .claimed td[colspan] { flex: 1 0 100%; order: 2; min-width: 0; }
  .claimed td.service { padding-top: 0; }
}
@media print {
  @page { margin: 14mm 13mm; }
  html { font-size: 9.5pt; }
  body { line-height: 1.4; }
  main, body > header, body > footer { max-width: none; padding-left: 0; padding-right: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { display: block; }
  .slim { display: none; }
  .scroll { overflow: visible; }
  h1, h2, h3, thead { break-after: avoid; }
  .lines tbody, .beside tr, .ask, .warned, figure, .remarks > li { break-inside: avoid; }
  .lines tbody:has(.proof) { break-inside: auto; }
  .answer + .answer { break-before: page; border-top: 0; margin-top: 0; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary { list-style: none; }
  a { color: inherit; text-decoration: none; }
  .sources a::after { content: " (" attr(href) ")"; color: var(--quiet); }
}
"""
