"""Nothing of a solution is lost on the way to the screen, whatever the width."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from infucode.model.encounter import Administration, Encounter
from infucode.model.solution import (
    Ask,
    Assumption,
    CodeSet,
    Line,
    NotReported,
    PolicyRef,
    Reason,
    Solution,
    Warned,
)
from infucode.render.shown import shown
from infucode.render.terminal import render_solution
from tests.golden.test_render_golden import printed
from tests.golden.unfolding import unfolded
from tests.golden.worlds import DAY, WORLDS, World
from tests.golden.worlds_told import TOLD_WORLDS

WORDS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="[]/abc \x1b\x07\n\t\u202e\\", max_size=30),
    st.text(alphabet="生理食塩💉👩\u200d⚕\ufe0fe\u0301 ", max_size=120),
    st.sampled_from(["[/x]", "[red]boo", "ä" * 500, "two words", "😀" * 90, "\ud800"]),
)
ALL_WORLDS = {**WORLDS, **TOLD_WORLDS}
IDS = tuple(f"a{n}" for n in range(8))
CODES = st.sampled_from(["96365", "96366", "96375", "J1745"])


def squeezed(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def texts_of(encounter: Encounter, solution: Solution) -> Iterable[str]:
    """Every text of the answer that a person must be able to read."""
    yield from (encounter.id, solution.policy.title)
    yield from (item.drug for item in encounter.administrations)
    for code_set in solution.code_sets:
        yield from (assumption.says for assumption in code_set.assuming)
        yield from (text for item in code_set.not_reported for text in (item.says, item.cite))
        for line in code_set.lines:
            yield from (line.code, line.label, *line.modifiers)
            yield from (text for r in line.because for text in (r.says, r.cite, r.rule))
            yield from (h.switch for h in line.hangs_on)
    yield from (text for item in solution.not_reported for text in (item.says, item.cite))
    yield from (text for ask in solution.asks for text in (ask.says, ask.matters_because))
    yield from (text for warned in solution.warnings for text in (warned.says, warned.cite))


def check(world: World, width: int, *, ascii_only: bool = False) -> None:
    encounter, solution = world
    text = printed(
        lambda console, plain: render_solution(
            encounter, solution, console=console, ascii_only=plain
        ),
        width,
        ascii_only=ascii_only,
    )
    for line in text.splitlines():
        assert cell_len(line) <= width
    found = squeezed(unfolded(text))
    for wanted in texts_of(encounter, solution):
        assert squeezed(shown(wanted, ascii_only=ascii_only)) in found


@pytest.mark.parametrize("name", ALL_WORLDS)
@pytest.mark.parametrize("width", [*range(40, 201, 8), 61, 79, 119])
def test_every_text_is_there(name: str, width: int) -> None:
    check(ALL_WORLDS[name](), width)


@st.composite
def administrations(draw: st.DrawFn, id: str) -> Administration:
    start = draw(st.none() | st.integers(0, 4000))
    stop = None if start is None else draw(st.none() | st.integers(start, start + 3000))
    return Administration(
        id=id,
        drug=draw(WORDS),
        route=draw(st.sampled_from(["iv", "ia", "im", "sc", "po"])),
        technique=draw(st.sampled_from(["infusion", "push", "injection", None])),
        start=start,
        stop=stop,
        minutes=draw(st.none() | st.integers(0, 10**9)),
        access=draw(st.sampled_from(["line-1", "line-2", "[x]"])),
        visit=draw(st.integers(1, 2)),
    )


REASONS = st.builds(Reason, rule=WORDS, says=WORDS, cite=WORDS)
LINES = st.builds(
    Line,
    code=CODES | WORDS,
    label=WORDS,
    units=st.integers(1, 10**6),
    modifiers=st.lists(st.sampled_from(["59", "JW"]), max_size=2).map(tuple),
    date=st.just(DAY),
    visit=st.integers(1, 2),
    access=st.none() | st.just("line-1"),
    administrations=st.lists(st.sampled_from(IDS), max_size=3, unique=True).map(tuple),
    services=st.just(()),
    charge=st.none(),
    certain=st.booleans(),
    because=st.lists(REASONS, max_size=2).map(tuple),
    hangs_on=st.just(()),
)
WITHHELD = st.builds(
    NotReported,
    administration=st.none() | st.sampled_from(IDS),
    service=st.none(),
    part=st.sampled_from(["all", "40 minutes", "drug"]),
    rule=WORDS,
    says=WORDS,
    cite=WORDS,
)
ASSUMPTIONS = st.builds(Assumption, fact=WORDS, administration=st.none(), value=WORDS, says=WORDS)
CODE_SETS = st.builds(
    CodeSet,
    assuming=st.lists(ASSUMPTIONS, max_size=2).map(tuple),
    lines=st.lists(LINES, max_size=3).map(tuple),
    not_reported=st.lists(WITHHELD, max_size=1).map(tuple),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    items = tuple(draw(administrations(id)) for id in ids)
    sets = draw(st.lists(CODE_SETS, max_size=3))
    if len(sets) > 1 and draw(st.booleans()):
        sets[1] = CodeSet(sets[1].assuming, sets[0].lines)
    solution = Solution(
        "e",
        PolicyRef("p", draw(WORDS), "1", DAY, "sha256:0"),
        draw(st.sampled_from(["coded", "ambiguous", "blocked"])),
        tuple(sets),
        tuple(draw(st.lists(WITHHELD, max_size=3))),
        tuple(draw(st.lists(st.builds(Ask, WORDS, st.none(), WORDS, WORDS), max_size=2))),
        tuple(draw(st.lists(st.builds(Warned, WORDS, WORDS, WORDS), max_size=2))),
    )
    return Encounter(draw(WORDS), "facility", DAY, items), solution


@settings(max_examples=150, deadline=None)
@given(world=worlds(), width=st.integers(40, 200), ascii_only=st.booleans())
def test_every_text_of_any_solution_is_there(world: World, width: int, ascii_only: bool) -> None:
    check(world, width, ascii_only=ascii_only)
