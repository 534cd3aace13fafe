"""The manual as one self-contained page: no script, no network, folds without either."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence

from infucode import __version__
from infucode.render.html_style import STYLE
from infucode.render.manual_card import card, clause_link, links, rule_link
from infucode.render.manual_content import (
    Chapter,
    ClausePart,
    Dependencies,
    Manual,
    PlanAnswer,
    PredicateEntry,
    SettingRead,
)
from infucode.render.manual_picture import matrix
from infucode.render.manual_style import MANUAL_STYLE
from infucode.render.manual_terminal import answer_words, basis_words
from infucode.render.markup import Markup, el, join
from infucode.render.words import counted

PARTS = {
    "settings": "Switches and numbers",
    "predicates": "Predicates",
    "files": "Files and what they read",
    "index": "Every rule",
}
INTRODUCTION = (
    "The sources come first, clause by clause, each with the rules that carry it out. A rule "
    "stands in full at one clause and is linked from the others; what it needs to hold, in words "
    "and as it is written, folds out below it."
)
SETTINGS = (
    "A switch is a question that plans answer differently, or on which the sources are silent; a "
    "number stands in the rules by its name alone."
)
FILES = (
    "Each row is a file; a mark in it stands below the file that it reads. The squares are "
    "layers. Marks on the right of the diagonal are places that a later file fills, or files "
    "that read each other. Hold the pointer over a mark to see what is read."
)
PREDICATES = {
    "input": "Facts of the record",
    "outcome": "Outcomes",
    "assumed": "Supposed facts",
    "setting": "Settings of the plan",
    "table": "Tables",
    "": "Helpers of the rules",
}


def manual_page(manual: Manual) -> str:
    """The page. Equal manuals give equal bytes."""
    title = f"{manual.title}, version {manual.version}"
    plans = len({a.plan for setting in manual.settings for a in setting.answers})
    main = el(
        "main",
        _introduction(manual, title),
        (_chapter(chapter, manual.plan, plans) for chapter in manual.chapters),
        _settings(manual.settings),
        _predicates(manual.predicates),
        _files(manual.dependencies),
        _index(manual),
    )
    body = el("body", el("div", _contents(manual), main, class_="manual"), _footer())
    return f'<!doctype html>\n<html lang="en">\n{_head(title)}{body}</html>\n'


def _head(title: str) -> Markup:
    style = STYLE + MANUAL_STYLE
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'"
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="generator", content=f"infucode {__version__}"),
        el("title", f"{title} · infucode"),
        Markup(f"\n<style>{style}</style>\n"),
    )


def _introduction(manual: Manual, title: str) -> Markup:
    cases = sum(len(e.examples) + sum(n for _, n in e.more) > 0 for e in manual.entries)
    facts = (
        ("plan", manual.plan),
        ("version", f"{manual.version}, from {manual.since}"),
        ("layers", ", ".join(manual.layers)),
        ("rules", f"{len(manual.entries)}, of which {cases} have cases that name them"),
        ("rulebook", manual.digest),
    )
    return el(
        "header",
        el("h1", title),
        el("dl", (join(el("dt", k), el("dd", v)) for k, v in facts), class_="facts"),
        el("p", INTRODUCTION),
    )


def _contents(manual: Manual) -> Markup:
    sources = [_entry(c.key, c.title, len(c.entries)) for c in manual.chapters]
    parts = [_entry(key, title, None) for key, title in PARTS.items()]
    return el("nav", el("strong", "Sources and clauses"), el("ol", sources),
              el("strong", "Reference"), el("ol", parts))  # fmt: skip


def _entry(key: str, title: str, number: int | None) -> Markup:
    count = el("span", str(number), class_="count") if number is not None else None
    return el("li", el("a", title, href=f"#{key}"), count)


def _chapter(chapter: Chapter, plan: str, plans: int) -> Markup:
    note = el("small", counted(len(chapter.entries), "rule"))
    link = el("a", chapter.url, href=chapter.url) if chapter.url.startswith("https://") else None
    about = el("p", chapter.about, ". " if link else None, link, class_="about")
    clauses = [clause_link(part.clause.id) for part in chapter.parts if part.clause.id]
    several = el("p", (join(link, " ") for link in clauses), class_="papers clauses")
    parts = (_part(part, plan, plans) for part in chapter.parts)
    return el("section", el("h2", f"{chapter.title} ", note), about,
              several if len(clauses) > 1 else None, parts,
              class_="chapter", id=chapter.key)  # fmt: skip


def _part(part: ClausePart, plan: str, plans: int) -> Markup:
    clause = part.clause
    head = None
    if clause.id:
        also = el("p", "See ", links(rule.id for rule in part.elsewhere), class_="papers")
        none = el("p", part.reason or "No rule of this plan names it.", class_="papers")
        told = also if part.elsewhere else None if part.rules else none
        said = el("div", el("p", clause.gist), el("p", clause.cite, class_="papers")
                  if clause.cite else None, told)  # fmt: skip
        head = el("div", el("b", clause.id), said, class_="clause", id=f"clause-{clause.id}")
    return join(head, *(card(entry, plan, plans) for entry in part.rules))


def _settings(settings: Sequence[SettingRead]) -> Markup:
    names = ("Name", "Plan", "Answer", "Why")
    head = el("thead", el("tr", (el("th", name, scope="col") for name in names)))
    rows = (el("tbody", _setting(setting)) for setting in settings)
    table = el("div", el("table", head, rows, class_="answers"), class_="scroll")
    title = el("h2", PARTS["settings"])
    return el("section", title, el("p", SETTINGS), table, id="settings")


def _setting(setting: SettingRead) -> Iterator[Markup]:
    span = str(len(setting.answers))
    others = f"could also be {', '.join(setting.others)}" if setting.others else None
    name = el(
        "td",
        el("code", setting.name),
        el("p", setting.question) if setting.question else None,
        el("p", others, class_="papers") if others else None,
        el("p", "read by ", links(setting.rules), class_="papers") if setting.rules else None,
        rowspan=span,
        id=f"setting-{setting.name}",
    )
    for number, answer in enumerate(setting.answers):
        yield el("tr", name if not number else None, *_answer(answer))


def _answer(answer: PlanAnswer) -> Iterator[Markup]:
    yield el("td", answer.plan)
    yield el("td", answer_words(answer))
    yield el("td", basis_words(answer), class_="papers")


def _predicates(predicates: Sequence[PredicateEntry]) -> Markup:
    parts = []
    for kind, title in PREDICATES.items():
        own = [_predicate(predicate) for predicate in predicates if predicate.kind == kind]
        note = el("span", counted(len(own), "predicate"), class_="count")
        if own:
            parts.append(el("details", el("summary", f"{title} ", note), own))
    return el("section", el("h2", PARTS["predicates"]), parts, id="predicates")


def _predicate(predicate: PredicateEntry) -> Markup:
    told = "; ".join(f"{name}: {kind}" for name, kind in predicate.arguments)
    pairs = (("given by", predicate.given_by), ("read by", predicate.read_by))
    return el(
        "div",
        el("code", predicate.signature),
        el("p", predicate.text) if predicate.text else None,
        el("p", told, class_="papers") if told else None,
        el("p", f"absent: {predicate.absent}", class_="papers") if predicate.absent else None,
        (el("p", f"{word} ", links(ids), class_="papers") for word, ids in pairs if ids),
        class_="predicate",
        id=f"predicate-{predicate.anchor}",
    )


def _files(dependencies: Dependencies) -> Markup:
    cells = (
        (el("code", file.name), file.about, links(file.rules)) for file in dependencies.files
    )
    rows = (el("tr", (el("td", cell) for cell in row)) for row in cells)
    head = el("thead", el("tr", (el("th", name) for name in ("File", "About", "Rules"))))
    listing = el("details", el("summary", "The files and their rules"),
                 el("table", head, el("tbody", rows), class_="answers"))  # fmt: skip
    picture = el("div", matrix(dependencies), class_="scroll")
    title = el("h2", PARTS["files"])
    return el("section", title, el("p", FILES), picture, listing, id="files")


def _index(manual: Manual) -> Markup:
    ids = sorted(entry.id for entry in manual.entries)
    items = (el("li", rule_link(id)) for id in ids)
    return el("section", el("h2", PARTS["index"]), el("ul", items, class_="columns"), id="index")


def _footer() -> Markup:
    note = "Labels are short words of our own, not descriptors of the CPT code set."
    return el("footer", el("p", f"infucode {__version__}. {note}"))
