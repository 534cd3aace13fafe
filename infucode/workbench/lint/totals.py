"""Checks of what auditors keep beside a table that was carried over: its count and its totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

from infucode.errors import Problem
from infucode.rulebook.language import Atom, Signature
from infucode.rulebook.rules import Rule
from infucode.workbench.lint.subject import Subject

HELP = "compare the rows with the source"
Column = tuple[Signature, int]


def tables(subject: Subject) -> Iterator[tuple[Rule, list[Atom]]]:
    """Each papers with rows beneath: the first rule under them, and the rows."""
    together: dict[tuple[str, int], list[Rule]] = {}
    for rule in subject.rules:
        together.setdefault((rule.source.name, rule.papers.line), []).append(rule)
    for rules in together.values():
        rows = [rule.clause.head for rule in rules if not rule.clause.body]
        if rows or rules[0].papers.rows is not None:
            yield rules[0], rows


def row_counts(subject: Subject) -> Iterator[Problem]:
    """Tables of more or fewer rows than their papers say that the source has."""
    for first, rows in tables(subject):
        said = first.papers.rows
        if said is not None and len(rows) != said:
            message = (
                f"`{first.papers.id}` has {len(rows)} row{'s' * (len(rows) != 1)}, its papers "
                f"say {said}"
            )
            help = f"{HELP}, then let `rows` say how many there are"
            yield first.source.problem(first.papers.line, 1, message, help)


def uncounted(subject: Subject) -> Iterator[Problem]:
    """Tables of two rows or more whose papers do not say how many, or what they add up to."""
    for first, rows in tables(subject):
        papers = first.papers
        if len(rows) < 2 or (papers.rows is not None and papers.total):
            continue
        missing = [] if papers.rows is not None else [f"`%@ rows: {len(rows)}`"]
        missing += [] if papers.total else [f"`%@ total: {total(rows)}`"]
        yield first.source.problem(
            papers.line, 1, f"the papers of `{papers.id}` do not say what was counted",
            f"{HELP}, then add {' and '.join(missing)}",
        )  # fmt: skip


def totals(subject: Subject) -> Iterator[Problem]:
    """Tables whose rows are others than those that their papers sum up."""
    for first, rows in tables(subject):
        said, now = first.papers.total, total(rows)
        if said and said != now:
            what = "; ".join(_off(said, rows, subject)) or "the rows are others"
            message = f"`{first.papers.id}` is not what its papers sum up: {what}"
            help = f"{HELP}; if the change is meant, write `%@ total: {now}`"
            yield first.source.problem(first.papers.line, 1, message, help)


def total(rows: Sequence[Atom]) -> str:
    """What stands behind `total`: the sum of each column of numbers, then a sum over all rows.

    The columns are those of the predicates by name. The last sum is the CRC-32 of the rows,
    sorted, a line each, as eight hexadecimal digits.
    """
    sums = [str(number) for number in _sums(rows).values()]
    text = "\n".join(sorted(map(str, rows)))
    return "; ".join([*filter(None, [", ".join(sums)]), f"{crc32(text.encode()):08x}"])


def _sums(rows: Sequence[Atom]) -> dict[Column, int]:
    """The sum of each column that holds only numbers, in the order of predicates and places."""
    columns: dict[Column, list[int | None]] = {}
    for row in rows:
        for place, term in enumerate(row.terms):
            found = int(term.text) if term.kind == "number" else None
            columns.setdefault((row.signature, place), []).append(found)
    return {
        key: sum(n for n in columns[key] if n is not None)
        for key in sorted(columns)
        if None not in columns[key]
    }


def _off(said: str, rows: Sequence[Atom], subject: Subject) -> Iterator[str]:
    """Each column of which the papers give another sum."""
    sums = _sums(rows)
    before = said.split(";")[0].split(",") if ";" in said else []
    if len(before) != len(sums):
        return
    for (column, now), old in zip(sums.items(), before, strict=True):
        if old.strip() != str(now):
            yield f"{_name(column, subject)} adds up to {now}, and not to {old.strip()}"


def _name(column: Column, subject: Subject) -> str:
    (name, _), place = column
    declared = subject.vocabulary.get(column[0])
    if declared is not None:
        return f"the column `{declared.arguments[place][0]}` of `{name}`"
    return f"column {place + 1} of `{name}`"
