"""An editor for tests: it starts the command and speaks the protocol with it, byte by byte."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 90.0
"""Seconds; a loaded machine is slow."""
CAPABILITIES = {
    "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
    "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
}

Json = dict[str, Any]


class Editor:
    """A client of `infucode policy lsp`. Use as a context manager."""

    def __init__(self, folder: Path, capabilities: Json | None = None) -> None:
        self.folder = folder
        self.versions: dict[str, int] = {}
        self.notes: list[Json] = []
        self.requested: list[str] = []
        self._number = 0
        self._messages: queue.Queue[Json | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infucode", "policy", "lsp"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder.parent, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self.errors: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._hear_errors, daemon=True).start()
        self.initialized = self.ask("initialize", {
            "processId": None, "rootUri": folder.as_uri(),
            "capabilities": CAPABILITIES if capabilities is None else capabilities,
        })  # fmt: skip
        self.tell("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        try:
            while True:
                length = 0
                while (line := stream.readline()).strip():
                    name, _, value = line.decode().partition(":")
                    assert name in ("Content-Length", "Content-Type"), line
                    length = int(value) if name == "Content-Length" else length
                if not length:
                    break
                self._messages.put(json.loads(stream.read(length)))
        except ValueError:
            pass
        self._messages.put(None)

    def _hear_errors(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        try:
            for line in stream:
                self.errors.append(line)
        except ValueError:
            return

    def send(self, message: Json) -> None:
        """Write one message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, params: Json) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    def ask_raw(self, method: str, params: object) -> Json:
        """The whole response to a request; what comes before it is kept."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._until(lambda message: message.get("id") == self._number)

    def ask(self, method: str, params: object) -> Any:
        """The result of a request, which must not fail."""
        answer = self.ask_raw(method, params)
        assert "error" not in answer, (method, answer["error"], self.errors[-20:])
        return answer["result"]

    def _until(self, wanted: Any, patience: float = PATIENCE) -> Json:
        end = time.monotonic() + patience
        while True:
            try:
                message = self._messages.get(timeout=max(end - time.monotonic(), 0.01))
            except queue.Empty:
                raise AssertionError(
                    f"nothing came; errors: {b''.join(self.errors[-20:]).decode()}"
                ) from None
            assert message is not None, b"".join(self.errors).decode()
            if "method" in message and "id" in message:
                self.requested.append(message["method"])
                self.send({"id": message["id"], "result": None})
            elif wanted(message):
                return message
            else:
                self.notes.append(message)

    def uri(self, name: str) -> str:
        """The address of a file of the folder."""
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None) -> str:
        """Open a file, as it is on disk or with another text; returns the text."""
        if text is None:
            text = (self.folder / name).read_text(encoding="utf-8")
        self.versions[name] = 1
        language = name.rpartition(".")[2]
        item = {"uri": self.uri(name), "languageId": language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return text

    def change(self, name: str, text: str) -> None:
        """Type: the file has another text now, which is not saved."""
        self.versions[name] += 1
        document = {"uri": self.uri(name), "version": self.versions[name]}
        changes = {"textDocument": document, "contentChanges": [{"text": text}]}
        self.tell("textDocument/didChange", changes)

    def change_parts(self, name: str, *changes: Json) -> None:
        """Type as a client does that sends ranges, each in the text after the one before."""
        self.versions[name] += 1
        document = {"uri": self.uri(name), "version": self.versions[name]}
        params = {"textDocument": document, "contentChanges": [*changes]}
        self.tell("textDocument/didChange", params)

    def close(self, name: str) -> None:
        """Close a file without saving it."""
        self.tell("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def published(self, name: str, wanted: Any = lambda found: True) -> list[Json]:
        """The next diagnostics of a file that fit, of its newest version."""
        uri, version = self.uri(name), self.versions.get(name)

        def fits(message: Json) -> bool:
            params = message.get("params", {})
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and params.get("version") in (version, None)
                and bool(wanted(params["diagnostics"]))
            )

        while self.notes:
            message = self.notes.pop(0)
            if fits(message):
                return list(message["params"]["diagnostics"])
        return list(self._until(fits)["params"]["diagnostics"])

    def at(self, name: str, line: int, character: int) -> Json:
        """A position in a file, 0-based."""
        return {
            "textDocument": {"uri": self.uri(name)},
            "position": {"line": line, "character": character},
        }

    def at_text(self, name: str, text: str, found: str, into: int = 0) -> Json:
        """The position of some words in a text, or a number of characters into them."""
        head = text[: text.index(found) + into]
        return self.at(name, head.count("\n"), len(head) - head.rfind("\n") - 1)

    def shutdown(self) -> int:
        """Say goodbye; returns the exit code."""
        self.ask("shutdown", None)
        self.tell("exit", {})
        return self.process.wait(PATIENCE)


def codes(diagnostics: list[Json]) -> set[str]:
    """The checks that found something."""
    return {item["code"] for item in diagnostics}
