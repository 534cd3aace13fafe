"""Encounters of a space in columns: the models are clingo's, the worlds and outcomes those of the
rules run one by one, and a program that cannot be unfolded is left to clingo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("numpy")

from infucode import Policy
from infucode.engine.control import choosing
from infucode.passes.values import Row, row_of
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature
from infucode.rulebook.library import outcome_signatures
from infucode.space import together
from infucode.space.answering import Answers, book_of
from infucode.space.at_once import AtOnce
from infucode.space.codes import Contents
from infucode.space.ground import Ground, Unsuited
from infucode.space.models import Models, Sized
from infucode.space.prove import Prover, library_of
from infucode.space.spaces import space_named
from infucode.space.unfolding import Unfolding
from tests.unit.space.test_prove import PLANTED, planted, prover

SIZES = [("clock", 1), ("places", 2), ("records", 1), ("supplies", 1), ("time", 2)]
POLICIES = Path(__file__).resolve().parents[3] / "policies"
SPACES = ("clock", "places", "records", "supplies", "time")


@cache
def book(plan: str) -> Rulebook:
    library = Policy.load(plan).library
    return book_of(library, library.profile.versions[-1].since, {})


@cache
def sized(space: str, services: int, plan: str = "cpcp026") -> Sized:
    return Models(space_named(POLICIES, space), (book(plan),)).of_size(services)


def answers(plan: str) -> Answers:
    return Answers(book(plan), sorted(outcome_signatures(book(plan).vocabulary)))


def told(rows: Mapping[Signature, Mapping[Row, None]]) -> str:
    return repr(sorted((s, sorted(own, key=str)) for s, own in rows.items() if own))


def unfolded(found: Sized, cube: tuple[object, ...] = ()) -> Counter[str]:
    contents = Contents()
    seen: Counter[str] = Counter()
    for number, columns in found.columns(cube, contents):  # type: ignore[arg-type]
        for place in range(number):
            rows = {s: contents.rows(column.of(place)) for s, column in columns.items()}
            seen[told(rows)] += 1
    return seen


@pytest.mark.parametrize("services", [1, 2])
@pytest.mark.parametrize("space", SPACES)
def test_the_models_are_those_of_clingo(space: str, services: int) -> None:
    found = sized(space, services)
    seen = unfolded(found)
    assert seen == Counter(told(world.given) for world in found.worlds())
    assert set(seen.values()) == {1}


def test_parts_are_those_of_clingo() -> None:
    found = sized("time", 3)
    for cube in found.cubes(40)[::7]:
        assert unfolded(found, cube) == Counter(told(w.given) for w in found.worlds(cube))


@pytest.mark.parametrize("block", [1, 7])
def test_rows_that_are_parted_are_the_same(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infucode.space.unfolding.BLOCK", block)
    monkeypatch.setattr("infucode.space.unfolding.ENOUGH", 2 * block)
    found = sized("time", 2)
    assert unfolded(found) == Counter(told(world.given) for world in found.worlds())


PROGRAMS = {
    "sums and ranges": (
        "{ a(1..5) }. n(N) :- N = #count { X : a(X) }. :- n(N), N > 3. :- #sum { X : a(X) } > 8."
        " low :- a(X), X < 3. none :- not low. m(M) :- M = #min { X : a(X) }, M != #sup.",
        True,
    ),
    "one of several": (
        "{ a(1..4) } = 1. 1 { b(X, 1..2) } 1 :- a(X), X > 2. c :- not b(3, 1).",
        True,
    ),
    "chosen twice": ("{ a(1) }. { a(1); a(2) } 1 :- not b. { b }.", True),
    "nothing to choose": ("a(1). b :- a(1).", True),
    "no model": ("{ a(1) }. :- a(1). :- not a(1).", True),
    "a loop through absence": ("a :- not b. b :- not a.", False),
    "a loop": ("{ c }. a :- b. b :- a. a :- c.", False),
    "a disjunction": ("a ; b.", False),
    "the best": ("{ a(1..3) }. #minimize { X : a(X) }.", False),
    "an external": ("#external e. a :- e. { b }.", False),
}  # fmt: skip


@pytest.mark.parametrize(("program", "suited"), PROGRAMS.values(), ids=PROGRAMS)
def test_any_program_is_unfolded_or_left_to_clingo(program: str, suited: bool) -> None:
    ground = Ground()
    control = choosing(program, {}, lambda problem: problem, ground)
    if not suited:
        with pytest.raises(Unsuited):
            ground.order()
        return
    names = [(name, arity) for name, arity, _ in control.symbolic_atoms.signatures]
    atoms = control.symbolic_atoms
    shown = {s: {a.literal: row_of(a.symbol) for a in atoms.by_signature(*s)} for s in names}
    unfolding, contents = Unfolding(ground.order(), shown), Contents()
    facts = {s: {row_of(a.symbol) for a in atoms.by_signature(*s) if a.is_fact} for s in names}
    seen: Counter[str] = Counter()
    for number, values in unfolding.chunks():
        columns = unfolding.columns(number, values, contents)
        for place in range(number):
            rows = {s: dict.fromkeys(facts[s]) for s in names}
            for signature, column in columns.items():
                rows[signature].update(contents.rows(column.of(place)))
            seen[told(rows)] += 1
    wanted: Counter[str] = Counter()
    with control.solve(yield_=True) as handle:
        for model in handle:
            own: dict[Signature, dict[Row, None]] = {}
            for symbol in model.symbols(atoms=True):
                own.setdefault((symbol.name, len(symbol.arguments)), {})[row_of(symbol)] = None
            wanted[told(own)] += 1
    assert seen == wanted


def one_by_one(given: Answers, found: Sized, cube: tuple[object, ...]) -> Counter[str]:
    running = given.running(found)
    seen: Counter[str] = Counter()
    for world in found.worlds(cube):  # type: ignore[arg-type]
        for change, facts, outcomes in given.worlds(running, world, neighbours=False):
            seen[f"{change} {told(facts)} {told(outcomes)}"] += 1
    return seen


def in_columns(given: Answers, found: Sized, cubes: Iterable[tuple[object, ...]]) -> Counter[str]:
    at_once = AtOnce(given, found)
    seen: Counter[str] = Counter()
    for cube in cubes:
        at_once.together.bound()
        for number, stated in found.columns(cube, at_once.together.contents):  # type: ignore[arg-type]
            for worlds in at_once.worlds(number, stated):
                for place in worlds.places.tolist():
                    facts = at_once.given(worlds.stated, place)
                    outcomes = at_once._rows(worlds.outcomes, place)
                    seen[f"{worlds.change} {told(facts)} {told(outcomes)}"] += 1
    return seen


@pytest.mark.parametrize("plan", Policy.plans())
@pytest.mark.parametrize(("space", "services"), SIZES)
def test_worlds_and_outcomes_are_those_of_one_by_one(
    plan: str, space: str, services: int
) -> None:
    found, own = sized(space, services, plan), answers(plan)
    assert in_columns(own, found, [()]) == one_by_one(own, found, ())


def test_what_is_remembered_and_forgotten_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Part after part, so that each meets what those before it left."""
    found, own = sized("clock", 2), answers("medicare")
    cubes = found.cubes(9)[::3]
    wanted: Counter[str] = sum((one_by_one(own, found, cube) for cube in cubes), Counter())
    assert in_columns(own, found, cubes) == wanted
    monkeypatch.setattr(together, "MOST_KEPT", 1)
    assert in_columns(own, found, cubes) == wanted


