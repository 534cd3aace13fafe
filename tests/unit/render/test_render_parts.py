"""Timeline, code sets, proof trees, problems and JSON, one small claim each."""

from __future__ import annotations

import io
import json
from datetime import date as Date
from decimal import Decimal
from itertools import pairwise

import pytest
from rich.cells import cell_len
from rich.console import Console

from infucode.errors import DocumentError, Problem
from infucode.model.encounter import Administration, Encounter
from infucode.model.proof import Step
from infucode.model.solution import CodeSet, Line, PolicyRef, Reason, Solution
from infucode.render.axis import STEPS, scale_of
from infucode.render.code_sets import told_apart
from infucode.render.errors_view import render_problems
from infucode.render.json_view import dumps, solution_to_json, step_to_json
from infucode.render.lanes import earned_codes, lanes_of
from infucode.render.page import Page
from infucode.render.proof_tree import add_proof
from infucode.render.run import Run, run_of
from infucode.render.words import outcome_words

DAY = Date(2024, 8, 5)


def given(**fields: object) -> Administration:
    plain: dict[str, object] = {"id": "a1", "drug": "x", "route": "iv", "technique": "infusion"}
    return Administration(**{**plain, **fields})  # type: ignore[arg-type]


def encounter(*items: Administration, ends: int | None = None) -> Encounter:
    return Encounter("e", "facility", DAY, items, ends=ends)


def line(code: str, *, says: str = "so", certain: bool = True, item: str = "a1") -> Line:
    because = (Reason("r", says, "c"),)
    return Line(code, code, 1, (), DAY, 1, None, (item,), (), None, certain, because, ())


def solution(*code_sets: CodeSet, outcome: str = "coded") -> Solution:
    policy = PolicyRef("p", "Plan", "1.0", DAY, "sha256:0")
    return Solution("e", policy, outcome, code_sets, (), (), ())


@pytest.mark.parametrize(
    ("item", "ends", "expected"),
    [
        (given(start=600, stop=640), None, Run(((600, 640),), "stated")),
        (given(segments=((1, 2), (5, 9))), None, Run(((1, 2), (5, 9)), "stated")),
        (given(start=600, minutes=20), None, Run(((600, 620),), "derived")),
        (
            given(start=600, rate_ml_per_hour=Decimal(125), volume_ml=Decimal(250)),
            None,
            Run(((600, 720),), "derived"),
        ),
        (given(start=610), None, Run(((610, 660),), "missing")),
        (given(start=600), None, Run(((600, 660),), "missing")),
        (given(start=610), 900, Run(((610, 900),), "missing")),
        (given(start=610), 300, Run(((610, 660),), "missing")),
        (given(start=610, technique="push"), None, Run(((610, 610),), "none")),
        (given(minutes=40), None, None),
        (given(stop=640), None, None),
    ],
)
def test_what_is_drawn(item: Administration, ends: int | None, expected: Run | None) -> None:
    assert run_of(item, encounter(item, ends=ends)) == expected


def test_lanes_follow_access_and_injections_come_last() -> None:
    items = (
        given(id="a1", route="im", technique="injection", start=600),
        given(id="a2", start=600, access="line-2"),
        given(id="a3", start=500),
        given(id="a4", minutes=5),
    )
    lanes, clockless = lanes_of(encounter(*items), solution())
    assert [lane.title for lane in lanes] == ["line-2", "line-1", "Injections and other routes"]
    assert [item.id for item in clockless] == ["a4"]


def test_a_code_not_in_every_set_is_doubtful() -> None:
    sets = CodeSet((), (line("A"), line("B", certain=False))), CodeSet((), (line("A"),))
    assert earned_codes(solution(*sets)) == {"a1": ("A", "B?")}
    assert earned_codes(solution(sets[0])) == {"a1": ("A", "B")}


def test_a_certain_line_that_another_drug_may_earn_is_doubtful() -> None:
    sets = CodeSet((), (line("A"),)), CodeSet((), (line("A", item="a2"),))
    assert earned_codes(solution(*sets)) == {"a1": ("A?",), "a2": ("A?",)}


@pytest.mark.parametrize("columns", [16, 40, 120])
@pytest.mark.parametrize("length", [0, 1, 59, 600, 7000, 62 * 24 * 60])
def test_ticks_have_room(columns: int, length: int) -> None:
    scale = scale_of(605, 605 + length, columns)
    assert scale.low <= 605 and scale.high >= 605 + length
    ticks = [scale.column(tick) for tick in scale.ticks]
    assert all(later - sooner >= 6 for sooner, later in pairwise(ticks))
    assert scale.column(scale.high) == columns - 1
    assert scale.step in STEPS or scale.step >= STEPS[-1]


