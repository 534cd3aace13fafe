"""Answers given again: encounters that are equal but for the names in them are answered once.

A name is an id (of an administration, service, claim line, access, bag or dose group, and of the
encounter) or a drug. An encounter is answered under names of our own, which stand in the order
of those that they replace, and its names are then put into the answer. No rule reads a name; what
reads one outside the rules (the order of lines and of ids) reads its order alone, and that is
kept. So encounters that are equal under our names have equal answers under their own. Clock times
and dates stay as stated: at midnight, at a table's date or a switch's, a shift changes answers.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from infucode.batch.answers import Answerer
from infucode.batch.tasks import Document, Result, Task
from infucode.errors import InfucodeError
from infucode.model.encounter import Administration, Encounter, drug_key
from infucode.render.json_view import dumps

MOST_BYTES = 64 * 1024 * 1024
"""Characters of questions and answers that a worker keeps; the oldest go first."""
ID, DRUG = "\ue000", "\ue001"
"""Begin our names. They are of no script, and a document that has one is answered as it is."""
_NAME = re.compile(f"[{ID}{DRUG}][0-9]{{4}}")
_OURS = (b"\xee\x80", b"\\u")
"""Bytes without which a document has none of our names: the start of one, or any escape."""
_STATED = "stated"
_ENCOUNTER = f"{ID}9999"
_MOST_NAMES = 9999

Back = Mapping[str, str]
"""What our names stand for, as it stands in JSON."""


class CachedAnswerer(Answerer):
    """Answers documents one batch after another, and those that are alike once."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.kept = Kept()
        """What was answered before."""
        self._renamed: dict[Document, Encounter] = {}
        """The documents that are being answered under our names."""

    def read(self, document: Document) -> Encounter:
        """The encounter of a document, or what is answered in its place."""
        return self._renamed.get(document) or super().read(document)

    def results(self, documents: Sequence[Document]) -> list[Result]:
        """What becomes of each document, in their order. Raises nothing but MemoryError."""
        found: list[Result | None] = [None] * len(documents)
        alike: dict[str, list[tuple[int, Back]]] = {}
        first: dict[str, tuple[Document, Encounter]] = {}
        alone: list[int] = []
        for number, document in enumerate(documents):
            asked = self._asked(document)
            if asked is None:
                alone.append(number)
                continue
            encounter, back = asked
            key = repr(encounter)
            known = self.kept.get(key)
            if known is not None:
                found[number] = _told(known, back, cached=True)
            else:
                alike.setdefault(key, []).append((number, back))
                first.setdefault(key, (document, encounter))
        alone += self._once(first, alike, found)
        for number, result in zip(
            alone, super().results([documents[number] for number in alone]), strict=True
        ):
            found[number] = result
        return [result for result in found if result is not None]

    def _once(
        self,
        first: Mapping[str, tuple[Document, Encounter]],
        alike: Mapping[str, Sequence[tuple[int, Back]]],
        found: list[Result | None],
    ) -> list[int]:
        """Answer the first of those that are alike for them all; returns the numbers of those
        that are refused, which are told so under their own names."""
        self._renamed = dict(first.values())
        try:
            results = super().results([document for document, _ in first.values()])
        finally:
            self._renamed = {}
        refused: list[int] = []
        for key, result in zip(first, results, strict=True):
            if result.rejected:
                refused += [number for number, _ in alike[key]]
                continue
            kept = result.answer.decode(), result.outcome
            self.kept.put(key, kept)
            for place, (number, back) in enumerate(alike[key]):
                found[number] = _told(kept, back, cached=place > 0)
        return refused

    def _asked(self, document: Document) -> tuple[Encounter, Back] | None:
        if any(mark in document.text for mark in _OURS):
            return None
        try:
            return renamed(super().read(document))
        except InfucodeError:
            return None


Told = tuple[str, str]
"""An answer under our names, and its outcome."""


