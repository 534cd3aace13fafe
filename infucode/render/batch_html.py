"""Sections as one page: tables with bars, light and dark, to be printed; nothing is loaded."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator

from infucode import __version__
from infucode.render.batch_sections import Column, Row, Section, Sections
from infucode.render.html_style import STYLE
from infucode.render.markup import Markup, el

OWN_STYLE = """
.contents { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
.figures { width: auto; min-width: min(100%, 40rem); }
.figures caption { text-align: left; color: var(--quiet); font-size: .86rem;
                   padding-bottom: .3rem; max-width: 46rem; }
.figures th, .figures td { padding: .22rem 1.1rem .22rem 0; }
.figures tbody tr { border-bottom: 1px solid var(--soft); break-inside: avoid; }
.figures tbody th, .figures td { max-width: 24rem; overflow-wrap: break-word; }
.figures tbody th { font-weight: 400; }
.figures tbody th.code { white-space: nowrap; font-family: var(--mono); color: var(--code);
                         font-weight: 600; }
.figures tbody th.name { font-weight: 600; }
.figures td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
.figures .words { min-width: 8rem; } .figures .ids { min-width: 7rem; }
.figures td.ids { color: var(--quiet); font-size: .86rem; }
.meter { display: block; width: 9rem; height: .8rem; }
.meter rect { fill: var(--bar); }
.meter .track { fill: var(--soft); }
.figures thead td { width: 9rem; border-bottom: 1px solid var(--rule); }
@media (max-width: 44rem) {
  .meter, .figures thead td { width: 4rem; }
  .figures th, .figures td { padding-right: .7rem; }
}
"""


def sections_to_html(report: Sections) -> str:
    """The page."""
    contents = (
        el("li", el("a", section.title, href=f"#{section.id}")) for section in report.sections
    )
    about = [child for name, says in report.about for child in (el("dt", name), el("dd", says))]
    main = el(
        "main",
        el("h1", report.title),
        el("dl", about, class_="facts"),
        [el("p", note, class_="warned") for note in report.notes],
        el("nav", el("ul", contents, class_="contents"), aria_label="Tables of this page"),
        [_section(section) for section in report.sections],
    )
    own = "Labels are short words of our own, not descriptors of the CPT code set."
    body = el("body", main, el("footer", el("p", f"infucode {__version__}. ", own)))
    return f'<!doctype html>\n<html lang="en">\n{_head(report)}{body}</html>\n'


def _head(report: Sections) -> Markup:
    """Nothing may load or run but the style that stands here, whatever the data holds."""
    style = STYLE + OWN_STYLE
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'"
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"{report.title} · infucode"),
        Markup(f"\n<style>{style}</style>\n"),
    )


def _section(section: Section) -> Markup:
    title = el("h2", section.title)
    if not section.rows:
        return el("section", title, el("p", section.nothing, class_="quiet"), id=section.id)
    columns = [c for c in section.columns if any(c.shown(row) for row in section.rows)]
    heads = [
        el("th", column.title or "", scope="col", class_="number" if column.is_number else None)
        for column in columns
    ]
    if section.bar is not None:
        heads.append(el("td"))
    table = el(
        "table",
        el("caption", section.note) if section.note else None,
        el("thead", el("tr", heads)),
        el("tbody", (el("tr", _cells(section, columns, row)) for row in section.rows)),
        class_="figures",
    )
    more = f"and {section.more:,} more; --top shows them" if section.more else None
    return el(
        "section", title, el("div", table, class_="scroll", tabindex="0", role="region",
                             aria_label=section.title),
        el("p", more, class_="quiet") if more else None,
        id=section.id,
    )  # fmt: skip


def _cells(section: Section, columns: list[Column], row: Row) -> Iterator[Markup]:
    for place, column in enumerate(columns):
        shown = column.shown(row)
        if place == 0:
            yield el("th", shown, scope="row", class_=column.kind)
        else:
            yield el("td", shown, class_="number" if column.is_number else column.kind)
    if section.bar is not None:
        yield el("td", _meter(section.part(row)))


def _meter(part: float) -> Markup:
    """A bar; its number stands in the row, so it is nothing to readers of screens."""
    width = max(round(100 * part, 1), 0.5 if part > 0 else 0)
    return el(
        "svg",
        el("rect", class_="track", width=100, height=8),
        el("rect", width=width, height=8),
        class_="meter", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true",
    )  # fmt: skip
