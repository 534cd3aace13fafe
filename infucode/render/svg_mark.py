"""One administration on the SVG timeline: bar, hatching, tick, and the codes it became."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len

from infucode.model.encounter import Encounter
from infucode.render.content import SIGNS, given_words
from infucode.render.lanes import Mark
from infucode.render.markup import Markup, el, join
from infucode.render.shown import shortened, shown

CODE_WIDTH = 7.3
"""Pixels that one character of a code takes."""
MOST_CODES = 28
"""Characters of codes beside a mark; the rest is counted."""
BAR, TICK, GAP = 12, 18, 6

Place = Callable[[int], float]


def code_label(mark: Mark) -> str:
    """The codes, as many as there is room for, and how many more there are."""
    codes = [shown(code) for code in mark.codes]
    for kept in range(len(codes), 0, -1):
        rest = f" +{len(codes) - kept}" if kept < len(codes) else ""
        label = " ".join(codes[:kept]) + rest
        if cell_len(label) <= MOST_CODES:
            return label
    return shortened(" ".join(codes), MOST_CODES, "…")


def label_width(mark: Mark) -> float:
    """Pixels from the end of a mark to the end of its codes."""
    return CODE_WIDTH * cell_len(code_label(mark)) + 4 * GAP


def draw_mark(
    mark: Mark,
    encounter: Encounter,
    x: Place,
    middle: float,
    *,
    codes_at: tuple[float, float] | None = None,
) -> Markup:
    """A named image: what was given when as its title, what it became as its description.

    ``codes_at`` is where the codes end, if not behind the mark.
    """
    return el(
        "g",
        el("title", mark_title(mark, encounter)),
        el("desc", became(mark)),
        _stretches(mark, x, middle),
        _sign(mark, x(mark.start), middle) if mark.momentary else None,
        el("text", "?", x=x(mark.stop) + 3, y=middle + 4, class_="unknown")
        if mark.run.end == "missing" else None,
        _codes(mark, x, middle, codes_at),
        role="img", class_="mark",
    )  # fmt: skip


def mark_title(mark: Mark, encounter: Encounter) -> str:
    """``ceftriaxone (a2), iv infusion, 10:10-10:50``."""
    return f"{mark.item.drug} ({mark.item.id}), {given_words(mark.item, encounter)}"


def became(mark: Mark) -> str:
    """``became 96365, 96366 in some code sets`` or ``no line``."""
    if mark.codes == ("no line",) or not mark.codes:
        return "no line"
    said = [f"{c[:-1]} in some code sets" if c.endswith("?") else c for c in mark.codes]
    return f"became {', '.join(said)}"


def _stretches(mark: Mark, x: Place, middle: float) -> Markup:
    drawn = []
    if len(mark.run.spans) > 1:
        drawn.append(el("line", x1=x(mark.start), x2=x(mark.stop), y1=middle, y2=middle,
                        class_="pause"))  # fmt: skip
    if mark.run.end != "none":
        kind = mark.run.end if mark.run.end in SIGNS else "given"
        drawn += [bar(kind, x(a), max(3.0, x(b) - x(a)), middle) for a, b in mark.run.spans]
    return join(drawn)


def bar(kind: str, left: float, width: float, middle: float) -> Markup:
    """A bar, hatched where its end is derived or missing."""
    where = {"x": left, "y": middle - BAR / 2, "width": width, "height": BAR, "rx": 2}
    return join(
        el("rect", **where, class_=f"bar {kind}"),
        el("rect", **where, fill=f"url(#{kind})") if kind != "given" else None,
    )


def _sign(mark: Mark, x: float, middle: float) -> Markup:
    return injection_sign(x, middle) if mark.injected else push_sign(x, middle)


def push_sign(x: float, middle: float) -> Markup:
    """A tick."""
    return el("rect", x=x - 2, y=middle - TICK / 2, width=4, height=TICK, rx=1, class_="push")


def injection_sign(x: float, middle: float) -> Markup:
    """A triangle that points down."""
    top, low = middle - 6, middle + 7
    return el("path", d=f"M{x - 7:.1f} {top:.1f}H{x + 7:.1f}L{x:.1f} {low:.1f}Z", class_="push")


def _codes(
    mark: Mark, x: Place, middle: float, codes_at: tuple[float, float] | None
) -> Markup | None:
    label = code_label(mark)
    if not label:
        return None
    kind = "none" if mark.codes == ("no line",) else "doubt" if "?" in label else "code"
    if codes_at is not None:
        return el("text", label, x=codes_at[0], y=codes_at[1], text_anchor="end", class_=kind)
    behind = {"missing": 3 * GAP, "none": 2 * GAP}.get(mark.run.end, GAP)
    left = max(x(mark.stop), x(mark.start) + 3) + behind
    return el("text", label, x=left, y=middle + 4, class_=kind)
