"""Sections for programs: every value under its own name."""

from __future__ import annotations

from infucode.render.batch_sections import Sections
from infucode.render.json_view import dumps


def sections_to_json(report: Sections) -> str:
    """The report as JSON; ``more`` is how many rows `--top` left out."""
    return dumps(
        {
            "schema": report.schema,
            **report.data,
            "notes": list(report.notes),
            "tables": {
                section.id: {"rows": list(section.rows), "more": section.more}
                for section in report.sections
            },
        }
    )
