"""Values as a person would name them: drugs by name and clock time, amounts as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from infucode.engine.facts import DAY_MINUTES, HOUR_MINUTES, Names, dose_scale
from infucode.model.encounter import Administration, Encounter, drug_key
from infucode.passes.values import TEXT_MARK, Value, symbol_of
from infucode.rulebook.papers import PLACEHOLDER
from infucode.rulebook.vocabulary import Predicate, Type

Bound = Mapping[str, tuple[Value, Type | None]]
"""The variables of a message: each with its value and the type of the place where it stands."""
Said = dict[frozenset[str], dict[str, str]]
"""Plain words for words, by the closed list that they belong to."""
_PIECE = re.compile(rf"{PLACEHOLDER.pattern}|\(s\)")
_APART: tuple[Callable[[Administration], str], ...] = (
    lambda item: (item.technique or "").replace("_", " "),
    lambda item: f"through {item.access}",
    lambda item: f"visit {item.visit}",
)
"""What tells administrations of one drug and clock time apart, the plainest first."""


def said_words(vocabulary: Sequence[Predicate]) -> Said:
    """The plain words that the vocabulary gives for the words of its closed lists."""
    return {frozenset(p.types[-1].words): dict(p.said) for p in vocabulary if p.said}


class Wording:
    """Renders values of one encounter by their type."""

    def __init__(self, encounter: Encounter, names: Names, said: Said | None = None) -> None:
        self.encounter, self.names, self.said = encounter, names, said or {}
        self._items = {item.id: item for item in encounter.administrations}
        self._services = {item.id: item for item in encounter.services}
        self._alike: dict[str, list[Administration]] = {}
        for item in encounter.administrations:
            self._alike.setdefault(self._plain(item), []).append(item)
        for alike in self._alike.values():
            if alike[0].began is not None:  # by the last tie-break; without a clock, as listed
                alike.sort(key=lambda item: item.id)
        self._drugs: dict[str, str] = {}
        for item in encounter.administrations:
            self._drugs.setdefault(drug_key(item.drug), _one_line(item.drug))

    def clock(self, minute: int) -> str:
        """A minute as clock time, with the date from the second day on."""
        day, rest = divmod(minute, DAY_MINUTES)
        text = f"{rest // HOUR_MINUTES:02d}:{rest % HOUR_MINUTES:02d}"
        if not day:
            return text
        return f"{(self.encounter.date + timedelta(days=day)).strftime('%m-%d')} {text}"

    def amount(self, steps: int) -> str:
        """An amount of a dose as written, `2.5 mg`; the unit only where all doses share one."""
        units = {
            item.dose.unit for item in self.encounter.administrations if item.dose is not None
        }
        number = Decimal(steps) / dose_scale(self.encounter)
        unit = units.pop() if len(units) == 1 else None
        return f"{number:f} {unit}" if unit else f"{number:f}"

    def _plain(self, item: Administration) -> str:
        drug = _one_line(item.drug)
        return drug if item.began is None else f"{drug} {self.clock(item.began)}"

    def administration(self, id: str) -> str:
        """`ceftriaxone 10:10`; where that would name two, with what tells them apart."""
        item = self._items[id]
        text = self._plain(item)
        alike = self._alike[text]
        if len(alike) == 1:
            return text
        for told in _APART:
            found = [told(other) for other in alike]
            if "" not in found and len(set(found)) == len(alike):
                return f"{text} ({told(item)})"
        return f"{text} ({_ordinal(alike.index(item) + 1)} of {len(alike)})"

    def value(self, value: Value, kind: Type | None) -> str:
        """A value in words, by the type of the place where it stands."""
        if isinstance(value, int):
            return self._number(value, kind)
        if isinstance(value, float):
            return str(symbol_of(value))
        if value.startswith(TEXT_MARK):
            return value[len(TEXT_MARK) :]
        named = self.names.words.get(value)
        if named is None:
            return value.replace("_", " ")
        return self._id(named, kind.name if kind is not None else "")

    def _number(self, number: int, kind: Type | None) -> str:
        name = kind.name if kind is not None else ""
        if name == "clock":
            return self.clock(number)
        if name == "day":
            return str(self.encounter.date + timedelta(days=number))
        if name == "amount":
            return self.amount(number)
        return str(number)

    def _id(self, value: str, sort: str) -> str:
        if sort == "administration" or (not sort and value in self._items):
            return self.administration(value)
        if sort == "drug":
            return self._drugs.get(value, value)
        if sort == "service" and value in self._services:
            return self._services[value].code
        return value

    def spoken(self, value: Value, kind: Type | None) -> str:
        """A value in the middle of a sentence: `into muscle`, where a proof says `im`.

        What began before something else ended came no minutes after it.
        """
        if kind is not None:
            if kind.name == "minutes" and isinstance(value, int) and value < 0:
                return "0"
            if kind.sort == "word" and isinstance(value, str):
                own = frozenset(kind.words)
                for words, said in self.said.items():
                    if own <= words and value in said:
                        return said[value]
        return self.value(value, kind)

    def fill(self, text: str, bound: Bound) -> str:
        """A message with its placeholders filled; `(s)` is an s unless the number before is 1."""
        one = False

        def piece(match: re.Match[str]) -> str:
            nonlocal one
            if match[1] is None:
                return "" if one else "s"
            value, kind = bound[match[1]]
            if isinstance(value, int):
                one = value == 1
            return self.spoken(value, kind)

        return _PIECE.sub(piece, text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
