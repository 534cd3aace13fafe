"""Writing the safe edits of findings into the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from infucode.errors import InternalError, PolicyError, Problem
from infucode.model.lint import Edit, Finding
from infucode.rulebook.language import Clause, Term
from infucode.workbench.lint.running import Load, lint, read
from infucode.workbench.remembered import Remembered

MOST_PASSES = 8
"""One edit may make room for another on the same line."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text after edits that do not touch each other; of those that do, the first is made.

    Lines end as they did; one that is new at the end of the file, as the first of the file does.
    """
    lines = text.split("\n")
    usual = "\r" * (len(lines) > 1 and lines[0].endswith("\r"))
    done: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.first, e.last)):
        if not done or edit.first > done[-1].last:
            done.append(edit)
    for edit in reversed(done):
        *before, last = edit.lines
        closed = edit.last < len(lines)
        end = "\r" * lines[edit.first - 1].endswith("\r") if closed else usual
        lines[edit.first - 1 : edit.last] = [line + end for line in before] + [
            last + end * closed
        ]
    return "\n".join(lines)


def fix(folder: Path, *, only: Iterable[str] = (), files: Iterable[Path] = ()) -> list[Finding]:
    """Mend what has a safe edit; returns what was mended.

    Raises InternalError, and puts every file back, if a rule would say something else after it;
    likewise PolicyError where a file cannot be written.
    """
    only, files = tuple(only), tuple(files)
    mended: list[Finding] = []
    load = Remembered().load
    for _ in range(MOST_PASSES):
        linted = lint(folder, only=only, files=files, load=load)
        findings = [finding for finding in linted.findings if finding.edit]
        if not findings:
            break
        mended += _mended(folder, findings, load)
    return mended


def _mended(folder: Path, findings: list[Finding], load: Load) -> Iterator[Finding]:
    before = _meaning(folder, load)
    kept: dict[Path, bytes] = {}
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.problem.file, []).append(finding)
    for name, its in by_file.items():
        path = folder / name.partition("/")[2]
        edits = [finding.edit for finding in its if finding.edit is not None]
        try:
            text = path.read_bytes()
            path.write_bytes(apply(text.decode("utf-8"), edits).encode("utf-8"))
        except OSError as error:
            _put_back(kept)
            message = f"cannot be written: {(error.strerror or str(error)).lower()}"
            help = "check its permissions; no file was changed"
            raise PolicyError([Problem(name, 0, 0, message, help)]) from None
        kept[path] = text
    if _meaning(folder, load) != before:
        _put_back(kept)
        raise InternalError(f"the edit at {findings[0].problem.place} changes a rule")
    yield from findings


def _put_back(kept: Mapping[Path, bytes]) -> None:
    for path, text in kept.items():
        path.write_bytes(text)


def _meaning(folder: Path, load: Load) -> frozenset[tuple[str, str]]:
    """The rules of a folder, variables that stand at one place only blanked."""
    subject, _ = read(folder, load)
    return frozenset((rule.papers.id, str(_blanked(rule.clause))) for rule in subject.rules)


def _blanked(clause: Clause) -> Clause:
    counted = Counter(term.text for term in clause.terms() if term.kind == "variable")
    return clause.put({n: Term("variable", "_") for n, number in counted.items() if number == 1})
