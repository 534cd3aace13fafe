"""The style of the manual, beside that of every page: contents at the side, cards for rules."""

from __future__ import annotations

MANUAL_STYLE = """
html { scroll-padding-top: 1rem; }
.manual { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 0 2.5rem;
          max-width: 86rem; margin: 0 auto; padding: 0 1.25rem; }
.manual > main { max-width: none; margin: 0; padding: 0; }
.manual > nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
                padding: 1.5rem 0 2rem; font-size: .86rem; }
.manual nav ol { list-style: none; padding: 0; margin: .2rem 0 1rem; }
.manual nav li { margin: .12rem 0; display: flex; gap: .5rem; justify-content: space-between; }
.manual nav a { text-decoration: none; overflow-wrap: anywhere; }
.manual nav a:hover { text-decoration: underline; }
.manual nav strong { display: block; margin-top: .6rem; }
.clauses a { text-decoration: none; font-family: var(--mono); margin-right: .35rem; }
.count { color: var(--quiet); white-space: nowrap; flex: none;
         font-variant-numeric: tabular-nums; }
.chapter > .about { color: var(--quiet); margin-top: -.2rem; }
.clause { display: grid; grid-template-columns: 3.2rem 1fr; gap: 0 .6rem; margin: 2rem 0 .6rem;
          padding-top: .6rem; border-top: 1px solid var(--rule); }
.clause > b { font-family: var(--mono); color: var(--doubt); }
.clause p { margin: 0; }
.clause .papers { margin-top: .1rem; }
.card { border: 1px solid var(--rule); border-left: 3px solid var(--code); border-radius: 4px;
        padding: .6rem .9rem .7rem; margin: .7rem 0; break-inside: avoid; }
.card:target { background: var(--soft); }
.card > h4 { margin: 0; font-size: 1rem; font-weight: 600; }
.card > .id { font: .82rem var(--mono); color: var(--code); }
.card > p { margin: .3rem 0; }
.card .message { color: var(--quiet); }
.card .message::before { content: "“"; } .card .message::after { content: "”"; }
.card dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem;
           margin: .4rem 0; font-size: .88rem; }
.card dt { color: var(--quiet); } .card dd { margin: 0; overflow-wrap: anywhere; }
.card summary { color: var(--code); font-size: .9rem; }
.card summary .count { font-size: .84rem; }
.logic { margin: .6rem 0 1rem; padding-left: .8rem; border-left: 1px solid var(--rule);
         font-size: .9rem; }
.logic > .gives { font-weight: 600; }
.logic > .gives small { font-weight: 400; color: var(--quiet); }
.conditions { list-style: none; padding: 0 0 0 .2rem; margin: .2rem 0; }
.conditions .conditions { padding-left: 4.4rem; }
.conditions li { margin: .15rem 0; }
.conditions .line { display: grid; grid-template-columns: 4.2rem 1fr; gap: 0 .2rem; }
.conditions .kind { justify-self: start; align-self: start; margin-top: .2rem; }
.conditions .gloss { display: block; color: var(--quiet); font-size: .86rem; }
.kind.table { color: var(--good); } .kind.plan { color: var(--doubt); }
.kind.unless { color: var(--bad); }
pre { margin: .4rem 0; padding: .5rem .7rem; background: var(--soft); border-radius: 4px;
      overflow-x: auto; font: .8rem/1.45 var(--mono); }
.visit { margin: .5rem 0 .9rem; font-size: .9rem; }
.visit > p { margin: 0; } .visit > p:first-child { font-weight: 600; }
.visit small { font-weight: 400; }
.visit ul { margin: .15rem 0; }
.visit .expected { list-style: "→ "; color: var(--good); }
.rows td { font-size: .86rem; padding: .12rem .9rem .12rem 0; }
.rows th { font-size: .82rem; }
.answers td, .answers th { font-size: .88rem; border-bottom: 1px solid var(--rule); }
.answers td p { margin: 0; }
.predicate { margin: 1rem 0; font-size: .92rem; }
.predicate > code { color: var(--code); font-size: .9rem; font-weight: 600; }
.predicate p { margin: .1rem 0; }
.predicate .papers { max-width: none; }
.columns { columns: 17rem; font-size: .84rem; list-style: none; padding: 0; }
.columns li { break-inside: avoid; }
.matrix { display: block; width: 100%; min-width: 46rem; height: auto; font: 10px var(--sans); }
.matrix text { fill: var(--ink); }
.matrix .number { fill: var(--quiet); font-size: 8.5px; text-anchor: middle; }
.matrix .name { text-anchor: end; }
.matrix .band { fill: var(--soft); } .matrix .grid { stroke: var(--rule); stroke-width: .5; }
.matrix .own { fill: var(--quiet); font-size: 8px; text-anchor: middle; }
.matrix .reads { fill: var(--bar); } .matrix .hook { fill: var(--miss); }
.matrix .layer { font-weight: 600; fill: var(--quiet); }
@media (max-width: 62rem) {
  .manual { display: block; }
  .manual > nav { position: static; max-height: none; padding-bottom: 0; columns: 14rem; }
  .conditions .conditions { padding-left: 1rem; }
}
@media print {
  .manual { display: block; max-width: none; padding: 0; }
  .manual > nav { display: none; }
  .chapter { break-before: page; }
  .card { break-inside: auto; } .card h4, .clause { break-after: avoid; }
  pre { white-space: pre-wrap; }
}
"""
