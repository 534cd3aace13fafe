"""The columns of an answer, as Arrow holds them: one row for each document that was read.

They are written as plain shapes (a word for a kind of value, a list of one shape for a list, a
mapping for a struct), so that Arrow and Spark types are made of the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infucode.batch.tasks import Question, Result
from infucode.errors import (
    DocumentError,
    InternalError,
    LimitError,
    PolicyError,
    TablesError,
    UsageError,
)

TEXT, WHOLE, TRUTH = "text", "whole", "truth"
Shape = str | list[Any] | dict[str, Any]
Row = dict[str, object]

REASON: Shape = {"rule": TEXT, "says": TEXT, "cite": TEXT}
LINE: Shape = {
    "code_set": WHOLE, "code": TEXT, "label": TEXT, "units": WHOLE, "modifiers": [TEXT],
    "date": TEXT, "visit": WHOLE, "access": TEXT, "administrations": [TEXT], "services": [TEXT],
    "charge": TEXT, "certain": TRUTH, "because": [REASON],
    "hangs_on": [{"switch": TEXT, "value": TEXT, "basis": TEXT, "other": [TEXT]}],
}  # fmt: skip
NOT_REPORTED: Shape = {
    "code_set": WHOLE, "administration": TEXT, "service": TEXT, "part": TEXT, "rule": TEXT,
    "says": TEXT, "cite": TEXT,
}  # fmt: skip
EVERY: dict[str, Shape] = {
    "encounter": TEXT, "outcome": TEXT, "exit_code": WHOLE, "policy": TEXT, "version": TEXT,
    "as_of": TEXT, "digest": TEXT, "switches": [{"name": TEXT, "value": TEXT}],
}  # fmt: skip
SOLVED: dict[str, Shape] = {
    "code_sets": WHOLE,
    "lines": [LINE],
    "not_reported": [NOT_REPORTED],
    "assuming": [{"code_set": WHOLE, "fact": TEXT, "administration": TEXT, "value": TEXT,
                  "says": TEXT}],
    "questions": [{"fact": TEXT, "administration": TEXT, "says": TEXT, "matters_because": TEXT}],
    "warnings": [REASON],
}  # fmt: skip
CHECKED: dict[str, Shape] = {
    "claim_lines": [{"line": TEXT, "state": TEXT}],
    "violations": [{"rule": TEXT, "severity": TEXT, "lines": [TEXT], "administrations": [TEXT],
                    "says": TEXT, "cite": TEXT}],
    "not_checked": [{"what": TEXT, "why": TEXT}],
}  # fmt: skip
"""Without conflicts and repairs, which a batch does not look for."""
REFUSED: dict[str, Shape] = {
    "error": TEXT,
    "problems": [{"message": TEXT, "help": TEXT, "field": TEXT, "line": WHOLE, "column": WHOLE,
                  "file": TEXT}],
}  # fmt: skip
ANSWER: dict[str, Shape] = {"answer": TEXT}
"""The whole answer, as `infucode batch` writes it."""

REJECTED = "rejected"
"""The outcome of a document without an answer: a word, as SQL passes over nulls in silence."""
EXIT = {
    "coded": 0, "ambiguous": 10, "blocked": 10, "valid": 0, "review": 11, "undecided": 12,
    "violating": 13,
}  # fmt: skip
"""The exit codes of the contract, by outcome."""
ERRORS = {
    kind.code: kind.exit_code
    for kind in (DocumentError, InternalError, LimitError, PolicyError, TablesError, UsageError)
}


def columns_of(question: Question, *, whole: bool) -> dict[str, Shape]:
    """The columns of an answer to a question, in their order."""
    own = SOLVED if question is Question.solve else CHECKED
    return {**EVERY, **own, **REFUSED, **(ANSWER if whole else {})}


def rows_of(results: Sequence[Result], question: Question) -> Iterator[Row]:
    """One row for each result; a column that is not named says nothing."""
    own = SOLVED if question is Question.solve else CHECKED
    nothing: Row = {name: [] for name, shape in own.items() if isinstance(shape, list)}
    for result in results:
        if result.rejected:
            said = json.loads(result.rejected)
            yield nothing | {
                "outcome": REJECTED, "exit_code": ERRORS[said["error"]], "switches": [],
                "error": said["error"], "problems": said["problems"],
            }  # fmt: skip
            continue
        answer = json.loads(result.answer)
        made = _solved(answer) if question is Question.solve else _checked(answer)
        yield {**_head(answer), **made, "problems": [], "answer": result.answer.decode().rstrip()}


def _head(answer: Mapping[str, Any]) -> Row:
    policy = answer["policy"]
    switches = [{"name": name, "value": value} for name, value in policy["switches"].items()]
    return {
        "encounter": answer["encounter"], "outcome": answer["outcome"],
        "exit_code": EXIT[answer["outcome"]], "policy": policy["id"],
        "version": policy["version"], "as_of": policy["as_of"], "digest": policy["digest"],
        "switches": switches,
    }  # fmt: skip


def _solved(answer: Mapping[str, Any]) -> Row:
    """Things of a code set carry its number, as in the tables of a batch."""
    found: dict[str, list[object]] = {"lines": [], "not_reported": [], "assuming": []}
    for number, code_set in enumerate(answer["code_sets"], 1):
        for name, items in found.items():
            items += [{**item, "code_set": number} for item in code_set[name]]
    found["not_reported"] += answer["not_reported"]
    return {
        **found, "code_sets": len(answer["code_sets"]), "questions": answer["asks"],
        "warnings": answer["warnings"],
    }  # fmt: skip


def _checked(answer: Mapping[str, Any]) -> Row:
    return {
        "claim_lines": answer["lines"], "violations": answer["violations"],
        "not_checked": answer["not_checked"],
    }  # fmt: skip


def arrow_type(shape: Shape) -> Any:
    """A shape as a type of pyarrow."""
    import pyarrow

    if isinstance(shape, list):
        return pyarrow.list_(arrow_type(shape[0]))
    if isinstance(shape, dict):
        return pyarrow.struct([(name, arrow_type(below)) for name, below in shape.items()])
    return {TEXT: pyarrow.string(), WHOLE: pyarrow.int64(), TRUTH: pyarrow.bool_()}[shape]


def arrays_of(rows: Sequence[Row], columns: Mapping[str, Shape]) -> list[Any]:
    """Each column as an array of pyarrow."""
    import pyarrow

    try:
        return [
            pyarrow.array([row.get(name) for row in rows], arrow_type(shape))
            for name, shape in columns.items()
        ]
    except UnicodeEncodeError:
        rows = [{name: writable(value) for name, value in row.items()} for row in rows]
        return arrays_of(rows, columns)


def writable(value: object) -> object:
    """The value with halves of characters, which JSON can hold and UTF-8 cannot, spelt out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [writable(item) for item in value]
    if isinstance(value, dict):
        return {name: writable(item) for name, item in value.items()}
    return value
