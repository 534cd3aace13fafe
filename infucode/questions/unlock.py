"""`unlock`: the smallest sets of absent facts that would make a code reportable.

Which facts a code would need at least is found by following the rules backwards; of the sets that
this leaves, smallest first, every combination of values is solved. What is found is solved once
more as a document that states it. A documented fact is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from pathlib import Path

from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import Facts
from infucode.engine.program import Model, Program
from infucode.engine.relations import NOTHING
from infucode.model.encounter import Encounter
from infucode.model.solution import Reason, Solution
from infucode.model.unlock import Query, Unlocked, Unlocking
from infucode.passes.values import TEXT_MARK
from infucode.questions.completions import MOST_SETS, Search, complete
from infucode.questions.found import Found
from infucode.questions.unlock_core import Core
from infucode.questions.unlock_evidence import Field, Silence
from infucode.questions.unlock_record import Value, completed
from infucode.questions.unlock_ways import Suppositions
from infucode.questions.why_not import check_asked, uses_of
from infucode.questions.why_not_labels import Label
from infucode.questions.why_not_trials import LINE, OPENING, SERVICE_LINE

MOST_FACTS = 3
"""Sets of so many absent facts are sought, unless another size is asked for."""
MOST_TRIED = 400
"""So many completed records are solved at most."""
BATCH = 12
Values = tuple[Value, ...]
Resolve = Callable[[Encounter], tuple[Solution, Sequence[Found]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a code, perhaps of one administration or service."""

    code: str
    administration: str | None = None
    most: int = MOST_FACTS


@dataclass(frozen=True, slots=True)
class Works:
    """A set of absent facts, and the values with which the code is reported."""

    fields: tuple[Field, ...]
    values: tuple[Values, ...]


