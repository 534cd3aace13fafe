"""What must hold of every answer, judged from the document and the answer's lines alone.

The tables are those of the rule map (I2, A1 to A11, U1, W4, C27), carried here a second time on
purpose: nothing of the policies is read. Each judgement returns what is wrong, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date as Date
from functools import cache

import clingo

from infucode.documents import encounter_from_data
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import Facts, facts_of
from infucode.engine.program import Program
from infucode.model.encounter import Access, Encounter
from infucode.policy import Policy
from infucode.questions.completions import complete
from tests.oracle.plans import PLANS
from tests.properties.shrinking import _smaller as smaller
from tests.properties.sides import DRUG_PARTS, Doc, document_rows

DAY = Date(2024, 8, 5)
DAY_MINUTES = 24 * 60

INITIAL = {
    "96360": ("96361",),
    "96365": ("96367", "96368"),
    "96374": ("96375",),
    "96409": ("96411",),
    "96413": ("96417",),
}
"""I2: the initial codes, each with what its service would be beside another initial service."""

VEIN = ("96365", "96374", "96409", "96413")
PRIMARIES: dict[str, tuple[str, ...]] = {
    "96361": ("96360", *VEIN),
    "96366": ("96365", "96367", "96413"),
    "96367": VEIN,
    "96368": ("96365", "96366", "96413", "96415"),
    "96375": VEIN,
    "96376": VEIN,
    "96411": ("96409", "96413"),
    "96415": ("96413",),
    "96417": ("96413",),
}
"""A1 to A10: what an add-on of a vein needs beside it, on its visit and access."""
PROFESSIONAL = ("96366", "96367", "96368", "96375")
"""C24: these may stand on 96360 too, on a professional claim alone."""
FACILITY = ("96376",)
"""A7, V3: never on a professional claim."""
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "96368": ("96416", "C8957"),
    "96370": ("96369",),
    "96371": ("96369",),
    "96423": ("96422",),
}
"""A4, A5, A11: primaries that take no initial service of an access, anywhere on the visit."""
NEEDED = ("incompatible_drugs", "protocol", "condition")
"""I7: the reasons for which a further access has an initial service of its own."""
DISTINCT = {"59", "XE", "XP", "XS", "XU"}

Slot = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Earned:
    """Units of a code that one administration earns, as the answer says."""

    id: str
    part: str
    code: str
    units: int
    day: int


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to one document: a world of it where the record leaves something open."""

    plan: str
    switches: dict[str, str]
    doc: Doc
    stay: Encounter
    facts: Facts
    answer: Answer

    def reading(self, switch: str) -> str:
        """The answer in force."""
        return self.switches.get(switch) or PLANS[self.plan][switch]

    @property
    def earned(self) -> list[Earned]:
        """What the administrations earn, drugs aside, before equal lines are summed."""
        return [
            Earned(str(id), str(part), str(code), int(units), int(day))
            for id, part, code, units, day in (o.arguments for o in self.answer.of("line"))
            if part not in DRUG_PARTS
        ]

    def begins(self, id: str) -> int:
        """The day on which an administration begins; the first where no clock says."""
        item = self.stay.administration(id)
        first = item.segments[0][0] if item.segments else 0
        return (first if item.start is None else item.start) // DAY_MINUTES

    def slot(self, id: str) -> Slot:
        """Who shares an initial service with it: the same date, visit and access (W4, W5)."""
        if self.reading("initial_scope") == "patient_date":
            return ("date", self.begins(id))
        item = self.stay.administration(id)
        own = self.reading("initial_scope") == "encounter_access"
        access = home({access.id: access for access in self.stay.accesses}, item.access)
        day = self.begins(id) if self.reading("midnight") == "reset" else 0
        return (*self.visit(item.visit), access if own else "", day)

    def visit(self, visit: int) -> Slot:
        """The visit, or the first day of its IV care, shared with others under `one_initial`."""
        if self.reading("second_visit") == "new_initial":
            return ("visit", visit)
        vein = {str(outcome.arguments[0]) for outcome in self.answer.of("charged_access")}
        own = [a.id for a in self.stay.administrations if a.visit == visit and a.id in vein]
        return ("day", min(self.begins(id) for id in own)) if own else ("visit", visit)


def home(accesses: dict[str, Access], id: str) -> str:
    """The needed access that it is, or that it took the place of; else none of its own (I9)."""
    for _ in range(len(accesses) + 1):
        entry = accesses.get(id, Access(id))
        if entry.reason in NEEDED:
            return id
        if entry.replaces is None:
            return ""
        id = entry.replaces
    return ""


@cache
def policy(plan: str) -> Policy:
    """The plan, loaded once."""
    return Policy.load(plan)


def program(plan: str, switches: dict[str, str]) -> Program:
    """The rules in force under these switches."""
    return policy(plan).program(policy(plan).rulebook(DAY, switches))


def cases(plan: str, switches: dict[str, str], doc: Doc) -> Iterator[Case]:
    """Every world that the document allows; one where it is complete."""
    stay = encounter_from_data(doc)
    facts = facts_of(stay, policy(plan).library.vocabulary)
    rules = program(plan, switches)
    for world in complete(rules, stay, facts).worlds:
        own = facts.supposing(world.extra, rules.book.vocabulary)
        yield Case(plan, switches, doc, stay, own, world.answer)


