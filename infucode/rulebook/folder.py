"""The files of a policy folder that any plan may use, and a stamp that changes with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

SPACES = "space"
"""The folder of the programs that say which encounters there are; they are no rules."""


def contents_of(folder: Path) -> dict[str, bytes]:
    """The files by their path below the folder; empty where one of them cannot be read."""
    try:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
            for path in sorted(_paths(folder))
        }
    except OSError:
        return {}


def _paths(folder: Path) -> Iterator[Path]:
    """Folders count too: a layer without rules is another thing than no layer."""
    for path in folder.iterdir():
        if path.is_dir():
            yield path
            yield from path.glob("*.toml")
            yield from path.rglob("*.lp")
        elif path.suffix in (".lp", ".toml"):
            yield path


def stamp_of(contents: Mapping[str, bytes]) -> str:
    """A digest of all files; empty if there are none."""
    if not contents:
        return ""
    found = hashlib.sha256()
    for name, text in contents.items():
        found.update(f"{name}\0{len(text)}\0".encode() + text)
    return found.hexdigest()
