"""Why a mutant may survive: reasons by key in a file, and what of them holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from infucode.errors import DocumentError, Problem
from infucode.workbench.mutants import Mutant
from infucode.workbench.mutation import CASES, KILLED, REFUSED, SLOW, SURVIVED, Result

HELP = "a list of `- reason: text` with `mutants: [keys]` beside it"


def read_reasons(path: Path) -> dict[str, str]:
    """The reason of each mutant key. Raises DocumentError for a file that cannot be read, or of
    another shape."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the file cannot be read: {reason}"
        raise DocumentError([Problem(str(path), 0, 0, message)]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DocumentError([_unread(error, path)]) from None
    found: dict[str, str] = {}
    for entry in data if isinstance(data, list) else [data]:
        for key, reason in _entry(entry, path):
            if key in found:
                message = f"`{key}` is explained twice"
                raise DocumentError([Problem(str(path), 0, 0, message, "keep one reason")])
            found[key] = reason
    return found


def _unread(error: Exception, path: Path) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(str(path), 0, 0, "the file is not UTF-8 text, or no YAML", HELP)
    said = str(getattr(error, "problem", None) or "the file is no YAML")
    return Problem(str(path), mark.line + 1, mark.column + 1, said, HELP)


def _entry(entry: object, path: Path) -> Iterator[tuple[str, str]]:
    if isinstance(entry, dict) and set(entry) == {"reason", "mutants"}:
        reason, keys = entry["reason"], entry["mutants"]
        if isinstance(reason, str) and isinstance(keys, list):
            yield from ((str(key), reason) for key in keys)
            return
    raise DocumentError([Problem(str(path), 0, 0, "not a list of reasons", HELP)])


@dataclass(frozen=True, slots=True)
class Account:
    """What a run says of the tests, and of the reasons."""

    results: tuple[Result, ...]
    shown: tuple[str, ...]
    """Keys of survivors that the rules show to change no answer: they need no reason."""
    unexplained: tuple[Result, ...]
    needless: tuple[str, ...]
    """Reasons for mutants that are gone, refused, killed or shown to be equivalent by now."""

    @property
    def run(self) -> int:
        """How many mutants were run: those that the loader takes."""
        return sum(result.status != REFUSED for result in self.results)

    @property
    def survivors(self) -> tuple[Result, ...]:
        left = (result for result in self.results if result.status == SURVIVED)
        return tuple(result for result in left if result.key not in self.shown)

    @property
    def share(self) -> float:
        """Survivors for each mutant that was run and could be noticed."""
        asked = self.run - len(self.shown)
        return len(self.survivors) / asked if asked else 0.0


def account(
    results: Sequence[Result],
    reasons: Mapping[str, str],
    every: Iterable[Mutant],
    shown: Collection[str] = (),
) -> Account:
    """Hold the survivors against the reasons; `every` is the whole set, run or not, and `shown`
    are keys of mutants that no answer can tell from the rules. A reason says why no case notices,
    so it stands where another stage does."""
    same = {r.key for r in results if r.status == SURVIVED and r.key in shown}
    left = {result.key for result in results if result.status == SURVIVED} - same
    live = left | {r.key for r in results if r.status == KILLED and r.stage not in ("", CASES)}
    gone = set(reasons) - {mutant.key for mutant in every}
    gone |= {result.key for result in results if result.key in reasons} - live
    return Account(
        tuple(results),
        tuple(sorted(same)),
        tuple(r for r in results if r.key in left and r.key not in reasons),
        tuple(sorted(gone)),
    )


def report(found: Account, every: Iterable[Mutant]) -> list[str]:
    """The figures, then each survivor without a reason as a diff, then needless reasons."""
    count = Counter(result.status for result in found.results)
    stages = Counter(r.stage for r in found.results if r.status == KILLED)
    killed = ", ".join(f"{number} by {name}" for name, number in stages.items()) or "0"
    silent = sum(result.changes for result in found.survivors)
    lines = [
        f"{len(found.results)} mutants: {count[REFUSED]} refused on load, {found.run} run",
        f"killed: {killed}" + (f", {count[SLOW]} by the time limit" if count[SLOW] else ""),
        f"survive: {len(found.survivors)} ({found.share:.1%} of those run), "
        f"{len(found.survivors) - len(found.unexplained)} of them explained; "
        f"{len(found.shown)} more are shown to change no answer",
        f"of the survivors {silent} change an outcome of some case without failing it",
    ]
    by_key = {mutant.key: mutant for mutant in every}
    if found.unexplained:
        lines += ["", "survivors without a reason:"]
    for result in found.unexplained:
        mutant = by_key[result.key]
        mark = "  (some outcome changes)" if result.changes else ""
        lines += ["", f"{mutant.key}{mark}", f"  {mutant.place}", *_indented(mutant.diff)]
    if found.needless:
        lines += ["", "reasons without a survivor:", *(f"  {key}" for key in found.needless)]
    return lines


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.split("\n")]
