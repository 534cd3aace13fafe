"""Engine and oracle on the same encounters: two independent readings of contract and rule map.

A complete document must give one claim on both sides, and each administration the same base
outcome. An incomplete one must give the same set of claims. Long runs:

    python -m tests.properties.agreement --plan cpcp026 --examples 5000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from infucode.documents import encounter_from_data
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.policy import Policy
from infucode.questions.completions import complete
from tests.oracle import coder
from tests.oracle.plans import PLANS, VALUES
from tests.oracle.unknowns import open_stops, stop_range
from tests.oracle.worlds import encounters, small_world, triples

Doc = dict[str, Any]
Line = tuple[str, int, tuple[str, ...], str, int, str]
Claim = tuple[Line, ...]
Outcome = tuple[str, str]

BATCH = 64
MOST_COMPLETIONS = 400
"""A document with more is dropped: the oracle tries every minute."""
DAY = Date(2024, 8, 5)
ONE_IN = 6
"""How often a switch leaves the plan's answer in a drawn setting."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says: its claims, and the base outcomes where there is one claim."""

    claims: frozenset[Claim]
    base: tuple[tuple[str, Outcome], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One document on which the two sides do not agree."""

    plan: str
    switches: dict[str, str]
    doc: Doc
    oracle: Side
    engine: Side

    def __str__(self) -> str:
        rows = [json.dumps({"plan": self.plan, "switches": self.switches})]
        rows.append(json.dumps({k: v for k, v in self.doc.items() if k != "administrations"}))
        rows += [f"  {json.dumps(admin)}" for admin in self.doc["administrations"]]
        for name, mine, other in (
            ("oracle", self.oracle, self.engine),
            ("engine", self.engine, self.oracle),
        ):
            rows += [f"{name}: {_shown(c)}" for c in sorted(mine.claims - other.claims)]
            rows += [f"{name} base: {row}" for row in mine.base if row not in other.base]
        return "\n".join(rows)


def _shown(claim: Claim) -> str:
    return "; ".join(
        f"{code}{''.join('-' + m for m in marks)} x{units} {day[5:]} v{visit} {access}".rstrip()
        for code, units, marks, day, visit, access in claim
    )


@dataclass(slots=True)
class Tally:
    """How many documents were compared, and which of them differ."""

    compared: int = 0
    incomplete: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        skipped = ", ".join(f"{n} {why}" for why, n in sorted(self.skipped.items()))
        return (
            f"{self.compared} compared ({self.incomplete} of them incomplete), "
            f"{self.compared - len(self.differences)} agree, {len(self.differences)} differ; "
            f"skipped: {skipped or 'none'}"
        )


class Comparison:
    """One plan, on both sides."""

    def __init__(self, plan: str, policies: Path | None = None) -> None:
        self.plan = plan
        self.policy = Policy.load(plan, policies=policies)
        self.switches = sorted(set(self.policy.library.switches) & set(VALUES))
        self.tally = Tally()

    def compare(self, docs: Iterable[Doc], switches: dict[str, str] | None = None) -> None:
        """Compare documents under some switches; the tally keeps the result."""
        chosen = switches or {}
        answers = PLANS[self.plan] | chosen
        whole: list[tuple[Doc, Side]] = []
        for doc in docs:
            side = self._oracle(doc, answers)
            if side is None:
                continue
            self.tally.compared += 1
            if _is_open(doc, answers):
                self.tally.incomplete += 1
                self._note(doc, chosen, side, self._engine_sets(doc, chosen))
            else:
                whole.append((doc, side))
        for begin in range(0, len(whole), BATCH):
            part = whole[begin : begin + BATCH]
            engine = self._engine_batch([doc for doc, _ in part], chosen)
            for (doc, side), other in zip(part, engine, strict=True):
                self._note(doc, chosen, side, other)

    def difference(self, doc: Doc, switches: dict[str, str]) -> Difference | None:
        """The difference on one document, if there is one and it is within the scope."""
        kept, self.tally = self.tally, Tally()
        try:
            self.compare([doc], switches)
            return next(iter(self.tally.differences), None)
        finally:
            self.tally = kept

    def drawn_switches(self, source: random.Random) -> dict[str, str]:
        """A setting in which some switches leave the plan's answer."""
        return {
            name: source.choice(VALUES[name])
            for name in self.switches
            if source.randrange(ONE_IN) == 0
        }

    def _note(self, doc: Doc, switches: dict[str, str], oracle: Side, engine: Side) -> None:
        if oracle != engine:
            self.tally.differences.append(Difference(self.plan, switches, doc, oracle, engine))

    def _oracle(self, doc: Doc, answers: dict[str, str]) -> Side | None:
        if _size(doc, answers) > MOST_COMPLETIONS:
            self.tally.skipped["with too many completions"] += 1
            return None
        first = coder.code(doc, answers)
        if first.unsupported:
            self.tally.skipped["outside the slice"] += 1
            return None
        if _is_open(doc, answers):
            return Side(frozenset(_written(s) for s in coder.code_sets(doc, answers)))
        base = tuple(sorted((id_, _plain(*out)) for id_, out in first.base.items()))
        return Side(frozenset([_written(first.lines)]), base)

    def _program(self, switches: dict[str, str]) -> Program:
        return self.policy.program(self.policy.rulebook(DAY, switches))

    def _engine_batch(self, docs: Sequence[Doc], switches: dict[str, str]) -> list[Side]:
        program = self._program(switches)
        stays = [encounter_from_data(doc) for doc in docs]
        facts = [facts_of(stay, self.policy.library.vocabulary) for stay in stays]
        return [
            _side(stay, read_answer(atoms, known.names, stay))
            for stay, known, atoms in zip(stays, facts, program.run_many(facts), strict=True)
        ]

    def _engine_sets(self, doc: Doc, switches: dict[str, str]) -> Side:
        stay = encounter_from_data(doc)
        known = facts_of(stay, self.policy.library.vocabulary)
        found = complete(self._program(switches), stay, known)
        return Side(frozenset(_claim(stay, world.answer) for world in found.worlds))


def _size(doc: Doc, answers: dict[str, str]) -> int:
    stops = open_stops(doc, answers)
    admins = {admin["id"]: admin for admin in doc["administrations"]}
    return math.prod(len(stop_range(doc, admins[id_])) for id_ in stops)


def _is_open(doc: Doc, answers: dict[str, str]) -> bool:
    """The record leaves a stop or a key reason open."""
    if open_stops(doc, answers):
        return True
    return len(list(islice(coder.completions(doc, answers), 2))) > 1


def _written(lines: Iterable[coder.Line]) -> Claim:
    return tuple(sorted((c, n, tuple(sorted(m)), d, v, a or "") for c, n, m, d, v, a in lines))


def _plain(kind: str, what: str) -> Outcome:
    """Of an outcome what both sides name alike: its kind, its code, or whom it merged into."""
    return (kind, what if kind in {"line", "merged"} else "")


def _claim(stay: Encounter, answer: Answer) -> Claim:
    return tuple(
        sorted(
            (
                line.key.code,
                line.units,
                tuple(sorted(line.key.modifiers)),
                str(stay.date + timedelta(days=line.key.day)),
                line.key.visit,
                line.key.access,
            )
            for line in answer.lines
            if not line.services
        )
    )


def _side(stay: Encounter, answer: Answer) -> Side:
    into = {str(o.arguments[0]): str(o.arguments[1]) for o in answer.of("merged")}
    ends: dict[str, list[Outcome]] = {admin.id: [] for admin in stay.administrations}
    for kind, named in (("line", 2), ("withheld", None), ("cannot_tell", None)):
        for outcome in answer.of(kind):
            if kind == "cannot_tell" or outcome.arguments[1] == "delivery":
                what = str(outcome.arguments[named]) if named else ""
                ends[str(outcome.arguments[0])].append((kind, what))
    base = []
    for admin in stay.administrations:
        target = admin.id
        while target in into:
            target = into[target]
        found = list(ends[admin.id])
        if target != admin.id:
            found += [
                ("merged", target) if kind == "line" else (kind, "") for kind, _ in ends[target]
            ]
        only = found[0] if len(found) == 1 else ("not exactly one", str(sorted(found)))
        base.append((admin.id, only))
    return Side(frozenset([_claim(stay, answer)]), tuple(sorted(base)))


def smallest(comparison: Comparison, found: Difference) -> Difference:
    """The difference with administrations, fields and switches taken away while it lasts."""
    current = found
    shrinking = True
    while shrinking:
        shrinking = False
        for doc, switches in _smaller(current.doc, current.switches):
            try:
                other = comparison.difference(doc, switches)
            except Exception:
                continue  # what was taken away was needed
            if other is not None:
                current, shrinking = other, True
                break
    return current


def _smaller(doc: Doc, switches: dict[str, str]) -> Iterator[tuple[Doc, dict[str, str]]]:
    admins = doc["administrations"]
    for number in range(len(admins)):
        if len(admins) > 1:
            yield doc | {"administrations": admins[:number] + admins[number + 1 :]}, switches
    for name in switches:
        yield doc, {key: value for key, value in switches.items() if key != name}
    for key in ("services", "primary_reason", "ends", "observation", "accesses"):
        if key in doc:
            yield {k: v for k, v in doc.items() if k != key}, switches
    for number, admin in enumerate(admins):
        for key in ("purpose", "bag", "dose_group", "stop", "access", "visit", "supervision"):
            if key in admin:
                less = {k: v for k, v in admin.items() if k != key}
                yield (
                    doc | {"administrations": [*admins[:number], less, *admins[number + 1 :]]},
                    switches,
                )


def kinds() -> st.SearchStrategy[Doc]:
    """Encounters: large and small, with runs of one drug at once, and incomplete ones."""
    return st.one_of(
        encounters(),
        encounters(max_administrations=4),
        encounters(disjoint_same_drug=False),
        encounters(max_administrations=4, unknown_stops=1),
        encounters(max_administrations=5, reasons=False),
    )


def drawn(count: int, number: int) -> list[Doc]:
    """Encounters of several kinds, the same for the same seed."""
    found: list[Doc] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(kinds())
    def collect(doc: Doc) -> None:
        found.append(doc)

    collect()
    return found


def signature(found: Difference) -> str:
    """A name for the likeness of differences: the codes and kinds on which the sides differ."""

    def codes(side: Side) -> set[tuple[str, int, tuple[str, ...], str]]:
        return {(c, n, m, a) for claim in side.claims for c, n, m, _, _, a in claim}

    mine, theirs = codes(found.oracle), codes(found.engine)
    less = sorted(f"{c}{''.join(m)}x{n}" for c, n, m, _ in mine - theirs)
    more = sorted(f"{c}{''.join(m)}x{n}" for c, n, m, _ in theirs - mine)
    kinds = sorted({a for _, (a, _) in set(found.oracle.base) - set(found.engine.base)})
    others = sorted({a for _, (a, _) in set(found.engine.base) - set(found.oracle.base)})
    names = [k for k, v in found.switches.items() if PLANS[found.plan].get(k) != v]
    return f"{less} {kinds} / {more} {others} {names}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare drawn encounters and print what differs; 1 where anything does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(PLANS), default="cpcp026")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--world", choices=("drawn", "small", "triples"), default="drawn")
    parser.add_argument("--every", type=int, default=1, help="take every n-th of a fixed world")
    parser.add_argument("--plain", action="store_true", help="keep the plan's switches")
    parser.add_argument("--show", type=int, default=10, help="how many kinds to show in full")
    parser.add_argument("--policies", type=Path, help="another policy folder")
    options = parser.parse_args(arguments)
    comparison = Comparison(options.plan, options.policies)
    source = random.Random(options.seed)
    if options.world == "drawn":
        docs = drawn(options.examples, options.seed)
    else:
        world = small_world() if options.world == "small" else triples()
        docs = list(islice(world, 0, None, options.every))
    for begin in range(0, len(docs), BATCH):
        chosen = {} if options.plain else comparison.drawn_switches(source)
        comparison.compare(docs[begin : begin + BATCH], chosen)
    print(f"{options.plan}: {comparison.tally}")
    _report(comparison, options.show)
    return 1 if comparison.tally.differences else 0


def _report(comparison: Comparison, limit: int) -> None:
    kinds: dict[str, list[Difference]] = {}
    for found in comparison.tally.differences:
        kinds.setdefault(signature(found), []).append(found)
    ordered = sorted(kinds.items(), key=lambda pair: -len(pair[1]))
    for name, members in ordered[:limit]:
        least = min(members, key=lambda d: (len(d.doc["administrations"]), len(d.switches)))
        print(f"\n== {len(members)} x {name}\n{smallest(comparison, least)}")


if __name__ == "__main__":
    sys.exit(main())
