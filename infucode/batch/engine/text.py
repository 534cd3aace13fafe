"""The text of the one function that a batch is answered with, clause by clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from operator import itemgetter
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from infucode.engine.fixpoint import Step, Stratum
from infucode.passes.compile import Writer, singletons
from infucode.passes.values import INFIMUM, SUPREMUM, Row, Value, number, quotient, remainder
from infucode.rulebook.language import Clause, Signature, Term

Rows = dict[Row, None]
INDENT = " "
AT_ONCE = 40
"""Variables that one statement sets."""


def index(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """The rows by their value at one place, or by their values at several."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        known = key(row)
        if known in found:
            found[known].append(row)
        else:
            found[known] = [row]
    return found


class Part(Writer):
    """Writes one clause into the text of the whole."""

    def __init__(self, clause: Clause, text: Text, depth: int) -> None:
        super().__init__(clause, singletons(clause))
        self.text, self.depth = text, depth
        self.indexes: dict[str, tuple[Signature, tuple[int, ...]]] = {}

    def access(self, signature: Signature, places: tuple[int, ...], newest: bool = False) -> str:
        """The variable that holds the rows of a predicate, by `places` if there are any."""
        assert not newest
        if not places:
            return self.text.rows(signature)
        name = self.text.index(signature, places)
        self.indexes[name] = signature, places
        return name

    def value(self, term: Term) -> str:
        """A term as an expression; a constant is a global."""
        if term.kind in ("variable", "arithmetic"):
            return super().value(term)
        own = super().value(term)
        key = next(key for key, name in self._constants.items() if name == own)
        return self.text.constant(key)


class Forget(NamedTuple):
    """A line by which the indexes of a predicate become void; which there are is known last."""

    head: Signature
    depth: int


