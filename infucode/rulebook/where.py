"""Where the policy files are: one's own copy, a clone, or the installed package."""

from __future__ import annotations

import os
from pathlib import Path

from infucode.errors import UsageError

VARIABLE = "INFUCODE_POLICIES"


def _beside_package(name: str) -> Path:
    package = Path(__file__).resolve().parent.parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def policies_folder(given: Path | None = None) -> Path:
    """The folder to read: `given`, else $INFUCODE_POLICIES, else what came with the program.

    Raises UsageError if it is not a policy folder.
    """
    chosen = given or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    folder = chosen or _beside_package("policies")
    if not (folder / "vocabulary.lp").is_file():
        raise UsageError(f"`{folder}` is not a policy folder: it has no vocabulary.lp")
    return folder


def examples_folder() -> Path:
    """The folder of example encounters that came with the program."""
    return _beside_package("examples")
