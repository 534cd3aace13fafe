"""Documents without an answer, as lines of the rejects file: where, and every reason."""

from __future__ import annotations

from typing import Any

from infucode.batch.tasks import Document, Result
from infucode.errors import InfucodeError, Problem, ProblemsError
from infucode.render.json_view import dumps

SCHEMA = "infucode.reject.v1"


def rejected(document: Document, error: InfucodeError) -> Result:
    """A document that was refused, or for which a limit was hit."""
    problems = error.problems if isinstance(error, ProblemsError) else ()
    said = [_problem(document, problem) for problem in problems] or [{"message": str(error)}]
    line = {
        "schema": SCHEMA,
        "input": document.source,
        "line": document.line or None,
        "error": error.code,
        "problems": said,
    }
    return Result(b"", dumps(line, compact=True).encode(), error.code)


def _problem(document: Document, problem: Problem) -> dict[str, Any]:
    """A problem; a document on one line of its file has only columns of its own."""
    found: dict[str, Any] = {"message": problem.message}
    if problem.help:
        found["help"] = problem.help
    if problem.field:
        found["field"] = problem.field
    if problem.line and not document.line:
        found["line"] = problem.line
    if problem.column:
        found["column"] = problem.column
    if problem.file != document.source:
        found["file"] = problem.place
    return found
