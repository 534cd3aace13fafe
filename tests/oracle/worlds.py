"""Encounters to compare on: small ones enumerated, larger ones drawn."""

from __future__ import annotations

from .drawn import encounters, stamp
from .elements import document, push, run, shot
from .small import pairs, singles, small_world, triples
from .wide import wide, wide_open

__all__ = [
    "document",
    "encounters",
    "pairs",
    "push",
    "run",
    "shot",
    "singles",
    "small_world",
    "stamp",
    "triples",
    "wide",
    "wide_open",
]
