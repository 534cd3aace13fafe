"""Engine and oracle on the same encounters: two independent readings of contract and rule map.

A complete document must give one claim on both sides, and each administration and service the
same base outcome. An incomplete one must give the same set of claims. Long runs:

    python -m tests.properties.agreement --seeds 0:20000 --processes 2 --out DIR

A run that was stopped goes on where it was; `report.md` groups the differences by kind.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from itertools import islice
from pathlib import Path

from hypothesis import strategies as st

from infucode.documents import encounter_from_data
from infucode.engine.answer import read_answer
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.policy import Policy
from infucode.questions.completions import complete
from tests.oracle import coder
from tests.oracle.plans import PLANS, VALUES
from tests.oracle.unknowns import open_stops, stop_range
from tests.oracle.worlds import small_world, triples, wide, wide_open
from tests.properties.sides import Difference, Doc, Side, claim_of, plain, side_of, written

_claim, _side = claim_of, side_of

BATCH = 32
"""Encounters of one grounding, and under one drawing of the switches."""
MOST_COMPLETIONS = 400
"""A document with more is dropped: the oracle tries every minute."""
DAY = Date(2024, 8, 5)
ONE_IN = 6
"""How often a switch leaves the plan's answer in a drawn setting."""
ONE_OPEN = 6
"""How often a drawn encounter lacks a stop or a key reason."""
WORLDS = ("drawn", "small", "triples")


@dataclass(slots=True)
class Tally:
    """How many documents were compared, and which of them differ."""

    compared: int = 0
    incomplete: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the counts and differences of another part of the run."""
        self.compared += other.compared
        self.incomplete += other.incomplete
        self.skipped += other.skipped
        self.differences += other.differences

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
        docs = (_judged(doc, self.plan) for doc in docs)
        whole: list[tuple[Doc, Side]] = []
        for doc in docs:
            if _size(doc, answers) > MOST_COMPLETIONS:
                self.tally.skipped["with too many completions"] += 1
                continue
            self.tally.compared += 1
            if _is_open(doc, answers):
                self.tally.incomplete += 1
                sets = frozenset(written(s) for s in coder.code_sets(doc, answers))
                self._note(doc, chosen, Side(sets), self._engine_sets(doc, chosen))
            else:
                whole.append((doc, _oracle(doc, answers)))
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

    def _program(self, switches: dict[str, str]) -> Program:
        return self.policy.program(self.policy.rulebook(DAY, switches))

    def _engine_batch(self, docs: Sequence[Doc], switches: dict[str, str]) -> list[Side]:
        program = self._program(switches)
        stays = [encounter_from_data(doc) for doc in docs]
        facts = [facts_of(stay, self.policy.library.vocabulary) for stay in stays]
        try:
            found = program.run_many(facts)
        except Exception as error:
            if len(docs) == 1:
                return [Side(frozenset(), (("engine", (type(error).__name__, str(error))),))]
            return [side for doc in docs for side in self._engine_batch([doc], switches)]
        answers = (
            read_answer(atoms, known.names, stay)
            for stay, known, atoms in zip(stays, facts, found, strict=True)
        )
        return [
            side_of(stay, answer)
            if not (answer.of("open_stop") or answer.of("open_reason"))
            else self._completed(doc, switches)
            for doc, stay, answer in zip(docs, stays, answers, strict=True)
        ]

    def _completed(self, doc: Doc, switches: dict[str, str]) -> Side:
        """The engine's answer where it alone sees something open: one side, or all its sets."""
        stay = encounter_from_data(doc)
        known = facts_of(stay, self.policy.library.vocabulary)
        worlds = complete(self._program(switches), stay, known).worlds
        sides = {side_of(stay, world.answer) for world in worlds}
        if len(sides) == 1:
            return sides.pop()
        return Side(frozenset(claim for side in sides for claim in side.claims))

    def _engine_sets(self, doc: Doc, switches: dict[str, str]) -> Side:
        stay = encounter_from_data(doc)
        known = facts_of(stay, self.policy.library.vocabulary)
        try:
            found = complete(self._program(switches), stay, known)
        except Exception as error:
            return Side(frozenset(), (("engine", (type(error).__name__, str(error))),))
        return Side(frozenset(claim_of(stay, world.answer) for world in found.worlds))


