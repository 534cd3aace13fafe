"""What clingo would not tell is refused before it reads the file."""

from __future__ import annotations

import pytest

from infucode.rulebook.lexical import lexical_problems, tokens
from infucode.rulebook.source import Source


def messages(text: str) -> list[str]:
    source = Source("x.lp", text, tuple(text.split("\n")))
    return [problem.message for problem in lexical_problems(source)]


@pytest.mark.parametrize(
    "text",
    [
        "% #include <incmode>.\np :- q.\n",
        "%* #include <incmode>. é 99999999999 *%\n",
        "%* a %* b *% é *% p.\n",
        "%* a % *% é \n *% p.\n",
        'p("#include é 99999999999 %* \\" ").\n',
        "p(2147483647).\r\n",
        "p(X') :- q(X'), r'9(a99999999999).\n",
        "p :- q. " * 5000,
    ],
)
def test_sound_texts_pass(text: str) -> None:
    assert messages(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p. #include <incmode>.", "#include"),
        ("p(2147483648).", "too large"),
        ("p(0xffffffff).", "too large"),
        ("p(0b" + "1" * 35 + ").", "too large"),
        ("p(" + "9" * 5000 + ").", "too large"),
        ("p :- é.", "outside of a text"),
        ("p.\u00a0q.", "U+00A0"),
        ("\ufeffp.", "U+FEFF"),
        ("p.\rq.", "lone carriage return"),
        ("p :- " + "q, " * 10_000 + "q.", "more than"),
    ],
)
def test_each_trap_is_told(text: str, words: str) -> None:
    found = messages(text)
    assert len(found) == 1 and words in found[0]


def test_tokens_know_where_they_start() -> None:
    text = 'p(X) :- "é", q. % x'
    assert all(text.startswith(token, start) for start, token in tokens(text))
    assert [token for _, token in tokens("a. %* b *% c.")] == ["a", ".", "c", "."]