def test_common_lines_are_told_once_with_all_their_reasons() -> None:
    first = CodeSet((), (line("A", says="one"), line("B", certain=False)))
    second = CodeSet((), (line("C", certain=False), line("A", says="two")))
    common, rest = told_apart((first, second))
    assert [entry.line.code for entry in common] == ["A"]
    assert [(reason.says, sets) for reason, sets in common[0].reasons] == [
        ("one", (1,)),
        ("two", (2,)),
    ]
    assert [[entry.line.code for entry in lines] for lines in rest] == [["B"], ["C"]]
    assert rest[1][0].key == (1, 0)


def test_equal_lines_are_not_drawn_together() -> None:
    common, rest = told_apart((CodeSet((), (line("A"), line("A"))), CodeSet((), (line("A"),))))
    assert len(common) == 1
    assert [len(lines) for lines in rest] == [1, 0]


def test_one_set_has_nothing_in_common() -> None:
    common, rest = told_apart((CodeSet((), (line("A"),)),))
    assert not common
    assert [entry.line.code for entry in rest[0]] == ["A"]


def test_outcomes_in_words() -> None:
    empty = CodeSet((), ())
    assert outcome_words(solution(empty)) == "coded"
    assert outcome_words(solution(empty, empty, outcome="ambiguous")) == "ambiguous: 2 code sets"
    assert outcome_words(solution(outcome="blocked")) == "cannot tell"


def deep(depth: int) -> Step:
    step = Step("fact", "bottom")
    for level in range(depth):
        step = Step("rule", f"level {level}", children=(step, Step("absent", "nothing else")))
    return step


@pytest.mark.parametrize("width", [40, 80])
def test_deep_proofs_stay_readable(width: int) -> None:
    page = Page(width)
    add_proof(page, deep(5000))
    assert max(cell_len(line.plain) for line in page.lines) <= width
    assert any("bottom" in line.plain for line in page.lines)
    assert sum("nothing else" in line.plain for line in page.lines) == 5000


def test_deep_proofs_become_json() -> None:
    assert json.loads(dumps(step_to_json(deep(200))))["children"][0]["kind"] == "rule"


def test_json_names_every_field_of_the_contract() -> None:
    made = solution_to_json(solution(CodeSet((), (line("A"),))))
    assert list(made) == [
        "schema", "encounter", "policy", "outcome", "code_sets", "not_reported", "asks",
        "warnings",
    ]  # fmt: skip
    assert list(made["code_sets"][0]["lines"][0]) == [
        "code", "label", "units", "modifiers", "date", "visit", "access", "administrations",
        "services", "charge", "certain", "because", "hangs_on",
    ]  # fmt: skip
    assert (
        "proof"
        in solution_to_json(solution(CodeSet((), (line("A"),))), proofs={})["code_sets"][0][
            "lines"
        ][0]
    )


def test_json_is_readable_safe_and_ends_its_line() -> None:
    text = dumps({"b": "é生\ud800\x9b\u202e\x07", "a": [1]}, compact=True)
    assert text == '{"b":"é生\\ud800\\u009b\\u202e\\u0007","a":[1]}\n'
    assert json.loads(text)["b"] == "é生\ud800\x9b\u202e\x07"


@pytest.mark.parametrize(
    ("source", "column", "pointed"),
    [
        ("stop: x", 7, "x"),
        ("\t\tstop: x", 9, "x"),
        ("生理: x", 5, "x"),
        ("a\x1bb x", 5, "x"),
        ("y" * 300 + "x" + "y" * 300, 301, "x"),
        ("short", 99, ""),
    ],
)
def test_the_caret_points_at_its_column(source: str, column: int, pointed: str) -> None:
    out = io.StringIO()
    error = DocumentError([Problem("f", 3, column, "wrong", source=source)])
    render_problems(error, Console(file=out, width=60))
    shown, caret = out.getvalue().splitlines()[1:3]
    assert max(cell_len(shown), cell_len(caret)) <= 60
    at = cell_len(caret[: caret.index("^")])
    position = next(i for i in range(len(shown) + 1) if cell_len(shown[:i]) == at)
    assert shown[position : position + 1] == pointed
