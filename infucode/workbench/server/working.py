"""The server's side of the second process: it is started when needed, and anew if it ends."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from infucode.rulebook import store
from infucode.workbench.server.messages import LENGTH, Failed


class Worker:
    """One such process. Requests wait for each other."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    async def ask(self, name: str, *arguments: object) -> Any:
        """The answer to a request; `Failed` where there is none."""
        async with self._lock:
            process = await self._started()
            assert process.stdin is not None and process.stdout is not None
            body = pickle.dumps((name, arguments))
            try:
                process.stdin.write(LENGTH.pack(len(body)) + body)
                await process.stdin.drain()
                head = await process.stdout.readexactly(LENGTH.size)
                answer = await process.stdout.readexactly(LENGTH.unpack(head)[0])
            except (OSError, asyncio.IncompleteReadError):
                self._process = None
                return Failed("the process that checks the policies ended; it is started anew")
            except asyncio.CancelledError:
                self.close()
                raise
            return pickle.loads(answer)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "infucode.workbench.server.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_environment(),
            )
        return self._process

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()


def _environment() -> dict[str, str]:
    """This program's package first, and nothing of unsaved texts kept in the user's cache."""
    package = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join(p for p in (package, os.environ.get("PYTHONPATH", "")) if p)
    return {**os.environ, "PYTHONPATH": path, store.VARIABLE: store.OFF}
