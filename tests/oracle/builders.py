"""Short hands for documents in the oracle's own tests."""

from __future__ import annotations

from typing import Any

from .coder import code
from .plans import CPCP026
from .worlds import document, shot

DAY1, DAY2 = "2024-08-05", "2024-08-06"
ther, chemo, fluid = "therapeutic", "chemotherapy", "hydration"


def iv(
    category: str, start: str, stop: str | None = None, drug: str = "alpha", **more: Any
) -> Any:
    """A clocked infusion, or a push where there is no stop."""
    out = {"category": category, "route": "iv", "drug": drug, "start": start, **more}
    if stop is None:
        return {"technique": "push", **out}
    return {"technique": "infusion", "stop": stop, **out}


def im(start: str, drug: str = "depot", **more: Any) -> Any:
    """An intramuscular injection of a therapeutic drug."""
    return {**shot("therapeutic"), "drug": drug, "start": start, **more}


def units(doc: dict[str, Any], plan: dict[str, str] = CPCP026, **switches: str) -> dict[str, int]:
    """Total units of each code."""
    out: dict[str, int] = {}
    for line in code(doc, plan | switches).lines:
        out[line[0]] = out.get(line[0], 0) + line[1]
    return out


def facility(*admins: Any, **more: Any) -> dict[str, Any]:
    """A hospital's document."""
    return document("t", "facility", list(admins), **more)


def office(*admins: Any, **more: Any) -> dict[str, Any]:
    """A physician office's document."""
    return document("t", "professional", list(admins), **more)
