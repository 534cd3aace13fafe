"""The cases beside the policies: finding, running and reporting them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from infucode.errors import UsageError
from infucode.rulebook.where import below
from infucode.workbench.case import Case
from infucode.workbench.case_reading import APPROVAL, AWAITS, read_all
from infucode.workbench.case_report import Progress, render_failure, render_totals
from infucode.workbench.case_running import CaseResult, Ran, run_all, run_case
from infucode.workbench.fired import fired_rules
from infucode.workbench.plans import Plans

__all__ = [
    "Case",
    "CaseResult",
    "Plans",
    "Ran",
    "awaiting",
    "awaiting_words",
    "case_files",
    "chosen_cases",
    "fired_rules",
    "load_cases",
    "run_case",
    "run_cases",
    "select_cases",
    "shown_as_they_run",
]


def case_files(policies: Path) -> list[Path]:
    """The case files of a policy folder: `<layer>/cases/<topic>.yaml`."""
    return sorted(policies.glob("**/cases/*.yaml"))


def load_cases(files: Iterable[Path], plans: Plans) -> list[Case]:
    """The cases of the files. Raises DocumentError with every problem of every file."""
    return read_all([(path, name_below(path, plans.folder)) for path in files], plans)


def awaiting(policies: Path) -> int:
    """How many proposed cases of a policy folder nobody has approved yet."""
    mark = re.compile(rf"^[- ] +{AWAITS}:\s*{APPROVAL}\s*$", re.MULTILINE)
    return sum(len(mark.findall(_text(path))) for path in case_files(policies))


def _text(path: Path) -> str:
    """What a case file holds; nothing where it cannot be read, which its reader tells."""
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    except OSError:
        return ""


def awaiting_words(policies: Path) -> str:
    """The same as a sentence; empty where there is none."""
    number = awaiting(policies)
    if not number:
        return ""
    cases = "1 proposed case awaits" if number == 1 else f"{number} proposed cases await"
    return f"{cases} a person's approval, and until then counts for nothing"


def name_below(path: Path, folder: Path) -> str:
    """The path as a person knows it: below the policy folder, or as given."""
    return below(path, folder) or str(path)


def select_cases(cases: Iterable[Case], wanted: str) -> list[Case]:
    """The cases that name the rule, lie in the file, or have the text in their words."""
    word = wanted.casefold()
    return [case for case in cases if any(word in text for text in _texts(case))]


def _texts(case: Case) -> Iterable[str]:
    rules = [*case.fires, *case.silent]
    if case.expected is not None and case.expected.not_reported:
        rules += [item.rule for item in case.expected.not_reported]
    source = case.source.title if case.source else ""
    return (t.casefold() for t in (*rules, case.file, case.name, case.why, source))


def chosen_cases(plans: Plans, *, select: str | None, files: Sequence[Path]) -> list[Case]:
    """The cases that are asked for.

    Raises DocumentError for broken case files, PolicyError for broken policies, UsageError
    where nothing is left to run.
    """
    cases = load_cases(files or case_files(plans.folder), plans)
    if select is not None:
        cases = select_cases(cases, select)
    if not cases:
        what = f"no case fits `{select}`" if select is not None else "there are no cases"
        raise UsageError(what)
    return cases


def run_cases(
    policies: Path,
    *,
    select: str | None,
    files: Sequence[Path],
    console: Console,
    jobs: int = 1,
    ascii_only: bool = False,
) -> int:
    """Run the cases of a policy folder, or of some files; 0 if all pass, else 1.

    Raises what `chosen_cases` raises.
    """
    plans = Plans(policies)
    cases = chosen_cases(plans, select=select, files=files)
    failed = sum(
        ran.failure is not None
        for ran in shown_as_they_run(cases, plans, console, jobs=jobs, ascii_only=ascii_only)
    )
    render_totals(len(cases) - failed, failed, console=console)
    return 1 if failed else 0


def shown_as_they_run(
    cases: Sequence[Case],
    plans: Plans,
    console: Console,
    *,
    jobs: int,
    ascii_only: bool = False,
    fired: bool = False,
) -> Iterator[Ran]:
    """Run cases, and show each failure as soon as it is known."""
    with Progress(console, len(cases)) as progress:
        for ran in run_all(cases, plans, jobs=jobs, fired=fired):
            if ran.failure is not None:
                progress.hide()
                render_failure(ran.failure, console=console, ascii_only=ascii_only)
            progress.advance()
            yield ran
