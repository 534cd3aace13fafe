"""Dropped conditions that change no answer: what is shown, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.workbench.equivalent import ASKED_AGAIN, IMPLIED, Equivalents
from infucode.workbench.lint.subject import Subject
from infucode.workbench.mutants import mutants
from infucode.workbench.mutating import every_mutant, shown_equivalent
from infucode.workbench.plans import Plans
from tests.unit.workbench.small import SHIPPED, small_folder

HEADER = """\
% Lines.

%@ id: small.line
%@ cite: infucode small
%@ text: A run by vein has a line.
%@ says: {Administration} has a line.
"""
END = 'line("small.line", Administration, delivery, "96365", 1, 0) :- '
GIVEN = "administration(Administration)"


def shown(folder: Path, body: str) -> dict[str, str]:
    """How it is shown, by change, of every mutant of some rules."""
    made = small_folder(folder, HEADER + body)
    library = Plans(made).policy("cpcp026").library
    subject = Subject(made, (library,), ())
    equivalents = Equivalents(subject)
    own = [m for m in mutants([library]) if m.rule.startswith("small.")]
    assert own
    return {f"{m.key.split(' ', 1)[1]}": why for m in own if (why := equivalents.why(m))}


def test_what_the_only_reader_asks_again(tmp_path: Path) -> None:
    body = f"""\
long(Administration) :- {GIVEN}, route(Administration, iv), stated_minutes(Administration, _).
{END}long(Administration), route(Administration, iv).
"""
    assert shown(tmp_path, body) == {
        "long/1: drop route(Administration,iv)": ASKED_AGAIN,
        "line/6: drop route(Administration,iv)": IMPLIED,
    }


@pytest.mark.parametrize(
    "reader",
    [
        "long(Administration).",
        "long(Administration), route(Administration, im).",
        "long(Administration), route(Other, iv), administration(Other).",
        "route(Administration, iv), 1 <= #count { Other : long(Other) }.",
        "long(Administration), route(Administration, iv).\n"
        f"{END}{GIVEN}, not long(Administration).",
    ],
    ids=["not-asked", "another-word", "of-another", "counted", "one-of-two"],
)
def test_a_reader_that_does_not_ask_of_the_same(tmp_path: Path, reader: str) -> None:
    body = f"long(Administration) :- {GIVEN}, route(Administration, iv).\n{END}{reader}\n"
    assert "long/1: drop route(Administration,iv)" not in shown(tmp_path, body)


@pytest.mark.parametrize(
    "reader",
    [
        "not long(Administration), route(Administration, iv).",
        "route(Administration, iv), 1 <= #count { 1 : long(Administration) }.",
        "by_vein(Administration), long(Administration).\n"
        "by_vein(Administration) :- route(Administration, iv).",
        "longer(Administration), route(Administration, iv).\n"
        "longer(Administration) :- long(Administration), not attended(Administration, no).",
    ],
    ids=["negated", "counted", "by-definition", "reader-of-a-reader"],
)
def test_a_reader_that_does(tmp_path: Path, reader: str) -> None:
    body = f"long(Administration) :- {GIVEN}, route(Administration, iv).\n{END}{reader}\n"
    assert "long/1: drop route(Administration,iv)" in shown(tmp_path, body)


def test_what_ties_a_condition_to_the_rest_is_not_left_open(tmp_path: Path) -> None:
    """A reader that asks for some route says nothing of the one that the drug has here."""
    body = f"""\
long(Administration) :- {GIVEN}, route(Administration, Route), usual(Route).
usual(iv).
{END}long(Administration), route(Administration, _).
"""
    assert not {key for key in shown(tmp_path, body) if key.startswith("long/1: drop route")}


def test_shipped_ones_change_no_answer_of_a_case() -> None:
    """The whole run of mutants holds them against every case; here that there are some."""
    plans = Plans(SHIPPED)
    found = shown_equivalent(every_mutant(plans, tables=False), plans)
    assert found["claim.found found_against/1: drop judged(Line)"] == ASKED_AGAIN
    assert found["cpt.before listed_after/2: drop counts(Administration)"] == ASKED_AGAIN


