"""Outcome atoms as plain values, and the lines of a claim that they make.

Which code, how many units, which modifier and whether a line stands alone is decided by the
rules. Here equal keys are summed and lines are put in claim order, nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import clingo

from infucode.engine.facts import Names
from infucode.errors import PolicyError, Problem
from infucode.model.encounter import Encounter

FAR = 10**9


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome atom: its predicate, the rule that it names, and its other arguments."""

    kind: str
    rule: str
    arguments: tuple[str | int, ...]
    atom: clingo.Symbol


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """What a claim shows of a line; ``alone`` is the administration of a line of its own."""

    day: int
    visit: int
    access: str
    code: str
    modifiers: tuple[str, ...]
    alone: str = ""
    charge: str = ""
    """Money as text; empty where no rule sets it."""


@dataclass(slots=True)
class DraftLine:
    """A line with everything that contributed to it."""

    key: LineKey
    units: int = 0
    administrations: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    sources: list[Outcome] = field(default_factory=list)
    first: tuple[int, int, int, str] = (3, 0, FAR, "")

    @property
    def shown(self) -> tuple[object, ...]:
        """What makes two code sets equal or different: what the claim says."""
        key = self.key
        return key.day, key.visit, key.access, key.code, key.modifiers, key.charge, self.units


@dataclass(slots=True)
class Answer:
    """All outcomes of one world, by kind, and its lines in claim order."""

    outcomes: dict[str, list[Outcome]]
    lines: list[DraftLine]

    @property
    def claim(self) -> tuple[tuple[object, ...], ...]:
        """The code set as a value to compare."""
        return tuple(sorted(line.shown for line in self.lines))

    def of(self, kind: str) -> list[Outcome]:
        """The outcomes of one kind."""
        return self.outcomes.get(kind, [])


def read_answer(atoms: Iterable[clingo.Symbol], names: Names, encounter: Encounter) -> Answer:
    """The answer of one world."""
    outcomes: dict[str, list[Outcome]] = {}
    for atom in sorted(atoms):
        rule, *rest = atom.arguments
        outcome = Outcome(atom.name, rule.string, tuple(_value(s, names) for s in rest), atom)
        outcomes.setdefault(atom.name, []).append(outcome)
    return Answer(outcomes, lines_of(outcomes, encounter))


def _value(symbol: clingo.Symbol, names: Names) -> str | int:
    if symbol.type == clingo.SymbolType.Number:
        return symbol.number
    if symbol.type == clingo.SymbolType.String:
        return symbol.string
    return names.values.get(symbol, symbol.name)


def lines_of(outcomes: dict[str, list[Outcome]], encounter: Encounter) -> list[DraftLine]:
    marks = _Marks(outcomes)
    drafts: dict[LineKey, DraftLine] = {}
    for item in encounter_lines(outcomes, encounter, marks):
        key, units, administration, service, sources, first = item
        draft = drafts.setdefault(key, DraftLine(key))
        draft.units += units
        if administration and administration not in draft.administrations:
            draft.administrations.append(administration)
        if service:
            draft.services.append(service)
        draft.sources += [s for s in sources if s not in draft.sources]
        draft.first = min(draft.first, first)
    _require_units(drafts.values())
    position = {a.id: n for n, a in enumerate(encounter.administrations)}
    for draft in drafts.values():
        draft.administrations.sort(key=lambda id: (start_of(encounter, id), position[id]))
    return sorted(drafts.values(), key=_claim_order)


def _require_units(drafts: Iterable[DraftLine]) -> None:
    for draft in drafts:
        if draft.units < 1:
            message = f"`{draft.sources[0].rule}` gives {draft.units} units of {draft.key.code}"
            raise PolicyError(
                [Problem("<policy>", 0, 0, message, "derive a line only where units are left")]
            )


def _claim_order(line: DraftLine) -> tuple[object, ...]:
    key = line.key
    place = (not key.access, key.access)
    return key.day, key.visit, place, line.first, key.code, key.modifiers, key.alone


class _Marks:
    """Modifiers, own lines, accesses and initials by administration."""

    def __init__(self, outcomes: dict[str, list[Outcome]]) -> None:
        self.modifiers: dict[tuple[object, ...], list[Outcome]] = {}
        for outcome in outcomes.get("modifier", []):
            self.modifiers.setdefault(outcome.arguments[:2], []).append(outcome)
        for outcome in outcomes.get("modifier_on", []):
            self.modifiers.setdefault(outcome.arguments[:3], []).append(outcome)
        self.visit_modifiers: dict[object, list[Outcome]] = {}
        for outcome in outcomes.get("visit_modifier", []):
            self.visit_modifiers.setdefault(outcome.arguments[0], []).append(outcome)
        self.own = {o.arguments for o in outcomes.get("own_line", [])}
        self.access = {
            o.arguments[0]: str(o.arguments[1]) for o in outcomes.get("charged_access", [])
        }
        self.charges: dict[tuple[object, ...], list[Outcome]] = {}
        for outcome in outcomes.get("charge", []):
            self.charges.setdefault(outcome.arguments[:2], []).append(outcome)
        self.opens = {o.arguments[0] for o in outcomes.get("opens", [])}


Contribution = tuple[LineKey, int, str, str, list[Outcome], tuple[int, int, int, str]]


def encounter_lines(
    outcomes: dict[str, list[Outcome]], encounter: Encounter, marks: _Marks
) -> Iterable[Contribution]:
    """Each line outcome with its key, units, sources and place in claim order."""
    visits = {a.id: a.visit for a in encounter.administrations}
    for outcome in outcomes.get("line", []):
        id, part, code, units, day = outcome.arguments
        mods = [o for key in ((id, part), (id, part, day)) for o in marks.modifiers.get(key, [])]
        alone = str(id) if (id, part) in marks.own else ""
        charges = marks.charges.get((id, part), [])
        access = marks.access.get(id, "")
        charge = ", ".join(_sorted(charges))
        key = LineKey(
            int(day), visits[str(id)], access, str(code), _sorted(mods), alone, charge
        )
        rank = 0 if id in marks.opens else 1
        first = (rank, 0 if part == "delivery" else 1, start_of(encounter, str(id)), str(id))
        first = first if rank == 0 else (rank, 0, first[2], first[3])
        yield key, int(units), str(id), "", [outcome, *mods, *charges], first
    services = {s.id: s for s in encounter.services}
    for outcome in outcomes.get("service_line", []):
        id, code, units = outcome.arguments
        service = services[str(id)]
        mods = marks.visit_modifiers.get(id, [])
        key = LineKey(service.day or 0, service.visit, "", str(code), _sorted(mods), str(id))
        yield key, int(units), "", str(id), [outcome, *mods], (2, 0, 0, str(id))


def _sorted(modifiers: list[Outcome]) -> tuple[str, ...]:
    return tuple(sorted({str(m.arguments[-1]) for m in modifiers}))


def start_of(encounter: Encounter, id: str) -> int:
    """The minute at which an administration began; past all others without a clock time."""
    began = encounter.administration(id).began
    return FAR if began is None else began