def _judged(doc: Doc, plan: str) -> Doc:
    """The record; its services too, unless the plan cannot judge the stay."""
    other = plan == "cpcp026" and doc.get("line_of_business") in {"medicare", "medicaid"}
    return {key: value for key, value in doc.items() if not (other and key == "services")}


def _oracle(doc: Doc, answers: dict[str, str]) -> Side:
    found = coder.code(doc, answers)
    claim = written((*found.lines, *found.services))
    return Side(frozenset([claim]), plain(found.base), plain(found.ends))


def _size(doc: Doc, answers: dict[str, str]) -> int:
    stops = open_stops(doc, answers)
    admins = {admin["id"]: admin for admin in doc["administrations"]}
    return math.prod(len(stop_range(doc, admins[id_])) for id_ in stops)


def _is_open(doc: Doc, answers: dict[str, str]) -> bool:
    """The record leaves a stop or a key reason open."""
    if open_stops(doc, answers):
        return True
    return len(list(islice(coder.completions(doc, answers), 2))) > 1


def drawn_one(seed: int) -> Doc:
    """The encounter of a seed; now and then an incomplete one."""
    return wide_open(seed) if seed % ONE_OPEN == ONE_OPEN - 1 else wide(seed)


def kinds() -> st.SearchStrategy[Doc]:
    """Encounters of the whole rulebook, large and small, complete and not."""
    return st.integers(0, 2**40).map(drawn_one)


def drawn(count: int, number: int) -> list[Doc]:
    """Encounters of several kinds, the same for the same number."""
    return [drawn_one(number * 1_000_003 + n) for n in range(count)]


def documents(world: str, begin: int, end: int, every: int) -> list[Doc]:
    """A part of a world: seeds of drawn encounters, or places in a fixed one."""
    if world == "drawn":
        return [drawn_one(seed) for seed in range(begin, end)]
    every_one = small_world() if world == "small" else triples()
    return list(islice(islice(every_one, 0, None, every), begin, end))


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare encounters and report what differs; 1 where anything does."""
    from tests.properties.long_agreement import Part, run

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(PLANS), action="append", help="default: both")
    parser.add_argument("--world", choices=WORLDS, default="drawn")
    parser.add_argument("--seeds", default="0:1000", help="first:last, the last left out")
    parser.add_argument("--every", type=int, default=1, help="take every n-th of a fixed world")
    parser.add_argument("--plain", action="store_true", help="keep the plan's switches")
    parser.add_argument("--show", type=int, default=40, help="how many kinds to show in full")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--policies", type=Path, help="another policy folder")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir(), "agreement"))
    options = parser.parse_args(arguments)
    begin, _, end = options.seeds.partition(":")
    plans = options.plan or sorted(PLANS)
    parts = [
        Part(plan, options.world, start, last, options.every, options.plain, options.policies)
        for plan in plans
        for start, last in pieces(int(begin), int(end), options)
    ]
    return run(parts, options.out, options.processes, options.show)


def pieces(begin: int, end: int, options: argparse.Namespace) -> list[tuple[int, int]]:
    """The range cut into parts that are worked on, and kept, each for itself."""
    if options.world != "drawn":
        world = small_world() if options.world == "small" else triples()
        end = min(end, sum(1 for _ in islice(world, 0, None, options.every)))
    step = BATCH * (8 if options.world == "drawn" else 32)
    return [(start, min(start + step, end)) for start in range(begin, end, step)]


if __name__ == "__main__":
    sys.exit(main())
