"""The smallest document on which the two sides still differ in the same way."""

from __future__ import annotations

from collections.abc import Iterator

from tests.properties.agreement import Comparison
from tests.properties.sides import Difference, Doc

Smaller = tuple[Doc, dict[str, str]]
LEAST_FIELDS = ("id", "drug", "route", "technique", "category")
PLAIN = {"line_of_business": "commercial", "type_of_bill": "0131", "place_of_service": "11"}


def smallest(comparison: Comparison, found: Difference) -> Difference:
    """The difference with whatever can be taken away taken away, while one like it lasts."""
    current, likeness = found, found.features()
    shrinking = True
    while shrinking:
        shrinking = False
        for doc, switches in _smaller(current.doc, current.switches):
            try:
                other = comparison.difference(doc, switches)
            except Exception:
                continue  # what was taken away was needed
            if other is not None and other.features() & likeness:
                current, shrinking = other, True
                break
    return current


def _smaller(doc: Doc, switches: dict[str, str]) -> Iterator[Smaller]:
    yield from ((smaller, switches) for smaller in _fewer(doc, "administrations", 1))
    yield from ((smaller, switches) for smaller in _fewer(doc, "services", 0))
    for name in switches:
        yield doc, {key: value for key, value in switches.items() if key != name}
    for key in ("services", "primary_reason", "ends", "observation", "accesses", "provider_type"):
        if key in doc:
            yield {k: v for k, v in doc.items() if k != key}, switches
    for key, value in PLAIN.items():
        if doc.get(key, value) != value:
            yield doc | {key: value}, switches
    for listed in ("administrations", "services"):
        for number, item in enumerate(doc.get(listed) or ()):
            for key in item.keys() - set(LEAST_FIELDS) - {"code", "start"}:
                less = {k: v for k, v in item.items() if k != key}
                yield doc | {listed: _with(doc[listed], number, less)}, switches


def _fewer(doc: Doc, listed: str, least: int) -> Iterator[Doc]:
    items = doc.get(listed) or []
    if len(items) <= least:
        return
    for number in range(len(items)):
        left = items[:number] + items[number + 1 :]
        out = doc | {listed: left}
        if listed == "administrations" and "primary_reason" in doc:
            known = {item["id"] for item in left}
            stated = doc["primary_reason"]
            reasons = [stated] if isinstance(stated, str) else stated
            out["primary_reason"] = [reason for reason in reasons if reason in known]
        yield out


def _with(items: list[Doc], number: int, item: Doc) -> list[Doc]:
    return [*items[:number], item, *items[number + 1 :]]
