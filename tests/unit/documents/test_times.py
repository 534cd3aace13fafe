"""Clock times: what is accepted, what is refused, and the help that shows the exact text."""

from __future__ import annotations

import pytest

from infucode.documents import parse_encounter
from infucode.errors import DocumentError
from tests.unit.documents.marked import document, only_problem, problems_of


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("10:05", 605),
        ('"10:05"', 605),
        ("00:00", 0),
        ("24:00", 1440),
        ("24:00:00", 1440),
        ("10:05:59", 605),
        ("2024-08-05T10:05", 605),
        ("2024-08-06T00:10", 1450),
        ("2024-08-06 00:10", 1450),
        ("2024-08-06T00:10:30.999Z", 1450),
        ("2024-08-06T00:10+05:00", 1450),
        ("2024-08-06T00:10-00:00", 1450),
        ("2024-08-05T24:00", 1440),
        ("2024-10-06T00:00", 62 * 1440),
    ],
)
def test_a_time_is_minutes_from_midnight_of_the_first_date(text: str, minute: int) -> None:
    assert parse_encounter(document(f"start: {text}")).administrations[0].start == minute


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("7:5", "`7:5` is not a time", "such as `07:05`"),
        ("7:05", "`7:05` is not a time", "such as `07:05`"),
        ("25:00", "`25:00` is not a time of day", "from 00:00 to 24:00"),
        ("23:60", "`23:60` is not a time of day", "from 00:00 to 24:00"),
        ("10:00:60", "`10:00:60` is not a time of day", "from 00:00 to 24:00"),
        ("24:01", "`24:01` is not a time of day", "from 00:00 to 24:00"),
        ("١٠:00", "`١٠:00` is not a time", "HH:MM"),
        ("10:00 pm", "`10:00 pm` is not a time of the 24-hour clock", "such as 14:05"),
        ("noon", "`noon` is not a time", "HH:MM"),
        ("600", "`600` is not a time", "HH:MM"),
        ("2024-08-04T23:00", "lies before the `date` of the document", "2024-08-05"),
        ("2024-10-06T00:01", "lies beyond the limit of 62 days", "at most 62 days"),
        ("2024-02-30T10:00", "`2024-02-30` is not a day of the calendar", "HH:MM"),
        ("2024-08-06T00:10+15:00", "has an impossible UTC offset", "-14:00 to +14:00"),
        ("2024-08-06T00:10+0500", "is not a time", "HH:MM"),
        ("2024-W32-1T10:00", "is not a time", "HH:MM"),
    ],
)
def test_a_wrong_time_is_refused(text: str, message: str, help: str) -> None:
    problem = only_problem(document(f"start: ▲{text}"))
    assert problem.field == "administrations[0].start"
    assert message in problem.message
    assert help in problem.help


