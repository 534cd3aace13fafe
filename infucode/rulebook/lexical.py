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
    r"|[A-Za-z_'][\w']*|\.+|[ \t\n\r]+|.",
    re.S | re.ASCII,
)
_UNCLOSED = {
    '"': ("a text that is not closed on its line", 'close it with `"`'),
    "%*": ("a comment that is not closed", "close it with `*%`, or begin each line with `%`"),
    "#script": ("scripts are not allowed in a policy", "write the logic as rules"),
}
_ESCAPE = re.compile(r"\\(.)", re.S)
_ORDER_MARK = "\ufeff"
_SPACES = " \t\n\r"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MERGE = re.compile(r"^<{7}(?= |$)", re.M)
_MEANT = {
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", 'write `"`'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "write `-`"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\u3000", "write a plain space"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\u00ad", "remove it; it cannot be seen"),
    "\u2264": "write `<=`",
    "\u2265": "write `>=`",
    "\u2260": "write `!=`",
}
"""What was meant by letters that programs for writing put in the place of others."""
_BLOCK = re.compile(r"%\*|\*%|%[^\n]*")


def lexical_problems(source: Source) -> Iterator[Problem]:
    """Includes, numbers that wrap, lone carriage returns, statements too long to parse."""
    if lone := re.search(r"\r(?!\n)", source.text):
        head = source.text[: lone.start()]
        yield source.after(head, "holds a lone carriage return", "end lines with a newline")
    for turn in _TURNING.finditer(source.text):
        message = f"a mark that turns the direction of text, U+{ord(turn[0]):04X}"
        help = "remove it: with it, a line reads otherwise than it is"
        yield source.after(source.text[: turn.start()], message, help)
    if merge := _MERGE.search(source.text):
        message = "a merge that nobody settled"
        help = "keep what is right; remove the lines of `<<<<<<<`, `=======` and `>>>>>>>`"
        yield source.after(source.text[: merge.start()], message, help)
        return
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
        end = start + len(token)
        if found := _refused(token) or _stop(token, source.text[end : end + 1]):
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
    if not token.isascii() or not token.isprintable():
        word = token if token.isprintable() else f"U+{ord(token):04X}"
        usual = "write rules in ASCII; other letters go in quotes"
        help = _MEANT.get(token, usual if token.isprintable() else "remove it")
        return f"`{word}` outside of a text", help
    if token[0].isdigit() and _too_large(token):
        return f"the number {token[:40]} is too large", "it would wrap round"
    return None


def _stop(token: str, following: str) -> tuple[str, str] | None:
    """What is wrong with the end of a rule."""
    if token.strip(".") == "" and len(token) > 1 and following in ("", "\n", "\r", " ", "\t"):
        return f"`{token}` at the end of a rule", "a rule ends in one `.`"
    if token == "?":
        return "`?` is no part of a rule", "a rule ends in `.`"
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

