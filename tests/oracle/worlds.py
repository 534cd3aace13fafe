"""Encounters of the slice: small ones enumerated, larger ones drawn by Hypothesis."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from .drawn import encounters, stamp

__all__ = ["document", "encounters", "pairs", "singles", "small_world", "stamp", "triples"]

Doc = dict[str, Any]
Element = dict[str, Any]

TEN = 600
TIMINGS = ("gap_5", "gap_30", "gap_31", "part", "whole")
CLAIMS = ("facility", "professional")
REASONS = (None, "a1", "a2", "unsaid")  # None: a facility; unsaid: an office that gives none


def run(category: str, minutes: int) -> Element:
    """An IV infusion."""
    return {"category": category, "route": "iv", "technique": "infusion", "minutes": minutes}


def push(category: str, minutes: int | None = None) -> Element:
    """An IV push, with its length where one is charted."""
    base: Element = {"category": category, "route": "iv", "technique": "push"}
    return base if minutes is None else base | {"minutes": minutes}


def shot(category: str, route: str = "im") -> Element:
    """A SC or IM injection under direct supervision."""
    return {
        "category": category,
        "route": route,
        "technique": "injection",
        "supervision": "direct",
    }


ALONE: tuple[Element, ...] = (
    *(run("therapeutic", m) for m in (1, 15, 16, 30, 31, 60, 61, 90, 91, 150, 151, 211)),
    *(run("chemotherapy", m) for m in (1, 15, 16, 30, 31, 60, 61, 90, 91, 150, 151, 211)),
    *(run("hydration", m) for m in (1, 15, 16, 30, 31, 60, 61, 90, 91, 150, 151, 211)),
    *(run("electrolyte", m) for m in (15, 16, 30, 31, 91)),
    *(push(c, m) for c in ("therapeutic", "chemotherapy") for m in (None, 5, 15, 16, 31)),
    push("hydration"),
    *(shot(c, r) for c in ("therapeutic", "chemotherapy") for r in ("im", "sc")),
    shot("hormonal_antineoplastic"),
)

PAIRED: tuple[Element, ...] = (
    *(run("therapeutic", m) for m in (15, 16, 31, 91)),
    *(run("chemotherapy", m) for m in (15, 16, 91)),
    *(run("hydration", m) for m in (30, 31, 91)),
    push("therapeutic"),
    push("therapeutic", 20),
    push("chemotherapy"),
    shot("therapeutic"),
    shot("chemotherapy", "sc"),
)

THREES: tuple[Element, ...] = (
    run("therapeutic", 16),
    run("therapeutic", 91),
    run("chemotherapy", 91),
    run("hydration", 91),
    push("therapeutic"),
    push("chemotherapy"),
    shot("therapeutic"),
)


def document(name: str, claim: str, admins: list[Element], **more: Any) -> Doc:
    """A contract document around the administrations, which get their ids here."""
    place = {"type_of_bill": "0131"} if claim == "facility" else {"place_of_service": "11"}
    numbered = [{"id": f"a{n}", **admin} for n, admin in enumerate(admins, start=1)]
    return {
        "id": name,
        "claim": claim,
        **place,
        "line_of_business": "commercial",
        "date": "2024-08-05",
        "administrations": numbered,
        **more,
    }


def timed(element: Element, drug: str, start: int) -> Element:
    """The element with a drug and clock times."""
    minutes = element.get("minutes")
    out = {k: v for k, v in element.items() if k != "minutes"}
    out |= {"drug": drug, "start": stamp(start)}
    return out if minutes is None else out | {"stop": stamp(start + minutes)}


def second_start(first: Element, timing: str, start: int = TEN) -> int:
    """Where a second run begins, relative to a first that began at `start`."""
    length = int(first.get("minutes") or 0)
    if timing.startswith("gap_"):
        return start + length + int(timing[4:])
    return start + length // 2 if timing == "part" else start


def small_world() -> Iterator[Doc]:
    """Every encounter of one and of two administrations over boundary values."""
    yield from singles()
    yield from pairs()


def singles() -> Iterator[Doc]:
    """One administration, both claim types, and at midnight."""
    for number, (element, claim, start) in enumerate(
        itertools.product(ALONE, CLAIMS, (TEN, 1439))
    ):
        yield document(f"one-{number}", claim, [timed(element, "alpha", start)])


def pairs() -> Iterator[Doc]:
    """Two administrations: same drug or not, apart or together, one access or two.

    An office that does not say its reason is incomplete: judge it by `code_sets`.
    """
    for number, (one, two, same, timing, access, reason) in enumerate(
        itertools.product(
            PAIRED, PAIRED, (False, True), TIMINGS, (None, "protocol", "convenience"), REASONS
        )
    ):
        if same and one["category"] != two["category"]:
            continue
        veins = one["route"] == two["route"] == "iv"
        if access and (not veins or timing == "gap_5" or reason == "unsaid"):
            continue
        admins = [
            timed(one, "alpha", TEN),
            timed(two, "alpha" if same else "beta", second_start(one, timing)),
        ]
        more: Doc = {"primary_reason": reason} if reason in {"a1", "a2"} else {}
        if access:
            admins[1]["access"] = "line-2"
            more["accesses"] = [{"id": "line-2", "reason": access}]
        claim = "professional" if reason else "facility"
        yield document(f"two-{number}", claim, admins, **more)


def triples() -> Iterator[Doc]:
    """Three administrations on one access, of one, two or three drugs."""
    drugs = (("alpha", "beta", "gamma"), ("alpha", "beta", "alpha"), ("alpha", "alpha", "alpha"))
    spread = (("gap_5", "gap_5"), ("gap_31", "gap_30"), ("part", "part"), ("whole", "whole"))
    for number, (elements, names, timing, reason) in enumerate(
        itertools.product(itertools.product(THREES, repeat=3), drugs, spread, range(4))
    ):
        families = dict.fromkeys(zip(names, (e["category"] for e in elements), strict=True))
        if len(families) != len(set(names)):
            continue
        second = second_start(elements[0], timing[0])
        third = second_start(elements[1], timing[1], second)
        starts = (TEN, second, third)
        admins = [timed(e, d, s) for e, d, s in zip(elements, names, starts, strict=True)]
        more = {"primary_reason": f"a{reason}"} if reason else {}
        claim = "professional" if reason else "facility"
        yield document(f"three-{number}", claim, admins, **more)
