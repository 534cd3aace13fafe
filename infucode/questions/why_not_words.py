"""Causes in a coder's words, with the rule behind each and the facts that it rests on."""

from __future__ import annotations

from collections.abc import Container, Iterator

from infucode.model.why_not import Field, Lack
from infucode.passes.instances import ANY
from infucode.passes.values import GroundAtom, Row, symbol_of
from infucode.questions.explain_numbers import Numbers
from infucode.questions.explain_words import plain
from infucode.questions.found import Found
from infucode.questions.proofs import Bound, signature_of
from infucode.questions.why_not_labels import Failing
from infucode.questions.why_not_reckoned import Reckoned, reckoned
from infucode.questions.why_not_terms import OPEN, value_in
from infucode.questions.why_not_ways import NUMBER, OTHERWISE, STANDS, Cause
from infucode.rulebook.language import Aggregate, Atom, Comparison

NEEDED = {
    ">=": "at least {}", ">": "more than {}", "<=": "{} or less", "<": "less than {}",
    "=": "exactly {}", "!=": "anything but {}",
}  # fmt: skip
MOST_NUMBERS = 2


class Words:
    """Words for the causes of one code set."""

    def __init__(self, found: Found) -> None:
        self.reasons, self.program = found.reasons, found.reasons.program
        self.teller = found.reasons.teller
        self.phrases: Numbers = self.teller.phrases
        self._told: dict[int, tuple[Failing, Reckoned | None]] = {}

    def lack(self, cause: Cause, full: bool) -> Lack:
        """A cause in words."""
        if cause.kind == NUMBER and cause.failing is not None:
            return self._number(cause, cause.failing, full)
        if cause.kind == STANDS:
            return self._stands(cause, full)
        return self._fact(cause)

    # ---- numbers ----

    def missing(self, cause: Cause) -> int:
        """By how much a number falls short, in minutes where it is reckoned from them."""
        if cause.kind != NUMBER or cause.failing is None:
            return 0
        told = self._reckoned(cause.failing)
        if told is None:
            return cause.gap
        return abs(told.values[0] - told.values[1])

    def _reckoned(self, failing: Failing) -> Reckoned | None:
        key = id(failing)
        if key not in self._told:
            self._told[key] = failing, reckoned(self.reasons, failing)
        return self._told[key][1]

    def _number(self, cause: Cause, failing: Failing, full: bool) -> Lack:
        bound, clause = self._bound(failing), failing.clause
        formula = failing.literal.formula
        if isinstance(formula, Comparison):
            sides = self.phrases.sides(bound, clause, formula, cause.values)
            sign = formula.operators[0]
        else:
            assert isinstance(formula, Aggregate)
            guard = formula.right or formula.left
            sides = [str(value) for value in cause.values]
            sign = guard[0] if guard is not None else "="
        told = self._reckoned(failing)
        if told is not None:
            sides = self.phrases.sides(told.bound, told.clause, told.formula, told.values)
            sides[-1] = self.phrases.value(told.values[-1], told.bound[told.name][1])
            sign = told.formula.operators[0]
        rule = self.program.book.rules[failing.position if told is None else told.rule]
        papers = rule.papers
        atoms = list(self._behind(failing)) if full else []
        because = self.teller.trees(atoms)
        return Lack(
            cause.kind, sides[0], papers.id, papers.text, papers.cite, rule.place, tuple(because),
            tuple(dict.fromkeys(field for atom in atoms for field in self.fields(atom))),
            (NEEDED[sign].format(sides[-1]),),
        )  # fmt: skip

    def _bound(self, failing: Failing) -> Bound:
        _, types = self.program.types(failing.position)
        return {
            name: (ANY.text if value == OPEN else value, types.get(name))
            for name, value in failing.binding.items()
        }

    def _behind(self, failing: Failing) -> Iterator[GroundAtom]:
        """The atoms of the answer that gave a comparison its numbers."""
        names = set(failing.literal.formula.variables())
        for literal in failing.clause.body:
            atom = literal.formula
            if isinstance(atom, Atom) and not literal.signs and names & set(atom.variables()):
                found = atom.name, *(value_in(term, failing.binding) for term in atom.terms)
                if found in self.reasons.derivations.of(atom.signature) or found[
                    1:
                ] in self._rows(found):
                    yield found

    def _rows(self, atom: GroundAtom) -> Container[Row]:
        relation = self.reasons.derivations.relations.get(signature_of(atom))
        return relation.rows if relation is not None else ()

    # ---- what the record says ----

    def _fact(self, cause: Cause) -> Lack:
        atom = tuple(ANY.text if value == OPEN else value for value in cause.atom)
        subject = next(iter(self.phrases.subjects(atom)), "")
        name = _named(atom)
        wanted = self._values(atom)
        if cause.kind == OTHERWISE:
            said = " and ".join(filter(None, map(self._values, self._instead(atom))))
            text = f"the record gives {name} {said or 'otherwise'}"
        else:
            text = f"the record states no {name}"
        declared = self.program.book.vocabulary[signature_of(cause.atom)]
        return Lack(
            cause.kind, f"{subject}: {text}" if subject else text, "", declared.text, "",
            f"{declared.file}:{declared.line}", (), tuple(self.fields(atom)),
            (wanted,) if wanted else (),
        )  # fmt: skip

    def _values(self, atom: GroundAtom) -> str:
        rest = self.phrases.rest(atom)
        return ", ".join(plain(self.phrases.value(value, kind)) for value, kind in rest)

    def _instead(self, atom: GroundAtom) -> Iterator[GroundAtom]:
        relation = self.reasons.derivations.relations.get(signature_of(atom))
        subjects = self.phrases.subjects(atom)
        for row in relation.rows if relation is not None else ():
            if self.phrases.subjects((atom[0], *row)) == subjects:
                yield (atom[0], *row)

    # ---- what is in the way ----

    def _stands(self, cause: Cause, full: bool) -> Lack:
        atom = cause.atom
        item = self.teller.prover.shortest.instance(atom)
        subject = next(iter(self.phrases.subjects(atom)), "")
        if item is None:
            said = self._values(atom)
            text = f"the record gives {_named(atom)} {said}".strip()
            declared = self.program.book.vocabulary[signature_of(atom)]
            return Lack(
                cause.kind, f"{subject}: {text}" if subject else text, "", declared.text, "",
                f"{declared.file}:{declared.line}", (), tuple(self.fields(atom)),
            )  # fmt: skip
        rule = self.program.book.rules[item.rule]
        trees = self.teller.trees([atom])
        numbers = [
            step.text for tree in trees for step in tree.children if step.kind == "comparison"
        ]
        text = "; ".join([rule.papers.text.rstrip("."), *numbers[:MOST_NUMBERS]])
        return Lack(
            cause.kind, f"{subject}: {text}" if subject else text, rule.papers.id,
            rule.papers.text, rule.papers.cite, rule.place,
            tuple(trees) if full else (), tuple(self.fields(atom)) if full else (),
        )  # fmt: skip

    def fields(self, atom: GroundAtom) -> Iterator[Field]:
        """The facts of the record in the whole proof of an atom."""
        seen: set[GroundAtom] = set()
        stack = [atom]
        while stack:
            atom = stack.pop()
            if atom in seen:
                continue
            seen.add(atom)
            declared = self.program.book.vocabulary.get(signature_of(atom))
            if declared is not None and declared.kind == "input":
                yield str(atom[0]), self._whom(atom)
                continue
            for item in self.reasons.derivations.of(signature_of(atom)).get(atom, ()):
                stack += item.holds
                stack += [held for element in item.elements for held in element.holds]

    def _whom(self, atom: GroundAtom) -> str:
        names = self.reasons.facts.names.values
        kinds = self.phrases.types(atom)
        for value, kind in zip(atom[1:], kinds, strict=True):
            if kind is not None and kind.sort == "id":
                return names.get(symbol_of(value), "")
        return ""


def _named(atom: GroundAtom) -> str:
    """An input as a coder would call it."""
    return plain(str(atom[0])).removesuffix(" stated").removeprefix("stated ")
