"""What the driver sends along with a question, so that every worker answers by the same rules.

The policy files travel themselves: whatever lies on an executor, the driver's are used. The
tables of a check are too large for that; their names and sizes travel, and a worker that sees
others refuses to answer. So does one that runs another infucode.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infucode import __version__
from infucode.batch.manifest import program_digest
from infucode.batch.tasks import Question, Task
from infucode.errors import UsageError
from infucode.rulebook.folder import contents_of, stamp_of
from infucode.rulebook.where import policies_folder
from infucode.tables import Store

Sizes = Mapping[str, int]
"""Bytes of each imported edition, by its name."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The driver's program, policies and tables."""

    version: str
    program: str
    policies: bytes
    """A ZIP file; equal files give equal bytes."""
    stamp: str
    name: str
    """Of the folder, as proofs name their files by it."""
    tables: Sizes | None
    """None for a question that reads none."""


def pack(task: Task) -> Packed:
    """What a worker needs. Raises UsageError for folders that cannot be read."""
    folder = policies_folder(task.policies)
    contents = contents_of(folder)
    if not contents:
        raise UsageError(f"the policy files of `{folder}` cannot be read")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in contents.items():
            path = f"{name}/" if (folder / name).is_dir() else name
            file.writestr(zipfile.ZipInfo(path), text, zipfile.ZIP_DEFLATED)
    tables = None
    if task.question is Question.check:
        tables = sizes_of(None if task.tables is None else found(task.tables))
    return Packed(
        __version__, program_digest(), made.getvalue(), stamp_of(contents),
        folder.resolve().name if folder.name in ("", "..") else folder.name, tables,
    )  # fmt: skip


def require_same_program(packed: Packed) -> None:
    """Raises UsageError where this is not the driver's infucode."""
    here = program_digest()
    if here != packed.program:
        raise UsageError(
            f"the driver runs infucode {packed.version} ({packed.program[:12]}) and this worker "
            f"{__version__} ({here[:12]}); install the same one on all executors"
        )


def unpacked(packed: Packed) -> Path:
    """The folder of the driver's policies on this machine; workers beside one another share it.

    It lies in the folder that Spark removes at the end, where there is one.
    """
    base = _scratch()
    shared = base / f"infucode-policies-{packed.stamp[:12]}"
    if not _holds(shared, packed):
        own = Path(tempfile.mkdtemp(prefix="infucode-", dir=base))
        with zipfile.ZipFile(io.BytesIO(packed.policies)) as file:
            file.extractall(own / packed.name)
        try:
            own.rename(shared)
        except OSError:
            if not _holds(shared, packed):
                return own / packed.name
            shutil.rmtree(own, ignore_errors=True)
    return shared / packed.name


def _holds(shared: Path, packed: Packed) -> bool:
    folder = shared / packed.name
    return folder.is_dir() and stamp_of(contents_of(folder)) == packed.stamp


def _scratch() -> Path:
    from pyspark import SparkFiles

    with suppress(Exception):
        root = Path(SparkFiles.getRootDirectory())
        if root.is_dir():
            return root
    return Path(tempfile.mkdtemp(prefix="infucode-"))


def found(tables: Path) -> Path:
    """The folder of tables, here or among the files that were sent. Raises UsageError."""
    if tables.is_dir():
        return tables
    from pyspark import SparkFiles

    with suppress(Exception):
        sent = Path(SparkFiles.get(str(tables)))
        if sent.is_dir():
            return sent
    raise UsageError(
        f"`{tables}` is no folder of tables here, nor one that was sent with `addFile` or "
        "`--archives`; name a folder that the driver and every executor see"
    )


def sizes_of(folder: Path | None) -> Sizes:
    """The editions in a folder; of the user's own where none is named."""
    with Store(folder) as store:
        return {name: store.path(name).stat().st_size for name in sorted(store.names())}


def require_same_tables(packed: Packed, folder: Path | None) -> None:
    """Raises UsageError where this worker sees other tables than the driver."""
    if packed.tables is None:
        return
    here = sizes_of(folder)
    if here != packed.tables:
        differ = sorted({n for n, _ in {*here.items()} ^ {*packed.tables.items()}})
        raise UsageError(
            f"this worker sees other tables than the driver ({', '.join(differ)}); put them "
            "into a folder that all of them see and name it: `tables=...`"
        )
