"""Doses of one code that cannot both be right about its billing unit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infucode.batch.quick import read_quickly
from infucode.documents import encounter_from_data
from infucode.errors import DocumentError

Dose = dict[str, Any]
MG = {"per_unit": "250", "unit": "mg"}


def document(*doses: Dose, drugs: tuple[str, ...] = ("a drug", " A  Drug")) -> dict[str, Any]:
    """A visit with a push of each dose."""
    return {
        "id": "one", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
        "administrations": [
            {"id": f"a{n}", "drug": drugs[n % len(drugs)], "category": "therapeutic",
             "route": "iv", "technique": "push", "start": f"{n + 8:02}:00", "hcpcs": "J0696",
             "dose": {"administered": "250", **dose}}
            for n, dose in enumerate(doses)
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("doses", "said"), [
    ([MG, {**MG, "per_unit": "500"}], "one unit of J0696 is 500 mg here and 250 mg in `a0`"),
    ([MG, {**MG, "unit": "mL"}], "one unit of J0696 is 250 mL here and 250 mg in `a0`"),
    ([MG, {"per_unit": "500"}], "one unit of J0696 is 500 here and 250 mg in `a0`"),
    ([MG, {"per_unit": "1", "unit": "g"}, {"per_unit": "2", "unit": "G"}],
     "one unit of J0696 is 2 G here and 1 g in `a1`"),
])  # fmt: skip
def test_doses_that_contradict_each_other_are_refused(doses: list[Dose], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        encounter_from_data(document(*doses))
    assert [problem.message for problem in caught.value.problems] == [said]
    assert read_quickly(json.dumps(document(*doses)).encode(), "x") is None


@pytest.mark.parametrize("doses", [
    [MG, MG],
    [MG, {"per_unit": "250.0", "unit": " MG"}],
    [MG, {"per_unit": "250"}],
    [MG, {"per_unit": "0.25", "unit": "g"}],
    [MG, {"per_unit": "500", "unit": "mg", "hcpcs": "J0697"}],
    [MG, {}],
])  # fmt: skip
def test_doses_that_may_agree_are_taken(doses: list[Dose]) -> None:
    assert len(encounter_from_data(document(*doses)).administrations) == 2
    assert read_quickly(json.dumps(document(*doses)).encode(), "x") is not None


def test_other_drugs_of_an_unlisted_code_have_units_of_their_own() -> None:
    doses = document(MG, {**MG, "per_unit": "500"}, drugs=("one", "another"))
    assert encounter_from_data(doses).administrations[1].dose is not None
