"""Why: the messages of outcomes, and the proof tree of any atom of an answer."""

from __future__ import annotations

from collections.abc import Mapping

import clingo

from infucode.engine.answer import Outcome
from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.engine.trace import Trace, Tracer
from infucode.engine.wording import Wording
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import Reason
from infucode.passes.replay import Instance
from infucode.rulebook.language import Aggregate, Atom, Comparison, Signature
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS, term_type, variable_types
from infucode.rulebook.vocabulary import Type

Bound = dict[str, tuple[clingo.Symbol, Type | None]]


class Reasons:
    """Explains the answer of one world. Nothing is replayed before it is asked for."""

    def __init__(
        self, program: Program, tracer: Tracer, encounter: Encounter, facts: Facts
    ) -> None:
        self.program, self.tracer, self.facts = program, tracer, facts
        self.wording = Wording(encounter, facts.names)
        self._atoms: list[clingo.Symbol] | None = None
        self._short: Trace | None = None
        self._full: Trace | None = None
        self._types: dict[int, Mapping[str, Type]] = {}

    @property
    def atoms(self) -> list[clingo.Symbol]:
        """Every atom of the answer."""
        if self._atoms is None:
            self._atoms = self.program.run(self.facts).atoms()
        return self._atoms

    def _given(self) -> list[clingo.Symbol]:
        return [atom for _, atom in self.facts.signed]

    @property
    def short(self) -> Trace:
        """The instances of outcome rules only: enough for messages."""
        if self._short is None:
            rules = self.program.text(self.facts.shape).rules
            self._short = self.tracer.trace(
                self.atoms, self._given(), rules, self.program.outcomes
            )
        return self._short

    @property
    def full(self) -> Trace:
        """Every instance behind the answer; it also confirms the answer."""
        if self._full is None:
            rules = self.program.text(self.facts.shape).rules
            self._full = self.tracer.trace(self.atoms, self._given(), rules)
        return self._full

    def bound(self, item: Instance) -> Bound:
        """The variables of an instance with their values and types."""
        clause = self.program.book.rules[item.rule].clause
        if item.rule not in self._types:
            self._types[item.rule] = variable_types(clause, self.program.book.library.typing)
        types = self._types[item.rule]
        return {
            name: (symbol, types.get(name))
            for name, symbol in zip(clause.variables(), item.variables, strict=True)
        }

    def says(self, item: Instance) -> str:
        """What the rule of an instance says, its numbers filled in."""
        rule = self.program.book.rules[item.rule]
        bound = self.bound(item)
        head = (item.head.name, len(item.head.arguments))
        if head in self.program.outcomes and rule.papers.placeholders <= set(bound):
            return self.wording.fill(rule.papers.says or rule.papers.text, bound)
        return rule.papers.text

    def reason(self, outcome: Outcome) -> Reason:
        """The rule behind an outcome in words."""
        item = self._instance(outcome.atom)
        return Reason(
            outcome.rule, self.says(item), self.program.book.rules[item.rule].papers.cite
        )

    def matters(self, outcome: Outcome) -> str:
        """What a question would decide."""
        item = self._instance(outcome.atom)
        papers = self.program.book.rules[item.rule].papers
        return self.wording.fill(papers.matters, self.bound(item))

    def _instance(self, atom: clingo.Symbol) -> Instance:
        instances = self.short.by_head[atom]
        return min(instances, key=lambda i: (i.rule, i.variables))

    def proof(self, atom: clingo.Symbol) -> Step:
        """The proof tree of an atom: repeated subtrees are shown once."""
        return _Prover(self).step(atom, set())


