"""One engine in a process of its own: does it agree with `check`, and what does it cost?"""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.peers.findings import Doc, Finding

BATCH, SUBSET = "infucode batch check", "infucode, the subset alone"
PACKAGES = {
    "regopy": ("rego", "Rego"),
    "cedarpy": ("cedar", "Cedar"),
    "zen-engine": ("zen", "Zen"),
}
"""The module and the class here for each package."""
ROUNDS = 2
"""Passes over all claims that are timed, after one that is compared."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What an engine cost; ``differ`` are the numbers of the claims in which it found another
    thing than `check`, with what it found."""

    name: str
    load: float
    """Processor seconds until it could judge its first claim, imports with them."""
    each: float
    """Processor seconds for a claim; 0 where it differs, and so was not timed."""
    megabytes: float
    lines: int
    host: str
    differ: tuple[tuple[int, frozenset[Finding]], ...] = ()


def missing(package: str) -> str:
    """Why a peer cannot run here; empty where it can."""
    try:
        version(package)
    except PackageNotFoundError:
        return f"{package} is not installed, and left out: `pip install -e '.[bench]'`"
    return ""


def ran(
    name: str,
    tables: Mapping[str, Any],
    claims: Sequence[Doc],
    documents: Sequence[Doc],
    expected: Sequence[frozenset[Finding]],
) -> Ran:
    """Load an engine, compare what it finds, and, where that agrees, time it."""
    start = time.process_time()
    if name == BATCH:
        return _batch(start, documents, expected)
    if name == SUBSET:
        from benchmarks.peers.ours import Subset, lines_of_policy

        engine: Any = Subset(tables)
        asked: Sequence[Any] = engine.given(documents)
        lines, host = lines_of_policy(), "nothing"
    else:
        module, kind = PACKAGES[name]
        made = import_module(f"benchmarks.peers.{module}")
        engine, asked = getattr(made, kind)(tables), claims
        lines, host = _lines(made.POLICY.read_text(encoding="utf-8")), made.HOST
    load = time.process_time() - start
    found = [engine.findings(claim) for claim in asked]
    differ = _differing(found, expected)
    each = 0.0 if differ else _timed(lambda: [engine.findings(n) for n in asked]) / len(asked)
    return Ran(_named(name), load, each, _peak(), lines, host, differ)


def _timed(work: Callable[[], object]) -> float:
    """Processor seconds of one pass."""
    gc.collect()
    start = time.process_time()
    for _ in range(ROUNDS):
        work()
    return (time.process_time() - start) / ROUNDS


def _batch(start: float, documents: Sequence[Doc], expected: Sequence[frozenset[Finding]]) -> Ran:
    from benchmarks.peers.ours import Whole, lines_of_check

    engine = Whole({})
    load = time.process_time() - start
    differ = _differing(engine.all(documents), expected)
    each = 0.0 if differ else _timed(lambda: engine.answers(documents)) / len(documents)
    return Ran(BATCH, load, each, _peak(), lines_of_check(), "nothing", differ)


def _differing(
    found: Sequence[frozenset[Finding]], expected: Sequence[frozenset[Finding]]
) -> tuple[tuple[int, frozenset[Finding]], ...]:
    pairs = enumerate(zip(found, expected, strict=True))
    return tuple((number, own) for number, (own, wanted) in pairs if own != wanted)


def _named(name: str) -> str:
    return name if name not in PACKAGES else f"{name} {version(name)}"


def _lines(text: str) -> int:
    """Lines that are neither empty nor a comment."""
    stripped = (line.strip() for line in text.splitlines())
    return sum(1 for line in stripped if line and not line.startswith(("#", "//")))


def _peak() -> float:
    """Megabytes that this process held at most. What the system counts for it by another call
    may be what the process held that began it."""
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii")
        return int(text.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
