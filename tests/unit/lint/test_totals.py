"""What papers say of a table that was carried over, held against its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.workbench.lint.catalog import check_named
from infucode.workbench.lint.fixing import fix
from infucode.workbench.lint.running import lint
from tests.unit.lint.examples import folder_of


@pytest.fixture
def table(tmp_path: Path) -> Path:
    folder = folder_of(check_named("table-total"), "Prefer", tmp_path)
    return folder / "plan" / "example.lp"


def found(table: Path) -> dict[str, str]:
    findings = lint(table.parents[1]).findings
    return {f.check: f"{f.problem.message} | {f.problem.help}" for f in findings}


def change(table: Path, old: str, new: str) -> None:
    text = table.read_text(encoding="utf-8")
    assert text.count(old) == 1
    table.write_text(text.replace(old, new), encoding="utf-8")


def test_a_shifted_number_is_told_with_its_column_and_the_new_figure(table: Path) -> None:
    change(table, "least(ia, 31)", "least(ia, 30)")
    told = found(table)["table-total"]
    assert "column 2 of `least` adds up to 46, and not to 47" in told
    assert "if the change is meant, write `%@ total: 46; " in told
    figure = told.rsplit("`%@ ", 1)[1].rstrip("`")
    before = next(row for row in table.read_text(encoding="utf-8").split("\n") if "total:" in row)
    change(table, before, f"%@ {figure}")
    assert "table-total" not in found(table)


def test_numbers_that_make_up_for_each_other_are_found(table: Path) -> None:
    change(table, "least(ia, 31)", "least(ia, 30)")
    change(table, "least(iv, 16)", "least(iv, 17)")
    assert "the rows are others" in found(table)["table-total"]


def test_the_order_of_rows_does_not_matter(table: Path) -> None:
    change(table, "least(iv, 16).\nleast(ia, 31).", "least(ia, 31).\nleast(iv, 16).")
    assert "table-total" not in found(table)


def test_a_total_is_never_mended(table: Path) -> None:
    change(table, "least(ia, 31)", "least(ia, 30)")
    before = table.read_bytes()
    fix(table.parents[1])
    assert table.read_bytes() == before


@pytest.mark.parametrize("key", ["rows", "total"])
def test_either_paper_lost_is_asked_for(key: str, table: Path) -> None:
    lines = table.read_text(encoding="utf-8").split("\n")
    kept = [row for row in lines if not row.startswith(f"%@ {key}:")]
    assert len(kept) == len(lines) - 1
    table.write_text("\n".join(kept), encoding="utf-8")
    told = found(table)["uncounted-table"]
    assert f"add `%@ {key}:" in told
