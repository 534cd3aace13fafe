"""A rule is parted from its papers where an empty line stands between it and the rule above."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.workbench.lint.catalog import check_named
from infucode.workbench.lint.running import lint
from tests.unit.lint.examples import folder_of

HEAD = """% Ways in.

%@ id: plan.way
%@ cite: source 1
%@ text: A way in is noted.
%@ says: {Administration} is noted.
warning("plan.way", Administration) :-
    route(Administration, iv).
"""
NEXT = 'warning("plan.way", Administration) :- route(Administration, po).\n'
LAST = 'warning("plan.way", Administration) :- route(Administration, ia).\n'


def parted(tmp_path: Path, text: str) -> list[tuple[int, int]]:
    """Where the rules stand that are told."""
    folder = folder_of(check_named("parted-rule"), "Prefer", tmp_path)
    (folder / "plan" / "example.lp").write_text(text, encoding="utf-8")
    found = [f.problem for f in lint(folder).findings if f.check == "parted-rule"]
    assert all("`plan.way` in line 3" in problem.message for problem in found)
    return [(problem.line, problem.column) for problem in found]


@pytest.mark.parametrize(
    ("below", "lines"),
    [
        (NEXT + LAST, []),
        ("% Achieved: more.\n" + NEXT + LAST, []),
        ("\n" + NEXT + LAST, [10]),
        (" \t\n\n" + NEXT + LAST, [11]),
        ("\n% By mouth.\n" + NEXT + LAST, [11]),
        ("% By mouth.\n\n" + NEXT + "\n" + LAST, [11, 13]),
        ("\n% The end.\n", []),
    ],
)
def test_where_it_is_told(tmp_path: Path, below: str, lines: list[int]) -> None:
    assert parted(tmp_path, HEAD + below) == [(line, 1) for line in lines]


def test_papers_of_its_own_make_it_whole(tmp_path: Path) -> None:
    own = HEAD.partition("\n\n")[2].replace("plan.way", "plan.mouth").replace("iv", "po")
    assert parted(tmp_path, f"{HEAD}\n{own}{NEXT.replace('plan.way', 'plan.mouth')}") == []
