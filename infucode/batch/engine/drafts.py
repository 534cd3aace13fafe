"""The lines of one answer, from the rows of its outcomes, as `engine/answer.py` makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from infucode.batch.engine.told import Rows
from infucode.engine.answer import FAR
from infucode.model.encounter import Encounter

DELIVERY = "delivery"
NOTHING: Rows = {}
NONE: tuple[Any, ...] = ()
Told = list[Any]
"""The rule of an outcome, its arguments, and its row."""
Key = tuple[Any, ...]
"""Day, visit, access, code, modifiers, the administration of a line of its own, charge."""


class Drafts:
    """The lines, with all that contributed to each."""

    def __init__(self, encounter: Encounter, of: Callable[[str], list[Told]]) -> None:
        """`of` gives the outcomes of a kind, in order."""
        self.encounter = encounter
        self.found: dict[Key, list[Any]] = {}
        """Of each line: units, administrations with their starts, services, the administrations
        whose delivery it reports, its place in claim order, its outcomes by kind."""
        self.earning: set[str] = set()
        """The administrations whose delivery some line reports."""
        self._lines(of)
        self._services(of)
        self.fit = all(draft[0] > 0 for draft in self.found.values())
        """Whether each line has units."""

    def order(self) -> list[Key]:
        """The lines in claim order."""
        if len(self.found) < 2:
            return list(self.found)
        places = {
            key: (key[0], key[1], not key[2], key[2], draft[4], *key[3:6])
            for key, draft in self.found.items()
        }
        return sorted(self.found, key=places.__getitem__)

    def shown(self) -> list[tuple[Any, ...]]:
        """What the claim shows of each line, in claim order."""
        return [(*key[:5], key[6], self.found[key][0]) for key in self.order()]

    def _lines(self, of: Callable[[str], list[Told]]) -> None:
        items = {item.id: item for item in self.encounter.administrations}
        marks: dict[tuple[Any, ...], list[tuple[str, Told]]] = {}
        for told in of("modifier"):
            marks.setdefault((told[1], told[2]), []).append(("modifier", told))
        for told in of("modifier_on"):
            marks.setdefault((told[1], told[2], told[3]), []).append(("modifier_on", told))
        charges: dict[tuple[Any, ...], list[tuple[str, Told]]] = {}
        for told in of("charge"):
            charges.setdefault((told[1], told[2]), []).append(("charge", told))
        own = {(told[1], told[2]) for told in of("own_line")}
        access = {told[1]: told[2] for told in of("charged_access")}
        opens = {told[1] for told in of("opens")}
        for told in of("line"):
            _, id, part, code, units, day, _ = told
            item = items[id]
            found = [*marks.get((id, part), NONE), *marks.get((id, part, day), NONE)]
            money = charges.get((id, part), NONE)
            delivery = part == DELIVERY
            start = item.start
            if start is None:
                start = item.segments[0][0] if item.segments else FAR
            first = (0, 0 if delivery else 1, start, id) if id in opens else (1, 0, start, id)
            key = (
                day, item.visit, access.get(id, ""), code,
                tuple(sorted({mark[-2] for _, mark in found})) if found else NONE,
                id if (id, part) in own else "",
                ", ".join(sorted({str(sum_[-2]) for _, sum_ in money})) if money else "",
            )  # fmt: skip
            draft = self.found.get(key)
            if draft is None:
                draft = self.found[key] = [0, {}, [], set(), first, []]
            elif first < draft[4]:
                draft[4] = first
            draft[0] += units
            draft[1][id] = start
            draft[5] += (("line", told), *found, *money)
            if delivery:
                draft[3].add(id)
                self.earning.add(id)

    def _services(self, of: Callable[[str], list[Told]]) -> None:
        lines = of("service_line")
        if not lines:
            return
        marks: dict[str, list[tuple[str, Told]]] = {}
        for told in of("visit_modifier"):
            marks.setdefault(told[1], []).append(("visit_modifier", told))
        services = {item.id: item for item in self.encounter.services}
        for told in lines:
            _, id, code, units, _ = told
            item, found = services[id], marks.get(id, NONE)
            mods = tuple(sorted({mark[-2] for _, mark in found}))
            key = (item.day or 0, item.visit, "", code, mods, id, "")
            draft = self.found.get(key)
            if draft is None:
                draft = self.found[key] = [0, {}, [], set(), (2, 0, 0, id), []]
            elif (2, 0, 0, id) < draft[4]:
                draft[4] = (2, 0, 0, id)
            draft[0] += units
            draft[2].append(id)
            draft[5] += (("service_line", told), *found)
