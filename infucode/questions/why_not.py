"""`why-not`: what a record lacks for a code, nearest misses first, with the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple

from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution
from infucode.model.why_not import Far, Miss, Reported, WhyNot
from infucode.passes.values import TEXT_MARK
from infucode.questions.explain_codes import code_uses
from infucode.questions.found import Found
from infucode.questions.why_not_labels import Pattern
from infucode.questions.why_not_trials import LINE, SERVICE_LINE, Trials
from infucode.questions.why_not_ways import FAR, NUMBER, WEIGHTS, Cause, Causes
from infucode.questions.why_not_words import Words
from infucode.rulebook.language import Signature
from infucode.rulebook.nearest import nearest

CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
"""How a procedure or drug code looks."""
Asking = tuple[int, str, Signature, Pattern]
"""Its place in the record, whom it is about, and the goal."""
DRUG: Signature = ("drug", 2)
LATE = 10**9
"""The start of what has no clock time."""
SHOWN = 5
"""So many misses are shown unless all are asked for."""
MOST_NAMED = 12
"""So many administrations and services are listed where a name is not known."""
PASSES = ((1, False), (2, False), (2, True), (3, True))
"""So many conditions at once, and whether they may rest on one cause; the first pass that finds
something answers, and in full one more."""


class Way(NamedTuple):
    """A way to the code: its place in the record, whom it is about, and its causes."""

    place: int
    id: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a code, perhaps of one administration or service, in one code set."""

    code: str
    administration: str | None = None
    code_set: int | None = None
    full: bool = False


def code_of(text: str) -> str:
    """A code as the rules write it. Raises UsageError for what is no code."""
    code = text.strip().upper()
    if CODE.fullmatch(code):
        return code
    base, dash, _ = code.partition("-")
    if dash and CODE.fullmatch(base):
        raise UsageError(f"`{text}` is a code with a modifier; ask for the code alone: {base}")
    raise UsageError(
        f"`{text}` is no code; a code has five digits and letters, most of them digits"
    )


