"""Long runs of `agreement`: parts in processes, kept as they are done, and one report."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.properties import agreement
from tests.properties.agreement import BATCH, Comparison, Tally
from tests.properties.shrinking import smallest
from tests.properties.sides import Difference, Doc, Side

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a run: one plan, and a range of seeds or of places in a fixed world."""

    plan: str
    world: str
    begin: int
    end: int
    every: int
    plain: bool
    policies: Path | None

    @property
    def name(self) -> str:
        """The name of the file that keeps its result."""
        kind = "plain" if self.plain else "switched"
        return f"{self.plan}-{self.world}-{kind}-{self.every}-{self.begin}-{self.end}"


@cache
def _comparison(plan: str, policies: Path | None) -> Comparison:
    return Comparison(plan, policies)


@cache
def digest(policies: Path | None) -> str:
    """What both sides were made from; a kept result of other sides does not count."""
    found = hashlib.sha256()
    folders = (policies or ROOT / "policies", ROOT / "tests" / "oracle")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".lp", ".toml", ".py"} and "drug" not in path.name:
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def work(part: Part) -> Tally:
    """Compare one part."""
    sides = _comparison(part.plan, part.policies)
    sides.tally = Tally()
    docs = agreement.documents(part.world, part.begin, part.end, part.every)
    source = random.Random(part.name)
    for begin in range(0, len(docs), BATCH):
        chosen = {} if part.plain else sides.drawn_switches(source)
        sides.compare(docs[begin : begin + BATCH], chosen)
    return sides.tally


def _kept(work_: tuple[Part, Path, str]) -> Tally:
    """The result of a part, from its file where there is one."""
    part, folder, made_from = work_
    path = folder / f"{part.name}.json"
    if path.exists():
        data = json.loads(path.read_text())
        if data["digest"] == made_from:
            return _tally(data)
    found = work(part)
    data = {
        "digest": made_from,
        "compared": found.compared,
        "incomplete": found.incomplete,
        "skipped": dict(found.skipped),
        "differences": [as_data(d) for d in found.differences],
    }
    path.write_text(json.dumps(data))
    return found


def as_data(found: Difference) -> Doc:
    """A difference for a report in JSON."""
    return {
        "plan": found.plan,
        "switches": found.switches,
        "doc": found.doc,
        "oracle": found.oracle.as_data(),
        "engine": found.engine.as_data(),
    }


def _tally(data: Doc) -> Tally:
    differences = [
        Difference(
            d["plan"],
            d["switches"],
            d["doc"],
            Side.from_data(d["oracle"]),
            Side.from_data(d["engine"]),
        )
        for d in data["differences"]
    ]
    return Tally(data["compared"], data["incomplete"], Counter(data["skipped"]), differences)


def run(parts: Sequence[Part], out: Path, processes: int, show: int) -> int:
    """Compare all parts, show how far it is, and write the report."""
    folder = out / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    made_from = digest(parts[0].policies if parts else None)
    total, start = Tally(), time.monotonic()
    jobs = [(part, folder, made_from) for part in parts]
    for number, found in enumerate(_results(jobs, processes), start=1):
        total.add(found)
        passed = time.monotonic() - start
        print(
            f"\r{number}/{len(parts)} parts, {total.compared} compared, "
            f"{len(total.differences)} differ, {passed:.0f} s ",
            end="",
            file=sys.stderr,
            flush=True,
        )
    print(file=sys.stderr)
    print(total)
    _report(parts, total, out, show)
    return 1 if total.differences else 0


def _results(jobs: Sequence[tuple[Part, Path, str]], processes: int) -> Iterator[Tally]:
    if processes < 2:
        yield from map(_kept, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, maxtasksperchild=20) as pool:
        yield from pool.imap(_kept, jobs)


def _report(parts: Sequence[Part], total: Tally, out: Path, show: int) -> None:
    """Group the differences by what differs, shrink one of each, and write them down."""
    raw: dict[frozenset[str], list[Difference]] = {}
    for found in total.differences:
        raw.setdefault(found.features(), []).append(found)
    ordered = sorted(raw.values(), key=lambda members: (-len(members), _weight(members[0])))
    policies = parts[0].policies if parts else None
    least: dict[frozenset[str], tuple[int, Difference]] = {}
    for members in ordered[:show]:
        one = min(members, key=_weight)
        small = smallest(_comparison(one.plan, policies), one)
        count, known = least.get(small.features(), (0, small))
        least[small.features()] = (count + len(members), min(known, small, key=_weight))
    rows = [f"# {total}", ""]
    kinds = sorted(least.items(), key=lambda pair: -pair[1][0])
    for number, (features, (count, small)) in enumerate(kinds, start=1):
        name = f"kind-{number:02d}"
        rows += [f"## {name}: {count} x {'; '.join(sorted(features))}", "", "```", str(small)]
        rows += ["```", ""]
        (out / f"{name}.json").write_text(json.dumps(as_data(small), indent=1))
    if len(ordered) > show:
        rest = sum(len(members) for members in ordered[show:])
        rows.append(f"{len(ordered) - show} rarer kinds with {rest} documents are not shown.")
    (out / "report.md").write_text("\n".join(rows) + "\n")
    print(f"{len(ordered)} kinds, {len(least)} after shrinking: {out / 'report.md'}")


def _weight(found: Difference) -> tuple[int, int, int]:
    services = len(found.doc.get("services") or ())
    return (len(found.doc["administrations"]), services, len(found.switches))
