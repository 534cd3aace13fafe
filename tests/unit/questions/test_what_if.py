"""What-if and sweep: the answers are those of documents that say so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infucode import Policy, encounter_from_data
from infucode.cli.app import run
from infucode.documents.dump import encounter_to_data
from infucode.errors import DocumentError, UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution, claimed
from infucode.questions.what_if import change_of, changed, steps, sweep

DOCUMENT = {
    "id": "one",
    "claim": "facility",
    "place_of_service": "22",
    "date": "2024-08-05",
    "administrations": [
        {
            "id": "a1", "drug": "ceftriaxone", "category": "therapeutic", "route": "iv",
            "technique": "infusion", "start": "10:00", "stop": "10:40", "access": "left",
        },
    ],
    "accesses": [{"id": "left"}],
}  # fmt: skip
POLICY = Policy.load("cpcp026")


def encounter() -> Encounter:
    return encounter_from_data(DOCUMENT)


def solve(one: Encounter) -> Solution:
    return POLICY.solve(one, explain=False).solution


def with_minutes(minutes: int) -> Encounter:
    data = encounter_to_data(encounter())
    del data["administrations"][0]["stop"]
    data["administrations"][0]["minutes"] = minutes
    return encounter_from_data(data)


def test_a_sweep_is_every_document_one_by_one() -> None:
    change, values = steps("a1.minutes=10..160")
    found = list(sweep(encounter(), change, values, solve))
    assert [(one.first, one.last) for one in found] == [
        ("10", "15"), ("16", "90"), ("91", "150"), ("151", "160"),
    ]  # fmt: skip
    assert sum(one.values for one in found) == len(values)
    for one in found:
        assert one.solution is not None
        for minutes in (int(one.first), int(one.last)):
            assert claimed(solve(with_minutes(minutes))) == claimed(one.solution)


def test_a_sweep_over_times_of_day_tells_what_is_refused() -> None:
    change, values = steps("a1.stop=09:58..10:20")
    found = list(sweep(encounter(), change, values, solve))
    assert [(one.first, one.last, bool(one.refused)) for one in found] == [
        ("09:58", "10:00", True), ("10:01", "10:15", False), ("10:16", "10:20", False),
    ]  # fmt: skip


def test_changes_are_made_together_and_leave_the_rest() -> None:
    texts = ["a1.drug=other", "a1.category=chemotherapy", "place_of_service=19", "a1.stop="]
    other = changed(encounter(), [change_of(text) for text in texts])
    (item,) = other.administrations
    assert (item.drug, item.category) == ("other", "chemotherapy")
    assert (item.start, item.stop) == (600, None)
    assert (other.place_of_service, other.claim) == ("19", "facility")
    assert encounter().administrations[0].drug == "ceftriaxone"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a1", "`a1` is no change"),
        ("=3", "`=3` is no change"),
        (".stop=3", "`.stop=3` is no change"),
    ],
)
def test_what_is_no_change_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        change_of(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a1.stop=3", "`a1.stop=3` is no range"),
        ("a1.minutes=9..1", "`9` comes after `1`"),
        ("a1.minutes=1..99999", "at most 5000 are tried"),
        ("a1.stop=10:00..25:00", "is no range"),
    ],
)
def test_what_is_no_range_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        steps(text)
    assert said in str(caught.value)


def test_what_no_document_may_say_is_refused() -> None:
    with pytest.raises(DocumentError, match="unknown key `stops`"):
        changed(encounter(), [change_of("a1.stops=11:00")])
    with pytest.raises(UsageError, match="the document has no `a2`; ids: a1, left"):
        changed(encounter(), [change_of("a2.stop=11:00")])


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return str(path)


def test_the_command_shows_both_answers(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", file, "--what-if", "a1.stop=11:31"]) == 0
    out = capsys.readouterr().out
    assert "as documented  96365\n" in out
    assert "what if        96365 + 96366\n" in out
    assert "The answer changes." in out
    assert run(["solve", file, "--what-if", "a1.stop=11:30", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["what_if"] == ["a1.stop = 11:30"]
    assert told["changed"] is False


def test_the_command_shows_a_sweep(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", file, "--sweep", "a1.minutes=88..93"]) == 0
    out = capsys.readouterr().out
    assert "AAABBB" in out
    assert "A  88-90  96365\n" in out
    assert "B  91-93  96365 + 96366\n" in out
    assert run(["solve", file, "--sweep", "a1.minutes=88..93", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["values"] for one in told["stretches"]] == [3, 3]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--what-if", "a1.stop=11:00", "--sweep", "a1.minutes=1..2"],
        ["--what-if", "a1.stop=11:00", "--format", "html"],
    ],
)
def test_questions_that_do_not_go_together(
    arguments: list[str], file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", file, *arguments]) == 2
    assert "`--what-if` and `--sweep`" in capsys.readouterr().err
