"""What the record behind a claim earns, by the coding oracle: one want list per code set."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.answer import Answer, code
from tests.oracle.drug_scope import bar_of, date_of
from tests.oracle.drugs import DrugAnswer, code_drugs, least_cover
from tests.oracle.unknowns import completions

Doc = dict[str, Any]
Key = tuple[str, str, bool]
"""Code, date, and whether the line is for waste."""
TWO_ROUTES = frozenset({"J0129"})
OPEN_DRUG = {"dose", "dose_step", "drug_code"}


@dataclass(frozen=True, slots=True)
class Item:
    """One line that the record earns."""

    code: str
    units: int
    modifiers: tuple[str, ...]
    date: str
    visit: int | None = None
    charge: str = ""
    administrations: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What it is matched by."""
        return (self.code, self.date, "JW" in self.modifiers)


@dataclass(slots=True)
class Want:
    """The lines of one key, added up; `marks` counts units by modifier."""

    units: int = 0
    lines: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """One code set: its items, and the codes that each administration earns."""

    items: tuple[Item, ...]
    by_administration: dict[str, frozenset[str]]

    def wants(self, optional: frozenset[tuple[str, str]]) -> dict[Key, Want]:
        """The items by key; `optional` are drugs and dates on which JZ may stand (S101)."""
        found: dict[Key, Want] = {}
        for item in self.items:
            want = found.setdefault(item.key, Want())
            want.units += item.units
            want.lines += 1
            want.marks.update(dict.fromkeys(item.modifiers, item.units))
            if (item.code, item.date) in optional:
                want.allowed = frozenset({"JZ"})
        return found


@dataclass(frozen=True, slots=True)
class Earned:
    """Everything that a claim is held against."""

    sets: tuple[CodeSet, ...]
    unjudged: frozenset[str]
    services: dict[str, tuple[Doc, ...]]
    undosed: frozenset[str]
    """Drug codes of administrations without a dose: the record cannot say what they earn."""
    every_drug_named: bool
    optional: frozenset[tuple[str, str]]
    held: dict[tuple[str, str], int]
    suppliers: dict[str, frozenset[str]]

    @property
    def complete(self) -> bool:
        """One code set, and nothing that could not be coded."""
        return len(self.sets) == 1 and not self.unjudged


def has_record(doc: Doc) -> bool:
    """There is something to hold the claim against."""
    return bool(doc.get("administrations") or doc.get("services"))


def earned_of(doc: Doc, settings: dict[str, str]) -> Earned | None:
    """What the record earns; None where there is no record."""
    if not has_record(doc):
        return None
    record = {key: value for key, value in doc.items() if key != "claim_lines"}
    record.setdefault("administrations", [])
    drugs = code_drugs(record, settings, TWO_ROUTES)
    answers = [code(whole, settings) for whole in completions(record, settings)]
    sets: dict[tuple[Item, ...], CodeSet] = {}
    for answer in answers:
        found = _code_set(record, answer, drugs)
        sets.setdefault(found.items, found)
    services: dict[str, tuple[Doc, ...]] = {}
    for service in record.get("services") or ():
        services[service["code"]] = (*services.get(service["code"], ()), service)
    return Earned(
        sets=tuple(sets.values()),
        unjudged=_unjudged(answers, drugs),
        services=services,
        undosed=frozenset(str(c) for a in _undosed(record) for c in [a.get("hcpcs")] if c),
        every_drug_named=all(_named(a) for a in record["administrations"]),
        optional=_optional(record, drugs),
        held=_held(record, settings, drugs),
        suppliers=_suppliers(record),
    )


def _code_set(record: Doc, answer: Answer, drugs: DrugAnswer) -> CodeSet:
    base = answer.base
    codes: dict[str, set[str]] = {}
    for id_, (kind, what) in base.items():
        head = base.get(what, ("", "")) if kind == "merged" else (kind, what)
        if head[0] == "line":
            codes.setdefault(id_, set()).add(head[1])
    items = [
        Item(code_, units, marks, day, visit, administrations=_givers(answer, code_, day, visit))
        for code_, units, marks, day, visit, _ in (*answer.lines, *answer.services)
    ]
    items += [Item(n.code, n.units, n.modifiers, n.date, charge=n.charge) for n in drugs.lines]
    for id_, (kind, what) in drugs.base.items():
        if kind == "line":
            codes.setdefault(id_, set()).add(what)
    by_id = {id_: frozenset(found) for id_, found in codes.items()}
    return CodeSet(tuple(sorted(items, key=_order)), by_id)


