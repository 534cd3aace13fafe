"""What changes in a file of encounters, as a person reads it, as JSON and as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from infucode.model.proving import Side
from infucode.model.replay import (
    ChangedEncounter,
    ChangedItem,
    KindChanges,
    RejectedDocument,
    Replay,
)
from infucode.render.batch_sections import Column, Section, Sections
from infucode.render.batch_terminal import render_sections
from infucode.render.csv_rows import safe_cell
from infucode.render.diff_view import earned_words, rules_words, side_to_json
from infucode.render.page import CODE, DIM, DOUBT, Page
from infucode.render.words import counted

SCHEMA = "infucode.replay.v1"
TITLE = "What changes from A to B"
COLUMNS = (
    "place", "encounter", "fate", "outcome_a", "outcome_b", "about", "differing", "a", "b",
    "rules_a", "rules_b", "reason",
)  # fmt: skip
"""Of the rows of each encounter that changes and each document that is rejected."""
SUCH = Column("such as", "examples", "ids")


def render_replay(found: Replay, *, top: int, console: Console, ascii_only: bool = False) -> None:
    """Prints the counts, the largest changes, and an example of each kind."""
    render_sections(replay_sections(found, top), console, ascii_only=ascii_only)
    page = Page.on(console, ascii_only=ascii_only)
    kinds = _kinds(found)
    if kinds:
        page.row(Text())
        page.heading("The smallest example of each kind")
    for number, kind in enumerate(kinds[:top], 1):
        _add_kind(page, number, kind)
    if len(kinds) > top:
        page.para(Text(f"and {len(kinds) - top:,} more kinds; --top shows them", style=DIM))
    page.print(console)


def _add_kind(page: Page, number: int, kind: KindChanges) -> None:
    least, item = kind.smallest, kind.item
    head = f"{number}. {_said(kind.one)} against {_said(kind.other)}"
    page.heading(page.data(head), counted(kind.encounters, "encounter"))
    if least is None:
        return
    page.para(Text(page.data(f"{least.id}, {least.place}")), indent=2)
    if item is None:
        page.para(Text("The possible code sets are others.", style=DOUBT), indent=2)
        return
    for name, side in (("A", item.one), ("B", item.other)):
        rules = f"[{rules_words(side)}]"
        said = page.data(f"{item.id}: {earned_words(side)}  ")
        text = Text.assemble(said, (page.data(rules), DIM))
        page.para(text, indent=2, lead=Text(f"{name}  ", style=CODE))


def replay_sections(found: Replay, top: int | None) -> Sections:
    """The counts as tables, the largest first, at most `top` rows of each."""
    rejected = found.rejected.total()
    about = [
        ("A", found.sides[0]),
        ("B", found.sides[1]),
        ("file", ", ".join(found.files)),
        (
            "encounters",
            f"read {found.read:,} = same {found.same:,} + changed {found.changed:,} + "
            f"rejected {rejected:,}",
        ),
    ]
    tables = [
        _section("outcomes", "Outcomes", _outcomes(found), top, (
            Column("A", "a", "name"), Column("B", "b", "name"),
            Column("encounters", "encounters", bar=True), Column("changed", "changed"),
        )),
        _section("codes", "Codes that change", _codes(found), top, (
            Column("code", "code", "code"), Column("encounters", "encounters", bar=True),
            Column("gained", "gained"), Column("lost", "lost"),
            Column("otherwise", "otherwise"), Column("units A", "units_a", spare=True),
            Column("units B", "units_b", spare=True), SUCH,
        ), "Gained: only B has the code; lost: only A has it; otherwise: other units, modifiers "
           "or code sets. Units of encounters with one code set on each side."),
        _section("rules", "Rules that decide on one side alone", _rules(found), top, (
            Column("rule", "rule", "name"), Column("encounters", "encounters", bar=True),
            Column("only A", "only_a"), Column("only B", "only_b"), SUCH,
        )),
        _section("kinds", "What decides in A, and in B instead", _kind_rows(found), top, (
            Column("A", "a", "words"), Column("B", "b", "words"),
            Column("encounters", "encounters", bar=True), Column("such as", "such_as", "name"),
        )),
    ]  # fmt: skip
    sections = tables if found.changed else tables[:1]
    return Sections(SCHEMA, TITLE, about, _notes(found), sections, {})


def _section(
    id: str,
    title: str,
    rows: Sequence[dict[str, Any]],
    top: int | None,
    columns: Sequence[Column],
    note: str = "",
) -> Section:
    most = len(rows) if top is None else top
    return Section(id, title, columns, rows[:most], max(len(rows) - most, 0), note)


def _notes(found: Replay) -> list[str]:
    notes = []
    if not found.complete:
        notes.append(
            "stopped before the end of the files; what follows holds of what was read until then"
        )
    if not found.changed and found.read > found.rejected.total():
        notes.append("no encounter that was read changes")
    neither = found.outcomes["blocked", "blocked"] - found.changed_outcomes["blocked", "blocked"]
    if neither:
        notes.append(
            f"of {neither:,} that are the same neither side can tell: a record with gaps, or a "
            "date on which no version is in force"
        )
    for one in found.refused:
        notes.append(f"rejected {one.place}: {one.reason}")
    more = found.rejected.total() - len(found.refused)
    if more > 0:
        notes.append(f"and {more:,} more were rejected; --list FILE writes them all")
    return notes


def _outcomes(found: Replay) -> list[dict[str, Any]]:
    return [
        {"a": one, "b": other, "encounters": number,
         "changed": found.changed_outcomes[one, other]}
        for (one, other), number in sorted(
            found.outcomes.items(), key=lambda item: (-item[1], item[0])
        )
    ]  # fmt: skip


def _codes(found: Replay) -> list[dict[str, Any]]:
    return [
        {"code": own.code, "encounters": own.encounters, **{
            fate: own.fates[fate] for fate in ("gained", "lost", "otherwise")
        }, "units_a": own.units_one, "units_b": own.units_other, "examples": own.examples}
        for own in sorted(found.codes.values(), key=lambda own: (-own.encounters, own.code))
    ]  # fmt: skip


def _rules(found: Replay) -> list[dict[str, Any]]:
    rows = [
        {"rule": own.rule, "encounters": own.only_one + own.only_other,
         "only_a": own.only_one, "only_b": own.only_other, "examples": own.examples}
        for own in found.rules.values()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-int(str(row["encounters"])), str(row["rule"])))


def _kinds(found: Replay) -> list[KindChanges]:
    return sorted(found.kinds.values(), key=lambda own: (-own.encounters, own.one, own.other))


def _kind_rows(found: Replay) -> list[dict[str, Any]]:
    return [
        {"a": _said(kind.one), "b": _said(kind.other), "encounters": kind.encounters,
         "items": kind.items, "such_as": kind.smallest.id if kind.smallest else "",
         "place": kind.smallest.place if kind.smallest else ""}
        for kind in _kinds(found)
    ]  # fmt: skip


def _said(rules: Sequence[str]) -> str:
    return ", ".join(rules) or "nothing"


def replay_to_json(found: Replay) -> dict[str, Any]:
    """The same as plain data, every row of every table, the largest first."""
    tables = {section.id: list(section.rows) for section in replay_sections(found, None).sections}
    kinds = _kinds(found)
    if kinds:
        tables["kinds"] = [_kind(kind) for kind in kinds]
    return {
        "schema": SCHEMA,
        "sides": list(found.sides),
        "files": list(found.files),
        "complete": found.complete,
        "seconds": round(found.seconds, 3),
        "read": found.read,
        "same": found.same,
        "changed": found.changed,
        "rejected": dict(sorted(found.rejected.items())),
        "refused": [{"place": one.place, "reason": one.reason} for one in found.refused],
        "tables": tables,
    }


def _kind(kind: KindChanges) -> dict[str, Any]:
    least, item = kind.smallest, kind.item
    example = least and {
        "place": least.place,
        "encounter": least.id,
        "outcomes": list(least.outcomes),
        "about": item.id if item else None,
        "differing": item.differing.name if item else None,
        "sides": [side_to_json(item.one), side_to_json(item.other)] if item else [],
    }
    return {
        "rules": [list(kind.one), list(kind.other)],
        "encounters": kind.encounters,
        "items": kind.items,
        "smallest": example,
    }


def detail_rows(one: ChangedEncounter | RejectedDocument) -> Iterator[list[str]]:
    """The rows of an encounter that changes, one for each administration or service, or of a
    document that was rejected; cells in the order of `COLUMNS`."""
    if isinstance(one, RejectedDocument):
        row = [one.place, "", "rejected", *[""] * 8, f"{one.error}: {one.reason}"]
        yield [safe_cell(cell) for cell in row]
        return
    for item in one.items or (None,):
        told = [""] * 6 if item is None else _cells(item)
        row = [one.place, one.id, "changed", *one.outcomes, *told, ""]
        yield [safe_cell(cell) for cell in row]


def _cells(item: ChangedItem) -> list[str]:
    sides: tuple[Side, Side] = item.one, item.other
    earned = [earned_words(side) for side in sides]
    return [item.id, item.differing.name, *earned, *("; ".join(side.rules) for side in sides)]
