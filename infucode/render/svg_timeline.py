"""The timeline of a visit as inline SVG, laid out once for wide pages and once for phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from infucode.model.encounter import Encounter
from infucode.model.solution import Solution
from infucode.render.axis import Scale, scale_of
from infucode.render.clock import DAY, month_day
from infucode.render.content import packed
from infucode.render.lanes import Lane, Mark, lanes_of
from infucode.render.markup import Markup, el, join
from infucode.render.shown import shortened, shown
from infucode.render.svg_mark import CODE_WIDTH, code_label, draw_mark, label_width
from infucode.render.words import when_words

NAME_WIDTH = 7.0
"""Pixels that one cell of a name takes."""
TICK_WIDTH = 8
"""Pixels for one column of the clock axis, as its labels need."""
TITLE, HEAD, FOOT, EDGE = 22, 18, 24, 8
TALL = 24
"""From this many rows on, the clock stands above the lanes too."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pixels: of the drawing, of the names at its left at most, of a row, of what is over a bar.

    Where names stand over the bars, every mark has a row of its own.
    """

    width: int
    names: int
    row: int
    over: int = 0


WIDE = Sizes(width=960, names=270, row=24)
SLIM = Sizes(width=358, names=0, row=40, over=18)


@dataclass(frozen=True, slots=True)
class Plot:
    """Where each minute stands."""

    sizes: Sizes
    names: int
    scale: Scale
    left: float
    right: float

    def x(self, minute: int) -> float:
        span = max(1, self.scale.high - self.scale.low)
        inside = min(max(minute, self.scale.low), self.scale.high) - self.scale.low
        return self.left + (self.right - self.left) * inside / span


@dataclass(frozen=True, slots=True)
class Place:
    """One row of a lane, and the pixel at which it begins."""

    top: float
    marks: tuple[Mark, ...]


def timeline_svgs(encounter: Encounter, solution: Solution) -> Markup:
    """Both layouts; a page shows the one that fits. Empty where nothing has a clock time."""
    lanes, _ = lanes_of(encounter, solution)
    if not lanes:
        return Markup()
    return join(
        timeline_svg(encounter, lanes, sizes, name)
        for sizes, name in ((WIDE, "wide"), (SLIM, "slim"))
    )


def timeline_svg(encounter: Encounter, lanes: Sequence[Lane], sizes: Sizes, name: str) -> Markup:
    """One drawing: a group for each lane, in it a named image for each administration."""
    plot = plot_of(lanes, sizes)
    top: float = HEAD if plot.scale.days > 1 else EDGE
    rows = [_rows(lane, plot) for lane in lanes]
    tall = sum(len(found) for found in rows) >= TALL
    top += FOOT if tall else 0
    bands, drawn = [], []
    y = top
    for lane, found in zip(lanes, rows, strict=True):
        height = TITLE + sizes.row * len(found)
        bands.append(el("rect", y=y, width=sizes.width, height=height, rx=5, class_="lane"))
        drawn.append(_lane(lane, found, y, plot, encounter))
        y += height + EDGE
    grid = _grid(plot, top, y, encounter, above=tall)
    return el(
        "svg", bands, grid, drawn, class_=f"timeline {name}", role="group",
        viewBox=f"0 0 {sizes.width} {y + FOOT:g}", width=sizes.width, height=y + FOOT,
        aria_label=f"Timeline of {encounter.date.isoformat()}",
    )  # fmt: skip


def plot_of(lanes: Sequence[Lane], sizes: Sizes) -> Plot:
    """The scale over what the names at the left and the codes at the right leave free."""
    marks = [mark for lane in lanes for mark in lane.marks]
    first, last = min(m.start for m in marks), max(m.stop for m in marks)
    codes = 0.0 if sizes.over else max(label_width(mark) for mark in marks)
    cells = max(cell_len(shown(mark.name)) for mark in marks)
    names = min(sizes.names, int(cells * NAME_WIDTH) + 3 * EDGE)
    left, right = names + 2 * EDGE, sizes.width - max(codes, 2.0 * EDGE) - EDGE
    scale = scale_of(first, last, int(right - left) // TICK_WIDTH)
    return Plot(sizes, names, scale, left, right)


def _rows(lane: Lane, plot: Plot) -> list[list[Mark]]:
    if plot.sizes.over:
        return [[mark] for mark in lane.marks]
    return packed(
        lane.marks,
        lambda mark: plot.x(mark.start) - EDGE,
        lambda mark: plot.x(mark.stop) + label_width(mark),
    )


def _lane(
    lane: Lane, rows: Sequence[list[Mark]], top: float, plot: Plot, encounter: Encounter
) -> Markup:
    sizes = plot.sizes
    note = f" · {lane.note}" if lane.note else ""
    title = el("text", el("tspan", lane.title, class_="lane-title"), note,
               x=EDGE, y=top + TITLE - 7, aria_hidden="true", class_="note")  # fmt: skip
    drawn = []
    for index, marks in enumerate(rows):
        place = Place(top + TITLE + index * sizes.row, tuple(marks))
        drawn.append(_row(place, plot, encounter))
    return el("g", title, drawn, role="group", aria_label=f"{lane.title}{note}")


def _row(place: Place, plot: Plot, encounter: Encounter) -> Markup:
    sizes = plot.sizes
    middle = place.top + sizes.over + (sizes.row - sizes.over) / 2
    base = place.top + (sizes.over - 3 if sizes.over else sizes.row / 2 + 4)
    first = place.marks[0]
    said = first.name
    room = plot.names - 2 * EDGE
    if sizes.over:
        said = f"{first.name} {when_words(first.item, encounter)}"
        room = int(sizes.width - 3 * EDGE - CODE_WIDTH * cell_len(code_label(first)))
    name = shortened(shown(said), max(4, int(room / NAME_WIDTH)), "…")
    label = el("text", name, x=EDGE * 2, y=base, class_="name", aria_hidden="true")
    marks = [
        draw_mark(mark, encounter, plot.x, middle, codes_at=(sizes.width - EDGE, base)
                  if sizes.over else None)
        for mark in place.marks
    ]  # fmt: skip
    return join(label, marks)


def _grid(plot: Plot, top: float, bottom: float, encounter: Encounter, *, above: bool) -> Markup:
    """The clock axis, its midnights, and the dates where there are several days."""
    scale, drawn = plot.scale, []
    for minute in scale.ticks:
        x = plot.x(minute)
        drawn.append(el("line", x1=x, x2=x, y1=top, y2=bottom, class_="tick"))
        if scale.step < DAY:
            clock = f"{minute % DAY // 60:02d}:{minute % 60:02d}"
            drawn.append(_axis_text(clock, x, bottom + FOOT - EDGE))
            if above:
                drawn.append(_axis_text(clock, x, top - EDGE))
    for minute in scale.midnights:
        x = plot.x(minute)
        drawn.append(el("line", x1=x, x2=x, y1=top - 3, y2=bottom, class_="midnight"))
    if scale.days > 1:
        drawn += _dates(plot, encounter)
    return el("g", drawn, aria_hidden="true", class_="axis")


def _dates(plot: Plot, encounter: Encounter) -> list[Markup]:
    """The date at each midnight, and at the left edge, as far as there is room."""
    scale, drawn, free = plot.scale, [], 0.0
    room = TICK_WIDTH * len("08-06  ")
    for minute in (*scale.midnights, scale.low):
        x = plot.x(minute)
        leftmost = minute == scale.low and plot.x(scale.midnights[0]) - x > room
        if x >= free or leftmost:
            drawn.append(_axis_text(month_day(minute // DAY, encounter.date), x, HEAD - EDGE))
            free = x + room
    return drawn


def _axis_text(words: str, x: float, y: float) -> Markup:
    return el("text", words, x=x, y=y, text_anchor="middle")
