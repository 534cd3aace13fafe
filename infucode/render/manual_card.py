"""A rule of the manual in HTML: sentence, papers, logic in words, answers, worked examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from infucode.render.manual_content import (
    KINDS,
    Condition,
    Example,
    Logic,
    Rows,
    RuleEntry,
    SettingRead,
)
from infucode.render.markup import Markup, el, join, text
from infucode.render.rules_view import force_words
from infucode.render.words import counted


def rule_link(id: str) -> Markup:
    """A link to a rule's card."""
    return el("a", el("code", id), href=f"#{id}")


def clause_link(id: str) -> Markup:
    """A link to a clause."""
    return el("a", id, href=f"#clause-{id}")


def links(ids: Iterable[str]) -> Markup:
    """Links to several rules, with commas."""
    return join(*(join(", " if n else None, rule_link(id)) for n, id in enumerate(ids)))


def card(entry: RuleEntry, plan: str, plans: int) -> Markup:
    """The card of a rule; its logic, tables, examples and neighbours fold out."""
    detail = entry.detail
    return el(
        "section",
        el("h4", detail.text),
        el("div", entry.id, class_="id"),
        el("p", detail.says, class_="message") if detail.says else None,
        el("p", f"Asked because: {entry.matters}", class_="quiet") if entry.matters else None,
        _papers(entry, plans),
        _folded("The logic in words", counted(len(entry.logic), "rule"), _logics(entry.logic)),
        (_table(rows) for rows in entry.tables),
        _folded("Worked examples", _cases_counted(entry), _examples(entry, plan)),
        _neighbours(entry),
        class_="card",
        id=entry.id,
    )


def _papers(entry: RuleEntry, plans: int) -> Markup:
    rows: list[tuple[str, Markup | str]] = [("source", entry.detail.cite)]
    if len(entry.clauses) > 1:
        named = (clause_link(clause.id) for clause in entry.clauses)
        rows.append(("clauses", join(*(join(link, " ") for link in named))))
    if force_words(entry.detail):
        rows.append(("in force", force_words(entry.detail)))
    if entry.beats:
        rows.append(("sets aside", links(rule.id for rule in entry.beats)))
    if entry.beaten_by:
        rows.append(("set aside by", links(rule.id for rule in entry.beaten_by)))
    if entry.settings:
        rows.append(("answers", join(*(_answered(setting) for setting in entry.settings))))
    if len(entry.plans) < plans:
        rows.append(("plans", ", ".join(entry.plans)))
    rows.append(("file", entry.detail.place))
    return el("dl", (join(el("dt", name), el("dd", value)) for name, value in rows))


def _answered(setting: SettingRead) -> Markup:
    """`missing_stop: ask here, derive in medicare`."""
    told: dict[str, list[str]] = {}
    for answer in setting.answers:
        told.setdefault(answer.value, []).append(answer.plan)
    if len(told) == 1:
        said = next(iter(told))
    else:
        said = ", ".join(f"{value} ({', '.join(plans)})" for value, plans in told.items())
    link = el("a", el("code", setting.name), href=f"#setting-{setting.name}")
    return el("div", link, f" {said}")


def _folded(title: str, note: str, body: Iterable[Markup]) -> Markup | None:
    parts = list(body)
    if not parts:
        return None
    head = el("summary", f"{title} ", el("span", note, class_="count"))
    return el("details", head, parts)


def _logics(logics: Sequence[Logic]) -> Iterator[Markup]:
    told: set[str] = set()
    for logic in logics:
        gloss = f" {logic.gloss}" if logic.gloss and logic.gloss not in told else None
        told.add(logic.gloss)
        yield el(
            "div",
            el("div", logic.gives, el("small", gloss) if gloss else None, class_="gives"),
            _conditions(logic.conditions, told),
            el("pre", Markup("\n".join(text(line) for line in logic.source.split("\n")))),
            class_="logic",
        )


def _conditions(conditions: Sequence[Condition], told: set[str]) -> Markup | None:
    if not conditions:
        return None
    items = [_condition(condition, told) for condition in conditions]
    return el("ul", items, class_="conditions")


def _condition(condition: Condition, told: set[str]) -> Markup:
    kind = el("span", KINDS[condition.kind], class_=f"kind {condition.kind}")
    gloss = condition.gloss if condition.gloss not in told else ""
    told.add(condition.gloss)
    named = links(condition.rules) if condition.kind != "unless" else join()
    between = ": " if gloss and condition.rules else None
    words: Markup | str = condition.text
    if condition.kind == "unless":
        words = join(links(condition.rules), " goes first")
    said = el("span", named, between, gloss, class_="gloss") if gloss or named else None
    line = el("div", kind, el("div", words, said), class_="line")
    return el("li", line, _conditions(condition.below, told))


def _table(rows: Rows) -> Markup:
    head = el("thead", el("tr", (el("th", name, scope="col") for name in rows.columns)))
    body = el("tbody", (el("tr", (el("td", cell) for cell in row)) for row in rows.rows))
    note = counted(len(rows.rows), "row")
    title = el("summary", f"Table “{rows.name}” ", el("span", note, class_="count"))
    gloss = el("p", rows.gloss, class_="quiet") if rows.gloss else None
    shown = el("table", head if rows.columns else None, body, class_="rows")
    return el("details", title, gloss, el("div", shown, class_="scroll"))


def _cases_counted(entry: RuleEntry) -> str:
    return f"of {counted(len(entry.examples) + sum(n for _, n in entry.more), 'case')}"


def _examples(entry: RuleEntry, plan: str) -> Iterator[Markup]:
    for example in entry.examples:
        yield _example(example, entry.id, plan)
    if entry.more:
        told = ", ".join(f"{number} in {file}" for file, number in entry.more)
        yield el("p", f"Further cases: {told}", class_="papers")


def _example(example: Example, id: str, plan: str) -> Markup:
    side = "it does not hold" if id in example.silent else "it holds"
    note = f"{side}; {example.place}"
    if example.plan != plan:
        note += f"; judged by {example.plan}"
    return el(
        "div",
        el("p", example.name, " ", el("small", note, class_="papers")),
        el("ul", (el("li", fact) for fact in example.facts)),
        el("ul", (el("li", line) for line in example.expected), class_="expected")
        if example.expected
        else None,
        el("p", example.why, class_="quiet") if example.why else None,
        class_="visit",
    )


def _neighbours(entry: RuleEntry) -> Markup | None:
    pairs = (("reads what these give", entry.reads), ("is read by", entry.read_by))
    rows = [
        join(el("dt", name), el("dd", links(rule.id for rule in rules)))
        for name, rules in pairs
        if rules
    ]
    if not rows:
        return None
    note = f"{len(entry.reads)} before, {len(entry.read_by)} behind"
    head = el("summary", "Neighbours ", el("span", note, class_="count"))
    return el("details", head, el("dl", rows))
