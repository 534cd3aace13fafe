"""The steps of a short proof: each fact, number and rule is told once, and steps are numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from infucode.model.proof import Step
from infucode.passes.instances import Instance
from infucode.passes.values import GroundAtom
from infucode.rulebook.rules import Rule

STATED = "stated"
"""The basis of an answer that the plan's source gives; it is told last."""


@dataclass(slots=True)
class Told:
    """What one rule id contributes: steps without children, facts by subject, further rules."""

    atom: GroundAtom
    item: Instance
    rule: Rule
    subjects: tuple[str, ...] = ()
    numbers: list[Step] = field(default_factory=list)
    plan: list[Step] = field(default_factory=list)
    facts: dict[str, list[str]] = field(default_factory=dict)
    assumed: list[Step] = field(default_factory=list)
    tables: list[Step] = field(default_factory=list)
    below: dict[GroundAtom, Told] = field(default_factory=dict)

    @property
    def decides(self) -> bool:
        """Whether it is a step of its own: a number stands in it."""
        return bool(self.numbers)

    def add_number(self, step: Step) -> None:
        """A comparison, a total, or what fell short; the same one is told once."""
        if step not in self.numbers:
            self.numbers.append(step)

    def add_fact(self, subject: str, phrase: str) -> None:
        """A fact of the record; the same one is told once."""
        known = self.facts.setdefault(subject, [])
        if phrase not in known:
            known.append(phrase)


@dataclass(slots=True)
class Rests:
    """What a step rests on, once what decides nothing is passed over."""

    stated: dict[str, list[str]] = field(default_factory=dict)
    plan: list[Step] = field(default_factory=list)
    assumed: list[Step] = field(default_factory=list)
    tables: list[Step] = field(default_factory=list)
    below: list[Told] = field(default_factory=list)

    def facts(self) -> Iterator[Step]:
        """The record, one leaf for each subject; `bindings` are its parts until it is shown."""
        for subject, phrases in self.stated.items():
            parts = tuple((subject, phrase) for phrase in dict.fromkeys(phrases))
            yield Step("fact", "", bindings=parts)


class Page:
    """The short trees of one line.

    A step is an outcome or a rule that decides by a number: its numbers come first, then the
    steps behind it, then the record, the tables and what the plan's source states. What merely
    leads from one to the next is passed over; its facts go to the step that it leads to.
    """

    def __init__(self, said: Callable[[Told], Step]) -> None:
        self.said = said
        self._seen: set[tuple[str, str, str]] = set()
        self._shown: dict[GroundAtom, int] = {}
        self._passed: set[GroundAtom] = set()

    def root(self, told: Told) -> Step:
        """The tree of an outcome; only its sentence where nothing new stands behind it."""
        return self._step(told) or replace(self.said(told), number=self._shown[told.atom])

    def _step(self, told: Told) -> Step | None:
        """The step of a rule; None where all behind it was told already."""
        number = self._shown[told.atom] = len(self._shown) + 1
        rests = Rests()
        self._pass(told, rests)
        open_plan = [step for step in rests.plan if step.basis != STATED]
        children = self._leaves([*told.numbers, *rests.assumed, *open_plan])
        for other in rests.below:
            known = self._shown.get(other.atom)
            step = None
            if known is None:
                step = self._step(other)
            elif known < number:
                step = _again(self.said(other), known)
            if step is not None:
                children.append(step)
        children += self._leaves([*rests.facts(), *rests.tables, *rests.plan])
        if all(child.kind == "repeated" for child in children):
            return None
        return replace(self.said(told), children=tuple(children), number=number)

    def _pass(self, told: Told, rests: Rests, *, above: bool = True) -> None:
        """Gather what a step rests on, through the rules that decide nothing.

        `above` says that the rule is the step itself: only then what the plan's source states is
        told. A rule that speaks of nobody gives no facts: whoever it found is a mere example.
        """
        rests.assumed += told.assumed
        rests.plan += [step for step in told.plan if above or step.basis != STATED]
        if above or told.subjects:
            rests.tables += told.tables
            for subject, phrases in told.facts.items():
                rests.stated.setdefault(subject, []).extend(phrases)
        for atom, other in told.below.items():
            if other.decides:
                if other not in rests.below:
                    rests.below.append(other)
            elif atom not in self._passed:
                self._passed.add(atom)
                if other.subjects or other.assumed:
                    self._pass(other, rests, above=False)

    def _leaves(self, steps: Iterable[Step]) -> list[Step]:
        return [leaf for step in steps if (leaf := self._fresh(step)) is not None]

    def _fresh(self, step: Step) -> Step | None:
        """The leaf, or what is new of it; None where all of it was told already."""
        parts = step.bindings or (("", step.text),)
        fresh = [text for subject, text in parts if (step.kind, subject, text) not in self._seen]
        self._seen.update((step.kind, subject, text) for subject, text in parts)
        if not fresh:
            return None
        if not step.bindings:
            return step
        subject = parts[0][0]
        text = ", ".join(fresh)
        return Step(step.kind, f"{subject}: {text}" if subject else text)


def _again(step: Step, number: int) -> Step:
    return Step("repeated", step.says, rule=step.rule, number=number)


def numbered(trees: Iterable[Step]) -> list[Step]:
    """The trees with their rule steps numbered in the order of reading.

    A reference to a step that told nothing new, and so is not there, is dropped.
    """
    found = list(trees)
    numbers: dict[int, int] = {}
    for step in _rules(found):
        numbers[step.number] = len(numbers) + 1
    return [_renumbered(step, numbers) for step in found]


def _rules(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        if step.kind == "rule":
            yield step
            yield from _rules(step.children)


def _renumbered(step: Step, numbers: dict[int, int]) -> Step:
    if step.kind not in ("rule", "repeated"):
        return step
    children = tuple(
        _renumbered(child, numbers)
        for child in step.children
        if child.kind != "repeated" or child.number in numbers
    )
    return replace(step, number=numbers[step.number], children=children)
