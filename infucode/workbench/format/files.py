"""The rule files of a policy folder in house layout: which would change, and writing them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from infucode.errors import InternalError, PolicyError, Problem
from infucode.rulebook.convert import clause_of
from infucode.rulebook.folder import SPACES
from infucode.rulebook.language import Clause
from infucode.rulebook.papers import Papers, bind_papers
from infucode.rulebook.parse import ParsedFile, parse_file
from infucode.rulebook.where import below
from infucode.workbench.format.text import formatted

Meaning = tuple[list[tuple[Clause | None, Papers | None]], list[str]]
"""The rules with their papers, in order, and what the vocabulary's blocks say."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A file as it stands and as it would be laid out; ``name`` is what people see."""

    path: Path
    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> str:
        """The change as a unified diff; empty where there is none."""
        lines = unified_diff(
            self.before.splitlines(), self.after.splitlines(), self.name, self.name, lineterm=""
        )
        return "\n".join(lines)


def rule_files(folder: Path) -> list[Path]:
    """Every rule file of a policy folder, the vocabulary first."""
    found = sorted(path for path in folder.glob("*/**/*.lp") if path.parent != folder / SPACES)
    return [folder / "vocabulary.lp", *found]


def lay_out(files: Sequence[Path], folder: Path) -> list[Laid]:
    """Each file with its layout. Raises PolicyError with every file that cannot be parsed,
    InternalError if a rule, its papers or a comment would change."""
    found, problems = [], list[Problem]()
    for path in files:
        try:
            found.append(_laid(path, _name(path, folder)))
        except PolicyError as error:
            problems += error.problems
    if problems:
        raise PolicyError(problems)
    return found


def laid_text(text: str, name: str) -> str:
    """The layout of a text that is no file. Raises what `lay_out` raises."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.lp"
        path.write_text(text, encoding="utf-8", newline="")
        return _laid(path, name).after


def write(laid: Laid) -> None:
    """Put the layout into the file. Raises PolicyError where it cannot be written."""
    try:
        laid.path.write_text(laid.after, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"cannot be written: {(error.strerror or str(error)).lower()}"
        raise PolicyError([Problem(laid.name, 0, 0, message, "check its permissions")]) from None


def _name(path: Path, folder: Path) -> str:
    return below(path, folder) or str(path)


def _laid(path: Path, name: str) -> Laid:
    parsed = parse_file(path, name)
    before = parsed.source.text
    after = formatted(before)
    if after != before and _meaning(parsed) != _meaning_of(after):
        raise InternalError(f"the layout of {name} would change a rule or its papers")
    return Laid(path, name, before, after)


def _meaning_of(text: str) -> Meaning:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laid.lp"
        path.write_text(text, encoding="utf-8", newline="")
        return _meaning(parse_file(path, path.name))


def _meaning(file: ParsedFile) -> Meaning:
    """What a file says, wherever it says it; what the loader refuses in it stays refused."""
    ignored: list[Problem] = []
    clauses = [clause_of(node, file.source, ignored) for node in file.rules]
    papers = [_placeless(found) for found in bind_papers(file, ignored)]
    return list(zip(clauses, papers, strict=True)), list(_blocks(file))


def _placeless(papers: Papers | None) -> Papers | None:
    return replace(papers, line=0) if papers is not None else None


def _blocks(file: ParsedFile) -> Iterator[str]:
    for _, text in file.comments:
        yield "\n".join(line.rstrip() for line in text.splitlines())
