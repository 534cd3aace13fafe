"""Checks of predicates: who gives and who reads them, and names that mean two things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from infucode.errors import Problem
from infucode.passes.lift import dependent
from infucode.rulebook.language import Atom
from infucode.rulebook.library import input_signatures
from infucode.rulebook.rules import Rule
from infucode.rulebook.vocabulary import Predicate
from infucode.workbench.lint.headers import gives_of
from infucode.workbench.lint.subject import Subject

THE_PROGRAM_READS = frozenset({"label"})
"""Tables that the program reads by itself."""

def shared_helpers(subject: Subject) -> Iterator[Problem]:
    """Helpers that rules of two files give, without both of them saying so."""
    for signature, rules in sorted(subject.by_head.items()):
        if not subject.helper(signature):
            continue
        files = {rule.source.name: rule for rule in reversed(rules)}
        silent = [f for f, rule in files.items() if signature[0] not in gives_of(rule.source)]
        if len(files) > 1 and silent:
            for name in sorted(silent):
                other = next(f for f in sorted(files) if f != name)
                yield files[name].problem(
                    f"`{signature[0]}` is given here and in {other}",
                    "rename one of them, or let both headers say `Gives:`",
                    files[name].clause.head.place,
                )


def two_arities(subject: Subject) -> Iterator[Problem]:
    """One predicate name with two numbers of arguments."""
    first: dict[str, int] = dict(subject.vocabulary)
    for (name, arity), rules in sorted(subject.by_head.items()):
        if first.setdefault(name, arity) != arity:
            yield rules[0].problem(
                f"`{name}` has {arity} arguments here and {first[name]} elsewhere",
                "a name means one thing; name one of them otherwise",
                rules[0].clause.head.place,
            )


def crossed_names(subject: Subject) -> Iterator[Problem]:
    """Two variables of an atom that every rule which gives it names the other way round.

    Asked only where nothing else in the rule says what the two are: then their names do.
    """
    for signature, rules in subject.by_head.items():
        heads = [rule.clause.head for rule in rules if rule.clause.body]
        for rule in subject.readers.get(signature, ()) if heads else ():
            for atom in rule.clause.positive():
                if atom.signature == signature:
                    yield from _crossed(rule, atom, heads)


def _crossed(rule: Rule, atom: Atom, heads: Sequence[Atom]) -> Iterator[Problem]:
    counted = Counter(t.text for t in rule.clause.terms() if t.kind == "variable")
    own = [n for n, t in enumerate(atom.terms) if t.kind == "variable" and counted[t.text] == 1]
    for one, other in combinations(own, 2):
        names = atom.terms[other].text, atom.terms[one].text
        if all((head.terms[one].text, head.terms[other].text) == names for head in heads):
            yield rule.problem(
                f"`{atom}` has `{names[1]}` where the rules that give it have `{names[0]}`",
                f"change them over: `{heads[0]}`",
                atom.place,
            )


def unread(subject: Subject) -> Iterator[Problem]:
    """Inputs and tables that no rule of any plan reads."""
    for declared in subject.vocabulary.values():
        if _read(declared, subject):
            continue
        word = "input" if declared.kind == "input" else "table"
        yield Problem(
            declared.file, declared.line, 1, f"no rule reads the {word} `{declared.name}`",
            "read it, or say in lint.toml why it is there",
        )  # fmt: skip


def _read(declared: Predicate, subject: Subject) -> bool:
    return (
        declared.kind not in ("input", "table")
        or declared.name in THE_PROGRAM_READS
        or bool(subject.readers.get(declared.signature))
    )


def unbound(subject: Subject) -> Iterator[Problem]:
    """Rules that hang on an encounter and yet read nothing of it for certain."""
    clauses = [rule.clause for rule in subject.rules]
    inputs = input_signatures(subject.vocabulary)
    lifted = dependent(clauses, [*inputs, *subject.outcomes])
    for rule in subject.rules:
        if rule.clause.head.signature not in lifted:
            continue
        if not any(atom.signature in lifted for atom in rule.clause.positive()):
            yield rule.problem(
                "the rule needs nothing of the encounter that holds",
                "begin its body with the fact that it speaks of",
            )
