"""The generated pages of docs/reference are current, and the clauses are complete."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from infucode.documents.words import CATEGORY, ROUTE, TECHNIQUE
from infucode.errors import PolicyError
from infucode.policy import Policy
from infucode.workbench.classification import wrong_cells
from infucode.workbench.clauses import clause_problems, read_clauses
from tests.docs.reference import PAGES, POLICIES, REFERENCE, load

SOURCE_CLAUSES = 110
HELP = "run `python -m tests.docs.reference`"


@lru_cache(maxsize=1)
def policies() -> list[Policy]:
    return load()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_current(name: str) -> None:
    page = PAGES[name](policies())
    assert wrong_cells(page) == [], "a delivery without exactly one outcome"
    assert (REFERENCE / name).read_text(encoding="utf-8") == page, HELP


def test_every_category_and_technique_stands_in_the_tables() -> None:
    page = (REFERENCE / "classification.md").read_text(encoding="utf-8")
    tables = page.split("\n## ")[1:]
    routes = [route for part in tables for route in part.split("\n")[0].split(", ")]
    assert sorted(r for r in routes if r in ROUTE) == sorted(ROUTE)
    for part in tables:
        heading, *rows = part.split("\n")
        if heading.split(", ")[0] in ROUTE:
            head = next(row for row in rows if row.startswith("| technique"))
            columns = [
                name for cell in head.split("|")[2:-1] for name in cell.strip().split(", ")
            ]
            assert sorted(columns) == sorted(CATEGORY)
            names = " ".join(row.split("|")[1] for row in rows if row.startswith("| "))
            assert "any" in names or all(word in names for word in TECHNIQUE)


def test_a_cell_with_two_outcomes_is_seen() -> None:
    assert wrong_cells("| push | 96374 |\n| pump | NOT EXACTLY ONE: nothing |") == [
        "| pump | NOT EXACTLY ONE: nothing |"
    ]


def test_every_clause_of_the_sources_has_a_rule_or_a_reason() -> None:
    known = read_clauses(POLICIES)
    numbers = [int(id[1:]) for id in known.clauses if re.fullmatch(r"S\d+", id)]
    assert numbers == list(range(1, SOURCE_CLAUSES + 1))
    assert clause_problems(known, [policy.library for policy in policies()]) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[clause.Z1]\ngist = "x"', "is not a letter"),
        ('[letters]\nS = "x"\n[clause.S1]', "has no `gist`"),
        ('[letters]\nS = "x"\n[clause.S1]\ngist = "x"\nrule = "y"', "the unknown key `rule`"),
        ("[", "cannot be read"),
    ],
)
def test_a_wrong_clause_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "clauses.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        read_clauses(tmp_path)


def test_what_does_not_fit_is_told(tmp_path: Path) -> None:
    text = '[letters]\nS = "x"\n[clause.S1]\ngist = "x"\nreason = "none"\ncite = "nowhere 1"\n'
    text += '[clause.S999]\ngist = "x"\n'
    (tmp_path / "clauses.toml").write_text(text, encoding="utf-8")
    found = clause_problems(read_clauses(tmp_path), [policy.library for policy in policies()])
    assert any(
        re.match(r".* names clause S2, which clauses.toml does not know", p) for p in found
    )
    assert any(p.startswith("clause S1 has a reason, but cpt.family decides it") for p in found)
    assert "clause S1 cites `nowhere`, which is no source" in found
    assert "clause S999 cites no source" in found
    assert "clause S999 has neither a rule nor a reason" in found
