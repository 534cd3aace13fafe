"""Each check finds its bad example, and is silent on its good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.workbench.lint.catalog import CHECKS, Check
from infucode.workbench.lint.running import lint
from tests.unit.lint.examples import BASE, folder_of, many_rules

HEADINGS = ("## Avoid", "## Prefer", "## Reason")
COMPANIONS = {"long-file": "header"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_bad_example_is_found(check: Check, tmp_path: Path) -> None:
    folder = folder_of(check, "Avoid", tmp_path)
    if check.id == "long-file":
        (folder / "plan" / "example.lp").write_text(many_rules(), encoding="utf-8")
    found = lint(folder)
    assert check.id in {finding.check for finding in found.findings}
    others = {f.check for f in found.findings if f.severity == "error"} - {check.id}
    assert not others, "the example shows more than one error"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_good_example_is_clean(check: Check, tmp_path: Path) -> None:
    found = lint(folder_of(check, "Prefer", tmp_path)).findings
    assert not [f for f in found if f.check == check.id or f.severity == "error"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_page_is_whole(check: Check) -> None:
    assert check.page.startswith(f"# {check.id}: ")
    places = [check.page.index(heading) for heading in HEADINGS]
    assert places == sorted(places)


def test_ids_are_unique() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_the_base_is_clean(tmp_path: Path) -> None:
    assert [f for f in lint(BASE).findings if f.severity != "info"] == []
