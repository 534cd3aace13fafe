"""A page read back: its elements, its text, and that every element ends where it must."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "link", "meta"})


@dataclass(slots=True)
class Element:
    """An element with its attributes, its children in order and the text within."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, name: str, kind: str = "") -> list[Element]:
        """Every element of this name, and of this class if one is given."""
        found = [child for child in self.children if child.is_a(name, kind)]
        return found + [e for child in self.children for e in child.all(name, kind)]

    def is_a(self, name: str, kind: str) -> bool:
        classes = self.attributes.get("class", "").split()
        return self.name == name and (not kind or kind in classes)

    def every(self) -> list[Element]:
        return [self, *(e for child in self.children for e in child.every())]

    @property
    def text(self) -> str:
        """All text of the element and of what it holds."""
        return "".join(self.texts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag in VOID:
            self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> ends <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        self.open.append(element)


def read_page(page: str) -> Element:
    """The page as a tree. Fails where an element does not end, or ends another."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].name}> does not end"
    return reader.open[0]
