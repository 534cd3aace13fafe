"""Code sets told once: nothing is lost, nothing said twice; what a question decides."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, Assumption, CodeSet, Line, Reason, Solution
from infucode.render.code_sets import identity_of, told_apart
from infucode.render.decides import choices_of
from infucode.render.grid import Grid, add_folded, add_grid
from infucode.render.page import Page
from infucode.render.terminal import add_solution
from infucode.render.told import Told, suppositions, telling, told_alone, told_kinds, withheld
from tests.golden.worlds import WORLDS, World
from tests.golden.worlds_told import TOLD_WORLDS, compared, many
from tests.unit.render.test_render_parts import line

BOTH = {**WORLDS, **TOLD_WORLDS}
SEVERAL = [name for name, world in BOTH.items() if len(world()[1].code_sets) > 1]


def blocks(solution: Solution) -> tuple[list[Told], list[Told]]:
    common, rest = told_apart(solution.code_sets)
    return [told_alone(entry) for entry in common], told_kinds(rest)


def in_set(sets: tuple[int, ...], number: int) -> bool:
    return not sets or number in sets


@pytest.mark.parametrize("name", SEVERAL)
def test_each_code_set_can_be_read_back(name: str) -> None:
    _, solution = BOTH[name]()
    common, differing = blocks(solution)
    for number, code_set in enumerate(solution.code_sets, 1):
        held = [
            (told, head)
            for told in (*common, *differing)
            for head, sets in told.heads
            if in_set(sets, number)
        ]
        assert Counter(identity_of(head) for _, head in held) == Counter(
            map(identity_of, code_set.lines)
        )
        mine = {id(told): told for told, _ in held}.values()
        assert {r for told in mine for r, s in told.reasons if in_set(s, number)} == {
            reason for n in code_set.lines for reason in n.because
        }
        assert {h for told in mine for h, s in told.hangs_on if in_set(s, number)} == {
            hangs for n in code_set.lines for hangs in n.hangs_on
        }


@pytest.mark.parametrize("name", SEVERAL)
def test_no_sentence_of_a_kind_is_told_twice(name: str) -> None:
    _, solution = BOTH[name]()
    for told in (*blocks(solution)[0], *blocks(solution)[1]):
        assert len({reason for reason, _ in told.reasons}) == len(told.reasons)
        assert len({hangs for hangs, _ in told.hangs_on}) == len(told.hangs_on)


def test_a_reason_of_some_sets_carries_their_numbers() -> None:
    _, differing = blocks(compared()[1])
    pushed = next(told for told in differing if told.heads[0][0].code == "96375")
    assert [(head.units, sets) for head, sets in pushed.heads] == [(3, (1,)), (2, (2, 3))]
    assert [(reason.says, sets) for reason, sets in pushed.reasons] == [
        ("Ondansetron was pushed beside ceftriaxone.", (1, 2)),
        ("Ketorolac was pushed beside ceftriaxone.", (1, 2)),
        ("Vancomycin ran 15 minutes or less.", (1,)),
        ("Ondansetron was pushed beside vancomycin.", (3,)),
        ("Ketorolac was pushed beside vancomycin.", (3,)),
    ]
    assert [sets for _, sets in pushed.hangs_on] == [(1,)]
    assert [key for key, _ in pushed.proofs] == [(0, 1), (1, 1), (2, 2)]


def test_a_line_that_came_about_in_one_way_has_one_proof() -> None:
    same = line("B", certain=False)
    sets = (CodeSet((), (same,)), CodeSet((), (same, line("A", certain=False))))
    _, rest = told_apart(sets)
    told = {block.heads[0][0].code: block for block in told_kinds(rest)}
    assert told["B"].proofs == (((0, 0), ()),)
    assert told["A"].proofs == (((1, 1), ()),)


def test_suppositions_are_told_once_by_fact() -> None:
    told = suppositions(many()[1].code_sets)
    assert len(told) == 10
    assert [a.administration for a, _ in told] == ["a1"] * 8 + ["a2"] * 2
    assert [sets for _, sets in told[-2:]] == [tuple(range(1, 17, 2)), tuple(range(2, 17, 2))]


def test_what_some_sets_withhold_carries_their_numbers() -> None:
    _, solution = compared()
    ((item, sets),) = withheld(solution.not_reported, solution.code_sets)
    assert (item.part, sets) == ("additional hours", (1, 2))
    only = CodeSet((), (), (item,))
    assert withheld((), (only,)) == [(item, ())]


def codes(lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    return [(n.code, n.units) for n in lines]


def test_a_question_about_an_only_open_fact_decides_between_its_answers() -> None:
    _, solution = compared()
    found = choices_of(solution.asks[0], solution)
    assert [(c.value, c.sets, [codes(way) for way in c.lines]) for c in found] == [
        ("12:46-13:00", (1,), [[("96375", 3)]]),
        ("13:01-14:15", (2,), [[("96367", 1)]]),
        ("14:16-14:30", (3,), [[("96365", 1), ("96366", 1)]]),
    ]


def test_what_every_set_supposes_is_told_once_and_tells_nothing_apart() -> None:
    encounter, solution = compared()
    same = Assumption("primary_reason", "a1", "a1, a2", "the key reason was ceftriaxone")
    sets = tuple(replace(s, assuming=(*s.assuming, same)) for s in solution.code_sets)
    assert telling(sets) == [["12:46-13:00", "13:01-14:15", "14:16-14:30"]]
    more = replace(solution, code_sets=sets)
    assert [c.sets for c in choices_of(solution.asks[0], more)] == [(1,), (2,), (3,)]
    rows = text_of((encounter, more), 80).splitlines()
    assert rows.count("  in every set, if the key reason was ceftriaxone") == 1
    assert "         12:46-13:00           13:01-14:15           14:16-14:30" in rows


def test_a_question_among_others_helps_to_decide() -> None:
    _, solution = many()
    (found,) = choices_of(solution.asks[1], solution)
    assert (found.value, found.sets) == ("", tuple(range(1, 17)))
    assert [codes(way) for way in found.lines] == [[("96375", 1)], [("96367", 1)]]


def test_where_its_own_lines_stay_the_others_are_looked_at() -> None:
    ask = Ask("stop", "a1", "When?", "")
    sets = tuple(
        CodeSet(
            (Assumption("stop", "a1", value, value),),
            (line("A"), line(code, item="a2", certain=False)),
        )
        for value, code in (("early", "B"), ("late", "C"))
    )
    _, solution = many()
    found = choices_of(ask, replace(solution, code_sets=sets))
    assert [[codes(way) for way in c.lines] for c in found] == [[[("B", 1)]], [[("C", 1)]]]


def test_a_question_on_which_no_set_hangs_decides_nothing() -> None:
    encounter, solution = many()
    assert choices_of(Ask("minutes", "a1", "How long?", ""), solution) == []
    one = replace(solution, code_sets=solution.code_sets[:1])
    assert choices_of(solution.asks[0], one) == []
    for text in (text_of((encounter, one), 80), text_of(BOTH["clockless"](), 80)):
        assert "decides between" not in text and "to decide" not in text
    assert "helps to decide between sets 1-16" in text_of((encounter, solution), 80)


def text_of(world: World, width: int, *, ascii_only: bool = False) -> str:
    page = Page(width, ascii_only=ascii_only)
    add_solution(page, *world)
    return "\n".join(row.plain for row in page.lines)


def test_the_outcome_stands_in_capitals_near_the_top() -> None:
    for name, said in (
        ("emergency", "CODED  7 lines, 2 not reported, 1 warning"),
        ("compared", "AMBIGUOUS  3 code sets, 1 question, 1 not reported"),
        ("clockless", "CANNOT TELL  2 questions below must be answered first, 1 not reported"),
    ):
        assert text_of(BOTH[name](), 100).splitlines()[1] == f"Outcome     {said}"


def test_the_lines_stand_above_in_short() -> None:
    rows = text_of(BOTH["emergency"](), 100).splitlines()
    assert rows[2] == "Lines       96365, 96361 ×2, 96375, 96376 ×2, 96375, 96372-59, 99284-25"
    assert text_of(compared(), 100).splitlines()[2] == (
        "Lines       96372-59, and what differs, below"
    )
    assert "96375 on 3 lines, 96376 on 27 lines" in text_of(BOTH["crowded"](), 100)


def test_the_date_of_a_line_is_said_where_it_is_not_that_of_the_encounter() -> None:
    encounter, solution = BOTH["lone"]()
    (only,) = solution.code_sets
    later = replace(only.lines[0], date=encounter.date.replace(day=6))
    moved = replace(solution, code_sets=(CodeSet((), (later,)),))
    for width in (60, 80, 100):
        assert "2024-08-06" not in text_of((encounter, solution), width)
        assert "2024-08-06" in text_of((encounter, moved), width)


def test_papers_stand_once_below_the_reasons_of_a_rule() -> None:
    encounter, solution = BOTH["lone"]()
    (only,) = solution.code_sets
    reasons = (
        Reason("r.one", "First.", "C1"),
        Reason("r.two", "Third.", ""),
        Reason("r.one", "Second.", "C1"),
        Reason("", "Fourth.", "C4"),
    )
    told = replace(only.lines[0], because=reasons)
    rows = text_of((encounter, replace(solution, code_sets=(CodeSet((), (told,)),))), 80)
    assert rows.splitlines()[-4:] == [
        "    • First.",
        "    • Second. [C1] r.one",
        "    • Third. r.two",
        "    • Fourth. [C4]",
    ]


NARROW = Grid(
    [[str(n)] for n in range(1, 11)],
    [
        (["a long name"], [["1"] if n < 3 else ["-"] for n in range(10)]),
        (["b"], [["2"] for _ in range(10)]),
    ],
    "-",
)


def rows_of(page: Page) -> list[str]:
    return [row.plain for row in page.lines]


def test_a_table_folds_into_several_and_leaves_out_empty_rows() -> None:
    page = Page(30)
    add_folded(page, NARROW, indent=0)
    rows = rows_of(page)
    assert all(Text(row).cell_len <= 30 for row in rows)
    assert rows == [
        "             1  2  3  4  5  6",
        "a long name  1  1  1  -  -  -",
        "b            2  2  2  2  2  2",
        "",
        "             7  8  9  10",
        "b            2  2  2  2",
    ]


def test_a_column_cuts_what_is_too_long_for_it() -> None:
    page = Page(40)
    add_grid(page, Grid([["set 1"]], [(["x"], [["ceftriaxone 10:10"]])], "-"), [8], indent=2)
    assert rows_of(page) == ["     set 1", "  x  ceftria…"]


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (160, "  96366  Therapeutic infusion, each additional hour                –        "),
        (80, "  96366  –                     –                     1× vancomycin 12:45"),
        (60, "  96366  –               –               1× vancomycin"),
        (40, "  96366  vancomycin 12:45        –  –  1"),
    ],
)
def test_the_table_says_as_much_as_there_is_room_for(width: int, row: str) -> None:
    assert any(found.startswith(row) for found in text_of(compared(), width).splitlines())


def test_a_stay_of_one_minute_has_no_axis() -> None:
    text = text_of(BOTH["lone"](), 80)
    assert "Timeline" not in text and "10:20" not in text
    assert "  a1  ketorolac  im injection, 10:15  96372" in text.splitlines()


def test_derived_and_missing_ends_are_drawn_apart() -> None:
    for ascii_only, derived, missing in ((False, "▒▒▒", "░░░?"), (True, "===", "~~~?")):
        rows = text_of(BOTH["ends"](), 80, ascii_only=ascii_only).splitlines()
        drawn = {row.split()[0]: row for row in rows if row.startswith("  ")}
        magnesium = next(row for row in rows if row.startswith("  magnesium "))
        vancomycin = next(row for row in rows if row.startswith("  vancomycin "))
        assert derived in magnesium and missing not in magnesium and drawn
        assert missing in vancomycin and derived not in vancomycin


@pytest.mark.parametrize(("name", "clocks"), [("crowded", 1), ("emergency", 1)])
def test_a_tall_timeline_has_its_clock_above_too(name: str, clocks: int) -> None:
    assert count_clock_rows(text_of(BOTH[name](), 160)) == clocks
    assert count_clock_rows(text_of(BOTH["crowded"](), 60)) == 2


def count_clock_rows(text: str) -> int:
    rows = [row.split() for row in text.splitlines()]
    return sum(bool(row) and all(len(t) == 5 and t[2] == ":" for t in row) for row in rows)


def test_nothing_is_drawn_for_an_empty_answer() -> None:
    encounter, solution = BOTH["lone"]()
    bare = replace(encounter, administrations=())
    assert isinstance(bare, Encounter)
    text = text_of((bare, replace(solution, code_sets=(CodeSet((), ()),))), 80)
    assert "no line to report" in text
    assert "none can be told yet" in text_of((bare, replace(solution, code_sets=())), 80)
