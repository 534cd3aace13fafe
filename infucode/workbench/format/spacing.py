"""The spaces between the tokens of a rule."""

from __future__ import annotations

from collections.abc import Sequence

COMPARISONS = ("=", "==", "!=", "<>", "<", "<=", ">", ">=")
ARITHMETIC = ("+", "-", "*", "/", "\\", "**", "^", "?", "&")
WIDE = (*COMPARISONS, ":-", ":~", ":")
"""Tokens with a space on both sides."""
OPENING = ("(", "{", "[", ",", ";", "not", *WIDE, *ARITHMETIC)
"""Behind these a sign belongs to what follows it."""
TIGHT_AFTER = ("(", "[", "@", "~", "..")
TIGHT_BEFORE = (")", "]", ",", ".", "..")


class Spaced:
    """Puts tokens one after another, each with the space that belongs before it."""

    def __init__(self, directive: bool = False) -> None:
        self.before: str | None = None
        """The token before, as far as spaces go: `sign` for one that binds to what follows."""
        self.directive = directive
        """Whether the statement is one of `#defined` and the like, with `name/arity`."""
        self.braces = self.bars = 0

    def space(self, token: str) -> str:
        """The space before a token, which is then the one before the next."""
        last, self.before = self.before, self._kind(token)
        found = "" if last is None else " " if self._apart(last, token) else ""
        self.braces += {"{": 1, "}": -1}.get(token, 0)
        return found

    def _kind(self, token: str) -> str:
        unary = self.before is None or self.before in (*OPENING, "bar", "sign")
        if token in ("-", "+") and unary:
            return "sign"
        if token == "|":
            self.bars += 1 if unary else -1
            return "bar" if unary else "closed"
        return token

    def _apart(self, last: str, token: str) -> bool:
        if last in (*TIGHT_AFTER, "sign", "bar") or token in TIGHT_BEFORE:
            return False
        if self.before == "closed" or (self.directive and "/" in (last, token)):
            return False
        if token == "(":
            return last in OPENING or last == "}"
        if token == ";":
            return bool(self.braces)
        return True


def flat(tokens: Sequence[str], *, directive: bool = False) -> str:
    """Tokens on one line."""
    spaced = Spaced(directive)
    return "".join(spaced.space(token) + token for token in tokens)
