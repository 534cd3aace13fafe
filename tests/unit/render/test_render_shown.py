from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from infucode.render.shown import cells_offset, padded, shortened, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", "plain text"),
        ("[red]boo[/x]", "[red]boo[/x]"),
        ("bell\x07", "bell\\x07"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("生理 é 💉", "生理 é 💉"),
        ("👩\u200d⚕", "👩\u200d⚕"),
    ],
)
def test_what_could_act_on_a_terminal_is_escaped(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_ascii_escapes_all_beyond_it() -> None:
    assert shown("é 生 💉", ascii_only=True) == "\\xe9 \\u751f \\U0001f489"


@given(st.text())
def test_shown_is_printable_and_stable(text: str) -> None:
    assert shown(shown(text)) == shown(text)
    shown(text).encode()
    assert shown(text, ascii_only=True).isascii()
    assert "\x1b" not in shown(text)


@given(st.text(), st.integers(1, 40))
def test_shortened_fits(text: str, width: int) -> None:
    assert cell_len(shortened(shown(text), width, "…")) <= width


def test_shortened_says_so() -> None:
    assert shortened("sodium chloride", 8, "…") == "sodium…"
    assert shortened("sodium", 6, "…") == "sodium"


def test_wide_characters_count_twice() -> None:
    assert cells_offset("生理食塩", 5) == 2
    assert padded("生", 4) == "生  "
