"""Reading one `.lp` file into located statements; every message of clingo becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.errors import PolicyError, Problem
from infucode.rulebook.lexical import lexical_problems
from infucode.rulebook.source import Source, read_source
from infucode.rulebook.syntax import plainer

if TYPE_CHECKING:
    from clingo.ast import AST, Location

_MESSAGE = re.compile(
    r"^(?P<file>.*?):(?P<line>\d+):(?P<col>\d+)(?:-[\d:]+)?: (?P<level>error|info|warning): "
    r"(?P<text>.*)$",
    re.S,
)
_FORBIDDEN = {
    "Script": ("scripts are not allowed in a policy", "write the logic as rules"),
    "External": ("`#external` is not allowed in a policy", "facts come from the vocabulary"),
    "Minimize": ("optimisation is not allowed in a policy", "write the preference as a rule"),
    "TheoryDefinition": ("theories are not allowed in a policy", "use plain rules"),
    "ShowSignature": ("`#show` is not allowed in a policy", "outcomes are in the vocabulary"),
    "ShowTerm": ("`#show` is not allowed in a policy", "outcomes are in the vocabulary"),
    "ProjectAtom": ("`#project` is not allowed in a policy", "remove it"),
    "ProjectSignature": ("`#project` is not allowed in a policy", "remove it"),
    "Definition": ("`#const` is not allowed in a policy", "put the number in layer.toml"),
    "Heuristic": ("`#heuristic` is not allowed in a policy", "remove it"),
    "Edge": ("`#edge` is not allowed in a policy", "remove it"),
}


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file: its rules, its `#defined` signatures and its comments by line."""

    source: Source
    rules: tuple[AST, ...]
    defined: tuple[tuple[str, int], ...]
    comments: tuple[tuple[int, str], ...]


def parse_file(path: Path, name: str) -> ParsedFile:
    """The statements of one file. Raises PolicyError with every problem that it has."""
    from clingo.ast import ASTType, parse_files

    source = read_source(path, name)
    found: list[AST] = []
    problems = list(lexical_problems(source))
    if problems:
        raise PolicyError(problems)
    try:
        parse_files([str(path)], found.append, logger=_collect(source, problems))
    except (RuntimeError, MemoryError):
        problems = problems or [source.problem(0, 0, "cannot be parsed", "check its syntax")]
    for statement in found:
        problems.extend(_refused(statement, source))
    if problems:
        raise PolicyError(list(dict.fromkeys(problems)))
    return ParsedFile(
        source,
        tuple(s for s in found if s.ast_type == ASTType.Rule),
        tuple((s.name, s.arity) for s in found if s.ast_type == ASTType.Defined),
        tuple((s.location.begin.line, s.value) for s in found if s.ast_type == ASTType.Comment),
    )


def _collect(source: Source, problems: list[Problem]) -> Callable[[object, str], None]:
    def log(_code: object, message: str) -> None:
        problems.append(plainer(message_problem(message, lambda _file: source), source))

    return log


def message_problem(message: str, find: Callable[[str], Source | None]) -> Problem:
    """A message of clingo as a problem; `find` gives the source of a file that it names."""
    match = _MESSAGE.match(message.strip())
    if not match:
        return Problem("<policy>", 0, 0, message.strip().replace("\n", " "))
    text, help = _plain(match["text"])
    source = find(match["file"])
    if source is None:
        return Problem(match["file"], int(match["line"]), int(match["col"]), text, help)
    return source.problem(int(match["line"]), int(match["col"]), text, help)


def _plain(text: str) -> tuple[str, str]:
    """clingo's words in ours, with what to do."""
    unsafe = re.findall(r"note: '([^']+)' is unsafe", text)
    if unsafe:
        # clingo gives each `_` a name of its own
        words = ("_" if name.startswith("#Anon") else name for name in unsafe)
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(words))
        return f"unsafe variable {names}", "bind it in a positive literal of the body"
    if text.startswith("operation undefined"):
        return "arithmetic on something that is not a number", "guard the value or fix its type"
    if text.startswith("tuple ignored"):
        return "an aggregate weight is not a number", "weights come first and are numbers"
    if "does not occur in any rule head" in text:
        return "an atom that nothing can make true", "check its name and number of arguments"
    if text.startswith("syntax error"):
        return text.split("\n")[0].rstrip(), "a rule ends in `.`; variables start with a capital"
    if text.startswith("lexer error"):
        return text.split("\n")[0].rstrip(), "remove or quote what stands here"
    return " ".join(text.split()), ""


def _refused(statement: AST, source: Source) -> Iterator[Problem]:
    kind = statement.ast_type.name
    if kind == "Program" and not _is_base(statement):
        yield at(
            source,
            statement.location,
            "`#program` parts are not allowed in a policy",
            "nobody would ground them; remove the line",
        )
    elif kind in _FORBIDDEN:
        message, help = _FORBIDDEN[kind]
        yield at(source, statement.location, message, help)


def _is_base(statement: AST) -> bool:
    return bool(statement.name == "base" and not statement.parameters)


def at(source: Source, location: Location, message: str, help: str = "") -> Problem:
    """A problem at the begin of `location`."""
    return source.problem(location.begin.line, location.begin.column, message, help)
