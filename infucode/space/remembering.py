"""The rules over a space as one function that answers no question twice.

The encounters of a space are put together from few parts: what a stratum of rules reads has come
up before in nearly all of them, though not in the encounter before. So rows are kept once for
each content, and every stratum remembers what it gave for the rows that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

from infucode.batch.engine.text import Forget, Rows, Text, index, stated_rows
from infucode.engine.fixpoint import Step, Stratum
from infucode.passes.values import Row
from infucode.rulebook.language import Signature

MOST_KEPT = 400_000
"""So many sets of rows, and answers of a stratum, are remembered before all are forgotten."""


class Kept(dict[Row, None]):
    """Rows of which there is one object for each content, with what was indexed of them."""

    __slots__ = ("indexes",)

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        super().__init__(dict.fromkeys(rows))
        self.indexes: dict[object, dict[Any, list[Row]]] = {}


class Memory:
    """The rows and the answers that one function remembers."""

    def __init__(self) -> None:
        self.nothing = Kept()
        self._rows: dict[frozenset[Row], Kept] = {}
        self._answers: list[dict[tuple[int, ...], Any]] = []

    def one(self, rows: Rows) -> Kept:
        """The one object of this content."""
        if not rows:
            return self.nothing
        content = frozenset(rows)
        found = self._rows.get(content)
        if found is None:
            found = self._rows[content] = Kept(rows)
        return found

    def answers(self) -> dict[tuple[int, ...], Any]:
        """Where a stratum keeps what it gave, by the rows that it read."""
        self._answers.append({})
        return self._answers[-1]

    def bound(self) -> None:
        """Forget all where it is too much. Only between two encounters."""
        if len(self._rows) + sum(map(len, self._answers)) > MOST_KEPT:
            self._rows.clear()
            for own in self._answers:
                own.clear()


def indexed(rows: Rows, key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """The rows by their values at some places."""
    if not isinstance(rows, Kept):
        return index(rows, key)
    found = rows.indexes.get(key)
    if found is None:
        found = rows.indexes[key] = index(rows, key)
    return found


class Remembering(Text):
    """The text of such a function."""

    def __init__(
        self, memory: Memory, tables: Mapping[Signature, Rows], stated: Set[Signature]
    ) -> None:
        super().__init__(tables, stated)
        self.memory = memory
        self._strata = 0
        self._globals.update(NONE=memory.nothing, one=memory.one, index=indexed)

    def renewed(self, stratum: Stratum, steps: Sequence[Step], reads: Set[Signature]) -> None:
        """A stratum that is answered only for rows that it never read before."""
        names = {head: self.rows(head) for head in stratum.heads}
        read = [self.rows(signature) for signature in sorted(reads)]
        for head, name in names.items():
            if head in self.stated:
                self._added.add(head)
                read.append(stated_rows(name))
        tests = [f"new_{name}" for name in read]
        tests = tests or [f"{name} is NEVER" for name in names.values()]
        own = f"answers{self._strata}"
        self._strata += 1
        self._globals[own] = self.memory.answers()
        all = ", ".join(names.values())
        self._line(2, f"if {' or '.join(tests)}:")
        self._line(3, f"read = ({''.join(f'id({name}), ' for name in read)})")
        for name in names.values():
            self._line(3, f"old_{name} = {name}")
        self._line(3, f"known = {own}.get(read)")
        self._line(3, "if known is None:")
        for head, name in names.items():
            start = f"dict({stated_rows(name)})" if head in self.stated else "NONE"
            self._line(4, f"{name} = {start}")
            self._lines.append(Forget(head, 4))
        self.stratum(stratum, steps, 4)
        for name in names.values():
            self._line(4, f"{name} = one({name})")
        self._line(4, f"{own}[read] = {all}")
        self._line(3, f"else: {all} = known")
        for head, name in names.items():
            self._line(3, f"if {name} is not old_{name}:")
            self._line(4, f"new_{name} = True")
            self._lines.append(Forget(head, 4))

    def _taken(self, key: str) -> str:
        return f"one(world.get({key}, NONE))"
