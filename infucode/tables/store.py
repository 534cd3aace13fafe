"""The folder of imported editions, one file each; what is asked of it for a claim.

A file appears there whole, under its final name, or not at all. `INFUCODE_TABLES` names another
folder, or is `off`.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Collection
from datetime import date as Date
from pathlib import Path

from infucode.errors import UsageError
from infucode.tables import database
from infucode.tables.choosing import choose
from infucode.tables.database import Opened, connect, damaged
from infucode.tables.editions import Edition, Quarter, edition_name, name_parts
from infucode.tables.rows import Slice
from infucode.tables.slicing import fill

VARIABLE = "INFUCODE_TABLES"
OFF = "off"
ENDING = ".db"
PART = ".part"


def default_folder() -> Path | None:
    """Where the tables are: the user's data folder, or where `INFUCODE_TABLES` says."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return None if chosen.strip().lower() in ("", OFF) else Path(chosen)
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "infucode" / "tables"
    try:
        return Path.home() / ".local" / "share" / "infucode" / "tables"
    except RuntimeError:
        return None


class Store:
    """The imported tables. What is imported after its first use is seen by a new Store."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else default_folder()
        self._listed: dict[str, tuple[str, str, Quarter]] | None = None
        self._opened: dict[str, Opened] = {}

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every table that is open."""
        for opened in self._opened.values():
            opened.connection.close()
        self._opened.clear()

    def place(self) -> Path:
        """The folder. Raises UsageError where tables are switched off."""
        if self.folder is None:
            raise UsageError(f"{VARIABLE} switches tables off; name a folder: `--tables DIR`")
        return self.folder

    def path(self, name: str) -> Path:
        """The file of an edition."""
        return self.place() / f"{name}{ENDING}"

    def names(self) -> dict[str, tuple[str, str, Quarter]]:
        """The editions by name, with kind, claim and quarter; read from file names alone."""
        if self._listed is None:
            try:
                files = sorted(os.listdir(self.folder)) if self.folder else []  # noqa: PTH208
            except (FileNotFoundError, NotADirectoryError):
                files = []
            except OSError as error:
                raise UsageError(f"`{self.folder}` cannot be read: {error.strerror}") from None
            named = ((file.removesuffix(ENDING), file) for file in files)
            parts = {name: name_parts(name) for name, file in named if file.endswith(ENDING)}
            self._listed = {name: found for name, found in parts.items() if found is not None}
        return self._listed

    def editions(self) -> tuple[Edition, ...]:
        """Every edition, by kind, claim and quarter. Raises TablesError for a damaged one."""
        return tuple(self.edition(name) for name in self.names())

    def edition(self, name: str) -> Edition:
        """One edition. Raises UsageError if there is none so named, TablesError if damaged."""
        return self.opened(name).edition

    def opened(self, name: str) -> Opened:
        """An edition ready to be asked; it stays open."""
        if name not in self._opened:
            self.known(name)
            connection, edition = connect(self.path(name))
            if edition.name != name:
                connection.close()
                raise damaged(self.path(name), f"it holds {edition.name}")
            self._opened[name] = Opened(self.path(name), connection, edition)
        return self._opened[name]

    def known(self, name: str) -> None:
        """Raises UsageError, with the nearest word, unless there is an edition of that name."""
        if name in self.names():
            return
        from infucode.rulebook.nearest import nearest

        known = tuple(self.names())
        hint = nearest(name, known) or (
            f"there are {', '.join(f'`{n}`' for n in known)}" if known else "none is imported yet"
        )
        raise UsageError(f"there is no table `{name}`; {hint}")

    def verify(self, name: str) -> Edition:
        """Read an edition from end to end. Raises TablesError unless it is as imported."""
        self.known(name)
        return database.verify(self.path(name))

    def remove(self, name: str) -> None:
        """Drop an edition. Raises UsageError if there is none of that name."""
        self.known(name)
        opened = self._opened.pop(name, None)
        if opened is not None:
            opened.connection.close()
        try:
            self.path(name).unlink()
        except OSError as error:
            raise UsageError(f"`{name}` cannot be removed: {error.strerror}") from None
        self._listed = None

    def slice(self, codes: Collection[str], date: Date, claim: str) -> Slice:
        """The rows in force on a date for these codes on claims of this type.

        Pairs where both codes are among them, MUEs and add-on lists of each; which editions
        answered, and which are missing and why. Raises TablesError for a damaged table,
        UsageError for a claim type that is none.
        """
        chosen, missing = choose(self, date, claim)
        wanted = sorted(set(codes))
        try:
            return fill(self, chosen, missing, wanted, date, claim)
        except sqlite3.Error as error:
            names = [self.path(used.edition.name) for used in chosen]
            raise damaged(names[0] if names else self.place(), str(error)) from None

    def has(self, kind: str, claim: str, quarter: Quarter) -> bool:
        """Whether the edition of exactly this quarter is there."""
        return edition_name(kind, claim, quarter) in self.names()
