"""Many code sets that differ in numbers are told as one, with the numbers of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, Assumption
from infucode.render.answer_in import OF_ONE, OF_STAY, answer_in, end_unstated
from infucode.render.clock import range_words
from infucode.render.folded import Said, folded, folded_heads
from infucode.render.told import stems
from infucode.rulebook.library import load_library
from infucode.rulebook.where import policies_folder
from tests.golden.unfolding import unfolded
from tests.golden.worlds import DAY
from tests.unit.render.test_render_parts import line

HOURS = [(f"drug 11:00 adds {n} hours: {60 * n} of 60 minutes.", (n,)) for n in range(2, 6)]


def test_sentences_that_differ_in_numbers_are_one() -> None:
    (said,) = folded(HOURS)
    assert said.says == "drug 11:00 adds 2 to 5 hours: 120 to 300 of 60 minutes."
    assert said.sets == (2, 3, 4, 5)
    assert said.told == ["2: 2, 120", "3: 3, 180", "4: 4, 240", "5: 5, 300"]


def test_few_sentences_and_those_of_every_set_stay_as_they_are() -> None:
    assert folded(HOURS[:3]) == [Said(*item) for item in HOURS[:3]]
    everywhere = [(says, ()) for says, _ in HOURS]
    assert folded(everywhere) == [Said(*item) for item in everywhere]


@pytest.mark.parametrize(
    "says", ["at 11:{n}0", "on 2024-08-0{n}", "code 9636{n}A", "of 1.{n} mg", "96375-{n}"]
)
def test_clocks_dates_codes_and_amounts_are_no_numbers(says: str) -> None:
    items = [(says.format(n=n), (n,)) for n in range(1, 6)]
    assert folded(items) == [Said(*item) for item in items]


def test_other_sentences_keep_their_place() -> None:
    told = folded([("First.", (1,)), *HOURS, ("Last.", (9,))])
    assert [said.says[:5] for said in told] == ["First", "drug ", "Last."]


def test_lines_that_differ_in_units_are_one_with_the_units_of_each_set() -> None:
    heads = [(replace(line("A"), units=n), (n,)) for n in range(1, 6)]
    ((shown, sets, units),) = folded_heads(heads)
    assert (shown.units, sets) == (5, (1, 2, 3, 4, 5))
    assert units is not None and units.told == ["1: 1", "2: 2", "3: 3", "4: 4", "5: 5"]
    other = (replace(line("A", item="a2"), units=6), (6,))
    assert [u is None for _, _, u in folded_heads([*heads, other])] == [False, True]


def test_suppositions_share_their_words() -> None:
    told = [
        (Assumption("stop", "a1", value, f"x stopped at {range_words(value)}"), (n,))
        for n, value in enumerate(("11:01-11:15", "23:16-08-06T00:05"), 1)
    ]
    assert stems(told) == [
        ("x stopped at", [("11:01-11:15", (1,)), ("23:16 to 08-06 00:05", (2,))])
    ]
    assert stems(told[:1]) == [("x stopped at 11:01-11:15", [("", (1,))])]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("10:16-11:30", "10:16-11:30"),
        ("23:06-08-06T00:05", "23:06 to 08-06 00:05"),
        ("08-06T00:06-08-06T01:05", "08-06 00:06-01:05"),
        ("08-06T23:06-08-07T01:05", "08-06 23:06 to 08-07 01:05"),
        ("10:01, 08-06T00:30", "10:01, 08-06 00:30"),
        ("a1+a2", "a1+a2"),
    ],
)
def test_a_range_says_each_date_once(value: str, said: str) -> None:
    assert range_words(value) == said


def test_every_fact_that_can_be_asked_has_a_place_in_the_document() -> None:
    vocabulary = load_library(policies_folder(), "cpcp026").vocabulary
    words = {
        word
        for predicate in vocabulary.values()
        if predicate.name in ("ask", "ask_stay")
        for word in predicate.types[-1].words
    }
    assert words == OF_ONE.keys() | OF_STAY.keys()
    assert answer_in(Ask("stop", "a7", "", "")) == "`stop` of a7"
    assert answer_in(Ask("unheard_of", "a7", "", "")) == ""


def test_a_stay_without_an_end_is_named_where_it_would_leave_fewer_answers() -> None:
    ask = Ask("stop", "a1", "When?", "")
    bare = Encounter("e", "facility", DAY, ())
    assert "`ends`" in end_unstated(ask, bare)
    assert end_unstated(ask, replace(bare, ends=700)) == ""
    assert end_unstated(Ask("via", "a1", "How?", ""), bare) == ""


def test_unfolding_tells_each_set_again() -> None:
    text = "    • sets 2-3: adds 2 to 3 hours\n      of it.\n      by set  2: 2   3: 3\n      [c]"
    assert "adds 3 hours of it." in unfolded(text)
    assert "adds 3 hours of it." not in unfolded(text.replace("3: 3", "3: 4"))
