"""What a report on one or more encounters is made of: html, md and csv show the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, NotReported, Reason, Solution, Warned
from infucode.render.alternatives import Row, side_by_side
from infucode.render.code_sets import told_apart
from infucode.render.proofs import Proofs
from infucode.render.told import Told, told_alone, told_kinds
from infucode.render.words import outcome_words


@dataclass(frozen=True, slots=True)
class Cited:
    """A source document: what its key in a citation stands for."""

    key: str
    title: str
    url: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """What a plan's library knows of its sources by key, and of its rules' clauses by rule id."""

    sources: Mapping[str, Cited] = field(default_factory=dict)
    clauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """One encounter and its solution, with the proofs that were asked for."""

    file: str
    encounter: Encounter
    solution: Solution
    proofs: Proofs | None = None
    background: Background = field(default_factory=Background)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that gave no answer, and why; ``exit_code`` is the contract's."""

    file: str
    exit_code: int
    reasons: tuple[str, ...]


Result = Answer | Refusal


@dataclass(frozen=True, slots=True)
class Lines:
    """The claim lines as they are shown.

    ``settled`` are those of the only code set, or those that every code set holds; ``rows``
    show side by side what differs, ``differing`` why.
    """

    settled: tuple[Told, ...]
    rows: tuple[Row, ...] = ()
    differing: tuple[Told, ...] = ()


def lines_of(solution: Solution) -> Lines:
    """The lines told apart."""
    common, rest = told_apart(solution.code_sets)
    if len(rest) < 2:
        return Lines(tuple(told_alone(entry) for entries in rest for entry in entries))
    settled = tuple(told_alone(entry) for entry in common)
    return Lines(settled, tuple(side_by_side(rest)), tuple(told_kinds(rest)))


@dataclass(frozen=True, slots=True)
class Overview:
    """One row of the overview of several encounters."""

    policy: str
    outcome: str
    lines: tuple[str, ...]
    questions: int


def overview_of(answer: Answer) -> Overview:
    """An answer in short: of several code sets only the lines that all of them hold."""
    solution = answer.solution
    policy = f"{solution.policy.id} {solution.policy.version}"
    settled = [line for told in lines_of(solution).settled for line, _ in told.heads]
    said = [
        "-".join((line.code, *line.modifiers)) + (f" ×{line.units}" if line.units > 1 else "")
        for line in settled
    ]
    if len(solution.code_sets) > 1:
        said.append("and what differs")
    return Overview(policy, outcome_words(solution), tuple(said), len(solution.asks))


def cited_sources(answer: Answer) -> list[Cited]:
    """The sources that the answer cites and its plan knows, in the order of the plan."""
    return sources_of((item.cite for item in _cited_items(answer.solution)), answer.background)


def sources_of(cites: Iterable[str], background: Background) -> list[Cited]:
    """The sources that some citations name and the plan knows, in the order of the plan."""
    keys = {part.split()[0] for cite in cites for part in cite.split(";") if part.strip()}
    return [source for key, source in background.sources.items() if key in keys]


def clauses_of(rules: Iterable[str], background: Background) -> list[str]:
    """The clauses that these rules decide, each once."""
    return list(
        dict.fromkeys(clause for rule in rules for clause in background.clauses.get(rule, ()))
    )


def _cited_items(solution: Solution) -> Iterable[Reason | Warned | NotReported]:
    yield from solution.not_reported
    yield from solution.warnings
    for code_set in solution.code_sets:
        yield from _cited_in(code_set)


def _cited_in(code_set: CodeSet) -> Iterable[Reason | NotReported]:
    yield from code_set.not_reported
    for line in code_set.lines:
        yield from line.because
