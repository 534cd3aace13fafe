"""The complete documents behind an incomplete one: every stop, every lawful key reason."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from .answer import analyse, code
from .clock import DAY, first_date, instant
from .lines import Line
from .scope import (
    FLUID,
    OTHER_FAMILIES,
    barred,
    category_of,
    family_of,
    is_drug,
    stay_outcome,
)
from .shared import shared_facts
from .slots import declared, open_initials
from .timing import Facts, lacks_stop


def open_stops(doc: dict[str, Any], settings: dict[str, str]) -> list[str]:
    """The infusions whose unknown stop can matter to any line."""
    return [a["id"] for a in doc["administrations"] if _matters(a, doc, settings)]


def _matters(admin: Facts, doc: Facts, settings: dict[str, str]) -> bool:
    """A run without a stop that is coded by its minutes, or that may hide hydration."""
    if not lacks_stop(admin, settings) or admin["route"] not in {"iv", "ia", "sc"}:
        return False
    if admin.get("assumed_minutes") is not None:
        return False
    if category_of(admin) in {None, "other", *OTHER_FAMILIES}:
        return False
    aside = admin.get("purpose") in {"keep_open", "diluent", "flush", "declot"}
    if aside and not is_drug(admin, settings):
        return False
    if stay_outcome(doc, settings) is not None or barred(doc):
        return False
    return not _asks_for_pump(admin, settings) or _beside_fluid(admin, doc, settings)


def _beside_fluid(admin: Facts, doc: Facts, settings: dict[str, str]) -> bool:
    """A drug whose visit has hydration to hide, whatever becomes of its own code (contract 1)."""
    visit = admin.get("visit", 1)
    return is_drug(admin, settings) and any(
        a["route"] == "iv" and category_of(a) is not None and family_of(a, settings) == FLUID
        for a in doc["administrations"]
        if a.get("visit", 1) == visit
    )


def _asks_for_pump(admin: Facts, settings: dict[str, str]) -> bool:
    """The code of the run hangs on the pump's own facts, which are asked for (0012)."""
    pump = admin.get("pump") or {}
    if admin["technique"] != "pump" or pump.get("planned_minutes"):
        return False
    if admin["route"] == "sc":
        return False
    other = pump.get("kind") == "elastomeric" and settings["elastomeric_pump"] == "other"
    return pump.get("kind") != "stationary" and not other


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
    own_reading = own_reading or _asks_for_pump(admin, settings)
    return admin | {"assumed_minutes" if own_reading else "minutes": minutes}


def stopped(doc: dict[str, Any], settings: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The document with every choice of its unknown stops."""
    doc = shared_facts(doc, settings)
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
    """The distinct lists of lines of all completions, services of the stay included."""
    answers = (code(whole, settings) for whole in completions(doc, settings))
    return {(*answer.lines, *answer.services) for answer in answers}
