"""What passes between the server and the process that lints and runs cases for it.

Messages are pickles, each behind its length; they pass only between the server and the process
that it started itself.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Failed:
    """What an analyst is told where a request could not be done."""

    message: str


@dataclass(frozen=True, slots=True)
class Ran:
    """How one case ended: the file below the folder's parent, its line, what differs."""

    file: str
    line: int
    name: str
    differences: tuple[str, ...]


def send(stream: BinaryIO, message: object) -> None:
    """Write one message."""
    body = pickle.dumps(message)
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one message. Raises EOFError at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    return pickle.loads(stream.read(LENGTH.unpack(head)[0]))
