"""What an editor can mend at once: the safe edits of lint, and names that are nearly right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lsprotocol import types as lsp
from pygls.workspace import PositionCodec

from infucode.model.lint import Edit, Finding
from infucode.workbench.server.shapes import diagnostic, span, text_edit

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_NAMED = re.compile(r"`([^`/]+)(?:/\d+)?`")


def actions(
    codec: PositionCodec,
    uri: str,
    lines: Sequence[str],
    findings: Sequence[Finding],
    at: lsp.Range,
) -> Iterator[lsp.CodeAction]:
    """The quick fixes for what is found in a range, and one for all safe edits of the file."""
    for finding in findings:
        shown = diagnostic(codec, lines, finding)
        if not _touch(shown.range, at):
            continue
        if finding.edit is not None and _fits(finding.edit, lines):
            yield _action(
                uri, f"Mend: {finding.problem.message}", lsp.CodeActionKind.QuickFix,
                [text_edit(codec, lines, finding.edit)], shown,
            )  # fmt: skip
        yield from _meant(codec, uri, lines, finding, shown)
    edits = [f.edit for f in findings if f.edit is not None and _fits(f.edit, lines)]
    apart = _apart(edits)
    if apart:
        yield _action(
            uri, "Mend all that infucode can mend safely in this file",
            lsp.CodeActionKind.SourceFixAll, [text_edit(codec, lines, e) for e in apart], None,
        )  # fmt: skip


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that do not touch each other; of those that do, the first."""
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.first, e.last)):
        if not found or edit.first > found[-1].last:
            found.append(edit)
    return found


def _fits(edit: Edit, lines: Sequence[str]) -> bool:
    return 0 < edit.first <= edit.last <= len(lines)


def _meant(
    codec: PositionCodec,
    uri: str,
    lines: Sequence[str],
    finding: Finding,
    shown: lsp.Diagnostic,
) -> Iterator[lsp.CodeAction]:
    """The name that was probably meant, in the place of the one that is there."""
    meant, named = _MEANT.search(finding.problem.help), _NAMED.search(finding.problem.message)
    if not meant or not named or not finding.problem.line:
        return
    wrong = re.compile(rf"(?<![\w.-]){re.escape(named[1])}(?![\w-])")
    for number in _searched(lines, finding.problem.line - 1):
        found = wrong.search(lines[number])
        if found:
            edit = lsp.TextEdit(span(codec, lines, number, found.start(), found.end()), meant[1])
            title = f"Write `{meant[1]}` for `{named[1]}`"
            yield _action(uri, title, lsp.CodeActionKind.QuickFix, [edit], shown)
            return


def _searched(lines: Sequence[str], line: int) -> Iterator[int]:
    """The line of a finding; of papers, whose problems stand at their first line, all lines."""
    if line < len(lines):
        yield line
        if lines[line].startswith("%@"):
            line += 1
            while line < len(lines) and lines[line].startswith("%"):
                yield line
                line += 1


def _touch(one: lsp.Range, other: lsp.Range) -> bool:
    return one.start.line <= other.end.line and other.start.line <= one.end.line


def _action(
    uri: str,
    title: str,
    kind: lsp.CodeActionKind,
    edits: list[lsp.TextEdit],
    about: lsp.Diagnostic | None,
) -> lsp.CodeAction:
    return lsp.CodeAction(
        title,
        kind=kind,
        diagnostics=[about] if about else None,
        is_preferred=True if about else None,
        edit=lsp.WorkspaceEdit(changes={uri: edits}),
    )
