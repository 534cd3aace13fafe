"""What the rulebook knows of a code: whether it is one, and what the tables use it for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.model.encounter import Encounter
from infucode.passes.values import TEXT_MARK, Value, symbol_of
from infucode.questions.explain_reach import Reach, Reaches
from infucode.questions.explain_words import Phrases
from infucode.questions.found import Found
from infucode.rulebook.language import Term

MOST_USES = 4
LINES = (("line", 6), ("service_line", 4))
"""The outcomes that give a line."""


def known_codes(found: Sequence[Found], encounter: Encounter) -> frozenset[str]:
    """The codes with a label, those in tables, and those of the record."""
    program = found[0].reasons.program
    codes = set(program.labels)
    for signature, relation in program.tables.items():
        types = program.book.library.typing.predicates.get(signature) or ()
        places = [n for n, kind in enumerate(types) if kind is not None and kind.name == "code"]
        for row in relation.rows if places else ():
            codes.update(str(row[n]).removeprefix(TEXT_MARK) for n in places)
    codes.update(service.code for service in encounter.services)
    for item in encounter.administrations:
        codes.update(filter(None, (item.hcpcs, item.dose.hcpcs if item.dose else None)))
    return frozenset(codes)


def would_have(found: Found, code: str) -> frozenset[str]:
    """The administrations and services for which a rule reaches the code and gives no line."""
    near, ids = Reaches(found), set()
    names = found.reasons.facts.names.values
    frame, value = found.reasons.program.frame, f"{TEXT_MARK}{code}"
    for signature in LINES:
        for position in frame.positions.get(signature, ()):
            for reach in near.reaches(position).values():
                _, owner, *rest = (
                    _value(t, reach) for t in frame.rules[position].clause.head.terms
                )
                if value in rest and owner is not None and reach.held < len(reach.body):
                    ids.add(names.get(symbol_of(owner), str(owner)))
    return frozenset(ids)


def _value(term: Term, reach: Reach) -> Value | None:
    return reach.bound[term.text][0] if term.text in reach.bound else None


def code_uses(found: Found, code: str) -> Iterator[str]:
    """The tables that map words to the code: `initial code: chemotherapy, infusion`."""
    program = found.reasons.program
    phrases = Phrases(program.book, found.reasons)
    value, count = f"{TEXT_MARK}{code}", 0
    for signature, relation in program.tables.items():
        declared = program.book.vocabulary.get(signature)
        if declared is None or declared.types[-1].name != "code" or len(declared.types) < 2:
            continue
        if any(kind.sort != "word" for kind in declared.types[:-1]):
            continue
        for row in relation.rows:
            if row[-1] == value and count < MOST_USES:
                count += 1
                yield phrases.row((signature[0], *row)).rpartition(", code ")[0]
