"""Whether facts that alone are to blame would indeed give a code; solving tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from infucode.engine.fixpoint import Readers
from infucode.engine.program import Program
from infucode.engine.relations import NOTHING, Relation
from infucode.passes.values import TEXT_MARK, Row
from infucode.questions.found import Found
from infucode.questions.why_not_labels import Pattern
from infucode.questions.why_not_terms import OPEN
from infucode.questions.why_not_ways import MISSING, OTHERWISE, Cause
from infucode.rulebook.language import Signature

LINE, SERVICE_LINE = ("line", 6), ("service_line", 4)
CODES = {LINE: 3, SERVICE_LINE: 2}
"""Where the rows of a line have their code."""
OPENING = ("open_stop", "open_reason")
"""Outcomes that leave something open under which a code may yet be there."""
Rows = dict[Signature, dict[Row, None]]


class Trials:
    """Supposes facts of one answer to be otherwise, and looks for a code in what follows."""

    def __init__(self, found: Found, code: str) -> None:
        self.program, self.model = found.reasons.program, found.reasons.model
        self.code = f"{TEXT_MARK}{code}"
        self._open = [s for s in self.program.outcome_order if s[0] in OPENING]
        self._known: dict[object, dict[Signature, Relation]] = {}

    def would_do(
        self, causes: Sequence[Cause], only: tuple[Signature, Pattern] | None = None
    ) -> bool:
        """Whether the code, or the line `only` with it, is there if all causes are otherwise.

        Numbers that fall short are taken as they are: which record would have others is open.
        """
        if any(c.kind not in (MISSING, OTHERWISE) or OPEN in c.atom for c in causes):
            return True
        relations = self.supposing(causes)
        if any(self._opens(relations, signature) for signature in self._open):
            return True
        wanted = [(s, None) for s in CODES] if only is None else [only]
        for signature, pattern in wanted:
            place = CODES[signature]
            for row in relations.get(signature, NOTHING).rows:
                if row[place] == self.code and (pattern is None or row[1] == pattern[1]):
                    return True
        return False

    def _opens(self, relations: Mapping[Signature, Relation], signature: Signature) -> bool:
        """Whether something is open that was not; a code set answers what was open before."""
        before = self.model.relations.get(signature, NOTHING).rows
        return not relations.get(signature, NOTHING).rows.keys() <= before.keys()

    def supposing(self, causes: Sequence[Cause]) -> dict[Signature, Relation]:
        """What follows of it for the claim's lines."""
        key = frozenset([cause.atom for cause in causes])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._answered(self._changed(causes))
        return found

    def _changed(self, causes: Sequence[Cause]) -> Rows:
        rows: Rows = {}
        for cause in causes:
            name, *values = cause.atom
            signature = str(name), len(values)
            held = self.model.relations.get(signature, NOTHING).rows
            kept = rows.get(signature, held)
            rows[signature] = {r: None for r in kept if len(values) > 1 and r[0] != values[0]}
            rows[signature][tuple(values)] = None
        return rows

    def _answered(self, rows: Rows) -> dict[Signature, Relation]:
        relations = dict(self.model.relations)
        for signature, own in rows.items():
            relations.pop(signature, None)
            if own and signature in self.program.frame.reads:
                relations[signature] = Relation(dict(own))
        _behind_lines(self.program).update(self.program.steps, relations, rows)
        return relations


@lru_cache(maxsize=8)
def _behind_lines(program: Program) -> Readers:
    """The rules that a line with a code, or that something is open, may hang on."""
    wanted = {LINE, SERVICE_LINE} | {s for s in program.outcome_order if s[0] in OPENING}
    strata = []
    for stratum in reversed(program.frame.strata):
        if not wanted.isdisjoint(stratum.heads):
            wanted |= stratum.reads
            strata.append(stratum)
    return Readers(strata[::-1])