@pytest.mark.parametrize(
    ("fields", "message", "help"),
    [
        pytest.param(
            "start: 22:30, stop: ▲00:10",
            "the stop `00:10` is before the start `22:30`",
            "write `2024-08-06T00:10`",
            id="past_midnight",
        ),
        pytest.param(
            "start: 2024-08-07T09:00, stop: ▲11:00",
            "the stop `11:00` is before the start `2024-08-07T09:00`",
            "write `2024-08-07T11:00`",
            id="stop_without_its_date",
        ),
        pytest.param(
            "start: 2024-08-07T09:00Z, stop: ▲2024-08-06T10:00Z",
            "is before the start",
            "`2024-08-07T10:00Z` for the stop",
            id="wrong_date",
        ),
        pytest.param(
            "start: 10:00, stop: ▲10:00",
            "the stop `10:00` is the start: a run of no minutes",
            "leave `stop` out",
            id="no_minutes",
        ),
        pytest.param(
            "start: 10:00, stop: 10:30, minutes: ▲31",
            "`31` minutes do not agree with start and stop",
            "are 30 minutes",
            id="minutes_disagree",
        ),
        pytest.param(
            "stop: 10:30, minutes: ▲31",
            "`minutes` stands beside a `stop` without a `start`",
            "write the `start`",
            id="minutes_and_stop",
        ),
        pytest.param(
            "segments: [{start: 10:00, stop: 11:00}], start: ▲10:00",
            "`start` stands beside `segments`",
            "keep either `start` or `segments`",
            id="segments_and_start",
        ),
        pytest.param(
            "segments: [{start: 10:00, stop: 11:00}, {start: ▲10:30, stop: 12:00}]",
            "the segment begins at `10:30`, before the last one ended",
            "ended at `2024-08-05T11:00`",
            id="segments_overlap",
        ),
        pytest.param(
            "segments: [{start: 10:00, stop: ▲10:00}]",
            "a run of no minutes",
            "leave the segment out",
            id="empty_segment",
        ),
        pytest.param(
            "segments: [▲{start: 10:00}]",
            "`stop` is missing from the segment",
            "add `stop:`",
            id="open_segment",
        ),
        pytest.param(
            "start: 2024-10-05T12:00, minutes: ▲721",
            "start and minutes end at 2024-10-06T00:01, beyond the limit",
            "62 days",
            id="derived_beyond",
        ),
        pytest.param(
            "start: 2024-08-05T10:00+01:00, stop: ▲2024-08-05T11:00+02:00",
            "has a UTC offset of its own, unlike `2024-08-05T10:00+01:00`",
            "one and the same offset",
            id="two_offsets",
        ),
        pytest.param(
            "start: 2024-08-05T10:00Z, stop: ▲11:00",
            "`11:00` has no UTC offset, unlike `2024-08-05T10:00Z`",
            "one and the same offset",
            id="offset_and_none",
        ),
    ],
)
def test_times_that_contradict_are_refused(fields: str, message: str, help: str) -> None:
    problem = only_problem(document(fields))
    assert message in problem.message
    assert help in problem.help


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("start: ▲10:01", "`2024-08-05T10:01` lies after the end of the stay"),
        ("start: 09:00, stop: ▲10:01", "`2024-08-05T10:01` lies after the end of the stay"),
        ("start: 09:00, minutes: ▲61", "`2024-08-05T10:01` lies after the end of the stay"),
        ("segments: ▲[{start: 09:00, stop: 10:01}]", "`2024-08-05T10:01` lies after"),
    ],
)
def test_nothing_runs_on_after_the_stay(fields: str, message: str) -> None:
    problem = only_problem(document(fields, head="ends: 10:00\n"))
    assert message in problem.message
    assert "the stay `ends` at `2024-08-05T10:00`" in problem.help


@pytest.mark.parametrize(
    "fields",
    [
        "start: 09:00, stop: 10:00, minutes: 60",
        "stop: 10:00",
        "start: 10:00",
        "minutes: 65",
        "start: 09:00, minutes: 60",
        "segments: []",
        "segments: [], start: 09:00",
        "segments: [{start: 09:00, stop: 09:30}, {start: 09:30, stop: 10:00}]",
        "start: 00:00, stop: 10:00",
    ],
)
def test_what_a_record_may_half_state_is_accepted(fields: str) -> None:
    parse_encounter(document(fields, head="ends: 10:00\n"))


@pytest.mark.parametrize("technique", ["push", "injection"])
def test_a_push_may_stop_as_it_starts(technique: str) -> None:
    text = document("start: 10:00, stop: 10:00").replace("infusion", technique)
    item = parse_encounter(text).administrations[0]
    assert (item.start, item.stop) == (600, 600)


def test_without_a_readable_date_plain_times_are_still_compared() -> None:
    text = document("start: 22:00, stop: 01:00").replace("2024-08-05", "yesterday")
    date, stop = problems_of(text)
    assert date.field == "date"
    assert stop.field == "administrations[0].stop"
    assert "`YYYY-MM-DDT01:00`" not in stop.message
    dated = document("start: 2024-08-06T22:00, stop: 01:00").replace("2024-08-05", "yesterday")
    assert [problem.field for problem in problems_of(dated)] == ["date"]


def test_no_service_after_the_end_of_the_stay() -> None:
    text = """\
id: x
claim: facility
place_of_service: "22"
date: 2024-08-05
ends: 2024-08-06T{end}
administrations: []
services: [{{id: s1, code: "99284", date: 2024-08-06}}, {{id: s2, code: "99285", date: {late}}}]
"""
    parse_encounter(text.format(end="00:00", late="2024-08-06"))
    with pytest.raises(DocumentError) as caught:
        parse_encounter(text.format(end="23:59", late="2024-08-07"))
    (problem,) = caught.value.problems
    assert problem.message == "the date of this service lies after the end of the stay"
    assert (problem.line, problem.column) == (7, 85)
