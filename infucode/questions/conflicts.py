"""Conflicts: the least sets of lines of which one is denied, whatever further lines there are.

A set that holds a conflict is one as well. So sets that avoid all known conflicts are tried, the
largest first; one that fails is made as small as it can be. Where each largest set passes, all
conflicts are known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from infucode.model.claim import Conflict
from infucode.model.encounter import ClaimLine
from infucode.questions.trials import TOO_MANY, Claim, Denial, TooManyTrials, Trials, Verdict

MOST_CONFLICTS = 64
MOST_LINES = 12
"""In a group; of larger ones only the lines that violations name are tried."""
FEW_LINES = 6
"""So many lines are one group, whatever joins them."""
MOST_FURTHER = 2
Ids = frozenset[str]


class Conflicts:
    """The conflicts of one claim."""

    def __init__(self, trials: Trials, whole: Verdict) -> None:
        self.trials, self.whole = trials, whole
        self.lines = trials.encounter.claim_lines
        self._order = {line.id: n for n, line in enumerate(self.lines)}
        self._fails: dict[Ids, bool] = {}
        self.found: list[Ids] = []
        self.cut: list[str] = []
        """Why the search came to an end before it was done."""

    def search(self) -> list[Conflict]:
        """All conflicts that were found, in the order of the claim."""
        try:
            for group in groups(self.lines, self.whole):
                self._search(group)
        except TooManyTrials:
            self.cut.append(TOO_MANY)
        self.found.sort(key=lambda ids: (len(ids), self._placed(ids)))
        if len(self.found) > MOST_CONFLICTS:
            self.found = self.found[:MOST_CONFLICTS]
        return [self._conflict(ids) for ids in self.found]

    def _conflict(self, ids: Ids) -> Conflict:
        try:
            denials = self.trials.judged(self._claim(ids)).denials
        except TooManyTrials:
            denials = self.whole.denials
        rules = dict.fromkeys(d.rule for d in denials if d.line in ids)
        here = {d.rule for d in self.whole.denials if d.line in ids}
        rules = {rule: None for rule in rules if rule in here} or rules
        return Conflict(tuple(line.id for line in self._claim(ids)), tuple(rules))

    def _placed(self, ids: Iterable[str]) -> list[int]:
        return sorted(self._order[id] for id in ids)

    def _claim(self, ids: Collection[str]) -> Claim:
        return tuple(line for line in self.lines if line.id in ids)

    def _search(self, group: Sequence[str]) -> None:
        inside = set(group)
        seeds = dict.fromkeys(
            frozenset(id for id in (d.line, d.beside) if id is not None)
            for d in self.whole.denials
            if d.line in inside
        )
        for seed in seeds:
            if self._full():
                return
            if not self._known(seed) and self.fails(seed):
                self.found.append(self._least(seed))
        if len(group) > MOST_LINES:
            self.cut.append(
                f"{len(group)} lines hang together, of more than {MOST_LINES} only those that a "
                "violation names were tried"
            )
            return
        while (larger := self._next(group)) is not None and not self._full():
            self.found.append(self._least(larger))

    def _full(self) -> bool:
        if len(self.found) < MOST_CONFLICTS:
            return False
        said = f"at most {MOST_CONFLICTS} are looked for"
        if said not in self.cut:
            self.cut.append(said)
        return True

    def _known(self, ids: Ids) -> bool:
        return any(known <= ids for known in self.found)

    def _next(self, group: Sequence[str]) -> Ids | None:
        """A largest set without a known conflict that fails all the same."""
        own = [known for known in self.found if known <= set(group)]
        for left_out in least_hitting(own):
            kept = frozenset(group) - left_out
            if kept and self.fails(kept):
                return kept
        return None

    def _least(self, ids: Ids) -> Ids:
        for id in sorted(ids, key=self._order.__getitem__, reverse=True):
            if len(ids) > 1 and self.fails(ids - {id}):
                ids = ids - {id}
        return ids

    def fails(self, ids: Ids) -> bool:
        """Whether one of these lines is denied, whatever further lines there are."""
        if ids not in self._fails:
            self._fails[ids] = self._is_denied(ids)
        return self._fails[ids]

    def _is_denied(self, ids: Ids) -> bool:
        claim = self._claim(ids)
        verdict = self.trials.judged(claim)
        if not verdict.denied(ids):
            return False
        if _for_good(verdict, ids):
            return True
        return not self._lifted(claim, ids, verdict, MOST_FURTHER)

    def _lifted(self, claim: Claim, ids: Ids, verdict: Verdict, most: int) -> bool:
        """Whether further lines, up to so many, leave none of these lines denied.

        One denied line is taken after the other: some further line has to lift it.
        """
        target = next(d.line for d in verdict.denials if d.line in ids)
        alone = frozenset(verdict.denials)
        return self._lifting(claim, ids, alone, target, verdict.lifts[target], most)

    def _lifting(
        self,
        claim: Claim,
        ids: Ids,
        alone: frozenset[Denial],
        target: str,
        codes: Sequence[str],
        most: int,
    ) -> bool:
        """``alone`` is what denies the lines by themselves: if it stays, nothing lifts it."""
        later: list[tuple[Claim, str, Sequence[str]]] = []
        for line in self._further(claim, codes):
            larger = tuple(sorted((*claim, line), key=self._place))
            found = self.trials.judged(larger)
            denied = [d.line for d in found.denials if d.line in ids]
            if not denied:
                return True
            if any(
                d.line in ids and d.line not in found.lifts and d in alone for d in found.denials
            ):
                return False
            if most == 1 or _for_good(found, ids):
                continue
            if target not in denied:
                later.append((larger, denied[0], found.lifts[denied[0]]))
            elif found.denied((line.id,)):
                later.append((larger, target, found.lifts.get(line.id, ())))
        return any(self._lifting(n, ids, alone, line, more, most - 1) for n, line, more in later)

    def _place(self, line: ClaimLine) -> int:
        return self._order.get(line.id, len(self._order))

    def _further(self, claim: Claim, codes: Sequence[str]) -> Iterator[ClaimLine]:
        """Lines of some codes: those of the claim, then one of each date, bare and marked."""
        there = {line.id for line in claim}
        yield from (n for n in self.lines if n.id not in there and n.code in codes)
        own = [line.day or 0 for line in claim]
        days = dict.fromkeys((*own, *sorted(line.day or 0 for line in self.lines)))
        for marks in ((), *((mark,) for mark in self.trials.marks)):
            for day in days:
                for code in codes:
                    id = "-".join((f"+{code}", *marks, str(day)))
                    if id not in there:
                        yield ClaimLine(id, code, None, marks, day)


def _for_good(verdict: Verdict, ids: Ids) -> bool:
    """Whether one of the lines is denied by what no further line lifts."""
    return any(d.line in ids and d.line not in verdict.lifts for d in verdict.denials)


def groups(lines: Sequence[ClaimLine], whole: Verdict) -> list[list[str]]:
    """Lines that have to do with each other, of which one is denied.

    Joined are lines that one denial names, and lines of one code and date.
    """
    ids = [line.id for line in lines]
    if len(ids) <= FEW_LINES:
        return [ids] if whole.denials else []
    joined = {id: id for id in ids}

    def head(id: str) -> str:
        while joined[id] != id:
            joined[id] = id = joined[joined[id]]
        return id

    first: dict[tuple[str, int], str] = {}
    for line in lines:
        joined[head(line.id)] = head(first.setdefault((line.code, line.day or 0), line.id))
    for denial in whole.denials:
        if denial.beside is not None:
            joined[head(denial.line)] = head(denial.beside)
    denied = {head(denial.line) for denial in whole.denials}
    found: dict[str, list[str]] = {}
    for id in ids:
        if head(id) in denied:
            found.setdefault(head(id), []).append(id)
    return list(found.values())


def least_hitting(sets: Sequence[Ids]) -> list[Ids]:
    """The least sets that share a line with each of some sets; small ones first."""
    found: list[Ids] = [frozenset()]
    for own in sets:
        grown = dict.fromkeys(
            hit if hit & own else hit | {id} for hit in found for id in sorted(own)
        )
        found = [hit for hit in grown if not any(other < hit for other in grown)]
    return sorted(found, key=lambda hit: (len(hit), sorted(hit)))
