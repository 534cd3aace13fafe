"""The complete documents behind an incomplete one: every stop, every lawful key reason."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from .answer import analyse, code
from .clock import DAY, first_date, instant
from .doses import FLUID, OTHER_FAMILIES, family_of
from .lines import Line
from .slots import declared, open_initials
from .timing import lacks_stop


def open_stops(doc: dict[str, Any], settings: dict[str, str]) -> list[str]:
    """The infusions whose unknown stop can matter to any line."""
    return [a["id"] for a in doc["administrations"] if _matters(a, settings)]


def _matters(admin: dict[str, Any], settings: dict[str, str]) -> bool:
    if not lacks_stop(admin, settings) or admin["route"] != "iv":
        return False
    if admin.get("assumed_minutes") is not None or admin.get("category") in OTHER_FAMILIES:
        return False
    if admin.get("purpose", "treatment") in {"keep_open", "diluent", "flush", "declot"}:
        return False
    return admin.get("category") is not None


def stop_range(doc: dict[str, Any], admin: dict[str, Any]) -> range:
    """The lengths that an unknown run may have: one minute to `ends`, or to 24 hours."""
    if doc.get("ends") is None:
        return range(1, DAY + 1)
    base = first_date(doc)
    longest = instant(doc["ends"], base) - instant(admin["start"], base)
    return range(1, max(1, longest) + 1)


def with_stop(admin: dict[str, Any], minutes: int, settings: dict[str, str]) -> dict[str, Any]:
    """The administration with its run assumed; a reading of its own code is kept in force."""
    fluid = admin["category"] in {"hydration", "electrolyte"} and (
        family_of(admin, settings) == FLUID
    )
    reading = settings["missing_stop"]
    own_reading = reading == "withhold" or (reading == "push" and not fluid)
    return admin | {"assumed_minutes" if own_reading else "minutes": minutes}


def stopped(doc: dict[str, Any], settings: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The document with every choice of its unknown stops."""
    ids = open_stops(doc, settings)
    admins = doc["administrations"]
    lengths = [stop_range(doc, a) for a in admins if a["id"] in ids]
    for choice in itertools.product(*lengths):
        by_id = dict(zip(ids, choice, strict=True))
        yield doc | {
            "administrations": [
                with_stop(a, by_id[a["id"]], settings) if a["id"] in by_id else a for a in admins
            ]
        }


def completions(doc: dict[str, Any], settings: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Every complete document that the record allows; a complete one yields only itself."""
    for whole in stopped(doc, settings):
        enc, slots = analyse(whole, settings)
        heads = [[s.head.id for s in open_initials(enc, slot)] for slot in slots]
        choices = [ids for ids in heads if ids]
        if not choices:
            yield whole
            continue
        for picked in itertools.product(*choices):
            yield whole | {"primary_reason": [*declared(enc), *picked]}


def code_sets(doc: dict[str, Any], settings: dict[str, str]) -> set[tuple[Line, ...]]:
    """The distinct lists of lines of all completions."""
    return {code(whole, settings).lines for whole in completions(doc, settings)}
