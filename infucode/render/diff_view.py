"""What `diff` found, as a person reads it and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from infucode.model.proving import Asked, Disagreement, Side
from infucode.render.page import CODE, DIM, STRONG, Page
from infucode.render.proving_view import INDENT, add_asked, add_encounter, asked_to_json
from infucode.render.words import counted

ALONE = "alone"


def render_disagreements(
    asked: Asked,
    found: Sequence[Disagreement],
    *,
    console: Console,
    ascii_only: bool = False,
) -> None:
    """Prints each kind of disagreement with its smallest encounter, side by side."""
    page = Page.on(console, ascii_only=ascii_only)
    add_asked(page, asked)
    page.blank()
    if not found:
        upto = counted(max((size for size, _ in asked.sizes), default=0), "service")
        said = f"No difference in any encounter of up to {upto} of this space."
        page.para(Text(page.data(said), style=STRONG))
    for number, one in enumerate(found, 1):
        note = f"{one.differing.value}; {counted(one.number, 'encounter')} of this space"
        page.heading(
            page.data(f"{number}. {rules_words(one.one)} against {rules_words(one.other)}"), note
        )
        add_encounter(page, one.encounter, (one.administration,))
        for name, side in (("A", one.one), ("B", one.other)):
            _add_side(page, name, one.administration, side)
    page.print(console)


def _add_side(page: Page, name: str, administration: str, side: Side) -> None:
    lead = Text(f"{name}  ", style=CODE)
    rules = f"[{rules_words(side)}]"
    text = Text.assemble(
        page.data(f"{administration}: {earned_words(side)}  "), (page.data(rules), DIM)
    )
    page.para(text, indent=INDENT, lead=lead)


def earned_words(side: Side) -> str:
    """What a side reports, in a line."""
    earned = " + ".join(_line(*line) for line in side.earned)
    if side.untold:
        return f"cannot be told in full, {earned}" if earned else "cannot be told"
    return earned or "nothing"


def _line(code: str, units: int, marks: tuple[str, ...]) -> str:
    said = "-".join((code, *(mark for mark in marks if mark != ALONE)))
    said += f" x{units}" if units > 1 else ""
    return said + (" on a line of its own" if ALONE in marks else "")


def rules_words(side: Side) -> str:
    """The rules that decided."""
    return ", ".join(side.rules) or "no rule"


def disagreements_to_json(
    asked: Asked, found: Sequence[Disagreement], documents: Sequence[Any]
) -> Any:
    """The same as plain data; `documents` are the encounters as documents, in their order."""
    return {
        **asked_to_json(asked),
        "disagreements": [
            {
                "services": one.services,
                "administration": one.administration,
                "differing": one.differing.name,
                "encounters": one.number,
                "sides": [side_to_json(one.one), side_to_json(one.other)],
                "encounter": document,
            }
            for one, document in zip(found, documents, strict=True)
        ],
    }


def side_to_json(side: Side) -> dict[str, Any]:
    """A side as plain data."""
    return {
        "lines": [
            {"code": code, "units": units, "marks": list(marks)}
            for code, units, marks in side.earned
        ],
        "cannot_tell": side.untold,
        "rules": list(side.rules),
    }
