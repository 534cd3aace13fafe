"""The answers of two plans to every switch of contract section 4, and the values allowed."""

from __future__ import annotations

CPCP026: dict[str, str] = {
    "missing_stop": "ask",
    "same_drug_repeat": "sum",
    "partial_overlap": "majority",
    "initial_scope": "encounter_access",
    "second_visit": "new_initial",
    "midnight": "continue",
    "midnight_dating": "start",
    "hydration_minimum": "31",
    "push_over_15": "push",
    "bolus_then_drip": "fold",
    "hydration_segments": "sum",
    "concurrent_chemo": "unlisted",
    "complex_biologic_family": "by_table",
    "em_with_96372": "deny_injection",
    "repeat_96372": "line_59",
    "second_access_modifier": "59",
    "return_visit_modifier": "59",
    "unsupervised_injection": "99211",
    "jw_lines": "two",
    "jz_line": "optional",
    "protective_hydration": "payable",
    "push_minutes_off_hydration": "no",
    "therapeutic_electrolyte": "hydration",
    "same_drug_gap": "over_30",
    "patient_supplied_price": "0.00",
    "tie_break": "longest",
    "no_primary_reason": "ask",
    "no_clock": "list_order",
    "addon_beside_nonlisted_primary": "withhold",
    "transfusion_premedication": "payable",
    "prolonged_pump_code": "96416",
}

MEDICARE: dict[str, str] = CPCP026 | {
    "missing_stop": "derive",
    "em_with_96372": "allow_25",
    "repeat_96372": "units",
    "unsupervised_injection": "none",
    "jz_line": "required",
    "no_clock": "ask",
    "prolonged_pump_code": "G0498",
}

PLANS: dict[str, dict[str, str]] = {"cpcp026": CPCP026, "medicare": MEDICARE}

VALUES: dict[str, tuple[str, ...]] = {
    "missing_stop": ("ask", "derive", "push", "withhold"),
    "same_drug_repeat": ("sum", "each", "push_same_drug"),
    "partial_overlap": ("majority", "subtract", "any"),
    "initial_scope": ("encounter_access", "encounter", "patient_date"),
    "second_visit": ("new_initial", "one_initial"),
    "midnight": ("continue", "reset"),
    "midnight_dating": ("start", "hour", "split"),
    "hydration_minimum": ("31", "16"),
    "push_over_15": ("push", "infusion"),
    "bolus_then_drip": ("fold", "separate"),
    "hydration_segments": ("sum", "each_31"),
    "concurrent_chemo": ("unlisted", "sequential"),
    "complex_biologic_family": ("by_table", "chemo", "therapeutic"),
    "em_with_96372": ("deny_injection", "allow_25"),
    "repeat_96372": ("line_59", "units", "line_76", "line_xs"),
    "second_access_modifier": ("59", "XS", "XU"),
    "return_visit_modifier": ("59", "XE"),
    "unsupervised_injection": ("99211", "none"),
    "protective_hydration": ("payable", "integral"),
    "push_minutes_off_hydration": ("yes", "no"),
    "therapeutic_electrolyte": ("therapeutic", "hydration"),
    "same_drug_gap": ("over_30", "at_least_30"),
    "tie_break": ("longest", "first", "declared"),
    "no_primary_reason": ("ask", "facility_rank"),
    "addon_beside_nonlisted_primary": ("initial_59", "withhold"),
    "transfusion_premedication": ("payable", "integral"),
}
"""The switches that the slice reads, each with all its values."""
