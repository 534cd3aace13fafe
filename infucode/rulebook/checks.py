"""What a rule may not do: each check yields located problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Element,
    Literal,
    Signature,
    Term,
)
from infucode.rulebook.nearest import nearest
from infucode.rulebook.rules import Rule, outcome_id
from infucode.rulebook.settings import SourceDocument
from infucode.rulebook.types import SETTINGS, Typing, type_problems
from infucode.rulebook.vocabulary import Predicate

NEED_WORDS = frozenset(
    {
        "line",
        "service_line",
        "modifier",
        "modifier_on",
        "visit_modifier",
        "charge",
        "merged",
        "withheld",
        "lost_minutes",
        "service_withheld",
        "ask",
        "ask_stay",
        "warning",
        "service_warning",
        "cannot_tell",
        "cannot_tell_part",
        "deny",
        "deny_beside",
        "review",
        "review_beside",
        "advise",
        "omitted",
        "undecided",
        "not_checked",
    }
)
"""Outcomes whose sentence people read; the others only arrange or open something."""
NEED_MATTERS = frozenset({"ask", "ask_stay"})
"""Questions, which also say what the answer decides."""
_EMPTY = {"#min": "#sup", "#max": "#inf"}


def shape_problems(rule: Rule) -> Iterator[Problem]:
    """Numbers in rules, sums without keys, unguarded minima."""
    clause = rule.clause
    for term in clause.terms():
        if clause.body and term.kind == "number" and abs(int(term.text)) > 1:
            yield rule.problem(
                f"the number {term} stands in a rule",
                "name it in layer.toml and read it with `value(name, N)`",
                term.place,
            )
        if term.kind == "special" and not any(term is t for t in _guards_against(clause)):
            yield rule.problem(
                f"{term} stands in a rule",
                f"write it only as `N != {term}`, beside `N = #min{{...}}` or #max",
                term.place,
            )
    for literal in clause.body:
        if isinstance(literal.formula, Aggregate):
            yield from _aggregate_problems(rule, literal, literal.formula)


def _aggregate_problems(rule: Rule, literal: Literal, aggregate: Aggregate) -> Iterator[Problem]:
    name = aggregate.function
    if name in ("#sum", "#sum+") and not all(map(_keyed, aggregate.elements)):
        yield rule.problem(
            "a #sum whose tuples have no key",
            "equal numbers count once; add what tells them apart, `M, A : ...`",
            aggregate.place,
        )
    empty = _EMPTY.get(name)
    if empty and not _guarded(rule.clause, literal, aggregate, empty):
        yield rule.problem(
            f"{name} over nothing is {empty}, unguarded here",
            f"bind it as `N = {name}{{...}}` and add `N != {empty}`",
            aggregate.place,
        )


def _keyed(element: Element) -> bool:
    """Whether the tuple tells equal numbers apart: by a variable beside the number itself."""
    weight, *keys = element.terms or [Term("number", "0")]
    return any(key != weight and any(key.variables()) for key in keys)


def _guards_against(clause: Clause) -> list[Term]:
    return [t for c in clause.comparisons() if c.operators == ("!=",) for t in c.terms]


def _guarded(clause: Clause, literal: Literal, aggregate: Aggregate, empty: str) -> bool:
    guards = [guard for guard in (aggregate.left, aggregate.right) if guard]
    if (
        literal.signs
        or len(guards) != 1
        or guards[0][0] != "="
        or guards[0][1].kind != "variable"
    ):
        return False
    name = guards[0][1].text
    if any(name in atom.variables() for atom in clause.positive()):
        return True
    return any(
        c.operators == ("!=",) and {str(t) for t in c.terms} == {name, empty}
        for c in clause.comparisons()
    )


def predicate_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Predicates that nobody reads, or whose kind forbids the use."""
    reads = {atom.signature for rule in rules for atom in rule.clause.atoms()}
    for rule in rules:
        yield from _head_problems(rule, vocabulary, reads)
        for atom in rule.clause.atoms():
            yield from _body_problems(rule, atom, vocabulary)


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