class Kept:
    """Answers by the encounter under our names, those that were not asked for longest the first
    to go. The encounter is kept whole, so no two can be taken for one another."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.size = most, 0
        self._answers: OrderedDict[str, Told] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: str) -> Told | None:
        """What was answered before, if it is known still."""
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
        return known

    def put(self, key: str, told: Told) -> None:
        """Keep an answer, and let others go where there is no room."""
        if key not in self._answers:
            self.size += len(key) + len(told[0])
        self._answers[key] = told
        while self.size > self.most:
            old, (text, _) = self._answers.popitem(last=False)
            self.size -= len(old) + len(text)


def _told(kept: Told, back: Back, *, cached: bool) -> Result:
    text, outcome = kept
    answer = _NAME.sub(lambda match: back[match.group()], text)
    return Result(answer.encode(), b"", outcome, cached)


def renamed(encounter: Encounter) -> tuple[Encounter, Back] | None:
    """The encounter under our names, and what these stand for.

    None where a drug is called as an id is, or there are too many names. What no rule reads
    goes: the note, and of stated reasons all but that they are stated.
    """
    ids = _ranked(ID, _ids(encounter))
    drugs = _drugs(encounter)
    keys = map(drug_key, drugs)
    if len(ids) >= _MOST_NAMES or not ids.keys().isdisjoint((*drugs, *keys)):
        return None
    items = tuple([_given(item, ids, drugs) for item in encounter.administrations])
    accesses = tuple(
        replace(item, id=ids[item.id], replaces=_maybe(ids, item.replaces))
        for item in encounter.accesses
    )
    lines = tuple(
        replace(
            line,
            id=ids[line.id],
            administrations=tuple(map(ids.__getitem__, line.administrations)),
        )
        for line in encounter.claim_lines
    )
    made = replace(
        encounter,
        id=_ENCOUNTER,
        administrations=items,
        primary_reason=tuple(map(ids.__getitem__, encounter.primary_reason)),
        accesses=accesses,
        services=tuple(replace(item, id=ids[item.id]) for item in encounter.services),
        claim_lines=lines,
        file="",
    )
    names = {own: name for name, own in ids.items()}
    names |= {own: name for name, own in drugs.items()}
    names[_ENCOUNTER] = encounter.id
    return made, {own: dumps(name, compact=True)[1:-2] for own, name in names.items()}


def _given(
    item: Administration, ids: Mapping[str, str], drugs: Mapping[str, str]
) -> Administration:
    after = item.after
    return replace(
        item,
        id=ids[item.id],
        drug=drugs[item.drug],
        after=None if after is None else replace(after, administration=ids[after.administration]),
        concurrent_with=tuple(map(ids.__getitem__, item.concurrent_with)),
        access=ids[item.access],
        bag=_maybe(ids, item.bag),
        dose_group=_maybe(ids, item.dose_group),
        indication=item.indication and _STATED,
        sequential_reason=item.sequential_reason and _STATED,
        note=None,
    )


def _maybe(ids: Mapping[str, str], name: str | None) -> str | None:
    return None if name is None else ids[name]


def _ids(encounter: Encounter) -> set[str]:
    """Every id that the encounter has or names, but its own."""
    found = {item.id for item in encounter.administrations}
    found.update(encounter.primary_reason)
    for item in encounter.administrations:
        found.update(item.concurrent_with)
        found.update(n for n in (item.access, item.bag, item.dose_group) if n is not None)
        if item.after is not None:
            found.add(item.after.administration)
    for access in encounter.accesses:
        found.add(access.id)
        if access.replaces is not None:
            found.add(access.replaces)
    found.update(item.id for item in encounter.services)
    for line in encounter.claim_lines:
        found.add(line.id)
        found.update(line.administrations)
    return found


def _drugs(encounter: Encounter) -> dict[str, str]:
    """Our name of each drug. Where one drug is written in two ways, or a name has more space
    than it needs, all keep their own."""
    texts = {item.drug for item in encounter.administrations}
    keys = {drug_key(text) for text in texts}
    if len(keys) < len(texts) or any(text != " ".join(text.split()) for text in texts):
        return {text: text for text in texts}
    return _ranked(DRUG, texts)


def _ranked(mark: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{mark}{rank:04d}" for rank, name in enumerate(sorted(names))}
