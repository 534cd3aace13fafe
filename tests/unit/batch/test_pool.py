"""The pool hands results on in order, however unevenly its workers are done."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from infucode.batch.answers import Answerer
from infucode.batch.pool import AHEAD, Pool
from infucode.batch.tasks import Document, Result, Task
from infucode.engine.limits import Limits
from infucode.errors import InternalError

LIMITS = Limits(20.0, 1024)
WORKERS = 2
MANY = 3 * AHEAD * WORKERS


class _Echo(Answerer):
    """Answers with the text, and is slow with a document that says so."""

    def get_ready(self) -> None:
        pass

    def results(self, documents: Sequence[Document]) -> list[Result]:
        if any(document.text == b"slow" for document in documents):
            time.sleep(0.5)
        return [Result(document.text, b"", "coded") for document in documents]


class _Short(_Echo):
    """Leaves one document out."""

    def results(self, documents: Sequence[Document]) -> list[Result]:
        return super().results(documents)[1:]


class _OnlyOne(_Echo):
    """One process answers; every other ends before it begins."""

    def get_ready(self) -> None:
        try:
            Path(str(self.task.policies)).touch(exist_ok=False)
        except FileExistsError:
            time.sleep(0.05)
            os._exit(1)

    def results(self, documents: Sequence[Document]) -> list[Result]:
        time.sleep(0.01)
        return super().results(documents)


def _batches(slow: int) -> list[list[Document]]:
    return [
        [Document("in", number, b"slow" if number == slow else b"%d" % number)]
        for number in range(MANY)
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("slow", (0, AHEAD * WORKERS, MANY - 1))
def test_a_batch_that_is_slower_than_all_that_are_read_ahead_stops_nothing(slow: int) -> None:
    with Pool(Task(), WORKERS, LIMITS, 512, _Echo) as pool:
        found = [results[0].answer for results in pool.results(_batches(slow))]
    assert found == [batch[0].text for batch in _batches(slow)]


def test_a_worker_that_leaves_a_document_out_is_a_defect_and_is_said() -> None:
    with (
        Pool(Task(), 1, LIMITS, 512, _Short) as pool,
        pytest.raises(InternalError, match="0 results of 1 documents"),
    ):
        list(pool.results(_batches(0)))


@pytest.mark.timeout(60)
def test_processes_that_never_begin_stop_nothing_while_another_answers(tmp_path: Path) -> None:
    many = [[Document("in", number, b"%d" % number)] for number in range(100)]
    with Pool(Task(policies=tmp_path / "taken"), WORKERS, LIMITS, 512, _OnlyOne) as pool:
        assert [results[0].answer for results in pool.results(many)] == [b[0].text for b in many]
