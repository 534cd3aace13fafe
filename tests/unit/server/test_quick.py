"""What is told at once is what the command `policy lint` tells, file by file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infucode.errors import Problem
from infucode.model.lint import Finding
from infucode.workbench.lint.catalog import CHECKS, check_named
from infucode.workbench.lint.running import lint
from infucode.workbench.server.folder import Folder, moved
from infucode.workbench.server.quick import ABOUT_RULES, TOLD, carried, quick_findings
from tests.unit.lint.examples import BASE, folder_of

ELSEWHERE = ("settings-file", "vocabulary", "setting-value", "recursion", "force-dates")
"""The loader refuses another file, or the whole: the command then says nothing of the rules."""
Told = set[tuple[str, int, int, str]]


def told(findings: list[Finding]) -> Told:
    """Findings as values that can be compared."""
    return {(f.check, f.problem.line, f.problem.column, f.problem.message) for f in findings}


def both(root: Path) -> dict[str, tuple[Told, Told]]:
    """Of each rule file what is told at once, and what of it the whole run tells."""
    whole = [finding for finding in lint(root).findings if finding.check in TOLD]
    folder = Folder(root)
    try:
        return {
            name: (
                told(quick_findings(folder, name)),
                told([f for f in whole if f.problem.file == f"{root.name}/{name}"]),
            )
            for name in folder.files
        }
    finally:
        folder.mirror.close()


@pytest.mark.parametrize("heading", ["Avoid", "Prefer"])
@pytest.mark.parametrize("id", [check.id for check in CHECKS])
def test_each_example_is_told_as_lint_tells_it(id: str, heading: str, tmp_path: Path) -> None:
    root = folder_of(check_named(id), heading, tmp_path)
    for name, (quick, whole) in both(root).items():
        more = ("plan/example.lp", "Avoid") if id in ELSEWHERE else ()
        if more == (name, heading):
            assert quick > whole
            assert {check for check, *_ in quick - whole} <= {*ABOUT_RULES}
        elif (id, heading) == ("rule-id", "Avoid"):
            assert quick >= whole, "an id is told at both of its places"
        else:
            assert quick == whole, name


def test_a_helper_of_another_type_is_told_where_it_is_read(tmp_path: Path) -> None:
    root = tmp_path / "policies"
    shutil.copytree(BASE, root)
    head = "%@ id: plan.{0}\n%@ cite: source 1\n%@ text: A text.\n%@ says: {{A}} is noted.\n"
    texts = {
        "plan/gives.lp": "% Gives: span.\n\n" + head.format("gives").replace("{A}", "It")
        + "span(A, M) :- ran(A, M).\n",
        "plan/reads.lp": "% Reads.\n\n" + head.format("reads")
        + 'warning("plan.reads", A) :- span(A, M), value(least_minutes, Limit), M > Limit.\n',
    }  # fmt: skip
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    folder = Folder(root)
    try:
        for head_of, expected in (("span(A, R) :- route(A, R).", {"argument-type"}),
                                  ("span(A, M) :- ran(A, M).", set())):  # fmt: skip
            name, text = "plan/gives.lp", texts["plan/gives.lp"]
            folder.mirror.show(name, text.replace("span(A, M) :- ran(A, M).", head_of))
            folder.take(name)
            quick_findings(folder, name)
            found = {f.check for f in quick_findings(folder, "plan/reads.lp")}
            assert found & {"argument-type"} == expected
    finally:
        folder.mirror.close()


def test_what_the_whole_run_told_moves_with_its_line() -> None:
    finding = Finding("idle-literal", "warning", Problem("f", 3, 1, "x"))
    old = ["a", "b", "c", "d"]
    assert [f.problem.line for f in carried([finding], old, ["a", "new", "b", "c", "d"])] == [4]
    assert [f.problem.line for f in carried([finding], old, ["a", "b", "c"])] == [3]
    assert [*carried([finding], old, ["a", "b", "other", "d"])] == []
    assert moved(old, old, 2) == 2
