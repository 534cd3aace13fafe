"""Fold: what a profile fixes for the day is written into the rules, and dead rules go.

`reading(name, word)` is decided at load; `value(name, N)` becomes the number itself. The answer
is the same as with the settings as facts (tests/properties/test_passes.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Comparison, Literal, Term
from infucode.rulebook.types import SETTINGS
from infucode.rulebook.vocabulary import Type


def setting_term(kind: Type, value: str) -> Term:
    """A setting's value as a term: a word, a number or a text, by its type."""
    if kind.sort == "number":
        return Term("number", str(int(value)))
    return Term("word", value) if kind.sort == "word" else Term("string", quoted(value))


def quoted(text: str) -> str:
    """A text as clingo writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def setting_terms(book: Rulebook) -> dict[str, Term]:
    """Every setting in force, by name."""
    return {
        name: setting_term(book.type_of(name), setting.value)
        for name, setting in book.settings.items()
    }


def setting_lines(book: Rulebook) -> list[str]:
    """The settings in force as `value` and `reading` facts."""
    return [
        f"{'reading' if term.kind == 'word' else 'value'}({name},{term})."
        for name, term in sorted(setting_terms(book).items())
    ]


def fold(clause: Clause, settings: Mapping[str, Term]) -> Clause | None:
    """The clause with its settings written in, or None if they rule it out."""
    body: list[Literal] = []
    by: dict[str, Term] = {}
    for literal in clause.body:
        atom = literal.atom
        if atom is None or atom.signature not in SETTINGS:
            body.append(literal)
            continue
        given, term = settings.get(atom.terms[0].text), atom.terms[1]
        absent = literal.signs == 1
        if term.kind != "variable" or term.text == "_" or given is None:
            matches = given is not None and (term.kind == "variable" or term == given)
            if matches == absent:
                return None
        elif literal.signs:
            operator = "!=" if absent else "="
            body.append(Literal(Comparison((term, given), (operator,))))
        elif by.setdefault(term.text, given) != given:
            return None
    folded = replace(clause, body=tuple(body)) if tuple(body) != clause.body else clause
    return folded.put(by) if by else folded


def fold_all(clauses: Sequence[Clause], settings: Mapping[str, Term]) -> list[tuple[int, Clause]]:
    """The clauses that the settings leave, each with its index."""
    folded = ((index, fold(clause, settings)) for index, clause in enumerate(clauses))
    return [(index, clause) for index, clause in folded if clause is not None]
