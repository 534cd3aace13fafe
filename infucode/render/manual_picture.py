"""The dependency picture of a plan: a matrix in which a row's marks are the files that it reads.

A mark left of the diagonal is a file above; one right of it is a file further down: two files
that read each other, or a place that a later layer fills.
"""

from __future__ import annotations

from collections.abc import Iterator

from infucode.render.manual_content import Dependencies, FileLink
from infucode.render.markup import Markup, el

CELL, NAMES, TOP = 12.0, 148.0, 18.0
RADIUS = 3.6


def matrix(dependencies: Dependencies) -> Markup:
    """The matrix as inline SVG, with a title for each mark."""
    files = dependencies.files
    width, height = NAMES + CELL * len(files) + 4, TOP + CELL * len(files) + 4
    return el(
        "svg",
        _bands(dependencies),
        (_row(place, file.name, len(files)) for place, file in enumerate(files)),
        (_mark(link, dependencies) for link in dependencies.links),
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        class_="matrix",
        role="img",
        aria_label="Which rule file reads which",
    )


def _bands(dependencies: Dependencies) -> Iterator[Markup]:
    """The square of each layer."""
    files, start = dependencies.files, 0
    for place, file in enumerate(files):
        if place + 1 == len(files) or files[place + 1].layer != file.layer:
            side = CELL * (place + 1 - start)
            yield el("rect", x=NAMES + CELL * start, y=TOP + CELL * start, width=side,
                     height=side, class_="band")  # fmt: skip
            start = place + 1


def _row(place: int, name: str, number: int) -> Markup:
    middle = TOP + CELL * place + CELL / 2
    across = NAMES + CELL * place + CELL / 2
    line = el("line", x1=NAMES, y1=middle, x2=NAMES + CELL * number, y2=middle, class_="grid")
    own = el("text", str(place + 1), x=across, y=middle + 3, class_="own")
    label = el("text", f"{name.removesuffix('.lp')}  {place + 1}", x=NAMES - 4, y=middle + 3.4,
               class_="name")  # fmt: skip
    head = el("text", str(place + 1), x=across, y=TOP - 6, class_="number")
    return el("g", line, own, label, head)


def _mark(link: FileLink, dependencies: Dependencies) -> Markup:
    files = dependencies.files
    across = NAMES + CELL * link.giver + CELL / 2
    middle = TOP + CELL * link.reader + CELL / 2
    told = f"{files[link.reader].name} reads {files[link.giver].name}: "
    title = el("title", told + ", ".join(link.predicates))
    kind = "reads" if link.giver < link.reader else "hook"
    return el("circle", title, cx=across, cy=middle, r=RADIUS, class_=kind)
