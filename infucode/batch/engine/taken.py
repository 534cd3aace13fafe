"""The facts of many encounters as columns: those of `rows.py`, field by field.

What most encounters state is taken field by field from all of them at once. An encounter that
states more (doses, segments, pumps, gaps, accesses) has its rows made as one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np

from infucode.batch.engine.columns import Ints
from infucode.batch.engine.fact_columns import MOST_NAMES, NAMES, FactColumns, Misfit, Names
from infucode.batch.engine.rows import COLUMNS, Kinds, Stated, rows_of
from infucode.engine.facts import BILL_DIGITS, DAY_MINUTES
from infucode.model.encounter import Encounter
from infucode.passes.values import Row
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import NUMBERS

_UNCOMMON = attrgetter(
    "segments", "intensity", "documentation", "dose", "pump", "volume_ml", "after",
    "concurrent_with",
)  # fmt: skip
_STAY = attrgetter(
    "claim", "place_of_service", "type_of_bill", "line_of_business", "provider_type",
    "patient_age_years", "observation", "ends",
)  # fmt: skip
_SERVICE = attrgetter(
    "id", "code", "provider", "separately_identifiable", "day", "visit", "units", "minutes"
)
_FLAGS = {True: "yes", False: "no", None: None}
_SPAN = attrgetter("start", "stop", "minutes")


class Taken(FactColumns):
    """What many encounters state."""

    def __init__(self, encounters: Sequence[Encounter], kinds: Kinds) -> None:
        """An encounter of which something does not fit the vocabulary states nothing here."""
        super().__init__(kinds.vocabulary)
        self.encounters, self.kinds = encounters, kinds
        self.stated: list[Stated | None] = [None] * len(encounters)
        common = [n for n, one in enumerate(encounters) if _is_common(one)]
        try:
            self._take(common)
        except (Misfit, TypeError, KeyError, OverflowError):
            self.parts.clear()
            common = []
        self._take_rows(sorted({*range(len(encounters))}.difference(common)))
        self.finish()

    # ---- encounters that state what most state ----

    def _take(self, common: Sequence[int]) -> None:
        """Raises Misfit, TypeError, KeyError or OverflowError for what does not fit."""
        encounters = [self.encounters[n] for n in common]
        if not encounters:
            return
        items = [one.administrations for one in encounters]
        every = list(chain.from_iterable(items))
        counts = list(map(len, items))
        owners = np.array(common).repeat(counts)
        names: list[Names] = [{} for _ in common]
        ids = self._administrations(encounters, common, owners, names)
        fields = zip(*map(self.kinds.fields, every), strict=True)
        for name, values in zip(self.kinds.names, fields, strict=False):
            state = COLUMNS[name][1]
            if state is not None:
                values = tuple(map(state, values))
            self.add((name, 2), owners, [ids, values], counts, names)
        for name in ("sequential_reason", "indication"):
            stated = np.array([bool(getattr(item, name)) for item in every])
            if stated.any():
                self.put((f"{name}_stated", 1), owners[stated], [ids[stated]])
        self._stay(encounters, np.array(common), counts, every)
        self._accesses(common, names)
        self._services(encounters, common, names)
        for n, encounter, known in zip(common, encounters, names, strict=True):
            self.stated[n] = Stated.named(self.kinds, encounter, known)

    def _administrations(
        self, encounters: Sequence[Encounter], common: Sequence[int], owners: Ints,
        names: Sequence[Names],
    ) -> Ints:  # fmt: skip
        """The constants of all administrations, and what is stated of each whatever it is."""
        given = NAMES["administration"]
        constants: list[str] = []
        places: list[int] = []
        ranks: list[int] = []
        reasons: list[str] = []
        reason_owners: list[int] = []
        for n, encounter, own in zip(common, encounters, names, strict=True):
            ids = [item.id for item in encounter.administrations]
            known = own["administration"] = {}
            if encounter.primary_reason:
                for id in dict.fromkeys((*encounter.primary_reason, *ids)):
                    known[id] = given[len(known)]
                for id in encounter.primary_reason:
                    reasons.append(known[id])
                    reason_owners.append(n)
                constants += [known[id] for id in ids]
            else:
                known.update(zip(ids, given, strict=False))
                constants += given[: len(ids)]
            places += range(len(ids))
            rank = {id: place for place, id in enumerate(sorted(ids))}
            ranks += [rank[id] for id in ids]
        symbols = self.constants(constants)
        self.put(("administration", 1), owners, [symbols])
        self.put(("document_order", 2), owners, [symbols, np.array(places)])
        self.put(("id_order", 2), owners, [symbols, np.array(ranks)])
        if reasons:
            self.put(("primary_reason", 1), np.array(reason_owners), [self.constants(reasons)])
        return symbols

    def _stay(
        self, encounters: Sequence[Encounter], owners: Ints, counts: Sequence[int],
        every: Sequence[Any],
    ) -> None:  # fmt: skip
        claim, place, bill, line, provider, age, observed, ends = zip(
            *map(_STAY, encounters), strict=True
        )
        bill = tuple([None if text is None else text.zfill(BILL_DIGITS) for text in bill])
        observed = tuple(map(_FLAGS.__getitem__, observed))
        for name, values in (
            ("claim", claim), ("place_of_service", place), ("type_of_bill", bill),
            ("line_of_business", line), ("provider_type", provider), ("patient_age", age),
            ("observation", observed), ("stay_ends", ends),
        ):  # fmt: skip
            self.add((name, 1), owners, [values], (), ())
        days = _days(every, counts, ends)
        if int(days.max()) > min(NUMBERS["day"][1], NUMBERS["clock"][1] // DAY_MINUTES):
            raise Misfit
        found = np.arange(days.sum()) - (days.cumsum() - days).repeat(days)
        self.put(("midnight", 2), owners.repeat(days), [found, (found + 1) * DAY_MINUTES])

    def _accesses(self, common: Sequence[int], names: Sequence[Names]) -> None:
        owners, accesses, places = [], [], []
        for n, own in zip(common, names, strict=True):
            known = own["access"]
            for place, id in enumerate(sorted(known) if len(known) > 1 else known):
                owners.append(n)
                accesses.append(known[id])
                places.append(place)
        constants = self.constants(accesses)
        self.put(("access_order", 2), np.array(owners), [constants, np.array(places)])

    def _services(
        self, encounters: Sequence[Encounter], common: Sequence[int], names: Sequence[Names]
    ) -> None:
        owners, services = [], []
        marked: list[tuple[int, str]] = []
        marks: list[str] = []
        every = []
        given = NAMES["service"]
        for n, encounter, own in zip(common, encounters, names, strict=True):
            if encounter.services:
                known = own["service"] = {}
                for number, item in enumerate(encounter.services):
                    known[item.id] = given[number]
                    marked += [(n, given[number])] * len(item.modifiers)
                    marks += item.modifiers
                    owners.append(n)
                    services.append(given[number])
                    every.append(item)
        if not every:
            return
        by = np.array(owners)
        constants = self.constants(services)
        _, code, provider, apart, day, visit, units, minutes = zip(
            *map(_SERVICE, every), strict=True
        )
        self.put(("service", 1), by, [constants])
        for name, values in (
            ("service_code", code), ("service_provider", provider),
            ("separately_identifiable", tuple(map(_FLAGS.__getitem__, apart))),
            ("service_day", tuple([number or 0 for number in day])), ("service_visit", visit),
            ("service_units", units), ("service_minutes", minutes),
        ):  # fmt: skip
            self.add((name, 2), by, [constants, values], (), ())
        if marks:
            on = self.constants([constant for _, constant in marked])
            by = np.array([n for n, _ in marked])
            self.add(("service_modifier", 2), by, [on, tuple(marks)], (), ())

    # ---- encounters that state more ----

    def _take_rows(self, numbers: Iterable[int]) -> None:
        owners: dict[Signature, list[int]] = {}
        rows: dict[Signature, list[Row]] = {}
        for number in numbers:
            try:
                stated = rows_of(self.encounters[number], self.kinds)
            except MemoryError:
                raise
            except Exception:
                continue
            self.stated[number] = stated
            for signature, own in stated.given.items():
                owners.setdefault(signature, []).extend([number] * len(own))
                rows.setdefault(signature, []).extend(own)
        for signature, found in rows.items():
            columns = [
                np.array(values) if number else self.constants(values)
                for number, values in zip(
                    self.numbers(signature), zip(*found, strict=True), strict=True
                )
            ]
            self.put(signature, np.array(owners[signature]), columns)


def _is_common(encounter: Encounter) -> bool:
    """Whether it states only what is taken field by field."""
    if encounter.accesses or not encounter.administrations:
        return False
    if len(encounter.administrations) + len(encounter.services) >= MOST_NAMES:
        return False
    return not any(map(any, map(_UNCOMMON, encounter.administrations)))


def _days(every: Sequence[Any], counts: Sequence[int], ends: Sequence[int | None]) -> Ints:
    """How many days each stay may reach, the first with it; `ends` by encounter."""
    last: list[int] = []
    stays = chain.from_iterable([[end or 0] * n for end, n in zip(ends, counts, strict=True)])
    for (start, stop, minutes), end in zip(map(_SPAN, every), stays, strict=True):
        if start is None:
            last.append(0)
        elif stop is not None:
            last.append(stop)
        elif minutes is not None:
            last.append(start + minutes)
        else:
            last.append(max(end, start + DAY_MINUTES))
    begins = np.cumsum([0, *counts[:-1]])
    most: Ints = np.maximum.reduceat(np.array(last), begins)
    return np.maximum(most - 1, 0) // DAY_MINUTES + 1
