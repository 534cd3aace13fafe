"""Invariants over the small world: what the rules of `policies/invariants` say of each encounter,
and what plain Python says of the claim.

    python -m tests.properties.brute_invariants --every 1

The claim is that of the oracle, which the invariants must say of the engine's; and that of a
folder with a planted fault, where both have to find the same encounters broken.
Prints what differs; 1 where anything does.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from infucode import encounter_from_data
from infucode.engine.facts import facts_of
from infucode.engine.frame import Frame
from infucode.engine.program import Program
from infucode.rulebook.checks import BROKEN
from infucode.rulebook.library import input_signatures
from infucode.space.answering import LINE, book_of
from infucode.space.prove import library_of
from tests.oracle import coder
from tests.oracle.derive import INITIAL, PRACTITIONER_ON_HYDRATION, PRIMARIES, SAME_DRUG
from tests.oracle.plans import PLANS
from tests.oracle.worlds import small_world
from tests.properties.agreement import _is_open

Doc = dict[str, Any]
Claim = list[tuple[str, int, str, int, str]]
"""Code, units, date, visit and access of each line."""
POLICIES = Path(__file__).resolve().parents[2] / "policies"
CLAIM_ONLY = ("one-initial", "lawful-primary", "same-drug-push-facility")
"""Invariants that a claim alone decides."""
ASKED = (*CLAIM_ONLY, "one-code-set", "one-base-outcome")
FIRST = frozenset(INITIAL.values())
UNTOLD = "cannot_tell"
DAY = Date(2024, 8, 5)


def broken_by(claim: Claim, *, facility: bool) -> set[str]:
    """The invariants that a claim breaks, by the tables of the oracle."""
    codes = {code for code, *_ in claim}
    found = set()
    slots: Counter[tuple[str, int, str]] = Counter()
    for code, units, date, visit, access in claim:
        if code in FIRST:
            slots[date, visit, access] += units
    if any(units > 1 for units in slots.values()):
        found.add("one-initial")
    for code in codes & PRIMARIES.keys():
        hydrated = not facility and code in PRACTITIONER_ON_HYDRATION and "96360" in codes
        if not PRIMARIES[code] & codes and not hydrated:
            found.add("lawful-primary")
    if not facility and SAME_DRUG in codes:
        found.add("same-drug-push-facility")
    return found


def oracle_says(doc: Doc, plan: str) -> set[str]:
    """The invariants that the oracle's answer to a complete document breaks."""
    answer = coder.code(doc, PLANS[plan])
    claim = [(c, n, day, visit, access or "") for c, n, _, day, visit, access in answer.lines]
    found = broken_by(claim, facility=doc["claim"] == "facility")
    several = len(list(islice(coder.completions(doc, PLANS[plan]), 2))) != 1
    if several or any(kind == UNTOLD for kind, _ in answer.base.values()):
        found.add("one-code-set")
    if set(answer.base) != {item["id"] for item in doc["administrations"]}:
        found.add("one-base-outcome")
    return found


class Engine:
    """The invariants of a policy folder, asked of one document after another."""

    def __init__(self, plan: str, policies: Path = POLICIES) -> None:
        library = library_of(policies, plan)
        self.book = book_of(library, DAY, {})
        inputs = input_signatures(self.book.vocabulary)
        wanted = [BROKEN, LINE, ("charged_access", 3)]
        self.program = Program(self.book, Frame.of(list(self.book.rules), inputs, wanted))

    def says(self, doc: Doc) -> tuple[set[str], Claim]:
        """The invariants that are broken, and the claim."""
        encounter = encounter_from_data(doc)
        facts = facts_of(encounter, self.book.vocabulary)
        relations = self.program.model(facts).relations
        rows = {s: list(r.rows) for s, r in relations.items() if s in self.wanted}
        ids = {str(symbol): id for symbol, id in facts.names.values.items()}
        charged = {row[1]: ids[str(row[2])] for row in rows.get(("charged_access", 3), ())}
        claim = []
        for _, id, _, code, units, day in rows.get(LINE, ()):
            item = encounter.administration(ids[str(id)])
            date = (encounter.date + timedelta(days=int(day))).isoformat()
            access = charged.get(id, "")
            claim.append((str(code)[1:], int(units), date, item.visit, access))
        broken = {str(row[0]).split(".", 1)[1] for row in rows.get(BROKEN, ())}
        return broken, claim

    @property
    def wanted(self) -> tuple[tuple[str, int], ...]:
        """What is read of an answer."""
        return BROKEN, LINE, ("charged_access", 3)


@dataclass(slots=True)
class Tally:
    """How many documents were compared, how many were broken, and what differs."""

    compared: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def complete(docs: Iterable[Doc], plan: str) -> Iterator[Doc]:
    """The documents that leave nothing open."""
    return (doc for doc in docs if not _is_open(doc, PLANS[plan]))


def against_oracle(engine: Engine, docs: Iterable[Doc], plan: str) -> Tally:
    """The invariants of the engine's answers beside what the oracle's answers break."""
    tally = Tally()
    for doc in complete(docs, plan):
        tally.compared += 1
        mine, theirs = engine.says(doc)[0] & set(ASKED), oracle_says(doc, plan) & set(ASKED)
        tally.broken.update(theirs)
        if mine != theirs:
            tally.differences.append(f"{doc['id']}: rules {mine}, oracle {theirs}")
    return tally


def against_claim(engine: Engine, docs: Iterable[Doc], plan: str) -> Tally:
    """The invariants of the engine's answers beside what plain Python says of the same claims."""
    tally = Tally()
    for doc in complete(docs, plan):
        tally.compared += 1
        mine, claim = engine.says(doc)
        theirs = broken_by(claim, facility=doc["claim"] == "facility")
        tally.broken.update(theirs)
        if mine & set(CLAIM_ONLY) != theirs:
            tally.differences.append(f"{doc['id']}: rules {mine}, Python {theirs}")
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the small world with the oracle, and print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(PLANS), action="append")
    parser.add_argument("--every", type=int, default=1, help="take every n-th encounter")
    options = parser.parse_args(arguments)
    failed = False
    for plan in options.plan or sorted(PLANS):
        docs = islice(small_world(), 0, None, options.every)
        tally = against_oracle(Engine(plan), docs, plan)
        said = f"{plan}: {tally.compared} compared, broken {dict(tally.broken)}, "
        said += f"{len(tally.differences)} differ"
        print(said, *tally.differences[:10], sep="\n  ", flush=True)
        failed = failed or bool(tally.differences)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
