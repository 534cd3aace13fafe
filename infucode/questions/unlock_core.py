"""Which documented facts rule a code out, whatever else were documented: a smallest set of them.

A fact is set free by letting it be anything, or nothing. Following the rules backwards never
finds too little possible, so what is impossible with some facts kept is so indeed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

import clingo

from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.model.unlock import Standing
from infucode.passes.values import value_of
from infucode.questions.explain_words import plain
from infucode.questions.reasons import Reasons
from infucode.questions.unlock_evidence import Field
from infucode.questions.unlock_ways import Freed, Subject, Suppositions
from infucode.questions.why_not_goals import TooManyStepsError
from infucode.questions.why_not_labels import Pattern
from infucode.rulebook.language import Signature

Kept = tuple[Signature, Subject]
MOST_STEPS, MOST_STEPS_IN_ALL = 50_000, 200_000
"""So many steps are spent on one question, and on all that are asked for a core."""
STRUCTURE = frozenset({"rank", "day"})
"""Kinds of arguments that only order what is there."""


class Core:
    """Finds documented facts that stand in the way of some goals."""

    def __init__(
        self,
        program: Program,
        facts: Facts,
        fields: Sequence[Field],
        goals: Sequence[tuple[Signature, Pattern]],
    ) -> None:
        self.program, self.facts, self.fields, self.goals = program, facts, fields, goals
        self._derivations = program.known(facts).derivations()
        self._coarse = True
        self._reached: tuple[Signature, Pattern] | None = None
        self._by: int | None = None
        """The goal that was reached last, and by which rule."""
        self._left = MOST_STEPS_IN_ALL
        self.told = True
        """Whether it was told of every fact that is left that it is needed."""
        self.never = not self._reaches(frozenset(), None, sys.maxsize)
        """Whether no silence filled in could make it; what is coarse is tried first."""
        if not self.never:
            self._coarse = False
            self.never = not self._reaches(frozenset(), None, sys.maxsize)

    def possible(self, freed: Freed, first: Subject = None) -> bool:
        """Whether any goal can be reached with these facts free and every silence filled.

        What takes too many steps is taken for possible: then a fact is kept that may be needless.
        """
        try:
            return self._reaches(freed, first, min(MOST_STEPS, self._left))
        except TooManyStepsError:
            self.told = False
            return True

    def _reaches(self, freed: Freed, first: Subject, most_steps: int) -> bool:
        """Goals of the subject `first` are followed before the others, then the one that was
        reached last, by the same rule."""
        ways = Suppositions(
            self.program, self._derivations, self.fields, freed, plain=True,
            coarse=self._coarse, most_steps=most_steps,
        )  # fmt: skip
        try:
            for goal in sorted(self.goals, key=lambda g: (g[1][1] != first, g != self._reached)):
                if ways.goals.can_reach(*goal, 1, self._by):
                    self._reached, self._by = goal, ways.goals.by
                    return True
            return False
        finally:
            self._left -= ways.goals.steps if most_steps < sys.maxsize else 0

    def _freed_inputs(self, documented: Mapping[Kept, object]) -> set[Kept]:
        """What is not needed: all but one input if one alone will do, else one by one."""
        given = dict.fromkeys(signature for signature, _ in documented)
        inputs = sorted(given, key=lambda s: not self._says_what(s))
        for signature in inputs:
            others = {kept for kept in documented if kept[0] != signature}
            if not self.possible(frozenset(others)):
                return others
        freed: set[Kept] = set()
        for signature in inputs:
            group = {kept for kept in documented if kept[0] == signature}
            if not self.possible(frozenset(freed | group)):
                freed |= group
        return freed

    def _says_what(self, signature: Signature) -> bool:
        """Whether an input says in a word what something is: most often it decides."""
        first, *rest = self.program.book.vocabulary[signature].types
        return first.sort == "id" and [kind.sort for kind in rest] == ["word"]

    def documented(self) -> dict[Kept, list[clingo.Symbol]]:
        """What the record states, by input and subject, without what only lists and orders."""
        found: dict[Kept, list[clingo.Symbol]] = {}
        for signature, atom in self.facts.signed:
            kinds = [kind.name for kind in self.program.book.vocabulary[signature].types]
            lists = set(kinds[1:]) == {"rank"}
            if lists or signature not in self.program.frame.reads:
                continue
            if kinds == [signature[0]] or kinds[0] in STRUCTURE:
                continue
            sort = self.program.book.vocabulary[signature].types[0].sort
            subject = value_of(atom.arguments[0]) if sort == "id" else None
            found.setdefault((signature, subject), []).append(atom)
        return found

    def smallest(self, reasons: Reasons) -> Iterator[Standing]:
        """The facts that are left when every one that is not needed has been set free."""
        documented = self.documented()
        self.told = True
        if not self.possible(frozenset(documented)):
            return
        freed = self._freed_inputs(documented)
        for kept in documented:
            if kept not in freed and not self.possible(frozenset((*freed, kept)), kept[1]):
                freed.add(kept)
        phrases = reasons.teller.phrases
        for (signature, _), atoms in documented.items():
            if (signature, _) in freed:
                continue
            values = []
            for atom in atoms:
                row = (atom.name, *map(value_of, atom.arguments))
                values.append(", ".join(plain(phrases.value(v, k)) for v, k in phrases.rest(row)))
            row = (atoms[0].name, *map(value_of, atoms[0].arguments))
            about = next(iter(phrases.subjects(row)), "")
            name = plain(signature[0]).removesuffix(" stated")
            said = f"{name} {' and '.join(filter(None, values))}".strip()
            yield Standing(signature[0], about, f"{about}: {said}" if about else said)
