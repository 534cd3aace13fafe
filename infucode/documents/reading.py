"""From a file, standard input, a text or plain data to an ``Encounter``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from infucode.documents.nodes import Builder, Node
from infucode.documents.problems import Halt, Problems
from infucode.documents.source import MAX_BYTES, Source, open_source
from infucode.documents.stay import read_encounter
from infucode.documents.yaml_reader import read_yaml
from infucode.errors import UsageError
from infucode.model.encounter import Encounter


def load_encounter(path: Path | str) -> Encounter:
    """The encounter of a YAML or JSON file; ``-`` reads standard input.

    Raises DocumentError with every problem of the document, and UsageError where the file
    cannot be opened.
    """
    if str(path) == "-":
        return parse_encounter(_read_standard_input(), name="<stdin>")
    try:
        with Path(path).open("rb") as file:
            text = _read(file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"`{path}` cannot be read: {reason.lower()}") from error
    return parse_encounter(text, name=str(path))


def _read(file: IO[bytes]) -> bytes:
    """One byte more than the limit, so that what is too large is seen to be."""
    parts, size = [], 0
    while size <= MAX_BYTES and (part := file.read(MAX_BYTES + 1 - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _read_standard_input() -> str | bytes:
    buffer = getattr(sys.stdin, "buffer", None)
    return _read(buffer) if buffer is not None else sys.stdin.read(MAX_BYTES + 1)


def parse_encounter(text: str | bytes, *, name: str = "<string>") -> Encounter:
    """The encounter of a YAML or JSON text.

    A name that ends in ``.json`` is read as JSON only; any other text that begins with a brace
    or a bracket is read as JSON if it is JSON, and else as YAML.
    Raises DocumentError with every problem of the document.
    """
    source = open_source(text, name)
    root, problems = _tree(source)
    return read_encounter(root, problems)


def encounter_from_data(data: object, *, name: str = "<data>") -> Encounter:
    """The encounter of plain data: dictionaries, lists, text, numbers and dates.

    Floats are refused: they are not exact. Raises DocumentError; places are unknown (line 0).
    """
    from infucode.documents.data_reader import read_data

    problems = Problems(Source(name, None))
    builder = Builder(problems)
    try:
        read_data(data, builder)
    except Halt:
        raise problems.error() from None
    return read_encounter(builder.root, problems)


def _tree(source: Source) -> tuple[Node | None, Problems]:
    is_json_only = source.name.lower().endswith(".json")
    if not is_json_only and not source.text.lstrip().startswith(("{", "[")):
        return _from_yaml(source)
    from infucode.documents.json_reader import JsonSyntaxError

    try:
        return _from_json(source)
    except JsonSyntaxError as error:
        problems = Problems(source)
        problems.add_at(error.at, error.message, error.help)
        if is_json_only:
            raise problems.error() from None
    return _from_yaml(source, otherwise=problems)


def _from_json(source: Source) -> tuple[Node | None, Problems]:
    from infucode.documents.json_reader import read_json

    problems = Problems(source)
    builder = Builder(problems)
    if not source.text.strip():
        return None, problems
    try:
        read_json(source.text, builder)
    except Halt:
        raise problems.error() from None
    return builder.root, problems


def _from_yaml(source: Source, otherwise: Problems | None = None) -> tuple[Node | None, Problems]:
    """``otherwise`` is what JSON made of it: raised where YAML cannot read it either."""
    problems = Problems(source)
    builder = Builder(problems)
    try:
        read_yaml(source.text, builder)
    except Halt:
        raise (otherwise or problems).error() from None
    return builder.root, problems
