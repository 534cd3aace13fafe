"""`diff`: each kind of disagreement once, by an encounter that both sides answer otherwise."""

from __future__ import annotations

import json
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from infucode import Policy
from infucode.cli.app import run
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.proving import Differing, Disagreement
from infucode.rulebook.profiles import read_profile
from infucode.rulebook.switches import read_switches
from infucode.space.diff import Differ
from infucode.space.models import Models
from infucode.space.sides import Ready, ready, side_of
from infucode.space.spaces import space_named
from infucode.space.written import encounter_of

POLICIES = Path(__file__).resolve().parents[3] / "policies"


@cache
def sides(one: str, other: str) -> list[Ready]:
    return ready([side_of(text, POLICIES) for text in (one, other)], None)


@cache
def differ(one: str, other: str, space: str) -> Differ:
    a, b = sides(one, other)
    return Differ(a.book, b.book, space_named(POLICIES, space), a.day)


@cache
def found(one: str, other: str, space: str, services: int) -> list[Disagreement]:
    return differ(one, other, space).run(services)


@cache
def policy(plan: str) -> Policy:
    return Policy.load(plan)


def claim(side: Ready, encounter: Encounter) -> object:
    """What `solve` says, apart from which administration carries a line."""
    solution = (
        policy(side.told.plan)
        .solve(encounter, switches=side.told.switches, as_of=side.day, explain=False)
        .solution
    )
    sets = [
        sorted((line.code, line.units, line.modifiers, line.date) for line in code_set.lines)
        for code_set in solution.code_sets
    ]
    return solution.outcome, sets


PAIRS = [
    ("cpcp026", "medicare", "records"),
    ("cpcp026", "medicare", "places"),
    ("cpcp026", "cpcp026:partial_overlap=any", "clock"),
    ("cpcp026", "cpcp026:same_drug_repeat=each", "time"),
]


@pytest.mark.parametrize(("one", "other", "space"), PAIRS)
def test_both_sides_answer_each_witness_otherwise(one: str, other: str, space: str) -> None:
    """By `solve`, which has no part in finding them."""
    services = 1 if space == "clock" else 2
    a, b = sides(one, other)
    kinds = found(one, other, space, services)
    for kind in kinds:
        assert claim(a, kind.encounter) != claim(b, kind.encounter), kind
        assert len(kind.encounter.administrations) == kind.services
    assert bool(kinds) is (space != "clock")
    assert [kind.services for kind in kinds] == sorted(kind.services for kind in kinds)


def test_smallest_is_smallest() -> None:
    """No encounter of fewer services differs: asked of `solve`, one by one."""
    one, other, space = "cpcp026", "cpcp026:same_drug_repeat=each", "time"
    a, b = sides(one, other)
    least = found(one, other, space, 2)[0].services
    models = Models(space_named(POLICIES, space), (a.book, b.book))
    differing: dict[int, int] = {}
    for services in (1, 2):
        sized = models.of_size(services)
        for world in islice(sized.worlds(), 0, None, 3):
            encounter = encounter_of({**sized.fixed, **world.given}, a.day)
            if claim(a, encounter) != claim(b, encounter):
                differing[services] = differing.get(services, 0) + 1
    assert min(differing) == least


def test_every_switch_that_the_plans_answer_otherwise_shows_up() -> None:
    """But for those on supplies and on the lines of drugs, of which no space holds any."""
    silent = {"fluid_bag", "office_supplies", "jz_line", "jz_below_unit", "route_modifier"}
    silent |= {"edit_modifier"}
    switches = read_switches(POLICIES / "switches.toml", "switches.toml", [])
    answers = [
        {
            setting.name: setting.value
            for setting in read_profile(
                POLICIES / plan / "profile.toml", "profile.toml", switches, []
            ).settings
        }
        for plan in ("cpcp026", "medicare")
    ]
    differing = {
        name: (answers[0][name], answers[1][name])
        for name in answers[0].keys() & answers[1].keys()
        if answers[0][name] != answers[1][name]
    }
    assert len(differing) >= 6
    unseen = {
        name
        for name, (_, value) in differing.items()
        if not found("cpcp026", f"cpcp026:{name}={value}", "records", 2)
    }
    assert unseen == silent, differing


def test_equal_sides_differ_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert found("cpcp026", "cpcp026", "time", 2) == []
    assert run(["diff", "cpcp026", "cpcp026", "--services", "1", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "No difference in any encounter of up to 1 service of this space." in out


def test_the_kinds_of_difference_are_told() -> None:
    kinds = {kind.differing for kind in found("cpcp026", "medicare", "records", 2)}
    assert {Differing.only_first, Differing.only_second, Differing.other_code} <= kinds
    assert {Differing.told, Differing.other_marks} <= kinds


def test_the_command_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["diff", "cpcp026", "medicare", "--space", "places", "--services", "1"]
    assert run([*asked, "--jobs", "1", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (one,) = told["disagreements"]
    assert one["sides"][0]["lines"][0]["code"] == "99211"
    assert one["sides"][1]["lines"] == []
    assert one["encounter"]["administrations"][0]["supervision"] == "none"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no plan"),
        ("cpcp026@2024", "`2024` is not a date"),
        ("cpcp026:missing_stop", "`missing_stop` is no answer to a switch"),
        ("nowhere/cpcp026", "is no policy folder"),
        ("cpcp27", "there is no plan `cpcp27`; did you mean `cpcp026`"),
        ("cpcp026:missing_stop=drive", "`drive` is not a value of switch `missing_stop`"),
        ("cpcp026@2001-01-01", "has no version on 2001-01-01"),
    ],
)
def test_a_side_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("`", ".").replace("[", r"\[")):
        ready([side_of(text, POLICIES)], None)
