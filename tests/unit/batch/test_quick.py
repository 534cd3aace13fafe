"""What is read quickly is what is read with its places; anything unusual is left to that."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.population import population
from infucode.batch.quick import read_quickly
from infucode.documents import parse_encounter
from infucode.errors import DocumentError
from infucode.model.encounter import Encounter
from tests.oracle.wide import wide, wide_open
from tests.strategies_documents import encounters_data

EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "60"))
RELAXED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
ODD: tuple[Any, ...] = (
    None, "", " ", "x ", 0, -1, 1, 2.5, True, [], {}, "10:05", "24:00", "9:05",
    "2024-08-06T00:10",
    "2024-08-05T10:05Z", "2030-01-01", "yes", "1", "01", "-0", "9" * 13, "J0696", "j0696", "\x00",
    "\ud800", "a\u2028b", "caf\u00e9", [1, 1], ["59", "59"], {"x": 1}, "x" * 1001,
)  # fmt: skip


def alike(text: bytes) -> bool:
    """Whether both readers agree; returns whether it was read quickly."""
    quick = read_quickly(text, "a.json")
    if quick is None:
        return False
    slow = parse_encounter(text, name="a.json")
    assert same(quick, slow)
    return True


def same(one: Encounter, two: Encounter) -> bool:
    return one == two and (one.file, one.claim_stated) == (two.file, two.claim_stated)


def test_drawn_documents_are_read_alike_and_mostly_quickly() -> None:
    docs = [*population(40), *map(wide, range(40)), *map(wide_open, range(20))]
    quick = [alike(json.dumps(doc).encode()) for doc in docs]
    assert all(quick[:40]) and sum(quick) > 60


@RELAXED
@given(encounters_data())
def test_documents_of_every_shape_are_read_alike(doc: dict[str, Any]) -> None:
    try:
        alike(json.dumps(doc, default=str).encode())
    except DocumentError as error:
        raise AssertionError("a document was read quickly that is refused") from error


@pytest.mark.parametrize("seed", range(EXAMPLES * 4))
def test_a_document_with_an_odd_value_is_read_alike_or_not_quickly(seed: int) -> None:
    source = random.Random(seed)
    doc = source.choice([next(iter(population(1, seed))), wide(seed)])
    part: Any = source.choice([doc, source.choice(doc["administrations"])])
    part[source.choice([*part, "note", "visit", "stop", "odd"])] = source.choice(ODD)
    text = json.dumps(doc, ensure_ascii=source.random() < 0.5)
    alike(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "text",
    (
        b"", b"null", b"[]", b"{}", b"{", b'{"id": "a", "id": "b"}', b'{"id": NaN}', b"\xff",
        b'{"id": 1e400}', b"[" * 5000,
    ),
)  # fmt: skip
def test_what_is_no_plain_document_is_not_read_quickly(text: bytes) -> None:
    assert read_quickly(text, "a.json") is None