def supposing(plan: str, switches: dict[str, str], doc: Doc, minutes: int) -> Case:
    """The one world in which every run without a stop lasts so many minutes."""
    stay = encounter_from_data(doc)
    facts = facts_of(stay, policy(plan).library.vocabulary)
    rules = program(plan, switches)
    stops = []
    for outcome in read_answer(rules.model(facts).outcomes(), facts.names, stay).of("open_stop"):
        start = stay.administration(str(outcome.arguments[0])).start
        stop = clingo.Number((start or 0) + minutes)
        stops.append(clingo.Function("assumed_stop", [outcome.atom.arguments[1], stop]))
    own = facts.supposing(tuple(stops), rules.book.vocabulary)
    answer = read_answer(rules.model(own).outcomes(), facts.names, stay)
    return Case(plan, switches, doc, stay, own, answer)


Judgement = Callable[[Case], list[str]]


def undecided(case: Case) -> list[str]:
    """Administrations whose delivery has not exactly one base outcome (contract 2)."""
    ends: dict[str, list[str]] = {item.id: [] for item in case.stay.administrations}
    into: dict[str, str] = {}
    for kind in ("line", "withheld", "merged", "cannot_tell"):
        for outcome in case.answer.of(kind):
            id, *rest = map(str, outcome.arguments)
            if kind in {"line", "withheld"} and rest[0] != "delivery":
                continue
            ends[id].append(f"{kind} by {outcome.rule}")
            if kind == "merged":
                into[id] = rest[0]
    wrong = [f"{id}: {found or 'nothing'}" for id, found in ends.items() if len(found) != 1]
    return wrong + [f"{id} is merged in a ring" for id in into if not lands(id, into)]


def lands(id: str, into: dict[str, str]) -> bool:
    """Whoever it is merged into, and they into, is in the end decided for itself."""
    for _ in range(len(into)):
        id = into.get(id, id)
    return id not in into


def rivals(case: Case) -> list[str]:
    """Initial services that share a visit and access (I1), but for those that C27 allows."""
    slots: dict[Slot, list[Earned]] = {}
    for item in case.earned:
        if item.code in INITIAL:
            slots.setdefault(case.slot(item.id), []).append(item)
    codes = by_slot(case)
    return [
        f"{slot}: {[f'{item.code} x{item.units} {item.id}' for item in items]}"
        for slot, items in slots.items()
        if sum(item.units - excused(case, item, codes[slot]) for item in items) > 1
    ]


def excused(case: Case, item: Earned, codes: Counter[str]) -> bool:
    """An initial code of its own, marked, for want of a primary to be added to (C27)."""
    marks = {str(o.arguments[2]) for o in case.answer.of("modifier") if o.arguments[0] == item.id}
    others = codes - Counter({item.code: 1})
    stranded = any(not lawful(case, addon, others) for addon in INITIAL[item.code])
    separate = case.reading("addon_beside_nonlisted_primary") == "initial_59"
    return separate and stranded and bool(marks & DISTINCT)


def alone(case: Case) -> list[str]:
    """Add-ons without a lawful primary on their visit and access (I12, A1 to A11)."""
    codes = by_slot(case)
    visits: dict[int, set[str]] = {}
    for item in case.earned:
        visits.setdefault(case.stay.administration(item.id).visit, set()).add(item.code)
    return [
        f"{item.code} {item.id} beside {sorted(codes[case.slot(item.id)])}"
        for item in case.earned
        if item.code in {*PRIMARIES, *ELSEWHERE}
        and not lawful(case, item.code, codes[case.slot(item.id)])
        and not visits[case.stay.administration(item.id).visit] & {*ELSEWHERE.get(item.code, ())}
    ]


def lawful(case: Case, addon: str, codes: Counter[str]) -> bool:
    """One of the primaries of the add-on is among the codes."""
    professional = case.stay.claim == "professional"
    wanted = {*PRIMARIES.get(addon, ())}
    if professional and addon in PROFESSIONAL:
        wanted.add("96360")
    return bool(wanted & {*codes}) and not (professional and addon in FACILITY)


def by_slot(case: Case) -> dict[Slot, Counter[str]]:
    """The codes of each visit and access."""
    found: dict[Slot, Counter[str]] = {}
    for item in case.earned:
        found.setdefault(case.slot(item.id), Counter())[item.code] += item.units
    return found


def shown(case: Case, judge: Judgement) -> str:
    """What is said of the smallest document, under the fewest switches, of which anything is."""
    best = case
    while (found := next(_less(best, judge), None)) is not None:
        best = found
    rows = [*judge(best), *document_rows(best.plan, best.switches, best.doc)]
    rows += [f"  {earned}" for earned in best.earned]
    return "\n".join(rows)


def _less(case: Case, judge: Judgement) -> Iterator[Case]:
    for doc, switches in smaller(case.doc, case.switches):
        try:
            yield from (c for c in cases(case.plan, switches, doc) if judge(c))
        except Exception:
            continue  # what was taken away was needed
