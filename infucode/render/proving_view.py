"""What `prove` found, as a person reads it and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Administration, Encounter
from infucode.model.proving import Asked, Counterexample, Invariant, Verdict
from infucode.model.solution import Solution
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.words import counted

INDENT = 2
INFUSION = "infusion"


def render_verdicts(
    asked: Asked,
    verdicts: Sequence[Verdict],
    solutions: dict[str, Solution],
    *,
    console: Console,
    ascii_only: bool = False,
) -> None:
    """Prints the space, each invariant, and the smallest encounter that breaks it."""
    page = Page.on(console, ascii_only=ascii_only)
    add_asked(page, asked)
    page.blank()
    for verdict in verdicts:
        _add_verdict(page, verdict)
    for verdict in verdicts:
        if verdict.broken is not None:
            id = verdict.invariant.id
            _add_broken(page, verdict, verdict.broken, solutions.get(id))
    page.print(console)


def render_known(
    invariants: Sequence[Invariant],
    spaces: dict[str, str],
    *,
    console: Console,
    ascii_only: bool = False,
) -> None:
    """Prints the spaces and the invariants of a policy folder."""
    page = Page.on(console, ascii_only=ascii_only)
    page.heading("Spaces")
    for name, text in spaces.items():
        page.para(
            Text(page.data(text)), indent=INDENT, lead=Text(page.data(f"{name}  "), style=CODE)
        )
    page.heading("Invariants")
    for one in invariants:
        page.para(Text(page.data(one.id), style=CODE), indent=INDENT)
        page.para(Text(page.data(f"{one.text} [{one.cite}]")), indent=INDENT + 2)
    page.print(console)


def add_asked(page: Page, asked: Asked) -> None:
    """What was asked of how many encounters."""
    for plan in asked.plans:
        page.para(Text(page.data(plan)), lead=Text("Plan        ", style=DIM))
    space = f"{asked.space}: {asked.text}"
    page.para(Text(page.data(space)), lead=Text("Space       ", style=DIM))
    sizes = ", ".join(f"{number:,} of {size}" for size, number in asked.sizes)
    looked = f"{sum(n for _, n in asked.sizes):,} of up to {counted(asked.services, 'service')}"
    text = Text(page.data(f"{looked}, in {asked.seconds:.1f} s"))
    page.para(text, lead=Text("Encounters  ", style=DIM))
    if len(asked.sizes) > 1:
        page.para(Text(page.data(sizes), style=DIM), indent=12)
    if not asked.complete:
        said = "Stopped before all were looked at; what follows holds of those that were."
        page.para(Text(said, style=DOUBT), indent=12)


def _add_verdict(page: Page, verdict: Verdict) -> None:
    one = verdict.invariant
    broken = verdict.broken
    if broken is not None:
        lead = Text("BROKEN  ", style=DOUBT)
        said = f"by {counted(broken.services, 'service')}"
    elif not verdict.asked:
        lead, said = (
            Text("-       ", style=DIM),
            f"not asked: no {', '.join(one.changes)} is changed here",
        )
    elif not verdict.upto:
        lead, said = Text("open    ", style=DOUBT), "not decided"
    else:
        lead = Text("holds   ", style=STRONG)
        said = f"for every encounter of up to {counted(verdict.upto, 'service')} of this space"
        said += " (not asked of more)" if verdict.upto == verdict.most else ""
    page.para(Text.assemble((page.data(one.id), CODE), f"  {said}"), lead=lead)
    page.para(Text(page.data(f"{one.text} [{one.cite}]"), style=DIM), indent=8)
    if verdict.never:
        never = ", ".join(f"`{atom}`" for atom in verdict.never)
        said = f"In none of these encounters is there {never}: unless that is what it forbids, "
        page.para(Text(page.data(f"{said}this space cannot break it."), style=DOUBT), indent=8)


def _add_broken(
    page: Page, verdict: Verdict, broken: Counterexample, solution: Solution | None
) -> None:
    smallest = (
        "smallest encounter that breaks it" if verdict.smallest else "encounter that breaks it"
    )
    page.heading(page.data(f"{verdict.invariant.id}: the {smallest}"))
    if broken.change:
        said = f"A neighbour of a lawful encounter, with one {broken.change} changed."
        page.para(Text(page.data(said)), indent=INDENT)
    add_encounter(page, broken.encounter, broken.administrations)
    if solution is not None:
        add_lines(page, solution)


def add_encounter(page: Page, encounter: Encounter, shown: Sequence[str] = ()) -> None:
    """A found encounter, a line for each administration; those that matter are marked."""
    place = f", place of service {encounter.place_of_service}"
    head = f"{encounter.claim} claim{place if encounter.place_of_service else ''}"
    reasons = ", ".join(encounter.primary_reason)
    page.para(
        Text(page.data(head + (f"; key reason {reasons}" if reasons else ""))), indent=INDENT
    )
    for item in encounter.administrations:
        mark = page.glyphs.bullet if item.id in shown else " "
        page.para(
            Text(page.data(administration_said(item))),
            indent=INDENT,
            lead=Text(f"{mark} {item.id}  "),
        )

    for service in encounter.services:
        marks = "".join(f"-{mark}" for mark in service.modifiers)
        apart = ", separately identifiable" if service.separately_identifiable else ""
        said = f"{service.code}{marks}, another service{apart}"
        page.para(Text(page.data(said)), indent=INDENT, lead=Text(f"  {service.id}  "))


def administration_said(item: Administration) -> str:
    """What was given, in a line: what, how, when, and what else a space states."""
    times = [_clock(item.start)] if item.start is not None else []
    if item.stop is not None:
        times.append(_clock(item.stop))
    elif times and item.technique == INFUSION:
        times.append("?")
    said = [
        item.drug,
        f"({item.category})" if item.category else "",
        item.route,
        item.technique or "",
    ]
    said += ["-".join(times)]
    if item.volume_ml is not None and item.rate_ml_per_hour is not None:
        said.append(f"{item.volume_ml} ml at {item.rate_ml_per_hour} ml an hour")
    if item.minutes is not None:
        said.append(f"{item.minutes} minutes")
    if item.pump is not None:
        kind, planned = item.pump.kind or "", item.pump.planned_minutes
        said += [kind, f"planned for {planned} minutes" if planned is not None else ""]
    said += [item.access, f"visit {item.visit}" if item.visit > 1 else ""]
    if item.supervision not in (None, "direct"):
        said.append(f"supervision {item.supervision}")
    said += [f"documented {element}" for element, done in item.documentation if done]
    said += [f"to {item.purpose}" if item.purpose != "treatment" else "", *_dose(item)]
    return " ".join(word for word in said if word)


def _dose(item: Administration) -> Iterator[str]:
    dose = item.dose
    if dose is None:
        return
    yield f"{dose.hcpcs or 'a dose'}, {dose.administered} given, {dose.per_unit} a unit"
    for opened in dose.containers:
        yield f"from {opened.count} of {opened.size}, {opened.kind}"


def _clock(minute: int) -> str:
    day, rest = divmod(minute, 1440)
    return f"{rest // 60:02}:{rest % 60:02}" + (f" (+{day})" if day else "")


def add_lines(page: Page, solution: Solution, lead: str = "") -> None:
    """The claim that an encounter earns, in a line; what cannot be told is said."""
    for number, code_set in enumerate(solution.code_sets, 1):
        lines = " + ".join(
            f"{line.code}{f' x{line.units}' if line.units > 1 else ''}"
            f"{''.join(f'-{mark}' for mark in line.modifiers)}"
            for line in code_set.lines
        )
        several = f" {number}" if len(solution.code_sets) > 1 else ""
        page.para(
            Text(page.data(f"{lead}code set{several}: {lines or 'no line'}")), indent=INDENT
        )
    if solution.outcome == "blocked":
        page.para(Text(page.data(f"{lead}cannot be told in full"), style=DOUBT), indent=INDENT)


def verdicts_to_json(asked: Asked, verdicts: Sequence[Verdict], documents: dict[str, Any]) -> Any:
    """The same as plain data; `documents` holds each counterexample as a document."""
    return {
        **asked_to_json(asked),
        "invariants": [
            {
                "id": verdict.invariant.id,
                "text": verdict.invariant.text,
                "cite": verdict.invariant.cite,
                "asked": verdict.asked,
                "holds": verdict.asked
                and verdict.broken is None
                and verdict.decided(asked.services),
                "upto": verdict.upto,
                "encounters": verdict.encounters,
                "never": list(verdict.never),
                "counterexample": _counterexample(verdict, documents),
            }
            for verdict in verdicts
        ],
    }


def asked_to_json(asked: Asked) -> dict[str, Any]:
    """What was asked, as plain data."""
    return {
        "plans": list(asked.plans),
        "space": asked.space,
        "services": asked.services,
        "encounters": {str(size): number for size, number in asked.sizes},
        "complete": asked.complete,
        "seconds": round(asked.seconds, 3),
    }


def _counterexample(verdict: Verdict, documents: dict[str, Any]) -> Any:
    broken = verdict.broken
    if broken is None:
        return None
    return {
        "services": broken.services,
        "smallest": verdict.smallest,
        "administrations": list(broken.administrations),
        "change": broken.change or None,
        "encounter": documents[verdict.invariant.id],
    }
