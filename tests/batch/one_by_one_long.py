"""The long comparison, outside the suite: a batch gives what one by one gives, byte for byte.

    python -m tests.batch.one_by_one_long --count 50000
    python -m tests.batch.one_by_one_long --count 2000 --seed 7 --check

Generated encounters, both plans, dates and switches mixed in one file. Each piece of them is
answered one by one, and as batches: of several sizes, with one worker and two, in the order of
the file and in others, with the cache and without. Exit code 1 where one answer differs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.population import population
from infucode.batch.run import Settings, rejects_of, run_to_file
from infucode.batch.tasks import Question, Task
from infucode.documents import encounter_from_data
from tests.batch.drawn import Doc, checked_alone, claims, mixed, shipped, solved_alone, text_of

PIECE = 1_000
"""Documents that are compared at once."""
WAYS = (
    Settings(workers=1, batch=250, force=True),
    Settings(workers=2, batch=37, part=111, force=True),
    Settings(workers=2, batch=1000, force=True),
    Settings(workers=1, batch=1, part=200, force=True),
    Settings(workers=2, batch=250, force=True, cache=True),
)
"""Ways to answer a piece; all but the first get its documents in another order."""


def drawn(count: int, seed: int) -> Iterator[Doc]:
    """Three of the population to one of every kind, under both plans; the shipped cases first."""
    yield from islice(shipped(), count)
    own, number = population(count, seed), 0
    while True:
        for doc in islice(own, 75):
            number += 1
            yield {**doc, "policy": ("cpcp026", "medicare")[number % 2]}
        kinds = mixed(25 * (1 + seed % 40))[-25:]
        yield from ({**doc, "id": f"{doc['id']}-{number}"} for doc in kinds)
        seed += 1


def answered(docs: Sequence[Doc], question: Question, way: Settings, folder: Path) -> list[bytes]:
    """The answers of a batch to documents that it answers, in their order."""
    source, output = folder / "in.ndjson", folder / "answers.ndjson"
    source.write_bytes(b"".join(text_of(doc) + b"\n" for doc in docs))
    counts = run_to_file(Task(question), [str(source)], output, way)
    refused = rejects_of(output).read_bytes().count(b"\n")
    if counts.read != len(docs) or counts.rejected.total() != refused:
        raise RuntimeError(f"read {counts.read} of {len(docs)}, {refused} rejects")
    return output.read_bytes().splitlines(keepends=True)


def differing(docs: Sequence[Doc], question: Question, folder: Path) -> Iterator[str]:
    """Each way under which an answer is not that of one by one, and the first such document."""
    alone = solved_alone if question is Question.solve else checked_alone
    expected = [alone(encounter_from_data(doc)) for doc in docs]
    for number, way in enumerate(WAYS):
        order = list(range(len(docs)))
        if number:
            random.Random(number).shuffle(order)
        found = answered([docs[n] for n in order], question, way, folder)
        wanted = [(n, expected[n]) for n in order if expected[n]]
        told = f"{question}, batches of {way.batch}, {way.workers} workers, cache {way.cache}"
        if len(found) != len(wanted):
            yield f"{told}: {len(found)} answers instead of {len(wanted)}"
        for own, (n, line) in zip(found, wanted, strict=False):
            if own != line:
                yield f"{told}: {json.dumps(docs[n], default=str)}"
                break


def main() -> int:
    """Compare, and say what was compared."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.batch.one_by_one_long", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="check claims too")
    options = parser.parse_args()
    source = drawn(options.count, options.seed)
    done, differ, begun = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="infucode-long-") as folder:
        while done < options.count:
            docs = list(islice(source, min(PIECE, options.count - done)))
            asked = [(Question.solve, docs)]
            if options.check:
                asked.append((Question.check, _with_claims(docs)))
            for question, own in asked:
                for words in differing(own, question, Path(folder)):
                    differ += 1
                    print(f"differs: {words}", flush=True)
            done += len(docs)
            print(f"{done:,} compared, {time.monotonic() - begun:,.0f} s", flush=True)
    ways = f"{len(WAYS)} ways each{', solve and check' if options.check else ''}"
    print(f"{done:,} encounters, {ways}: {differ or 'nothing'} differs")
    return 1 if differ else 0


def _with_claims(docs: Sequence[Doc]) -> list[Doc]:
    """Each with a claim: that of its own, or one made of what it earns."""
    made = iter(claims([doc for doc in docs if "claim_lines" not in doc]))
    return [doc if "claim_lines" in doc else next(made) for doc in docs]


if __name__ == "__main__":
    sys.exit(main())
