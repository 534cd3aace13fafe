"""Coverage for a terminal: the totals, a row for each group, and what no case shows."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from infucode.model.cover import Covered, CoveredRule, Share, share_of
from infucode.render.cover_words import lacks, percent, sentences
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.words import counted

FULL, LOW = "green", "bold red"
HALF = 50


def render_cover(
    covered: Covered,
    console: Console,
    *,
    by: str,
    detailed: Sequence[CoveredRule] = (),
    extra: Sequence[str] = (),
    ascii_only: bool = False,
) -> None:
    """Print it. ``detailed`` are the rules whose open conditions are listed."""
    page = Page.on(console, ascii_only=ascii_only)
    lead = Text("Coverage  ", style=STRONG)
    for text in (*sentences(covered), *extra):
        page.para(Text(page.data(text)), lead=lead)
        lead = Text(" " * len(lead.plain))
    if detailed:
        own = share_of("", detailed)
        page.heading(f"{counted(len(detailed), 'rule')} asked about",
                     f"{percent(own)}, {own.shown} of {own.of}")  # fmt: skip
        for rule in detailed:
            _add_rule(page, rule)
    else:
        _add_shares(page, covered.shares(by), by)
    page.print(console)


def _add_shares(page: Page, shares: Sequence[Share], by: str) -> None:
    page.heading(f"By {by}", "least shown first")
    for share in sorted((s for s in shares if s.of), key=lambda s: (s.percent, s.name)):
        style = FULL if share.shown == share.of else LOW if share.percent < HALF else DOUBT
        row = Text(f"{percent(share):>8}", style=style)
        row.append(f"  {share.shown:>5} of {share.of:<5} ", style=DIM)
        page.para(Text(page.data(share.name)), lead=row)


def _add_rule(page: Page, rule: CoveredRule) -> None:
    page.blank()
    share = share_of(rule.id, [rule])
    head = Text(page.data(rule.id), style=CODE)
    head.append(f"  {share.shown} of {share.of}", style="not bold default")
    head.append(page.data(f"  {rule.file}:{rule.line}"), style=DIM)
    page.para(head)
    page.para(Text(page.data(rule.text[slice(*rule.head)].strip()), style=DIM), indent=2)
    for condition in rule.conditions:
        for sight in condition.open:
            lead = Text(f"{page.glyphs.bullet} ", style=DOUBT)
            text = Text(page.data(condition.text))
            text.append(page.data(f": {lacks(sight, condition)}"), style=DOUBT)
            page.para(text, indent=2, lead=lead)
    for condition in rule.conditions:
        for sight in condition.sights:
            if sight.settled or sight.reason:
                said = f"{sight.kind}: {sight.settled or sight.reason}"
                text = Text(page.data(f"{condition.text}: {said}"), style=DIM)
                page.para(text, indent=2, lead=Text("may: ", style=DIM))
    if share.shown == share.of:
        page.para(Text("everything is shown", style=FULL), indent=2)
