"""Facts, results and comparisons of a proof, as a coder would say them."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.passes.instances import ANY
from infucode.passes.values import GroundAtom, Value
from infucode.questions.proofs import Words, signature_of
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause
from infucode.rulebook.vocabulary import Predicate, Type

SUBJECTS = ("administration", "service", "claim_line", "item")
"""The ids that a sentence speaks of."""
UNITS = frozenset({"minutes"})
LABELLED = frozenset({"count", "units"})
"""Numbers that say nothing without the name of their kind."""
CODE = "code"
TEXT = " text"
"""The name of a fact that gives something as the record writes it ends so."""
CLOCKS = 2
"""So many clock times make a stretch of time."""
DEFAULT = "the contract's default, "
"""How the vocabulary begins to say what absence of a fact means where the contract fills it."""


def plain(name: str) -> str:
    """A name of the rules as words."""
    return name.replace("_", " ").strip()


class Phrases:
    """Words for the atoms and comparisons of one answer."""

    def __init__(self, book: Rulebook, words: Words) -> None:
        self.book, self.words = book, words

    def types(self, atom: GroundAtom) -> Sequence[Type | None]:
        """The types of an atom's arguments."""
        found = self.book.library.typing.predicates.get(signature_of(atom))
        return found or [None] * (len(atom) - 1)

    def value(self, value: Value, kind: Type | None) -> str:
        """A value with its unit."""
        if value == ANY.text:
            return "any"
        text = self.words.word(value, kind)
        if kind is not None and kind.name in UNITS and isinstance(value, int):
            return f"{text} {kind.name.removesuffix('s') if value == 1 else kind.name}"
        return text

    def _labelled(self, value: Value, kind: Type | None, name: str) -> str:
        text = self.value(value, kind)
        if kind is not None and kind.name in UNITS and name.endswith(kind.name):
            return text.split()[0]
        if kind is None or kind.name not in LABELLED or name.endswith(kind.name):
            return text
        return f"{kind.name} {text}"

    def subjects(self, atom: GroundAtom) -> list[str]:
        """The administrations and services that an atom speaks of."""
        pairs = zip(atom[1:], self.types(atom), strict=True)
        named = [self.words.word(v, k) for v, k in pairs if k is not None and k.name in SUBJECTS
                 and v != ANY.text]  # fmt: skip
        return list(dict.fromkeys(named))

    def rest(self, atom: GroundAtom) -> list[tuple[Value, Type | None]]:
        """The arguments that are neither administration nor service, nor the rule's id."""
        pairs = zip(atom[1:], self.types(atom), strict=True)
        return [
            (value, kind)
            for value, kind in pairs
            if value != ANY.text and (kind is None or kind.name not in (*SUBJECTS, "rule"))
        ]

    def fact(self, atom: GroundAtom) -> tuple[str, str]:
        """Whom a fact of the record or of a table is about, and what it says; may be empty."""
        rest = self.rest(atom)
        name = plain(str(atom[0]))
        values = [self._labelled(v, k, name) for v, k in rest if k is None or k.name != "rank"]
        subjects = self.subjects(atom)
        declared = self.book.vocabulary.get(signature_of(atom))
        if declared is not None and declared.kind == "input":
            default = declared.absent.removeprefix(DEFAULT).split(";")[0]
            filled = declared.absent.startswith(DEFAULT) and values == [default]
            if filled or _only_places(declared):
                return "", ""
        if len(values) == CLOCKS and self.span(atom):
            values = [self.span(atom)]
        if len(subjects) > 1:
            values = [*subjects[1:], *values]
        name = name.removesuffix(TEXT)
        return (subjects[0] if subjects else ""), f"{name} {', '.join(values)}".strip()

    def result(self, atom: GroundAtom, clause: Clause) -> str:
        """What a rule gave: `ceftriaxone 10:10: form infusion`; nothing without a subject."""
        subjects = ", ".join(self.subjects(atom))
        if not subjects:
            return ""
        span = self.span(atom)
        if span:
            return f"{subjects}: {span}"
        told = []
        for term, value, kind in zip(clause.head.terms, atom[1:], self.types(atom), strict=True):
            if kind is not None and kind.name in (*SUBJECTS, "rule"):
                continue
            text = self.value(value, kind)
            label = plain(term.text.rstrip("'").lower()) if term.kind == "variable" else ""
            same = (f" {label}", f" {label.removesuffix('s')}")
            says = isinstance(value, int) and label and not text.endswith(same)
            told.append(f"{label} {text}" if says else text)
        if not told:
            return f"for {subjects}"
        name = plain(str(atom[0])).removesuffix(" of")
        unit = next((u for u in UNITS if told[0].endswith((f" {u}", f" {u[:-1]}"))), "")
        name = name.removesuffix(unit).strip()
        said = ", ".join(told)
        if [kind.name for _, kind in self.rest(atom) if kind is not None] == [CODE]:
            name = CODE
        for word in name.split()[-1:]:
            said = said.removeprefix(f"{word} ")
        if name and not said.startswith(f"{name} "):
            said = f"{name} {said}"
        return f"{subjects}: {said}"

    def span(self, atom: GroundAtom) -> str:
        """The stretch of time that an atom speaks of; empty where it speaks of none."""
        clocks = [self.words.word(v, k) for v, k in self.rest(atom)
                  if k is not None and k.name == "clock"]  # fmt: skip
        if len(clocks) < CLOCKS:
            return ""
        first, last = clocks[-CLOCKS:]
        return f"{first} to {last}" if " " in last else f"{first}-{last}"

    def row(self, atom: GroundAtom) -> str:
        """A row of a table: `facility rank: therapeutic, infusion, rank 4`."""
        declared = self.book.vocabulary.get(signature_of(atom))
        name = plain(str(atom[0]))
        if declared is None:
            return self.fact(atom)[1]
        told = []
        for (label, kind), value in zip(declared.arguments, atom[1:], strict=True):
            text = self.value(value, kind)
            says = kind.name == "code" or kind.sort == "number"
            told.append(f"{plain(label.lower())} {text}" if says else text)
        return f"{name}: {', '.join(told)}"


def _only_places(declared: Predicate) -> bool:
    """Whether a fact only says that something is there, or where it stands in a list or day."""
    first, *rest = (kind.name for kind in declared.types)
    if not rest:
        return first == declared.name
    return first == "day" or set(rest) == {"rank"}
