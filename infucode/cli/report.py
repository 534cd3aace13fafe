"""Answers gathered for a report: one page, one Markdown text or one table for all files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infucode.cli.formats import AnswerFormat
from infucode.errors import InfucodeError, ProblemsError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution

if TYPE_CHECKING:
    from infucode.cli.plans import Proofs
    from infucode.render.report import Background, Refusal, Result


@dataclass(slots=True)
class Gathered:
    """What came of each file, in the order of the command line."""

    results: list[Result] = field(default_factory=list)
    answered: bool = False

    def add(
        self,
        file: str,
        encounter: Encounter,
        solution: Solution,
        proofs: Proofs,
        background: Background,
    ) -> None:
        """An answer, with what its plan knows of sources and clauses."""
        from infucode.render.report import Answer

        self.results.append(Answer(file, encounter, solution, proofs or None, background))
        self.answered = True

    def refuse(self, file: str, error: InfucodeError) -> None:
        """A file without an answer, so that the report does not pass over it."""
        self.results.append(refusal_of(file, error))

    def write(self, output: AnswerFormat) -> None:
        """The report on standard output; nothing where no file was answered."""
        if not self.answered:
            return
        import typer

        if output is AnswerFormat.html:
            from infucode.render.html_page import html_page as written
        elif output is AnswerFormat.md:
            from infucode.render.markdown import markdown_report as written
        else:
            from infucode.render.csv_view import csv_report as written
        typer.echo(written(self.results).encode(), nl=False)


def refusal_of(file: str, error: InfucodeError) -> Refusal:
    """A file without an answer, and why."""
    from infucode.render.report import Refusal

    problems = error.problems if isinstance(error, ProblemsError) else ()
    reasons = [f"{problem.place}: {problem.message}" for problem in problems]
    return Refusal(file, error.exit_code, tuple(reasons or [str(error)]))
