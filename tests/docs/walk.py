"""The pages of docs/ as walks: their files are written, their commands run, their output held.

A fenced block takes part by its language and the words behind it:

- any language with `file=NAME`: the block is written to that file;
- `diff file=NAME`: lines with `-` are replaced in that file by those with `+`;
- `sh`: each line is a command, all of them in one folder; `exit=N` is the exit code wanted;
- `text` directly after `sh`: what the commands print, where a line `...` stands for any lines;
  `from="..."` shows what begins at the line with those words, `before="..."` what lies before
  the next line with those (several are divided by `|`), `most=N` so many lines, and what is
  left out is written as `...`; with one of these it may stand further down too, and shows more
  of the same output;
- `console`: commands behind `$ `, each with what it prints.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LEFT_OUT = "..."
CUTS = {"from", "before", "most"}
"""The options of a `text` block that shows a part of an output."""
MOST_SHOWN = 120
"""Lines of an output in an error."""
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)


class WalkError(Exception):
    """A page that does not run as it stands; says the page's line and shows the output."""

    def __init__(self, block: Block, message: str, printed: str = "") -> None:
        shown = printed.split("\n")
        if len(shown) > MOST_SHOWN:
            shown = [*shown[:MOST_SHOWN], f"({len(shown) - MOST_SHOWN} lines more)"]
        super().__init__("\n".join([f"line {block.line}: {message}", *shown]))


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block, its options, its first line, and where its text lies in the page."""

    language: str
    options: dict[str, str]
    text: str
    line: int
    span: tuple[int, int]


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(
            match[1],
            dict(word.split("=", 1) for word in shlex.split(match[2]) if "=" in word),
            match[3],
            page[: match.start()].count("\n") + 1,
            match.span(3),
        )
        for match in _FENCE.finditer(page)
    ]


def matches(expected: str, given: str) -> bool:
    """Whether `given` is `expected`, where a line `...` and `...` within a line stand for any."""
    pattern = []
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() == LEFT_OUT:
            pattern.append(r"(?:.*\n)*?")
        else:
            pattern.append(".*".join(map(re.escape, line.rstrip().split(LEFT_OUT))) + r"[ ]*\n")
    return re.fullmatch("".join(pattern), given.rstrip("\n") + "\n") is not None


def make_folder(folder: Path) -> None:
    """Lay out what the pages rely on: the command itself, and the policies beside it."""
    (folder / "bin").mkdir(parents=True)
    for name, call in (("infucode", "-m infucode "), ("python3", "")):
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}"$@"\n', encoding="utf-8")
        script.chmod(0o755)
    shutil.copytree(ROOT / "policies", folder / "policies")
    shutil.copytree(ROOT / "examples", folder / "examples")


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code of a command and what it prints, errors after the rest."""
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("INFUCODE_")},
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONUTF8": "1",
        },
    )
    text = done.stdout + done.stderr
    return done.returncode, "\n".join(line.rstrip() for line in text.split("\n"))


def walk(page: str, folder: Path, say: Callable[[Block, str], None]) -> int:
    """Run a page; `say` gets each `text` block that shows output, with the output it is to show.

    Returns how many commands ran. Raises WalkError where a command ends otherwise than wanted.
    """
    printed: str | None = None
    follows = False
    ran = 0
    for block in blocks(page):
        direct, follows = follows, False
        if block.language == "text":
            if printed is not None and (direct or CUTS & set(block.options)):
                say(block, printed)
        elif block.language == "diff":
            _patch(block, folder)
        elif "file" in block.options:
            path = folder / block.options["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            code, printed = run(f"set -e\n{block.text}", folder)
            wanted = int(block.options.get("exit", "0"))
            if code != wanted:
                raise WalkError(block, f"exit code {code}, not {wanted}", printed)
            ran += 1
            follows = True
        elif block.language == "console":
            printed = None
            ran += _console(block, folder)
    return ran


def _console(block: Block, folder: Path) -> int:
    parts = [part for part in re.split(r"^\$ ", block.text, flags=re.M) if part.strip()]
    worst = 0
    for part in parts:
        command, _, expected = part.partition("\n")
        code, given = run(command, folder)
        worst = max(worst, code)
        if (expected.strip() and not matches(expected, given)) or (code and not expected.strip()):
            raise WalkError(block, f"$ {command}", given)
    if worst != int(block.options.get("exit", "0")):
        raise WalkError(block, f"exit code {worst}")
    return len(parts)


def _patch(block: Block, folder: Path) -> None:
    path = folder / block.options["file"]
    old, new = (
        "".join(f"{row[1:]}\n" for row in block.text.splitlines() if row[:1] in (sign, " "))
        for sign in "-+"
    )
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise WalkError(block, f"the old lines stand {text.count(old)} times")
    path.write_text(text.replace(old, new), encoding="utf-8")


def wanted_text(block: Block, printed: str) -> str:
    """What a `text` block is to show of an output. Raises WalkError if its words are not there.

    A block without these options shows all; one that leaves lines out by hand, and
    still fits, stays as it is.
    """
    if not CUTS & set(block.options):
        fits = LEFT_OUT in block.text and matches(block.text, printed)
        return block.text if fits else _ended(printed.strip("\n"))
    lines = printed.rstrip("\n").split("\n")
    first = _find(lines, block.options["from"], block) if "from" in block.options else 0
    ends = block.options["before"].split("|") if "before" in block.options else []
    after = range(first + 1, len(lines))
    last = next((n for n in after if any(words in lines[n] for words in ends)), len(lines))
    last = min(last, first + int(block.options.get("most", len(lines))))
    shown = list(_around(lines, first, last))
    return _ended("\n".join(shown))


def _around(lines: list[str], first: int, last: int) -> Iterator[str]:
    if first:
        yield LEFT_OUT
    while last > first and not lines[last - 1].strip():
        last -= 1
    yield from lines[first:last]
    if any(line.strip() for line in lines[last:]):
        yield LEFT_OUT


def _find(lines: list[str], words: str, block: Block) -> int:
    for number, line in enumerate(lines):
        if words in line:
            return number
    raise WalkError(block, f"nothing shows `{words}`", "\n".join(lines))


def _ended(text: str) -> str:
    return text.rstrip("\n") + "\n"


def walked_pages() -> list[Path]:
    """The pages with blocks that run, and README's part of them."""
    found = [
        path
        for path in sorted(DOCS.rglob("*.md"))
        if path.relative_to(DOCS).parts[0] not in ("decisions", "reference")
        and any(block.language in ("sh", "console") for block in blocks(path.read_text("utf-8")))
    ]
    return [*found, ROOT / "README.md"]


def parts_of(page: Path) -> tuple[str, str, str]:
    """What stands before the part of a page that is walked, that part, and what follows it.

    Of README that is what follows the set-up and comes before the measuring, which take longer.
    """
    text = page.read_text(encoding="utf-8")
    if page.name != "README.md":
        return "", text, ""
    first, last = text.index("## Your own visit"), text.index("## Why trust it")
    return text[:first], text[first:last], text[last:]
