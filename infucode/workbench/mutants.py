"""The mutants of the rules: a fixed, enumerated set of small wrong changes to what is written.

Each literal dropped, each comparison turned round or moved by its boundary, each number of a
rule, of a layer and of a numeric switch one more and one less; rows of tables where wanted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Atom, Clause, Literal, Place
from infucode.rulebook.library import Library, outcome_signatures
from infucode.rulebook.rules import Rule, weave
from infucode.rulebook.settings import Setting
from infucode.rulebook.types import SETTINGS
from infucode.workbench.rewrites import Rewrite, rewrites, shifted

Where = tuple[str, Place]
"""File and place of a rule."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``key`` names it as long as the rule is written as it is."""

    key: str
    rule: str
    place: str
    operator: str
    """drop, flip, edge, number, entry (of a table) or value (of a layer or switch)."""
    change: str
    before: str
    after: str
    where: Where | None = None
    written: Clause | None = None
    """The rule as written."""
    clause: Clause | None = None
    """The rule as written, with the change."""
    unwoven: Literal | None = None
    """The woven literal that is dropped, where that is the change."""
    setting: Setting | None = None
    value: str = ""

    @property
    def digest(self) -> str:
        """Equal for equal changes of equal rules."""
        text = "\0".join((self.key, self.before, self.after))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def diff(self) -> str:
        """The change as two lines."""
        return f"- {self.before}\n+ {self.after}"


def mutants(libraries: Sequence[Library], *, tables: bool = False) -> list[Mutant]:
    """Every mutant of the rules and numbers of some plans, in the order of their files.

    Numbers in the rows of tables are shifted only with `tables`.
    """
    found = [*_rule_mutants(libraries, tables), *_value_mutants(libraries)]
    return _with_ordinals(found)


def _rule_mutants(libraries: Sequence[Library], tables: bool) -> Iterator[Mutant]:
    rules = {
        (rule.source.name, rule.clause.place): rule
        for library in libraries
        for rule in library.rules
    }
    woven = _woven(libraries)
    for where, rule in sorted(rules.items(), key=lambda item: item[0]):
        if not rule.clause.body:
            if tables:
                yield from _entries(rule, where)
            continue
        for change in rewrites(rule.clause):
            yield _of_rule(rule, where, change)
        for literal in woven.get(where, ()):
            clause = replace(rule.clause, body=(*rule.clause.body, literal))
            change = Rewrite("drop", f"drop {literal}", rule.clause)
            yield replace(
                _of_rule(rule, where, change), before=str(clause), clause=None, unwoven=literal
            )


def _woven(libraries: Iterable[Library]) -> dict[Where, list[Literal]]:
    """The literals that exceptions of any plan add to each rule as written."""
    found: dict[Where, dict[Literal, None]] = {}
    for library in libraries:
        written = {(r.source.name, r.clause.place): r.clause for r in library.rules}
        for rule in weave(library.rules, outcome_signatures(library.vocabulary)):
            where = rule.source.name, rule.clause.place
            extra = rule.clause.body[len(written[where].body) :]
            found.setdefault(where, {}).update(dict.fromkeys(extra))
    return {where: list(literals) for where, literals in found.items()}


def _of_rule(rule: Rule, where: Where, change: Rewrite) -> Mutant:
    name, arity = rule.clause.head.signature
    return Mutant(
        f"{rule.papers.id} {name}/{arity}: {change.text}",
        rule.papers.id,
        rule.place,
        change.operator,
        change.text,
        str(rule.clause),
        str(change.clause),
        where,
        rule.clause,
        change.clause,
    )


def _entries(rule: Rule, where: Where) -> Iterator[Mutant]:
    for head in shifted(rule.clause.head):
        assert isinstance(head, Atom)
        text = f"{rule.clause.head} -> {head}"
        yield _of_rule(rule, where, Rewrite("entry", text, replace(rule.clause, head=head)))


def _value_mutants(libraries: Sequence[Library]) -> Iterator[Mutant]:
    seen = set()
    for library in libraries:
        for setting in (*library.values.values, *library.profile.settings):
            kind = library.typing.settings[setting.name]
            if kind.sort != "number" or setting in seen:
                continue
            seen.add(setting)
            for step in (1, -1):
                value = str(int(setting.value) + step)
                change = f"{setting.value} -> {value}"
                yield Mutant(
                    f"{setting.file} {setting.name}: {change}",
                    setting.name,
                    setting.file,
                    "value",
                    change,
                    f"{setting.name} = {setting.value}",
                    f"{setting.name} = {value}",
                    setting=setting,
                    value=value,
                )


def _with_ordinals(found: list[Mutant]) -> list[Mutant]:
    """Equal keys are told apart by a number: several rules of an id may hold one literal."""
    total = Counter(mutant.key for mutant in found)
    seen: Counter[str] = Counter()
    named = []
    for mutant in found:
        seen[mutant.key] += 1
        number = seen[mutant.key]
        several = total[mutant.key] > 1
        named.append(replace(mutant, key=f"{mutant.key} #{number}") if several else mutant)
    return named


def mutated(mutant: Mutant, book: Rulebook) -> Rulebook | None:
    """The rulebook with the change, or None where it holds nothing of what is changed."""
    if mutant.setting is not None:
        return _with_value(mutant, mutant.setting, book)
    assert mutant.where is not None
    file, place = mutant.where
    rules = list(book.rules)
    for index, rule in enumerate(book.rules):
        if rule.clause.place == place and rule.source.name == file:
            rules[index] = replace(rule, clause=_changed(rule.clause, mutant))
    if rules == list(book.rules):
        return None
    return replace(book, rules=tuple(rules), digest=f"{book.digest} {mutant.digest}")


def _with_value(mutant: Mutant, setting: Setting, book: Rulebook) -> Rulebook | None:
    if book.settings.get(setting.name) != setting:
        return None
    settings = {**book.settings, setting.name: replace(setting, value=mutant.value)}
    return replace(book, settings=settings, digest=f"{book.digest} {mutant.digest}")


def _changed(woven: Clause, mutant: Mutant) -> Clause:
    """A woven rule, or the ground of an exception made from it, with the change."""
    if mutant.unwoven is not None:
        return replace(woven, body=tuple(b for b in woven.body if b != mutant.unwoven))
    written = mutant.written
    assert mutant.clause is not None and written is not None
    head = mutant.clause.head if woven.head == written.head else woven.head
    return replace(woven, head=head, body=(*mutant.clause.body, *woven.body[len(written.body) :]))


def changed_rules(book: Rulebook, other: Rulebook) -> list[int]:
    """The indexes of the rules that differ, or that read a setting that does."""
    settings = {name for name, s in other.settings.items() if book.settings.get(name) != s}
    pairs = zip(book.rules, other.rules, strict=True)
    return [
        index
        for index, (mine, changed) in enumerate(pairs)
        if mine is not changed or _reads(mine.clause, settings)
    ]


def _reads(clause: Clause, settings: set[str]) -> bool:
    return bool(settings) and any(
        atom.signature in SETTINGS and atom.terms[0].text in settings for atom in clause.atoms()
    )
