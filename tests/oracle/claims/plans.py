"""The settings of the coding oracle with the one switch that only claims read."""

from __future__ import annotations

from tests.oracle.plans import CPCP026, MEDICARE

CLAIM_PLANS: dict[str, dict[str, str]] = {
    "cpcp026": CPCP026 | {"edit_modifier": "column_two"},
    "medicare": MEDICARE | {"edit_modifier": "either"},
}
"""N3, W31: where the modifier that lifts a pair may stand."""

CLAIM_VALUES: dict[str, tuple[str, ...]] = {"edit_modifier": ("column_two", "either")}
