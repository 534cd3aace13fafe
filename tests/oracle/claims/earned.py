"""What the record behind a claim earns, by the coding oracle: one want list per code set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.answer import Answer, code
from tests.oracle.drug_scope import date_of
from tests.oracle.drugs import DrugAnswer, DrugLine, code_drugs
from tests.oracle.unknowns import completions

Doc = dict[str, Any]
Key = tuple[str, str, bool]
"""Code, date, and whether the line is for waste."""
Optional = frozenset[tuple[str, str]]
TWO_ROUTES = frozenset({"J0129"})
OPEN_DRUG = {"dose", "dose_step"}


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
    drug: bool = False

    @property
    def key(self) -> Key:
        """What it is matched by."""
        return (self.code, self.date, "JW" in self.modifiers)


@dataclass(slots=True)
class Want:
    """The lines of one key: their units added up, and the lines themselves."""

    units: int = 0
    items: list[Item] = field(default_factory=list)
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
            want.items.append(item)
            if (item.code, item.date) in optional:
                want.allowed = frozenset({"JZ"})
        return found


@dataclass(frozen=True, slots=True)
class Earned:
    """Everything that a claim is held against."""

    sets: tuple[CodeSet, ...]
    unjudged: frozenset[str]
    """The administrations of a visit with one that could not be coded: its code could change
    theirs."""
    open_visits: frozenset[int]
    """Those visits."""
    open_drugs: frozenset[tuple[str, str]]
    """Drug codes and dates of which an amount or a step is missing, or that were not coded:
    what is billed of them may be more."""
    services: dict[str, tuple[Doc, ...]]
    optional: frozenset[tuple[str, str]]
    """Drug codes and dates without any waste, on which JZ is optional (S101)."""
    named: frozenset[str]
    """The drug codes that the record names."""

    @property
    def complete(self) -> bool:
        """One code set, and nothing that could not be coded."""
        return len(self.sets) == 1 and not self.unjudged and not self.open_drugs

    @property
    def drug_codes(self) -> frozenset[str]:
        """What the record speaks of as a drug, by name or by a line that it earns."""
        lines = {item.code for one in self.sets for item in one.items if item.drug}
        return self.named | lines

    def certain(self, item: Item) -> bool:
        """Nothing that could not be coded can take the line away."""
        return item.visit not in self.open_visits

    def on(self, code_: str, day: str) -> list[list[Item]]:
        """The items of a code and date, for each code set."""
        key = (code_, day)
        return [[i for i in one.items if (i.code, i.date) == key] for one in self.sets]


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
    admins, untold = record["administrations"], _unjudged(answers)
    visits = frozenset(int(a.get("visit", 1)) for a in admins if a["id"] in untold)
    inside = [a for a in admins if int(a.get("visit", 1)) in visits]
    silent = untold | {id_ for fact, id_ in drugs.asks if fact in OPEN_DRUG}
    return Earned(
        sets=tuple(sets.values()),
        unjudged=frozenset(a["id"] for a in inside),
        open_visits=visits,
        open_drugs=frozenset(
            (name, date_of(a, record)) for a in admins if a["id"] in silent for name in _names(a)
        ),
        services=services,
        optional=_optional(record, drugs, settings),
        named=frozenset(name for a in record["administrations"] for name in _names(a)),
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
    items += [
        Item(n.code, n.units, n.modifiers, n.date, _visit(record, drugs, n), n.charge, drug=True)
        for n in drugs.lines
    ]
    for id_, (kind, what) in drugs.base.items():
        if kind == "line":
            codes.setdefault(id_, set()).add(what)
    by_id = {id_: frozenset(found) for id_, found in codes.items()}
    return CodeSet(tuple(sorted(items, key=_order)), by_id)


def _visit(record: Doc, drugs: DrugAnswer, line: DrugLine) -> int | None:
    """The visit of the dose that the drug line stands for; the first of several."""
    for admin in record["administrations"]:
        same = date_of(admin, record) == line.date
        if same and drugs.base.get(admin["id"]) == ("line", line.code):
            return int(admin.get("visit", 1))
    return None


def _order(item: Item) -> tuple[Any, ...]:
    return (item.date, item.visit or 0, item.code, item.modifiers, item.units, item.charge)


def _givers(answer: Answer, code_: str, day: str, visit: int) -> tuple[str, ...]:
    """The administrations that the line is for, where only one line can be theirs."""
    same = [line for line in answer.lines if line[0] == code_]
    if len(same) != 1:
        return ()
    return tuple(sorted(id_ for id_, end in answer.base.items() if end == ("line", code_)))


def _unjudged(answers: list[Answer]) -> frozenset[str]:
    """Administrations that could not be coded under some completion."""
    return frozenset(
        id_
        for answer in answers
        for id_, (kind, what) in answer.base.items()
        if kind == "cannot_tell" or (kind, what) == ("withheld", "no time at all")
    )


def _names(admin: Doc) -> set[str]:
    """The drug codes that an administration names."""
    return {str(c) for c in (admin.get("hcpcs"), (admin.get("dose") or {}).get("hcpcs")) if c}


def _optional(record: Doc, drugs: DrugAnswer, settings: dict[str, str]) -> Optional:
    """Drugs and dates on which JZ may stand: single-dose containers, no JW (S101, D4)."""
    if settings["jz_line"] != "optional":
        return frozenset()
    kinds: dict[str, set[str]] = {}
    for admin in record["administrations"]:
        containers = (admin.get("dose") or {}).get("containers") or ()
        for name in _names(admin):
            kinds.setdefault(name, set()).update(str(c["kind"]) for c in containers)
    wasted = {(n.code, n.date) for n in drugs.lines if "JW" in n.modifiers}
    lines = {(n.code, n.date) for n in drugs.lines} - wasted
    return frozenset(key for key in lines if kinds.get(key[0]) == {"single_dose"})
