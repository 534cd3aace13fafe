"""The work folder of a run: a part is there whole or not at all, and the output is their sum.

A part is its answers and its rejects, in files of their own, and a count that is renamed into
place last. The output appears under its name only when it is whole.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infucode.batch.manifest import Manifest, differences, dumped
from infucode.batch.tasks import Result
from infucode.errors import UsageError

COUNT, MANIFEST, LOCK = "count.json", "manifest.json", "lock"
BLOCK = 1 << 20


@dataclass(slots=True)
class Counts:
    """How many documents were read, and what became of them."""

    read: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    """By outcome."""
    rejected: Counter[str] = field(default_factory=Counter)
    """By the code of the error."""
    cached: int = 0
    """Answers of this process that were known; how many hangs on who answered what, so it is in
    no file."""

    def add(self, results: Iterable[Result]) -> None:
        """Count what became of some documents."""
        for result in results:
            self.read += 1
            (self.rejected if result.rejected else self.answered)[result.outcome] += 1
            self.cached += result.cached

    def include(self, data: Mapping[str, Any]) -> None:
        """Count a part that was done before."""
        self.read += data["read"]
        self.answered.update(data["answered"])
        self.rejected.update(data["rejected"])

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "read": self.read,
            "answered": dict(sorted(self.answered.items())),
            "rejected": dict(sorted(self.rejected.items())),
        }


def receipt_of(output: Path) -> Path:
    """Where it stands what a finished run was."""
    return output.with_name(output.name + ".manifest.json")


class Parts:
    """The parts of one run that are done."""

    def __init__(self, output: Path, files: Sequence[Path], manifest: Manifest) -> None:
        """`files` are what the run gives: of each part there is one file for each of them."""
        self.output, self.files, self.manifest = output, files, manifest
        self.work = output.with_name(output.name + ".work")
        self.over = output.with_name(output.name + ".work.over")
        """The work folder of a run that is finished, for as long as it takes to remove it."""
        self.receipt = receipt_of(output)
        self._lock: int | None = None

    def open(self, *, force: bool) -> None:
        """Begin, or go on. Raises UsageError where another run's parts or output are there, and
        where one is at work.
        """
        with _writing(self.work):
            shutil.rmtree(self.over, ignore_errors=True)
            if self.work.is_dir():
                self._claim()
            if force:
                shutil.rmtree(self.work, ignore_errors=True)
            known = _loaded(self.work / MANIFEST)
            if known is None:
                self._require_no_output(force)
                shutil.rmtree(self.work, ignore_errors=True)
                self.work.mkdir(parents=True)
                _write(self.work / MANIFEST, [dumped(self.manifest)])
            elif self.manifest["inputs"] is None or known != self.manifest:
                if any(self.work.glob(f"*.{COUNT}")):
                    raise UsageError(self._other(known))
                self._require_no_output(force)
                _write(self.work / MANIFEST, [dumped(self.manifest)])
            self._claim()

    def close(self) -> None:
        """Let others write to the work folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _claim(self) -> None:
        """Lock the work folder for this process. The system frees it when the process ends, and
        the workers below have no part in it. Raises UsageError where another process has it.
        """
        self.close()
        try:
            import fcntl
        except ImportError:
            return
        self._lock = os.open(self.work / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                self.close()
                raise UsageError(
                    f"another run writes to `{self.output}`; wait for its end, or end it"
                ) from None

    def _other(self, known: Mapping[str, Any]) -> str:
        what = ", ".join(differences(known, self.manifest)) or "standard input is read once"
        return (
            f"`{self.work}` holds a run that cannot go on so ({what}); finish it as it was "
            "begun, or --force starts anew"
        )

    def _require_no_output(self, force: bool) -> None:
        there = next((path for path in self.files if path.exists()), None)
        if there is not None and not force:
            raise UsageError(f"`{there}` is there already; --force writes over it")

    def finished(self) -> dict[str, Any] | None:
        """The counts of this very run, if it was finished before."""
        known = _loaded(self.receipt)
        if known is None or self.work.exists() or self.manifest["inputs"] is None:
            return None
        counts = known.pop("counts", None)
        same = known == self.manifest and all(path.exists() for path in self.files)
        if same:
            shutil.rmtree(self.over, ignore_errors=True)
        return counts if same else None

    def done(self, number: int) -> dict[str, Any] | None:
        """The counts of a part, if it is whole: its files are there, as long as they were."""
        counts = _loaded(self._file(number, COUNT))
        return counts if counts and counts.get("sizes") == self._sizes(number) else None

    def _sizes(self, number: int) -> list[int]:
        paths = [self._file(number, str(place)) for place in range(len(self.files))]
        return [path.stat().st_size if path.is_file() else -1 for path in paths]

    def write(self, number: int, contents: Sequence[Iterable[bytes]], counts: Counts) -> None:
        """Keep a part: the content of each of its files. Raises UsageError if that fails."""
        with _writing(self.work):
            for place, content in enumerate(contents):
                _write(self._file(number, str(place)), content)
            told = {**counts.data(), "sizes": self._sizes(number)}
            _write(self._file(number, COUNT), [json.dumps(told).encode()])

    def finish(self, number: int, counts: Counts) -> None:
        """Join so many parts into the output. Raises UsageError if that fails."""
        with _writing(self.output):
            self.receipt.unlink(missing_ok=True)
            for place, path in enumerate(self.files):
                parts = (self._file(n, str(place)) for n in range(number))
                _write(path, _joined(parts))
            receipt = {**self.manifest, "counts": counts.data()}
            _write(self.receipt, [dumped(receipt)])
            shutil.rmtree(self.over, ignore_errors=True)
            self.work.rename(self.over)
            shutil.rmtree(self.over, ignore_errors=True)

    def _file(self, number: int, what: str) -> Path:
        return self.work / f"{number:08d}.{what}"


def _joined(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def _write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all."""
    partial = path.with_name(path.name + ".tmp")
    try:
        with partial.open("wb") as file:
            for block in content:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise


def _loaded(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


class _writing:
    """Says in words why something cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, OSError):
            reason = (error.strerror or str(error)).lower()
            raise UsageError(
                f"`{self.path}` cannot be written: {reason}; what is done is kept, and the same "
                "command goes on from there"
            ) from error
