"""The spaces: every model is an encounter that a document can state, and parts make the whole."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import clingo
import pytest

from infucode import Policy, encounter_from_data
from infucode.batch.engine.rows import Kinds, rows_of
from infucode.documents.dump import encounter_to_data
from infucode.errors import LimitError, PolicyError, UsageError
from infucode.passes.values import Row
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature
from infucode.space.answering import book_of
from infucode.space.diff import Differ
from infucode.space.models import Models, Sized, World
from infucode.space.prove import Prover, library_of
from infucode.space.spaces import space_named, spaces
from infucode.space.written import DRUGS, encounter_of, id_of

POLICIES = Path(__file__).resolve().parents[3] / "policies"
SPACES = ("clock", "places", "records", "supplies", "time")
EVERY = {1: 1, 2: 7, 3: 911}
"""By number of services, one in so many encounters is read back."""


@cache
def policy(plan: str) -> Policy:
    return Policy.load(plan)


@cache
def book(plan: str = "cpcp026") -> Rulebook:
    library = policy(plan).library
    return book_of(library, library.profile.versions[-1].since, {})


@cache
def sized(space: str, services: int) -> Sized:
    return Models(space_named(POLICIES, space), (book(),)).of_size(services)


def named(given: Mapping[Signature, Mapping[Row, None]], names: Mapping[Any, str]) -> object:
    """Facts with the names of a document in place of small constants."""
    return {
        signature: {tuple(names.get(value, value) for value in row) for row in rows}
        for signature, rows in given.items()
        if rows
    }


def whole(services: Sized, world: World) -> dict[Signature, Mapping[Row, None]]:
    return {**services.fixed, **world.given}


def test_the_shipped_spaces() -> None:
    assert tuple(sorted(spaces(POLICIES))) == SPACES


SIZES = [(space, services) for space in SPACES for services in EVERY]
SIZES.remove(("supplies", 3))
"""The third service of `supplies` brings nothing that the second does not, and takes long."""


@pytest.mark.parametrize(("space", "services"), SIZES)
def test_each_model_is_an_encounter_with_these_very_facts(space: str, services: int) -> None:
    """Written as a document and read again, it states what the space states and nothing else."""
    kinds = Kinds(policy("cpcp026").library.vocabulary)
    found = sized(space, services)
    day = policy("cpcp026").library.profile.versions[-1].since
    ids = [f"{kind}{number}" for kind in "axs" for number in range(8)]
    own: dict[object, str] = {id: id_of(id) for id in ids}
    own |= {f"d{n}": name for n, name in enumerate(DRUGS)}
    seen = 0
    for world in islice(found.worlds(), 0, None, EVERY[services]):
        given = whole(found, world)
        encounter = encounter_of(given, day)
        again = encounter_from_data(encounter_to_data(encounter))
        stated = rows_of(again, kinds)
        assert named(stated.given, stated.values) == named(given, own), encounter
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("space", SPACES)
def test_no_encounter_comes_twice_and_parts_are_the_whole(space: str) -> None:
    found = sized(space, 2)

    def shape(world: World) -> str:
        return repr(sorted((s, sorted(rows, key=str)) for s, rows in world.given.items()))

    every = Counter(shape(world) for world in found.worlds())
    cubes = found.cubes(10)
    parts = Counter(shape(world) for cube in cubes for world in found.worlds(cube))
    assert len(cubes) >= 9
    assert set(every.values()) == {1}
    assert parts == every


def test_a_space_takes_its_minutes_from_the_plan() -> None:
    """Both sides of each threshold are there, whatever the threshold is."""
    settings = book().settings
    push, offset = (int(settings[name].value) for name in ("push_minutes", "first_hour_offset"))
    found = sized("clock", 1)
    runs = {
        stop - start
        for world in found.worlds()
        for _, start in world.given.get(("start", 2), found.fixed.get(("start", 2), {}))
        for _, stop in world.given.get(("stop", 2), ())
        if isinstance(start, int) and isinstance(stop, int)
    }
    assert {push, push + 1, offset - 1, offset} <= runs


def test_an_unknown_space_is_named() -> None:
    with pytest.raises(UsageError, match="there is no space `tim`; did you mean `time`"):
        space_named(POLICIES, "tim")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind(a, b).\n", "the space has no `space`"),
        ("%@ space: x\n%@ text: y\n%@ cite: z\nkind(a, b\n", "syntax error"),
        ("%@ space: x\n%@ text: y\n%@ cite: z\nstop(A, B) :- nth(_, A).\n", "unsafe"),
    ],
)
def test_a_broken_space_is_refused_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "space").mkdir()
    (tmp_path / "space" / "own.lp").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        Models(space_named(tmp_path, "x"), (book(),)).of_size(1)
    assert said in str(caught.value.problems[0].message)
    assert caught.value.problems[0].file.endswith("space/own.lp")


def test_a_fault_of_a_space_is_told_in_the_line_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "space").mkdir()
    shared = (POLICIES / "space" / "shared.lp").read_text(encoding="utf-8")
    (tmp_path / "space" / "shared.lp").write_text(shared, encoding="utf-8")
    papers = "%@ space: x\n%@ text: y\n%@ cite: z\n"
    for rule, file, line in (
        ("stop(A, B) :- nth(_, A).\n", "own.lp", 4),
        ("kind(drip, therapeutic, iv, infusion).\n", "shared.lp", _line(shared, "may_follow(N,")),
    ):
        (tmp_path / "space" / "own.lp").write_text(papers + rule, encoding="utf-8")
        with pytest.raises(PolicyError) as caught:
            Models(space_named(tmp_path, "x"), (book(),)).of_size(1)
        (problem,) = caught.value.problems
        assert (problem.file.rpartition("/")[2], problem.line) == (file, line)
        assert "\\n" not in problem.message


LONE = """\
%@ space: lone
%@ text: One service.
%@ cite: infucode definitions
#defined may_follow/2.
kind(drip, {category}, iv, {technique}).
"""


@pytest.mark.parametrize(
    ("category", "technique", "error", "said"),
    [
        ("therapeutics", "push", PolicyError, "Category is one of"),
        ("therapeutic", "infusion", UsageError, "holds no encounter of 1 services or fewer"),
    ],
)
def test_a_space_of_what_no_encounter_is_proves_nothing(
    category: str, technique: str, error: type[Exception], said: str, tmp_path: Path
) -> None:
    copy = tmp_path / "policies"
    shutil.copytree(POLICIES, copy, ignore=shutil.ignore_patterns("cases"))
    text = LONE.format(category=category, technique=technique)
    (copy / "space" / "lone.lp").write_text(text, encoding="utf-8")
    library = library_of(copy, "cpcp026")
    day = library.profile.versions[-1].since
    with pytest.raises(error) as caught:
        Prover(library, space_named(copy, "lone"), day, {}).run(1)
    problems = caught.value.problems if isinstance(caught.value, PolicyError) else [caught.value]
    assert said in str(problems[0])
    one = book_of(library, day, {})
    with pytest.raises(error):
        Differ(one, one, space_named(copy, "lone"), day).run(1)


def _line(text: str, part: str) -> int:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if part in line]
    return next(n for n in lines if "%" not in text.splitlines()[n - 1])


@pytest.mark.parametrize("trouble", [MemoryError(), RuntimeError("std::bad_alloc")])
def test_memory_that_runs_out_is_a_limit(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(clingo.Control):
        def ground(self, *_: object, **__: object) -> None:
            raise trouble

    monkeypatch.setattr("infucode.engine.control.clingo.Control", Full)
    with pytest.raises(LimitError, match="memory ran out"):
        Models(space_named(POLICIES, "time"), (book(),)).of_size(1)


def test_a_folder_without_spaces_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="holds no space"):
        spaces(tmp_path)
