"""A copy of a policy folder in which unsaved texts stand in the place of the files on disk.

Everything that reads policies reads files; so what an editor has not saved yet is written into a
folder of its own, under the same name, and read there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SUFFIXES = (".lp", ".toml", ".yaml")


class Mirror:
    """The copy. Files are named by their path below the folder, with slashes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._home = tempfile.TemporaryDirectory(
            prefix="infucode-lsp-", ignore_cleanup_errors=True
        )
        self.root = Path(self._home.name) / folder.name
        self.root.mkdir()
        self._stamps: dict[str, tuple[int, int]] = {}
        self._shown: dict[str, str] = {}
        self.refresh()

    def refresh(self) -> set[str]:
        """Copy what changed on disk since the last time; returns the names of those files."""
        changed: set[str] = set()
        found = dict(self._on_disk())
        for name in self._stamps.keys() - found.keys():
            del self._stamps[name]
            changed.add(name)
            if name not in self._shown:
                (self.root / name).unlink(missing_ok=True)
        for name, stamp in found.items():
            if self._stamps.get(name) != stamp:
                self._stamps[name] = stamp
                changed.add(name)
                if name not in self._shown:
                    self._copy(name)
        return changed - self._shown.keys()

    def show(self, name: str, text: str) -> bool:
        """Let an unsaved text stand for a file; returns whether that changes anything."""
        before = self._shown.get(name)
        self._shown[name] = text
        path = self.root / name
        if before is None:
            try:
                before = path.read_bytes().decode("utf-8")
            except (OSError, UnicodeDecodeError):
                before = None
        if before == text:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", errors="replace"))
        return True

    def hide(self, name: str) -> None:
        """Let the file on disk count again."""
        if self._shown.pop(name, None) is not None:
            (self.root / name).unlink(missing_ok=True)
            if name in self._stamps:
                self._copy(name)

    def names(self, suffix: str) -> list[str]:
        """The files with a suffix, unsaved ones too, in order."""
        known = self._stamps.keys() | self._shown.keys()
        return sorted(name for name in known if name.endswith(suffix))

    def text(self, name: str) -> str:
        """The text of a file as it counts; empty where it cannot be read."""
        shown = self._shown.get(name)
        if shown is not None:
            return shown
        try:
            return (self.root / name).read_bytes().decode("utf-8", errors="replace")
        except OSError:
            return ""

    def close(self) -> None:
        """Remove the copy."""
        self._home.cleanup()

    def _on_disk(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for path in self.folder.rglob("*"):
            if path.suffix in SUFFIXES:
                with suppress(OSError):
                    if path.is_file():
                        stat = path.stat()
                        yield (
                            path.relative_to(self.folder).as_posix(),
                            (stat.st_mtime_ns, stat.st_size),
                        )

    def _copy(self, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            target.write_bytes((self.folder / name).read_bytes())
