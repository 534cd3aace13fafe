"""Where the answer to a question is written down: the fields of the encounter document."""

from __future__ import annotations

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask

OF_ONE = {
    "stop": "`stop`",
    "start": "`start` and `stop`, or `minutes`",
    "clock_times": "`start` and `stop`",
    "gap": "`start`, or `after` with the minutes since the dose before",
    "category": "`category`",
    "technique": "`technique`",
    "via": "`via`",
    "lesions": "`lesions`",
    "supervision": "`supervision`",
    "pump_kind": "`kind` under `pump`",
    "pump_minutes": "`planned_minutes` under `pump`",
    "dose": "`administered` and `unit` under `dose`",
    "dose_step": "`per_unit` under `dose`",
    "containers": "`containers` and `discarded` under `dose`",
    "drug_code": "`hcpcs`",
    "order": "`order` under `documentation`",
    "waste_reason": "`waste_reason` under `documentation`",
}
"""By the kind of fact: fields of the administration that is asked about."""
OF_STAY = {
    "primary_reason": "`primary_reason`",
    "second_access_reason": "`reason` of the access, under `accesses`",
    "provider": "`provider` of the visit, under `services`",
}
"""Fields that stand elsewhere in the document."""


def answer_in(ask: Ask) -> str:
    """``stop of a7``, between accents; empty where the fact has no field of its own."""
    field = OF_ONE.get(ask.fact)
    if field is not None and ask.administration is not None:
        return f"{field} of {ask.administration}"
    return OF_STAY.get(ask.fact, "")


def end_unstated(ask: Ask, encounter: Encounter) -> str:
    """What else would leave fewer answers: the end of the stay, where nobody stated it."""
    if ask.fact != "stop" or encounter.ends is not None:
        return ""
    return "the end of the stay, stated as `ends`, would leave fewer of these"
