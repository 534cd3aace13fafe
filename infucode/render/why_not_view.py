"""The answer to `why-not`, as a person reads it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.why_not import Lack, Miss, WhyNot
from infucode.render.answer_head import add_answer_head
from infucode.render.content import origins_of, sets_words
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.proof_tree import add_proof
from infucode.render.words import administration_words, counted, service_words

INDENT = 2


def render_why_not(
    encounter: Encounter,
    found: WhyNot,
    *,
    console: Console,
    ascii_only: bool = False,
    full: bool = False,
) -> None:
    """Prints what stands between a record and a code."""
    page = Page.on(console, ascii_only=ascii_only)
    add_answer_head(page, encounter, found, found.total)
    label = f" ({found.label})" if found.label else ""
    page.blank()
    page.para(Text(page.data(f"Why not {found.code}{label}?"), style=CODE))
    for item in found.reported:
        where = f" in code {sets_words(item.sets)}" if item.sets else ""
        times = f"{page.glyphs.times}{item.line.units}"
        page.blank()
        page.para(Text(page.data(f"{found.code} is reported{where} {times}."), style=STRONG))
        page.para(Text(page.data("; ".join(origins_of(item.line, encounter)))), indent=INDENT)
    if found.misses:
        add_misses(page, encounter, found, full)
    elif not found.reported:
        _add_nothing(page, found)
    page.print(console)


def add_misses(page: Page, encounter: Encounter, found: WhyNot, full: bool) -> None:
    """Adds what stands between the record and the code, nearest first."""
    page.heading("Nearest first", "what would have to be otherwise")
    about = None
    seen: set[str] = set()
    for miss in found.misses:
        whom = miss.administration or miss.service or ""
        if (whom, miss.sets) != about:
            _add_whom(page, encounter, miss)
            about = whom, miss.sets
        else:
            page.para(Text("or", style=DIM), indent=INDENT)
        for lack in miss.lacks:
            _add_lack(page, lack, full=full, again=lack.says in seen)
            seen.add(lack.says)
    if found.more:
        page.blank()
        more = counted(found.more, "further miss", "further misses")
        page.para(Text(f"{more}; --full shows all, with how each came about.", style=DIM))


def _add_whom(page: Page, encounter: Encounter, miss: Miss) -> None:
    words = service_words if miss.service else administration_words
    page.blank()
    page.para(Text(page.data(words(miss.administration or miss.service or "", encounter)),
                   style=STRONG))  # fmt: skip
    if miss.sets:
        page.para(Text(f"in code {sets_words(miss.sets)}", style=DOUBT), indent=INDENT)
    if miss.became:
        page.para(Text(page.data(miss.became), style=DIM), indent=INDENT)


def _add_lack(page: Page, lack: Lack, *, full: bool, again: bool) -> None:
    """A condition that fails; what stands further up already is told in short."""
    text = Text(page.data(lack.says))
    if again:
        text.append(" (as above)", style=DIM)
    elif lack.cite:
        text.append(page.data(f" [{lack.cite}; {lack.rule}]"), style=DIM)
    page.para(text, indent=INDENT, lead=Text(f"{page.glyphs.bullet} ", style=DIM))
    if again or not full:
        return
    if lack.rule and lack.text:
        page.para(Text(page.data(lack.text), style=DIM), indent=2 * INDENT)
    for step in lack.because:
        add_proof(page, step, indent=2 * INDENT)


def _add_nothing(page: Page, found: WhyNot) -> None:
    """A code that nothing here comes near to."""
    page.blank()
    if found.uses:
        page.para(Text(page.data(f"Nothing in this record comes near to {found.code}."),
                       style=STRONG))  # fmt: skip
        for use in found.uses:
            lead = Text("the rules know it as  ", style=DIM)
            page.para(Text(page.data(use)), indent=INDENT, lead=lead)
    else:
        said = f"These rules never give {found.code}: none of their tables holds it."
        page.para(Text(page.data(said), style=STRONG))
        page.para(Text("They code infusions, injections and what goes with them; the codes of "
                       "other services pass through from the record."))  # fmt: skip
    have = ", ".join(found.others)
    page.para(Text(page.data(f"The claim has {have}." if have else "The claim has no line.")))
