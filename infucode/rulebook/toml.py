"""A TOML file of a policy folder read as a whole, or refused at the place that is wrong."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from infucode.errors import PolicyError, Problem, named
from infucode.rulebook.source import Source, read_source

CHECK = "settings-file"
_NAMES = re.compile(r"\('([^()]*)',?\)")
"""A key with the tables that it is in, as Python shows them."""
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, name: str) -> tuple[dict[str, Any], Source]:
    """What a file says, and its text. Raises PolicyError with the place of what is wrong."""
    try:
        source = read_source(path, name)
    except PolicyError as error:
        raise PolicyError(named(CHECK, error.problems)) from None
    try:
        return tomllib.loads(source.text), source
    except tomllib.TOMLDecodeError as error:
        problem = _problem(source, str(error))
    except RecursionError:
        problem = source.problem(0, 0, "is nested too deeply", "write it with fewer brackets")
    except ValueError:  # of a number too long for Python
        problem = source.problem(0, 0, "holds too long a number", "write a shorter one")
    raise PolicyError(named(CHECK, [problem]))


def _problem(source: Source, said: str) -> Problem:
    if source.text.startswith("\ufeff"):
        return source.problem(1, 1, "a byte order mark, U+FEFF", "save it as UTF-8 without one")
    text = _PLACE.sub("", said)
    text = text[:1].lower() + _NAMES.sub(lambda key: f"`{_dotted(key[1])}`", text[1:])
    message = f"cannot be read as TOML: {text}"
    match = _PLACE.search(said)
    if match is None:
        return source.problem(0, 0, message, "mend its syntax")
    line, column = len(source.lines), len(source.lines[-1]) + 1
    if match[1]:
        line, column = int(match[1]), int(match[2])
    elif not source.lines[-1] and line > 1:
        line, column = line - 1, len(source.lines[-2]) + 1
    head = source.lines[line - 1][: column - 1]
    return source.problem(line, len(head.encode()) + 1, message, "mend its syntax")


def _dotted(names: str) -> str:
    return ".".join(names.split("', '"))
