"""Cases as worked examples: the facts of a visit in words, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from infucode.documents.dump import encounter_to_data
from infucode.model.encounter import Encounter
from infucode.render.manual_content import Example
from infucode.render.words import administration_words, claim_words, plain
from infucode.workbench.case import (
    Case,
    Expected,
    ExpectedCheck,
    ExpectedLine,
    ExpectedNotReported,
)

TOLD = ("id", "drug", "start", "stop", "segments", "minutes", "after", "concurrent_with")
"""Fields of an administration that the words of when and what it was say already."""
USUAL = {"access": "line-1", "visit": 1, "purpose": "treatment", "supplied_by": "provider"}
BARE = ("category", "route", "technique")
"""Fields whose words need no name beside them."""
ONE = "1"


def example_of(case: Case) -> Example:
    """The case in words."""
    source = case.source
    parts = [source.title, str(source.year or "")] if source is not None else []
    return Example(
        case.name,
        case.place,
        case.policy,
        tuple(facts_in_words(case.encounter, dict(case.switches))),
        tuple(expected_in_words(case.expected)) if case.expected is not None else (),
        case.fires,
        case.silent,
        case.why,
        ", ".join(part for part in parts if part),
    )


def facts_in_words(encounter: Encounter, switches: Mapping[str, str]) -> Iterator[str]:
    """The stay, each administration, access, service and claim line, one line for each."""
    data = encounter_to_data(encounter)
    head = f"{claim_words(encounter)}, {encounter.date}"
    rest = [("ends", data.get("ends")), ("key reason", data.get("primary_reason"))]
    if encounter.patient_age_years is not None:
        rest.append(("patient", f"{encounter.patient_age_years} years"))
    yield head + "".join(f"; {name} {_value(value)}" for name, value in rest if value)
    for item in data["administrations"]:
        yield _administration(item, encounter)
    for kind, name in (("accesses", "access"), ("services", "service")):
        for item in data.get(kind, ()):
            yield f"{name} {_rest(item, ())}"
    for item in data.get("claim_lines", ()):
        yield f"claimed: {_claimed(item)}"
    chosen = {**data.get("switches", {}), **switches}
    if chosen:
        yield f"with {', '.join(f'{name} = {value}' for name, value in chosen.items())}"


def _administration(item: Mapping[str, Any], encounter: Encounter) -> str:
    """`ceftriaxone 10:00-10:40 (a1): therapeutic, iv, infusion`."""
    bare = [plain(str(item[key])) for key in BARE if key in item]
    known: tuple[str, ...] = (*TOLD, *BARE)
    if "start" not in item and "segments" not in item:
        known = tuple(key for key in known if key != "stop")
    rest = _rest(item, known)
    told = ", ".join([*bare, rest] if rest else bare)
    return f"{administration_words(str(item['id']), encounter)}: {told}"


def _rest(item: Mapping[str, Any], told: Iterable[str]) -> str:
    shown = (
        (key, value) for key, value in item.items()
        if key not in told and USUAL.get(key) != value
    )  # fmt: skip
    return ", ".join(_field(key, value) for key, value in shown)


def _field(key: str, value: object) -> str:
    if isinstance(value, bool):
        return plain(key) if value else f"not {plain(key)}"
    if key in ("id", "code"):
        return str(value)
    return f"{plain(key)} {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{plain(str(k))} {_value(v)}" for k, v in value.items()) + ")"
    if isinstance(value, list):
        return " and ".join(_value(part) for part in value)
    return plain(str(value))


def _claimed(item: Mapping[str, Any]) -> str:
    code = "-".join((str(item["code"]), *item.get("modifiers", ())))
    units = f" ×{item['units']}" if str(item.get("units", ONE)) != ONE else ""
    rest = _rest(item, ("id", "code", "modifiers", "units"))
    return f"{item['id']} {code}{units}" + (f" ({rest})" if rest else "")


def expected_in_words(expected: Expected) -> Iterator[str]:
    """What must come of a visit, one line for each thing."""
    if expected.outcome:
        yield f"outcome: {expected.outcome}"
    if expected.lines is not None:
        lines = ", ".join(line_words(line) for line in expected.lines) or "no line"
        yield f"lines: {lines}" + ("" if expected.complete else ", and others")
    for number, code_set in enumerate(expected.code_sets or (), 1):
        told = ", ".join(line_words(line) for line in code_set) or "no line"
        yield f"code set {number}: {told}"
    if expected.absent:
        yield f"never: {', '.join(expected.absent)}"
    for item in expected.not_reported or ():
        yield f"not reported: {_not_reported(item)}"
    for ask in expected.asks or ():
        about = f" of {ask.administration}" if ask.administration else ""
        yield f"asked: {plain(ask.fact)}{about}"
    if expected.check is not None:
        yield from _check(expected.check)


def line_words(line: ExpectedLine) -> str:
    """`96372-59 ×2 on 2024-08-06`."""
    text = "-".join((line.code, *(line.modifiers or ())))
    text += f" ×{line.units}" if line.units != 1 else ""
    places = (("on", line.date), ("at visit", line.visit), ("through", line.access))
    return text + "".join(f" {word} {value}" for word, value in places if value is not None)


def _not_reported(item: ExpectedNotReported) -> str:
    what = item.administration or item.service or ""
    part = f", {plain(item.part)}" if item.part and item.part != "all" else ""
    return f"{what}{part} ({item.rule})"


def _check(check: ExpectedCheck) -> Iterator[str]:
    if check.outcome is not None:
        yield f"the claim: {check.outcome}"
    if check.lines:
        yield "its lines: " + ", ".join(f"{line} {state}" for line, state in check.lines)
    for found in check.violations or ():
        lines = f" of {' and '.join(found.lines)}" if found.lines else ""
        yield f"{found.severity or 'found'}: {found.rule}{lines}"
    if check.violations == ():
        yield "no violation"
    for item in check.omitted or ():
        code = "-".join((item.code, *(item.modifiers or ())))
        yield f"omitted: {code}" + (f" ×{item.units}" if item.units else "")
