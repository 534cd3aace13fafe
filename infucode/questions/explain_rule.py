"""Where a rule applied in an answer, and where it nearly did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from infucode.model.explanation import Nearly, RuleExplained
from infucode.model.proof import Step
from infucode.passes.instances import ANY
from infucode.passes.values import TEXT_MARK, GroundAtom, Value
from infucode.questions.explain_numbers import is_telling
from infucode.questions.explain_reach import REACHED, Reach, Reaches
from infucode.questions.explain_tell import NOT_SO
from infucode.questions.explain_words import plain
from infucode.questions.found import Found
from infucode.questions.proofs import signature_of
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Atom, Clause, Comparison, Literal
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS

MOST_FIRED, MOST_NEAR = 24, 8
DEEPEST = 3
"""How many rules deep a near miss is looked for."""
EXCEPTION = "exception__"
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def rules_of(book: Rulebook, id: str) -> list[Rule]:
    """The rules in force under an id, without what weaving added."""
    return [
        rule
        for rule in book.rules
        if rule.papers.id == id and not rule.clause.head.name.startswith(EXCEPTION)
    ]


def none_at_all(book: Rulebook, id: str) -> RuleExplained:
    """The explanation of a rule that is not in force on the day."""
    rules = [rule for rule in book.library.rules if rule.papers.id == id]
    papers = rules[0].papers
    places = tuple(dict.fromkeys(rule.place for rule in rules))
    return RuleExplained(id, papers.text, papers.cite, places, False, (), ())


def _positions(found: Found, id: str) -> list[int]:
    """The rules under an id that decide: those that give outcomes, else all."""
    program = found.reasons.program
    frame = program.frame
    own = [
        position
        for positions in frame.positions.values()
        for position in positions
        if frame.rules[position].papers.id == id
        and not frame.rules[position].clause.head.name.startswith(EXCEPTION)
    ]
    decisive = [n for n in own if frame.rules[n].clause.head.signature in program.outcomes]
    return sorted(decisive or own)


def fired_in(found: Found, id: str, *, full: bool) -> Iterator[Step]:
    """The proofs of what a rule gave in one code set."""
    reasons = found.reasons
    count = 0
    for position in _positions(found, id):
        rule = reasons.program.frame.rules[position]
        if not rule.clause.body:
            continue
        for head, items in reasons.derivations.of(rule.clause.head.signature).items():
            if count < MOST_FIRED and any(item.rule == position for item in items):
                count += 1
                yield reasons.prover.tree(head) if full else reasons.teller.trees([head])[0]


def nearly_in(found: Found, id: str) -> list[Nearly]:
    """What a rule did not apply to, nearest first, at most `MOST_NEAR` of them."""
    near = NearRule(found)
    return near.misses(_positions(found, id), DEEPEST)[:MOST_NEAR]


class NearRule(Reaches):
    """Tells what rules did not apply to, and why."""

    def misses(self, positions: Sequence[int], depth: int) -> list[Nearly]:
        """What some rules did not apply to, nearest first.

        Where they fail before any subject is found, the rules behind the first condition tell.
        """
        fired = set(self._fired(positions))
        reached: dict[str, tuple[int, Reach, int]] = {}
        for position in positions:
            for subject, reach in self.reaches(position).items():
                left = len(reach.body) - reach.held
                known = reached.get(subject)
                if left and subject not in fired and (known is None or left < known[0]):
                    reached[subject] = left, reach, position
        none = reached.pop("", None)
        if not reached and none is not None:
            return self._behind(none, depth)
        ordered = sorted(reached.items(), key=lambda pair: pair[1][0])
        return [self.told(subject, reach, n) for subject, (_, reach, n) in ordered]

    def _behind(self, none: tuple[int, Reach, int], depth: int) -> list[Nearly]:
        """The misses of the rules of the condition that fails, or that it fails."""
        _, reach, position = none
        literal = reach.body[reach.held]
        atom = literal.atom
        if depth and atom is not None and not literal.signs and atom.signature not in SETTINGS:
            rules = self.program.frame.positions.get(atom.signature, ())
            bodied = [n for n in rules if self.program.frame.rules[n].clause.body]
            found = self.misses(bodied, depth - 1) if bodied else []
            if found:
                return found
        return [self.told("", reach, position)]

    def _fired(self, positions: Sequence[int]) -> Iterator[str]:
        """What the rules applied to."""
        for position in positions:
            signature = self.program.frame.rules[position].clause.head.signature
            for items in self.near.derivations.of(signature).values():
                for item in items:
                    if item.rule == position:
                        yield from self.phrases.subjects(item.head)[:1] or [""]

    def told(self, subject: str, reach: Reach, position: int) -> Nearly:
        """What held of a rule for a subject, and what first did not."""
        rule = self.program.frame.rules[position]
        held = [self._held(rule.clause, lit, reach) for lit in reach.body[: reach.held]]
        failed, because = self._failed(position, rule.clause, reach, DEEPEST)
        return Nearly(
            (), subject, tuple(step for step in held if step is not None), failed,
            tuple(because), rule.place,
        )  # fmt: skip

    def _held(self, clause: Clause, literal: Literal, reach: Reach) -> Step | None:
        """A condition that holds, in words; None where it says nothing."""
        formula = literal.formula
        if isinstance(formula, Atom) and not literal.signs:
            atom = self._ground(formula, reach.bound)
            if formula.signature in SETTINGS:
                return None
            text = self._phrase(atom)
            return Step("fact", text) if text else None
        if isinstance(formula, Comparison) and is_telling(formula):
            values = self._values(formula, reach)
            if values is not None:
                text, _ = self.phrases.comparison(reach.bound, clause, formula, values)
                return Step("comparison", text)
        return None

    def _values(self, formula: Comparison, reach: Reach) -> tuple[Value, ...] | None:
        comparisons = [x.formula for x in reach.body[: reach.held]
                       if isinstance(x.formula, Comparison)]  # fmt: skip
        return reach.item.compared[comparisons.index(formula)] if formula in comparisons else None

    def _phrase(self, atom: GroundAtom) -> str:
        declared = self.program.book.vocabulary.get(signature_of(atom))
        if declared is not None and declared.kind == "table":
            return self.phrases.row(atom)
        subject, text = self.phrases.fact(atom)
        return f"{subject}: {text}" if subject else text

    def _failed(
        self, position: int, clause: Clause, reach: Reach, depth: int
    ) -> tuple[Step, list[Step]]:
        literal = reach.body[reach.held]
        formula = literal.formula
        if isinstance(formula, Comparison):
            return self._failed_comparison(position, clause, formula, reach), []
        if not isinstance(formula, Atom):
            return Step("absent", "what it counts does not fit"), []
        atom = self._ground(formula, reach.bound)
        if literal.signs:
            return self._stands_against(atom)
        return self._lacks(formula, atom, depth)

    def _failed_comparison(
        self, position: int, clause: Clause, formula: Comparison, reach: Reach
    ) -> Step:
        if len(formula.operators) != 1:
            return Step("short", f"{formula}{NOT_SO}")
        turned = replace(formula, operators=(OPPOSITE[formula.operators[0]],))
        prefix = Clause(REACHED, (*reach.body[: reach.held], Literal(turned)))
        for item in self._run(position, prefix):
            bound = self._bound(position, prefix, item)
            if all(bound.get(name) == known for name, known in reach.bound.items()):
                values = item.compared[-1]
                text, name = self.phrases.comparison(bound, clause, formula, values)
                setting = self.program.book.settings.get(name)
                if setting is None:
                    return Step("short", text + NOT_SO)
                return Step("short", text + NOT_SO, cite=setting.cite, basis=setting.basis)
        return Step("short", f"{formula}{NOT_SO}")

    def _lacks(self, formula: Atom, atom: GroundAtom, depth: int) -> tuple[Step, list[Step]]:
        """An atom that is not there: not in the record, not this plan's answer, not derived."""
        if formula.signature in SETTINGS:
            setting = self.program.book.settings.get(str(atom[1]))
            is_ = plain(setting.value) if setting else "not set"
            wanted = plain(str(atom[2]).removeprefix(TEXT_MARK))
            text = f"{plain(str(atom[1]))} is {is_} in this plan; this rule is for {wanted}"
            return Step("setting", text), []
        declared = self.program.book.vocabulary.get(formula.signature)
        if declared is not None and declared.kind in ("input", "assumed"):
            said = self._said_instead(atom)
            text = self._phrase(atom)
            if said:
                return Step("absent", f"the record says {said}, not {text}"), []
            return Step("absent", f"the record does not state: {text}"), []
        if declared is not None and declared.kind == "table":
            return Step("absent", f"no table has: {self._phrase(atom)}"), []
        failed = Step("absent", f"not so: {self._phrase(atom)}")
        return failed, self._since(formula, atom, depth)

    def _said_instead(self, atom: GroundAtom) -> str:
        """What the record says of the same subject in its place; empty where it says nothing."""
        relation = self.near.derivations.relations.get(signature_of(atom))
        subjects = self.phrases.subjects(atom)
        for row in relation.rows if relation is not None else ():
            if self.phrases.subjects((atom[0], *row)) == subjects:
                return self._phrase((atom[0], *row))
        return ""

    def _since(self, formula: Atom, atom: GroundAtom, depth: int) -> list[Step]:
        """Why a derived atom is not there: what its nearest rule lacks, and by how much."""
        subject = next(iter(self.phrases.subjects(atom)), "")
        reached = []
        for position in self.program.frame.positions.get(formula.signature, ()):
            found = self.reaches(position)
            reach = found.get(subject) or self._seeded(position, atom, found)
            if reach is not None and reach.held < len(reach.body):
                reached.append((len(reach.body) - reach.held, -reach.held, position, reach))
        nearest = [self.teller.missed(miss) for miss in self.teller.nearest(atom)]
        if nearest or not reached or not depth:
            return nearest
        *_, position, reach = min(reached, key=lambda found: found[:3])
        rule = self.program.frame.rules[position]
        failed, because = self._failed(position, rule.clause, reach, depth - 1)
        papers = rule.papers
        told = replace(failed, says=papers.text, rule=papers.id)
        return [told if failed.kind != "rule" else failed, *because]

    def _seeded(
        self, position: int, atom: GroundAtom, found: Mapping[str, Reach]
    ) -> Reach | None:
        """A rule of which nothing holds, its head bound to the atom that is wanted."""
        none = found.get("")
        if none is None or none.held:
            return None
        clause = self.program.frame.rules[position].clause
        types = self.phrases.types(atom)
        bound = {
            term.text: (value, kind)
            for term, value, kind in zip(clause.head.terms, atom[1:], types, strict=True)
            if term.kind == "variable" and value != ANY.text
        }
        return none._replace(bound=bound)

    def _stands_against(self, atom: GroundAtom) -> tuple[Step, list[Step]]:
        """An atom that holds, so that the rule gives way."""
        relation = self.near.derivations.relations.get(signature_of(atom))
        for row in relation.rows if relation is not None else ():
            holding = (atom[0], *row)
            if all(w in (ANY.text, v) for v, w in zip(holding, atom, strict=True)):
                trees = self.teller.trees([holding])
                item = self.teller.prover.shortest.instance(holding)
                papers = self.program.book.rules[item.rule].papers if item else None
                if str(atom[0]).startswith(EXCEPTION) and papers is not None:
                    text = f"the rule {papers.id} goes first"
                else:
                    text = self._phrase(holding)
                return Step("rule", f"set aside, as this holds: {text}"), trees
        return Step("absent", f"set aside by {self._phrase(atom)}"), []
