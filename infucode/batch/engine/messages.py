"""The instance behind each outcome of many encounters, and its message.

What replays a rule one by one (`engine/derivations.py`) lists its instances over a finished
answer; here the rules of outcomes, as they are written, are joined over the columns of all
encounters with their variables as the head. The instance that is told of is the same: of the
earliest rule the one with the least values (`questions/explain_shortest.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Ints
from infucode.batch.engine.literals import Relations
from infucode.batch.engine.plans import Plan
from infucode.batch.engine.sorted_rows import Frame
from infucode.batch.engine.together import table_of
from infucode.batch.engine.variants import Rules
from infucode.engine.program import Program
from infucode.passes.values import Row, Value
from infucode.rulebook.language import Atom, Signature, Term

Found = dict[str, dict[Row, tuple[int, Row]]]
"""By the kind and row of an outcome the rule behind it, and the values of its variables."""
TOLD = frozenset((
    "line", "modifier", "modifier_on", "visit_modifier", "charge", "remark", "merged",
    "withheld", "lost_minutes", "service_line", "service_withheld", "ask", "ask_stay", "warning",
    "service_warning", "cannot_tell", "cannot_tell_part",
))  # fmt: skip
"""The outcomes that an answer gives reasons for."""
INSTANCE = "instance"
OWN = 1
"""The bit of the plan's own answer to its switches."""


class Instances:
    """Finds the instances behind outcomes."""

    def __init__(self, program: Program, rules: Rules, codes: Codes) -> None:
        """`rules` are those of the program, and of other answers to its switches. Raises
        Unsuited for rules that columns cannot do."""
        frame, bits = program.frame, 0 if rules.variants == 1 else OWN
        rows = {
            signature: [row for row, mask in own.items() if mask & OWN]
            for signature, own in rules.tables.items()
        }
        rows.update((signature, list(r.rows)) for signature, r in program.settings.items())
        self.tables = {
            signature: table_of(Frame(codes, 1, None), signature, own)
            for signature, own in rows.items()
            if own
        }
        tables = self.tables.keys()
        self.plans: dict[Signature, list[tuple[int, int, Plan]]] = {}
        for signature in program.outcome_order:
            if signature[0] not in TOLD:
                continue
            own = self.plans[signature] = []
            for position in sorted(frame.positions.get(signature, ())):
                if program.steps[position] is None:
                    continue
                clause = frame.rules[position].clause
                names = clause.variables()
                terms = (*[Term("variable", name) for name in names], *clause.head.terms)
                wide = replace(clause, head=Atom(INSTANCE, terms))
                own.append((position, len(names), Plan(wide, tables, codes, bits)))

    def find(self, frame: Frame, relations: Relations) -> list[Found]:
        """For each member what is behind its outcomes under the plan's own answers. Raises
        Unsuited."""
        found: list[Found] = [{} for _ in range(frame.members)]
        known = {**relations, **self.tables}
        for signature, plans in self.plans.items():
            if signature not in relations:
                continue
            for position, size, plan in plans:
                if not all(need in known for need in plan.needs):
                    continue
                state = plan.rows(frame, known)
                if not state.number:
                    continue
                columns = plan.columns(state)[1:]
                _keep(
                    found,
                    signature[0],
                    position,
                    size,
                    _rows(frame.codes, state.members, columns),
                )
        return found


def _rows(codes: Codes, members: Ints, columns: Sequence[Column]) -> tuple[list[int], list[Row]]:
    number = len(members)
    values = [
        codes.values(np.full(number, column) if isinstance(column, int) else column)
        for column in columns
    ]
    return members.tolist(), list(zip(*values, strict=True))


def _keep(
    found: list[Found], kind: str, position: int, size: int,
    rows: tuple[list[int], list[Row]],
) -> None:  # fmt: skip
    for member, row in zip(*rows, strict=True):
        own = found[member].get(kind)
        if own is None:
            own = found[member][kind] = {}
        values, head = row[:size], row[size:]
        known = own.get(head)
        if known is None or (known[0] == position and _order(values) < _order(known[1])):
            own[head] = position, values


def _order(values: Row) -> list[tuple[bool, Value]]:
    return [(isinstance(value, str), value) for value in values]
