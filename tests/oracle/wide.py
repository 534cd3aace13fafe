"""Encounters of the whole rulebook drawn from a seed: equal seeds give equal documents.

Fast and without Hypothesis, so that a long run can be cut into ranges of seeds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from .drawn import stamp
from .wide_kinds import BOUNDARY, THEMES, WITHHELD, Kind
from .wide_stay import accesses, place, services

Doc = dict[str, Any]

MOST = 12
OFFSETS = (0, 0, 5, 10, 15, 20, 30, 31, 45, 60, 61, 90, 180, 300)
BASES = (480, 480, 600, 600, 1290, 1400)
ONE_RUN = {"segments": 10, "derived": 12}
COUNTS = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 10, MOST)


@dataclass(slots=True)
class Draft:
    """What is known while an encounter is being drawn."""

    source: random.Random
    claim: str
    visit: int = 1
    base: int = 600
    last: int = 0
    accesses: list[str] = field(default_factory=lambda: ["line-1"])
    admins: list[Doc] = field(default_factory=list)

    def once_in(self, number: int) -> bool:
        """True once in `number` draws."""
        return self.source.randrange(number) == 0


def wide(seed: int) -> Doc:
    """One complete encounter of up to twelve administrations; stops are known."""
    return _encounter(random.Random(f"wide {seed}"), MOST, unknown_stops=0, reasons=True)


def wide_open(seed: int) -> Doc:
    """One small encounter that lacks a stop, a key reason, or both."""
    source = random.Random(f"open {seed}")
    stops = source.choice((0, 1, 1))
    return _encounter(source, 4, unknown_stops=stops, reasons=stops > 0 and bool(seed % 3))


def _encounter(source: random.Random, most: int, *, unknown_stops: int, reasons: bool) -> Doc:
    draft = Draft(source, source.choice(("facility", "facility", "professional")))
    draft.base = source.choice(BASES)
    kinds = source.choice(THEMES)
    count = min(most, source.choice(COUNTS))
    visits = source.choice((1, 1, 1, 2, 3)) if count > 2 else 1
    draft.accesses = accesses(source)
    for number in range(count):
        if number and visits > draft.visit and draft.once_in(3):
            draft.visit += 1
            draft.base = draft.last + source.choice((60, 120, 600))
        _add(draft, source.choice(kinds))
    _share(draft)
    _remove_stops(draft, unknown_stops)
    return _document(draft, reasons=reasons, open_end=unknown_stops > 0)


def _add(draft: Draft, kind: Kind) -> None:
    source = draft.source
    start = draft.base + source.choice(OFFSETS)
    id_ = f"a{len(draft.admins) + 1}"
    admin: Doc = {"id": id_, **kind.draw(source)}
    if draft.once_in(14):
        admin = {"id": id_, "drug": "aside", **source.choice(WITHHELD)}
    admin["start"] = stamp(start)
    technique = admin.get("technique")
    if technique in {"infusion", "pump"}:
        _run(draft, admin, start)
    elif technique in {"push", "injection"} and draft.once_in(2):
        length = source.choice((3, 5, 15, 16, 20, 35))
        admin["stop"] = stamp(start + length)
        draft.last = max(draft.last, start + length)
    if admin["route"] == "iv":
        admin["access"] = source.choice(draft.accesses)
    if draft.visit > 1:
        admin["visit"] = draft.visit
    _decorate(draft, admin)
    draft.admins.append(admin)
    draft.last = max(draft.last, start)


def _length(draft: Draft, admin: Doc) -> int:
    if admin["technique"] == "pump" and draft.once_in(2):
        return int(draft.source.choice((479, 480, 481, 600)))
    if draft.once_in(2):
        return draft.source.randint(1, 240)
    return int(draft.source.choice(BOUNDARY))


def _run(draft: Draft, admin: Doc, start: int) -> None:
    length = _length(draft, admin)
    if length >= 20 and draft.once_in(ONE_RUN["segments"]):
        half, pause = length // 2, draft.source.choice((5, 20, 40))
        pieces = [(start, start + half), (start + half + pause, start + length + pause)]
        admin["segments"] = [{"start": stamp(a), "stop": stamp(b)} for a, b in pieces]
        del admin["start"]
        draft.last = max(draft.last, start + length + pause)
        return
    if draft.once_in(ONE_RUN["derived"]):
        admin["minutes"] = length
    else:
        admin["stop"] = stamp(start + length)
    draft.last = max(draft.last, start + length)


def _decorate(draft: Draft, admin: Doc) -> None:
    source = draft.source
    if draft.once_in(14) and "purpose" not in admin:
        admin["purpose"] = source.choice(("premedication", "premedication", "test_dose", "flush"))
    if admin.get("category") == "hydration" and draft.once_in(8):
        admin["purpose"] = "protective_hydration"
    if admin.get("technique") in {"push", "injection"} and draft.once_in(8):
        admin["dose_group"] = f"{admin['drug']}-{admin['route']}-{draft.visit}"
    shot = admin["route"] in {"sc", "im"}
    if draft.once_in(3 if shot else 10):
        admin["supervision"] = source.choice(("direct", "general", "none"))


def _share(draft: Draft) -> None:
    """Now and then put two runs into one bag: same times, same access."""
    runs = [
        a
        for a in draft.admins
        if a.get("technique") == "infusion" and "stop" in a and "purpose" not in a
    ]
    if len(runs) < 2 or not draft.once_in(4):
        return
    one, two = draft.source.sample(runs, 2)
    if one["drug"] == two["drug"] or one["route"] != two["route"]:
        return
    if one.get("visit", 1) != two.get("visit", 1):
        return
    one["bag"] = two["bag"] = f"bag-{one['id']}"
    two |= {key: one[key] for key in ("start", "stop", "access") if key in one}


def _remove_stops(draft: Draft, count: int) -> None:
    runs = [
        a
        for a in draft.admins
        if a.get("technique") in {"infusion", "pump"} and "stop" in a and "bag" not in a
    ]
    draft.source.shuffle(runs)
    for admin in runs[:count]:
        del admin["stop"]
        if draft.once_in(3):
            admin |= {"volume_ml": draft.source.choice((100, 250, 500)), "rate_ml_per_hour": 150}


def _document(draft: Draft, *, reasons: bool, open_end: bool) -> Doc:
    source = draft.source
    doc: Doc = {
        "id": "wide",
        "claim": draft.claim,
        **place(source, draft.claim),
        "date": "2024-08-05",
        "administrations": draft.admins,
    }
    used = {str(a["access"]) for a in draft.admins if "access" in a}
    if used - {"line-1"}:
        doc["accesses"] = [{"id": "line-1"}, _second(source), _third(source)]
    end = draft.last + source.choice((5, 20, 40)) if open_end else None
    if end is not None:
        doc["ends"] = stamp(end)
    if reasons and draft.claim == "professional":
        doc["primary_reason"] = _reasons(draft)
    found = services(source, draft.claim, len({a.get("visit", 1) for a in draft.admins}))
    if found:
        doc["services"] = found
        for service in found:
            if end is not None and service.get("date", "") > f"2024-08-{5 + end // 1440:02d}":
                del service["date"]
    return doc


def _second(source: random.Random) -> Doc:
    reason = source.choice(("incompatible_drugs", "protocol", "condition", "convenience", None))
    if reason is None:
        return source.choice(
            ({"id": "line-2"}, {"id": "line-2", "reason": "restarted", "replaces": "line-1"})
        )
    return {"id": "line-2", "reason": reason}


def _third(source: random.Random) -> Doc:
    return source.choice(
        (
            {"id": "line-3", "reason": "restarted", "replaces": "line-2"},
            {"id": "line-3", "reason": "protocol"},
        )
    )


def _reasons(draft: Draft) -> list[str]:
    """One administration of each visit and access, drawn among those that go into a vein."""
    groups: dict[tuple[int, str], list[str]] = {}
    for admin in draft.admins:
        if admin["route"] == "iv" and admin["drug"] != "aside":
            key = (admin.get("visit", 1), admin.get("access", "line-1"))
            groups.setdefault(key, []).append(admin["id"])
    picked = [draft.source.choice(ids) for ids in groups.values()]
    return picked or [draft.admins[0]["id"]]
