"""What the table store costs at full size: import, size on disk, slices for a claim's codes.

Run: `python -m benchmarks.tables [--pairs 2500000]`. Makes invented pairs in the layout of CMS,
in four part files, imports them, and slices for 8 codes. Compare figures of one run only.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date as Date
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infucode.tables import Store
from infucode.tables.identify import PARTS, Wishes
from infucode.tables.importing import import_files

RUNS = 500
CODES = 12_700
"""Distinct codes of a table, as in those of CMS."""
CLAIM_CODES = 8
DAY = Date(2024, 8, 5)
HEAD = (
    "CPT only copyright\t\t\t\t\t\t\r\nColumn1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
REASONS = ("Standards of practice", "Mutually exclusive", "Misuse of the second", "Definition")
DATES = (("20090101", "*"), ("20130401", "20201231"), ("20200101", "*"), ("20240701", "*"))


def pairs(count: int, rng: random.Random) -> Iterator[str]:
    """Lines of invented pairs, in the order of their codes."""
    codes = sorted(rng.sample(range(100_000), CODES))
    each, more = divmod(count, CODES)
    for number, one in enumerate(codes):
        for two in sorted(rng.sample(codes, each + (number < more))):
            start, end = rng.choice(DATES)
            yield (
                f"{one:05}\t{two:05}\t\t{start}\t{end}\t{rng.choice('0111')}\t"
                f"{rng.choice(REASONS)}\r\n"
            )


def write_parts(folder: Path, count: int) -> list[Path]:
    """The part files of one edition."""
    rng = random.Random(2024)
    lines = pairs(count, rng)
    paths = []
    for part in range(1, PARTS + 1):
        path = folder / f"ccioph-v302r0-f{part}.txt"
        size = count // PARTS + (part <= count % PARTS)
        with path.open("w", newline="", encoding="cp1252") as file:
            file.write(HEAD)
            file.writelines(line for _, line in zip(range(size), lines, strict=False))
        paths.append(path)
    return paths


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def slices(store: Store, groups: list[list[str]]) -> list[float]:
    """Milliseconds of each slice."""
    return [timed(partial(store.slice, codes, DAY, "facility")) * 1000 for codes in groups]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=2_500_000)
    count = parser.parse_args().pairs
    table = Table("what", "figure", title=f"{count:,} pairs")
    with tempfile.TemporaryDirectory() as folder:
        paths = write_parts(Path(folder), count)
        size = sum(path.stat().st_size for path in paths)
        store = Store(Path(folder) / "store")
        wishes = Wishes(extract=count < 1_000_000)
        files = [str(path) for path in paths]
        seconds = timed(lambda: import_files(files, store, wishes))
        table.add_row("import", f"{seconds:.1f} s")
        again = timed(lambda: import_files(files, Store(store.folder), wishes))
        table.add_row("import again, the same files", f"{again:.1f} s")
        stored = sum(path.stat().st_size for path in (Path(folder) / "store").iterdir())
        table.add_row("text files", f"{size / 1e6:.0f} MB")
        table.add_row("store", f"{stored / 1e6:.0f} MB")
        codes = [line[:5] for line in paths[0].read_text(encoding="cp1252").splitlines()[6:]]
        rng = random.Random(8)
        groups = [rng.sample(codes, CLAIM_CODES) for _ in range(RUNS)]
        first = slices(Store(store.folder), groups[:1])[0]
        table.add_row("first slice of a process, store opened", f"{first:.2f} ms")
        store = Store(store.folder)
        slices(store, groups)
        warm = slices(store, groups)
        middle = f"{statistics.median(warm):.3f} ms"
        table.add_row(f"slice of {CLAIM_CODES} codes, warm, median", middle)
        table.add_row("the same, 99th of 100", f"{sorted(warm)[len(warm) * 99 // 100]:.3f} ms")
        checked = timed(lambda: store.verify("ptp-facility-2024Q3"))
        table.add_row("read and verified from end to end", f"{checked:.1f} s")
        store.close()
    Console().print(table)


if __name__ == "__main__":
    main()
