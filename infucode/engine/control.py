"""The one place that makes a `clingo.Control`; every message of clingo is an error here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import clingo

from infucode.errors import InternalError, LimitError, PolicyError, Problem

OPTIONS = ("--warn=none", "--warn=operation-undefined", "--warn=other", "--seed=1")
MOST_MESSAGES = 50
_HARMLESS = (clingo.MessageCode.AtomUndefined, clingo.MessageCode.FileIncluded)


@dataclass(frozen=True, slots=True)
class Grounded:
    """The atoms of a ground program. Complete facts make every atom a fact; reading one that is
    not raises PolicyError, as the rules then hang on their own absence."""

    control: clingo.Control

    def atoms(self) -> list[clingo.Symbol]:
        """Every atom that holds."""
        return _facts(self.control.symbolic_atoms)

    def of(self, name: str, arity: int) -> list[clingo.Symbol]:
        """The atoms of one predicate."""
        return _facts(self.control.symbolic_atoms.by_signature(name, arity))


def _facts(atoms: Iterable[clingo.SymbolicAtom]) -> list[clingo.Symbol]:
    found = []
    for atom in atoms:
        if not atom.is_fact:
            raise PolicyError(
                [
                    Problem(
                        "<policy>",
                        0,
                        0,
                        f"complete facts leave `{atom.symbol.name}` undecided",
                        "a rule hangs on its own absence",
                    )
                ]
            )
        found.append(atom.symbol)
    return found


def ground(
    lines: Sequence[str], facts: Iterable[clingo.Symbol], places: Sequence[str] = ()
) -> Grounded:
    """Ground a program of one statement a line over `facts`.

    `places` names where each line comes from. Raises PolicyError for any message of clingo,
    LimitError when memory runs out.
    """
    messages: list[tuple[clingo.MessageCode, str]] = []

    def log(code: clingo.MessageCode, text: str) -> None:
        if code not in _HARMLESS:
            messages.append((code, text))

    try:
        control = clingo.Control(list(OPTIONS), logger=log, message_limit=MOST_MESSAGES)
        with control.backend() as backend:
            for fact in facts:
                backend.add_rule([backend.add_atom(fact)])
        control.add("base", [], "\n".join(lines))
        control.ground([("base", [])])
    except MemoryError:
        raise LimitError("memory ran out while grounding") from None
    except RuntimeError as error:
        if "bad_alloc" in str(error):
            raise LimitError("memory ran out while grounding") from None
        if not messages:
            raise InternalError(f"clingo: {error}") from error
    if messages:
        raise PolicyError(_problem(text, places) for _, text in messages)
    return Grounded(control)


def choosing(
    program: str,
    constants: dict[str, int],
    located: Callable[[Problem], Problem],
    observer: clingo.Observer | None = None,
) -> clingo.Control:
    """A ground program with choices, every model of which is wanted; an `observer` is told of
    its rules.

    Raises PolicyError with every message of clingo, where `located` says that it stands;
    LimitError where memory runs out.
    """
    messages: list[str] = []
    options = ["0", *(f"-c{name}={value}" for name, value in constants.items())]
    control = clingo.Control(
        options, logger=lambda _, text: messages.append(text), message_limit=MOST_MESSAGES
    )
    if observer is not None:
        control.register_observer(observer)
    try:
        control.add("base", [], program)
        control.ground([("base", [])])
    except MemoryError:
        raise LimitError("memory ran out while grounding") from None
    except RuntimeError as error:
        if "bad_alloc" in str(error):
            raise LimitError("memory ran out while grounding") from None
        messages = messages or [str(error)]
    if messages:
        from infucode.rulebook.parse import message_problem

        raise PolicyError(located(message_problem(text, lambda _file: None)) for text in messages)
    return control


def _problem(message: str, places: Sequence[str]) -> Problem:
    from infucode.rulebook.parse import message_problem

    found = message_problem(message, lambda _file: None)
    if 0 < found.line <= len(places):
        file, _, line = places[found.line - 1].rpartition(":")
        return Problem(file, int(line), 0, found.message, found.help)
    return found