def _order(item: Item) -> tuple[Any, ...]:
    return (item.date, item.visit or 0, item.code, item.modifiers, item.units, item.charge)


def _givers(answer: Answer, code_: str, day: str, visit: int) -> tuple[str, ...]:
    """The administrations that the line is for, where only one line can be theirs."""
    same = [line for line in answer.lines if line[0] == code_]
    if len(same) != 1:
        return ()
    return tuple(sorted(id_ for id_, end in answer.base.items() if end == ("line", code_)))


def _unjudged(answers: list[Answer], drugs: DrugAnswer) -> frozenset[str]:
    """Administrations that could not be coded, and drugs whose units cannot be told."""
    found = {
        id_
        for answer in answers
        for id_, (kind, what) in answer.base.items()
        if kind == "cannot_tell" or (kind, what) == ("withheld", "no time at all")
    }
    return frozenset(found | {id_ for fact, id_ in drugs.asks if fact in OPEN_DRUG})


def _undosed(record: Doc) -> list[Doc]:
    return [admin for admin in record["administrations"] if "dose" not in admin]


def _named(admin: Doc) -> bool:
    return bool(admin.get("hcpcs") or (admin.get("dose") or {}).get("hcpcs"))


def _drug_code(admin: Doc) -> str:
    return str((admin.get("dose") or {}).get("hcpcs") or admin.get("hcpcs") or "")


def _optional(record: Doc, drugs: DrugAnswer) -> frozenset[tuple[str, str]]:
    ids = {id_ for why, id_ in drugs.warnings if why == "jz_optional"}
    return frozenset(
        (_drug_code(a), date_of(a, record)) for a in record["administrations"] if a["id"] in ids
    )


def _suppliers(record: Doc) -> dict[str, frozenset[str]]:
    """Who supplied each drug code that the record names."""
    found: dict[str, set[str]] = {}
    for admin in record["administrations"]:
        for name in {str(admin.get("hcpcs") or ""), _drug_code(admin)} - {""}:
            found.setdefault(name, set()).add(str(admin.get("supplied_by", "provider")))
    return {name: frozenset(who) for name, who in found.items()}


def _held(
    record: Doc, settings: dict[str, str], drugs: DrugAnswer
) -> dict[tuple[str, str], int]:
    """Whole units of the single-dose containers that may be billed (D6, decision 0012).

    A drug whose doses differ in step or supplier, or of which a container is a multi-dose one,
    is left out, and so is one of which something is asked.
    """
    groups: dict[tuple[str, str], list[Doc]] = {}
    for admin in record["administrations"]:
        if "dose" in admin and bar_of(admin, record, settings) is None:
            groups.setdefault((_drug_code(admin), date_of(admin, record)), []).append(admin)
    asked = {id_ for _, id_ in drugs.asks}
    found = {}
    for key, admins in groups.items():
        steps = {admin["dose"].get("per_unit") for admin in admins}
        if len(steps) > 1 or None in steps or any(a["id"] in asked for a in admins):
            continue
        if any(a.get("supplied_by") == "patient" for a in admins):
            continue
        room = _room(admins)
        if room is not None:
            found[key] = math.floor(room / Fraction(steps.pop()))
    return found


def _room(admins: Iterable[Doc]) -> Fraction | None:
    admins = list(admins)
    vials = [vial for a in admins for vial in a["dose"].get("containers") or ()]
    if not vials or any(vial["kind"] != "single_dose" for vial in vials):
        return None
    sizes = [Fraction(vial["size"]) for vial in vials for _ in range(vial["count"])]
    if sum(1 for a in admins if a["dose"].get("containers")) == 1:
        given = sum((Fraction(a["dose"].get("administered", "0")) for a in admins), Fraction(0))
        return least_cover(sizes, given)
    return sum(sizes, Fraction(0))
