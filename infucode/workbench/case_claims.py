"""What a case expects of the check of its claim: how it is read, and how it is judged."""

from __future__ import annotations

from collections.abc import Iterator

from infucode.documents import words
from infucode.documents.nodes import Broken, Listing, Scalar
from infucode.documents.readers import CODE, IDENTIFIER, MODIFIER, Reader, whole, word
from infucode.documents.record import Record
from infucode.model.claim import Checked, Earned, Violation
from infucode.model.encounter import Encounter
from infucode.workbench.case import ExpectedCheck, ExpectedOmitted, ExpectedViolation
from infucode.workbench.case_words import one_of

OUTCOMES = ("valid", "review", "undecided", "violating")
STATES = ("stands", "violates", "review", "undecided")
SEVERITIES = ("deny", "review", "advise")
GRAVE = ("deny", "review")
"""What a case must name: a violation of this kind that it does not expect is a difference."""
_UNITS = whole(1, 99_999)


def read_check(
    at: Record, encounter: Encounter | None, rule: Reader[str]
) -> ExpectedCheck | None:
    """What is under `check`."""
    record = at.record("check", "what the check is to find")
    if record is None:
        return None
    if encounter is not None and not (encounter.claim_lines or encounter.claim_stated):
        at.refuse("check", "the encounter has no claim to check", "give it `claim_lines:`")
    ids = tuple(line.id for line in encounter.claim_lines) if encounter is not None else None
    line = IDENTIFIER if ids is None else one_of("claim line", ids)
    found = ExpectedCheck(
        record.optional("outcome", word(OUTCOMES)),
        _states(record, ids),
        _violations(record, rule, line),
        _omitted(record),
    )
    record.done()
    if found == ExpectedCheck():
        message = "nothing is expected of the check, so the case can never fail"
        record.problems.add(record.node, message, "say what it must find: outcome, lines, ...")
    return found


def _states(at: Record, ids: tuple[str, ...] | None) -> tuple[tuple[str, str], ...] | None:
    record = at.record("lines", "the states of the lines")
    if record is None:
        return None
    found = []
    for key, (place, _) in record.node.entries.items():
        if ids is not None and key not in ids:
            known = ", ".join(ids) or "none"
            message = f"there is no claim line `{key}`"
            record.problems.add(place, message, f"the encounter has {known}")
            continue
        found.append((key, record.required(key, word(STATES), STATES[0])))
    return tuple(found)


def _violations(
    at: Record, rule: Reader[str], line: Reader[str]
) -> tuple[ExpectedViolation, ...] | None:
    if not at.has("violations"):
        return None
    found = []
    for record in at.records("violations", "the violation", words.MAX_ITEMS, "violations"):
        found.append(
            ExpectedViolation(
                record.required("rule", rule, ""),
                record.optional("severity", word(SEVERITIES)),
                record.values("lines", line, words.MAX_CLAIM_LINES, "line ids")
                if record.has("lines")
                else None,
            )
        )
        record.done()
    return tuple(found)


def _omitted(at: Record) -> tuple[ExpectedOmitted, ...] | None:
    """Codes, or mappings with code, units and modifiers."""
    node = at.value("omitted")
    if node is None:
        return None
    if isinstance(node, Listing) and all(isinstance(n, Scalar | Broken) for n in node.items):
        codes = at.values("omitted", CODE, words.MAX_ITEMS, "codes")
        return tuple(ExpectedOmitted(code) for code in codes)
    found = []
    for record in at.records("omitted", "the omitted line", words.MAX_ITEMS, "lines"):
        modifiers = record.values("modifiers", MODIFIER, words.MAX_MODIFIERS, "modifiers")
        found.append(
            ExpectedOmitted(
                record.required("code", CODE, ""),
                record.optional("units", _UNITS),
                modifiers if record.has("modifiers") else None,
            )
        )
        record.done()
    return tuple(found)


def claim_differences(expected: ExpectedCheck, checked: Checked) -> Iterator[str]:
    """Everything in which a checked claim is not what is expected of it."""
    if expected.outcome is not None and checked.outcome != expected.outcome:
        yield f"the check says {checked.outcome}; {expected.outcome} is expected"
    if expected.lines is not None:
        yield from _of_lines(dict(expected.lines), checked)
    if expected.violations is not None:
        yield from _of_violations(expected.violations, checked)
    elif expected.lines is None:
        yield from _unexpected(checked)
    if expected.omitted is not None:
        yield from _of_omitted(expected.omitted, checked)


def _unexpected(checked: Checked) -> Iterator[str]:
    """Where no line and no violation is named, only an outcome that has none may be expected."""
    for violation in checked.violations:
        if violation.severity in GRAVE:
            yield f"{_shown(violation)} is found; the case names no line and no violation"


def _of_lines(states: dict[str, str], checked: Checked) -> Iterator[str]:
    for line in checked.lines:
        wanted = states.get(line.line)
        if wanted is None and line.state in ("violates", "review"):
            why = ", ".join(v.rule for v in checked.about(line.line))
            yield f"{line.line} is {line.state} ({why}); the case does not name it"
        elif wanted is not None and wanted != line.state:
            why = ", ".join(v.rule for v in checked.about(line.line))
            beside = f" ({why})" if why else ""
            yield f"{line.line} is {line.state}{beside}; {wanted} is expected"


def _of_violations(expected: tuple[ExpectedViolation, ...], checked: Checked) -> Iterator[str]:
    for item in expected:
        if not any(violation_fits(item, violation) for violation in checked.violations):
            severity = f"{item.severity} " if item.severity else ""
            lines = f" of {', '.join(item.lines)}" if item.lines is not None else ""
            found = ", ".join(map(_shown, checked.violations)) or "nothing"
            yield f"{severity}{item.rule}{lines} is to be found; found: {found}"
    for violation in checked.violations:
        known = any(violation_fits(item, violation) for item in expected)
        if violation.severity in GRAVE and not known:
            yield f"{_shown(violation)} is found; it is not expected"


def violation_fits(item: ExpectedViolation, violation: Violation) -> bool:
    """Whether a violation is the expected one.

    A single line is the subject; of several the order does not matter.
    """
    if item.rule != violation.rule or item.severity not in (None, violation.severity):
        return False
    if item.lines is None:
        return True
    alone = len(item.lines) == 1 and item.lines == violation.lines[:1]
    return alone or sorted(item.lines) == sorted(violation.lines)


def _of_omitted(expected: tuple[ExpectedOmitted, ...], checked: Checked) -> Iterator[str]:
    found = [v.omitted for v in checked.omitted if v.omitted is not None]
    for item in expected:
        if not any(omitted_fits(item, earned) for earned in found):
            others = ", ".join(map(_earned, found)) or "nothing"
            yield f"{item.code} is to be omitted; omitted: {others}"
    for earned in found:
        if not any(omitted_fits(item, earned) for item in expected):
            yield f"{_earned(earned)} is omitted; it is not expected"


def omitted_fits(item: ExpectedOmitted, earned: Earned) -> bool:
    """Whether an omitted line is the expected one."""
    return (
        item.code == earned.code
        and item.units in (None, earned.units)
        and (item.modifiers is None or sorted(item.modifiers) == sorted(earned.modifiers))
    )


def _shown(violation: Violation) -> str:
    lines = f" of {', '.join(violation.lines)}" if violation.lines else ""
    return f"{violation.severity} {violation.rule}{lines}"


def _earned(item: Earned) -> str:
    return f"{'-'.join((item.code, *item.modifiers))} x{item.units}"
