"""Killed at any moment, a run goes on and gives the same: nothing lost, nothing doubled.

INFUCODE_EXAMPLES sets at how many random moments (20 of the run, 20 of its workers by default).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infucode.batch import manifest, serving
from infucode.batch.answers import Answerer
from infucode.batch.parts import Counts
from infucode.batch.pool import Pool
from infucode.batch.run import Settings, rejects_of, run_to_file
from infucode.batch.tasks import Document, Result, Task
from infucode.documents import encounter_from_data
from infucode.engine.limits import FORKS, Limits
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from tests.batch.drawn import mixed, solved_alone, text_of

pytestmark = pytest.mark.skipif(not FORKS, reason="the run is killed in a forked process")
KILLS = max(20, int(os.environ.get("INFUCODE_EXAMPLES", "12")) // 6)
SETTINGS = Settings(workers=2, batch=4, part=8)
DOCS = [*mixed(40), {"id": "bad"}]
CHILDREN = Path("/proc/self/task").is_dir()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.ndjson"
    path.write_bytes(b"".join(text_of(doc) + b"\n" for doc in DOCS))
    return path


def expected() -> bytes:
    return b"".join(solved_alone(encounter_from_data(doc)) for doc in DOCS[:-1])


def forked(work: Callable[[], object]) -> int:
    """A process that does this and ends with 0, or with 1 where it fails."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.setsid()
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(process: int) -> int:
    """How a process ended: its exit code, or the signal as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def below(process: int) -> list[int]:
    """The processes that a process began."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            state = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
            if int(state[1]) == process and state[0] != "Z":
                found.append(int(folder.name))
    return found


def gone(processes: Iterable[int], seconds: float) -> bool:
    """Whether they end by themselves within so long."""
    until = time.monotonic() + seconds
    left = set(processes)
    while left and time.monotonic() < until:
        left = {n for n in left if _lives(n)}
        time.sleep(0.05)
    return not left


def _lives(process: int) -> bool:
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def require_whole(output: Path, counts: Counts, answers: bytes) -> None:
    """The output is whole, the counts add up, and nothing else is left behind."""
    assert output.read_bytes() == answers
    assert rejects_of(output).read_bytes().count(b"\n") == counts.rejected.total() == 1
    assert counts.read == len(DOCS) == counts.answered.total() + 1
    assert {path.name for path in output.parent.glob("out*")} == {
        "out.ndjson", "out.rejects.ndjson", "out.ndjson.manifest.json",
    }  # fmt: skip


@pytest.mark.skipif(not CHILDREN, reason="workers are found in /proc")
def test_a_run_killed_at_random_moments_goes_on(tmp_path: Path, source: Path) -> None:
    output = tmp_path / "out.ndjson"
    chance = random.Random(5)
    longest, killed = 0.6, 0
    while killed < KILLS:
        run = forked(lambda: run_to_file(Task(), [str(source)], output, SETTINGS))
        time.sleep(chance.uniform(0.0, longest))
        workers = below(run)
        os.kill(run, signal.SIGKILL)
        if ended(run) == 0:
            output.unlink()
            output.with_name("out.ndjson.manifest.json").unlink()
            rejects_of(output).unlink()
            longest /= 2
            continue
        killed += 1
        assert gone(workers, 20), "workers end when nobody is there to ask them"
    require_whole(output, run_to_file(Task(), [str(source)], output, SETTINGS), expected())


@pytest.mark.skipif(not CHILDREN, reason="workers are found in /proc")
def test_workers_killed_at_random_moments_lose_nothing(tmp_path: Path, source: Path) -> None:
    """One after each part that is done, so that the run is faster than the killing."""
    chance, killed, round = random.Random(6), 0, 0
    many = Settings(workers=2, batch=2, part=2)
    answers = expected()
    while killed < KILLS:
        round += 1
        folder = tmp_path / str(round)
        folder.mkdir()
        output = folder / "out.ndjson"
        run = forked(lambda to=output: run_to_file(Task(), [str(source)], to, many))  # type: ignore[misc]
        parts = 0
        while (done := os.waitpid(run, os.WNOHANG)) == (0, 0):
            time.sleep(chance.uniform(0.0, 0.1))
            if (now := len(list(folder.glob("out.ndjson.work/*.count.json")))) == parts:
                continue
            parts = now
            for worker in chance.sample(workers := below(run), min(1, len(workers))):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
        assert os.waitstatus_to_exitcode(done[1]) == 0
        counts = run_to_file(Task(), [str(source)], output, many)
        require_whole(output, counts, answers)


STEPS = ((os, "mkdir"), (os, "replace"), (os, "rename"), (os, "unlink"), (shutil, "rmtree"))
"""Whatever changes what stands on the disk."""


