"""What an answer says, without its layout: shared by terminal, page, Markdown and table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from infucode.model.encounter import Administration, Encounter
from infucode.model.solution import CodeSet, HangsOn, Line, NotReported, Reason, Solution, Warned
from infucode.render.lanes import Mark
from infucode.render.words import (
    BASIS,
    administration_words,
    claim_words,
    counted,
    outcome_words,
    plain,
    service_words,
    when_words,
)

APART = ("date", "visit", "access")
"""What lines may differ in beside code, modifiers and units."""
PART = {"all": "In full", "drug": "Drug", "additional hours": "Additional hours"}
SIGNS = {
    "given": "given",
    "derived": "stop derived",
    "missing": "no stop documented",
    "pause": "interrupted",
    "push": "push",
    "injection": "injection or dose",
    "midnight": "midnight",
    "doubt": "not in every code set",
}
"""The signs of a timeline and what they mean, in the order of its legend."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is not reported for one reason: its part in words, the papers, the members."""

    title: str
    cite: str
    rule: str
    members: tuple[NotReported, ...]


def header_facts(encounter: Encounter, solution: Solution) -> list[tuple[str, str]]:
    """Name and value of what stands above an answer, its outcome last."""
    policy = solution.policy
    age = encounter.patient_age_years
    years = f", patient {counted(age, 'year')} old" if age is not None else ""
    facts = [
        ("Encounter", f"{encounter.id}, {encounter.date.isoformat()}{years}"),
        ("Claim", claim_words(encounter)),
        (
            "Policy",
            f"{policy.title} {policy.version} ({policy.id}), as of {policy.as_of.isoformat()}",
        ),
    ]
    if policy.switches:
        switched = ", ".join(f"{name} = {value}" for name, value in policy.switches)
        facts.append(("Overridden", switched))
    return [*facts, ("Outcome", outcome_words(solution))]


def lines_title(outcome: str) -> str:
    """The title above the lines of an only code set."""
    return "Lines that are certain already" if outcome == "blocked" else "Claim lines"


def several_of(solution: Solution) -> frozenset[str]:
    """Of date, visit and access, those that differ between the lines of the answer."""
    lines = [line for code_set in solution.code_sets for line in code_set.lines]
    return frozenset(name for name in APART if len({getattr(n, name) for n in lines}) > 1)


def apart_words(line: Line, name: str, *, bare: bool = False) -> str:
    """Date, visit or access of a line; unless ``bare`` a visit says that it is one."""
    value = {"date": line.date.isoformat(), "visit": str(line.visit)}.get(name, line.access or "")
    return f"visit {value}" if name == "visit" and not bare else value


def origins_of(line: Line, encounter: Encounter) -> list[str]:
    """What a line came from: administrations, services, charge."""
    found = [administration_words(id, encounter) for id in line.administrations]
    found += [service_words(id, encounter) for id in line.services]
    return found if line.charge is None else [*found, f"charge {line.charge}"]


def hangs_words(hangs: HangsOn) -> str:
    """``hangs on tie_break = longest (the source is silent); first would change this line``.

    Where the switch's question is known, it is said in words before the switch.
    """
    basis = BASIS.get(hangs.basis, hangs.basis)
    said = f"hangs on {hangs.switch} = {hangs.value} ({basis})"
    if hangs.question:
        asked = hangs.question[0].lower() + hangs.question[1:].rstrip(".")
        said = f"hangs on {asked} ({hangs.switch} = {hangs.value}, {basis})"
    if hangs.other:
        said += f"; {' or '.join(hangs.other)} would change this line"
    return said


def apart_in(encounter: Encounter, solution: Solution) -> frozenset[str]:
    """Of date, visit and access, those that each line must say.

    A single access need not be said, though some lines have none; a date other than that of
    the encounter must.
    """
    lines = [line for code_set in solution.code_sets for line in code_set.lines]
    named = {line.access for line in lines if line.access is not None}
    apart = several_of(solution) - ({"access"} if len(named) < 2 else set())
    return apart | ({"date"} if any(n.date != encounter.date for n in lines) else set())


