"""`infucode policy cover`: what the cases hold of each rule and each of its conditions."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infucode.cli.mutate import Cache, Reasons, scored
from infucode.cli.options import Plain, Policies
from infucode.cli.output import note, stdout
from infucode.cli.progress import bars, counted_bar
from infucode.cli.prove import Limit
from infucode.cli.test import Files, Jobs, Select
from infucode.errors import UsageError

if TYPE_CHECKING:
    from infucode.model.cover import Covered, CoveredRule
    from infucode.workbench.case import Case
    from infucode.workbench.cover.covering import Sights
    from infucode.workbench.plans import Plans

LOW, OPEN = 1, 10


class CoverFormat(StrEnum):
    """How coverage is written."""

    text = "text"
    json = "json"
    html = "html"


class By(StrEnum):
    """What the shares are grouped by."""

    file = "file"
    source = "source"
    clause = "clause"
    rule = "rule"


Generate = Annotated[
    bool,
    typer.Option("--generate", help="Look for encounters that show what no case does, and "
                 "write them as proposed cases, which count for nothing until approved."),
]  # fmt: skip
MostServices = Annotated[
    int,
    typer.Option("--services", metavar="N", min=0, max=5,
                 help="With --generate: the most services of an encounter of a space."),
]  # fmt: skip
Over = Annotated[bool, typer.Option("--force", help="With --generate: write over proposals.")]


def cover_policies(
    files: Files = None,
    select: Select = None,
    by: Annotated[By, typer.Option("--by", help="A row for each of these.")] = By.file,
    rules: Annotated[
        str | None,
        typer.Option("--rules", metavar="GLOB", help="What no case shows of these rules.",
                     show_default=False),
    ] = None,
    minimum: Annotated[
        float | None,
        typer.Option("--minimum", metavar="PERCENT", help="Exit with 1 below this share.",
                     show_default=False),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Also the mutation score and clauses without rules.")
    ] = False,
    format: Annotated[
        CoverFormat, typer.Option("--format", "-f", help="How to write the coverage.")
    ] = CoverFormat.text,
    generate: Generate = False,
    services: MostServices = 1,
    time_limit: Limit = None,
    force: Over = False,
    jobs: Jobs = None,
    cache: Cache = None,
    reasons: Reasons = None,
    policies: Policies = None,
    plain: Plain = False,
) -> int:  # fmt: skip
    """Exit code 0, or 1 where a case fails or less than the minimum is shown."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.cases import awaiting_words, chosen_cases
    from infucode.workbench.cover.covering import covered as coverage_of
    from infucode.workbench.cover.covering import sights
    from infucode.workbench.jobs import jobs_of
    from infucode.workbench.plans import Plans

    _check(minimum, whole, cache, reasons)
    number = jobs_of(jobs)
    plans = Plans(policies_folder(policies))
    _check_generate(generate, time_limit, force, minimum, plans.folder)
    cases = chosen_cases(plans, select=select, files=files or [])
    with counted_bar("cases", len(cases)) as advance:
        found = sights(cases, plans, jobs=number, told=lambda: advance(1))
    covered = coverage_of(found, cases, plans)
    detailed = _detailed(covered, rules)
    if generate:
        asked = {rule.id for rule in detailed}
        return _generate(found, covered, cases, plans, asked, services, time_limit, number)
    extra, data = _more(covered, plans, cases, number, cache, reasons) if whole else ([], {})
    _write(covered, format, by.value, detailed, extra, data, plain)
    waiting = awaiting_words(plans.folder)
    if waiting:
        note(waiting)
    for place in covered.failed:
        note(f"{place} fails, so it shows nothing; `infucode policy test` says why")
    return LOW if covered.failed or _too_low(covered, minimum) else 0


