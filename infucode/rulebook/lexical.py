"""What must be refused before clingo reads a file, because clingo would not say a word.

`#include <incmode>` leaves no trace in the syntax tree, a number beyond 32 bits wraps round, a
lone carriage return makes the whole file one comment, a statement of very many operators
overruns the parser's stack, and a letter beyond ASCII outside of texts ends the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from infucode.errors import Problem
from infucode.rulebook.source import Source

LONGEST_STATEMENT = 20_000
LARGEST_NUMBER = 0x7FFFFFFF
_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|%\*|%[^\n]*|#include\b|#script\b|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|\d+'
    r"|[A-Za-z_'][\w']*|\.+|\s+|.",
    re.S | re.ASCII,
)
_UNCLOSED = {
    '"': ("a text that is not closed on its line", 'close it with `"`'),
    "%*": ("a comment that is not closed", "close it with `*%`, or begin each line with `%`"),
    "#script": ("scripts are not allowed in a policy", "write the logic as rules"),
}
_ESCAPE = re.compile(r"\\(.)", re.S)
_ORDER_MARK = "\ufeff"
_SPACES = " \t\n\r\v\f"
_BLOCK = re.compile(r"%\*|\*%|%[^\n]*")


def lexical_problems(source: Source) -> Iterator[Problem]:
    """Includes, numbers that wrap, lone carriage returns, statements too long to parse."""
    if lone := re.search(r"\r(?!\n)", source.text):
        head = source.text[: lone.start()]
        yield source.after(head, "holds a lone carriage return", "end lines with a newline")
    length = 0
    for start, token in tokens(source.text):
        if token in _UNCLOSED:
            # what follows would be read as what it is not
            yield source.after(source.text[:start], *_UNCLOSED[token])
            return
        length = 0 if token.startswith(".") else length + len(token)
        if length > LONGEST_STATEMENT:
            message = f"a statement of more than {LONGEST_STATEMENT} characters"
            help = "end rules with `.`, or write several"
            yield source.after(source.text[:start], message, help)
            return
        if found := _refused(token):
            yield source.after(source.text[:start], *found)


def _refused(token: str) -> tuple[str, str] | None:
    if token == "#include":
        return (
            "`#include` is not allowed in a policy",
            "every .lp file of a layer is read by itself",
        )
    if token[0] == '"':
        wrong = next((m[0] for m in _ESCAPE.finditer(token) if m[1] not in '\\"n'), "")
        return (f"`{wrong}` in a text", 'write `\\\\`, `\\"` or `\\n`') if wrong else None
    if token == _ORDER_MARK:
        return "a byte order mark, U+FEFF", "save it as UTF-8 without one"
    if not token.isascii():
        word = token if token.isprintable() else f"U+{ord(token):04X}"
        return f"`{word}` outside of a text", "write rules in ASCII; other letters go in quotes"
    if token[0].isdigit() and _too_large(token):
        return f"the number {token[:40]} is too large", "it would wrap round"
    return None


def _too_large(token: str) -> bool:
    return len(token) > 40 or int(token, 0 if token[1:2].isalpha() else 10) > LARGEST_NUMBER


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """The tokens that clingo would see, each with where it starts; no comments, no spaces."""
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        token = match[0]
        if token == "%*":
            position = _comment_end(text, position)
            if position == len(text) and not text.endswith("*%"):
                yield match.start(), token
        elif not token.startswith("%") and token[0] not in _SPACES:
            yield match.start(), token


def _comment_end(text: str, position: int) -> int:
    depth = 1
    while depth and (match := _BLOCK.search(text, position)):
        depth += {"%*": 1, "*%": -1}.get(match[0], 0)
        position = match.end()
    return len(text) if depth else position

