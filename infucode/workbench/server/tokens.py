"""The atoms of a rule's text, found by its tokens, so that a half-typed rule has them too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from infucode.workbench.server.cases import ID

_TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"?|%.*|[_\']*[a-z][\w\']*|[_\']*[A-Z][\w\']*|#[a-z]+|\d+|\s+|.', re.S
)
SETTINGS = ("value", "reading")


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing of a line: from ``start`` to ``end`` (characters, the end out).

    ``kind``: predicate, rule, source, clause, setting, word, variable or key. ``arity`` is that
    of a predicate, None where it cannot be told. ``call`` and ``argument`` say of which atom it
    is which argument (0-based).
    """

    kind: str
    name: str
    start: int
    end: int
    arity: int | None = None
    call: str = ""
    argument: int = 0
    first: str = ""
    """The first argument of the atom, where this is a later one."""


@dataclass(slots=True)
class _Call:
    name: str
    at: int
    argument: int = 0
    first: str = ""


def atoms(text: str) -> list[Spot]:
    """The predicates, settings, words, ids and variables of a rule's text, in order."""
    found: list[Spot] = []
    calls: list[_Call] = []
    for match in _TOKEN.finditer(text):
        token, start, end = match[0], match.start(), match.end()
        call = calls[-1] if calls else None
        if token == "(":
            calls.append(_opened(found, start))
        elif token in ("{", "["):
            calls.append(_Call("", -1))
        elif token in (")", "}", "]") and call is not None:
            _close(found, calls.pop(), text)
        elif token == "," and call is not None:
            call.argument += 1
        elif token[0] == '"' and ID.fullmatch(token.strip('"')):
            found.append(Spot("rule", token.strip('"'), start + 1, end - 1))
        elif re.match(r"[_']*[a-zA-Z]", token) and token != "not":
            found.append(_word(token, start, end, call))
    return found


def open_call(text: str) -> tuple[str, int, str]:
    """The atom that the end of a text stands in, which argument it is, and the first one."""
    calls: list[_Call] = []
    found: list[Spot] = []
    for match in _TOKEN.finditer(text):
        token, call = match[0], calls[-1] if calls else None
        if token == "(":
            calls.append(_opened(found, match.start()))
        elif token in ("{", "["):
            calls.append(_Call("", -1))
        elif token in (")", "}", "]") and call is not None:
            calls.pop()
        elif token == "," and call is not None:
            call.argument += 1
        elif re.match(r"[_']*[a-zA-Z]", token):
            found.append(_word(token, match.start(), match.end(), call))
    last = calls[-1] if calls else _Call("", -1)
    return last.name, last.argument, last.first


def _opened(found: list[Spot], start: int) -> _Call:
    named = found and found[-1].end == start and found[-1].kind in ("predicate", "word")
    return _Call(found[-1].name, len(found) - 1) if named else _Call("", -1)


def _word(token: str, start: int, end: int, call: _Call | None) -> Spot:
    if call is None or not call.name:
        kind = "predicate" if token.lstrip("_'")[0].islower() else "variable"
        return Spot(kind, token, start, end, 0 if kind == "predicate" else None)
    if call.argument == 0 and not call.first:
        call.first = token
    kind = "word" if token.lstrip("_'")[0].islower() else "variable"
    if kind == "word" and call.name in SETTINGS and call.argument == 0:
        kind = "setting"
    return Spot(kind, token, start, end, None, call.name, call.argument,
                call.first if call.argument else "")  # fmt: skip


def _close(found: list[Spot], call: _Call, text: str) -> None:
    if call.at >= 0:
        spot = found[call.at]
        inner = text[spot.end :].lstrip("( \n")[:1]
        arity = 0 if inner == ")" else call.argument + 1
        found[call.at] = Spot("predicate", spot.name, spot.start, spot.end, arity)