def stopping(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this process kills itself before step `at` of writing, or after it."""
    made = 0

    def changed(call: Callable[..., object]) -> Callable[..., object]:
        def stopped(*given: Any, **named: Any) -> object:
            nonlocal made
            made += 1
            if made * 2 - 1 == at:
                os.kill(os.getpid(), signal.SIGKILL)
            result = call(*given, **named)
            if made * 2 == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return stopped

    for module, name in STEPS:
        monkeypatch.setattr(module, name, changed(getattr(module, name)))


def quickly(self: Answerer, documents: Iterable[Document]) -> list[Result]:
    """An answer that takes no time; the last document has none."""
    bad = Result(b"", b"no\n", "document")
    return [bad if b"bad" in n.text else Result(n.text + b"\n", b"", "coded") for n in documents]


@pytest.mark.parametrize("force", (False, True))
def test_a_run_killed_at_each_step_of_its_writing_goes_on(
    force: bool, tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answerer, "results", quickly)
    monkeypatch.setattr(Answerer, "get_ready", lambda self: None)
    monkeypatch.setattr(manifest, "program_digest", lambda: "the same")
    answers = b"".join(text_of(doc) + b"\n" for doc in DOCS[:-1])
    plain = Settings(batch=50, part=50 if force else 30)
    settings = replace(plain, force=force)
    before = tmp_path / "before"
    before.mkdir()
    if force:
        run_to_file(Task(strict=True), [str(source)], before / "out.ndjson", plain)
    ends: list[int] = []
    for at in range(1, 200):
        output = Path(shutil.copytree(before, tmp_path / f"{at}")) / "out.ndjson"

        def run(to: Path = output, at: int = at) -> None:
            stopping(at, monkeypatch)
            run_to_file(Task(), [str(source)], to, settings)

        ends.append(ended(forked(run)))
        if ends[-1] == 0:
            break
        again = replace(plain, force=force and not _begun(output))
        counts = run_to_file(Task(), [str(source)], output, again)
        require_whole(output, counts, answers)
    assert ends[-1] == 0 and set(ends[:-1]) == {-signal.SIGKILL} and len(ends) > 20


def _begun(output: Path) -> bool:
    """Whether the run is known, so that it goes on without being forced."""
    return (output.with_name("out.ndjson.work") / "manifest.json").exists()


def test_a_part_that_was_cut_on_the_disk_is_done_anew(tmp_path: Path, source: Path) -> None:
    output = tmp_path / "out.ndjson"

    def stop(_bytes: int, counts: Counts) -> None:
        if counts.read == 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_to_file(Task(), [str(source)], output, SETTINGS, stop)
    part = tmp_path / "out.ndjson.work" / "00000001.0"
    part.write_bytes(part.read_bytes()[:-10])
    require_whole(output, run_to_file(Task(), [str(source)], output, SETTINGS), expected())


def endless(self: Answerer, _encounter: Encounter) -> tuple[bytes, str]:
    """A search that takes for ever and no memory, and that only the system can end; the folder
    of the question says whose it is.
    """
    import clingo

    assert self.task.tables is not None
    (self.task.tables / str(os.getpid())).touch()
    control = clingo.Control()
    holes = "1 {at(P,H): H = 1..15} 1 :- P = 1..16. :- at(P,H), at(Q,H), P < Q."
    control.add("base", [], holes)
    control.ground([("base", [])])
    control.solve()
    raise AssertionError("it ends")


@pytest.mark.skipif(not CHILDREN, reason="workers are found in /proc")
def test_a_worker_that_never_ends_does_not_outlive_its_run(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answerer, "_answer", endless)
    monkeypatch.setattr(serving, "ALONE", 0.5)
    notes = tmp_path / "notes"
    notes.mkdir()
    settings, task = Settings(limits=Limits(3.0, 1024)), Task(tables=notes)
    run = forked(lambda: run_to_file(task, [str(source)], tmp_path / "out.ndjson", settings))
    until = time.monotonic() + 60
    while not (begun := [int(path.name) for path in notes.iterdir()]):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(run, signal.SIGKILL)
    ended(run)
    assert gone(begun, 30)


def test_a_worker_lets_go_of_the_connections_of_its_parent() -> None:
    """Whoever is at the other end sees the parent's end at once, though the worker lives."""
    here, there = socket.socketpair()
    document = Document("one.json", 0, text_of(DOCS[0]))
    with here, Pool(Task(), 1, SETTINGS.limits, SETTINGS.recycle) as pool:
        (results,) = pool.results([[document]])
        there.close()
        here.settimeout(10)
        assert here.recv(1) == b"" and results[0].answer
        assert pool._workers[0].process.is_alive()


def test_two_runs_do_not_write_to_one_output(tmp_path: Path, source: Path) -> None:
    output = tmp_path / "out.ndjson"
    said: list[int] = []

    def second(_bytes: int, _counts: Counts) -> None:
        for force in (False, True):
            process = forked(lambda force=force: _refused(source, output, force))  # type: ignore[misc]
            said.append(ended(process))

    counts = run_to_file(Task(), [str(source)], output, SETTINGS, second)
    assert set(said) == {0}
    require_whole(output, counts, expected())


def _refused(source: Path, output: Path, force: bool) -> None:
    with pytest.raises(UsageError, match="another run writes to"):
        run_to_file(Task(), [str(source)], output, Settings(batch=4, part=8, force=force))
