"""Encounter documents in and out: YAML, JSON and plain data, with complete validation."""

from __future__ import annotations

from infucode.documents.dump import encounter_to_data
from infucode.documents.reading import encounter_from_data, load_encounter, parse_encounter

__all__ = ["encounter_from_data", "encounter_to_data", "load_encounter", "parse_encounter"]
