"""A new rule: its papers to fill in, and a head and body that fit the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import PolicyError, Problem, UsageError
from infucode.rulebook.checks_papers import NEED_MATTERS
from infucode.rulebook.language import Signature
from infucode.rulebook.library import Library, load_library, plans
from infucode.rulebook.nearest import nearest
from infucode.rulebook.parse import parse_file
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import variable_types
from infucode.rulebook.vocabulary import Predicate, Type, read_vocabulary
from infucode.workbench.format.text import formatted
from infucode.workbench.scaffold.names import require_rule

USUAL = "withheld"
"""The outcome of a new rule that names none."""
RULE = "rule"
PAPERS = ("id", "cite", "text", "says")
MATTERS, BEATS = "matters", "beats"


@dataclass(frozen=True, slots=True)
class Beaten:
    """The rule that a new one is an exception to, and the variable that they share."""

    id: str
    variable: str
    kind: Type


def vocabulary_of(folder: Path) -> dict[Signature, Predicate]:
    """What a policy folder declares. Raises PolicyError if its vocabulary is broken."""
    problems: list[Problem] = []
    path = folder / "vocabulary.lp"
    found = read_vocabulary(parse_file(path, f"{folder.name}/{path.name}"), problems)
    if problems:
        raise PolicyError(problems)
    return found


def beaten(folder: Path, id: str) -> Beaten:
    """A rule that may be beaten, and what it is about.

    Raises UsageError with the nearest id for no such rule, PolicyError where no plan that may
    hold it loads.
    """
    require_rule(folder, id)
    problems: list[Problem] = []
    for plan in plans(folder):
        try:
            library = load_library(folder, plan)
        except PolicyError as error:
            problems += error.problems
            continue
        rules = [rule for rule in library.rules if rule.papers.id == id]
        if rules:
            return _beaten(id, rules, library)
    if problems:
        raise PolicyError(dict.fromkeys(problems))
    raise UsageError(f"no plan holds the rule `{id}`, so no rule can be an exception to it")


def _beaten(id: str, rules: Sequence[Rule], library: Library) -> Beaten:
    """The first subject in the head of every rule that decides under the id."""
    outcomes = {s for s, p in library.vocabulary.items() if p.kind == "outcome"}
    deciding = [r for r in rules if r.clause.head.signature in outcomes] or rules
    shared = set.intersection(*(set(rule.clause.variables()) for rule in deciding))
    types = variable_types(deciding[0].clause, library.typing)
    for term in deciding[0].clause.head.terms:
        kind = types.get(term.text)
        if term.kind == "variable" and term.text in shared and kind and kind.sort == "id":
            return Beaten(id, term.text, kind)
    raise UsageError(f"`{id}` speaks of no administration, service or line; write `%@ beats:` "
                     "by hand, with variables that both rules use")  # fmt: skip


def outcome_named(
    vocabulary: Mapping[Signature, Predicate], name: str | None, exception: Beaten | None
) -> Predicate:
    """The outcome of a new rule: as named; else one about what the beaten rule is about.

    Raises UsageError with the nearest outcome.
    """
    found = {p.name: p for p in vocabulary.values() if p.kind == "outcome"}
    if name is not None and name not in found:
        hint = nearest(name, tuple(found)) or f"outcomes: {', '.join(found)}"
        raise UsageError(f"there is no outcome `{name}`; {hint}")
    if name is not None:
        return found[name]
    if exception is None or (USUAL in found and exception.kind in found[USUAL].types):
        if USUAL not in found:
            raise UsageError(f"name an outcome with --outcome: {', '.join(found)}")
        return found[USUAL]
    fitting = [p for p in found.values() if p.types[1:] == (exception.kind,)]
    if not fitting:
        raise UsageError(f"name an outcome with --outcome: {', '.join(found)}")
    return fitting[0]


def rule_text(
    id: str,
    outcome: Predicate,
    vocabulary: Mapping[Signature, Predicate],
    exception: Beaten | None = None,
) -> str:
    """Papers to fill in and a rule to go on from: its head, and what binds its subjects."""
    names = _variables(outcome, exception)
    head = ", ".join(_argument(id, name, kind) for name, kind in names)
    body = ", ".join(_binding(names, vocabulary)) or "true_when"
    papers = [f"%@ {key}:" for key in PAPERS]
    papers[0] += f" {id}"
    if outcome.name in NEED_MATTERS:
        papers.append(f"%@ {MATTERS}:")
    if exception is not None:
        papers.append(f"%@ {BEATS}: {exception.id} ({exception.variable})")
    rule = formatted(f"{outcome.name}({head}) :-\n{body}.")
    return "\n".join(papers) + f"\n{rule}"


def file_text(text: str) -> str:
    """A file of its own for a rule, with a head to fill in."""
    return f"% (What this file is about, in a sentence.)\n\n{text}"


def _variables(outcome: Predicate, exception: Beaten | None) -> list[tuple[str, Type]]:
    """The arguments of the head; the subject is named as the beaten rule names it."""
    found = list(outcome.arguments)
    for number, (_, kind) in enumerate(found):
        if exception is not None and kind == exception.kind:
            found[number] = exception.variable, kind
            break
    return found


def _argument(id: str, name: str, kind: Type) -> str:
    if kind.name == RULE:
        return f'"{id}"'
    return kind.words[0] if kind.sort == "word" else name


def _binding(
    names: Sequence[tuple[str, Type]], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[str]:
    """A fact of the record for each id in the head: the one that says that it is there."""
    for name, kind in names:
        if kind.sort == "id" and vocabulary.get((kind.name, 1)) is not None:
            yield f"{kind.name}({name})"
