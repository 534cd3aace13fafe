"""Values as a person would name them: drugs by name and clock time, amounts as written."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import clingo

from infucode.engine.facts import DAY_MINUTES, HOUR_MINUTES, Names, dose_scale, drug_key
from infucode.model.encounter import Administration, Encounter
from infucode.rulebook.papers import PLACEHOLDER
from infucode.rulebook.vocabulary import Type


class Wording:
    """Renders symbols of one encounter by their type."""

    def __init__(self, encounter: Encounter, names: Names) -> None:
        self.encounter, self.names = encounter, names
        self._items = {item.id: item for item in encounter.administrations}
        self._services = {item.id: item for item in encounter.services}
        plain = Counter(self._plain(item) for item in encounter.administrations)
        self._same = {text for text, number in plain.items() if number > 1}
        self._drugs: dict[str, str] = {}
        for item in encounter.administrations:
            self._drugs.setdefault(drug_key(item.drug), item.drug)

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
        start = (
            item.start
            if item.start is not None
            else (item.segments[0][0] if item.segments else None)
        )
        return item.drug if start is None else f"{item.drug} {self.clock(start)}"

    def administration(self, id: str) -> str:
        """`ceftriaxone 10:10`; with the id where that would name two."""
        text = self._plain(self._items[id])
        return f"{text} ({id})" if text in self._same else text

    def symbol(self, symbol: clingo.Symbol, kind: Type | None) -> str:
        """A symbol in words, by the type of the place where it stands."""
        if symbol.type == clingo.SymbolType.Number:
            return self._number(symbol.number, kind)
        if symbol.type == clingo.SymbolType.String:
            return symbol.string
        if symbol.type != clingo.SymbolType.Function:
            return str(symbol)
        value = self.names.values.get(symbol)
        if value is None or symbol.arguments:
            return symbol.name.replace("_", " ")
        return self._id(value, kind.name if kind is not None else "")

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

    def fill(self, text: str, bound: dict[str, tuple[clingo.Symbol, Type | None]]) -> str:
        """A message with its placeholders filled."""
        return PLACEHOLDER.sub(lambda m: self.symbol(*bound[m[1]]), text)
