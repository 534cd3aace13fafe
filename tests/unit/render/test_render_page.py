from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.render.canvas import Canvas
from infucode.render.page import ASCII, UNICODE, Page, wrapped


def lines(page: Page) -> list[str]:
    return [line.plain for line in page.lines]


def test_a_lead_hangs_before_the_text() -> None:
    page = Page(40)
    page.para(Text("one two three four five six seven eight"), indent=2, lead=Text("- "))
    assert lines(page) == ["  - one two three four five six seven", "    eight"]


def test_a_lead_too_wide_stands_alone() -> None:
    page = Page(40)
    page.para(Text("text"), lead=Text("x" * 35 + " "))
    assert lines(page) == ["x" * 35, "  text"]


def test_blank_lines_do_not_double() -> None:
    page = Page(40)
    page.blank()
    page.heading("A")
    page.blank()
    page.blank()
    page.heading("B")
    assert lines(page) == ["A", "", "B"]


def test_a_flow_keeps_its_entries_whole() -> None:
    page = Page(20)
    page.flow(["one two three", "four five", "six"])
    assert lines(page) == ["one two three", "four five   six"]


SAFE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


@given(st.text(alphabet=SAFE), st.integers(2, 50))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    parts = [part.plain for part in wrapped(Text(text), width)]
    assert all(cell_len(part) <= width for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("glyphs", [ASCII, UNICODE])
def test_signs_are_as_wide_as_they_are_said_to_be(glyphs: object) -> None:
    for name in ASCII.__slots__:
        sign = getattr(glyphs, name)
        if name in ("branch", "last", "trunk", "gap"):
            assert cell_len(sign) == 3
        elif name != "ellipsis":
            assert cell_len(sign) == 1


@pytest.mark.parametrize(
    ("encoding", "plain"), [("ascii", True), ("latin-1", True), ("utf-8", False)]
)
def test_ascii_where_the_console_cannot_do_better(encoding: str, plain: bool) -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert Page.on(Console(file=file)).ascii_only is plain


def test_canvas_writes_only_what_has_room() -> None:
    canvas = Canvas(6)
    canvas.write(4, "long")
    assert not canvas.used
    canvas.write(1, "生e\u0301")
    assert canvas.text().plain == " 生e\u0301"
    canvas.put(9, "x")
    canvas.put(-1, "x")
    assert canvas.text().plain == " 生e\u0301"
