"""Engine and oracle on drug lines: two independent readings of decision 0012 and the rule map.

python -m tests.properties.drug_agreement --plan medicare --examples 5000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from pathlib import Path
from typing import Any

from infucode.documents import encounter_from_data
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.policy import Policy
from tests.oracle.drugs import DRUG_PLANS, DRUG_VALUES, DrugAnswer, DrugLine, code_drugs
from tests.oracle.drugs_drawn import drug_encounter
from tests.properties.sides import document_rows

Doc = dict[str, Any]
Said = frozenset[tuple[str, str]]

BATCH = 64
DAY = Date(2024, 8, 5)
PARTS = {"drug", "waste"}
ASKED = {"dose", "dose_step", "drug_code", "containers", "waste"}
"""The asks that are about doses; the others belong to the administration."""
BEYOND = "cpt.drug-containers-many"
"""The engine says that it does not try every sum of so many containers."""
NAMED = {"waste": "containers"}
"""What the engine calls the question of the oracle."""
MISSING = {"dose", "dose_step", "drug_code"}
RULES = {
    "cpt.drug-counted": "merged",
    "cpt.drug-waits": "asked",
    "cpt.drug-containers-mixed": "mixed_containers",
    "cpt.drug-no-waste-optional": "jz_optional",
}
"""The oracle's words for what the engine tells by the rule alone."""
TWO_ROUTES = frozenset({"J0129"})
"""Of the codes drawn those that the plans' tables list with two routes."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says of the drugs of a document."""

    lines: frozenset[DrugLine]
    asks: Said
    base: Said = frozenset()
    """What became of the drug of each administration with a dose."""
    warnings: Said = frozenset()
    beyond: bool = field(default=False, compare=False)

    def rows(self) -> Iterator[str]:
        """One row of text for each line and each ask."""
        for n in sorted(self.lines, key=lambda n: (n.code, n.date, n.modifiers, n.charge)):
            marks = "".join(f"-{mark}" for mark in n.modifiers)
            yield f"{n.code}{marks} x{n.units} {n.date} {n.charge}".rstrip()
        for fact, id_ in sorted(self.asks):
            yield f"asks {fact} of {id_}"
        yield from (f"{kind} {id_}" for kind, id_ in sorted(self.base | self.warnings))


@dataclass(frozen=True, slots=True)
class Difference:
    """One document on which the two sides do not agree."""

    plan: str
    switches: dict[str, str]
    doc: Doc
    oracle: Side
    engine: Side

    def __str__(self) -> str:
        rows = document_rows(self.plan, self.switches, self.doc)
        for name, found in (("oracle", self.oracle), ("engine", self.engine)):
            rows.append(f"{name}: {'; '.join(found.rows()) or 'nothing'}")
        return "\n".join(rows)

    @property
    def differs(self) -> bool:
        """The sides disagree, and not only because the engine gave up."""
        return self.oracle != self.engine and not self.engine.beyond

    @property
    def kind(self) -> str:
        """A name for the likeness of differences: what one side has and the other has not."""

        def marks(side: Side, other: Side) -> list[str]:
            found = {
                f"{'-'.join(n.modifiers) or 'line'}{n.charge and ' priced'}"
                for n in side.lines - other.lines
            }
            found |= {f"asks {fact}" for fact, _ in side.asks - other.asks}
            found |= {kind for kind, _ in side.base - other.base}
            return sorted(found | {kind for kind, _ in side.warnings - other.warnings})

        return f"{marks(self.oracle, self.engine)} / {marks(self.engine, self.oracle)}"


