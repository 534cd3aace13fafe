"""Drawn encounters as subjects for mutants: engine and oracle have to go on agreeing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from infucode.documents import encounter_from_data, encounter_to_data
from infucode.engine.answer import read_answer
from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.policy import Policy
from infucode.questions.completions import complete
from infucode.workbench.bench import Subject
from infucode.workbench.mutation_cases import worlds_of
from tests.mutation.telling import telling
from tests.oracle.drugs import DRUG_VALUES
from tests.oracle.drugs_drawn import drug_encounter
from tests.oracle.plans import VALUES
from tests.oracle.worlds import triples
from tests.properties import drug_agreement
from tests.properties.agreement import DAY, Comparison, drawn, drawn_one
from tests.properties.sides import claim_of, side_of

Doc = dict[str, Any]
IN_ONE_SETTING = 25
"""Encounters under one drawing of the switches."""
FIRST_PLAIN = 4
"""One in so many settings is the plan's own."""
EVERY_TRIPLE = 97


def oracle_subjects(
    policies: dict[str, Policy], count: int, seed: int, known: Path | None = None
) -> Iterator[Subject]:
    """Encounters on which both sides agree: of each plan some `count`, the same for a seed, and
    for each value of a switch such as hang on it. Their seeds are kept in the folder `known`."""
    for number, (plan, policy) in enumerate(sorted(policies.items())):
        sides = Comparison(plan, policy.library.folder)
        sides.policy = policy
        values = {name: VALUES[name] for name in sides.switches}
        file = known / f"telling-{plan}.json" if known else None
        for switches, docs in telling(values, _programs(policy), drawn_one, file):
            yield from _agreed(sides, docs, switches)
        docs = [*drawn(count, seed + number), *islice(triples(), number, None, EVERY_TRIPLE)]
        source = random.Random(seed)
        for begin in range(0, len(docs), IN_ONE_SETTING):
            plain = begin // IN_ONE_SETTING % FIRST_PLAIN == 0
            switches = {} if plain else sides.drawn_switches(source)
            yield from _agreed(sides, docs[begin : begin + IN_ONE_SETTING], switches)


def drug_subjects(
    policies: dict[str, Policy], count: int, seed: int, known: Path | None = None
) -> Iterator[Subject]:
    """The same for the lines of drugs."""
    for plan, policy in sorted(policies.items()):
        sides = drug_agreement.Comparison(plan, policy.library.folder)
        sides.policy = policy
        file = known / f"telling-drugs-{plan}.json" if known else None
        groups = list(telling(DRUG_VALUES, _programs(policy), _drug_doc, file))
        source = random.Random(seed)
        for begin in range(0, count, IN_ONE_SETTING):
            plain = begin // IN_ONE_SETTING % FIRST_PLAIN == 0
            docs = [_drug_doc(seed + begin + n) for n in range(IN_ONE_SETTING)]
            groups.append(({} if plain else sides.drawn_switches(source), docs))
        for switches, docs in groups:
            found = sides.sides(docs, switches)
            yield from _drug_group(sides, [f.doc for f in found if not f.differs], switches)


def _drug_doc(seed: int) -> Doc:
    return drug_encounter(random.Random(seed), exotic=seed % 2 == 1)


def _drug_group(
    sides: drug_agreement.Comparison, docs: list[Doc], switches: dict[str, str]
) -> Iterator[Subject]:
    stays = [encounter_from_data(doc) for doc in docs]
    program = _programs(sides.policy)(switches)
    for stay, worlds in zip(stays, worlds_of(program, stays), strict=True):
        judge = _DrugJudge(stay, worlds[0], program, switches)
        yield _subject(sides.plan, switches, stay, program, worlds, judge)


def _programs(policy: Policy) -> Callable[[dict[str, str]], Program]:
    return lambda switches: policy.program(policy.rulebook(DAY, switches))


def _subject(
    plan: str,
    switches: dict[str, str],
    stay: Encounter,
    program: Program,
    worlds: tuple[Facts, ...],
    judge: Callable[[Policy], str | None],
) -> Subject:
    name = f"{plan} {switches} {encounter_to_data(stay)}"
    return Subject(name, plan, DAY, tuple(sorted(switches.items())), program, worlds, judge)


def _agreed(sides: Comparison, docs: list[Doc], switches: dict[str, str]) -> Iterator[Subject]:
    known = len(sides.tally.differences)
    sides.compare(docs, switches)
    differ = [found.doc for found in sides.tally.differences[known:]]
    encounters = [encounter_from_data(doc) for doc in docs if doc not in differ]
    program = _programs(sides.policy)(switches)
    for stay, worlds in zip(encounters, worlds_of(program, encounters), strict=True):
        judge = _Judge(stay, worlds[0], program, switches)
        yield _subject(sides.plan, switches, stay, program, worlds, judge)


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


class _DrugJudge(_Judge):
    """The same of the lines and questions of drugs."""

    def _says(self, program: Program) -> object:
        atoms = program.solve([self.facts])[0]
        return drug_agreement.side(self.stay, read_answer(atoms, self.facts.names, self.stay))