class Unlocker:
    """Answers what documentation could make a code reportable."""

    def __init__(
        self,
        program: Program,
        encounter: Encounter,
        facts: Facts,
        folder: Path,
        resolve: Resolve,
    ) -> None:
        self.program, self.encounter, self.facts = program, encounter, facts
        self.resolve = resolve
        self.fields = Silence(program, encounter, facts, folder).fields()
        self.tried, self.whole = 0, True
        self.bearing: list[int] = []
        self._opening = [s for s in program.outcome_order if s[0] in OPENING]

    def answer(self, asked: Asked, solution: Solution, found: Sequence[Found]) -> Unlocked:
        """Raises UsageError where nothing was judged, or there is no such administration."""
        check_asked(self.encounter, solution, found, asked.administration)
        head = (solution.encounter, solution.policy, solution.outcome, asked.code,
                self.program.labels.get(asked.code, ""))  # fmt: skip
        if self._reported(solution, asked):
            return Unlocked(*head, "reported", (), asked.most, 0, True, 0,
                            open_facts=len(self.fields))  # fmt: skip
        core = Core(self.program, self.facts, self.fields, self._goals(asked))
        if not core.never:
            labels = self.needed(asked)
            for size in range(1, asked.most + 1):
                sets = self._sets(labels, size)
                works = [w for fields in sets if (w := self._try(fields, asked))]
                found_sets = [made for w in works if (made := self._confirmed(w, asked))]
                if found_sets:
                    return Unlocked(
                        *head, "found", tuple(found_sets), asked.most, size, self.whole,
                        self.tried, open_facts=len(self.fields),
                    )  # fmt: skip
        standing = tuple(core.smallest(found[0].reasons)) if core.never else ()
        uses = tuple(uses_of(found[0], asked.code)) if core.never and not standing else ()
        return Unlocked(*head, "never" if core.never else "none", (), asked.most, 0, self.whole,
                        self.tried, standing, uses, len(self.fields), core.told)  # fmt: skip

    def _reported(self, solution: Solution, asked: Asked) -> bool:
        """Whether every code set has the code, and none is undecided."""
        return solution.outcome != "blocked" and all(
            any(
                line.code == asked.code
                and asked.administration in (None, *line.administrations, *line.services)
                for line in code_set.lines
            )
            for code_set in solution.code_sets
        )

    # ---- which sets ----

    def _goals(self, asked: Asked) -> list[tuple[tuple[str, int], tuple[str | None, ...]]]:
        code, symbols = f"{TEXT_MARK}{asked.code}", self.facts.names.symbols
        goals: list[tuple[tuple[str, int], tuple[str | None, ...]]] = []
        for id, symbol in symbols.get("administration", {}).items():
            if asked.administration in (None, id):
                goals.append((LINE, (None, symbol.name, None, code, None, None)))
        for id, symbol in symbols.get("service", {}).items():
            if asked.administration in (None, id):
                goals.append((SERVICE_LINE, (None, symbol.name, code, None)))
        return goals

    def needed(self, asked: Asked) -> tuple[Label, ...]:
        """Sets of absent facts of which the code needs at least one whole one."""
        model = self.program.known(self.facts)
        ways = Suppositions(self.program, model.derivations(), self.fields)
        found: list[Label] = []
        for signature, pattern in self._goals(asked):
            for labels in ways.goals.reach(signature, pattern, asked.most).values():
                found += labels
        self.bearing = sorted(ways.touched)
        return ways.trimmed(found)

    def _sets(self, labels: Sequence[Label], size: int) -> Iterator[tuple[Field, ...]]:
        """The sets of one size that hold all of some label, in the order of the declaration."""
        numbers = self.bearing
        if not any(len(label) <= size for label in labels):
            return
        for chosen in combinations(numbers, size):
            if any(label <= set(chosen) for label in labels):
                yield tuple(self.fields[n] for n in chosen)

    # ---- trying ----

    def _try(self, fields: tuple[Field, ...], asked: Asked) -> Works | None:
        """The values of some absent facts with which every code set has the code."""
        worlds = product(*(field.values for field in fields))
        good: list[Values] = []
        while batch := list(islice(worlds, BATCH)):
            if self.tried + len(batch) > MOST_TRIED:
                self.whole = False
                break
            self.tried += len(batch)
            good += self._good(fields, batch, asked)
            if good and len(fields) > 1:
                break
        return Works(fields, tuple(good)) if good else None

    def _good(
        self, fields: tuple[Field, ...], batch: Sequence[Values], asked: Asked
    ) -> list[Values]:
        vocabulary = self.program.book.vocabulary
        worlds = [
            self.facts.supposing(
                tuple(f.atom(v, vocabulary) for f, v in zip(fields, values, strict=True)),
                vocabulary,
            )
            for values in batch
        ]
        found = []
        for values, facts in zip(batch, worlds, strict=True):
            model = self.program.known(facts)
            if not self._may_have(model, asked.code):
                continue
            answer = read_answer(model.outcomes(), self.facts.names, self.encounter)
            has = self._has(answer, asked) or _is_open(answer)
            if has and self._certain(fields, values, facts, answer, asked):
                found.append(values)
        return found

    def _may_have(self, model: Model, code: str) -> bool:
        """Whether a line of a model has the code, or something is open, by its rows alone."""
        relations, value = model.relations, f"{TEXT_MARK}{code}"
        return (
            any(relations.get(signature, NOTHING).rows for signature in self._opening)
            or any(row[3] == value for row in relations.get(LINE, NOTHING).rows)
            or any(row[2] == value for row in relations.get(SERVICE_LINE, NOTHING).rows)
        )

    def _has(self, answer: Answer, asked: Asked) -> bool:
        return any(
            line.key.code == asked.code
            and asked.administration in (None, *line.administrations, *line.services)
            for line in answer.lines
        )

    def _certain(
        self,
        fields: tuple[Field, ...],
        values: Values,
        facts: Facts,
        answer: Answer,
        asked: Asked,
    ) -> bool:
        """Whether every code set that a completed record then allows has the code."""
        if answer.of("cannot_tell") or answer.of("cannot_tell_part"):
            return False
        if not _is_open(answer):
            return True
        chosen = list(zip(fields, values, strict=True))
        encounter = completed(self.encounter, chosen, self.facts.names)
        search = Search(self.program, encounter, facts)
        stops = [str(o.arguments[0]) for o in answer.of("open_stop")]
        for last in (False, True):
            if stops and asked.administration is None:
                world = {id: _end(encounter, id, last=last) for id in stops}
                if not all(_holds(claim, asked.code) for claim in search.claims(world)):
                    return False
        found = complete(self.program, encounter, facts)
        return found.complete and all(self._has(w.answer, asked) for w in found.worlds)

    # ---- what was found ----

    def _confirmed(self, works: Works, asked: Asked) -> Unlocking | None:
        """The set with its reasons, if solving the completed document bears it out."""
        for values in works.values:
            chosen = list(zip(works.fields, values, strict=True))
            solution, _ = self.resolve(completed(self.encounter, chosen, self.facts.names))
            if self._reported(solution, asked) and len(solution.code_sets) <= MOST_SETS:
                lines = [x for x in solution.code_sets[0].lines if x.code == asked.code]
                because: list[Reason] = [reason for line in lines for reason in line.because]
                return Unlocking(self._queries(works), tuple(dict.fromkeys(because)))
        return None

    def _queries(self, works: Works) -> tuple[Query, ...]:
        from infucode.engine.wording import Wording

        words = Wording(self.encounter, self.facts.names)
        found = []
        for place, field in enumerate(works.fields):
            good = sorted({values[place] for values in works.values}, key=field.values.index)
            classes = (
                _classes(field, good, words.clock)
                if field.clock
                else [self._spoken(field, value) for value in good]
            )
            found.append(Query(field.signature[0], field.id, field.question, tuple(classes)))
        return tuple(found)

    def _spoken(self, field: Field, value: Value) -> str:
        if field.signature[0] == "primary_reason":
            names = self.facts.names.values
            return next((i for s, i in names.items() if s.name == value), str(value))
        return "stated" if field.signature[1] == 1 else str(value)


def _is_open(answer: Answer) -> bool:
    """Whether an answer leaves something open under which a code may yet be there."""
    return any(answer.of(kind) for kind in OPENING)


def _holds(claim: object, code: str) -> bool:
    return any(code in shown for shown in claim)  # type: ignore[attr-defined]


def _end(encounter: Encounter, id: str, *, last: bool) -> int:
    start = encounter.administration(id).start
    assert start is not None
    return max(start + 1, encounter.ends or start + 1) if last else start + 1


def _classes(field: Field, good: Sequence[Value], clock: Callable[[int], str]) -> list[str]:
    """Neighbouring values that all do, as ranges: `10:31-11:30`, `from 10:31`."""
    places = sorted(field.values.index(value) for value in good)
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    said = []
    for run in runs:
        first, last = (clock(int(field.values[n])) for n in (run[0], run[-1]))
        if run[-1] == len(field.values) - 1 and len(run) > 1:
            said.append(f"from {first}")
        else:
            said.append(first if first == last else f"{first}-{last}")
    return said