def _generate(
    found: Sights,
    covered: Covered,
    cases: Sequence[Case],
    plans: Plans,
    rules: Collection[str],
    services: int,
    seconds: float | None,
    jobs: int,
) -> int:
    """Look for what no case shows of these rules, or of all; write proposals and say the rest."""
    from infucode.render.words import counted
    from infucode.space.generate import Generator, gaps_of
    from infucode.space.generate_written import unreached_words, write, written
    from infucode.space.spaces import spaces

    generator = Generator(found, cases, plans, rules, gaps_of(found, covered))
    total = len(generator.open)
    with bars() as bar:

        def told(name: str, share: float, shown: int) -> None:
            if bar is not None:
                bar(f"{name}, {shown} of {total} shown", share)

        known = spaces(plans.folder).values() if services else ()
        generated = generator.run(known, services, jobs=jobs, seconds=seconds, told=told)
    files = written(generated, found, plans)
    for path in write(files, plans.folder):
        note(f"wrote {path}: {counted(files[path.name][1], 'proposed case')}")
    for line in unreached_words(generated, found):
        sys.stdout.write(line + "\n")
    left = len(generated.unreached)
    note(f"{total} things that no case shows: {total - left} reached, {left} not")
    note(generated.said)
    return 0 if generated.complete else OPEN


def _check(minimum: float | None, whole: bool, cache: Path | None, reasons: Path | None) -> None:
    if minimum is not None and not 0 <= minimum <= 100:
        raise UsageError(f"`--minimum {minimum:g}` is no share; give a number from 0 to 100")
    for name, given in (("--cache", cache), ("--reasons", reasons)):
        if given is not None and not whole:
            raise UsageError(f"`{name}` is about mutants; give `--all` too")


def _check_generate(
    generate: bool, time_limit: float | None, force: bool, minimum: float | None, folder: Path
) -> None:
    for name, given in (("--time-limit", time_limit is not None), ("--force", force)):
        if given and not generate:
            raise UsageError(f"`{name}` is about proposed cases; give `--generate` too")
    if generate and minimum is not None:
        raise UsageError("`--minimum` is about the cases that there are; leave `--generate` out")
    if generate and not force:
        from infucode.space.generate_written import require_none

        require_none(folder)


def _detailed(covered: Covered, glob: str | None) -> list[CoveredRule]:
    """The rules that are asked about. Raises UsageError where there are none."""
    if glob is None:
        return []
    found = [rule for rule in covered.rules if fnmatchcase(rule.id, glob)]
    if not found:
        from infucode.rulebook.nearest import nearest

        known = tuple(sorted({rule.id for rule in covered.rules}))
        hint = nearest(glob, known)
        raise UsageError(f"no rule with conditions fits `{glob}`; {hint}".rstrip("; "))
    return found


def _more(
    covered: Covered,
    plans: Plans,
    cases: Sequence[Case],
    jobs: int,
    cache: Path | None,
    reasons: Path | None,
) -> tuple[list[str], dict[str, Any]]:
    score = scored(plans, cases, jobs=jobs, cache=cache, reasons=reasons)
    lost = [
        f"clause {clause.id} has no rule: {clause.gist} {clause.reason or 'No reason is given.'}"
        for clause in covered.lost
    ]
    stale = [f"a reason without a surviving mutant: {key}" for key in score.needless]
    return [f"mutants: {score.sentence}", *stale, *lost], {"mutation": score.data}


def _write(
    covered: Covered,
    format: CoverFormat,
    by: str,
    detailed: Sequence[CoveredRule],
    extra: Sequence[str],
    data: dict[str, Any],
    plain: bool,
) -> None:
    if format is CoverFormat.json:
        from infucode.render.cover_json import cover_to_json

        sys.stdout.write(cover_to_json(covered, data))
    elif format is CoverFormat.html:
        from infucode.render.cover_html import cover_html

        sys.stdout.write(cover_html(covered, extra))
    else:
        from infucode.render.cover_terminal import render_cover

        render_cover(covered, stdout(), by=by, detailed=detailed, extra=extra, ascii_only=plain)


def _too_low(covered: Covered, minimum: float | None) -> bool:
    if minimum is None or covered.total.percent >= minimum:
        return False
    from infucode.render.cover_words import percent

    note(f"{percent(covered.total)} is less than the minimum of {minimum:g} %")
    return True
