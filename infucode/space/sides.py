"""A side of a comparison: a plan, perhaps of another folder, on a day, with other answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path

from infucode.errors import UsageError
from infucode.policy import Policy
from infucode.rulebook.book import Rulebook
from infucode.rulebook.library import Library
from infucode.space.answering import book_of

FORM = "write [FOLDER/]PLAN[@DATE][:SWITCH=VALUE,...]"


@dataclass(frozen=True, slots=True)
class Told:
    """A side as it was written."""

    text: str
    folder: Path
    plan: str
    day: Date | None
    switches: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A side with its rules."""

    told: Told
    library: Library
    book: Rulebook
    day: Date

    @property
    def name(self) -> str:
        """The side in words."""
        profile, version = self.library.profile, self.book.version
        answers = ", ".join(f"{name} = {value}" for name, value in self.told.switches.items())
        said = f"{profile.title} {version.name} ({self.told.text}), as of {self.day}"
        return said + (f", {answers}" if answers else "")


def side_of(text: str, policies: Path) -> Told:
    """What a side says: `[FOLDER/]PLAN[@DATE][:SWITCH=VALUE,...]`. Raises UsageError."""
    head, _, answers = text.partition(":")
    head, at, date = head.partition("@")
    folder, _, plan = head.rpartition("/")
    if not plan:
        raise UsageError(f"`{text}` names no plan; {FORM}")
    try:
        day = Date.fromisoformat(date) if at else None
    except ValueError:
        raise UsageError(f"`{date}` is not a date: write it as 2024-08-05") from None
    switches: dict[str, str] = {}
    for answer in filter(None, answers.split(",")):
        name, equals, value = (part.strip() for part in answer.partition("="))
        if not equals or not name or not value:
            raise UsageError(f"`{answer}` is no answer to a switch; {FORM}")
        switches[name] = value
    return Told(text, Path(folder) if folder else policies, plan, day, switches)


def ready(sides: Sequence[Told], day: Date | None) -> list[Ready]:
    """Sides with their rules: each on its own day, else on `day`, else on the first day on which
    the last versions of all are in force.

    Raises PolicyError and UsageError.
    """
    libraries = []
    for told in sides:
        if not told.folder.is_dir():
            raise UsageError(f"`{told.folder}` is no policy folder; {FORM}")
        libraries.append(Policy.load(told.plan, policies=told.folder).library)
    common = day or max(library.profile.versions[-1].since for library in libraries)
    return [
        Ready(
            told, library, book_of(library, told.day or common, told.switches), told.day or common
        )
        for told, library in zip(sides, libraries, strict=True)
    ]
