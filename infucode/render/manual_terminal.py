"""One rule in plain words on a terminal: papers, logic, the plans' answers, neighbours, cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from infucode.render.manual_content import (
    KINDS,
    Condition,
    Example,
    Logic,
    Named,
    PlanAnswer,
    Rows,
    RuleEntry,
    SettingRead,
)
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.rules_view import papers_of
from infucode.render.shown import padded
from infucode.render.words import BASIS, counted

KIND_WIDTH = max(map(len, KINDS.values())) + 2
MOST_CASES, MOST_ROWS = 6, 12
"""Cases of each side, rows of each table."""
STATED = "stated"


def render_rule_entry(entry: RuleEntry, console: Console, *, ascii_only: bool = False) -> None:
    """Prints the page of a rule."""
    page = Page.on(console, ascii_only=ascii_only)
    _add_head(page, entry)
    for title, logics in (
        ("What it decides", [logic for logic in entry.logic if logic.outcome]),
        ("What it goes by", [logic for logic in entry.logic if not logic.outcome]),
    ):
        if logics:
            page.heading(title)
            _add_logics(page, logics)
    for rows in entry.tables:
        _add_rows(page, rows)
    if entry.settings:
        page.heading("Switches and numbers")
        for setting in entry.settings:
            _add_setting(page, setting)
    _add_named(page, "It sets aside", entry.beats)
    _add_named(page, "It is set aside by", entry.beaten_by)
    _add_named(page, "It reads what these give", entry.reads)
    _add_named(page, "These read what it gives", entry.read_by)
    if entry.clauses:
        page.heading("Clauses")
        for clause in entry.clauses:
            cited = f" [{clause.cite}]" if clause.cite else ""
            page.para(Text.assemble(page.data(clause.gist), (page.data(cited), DIM)), indent=2,
                      lead=Text(padded(clause.id, 6), style=STRONG))  # fmt: skip
    _add_cases(page, entry)
    page.print(console)


def _add_head(page: Page, entry: RuleEntry) -> None:
    page.para(Text(page.data(entry.id), style=CODE))
    page.para(Text(page.data(entry.detail.text)), indent=2)
    page.blank()
    matters = [("asks for", entry.matters), ("plans", ", ".join(entry.plans))]
    for name, value in [*papers_of(entry.detail), *matters]:
        if value and name not in ("beats", "beaten by"):
            page.para(Text(page.data(value)), indent=2, lead=Text(f"{name:<11}", style=DIM))


def _add_logics(page: Page, logics: Sequence[Logic]) -> None:
    told: set[str] = set()
    for number, logic in enumerate(logics):
        if number:
            page.blank()
        gloss = f"  ({page.data(logic.gloss)})" if logic.gloss and logic.gloss not in told else ""
        told.add(logic.gloss)
        page.para(Text.assemble((page.data(logic.gives), STRONG), (gloss, DIM)), indent=2)
        for condition in logic.conditions:
            _add_condition(page, condition, 4, told)
        for line in logic.source.expandtabs(4).split("\n"):
            code = line.lstrip(" ")
            lead = Text("    | " + " " * (len(line) - len(code)), style=DIM)
            page.para(Text(page.data(code), style=DIM), lead=lead)


def _add_condition(page: Page, condition: Condition, indent: int, told: set[str]) -> None:
    lead = Text(padded(KINDS[condition.kind], KIND_WIDTH), style=DIM)
    page.para(Text(page.data(condition.text)), indent=indent, lead=lead)
    for note in notes_of(condition, told):
        page.para(Text(page.data(note), style=DIM), indent=indent + KIND_WIDTH + 2)
    for below in condition.below:
        _add_condition(page, below, indent + KIND_WIDTH + 2, told)


def notes_of(condition: Condition, told: set[str]) -> Iterable[str]:
    """What stands below a condition: which rules give it, and its meaning the first time."""
    ids = ", ".join(condition.rules)
    fresh = condition.gloss if condition.gloss not in told else ""
    told.add(condition.gloss)
    if condition.kind == "unless":
        return []
    own = "and this rule" if condition.rules and condition.own else ""
    return [note for note in (": ".join(filter(None, (ids, fresh))), own) if note]


def _add_rows(page: Page, rows: Rows) -> None:
    page.heading(f"Table “{page.data(rows.name)}”", counted(len(rows.rows), "row"))
    if rows.gloss:
        page.para(Text(page.data(rows.gloss), style=DIM), indent=2)
    for row in rows.rows[:MOST_ROWS]:
        page.para(Text(page.data(", ".join(row))), indent=4)
    if len(rows.rows) > MOST_ROWS:
        left = counted(len(rows.rows) - MOST_ROWS, "more row")
        page.para(Text(f"and {left}, in the file", style=DIM), indent=4)


def _add_setting(page: Page, setting: SettingRead) -> None:
    kind = "switch" if setting.switch else "number"
    page.para(Text.assemble((page.data(setting.name), STRONG), (f"  {kind}", DIM)), indent=2)
    if setting.question:
        page.para(Text(page.data(setting.question)), indent=4)
    width = max((len(answer.plan) for answer in setting.answers), default=0) + 2
    for answer in setting.answers:
        style = "" if answer.basis == STATED else DOUBT
        text = Text(page.data(answer_words(answer)), style=style)
        text.append(f" [{page.data(basis_words(answer))}]", style=DIM)
        page.para(text, indent=4, lead=Text(padded(page.data(answer.plan), width), style=DIM))
    if setting.others:
        others = page.data(", ".join(setting.others))
        page.para(Text(f"it could also be {others}", style=DIM), indent=4)


def answer_words(answer: PlanAnswer) -> str:
    """`sum: the minutes of all runs are added`."""
    said = f": {answer.said}" if answer.said else ""
    return f"{answer.value}{said}" + (f" ({answer.dates})" if answer.dates else "")


def basis_words(answer: PlanAnswer) -> str:
    """Where an answer comes from."""
    parts = (BASIS.get(answer.basis, answer.basis), answer.cite, answer.note)
    return "; ".join(part for part in parts if part)


def _add_named(page: Page, title: str, rules: Sequence[Named]) -> None:
    if not rules:
        return
    page.heading(title)
    for rule in rules:
        page.para(Text(page.data(rule.id), style=CODE), indent=2)
        page.para(Text(page.data(rule.text)), indent=4)


def _add_cases(page: Page, entry: RuleEntry) -> None:
    page.heading("Cases", counted(len(entry.examples), "case"))
    if not entry.examples:
        page.para(Text("no case speaks of it", style=DOUBT), indent=2)
    sides = [
        [example for example in entry.examples if (entry.id in example.silent) == silent]
        for silent in (False, True)
    ]
    shown = [example for side in sides for example in side[:MOST_CASES]]
    for example in shown:
        lead = Text(padded(_side(example, entry.id), KIND_WIDTH), style=DIM)
        text = Text.assemble(page.data(example.name), (f" [{page.data(example.place)}]", DIM))
        page.para(text, indent=2, lead=lead)
    left = len(entry.examples) - len(shown)
    if left > 0:
        told = f"and {left} more: infucode policy test --select {entry.id}"
        page.para(Text(told, style=DIM), indent=2)


def _side(example: Example, id: str) -> str:
    return "silent" if id in example.silent else "holds"
