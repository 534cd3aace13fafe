"""Where the policy files are: one's own copy, a clone, or the installed package."""

from __future__ import annotations

import os
from pathlib import Path

from infucode.errors import UsageError

VARIABLE = "INFUCODE_POLICIES"
NAMELESS = ("", "..")
"""How a path ends that does not say what its folder is called; places name it."""


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
    try:
        folder = folder.resolve() if folder.name in NAMELESS else folder
        there = (folder / "vocabulary.lp").is_file()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{folder}` cannot be read: {reason}") from None
    if not there:
        raise UsageError(f"`{folder}` is not a policy folder: it has no vocabulary.lp")
    return folder


def below(path: Path, folder: Path) -> str | None:
    """A path as people know it: the folder's own name and what lies below it; None elsewhere.

    A link keeps the name of the link, also where it leads nowhere.
    """
    whole, root = path.absolute(), folder.resolve().parent
    whole = Path(os.path.realpath(whole.parent)) / whole.name
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else None


def from_here(name: str, folder: Path) -> str:
    """The path by which programs find a file that people know below a folder by its name.

    It is relative where the file lies below the folder one is in, else absolute.
    """
    roots = (folder.absolute().parent, folder.resolve().parent)
    path = next((root / name for root in roots if (root / name).exists()), roots[0] / name)
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def examples_folder() -> Path:
    """The folder of example encounters that came with the program."""
    return _beside_package("examples")
