"""Runs mutants over benches in some processes; what is known of a mutant is kept in a file."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from infucode.errors import UsageError
from infucode.policy import Policy
from infucode.workbench.bench import Bench
from infucode.workbench.mutants import Mutant
from infucode.workbench.refusals import refusal

KILLED, SURVIVED, REFUSED, SLOW = "killed", "survived", "refused", "slow"
CASES = "the cases"
"""The stage whose survivors have reasons."""
SECONDS = 900.0
"""A mutant that takes longer is ended, which counts as noticed."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a mutant fared. ``stage`` and ``by`` say what noticed it."""

    key: str
    digest: str
    status: str
    stage: str = ""
    by: str = ""
    why: str = ""
    changes: bool = False
    """Whether an outcome of some case changes, expected or not."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A bench by name; stages are asked in turn until one notices the mutant."""

    name: str
    bench: Bench


class Trial:
    """The stages that a mutant has to pass unnoticed to survive.

    ``killers`` says by mutant key what noticed it in an earlier run: that is asked first.
    """

    def __init__(
        self,
        policies: Mapping[str, Policy],
        stages: Sequence[Stage],
        killers: Mapping[str, str] | None = None,
    ) -> None:
        self.policies, self.stages = dict(policies), tuple(stages)
        self.killers = dict(killers or {})

    def run(self, mutant: Mutant) -> Result:
        """Try one mutant."""
        message = refusal(mutant, self.policies)
        if message is not None:
            return Result(mutant.key, mutant.digest, REFUSED, why=message)
        changes = False
        for number, stage in enumerate(self.stages):
            verdict = stage.bench.try_out(mutant, self.killers.get(mutant.key, ""))
            changes = changes or (number == 0 and verdict.changes)
            if verdict.killer is not None:
                return Result(
                    mutant.key,
                    mutant.digest,
                    KILLED,
                    stage.name,
                    verdict.killer,
                    verdict.why,
                    changes,
                )
        return Result(mutant.key, mutant.digest, SURVIVED, changes=changes)


class Store:
    """Results in a file of one JSON object a line, so that a stopped run can go on.

    Raises UsageError where nothing can be kept there, before anything has run.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.known: dict[str, Result] = {}
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a").close()
            self.known = {result.digest: result for result in _kept(path)}
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"`{path.parent}` cannot keep results: {reason}") from None

    def add(self, result: Result) -> None:
        """Keep a result."""
        self.known[result.digest] = result
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result)) + "\n")


def _kept(path: Path) -> Iterator[Result]:
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            yield Result(**json.loads(line))
        except (ValueError, TypeError):
            continue  # a line that was cut short when the run was stopped


def known_killers(folder: Path) -> dict[str, str]:
    """What noticed each mutant last, by its key, in any run whose results lie in a folder.

    The rules or the cases may be others by now, so it is only what is best asked first.
    """
    files = sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    return {r.key: r.by for file in files for r in _kept(file) if r.status == KILLED}


def folder_digest(folder: Path, *more: str) -> str:
    """A digest of every rule, table and case of a policy folder."""
    found = hashlib.blake2b(digest_size=8)
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".lp", ".toml", ".yaml")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    found.update("\0".join(more).encode())
    return found.hexdigest()


def run_mutants(
    mutants: Sequence[Mutant],
    trial: Trial,
    store: Store,
    *,
    jobs: int,
    done: Callable[[Result], object] = lambda _: None,
) -> list[Result]:
    """The result of each mutant, in order; what the store knows is not run again."""
    waiting = [m for m in mutants if m.digest not in store.known]
    for mutant in mutants:
        if mutant.digest in store.known:
            done(store.known[mutant.digest])
    for result in _in_processes(waiting, trial, jobs) if jobs > 1 else map(trial.run, waiting):
        store.add(result)
        done(result)
    return [store.known[mutant.digest] for mutant in mutants]


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    line: Connection
    mutant: Mutant | None = None
    since: float = 0.0


def _in_processes(mutants: Sequence[Mutant], trial: Trial, jobs: int) -> Iterator[Result]:
    """Forked workers, each given one mutant at a time; one that hangs is ended and replaced."""
    queue = list(reversed(mutants))
    workers = [_start(trial) for _ in range(min(jobs, len(queue)))]
    try:
        for worker in workers:
            _give(worker, queue)
        while any(worker.mutant for worker in workers):
            ready = wait([w.line for w in workers if w.mutant], timeout=1.0)
            for number, worker in enumerate(workers):
                if worker.mutant is None:
                    continue
                if worker.line in ready:
                    yield _take(worker)
                elif time.monotonic() - worker.since > SECONDS:
                    yield Result(worker.mutant.key, worker.mutant.digest, SLOW)
                    _end(worker)
                    worker = workers[number] = _start(trial)
                else:
                    continue
                _give(worker, queue)
    finally:
        for worker in workers:
            _end(worker)


def _take(worker: _Worker) -> Result:
    try:
        result = worker.line.recv()
    except EOFError:
        assert worker.mutant is not None
        raise RuntimeError(f"a worker ended over {worker.mutant.key}") from None
    assert isinstance(result, Result)
    return result


def _start(trial: Trial) -> _Worker:
    context = get_context("fork")
    mine, other = context.Pipe()
    process = context.Process(target=_work, args=(other, trial), daemon=True)
    process.start()
    other.close()
    return _Worker(process, mine)


def _work(line: Connection, trial: Trial) -> None:
    while True:
        try:
            mutant = line.recv()
        except EOFError:
            return
        line.send(trial.run(mutant))


def _give(worker: _Worker, queue: list[Mutant]) -> None:
    worker.mutant = queue.pop() if queue else None
    worker.since = time.monotonic()
    if worker.mutant is not None:
        worker.line.send(worker.mutant)


def _end(worker: _Worker) -> None:
    worker.line.close()
    worker.process.terminate()
    worker.process.join()
