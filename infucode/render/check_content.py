"""What a checked claim says, without its layout: shared by terminal, page, Markdown and table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from infucode.model.claim import Checked, Earned, LineState, NotChecked, Violation
from infucode.model.encounter import ClaimLine, Encounter
from infucode.model.proof import Step
from infucode.render.report import Background
from infucode.render.words import administration_words, claim_words, counted, service_words

Proofs = Mapping["int | str", Sequence[Step]]
"""Proof trees by the number of a violation, or by the id of an undecided line."""
RECORD = {
    "none": "none: only what the lines show can be judged",
    "complete": "one code set",
    "open": "open: it allows several code sets, or cannot be coded as a whole",
}
STATES = {
    "violates": ("violates", "violate"),
    "review": ("to review", "to review"),
    "undecided": ("undecided", "undecided"),
    "stands": ("stands", "stand"),
}
"""How one line's state is said, and that of several."""
APART = ("Date", "Visit", "Charge")
"""What a line shows only where lines differ in it, or where it says more than the stay."""


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """One checked claim, with the proofs that were asked for."""

    file: str
    encounter: Encounter
    checked: Checked
    proofs: Proofs | None = None
    background: Background = field(default_factory=Background)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A line of the claim with all that is said of it, each violation beside its number."""

    line: ClaimLine
    cells: Mapping[str, str]
    state: LineState
    label: str
    origins: tuple[str, ...]
    violations: tuple[tuple[int, Violation], ...]

    @property
    def name(self) -> str:
        """``96375-59``: code and modifiers."""
        return "-".join((self.line.code, *self.line.modifiers))


def claimed_lines(encounter: Encounter, checked: Checked) -> list[Claimed]:
    """The lines in the order of the claim."""
    about: dict[str, list[tuple[int, Violation]]] = {}
    for number, violation in enumerate(checked.violations):
        if violation.lines:
            about.setdefault(violation.lines[0], []).append((number, violation))
    states = {state.line: state for state in checked.lines}
    return [
        _claimed(line, states[line.id], encounter, about.get(line.id, []))
        for line in encounter.claim_lines
    ]


def _claimed(
    line: ClaimLine,
    state: LineState,
    encounter: Encounter,
    violations: Sequence[tuple[int, Violation]],
) -> Claimed:
    ids = dict.fromkeys(line.administrations)
    for _, violation in violations if not ids else ():
        if len(violation.lines) == 1:
            ids.update(dict.fromkeys(violation.administrations))
    cells = {
        "Line": line.id,
        "Code": line.code,
        "Mod": " ".join(line.modifiers),
        "Units": units_words(line),
        "Date": (encounter.date + timedelta(days=line.day or 0)).isoformat(),
        "Visit": "" if line.visit is None else str(line.visit),
        "Charge": "" if line.charge is None else f"{line.charge:f}",
    }
    origins = tuple(administration_words(id, encounter) for id in ids)
    label = state.label or line.description or ""
    return Claimed(line, cells, state, label, origins, tuple(violations))


def units_words(line: ClaimLine) -> str:
    """The units as claimed; 1 where the line has none."""
    return "1" if line.units is None else f"{line.units:f}"


def apart_of(lines: Sequence[Claimed], encounter: Encounter) -> tuple[str, ...]:
    """Of date, visit and charge, those that the lines must show."""
    found = []
    for name in APART:
        values = {line.cells[name] for line in lines}
        plain = {encounter.date.isoformat()} if name == "Date" else {""}
        if len(values) > 1 or values - plain:
            found.append(name)
    return tuple(found)


def others_words(violation: Violation) -> str:
    """``with L1, L3``: the lines beside which a line is in violation; empty where none is."""
    return f"with {', '.join(violation.lines[1:])}" if len(violation.lines) > 1 else ""


def omitted_words(item: Earned, encounter: Encounter) -> list[str]:
    """What an omitted line came from."""
    found = [administration_words(id, encounter) for id in item.administrations]
    found += [service_words(id, encounter) for id in item.services]
    return found if item.charge is None else [*found, f"charge {item.charge}"]


def omitted_name(item: Earned) -> str:
    """``96375-59``: code and modifiers."""
    return "-".join((item.code, *item.modifiers))


def omitted_when(item: Earned, encounter: Encounter) -> str:
    """Its date where it is not that of the encounter, and its visit where it is not the first."""
    date = item.date.isoformat() if item.date != encounter.date else ""
    visit = f"visit {item.visit}" if item.visit > 1 else ""
    return ", ".join(part for part in (date, visit) if part)


def general(checked: Checked) -> list[tuple[int, Violation]]:
    """What is said of the claim as a whole."""
    return [
        (number, violation)
        for number, violation in enumerate(checked.violations)
        if not violation.lines and violation.omitted is None
    ]


def omitted_in(checked: Checked) -> list[tuple[int, Violation, Earned]]:
    """What the record earns and the claim lacks."""
    return [
        (number, violation, violation.omitted)
        for number, violation in enumerate(checked.violations)
        if violation.omitted is not None
    ]


def tally(checked: Checked) -> str:
    """``2 of 5 lines violate, 1 to review, 1 omitted``: how much there is to read."""
    total = len(checked.lines)
    parts: list[str] = []
    for state, (one, many) in STATES.items():
        number = sum(line.state == state for line in checked.lines)
        if number and (state != "stands" or not parts):
            of = f"{number} of {counted(total, 'line')}" if not parts else str(number)
            parts.append(f"{of} {one if number == 1 else many}")
    if not total:
        parts.append("a claim without lines")
    omitted = len(checked.omitted)
    return ", ".join([*parts, *([f"{omitted} omitted"] if omitted else [])])


def check_facts(encounter: Encounter, checked: Checked) -> list[tuple[str, str]]:
    """Name and value of what stands above a checked claim."""
    policy = checked.policy
    age = encounter.patient_age_years
    years = f", patient {counted(age, 'year')} old" if age is not None else ""
    facts = [
        ("Encounter", f"{encounter.id}, {encounter.date.isoformat()}{years}"),
        ("Outcome", checked.outcome),
        ("Claim", f"{claim_words(encounter)}, {counted(len(checked.lines), 'line')}"),
        ("Record", _record(encounter, checked)),
        (
            "Policy",
            f"{policy.title} {policy.version} ({policy.id}), as of {policy.as_of.isoformat()}",
        ),
    ]
    if policy.switches:
        switched = ", ".join(f"{name} = {value}" for name, value in policy.switches)
        facts.append(("Overridden", switched))
    return facts


def _record(encounter: Encounter, checked: Checked) -> str:
    given = []
    if encounter.administrations:
        given.append(counted(len(encounter.administrations), "administration"))
    if encounter.services:
        given.append(counted(len(encounter.services), "service"))
    return "; ".join([*([", ".join(given)] if given else []), RECORD[checked.record]])


def cites_of(checked: Checked) -> list[str]:
    """Every citation of the answer."""
    said = [violation.cite for violation in checked.violations]
    said += [item.cite for item in checked.not_checked]
    return said


def untold(checked: Checked) -> list[tuple[NotChecked, list[str]]]:
    """What was not judged beside the undecided lines, each reason once with what it is about."""
    below = {(r.rule, r.says) for line in checked.lines for r in line.because}
    groups: dict[tuple[str, str, str], list[NotChecked]] = {}
    for item in checked.not_checked:
        if (item.rule, item.why) not in below:
            groups.setdefault((item.why, item.cite, item.rule), []).append(item)
    return [
        (items[0], list(dict.fromkeys(item.what for item in items))) for items in groups.values()
    ]
