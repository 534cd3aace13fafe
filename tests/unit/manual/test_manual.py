"""`infucode policy docs`: every rule and clause once, every link leads somewhere, one page."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from infucode.cli.app import run
from infucode.policy import Policy
from infucode.render.manual_content import Manual
from infucode.render.manual_html import manual_page
from infucode.render.manual_markdown import manual_pages
from infucode.render.manual_picture import matrix
from infucode.rulebook.where import policies_folder
from infucode.workbench.clauses import read_clauses
from infucode.workbench.manual.book import manual_of

PLANS = ("cpcp026", "medicare")
VOID = ("meta", "br", "line", "path", "rect", "link", "hr")


@lru_cache(maxsize=2)
def manual(plan: str) -> Manual:
    book, unread = manual_of(policies_folder(), plan, None)
    assert unread == []
    return book


@lru_cache(maxsize=2)
def page(plan: str) -> str:
    return manual_page(manual(plan))


class Reader(HTMLParser):
    """Collects ids, links and elements; raises where elements do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names.add(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        assert not any(name.startswith("on") for name in given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("plan", PLANS)
def test_every_rule_is_told_once(plan: str) -> None:
    ids = [entry.id for entry in manual(plan).entries]
    assert len(ids) == len(set(ids))
    assert set(ids) == {rule.papers.id for rule in Policy.load(plan).library.rules}


@pytest.mark.parametrize("plan", PLANS)
def test_every_clause_stands_in_one_chapter_with_all_its_rules(plan: str) -> None:
    book = manual(plan)
    parts = [part for chapter in book.chapters for part in chapter.parts if part.clause.id]
    assert sorted(p.clause.id for p in parts) == sorted(read_clauses(policies_folder()).clauses)
    rules = Policy.load(plan).library.rules
    for part in parts:
        told = {*(e.id for e in part.rules), *(rule.id for rule in part.elsewhere)}
        naming = {r.papers.id for r in rules if part.clause.id in r.papers.clauses}
        assert told == naming, part.clause.id


@pytest.mark.parametrize("plan", PLANS)
def test_the_page_is_whole_and_stands_alone(plan: str) -> None:
    reader = read(page(plan))
    assert len(reader.ids) == len(set(reader.ids))
    inner = {link[1:] for link in reader.links if link.startswith("#")}
    assert inner <= set(reader.ids)
    assert {entry.id for entry in manual(plan).entries} <= inner
    outer = [link for link in reader.links if not link.startswith("#")]
    assert all(link.startswith("https://") for link in outer)
    assert not reader.names & {"script", "img", "iframe", "object", "link", "form", "input"}
    assert "details" in reader.names and "svg" in reader.names
    assert "@import" not in page(plan) and "url(" not in page(plan)


def test_what_a_rule_says_stands_on_the_page_and_in_markdown() -> None:
    book = manual("cpcp026")
    text = re.sub(r"\s+", " ", "".join(read(page("cpcp026")).text))
    markdown = re.sub(r"\\|<!-- -->", "", "\n".join(manual_pages(book).values()))
    flat = re.sub(r"\s+", " ", markdown)
    for entry in book.entries:
        detail = entry.detail
        for told in (detail.text, detail.says, detail.cite, entry.matters, detail.place):
            assert re.sub(r"\s+", " ", told) in text, entry.id
            assert re.sub(r"\s+", " ", told) in flat, entry.id
        for logic in entry.logic:
            assert re.sub(r"\s+", " ", logic.source) in text, entry.id
            assert logic.source in markdown, entry.id
            assert all(c.text in text and c.text in flat for c in logic.conditions
                       if c.kind != "unless"), entry.id  # fmt: skip
        for example in entry.examples:
            assert all(fact in text for fact in (example.name, *example.facts)), entry.id
            assert all(fact in flat for fact in (example.name, *example.facts)), entry.id


def test_most_rules_have_worked_examples_on_both_sides() -> None:
    entries = manual("cpcp026").entries
    holding = [e for e in entries if any(e.id not in x.silent for x in e.examples)]
    silent = [e for e in entries if any(e.id in x.silent for x in e.examples)]
    assert len(holding) > len(entries) * 0.6
    assert len(silent) > len(entries) * 0.6


def test_each_plan_answers_each_switch() -> None:
    settings = {setting.name: setting for setting in manual("cpcp026").settings}
    library = Policy.load("cpcp026").library
    assert set(library.switches) <= set(settings)
    for name, switch in library.switches.items():
        answers = {answer.plan: answer.value for answer in settings[name].answers}
        assert set(answers) >= set(PLANS)
        assert {*answers.values(), *settings[name].others} == set(switch.values)


def test_the_picture_shows_every_link_once() -> None:
    dependencies = manual("cpcp026").dependencies
    picture = matrix(dependencies)
    marks = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', picture)
    assert len(marks) == len(set(marks)) == len(dependencies.links) > 200
    titles = re.findall(r"<title>(\S+) reads (\S+): ([^<]+)</title>", picture)
    assert len(titles) == len(marks)
    below = sum(link.giver < link.reader for link in dependencies.links)
    assert below > 0.8 * len(dependencies.links), "most files read what stands above them"
    rules = Policy.load("cpcp026").library.rules
    heads = {(r.source.name, r.clause.head.name.replace("_", " ")) for r in rules}
    for reader, giver, predicates in titles:
        for predicate in predicates.split(", "):
            assert any(name.endswith(giver) and head == predicate for name, head in heads)
        assert reader != giver


def test_markdown_links_lead_somewhere() -> None:
    pages = manual_pages(manual("cpcp026"))
    anchors = {
        f"{name}#{anchor}"
        for name, text in pages.items()
        for anchor in re.findall(r'<a id="([^"]+)"></a>', text)
    }
    found = 0
    for text in pages.values():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            found += 1
            assert target in pages or target in anchors, target
    assert found > 1_000
    assert all(len(text) < 512_000 for text in pages.values()), "pages that hosts still show"


def test_equal_manuals_give_equal_bytes() -> None:
    again, _ = manual_of(policies_folder(), "medicare", None)
    assert manual_page(again) == page("medicare")
    assert manual_pages(again) == manual_pages(manual("medicare"))


def test_texts_of_a_policy_are_no_markup(tmp_path: Path) -> None:
    text = "% <b>About</b> & so on.\n\n%@ id: acme.x\n%@ cite: s 1\n"
    text += '%@ text: A <script>alert("1")</script> & `tick` | pipe.\n'
    text += "%@ says: {Administration} <b>was</b> *here*.\n"
    text += 'withheld("acme.x", Administration, delivery) :- administration(Administration).\n'
    folder = tmp_path / "mine"
    (folder / "acme").mkdir(parents=True)
    (folder / "acme" / "x.lp").write_text(text, encoding="utf-8")
    source = policies_folder()
    (folder / "vocabulary.lp").write_bytes((source / "vocabulary.lp").read_bytes())
    (folder / "sources.toml").write_text(
        '[s]\ntitle = "<i>S</i>"\nurl = "javascript:alert(1)"\nversion = "1"\nread = "never"\n',
        encoding="utf-8",
    )
    (folder / "switches.toml").write_text("", encoding="utf-8")
    (folder / "acme" / "profile.toml").write_text(
        'id = "acme"\ntitle = "<u>Acme</u>"\n[[version]]\nname = "1"\nfrom = 2024-01-01\n'
        'layers = ["acme"]\n[notice.before_first]\nrule = "acme.a"\nsays = "x"\ncite = "s 1"\n'
        '[notice.superseded]\nrule = "acme.b"\nsays = "x"\ncite = "s 1"\n',
        encoding="utf-8",
    )
    (folder / "acme" / "cases").mkdir()
    (folder / "acme" / "cases" / "broken.yaml").write_text("- name: x\n", encoding="utf-8")
    book, unread = manual_of(folder, "acme", None)
    assert unread == ["mine/acme/cases/broken.yaml"]
    reader = read(manual_page(book))
    assert not reader.names & {"script", "i", "u"}
    assert not any(link.startswith("javascript") for link in reader.links)
    assert 'alert("1")' in "".join(reader.text)
    markdown = "\n".join(manual_pages(book).values())
    assert "<script>" not in markdown and "<b>" not in markdown


def test_the_command_writes_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["policy", "docs", "-o", "out", "--plan", "medicare"]) == 0
    assert capsys.readouterr().out == "out/medicare.html\nout/medicare/index.md\n"
    assert (tmp_path / "out" / "medicare.html").read_text(encoding="utf-8") == page("medicare")
    written = {path.name for path in (tmp_path / "out" / "medicare").iterdir()}
    assert written == set(manual_pages(manual("medicare")))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--plan", "medicar"], "did you mean `medicare`?"),
        (["-o", "file"], "`file` is no folder"),
        (["-o", "file/below", "--format", "html"], "cannot be written"),
        (["--as-of", "1999-01-01"], "has no version on 1999-01-01"),
    ],
)
def test_what_cannot_be_written(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run(["policy", "docs", *words]) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
