"""HTML and SVG by elements: every text is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from infucode.render.shown import shown

VOID = frozenset({"br", "hr", "link", "meta", "line", "path", "rect"})
INLINE = frozenset(
    {"a", "b", "br", "code", "small", "span", "strong", "text", "title", "desc", "th", "td"}
)


class Markup(str):
    """Text that is markup already; only this module and its callers' layout make it."""

    __slots__ = ()


Child = str | None | Iterable["str | None"]


def text(data: str) -> Markup:
    """Foreign text as markup: nothing in it acts on a page or on a screen."""
    return Markup(escape(shown(data), quote=True))


def el(name: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """One element.

    Children are texts, markup, or iterables of them; None is left out. In attribute names
    ``_`` stands for ``-`` and a trailing ``_`` is dropped (``class_``); an attribute that is
    None is left out. Elements that are not part of a sentence end their line.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "" if name in INLINE else "\n"
    if name in VOID:
        return Markup(f"<{name}{given}/>{end}")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>{end}")


def join(*children: Child) -> Markup:
    """Children one after another."""
    return Markup("".join(_flat(children)))


def number(value: str | float) -> str:
    """A coordinate with at most one decimal; text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")


def _flat(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Markup):
            yield child
        elif isinstance(child, str):
            yield text(child)
        elif child is not None:
            yield from _flat(child)
