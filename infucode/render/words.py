"""The words for the contract's own terms, and for one administration."""

from __future__ import annotations

from infucode.model.encounter import Administration, Encounter
from infucode.model.solution import Reason, Solution
from infucode.render.clock import DAY, clock, clock_range
from infucode.render.run import run_of

BASIS = {
    "stated": "stated by the source",
    "read": "our reading of the source",
    "stand_in": "the source is silent",
}
CLAIM = {"facility": "facility claim", "professional": "professional claim"}


def plain(term: str) -> str:
    """A term of the contract as a person writes it."""
    return term.replace("_", " ")


def counted(number: int, one: str, many: str = "") -> str:
    """``1 line``, ``2 lines``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def outcome_words(solution: Solution) -> str:
    """The outcome in plain words."""
    if solution.outcome == "ambiguous":
        return f"ambiguous: {counted(len(solution.code_sets), 'code set')}"
    if solution.outcome != "blocked":
        return plain(solution.outcome)
    if not solution.asks:
        return "cannot tell"
    return f"cannot tell: {counted(len(solution.asks), 'question')} below must be answered first"


def claim_words(encounter: Encounter) -> str:
    """The kind of claim and where it was done."""
    parts = [CLAIM.get(encounter.claim, plain(encounter.claim))]
    if encounter.type_of_bill is not None:
        parts.append(f"type of bill {encounter.type_of_bill}")
    if encounter.place_of_service is not None:
        parts.append(f"place of service {encounter.place_of_service}")
    if encounter.provider_type != "unknown":
        parts.append(plain(encounter.provider_type))
    if encounter.line_of_business != "unknown":
        parts.append(plain(encounter.line_of_business))
    if encounter.observation:
        parts.append("observation")
    return ", ".join(parts)


def source_words(reason: Reason) -> str:
    """The citation and the rule, in brackets."""
    return f"[{'; '.join(p for p in (reason.cite, reason.rule) if p)}]"


def is_dated(encounter: Encounter) -> bool:
    """Whether clock times need their date: the record reaches beyond the second day."""
    ends = [e for a in encounter.administrations for e in (a.start, a.stop) if e is not None]
    ends += [e for a in encounter.administrations for s in a.segments for e in s]
    return any(e > 2 * DAY for e in ends)


def when_words(item: Administration, encounter: Encounter) -> str:
    """When it ran, as far as the record says."""
    dated = is_dated(encounter)
    run = run_of(item, encounter)
    if run is None:
        return _clockless(item)
    spans = run.spans
    if run.end == "missing":
        return clock_range(spans[0][0], None, encounter.date, dated=dated) + ", no stop"
    if run.end == "none":
        return clock(spans[0][0], encounter.date, dated=dated)
    said = ", ".join(clock_range(a, b, encounter.date, dated=dated) for a, b in spans)
    return f"{said}, stop derived" if run.end == "derived" else said


def _clockless(item: Administration) -> str:
    parts = []
    if item.minutes is not None:
        parts.append(counted(item.minutes, "minute"))
    elif item.rate_ml_per_hour and item.volume_ml is not None:
        parts.append(f"{item.volume_ml} ml at {item.rate_ml_per_hour} ml/h")
    if item.stop is not None:
        parts.append("start not documented")
    if item.after is not None:
        parts.append(f"{counted(item.after.minutes, 'minute')} after {item.after.administration}")
    if item.concurrent_with:
        parts.append(f"together with {', '.join(item.concurrent_with)}")
    return ", ".join(parts)


def administration_words(id: str, encounter: Encounter) -> str:
    """``ceftriaxone 10:10-10:50 (a2)``, or only the id where the encounter does not hold it."""
    try:
        item = encounter.administration(id)
    except KeyError:
        return id
    when = when_words(item, encounter)
    if run_of(item, encounter) is None and when:
        when = f", {when}"
    elif when:
        when = f" {when}"
    return f"{item.drug}{when} ({id})"


def brief_words(id: str, encounter: Encounter, *, timed: bool = True) -> str:
    """``ceftriaxone 10:10``: an administration by drug and start, a service by its code."""
    try:
        item = encounter.administration(id)
    except KeyError:
        return next((s.code for s in encounter.services if s.id == id), id)
    run = run_of(item, encounter)
    if not timed:
        return item.drug
    if run is None:
        return f"{item.drug} ({id})"
    return f"{item.drug} {clock(run.spans[0][0], encounter.date, dated=is_dated(encounter))}"


def service_words(id: str, encounter: Encounter) -> str:
    """``service CODE (s1)``: the code as the record gave it."""
    code = next((s.code for s in encounter.services if s.id == id), "")
    return f"service {code} ({id})" if code else f"service {id}"
