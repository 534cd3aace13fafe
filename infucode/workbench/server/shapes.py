"""Our values in the protocol's shapes: positions in the units that the client counts in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from lsprotocol import types as lsp
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from infucode.model.lint import Edit, Finding
from infucode.workbench.server.completion import Offer
from infucode.workbench.server.search import Place, Symbol

SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}
KINDS = {
    "key": lsp.CompletionItemKind.Property,
    "source": lsp.CompletionItemKind.Reference,
    "rule": lsp.CompletionItemKind.Event,
    "clause": lsp.CompletionItemKind.Reference,
    "setting": lsp.CompletionItemKind.Constant,
    "word": lsp.CompletionItemKind.EnumMember,
    "variable": lsp.CompletionItemKind.Variable,
}
_AT = re.compile(r'"(?:\\.|[^"\\])*"|[\w\'#]+|\S')


def uri_of(path: Path) -> str:
    """The address of a file."""
    return from_fs_path(str(path)) or path.as_uri()


def span(
    codec: PositionCodec, lines: Sequence[str], line: int, start: int, end: int
) -> lsp.Range:
    """Characters of a line (0-based) as a range; lines beyond the end are the last one."""
    line = min(max(line, 0), max(len(lines) - 1, 0))
    text = lines[line] if lines else ""
    first, last = (codec.client_num_units(text[: max(at, 0)]) for at in (start, end))
    return lsp.Range(lsp.Position(line, first), lsp.Position(line, last))


def diagnostic(
    codec: PositionCodec, lines: Sequence[str], finding: Finding
) -> lsp.Diagnostic:
    """A finding at its place: the word that stands there, or the line."""
    problem = finding.problem
    line = problem.line - 1 if problem.line else _line_about(lines, problem.message)
    text = lines[line] if 0 <= line < len(lines) else ""
    start = max(problem.column - 1, 0) or len(text) - len(text.lstrip())
    word = _AT.match(text, start) if problem.column else None
    end = word.end() if word else max(len(text.rstrip()), start)
    message = problem.message + (f"\nhelp: {problem.help}" if problem.help else "")
    page = page_of(finding.check)
    return lsp.Diagnostic(
        span(codec, lines, line, start, end),
        message,
        severity=SEVERITIES.get(finding.severity, lsp.DiagnosticSeverity.Information),
        code=finding.check,
        code_description=lsp.CodeDescription(page) if page else None,
        source="infucode",
    )


def _line_about(lines: Sequence[str], message: str) -> int:
    """The first line that names what a message without a place speaks of, else the first."""
    for word in re.findall(r"`([^`]+)`", message):
        named = re.compile(rf'^\s*\[+{re.escape(word)}\]|=\s*"{re.escape(word)}"')
        for number, line in enumerate(lines):
            if named.search(line):
                return number
    return 0


def page_of(check: str) -> str:
    """The address of a check's page on this machine; none where the package is no folder."""
    path = files("infucode.workbench.lint") / "pages" / f"{check}.md"
    return uri_of(path) if isinstance(path, Path) and path.is_file() else ""


def text_edit(codec: PositionCodec, lines: Sequence[str], edit: Edit) -> lsp.TextEdit:
    """The lines of an edit put in the place of those that stand there."""
    last = min(edit.last, len(lines)) - 1
    end = lsp.Position(last, codec.client_num_units(lines[last]))
    return lsp.TextEdit(lsp.Range(lsp.Position(edit.first - 1, 0), end), "\n".join(edit.lines))


def location(codec: PositionCodec, root: Path, text: str, place: Place) -> lsp.Location:
    """A place of a folder's file."""
    at = span(codec, text.split("\n"), place.line, place.start, place.end)
    return lsp.Location(uri_of(root / place.name), at)


def completion_item(offer: Offer, at: lsp.Range, *, snippets: bool) -> lsp.CompletionItem:
    """An offer that replaces what is typed of it."""
    plain = offer.text or offer.label
    snippet = bool(offer.snippet and snippets)
    return lsp.CompletionItem(
        offer.label,
        kind=KINDS.get(offer.kind, lsp.CompletionItemKind.Function),
        detail=offer.detail or None,
        documentation=offer.about or None,
        filter_text=plain,
        insert_text_format=(
            lsp.InsertTextFormat.Snippet if snippet else lsp.InsertTextFormat.PlainText
        ),
        text_edit=lsp.TextEdit(at, offer.snippet if snippet else plain),
    )


def document_symbol(
    codec: PositionCodec, lines: Sequence[str], symbol: Symbol
) -> lsp.DocumentSymbol:
    """A rule with its papers and its text, or a predicate."""
    place = symbol.place
    own = span(codec, lines, place.line, place.start, place.end)
    last = min(symbol.last, len(lines) - 1)
    end = lsp.Position(last, codec.client_num_units(lines[last]))
    kind = lsp.SymbolKind.Event if symbol.kind == "rule" else lsp.SymbolKind.Function
    whole = lsp.Range(lsp.Position(place.line, 0), end)
    return lsp.DocumentSymbol(
        symbol.title, kind, range=whole, selection_range=own, detail=symbol.detail or None
    )
