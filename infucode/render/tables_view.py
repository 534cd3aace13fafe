"""The imported tables for a person: what is there, what is missing, what they say of a code."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.shown import padded
from infucode.tables.editions import ADDON, MUE, PTP, TITLES, Edition
from infucode.tables.looking import Cover, Looked
from infucode.tables.rows import EXACT, AddOn, Missing, Mue, PtpEdit, Used

MOST_PAIRS = 40
_LIFTED = {0: "no modifier lifts it", 1: "a modifier may lift it", 9: "withdrawn"}
_JUDGED = {1: "a line", 2: "a date, absolute", 3: "a date, open to review"}
_TYPES = {
    1: "closed list",
    2: "the contractor makes the list",
    3: "the contractor may add to the list",
}
CLAIM_TITLES = {"facility": "Facility claims", "professional": "Professional claims"}
Damage = tuple[str, str]
"""The name of an edition that cannot be read, and why."""


def render_tables(
    folder: str,
    editions: Sequence[Edition],
    damage: Sequence[Damage],
    covers: Sequence[Cover],
    console: Console,
    *,
    ascii_only: bool = False,
) -> None:
    """Prints the editions, and for each quarter what answers and what is missing."""
    page = Page.on(console, ascii_only=ascii_only)
    page.para(Text.assemble("Tables in ", (page.data(folder), STRONG)))
    names = [edition.name for edition in editions] + [name for name, _ in damage]
    column = max(map(len, names), default=0)
    for edition in editions:
        add_edition(page, edition, column)
    for name, why in damage:
        lead = Text.assemble("  ", (padded(name, column), CODE), "  ")
        page.para(Text(f"damaged: {page.data(why)}", style=DOUBT), lead=lead)
    if not names:
        page.para(Text("none is imported: `infucode tables import FILE...`"), indent=2)
    for cover in covers:
        if cover.claim == next(iter(CLAIM_TITLES)):
            page.heading(f"What answers in {cover.quarter}")
        page.para(Text(CLAIM_TITLES[cover.claim]), indent=2)
        for answer in cover.answers:
            _add_answer(page, answer)
    page.print(console)


def _add_answer(page: Page, answer: Used | Missing) -> None:
    """What answers for a kind of table, with what is to be known of it; or why nothing does."""
    if isinstance(answer, Missing):
        page.para(Text(f"missing: {page.data(answer.says)}", style=DOUBT), indent=4)
    elif answer.basis == EXACT and not answer.edition.extract:
        page.para(Text(answer.edition.name, style=CODE), indent=4)
    else:
        page.para(Text(page.data(answer.says), style=DOUBT), indent=4)


def add_edition(page: Page, edition: Edition, column: int, state: str = "") -> None:
    """One edition: its name, its rows, where they came from, what is to be known of it."""
    first, *others = edition.origins
    origin = first.file + (f" and {len(others)} more" if others else "")
    rows = "1 row" if edition.rows == 1 else f"{edition.rows:,} rows"
    body = Text(f"{state}{rows} from {page.data(origin)}")
    if edition.extract:
        body.append("; an extract", style=DOUBT)
    page.para(body, lead=Text.assemble("  ", (padded(edition.name, column), CODE), "  "))
    for told in edition.notes:
        page.para(Text(page.data(told), style=DOUBT), indent=4 + column)


def render_imported(
    found: Sequence[tuple[str, Edition]], console: Console, *, ascii_only: bool = False
) -> None:
    """Prints what became of each edition that was to be imported."""
    page = Page.on(console, ascii_only=ascii_only)
    words = {"imported": "imported, ", "replaced": "replaced, ", "there": "was there already, "}
    column = max(len(edition.name) for _, edition in found)
    for state, edition in found:
        add_edition(page, edition, column, words[state])
    page.print(console)


def render_looked(
    looks: Sequence[Looked], console: Console, *, whole: bool, ascii_only: bool = False
) -> None:
    """Prints what the tables say of some codes, claim type by claim type."""
    page = Page.on(console, ascii_only=ascii_only)
    for look in looks:
        page.heading(f"{CLAIM_TITLES[look.slice.claim]}, {look.slice.date}")
        _add_kind(page, look, PTP)
        _add_pairs(page, look, whole=whole)
        _add_kind(page, look, MUE)
        found = {mue.code: mue for mue in look.slice.mue}
        for code in look.codes if look.slice.answered(MUE) else ():
            _add_mue(page, code, found.get(code), extract=_is_extract(look, MUE))
        _add_kind(page, look, ADDON)
        for addon in look.slice.addons:
            _add_addon(page, addon, look.slice.claim)
        if look.slice.answered(ADDON) and not look.slice.addons:
            page.para(Text("none of these is an add-on code there"), indent=4)
    page.print(console)


def _add_kind(page: Page, look: Looked, kind: str) -> None:
    """The edition that answers, or that none does."""
    answers: list[Used | Missing] = [*look.slice.used, *look.slice.missing]
    answer = next(item for item in answers if item.kind == kind)
    title = TITLES[kind][0].upper() + TITLES[kind][1:]
    if isinstance(answer, Missing):
        page.para(Text(page.data(f"not checked: {answer.says}"), style=DOUBT), indent=2)
        return
    page.para(Text.assemble((title, STRONG), (f"  {answer.edition.name}", DIM)), indent=2)
    if answer.basis != EXACT or answer.edition.extract:
        page.para(Text(page.data(answer.says), style=DOUBT), indent=4)


def _add_pairs(page: Page, look: Looked, *, whole: bool) -> None:
    if not look.slice.answered(PTP):
        return
    shown = look.pairs if whole else look.pairs[:MOST_PAIRS]
    for edit in shown:
        _add_pair(page, edit)
    if not look.pairs:
        page.para(Text("no pair is in force"), indent=4)
    if len(shown) < len(look.pairs):
        more = len(look.pairs) - len(shown)
        page.para(Text(f"and {more:,} more pairs; `--all` lists them", style=DIM), indent=4)
    for edit in look.past:
        _add_pair(page, edit, "not in force then: ", DIM)


def _add_pair(page: Page, edit: PtpEdit, told: str = "", style: str = "") -> None:
    until = f" to {edit.deleted}" if edit.deleted else ""
    when = f"from {edit.effective}{until}" if until else f"since {edit.effective}"
    lead = Text.assemble("    ", (f"{edit.column1} > {edit.column2}", style or CODE), "  ")
    body = Text(f"{told}{_LIFTED[edit.indicator]}, {when}", style=style)
    body.append(f" [{page.data(edit.rationale)}]", style=DIM)
    page.para(body, lead=lead)


def _is_extract(look: Looked, kind: str) -> bool:
    return any(used.edition.extract for used in look.slice.used if used.kind == kind)


def _add_mue(page: Page, code: str, mue: Mue | None, *, extract: bool) -> None:
    lead = Text.assemble("    ", (code, CODE), "  ")
    if mue is None:
        told = "no value is in this extract" if extract else "no value is published"
        page.para(Text(f"{told}; that is not the same as no limit"), lead=lead)
        return
    body = Text(f"{mue.units:,} for {_JUDGED[mue.indicator]}")
    body.append(f" [{page.data(mue.rationale)}]", style=DIM)
    page.para(body, lead=lead)


def _add_addon(page: Page, addon: AddOn, claim: str) -> None:
    other = next(name for name in CLAIM_TITLES if name != claim)
    listed = ", ".join(addon.primaries) or "none"
    body = Text(f"type {addon.type}, {_TYPES[addon.type]}; primaries: {listed}")
    if addon.elsewhere:
        body.append(f"; on {other} claims also {', '.join(addon.elsewhere)}")
    page.para(body, lead=Text.assemble("    ", (addon.code, CODE), "  "))


