"""Markdown: read back with a parser, nothing is lost and nothing in the data is markup."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from infucode.render.markdown import markdown_report
from infucode.render.markdown_text import code, fenced, item, plain_text, table
from infucode.render.report import Answer, Refusal
from infucode.render.shown import shown
from tests.golden.test_render_everything import squeezed, texts_of, worlds
from tests.golden.trees import proof
from tests.golden.worlds import WORLDS, World

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OWN_HTML = {"<br>", "<!-- -->"}


def inline(tokens: list[Token]) -> list[Token]:
    return [t for token in tokens for t in [token, *(token.children or [])]]


def text_of(markdown: str) -> str:
    """What a reader sees."""
    return "".join(t.content for t in inline(PARSER.parse(markdown)) if t.type in (
        "text", "code_inline", "fence"))  # fmt: skip


def check(world: World) -> None:
    made = markdown_report([Answer("f.yaml", *world)])
    found = squeezed(text_of(made))
    for wanted in texts_of(*world):
        assert squeezed(shown(wanted)) in found
    tokens = inline(PARSER.parse(made))
    assert {t.content for t in tokens if t.type.startswith("html")} <= OWN_HTML
    assert not {"link_open", "image", "s_open", "code_block"} & {t.type for t in tokens}


@pytest.mark.parametrize("name", WORLDS)
def test_every_text_is_there_and_none_is_markup(name: str) -> None:
    check(WORLDS[name]())


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_any_answer_keeps_every_text(world: World) -> None:
    check(world)


MARKUP = st.text(alphabet="\\`*_[]()<>|~#&;!$-+=1.) ax:/w@", min_size=1, max_size=24)


@settings(max_examples=400, deadline=None)
@given(data=MARKUP)
@example(data="| a | b |")
@example(data="](http://x)")
@example(data="1. a")
@example(data="     a")
@example(data=" - a")
@example(data="&lt;b&gt; ** __init__ ~~x~~ `")
@example(data="https://www.example.org a@b")
def test_a_text_is_only_text_in_a_cell_and_in_an_item(data: str) -> None:
    for made, cells in (
        (table(["A", "B"], [[plain_text(data), "end"]]), 4),
        (item(plain_text(data)), 0),
    ):
        tokens = PARSER.parse(made)
        seen = [t for t in inline(tokens) if t.type in ("text", "text_special")]
        assert squeezed(data) in squeezed("".join(t.content for t in seen))
        assert len([t for t in tokens if t.type in ("th_open", "td_open")]) == cells
        kinds = {t.type for t in inline(tokens) if t.level > 0}
        assert not {"em_open", "strong_open", "code_inline", "link_open", "heading_open",
                    "ordered_list_open", "hr", "blockquote_open"} & kinds  # fmt: skip
        assert sum(t.type == "bullet_list_open" for t in tokens) == (0 if cells else 1)


def test_web_addresses_and_mail_do_not_become_links() -> None:
    assert plain_text("see http://x.org") == "see http<!-- -->://x.org"
    assert plain_text("a@b") == "a@<!-- -->b"
    assert plain_text("missing_stop = ask") == "missing_stop = ask"
    assert plain_text("_x_") == "\\_x\\_"
    assert plain_text(":smile: 10:10-10:50") == "\\:smile: 10:10-10:50"


def test_a_fence_is_longer_than_what_it_holds() -> None:
    made = fenced(["```` x", "``"])
    assert made.startswith("`````text\n")
    assert [t.content for t in PARSER.parse(made)] == ["```` x\n``\n"]


def test_code_that_could_end_its_span_is_text() -> None:
    assert code("cpt.rule") == "`cpt.rule`"
    assert code("a`b|c") == "a\\`b\\|c"


def test_every_row_of_a_table_has_every_column() -> None:
    answer = Answer("a|b.yaml", *WORLDS["hostile"]())
    made = markdown_report([answer, Refusal("c|d", 5, ("e|f",))])
    widths: list[int] = []
    for token in PARSER.parse(made):
        if token.type == "tr_open":
            widths.append(0)
        elif token.type in ("th_open", "td_open"):
            widths[-1] += 1
    assert widths[:3] == [6, 6, 6] and len(widths) > 15
    bars = [line.replace("\\|", "").count("|") for line in made.split("\n") if line[:2] == "| "]
    assert set(bars) <= {6, 7, 8}


def test_proofs_stand_beneath_their_line() -> None:
    world = WORLDS["emergency"]()
    made = markdown_report([Answer("f", *world, {(0, 0): proof()})])
    fences = [t.content for t in PARSER.parse(made) if t.type == "fence"]
    assert "Minutes >= Least: 40 >= 16" in fences[1]
    assert made.index("**96365**") < made.index("Minutes >= Least") < made.index("**96361**")