@pytest.mark.parametrize(
    ("name", "kind"),
    [("claim-stands", "push"), ("exception-beats-named", "chemo_push"), ("one-initial", "drip")],
)
def test_a_fault_is_found_in_columns_where_it_is_found_one_by_one(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the check of claims, or rules without an exception, are asked besides."""
    fault = next(one for one in PLANTED if one.invariant == name)
    with planted(tmp_path, fault) as folder:
        own = prover(folder, "time", f"invariant.{name}")
        of_size = own.walk.sized(3)
        cubes = [cube for cube in of_size.cubes(40) if all(f",{kind})" in str(s) for s in cube)]
        number, (found, met) = own.part(3, cubes[0])
        assert (len(cubes), list(found)) == (1, [f"invariant.{name}"])
        monkeypatch.setattr(Answers, "at_once", lambda *_: None)
        own.spoken.met.clear()
        assert own.part(3, cubes[0]) == (number, (found, met))


def test_neighbours_are_left_to_one_by_one() -> None:
    library = library_of(POLICIES, "cpcp026")
    day = library.profile.versions[-1].since
    own = Prover(library, space_named(POLICIES, "time"), day, {})
    assert own.answers.at_once(own.walk.sized(1)) is None
    assert own.answers.at_once(own.walk.sized(3)) is not None
