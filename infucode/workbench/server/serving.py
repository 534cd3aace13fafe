"""The server and what it knows while it runs: the policy folders that the open files lie in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec

from infucode import __version__
from infucode.model.lint import Finding
from infucode.workbench.server import search, shapes
from infucode.workbench.server.cases import CaseIndex
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
        text, units = lines[at.line], 0
        for number, char in enumerate(text):
            if units >= at.character:
                return number
            units += self.codec.client_num_units(char)
        return len(text)

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
    """The protocol, where a malformed request is answered too: otherwise an editor would wait."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message in its own type. Raises JsonRpcException after answering a request."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise


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
