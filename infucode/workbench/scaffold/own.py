"""The policies that came with the program are not written to; a copy of them is one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from infucode.errors import UsageError
from infucode.rulebook.where import VARIABLE, policies_folder

PACKAGE = Path(__file__).resolve().parents[2]
"""The installed package; policies within it are replaced by the next version."""
CACHES = shutil.ignore_patterns("__pycache__", ".*")


def require_own(*paths: Path) -> None:
    """Raises UsageError for a path within the installed package."""
    for path in paths:
        if path.resolve().is_relative_to(PACKAGE):
            raise UsageError(
                f"`{path}` came with the program and is not written to; "
                "`infucode policy new folder mine` copies the policies, "
                f"`--policies mine` (or {VARIABLE}) uses the copy"
            )


def own_folder(given: Path | None) -> Path:
    """The policy folder to write into. Raises UsageError for none, or for the installed one."""
    folder = policies_folder(given)
    require_own(folder)
    return folder


def copy_policies(source: Path, target: Path) -> int:
    """Copy a policy folder to a place where nothing is; returns the number of files.

    Raises UsageError where something is there already, or nothing can be written.
    """
    if target.exists():
        raise UsageError(f"`{target}` is there already; name a folder that is not")
    if target.resolve().is_relative_to(source.resolve()):
        raise UsageError(f"`{target}` lies within the policies that it would copy")
    require_own(target)
    try:
        shutil.copytree(source, target, ignore=CACHES)
    except OSError as error:
        raise UsageError(f"`{target}` cannot be written: {error}") from None
    return sum(path.is_file() for path in target.rglob("*"))


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, and the folders above it. Raises UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"`{path}` is there already and is not written over") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{path}` cannot be written: {reason}") from None