@dataclass(slots=True)
class Comparison:
    """One plan, on both sides."""

    plan: str
    policies: Path | None = None
    compared: int = 0
    lines: int = 0
    beyond: int = 0
    differences: list[Difference] = field(default_factory=list)
    policy: Policy = field(init=False)

    def __post_init__(self) -> None:
        self.policy = Policy.load(self.plan, policies=self.policies)

    def drawn_switches(self, source: random.Random) -> dict[str, str]:
        """A setting of the switches of drug lines; each is the plan's own in half of them."""
        return {
            name: source.choice(values)
            for name, values in DRUG_VALUES.items()
            if source.randrange(2)
        }

    def compare(self, docs: Sequence[Doc], switches: dict[str, str]) -> None:
        """Compare documents under some switches; the tally keeps the result."""
        found = self.sides(docs, switches)
        self.compared += len(found)
        self.lines += sum(len(one.oracle.lines) for one in found)
        self.beyond += sum(one.engine.beyond for one in found)
        self.differences += [one for one in found if one.differs]

    def sides(self, docs: Sequence[Doc], switches: dict[str, str]) -> list[Difference]:
        """Both answers for each document, equal or not."""
        answers = DRUG_PLANS[self.plan] | switches
        found = []
        for doc, engine in zip(docs, self._engine(docs, switches), strict=True):
            given = code_drugs(doc, answers, TWO_ROUTES)
            oracle = _side_of(given)
            found.append(Difference(self.plan, switches, doc, oracle, engine))
        return found

    def _program(self, switches: dict[str, str]) -> Program:
        return self.policy.program(self.policy.rulebook(DAY, switches))

    def _engine(self, docs: Sequence[Doc], switches: dict[str, str]) -> list[Side]:
        stays = [encounter_from_data(doc) for doc in docs]
        facts = [facts_of(stay, self.policy.library.vocabulary) for stay in stays]
        found = self._program(switches).run_many(facts)
        return [
            side(stay, read_answer(atoms, known.names, stay))
            for stay, known, atoms in zip(stays, facts, found, strict=True)
        ]


def _side_of(given: DrugAnswer) -> Side:
    asks = frozenset((NAMED.get(fact, fact), id_) for fact, id_ in given.asks)
    base = frozenset((kind, id_) for id_, (kind, _) in given.base.items())
    return Side(frozenset(given.lines), asks, base, frozenset(given.warnings))


def _base(stay: Encounter, answer: Answer) -> Said:
    """One word for the drug of each administration with a dose, as the oracle says it."""
    waiting = {str(a.arguments[0]) for a in answer.of("ask") if a.arguments[1] in MISSING}
    found: dict[str, list[str]] = {a.id: [] for a in stay.administrations if a.dose is not None}
    for outcome in answer.of("line"):
        if outcome.arguments[1] == "drug":
            found.setdefault(str(outcome.arguments[0]), []).append("line")
    for outcome in answer.of("withheld"):
        if outcome.arguments[1] == "drug":
            word = RULES.get(outcome.rule, "withheld")
            found.setdefault(str(outcome.arguments[0]), []).append(word)
    for id_ in waiting:
        found.setdefault(id_, []).append("asked")
    return frozenset((" and ".join(sorted(words)), id_) for id_, words in found.items())


def side(stay: Encounter, answer: Answer) -> Side:
    """What the engine says of the drugs of a document."""
    units: Counter[tuple[str, tuple[str, ...], str, str]] = Counter()
    for line in answer.lines:
        if any(s.kind == "line" and s.arguments[1] in PARTS for s in line.sources):
            day = str(stay.date + timedelta(days=line.key.day))
            units[line.key.code, line.key.modifiers, line.key.charge, day] += line.units
    lines = frozenset(DrugLine(c, n, m, p, d) for (c, m, p, d), n in units.items())
    asks = frozenset((str(a.arguments[1]), str(a.arguments[0])) for a in answer.of("ask"))
    beyond = any(warning.rule == BEYOND for warning in answer.of("warning"))
    asks = frozenset(a for a in asks if a[0] in ASKED)
    warnings = frozenset(
        (RULES[w.rule], str(w.arguments[0])) for w in answer.of("warning") if w.rule in RULES
    )
    return Side(lines, asks, _base(stay, answer), warnings, beyond)


