"""The manual as Markdown pages that link to each other: one for each chapter of the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from infucode.render.manual_content import (
    KINDS,
    Chapter,
    ClausePart,
    Condition,
    Dependencies,
    Example,
    Logic,
    Manual,
    PredicateEntry,
    Rows,
    RuleEntry,
    SettingRead,
)
from infucode.render.manual_html import PARTS, PREDICATES
from infucode.render.manual_terminal import answer_words, basis_words
from infucode.render.markdown_text import code, item, plain_text, table
from infucode.render.rules_view import force_words
from infucode.render.shown import shown
from infucode.render.words import counted

INDEX = "index.md"
PROLOG = "prolog"


def manual_pages(manual: Manual) -> dict[str, str]:
    """The pages by file name; `index.md` leads to the others."""
    homes = {entry.id: c.key for c in manual.chapters for entry in c.entries}
    pages = _Pages(manual, homes)
    found = {INDEX: pages.index()}
    for chapter in manual.chapters:
        found[f"{chapter.key}.md"] = _text(pages.chapter(chapter))
    found["settings.md"] = _text(pages.settings(manual.settings))
    found["predicates.md"] = _text(pages.predicates(manual.predicates))
    found["files.md"] = _text(pages.files(manual.dependencies))
    return found


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


class _Pages:
    """Writes pages; ``homes`` are the chapters at which rules are told."""

    def __init__(self, manual: Manual, homes: Mapping[str, str]) -> None:
        self.manual, self.homes = manual, homes
        self.plans = len({a.plan for setting in manual.settings for a in setting.answers})

    def link(self, id: str) -> str:
        """A link to a rule, wherever it is told."""
        return f"[{code(id)}]({self.homes[id]}.md#{id})" if id in self.homes else code(id)

    def links(self, ids: Iterable[str]) -> str:
        return ", ".join(self.link(id) for id in ids)

    def index(self) -> str:
        """The first page."""
        manual = self.manual
        lines = [
            f"# {plain_text(manual.title)}, version {plain_text(manual.version)}",
            "",
            item(f"plan {code(manual.plan)}, from {manual.since}"),
            item(f"layers {', '.join(code(layer) for layer in manual.layers)}"),
            item(f"{len(manual.entries)} rules"),
            item(f"rulebook {code(manual.digest)}"),
            "",
            "## Sources and clauses",
            "",
            *(
                item(f"[{plain_text(c.title)}]({c.key}.md), {counted(len(c.entries), 'rule')}")
                for c in manual.chapters
            ),
            "",
            "## Reference",
            "",
            *(item(f"[{PARTS[key]}]({key}.md)") for key in ("settings", "predicates", "files")),
            "",
            f"## {PARTS['index']}",
            "",
            *(
                item(f"{self.link(entry.id)} {plain_text(entry.detail.text)}")
                for entry in sorted(manual.entries, key=lambda entry: entry.id)
            ),
        ]
        return _text(lines)

    def chapter(self, chapter: Chapter) -> Iterator[str]:
        """The clauses of a source with their rules."""
        yield from (f"# {plain_text(chapter.title)}", "", plain_text(chapter.about))
        if chapter.url:
            yield from ("", f"<{chapter.url}>" if "://" in chapter.url else code(chapter.url))
        yield from ("", f"[Contents]({INDEX})")
        for part in chapter.parts:
            yield from self._part(part)

    def _part(self, part: ClausePart) -> Iterator[str]:
        clause = part.clause
        if clause.id:
            cited = f" ({plain_text(clause.cite)})" if clause.cite else ""
            yield from ("", f"## {clause.id}", "", plain_text(clause.gist) + cited)
            if part.elsewhere:
                yield from ("", f"See {self.links(rule.id for rule in part.elsewhere)}.")
            elif not part.rules:
                yield from ("", plain_text(part.reason or "No rule of this plan names it."))
        for entry in part.rules:
            yield from self._rule(entry)

    def _rule(self, entry: RuleEntry) -> Iterator[str]:
        detail = entry.detail
        yield from ("", f'<a id="{entry.id}"></a>', "", f"### {plain_text(detail.text)}", "")
        yield item(f"rule {code(entry.id)}, {code(detail.place)}")
        if detail.says:
            yield item(f"says: {plain_text(detail.says)}")
        if entry.matters:
            yield item(f"asked because: {plain_text(entry.matters)}")
        yield item(f"source: {plain_text(detail.cite)}")
        if len(entry.clauses) > 1:
            yield item(f"clauses: {', '.join(clause.id for clause in entry.clauses)}")
        if force_words(detail):
            yield item(f"in force: {force_words(detail)}")
        for word, rules in (
            ("sets aside", entry.beats),
            ("set aside by", entry.beaten_by),
            ("reads what these give", entry.reads),
            ("is read by", entry.read_by),
        ):
            if rules:
                yield item(f"{word}: {self.links(rule.id for rule in rules)}")
        for setting in entry.settings:
            told = "; ".join(f"{a.plan} {a.value}" for a in setting.answers)
            link = f"[{code(setting.name)}](settings.md#{setting.name})"
            yield item(f"answer: {link} {plain_text(told)}")
        if len(entry.plans) < self.plans:
            yield item(f"plans: {', '.join(entry.plans)}")
        yield from self._logics(entry.logic)
        for rows in entry.tables:
            yield from _rows(rows)
        yield from _examples(entry)

    def _logics(self, logics: Sequence[Logic]) -> Iterator[str]:
        told: set[str] = set()
        for logic in logics:
            gloss = f" {plain_text(logic.gloss)}" if logic.gloss not in ("", *told) else ""
            told.add(logic.gloss)
            yield from ("", f"**{plain_text(logic.gives)}**{gloss}", "")
            for condition in logic.conditions:
                yield from self._condition(condition, 0, told)
            yield from ("", _fence(logic.source))

    def _condition(self, condition: Condition, depth: int, told: set[str]) -> Iterator[str]:
        gloss = condition.gloss if condition.gloss not in told else ""
        told.add(condition.gloss)
        if condition.kind == "unless":
            yield item(f"unless {self.links(condition.rules)} goes first", depth=depth)
            return
        notes = [self.links(condition.rules), plain_text(gloss)]
        behind = ": ".join(note for note in notes if note)
        text = f"*{KINDS[condition.kind]}* {plain_text(condition.text)}"
        yield item(f"{text} ({behind})" if behind else text, depth=depth)
        for below in condition.below:
            yield from self._condition(below, depth + 1, told)

    def settings(self, settings: Sequence[SettingRead]) -> Iterator[str]:
        """Every switch and number."""
        yield from (f"# {PARTS['settings']}", "", f"[Contents]({INDEX})")
        for setting in settings:
            yield from ("", f'<a id="{setting.name}"></a>', "", f"## {code(setting.name)}", "")
            if setting.question:
                yield from (plain_text(setting.question), "")
            for answer in setting.answers:
                told = f"{answer.plan}: {answer_words(answer)} ({basis_words(answer)})"
                yield item(plain_text(told))
            if setting.others:
                yield item(f"could also be {', '.join(map(code, setting.others))}")
            if setting.rules:
                yield item(f"read by {self.links(setting.rules)}")

    def predicates(self, predicates: Sequence[PredicateEntry]) -> Iterator[str]:
        """The vocabulary and the helpers."""
        yield from (f"# {PARTS['predicates']}", "", f"[Contents]({INDEX})")
        for kind, title in PREDICATES.items():
            own = [predicate for predicate in predicates if predicate.kind == kind]
            if own:
                yield from ("", f"## {title}")
            for predicate in own:
                yield from self._predicate(predicate)

    def _predicate(self, predicate: PredicateEntry) -> Iterator[str]:
        yield from ("", f'<a id="{predicate.anchor}"></a>', "")
        yield from (f"### {code(predicate.signature)}", "")
        if predicate.text:
            yield from (plain_text(predicate.text), "")
        for name, kind in predicate.arguments:
            yield item(f"{plain_text(name)}: {code(kind)}")
        if predicate.absent:
            yield item(f"absent: {plain_text(predicate.absent)}")
        for word, ids in (("given by", predicate.given_by), ("read by", predicate.read_by)):
            if ids:
                yield item(f"{word} {self.links(ids)}")

    def files(self, dependencies: Dependencies) -> Iterator[str]:
        """The files, what they read, and their rules."""
        yield from (f"# {PARTS['files']}", "", f"[Contents]({INDEX})", "")
        files = dependencies.files
        rows = []
        read: dict[int, list[str]] = {}
        for link in dependencies.links:
            read.setdefault(link.reader, []).append(files[link.giver].name)
        for place, file in enumerate(files):
            reads = read.get(place, [])
            rows.append((code(file.name), plain_text(file.about), ", ".join(map(code, reads)),
                         self.links(file.rules)))  # fmt: skip
        yield table(("File", "About", "Reads", "Rules"), rows)


def _rows(rows: Rows) -> Iterator[str]:
    yield from ("", f"Table {plain_text(rows.name)}: {plain_text(rows.gloss)}".rstrip(": "), "")
    columns = rows.columns or tuple(str(n + 1) for n in range(len(rows.rows[0])))
    yield table([plain_text(name) for name in columns],
                ([plain_text(cell) for cell in row] for row in rows.rows))  # fmt: skip


def _examples(entry: RuleEntry) -> Iterator[str]:
    for example in entry.examples:
        yield from _example(example, entry.id)
    if entry.more:
        told = ", ".join(f"{number} in {file}" for file, number in entry.more)
        yield from ("", plain_text(f"Further cases: {told}"))


def _example(example: Example, id: str) -> Iterator[str]:
    side = "does not hold" if id in example.silent else "holds"
    yield from ("", f"*Example, on which it {side}:* {plain_text(example.name)}", "")
    for fact in example.facts:
        yield item(plain_text(fact))
    for line in example.expected:
        yield item(f"→ {plain_text(line)}")
    if example.why:
        yield item(f"why: {plain_text(example.why)}")


def _fence(source: str) -> str:
    lines = "\n".join(shown(line) for line in source.split("\n"))
    return f"```{PROLOG}\n{lines}\n```"
