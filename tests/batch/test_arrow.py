"""The Arrow function: one row for each document, and in it all that the answer holds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infucode.batch import arrow
from infucode.batch.arrow_columns import (
    CHECKED,
    ERRORS,
    EXIT,
    REJECTED,
    SOLVED,
    arrays_of,
    columns_of,
    rows_of,
)
from infucode.batch.run import Settings, run_to_file
from infucode.batch.tables_out import COLUMNS, _line
from infucode.batch.tables_out import rows_of as table_rows
from infucode.batch.tasks import Detail, Question, Result, Task
from infucode.cli.batch_runs import EXIT as EXIT_OF_COMMANDS
from infucode.cli.batch_runs import REFUSED
from infucode.documents import encounter_from_data
from infucode.errors import PolicyError, UsageError
from tests.batch.drawn import checked_alone, claims, mixed, solved_alone, text_of

pa = pytest.importorskip("pyarrow")
BAD = (None, b"", b'{"id": "\xff"}', b'{"id": "half', b"[]", b"x" * 1_000_001)


def table(docs: list[Any], bad: tuple[bytes | None, ...] = ()) -> Any:
    texts = [*map(text_of, docs), *bad]
    return pa.table(
        {"row": list(range(len(texts))), "document": pa.array(texts, pa.binary()),
         "region": ["north"] * len(texts)}
    )  # fmt: skip


def test_every_document_has_its_row_and_every_answer_is_that_of_one_by_one() -> None:
    docs = mixed(20)
    found = arrow.solve(table(docs, BAD), whole=True)
    rows = found.to_pylist()
    assert [row["row"] for row in rows] == list(range(len(docs) + len(BAD)))
    assert {row["region"] for row in rows} == {"north"}
    for row, doc in zip(rows, docs, strict=False):
        assert f"{row['answer']}\n".encode() == solved_alone(encounter_from_data(doc))
        assert row["outcome"] == json.loads(row["answer"])["outcome"]
    refused = rows[len(docs) :]
    assert {row["outcome"] for row in refused} == {REJECTED}
    assert {(row["error"], row["exit_code"]) for row in refused} == {("document", 5)}
    said = [row["problems"][0]["message"] for row in refused]
    assert said[0] == said[1] == "the document is empty"
    assert "0xff is not valid UTF-8" in said[2] and "1 MB" in said[5]
    assert all(row["answer"] is None and row["lines"] == [] for row in refused)


def unnamed(value: object, shape: Any, place: str) -> Iterator[str]:
    """The fields of an answer that the shape of a column does not name."""
    if isinstance(value, list):
        for item in value:
            yield from unnamed(item, shape[0], f"{place}[]")
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in shape:
                yield f"{place}.{name}"
            else:
                yield from unnamed(item, shape[name], f"{place}.{name}")


def test_no_field_of_an_answer_is_left_out() -> None:
    docs = mixed(12)
    for question, alone in ((Question.solve, solved_alone), (Question.check, checked_alone)):
        asked = claims(docs) if question is Question.check else docs
        lines = [alone(encounter_from_data(doc), explain=True) for doc in asked]
        results = [Result(line, b"", "") for line in lines if line]
        assert len(results) > 5
        shape = columns_of(question, whole=True)
        rows = list(rows_of(results, question))
        assert not [name for row in rows for name in unnamed(row, shape, "")]
        answers = [json.loads(result.answer) for result in results]
        told = {"schema", "encounter", "policy", "outcome", "code_sets", "asks", "lines"}
        for answer in answers:
            assert set(answer["policy"]) == {
                "id", "title", "version", "as_of", "digest", "switches",
            }  # fmt: skip
            for name in set(answer) - told - set(SOLVED) - set(CHECKED):
                assert answer[name] == [], f"{name} has no column"


def test_the_rows_are_those_of_the_tables_of_a_batch() -> None:
    docs = mixed(12)
    lines = [solved_alone(encounter_from_data(doc), explain=True) for doc in docs]
    lines = [line for line in lines if line]
    rows = list(rows_of([Result(line, b"", "") for line in lines], Question.solve))
    for name in ("lines", "not_reported", "questions", "warnings"):
        wanted: list[Any] = []
        for line in lines:
            wanted += [row for table, row in table_rows(json.loads(line)) if table == name]
        found: list[Any] = [item for row in rows for item in row[name]]  # type: ignore[attr-defined]
        found = [_line(item) if name == "lines" else item for item in found]
        own = [n for n in COLUMNS[name] if n not in COLUMNS["answers"]]
        assert [[row.get(n) for n in own] for row in found] == [
            [row.get(n) for n in own] for row in wanted
        ]
        assert wanted, name


def test_a_large_batch_is_answered_in_pieces_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    docs = mixed(11)
    given = table(docs)
    whole = arrow.solve(given, keep=["row"])
    monkeypatch.setattr(arrow, "BATCH", 3)
    assert arrow.solve(given, keep=["row"], workers=2).equals(whole)
    reader = pa.RecordBatchReader.from_batches(given.schema, given.to_batches(max_chunksize=4))
    assert arrow.solve(reader, keep=["row"]).equals(whole)
    assert whole.column_names[:2] == ["row", "encounter"]


def test_claims_and_reasons_are_those_of_a_batch(tmp_path: Path) -> None:
    docs = claims(mixed(8))
    source = tmp_path / "in.ndjson"
    source.write_bytes(b"".join(text_of(doc) + b"\n" for doc in docs))
    for question, ask in ((Question.solve, arrow.solve), (Question.check, arrow.check)):
        output = tmp_path / f"{question}.ndjson"
        run_to_file(Task(question, explain=Detail.full), [str(source)], output, Settings())
        found = ask(table(docs), explain="full").to_pylist()
        lines = [row["answer"] for row in found if row["outcome"] != REJECTED]
        assert [line.encode() for line in lines] == output.read_bytes().splitlines()
        assert '"proof"' in "".join(lines)


def test_no_documents_give_no_rows_and_the_same_columns() -> None:
    empty = table(mixed(1)).slice(0, 0)
    found = arrow.solve(empty)
    assert found.num_rows == 0 and found.schema == arrow.solve(table(mixed(1))).schema


def test_exit_codes_are_those_of_the_commands() -> None:
    assert (EXIT, ERRORS) == (EXIT_OF_COMMANDS, REFUSED)


def test_half_a_character_is_spelt_out() -> None:
    rows: list[dict[str, object]] = [{"problems": [{"message": "a\ud800"}]}]
    (found,) = arrays_of(rows, {"problems": [{"message": "text"}]})
    assert found.to_pylist() == [[{"message": "a\\ud800"}]]


def test_what_cannot_be_asked_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = table(mixed(1))
    numbers = pa.table({"document": [1]})
    both = given.rename_columns(["row", "document", "policy"])
    for asked, options, said in (
        (given, {"document": "documnt"}, "no column `documnt`; did you mean `document`"),
        (given, {"keep": ["regoin"]}, "no column `regoin`; did you mean `region`"),
        (given, {"explain": "ful"}, "`ful` is no way to explain; there are `none`, `short`"),
        (given, {"as_of": "5/8/24"}, "`5/8/24` is no date"),
        (given, {"plan": "medicar"}, "did you mean `medicare`"),
        (given, {"switches": {"midnigth": "reset"}}, "did you mean `midnight`"),
        (given, {"policies": tmp_path}, "is not a policy folder"),
        (numbers, {}, "`document` holds int64; a document is JSON in text or bytes"),
        (both, {}, "the column `policy` is one of the answer's too"),
    ):
        with pytest.raises((UsageError, PolicyError), match=said):
            arrow.solve(asked, **options)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"need pyarrow: install `infucode\[batch\]`"):
        arrow.solve(given)
