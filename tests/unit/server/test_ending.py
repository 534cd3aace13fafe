"""How the server ends: what it answers after `shutdown`, and what the process ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.server.client import PATIENCE, Editor
from tests.unit.server.small import RUNS, small_folder

FILE = "plan/runs.lp"
INVALID_REQUEST = -32600


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the process keeps its copies of policy folders."""
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setenv("TMPDIR", str(kept))
    return kept


def hang_up(editor: Editor) -> int:
    """Close the stream that the server reads; returns the exit code."""
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    return editor.process.wait(PATIENCE)


def test_a_request_after_shutdown_is_refused(tmp_path: Path) -> None:
    with Editor(small_folder(tmp_path)) as editor:
        editor.open(FILE)
        editor.published(FILE)
        editor.ask("shutdown", None)
        for method, params in (
            ("textDocument/hover", editor.at_text(FILE, RUNS, "ran(")),
            ("textDocument/hover", {"neither": "nor"}),
            ("textDocument/nothing", {}),
            ("shutdown", None),
        ):
            answer = editor.ask_raw(method, params)
            assert answer["error"]["code"] == INVALID_REQUEST, method
            assert f"`{method}` comes after `shutdown`" in answer["error"]["message"]
        editor.tell("exit", {})
        assert editor.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("asked", [False, True], ids=["at once", "after a request"])
@pytest.mark.parametrize("read", [False, True], ids=["while it reads", "when it has read"])
def test_the_end_of_the_stream_after_shutdown_ends_it(
    tmp_path: Path, kept: Path, *, read: bool, asked: bool
) -> None:
    with Editor(small_folder(tmp_path)) as editor:
        editor.open(FILE)
        if read:
            editor.published(FILE)
        editor.ask("shutdown", None)
        if asked:
            answer = editor.ask_raw("textDocument/hover", editor.at(FILE, 0, 0))
            assert answer["error"]["code"] == INVALID_REQUEST
        assert hang_up(editor) == 0
        assert b"Traceback" not in b"".join(editor.errors)
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("opened", [False, True], ids=["idle", "with a file open"])
def test_exit_without_shutdown_is_an_error(tmp_path: Path, kept: Path, *, opened: bool) -> None:
    with Editor(small_folder(tmp_path)) as editor:
        if opened:
            editor.open(FILE)
            editor.published(FILE)
        editor.tell("exit", {})
        assert editor.process.wait(PATIENCE) == 1
    assert list(kept.iterdir()) == []
