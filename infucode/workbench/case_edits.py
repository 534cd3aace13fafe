"""Small edits of a YAML text: one value replaced, one entry added or taken out.

Only the text of what changes is touched, so comments and layout stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

Node = yaml.nodes.Node
WIDTH = 98


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to stand in place of ``text[start:end]``."""

    start: int
    end: int
    new: str


def applied(text: str, edits: list[Edit]) -> str:
    """The text with the edits, which do not overlap. Of equal ones one is made."""
    for edit in sorted(dict.fromkeys(edits), key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def end_of(node: Node) -> int:
    """Where the text of a node ends, without the space and comments after it."""
    if isinstance(node, yaml.nodes.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def entry(node: Node | None, key: str) -> tuple[Node, Node] | None:
    """The key and the value of an entry of a mapping."""
    if isinstance(node, yaml.nodes.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return name, value
    return None


def value(node: Node | None, *keys: str) -> Node | None:
    """The value at the end of a path of keys, or None."""
    for key in keys:
        found = entry(node, key)
        node = found[1] if found else None
    return node


def put(node: Node, text: str) -> Edit:
    """Another text for a scalar."""
    return Edit(node.start_mark.index, end_of(node), text)


class Collection:
    """A sequence or mapping of a text, whose entries are taken out or added."""

    def __init__(self, text: str, node: Node) -> None:
        assert isinstance(node, yaml.nodes.CollectionNode)
        self.text, self.node = text, node
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def __len__(self) -> int:
        return len(self.node.value)

    def items(self) -> Iterator[Node]:
        """The items of a sequence, the values of a mapping."""
        for item in self.node.value:
            yield item[1] if isinstance(item, tuple) else item

    def _span(self, place: int) -> tuple[int, int]:
        item = self.node.value[place]
        first, last = item if isinstance(item, tuple) else (item, item)
        return first.start_mark.index, end_of(last)

    def without(self, places: set[int]) -> list[Edit]:
        """Take out entries; not all of them."""
        return [self._take(place, places) for place in sorted(places)]

    def _take(self, place: int, places: set[int]) -> Edit:
        start, end = self._span(place)
        if not self.node.flow_style:
            first = self.text.rfind("\n", 0, start) + 1
            stop = self.text.find("\n", end)
            return Edit(first, len(self.text) if stop < 0 else stop + 1, "")
        if any(other not in places for other in range(place + 1, len(self))):
            return Edit(start, self._span(place + 1)[0], "")
        return Edit(self._span(place - 1)[1], end, "")

    def more(self, entries: list[str]) -> list[Edit]:
        """Add entries after the last one; there is one."""
        if not entries:
            return []
        start, end = self._span(len(self) - 1)
        if self.node.flow_style:
            first = self.text.rfind("\n", 0, self.node.start_mark.index) + 1
            lead = " " * (self.node.start_mark.index - first + 1)
            used = end - (self.text.rfind("\n", 0, end) + 1)
            return [Edit(end, end, _flow(entries, used, lead, self.newline))]
        first = self.text.rfind("\n", 0, start) + 1
        lead = self.text[first:start]
        lead = lead if lead.strip() in ("", "-") else " " * len(lead)
        if isinstance(self.node, yaml.nodes.MappingNode):
            lead = " " * len(lead)
        stop = self.text.find("\n", end)
        stop = len(self.text) if stop < 0 else stop
        stop -= self.text[:stop].endswith("\r")
        added = "".join(f"{self.newline}{lead}{text}" for text in entries)
        return [Edit(stop, stop, added)]


def _flow(entries: list[str], used: int, lead: str, newline: str) -> str:
    """Entries behind others in brackets, on new lines where one line would be too long."""
    found = ""
    for text in entries:
        wide = used + len(text) + 2 > WIDTH
        found += f",{newline}{lead}{text}" if wide else f", {text}"
        used = len(lead) + len(text) if wide else used + len(text) + 2
    return found


def _deeper(text: str, start: int) -> str:
    """What to put before brackets where dashes stood no further in than the key above them."""
    column = start - (text.rfind("\n", 0, start) + 1)
    above = (line for line in reversed(text[:start].split("\n")[:-1])
             if line.strip() and not line.lstrip().startswith("#"))  # fmt: skip
    line = next(above, "")
    return "" if column > len(line) - len(line.lstrip(" -")) else "  "


def changed(text: str, node: Node, gone: set[int], added: list[str]) -> list[Edit]:
    """Edits that take entries out of a sequence and add others; it may end up empty."""
    collection = Collection(text, node)
    if len(gone) == len(collection):
        assert isinstance(node, yaml.nodes.CollectionNode)
        start = node.start_mark.index
        if node.flow_style:
            column = start - (text.rfind("\n", 0, start) + 1)
            listed = _flow(added, column, " " * (column + 1), collection.newline)
            return [Edit(start, end_of(node), f"[{listed.lstrip(', ').lstrip()}]")]
        if not added:
            return [Edit(start, end_of(node), f"{_deeper(text, start)}[]")]
        first, last = collection._span(0)[0], end_of(node)
        column = first - (text.rfind("\n", 0, first) + 1)
        lead = f"{collection.newline}{' ' * (column - 2)}- "
        return [Edit(first, last, lead.join(added))]
    return [*collection.without(gone), *collection.more(added)]