class WhyNotAsker:
    """Answers why an encounter's answer lacks a code."""

    def __init__(self, encounter: Encounter, solution: Solution, found: Sequence[Found]) -> None:
        self.encounter, self.solution = encounter, solution
        self.found = list(found[: len(solution.code_sets)])

    def answer(self, asked: Asked) -> WhyNot:
        """Raises UsageError where nothing was judged, or there is no such thing in the record."""
        check_asked(self.encounter, self.solution, self.found, asked.administration)
        total = len(self.found)
        if asked.code_set is not None and not 1 <= asked.code_set <= total:
            sets = "only one code set" if total == 1 else f"{total} code sets"
            raise UsageError(f"there is no code set {asked.code_set}: the record allows {sets}")
        numbers = [n for n in range(1, total + 1) if asked.code_set in (None, n)]
        reported = list(self._reported(asked, numbers))
        having = {n for n, _ in reported}
        misses = [
            (n, miss) for n in numbers if n not in having for miss in self._misses(n, asked)
        ]
        together = self._together(misses, numbers)
        shown = together if asked.full else together[:SHOWN]
        lines: dict[object, list[int]] = {}
        for n, line in reported:
            lines.setdefault(line, []).append(n)
        program = self.found[0].reasons.program
        head = self.solution
        codes = {line.code for s in head.code_sets for line in s.lines}
        return WhyNot(
            head.encounter, head.policy, head.outcome, total, asked.code,
            program.labels.get(asked.code, ""),
            tuple(Reported(_sets(own, numbers), line) for line, own in lines.items()),  # type: ignore[arg-type]
            tuple(shown), len(together) - len(shown),
            () if together or reported else tuple(uses_of(self.found[0], asked.code)),
            tuple(sorted(codes)),
        )  # fmt: skip

    def _reported(self, asked: Asked, numbers: Sequence[int]) -> Iterator[tuple[int, object]]:
        for n in numbers:
            for line in self.solution.code_sets[n - 1].lines:
                ids = (*line.administrations, *line.services)
                if line.code == asked.code and asked.administration in (None, *ids):
                    yield n, line

    def _misses(self, number: int, asked: Asked) -> list[Miss]:
        found = self.found[number - 1]
        program = found.reasons.program
        searches = {shares: Causes(program, found.reasons.derivations, shares=shares)
                    for shares in (False, True)}  # fmt: skip
        asking = self._goals(found, asked)
        ways: list[Way] = []
        deeper = 0
        for most, shares in PASSES:
            if deeper and not (asked.full and deeper == 1):
                break
            ways = list(_ways(searches[shares], asking, most))
            if ways and not shares:
                ways += _of_one_drug(found, searches[True], asking, ways)
            deeper += bool(ways or deeper)
        trials, words = Trials(found, asked.code), Words(found)
        if not asked.full:
            ways = _fewest(ways)
        misses: list[Miss] = []
        placed = [(self._far(way, words), way) for way in ways]
        for far, way in sorted(placed, key=itemgetter(0)):
            line = asking[way.place][2:] if asked.administration is not None else None
            if trials.would_do(way.causes, line):
                misses.append(self._miss(number, way, far, words, asked.full))
        return _joined(misses)

    def _far(self, way: Way, words: Words) -> Far:
        """How far a way is: its causes and their minutes, then by the clock and the record."""
        missing = [words.missing(cause) for cause in way.causes]
        weight = sum(
            WEIGHTS[cause.kind] + min(minutes, FAR) // 10
            for cause, minutes in zip(way.causes, missing, strict=True)
        )
        starts = (a.start for a in self.encounter.administrations if a.id == way.id)
        start = next((start for start in starts if start is not None), LATE)
        return weight, sum(missing), start, way.place

    def _goals(self, found: Found, asked: Asked) -> list[Asking]:
        """What would be a line with the code, of each administration and service asked about."""
        code, symbols = f"{TEXT_MARK}{asked.code}", found.reasons.facts.names.symbols
        goals: list[Asking] = []
        for place, (sort, id) in enumerate(self._whom(asked)):
            name = symbols[sort][id].name
            if sort == "administration":
                goals.append((place, id, LINE, (None, name, None, code, None, None)))
            else:
                goals.append((place, id, SERVICE_LINE, (None, name, code, None)))
        return goals

    def _whom(self, asked: Asked) -> Iterator[tuple[str, str]]:
        for sort, items in (
            ("administration", self.encounter.administrations),
            ("service", self.encounter.services),
        ):
            for item in items:
                if asked.administration in (None, item.id):
                    yield sort, item.id

    def _miss(
        self, number: int, way: Way, far: Far, words: Words, full: bool
    ) -> Miss:
        id = way.id
        service = all(item.id != id for item in self.encounter.administrations)
        lacks = tuple(dict.fromkeys(words.lack(cause, full) for cause in way.causes))
        wording = words.reasons.wording
        about = id if service else wording.administration(id)
        became = self._became(number, id)
        return Miss(
            (number,), None if service else id, id if service else None, about, became, lacks,
            far,
        )  # fmt: skip

    def _became(self, number: int, id: str) -> str:
        """What the answer makes of it: its codes, or why it has none."""
        code_set = self.solution.code_sets[number - 1]
        codes = [x.code for x in code_set.lines if id in (*x.administrations, *x.services)]
        if codes:
            return f"reported with {', '.join(dict.fromkeys(codes))}"
        for item in (*code_set.not_reported, *self.solution.not_reported):
            if id in (item.administration, item.service) and item.part == "all":
                return item.says
        return ""

    def _together(self, misses: Sequence[tuple[int, Miss]], numbers: Sequence[int]) -> list[Miss]:
        """Equal misses of several code sets as one; each set of causes once, nearest first."""
        sets: dict[object, list[int]] = {}
        first: dict[object, Miss] = {}
        for n, miss in misses:
            key = miss.administration, miss.service, tuple(lack.says for lack in miss.lacks)
            sets.setdefault(key, []).append(n)
            first.setdefault(key, miss)
        made = [
            replace(miss, sets=_sets(list(dict.fromkeys(sets[key])), numbers))
            for key, miss in first.items()
        ]
        return sorted(made, key=lambda miss: miss.far)


