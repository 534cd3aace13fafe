"""Plain data in and out."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from infucode.documents import encounter_from_data, encounter_to_data, parse_encounter
from infucode.errors import DocumentError, Problem
from tests.strategies_documents import Data, as_json, as_yaml, encounters_data

RELAXED = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@RELAXED
@given(encounters_data())
def test_what_is_written_out_reads_back_the_same(data: Data) -> None:
    encounter = encounter_from_data(data)
    written = encounter_to_data(encounter)
    assert encounter_from_data(written) == encounter
    assert encounter_to_data(encounter_from_data(written)) == written


@RELAXED
@given(encounters_data())
def test_yaml_json_and_data_give_equal_encounters(data: Data) -> None:
    encounter = encounter_from_data(data)
    assert parse_encounter(as_yaml(data)) == encounter
    assert parse_encounter(as_json(data), name="x.json") == encounter
    assert parse_encounter("\ufeff" + as_json(data).replace("\n", "\r\n")) == encounter


def base(**fields: Any) -> Data:
    item = {"id": "a1", "drug": "saline", "route": "iv", "technique": "infusion"} | fields
    return {"id": "e", "claim": "facility", "date": "2024-08-05", "administrations": [item]}


def test_dates_decimals_and_tuples_are_read() -> None:
    data = base(
        start=datetime.datetime(2024, 8, 5, 10, 0, 59),
        volume_ml=Decimal("1E+3"),
        intensity=("monitoring",),
        attended=True,
        hcpcs=96365,
    )
    data["date"] = datetime.date(2024, 8, 5)
    encounter = encounter_from_data(data)
    item = encounter.administrations[0]
    assert encounter.date == datetime.date(2024, 8, 5)
    assert (item.start, item.volume_ml, item.hcpcs) == (600, Decimal(1000), "96365")
    assert item.intensity == ("monitoring",)


def refused(data: object) -> Problem:
    with pytest.raises(DocumentError) as caught:
        encounter_from_data(data)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("<data>", 0, 0)
    return problem


@pytest.mark.parametrize(
    ("fields", "message", "help"),
    [
        ({"volume_ml": 0.1}, "`0.1` is a float, which is not exact", "text or as a Decimal"),
        ({"volume_ml": Decimal("NaN")}, "`NaN` is not an exact number", "digits"),
        ({"volume_ml": Decimal("1E+999999")}, "is not an exact number", "digits"),
        ({"minutes": 10**5000}, "is outside the range", "89280"),
        ({"minutes": True}, "`true` is a truth value", "quotes"),
        ({"note": b"x"}, "a value of the type `bytes` cannot be read", "give text"),
        ({"note": "a\x00b"}, "the text holds a NUL character", "without NUL"),
        ({"note": "\ud800"}, "holds U+D800", "whole character"),
        ({"attended": 1.0}, "`1.0` is neither yes nor no", "yes or no"),
        ({3: "x"}, "a key is a int, not text", "as text"),
        ({"": "x"}, "a key is empty", "as text"),
    ],
)
def test_wrong_data_is_refused(fields: dict[Any, Any], message: str, help: str) -> None:
    data = base()
    data["administrations"][0] |= fields
    problem = refused(data)
    assert message in problem.message
    assert help in problem.help
    assert problem.field.startswith("administrations[0]")


@pytest.mark.parametrize("data", [None, [], "x", 3, object()])
def test_data_that_is_no_mapping_is_refused(data: object) -> None:
    assert refused(data).help


def test_defaults_are_the_contracts_own() -> None:
    encounter = encounter_from_data(base())
    item = encounter.administrations[0]
    assert (encounter.line_of_business, encounter.provider_type) == ("unknown", "unknown")
    assert (item.access, item.visit, item.purpose) == ("line-1", 1, "treatment")
    assert (item.supplied_by, item.attended, item.stop) == ("provider", None, None)
