"""The text of a plain answer, written from the rows of its outcomes: one world, nothing open.

It is what `View` and `solution_to_json` give for such an answer, byte for byte, with reasons and
without; where anything else stands among the outcomes None is returned, and they are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from infucode.batch.engine.drafts import NOTHING, Drafts, Told
from infucode.batch.engine.rows import Stated
from infucode.batch.engine.sayings import Sayings, Speech, plain, quoted
from infucode.batch.engine.told import LINES, Rows, Seen, Why, ordered
from infucode.engine.facts import Names
from infucode.engine.program import Program
from infucode.engine.wording import Wording, said_words
from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef, Warned
from infucode.passes.values import TEXT_MARK
from infucode.questions.view import PARTS
from infucode.render.json_view import SCHEMA, dumps, policy_to_json, reason_to_json

OPEN = ("open_stop", "open_reason", "cannot_tell", "cannot_tell_part")
"""Outcomes of answers that are not plain."""
UNSAID = ',"says":"","cite":""'


@lru_cache(maxsize=4096)
def _day(first: Date, day: int) -> str:
    return f'"{(first + timedelta(days=day)).isoformat()}"'


class PlainTexts:
    """Writes the answers of one program under one policy."""

    def __init__(self, program: Program, policy: PolicyRef, notices: Sequence[Warned]) -> None:
        self.program, self.labels = program, program.labels
        self.kinds = [kind for kind, _ in program.outcome_order]
        self.places = {kind: place for place, kind in enumerate(self.kinds)}
        self.usable = len(self.places) == len(self.kinds)
        self.open = [self.places[kind] for kind in OPEN if kind in self.places]
        self.lines = [self.places[kind] for kind in LINES if kind in self.places]
        own = dumps(policy_to_json(policy), compact=True)[:-1]
        self.policy = f',"policy":{own},"outcome":"coded","code_sets":[{{"assuming":[],"lines":['
        self.notices = [dumps(reason_to_json(item), compact=True)[:-1] for item in notices]
        self.sayings = Sayings(program)
        self.said = said_words(list(program.book.vocabulary.values()))
        self._switches: dict[str, tuple[str, str]] = {}

    def text(
        self, rows: Seen, stated: Stated, encounter: Encounter, why: Why | None = None
    ) -> bytes | None:
        """The line of an answer with these outcomes; None if it is not plain. Raises LookupError
        for an outcome that has no reason."""
        if not self.usable or any(rows[place] for place in self.open):
            return None
        return _Answer(self, rows, stated, encounter, why).text()

    def switch(self, name: str) -> tuple[str, str]:
        """What is said of a switch on a line, up to its other answers, and the warning of it."""
        found = self._switches.get(name)
        if found is None:
            setting = self.program.book.settings[name]
            switch = self.program.book.library.switches[name]
            question = f"{switch.text[:1].lower()}{switch.text[1:].rstrip('.')}"
            says = (
                f"The plan's source does not say {question}. Lines here depend on the "
                f"answer that stands in: {switch.spoken(setting.value)}."
            )
            warned = Warned(f"switch.{name}", says, setting.cite)
            told = (
                f'{{"switch":{quoted(name)},"value":{quoted(setting.value)},'
                f'"basis":{quoted(setting.basis)},"other":'
            )
            warning = dumps(reason_to_json(warned), compact=True)[1:-2]
            found = self._switches[name] = told, warning
        return found


class _Answer:
    """One answer while it is written."""

    def __init__(
        self, texts: PlainTexts, rows: Seen, stated: Stated, encounter: Encounter,
        why: Why | None,
    ) -> None:  # fmt: skip
        self.texts, self.rows, self.why, self.encounter = texts, rows, why, encounter
        self.values = stated.values
        self.position = {item.id: n for n, item in enumerate(encounter.administrations)}
        if why is not None:
            names = Names(words=stated.values)  # type: ignore[arg-type]
            self.speech = Speech(texts.sayings, Wording(encounter, names, texts.said))
        self.merged = self.of("merged")
        self.into: dict[str, str] = {told[1]: told[2] for told in self.merged}
        self.drafts = Drafts(encounter, self.of)
        self._found: dict[str, list[str]] = {}

    def of(self, kind: str, rows: Seen | None = None) -> list[Told]:
        """The outcomes of one kind, in order: the rule, the arguments, and the row itself."""
        place = self.texts.places.get(kind)
        own = NOTHING if place is None else (self.rows if rows is None else rows)[place]
        if not own:
            return []
        values = self.values
        return [
            [
                *[
                    values.get(value) or value.removeprefix(TEXT_MARK)
                    if isinstance(value, str)
                    else value
                    for value in row
                ],
                row,
            ]
            for row in (ordered(own) if len(own) > 1 else own)
        ]

    def text(self) -> bytes | None:
        """The whole line; None where the view has to say what is wrong."""
        texts = self.texts
        if not self.drafts.fit:
            return None
        hanging = self._hanging() if self.why is not None and self.why.others else []
        if hanging is None:
            return None
        lines = self._lines(hanging)
        warned = [
            self.reason(kind, told)
            for kind in ("warning", "service_warning")
            for told in self.of(kind)
        ]
        switches = sorted({name for own in hanging for name in own})
        warned += [texts.switch(name)[1] for name in switches]
        told = [f"{{{one}}}" for one in dict.fromkeys(warned)]
        return (
            f'{{"schema":"{SCHEMA}","encounter":{quoted(self.encounter.id)}{texts.policy}'
            f'{",".join(lines)}],"not_reported":[]}}],"not_reported":[{self.hidden()}],"asks":['
            f'{self.asks()}],"warnings":[{",".join([*texts.notices, *told])}]}}\n'
        ).encode()

    def reason(self, kind: str, told: Told) -> str:
        """Rule, message and citation of an outcome, as JSON without its braces."""
        rule = f'"rule":{quoted(told[0])}'
        if self.why is None:
            return rule + UNSAID
        position, values = self.why.behind[kind][told[-1]]
        pieces, cite = self.texts.sayings.says(position)
        return f'{rule},"says":{plain(self.speech.fill(pieces, values))},"cite":{cite}'

    def end(self, id: str) -> str:
        """Where the chain of merges from an administration ends."""
        seen = set()
        while id in self.into and id not in seen:
            seen.add(id)
            id = self.into[id]
        return id

    # ---- lines ----

    def _lines(self, hanging: Sequence[Mapping[str, list[str]]]) -> list[str]:
        """Each line, in claim order; `hanging` are the switches that each hangs on."""
        drafts = self.drafts
        return [
            self._line(key, drafts.found[key], hanging[n] if hanging else {})
            for n, key in enumerate(drafts.order())
        ]

    def _line(
        self, key: tuple[Any, ...], draft: list[Any], hanging: Mapping[str, list[str]]
    ) -> str:
        day, visit, access, code, modifiers, _, charge = key
        units, starts, services, owners, _, sources = draft
        ids = list(starts)
        if len(ids) > 1:
            ids.sort(key=lambda id: (starts[id], self.position[id]))
        label = self.texts.labels.get(code, "")
        if not label and ids:
            label = self.encounter.administration(ids[0]).drug
        merged = []
        if self.merged:
            merged = [told for told in self.merged if self.end(told[1]) in owners]
            ids = list(dict.fromkeys([*ids, *[told[1] for told in merged]]))
        because, told_switches = "", ""
        if self.why is not None:
            because = self._because(sources, merged, owners)
            told_switches = ",".join(
                [
                    f"{self.texts.switch(name)[0]}[{_listed(other)}]}}"
                    for name, other in sorted(hanging.items())
                ]
            )
        return (
            f'{{"code":{quoted(code)},"label":{quoted(label)},"units":{units},"modifiers":'
            f'[{_listed(modifiers)}],"date":{_day(self.encounter.date, day)},"visit":{visit},'
            f'"access":{quoted(access) if access else "null"},"administrations":[{_listed(ids)}],'
            f'"services":[{_listed(services)}],"charge":{quoted(charge) if charge else "null"},'
            f'"certain":true,"because":[{because}],"hangs_on":[{told_switches}]}}'
        )

    def _because(
        self, sources: Iterable[tuple[str, Told]], merged: Iterable[Told], owners: set[str]
    ) -> str:
        """The reasons of a line: what gave it, what is merged into it, remarks on either."""
        found = [self.reason(kind, told) for kind, told in sources]
        found += [self.reason("merged", told) for told in merged]
        found += [self.reason("remark", told) for told in self.of("remark") if told[1] in owners]
        return ",".join([f"{{{one}}}" for one in dict.fromkeys(found)])

    def _hanging(self) -> list[dict[str, list[str]]] | None:
        """Of each line the switches, and their other answers, under which it is another; None
        where one of these answers is refused."""
        assert self.why is not None
        own = self.drafts.shown()
        found: list[dict[str, list[str]]] = [{} for _ in own]
        places = self.texts.lines
        mine = [self.rows[place] for place in places]
        known: list[tuple[list[Rows], set[Any]]] = [(mine, set(own))]
        for switch, value, rows in self.why.others:
            theirs = [rows[place] for place in places]
            shown: set[Any] = set()
            for lines, own_shown in known:
                if lines == theirs:
                    shown = own_shown
                    break
            else:
                drafts = Drafts(self.encounter, partial(self.of, rows=rows))
                if not drafts.fit:
                    return None
                shown = set(drafts.shown())
                known.append((theirs, shown))
            for number, line in enumerate(own):
                if line not in shown:
                    found[number].setdefault(switch, []).append(value)
        return found

    # ---- the rest ----

    def hidden(self) -> str:
        """What is not reported."""
        earning = self.drafts.earning
        found = [
            (told[1], "all", told[0], "merged", told)
            for told in self.merged
            if self.end(told[1]) not in earning
        ]
        for told in self.of("withheld"):
            found.append((told[1], PARTS[told[2]], told[0], "withheld", told))
        for told in self.of("lost_minutes"):
            found.append((told[1], f"{told[2]} minutes", told[0], "lost_minutes", told))
        position = self.position
        if len(found) > 1:
            found.sort(key=lambda item: (position[item[0]], item[1], item[2]))
        rows = [
            f'{{"administration":{quoted(id)},"service":null,"part":"{part}",'
            f"{self.reason(kind, told)}}}"
            for id, part, _, kind, told in found
        ]
        rows += [
            f'{{"administration":null,"service":{quoted(told[1])},"part":"all",'
            f"{self.reason('service_withheld', told)}}}"
            for told in self.of("service_withheld")
        ]
        return ",".join(dict.fromkeys(rows))

    def asks(self) -> str:
        """The questions."""
        position = self.position
        first: dict[tuple[int, str], Told] = {}
        for told in self.of("ask"):
            first.setdefault((position[told[1]], told[2]), told)
        return ",".join([self._ask(first[key]) for key in sorted(first)])

    def _ask(self, told: Told) -> str:
        says, matters = '""', '""'
        if self.why is not None:
            where, values = self.why.behind["ask"][told[-1]]
            sayings, fill = self.texts.sayings, self.speech.fill
            says = plain(fill(sayings.says(where)[0], values))
            matters = plain(fill(sayings.matters(where), values))
        return (
            f'{{"fact":{quoted(told[2])},"administration":{quoted(told[1])},"says":{says},'
            f'"matters_because":{matters}}}'
        )


def _listed(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return quoted(texts[0])
    return ",".join([quoted(text) for text in texts])
