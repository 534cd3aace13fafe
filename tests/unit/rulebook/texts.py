"""Small policy texts as parsed values."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from infucode.errors import Problem
from infucode.rulebook.convert import clause_of
from infucode.rulebook.language import Clause
from infucode.rulebook.papers import Papers, bind_papers
from infucode.rulebook.parse import ParsedFile, parse_file
from infucode.rulebook.rules import Rule


def parsed(text: str) -> ParsedFile:
    """The text as a parsed file named `x.lp`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.lp"
        path.write_text(text, encoding="utf-8")
        return parse_file(path, "x.lp")


def clauses(text: str) -> list[Clause]:
    """The rules of a text, which must be sound."""
    file = parsed(text)
    problems: list[Problem] = []
    found = [clause_of(rule, file.source, problems) for rule in file.rules]
    assert not problems
    return [clause for clause in found if clause is not None]


def clause(text: str) -> Clause:
    """The only rule of a text."""
    (found,) = clauses(text)
    return found


def rule(id: str, text: str, beats: str = "") -> Rule:
    """A rule with papers."""
    lines = [f"%@ id: {id}", "%@ cite: x", "%@ text: y"]
    lines += [f"%@ beats: {beats}"] if beats else []
    file = parsed("\n".join([*lines, text]))
    problems: list[Problem] = []
    (papers,) = bind_papers(file, problems)
    assert papers is not None and not problems
    return Rule(clause(text), papers, file.source, "cpt")


def bound(text: str) -> tuple[list[Papers | None], list[str]]:
    """The papers of each rule of a text, and what is wrong."""
    problems: list[Problem] = []
    found = bind_papers(parsed(text), problems)
    return found, [problem.message for problem in problems]
