"""JSON text into the tree, with places, duplicate keys and exact numbers kept."""

from __future__ import annotations

import json
import re

from infucode.documents.nodes import Builder, Kind, Listing, Mapping
from infucode.documents.problems import quote

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\s\[\]{},:\"]{1,60}")
_KINDS = {"true": Kind.BOOLEAN, "false": Kind.BOOLEAN, "null": Kind.NULL}
_DECODER = json.JSONDecoder()


class JsonSyntaxError(Exception):
    """The text is not JSON: where, why, and what would be right."""

    def __init__(self, at: int, message: str, help: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.help = help


def read_json(text: str, builder: Builder) -> None:
    """Read a JSON text. Raises JsonSyntaxError, or Halt where a limit is passed."""
    _Walk(text, builder).run()


class _Walk:
    """One pass over the text; ``_open`` holds the closing brackets that are still to come."""

    def __init__(self, text: str, builder: Builder) -> None:
        self._text = text
        self._builder = builder
        self._at = 0
        self._open: list[str] = []

    def run(self) -> None:
        self._value()
        while self._open:
            self._member()
        if self._peek():
            raise self._wrong("text follows the end of the document", "remove it")

    def _peek(self) -> str:
        found = _SPACE.match(self._text, self._at)
        assert found is not None
        self._at = found.end()
        return self._text[self._at : self._at + 1]

    def _wrong(self, message: str, help: str) -> JsonSyntaxError:
        return JsonSyntaxError(self._at, f"the JSON cannot be read: {message}", help)

    def _member(self) -> None:
        """After a value inside a container: a comma and the next one, or the end."""
        character, closing = self._peek(), self._open[-1]
        if character == closing:
            self._close()
        elif character == ",":
            self._at += 1
            self._next()
        elif character == "":
            raise self._wrong("the text ends too early", f"write the missing {quote(closing)}")
        else:
            message = f"{quote(self._word())} follows without a comma"
            raise self._wrong(message, f"write a comma or {quote(closing)} before it")

    def _next(self) -> None:
        if self._open[-1] == "}":
            self._key()
        self._value()

    def _close(self) -> None:
        self._at += 1
        self._open.pop()
        self._builder.close()

    def _key(self) -> None:
        if self._peek() == "":
            raise self._wrong("the text ends too early", f"write the missing {quote('}')}")
        if self._peek() != '"':
            help = 'write a key in double quotes, as in "id"; no comma stands after the last'
            raise self._wrong(f"{quote(self._word())} is not a key", help)
        self._string()
        if self._peek() != ":":
            raise self._wrong("no colon follows the key", 'write "key": value')
        self._at += 1

    def _value(self) -> None:
        character = self._peek()
        if character == '"':
            self._string()
        elif character == "{":
            self._begin(Mapping, "}")
        elif character == "[":
            self._begin(Listing, "]")
        else:
            self._literal()

    def _begin(self, container: type[Listing] | type[Mapping], closing: str) -> None:
        self._builder.open(self._at, container)
        self._at += 1
        self._open.append(closing)
        if self._peek() == closing:
            self._close()
        else:
            self._next()

    def _string(self) -> None:
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            message, help = _string_problem(error.msg)
            raise self._wrong(message, help) from None
        self._builder.scalar(self._at, value, Kind.TEXT)
        self._at = end

    def _literal(self) -> None:
        word = self._word()
        number = _NUMBER.match(self._text, self._at)
        if word in _KINDS:
            self._builder.scalar(self._at, word, _KINDS[word])
            self._at += len(word)
        elif number is not None and _WORD.match(self._text, number.end()) is None:
            self._builder.scalar(self._at, number.group(), Kind.NUMBER)
            self._at = number.end()
        elif word == "":
            raise self._wrong("the text ends too early", "write a value")
        else:
            help = "write text in double quotes, a number, true, false or null"
            raise self._wrong(f"{quote(word)} is not a value", help)

    def _word(self) -> str:
        found = _WORD.match(self._text, self._at)
        return found.group() if found else self._text[self._at : self._at + 1]


def _string_problem(said: str) -> tuple[str, str]:
    """What is wrong inside a text in double quotes, and what would be right."""
    if said.startswith("Unterminated"):
        return "the text in double quotes never ends", "write the closing double quote"
    if said.startswith("Invalid control"):
        return "a control character stands inside a text", 'write a line break as "\\n"'
    return "a backslash begins no known escape", 'write a backslash itself as "\\\\"'
