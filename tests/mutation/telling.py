"""Encounters whose answer hangs on a reading, found by seed.

A drawn encounter seldom meets a drawn reading that matters to it, so mutants of rules that stand
under one reading would be noticed by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import clingo

from infucode.documents import encounter_from_data
from infucode.engine.facts import facts_of
from infucode.engine.program import Program

Doc = dict[str, Any]
WANTED = 12
"""Telling encounters for each value of each switch."""
SEEDS = 600
"""How many are tried to find them."""
BATCH = 60


def telling(
    values: Mapping[str, Sequence[str]],
    program: Callable[[dict[str, str]], Program],
    drawn: Callable[[int], Doc],
    known: Path | None,
) -> Iterator[tuple[dict[str, str], list[Doc]]]:
    """For each value that is not the plan's own: encounters that it gives another answer.

    `known` is a file that keeps the seeds found; to look again, delete it.
    """
    found: dict[str, list[int]] = {}
    if known is not None and known.is_file():
        found = json.loads(known.read_text(encoding="utf-8"))
    usual: dict[int, list[frozenset[clingo.Symbol]]] = {}
    for name, choices in sorted(values.items()):
        for value in choices:
            chosen = {name: value}
            key = f"{name}={value}"
            if key not in found:
                found[key] = list(_seeds(chosen, program, drawn, usual))
            if found[key]:
                yield chosen, [drawn(seed) for seed in found[key]]
    if known is not None:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps(found), encoding="utf-8")


def _seeds(
    chosen: dict[str, str],
    program: Callable[[dict[str, str]], Program],
    drawn: Callable[[int], Doc],
    usual: dict[int, list[frozenset[clingo.Symbol]]],
) -> Iterator[int]:
    """Seeds of encounters that answer otherwise, up to as many as are wanted."""
    own, other = program({}), program(chosen)
    if own.book.digest == other.book.digest:
        return
    left = WANTED
    for begin in range(0, SEEDS, BATCH):
        docs = [drawn(seed) for seed in range(begin, begin + BATCH)]
        if begin not in usual:
            usual[begin] = _answers(own, docs)
        for place, answer in enumerate(_answers(other, docs)):
            if left and answer != usual[begin][place]:
                left -= 1
                yield begin + place
        if not left:
            return


def _answers(program: Program, docs: Sequence[Doc]) -> list[frozenset[clingo.Symbol]]:
    facts = [facts_of(encounter_from_data(doc), program.book.vocabulary) for doc in docs]
    return [frozenset(atoms) for atoms in program.solve(facts)]
