"""Administrations and documents to enumerate worlds from."""

from __future__ import annotations

from typing import Any

from .drawn import stamp

Doc = dict[str, Any]
Element = dict[str, Any]

TEN = 600


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
