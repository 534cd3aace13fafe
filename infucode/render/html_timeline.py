"""The timeline on the page: the drawing, its hatches and its legend."""

from __future__ import annotations

from infucode.model.encounter import Encounter
from infucode.model.solution import Solution
from infucode.render.content import SIGNS, signs_used
from infucode.render.lanes import lanes_of
from infucode.render.markup import Markup, el, join
from infucode.render.svg_mark import bar, injection_sign, push_sign
from infucode.render.svg_timeline import WIDE, plot_of, timeline_svgs

MIDDLE = 9.0


def timeline_html(encounter: Encounter, solution: Solution) -> Markup | None:
    """The figure; None where nothing has a clock time."""
    lanes, _ = lanes_of(encounter, solution)
    if not lanes:
        return None
    marks = [mark for lane in lanes for mark in lane.marks]
    used = signs_used(marks, midnights=bool(plot_of(lanes, WIDE).scale.midnights))
    legend = el("ul", (el("li", _sign(sign), SIGNS[sign]) for sign in used), class_="legend")
    title = el("h2", "Timeline ", el("small", encounter.date.isoformat()))
    figure = el("figure", timeline_svgs(encounter, solution), el("figcaption", legend))
    return join(title, figure)


def hatches() -> Markup:
    """The patterns that the bars of all timelines of a page share."""

    def pattern(kind: str, path: str) -> Markup:
        return el("pattern", el("path", d=path, class_=kind), id=kind, width=7, height=7,
                  patternUnits="userSpaceOnUse")  # fmt: skip

    made = pattern("derived", "M-1 8L8 -1M-1 1L1 -1M6 8L8 6")
    made = join(made, pattern("missing", "M-1 -1L8 8M6 -1L8 1M-1 6L1 8"))
    return el("svg", el("defs", made), class_="hatches", aria_hidden="true")


def _sign(sign: str) -> Markup:
    drawn = {
        "given": bar("given", 2, 24, MIDDLE),
        "derived": bar("derived", 2, 24, MIDDLE),
        "missing": bar("missing", 2, 24, MIDDLE),
        "pause": el("line", x1=2, x2=26, y1=MIDDLE, y2=MIDDLE, class_="pause"),
        "push": push_sign(14, MIDDLE),
        "injection": injection_sign(14, MIDDLE),
        "midnight": el("line", x1=14, x2=14, y1=0, y2=18, class_="midnight"),
        "doubt": el("text", "?", x=10, y=14),
    }
    return el("svg", drawn[sign], class_="sign", viewBox="0 0 28 18", aria_hidden="true")