class Text:
    """The lines of one function, and the globals that it reads.

    Rows of a predicate stand in a variable of its own, NONE where there are none; an index of
    them is made when it is first asked for.
    """

    def __init__(self, tables: Mapping[Signature, Rows], stated: Set[Signature]) -> None:
        self.tables, self.stated = tables, stated
        self.names: dict[Signature, str] = {}
        self._added: set[Signature] = set()
        """Predicates that are stated, and that rules add to."""
        self._lines: list[str | Forget] = []
        self._indexes: dict[str, Signature] = {}
        self._constants: dict[tuple[type, Value], str] = {}
        self._globals: dict[str, Any] = {
            "number": number, "quotient": quotient, "remainder": remainder,
            "SUPREMUM": SUPREMUM, "INFIMUM": INFIMUM, "index": index, "NONE": {}, "NEVER": (),
        }  # fmt: skip

    def rows(self, signature: Signature) -> str:
        """The variable that holds the rows of a predicate."""
        if signature not in self.names:
            is_table = signature in self.tables
            name = self.names[signature] = f"{'T' if is_table else 'R'}{len(self.names)}"
            if is_table:
                self._globals[name] = self.tables[signature]
        return self.names[signature]

    def index(self, signature: Signature, places: tuple[int, ...]) -> str:
        """The variable that holds the rows of a predicate by some places."""
        name = f"{self.rows(signature)}_{'_'.join(map(str, places))}"
        if signature not in self.tables:
            self._indexes[name] = signature
        elif name not in self._globals:
            self._globals[name] = index(self.tables[signature], itemgetter(*places))
        return name

    def indexes_of(self, signature: Signature) -> list[str]:
        """The indexes of a predicate."""
        return [name for name, own in self._indexes.items() if own == signature]

    def constant(self, key: tuple[type, Value]) -> str:
        """The global that holds a constant."""
        name = self._constants.setdefault(key, f"const{len(self._constants)}")
        self._globals[name] = key[1]
        return name

    @property
    def declared(self) -> list[str]:
        """The variables for rows so far, tables left out."""
        rows = [name for signature, name in self.names.items() if signature not in self.tables]
        return rows + [stated_rows(self.names[s]) for s in sorted(self._added)]

    @property
    def indexes(self) -> list[str]:
        """The variables for indexes so far."""
        return list(self._indexes)

    def take(self) -> list[str]:
        """The lines written since the last time."""
        lines, self._lines = self._lines, []
        return [text for line in lines for text in self._settled(line)]

    def _settled(self, line: str | Forget) -> Iterable[str]:
        if isinstance(line, str):
            return (line,)
        return self.cleared(self.indexes_of(line.head), "None", line.depth)

    # ---- clauses ----

    def stratum(self, stratum: Stratum, steps: Sequence[Step], depth: int) -> None:
        """Predicates that are answered together; in rounds where they read themselves."""
        if stratum.recursive:
            self._rounds(stratum, steps, depth)
            return
        for step in steps:
            self._clause(step, depth, self.rows(step.head))

    def renewed(self, stratum: Stratum, steps: Sequence[Step], reads: Set[Signature]) -> None:
        """A stratum that is answered anew only if something that it reads has changed.

        Rows that come out as they were keep their indexes, and nothing that reads them runs.
        """
        names = {head: self.rows(head) for head in stratum.heads}
        tests = [f"new_{self.rows(s)}" for s in sorted(reads)]
        for head, name in names.items():
            if head in self.stated:
                self._added.add(head)
                tests.append(f"new_{stated_rows(name)}")
        tests = tests or [f"{name} is NEVER" for name in names.values()]
        self._line(2, f"if {' or '.join(tests)}:")
        for head, name in names.items():
            self._line(3, f"old = {name}" if len(names) == 1 else f"old_{name} = {name}")
            start = f"dict({stated_rows(name)})" if head in self.stated else "NONE"
            self._line(3, f"{name} = {start}")
        self.stratum(stratum, steps, 3)
        for head, name in names.items():
            old = "old" if len(names) == 1 else f"old_{name}"
            self._line(3, f"if {name} == {old}: {name} = {old}")
            self._line(3, "else:")
            self._line(4, f"new_{name} = True")
            self._lines.append(Forget(head, 4))

    def _line(self, depth: int, text: str) -> None:
        self._lines.append(INDENT * depth + text)

    def _clause(self, step: Step, depth: int, out: str) -> None:
        needs = [self.rows(s) for s in step.needs if s not in self.tables]
        if needs:
            self._line(depth, f"if {' and '.join(needs)}:")
            depth += 1
        part = Part(step.clause, self, depth)
        part.body(list(step.clause.body))
        part.line(f"{out}[{part.row(step.clause.head.terms)}] = None")
        for name, (signature, places) in part.indexes.items():
            if signature not in self.tables:
                made = f"index({self.rows(signature)}, {self._getter(places)})"
                self._line(depth, f"if {name} is None: {name} = {made}")
        self._line(depth, f"if {out} is NONE: {out} = {{}}")
        self._lines += part.lines

    def _getter(self, places: tuple[int, ...]) -> str:
        name = f"key{'_'.join(map(str, places))}"
        self._globals[name] = itemgetter(*places)
        return name

    def _rounds(self, stratum: Stratum, steps: Sequence[Step], depth: int) -> None:
        heads = {head: self.rows(head) for head in stratum.heads}
        again = f"again{len(self._lines)}"
        self._line(depth, f"{again} = True")
        self._line(depth, f"while {again}:")
        self._line(depth + 1, f"{again} = False")
        begun = len(self._lines)
        for step in steps:
            self._clause(step, depth + 1, f"round_{heads[step.head]}")
        own = [f"round_{name} = NONE" for name in heads.values()]
        own += [f"{i} = None" for head in heads for i in self.indexes_of(head)]
        self._lines[begun:begun] = [INDENT * (depth + 1) + line for line in own]
        for name in heads.values():
            self._line(depth + 1, f"if round_{name}:")
            self._line(depth + 2, f"if {name} is NONE: {name} = {{}}")
            self._line(depth + 2, f"size = len({name})")
            self._line(depth + 2, f"{name}.update(round_{name})")
            self._line(depth + 2, f"if len({name}) > size: {again} = True")
        for head in heads:
            for name in self.indexes_of(head):
                self._line(depth, f"{name} = None")

    # ---- the function ----

    def cleared(self, names: Sequence[str], nothing: str, depth: int) -> list[str]:
        """Statements that set variables to nothing."""
        return [
            f"{INDENT * depth}{' = '.join(names[n : n + AT_ONCE])} = {nothing}"
            for n in range(0, len(names), AT_ONCE)
        ]

    def taking(self) -> list[str]:
        """Statements that take the rows that are stated, and note which have changed."""
        found = []
        for signature in sorted(self.stated & self.names.keys()):
            own = self.rows(signature)
            name = stated_rows(own) if signature in self._added else own
            key = f"key_of_{own}"
            self._globals[key] = signature
            found += [
                f"{INDENT * 2}rows = {self._taken(key)}",
                f"{INDENT * 2}if rows is not {name} and rows != {name}:",
                f"{INDENT * 3}{name} = rows",
                f"{INDENT * 3}new_{name} = True",
                *self.cleared(self.indexes_of(signature), "None", 3),
            ]
        return found

    def _taken(self, key: str) -> str:
        """The rows that are stated of a predicate, as an expression."""
        return f"world.get({key}, NONE)"

    def function(self, name: str, lines: Sequence[str]) -> Any:
        """The function of these lines."""
        module = compile("\n".join([*lines, ""]), f"<{name}>", "exec")
        code = next(item for item in module.co_consts if isinstance(item, CodeType))
        return FunctionType(code, self._globals)


def stated_rows(name: str) -> str:
    """The variable that holds what is stated of a predicate to which rules add."""
    return f"stated_{name}"
