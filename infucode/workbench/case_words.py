"""The words that a case may name: ids of its encounter, rules of its plan."""

from __future__ import annotations

from collections.abc import Collection

from infucode.documents.nodes import Scalar
from infucode.documents.problems import Refusal, listing, nearest, quote
from infucode.documents.readers import Reader, text_of


def ids(items: Collection[object]) -> tuple[str, ...]:
    return tuple(getattr(item, "id", "") for item in items)


def unknown(what: str, name: str, known: Collection[str]) -> tuple[str, str]:
    close = nearest(name, known)
    hint = f"did you mean {quote(close)}? " if close else ""
    shown = f"known are {listing(sorted(known))}" if known else "the encounter has none"
    return f"there is no {what} {quote(name)}", hint + shown


def one_of(what: str, known: Collection[str]) -> Reader[str]:
    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if value not in known:
            raise Refusal(*unknown(what, value, known))
        return value

    return Reader(f"one of {listing(sorted(known))}", read)


def rule_id(known: frozenset[str] | None) -> Reader[str]:
    """A rule id of the plan; any id where the plan itself is unknown."""

    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if known is not None and value not in known:
            close = nearest(value, known)
            hint = f"did you mean {quote(close)}?" if close else "see `infucode rules`"
            raise Refusal(f"the plan has no rule {quote(value)}", hint)
        return value

    return Reader("the id of a rule", read)
