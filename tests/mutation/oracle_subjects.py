"""Drawn encounters as subjects for mutants: engine and oracle have to go on agreeing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

from infucode.documents import encounter_from_data, encounter_to_data
from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.policy import Policy
from infucode.questions.completions import complete
from infucode.workbench.bench import Subject
from infucode.workbench.mutation_cases import worlds_of
from tests.oracle.worlds import triples
from tests.properties.agreement import DAY, Comparison, drawn
from tests.properties.sides import claim_of, side_of

Doc = dict[str, Any]
IN_ONE_SETTING = 25
"""Encounters under one drawing of the switches."""
FIRST_PLAIN = 4
"""One in so many settings is the plan's own."""
EVERY_TRIPLE = 97


def oracle_subjects(policies: dict[str, Policy], count: int, seed: int) -> Iterator[Subject]:
    """Of each plan some `count` encounters on which both sides agree, the same for a seed."""
    for number, (plan, policy) in enumerate(sorted(policies.items())):
        sides = Comparison(plan, policy.library.folder)
        sides.policy = policy
        docs = [*drawn(count, seed + number), *islice(triples(), number, None, EVERY_TRIPLE)]
        source = random.Random(seed)
        for begin in range(0, len(docs), IN_ONE_SETTING):
            plain = begin // IN_ONE_SETTING % FIRST_PLAIN == 0
            switches = {} if plain else sides.drawn_switches(source)
            yield from _agreed(sides, docs[begin : begin + IN_ONE_SETTING], switches)


def _agreed(sides: Comparison, docs: list[Doc], switches: dict[str, str]) -> Iterator[Subject]:
    known = len(sides.tally.differences)
    sides.compare(docs, switches)
    differ = [found.doc for found in sides.tally.differences[known:]]
    encounters = [encounter_from_data(doc) for doc in docs if doc not in differ]
    program = sides.policy.program(sides.policy.rulebook(DAY, switches))
    for number, worlds in enumerate(worlds_of(program, encounters)):
        yield Subject(
            f"{sides.plan} {switches} {encounter_to_data(encounters[number])}",
            sides.plan,
            DAY,
            tuple(sorted(switches.items())),
            program,
            worlds,
            _Judge(encounters[number], worlds[0], program, switches),
        )


class _Judge:
    """Whether the engine still says what it says where it agrees with the oracle."""

    def __init__(
        self, stay: Encounter, facts: Facts, program: Program, switches: dict[str, str]
    ) -> None:
        self.stay, self.facts, self.program, self.switches = stay, facts, program, switches
        self.agreed: object = None

    def __call__(self, policy: Policy) -> str | None:
        if self.agreed is None:
            self.agreed = self._says(self.program)
        program = policy.program(policy.rulebook(DAY, self.switches))
        return None if self._says(program) == self.agreed else "the oracle differs"

    def _says(self, program: Program) -> object:
        worlds = complete(program, self.stay, self.facts).worlds
        if len(worlds) == 1:
            return side_of(self.stay, worlds[0].answer)
        return frozenset(claim_of(self.stay, world.answer) for world in worlds)
