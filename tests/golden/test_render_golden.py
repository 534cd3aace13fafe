"""The text that a person sees, held as files.

Run with ``INFUCODE_UPDATE_GOLDEN=1`` to write the files anew, then read the difference.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from datetime import date as Date
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from infucode.errors import DocumentError, Problem
from infucode.render.errors_view import render_problems
from infucode.render.json_view import dumps, solution_to_json
from infucode.render.proof_tree import render_proof
from infucode.render.rules_view import (
    RuleDetail,
    RuleRow,
    Setting,
    render_rule,
    render_rule_list,
)
from infucode.render.terminal import render_solution
from tests.golden.trees import deep_proof, proof
from tests.golden.worlds import WORLDS
from tests.golden.worlds_told import TOLD_WORLDS

EXPECTED = Path(__file__).parent / "expected"
UPDATE = os.environ.get("INFUCODE_UPDATE_GOLDEN") == "1"
WIDTHS = (60, 80, 160)

ALL_WORLDS = {**WORLDS, **TOLD_WORLDS}

Print = Callable[[Console, bool], None]


def printed(
    print_it: Print, width: int, *, ascii_only: bool = False, colour: bool = False
) -> str:
    """What is written to a console of this width that is not a terminal."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, legacy_windows=False, no_color=not colour,
        color_system="standard" if colour else None, _environ={},
    )  # fmt: skip
    print_it(console, ascii_only)
    return out.getvalue()


def check(name: str, actual: str) -> None:
    """Compares with the file of this name, or writes it."""
    path = EXPECTED / name
    if UPDATE:
        path.write_bytes(actual.encode())
    assert path.exists(), f"no golden file {name}; run with INFUCODE_UPDATE_GOLDEN=1"
    assert path.read_bytes().decode() == actual


def solution_printer(world: str, *, explained: bool = False) -> Print:
    def print_it(console: Console, ascii_only: bool) -> None:
        encounter, solution = ALL_WORLDS[world]()
        proofs = {(0, 0): proof()} if explained else None
        render_solution(
            encounter, solution, console=console, proofs=proofs, ascii_only=ascii_only
        )

    return print_it


def print_problems(console: Console, ascii_only: bool) -> None:
    long = '{"生理食塩水": "' + "x" * 110 + '", "drugg": 1, "note": "' + "y" * 60 + '"}'
    problems = [
        Problem("enc.yaml", 12, 14, "`stop` 09:10 lies before `start` 10:00",
                "write the date if it is on the next day: 2024-08-06T09:10", '\t  stop: "09:10"'),
        Problem("bad[/x].ndjson", 1, long.index("drugg"), "unknown key `drugg`",
                "did you mean `drug`?", long),
        Problem("点滴.yaml", 3, 6, "`[red]生理` is not a route", "", "生理食塩: x\x1b[31m"),
        Problem("empty.json", 0, 0, "the file is empty"),
    ]  # fmt: skip
    render_problems(DocumentError(problems), console, ascii_only=ascii_only)


def print_rules(console: Console, ascii_only: bool) -> None:
    rows = [
        RuleRow("cpt.hydration-minimum", "Half an hour or less is not reported.", "cpt", "96360"),
        RuleRow("cpt.initial-infusion", "One initial infusion is reported for each access and "
                "encounter, whatever the order in which the drugs were given.", "cpt", "guide"),
        RuleRow("cpcp026.[/x]", "[red]A rule of the plan.", "cpcp026", ""),
    ]  # fmt: skip
    render_rule_list(rows, console, ascii_only=ascii_only)


def print_rule(console: Console, ascii_only: bool) -> None:
    body = (
        'withheld("cpt.hydration-minimum", A, minutes(M, L)) :-\n\thydration(A),\n    M <= L.\n'
    )
    detail = RuleDetail(
        "cpt.hydration-minimum",
        "Half an hour of hydration or less is not reported.",
        says="{A} ran {M} minutes that count; hydration needs more than {L}.",
        cite="cpt-2024 96360",
        source_title="A guideline",
        source_url="https://example.org/guideline",
        place="policies/cpt/hydration.lp:14",
        body=body,
        from_date=Date(2009, 1, 1),
        beats=("cpt.a",),
        beaten_by=("cpcp026.b", "cpcp026.c"),
        readings=(Setting("partial_overlap", "majority", "stand_in"),),
        values=(Setting("hydration_minimum", "31", "stated", "CPCP026, page 4"),),
    )
    render_rule(detail, console, ascii_only=ascii_only)


PRINTERS: dict[str, Print] = {
    **{name: solution_printer(name) for name in ALL_WORLDS},
    "explained": solution_printer("emergency", explained=True),
    "proof": lambda console, plain: render_proof(proof(), console, ascii_only=plain),
    "deep-proof": lambda console, plain: render_proof(deep_proof(40), console, ascii_only=plain),
    "problems": print_problems,
    "rules": print_rules,
    "rule": print_rule,
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PRINTERS)
def test_text_is_as_expected(name: str, width: int) -> None:
    check(f"{name}-{width}.txt", printed(PRINTERS[name], width))


@pytest.mark.parametrize("name", PRINTERS)
def test_ascii_text_is_as_expected(name: str) -> None:
    text = printed(PRINTERS[name], 80, ascii_only=True)
    assert text.isascii()
    check(f"{name}-80-ascii.txt", text)


@pytest.mark.parametrize("name", ["ambiguous", "compared", "ends"])
def test_coloured_text_is_as_expected(name: str) -> None:
    text = printed(solution_printer(name, explained=name == "ambiguous"), 80, colour=True)
    check(f"{name}-80-colour.txt", text)


@pytest.mark.parametrize("name", PRINTERS)
def test_colour_changes_no_character(name: str) -> None:
    coloured = printed(PRINTERS[name], 80, colour=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == printed(PRINTERS[name], 80)


@pytest.mark.parametrize("name", PRINTERS)
def test_no_line_is_wider_than_the_window(name: str) -> None:
    for width in (20, 30, 40, 59, 69, 70, 100, 132, 200):
        lines = printed(PRINTERS[name], width).splitlines()
        assert max(cell_len(line) for line in lines) <= width, width


@pytest.mark.parametrize("name", WORLDS)
def test_json_is_as_expected(name: str) -> None:
    _, solution = WORLDS[name]()
    check(f"{name}.json", dumps(solution_to_json(solution)))


def test_json_with_proofs_is_as_expected() -> None:
    _, solution = WORLDS["emergency"]()
    check("explained.json", dumps(solution_to_json(solution, proofs={(0, 0): proof()})))
