"""What was read and checked before, kept between runs in the user's cache folder.

An entry is named by a digest of the policy files, of the code that reads them and of clingo, and
begins with a digest of itself, so that a stale, foreign or damaged entry is never used: it is
as if there were none. It holds plain JSON, nothing that runs. `INFUCODE_CACHE` names another
folder, or is `off`. A folder that others may write to is not used, and one that cannot be
written is no error.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

VARIABLE = "INFUCODE_CACHE"
OFF = "off"
MOST_ENTRIES = 40
_OTHERS_MAY_WRITE = 0o022


def folder() -> Path | None:
    """Where entries are kept, or None if nowhere."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return None if chosen.strip().lower() in ("", OFF) else Path(chosen)
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "infucode"
    try:
        return Path.home() / ".cache" / "infucode"
    except RuntimeError:
        return None


@cache
def program_digest() -> str:
    """A digest of clingo's version and of the code that reads and checks policies."""
    import clingo

    found = hashlib.sha256(clingo.__version__.encode())
    package = Path(__file__).resolve().parent.parent
    engine = [package / "engine" / f"{name}.py" for name in ("fixpoint", "grounding", "order")]
    for path in sorted([*package.glob("rulebook/*.py"), *engine]):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _own(path: Path) -> bool:
    """Whether a folder is the user's, and nobody else may write to it."""
    if sys.platform == "win32":
        return path.is_dir()
    found = path.stat()
    return (
        path.is_dir() and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE
    )


def _entry(digest: str) -> Path | None:
    where = folder()
    if where is None:
        return None
    name = hashlib.sha256(f"{program_digest()} {digest}".encode()).hexdigest()
    return where / f"{name}.json"


def fetch(digest: str) -> Any:
    """What was kept under a digest, or None."""
    found = fetch_parts(digest)
    return None if found is None else found[0]()


def fetch_parts(digest: str) -> list[Callable[[], Any]] | None:
    """The parts that were kept under a digest, each parsed when it is asked for, or None.

    A part is None if it is no JSON.
    """
    try:
        path = _entry(digest)
        if path is None or not path.is_file() or not _own(path.parent):
            return None
        sum, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(text).hexdigest().encode() != sum:
        return None
    return [partial(_parsed, line) for line in text.split(b"\n")]


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def keep(digest: str, *parts: object) -> None:
    """Keep plain data under a digest, if that is possible."""
    try:
        path = _entry(digest)
        if path is None:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(path.parent):
            return
        import tempfile

        lines = [json.dumps(part, separators=(",", ":")).encode() for part in parts]
        text = b"\n".join(lines)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        Path(name).replace(path)
        _drop_oldest(path.parent)
    except (OSError, ValueError, RecursionError):
        return


def _drop_oldest(where: Path) -> None:
    entries = sorted(where.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in entries[:-MOST_ENTRIES]:
        path.unlink(missing_ok=True)