def smallest(comparison: Comparison, found: Difference) -> Difference:
    """The difference with doses, fields and switches taken away while it lasts."""
    current = found
    shrinking = True
    while shrinking:
        shrinking = False
        for doc, switches in _smaller(current.doc, current.switches):
            try:
                other = comparison.sides([doc], switches)[0]
            except Exception:
                continue  # what was taken away was needed
            if other.differs and other.kind == found.kind:
                current, shrinking = other, True
                break
    return current


def _smaller(doc: Doc, switches: dict[str, str]) -> Iterator[tuple[Doc, dict[str, str]]]:
    admins = doc["administrations"]
    for number in range(len(admins)):
        if len(admins) > 1:
            rest = admins[:number] + admins[number + 1 :]
            less = {k: v for k, v in doc.items() if k != "primary_reason"}
            yield less | {"administrations": rest}, switches
    for name in switches:
        yield doc, {key: value for key, value in switches.items() if key != name}
    for key in ("primary_reason", "observation"):
        if key in doc:
            yield {k: v for k, v in doc.items() if k != key}, switches
    for number, admin in enumerate(admins):
        for other in _simpler(admin):
            changed = [*admins[:number], other, *admins[number + 1 :]]
            yield doc | {"administrations": changed}, switches


def _simpler(admin: Doc) -> Iterator[Doc]:
    for key in ("purpose", "supplied_by", "dose", "hcpcs", "supervision"):
        if key in admin:
            yield {k: v for k, v in admin.items() if k != key}
    dose = admin.get("dose") or {}
    for key in ("discarded", "containers", "hcpcs", "unit", "administered", "per_unit"):
        if key in dose:
            yield admin | {"dose": {k: v for k, v in dose.items() if k != key}}
    vials = dose.get("containers") or []
    for number, vial in enumerate(vials):
        rest = vials[:number] + vials[number + 1 :]
        if rest:
            yield admin | {"dose": dose | {"containers": rest}}
        if vial["count"] > 1:
            fewer = [*vials[:number], vial | {"count": vial["count"] - 1}, *vials[number + 1 :]]
            yield admin | {"dose": dose | {"containers": fewer}}


def drawn(count: int, number: int, *, exotic: bool = False) -> list[Doc]:
    """Encounters with doses, the same for the same seed."""
    source = random.Random(number)
    return [drug_encounter(source, exotic=exotic) for _ in range(count)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare drawn encounters and print what differs; 1 where anything does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(DRUG_PLANS), default="cpcp026")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exotic", action="store_true", help="other forms as well")
    parser.add_argument("--plain", action="store_true", help="keep the plan's switches")
    parser.add_argument("--show", type=int, default=10, help="how many kinds to show in full")
    parser.add_argument("--policies", type=Path, help="another policy folder")
    options = parser.parse_args(arguments)
    comparison = Comparison(options.plan, options.policies)
    source = random.Random(options.seed)
    docs = drawn(options.examples, options.seed, exotic=options.exotic)
    for begin in range(0, len(docs), BATCH):
        chosen = {} if options.plain else comparison.drawn_switches(source)
        comparison.compare(docs[begin : begin + BATCH], chosen)
    differ = len(comparison.differences)
    print(
        f"{options.plan}: {comparison.compared} compared ({comparison.lines} drug lines), "
        f"{comparison.compared - differ} agree, {differ} differ; "
        f"{comparison.beyond} beyond the engine's limit of containers"
    )
    _report(comparison, options.show)
    return 1 if differ else 0


def _report(comparison: Comparison, limit: int) -> None:
    kinds: dict[str, list[Difference]] = {}
    for found in comparison.differences:
        kinds.setdefault(found.kind, []).append(found)
    ordered = sorted(kinds.items(), key=lambda pair: -len(pair[1]))
    for name, members in ordered[:limit]:
        least = min(members, key=lambda d: (len(d.doc["administrations"]), len(d.switches)))
        print(f"\n== {len(members)} x {name}\n{smallest(comparison, least)}")


if __name__ == "__main__":
    sys.exit(main())
