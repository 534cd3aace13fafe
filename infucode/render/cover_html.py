"""Coverage as one page: the text of every rule, each condition coloured; nothing is loaded."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence

from infucode import __version__
from infucode.model.cover import Covered, CoveredCondition, CoveredRule, Share, share_of
from infucode.render.cover_words import KINDS, lacks, percent, sentences
from infucode.render.html_style import STYLE
from infucode.render.markup import Markup, el, join, text

OWN_STYLE = """
.all { background: var(--good-soft); } .some { background: var(--doubt-soft); }
.none { background: var(--bad-soft); } .name { color: var(--quiet); }
.all, .some, .none { border-radius: 3px; padding: 0 .15rem; }
.some { border-bottom: 2px solid var(--doubt); } .none { border-bottom: 2px dashed var(--bad); }
pre { font: .82rem/1.55 var(--mono); background: var(--soft); padding: .6rem .8rem;
      margin: .3rem 0; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
.rule { break-inside: avoid; margin: 1rem 0; }
.open { font-size: .86rem; color: var(--doubt); }
.share { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
"""
LEGEND = (
    ("all", "everything is shown, or needs no case"),
    ("some", "something is not shown"),
    ("none", "nothing is shown"),
    ("name", "gives a name to a value, and cannot fail"),
)


def cover_html(covered: Covered, extra: Sequence[str] = ()) -> str:
    """The page."""
    by_file: dict[str, list[CoveredRule]] = {}
    for rule in covered.rules:
        by_file.setdefault(rule.file, []).append(rule)
    main = el(
        "main",
        el("h1", f"Coverage of {covered.folder}"),
        [el("p", line) for line in (*sentences(covered), *extra)],
        el("p", join(*_legend())),
        el("h2", "By source"), _table(covered.shares("source")),
        el("h2", "By file"), _table([share_of(f, own) for f, own in by_file.items()], link=True),
        el("h2", "By clause"), _table(covered.shares("clause")),
        [_file(number, name, own) for number, (name, own) in enumerate(by_file.items(), 1)],
    )  # fmt: skip
    body = el("body", main, el("footer", el("p", f"infucode {__version__}")))
    return f'<!doctype html>\n<html lang="en">\n{_head(covered)}{body}</html>\n'


def _head(covered: Covered) -> Markup:
    style = STYLE + OWN_STYLE
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'"
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"Coverage of {covered.folder} · infucode"),
        Markup(f"\n<style>{style}</style>\n"),
    )


def _legend() -> Iterator[Markup]:
    for kind, says in LEGEND:
        yield el("span", says, class_=kind)
        yield text(" ")


def _table(shares: Sequence[Share], *, link: bool = False) -> Markup:
    rows = []
    for number, share in enumerate(shares, 1):
        name: str = el("a", share.name, href=f"#file-{number}") if link else share.name
        if share.of:
            shown = el("td", f"{share.shown} of {share.of}", class_="share")
            part = el("td", percent(share), class_="share")
            rows.append(el("tr", el("td", name), part, shown))
    return el("div", el("table", el("tbody", rows)), class_="scroll")


def _file(number: int, name: str, rules: Sequence[CoveredRule]) -> Markup:
    share = share_of(name, rules)
    title = el("h2", f"{name} ", el("small", percent(share)), id=f"file-{number}")
    return el("section", title, [_rule(rule) for rule in rules])


def _rule(rule: CoveredRule) -> Markup:
    share = share_of(rule.id, [rule])
    cited = ", ".join((*rule.sources, *rule.clauses))
    lead = el("p", el("code", rule.id), f" line {rule.line}, {share.shown} of {share.of} ",
              el("span", cited, class_="papers"))  # fmt: skip
    lacking = [
        el("li", el("code", condition.text), f": {lacks(sight, condition)}")
        for condition in rule.conditions
        for sight in condition.open
    ]
    return el(
        "div", lead, el("pre", join(*_coloured(rule))),
        el("ul", lacking, class_="open") if lacking else None,
        class_="rule",
    )  # fmt: skip


def _coloured(rule: CoveredRule) -> Iterator[Markup]:
    """The text of a rule; where its conditions cannot be told apart, as it is."""
    parts = [(c.span, c) for c in rule.conditions if c.span is not None]
    done = 0
    for (first, last), condition in sorted(parts, key=lambda part: part[0]):
        yield _lines(rule.text[done:first])
        body = _lines(rule.text[first:last])
        yield el("span", body, class_=_kind(condition), title=_title(condition))
        done = last
    yield _lines(rule.text[done:])


def _lines(data: str) -> Markup:
    """Text whose line breaks stay."""
    return Markup("\n".join(text(line) for line in data.split("\n")))


def _kind(condition: CoveredCondition) -> str:
    if not condition.sights:
        return "name"
    if not condition.open:
        return "all"
    return "none" if len(condition.open) == len(condition.sights) else "some"


def _title(condition: CoveredCondition) -> str | None:
    """Which case shows what, for who points at it."""
    told = [
        f"{sight.kind}: {sight.case or sight.settled or sight.reason or KINDS[sight.kind]}"
        for sight in condition.sights
    ]
    return "; ".join(told) or None
