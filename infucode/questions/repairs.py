"""Repairs: the least sets of edits after which nothing is denied and nothing more is to be asked.

Each repair touches every conflict, so edits of their lines are tried first; what is then still
denied says which lines come next. Each group of lines is searched for itself, by size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from infucode.questions.edits import Edits, Option, applied
from infucode.questions.repair_groups import Group
from infucode.questions.repair_questions import Questions
from infucode.questions.trials import TOO_MANY, Claim, TooManyTrials, Trials, Verdict

MOST_REPAIRS = 5
"""Shown of one group."""
MOST_EDITS = 6
"""Of one group, in one repair."""
MOST_PARTS = 8
"""Edits of which every part is tried."""
MOST_SETS = 300
"""Sets of edits of one size."""
Chosen = frozenset[Option]


class Repairs:
    """Searches the repairs of one claim, group by group."""

    def __init__(self, trials: Trials, whole: Verdict, edits: Edits) -> None:
        self.trials, self.whole, self.edits = trials, whole, edits
        self.lines: Claim = trials.encounter.claim_lines
        self._order = {line.id: n for n, line in enumerate(self.lines)}
        self.questions = Questions(trials, whole, edits.record)
        self.cut: list[str] = []
        """Why a search came to an end before it was done."""

    def of(self, group: Group) -> list[Chosen]:
        """The least repairs of a group, the best first."""
        found: list[Chosen] = []
        level: list[Chosen] = [frozenset()]
        for size in range(MOST_EDITS + 1):
            more: dict[Chosen, None] = {}
            here: list[Chosen] = []
            for chosen in level:
                if any(known <= chosen for known in found):
                    continue
                try:
                    following = self._step(group, chosen)
                except TooManyTrials:
                    self.cut.append(TOO_MANY)
                    return self._ranked(found + here)
                if following is None:
                    here.append(self._part(group, chosen))
                    continue
                more.update(dict.fromkeys(chosen | {option} for option in following))
            found += self._least(list(dict.fromkeys(here)), found)
            if found and self._keeps(group, found):
                break
            if found and size > min(map(len, found)):
                break
            level = list(more)
            if len(level) > MOST_SETS:
                self.cut.append(f"of sets of {size + 1} edits, {MOST_SETS} were tried")
                level = level[:MOST_SETS]
        else:
            if not found:
                self.cut.append(f"no set of up to {MOST_EDITS} edits was found to do")
        if found and all(map(self._touched, found)):
            found += self._without_denied(group)
        return self._ranked(found)

    def _touched(self, chosen: Chosen) -> int:
        """How many lines are edited that nothing denies."""
        denied = {denial.line for denial in self.whole.denials}
        return sum(option.line not in denied for option in chosen)

    def _without_denied(self, group: Group) -> list[Chosen]:
        """What is paid in the end: a group without its denied lines, where that does."""
        denied = {denial.line for denial in self.whole.denials} & set(group.lines)
        chosen = frozenset(
            Option(line.id, line, None) for line in self.lines if line.id in denied
        )
        try:
            does = self._step(group, chosen) is None
            return [self._part(group, chosen)] if does else []
        except TooManyTrials:
            return []

    def _keeps(self, group: Group, found: Iterable[Chosen]) -> bool:
        """Whether one of them claims all that the record earns for these lines."""
        verdicts = (self.trials.judged(applied(self.lines, chosen)) for chosen in found)
        least = self.whole.advice - self.edits.fillable(group.lines)
        return any(verdict.advice <= least for verdict in verdicts)

    def _step(self, group: Group, chosen: Chosen) -> list[Option] | None:
        """The edits to try beside those that were chosen; None where these do."""
        edited = {option.line for option in chosen}
        for conflict in group.conflicts:
            if conflict.isdisjoint(edited):
                return list(self._options(conflict, edited))
        claim = applied(self.lines, chosen)
        verdict = self.trials.judged(claim)
        return self._remaining(group, verdict, claim, edited)

    def _options(self, ids: Iterable[str], edited: set[str]) -> Iterator[Option]:
        for line in self.lines:
            if line.id in ids and line.id not in edited:
                yield from self.edits.of(line)

    def _remaining(
        self, group: Group, verdict: Verdict, claim: Claim, edited: set[str]
    ) -> list[Option] | None:
        """Edits of the lines that the first thing still wrong is about; None if nothing is."""
        inside, known = set(group.lines), set(self.whole.denials)
        wrong = [d for d in verdict.denials if d.line in inside or d not in known]
        wrong.sort(key=lambda d: d.line in verdict.lifts)
        if wrong:
            first = wrong[0]
            about = {first.line, first.beside or first.line, *self._alike(claim, first.line)}
            found = list(self._options(about, edited))
            for option in self.edits.added(verdict.lifts.get(first.line, ())):
                if option.line not in edited:
                    found.append(option)
            return found
        new = sorted(self.questions.new(verdict, claim))
        if not new:
            return None
        about = {new[0][1], *self._alike(claim, new[0][1])}
        return list(self._options(about, edited))

    def holds(self, chosen: Iterable[Option], *, asked: bool = False) -> bool:
        """Whether nothing is denied after the edits, and nothing is newly to review.

        Unless ``asked``, nothing may be newly undecided either.
        """
        claim = applied(self.lines, chosen)
        verdict = self.trials.judged(claim)
        if verdict.denials:
            return False
        if asked:
            return verdict.reviews <= self.whole.reviews
        return not self.questions.new(verdict, claim)

    def _alike(self, claim: Claim, id: str) -> Iterator[str]:
        """The lines of a line's code and date."""
        own = next((line for line in claim if line.id == id), None)
        if own is not None:
            for line in claim:
                if (line.code, line.day or 0) == (own.code, own.day or 0):
                    yield line.id

    def _least(self, here: Sequence[Chosen], found: Sequence[Chosen]) -> list[Chosen]:
        """Those of one size that change no more than others do."""
        kept = list(found)
        for chosen in sorted(here, key=lambda c: (len(_changes(c)), self._rank(c))):
            if not any(_changes(other) < _changes(chosen) for other in kept):
                kept.append(chosen)
        return kept[len(found) :]

    def _rank(self, chosen: Chosen) -> tuple[object, ...]:
        """First what leaves out least of what the record earns and leaves least to review; then
        those that leave alone what stands, small sets, those that drop least."""
        verdict = self.trials.judged(applied(self.lines, chosen))
        dropped = sum(option.after is None for option in chosen)
        last = len(self._order)
        places = sorted(self._order.get(option.line, last) for option in chosen)
        order = sorted((o.line, sorted(o.changes)) for o in chosen)
        left = verdict.advice, len(verdict.reviews)
        near = sum(self._nearness(option) for option in chosen)
        return *left, self._touched(chosen), len(chosen), dropped, near, places, order

    def _nearness(self, option: Option) -> int:
        """How far down an edit stands among those of its line."""
        if option.before is None:
            return 0
        return self.edits.of(option.before).index(option)

    def _ranked(self, found: Iterable[Chosen]) -> list[Chosen]:
        return sorted(found, key=self._rank)

    def by_leaving_out(self) -> Chosen | None:
        """Lines to leave out of a claim that is too long for a search.

        None of them could stay by itself, unless ``cut`` says that not all were tried again.
        """
        chosen: Chosen = frozenset()
        while not self.holds(chosen):
            claim = applied(self.lines, chosen)
            wrong = self._wrong(self.trials.judged(claim), claim)
            more = {Option(line.id, line, None) for line in claim if line.id in wrong}
            if not more:
                return None
            chosen |= more
        try:
            for option in sorted(chosen, key=lambda o: self._order[o.line]):
                if self.holds(chosen - {option}):
                    chosen -= {option}
        except TooManyTrials:
            self.cut.append("not every line that is left out was tried again")
        return chosen

    def _wrong(self, verdict: Verdict, claim: Claim) -> set[str]:
        """The lines that are denied for good; else those denied; else those newly in question."""
        denied = {denial.line for denial in verdict.denials}
        asked = self.questions.new(verdict, claim)
        return (denied - set(verdict.lifts)) or denied or {id for _, id in asked}

    def _part(self, group: Group, chosen: Chosen) -> Chosen:
        """The least part of some edits that does for a group: mostly they themselves."""
        for part in self.parts(group, chosen):
            if self._step(group, part) is None:
                return part
        return chosen

    def is_least(self, group: Group, own: Chosen, rest: Chosen) -> bool:
        """Whether no part of the edits of a group would do beside those of the others."""
        return not any(self.holds(part | rest) for part in self.parts(group, own))

    def parts(self, group: Group, chosen: Chosen) -> Iterator[Chosen]:
        """Parts of some edits that touch all conflicts, small ones first.

        Of many edits only those parts that lack one.
        """
        sizes = range(len(chosen)) if len(chosen) <= MOST_PARTS else (len(chosen) - 1,)
        for size in sizes:
            for part in combinations(chosen, size):
                edited = {option.line for option in part}
                if not any(conflict.isdisjoint(edited) for conflict in group.conflicts):
                    yield frozenset(part)


def _changes(chosen: Chosen) -> frozenset[tuple[str, str, str]]:
    return frozenset(change for option in chosen for change in option.changes)