def _head_problems(
    rule: Rule, vocabulary: Mapping[Signature, Predicate], reads: set[Signature]
) -> Iterator[Problem]:
    head = rule.clause.head
    declared = vocabulary.get(head.signature)
    if declared is None:
        if head.signature not in reads:
            yield rule.problem(
                f"`{_show(head)}` is neither an outcome nor read by any rule",
                _suggest(head, set(vocabulary) | reads),
                head.place,
            )
        return
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
    if declared.kind == "outcome" and outcome_id(rule) != rule.papers.id:
        named = head.terms[0] if head.terms else "no rule"
        yield rule.problem(
            f"the outcome names {named}, its papers say `{rule.papers.id}`",
            "let both name the same rule",
            head.place,
        )


def _only_tables(clause: Clause, vocabulary: Mapping[Signature, Predicate]) -> bool:
    return all(
        a.signature in vocabulary and vocabulary[a.signature].kind in ("table", "setting")
        for a in clause.atoms()
    )


def _body_problems(
    rule: Rule, atom: Atom, vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    declared = vocabulary.get(atom.signature)
    if declared is not None and declared.kind == "outcome":
        yield rule.problem(
            f"the body reads the outcome `{atom.name}`",
            "read the facts or helpers that the outcome came from",
            atom.place,
        )


def _show(atom: Atom) -> str:
    return f"{atom.name}/{len(atom.terms)}"


def _suggest(atom: Atom, known: set[Signature]) -> str:
    same = sorted(arity for name, arity in known if name == atom.name)
    if same:
        return f"`{atom.name}` has {' or '.join(map(str, same))} arguments"
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


def paper_problems(
    rules: Sequence[Rule],
    sources: Mapping[str, SourceDocument],
    vocabulary: Mapping[Signature, Predicate],
) -> Iterator[Problem]:
    """Citations that do not resolve, ids used twice, messages that name unbound variables."""
    first: dict[str, tuple[str, int]] = {}
    for rule in rules:
        papers = rule.papers
        place = (rule.source.name, papers.line)
        if first.setdefault(papers.id, place) != place:
            file, line = first[papers.id]
            yield rule.source.problem(
                papers.line,
                1,
                f"rule id `{papers.id}` is used at {file}:{line} already",
                "ids are unique for ever",
            )
        for key in cited(papers.cite):
            if key not in sources:
                yield rule.source.problem(
                    papers.line,
                    1,
                    f"`{key}` is not in sources.toml",
                    nearest(key, tuple(sources)) or f"add `[{key}]` to sources.toml",
                )
        declared = vocabulary.get(rule.clause.head.signature)
        if declared is not None and declared.kind == "outcome":
            yield from _message_problems(rule, declared)


def _message_problems(rule: Rule, declared: Predicate) -> Iterator[Problem]:
    if not rule.papers.says and declared.name in NEED_WORDS:
        yield rule.source.problem(
            rule.papers.line, 1, "an outcome without words", "add a line `%@ says: ...`"
        )
    if not rule.papers.matters and declared.name in NEED_MATTERS:
        yield rule.source.problem(
            rule.papers.line,
            1,
            "a question that does not say what it decides",
            "add a line `%@ matters: ...`",
        )
    for word in rule.papers.stray:
        yield rule.problem(
            f"`{word}` is not a placeholder", "write a variable of the rule, such as `{Minutes}`"
        )
    bound = rule.clause.variables()
    for name in sorted(rule.papers.placeholders - set(bound)):
        if declared.name in NEED_WORDS:
            yield rule.problem(
                f"the message names `{{{name}}}`, which this rule does not bind",
                f"variables here: {', '.join(bound)}",
            )


def cited(cite: str) -> list[str]:
    """The source keys of a citation `key place; key place`."""
    return [part.split()[0] for part in cite.split(";") if part.split()]


def typing_problems(rules: Sequence[Rule], typing: Typing) -> Iterator[Problem]:
    """Values of one type in the place of another."""
    for rule in rules:
        for place, message, help in type_problems(rule.clause, typing):
            yield rule.problem(message, help, place)