def papers_of(item: Reason | Warned | NotReported | Group) -> list[str]:
    """The citation and the rule id, as far as there are any."""
    return [paper for paper in (item.cite, item.rule) if paper]


def numbers(sets: Sequence[int]) -> str:
    """``1, 3-5``: code sets by number, runs drawn together."""
    runs: list[list[int]] = []
    for number in sets:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)


def sets_words(sets: Sequence[int]) -> str:
    """``set 2`` or ``sets 1-3``."""
    return f"{'set' if len(sets) == 1 else 'sets'} {numbers(sets)}"


def why_note(solution: Solution) -> str:
    """Beside the title over why lines differ: which of the supposed stops its numbers are of."""
    stops = any(a.fact == "stop" for found in solution.code_sets for a in found.assuming)
    return "each reason once" + ("; minutes as of the earliest stop" if stops else "")


def assumptions_of(code_set: CodeSet) -> list[tuple[str, str]]:
    """What one code set supposes, each after ``if`` or ``and if``."""
    return [
        ("and if" if index else "if", assumption.says)
        for index, assumption in enumerate(code_set.assuming)
    ]


def grouped(items: Iterable[NotReported]) -> list[Group]:
    """What is not reported, grouped by its part, its rule and its citation."""
    found: dict[tuple[str, str, str], list[NotReported]] = {}
    for item in items:
        found.setdefault((item.part, item.cite, item.rule), []).append(item)
    return [
        Group(PART.get(part, part), cite, rule, tuple(members))
        for (part, cite, rule), members in found.items()
    ]


def subject_of(item: NotReported, encounter: Encounter) -> str:
    """The administration or service that is not reported; empty where it names none."""
    found = []
    if item.administration is not None:
        found.append(administration_words(item.administration, encounter))
    if item.service is not None:
        found.append(service_words(item.service, encounter))
    return "; ".join(found)


def by_subject(group: Group, encounter: Encounter) -> dict[str, list[NotReported]]:
    """The members of a group by what they are about, in order."""
    found: dict[str, list[NotReported]] = {}
    for item in group.members:
        found.setdefault(subject_of(item, encounter), []).append(item)
    return found


def given_words(item: Administration, encounter: Encounter) -> str:
    """``iv infusion, 40 minutes``: how and when something was given."""
    how = " ".join(plain(part) for part in (item.route, item.technique or "") if part)
    return ", ".join(part for part in (how, when_words(item, encounter)) if part)


def signs_used(marks: Sequence[Mark], *, midnights: bool) -> list[str]:
    """The keys of `SIGNS` that occur on a timeline."""
    used = {
        "given": any(m.run.end == "stated" for m in marks),
        "derived": any(m.run.end == "derived" for m in marks),
        "missing": any(m.run.end == "missing" for m in marks),
        "pause": any(len(m.run.spans) > 1 for m in marks),
        "push": any(m.momentary and not m.injected for m in marks),
        "injection": any(m.momentary and m.injected for m in marks),
        "midnight": midnights,
        "doubt": any("?" in code for m in marks for code in m.codes),
    }
    return [sign for sign in SIGNS if used[sign]]


def packed(
    marks: Iterable[Mark], start: Callable[[Mark], float], end: Callable[[Mark], float]
) -> list[list[Mark]]:
    """Rows in which marks of one drug stand together as long as they do not touch.

    ``start`` and ``end`` give the place that a mark and its codes take.
    """
    rows: dict[str, list[tuple[float, list[Mark]]]] = {}
    for mark in marks:
        mine = rows.setdefault(mark.name, [])
        free = next((i for i, (used, _) in enumerate(mine) if used < start(mark)), None)
        if free is None:
            mine.append((end(mark), [mark]))
        else:
            mine[free] = (end(mark), [*mine[free][1], mark])
    return [row for mine in rows.values() for _, row in mine]
