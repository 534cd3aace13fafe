"""The timeline of a visit: bars, ticks and hatching over a clock axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from infucode.model.encounter import Administration, Encounter
from infucode.model.solution import Solution
from infucode.render.axis import LABEL, Scale, scale_of
from infucode.render.canvas import Canvas
from infucode.render.clock import DAY, month_day
from infucode.render.content import SIGNS, given_words, packed, signs_used
from infucode.render.lanes import Lane, Mark, earned_codes, lanes_of, unreported
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.shown import padded, shortened

INDENT = 2
FEWEST = 16
"""With fewer columns than this for the clock, the administrations are listed instead."""
TALL = 20
"""From this many rows on, the clock stands above the lanes too."""

Row = list[Mark]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the width is shared: names, clock, codes."""

    scale: Scale
    names: int
    labels: int

    @property
    def plot(self) -> int:
        return self.scale.columns + self.labels


def add_timeline(page: Page, encounter: Encounter, solution: Solution) -> None:
    """Draws what has clock times, and lists what has none."""
    lanes, clockless = lanes_of(encounter, solution)
    marks = [mark for lane in lanes for mark in lane.marks]
    layout = _layout(page, marks) if marks else None
    if marks and layout is None:
        clockless = list(encounter.administrations)
    if layout is not None:
        page.heading("Timeline", encounter.date.isoformat())
        drawn = [(lane, _rows(page, lane.marks, layout)) for lane in lanes]
        if sum(len(rows) for _, rows in drawn) >= TALL:
            _add_clock(page, layout, encounter)
        for lane, rows in drawn:
            _add_lane(page, lane, rows, layout)
        _add_axis(page, layout, encounter)
        _add_legend(page, marks, layout)
    _add_clockless(page, clockless, encounter, solution, drawn=layout is not None)


