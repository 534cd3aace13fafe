"""Short proofs: what decided, with its numbers, one step for each rule that had a say.

All that one rule id contributes to a proof is one step. Numbers and the answers of the plan come
first, then facts of the record, then the rules behind it. What was told already is not told
again; what decides nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from infucode.model.proof import Step
from infucode.passes.instances import Instance
from infucode.passes.values import GroundAtom, Row
from infucode.questions.explain_near import Miss, Near
from infucode.questions.explain_numbers import Numbers, is_telling
from infucode.questions.explain_steps import Page, Told, numbered
from infucode.questions.explain_words import plain
from infucode.questions.proofs import Prover, signature_of
from infucode.rulebook.language import Aggregate, Atom, Clause, Comparison
from infucode.rulebook.types import SETTINGS
from infucode.rulebook.vocabulary import Type

NOT_SO = " does not hold"
MOST_MISSES = 3
"""How many near misses of one rule are told behind an absence."""
MINUTES = Type("number", "minutes")
SUMS = ("#sum", "#sum+")


class Teller:
    """Tells the proofs of one answer in short."""

    def __init__(self, prover: Prover) -> None:
        self.prover, self.book, self.words = prover, prover.book, prover.words
        self.phrases = Numbers(prover.book, prover.words)
        self.near = Near(prover.derivations)
        self._told: dict[GroundAtom, Told] = {}

    def trees(self, atoms: Iterable[GroundAtom]) -> list[Step]:
        """The short trees of the atoms behind one line, their steps numbered throughout."""
        page = Page(self.said)
        found = [self.told(atom) for atom in atoms]
        return numbered([page.root(told) for told in found if told is not None])

    def told(self, atom: GroundAtom) -> Told | None:
        """What the rule behind an atom contributes; None for what is given or a table's row."""
        if atom not in self._told:
            item = self.prover.shortest.instance(atom)
            if item is None or not self.book.rules[item.rule].clause.body:
                return None
            subjects = tuple(self.phrases.subjects(atom))
            found = self._told[atom] = Told(atom, item, self.book.rules[item.rule], subjects)
            self._gather(item, found, {atom})
        return self._told[atom]

    def _gather(self, item: Instance, told: Told, seen: set[GroundAtom]) -> None:
        """Add what one instance rests on; rules under the same id count as part of it."""
        clause = self.book.rules[item.rule].clause
        for text in self.phrases.reckoned(item, clause):
            told.add_number(Step("comparison", text))
        holds, absent = iter(item.holds), iter(item.absent)
        compared, guards, counted = iter(item.compared), iter(item.guards), iter(item.counted)
        for literal in clause.body:
            formula = literal.formula
            if isinstance(formula, Comparison):
                self._add_comparison(item, clause, formula, next(compared), told)
            elif isinstance(formula, Aggregate):
                self._add_aggregate(item, formula, next(guards), next(counted), told, seen)
            elif isinstance(formula, Atom) and literal.signs == 1:
                self._add_absent(next(absent), told)
            elif isinstance(formula, Atom):
                self._add_atom(next(holds), told, seen)

    def _add_atom(self, atom: GroundAtom, told: Told, seen: set[GroundAtom]) -> None:
        if atom in seen:
            return
        seen.add(atom)
        if signature_of(atom) in SETTINGS:
            self._add_setting(atom, told)
            return
        item = self.prover.shortest.instance(atom)
        if item is None:
            self._add_given(atom, told)
            return
        rule = self.book.rules[item.rule]
        if not rule.clause.body:
            self._add_row(atom, told)
        elif rule.papers.id == told.rule.papers.id:
            self._gather(item, told, seen)
        else:
            found = self.told(atom)
            if found is not None:
                told.below.setdefault(atom, found)

    def _add_given(self, atom: GroundAtom, told: Told) -> None:
        subject, phrase = self.phrases.fact(atom)
        declared = self.book.vocabulary.get(signature_of(atom))
        if declared is not None and declared.kind == "assumed":
            phrase = phrase.removeprefix("assumed ")
            text = f"{subject}: {phrase}, supposed for this code set"
            told.assumed.append(Step("assumed", text))
        elif phrase:
            told.add_fact(subject, phrase)

    def _add_row(self, atom: GroundAtom, told: Told) -> None:
        """A row of a table that gives a code or a number; others only sort words."""
        kinds = [kind for kind in self.phrases.types(atom) if kind is not None]
        if any(kind.name == "code" or kind.sort == "number" for kind in kinds):
            told.tables.append(Step("table", self.phrases.row(atom)))

    def _add_setting(self, atom: GroundAtom, told: Told) -> None:
        """An answer of the plan; numbers that it sets are told where they are compared."""
        if atom[0] != "reading":
            return
        setting = self.book.settings[str(atom[1])]
        step = Step("setting", f"{plain(setting.name)}: {plain(setting.value)}",
                    cite=setting.cite, basis=setting.basis)  # fmt: skip
        if step not in told.plan:
            told.plan.append(step)

    def _add_comparison(
        self, item: Instance, clause: Clause, formula: Comparison, values: Row, told: Told
    ) -> None:
        if not is_telling(formula) or self._is_place(item, formula):
            return
        step = self._compared("comparison", item, clause, formula, values, "")
        told.add_number(step)

    def _compared(
        self, kind: str, item: Instance, clause: Clause, formula: Comparison, values: Row,
        after: str,
    ) -> Step:  # fmt: skip
        bound = self.words.bound(item)
        text, name = self.phrases.comparison(bound, clause, formula, values)
        setting = self.book.settings.get(name)
        if setting is None:
            return Step(kind, text + after)
        return Step(kind, text + after, cite=setting.cite, basis=setting.basis)

    def _is_place(self, item: Instance, formula: Comparison) -> bool:
        """Whether it only compares ids, or places clocks within each other."""
        _, types = self.words.types(item.rule)
        kinds = [types.get(v) for t in formula.terms for v in t.variables()]
        named = [kind for kind in kinds if kind is not None]
        if any(kind.sort != "number" for kind in named):
            return True
        clocks = bool(named) and all(kind.name == "clock" for kind in named)
        return clocks and formula.operators[0] in ("<=", ">=")

    def _add_absent(self, atom: GroundAtom, told: Told) -> None:
        """What would have changed the outcome and fell short by its numbers."""
        for miss in self.nearest(atom):
            told.add_number(self.missed(miss))

    def nearest(self, atom: GroundAtom) -> list[Miss]:
        """What nearly gave an atom: of each rule the nearest, as numbers differ in kind."""
        by_rule: dict[int, list[Miss]] = {}
        for miss in self.near.misses(atom):
            if self._says_something(miss):
                by_rule.setdefault(miss.item.rule, []).append(miss)
        return [miss for misses in by_rule.values() for miss in misses[:MOST_MISSES]]

    def _says_something(self, miss: Miss) -> bool:
        """Whether it compares two different things, and not where they lie."""
        if self._is_place(miss.item, miss.formula):
            return False
        bound = self.words.bound(miss.item)
        return not self.phrases.is_itself(bound, miss.clause, miss.formula)

    def missed(self, miss: Miss) -> Step:
        """A comparison that does not hold, and what would follow if it did."""
        rule = self.book.rules[miss.item.rule]
        step = self._compared("short", miss.item, miss.clause, miss.formula, miss.values, NOT_SO)
        return Step(step.kind, step.text, rule=rule.papers.id, cite=step.cite, basis=step.basis)

    def _add_aggregate(
        self, item: Instance, formula: Aggregate, guards: Row,
        counted: Sequence[tuple[Row, tuple[GroundAtom, ...]]], told: Told, seen: set[GroundAtom],
    ) -> None:  # fmt: skip
        elements = list(dict.fromkeys(counted))
        if formula.function in ("#min", "#max"):
            elements = [e for e in elements if e[0] and e[0][0] in guards][:1]
        elif formula.function in SUMS:
            self._add_sum(item, formula, guards, elements, told)
        for _, holds in elements:
            for atom in holds:
                self._add_atom(atom, told, seen)

    def _add_sum(
        self, item: Instance, formula: Aggregate, guards: Row,
        elements: Sequence[tuple[Row, tuple[GroundAtom, ...]]], told: Told,
    ) -> None:  # fmt: skip
        """`110 minutes = 10 (10:00-10:10) + 100 (10:50-12:30)`."""
        parts = [(terms[0], self._part(holds)) for terms, holds in elements if terms[0]]
        spans = any(part[:1].isdigit() for _, part in parts)
        if len(parts) < 2 and not spans:
            return
        _, types = self.words.types(item.rule)
        kind = next((types.get(g.text) for g in formula.guards), None)
        total = self.phrases.value(guards[0], MINUTES if spans else kind)
        said = [f"{number} ({part})" if part else str(number) for number, part in parts]
        step = Step("aggregate", f"{total} = {' + '.join(said)}")
        told.add_number(step)

    def said(self, told: Told) -> Step:
        """The step of a rule, without what stands below it."""
        papers = told.rule.papers
        says = self.words.says(told.item)
        text = "" if says != papers.text else self.phrases.result(told.atom, told.rule.clause)
        return Step("rule", text, says, papers.id, cite=papers.cite)

    def _part(self, holds: Sequence[GroundAtom]) -> str:
        """What an element of a sum is of: a stretch of time, or an administration."""
        spans = (self.phrases.span(atom) for atom in holds)
        return next(filter(None, spans), "") or next(
            (s for atom in holds for s in self.phrases.subjects(atom)), ""
        )
