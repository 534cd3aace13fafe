"""What-if and sweep: the answers are those of documents that say so."""

from __future__ import annotations

import json
from datetime import date as Date
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
DAY = Date(2024, 8, 5)
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
    change, values = steps("a1.minutes=10..160", DAY)
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
    change, values = steps("a1.stop=09:58..10:20", DAY)
    found = list(sweep(encounter(), change, values, solve))
    assert [(one.first, one.last, bool(one.refused)) for one in found] == [
        ("09:58", "10:00", True), ("10:01", "10:15", False), ("10:16", "10:20", False),
    ]  # fmt: skip


def test_a_sweep_goes_over_midnight() -> None:
    change, values = steps("a1.stop=23:58..2024-08-06T00:01", DAY)
    assert values == ["23:58", "23:59", "2024-08-06T00:00", "2024-08-06T00:01"]
    (only,) = sweep(encounter(), change, values, solve)
    assert (only.values, only.refused) == (4, "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a1.dose.administered=20.5", {"administered": "20.5", "unit": "mg"}),
        ("a1.dose.unit=", {"administered": "10"}),
        ("a1.dose={administered: '5', containers: [{size: '10', count: 2, kind: multi_dose}]}",
         {"administered": "5", "containers": [{"size": "10", "count": 2, "kind": "multi_dose"}]}),
    ],
)  # fmt: skip
def test_a_field_within_a_field_is_changed(text: str, told: object) -> None:
    data = encounter_to_data(encounter())
    data["administrations"][0]["dose"] = {"administered": "10", "unit": "mg"}
    one = encounter_from_data(data)
    (item,) = encounter_to_data(changed(one, [change_of(text)]))["administrations"]
    assert item["dose"] == told
    assert encounter_to_data(one) == encounter_to_data(encounter_from_data(data))


def test_what_holds_fields_is_made_where_it_is_not_there() -> None:
    texts = ["a1.documentation.order=yes", "switches.missing_stop=push", "a1.note='12'"]
    other = changed(encounter(), [change_of(text) for text in texts])
    assert other.administrations[0].documentation == (("order", True),)
    assert other.administrations[0].note == "12"
    assert dict(other.switches) == {"missing_stop": "push"}


def test_an_id_may_hold_dots() -> None:
    data = encounter_to_data(encounter())
    data["administrations"][0]["id"] = "a.1"
    other = changed(encounter_from_data(data), [change_of("a.1.stop=10:20")])
    assert other.administrations[0].stop == 620


def test_a_list_of_times_is_read_as_times() -> None:
    segments = "[{start: 10:00, stop: 10:20}, {start: 10:30, stop: 11:31}]"
    texts = ["a1.start=", "a1.stop=", f"a1.segments={segments}"]
    other = changed(encounter(), [change_of(text) for text in texts])
    assert other.administrations[0].segments == ((600, 620), (630, 691))


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
        ("a1.minutes=1..100000000000", "holds 100000000000 values; at most 5000"),
        ("a1.minutes=1.." + "9" * 5000, "is no range"),
        ("a1.stop=23:50..00:10", "a time of the next day as 2024-08-06T00:10"),
        ("a1.stop=2024-08-04T10:00..11:00", "is no range"),
    ],
)
def test_what_is_no_range_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        steps(text, DAY)
    assert said in str(caught.value)


def test_what_no_document_may_say_is_refused() -> None:
    with pytest.raises(DocumentError, match="unknown key `stops`"):
        changed(encounter(), [change_of("a1.stops=11:00")])
    with pytest.raises(UsageError, match="the document has no `a2`; ids: a1, left"):
        changed(encounter(), [change_of("a2.stop=11:00")])
    with pytest.raises(UsageError, match=r"`start` holds no fields.*a1\.start=\.\.\."):
        changed(encounter(), [change_of("a1.start.hour=11")])
    data = encounter_to_data(encounter())
    data["claim_lines"] = [{"id": "L1", "code": "96365", "units": "1"}]
    with pytest.raises(UsageError, match="`L1` is a line of the claim"):
        changed(encounter_from_data(data), [change_of("L1.units=2")])


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


def test_another_plan_is_asked_where_the_document_would_name_it(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = DOCUMENT | {"policy": "medicare", "line_of_business": "medicare"}
    (tmp_path / "two.json").write_text(json.dumps(data), encoding="utf-8")
    told = ["solve", str(tmp_path / "two.json"), "--format", "json"]
    assert run([*told, "--what-if", "policy=cpcp026"]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert [answers[name]["policy"]["id"] for name in ("before", "after")] == [
        "medicare", "cpcp026",
    ]  # fmt: skip
    assert answers["changed"]
    assert run([*told, "--what-if", "policy=cpcp026", "--policy", "medicare"]) == 0
    assert not json.loads(capsys.readouterr().out)["changed"]


def test_a_refusal_says_what_was_changed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", file, "--what-if", "a1.route=moon"]) == 5
    assert "one, a1.route = moon: `moon` is not a word" in capsys.readouterr().err


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
