"""New expectations of the check of a claim, as its answer is now."""

from __future__ import annotations

from collections.abc import Iterator

from infucode.model.claim import Checked, Earned, Violation
from infucode.workbench.case import ExpectedCheck
from infucode.workbench.case_claims import GRAVE, omitted_fits, violation_fits
from infucode.workbench.case_edits import Collection, Edit, Node, changed, put, value


def check_edits(
    text: str, node: Node, expected: ExpectedCheck, checked: Checked
) -> Iterator[Edit]:
    """Edits of what stands under `check`."""
    outcome = value(node, "outcome")
    if outcome is not None and expected.outcome != checked.outcome:
        yield put(outcome, checked.outcome)
    yield from _lines(text, node, expected, checked)
    yield from _violations(text, node, expected, checked)
    yield from _omitted(text, node, expected, checked)


def _lines(text: str, node: Node, expected: ExpectedCheck, checked: Checked) -> Iterator[Edit]:
    listed = value(node, "lines")
    if listed is None or expected.lines is None:
        return
    states = {line.line: line.state for line in checked.lines}
    for (id, wanted), own in zip(expected.lines, Collection(text, listed).items(), strict=True):
        if id in states and states[id] != wanted:
            yield put(own, states[id])
    known = {id for id, _ in expected.lines}
    new = [
        f"{line.line}: {line.state}"
        for line in checked.lines
        if line.line not in known and line.state in ("violates", "review")
    ]
    if new and expected.lines:
        yield from Collection(text, listed).more(new)


def _violations(
    text: str, node: Node, expected: ExpectedCheck, checked: Checked
) -> Iterator[Edit]:
    listed = value(node, "violations")
    if listed is None or expected.violations is None:
        return
    gone = {
        place
        for place, item in enumerate(expected.violations)
        if not any(violation_fits(item, found) for found in checked.violations)
    }
    new = [
        _violation_text(found)
        for found in checked.violations
        if found.severity in GRAVE
        and not any(violation_fits(item, found) for item in expected.violations)
    ]
    if gone or new:
        yield from changed(text, listed, gone, list(dict.fromkeys(new)))


def _violation_text(found: Violation) -> str:
    lines = f", lines: [{', '.join(found.lines)}]" if found.lines else ""
    return f"{{rule: {found.rule}, severity: {found.severity}{lines}}}"


def _omitted(text: str, node: Node, expected: ExpectedCheck, checked: Checked) -> Iterator[Edit]:
    listed = value(node, "omitted")
    if listed is None or expected.omitted is None:
        return
    found = [v.omitted for v in checked.omitted if v.omitted is not None]
    gone = {
        place
        for place, item in enumerate(expected.omitted)
        if not any(omitted_fits(item, earned) for earned in found)
    }
    new = [e for e in found if not any(omitted_fits(item, e) for item in expected.omitted)]
    if gone or new:
        yield from changed(text, listed, gone, [_earned_text(item) for item in new])


def _earned_text(item: Earned) -> str:
    modifiers = ", ".join(m if m.isalpha() else f'"{m}"' for m in item.modifiers)
    stated = f", modifiers: [{modifiers}]" if item.modifiers else ""
    return f'{{code: "{item.code}", units: {item.units}{stated}}}'
