"""What tables of answers and of checked claims share: rows of text for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, PolicyRef
from infucode.render.report import Refusal
from infucode.render.shown import shown
from infucode.render.words import administration_words

FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""A cell that begins with one of these, plain or full-width, is run by a spreadsheet."""
BETWEEN = "; "
EACH = " | "
"""Between the rules, citations and reasons of one line, which stand in the same order."""

Row = dict[str, str]
T = TypeVar("T")


def csv_of(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """The table with its head, lines ended by CR LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: safe_cell(value) for column, value in row.items()})
    return out.getvalue()


def safe_cell(data: str) -> str:
    """Foreign text as one line that no spreadsheet takes for a formula."""
    text = shown(data)
    return f"'{text}" if text.lstrip(" ")[:1] in FORMULA and text.strip(" ") else text


def rows_of(
    results: Iterable[T | Refusal], first: Callable[[T], Row], told: Callable[[T], Iterable[Row]]
) -> Iterator[Row]:
    """What each answer tells behind its first columns; no file without a row."""
    for result in results:
        if isinstance(result, Refusal):
            yield {"file": result.file, "outcome": "no answer", "kind": "refused",
                   "reason": EACH.join(result.reasons)}  # fmt: skip
            continue
        own, found = first(result), False
        for row in told(result):
            found = True
            yield {**own, **row}
        if not found:
            yield {**own, "kind": "nothing"}


def first_columns(file: str, encounter: Encounter, policy: PolicyRef, outcome: str) -> Row:
    """The columns that are the same on every row of an answer."""
    return {
        "encounter": encounter.id,
        "file": file,
        "plan": policy.id,
        "plan_version": policy.version,
        "as_of": policy.as_of.isoformat(),
        "overridden": BETWEEN.join(f"{name}={value}" for name, value in policy.switches),
        "outcome": outcome,
        "rulebook": policy.digest,
    }


def question(ask: Ask, encounter: Encounter) -> Row:
    """A question, but for the column that names the fact."""
    named = [ask.administration] if ask.administration is not None else []
    matters = [f"matters because: {ask.matters_because}"] if ask.matters_because else []
    return {
        "kind": "question",
        "administrations": named_in(named, encounter),
        "reason": EACH.join([ask.says, *matters]),
    }


def named_in(ids: Sequence[str], encounter: Encounter) -> str:
    """Administrations by drug, clock and id."""
    return BETWEEN.join(administration_words(id, encounter) for id in ids)