class _Prover:
    """Builds one tree; remembers what it has shown already."""

    def __init__(self, reasons: Reasons) -> None:
        self.reasons = reasons
        self.trace = reasons.full
        self.book = reasons.program.book
        self.typing = self.book.library.typing

    def step(self, atom: clingo.Symbol, shown: set[clingo.Symbol]) -> Step:
        key = atom.name, len(atom.arguments)
        if key in SETTINGS:
            return self._setting(atom)
        declared = self.book.vocabulary.get(key)
        if atom in self.trace.given and declared is not None:
            kind = "assumed" if declared.kind == "assumed" else "fact"
            return Step(kind, self.text(atom))
        instances = [i for i in self.trace.by_head.get(atom, ()) if self._founded(i, atom)]
        if not instances:
            return Step("fact", self.text(atom))
        item = min(instances, key=lambda i: (self._height(i), i.rule, i.variables))
        rule = self.book.rules[item.rule]
        if not rule.clause.body:
            return Step(
                "table",
                self.text(atom),
                rule=rule.papers.id,
                place=rule.place,
                cite=rule.papers.cite,
            )
        if atom in shown:
            return Step("repeated", self.text(atom), rule=rule.papers.id, place=rule.place)
        shown.add(atom)
        return self._rule_step(atom, item, rule, shown, len(instances) - 1)

    def _rule_step(
        self,
        atom: clingo.Symbol,
        item: Instance,
        rule: Rule,
        shown: set[clingo.Symbol],
        others: int,
    ) -> Step:
        bound = self.reasons.bound(item)
        words = self.reasons.wording
        says = self.reasons.says(item)
        return Step(
            "rule",
            self.text(atom),
            says,
            rule.papers.id,
            rule.place,
            rule.papers.cite,
            "",
            tuple((name, words.symbol(*value)) for name, value in bound.items()),
            tuple(self._children(item, rule, shown)),
            others,
        )

    def _children(self, item: Instance, rule: Rule, shown: set[clingo.Symbol]) -> list[Step]:
        steps: list[Step] = []
        holds, absent = iter(item.holds), iter(item.absent)
        compared, guards = iter(item.compared), iter(item.guards)
        aggregate = 0
        for literal in rule.clause.body:
            formula = literal.formula
            if isinstance(formula, Atom):
                if literal.signs == 1:
                    steps.append(Step("absent", "not " + self.text(next(absent))))
                else:
                    steps.append(self.step(next(holds), shown))
            elif isinstance(formula, Comparison):
                steps.append(self._comparison(item, formula, next(compared)))
            elif isinstance(formula, Aggregate):
                steps.append(self._aggregate(item, formula, next(guards), aggregate, shown))
                aggregate += 1
        return steps

    def _comparison(
        self, item: Instance, formula: Comparison, values: tuple[clingo.Symbol, ...]
    ) -> Step:
        types = {
            name: kind for name, (_, kind) in self.reasons.bound(item).items() if kind is not None
        }
        words = self.reasons.wording
        shown = [
            words.symbol(v, term_type(t, types) if t.kind == "variable" else None)
            for v, t in zip(values, formula.terms, strict=True)
        ]
        text = shown[0] + "".join(
            f" {o} {v}" for o, v in zip(formula.operators, shown[1:], strict=True)
        )
        return Step("comparison", f"{text}  ({_spaced(formula)})")

    def _aggregate(
        self,
        item: Instance,
        formula: Aggregate,
        guards: tuple[clingo.Symbol, ...],
        number: int,
        shown: set[clingo.Symbol],
    ) -> Step:
        elements = [
            e
            for e in self.trace.elements.get((item.rule, item.variables), ())
            if e.aggregate == number
        ]
        if formula.function in ("#min", "#max"):
            elements = [e for e in elements if e.terms and e.terms[0] in guards][:1]
        seen = dict.fromkeys((e.terms, e.holds) for e in elements)
        types = {name: kind for name, (_, kind) in self.reasons.bound(item).items()}
        words = self.reasons.wording
        values = ", ".join(
            words.symbol(v, types.get(t.text))
            for v, t in zip(guards, formula.guards, strict=True)
        )
        children = [self.step(atom, shown) for _, holds in seen for atom in holds]
        return Step(
            "aggregate",
            f"{formula.function[1:]} is {values}, over {len(seen)}",
            children=tuple(children),
        )

    def _setting(self, atom: clingo.Symbol) -> Step:
        name, value = str(atom.arguments[0]), atom.arguments[1]
        setting = self.book.settings[name]
        text = value.string if value.type == clingo.SymbolType.String else str(value)
        return Step("setting", f"{name} = {text}", cite=setting.cite, basis=setting.basis)

    def text(self, atom: clingo.Symbol) -> str:
        """An atom in the user's names."""
        key: Signature = (atom.name, len(atom.arguments))
        types = self.typing.predicates.get(key) or [None] * len(atom.arguments)
        words = [
            "anything" if str(s) == "any__" else self.reasons.wording.symbol(s, t)
            for s, t in zip(atom.arguments, types, strict=True)
        ]
        return f"{atom.name}({', '.join(words)})" if words else atom.name

    def _founded(self, item: Instance, atom: clingo.Symbol) -> bool:
        level = self.trace.level
        return all(level.get(a, 0) < level[atom] for a in item.holds)

    def _height(self, item: Instance) -> int:
        return max((self.trace.level.get(a, 0) for a in item.holds), default=0)


def _spaced(formula: Comparison) -> str:
    rest = "".join(f" {o} {t}" for o, t in zip(formula.operators, formula.terms[1:], strict=True))
    return f"{formula.terms[0]}{rest}"
