"""Files, standard input, encodings and the size limit."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from infucode.documents import load_encounter, parse_encounter
from infucode.errors import DocumentError, UsageError
from tests.unit.documents.marked import document, problems_of


def test_a_file_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "visit.yaml"
    path.write_text(document(), encoding="utf-8")
    encounter = load_encounter(path)
    assert encounter == parse_encounter(document())
    assert encounter.file == str(path)
    assert load_encounter(str(path)) == encounter


def test_problems_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    path.write_text('{"id": "e"', encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_encounter(path)
    assert caught.value.problems[0].place == f"{path}:1:11"


@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch, as_bytes: bool) -> None:
    text = document()
    plain = io.StringIO(text)
    stream = io.TextIOWrapper(io.BytesIO(text.encode())) if as_bytes else plain
    monkeypatch.setattr("sys.stdin", stream)
    assert load_encounter("-").file == "<stdin>"


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\x00b"])
def test_what_is_no_file_is_a_usage_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_encounter(tmp_path / name)


@pytest.mark.parametrize("as_bytes", [True, False])
def test_one_megabyte_is_the_limit(as_bytes: bool) -> None:
    text = document() + "#"
    full = text + "é" * ((1_000_000 - len(text)) // 2) + "x" * ((1_000_000 - len(text)) % 2)
    assert len(full.encode()) == 1_000_000
    parse_encounter(full.encode() if as_bytes else full)
    (problem,) = problems_of((full + "x").encode() if as_bytes else full + "x")
    assert problem.message == "the document is larger than the limit of 1 MB (1,000,000 bytes)"
    assert problem.help.startswith("write one document for each patient's stay")


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    with pytest.raises(DocumentError, match="limit of 1 MB"):
        load_encounter(path)


def test_invalid_utf8_is_refused_at_its_place() -> None:
    text = document(head="policy: é▲\n").encode().replace("▲".encode(), b"\xff")
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == (4, 10)
    assert problem.message == "byte 0xff is not valid UTF-8"
    assert problem.help == "save the document as UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused(encoding: str) -> None:
    assert "UTF-8" in problems_of(document().encode(encoding))[0].help


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_and_byte_order_marks(newline: str, mark: str) -> None:
    text = mark + document(head="polcy: '💉'\npolicy: x\n").replace("\n", newline)
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == (4, 1)
    assert problem.source == "polcy: '💉'"
    assert problems_of(text.encode()) == (problem,)


def test_columns_count_characters() -> None:
    (problem,) = problems_of(document("note: '💉💉', via: nose"))
    assert problem.source[problem.column - 1 :].startswith("nose")


def test_no_control_character_reaches_the_terminal() -> None:
    (problem,) = problems_of(document("note: \x9b31m"))
    assert "\x9b" not in str(problem)
    assert "�31m" in problem.source
