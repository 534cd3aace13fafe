"""Facts refuse what does not fit, limits hold, messages are worded, units are counted."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from datetime import date as Date
from functools import cache
from typing import Any

import clingo
import pytest

from infucode.documents import encounter_from_data
from infucode.engine.answer import read_answer
from infucode.engine.control import ground
from infucode.engine.facts import Names, facts_of
from infucode.engine.limits import Limits, guarded
from infucode.engine.program import Program
from infucode.engine.wording import Bound, Wording
from infucode.errors import InternalError, LimitError, PolicyError, UsageError
from infucode.model.encounter import Administration, Encounter
from infucode.policy import Policy
from infucode.rulebook.vocabulary import Type

ITEM = Administration("a", "Alpha", "iv", technique="infusion", start=600, stop=700)
ENCOUNTER = Encounter("e", "facility", Date(2024, 8, 5), (ITEM,))


@cache
def policy() -> Policy:
    return Policy.load("cpcp026")


def with_item(**fields: object) -> Encounter:
    item = dataclasses.replace(ITEM, **fields)  # type: ignore[arg-type]
    return dataclasses.replace(ENCOUNTER, administrations=(item,))


@pytest.mark.parametrize(
    "fields",
    [{"start": 2**40}, {"start": -1}, {"visit": 0}, {"hcpcs": "J1\0"}, {"start": "10:00"},
     {"drug": 5, "hcpcs": 7}, {"minutes": 1.5}],
)  # fmt: skip
def test_facts_refuse_values_outside_their_type(fields: dict[str, object]) -> None:
    with pytest.raises((InternalError, AttributeError)):
        facts_of(with_item(**fields), policy().library.vocabulary)


def test_a_word_that_the_vocabulary_lacks_is_the_policys_fault() -> None:
    with pytest.raises(PolicyError, match="`sideways` is not in a closed list of `route"):
        facts_of(with_item(route="sideways"), policy().library.vocabulary)


def test_an_input_that_the_vocabulary_lacks_is_the_policys_fault() -> None:
    smaller = {k: v for k, v in policy().library.vocabulary.items() if k != ("route", 2)}
    with pytest.raises(PolicyError, match="has no input `route/2`"):
        facts_of(ENCOUNTER, smaller)


def test_ids_and_drugs_are_never_program_text() -> None:
    evil = 'x"). initial(a0). p("'
    facts = facts_of(with_item(id=evil, drug=evil), policy().library.vocabulary)
    assert not any("initial" in str(atom) for _, atom in facts.signed)
    solved = policy().solve(with_item(id=evil, drug=evil, category="therapeutic"))
    lines = solved.solution.code_sets[0].lines
    assert lines and all(line.administrations == (evil,) for line in lines)


def test_absent_fields_make_no_fact() -> None:
    names = {atom.name for _, atom in facts_of(ENCOUNTER, policy().library.vocabulary).signed}
    assert "start" in names and not names & {"stated_minutes", "bag", "segment", "category"}


# ---- the grounder ----


def test_every_message_of_clingo_is_an_error() -> None:
    for text in ("p(X+1) :- q(X). q(a).", "p(N) :- N = #sum { a,b : q }. q.", "p :- ", "p(X).",
                 "p(1/X) :- q(X). q(0)."):  # fmt: skip
        with pytest.raises(PolicyError):
            ground([text], [])


def test_an_atom_left_open_is_an_error() -> None:
    with pytest.raises(PolicyError, match="undecided"):
        ground(["p :- not q.", "q :- not p."], []).atoms()


def test_an_outcome_without_inputs_is_not_lost_in_a_batch() -> None:
    library = policy().library
    book = policy().rulebook(Date(2024, 8, 5))
    bare = dataclasses.replace(
        book.rules[0],
        clause=dataclasses.replace(
            book.rules[0].clause,
            head=dataclasses.replace(
                next(r for r in book.rules if r.clause.head.name == "ask_stay").clause.head
            ),
            body=(),
        ),
    )
    program = Program.of(dataclasses.replace(book, rules=(bare,)))
    facts = facts_of(ENCOUNTER, library.vocabulary)
    single = program.outcomes_of(program.run(facts))
    assert single and program.run_many([facts, facts]) == [single, single]


# ---- limits ----


def test_work_in_a_child_gives_its_result() -> None:
    assert guarded(lambda: {"x": [1, 2]}, Limits()) == {"x": [1, 2]}


def test_errors_of_a_child_are_the_same_errors() -> None:
    def fail() -> None:
        raise UsageError("no such thing")

    with pytest.raises(UsageError, match="no such thing"):
        guarded(fail, Limits())

    def crash() -> None:
        raise ValueError("a bug")

    with pytest.raises(InternalError, match="a bug"):
        guarded(crash, Limits())


def test_time_and_memory_are_limited() -> None:
    begin = time.perf_counter()
    with pytest.raises(LimitError, match=r"within 0\.5 seconds"):
        guarded(lambda: time.sleep(30), Limits(seconds=0.5))
    assert time.perf_counter() - begin < 25
    with pytest.raises(LimitError, match="MB of memory"):
        guarded(lambda: len(bytearray(4_000_000_000)), Limits(megabytes=1000))


def test_a_result_that_cannot_be_sent_is_no_limit() -> None:
    with pytest.raises(InternalError):
        guarded(lambda: lambda: 1, Limits())


def test_a_killed_child_is_a_limit() -> None:
    with pytest.raises(LimitError):
        guarded(lambda: os.kill(os.getpid(), 9), Limits())


def test_a_closed_stderr_does_not_matter() -> None:
    code = (
        "import os; os.close(2)\n"
        "from infucode.engine.limits import Limits, guarded\n"
        "print(guarded(lambda: 7, Limits()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "7"


# ---- words and lines ----


def test_values_are_worded_as_the_user_named_them() -> None:
    names = Names()
    own = names.symbol("administration", "a").name
    words = Wording(ENCOUNTER, names)
    assert words.value(own, Type("id", "administration")) == "Alpha 10:00"
    assert words.value(605, Type("number", "clock")) == "10:05"
    assert words.value(1445, Type("number", "clock")) == "08-06 00:05"
    assert words.value(605, Type("number", "minutes")) == "605"
    assert words.value(1, Type("number", "day")) == "2024-08-06"
    assert words.value("keep_open", None) == "keep open"
    assert words.value("~as written", None) == "as written"
    assert words.value(float("inf"), None) == "#sup"
    bound: Bound = {"M": (20, None), "A": (own, Type("id", "administration"))}
    assert words.fill("{A} ran {M}", bound) == "Alpha 10:00 ran 20"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"technique": "push"}, "Alpha 10:00 (push)"),
        ({"access": "line-2"}, "Alpha 10:00 (through line-2)"),
        ({"visit": 2}, "Alpha 10:00 (visit 2)"),
        ({}, "Alpha 10:00 (2nd of 2)"),
    ],
)
def test_two_of_one_name_show_what_tells_them_apart(changes: dict[str, Any], named: str) -> None:
    twin = dataclasses.replace(ITEM, id="b", **changes)
    both = dataclasses.replace(ENCOUNTER, administrations=(ITEM, twin))
    assert Wording(both, Names()).administration("b") == named


def line_atom(units: int) -> clingo.Symbol:
    return clingo.parse_term(f'line("cpt.x",a0,delivery,"X1",{units},0)')


def test_units_of_equal_keys_are_summed_and_must_be_positive() -> None:
    names = Names()
    names.symbol("administration", "a")
    two = [line_atom(2), clingo.parse_term('line("cpt.y",a0,delivery,"X1",3,0)')]
    (line,) = read_answer(two, names, ENCOUNTER).lines
    assert line.units == 5
    for wrong in (0, -1):
        with pytest.raises(PolicyError, match="gives"):
            read_answer([line_atom(wrong)], names, ENCOUNTER)


def test_a_document_of_every_shape_makes_facts() -> None:
    data = {"id": "x", "claim": "facility", "date": "2024-08-05",
            "administrations": [{"id": "a", "drug": "x", "route": "po"}]}  # fmt: skip
    assert facts_of(encounter_from_data(data), policy().library.vocabulary).signed
