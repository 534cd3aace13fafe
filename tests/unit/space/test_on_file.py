"""`diff --on`: a file under two sides; counts add up, and each change is one of `solve`."""

from __future__ import annotations

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infucode import Policy, encounter_from_data
from infucode.batch.parts import Counts
from infucode.cli.app import run
from infucode.model.replay import Replay
from infucode.model.solution import claimed
from infucode.space import on_file
from infucode.space.on_file import Replayer
from infucode.space.sides import ready, side_of
from tests.docs.differences import known

POLICIES = Path(__file__).resolve().parents[3] / "policies"
DOCUMENTS = [
    {**kind["document"], "id": f"e{number}"}
    for number, kind in enumerate(known()["kinds"])
    if kind["services"] == 1
]
"""Witnesses of the plans' differences: each changes from the one plan to the other."""
BAD = ['{"id": "cut', '{"id": "bare", "claim": "facility"}']


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("on_file") / "visits.ndjson"
    lines = [json.dumps(document) for document in DOCUMENTS]
    path.write_text("\n".join([*lines[:2], *BAD, *lines[2:]]) + "\n", encoding="utf-8")
    return path


def replayed(file: Path, one: str, other: str, **options: Any) -> Replay:
    sides = ready([side_of(text, POLICIES) for text in (one, other)], None)
    return Replayer(sides, [str(file)], None).run(**options)


@cache
def policy(plan: str) -> Policy:
    return Policy.load(plan)


def test_what_changes_is_what_solve_answers_otherwise(file: Path) -> None:
    changed: list[Any] = []
    found = replayed(file, "cpcp026", "cpcp026:missing_stop=derive", each=changed.append)
    switches = {"missing_stop": "derive"}
    expected = []
    for document in DOCUMENTS:
        encounter = encounter_from_data(document)
        answers = [
            claimed(policy("cpcp026").solve(encounter, switches=own, explain=False).solution)
            for own in ({}, switches)
        ]
        if answers[0] != answers[1]:
            expected.append(document["id"])
    assert expected
    assert [one.id for one in changed if hasattr(one, "id")] == expected
    assert found.read == len(DOCUMENTS) + len(BAD)
    assert found.read == found.same + found.changed + found.rejected.total()
    assert found.rejected == Counter(document=len(BAD))
    assert found.outcomes.total() == found.same + found.changed
    assert found.complete


def test_counts_are_of_what_changes(file: Path) -> None:
    changed: list[Any] = []
    found = replayed(file, "cpcp026", "medicare", each=changed.append)
    own = [one for one in changed if hasattr(one, "items")]
    assert found.changed == len(own) == len(DOCUMENTS)
    codes = Counter(code.code for one in own for code in one.codes)
    assert {code: counts.encounters for code, counts in found.codes.items()} == codes
    items = sum(len(one.items) for one in own)
    assert sum(kind.items for kind in found.kinds.values()) == items
    for kind in found.kinds.values():
        assert kind.smallest is not None
        assert kind.item is None or kind.item in kind.smallest.items
        assert not set(kind.one) & set(kind.other) or kind.one == kind.other
    for rule in found.rules.values():
        assert rule.only_one + rule.only_other <= found.changed


def test_several_processes_and_other_forms_say_the_same(file: Path, tmp_path: Path) -> None:
    one = replayed(file, "cpcp026", "medicare", workers=2)
    single = tmp_path / "one.json"
    single.write_text(json.dumps(DOCUMENTS[0]), encoding="utf-8")
    other = replayed(single, "cpcp026", "medicare")
    assert (one.read, one.changed) == (len(DOCUMENTS) + len(BAD), len(DOCUMENTS))
    assert (other.read, other.changed) == (1, 1)


def test_equal_sides_change_nothing(file: Path) -> None:
    found = replayed(file, "cpcp026", "cpcp026")
    assert (found.changed, found.kinds, found.codes) == (0, {}, {})
    assert found.same == len(DOCUMENTS)


def test_a_run_that_is_interrupted_tells_what_it_has(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_file, "FIRST", 4)

    def told(_done: int, counts: Counts) -> None:
        if counts.read:
            raise KeyboardInterrupt

    found = replayed(file, "cpcp026", "medicare", told=told)
    assert not found.complete
    assert 0 < found.read < len(DOCUMENTS) + len(BAD)
    assert found.read == found.same + found.changed + found.rejected.total()


def test_a_run_out_of_time_tells_what_it_has(file: Path) -> None:
    found = replayed(file, "cpcp026", "medicare", seconds=0.0)
    assert not found.complete
    assert found.read


def test_the_command_writes_text_json_and_rows(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "changed.csv"
    asked = ["diff", "cpcp026", "medicare", "--on", str(file), "--jobs", "1"]
    assert run([*asked, "--list", str(rows), "--top", "2"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    number = len(DOCUMENTS)
    assert f"read {number + 2} = same 0 + changed {number} + rejected 2" in text
    assert "visits.ndjson:3: the JSON cannot be read" in text
    assert "1. " in text and "more; --top shows them" in text
    with rows.open(encoding="utf-8", newline="") as opened:
        told = list(csv.DictReader(opened))
    assert {row["encounter"] for row in told if row["fate"] == "changed"} == {
        document["id"] for document in DOCUMENTS
    }
    assert sum(row["fate"] == "rejected" for row in told) == 2
    assert run([*asked, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["read"], data["changed"], data["complete"]) == (number + 2, number, True)
    encounters = [kind["encounters"] for kind in data["tables"]["kinds"]]
    assert encounters == sorted(encounters, reverse=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--on", "none.ndjson"], "`none.ndjson` cannot be read"),
        (["--on", "visits.txt"], "is none of `.ndjson`"),
        (["--on", "-", "--services", "1"], "`--services` is about a space"),
        (["--list", "out.csv"], "`--list` is about a file of encounters"),
        (["--top", "3"], "`--top` is about a file of encounters"),
    ],
)
def test_what_does_not_go_together_is_refused(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "cpcp026", "medicare", *options]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_file_without_encounters_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.ndjson"
    path.write_text("\n", encoding="utf-8")
    assert run(["diff", "cpcp026", "medicare", "--on", str(path), "--jobs", "1"]) == 2
    assert "there is no encounter in" in capsys.readouterr().err
