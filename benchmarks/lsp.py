"""What an editor waits for: from a keystroke to the findings, and for each thing it asks.

Run: `python -m benchmarks.lsp`. Shipped rule files are changed in turn: a word of the papers,
a line more. Medians and worst, in milliseconds, wall and processor time; compare figures of
one run only. On the wire, the time from sending the changed text to the findings of that
version, the pause that waits for the next keystroke included.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from infucode.workbench.lint.running import lint
from infucode.workbench.remembered import Remembered
from infucode.workbench.server import completion, hover, search
from infucode.workbench.server.cases import CaseIndex
from infucode.workbench.server.cursor import spots
from infucode.workbench.server.folder import VOCABULARY, Folder
from infucode.workbench.server.opened import PAUSE
from infucode.workbench.server.quick import quick_findings
from infucode.workbench.server.tokens import Spot
from tests.unit.server.client import Editor

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


class Times:
    """Wall and processor seconds of each kind of work."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[float, float]]] = {}

    def of(self, what: str, work: Callable[[], T]) -> T:
        """Do something once and note what it took."""
        wall, own = time.perf_counter(), time.process_time()
        result = work()
        took = time.perf_counter() - wall, time.process_time() - own
        self.found.setdefault(what, []).append(took)
        return result

    def print(self, title: str) -> None:
        """A table in milliseconds."""
        table = Table("", "runs", "median", "worst", "processor", "worst", title=title)
        for what, took in self.found.items():
            walls, owns = zip(*took, strict=True)
            cells = (statistics.median(walls), max(walls), statistics.median(owns), max(owns))
            table.add_row(what, str(len(took)), *(f"{1000 * cell:.0f}" for cell in cells))
        Console().print(table)


def changed(text: str, times: int) -> str:
    """A file in which somebody wrote a little."""
    return text.replace("%@ text: ", f"%@ text: {'Now ' * (times + 1)}", 1) + "\n% A note.\n"


def measure(folder: Folder, chosen: random.Random, files: int, times: Times) -> None:
    """Change some files, and ask at some of their places."""
    cases = times.of("the cases by rule, first time", lambda: CaseIndex(folder).counts())
    index = CaseIndex(folder)
    assert cases == index.counts()
    names = sorted(name for name in folder.files if name != VOCABULARY)
    for number, name in enumerate(chosen.sample(names, min(files, len(names)))):
        text = folder.mirror.text(name)
        folder.mirror.show(name, changed(text, number % 3))
        started, own = time.perf_counter(), time.process_time()
        times.of("  parsing the changed file", partial(folder.take, name))
        times.of("  checking it", partial(quick_findings, folder, name))
        took = time.perf_counter() - started, time.process_time() - own
        times.found.setdefault("a change, told", []).append(took)
        lines = folder.mirror.text(name).split("\n")
        times.of("lenses", lambda: index.counts())
        times.of("symbols", partial(search.document_symbols, folder, name))
        for line in chosen.sample(range(len(lines)), min(2, len(lines))):
            for spot in list(spots(name, lines, line))[:1]:
                ask(folder, index, name, line, spot, times)


def ask(
    folder: Folder, index: CaseIndex, name: str, line: int, spot: Spot, times: Times
) -> None:
    """What an editor asks at one place."""
    times.of("hover", lambda: hover.hover(folder, index, name, spot))
    times.of("definition", lambda: search.definitions(folder, spot))
    times.of("references", lambda: search.references(folder, spot))
    times.of("completion", lambda: completion.offers(folder, name, line, spot.end))


def on_the_wire(root: Path, runs: int, times: Times) -> None:
    """Type into files through the protocol."""
    with Editor(root) as editor:
        name = "cpt/hydration.lp"
        text = editor.open(name)
        times.of("from opening to the first findings", lambda: editor.published(name))
        for number in range(runs):
            def change(number: int = number) -> None:
                editor.change(name, changed(text, number % 5))
                editor.published(name)

            times.of(f"a change, told (a pause of {1000 * PAUSE:.0f} ms in it)", change)
            at = editor.at_text(name, text, "wet_visit(Visit) :-", 2)
            times.of("hover", partial(editor.ask, "textDocument/hover", at))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=Path, default=ROOT / "policies")
    parser.add_argument("--files", type=int, default=1000, help="rule files to change")
    parser.add_argument("--runs", type=int, default=40, help="changes on the wire")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        root = Path(parent) / "policies"
        shutil.copytree(given.policies, root)
        times = Times()
        folder = times.of("reading the folder, once", lambda: Folder(root))
        measure(folder, random.Random(1), given.files, times)
        times.print("In the server")
        folder.mirror.close()
        whole = Times()
        known = Remembered()
        whole.of("lint of all, first time", lambda: lint(root, load=known.load))
        path = root / "cpt" / "hydration.lp"
        path.write_text(changed(path.read_text(encoding="utf-8"), 1), encoding="utf-8")
        whole.of("lint of all after a change", lambda: lint(root, load=known.load))
        whole.print("In the process beside it")
        wire = Times()
        on_the_wire(root, given.runs, wire)
        wire.print("On the wire")


if __name__ == "__main__":
    main()
