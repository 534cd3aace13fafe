"""The cases that speak of a rule, found without reading every case file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from infucode.errors import DocumentError, PolicyError
from infucode.workbench.case import Case
from infucode.workbench.case_reading import read_cases
from infucode.workbench.plans import Plans


def case_files(folder: Path) -> list[Path]:
    """The case files of a policy folder."""
    return sorted(folder.glob("**/cases/*.yaml"))


def rules_of(case: Case) -> dict[str, None]:
    """The rules that a case is about: those that decide first, then those that stay silent."""
    expected = case.expected
    named = [*case.fires]
    if expected is not None:
        named += [item.rule for item in expected.not_reported or ()]
        if expected.check is not None:
            named += [found.rule for found in expected.check.violations or ()]
    return dict.fromkeys((*named, *case.silent))


def cases_about(id: str, plans: Plans, unread: list[str]) -> list[Case]:
    """The cases that name a rule, those on which it holds first; as `read` otherwise."""
    files = [path for path in case_files(plans.folder) if _may_name(path, id)]
    found = [case for case in read(files, plans, unread) if id in rules_of(case)]
    return sorted(found, key=lambda case: id in case.silent)


def _may_name(path: Path, id: str) -> bool:
    """Whether the text of a file holds an id, or cannot be read, which `read` notes."""
    try:
        return id in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True


def read(files: Iterable[Path], plans: Plans, unread: list[str]) -> Iterator[Case]:
    """The cases of the files; the names of those that cannot be read are added to `unread`."""
    for path in files:
        name = path.relative_to(plans.folder.parent).as_posix()
        try:
            yield from read_cases(path, name, plans)
        except (DocumentError, PolicyError):
            unread.append(name)
