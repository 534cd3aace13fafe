"""Conflicts and repairs as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta

from infucode.model.claim import Checked, Edit, Repair
from infucode.render.csv_rows import BETWEEN, Row
from infucode.render.remedies_content import needs_of, outcome_words, remedies_in


def remedies_rows(checked: Checked) -> Iterator[Row]:
    """A row for each conflict, each edit of each repair, each need and each limit reached."""
    remedies = remedies_in(checked)
    for conflict in remedies.conflicts:
        first, *others = conflict.lines
        yield {
            "kind": "conflict",
            "line": first,
            "with_lines": BETWEEN.join(others),
            "rules": BETWEEN.join(conflict.rules),
        }
    for number, repair in enumerate(remedies.repairs, 1):
        for edit in repair.edits:
            yield _edit(number, repair, edit, remedies.begins)
    for says, numbers in needs_of(remedies).items():
        yield {"kind": "needed", "repair": BETWEEN.join(map(str, numbers)), "reason": says}
    for cap in remedies.caps:
        yield {"kind": "cut off", "what": f"{cap.count} {cap.what} shown", "reason": cap.says}


def _edit(number: int, repair: Repair, edit: Edit, begins: Date) -> Row:
    """The line as it would be; as it was, where it is dropped."""
    row: Row = {
        "kind": "edit",
        "repair": str(number),
        "edit": edit.op,
        "line": edit.line,
        "what": outcome_words(repair),
        "reason": edit.says,
    }
    line = edit.after or edit.before
    if line is not None:
        row["code"] = line.code
        row["modifiers"] = BETWEEN.join(line.modifiers)
        row["units"] = "1" if line.units is None else f"{line.units:f}"
        row["date"] = (begins + timedelta(days=line.day or 0)).isoformat()
        row["visit"] = "" if line.visit is None else str(line.visit)
    return row
