"""When an administration ran, read for drawing only: nothing here decides a code."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.model.encounter import Administration, Encounter

TIMED = frozenset({"infusion", "pump", "on_body"})
VASCULAR = frozenset({"iv", "ia", "io"})
HOUR = 60
LONGEST = 62 * 24 * HOUR
"""No document is longer; a derived run beyond it has no end worth drawing."""


@dataclass(frozen=True, slots=True)
class Run:
    """The stretches to draw, and how far their end is known.

    ``end`` is ``stated``, ``derived`` (from minutes, or rate and volume), ``missing`` (drawn up
    to where it could reach) or ``none`` (a moment, not a stretch).
    """

    spans: tuple[tuple[int, int], ...]
    end: str


def run_of(item: Administration, encounter: Encounter) -> Run | None:
    """What to draw of it; None where the record has no clock time for its start."""
    if item.segments:
        return Run(item.segments, "stated")
    if item.start is None:
        return None
    if item.stop is not None:
        return Run(((item.start, item.stop),), "stated")
    minutes = _minutes(item)
    if minutes is not None:
        return Run(((item.start, item.start + minutes),), "derived")
    if item.technique in TIMED:
        return Run(((item.start, _bound(item.start, encounter)),), "missing")
    return Run(((item.start, item.start),), "none")


def _minutes(item: Administration) -> int | None:
    minutes = item.minutes
    if minutes is None and item.rate_ml_per_hour and item.volume_ml is not None:
        minutes = int(item.volume_ml * HOUR / item.rate_ml_per_hour)
    return minutes if minutes is not None and 0 <= minutes <= LONGEST else None


def _bound(start: int, encounter: Encounter) -> int:
    """The end of the stay, or else the next full hour."""
    if encounter.ends is not None and encounter.ends > start:
        return encounter.ends
    return (start // HOUR + 1) * HOUR
