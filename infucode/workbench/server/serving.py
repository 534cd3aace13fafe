"""The server and what it knows while it runs: the policy folders that the open files lie in."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import RPCRequest
from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec

from infucode import __version__
from infucode.model.lint import Finding
from infucode.workbench.server import search, shapes
from infucode.workbench.server.cases import CaseIndex
from infucode.workbench.server.changes import changed, into
from infucode.workbench.server.cursor import spot_at
from infucode.workbench.server.folder import Folder, folder_of
from infucode.workbench.server.opened import Opened
from infucode.workbench.server.tokens import Spot


@dataclass(frozen=True, slots=True)
class Asked:
    """A file of a policy folder that a request is about."""

    opened: Opened
    folder: Folder
    cases: CaseIndex
    name: str
    uri: str
    codec: PositionCodec

    @property
    def lines(self) -> list[str]:
        return self.folder.mirror.text(self.name).split("\n")

    def column(self, at: lsp.Position) -> int:
        """The character of a position in its line."""
        lines = self.lines
        if not 0 <= at.line < len(lines):
            return 0
        return into(self.codec, lines[at.line], at.character)

    def spot(self, at: lsp.Position) -> Spot | None:
        """What stands under a position."""
        return spot_at(self.name, self.lines, at.line, self.column(at))

    def locations(self, places: list[search.Place]) -> list[lsp.Location]:
        """Places of the folder in the protocol's shape."""
        texts = {p.name: self.folder.mirror.text(p.name) for p in places}
        return [
            shapes.location(self.codec, self.opened.root, texts[p.name], p) for p in places
        ]


class Protocol(LanguageServerProtocol):
    """The protocol, where every request is answered: otherwise an editor would wait."""

    exit_code = 0
    """What the process ends with: 1 where it was told to without `shutdown` before."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message in its own type. Raises JsonRpcException after answering a request."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                told = _late(data["method"]) if self._shutdown else error
                self._send_response(data["id"], error=told.to_response_error())
            raise

    def handle_message(self, message: Any) -> None:
        """Do what a message asks for; after `shutdown` refuse every request."""
        if self._shutdown and isinstance(message, RPCRequest):
            error = _late(message.method)
            self._send_response(message.id, error=error.to_response_error())
            return
        if getattr(message, "method", "") == lsp.EXIT:
            self.exit_code = 0 if self._shutdown else 1
        super().handle_message(message)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: lsp.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Put changes into a text; ranges too, which this server does not ask for."""
        text = self.workspace.get_text_document(params.text_document.uri).source
        for change in params.content_changes:
            text = changed(self.workspace.position_codec, text, change)
        params.content_changes = [lsp.TextDocumentContentChangeWholeDocument(text)]
        yield from super().lsp_text_document__did_change(params)


def _late(method: str) -> JsonRpcException:
    return JsonRpcInvalidRequest(f"`{method}` comes after `shutdown`")


class PolicyServer(LanguageServer):
    """Holds the policy folders that the open files lie in."""

    def __init__(self) -> None:
        super().__init__(
            "infucode",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
        )
        self.opened: dict[Path, Opened] = {}
        self._uris: dict[Path, str] = {}

    @property
    def exit_code(self) -> int:
        """What the process ends with."""
        return self.protocol.exit_code if isinstance(self.protocol, Protocol) else 0

    def find(self, uri: str) -> tuple[Opened, str] | None:
        """The folder that a file lies in and its name there; None outside of any."""
        path = Path(os.path.normpath(to_fs_path(uri) or ""))
        root = folder_of(path)
        if root is None:
            return None
        if root not in self.opened:
            self.opened[root] = Opened(
                root,
                lambda name, findings: self.tell(root, name, findings),
                lambda message: self.window_log_message(
                    lsp.LogMessageParams(lsp.MessageType.Warning, message)
                ),
            )
        self._uris.setdefault(path, uri)
        return self.opened[root], path.relative_to(root).as_posix()

    async def asked(self, uri: str) -> Asked | None:
        """What a request about a file needs; None outside of any policy folder."""
        found = self.find(uri)
        if found is None:
            return None
        opened, name = found
        folder, cases = await opened.read()
        return Asked(opened, folder, cases, name, uri, self.workspace.position_codec)

    def tell(self, root: Path, name: str, findings: list[Finding]) -> None:
        """Send what is wrong in a file."""
        path = root / name
        uri = self._uris.get(path) or shapes.uri_of(path)
        document = self.workspace.text_documents.get(uri)
        text = document.source if document is not None else _text(path)
        codec, lines = self.workspace.position_codec, text.replace("\r\n", "\n").split("\n")
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                uri,
                [shapes.diagnostic(codec, lines, finding) for finding in findings],
                version=document.version if document is not None else None,
            )
        )

    def close(self) -> None:
        """End everything that was started."""
        for opened in self.opened.values():
            opened.close()
        self.opened.clear()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
