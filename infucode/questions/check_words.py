"""How the sentences of a check name what they speak of."""

from __future__ import annotations

from infucode.engine.claim_facts import Record
from infucode.engine.facts import Names
from infucode.engine.wording import Said, Wording
from infucode.model.claim import Earned
from infucode.model.encounter import ClaimLine, Encounter


class ClaimWording(Wording):
    """Lines by id and code; what the record earns by code and administration."""

    def __init__(self, encounter: Encounter, names: Names, said: Said) -> None:
        super().__init__(encounter, names, said)
        self._lines = {line.id: line for line in encounter.claim_lines}

    def _id(self, value: str, sort: str) -> str:
        if sort == "claim_line" and value in self._lines:
            return line_words(self._lines[value])
        return super()._id(value, sort)


def line_words(line: ClaimLine) -> str:
    """``L2 (96375-59)``: a line by its id and what it claims."""
    return f"{line.id} ({'-'.join((line.code, *line.modifiers))})"


class Subjects:
    """Which administrations the lines of a claim are about."""

    def __init__(self, encounter: Encounter, record: Record) -> None:
        self.lines = {line.id: line for line in encounter.claim_lines}
        self._earned: dict[str, list[Earned]] = {}
        self._first = encounter.date
        self._order = {item.id: n for n, item in enumerate(encounter.administrations)}
        for item in (*record.expected.values(), *record.possible.values()):
            self._earned.setdefault(item.code, []).append(item)

    def of(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """The administrations of some lines, in the order of the record."""
        found = {id for line in ids for id in self._of(self.lines[line])}
        return tuple(sorted(found, key=lambda id: self._order.get(id, 0)))

    def _of(self, line: ClaimLine) -> set[str]:
        """Those that the line names, else of what the record earns under its code and date."""
        if line.administrations:
            return set(line.administrations)
        same = self._earned.get(line.code, [])
        dated = [e for e in same if (e.date - self._first).days == (line.day or 0)]
        return {id for item in dated or same for id in item.administrations}
