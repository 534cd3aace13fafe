"""What a run is: its question, its policies, its inputs. Runs that differ are never mixed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infucode import __version__
from infucode.batch.inputs import described
from infucode.batch.tasks import Question, Task
from infucode.rulebook.folder import contents_of, stamp_of
from infucode.rulebook.where import policies_folder

SCHEMA = "infucode.batch.v1"
Manifest = dict[str, Any]


def manifest_of(task: Task, inputs: Sequence[str], output: str, part: int) -> Manifest:
    """The manifest of a run. Raises UsageError where there is no policy folder."""
    folder = policies_folder(task.policies)
    found = {
        "schema": SCHEMA,
        "program": {"version": __version__, "sha256": program_digest()},
        "task": task.described(),
        "policies": stamp_of(contents_of(folder)),
        "tables": _tables(task),
        "inputs": described(inputs),
        "output": output,
        "part": part,
    }
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def program_digest() -> str:
    """A digest of our own code."""
    package = Path(__file__).resolve().parent.parent
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        found.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _tables(task: Task) -> list[list[object]] | None:
    """The imported editions that a check reads, with their size and time of change."""
    if task.question is Question.solve:
        return None
    from infucode.tables import Store

    with Store(task.tables) as store:
        names = sorted(store.names())
        files = [store.path(name).stat() for name in names]
    return [[n, s.st_size, s.st_mtime_ns] for n, s in zip(names, files, strict=True)]


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The words for what two runs differ in."""
    said = {
        "schema": "the layout of the work folder",
        "program": "the version of infucode",
        "task": "the question or its options",
        "policies": "the policy files",
        "tables": "the imported tables",
        "inputs": "the inputs",
        "output": "the form of the output",
        "part": "the size of a part",
    }
    return [words for key, words in said.items() if one.get(key) != other.get(key)]


def dumped(manifest: Mapping[str, Any]) -> bytes:
    """A manifest as text; equal manifests give equal text."""
    return (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
