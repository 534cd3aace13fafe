"""What goes wrong costs nobody else's answer: killed processes, full disks, endless encounters.

INFUCODE_EXAMPLES sets how often the whole run is killed at a random moment.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from infucode.batch import parts as parts_module
from infucode.batch import pool
from infucode.batch.answers import Answerer
from infucode.batch.parts import Parts
from infucode.batch.run import Settings, rejects_of, run_to_file
from infucode.batch.tasks import Task
from infucode.documents import encounter_from_data
from infucode.engine.limits import FORKS, Limits
from infucode.errors import InternalError, UsageError
from infucode.model.encounter import Encounter
from tests.batch.drawn import mixed, solved_alone, text_of

KILLS = max(2, int(os.environ.get("INFUCODE_EXAMPLES", "12")) // 6)
ROOT = Path(__file__).resolve().parents[2]
forks = pytest.mark.skipif(not FORKS, reason="workers that are changed from here must be forked")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.ndjson"
    path.write_bytes(b"".join(text_of(doc) + b"\n" for doc in mixed(60)))
    return path


def expected(without: Iterable[int] = ()) -> bytes:
    docs = [doc for number, doc in enumerate(mixed(60)) if number not in without]
    return b"".join(solved_alone(encounter_from_data(doc)) for doc in docs)


def trouble(monkeypatch: pytest.MonkeyPatch, bad: dict[str, Any]) -> None:
    """Answering these encounters does something else instead."""
    answer = Answerer._answer

    def changed(self: Answerer, encounter: Encounter) -> tuple[bytes, str]:
        if encounter.id in bad:
            bad[encounter.id]()
        return answer(self, encounter)

    monkeypatch.setattr(Answerer, "_answer", changed)


def forever() -> None:
    """The grounder in a loop that nothing within the process can end."""
    import clingo

    control = clingo.Control(["--warn=none"])
    control.add("base", [], "p(0). p(X+1) :- p(X).")
    control.ground([("base", [])])


def no_memory() -> None:
    raise MemoryError


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@forks
def test_one_bad_encounter_spoils_nobody_elses_answer(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble(monkeypatch, {"e7": forever, "e21": no_memory, "e40": die})
    output = tmp_path / "out.ndjson"
    settings = Settings(workers=2, batch=4, part=24, limits=Limits(6.0, 4096))
    counts = run_to_file(Task(), [str(source)], output, settings)
    assert output.read_bytes() == expected(without=(7, 21, 40))
    rejects = [json.loads(line) for line in rejects_of(output).read_bytes().splitlines()]
    assert [(item["line"], item["error"]) for item in rejects] == [
        (8, "limit"), (22, "limit"), (41, "internal"),
    ]  # fmt: skip
    assert "no answer within 6 seconds" in rejects[0]["problems"][0]["message"]
    assert "MB of memory" in rejects[1]["problems"][0]["message"]
    assert counts.read == 60 == counts.answered.total() + 3


@forks
def test_a_large_process_may_ask_as_any_other(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.ndjson"
    with mmap.mmap(-1, 3_000_000_000):
        run_to_file(Task(), [str(source)], output, Settings(limits=Limits(60.0, 1024)))
    assert output.read_bytes() == expected()


@forks
def test_a_worker_that_never_gets_ready_is_given_up(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answerer, "get_ready", lambda _self: time.sleep(600))
    monkeypatch.setattr(pool, "BEGUN", 0.3)
    with pytest.raises(InternalError, match="end before they begin"):
        run_to_file(Task(), [str(source)], tmp_path / "out.ndjson", Settings())


@forks
def test_a_worker_killed_from_outside_loses_nothing(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = tmp_path / "once"

    def die_once() -> None:
        if not once.exists():
            once.write_text("")
            die()

    trouble(monkeypatch, {"e33": die_once})
    output = tmp_path / "out.ndjson"
    counts = run_to_file(Task(), [str(source)], output, Settings(workers=2, batch=20, part=20))
    assert once.exists() and not counts.rejected
    assert output.read_bytes() == expected()


@forks
def test_a_run_killed_at_any_moment_goes_on_and_gives_the_same(
    tmp_path: Path, source: Path
) -> None:
    output = tmp_path / "out.ndjson"
    command = (
        "import sys; from pathlib import Path\n"
        "from infucode.batch.run import Settings, run_to_file\n"
        "from infucode.batch.tasks import Task\n"
        "settings = Settings(workers=2, batch=4, part=8)\n"
        f"run_to_file(Task(), [{str(source)!r}], Path({str(output)!r}), settings)\n"
    )
    chance = random.Random(5)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", command], cwd=ROOT, start_new_session=True
        )
        time.sleep(chance.uniform(0.3, 3.0))
        process.kill()
        process.wait()
        if output.exists():
            break
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True)
    assert output.read_bytes() == expected()
    assert rejects_of(output).read_bytes() == b""
    assert not output.with_name("out.ndjson.work").exists()


def test_a_full_disk_is_told_and_what_is_done_is_kept(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.ndjson"
    settings = Settings(batch=10, part=20)
    write, calls = parts_module._write, 0

    def full(path: Path, content: Iterable[bytes]) -> None:
        nonlocal calls
        calls += 1
        if calls > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(parts_module, "_write", full)
        with pytest.raises(UsageError, match="no space left on device; what is done is kept"):
            run_to_file(Task(), [str(source)], output, settings)
    assert not output.exists()
    begun = Parts(output, (), {}).work
    before = {path: path.stat().st_mtime_ns for path in begun.glob("00000000.*")}
    assert len(before) == 3
    seen: list[Path] = []

    def noted(path: Path, content: Iterable[bytes]) -> None:
        seen.append(path)
        write(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(parts_module, "_write", noted)
        run_to_file(Task(), [str(source)], output, settings)
    assert not any(path.name.startswith("00000000.") for path in seen), "part 0 is not redone"
    assert output.read_bytes() == expected()


def test_a_changed_input_is_refused_until_forced(tmp_path: Path, source: Path) -> None:
    output = tmp_path / "out.ndjson"
    work = output.with_name("out.ndjson.work")
    settings = Settings(batch=10, part=20)
    stopped: list[int] = []

    def stop(_bytes: int, counts: Any) -> None:
        stopped.append(counts.read)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_to_file(Task(), [str(source)], output, settings, stop)
    assert stopped == [20] and work.exists() and not output.exists()
    with pytest.raises(UsageError, match="the question or its options"):
        run_to_file(Task(strict=True), [str(source)], output, settings)
    text = source.read_bytes()
    source.write_bytes(text.replace(b"facility", b"facility ", 1))
    with pytest.raises(UsageError, match=r"cannot go on so \(the inputs\)"):
        run_to_file(Task(), [str(source)], output, settings)
    source.write_bytes(text)
    run_to_file(Task(), [str(source)], output, settings)
    assert output.read_bytes() == expected()
