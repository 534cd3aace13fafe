"""An explanation, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.explanation import (
    CodeExplained,
    ExplainedLine,
    Explanation,
    Fate,
    Nearly,
    RuleExplained,
    Sets,
)
from infucode.model.proof import Step
from infucode.model.solution import NotReported, Reason, Warned
from infucode.render.answer_head import add_answer_head
from infucode.render.content import hangs_words, origins_of, sets_words
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.proof_tree import add_proof, leaf_text
from infucode.render.words import administration_words, counted, plain, service_words

INDENT = 2


def render_explanation(
    encounter: Encounter, found: Explanation, *, console: Console, ascii_only: bool = False
) -> None:
    """Prints the answer to one question about an encounter."""
    page = Page.on(console, ascii_only=ascii_only)
    add_answer_head(page, encounter, found, found.total)
    answer = found.answer
    if isinstance(answer, CodeExplained):
        _add_code(page, encounter, answer)
    elif isinstance(answer, RuleExplained):
        add_rule(page, answer)
    else:
        _add_fate(page, encounter, answer)
    page.print(console)


def _sets(page: Page, sets: Sets, indent: int = INDENT) -> None:
    if sets:
        page.para(Text(f"in code {sets_words(sets)}", style=DOUBT), indent=indent)


# ---- lines ----


def _add_code(page: Page, encounter: Encounter, answer: CodeExplained) -> None:
    if not answer.lines:
        _add_absent(page, encounter, answer)
    for line in answer.lines:
        add_line(page, encounter, line)


def add_line(page: Page, encounter: Encounter, told: ExplainedLine) -> None:
    """Adds a line of the claim with its proofs."""
    line = told.line
    head = Text(page.data(line.code), style=CODE)
    for modifier in line.modifiers:
        head.append(f" -{page.data(modifier)}")
    head.append(f" {page.glyphs.times}{line.units}", style="not bold default")
    head.append(f"  {page.data(line.label)}", style=STRONG)
    page.blank()
    page.para(head)
    page.para(Text(page.data("; ".join(origins_of(line, encounter)))), indent=INDENT)
    _sets(page, told.sets)
    for step in told.proof:
        add_proof(page, step, indent=INDENT)
    for hangs in line.hangs_on:
        page.para(Text(page.data(hangs_words(hangs)), style=DOUBT), indent=INDENT)


def _add_absent(page: Page, encounter: Encounter, answer: CodeExplained) -> None:
    """A code that these rules know and this claim does not have."""
    if not answer.code:
        page.blank()
        page.para(Text("no line here"))
        return
    label = f" ({answer.label})" if answer.label else ""
    page.blank()
    page.para(Text(page.data(f"No line of this claim has {answer.code}{label}."), style=STRONG))
    have = ", ".join(answer.others)
    page.para(Text(page.data(f"The claim has {have}." if have else "The claim has no line.")))
    for use in answer.uses:
        page.para(Text(page.data(use)), indent=INDENT, lead=Text("in the tables  ", style=DIM))
    if answer.not_reported:
        page.heading("Not reported, and would have had it")
    for item in answer.not_reported:
        _add_unreported(page, item)
    page.heading("What was given")
    for given in encounter.administrations:
        how = " ".join(plain(part) for part in (given.route, given.technique or "") if part)
        text = f"{administration_words(given.id, encounter)}, {how}"
        page.para(Text(page.data(text)), indent=INDENT)
    page.blank()
    asked = f"infucode why-not FILE {answer.code}"
    page.para(Text.assemble((page.data(asked), CODE), "  says what each of these lacks for it"))


def _add_unreported(page: Page, item: NotReported) -> None:
    text = Text(page.data(f"{item.says} "))
    text.append(page.data(f"[{item.cite}; {item.rule}]"), style=DIM)
    lead = Text(f"{page.glyphs.bullet} ", style=DIM)
    page.para(text, indent=INDENT, lead=lead)


# ---- a rule ----


def add_rule(page: Page, answer: RuleExplained) -> None:
    """Adds where a rule applied, and where it nearly did."""
    page.blank()
    page.para(Text(page.data(answer.text)), lead=Text(f"{page.data(answer.id)}  ", style=CODE))
    places = _places(answer.places)
    papers = f" {page.glyphs.dot} ".join(p for p in (answer.cite, *places) if p)
    page.para(Text(page.data(papers), style=DIM), indent=INDENT)
    if not answer.in_force:
        page.para(Text("This rule is not in force in this plan on this date."), indent=INDENT)
        return
    page.heading(f"Applied {counted(len(answer.fired), 'time')}" if answer.fired
                 else "Applied to nothing here")  # fmt: skip
    for fired in answer.fired:
        _sets(page, fired.sets)
        add_proof(page, fired.step, indent=INDENT)
    if answer.nearly:
        page.heading("Did not apply", "what held, and what first did not; nearest first")
    for near in answer.nearly:
        _add_near(page, near)


def _places(places: Sequence[str]) -> list[str]:
    """``file:12, 15``: the places, each file named once."""
    found: dict[str, list[str]] = {}
    for place in places:
        file, _, line = place.rpartition(":")
        found.setdefault(file, []).append(line)
    return [f"{file}:{', '.join(lines)}" for file, lines in found.items()]


def _add_near(page: Page, near: Nearly) -> None:
    page.para(Text(page.data(near.about or "anything"), style=STRONG), indent=INDENT)
    _sets(page, near.sets, 2 * INDENT)
    for step in near.held:
        _add_condition(page, "held", step)
    _add_condition(page, "first failed", near.failed, DOUBT)
    for step in near.because:
        if step.number:
            add_proof(page, step, indent=2 * INDENT)
        else:
            _add_condition(page, "since", step)
    page.para(Text(page.data(near.place), style=DIM), indent=2 * INDENT)


def _add_condition(page: Page, word: str, step: Step, style: str = "cyan") -> None:
    lead = Text(f"{word:<14}", style=style)
    page.para(leaf_text(page, step), indent=2 * INDENT, lead=lead)


# ---- an administration or service ----


def _add_fate(page: Page, encounter: Encounter, answer: Fate) -> None:
    page.blank()
    named = service_words if answer.service else administration_words
    page.para(Text(page.data(named(answer.id, encounter)), style=STRONG))
    page.heading(f"On {counted(len(answer.lines), 'line')}" if answer.lines else "On no line")
    for line in answer.lines:
        add_line(page, encounter, line)
    if answer.not_reported:
        page.heading("Not reported")
    for hidden in answer.not_reported:
        _sets(page, hidden.sets)
        if not hidden.proof:
            _add_unreported(page, hidden.item)
        for step in hidden.proof:
            add_proof(page, step, indent=INDENT)
    if answer.asks:
        page.heading("Questions")
    for ask in answer.asks:
        page.para(Text(page.data(f"{ask.says} {ask.matters_because}".strip())), indent=INDENT)
    _add_warnings(page, answer.warnings)


def _add_warnings(page: Page, warnings: Sequence[Warned | Reason]) -> None:
    if warnings:
        page.heading("Warnings")
    for item in warnings:
        text = Text(page.data(f"{item.says} "))
        text.append(page.data(f"[{item.cite}; {item.rule}]"), style=DIM)
        page.para(text, indent=INDENT, lead=Text(f"{page.glyphs.bullet} ", style=DIM))
