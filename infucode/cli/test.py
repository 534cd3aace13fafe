"""`infucode policy test`: the cases that lie beside the policies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.options import Plain, Policies
from infucode.cli.output import note, stderr, stdout
from infucode.errors import UsageError

FAILED = 1
Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE", help="Case files; all if none.", show_default=False),
]
Select = Annotated[
    str | None,
    typer.Option(
        "--select",
        "-k",
        metavar="TEXT",
        help="Only cases with this rule id or text.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", metavar="N", help="Processes; one for each core if not given.",
        show_default=False,
    ),
]  # fmt: skip


class Results(StrEnum):
    """How results are written."""

    text = "text"
    junit = "junit"


def test_policies(
    files: Files = None,
    select: Select = None,
    format: Annotated[
        Results, typer.Option("--format", "-f", help="How to write the results.")
    ] = Results.text,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again what a saved file touches, until Ctrl-C.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option("--update", help="Rewrite what failed cases expect, after asking for each."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --update: take every change that is shown.")
    ] = False,
    jobs: Jobs = None,
    policies: Policies = None,
    plain: Plain = False,
) -> int:
    """Exit code 0 if every case passes, else 1."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.cases import awaiting_words, run_cases
    from infucode.workbench.jobs import jobs_of

    _check(format, watch, update, yes)
    folder, number = policies_folder(policies), jobs_of(jobs)
    waiting = awaiting_words(folder)
    if waiting:
        note(waiting)
    chosen = files or []
    if watch:
        from infucode.workbench.case_watch import Watcher
        from infucode.workbench.case_watch import watch as start

        start(Watcher(folder, stdout(), select, chosen, number, plain))
        return 0
    if update:
        return _update(folder, select, chosen, number, plain, _asker(yes))
    if format is Results.junit:
        return _junit(folder, select, chosen, number)
    return run_cases(
        folder, select=select, files=chosen, console=stdout(), jobs=number, ascii_only=plain
    )


def _check(format: Results, watch: bool, update: bool, yes: bool) -> None:
    """Raises UsageError for options that do not go together."""
    if watch and update:
        raise UsageError("`--watch` and `--update` do not go together; update first, then watch")
    if format is Results.junit and (watch or update):
        other = "--watch" if watch else "--update"
        raise UsageError(f"`--format junit` does not go with `{other}`; leave one of them out")
    if yes and not update:
        raise UsageError("`--yes` answers what `--update` asks; give `--update` too")
    if update and not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("`--update` asks before it writes, and nobody can answer; add `--yes`")


def _asker(yes: bool) -> Callable[[str], bool]:
    if yes:
        return lambda _: True
    return lambda question: typer.confirm(question, default=False, err=True)


def _junit(folder: Path, select: str | None, files: list[Path], jobs: int) -> int:
    from infucode.cli.progress import counted_bar
    from infucode.rulebook.where import from_here
    from infucode.workbench.case_junit import junit
    from infucode.workbench.case_running import run_all
    from infucode.workbench.cases import chosen_cases
    from infucode.workbench.plans import Plans

    plans = Plans(folder)
    cases = chosen_cases(plans, select=select, files=files)
    with counted_bar("cases", len(cases)) as advance:
        ran = []
        for item in run_all(cases, plans, jobs=jobs):
            ran.append(item)
            advance(1)
    sys.stdout.write(junit(ran, partial(from_here, folder=folder)))
    return FAILED if any(item.failure for item in ran) else 0


def _update(
    folder: Path,
    select: str | None,
    files: list[Path],
    jobs: int,
    plain: bool,
    agreed: Callable[[str], bool],
) -> int:
    """Run; show a change for each failed case, and write those that are agreed to."""
    from infucode.workbench.case_report import render_totals
    from infucode.workbench.cases import chosen_cases, shown_as_they_run
    from infucode.workbench.plans import Plans

    plans = Plans(folder)
    cases = chosen_cases(plans, select=select, files=files)
    shown = shown_as_they_run(cases, plans, stdout(), jobs=jobs, ascii_only=plain)
    failed = sorted(
        (ran.case for ran in shown if ran.failure is not None), key=lambda c: (c.file, c.line)
    )
    written = sum(_rewritten(case, plans, files, agreed) for case in failed)
    render_totals(len(cases) - len(failed) + written, len(failed) - written, console=stdout())
    if written:
        note(f"{written} rewritten; read the changes before you keep them")
    return FAILED if written < len(failed) else 0


def _rewritten(
    case: object, plans: object, files: list[Path], agreed: Callable[[str], bool]
) -> bool:
    """Whether the expectations of a case were rewritten."""
    from infucode.workbench.case import Case
    from infucode.workbench.case_running import run_case
    from infucode.workbench.case_updating import difference, path_of, updated
    from infucode.workbench.plans import Plans

    assert isinstance(case, Case) and isinstance(plans, Plans)
    path = path_of(case, plans, files)
    with path.open(encoding="utf-8", newline="") as file:
        old = file.read()
    new = updated(old, run_case(case, plans), plans)
    if new is None:
        note(f"{case.place}: {case.name}: cannot be rewritten piece by piece; edit it by hand")
        return False
    stderr().print(difference(old, new, case.file), markup=False, soft_wrap=True)
    if not agreed(f"write this to {case.file}?"):
        return False
    try:
        path.write_text(new, encoding="utf-8", newline="")
    except OSError as error:
        note(f"{case.file} cannot be written: {(error.strerror or str(error)).lower()}")
        return False
    return True
