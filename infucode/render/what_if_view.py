"""The answer to a what-if and to a sweep, as a person reads it and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Solution, claimed
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.words import counted

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Stretched = tuple[str, str, int, Solution | None, str]
"""First and last value, how many, the answer, and why there is none."""


def said(solution: Solution) -> list[str]:
    """Each code set of an answer in a line; what cannot be told is said."""
    sets = [_said(code_set) for code_set in solution.code_sets]
    several = len(sets) > 1
    lines = [f"set {n}: {one}" if several else one for n, one in enumerate(sets, 1)]
    return [*lines, "cannot be told in full"] if solution.outcome == "blocked" else lines


def _said(code_set: CodeSet) -> str:
    lines = [
        "-".join((line.code, *line.modifiers)) + (f" x{line.units}" if line.units > 1 else "")
        for line in code_set.lines
    ]
    return " + ".join(lines) or "no line"


def render_what_if(
    encounter: Encounter,
    changes: Sequence[str],
    before: Solution,
    after: Solution,
    *,
    console: Console,
    ascii_only: bool = False,
) -> None:
    """Prints the answer as documented and as it would be."""
    page = Page.on(console, ascii_only=ascii_only)
    page.para(Text(page.data(encounter.id)), lead=Text("Encounter  ", style=DIM))
    for change in changes:
        page.para(Text(page.data(change), style=CODE), lead=Text("What if    ", style=DIM))
    page.blank()
    for name, solution in (("as documented  ", before), ("what if        ", after)):
        lead = Text(name, style=STRONG)
        for line in said(solution):
            page.para(Text(page.data(line)), lead=lead)
            lead = Text(" " * len(name))
    page.blank()
    same = claimed(before) == claimed(after)
    page.para(Text("Nothing changes." if same else "The answer changes.",
                   style=DIM if same else DOUBT))  # fmt: skip
    page.para(Text("Only what the record holds may be coded; this is a question.", style=DIM))
    page.print(console)


def render_sweep(
    encounter: Encounter,
    field: str,
    stretches: Sequence[Stretched],
    *,
    console: Console,
    ascii_only: bool = False,
) -> None:
    """Prints the stretches of equal answers as a strip and as a table."""
    page = Page.on(console, ascii_only=ascii_only)
    page.para(Text(page.data(encounter.id)), lead=Text("Encounter  ", style=DIM))
    total = sum(stretch[2] for stretch in stretches)
    number = counted(len(stretches), "stretch", "stretches")
    swept = f"{field}: {counted(total, 'value')}, {number}"
    page.para(Text(page.data(swept), style=CODE), lead=Text("Swept      ", style=DIM))
    page.blank()
    letters = _letters(stretches)
    page.row(Text(page.data(_strip(stretches, letters, page.width - 1))))
    page.blank()
    width = max(len(_range(stretch)) for stretch in stretches)
    for stretch, letter in zip(stretches, letters, strict=True):
        lead = Text(f"{letter}  {_range(stretch):<{width}}  ", style=CODE)
        solution = stretch[3]
        lines = said(solution) if solution is not None else [f"refused: {stretch[4]}"]
        for line in lines:
            page.para(Text(page.data(line)), lead=lead)
            lead = Text(" " * (width + 5))
    page.print(console)


def _letters(stretches: Sequence[Stretched]) -> list[str]:
    """Equal answers have equal letters."""
    known: dict[str, str] = {}
    found = []
    for _, _, _, solution, refused in stretches:
        key = repr(claimed(solution)) if solution is not None else f"refused {refused}"
        found.append(known.setdefault(key, LETTERS[len(known) % len(LETTERS)]))
    return found


def _strip(stretches: Sequence[Stretched], letters: Sequence[str], width: int) -> str:
    """One character for so many values; every stretch has at least one."""
    total = sum(stretch[2] for stretch in stretches)
    share = min(1.0, max(1, min(width, 80) - len(stretches)) / max(1, total))
    return "".join(
        letter * max(1, round(stretch[2] * share))
        for stretch, letter in zip(stretches, letters, strict=True)
    )[:width]


def _range(stretch: Stretched) -> str:
    first, last = stretch[:2]
    return first if first == last else f"{first}-{last}"


def what_if_to_json(
    changes: Sequence[str], before: Any, after: Any, *, same: bool
) -> dict[str, Any]:
    """Both answers as plain data."""
    return {"what_if": list(changes), "changed": not same, "before": before, "after": after}


def sweep_to_json(field: str, stretches: Sequence[Stretched], answers: Sequence[Any]) -> Any:
    """The stretches as plain data; `answers` are theirs, None where a value is refused."""
    return {
        "sweep": field,
        "stretches": [
            {"first": first, "last": last, "values": number, "refused": refused or None,
             "answer": answer}
            for (first, last, number, _, refused), answer in zip(stretches, answers, strict=True)
        ],
    }  # fmt: skip
