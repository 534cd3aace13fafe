"""The shipped examples: their codes, worked out by hand from the rule map, and the commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from infucode import Policy, Solution, load_encounter
from infucode.cli.app import run
from infucode.cli.shipped import example_names, find_example, shipped_examples

ROOT = Path(__file__).resolve().parents[3]
DAY = "2024-08-05"

Shown = tuple[str, int, str]
"""Code, units, modifiers; a date only where it is not the first."""

CODED: dict[str, set[Shown]] = {
    # 155 minutes: (155 - 31) // 60 = 2 further hours (T3). 75 minutes of fluid: one unit (T4).
    "chemotherapy-day": {("96413", 1, ""), ("96415", 2, ""), ("96375", 1, ""), ("96367", 1, ""),
                         ("96361", 1, ""), ("99214", 1, "25")},
    # I4: chemotherapy infusion first; I6: of two, the longer. 185 minutes: (185 - 31) // 60 = 2.
    # 65 minutes of the second agent: 96417, no further hour. 70 minutes of fluid: 96361 once.
    "chemotherapy-hospital": {("96413", 1, ""), ("96415", 2, ""), ("96417", 1, ""),
                              ("96367", 1, ""), ("96375", 2, ""), ("96361", 1, "")},
    # D1: 305 / 10 rounds up to 31. D2: 95 / 10, whole units: 9; 31 + 9 are four vials of 10.
    # 130 minutes: (130 - 31) // 60 = 1. JZ is required under this plan (W15).
    "drug-waste": {("96413", 1, ""), ("96415", 1, ""), ("J1745", 31, ""), ("J1745", 9, "JW"),
                   ("96375", 1, ""), ("J1200", 1, "JZ")},
    # X4: 162 minutes, (162 - 31) // 60 = 2; a drug beside chemotherapy is concurrent (Q6).
    # The pump has a code of its own outside the initial set (I2).
    "home-pump": {("96413", 1, ""), ("96415", 2, ""), ("96375", 1, ""), ("96368", 1, ""),
                  ("96416", 1, "")},
    # 70 minutes: no further hour. 500 ml at 250 ml/h: 120 minutes, 1 + (120 - 31) // 60 = 2.
    # W11: units on one line; N7: marked beside an IV initial. W8: the visit is paid with 25.
    "infusion-clinic-medicare": {("96365", 1, ""), ("96361", 2, ""), ("96372", 2, "59"),
                                 ("99213", 1, "25")},
    # X5 in one night: 510 minutes give 1 + (510 - 31) // 60 = 8, all on the start date (B5).
    "observation-midnight": {("96374", 1, ""), ("96361", 8, ""), ("96376", 1, "2024-08-06")},
    # C7, W8: the visit pays, the injection does not; nothing is left for a 25 to mark.
    "office-injection": {("99213", 1, "")},
    # X15, I7, Y1, Y5: an initial for each access; all of the second carries 59.
    # 100 and 120 minutes: one further hour each.
    "two-accesses": {("96365", 1, ""), ("96366", 1, ""), ("96375", 1, ""), ("96365", 1, "59"),
                     ("96366", 1, "59")},
}
AMBIGUOUS: dict[str, dict[str, set[Shown]]] = {
    # T1, T2: up to 15 minutes a push, up to 90 one hour, from 91 a further one.
    "missing-stop": {
        "09:01-09:15": {("96374", 1, ""), ("96375", 1, "")},
        "09:16-10:30": {("96365", 1, ""), ("96375", 1, "")},
        "10:31-10:45": {("96365", 1, ""), ("96366", 1, ""), ("96375", 1, "")},
    },
    # 110 minutes of fluid run alone: 1 + (110 - 31) // 60 = 2. The third ondansetron comes 75
    # minutes after the first: 96376; the second 20 minutes after it: nothing (P2, P3).
    # The longer of ceftriaxone (40) and vancomycin is initial (I6), the other sequential:
    # the same codes either way, until from 91 minutes there is a further hour.
    "emergency-visit": {
        "12:46-13:00": {("96365", 1, ""), ("96361", 2, ""), ("96375", 3, ""), ("96376", 1, ""),
                        ("96372", 1, "59"), ("99284", 1, "25")},
        "13:01-14:15": {("96365", 1, ""), ("96361", 2, ""), ("96375", 2, ""), ("96367", 1, ""),
                        ("96376", 1, ""), ("96372", 1, "59"), ("99284", 1, "25")},
        "14:16-14:30": {("96365", 1, ""), ("96366", 1, ""), ("96361", 2, ""), ("96375", 2, ""),
                        ("96367", 1, ""), ("96376", 1, ""), ("96372", 1, "59"),
                        ("99284", 1, "25")},
    },
}
CLAIMS = {"claim-with-record", "claim-alone"}
"""What is wrong with them is worked out in `test_check.py`."""
NAMES = sorted({*CODED, *AMBIGUOUS, *CLAIMS})


def solved(name: str, plan: str | None = None, **switches: str) -> Solution:
    encounter = load_encounter(find_example(name).path)
    policy = Policy.load(plan or encounter.policy or "cpcp026")
    return policy.solve(encounter, switches=switches).solution


def shown(solution: Solution, number: int = 0) -> set[Shown]:
    lines = solution.code_sets[number].lines
    first = min(line.date for line in lines)
    found = [
        (line.code, line.units, " ".join([*line.modifiers, *dated(line.date, first)]))
        for line in lines
    ]
    assert len(found) == len(set(found))
    return set(found)


def dated(date: object, first: object) -> list[str]:
    return [] if date == first else [str(date)]


def test_every_example_has_its_codes_worked_out() -> None:
    assert example_names() == NAMES


@pytest.mark.parametrize("name", CODED)
def test_the_codes_of_an_example(name: str) -> None:
    solution = solved(name)
    assert solution.outcome == "coded"
    assert shown(solution) == CODED[name]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_the_code_sets_of_an_open_example(name: str) -> None:
    solution = solved(name)
    assert solution.outcome == "ambiguous" and len(solution.asks) == 1
    found = {
        code_set.assuming[0].value: shown(solution, number)
        for number, code_set in enumerate(solution.code_sets)
    }
    assert found == AMBIGUOUS[name]


def test_what_is_not_reported_in_the_office() -> None:
    (missed,) = solved("office-injection").not_reported
    assert missed.administration == "a1" and "99213" in missed.says


SUGGESTED = [
    (name, *match)
    for name in NAMES
    for match in re.findall(r"`--(policy|switch) ([^`]+)`", find_example(name).text())
]


@pytest.mark.parametrize(("name", "option", "value"), SUGGESTED)
def test_what_a_head_suggests_changes_the_codes(name: str, option: str, value: str) -> None:
    before = solved(name)
    if option == "policy":
        after = solved(name, value)
    else:
        switch, _, answer = value.partition("=")
        after = solved(name, **{switch: answer})
    assert after.outcome == "coded"
    assert shown(after) != shown(before) or before.outcome != after.outcome
    expected = {
        "office-injection": {("96372", 1, ""), ("99213", 1, "25")},
        "home-pump": CODED["home-pump"] - {("96416", 1, "")} | {("G0498", 1, "")},
        "missing-stop": AMBIGUOUS["missing-stop"]["09:01-09:15"],
        "observation-midnight": {("96374", 1, ""), ("96361", 8, ""), ("96374", 1, "2024-08-06")},
    }
    assert shown(after) == expected[name]


def test_the_second_access_without_its_reason_is_asked_for(tmp_path: Path) -> None:
    text = find_example("two-accesses").text()
    path = tmp_path / "visit.yaml"
    path.write_text(text.replace(" reason: incompatible_drugs,", ""))
    solution = Policy.load().solve(load_encounter(path)).solution
    assert [ask.fact for ask in solution.asks] == ["second_access_reason"]


def test_the_list_has_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["examples"]) == 0
    bare = capsys.readouterr().out
    assert run(["examples", "list"]) == 0
    assert capsys.readouterr().out == bare
    assert re.findall(r"^  ([a-z][a-z-]+)  +[A-Z]", bare, re.M) == NAMES
    assert "missing-stop              One stop time that nobody charted" in bare
    assert run(["examples", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == NAMES
    assert all(40 < len(row["says"]) < 98 and "#" not in row["says"] for row in rows)


def test_the_next_commands_of_the_list_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(["examples"])
    commands = re.findall(r"^  infucode (.*)$", capsys.readouterr().out, re.M)
    assert [run(command.split()) for command in commands] == [0, 10]


@pytest.mark.parametrize("name", NAMES)
def test_a_head_is_short_and_says_two_things(name: str) -> None:
    head = re.match(r"(?:#.*\n)+", find_example(name).text())
    assert head is not None
    assert head[0].count("\n") == 2 and head[0].count(".\n") + head[0].count(". ") >= 2


def test_an_example_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = find_example("home-pump").text()
    assert run(["examples", "copy", "home-pump"]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "next: infucode solve home-pump.yaml" in said.err
    assert run(["examples", "copy", "home-pump.yaml", "mine/new"]) == 0
    assert run(["examples", "copy", "home-pump", "other.yaml"]) == 0
    for path in ("home-pump.yaml", "mine/new/home-pump.yaml", "other.yaml"):
        assert Path(path).read_text() == text
    assert run(["examples", "copy", "missing-stop", "other.yaml"]) == 2
    assert Path("other.yaml").read_text() == text
    assert run(["examples", "copy", "missing-stop", "other.yaml", "--force"]) == 0
    assert Path("other.yaml").read_text() != text
    capsys.readouterr()
    assert run(["examples", "copy", "home-pump", "-"]) == 0
    assert capsys.readouterr().out == text
    assert run(["examples", "copy", "home-pump", "other.yaml/x"]) == 2
    assert "is not a folder to copy to" in capsys.readouterr().err


def test_the_package_ships_its_examples(tmp_path: Path) -> None:
    """As installed: policies and examples lie inside the package."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    inside = build["targets"]["wheel"]["force-include"]
    package = tmp_path / "infucode"
    shutil.copytree(ROOT / "infucode", package, ignore=shutil.ignore_patterns("__pycache__"))
    for source in ("policies", "examples"):
        assert inside[source] == f"infucode/{source}"
        shutil.copytree(ROOT / source, package / source)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for arguments in (["examples", "copy", "drug-waste", "."], ["solve", "drug-waste.yaml"]):
        done = subprocess.run(
            [sys.executable, "-m", "infucode", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )
        assert done.returncode == 0, done.stderr
    assert "J1745" in done.stdout and (tmp_path / "drug-waste.yaml").is_file()
    shutil.rmtree(package / "examples")
    done = subprocess.run([sys.executable, "-m", "infucode", "examples"], cwd=tmp_path,
                          env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "no examples came with this installation" in done.stderr


def test_every_shipped_document_says_what_it_shows() -> None:
    assert all(example.says[0].isupper() for example in shipped_examples())