def _ways(causes: Causes, asking: Sequence[Asking], most: int) -> Iterator[Way]:
    """Each way to the code: whom it is about, its causes and how far they are."""
    for place, id, signature, pattern in asking:
        rows = causes.goals.reach(signature, pattern, most)
        for label in causes.trimmed([x for labels in rows.values() for x in labels if x]):
            yield Way(place, id, tuple(causes.causes(label)))


def _of_one_drug(
    found: Found, causes: Causes, asking: Sequence[Asking], ways: Sequence[Way]
) -> list[Way]:
    """The ways of other runs of a drug of which one falls short by a number.

    What a run falls short by may bear on several conditions, and so be passed over where another
    run of the drug answers first, though it is nearer. Where no rule says which drugs are one,
    there are none.
    """
    told = found.reasons.model.relations.get(DRUG)
    if told is None:
        return []
    names = found.reasons.facts.names.symbols["administration"]
    drugs = {str(row[0]): row[1] for row in told.rows}
    of = {id: drugs.get(names[id].name) for _, id, _, _ in asking if id in names}
    known = {way.id for way in ways}
    short = [w for w in ways if w.id in of and all(c.kind == NUMBER for c in w.causes)]
    if not short:
        return []
    sought = {of[way.id] for way in short}
    others = [one for one in asking if one[1] not in known and of.get(one[1]) in sought]
    least = min(len(way.causes) for way in short)
    return [way for way in _ways(causes, others, 2) if len(way.causes) <= least]


def _fewest(ways: Sequence[Way]) -> list[Way]:
    """Of each administration the ways with the fewest causes."""
    least: dict[str, int] = {}
    for way in ways:
        least[way.id] = min(least.get(way.id, len(way.causes)), len(way.causes))
    return [way for way in ways if len(way.causes) == least[way.id]]


def _joined(misses: Sequence[Miss]) -> list[Miss]:
    """Misses that differ only in a value that is wanted of one fact, as one."""
    made: dict[object, Miss] = {}
    for miss in misses:
        key = miss.administration, miss.service, tuple((x.kind, x.start) for x in miss.lacks)
        known = made.get(key)
        if known is None:
            made[key] = miss
            continue
        lacks = tuple(
            replace(old, wanted=tuple(dict.fromkeys([*old.wanted, *new.wanted])))
            for old, new in zip(known.lacks, miss.lacks, strict=True)
        )
        made[key] = replace(known, lacks=lacks)
    return list(made.values())


def _sets(own: Sequence[int], numbers: Sequence[int]) -> tuple[int, ...]:
    return () if list(own) == list(numbers) else tuple(own)


def check_asked(
    encounter: Encounter, solution: Solution, found: Sequence[Found], id: str | None
) -> None:
    """Raises UsageError where nothing was judged, or the record has no such administration."""
    if not found:
        says = " ".join(warning.says for warning in solution.warnings)
        raise UsageError(f"nothing was judged, so there is nothing to explain: {says}")
    items = {a.id: a.drug for a in encounter.administrations}
    items |= {s.id: s.code for s in encounter.services}
    if id is not None and id not in items:
        named = [f"`{known}` ({what})" for known, what in items.items()]
        more = len(named) - MOST_NAMED
        listed = ", ".join(named[:MOST_NAMED] + [f"and {more} more"] * (more > 0))
        hint = nearest(id, tuple(items)) or f"the record has {listed}"
        raise UsageError(f"there is no administration or service `{id}`; {hint}")


def uses_of(found: Found, code: str) -> Iterator[str]:
    """What the rules know of a code: the tables that hold it, in the vocabulary's words."""
    yield from code_uses(found, code)
    program, value = found.reasons.program, f"{TEXT_MARK}{code}"
    for signature, relation in program.tables.items():
        declared = program.book.vocabulary.get(signature)
        if declared is None or declared.types[0].name != "code":
            continue
        if any(row[0] == value for row in relation.rows):
            yield declared.text.split(".")[0]
