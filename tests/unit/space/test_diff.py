"""`diff`: each kind of disagreement once, by an encounter that both sides answer otherwise."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from infucode import Policy
from infucode.batch.engine.rows import Kinds, rows_of
from infucode.cli.app import run
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.proving import Differing, Disagreement
from infucode.rulebook.profiles import read_profile
from infucode.rulebook.switches import read_switches
from infucode.rulebook.types import SETTINGS
from infucode.space.diff import Differ
from infucode.space.disagreeing import Kind, differences, kind_of
from infucode.space.sides import Ready, ready, side_of
from infucode.space.spaces import space_named

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
    for kind in kinds[:: 1 + len(kinds) // 20]:
        assert claim(a, kind.encounter) != claim(b, kind.encounter), kind
        assert len(kind.encounter.administrations) == kind.services
    assert bool(kinds) is (space != "clock")
    assert [kind.services for kind in kinds] == sorted(kind.services for kind in kinds)


SMALL = [
    ("cpcp026", "medicare", "places", 1),
    ("cpcp026", "cpcp026:fluid_bag=chargeable", "supplies", 1),
    ("cpcp026", "cpcp026:same_drug_repeat=each", "time", 2),
]


@pytest.mark.parametrize(("one", "other", "space", "services"), SMALL)
def test_smallest_is_smallest(one: str, other: str, space: str, services: int) -> None:
    """Every encounter of a small space, asked of the rules one by one as they are interpreted:
    each kind is found, by as few services and facts as any that shows it."""
    tried = differ(one, other, space)
    least: dict[Kind, tuple[int, int]] = {}
    for size in range(1, services + 1):
        sized = tried.walk.sized(size)
        for world in sized.worlds():
            rows = [answers.again(sized, world.given) for answers in tried.answers]
            facts = sum(len(own) for s, own in world.given.items() if s not in UNSAID)
            for kind, _ in differences(*rows):
                least[kind] = min(least.get(kind, (size, facts)), (size, facts))
    shown = {
        kind_of(kind.one.rules, kind.other.rules): (kind.services, kind)
        for kind in found(one, other, space, services)
    }
    assert least and least.keys() == shown.keys()
    for kind, (size, facts) in least.items():
        told, witness = shown[kind]
        assert told == size
        assert len(witness.encounter.administrations) == size
        assert facts_stated(tried, witness) == facts


UNSAID = {("midnight", 2), ("access_order", 2)}
"""What follows from the rest of a document, and stands nowhere in it."""


def facts_stated(tried: Differ, witness: Disagreement) -> int:
    """How many facts a witness states of those in which the encounters of its size differ."""
    sized = tried.walk.sized(witness.services)
    stated = rows_of(witness.encounter, Kinds(policy("cpcp026").library.vocabulary)).given
    open_ = sized.open - UNSAID
    return sum(len(rows) for signature, rows in stated.items() if signature in open_)


SHOWN = {
    "em_with_96372": ("supplies", 1),
    "fluid_bag": ("supplies", 1),
    "jz_below_unit": ("supplies", 1),
    "jz_line": ("supplies", 1),
    "missing_stop": ("records", 1),
    "no_clock": ("records", 2),
    "office_supplies": ("supplies", 1),
    "prolonged_pump_code": ("records", 1),
    "repeat_96372": ("records", 2),
    "route_modifier": ("supplies", 1),
    "unsupervised_injection": ("places", 1),
}
"""Where each switch that the plans answer otherwise shows up, and by how few services."""
OF_CLAIMS = ("edit_modifier",)
"""Which modifiers lift a pair of a claim to be checked: no code of `solve` hangs on it."""


@cache
def plan_answers() -> dict[str, tuple[str, str]]:
    """The answers of both plans to the switches that they answer otherwise."""
    switches = read_switches(POLICIES / "switches.toml", "switches.toml", [])
    one, other = (
        {
            setting.name: setting.value
            for setting in read_profile(
                POLICIES / plan / "profile.toml", "profile.toml", switches, []
            ).settings
        }
        for plan in ("cpcp026", "medicare")
    )
    both = one.keys() & other.keys()
    return {name: (one[name], other[name]) for name in both if one[name] != other[name]}


def test_every_switch_that_the_plans_answer_otherwise_is_looked_for() -> None:
    assert plan_answers().keys() == {*SHOWN, *OF_CLAIMS}


@pytest.mark.parametrize("name", SHOWN)
def test_a_switch_shows_up(name: str) -> None:
    space, services = SHOWN[name]
    kinds = found("cpcp026", f"cpcp026:{name}={plan_answers()[name][1]}", space, services)
    assert kinds and kinds[0].services == services


@pytest.mark.parametrize("name", OF_CLAIMS)
def test_what_only_claims_hang_on_is_read_by_no_other_rule(name: str) -> None:
    for plan in Policy.plans():
        for rule in policy(plan).library.rules:
            read = [a.terms[0].text for a in rule.clause.atoms() if a.signature in SETTINGS]
            assert name not in read or rule.layer == "claim", rule.papers.id


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
