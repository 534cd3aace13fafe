"""What a rule may not read or derive: each check yields located problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import (
    Atom,
    Clause,
    Literal,
    Signature,
)
from infucode.rulebook.nearest import nearest
from infucode.rulebook.rules import Rule, outcome_id
from infucode.rulebook.types import SETTINGS, Typing, type_problems
from infucode.rulebook.vocabulary import Predicate

INVARIANTS = "invariants"
"""The layer of what must hold of every answer."""
BROKEN: Signature = ("broken", 2)
"""What a rule of that layer gives."""


def unread_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Heads that are neither declared nor read by any rule."""
    reads = {atom.signature for rule in rules for atom in rule.clause.atoms()}
    for rule in rules:
        head = rule.clause.head
        if head.signature not in vocabulary and head.signature not in reads:
            yield rule.problem(
                f"`{_show(head)}` is neither an outcome nor read by any rule",
                _suggest(head, set(vocabulary) | reads),
                head.place,
            )


def kind_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Rules that derive an input or a setting, tables that depend on an encounter, and
    invariants that change what they are about."""
    yield from _meddling_problems(rules, vocabulary)
    for rule in rules:
        head = rule.clause.head
        declared = vocabulary.get(head.signature)
        if declared is None:
            continue
        if declared.kind == "table" and not _only_tables(rule.clause, vocabulary):
            yield rule.problem(
                f"table `{head.name}` may not depend on an encounter",
                "use a helper of another name",
                head.place,
            )
        if declared.kind in ("input", "assumed", "setting"):
            word = "a setting" if declared.kind == "setting" else "an input"
            yield rule.problem(
                f"`{head.name}` is {word}: no rule may derive it",
                "use a helper of another name",
                head.place,
            )


def _meddling_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Invariants that give what other rules give, or beat one: `solve` never runs them."""
    taken = {rule.clause.head.signature for rule in rules if rule.layer != INVARIANTS}
    taken |= {s for s, declared in vocabulary.items() if declared.kind == "outcome"} - {BROKEN}
    for rule in rules:
        if rule.layer != INVARIANTS:
            continue
        head = rule.clause.head
        if head.signature in taken:
            yield rule.problem(
                f"an invariant may not derive `{_show(head)}`: it is asked of the answer",
                "give `broken` and helpers of other names",
                head.place,
            )
        if rule.papers.beats:
            yield rule.problem(
                "an invariant may not beat a rule: it is asked of the answer",
                "remove the line `%@ beats: ...`",
                head.place,
            )


def outcome_id_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Outcomes that name another rule than their papers."""
    for rule in rules:
        head = rule.clause.head
        declared = vocabulary.get(head.signature)
        if declared and declared.kind == "outcome" and outcome_id(rule) != rule.papers.id:
            named = head.terms[0] if head.terms else "no rule"
            yield rule.problem(
                f"the outcome names {named}, its papers say `{rule.papers.id}`",
                "let both name the same rule",
                head.place,
            )


def outcome_read_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Bodies that read an outcome; what must hold of all answers may."""
    for rule in rules:
        if rule.layer == INVARIANTS:
            continue
        for atom in rule.clause.atoms():
            declared = vocabulary.get(atom.signature)
            if declared is not None and declared.kind == "outcome":
                yield rule.problem(
                    f"the body reads the outcome `{atom.name}`",
                    "read the facts or helpers that the outcome came from",
                    atom.place,
                )


def undefined_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Predicates that these rules read, and neither they nor the vocabulary define."""
    known = {rule.clause.head.signature for rule in rules} | set(vocabulary)
    for rule in rules:
        for atom in rule.clause.atoms():
            if atom.signature not in known:
                yield rule.problem(
                    f"nothing defines `{_show(atom)}`", _suggest(atom, known), atom.place
                )


def _only_tables(clause: Clause, vocabulary: Mapping[Signature, Predicate]) -> bool:
    return all(
        a.signature in vocabulary and vocabulary[a.signature].kind in ("table", "setting")
        for a in clause.atoms()
    )


def _show(atom: Atom) -> str:
    return f"{atom.name}/{len(atom.terms)}"


def _suggest(atom: Atom, known: set[Signature]) -> str:
    same = sorted(arity for name, arity in known if name == atom.name)
    if same:
        return f"`{atom.name}` has {' or '.join(map(str, same))} argument{'s' * (same != [1])}"
    names = tuple(sorted({name for name, _ in known}))
    return nearest(atom.name, names) or "check its name and number of arguments"


def setting_problems(rules: Iterable[Rule], typing: Typing) -> Iterator[Problem]:
    """`value` and `reading` of a name that nobody sets, or where they cannot be folded."""
    for rule in rules:
        for atom in rule.clause.atoms():
            if atom.signature in SETTINGS:
                yield from _setting_problems(rule, atom, typing)
        for literal in rule.clause.body:
            if _hides_setting(literal):
                yield rule.problem(
                    "a setting is read inside an aggregate or condition",
                    "read it outside, in a literal of its own",
                )


def _setting_problems(rule: Rule, atom: Atom, typing: Typing) -> Iterator[Problem]:
    name = str(atom.terms[0])
    kind = typing.settings.get(name)
    known = tuple(sorted(typing.settings))
    if kind is None:
        yield rule.problem(
            f"`{name}` is no switch and no value",
            nearest(name, known) or "add it to layer.toml or switches.toml",
            atom.place,
        )
    elif (kind.sort == "word") != (atom.name == "reading"):
        right = "reading" if kind.sort == "word" else "value"
        yield rule.problem(
            f"`{name}` is read with `{right}`", f"write `{right}({name}, ...)`", atom.place
        )


def _hides_setting(literal: Literal) -> bool:
    return literal.atom is None and any(a.signature in SETTINGS for a in literal.atoms())


def typing_problems(rules: Sequence[Rule], typing: Typing) -> Iterator[Problem]:
    """Values of one type in the place of another."""
    for rule in rules:
        for place, message, help in type_problems(rule.clause, typing):
            yield rule.problem(message, help, place)
