"""One encounter asked again and again: the answers, reasons and errors are those of `Policy`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infucode import Policy, encounter_from_data, load_encounter
from infucode.errors import DocumentError, UsageError
from infucode.model.encounter import Encounter
from infucode.questions.what_if import change_of, changed, steps, sweep
from infucode.space.asking_again import AskingAgain, read

EXAMPLE = Path(__file__).resolve().parents[3] / "benchmarks" / "three.yaml"
POLICY = Policy.load("cpcp026")
CHANGES = (
    "a1.minutes=15", "a1.minutes=16", "a1.minutes=91", "a1.stop=", "a1.category=chemotherapy",
    "a1.route=sc", "a1.technique=push", "claim=professional", "place_of_service=11",
    "date=2023-02-01", "a1.drug=other", "a1.start=", "a1.minutes=92", "id=two",
)  # fmt: skip


def encounter() -> Encounter:
    return load_encounter(str(EXAMPLE))


def asking(**options: Any) -> AskingAgain:
    return AskingAgain(POLICY, encounter(), questions=100, **options)


@pytest.mark.parametrize("explain", [False, True])
def test_each_change_is_answered_as_policy_answers_it(explain: bool) -> None:
    """One after another, so that what is remembered of one change meets the next."""
    again = asking()
    told = set()
    for text in CHANGES:
        try:
            other = again.changed([change_of(text)])
        except DocumentError:
            with pytest.raises(DocumentError):
                changed(encounter(), [change_of(text)])
            continue
        assert other == changed(encounter(), [change_of(text)])
        found = again.solve(other, explain=explain)
        assert found == POLICY.solve(other, explain=explain).solution, text
        told.add(found.code_sets)
    assert len(told) > 4
    assert again.quick > 8


@pytest.mark.parametrize(
    "options",
    [{"strict": True}, {"switches": {"missing_stop": "push"}}, {"as_of": "2020-01-01"}],
)
def test_the_options_are_kept(options: Mapping[str, Any]) -> None:
    own = dict(options)
    if "as_of" in own:
        own["as_of"] = encounter().date.replace(year=2020)
    assert asking(**own).solve(encounter()) == (
        POLICY.solve(encounter(), explain=False, **own).solution
    )


def test_an_unknown_switch_is_refused_as_ever() -> None:
    with pytest.raises(UsageError, match="missing_stop"):
        asking(switches={"missing_stops": "push"}).solve(encounter())


def test_a_sweep_is_the_same_with_a_function_and_without() -> None:
    change, values = steps("a1.minutes=60..105", encounter().date)
    again = asking()
    few = AskingAgain(POLICY, encounter(), questions=2)
    assert list(sweep(encounter(), change, values, again.solve, read)) == list(
        sweep(encounter(), change, values, few.solve)
    )
    assert (again.quick, few.quick) == (len(values), 0)


def test_what_is_read_quickly_is_refused_with_the_same_words() -> None:
    data = {"id": "x", "claim": "facility", "date": "2024-08-05", "administrations": [{"id": 3}]}
    with pytest.raises(DocumentError) as quick:
        read(data)
    with pytest.raises(DocumentError) as slow:
        encounter_from_data(data)
    assert str(quick.value) == str(slow.value)
