"""Findings: planted dead rules, shadows, gaps and overlaps are found; shipped ones are marked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from infucode import Policy, encounter_from_data
from infucode.cli.app import run
from infucode.cli.prove_findings import find
from infucode.documents.dump import encounter_to_data
from infucode.errors import PolicyError
from infucode.model.findings import FindingKind, Found
from infucode.space.findings_marks import read_marks
from infucode.space.spaces import spaces

POLICIES = Path(__file__).resolve().parents[3] / "policies"
PAPERS = """\
%@ id: cpt.planted
%@ cite: infucode definitions, outcomes
%@ text: A planted fault.
%@ says: {Administration} is wrong.
"""
AGAIN = "again(Administration)"


@contextmanager
def planted(folder: Path, rule: str, gone: str = "", instead: str = "") -> Iterator[Path]:
    """The shipped policies with a further rule, or with some text in place of other."""
    copy = folder / "policies"
    shutil.copytree(POLICIES, copy, ignore=shutil.ignore_patterns("cases"))
    if rule:
        text = f"% A fault.\n\n{PAPERS}{rule}\n"
        (copy / "cpt" / "planted.lp").write_text(text, encoding="utf-8")
    if gone:
        path = next(path for path in copy.rglob("*.lp") if gone in path.read_text("utf-8"))
        path.write_text(path.read_text("utf-8").replace(gone, instead), "utf-8")
    yield copy


def found(folder: Path, services: int = 1, *spaces: str, **more: bool) -> Found:
    return find(
        folder, ("cpcp026",), spaces or ("time",), services, None, {}, 1, None,
        usual=more.get("usual", False),
    )  # fmt: skip


@cache
def shipped(services: int) -> frozenset[tuple[str, str]]:
    return frozenset(one.key for one in found(POLICIES, services).findings)


def new(folder: Path, services: int = 1) -> set[tuple[FindingKind, str]]:
    """What a planted fault adds to the findings of the shipped policies."""
    before = shipped(services)
    return {
        (one.kind, one.about) for one in found(folder, services).findings if one.key not in before
    }


def test_a_rule_that_cannot_fire_is_dead(tmp_path: Path) -> None:
    rule = (
        'warning("cpt.planted", Administration) :-\n'
        "    push(Administration), technique(Administration, infusion),\n"
        "    minutes(Administration, Minutes), value(push_minutes, Limit), Minutes > Limit."
    )
    with planted(tmp_path, rule) as folder:
        assert new(folder) == {(FindingKind.dead, "cpt.planted")}


def test_a_rule_that_needs_what_no_space_states_is_outside(tmp_path: Path) -> None:
    rule = 'warning("cpt.planted", Administration) :- lesions(Administration, _).'
    with planted(tmp_path, rule) as folder:
        assert new(folder) == set()
        assert "cpt.planted" in found(folder).outside
    assert "cpt.planted" not in found(POLICIES).outside


def test_two_rules_that_decide_one_thing_overlap_by_the_smallest_encounter(
    tmp_path: Path,
) -> None:
    rule = (
        'withheld("cpt.planted", Administration, delivery) :-\n'
        "    too_soon(Administration, _, _), claim(facility)."
    )
    with planted(tmp_path, rule) as folder:
        about = "cpt.planted + cpt.push-too-soon"
        found_new = new(folder, 2)
        assert (FindingKind.overlap, about) in found_new
        assert (FindingKind.shadowed, "cpt.planted") in found_new
        (one,) = [one for one in found(folder, 2).findings if one.about == about]
        assert one.witness is not None
        assert one.witness.services == 2
        document = encounter_to_data(one.witness.encounter)
        solution = Policy.load("cpcp026", policies=folder).solve(encounter_from_data(document))
        withheld = {item.rule for item in solution.solution.not_reported}
        assert {"cpt.planted", "cpt.push-too-soon"} & withheld


def test_a_delivery_of_which_nothing_is_said_is_a_gap(tmp_path: Path) -> None:
    gone = "too_soon(Administration, Earlier, Minutes), claim(facility),"
    with planted(tmp_path, "", gone, f"{gone} lesions(Administration, _),") as folder:
        assert (FindingKind.gap, "therapeutic iv push") in new(folder, 2)


def test_the_findings_of_the_shipped_policies_are_marked() -> None:
    """Of single services; `infucode prove --findings` looks at two, and knows the same marks."""
    whole = find(
        POLICIES, Policy.plans(), tuple(spaces(POLICIES)), 1, None, {}, 1, None, usual=False
    )
    assert whole.complete
    assert whole.fired > 100
    assert [one.key for one in whole.new if one.kind is not FindingKind.dead] == []
    known = {one.key for one in whole.findings}
    assert [mark.key for mark in whole.marks if mark.key not in known] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[finding]\n", "cannot be read"),
        ("finding = 3\n", "`finding` is no list of tables"),
        ("other = 3\n", "`other` is no key of this file"),
        ('[[finding]]\nkind = "dead"\nabout = "x"\nintended = true\n', "without `reason`"),
        (
            '[[finding]]\nkind = "ded"\nabout = "x"\nintended = true\nreason = "y"\n',
            "`ded` is no kind",
        ),
        ('[[finding]]\nkind = "dead"\nabout = "x"\nreason = "y"\n', "whether it is intended"),
        (
            '[[finding]]\nkind = "dead"\nabout = "x"\nintended = true\nreason = "y"\n' * 2,
            "marked twice",
        ),
    ],
)
def test_a_broken_file_of_marks_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "findings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_marks(tmp_path)
    assert said in str(caught.value.problems[0].message)


def test_the_command_tells_of_what_is_not_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = 'withheld("cpt.planted", Administration, delivery) :- push(Administration).'
    with planted(tmp_path, rule) as folder:
        asked = ["prove", "--findings", "--space", "time", "--services", "1", "-p", "cpcp026"]
        asked += ["--policies", str(folder), "--jobs", "1", "--format", "json"]
        assert run(asked) == 1
        told = json.loads(capsys.readouterr().out)
        assert told["looked"] == [
            {"plan": "cpcp026", "space": "time", "services": 1, "encounters": 18}
        ]
        assert told["stale"] == []
        marked = {one["about"]: one["marked"] for one in told["findings"]}
        assert marked["cpt.further-push"] is None
        assert marked["cpt.fluid-push"]["intended"]


def test_findings_take_no_invariants(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", "invariant.one-initial", "--findings"]) == 2
    assert "takes no invariants" in capsys.readouterr().err
