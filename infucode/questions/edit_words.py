"""The edits of a repair in words."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta

from infucode.engine.claim_facts import Record, whole_units
from infucode.model.claim import Edit
from infucode.model.encounter import ClaimLine
from infucode.questions.check_words import line_words
from infucode.questions.edits import Option, changes_of


def edit_of(option: Option, record: Record, begins: Date) -> Edit:
    """The edit in words. ``begins`` is the date from which days are counted."""
    says = _says(option, record, begins)
    return Edit(option.op, option.line, says, option.before, option.after)


def _says(option: Option, record: Record, begins: Date) -> str:
    before, after = option.before, option.after
    if after is None:
        assert before is not None
        return f"Leave out {line_words(before)}."
    if before is None:
        units = whole_units(after)
        many = f" with {units} units" if units != 1 else ""
        return f"Add {_name(after)}{many}, which the record earns."
    return f"{_done(before, after, begins)}{_because(after, record)}."


def _done(before: ClaimLine, after: ClaimLine, begins: Date) -> str:
    changed = {field for field, _ in changes_of(before, after)}
    if changed == {"units"}:
        return f"Set the units of {line_words(before)} to {whole_units(after)}"
    if changed <= {"-", "+"}:
        gone = [mark for mark in before.modifiers if mark not in after.modifiers]
        new = [mark for mark in after.modifiers if mark not in before.modifiers]
        taken = f"Take {' and '.join(gone)} off {line_words(before)}" if gone else ""
        if not new:
            return taken
        put = f"put {' and '.join(new)} on"
        return f"{taken} and {put} it" if taken else f"P{put[1:]} {line_words(before)}"
    parts = [] if before.code == after.code else [f"with {_name(after)}"]
    if before.code == after.code and before.modifiers != after.modifiers:
        parts.append(f"as {_name(after)}")
    if "units" in changed:
        units = whole_units(after)
        parts.append(f"with {units} unit{'' if units == 1 else 's'}")
    if "day" in changed:
        parts.append(f"on {begins + timedelta(days=after.day or 0)}")
    if "visit" in changed:
        parts.append(f"of visit {after.visit}")
    if "administrations" in changed:
        parts.append(f"for {', '.join(after.administrations)}")
    return f"Report {line_words(before)} {', '.join(parts)}"


def _because(after: ClaimLine, record: Record) -> str:
    earned = any(
        item.code == after.code and sorted(item.modifiers) == sorted(after.modifiers)
        for item in record.expected.values()
    )
    return ", as the record earns it" if earned else ""


def _name(line: ClaimLine) -> str:
    return "-".join((line.code, *line.modifiers))
