"""A client that sends ranges, though whole texts are asked for, has its text as it typed it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.workspace import PositionCodec

from infucode.workbench.server.changes import changed
from tests.unit.server.client import Editor, Json, codes
from tests.unit.server.small import RUNS, small_folder

FILE = "plan/runs.lp"
PIECES = ("a", "bc", "é", "𝒮", "\u2028", "\f", "\x85", "\n", "\r\n", "\n\n", "\r", "x𝒮y")
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor with the rule file open; each test leaves it as it was."""
    with Editor(small_folder(tmp_path_factory.mktemp("small"))) as found:
        found.open(FILE)
        assert found.published(FILE) == []
        yield found
        assert found.process.poll() is None
        assert b"Traceback" not in b"".join(found.errors)


@pytest.fixture
def edited(editor: Editor) -> Iterator[Editor]:
    """The editor, whose file may be changed: it is put back."""
    yield editor
    editor.change(FILE, RUNS)
    editor.published(FILE, lambda found: not found)


def position(text: str, offset: int, encoding: str = "utf-16") -> Json:
    """The position of a character, counted in the units of an encoding."""
    codec, size = UNITS[encoding]
    lines = re.split(r"\r\n|\r|\n", text[:offset])
    return {"line": len(lines) - 1, "character": len(lines[-1].encode(codec)) // size}


def part(text: str, old: str, new: str) -> tuple[Json, str]:
    """The change that puts some words in the place of others, and the text after it."""
    start = text.index(old)
    at = {"start": position(text, start), "end": position(text, start + len(old))}
    return {"range": at, "text": new}, text.replace(old, new, 1)


def parts(text: str, *pairs: tuple[str, str]) -> tuple[list[Json], str]:
    """Several such changes one after the other, and the text after them."""
    found = []
    for old, new in pairs:
        change, text = part(text, old, new)
        found.append(change)
    return found, text


def shown(editor: Editor) -> list[Json]:
    """The rules of the file, with the places where they stand."""
    document = {"textDocument": {"uri": editor.uri(FILE)}}
    answer: list[Json] = editor.ask("textDocument/documentSymbol", document)
    return answer


def test_whole_texts_are_asked_for(editor: Editor) -> None:
    assert editor.initialized["capabilities"]["textDocumentSync"]["change"] == 1


def test_a_range_is_put_in_its_place(edited: Editor) -> None:
    there, text = parts(RUNS, ("warning(", "warnin("))
    edited.change_parts(FILE, *there)
    found = edited.published(FILE, bool)
    assert codes(found) == {"predicate"}
    assert found[0]["range"]["start"] == position(text, text.index("warnin("))
    back, text = parts(text, ("warnin(", "warning("))
    assert text == RUNS
    edited.change_parts(FILE, *back)
    assert edited.published(FILE) == []


def test_ranges_count_in_the_units_of_the_client(edited: Editor) -> None:
    changes, text = parts(
        RUNS,
        ("% Runs that are short.", "% 𝒮𝒮\u2028 short."),
        ("short.\n% Gives", "short, 𝒮.\n% A line.\n% Gives"),
        ("warning(", "%* 𝒮𝒮 *% warning("),
        (' *% warning("plan.taken"', ' *% warnin("plan.taken"'),
    )
    edited.change_parts(FILE, *changes)
    found = edited.published(FILE, bool)
    there = shown(edited)
    assert [item["name"] for item in there] == ["plan.short", "plan.withheld", "plan.taken"]
    edited.change(FILE, text)
    assert edited.published(FILE, bool) == found and shown(edited) == there
    assert position(text, text.index("warnin(")) in [item["range"]["start"] for item in found]


def test_a_whole_text_among_ranges(edited: Editor) -> None:
    change, text = part(RUNS, "plan.taken\n", "plan.other\n")
    back, whole = part(text, "plan.other\n", "plan.taken\n")
    assert whole == RUNS
    edited.change_parts(FILE, {"text": "%"}, {"text": RUNS}, change, back)
    assert edited.published(FILE) == []
    beyond = {"line": 9_999, "character": 9_999}
    edited.change_parts(FILE, {"range": {"start": beyond, "end": beyond}, "text": "% More. \n"})
    assert codes(edited.published(FILE, bool)) == {"stray-space"}
    start = {"line": 0, "character": 0}
    edited.change_parts(FILE, {"range": {"start": start, "end": beyond}, "text": RUNS})
    assert edited.published(FILE) == []


@pytest.mark.parametrize("encoding", UNITS)
def test_every_place_of_a_text_is_found(encoding: str) -> None:
    chosen, codec = random.Random(3), PositionCodec(encoding)
    for _ in range(300):
        pieces = chosen.choices(PIECES, k=chosen.randrange(9))
        ends = [len("".join(pieces[:number])) for number in range(len(pieces) + 1)]
        text = "".join(pieces)
        places = [end for end in ends if text[end - 1 : end + 1] != "\r\n"]
        first, last = sorted((chosen.choice(places), chosen.choice(places)))
        at = [lsp.Position(**position(text, place, encoding)) for place in (first, last)]
        new = "".join(chosen.choices(PIECES, k=2))
        change = lsp.TextDocumentContentChangePartial(lsp.Range(*at), new)
        assert changed(codec, text, change) == text[:first] + new + text[last:]


def test_behind_the_end_of_a_line_is_its_end() -> None:
    at = lsp.Position(0, 99)
    change = lsp.TextDocumentContentChangePartial(lsp.Range(at, at), "!")
    for end in ("\n", "\r\n", "\r"):
        assert changed(PositionCodec("utf-16"), f"a{end}b", change) == f"a!{end}b"


def test_a_file_is_the_same_file(tmp_path: Path) -> None:
    """What is typed in ranges reads as what is typed whole, from the first letter on."""
    with Editor(small_folder(tmp_path), capabilities={}) as editor:
        editor.open(FILE, "")
        at = {"line": 0, "character": 0}
        for line in reversed(RUNS.splitlines(keepends=True)):
            editor.change_parts(FILE, {"range": {"start": at, "end": at}, "text": line})
        assert editor.published(FILE) == []
        assert len(shown(editor)) == 3
