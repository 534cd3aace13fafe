"""`unlock`: smallest sets of absent facts, open questions, and nothing that is documented."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infucode.documents import encounter_from_data
from infucode.engine.facts import facts_of
from infucode.errors import PolicyError
from infucode.model.unlock import Unlocked
from infucode.policy import Policy
from infucode.questions import unlock_core
from infucode.questions.unlock import Asked
from infucode.questions.unlock_evidence import Silence, evidence_of
from infucode.questions.unlock_record import PUT, completed

from .absent import document, push, run

LEADING = re.compile(r"\bpay|\bbill(able|ed)?\b|reimburs|revenue|\d\d|at least|more than|longer")
"""Words and numbers that have no place in an open question."""
STAYS = {"access_reason", "primary_reason", "service_provider", "separately_identifiable"}


@cache
def policy() -> Policy:
    return Policy.load()


def asked(code: str, *admins: dict[str, Any], **more: object) -> Unlocked:
    most = more.pop("most", 3)
    assert isinstance(most, int)
    return policy().unlock(encounter_from_data(document(*admins, **more)), Asked(code, most=most))


def facts(found: Unlocked) -> list[list[tuple[str, str]]]:
    return [[(query.fact, query.about) for query in item.queries] for item in found.sets]


def test_a_missing_stop_is_asked_for_and_nothing_else() -> None:
    found = asked("96365", run("alpha", "therapeutic", "10:00", None), push("beta", "10:10"))
    assert found.state == "found"
    assert facts(found) == [[("stop", "a1")]]
    (query,) = found.sets[0].queries
    assert query.asks == "Is a stop time recorded for alpha 10:00?"
    assert query.values == ("from 10:16",)
    assert [reason.rule for reason in found.sets[0].because] == ["cpt.initial-facility"]
    assert all(reason.cite for reason in found.sets[0].because)


@pytest.mark.parametrize("code", ["96365", "96374"])
def test_either_side_of_a_threshold_has_its_class(code: str) -> None:
    found = asked(code, run("alpha", "therapeutic", "10:00", None))
    classes = found.sets[0].queries[0].values
    assert classes == {"96365": ("from 10:16",), "96374": ("10:01-10:15",)}[code]


def test_a_documented_stop_is_never_improved() -> None:
    found = asked("96360", run("saline", "hydration", "10:00", "10:28"))
    assert found.state in ("none", "never")
    assert found.sets == ()


def test_what_documentation_says_is_missing_is_contradicted() -> None:
    none = {"documentation": {"stop_time": False}}
    found = asked("96365", run("alpha", "therapeutic", "10:00", None, **none))
    assert found.sets == ()


def test_what_is_reported_already_needs_no_question() -> None:
    found = asked("96374", push("beta", "10:10"))
    assert (found.state, found.sets) == ("reported", ())


def test_one_code_set_of_several_is_not_reported_yet() -> None:
    found = asked("96366", run("alpha", "therapeutic", "10:00", None))
    assert found.outcome == "ambiguous"
    assert facts(found) == [[("stop", "a1")]]


def test_the_core_names_what_stands_in_the_way_and_nothing_needless() -> None:
    admins = (run("alpha", "therapeutic", "10:00", None), push("beta", "10:10"))
    found = asked("96413", *admins)
    assert found.state == "never"
    assert {item.fact for item in found.core} == {"category"}
    assert len(found.core) == len(admins)
    for number in range(len(admins)):
        left = [dict(admin) for admin in admins]
        del left[number]["category"]
        left[number]["technique"] = "infusion"
        assert asked("96413", *left).state != "never"


def test_a_core_that_takes_too_long_keeps_what_may_be_needless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admins = (run("alpha", "therapeutic", "10:00", None), push("beta", "10:10"))
    smallest = asked("96413", *admins)
    assert smallest.core_smallest
    for in_all in (0, 100, 300):
        monkeypatch.setattr(unlock_core, "MOST_STEPS_IN_ALL", in_all)
        found = asked("96413", *admins)
        assert (found.state, found.core_smallest) == ("never", False)
        assert set(found.core) >= set(smallest.core)
    monkeypatch.setattr(unlock_core, "MOST_STEPS_IN_ALL", 100_000)
    assert asked("96413", *admins) == smallest


def test_a_way_in_that_is_not_stated_is_asked_for() -> None:
    spinal = {"drug": "alpha", "category": "chemotherapy", "route": "intrathecal",
              "technique": "injection", "start": "10:00"}  # fmt: skip
    found = asked("96450", spinal)
    assert facts(found) == [[("via", "a1")]]
    assert found.sets[0].queries[0].values == ("puncture",)


def test_all_smallest_sets_are_found_and_none_that_holds_another() -> None:
    admins = [run(name, "therapeutic", "10:00", None) for name in ("alpha",)]
    admins += [run("beta", "therapeutic", "13:00", None)]
    found = asked("96365", *admins)
    assert facts(found) == [[("stop", "a1")], [("stop", "a2")]]


def test_no_set_is_larger_than_asked_for() -> None:
    spinal = {"drug": "alpha", "route": "intrathecal", "technique": "injection",
              "start": "10:00"}  # fmt: skip
    assert asked("96450", spinal, most=1).state == "none"
    both = asked("96450", spinal, most=2)
    assert facts(both) == [[("category", "a1"), ("via", "a1")]]


def test_an_answer_is_the_same_every_time() -> None:
    admins = (
        run("alpha", "therapeutic", "10:00", None),
        run("beta", "therapeutic", "11:00", None),
    )
    assert asked("96367", *admins) == asked("96367", *admins)


def test_questions_are_open() -> None:
    for evidence in evidence_of(policy().library.folder):
        text = evidence.question.lower()
        assert text.endswith("?")
        assert not LEADING.search(text), text


def test_every_declared_input_can_be_stated_in_a_document() -> None:
    vocabulary = {s[0]: p for s, p in policy().library.vocabulary.items()}
    elements = set(vocabulary["documented"].types[1].words)
    for evidence in evidence_of(policy().library.folder):
        declared = vocabulary[evidence.input]
        assert declared.kind == "input"
        assert "drug" not in {kind.name for kind in declared.types}
        assert evidence.input in PUT or evidence.input in STAYS
        assert not evidence.element or evidence.element in elements
        for word in ("with", "unless"):
            assert all(name in vocabulary for name in evidence.limits.get(word, ()))
        assert set(evidence.limits.get("routes", ())) <= set(vocabulary["route"].types[1].words)


def test_a_completed_document_only_gains_facts() -> None:
    admins = (run("alpha", None, "10:00", None), push("beta", "10:10"))  # type: ignore[arg-type]
    admins[0].pop("category")
    encounter = encounter_from_data(document(*admins))
    vocabulary = policy().library.vocabulary
    before = facts_of(encounter, vocabulary)
    program = policy().program(policy().rulebook(encounter.date))
    fields = Silence(program, encounter, before, policy().library.folder).fields()
    assert {field.signature[0] for field in fields} >= {"stop", "category"}
    for field in fields:
        for value in field.values[:2]:
            after = facts_of(completed(encounter, [(field, value)], before.names), vocabulary)
            new = {str(a) for _, a in after.signed} - {str(a) for _, a in before.signed}
            gone = {str(a) for _, a in before.signed} - {str(a) for _, a in after.signed}
            assert str(field.atom(value, vocabulary)) in new
            assert all(text.startswith("midnight") for text in gone)


def test_a_folder_without_its_evidence_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is not there"):
        evidence_of(tmp_path)
    (tmp_path / "evidence.toml").write_text('[[evidence]]\ninput = "stop"\nask = "?"\n')
    with pytest.raises(PolicyError, match="no key `ask`"):
        evidence_of(tmp_path)
