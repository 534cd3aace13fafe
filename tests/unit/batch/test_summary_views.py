"""Summaries as a screen, a page, a table and JSON: whole, aligned, and safe with any id."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from infucode.batch.summary.telling import compare, summarize
from infucode.cli.app import run
from infucode.render.batch_sections import Column, Section, Sections
from infucode.render.batch_terminal import render_sections
from tests.unit.batch.recounted import HOSTILE, Doc, solution, write


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Two runs of encounters with hostile ids, codes and rules."""
    folder = tmp_path_factory.mktemp("hostile")
    source = random.Random("views")
    found = []
    for name in ("before.ndjson", "after.ndjson"):
        answers: list[Doc] = [solution(id, source) for id in [*HOSTILE, "e1", "e2"]]
        for answer in answers:
            for one in answer["code_sets"]:
                for line in one["lines"][:1]:
                    line["code"] = line["because"][0]["rule"] = source.choice(HOSTILE)
                    line["label"] = HOSTILE[1]
        found.append(str(write(folder / name, answers)))
    return found[0], found[1]


def printed(report: Sections, width: int, *, ascii_only: bool = False) -> str:
    out = io.StringIO()
    render_sections(report, Console(file=out, width=width), ascii_only=ascii_only)
    return out.getvalue()


@pytest.mark.parametrize("width", [30, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_window(width: int, outputs: tuple[str, str]) -> None:
    from rich.cells import cell_len

    before, after = outputs
    for report in (summarize(after, 20), compare(before, after, 20)):
        for line in printed(report, width).splitlines():
            assert cell_len(line) <= width, line


def test_ascii_is_ascii_and_colour_is_on_terminals_only(outputs: tuple[str, str]) -> None:
    report = summarize(outputs[1], 20)
    assert printed(report, 80, ascii_only=True).isascii()
    assert "\x1b" not in printed(report, 80)


def test_what_does_not_fit_is_stacked_and_nothing_is_lost() -> None:
    columns = (Column("rule", "rule", "name"), Column("encounters", "n", bar=True))
    section = Section("rules", "Rules", columns, [{"rule": "x" * 40, "n": 7}], more=3)
    text = printed(Sections("s", "T", [], [], [section]), 40)
    assert "x" * 38 in text and "encounters 7" in text and "and 3 more" in text


def test_bars_are_as_long_as_their_values() -> None:
    columns = (Column("state", "s", "name"), Column("lines", "n", bar=True))
    rows = [{"s": "a", "n": 1000}, {"s": "b", "n": 500}, {"s": "c", "n": 1}, {"s": "d", "n": 0}]
    text = printed(Sections("s", "T", [], [], [Section("x", "X", columns, rows)]), 80)
    lengths = [line.count("▇") for line in text.splitlines() if line.startswith("  ")][1:]
    assert lengths == [18, 9, 1, 0]


class Page(HTMLParser):
    """Elements in pairs, ids, and whatever would load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_runs_nothing(
    outputs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = outputs
    for arguments in ([after], [after, "--before", before]):
        assert run(["batch", "summary", *arguments, "--format", "html"]) == 0
        text = capsys.readouterr().out
        page = Page()
        page.feed(text)
        assert not page.open
        tags = {tag for tag, _ in page.found}
        assert not tags & {"script", "img", "link", "iframe", "object", "form"}
        assert "<script" not in text and "&lt;script&gt;" in text
        attributes = [name for _, own in page.found for name in own]
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        ids = {own["id"] for _, own in page.found if "id" in own}
        links = [str(own["href"]) for tag, own in page.found if tag == "a"]
        assert links and {link.removeprefix("#") for link in links} == ids
        assert 'content="default-src &#x27;none&#x27;' in text
        body = re.sub(r"<style>.*?</style>", "", text.split("\n", 1)[1], flags=re.S)
        ElementTree.fromstring(body.replace("<br>", "<br/>"))


def test_the_page_can_be_read_without_eyes(
    outputs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["batch", "summary", outputs[1], "--format", "html"])
    page = Page()
    page.feed(capsys.readouterr().out)
    for tag, own in page.found:
        if tag == "svg":
            assert own["aria-hidden"] == "true"
        if tag == "th":
            assert own["scope"] in ("col", "row")
    assert [own.get("lang") for tag, own in page.found if tag == "html"] == ["en"]


def test_no_cell_of_the_table_is_a_formula(
    outputs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = outputs
    for arguments in ([after], [after, "--before", before]):
        assert run(["batch", "summary", *arguments, "--format", "csv"]) == 0
        text = capsys.readouterr().out
        table = list(csv.reader(io.StringIO(text)))
        assert len({len(row) for row in table}) == 1
        cells = [cell for row in table for cell in row]
        assert not any(re.match(r" *[=+@]", cell) for cell in cells)
        assert any(cell.startswith("'=1+1") for cell in cells)


def test_programs_are_told_everything(
    outputs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = outputs
    assert run(["batch", "summary", after, "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["question"]) == ("infucode.batch-summary.v1", "solve")
    report = summarize(after, None)
    for section in report.sections:
        assert data["tables"][section.id] == {"rows": list(section.rows), "more": 0}
    assert run(["batch", "summary", after, "--before", before, "-f", "json", "--top", "1"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "infucode.batch-comparison.v1"
    assert all(len(table["rows"]) <= 1 for table in data["tables"].values())
    assert data["after"]["output"] == after


def test_a_page_is_the_same_for_the_same_runs(outputs: tuple[str, str], tmp_path: Path) -> None:
    from infucode.render.batch_html import sections_to_html

    pages = {sections_to_html(summarize(outputs[1], None)) for _ in range(3)}
    assert len(pages) == 1
