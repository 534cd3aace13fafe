"""A run gives what `Policy` gives one by one, byte for byte, however it is cut up.

INFUCODE_EXAMPLES sets how many documents are tried.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from infucode.batch.parts import Counts
from infucode.batch.run import Settings, rejects_of, run_to_file, run_to_stream
from infucode.batch.tasks import Detail, Question, Task
from infucode.documents import encounter_from_data
from infucode.errors import UsageError
from infucode.render.json_view import dumps, solution_to_json
from tests.batch.drawn import checked_alone, claims, mixed, policy, solved_alone, text_of

EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "12"))


def written(path: Path, lines: Sequence[bytes]) -> str:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return str(path)


def run(
    folder: Path, inputs: Sequence[str], task: Task | None = None, **settings: Any
) -> tuple[bytes, list[dict[str, Any]], Counts]:
    """The answers, the rejects and the counts of a run."""
    output = folder / "answers.ndjson"
    chosen = Settings(**{"force": True, **settings})
    counts = run_to_file(task or Task(), inputs, output, chosen)
    rejects = [json.loads(line) for line in rejects_of(output).read_bytes().splitlines()]
    assert counts.read == counts.answered.total() + counts.rejected.total()
    assert counts.rejected.total() == len(rejects)
    return output.read_bytes(), rejects, counts


def test_any_batch_worker_and_part_gives_what_one_by_one_gives(tmp_path: Path) -> None:
    docs = mixed(EXAMPLES * 3)
    source = written(tmp_path / "in.ndjson", [text_of(doc) for doc in docs])
    expected = b"".join(solved_alone(encounter_from_data(doc)) for doc in docs)
    for batch, workers, part in ((7, 1, 21), (len(docs), 2, 5000), (1, 2, 10)):
        found, rejects, _ = run(tmp_path, [source], batch=batch, workers=workers, part=part)
        assert found == expected and not rejects, (batch, workers, part)


def test_the_order_of_the_input_changes_no_answer(tmp_path: Path) -> None:
    docs = mixed(EXAMPLES * 2)
    lines = {doc["id"]: solved_alone(encounter_from_data(doc)) for doc in docs}
    random.Random(3).shuffle(docs)
    source = written(tmp_path / "in.ndjson", [text_of(doc) for doc in docs])
    found, _, _ = run(tmp_path, [source])
    assert found == b"".join(lines[doc["id"]] for doc in docs)


def test_checked_claims_are_those_of_one_by_one(tmp_path: Path) -> None:
    docs = claims(mixed(EXAMPLES * 2))
    source = written(tmp_path / "in.ndjson", [text_of(doc) for doc in docs])
    expected = b"".join(checked_alone(encounter_from_data(doc)) for doc in docs)
    found, rejects, _ = run(tmp_path, [source], Task(Question.check), batch=5, workers=2)
    assert found == expected and expected.count(b"\n") > len(docs) / 2
    assert len(rejects) == len(docs) - expected.count(b"\n")


@pytest.mark.parametrize("detail", (Detail.short, Detail.full))
def test_reasons_are_those_of_one_by_one(detail: Detail, tmp_path: Path) -> None:
    docs = mixed(EXAMPLES)
    source = written(tmp_path / "in.ndjson", [text_of(doc) for doc in docs])
    expected = []
    for doc in docs:
        encounter = encounter_from_data(doc)
        solved = policy(encounter.policy or "cpcp026").solve(encounter)
        proofs = solved.proofs() if detail is Detail.full else None
        expected.append(dumps(solution_to_json(solved.solution, proofs=proofs), compact=True))
    found, _, _ = run(tmp_path, [source], Task(explain=detail))
    assert found.decode() == "".join(expected)


def test_large_batches_where_columns_answer_them() -> None:
    pytest.importorskip("numpy")
    large, small = (Settings().together(Task(explain=d)) for d in (Detail.short, Detail.full))
    assert large > small == Settings().together(Task(Question.check))
    assert small == Settings().together(Task(strict=True))
    assert Settings(batch=7).together(Task()) == 7


def test_several_inputs_stand_one_after_another(tmp_path: Path) -> None:
    docs = mixed(4)
    lines = written(tmp_path / "in.ndjson", [text_of(doc) for doc in docs[:3]])
    single = written(tmp_path / "one.json", [json.dumps(docs[3], indent=1).encode()])
    found, _, counts = run(tmp_path, [lines, single])
    assert [json.loads(n)["encounter"] for n in found.splitlines()] == ["e0", "e1", "e2", "e3"]
    assert counts.read == 4


def test_bad_documents_go_to_the_rejects_with_place_and_reason(tmp_path: Path) -> None:
    good = text_of(mixed(1)[0])
    lines = [
        good,
        b'{"id": "no-date", "claim": "facilty"}',
        b"",
        b'{"id": "\xff"}',
        b"id: yaml",
        good[:100],
    ]
    path = tmp_path / "in.ndjson"
    path.write_bytes(b"\n".join(lines))
    found, rejects, counts = run(tmp_path, [str(path)])
    assert found.count(b"\n") == 1 and counts.read == 5
    assert [item["line"] for item in rejects] == [2, 4, 5, 6]
    assert {item["input"] for item in rejects} == {str(path)}
    said = [" ".join(problem["message"] for problem in item["problems"]) for item in rejects]
    assert "`facilty` is not a word" in said[0] and "`date` is missing" in said[0]
    assert "byte 0xff is not valid UTF-8" in said[1]
    assert "cannot be read" in said[2] and "cannot be read" in said[3]
    assert all("help" in problem for item in rejects for problem in item["problems"])


def test_limits_of_the_contract(tmp_path: Path) -> None:
    doc = mixed(1)[0] | {"policy": "cpcp026", "id": "many"}
    shot = {"drug": "x", "category": "therapeutic", "route": "im", "technique": "injection"}
    for many, good in ((500, 1), (501, 0)):
        items = [{"id": f"a{n}", **shot} for n in range(many)]
        own = {k: v for k, v in doc.items() if k not in ("primary_reason", "switches")}
        line = text_of(own | {"administrations": items, "id": f"m{many}"})
        source = written(tmp_path / "in.ndjson", [line, text_of(doc)])
        _, rejects, counts = run(tmp_path, [source])
        assert counts.answered.total() == 1 + good
        assert [("limit of 500" in json.dumps(item)) for item in rejects] == [True] * (1 - good)


def test_a_line_beyond_the_limit_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    doc = mixed(1)[0]
    long = text_of(doc | {"id": "long", "note": "x" * 3_000_000})
    source = written(tmp_path / "in.ndjson", [long, text_of(doc)])
    _, rejects, counts = run(tmp_path, [source])
    assert counts.read == 2 and counts.answered.total() == 1
    assert "1 MB" in rejects[0]["problems"][0]["message"]


def test_a_stream_gives_the_same(tmp_path: Path) -> None:
    docs = mixed(9)
    source = written(tmp_path / "in.ndjson", [text_of(doc) for doc in docs] + [b"{"])
    answers, rejects = io.BytesIO(), io.BytesIO()
    counts = run_to_stream(Task(), [source], answers, rejects, Settings(batch=4, workers=2))
    expected = b"".join(solved_alone(encounter_from_data(doc)) for doc in docs)
    assert answers.getvalue() == expected
    assert rejects.getvalue().count(b"\n") == 1 and counts.read == 10


def test_another_run_is_not_mixed_in(tmp_path: Path) -> None:
    source = written(tmp_path / "in.ndjson", [text_of(doc) for doc in mixed(3)])
    run(tmp_path, [source])
    output = tmp_path / "answers.ndjson"
    with pytest.raises(UsageError, match="is there already; --force"):
        run_to_file(Task(strict=True), [source], output, Settings())
    again = run_to_file(Task(), [source], output, Settings())
    assert again.read == 3, "the same run, finished before, is told again"


def test_what_cannot_be_read_or_written_is_told_before_the_work(tmp_path: Path) -> None:
    source = written(tmp_path / "in.ndjson", [text_of(mixed(1)[0])])
    output = tmp_path / "answers.ndjson"
    for inputs, said in (
        ([str(tmp_path / "none.ndjson")], "cannot be read: no such file"),
        ([str(tmp_path)], "is a folder"),
        ([str(written(tmp_path / "x.txt", []))], "is none of"),
        (["-", "-"], "stands twice"),
    ):
        with pytest.raises(UsageError, match=said):
            run_to_file(Task(), inputs, output, Settings())
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UsageError, match="cannot be written: not a directory"):
        run_to_file(Task(), [source], blocked / "answers.ndjson", Settings())
