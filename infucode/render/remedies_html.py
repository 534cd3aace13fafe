"""Conflicts and repairs on a page: each repair as a small table of before and after."""

from __future__ import annotations

from infucode.model.claim import Checked, Repair
from infucode.model.encounter import Encounter
from infucode.render.markup import Markup, el, join
from infucode.render.remedies_content import (
    CONFLICTS,
    CONFLICTS_NOTE,
    NEEDS,
    REPAIRS,
    REPAIRS_NOTE,
    changes,
    conflict_words,
    cut_off,
    needs_of,
    outcome_words,
    remedies_in,
)

TIMES = "×"
TITLES = ("Line", "As claimed", "As it would be", "Edit")
BADGE = {"valid": "coded", "review": "ambiguous", "undecided": "ambiguous"}


def remedies_html(encounter: Encounter, checked: Checked) -> Markup | None:
    """Both sections, as far as there is anything in them."""
    parts = [_conflicts(encounter, checked), _repairs(checked)]
    kept = [part for part in parts if part is not None]
    return join(*kept) if kept else None


def _conflicts(encounter: Encounter, checked: Checked) -> Markup | None:
    found = remedies_in(checked).conflicts
    if not found:
        return None
    made = [
        el("li", el("strong", conflict_words(item, encounter)), " ",
           el("span", ", ".join(item.rules), class_="quiet"))
        for item in found
    ]  # fmt: skip
    title = el("h2", f"{CONFLICTS} ", el("small", CONFLICTS_NOTE))
    return join(title, el("ul", made, class_="remarks"))


def _repairs(checked: Checked) -> Markup | None:
    remedies = remedies_in(checked)
    limits = cut_off(remedies)
    if not remedies.repairs and not limits:
        return None
    parts = [el("h2", f"{REPAIRS} ", el("small", REPAIRS_NOTE))]
    for number, repair in enumerate(remedies.repairs, 1):
        parts.append(_repair(number, repair, checked))
    needed = [el("li", says) for says in needs_of(remedies)]
    if needed:
        parts += [el("h3", NEEDS), el("ul", needed, class_="remarks")]
    parts += [el("p", said, class_="doubt") for said in limits]
    return join(*parts)


def _repair(number: int, repair: Repair, checked: Checked) -> Markup:
    begins = remedies_in(checked).begins
    badge = el("span", outcome_words(repair), class_=f"outcome {BADGE.get(repair.outcome, '')}")
    head = el("thead", el("tr", (el("th", title, scope="col") for title in TITLES)))
    rows = [
        el("tr", el("td", change.line), el("td", change.before, class_="mod"),
           el("td", el("strong", change.after), class_="whole"), el("td", change.says))
        for change in changes(repair, begins, TIMES)
    ]  # fmt: skip
    title = el("h3", f"{number} ", badge)
    table = el("table", head, el("tbody", rows), class_="lines")
    return join(title, el("div", table, class_="scroll"))
