"""Where the head and each condition of a rule stand in its text."""

from __future__ import annotations

import re

from infucode.model.cover import Span

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|%[^\n]*|:-|[(){}\[\],;.]|[^"%:(){}\[\],;.]+|:')


def spans_of(text: str, number: int) -> tuple[Span, tuple[Span | None, ...]]:
    """The span of the head, and those of `number` conditions; None where they cannot be told."""
    parts, head = _parts(text)
    found = [span for part in parts if (span := _trimmed(text, part))]
    if len(found) != number:
        return head, (None,) * number
    return head, tuple(found)


def _parts(text: str) -> tuple[list[Span], Span]:
    """What stands between the commas outside of brackets, after the `:-`."""
    depth, begin, head = 0, -1, (0, len(text))
    parts: list[Span] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == ":-" and begin < 0:
            head, begin = (0, match.start()), match.end()
        elif token in "({[":
            depth += 1
        elif token in ")}]":
            depth -= 1
        elif token in ",;" and not depth and begin >= 0:
            parts.append((begin, match.start()))
            begin = match.end()
        elif token == "." and not depth and begin >= 0:
            following = text[match.end() : match.end() + 1]
            if not following.strip() or following == "%":
                parts.append((begin, match.start()))
                break
    return parts, _trimmed(text, head) or head


def _trimmed(text: str, span: Span) -> Span | None:
    """The span without the space and the comments around it."""
    first, last = span
    while first < last:
        if text[first].isspace():
            first += 1
        elif text[first] == "%":
            end = text.find("\n", first, last)
            first = last if end < 0 else end
        else:
            break
    while last > first and text[last - 1].isspace():
        last -= 1
    return (first, last) if first < last else None
