"""Every id that a document names must exist, once."""

from __future__ import annotations

import pytest

from infucode.documents import parse_encounter
from tests.unit.documents.marked import RUN, document, only_problem, problems_of

SECOND = f"- {{id: a2, drug: x, {RUN}}}\n"


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        pytest.param(
            document(head="primary_reason: ▲a11\n"),
            "there is no administration `a11`",
            "did you mean `a1`? the document has `a1`",
            id="primary_reason",
        ),
        pytest.param(
            document(head="primary_reason: [a1, ▲zz]\n"),
            "there is no administration `zz`",
            "the document has `a1`",
            id="primary_reasons",
        ),
        pytest.param(
            document("concurrent_with: [▲zz]"),
            "there is no administration `zz`",
            "`a1`",
            id="with",
        ),
        pytest.param(
            document("concurrent_with: [▲a1]"),
            "`a1` is named as concurrent with itself",
            "name the other",
            id="with_itself",
        ),
        pytest.param(
            document("after: {administration: ▲zz, minutes: 5}"),
            "there is no administration `zz`",
            "`a1`",
            id="after",
        ),
        pytest.param(
            document("after: ▲{administration: a1, minutes: 5}"),
            "`a1` comes after itself",
            "must not form a ring",
            id="after_itself",
        ),
        pytest.param(
            document("after: ▲{administration: a1}", tail=SECOND).replace("a1}", "a2}"),
            "`minutes` is missing from the stated gap",
            "add `minutes:`",
            id="after_without_minutes",
        ),
        pytest.param(
            document(tail="claim_lines:\n- {id: L1, code: 96365, administrations: [▲zz]}\n"),
            "there is no administration `zz`",
            "`a1`",
            id="claim_line",
        ),
        pytest.param(
            document(tail="accesses:\n- {id: line-2, replaces: ▲line-3}\n"),
            "there is no access `line-3`",
            "did you mean `line-2`? known are `line-1`, `line-2`",
            id="replaces",
        ),
        pytest.param(
            document(tail="accesses:\n- {id: line-2, replaces: ▲line-2}\n"),
            "an access replaces itself",
            "name the access before it",
            id="replaces_itself",
        ),
        pytest.param(
            document(tail=SECOND.replace("a2", "▲a1")),
            "the id `a1` is used by another administration",
            "the first is on line 5",
            id="same_administration",
        ),
        pytest.param(
            document(tail="services:\n- {id: s, code: 99213}\n- {id: ▲s, code: 99214}\n"),
            "the id `s` is used by another service",
            "line 7",
            id="same_service",
        ),
        pytest.param(
            document(tail="claim_lines:\n- {id: 1, code: 99213}\n- {id: ▲'1', code: 99214}\n"),
            "the id `1` is used by another claim line",
            "line 7",
            id="same_claim_line",
        ),
        pytest.param(
            document(tail="accesses:\n- {id: x}\n- {id: ▲x}\n"),
            "the id `x` is used by another access",
            "line 7",
            id="same_access",
        ),
    ],
)
def test_a_wrong_reference_is_refused(text: str, message: str, help: str) -> None:
    problem = only_problem(text)
    assert message in problem.message
    assert help in problem.help


def test_a_ring_of_after_is_refused_at_each_of_its_members() -> None:
    tail = "".join(
        f"- {{id: {id}, drug: x, {RUN}, after: {{administration: {other}, minutes: 1}}}}\n"
        for id, other in (("b", "c"), ("c", "d"), ("d", "b"), ("e", "b"), ("f", "a1"))
    )
    found = problems_of(document(tail=tail))
    assert [problem.field for problem in found] == [
        f"administrations[{n}].after" for n in (1, 2, 3)
    ]


def test_a_ring_of_replaced_accesses_is_refused() -> None:
    tail = "accesses:\n- {id: x, replaces: y}\n- {id: y, replaces: x}\n"
    found = problems_of(document(tail=tail))
    assert [problem.field for problem in found] == [
        "accesses[0].replaces",
        "accesses[1].replaces",
    ]


def test_a_stated_gap_must_be_what_the_clock_shows() -> None:
    second = SECOND.replace("}", ", start: 11:30, after: ▲{administration: a1, minutes: %s}}")
    text = document("start: 10:00, stop: 11:00", tail=second)
    problem = only_problem(text % 60)
    assert problem.message == "a gap of 60 minutes is not what the clock shows"
    assert "30 (`2024-08-05T11:00` to `2024-08-05T11:30`)" in problem.help
    parse_encounter(text.replace("▲", "") % 30)


def test_no_dangling_reference_is_reported_where_an_id_is_missing() -> None:
    text = document("concurrent_with: [a2]", tail="- {drug: x, route: po}\n")
    assert [problem.message for problem in problems_of(text)] == [
        "`id` is missing from the administration"
    ]


def test_an_access_need_not_be_declared() -> None:
    tail = "accesses:\n- {id: line-2, replaces: line-9}\n"
    encounter = parse_encounter(document("access: line-9", tail=tail))
    assert encounter.administrations[0].access == "line-9"
    assert parse_encounter(document()).administrations[0].access == "line-1"
