"""The text of a plain answer, written from the rows of its outcomes: one world, no reasons asked.

It is what `View` and `solution_to_json` give for such an answer, byte for byte; where anything
else stands among the outcomes None is returned, and they are asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache
from typing import Any

from infucode.batch.engine.rows import Stated
from infucode.batch.engine.told import Rows, ordered
from infucode.engine.answer import FAR
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef, Warned
from infucode.passes.values import TEXT_MARK
from infucode.questions.view import PARTS
from infucode.render.json_view import SCHEMA, dumps, policy_to_json, reason_to_json

OPEN = ("open_stop", "open_reason", "cannot_tell", "cannot_tell_part")
"""Outcomes of answers that are not plain."""
DELIVERY = "delivery"
NOTHING: Rows = {}
Told = list[Any]
"""The rule of an outcome and its arguments."""


@lru_cache(maxsize=65536)
def quoted(text: str) -> str:
    """A text as JSON."""
    return dumps(text, compact=True)[:-1]


@lru_cache(maxsize=4096)
def _day(first: Date, day: int) -> str:
    return f'"{(first + timedelta(days=day)).isoformat()}"'


class PlainTexts:
    """Writes the answers of one program under one policy."""

    def __init__(self, program: Program, policy: PolicyRef, notices: Sequence[Warned]) -> None:
        self.labels = program.labels
        kinds = [kind for kind, _ in program.outcome_order]
        self.places = {kind: place for place, kind in enumerate(kinds)}
        self.usable = len(self.places) == len(kinds)
        self._open = [self.places[kind] for kind in OPEN if kind in self.places]
        own = dumps(policy_to_json(policy), compact=True)[:-1]
        self._policy = f',"policy":{own},"outcome":"coded","code_sets":[{{"assuming":[],"lines":['
        self._notices = [dumps(reason_to_json(item), compact=True)[:-1] for item in notices]

    def text(self, rows: Sequence[Rows], stated: Stated, encounter: Encounter) -> bytes | None:
        """The line of an answer with these outcomes; None if it is not plain."""
        if not self.usable or any(rows[place] for place in self._open):
            return None
        return _Answer(self, rows, stated.values, encounter).text()


class _Answer:
    """One answer while it is written."""

    def __init__(
        self, texts: PlainTexts, rows: Sequence[Rows], values: Mapping[Any, str],
        encounter: Encounter,
    ) -> None:  # fmt: skip
        self.texts, self.rows, self.values, self.encounter = texts, rows, values, encounter
        self.position = {item.id: n for n, item in enumerate(encounter.administrations)}
        self.merged = self.of("merged")
        self.earning: set[str] = set()
        self.into: dict[str, str] = {str(one): str(other) for _, one, other in self.merged}

    def of(self, kind: str) -> list[Told]:
        """The outcomes of one kind, in order."""
        place = self.texts.places.get(kind)
        own = NOTHING if place is None else self.rows[place]
        if not own:
            return []
        values = self.values
        return [
            [
                values.get(value) or value.removeprefix(TEXT_MARK)
                if isinstance(value, str)
                else value
                for value in row
            ]
            for row in (ordered(own) if len(own) > 1 else own)
        ]

    def text(self) -> bytes | None:
        """The whole line; None where the view has to say what is wrong."""
        texts = self.texts
        lines = self.lines()
        if lines is None:
            return None
        warnings = dict.fromkeys([*self.of_rules("warning"), *self.of_rules("service_warning")])
        told = [f'{{"rule":{quoted(rule)},"says":"","cite":""}}' for rule in warnings]
        return (
            f'{{"schema":"{SCHEMA}","encounter":{quoted(self.encounter.id)}{texts._policy}'
            f'{",".join(lines)}],"not_reported":[]}}],"not_reported":[{self.hidden()}],"asks":['
            f'{self.asks()}],"warnings":[{",".join([*texts._notices, *told])}]}}\n'
        ).encode()

    def of_rules(self, kind: str) -> list[str]:
        """The rules of the outcomes of one kind."""
        return [told[0] for told in self.of(kind)]

    def end(self, id: str) -> str:
        """Where the chain of merges from an administration ends."""
        seen = set()
        while id in self.into and id not in seen:
            seen.add(id)
            id = self.into[id]
        return id

    # ---- lines ----

    def lines(self) -> list[str] | None:
        """Each line, in claim order."""
        items = {item.id: item for item in self.encounter.administrations}
        marks: dict[tuple[Any, ...], set[str]] = {}
        for _, *marked, mark in [*self.of("modifier"), *self.of("modifier_on")]:
            marks.setdefault(tuple(marked), set()).add(str(mark))
        charges: dict[tuple[Any, ...], set[str]] = {}
        for told in self.of("charge"):
            charges.setdefault(tuple(told[1:3]), set()).add(str(told[-1]))
        own = {tuple(told[1:]) for told in self.of("own_line")}
        access = {told[1]: str(told[2]) for told in self.of("charged_access")}
        opens = {told[1] for told in self.of("opens")}
        drafts: dict[tuple[Any, ...], list[Any]] = {}
        for _, id, part, code, units, day in self.of("line"):
            item = items[id]
            found = marks.get((id, part), NONE) | marks.get((id, part, day), NONE)
            delivery = part == DELIVERY
            start = item.start
            if start is None:
                start = item.segments[0][0] if item.segments else FAR
            first = (0, 0 if delivery else 1, start, id) if id in opens else (1, 0, start, id)
            key = (
                day, item.visit, access.get(id, ""), str(code), tuple(sorted(found)),
                id if (id, part) in own else "", ", ".join(sorted(charges.get((id, part), NONE))),
            )  # fmt: skip
            draft = drafts.setdefault(key, [0, {}, [], set(), first])
            draft[0] += units
            draft[1][id] = start
            draft[4] = min(draft[4], first)
            if delivery:
                draft[3].add(id)
                self.earning.add(id)
        self._services(drafts)
        if any(draft[0] < 1 for draft in drafts.values()):
            return None
        order = [(k[0], k[1], not k[2], k[2], d[4], k[3:6]) for k, d in drafts.items()]
        kept = list(drafts.items())
        return [self._line(*kept[n]) for n in sorted(range(len(order)), key=order.__getitem__)]

    def _services(self, drafts: dict[tuple[Any, ...], list[Any]]) -> None:
        told = self.of("service_line")
        if not told:
            return
        marks: dict[str, set[str]] = {}
        for own in self.of("visit_modifier"):
            marks.setdefault(own[1], set()).add(str(own[-1]))
        services = {item.id: item for item in self.encounter.services}
        for _, id, code, units in told:
            item = services[id]
            mods = tuple(sorted(marks.get(id, NONE)))
            key = (item.day or 0, item.visit, "", str(code), mods, id, "")
            draft = drafts.setdefault(key, [0, {}, [], set(), (2, 0, 0, id)])
            draft[0] += units
            draft[2].append(id)

    def _line(self, key: tuple[Any, ...], draft: list[Any]) -> str:
        day, visit, access, code, modifiers, _, charge = key
        units, starts, services, owners, _ = draft
        ids = list(starts)
        if len(ids) > 1:
            ids.sort(key=lambda id: (starts[id], self.position[id]))
        label = self.texts.labels.get(code, "")
        if not label and ids:
            label = self.encounter.administration(ids[0]).drug
        if self.merged:
            ids += [str(told[1]) for told in self.merged if self.end(str(told[1])) in owners]
            ids = list(dict.fromkeys(ids))
        return (
            f'{{"code":{quoted(code)},"label":{quoted(label)},"units":{units},"modifiers":'
            f'[{_listed(modifiers)}],"date":{_day(self.encounter.date, day)},"visit":{visit},'
            f'"access":{quoted(access) if access else "null"},"administrations":[{_listed(ids)}],'
            f'"services":[{_listed(services)}],"charge":{quoted(charge) if charge else "null"},'
            '"certain":true,"because":[],"hangs_on":[]}'
        )

    # ---- the rest ----

    def hidden(self) -> str:
        """What is not reported."""
        found = [
            (told[1], "all", told[0])
            for told in self.merged
            if self.end(str(told[1])) not in self.earning
        ]
        found += [(told[1], PARTS[str(told[2])], told[0]) for told in self.of("withheld")]
        found += [(told[1], f"{told[2]} minutes", told[0]) for told in self.of("lost_minutes")]
        position = self.position
        found.sort(key=lambda item: (position[item[0]], item[1], item[2]))
        rows = [
            f'{{"administration":{quoted(id)},"service":null,"part":{quoted(part)},"rule":'
            f'{quoted(rule)},"says":"","cite":""}}'
            for id, part, rule in found
        ]
        rows += [
            f'{{"administration":null,"service":{quoted(told[1])},"part":"all","rule":'
            f'{quoted(told[0])},"says":"","cite":""}}'
            for told in self.of("service_withheld")
        ]
        return ",".join(dict.fromkeys(rows))

    def asks(self) -> str:
        """The questions."""
        position = self.position
        found = {(position[told[1]], told[2], told[1]) for told in self.of("ask")}
        return ",".join(
            [
                f'{{"fact":{quoted(fact)},"administration":{quoted(id)},"says":"",'
                '"matters_because":""}'
                for _, fact, id in sorted(found)
            ]
        )


NONE: frozenset[str] = frozenset()


def _listed(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return quoted(texts[0])
    return ",".join([quoted(text) for text in texts])
