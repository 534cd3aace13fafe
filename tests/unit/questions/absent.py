"""Small documents of which something may be asked."""

from __future__ import annotations

from typing import Any


def run(
    drug: str, category: str, start: str | None, stop: str | None, **more: Any
) -> dict[str, Any]:
    """An infusion into a vein; None leaves a time out."""
    times = {"start": start, "stop": stop}
    return {
        "drug": drug, "category": category, "route": "iv", "technique": "infusion",
        **{name: value for name, value in times.items() if value is not None}, **more,
    }  # fmt: skip


def push(drug: str, start: str, **more: Any) -> dict[str, Any]:
    """A push of a therapeutic drug into a vein."""
    return {
        "drug": drug, "category": "therapeutic", "route": "iv", "technique": "push",
        "start": start, **more,
    }  # fmt: skip


def document(*admins: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A facility's document around administrations a1, a2, ..."""
    numbered = [{"id": f"a{n}", **admin} for n, admin in enumerate(admins, 1)]
    return {
        "id": "small", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
        "ends": "16:00", "administrations": numbered, **more,
    }  # fmt: skip