def _layout(page: Page, marks: Sequence[Mark]) -> Layout | None:
    """Shares out the width; None where too little is left for the clock, or one minute is all."""
    width = page.width
    cap = max(10, width // 4)
    names = min(cap, max(cell_len(page.data(m.name)) for m in marks))
    most = max(10, width // 4)
    labels = 1 + max(cell_len(_label(page, m, most)) for m in marks)
    columns = width - INDENT - names - 1 - labels
    if columns < FEWEST:
        return None
    first, last = min(m.start for m in marks), max(m.stop for m in marks)
    if first == last:
        return None
    return Layout(scale_of(first, last, columns), names, labels)


def _label(page: Page, mark: Mark, most: int) -> str:
    """The codes, as many as there is room for, and how many more there are."""
    codes = [page.data(code) for code in mark.codes]
    for kept in range(len(codes), 0, -1):
        rest = f" +{len(codes) - kept}" if kept < len(codes) else ""
        label = " ".join(codes[:kept]) + rest
        if cell_len(label) <= most:
            return label
    return shortened(" ".join(codes), most, page.glyphs.ellipsis)


def _add_lane(page: Page, lane: Lane, rows: Sequence[Row], layout: Layout) -> None:
    title = Text(page.data(lane.title), style=STRONG)
    if lane.note:
        title = Text.assemble(title, f" {page.glyphs.dot} ", (page.data(lane.note), DIM))
    page.para(title, indent=1)
    for row in rows:
        _add_row(page, row, layout)


def _rows(page: Page, marks: Sequence[Mark], layout: Layout) -> list[Row]:
    """Marks of one drug share a row as long as neither they nor their codes touch."""

    def end(mark: Mark) -> int:
        return _last_column(mark, layout) + 2 + cell_len(_label(page, mark, layout.labels - 1))

    return packed(marks, lambda mark: layout.scale.column(mark.start), end)


def _last_column(mark: Mark, layout: Layout) -> int:
    start = layout.scale.column(mark.start)
    return max(start, layout.scale.column(mark.stop) - 1)


def _add_row(page: Page, row: Row, layout: Layout) -> None:
    canvas = Canvas(layout.plot)
    for midnight in layout.scale.midnights:
        canvas.put(layout.scale.column(midnight), page.glyphs.midnight, DIM)
    for mark in row:
        _draw(page, canvas, mark, layout)
        label = _label(page, mark, layout.labels - 1)
        style = DIM if mark.codes == ("no line",) else DOUBT if "?" in label else CODE
        canvas.write(_last_column(mark, layout) + 2, label, style)
    name = shortened(page.data(row[0].name), layout.names, page.glyphs.ellipsis)
    lead = " " * INDENT + padded(name, layout.names) + " "
    page.row(Text.assemble(lead, canvas.text()))


def _draw(page: Page, canvas: Canvas, mark: Mark, layout: Layout) -> None:
    glyphs, scale = page.glyphs, layout.scale
    fill, style = {
        "derived": (glyphs.derived, "blue"),
        "missing": (glyphs.missing, DOUBT),
    }.get(mark.run.end, (glyphs.solid, "blue"))
    for column in range(scale.column(mark.start), _last_column(mark, layout)):
        canvas.put(column, glyphs.pause, DIM)
    for start, stop in mark.run.spans:
        first = scale.column(start)
        for column in range(first, max(first + 1, scale.column(stop))):
            canvas.put(column, fill, style)
    if mark.momentary:
        tick = glyphs.injection if mark.injected else glyphs.push
        canvas.put(scale.column(mark.start), tick, "magenta")
    if mark.run.end == "missing":
        canvas.put(_last_column(mark, layout), glyphs.unknown, DOUBT)


def _add_axis(page: Page, layout: Layout, encounter: Encounter) -> None:
    """The axis and below it its clock."""
    axis = Canvas(layout.plot)
    for column in range(layout.scale.columns):
        axis.put(column, page.glyphs.rule, DIM)
    for minute in layout.scale.ticks:
        axis.put(layout.scale.column(minute), page.glyphs.tick, DIM)
    page.row(Text.assemble(" " * (INDENT + layout.names + 1), axis.text()))
    _add_clock(page, layout, encounter)


def _add_clock(page: Page, layout: Layout, encounter: Encounter) -> None:
    """The clock times of the ticks, and below them the dates where there are several."""
    scale = layout.scale
    times, dates = Canvas(layout.plot), Canvas(layout.plot)
    for minute in scale.ticks:
        if scale.step < DAY:
            clock = f"{minute % DAY // 60:02d}:{minute % 60:02d}"
            times.write(scale.column(minute), clock, DIM)
    if scale.days > 1:
        _write_dates(dates, scale, encounter)
    for canvas in (times, dates):
        if canvas.used:
            page.row(Text.assemble(" " * (INDENT + layout.names + 1), canvas.text()))


def _write_dates(canvas: Canvas, scale: Scale, encounter: Encounter) -> None:
    """The date at each midnight, and at the left edge, as far as there is room."""
    free, low = 0, month_day(scale.low // DAY, encounter.date)
    if scale.column(scale.midnights[0]) > len(low):
        canvas.write(0, low, DIM)
    for minute in scale.midnights:
        column = scale.column(minute)
        if column >= free:
            canvas.write(column, month_day(minute // DAY, encounter.date), DIM)
            free = column + LABEL


def _add_legend(page: Page, marks: Sequence[Mark], layout: Layout) -> None:
    """What the signs in use mean, and the full names of those that were shortened."""
    glyphs = page.glyphs
    drawn = {
        "given": glyphs.solid, "derived": glyphs.derived,
        "missing": f"{glyphs.missing}{glyphs.unknown}", "pause": glyphs.pause,
        "push": glyphs.push, "injection": glyphs.injection, "midnight": glyphs.midnight,
        "doubt": "?",
    }  # fmt: skip
    used = signs_used(marks, midnights=bool(layout.scale.midnights))
    said = [f"{drawn[sign]} {SIGNS[sign]}" for sign in used]
    page.flow(said, indent=INDENT, style=DIM)
    names = dict.fromkeys((page.data(m.name), page.data(m.item.drug)) for m in marks)
    for name, drug in names:
        if cell_len(name) > layout.names:
            short = shortened(name, layout.names, glyphs.ellipsis)
            page.para(Text(drug, style=DIM), indent=INDENT, lead=Text(f"{short} = ", style=DIM))


def _add_clockless(
    page: Page,
    items: Sequence[Administration],
    encounter: Encounter,
    solution: Solution,
    *,
    drawn: bool,
) -> None:
    if not items:
        return
    if drawn:
        page.heading("Without clock times")
    else:
        page.heading("Administrations", encounter.date.isoformat())
    codes, withheld = earned_codes(solution), unreported(solution)
    wide = max(cell_len(page.data(item.drug)) for item in items)
    numbered = max(cell_len(page.data(item.id)) for item in items)
    for item in items:
        earned = codes.get(item.id, ("no line",) if item.id in withheld else ())
        lead = Text(f"{padded(page.data(item.id), numbered)}  ", style=DIM)
        for most in (wide, 0):
            body = Text(padded(page.data(item.drug), most))
            body.append(page.data(f"  {given_words(item, encounter)}"), style=DIM)
            if earned:
                body.append("  ")
                body.append(page.data(" ".join(earned)), style=CODE)
            if INDENT + cell_len(lead.plain) + cell_len(body.plain) <= page.width:
                break
        page.para(body, indent=INDENT, lead=lead)
