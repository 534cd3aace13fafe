"""The self-contained page: no script, no network, printable, the same bytes for equal input."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence

from infucode import __version__
from infucode.render.html_answer import answer_html
from infucode.render.html_style import STYLE
from infucode.render.html_timeline import hatches
from infucode.render.markup import Markup, el, join
from infucode.render.report import Answer, Refusal, Result, overview_of
from infucode.render.words import counted

COLUMNS = ("Encounter", "File", "Policy", "Outcome", "Lines", "Questions")


def html_page(results: Sequence[Result]) -> str:
    """One page: an overview where there are several results, then a section for each answer."""
    several = len(results) > 1
    answers = [result for result in results if isinstance(result, Answer)]
    title = f"{counted(len(results), 'encounter')}" if several else _title(answers)
    sections = [
        answer_html(result, number=number)
        for number, result in enumerate(results, 1)
        if isinstance(result, Answer)
    ]
    overview = _overview(results) if several else None
    return whole_page(title, hatches(), overview, el("main", sections))


def whole_page(title: str, *parts: Markup | None) -> str:
    """The page around its parts."""
    body = el("body", *parts, _footer())
    return f'<!doctype html>\n<html lang="en">\n{_head(title)}{body}</html>\n'


def _title(answers: Sequence[Answer]) -> str:
    return answers[0].encounter.id if answers else "no answer"


def _head(title: str) -> Markup:
    """Nothing may load or run but the style that stands here, whatever the data holds."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'"
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="generator", content=f"infucode {__version__}"),
        el("title", f"{title} · infucode"),
        Markup(f"\n<style>{STYLE}</style>\n"),
    )


def _overview(results: Sequence[Result]) -> Markup:
    rows = []
    for number, result in enumerate(results, 1):
        rows.append(refused(result) if isinstance(result, Refusal) else _row(result, number))
    head = el("thead", el("tr", (el("th", name, scope="col") for name in COLUMNS)))
    table = el("table", head, el("tbody", rows), class_="overview")
    title = el("h1", counted(len(results), "encounter"))
    return el("header", title, el("div", table, class_="scroll"))


def _row(answer: Answer, number: int) -> Markup:
    seen = overview_of(answer)
    link = el("a", answer.encounter.id, href=f"#encounter-{number}")
    badge = el("span", seen.outcome, class_=f"outcome {answer.solution.outcome}")
    last = len(seen.lines) - 1
    lines = (
        join(el("span", line, class_="whole"), None if index == last else ", ")
        for index, line in enumerate(seen.lines)
    )
    cells = (link, answer.file, seen.policy, badge, join(lines), str(seen.questions or ""))
    return el("tr", (el("td", cell) for cell in cells))


def refused(refusal: Refusal) -> Markup:
    """A file without an answer, as a row of the overview."""
    badge = el("span", "no answer", class_="outcome refused")
    reasons = (el("p", reason) for reason in refusal.reasons)
    return el("tr", el("td"), el("td", refusal.file), el("td"), el("td", badge),
              el("td", reasons, colspan="2"))  # fmt: skip


def _footer() -> Markup:
    made = f"infucode {__version__}"
    note = "Labels are short words of our own, not descriptors of the CPT code set."
    return el("footer", el("p", join(made, ". "), note))
