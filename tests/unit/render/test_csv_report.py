"""The table: one row for each thing, readable by any reader of RFC 4180, and harmless."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings

from infucode.render.csv_rows import FORMULA, safe_cell
from infucode.render.csv_view import COLUMNS, csv_report
from infucode.render.report import Answer, Background, Refusal, Result
from infucode.render.shown import shown
from tests.golden.test_render_everything import squeezed, worlds
from tests.golden.worlds import WORLDS, World

Row = dict[str, str]


def rows_of(*results: Result) -> list[Row]:
    text = csv_report(results)
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def check_counts(world: World) -> list[Row]:
    """As many rows of each kind as the answer has things."""
    _, solution = world
    rows = rows_of(Answer("f.yaml", *world))
    sets = solution.code_sets
    kinds = {
        "line": sum(len(s.lines) for s in sets),
        "not reported": len(solution.not_reported) + sum(len(s.not_reported) for s in sets),
        "question": len(solution.asks),
        "warning": len(solution.warnings),
    }
    found = {kind: sum(row["kind"] == kind for row in rows) for kind in kinds}
    assert found == kinds
    assert len(rows) == max(1, sum(kinds.values()))
    return rows


@pytest.mark.parametrize("name", WORLDS)
def test_there_is_a_row_for_each_thing(name: str) -> None:
    check_counts(WORLDS[name]())


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_any_answer_is_a_whole_table(world: World) -> None:
    rows = check_counts(world)
    _, solution = world
    told = [squeezed(row["reason"]) for row in rows]
    says = [item.says for item in solution.not_reported]
    says += [warned.says for warned in solution.warnings]
    for wanted in [*says, *(ask.says for ask in solution.asks)]:
        assert any(squeezed(shown(wanted)) in reason for reason in told)
    assert all(set(row) == set(COLUMNS) for row in rows)
    assert not [v for row in rows for v in row.values() if v.strip() and v[0] in FORMULA]


def test_a_line_tells_what_an_auditor_needs() -> None:
    background = Background({}, {"cpt.rule-96376": ("S1", "P2")})
    encounter, solution = WORLDS["emergency"]()
    row = rows_of(Answer("visit.yaml", encounter, solution, None, background))[3]
    assert {name: value for name, value in row.items() if value} == {
        "encounter": "enc-0001", "file": "visit.yaml", "plan": "cpcp026", "plan_version": "1.0",
        "as_of": "2024-08-05", "outcome": "coded", "code_set": "1", "kind": "line",
        "code": "96376", "label": "Push, same drug again, facility only", "units": "2",
        "date": "2024-08-05", "visit": "1", "access": "line-1",
        "administrations": "ondansetron 11:00 (a4); ondansetron 11:40 (a5)", "certain": "yes",
        "rules": "cpt.rule-96376", "citations": "CPT 2024, infusion guidelines",
        "clauses": "S1; P2",
        "reason": "Ondansetron was pushed again at 11:00 and 11:40, 55 and 40 minutes later; "
        "more than 30 are needed.",
        "hangs_on": "same_drug_gap = over_30 (the source is silent); "
        "at_least_30 would change this line",
        "rulebook": "sha256:" + "0" * 64,
    }  # fmt: skip


def test_each_code_set_is_whole_and_says_what_it_supposes() -> None:
    rows = rows_of(Answer("f", *WORLDS["ambiguous"]()))
    second = [row for row in rows if row["code_set"] == "2"]
    assert [row["code"] for row in second] == ["96365", "96375", "96367", ""]
    assert {row["assumption"] for row in second} == {
        "vancomycin stopped between 11:31 and 12:15"
    }
    assert second[-1]["kind"] == "not reported" and second[-1]["part"] == "15 minutes"
    assert rows[0]["overridden"] == "missing_stop=ask; tie_break=longest"
    assert rows[-1]["kind"] == "question" and "10:05" not in rows[-1]["reason"]
    assert rows[-1]["administrations"] == "vancomycin 11:15-?, no stop (a2)"


@pytest.mark.parametrize(("data", "cell"), [
    ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
    ("+1", "'+1"),
    ("-1", "'-1"),
    ("@x", "'@x"),
    ("  =x", "'  =x"),
    ("\uff1dx", "'\uff1dx"),
    ("\t=x", "\\t=x"),
    ("a=b", "a=b"),
    ("96365", "96365"),
    ("", ""),
    ("line\r\nbreak\x00\ud800", "line\\r\\nbreak\\x00\\ud800"),
])
def test_a_cell_is_never_a_formula(data: str, cell: str) -> None:
    assert safe_cell(data) == cell


def test_free_text_is_quoted_and_stays_in_its_cell() -> None:
    encounter, solution = WORLDS["clockless"]()
    items = tuple(replace(a, drug='=cmd|" /c",\n') for a in encounter.administrations)
    world = (replace(encounter, id="-1+1", administrations=items), solution)
    text = csv_report([Answer("f", *world)])
    assert text.count("\r\n") == text.count("\n") == len(rows_of(Answer("f", *world))) + 1
    row = rows_of(Answer("f", *world))[0]
    assert row["encounter"] == "'-1+1"
    assert row["administrations"].startswith("'=cmd|\" /c\",\\n")


def test_no_file_is_passed_over() -> None:
    encounter, solution = WORLDS["emergency"]()
    empty = replace(solution, code_sets=(), not_reported=(), warnings=())
    rows = rows_of(Answer("a", encounter, empty), Refusal("b", 5, ("=x", "y")))
    assert [(row["file"], row["kind"]) for row in rows] == [("a", "nothing"), ("b", "refused")]
    assert rows[1]["reason"] == "'=x | y"
