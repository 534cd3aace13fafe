"""`infucode policy cover`: what the cases hold of each rule and each of its conditions."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infucode.cli.mutate import Cache, Reasons, scored
from infucode.cli.options import Plain, Policies
from infucode.cli.output import note, stdout
from infucode.cli.progress import counted_bar
from infucode.cli.test import Files, Jobs, Select
from infucode.errors import UsageError

if TYPE_CHECKING:
    from infucode.model.cover import Covered, CoveredRule
    from infucode.workbench.case import Case
    from infucode.workbench.plans import Plans

LOW = 1


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
    jobs: Jobs = None,
    cache: Cache = None,
    reasons: Reasons = None,
    policies: Policies = None,
    plain: Plain = False,
) -> int:  # fmt: skip
    """Exit code 0, or 1 where a case fails or less than the minimum is shown."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.cases import chosen_cases
    from infucode.workbench.cover.covering import cover
    from infucode.workbench.jobs import jobs_of
    from infucode.workbench.plans import Plans

    _check(minimum, whole, cache, reasons)
    number = jobs_of(jobs)
    plans = Plans(policies_folder(policies))
    cases = chosen_cases(plans, select=select, files=files or [])
    with counted_bar("cases", len(cases)) as advance:
        covered = cover(cases, plans, jobs=number, told=lambda: advance(1))
    detailed = _detailed(covered, rules)
    extra, data = _more(covered, plans, cases, number, cache, reasons) if whole else ([], {})
    _write(covered, format, by.value, detailed, extra, data, plain)
    for place in covered.failed:
        note(f"{place} fails, so it shows nothing; `infucode policy test` says why")
    return LOW if covered.failed or _too_low(covered, minimum) else 0


def _check(minimum: float | None, whole: bool, cache: Path | None, reasons: Path | None) -> None:
    if minimum is not None and not 0 <= minimum <= 100:
        raise UsageError(f"`--minimum {minimum:g}` is no share; give a number from 0 to 100")
    for name, given in (("--cache", cache), ("--reasons", reasons)):
        if given is not None and not whole:
            raise UsageError(f"`{name}` is about mutants; give `--all` too")


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
    return [f"mutants: {score.sentence}", *lost], {"mutation": score.data}


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
