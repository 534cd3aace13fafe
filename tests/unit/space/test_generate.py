"""Proposed cases: what no case shows is shown by a small encounter that nobody has approved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from infucode.cli.app import run
from infucode.model.cover import Covered, CoveredCondition, CoveredRule, Sight
from infucode.space.generate import Generator, gaps_of, open_keys
from infucode.space.generate_written import sight_words
from infucode.space.spaces import space_named
from infucode.workbench.case import Case
from infucode.workbench.cases import awaiting, case_files, load_cases
from infucode.workbench.cover.covering import Sights, sights
from infucode.workbench.plans import Plans

POLICIES = Path(__file__).resolve().parents[3] / "policies"
ONE = """\
- name: Sixteen minutes are an infusion
  encounter:
    claim: facility
    place_of_service: "22"
    date: 2024-08-05
    administrations:
      - {id: a1, drug: drug A, category: therapeutic, route: iv, technique: infusion,
         start: "10:00", stop: "10:16"}
  expect:
    lines: [{code: "96365", units: 1}]
"""
RUN = "cpt.form-short-infusion"
RULES = "cpt.form-*infusion"
BORDER = "cpt.form-infusion: `Minutes > Limit` just fails"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shipped policies with one case."""
    copy = tmp_path_factory.mktemp("generate") / "policies"
    shutil.copytree(POLICIES, copy, ignore=shutil.ignore_patterns("cases"))
    cases = copy / "cpt" / "cases"
    cases.mkdir()
    (cases / "one.yaml").write_text(ONE, encoding="utf-8")
    yield copy


@cache
def shown(folder: Path) -> tuple[Sights, list[Case], Plans]:
    """What the one case shows, before there are proposals."""
    plans = Plans(folder)
    cases = load_cases(case_files(folder), plans)
    return sights(cases, plans), cases, plans


def generator(folder: Path, *rules: str) -> Generator:
    return Generator(*shown(folder), rules)


def test_a_space_shows_what_no_case_does_by_its_smallest_encounter(folder: Path) -> None:
    """Pushes are in the space, and no case has one."""
    asked = generator(folder, "cpt.form-push")
    found = asked.run([space_named(folder, "places")], 1)
    assert found.complete
    assert found.proposals
    first = next(proposal for proposal in found.proposals if proposal.near)
    (item,) = first.tried.encounter.administrations
    assert item.technique == "push"
    assert first.tried.origin == "space places"
    assert first.near is not None
    change, other = first.near
    assert change
    assert first.keys[0] in asked._keys(first.tried.plan, (), first.tried.encounter)
    assert first.keys[0] not in asked._keys(first.tried.plan, (), other)
    reached = {key for proposal in found.proposals for key in proposal.keys}
    assert reached.isdisjoint(found.unreached)
    assert reached | {*found.unreached} == asked.open.keys()


def test_only_what_cover_reports_is_looked_for(folder: Path) -> None:
    """What the rules settle by themselves, or a reason excuses, is no gap."""
    asked = generator(folder)
    place, (rule, library) = next(
        (place, own) for place, own in asked.found.rules.items() if own[0].papers.id == RUN
    )
    found = replace(asked.found, rules={place: (rule, library)})
    told = (
        Sight("true", "x", None), Sight("false", "x", None, settled="always there"),
        Sight("holds", "x", None, reason="cannot be"), Sight("fails", "x", None),
        Sight("true", "x", "a case"),
    )  # fmt: skip
    condition = CoveredCondition("x", None, told)
    of_rule = CoveredRule(RUN, "", 0, "", (0, 0), (condition,), (), (), None)
    covered = Covered("", 1, (), (of_rule,), (), (), 0, ())
    assert gaps_of(found, covered) == {(place, 0, "true"), (place, 0, "fails x")}
    every = [key for key, id in asked.open.items() if id == RUN]
    some = Generator(asked.found, asked.cases, asked.plans, [], every[:2])
    assert [*some.open] == every[:2]


def test_nothing_open_asks_nothing(folder: Path) -> None:
    asked = generator(folder, "cpt.form-push")
    asked.open.clear()
    found = asked.run([space_named(folder, "places")], 1)
    assert (found.proposals, found.unreached, found.spaces) == ([], [], {})


def test_proposals_count_for_nothing_until_they_are_approved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--policies", str(folder), "--jobs", "1"]
    asked = ["policy", "cover", *own, "--rules", RULES, "--generate", "--services", "0"]
    assert run(asked) == 0
    told = capsys.readouterr()
    assert "1 proposed case" in told.err
    assert "`timed_form(Form)` alone fails" in told.out
    path = folder / "proposals" / "cases" / "cpt-form.yaml"
    text = path.read_text(encoding="utf-8")
    assert BORDER in text and "start: '10:01'" in text
    assert "Its near miss is policies/cpt/cases/one.yaml:1" in text

    assert run(asked) == 2
    assert "is there already; approve" in " ".join(capsys.readouterr().err.split())
    assert run(["policy", "test", *own]) == 0
    told = capsys.readouterr()
    assert "1 passed" in told.out
    assert "1 proposed case awaits a person's approval" in told.err
    plans = Plans(folder)
    before = sights(load_cases(case_files(folder), plans), plans)
    assert BORDER in {sight_words(key, before) for key in open_keys(before)}

    path.write_text(text.replace("  awaits: approval\n", ""), encoding="utf-8")
    assert awaiting(folder) == 0
    assert run(["policy", "test", *own]) == 0
    assert "2 passed" in capsys.readouterr().out
    after = sights(load_cases(case_files(folder), plans), plans)
    assert BORDER not in {sight_words(key, after) for key in open_keys(after)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--force"], "`--force` is about proposed cases; give `--generate` too"),
        (["--time-limit", "5"], "`--time-limit` is about proposed cases"),
        (["--generate", "--minimum", "90"], "leave `--generate` out"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "cover", *options]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_an_unknown_mark_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(ONE.replace("  encounter:", "  awaits: lunch\n  encounter:"), "utf-8")
    assert run(["policy", "test", str(file), "--jobs", "1"]) == 5
    assert "`lunch`" in capsys.readouterr().err
