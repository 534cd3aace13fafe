"""Drug lines: units, waste, JW and JZ, from decision 0012 and the rule map alone.

Amounts are exact fractions. Whether the administration itself earns a line does not matter here;
what bars the drug line along with it does (`drug_scope.py`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .drug_scope import Facts, bar_of, date_of, moment_of
from .plans import PLANS

DRUG_PLANS = PLANS
DRUG_VALUES: dict[str, tuple[str, ...]] = {
    "jw_lines": ("two", "one", "none"),
    "jz_line": ("optional", "required", "none"),
    "jz_below_unit": ("jz", "none"),
    "patient_supplied_price": ("0.00", "0.01"),
    "fluid_bag": ("integral", "chargeable"),
    "route_modifier": ("none", "required"),
}
UNLISTED = {"J3490", "J3590", "J9999", "C9399"}
ROUTE_MARK = {"iv": "JA", "sc": "JB"}

Outcome = tuple[str, str]
Key = tuple[str, tuple[str, ...], str, str]
"""Code, modifiers, charge and date of a line."""


@dataclass(frozen=True, slots=True)
class DrugLine:
    """One line of the claim: a drug given, or the part of it that was thrown away."""

    code: str
    units: int
    modifiers: tuple[str, ...]
    charge: str
    date: str


@dataclass(slots=True)
class DrugAnswer:
    """The drug lines, one outcome for the drug of each administration, asks and warnings."""

    lines: tuple[DrugLine, ...] = ()
    base: dict[str, Outcome] = field(default_factory=dict)
    """line, merged (into), withheld, asked; or absent: no dose is stated"""
    asks: set[tuple[str, str]] = field(default_factory=set)
    warnings: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Given:
    """One stated dose with its billing key; None where the record is silent."""

    id: str
    drug: str
    code: str | None
    step: Fraction | None
    amount: Fraction | None
    discarded: Fraction | None
    single: tuple[Fraction, ...]
    multi: tuple[Fraction, ...]
    route: str
    patient: bool
    date: str
    order: tuple[int, int]

    @property
    def identity(self) -> tuple[str | None, str]:
        """What makes drugs one drug: the code, and the name where the code says nothing."""
        return (self.code, self.drug if self.code in UNLISTED else "")

    @property
    def gaps(self) -> set[str]:
        """What has to be asked before anything can be reported."""
        found = {"dose": self.amount, "dose_step": self.step, "drug_code": self.code}
        return {fact for fact, value in found.items() if value is None}


def code_drugs(
    doc: Facts, settings: dict[str, str], two_routes: Iterable[str] = ()
) -> DrugAnswer:
    """The drug lines of a document; `two_routes` are the codes that take JA and JB."""
    answer = DrugAnswer()
    doses: list[Given] = []
    for index, admin in enumerate(doc["administrations"]):
        if "dose" not in admin:
            continue
        bar = bar_of(admin, doc, settings)
        if bar is not None:
            answer.base[admin["id"]] = ("withheld", bar)
        else:
            doses.append(_given(admin, doc, index))
    lines: list[DrugLine] = []
    for group in _groups(answer, doses):
        lines += _Drug(group, settings, frozenset(two_routes), answer).lines()
    answer.lines = _summed(lines)
    return answer


def _given(admin: Facts, doc: Facts, index: int) -> Given:
    dose = admin["dose"]
    vials = [(Fraction(c["size"]), c["count"], c["kind"]) for c in dose.get("containers") or ()]

    def amount(name: str) -> Fraction | None:
        return Fraction(dose[name]) if name in dose else None

    def opened(kind: str) -> tuple[Fraction, ...]:
        return tuple(size for size, count, of in vials if of == kind for _ in range(count))

    return Given(
        id=admin["id"],
        drug="".join(str(admin["drug"]).lower().split()),
        code=dose.get("hcpcs") or admin.get("hcpcs"),
        step=amount("per_unit"),
        amount=amount("administered"),
        discarded=amount("discarded"),
        single=opened("single_dose"),
        multi=opened("multi_dose"),
        route=admin["route"],
        patient=admin.get("supplied_by") == "patient",
        date=date_of(admin, doc),
        order=(moment_of(admin, doc), index),
    )


def _groups(answer: DrugAnswer, doses: list[Given]) -> list[list[Given]]:
    """The doses of each billed drug and date; a drug with an unanswered question has none."""
    open_doses = [dose for dose in doses if dose.gaps]
    for dose in open_doses:
        answer.asks |= {(fact, dose.id) for fact in dose.gaps}
    groups: dict[tuple[Any, ...], list[Given]] = {}
    for dose in sorted(doses, key=lambda d: d.order):
        if dose.gaps or any(_leaves_open(other, dose) for other in open_doses):
            answer.base[dose.id] = ("asked", "an amount, a unit or a code is missing")
            continue
        key = (dose.identity, dose.step, dose.patient, dose.date)
        groups.setdefault(key, []).append(dose)
    return list(groups.values())


def _leaves_open(unknown: Given, dose: Given) -> bool:
    """The drug of `dose` is the one of which an amount or a step is not known."""
    if (unknown.patient, unknown.date) != (dose.patient, dose.date):
        return False
    if unknown.code is None or unknown.identity != dose.identity:
        return unknown is dose
    return unknown.step is None or unknown.step == dose.step


def least_cover(opened: Iterable[Fraction], amount: Fraction) -> Fraction | None:
    """The least sum of opened containers that covers an amount (D6); None where none does."""
    sums = {Fraction(0)}
    for size in opened:
        sums |= {total + size for total in sums}
    return min((total for total in sums if total >= amount), default=None)


class _Drug:
    """One billed drug of one date, with everything that the record says of its doses."""

    def __init__(
        self,
        doses: list[Given],
        settings: dict[str, str],
        two_routes: frozenset[str],
        answer: DrugAnswer,
    ) -> None:
        self.doses, self.settings, self.answer = doses, settings, answer
        self.head = doses[0]
        self.code = str(self.head.code)
        self.step = self.head.step or Fraction(1)
        self.given = sum((d.amount or Fraction(0) for d in doses), Fraction(0))
        self.units = math.ceil(self.given / self.step)
        self.single = [size for d in doses for size in d.single]
        self.multi = [size for d in doses for size in d.multi]
        stated = [d.discarded for d in doses if d.discarded is not None]
        self.stated = sum(stated, Fraction(0)) if stated else None
        listed = settings["route_modifier"] == "required" and self.code in two_routes
        mark = ROUTE_MARK.get(self.head.route) if listed else None
        self.route_marks = (mark,) if mark else ()
        self.contradicted = False

    def lines(self) -> list[DrugLine]:
        """The line of the drug and, where there is one, the line of its waste."""
        if self.units == 0:
            for dose in self.doses:
                self.answer.base[dose.id] = ("withheld", "nothing was given")
            return []
        self.answer.base[self.head.id] = ("line", self.code)
        for dose in self.doses[1:]:
            self.answer.base[dose.id] = ("merged", self.head.id)
        if self.head.patient:
            price = self.settings["patient_supplied_price"]
            return [self._line(self.units, price=price)]
        if self.single and self.multi:
            self.answer.warnings.add(("mixed_containers", self.head.id))
        if self._too_much():
            return [self._line(self.units)]
        waste = self._waste()
        if waste is None:
            return [self._line(self.units)]
        return self._with_waste(*waste)

    def _line(self, units: int, *marks: str, price: str = "") -> DrugLine:
        modifiers = tuple(sorted({*marks, *self.route_marks}))
        return DrugLine(self.code, units, modifiers, price, self.head.date)

    def _too_much(self) -> bool:
        """More was given than the containers hold."""
        opened = [*self.single, *self.multi]
        if not opened or self.given <= sum(opened):
            return False
        self.answer.asks.add(("containers", self.head.id))
        return True

    def _waste(self) -> tuple[Fraction, int] | None:
        """The amount and the whole units thrown away; None where no one can or may say."""
        if self.multi:
            return None
        if not self.single:
            return self._without_containers()
        left = sum(self.single, Fraction(0)) - self.given
        discarded = left if self.stated is None else self.stated
        if discarded != left:
            self.contradicted = True
            self.answer.asks.add(("waste", self.head.id))
        billable = sum(self.single, Fraction(0))
        if sum(bool(d.single) for d in self.doses) == 1:  # D6 speaks of the dose
            billable = least_cover(self.single, self.given) or Fraction(0)
        return discarded, self._whole(discarded, billable)

    def _without_containers(self) -> tuple[Fraction, int] | None:
        """What was opened is then what was given and thrown away (D2)."""
        if self.stated is None:
            if self.settings["jz_line"] == "required":
                self.answer.asks.add(("containers", self.head.id))
            return None
        return self.stated, self._whole(self.stated, self.given + self.stated)

    def _whole(self, discarded: Fraction, billable: Fraction) -> int:
        room = math.floor(billable / self.step) - self.units
        return max(0, min(math.floor(discarded / self.step), room))

    def _with_waste(self, discarded: Fraction, units: int) -> list[DrugLine]:
        if units == 0:
            return [self._line(self.units, *self._jz(discarded))]
        shown = self.settings["jw_lines"]
        if shown == "one":
            return [self._line(self.units + units)]
        given = self._line(self.units)
        return [given, self._line(units, "JW")] if shown == "two" else [given]

    def _jz(self, discarded: Fraction) -> tuple[str, ...]:
        """Without any waste `jz_line` decides; with less than a unit `jz_below_unit` does.

        While it is asked what was thrown away, nothing says that it was nothing.
        """
        if self.contradicted:
            return ()
        if discarded:
            return ("JZ",) if self.settings["jz_below_unit"] == "jz" else ()
        if self.settings["jz_line"] == "optional":
            self.answer.warnings.add(("jz_optional", self.head.id))
        return ("JZ",) if self.settings["jz_line"] == "required" else ()


def _summed(lines: list[DrugLine]) -> tuple[DrugLine, ...]:
    """Lines that a claim could not tell apart, added up."""
    units: Counter[Key] = Counter()
    for line in lines:
        units[line.code, line.modifiers, line.charge, line.date] += line.units
    return tuple(DrugLine(c, n, m, p, d) for (c, m, p, d), n in sorted(units.items()))
