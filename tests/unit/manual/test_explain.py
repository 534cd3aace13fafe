"""`infucode policy explain`: one rule in plain words."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from infucode.cli.app import run
from infucode.policy import Policy
from infucode.rulebook.where import policies_folder
from infucode.workbench.scaffold.own import CACHES

Captured = pytest.CaptureFixture[str]


def explained(capsys: Captured, *words: str) -> str:
    assert run(["policy", "explain", *words]) == 0
    return capsys.readouterr().out


def data(capsys: Captured, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(explained(capsys, *words, "--format", "json"))
    return found


def test_a_rule_on_a_terminal(capsys: Captured) -> None:
    text = explained(capsys, "cpt.hydration-minimum")
    assert text.startswith("cpt.hydration-minimum\n  Hydration below its minimum")
    flat = " ".join(text.split())
    for told in (
        "What it decides withheld: Administration, delivery (It earns no line.)",
        "“enough” does not hold of Administration",
        "Limit is the plan's hydration_minimum in this plan: 31",
        "cpt.hydration-total: Hydration of one visit and access is one service",
        "cpcp026 31 [stated by the source; cpcp026-v1 hydration]",
        "it could also be 16",
        "S66 Hydration under 31 minutes is not reported. [cpcp026-v1 hydration]",
        "Sixteen minutes reach a minimum of 16 [policies/cpt/cases/hydration.yaml:",
    ):
        assert told in flat, told
    assert max(map(len, text.splitlines())) <= 100


def test_exceptions_are_told_on_both_sides(capsys: Captured) -> None:
    beaten = data(capsys, "cpt.office-supplies")
    assert [rule["id"] for rule in beaten["beaten_by"]] == ["cpcp026.supplies-part"]
    first = beaten["logic"][0]["conditions"][-1]
    assert (first["kind"], first["rules"]) == ("unless", ["cpcp026.supplies-part"])
    beater = data(capsys, "cpcp026.supplies-part")
    assert [rule["id"] for rule in beater["beats"]] == ["cpt.office-supplies"]


def test_each_plan_answers_and_each_reader_is_named(capsys: Captured) -> None:
    found = data(capsys, "cpt.push-near-infusion", "--policy", "medicare")
    setting = next(s for s in found["settings"] if s["name"] == "bolus_then_drip")
    assert {answer["plan"] for answer in setting["answers"]} >= {"cpcp026", "medicare"}
    assert found["plans"] == ["cpcp026", "medicare"]
    library = Policy.load("medicare").library
    heads = {r.clause.head.signature for r in library.rules if r.papers.id == found["id"]}
    reading = {
        r.papers.id for r in library.rules
        if any(atom.signature in heads for atom in r.clause.atoms())
    } - {found["id"]}  # fmt: skip
    assert {rule["id"] for rule in found["read_by"]} == reading and reading


def test_a_day_picks_the_answers(capsys: Captured) -> None:
    found = data(capsys, "cpt.hydration-minimum", "--as-of", "2024-08-05")
    assert found["settings"][0]["answers"][0]["value"] == "31"


@pytest.mark.parametrize("id", ["cpt.push-walk", "claim.most-units-excess", "cpt.forms"])
def test_every_condition_and_row_is_told(id: str, capsys: Captured) -> None:
    found = data(capsys, id)
    rules = [r for r in Policy.load().library.rules if r.papers.id == id]
    bodied = [rule for rule in rules if rule.clause.body]
    assert len(found["logic"]) == len(bodied)
    assert sum(len(rows["rows"]) for rows in found["tables"]) == len(rules) - len(bodied)
    text = " ".join(explained(capsys, id).split())
    for logic in found["logic"]:
        assert logic["gives"] in text
        assert all(condition["text"] in text for condition in logic["conditions"])
    sources = {logic["source"] for logic in found["logic"]}
    assert sources == {rule.text for rule in bodied}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cpt.hydration-minimun"], "did you mean `cpt.hydration-minimum`?"),
        (["CPT.GAP"], "did you mean `cpt.gap`?"),
        (["nothing"], "there is no rule `nothing`; `infucode rules list` names them"),
        (["cpt.gap", "--policy", "medicar"], "did you mean `medicare`?"),
        (["cpt.gap", "--as-of", "x"], "`x` is not a date"),
        (["cpcp026.superseded"], "is no rule but a notice of policies/cpcp026/profile.toml: "),
    ],
)
def test_what_cannot_be_told(words: list[str], message: str, capsys: Captured) -> None:
    assert run(["policy", "explain", *words]) == 2
    assert message in capsys.readouterr().err


def test_plain_characters_only(capsys: Captured) -> None:
    text = explained(capsys, "cpt.push-walk", "--ascii")
    assert text.isascii() and re.search(r"\bholds? of\b", text)


def test_a_broken_case_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(policies_folder(), tmp_path / "mine", ignore=CACHES)
    broken = tmp_path / "mine" / "cpt" / "cases" / "broken.yaml"
    broken.write_text("- name: cpt.gap\n", encoding="utf-8")
    assert run(["policy", "explain", "cpt.gap", "--policies", "mine"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("without the cases of mine/cpt/cases/broken.yaml: they cannot be read")
