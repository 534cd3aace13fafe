"""Sections as one table for a spreadsheet: a row for each row, with the name of its section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infucode.render.batch_sections import Sections
from infucode.render.csv_rows import BETWEEN, Row, csv_of

FIRST = "table"


def sections_to_csv(report: Sections) -> str:
    """The report; what a section does not have is an empty cell."""
    columns = dict.fromkeys(
        key for section in report.sections for row in section.rows for key in row
    )
    return csv_of([FIRST, *columns], _rows(report))


def _rows(report: Sections) -> Iterator[Row]:
    for section in report.sections:
        for row in section.rows:
            yield {FIRST: section.id, **{key: _cell(value) for key, value in row.items()}}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)
