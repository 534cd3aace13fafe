"""Which output of a batch is meant, and whether it is whole: answers as NDJSON, or its tables."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infucode.batch.inputs import STANDARD
from infucode.batch.parts import MANIFEST
from infucode.batch.rejects import SCHEMA as REJECT
from infucode.batch.run import rejects_of
from infucode.batch.tables_out import COLUMNS, rows_of
from infucode.batch.tasks import Question
from infucode.errors import UsageError
from infucode.render.check_json import SCHEMA as CHECKED
from infucode.render.json_view import SCHEMA as SOLVED
from infucode.rulebook.nearest import nearest

QUESTIONS = {SOLVED: Question.solve, CHECKED: Question.check}
ANSWERS = "answers"
KINDS = ("csv", "parquet")
LONGEST = 1 << 25
"""Bytes of one answer at most."""
WORK, RECEIPT = ".work", ".manifest.json"


@dataclass(frozen=True, slots=True)
class Output:
    """The output of one run."""

    path: Path
    kind: str
    """``ndjson``, or what its tables are: ``csv`` or ``parquet``."""
    question: Question | None = None
    """None where its first answer does not tell: there is none, or it stands in tables."""
    rejects: Path | None = None
    receipt: Mapping[str, Any] | None = None
    """What the run wrote of itself when it was finished, where that is kept."""
    notes: tuple[str, ...] = ()

    def table(self, name: str) -> Path | None:
        """The file of one of its tables, if it has that."""
        path = self.path / f"{name}.{self.kind}"
        return path if path.is_file() else None


def output_of(given: str) -> Output:
    """The output that is meant. Raises UsageError for what is none, or is not finished."""
    if given == STANDARD:
        raise UsageError("a summary reads its answers more than once; name a file, not `-`")
    path = Path(given)
    if path.is_dir():
        return _folder(path)
    if not path.exists():
        raise UsageError(_missing(path))
    if path.name.endswith(RECEIPT):
        meant = path.with_name(path.name.removesuffix(RECEIPT))
        raise UsageError(f"`{given}` says what a run was; name its answers: `{meant}`")
    if path.suffix.lower().removeprefix(".") in KINDS:
        return _one_of_tables(path)
    return _answers(path)


def _folder(path: Path) -> Output:
    if path.name.endswith(WORK) and (path / MANIFEST).exists():
        raise UsageError(_unfinished(path.with_name(path.name.removesuffix(WORK)), path))
    kinds = [kind for kind in KINDS if (path / f"{ANSWERS}.{kind}").is_file()]
    if len(kinds) > 1:
        named = " or ".join(f"`{path / ANSWERS}.{kind}`" for kind in kinds)
        raise UsageError(f"`{path}` holds tables twice; name one: {named}")
    if not kinds:
        raise UsageError(
            f"`{path}` holds no table of answers, such as `{path / ANSWERS}.csv`; "
            "`infucode batch tables` writes them, and a file of answers does as well"
        )
    return Output(path, kinds[0])


def _one_of_tables(path: Path) -> Output:
    kind = path.suffix.lower().removeprefix(".")
    if path.stem not in COLUMNS or not (path.parent / f"{ANSWERS}.{kind}").is_file():
        raise UsageError(
            f"`{path}` is none of the tables that `infucode batch tables` writes beside "
            f"`{ANSWERS}.{kind}`"
        )
    return Output(path.parent, kind)


def _missing(path: Path) -> str:
    work = path.with_name(path.name + WORK)
    if (work / MANIFEST).exists():
        return _unfinished(path, work)
    try:
        beside = tuple(sorted(item.name for item in path.parent.iterdir()))
    except OSError:
        beside = ()
    hint = nearest(path.name, beside)
    return f"there is no `{path}`; {hint}" if hint else f"there is no `{path}`"


def _unfinished(output: Path, work: Path) -> str:
    """What is said of a run that was stopped: how much is done, and how it goes on."""
    parts = sum(1 for _ in work.glob("*.count.json"))
    done = f"{parts} of its parts {'is' if parts == 1 else 'are'} done"
    try:
        command = _command(json.loads((work / MANIFEST).read_bytes()), output)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"the run that writes `{output}` is not finished: {done}; give its command again"
    return f"the run that writes `{output}` is not finished: {done}; it goes on with `{command}`"


def _command(manifest: Mapping[str, Any], output: Path) -> str:
    """The command that a manifest is of."""
    task = manifest["task"]
    words = ["infucode", "batch", task["question"]]
    words += [item["name"] for item in manifest["inputs"]] + ["-o", str(output)]
    words += ["--policy", task["plan"]] if task["plan"] else []
    for name, value in task["switches"].items():
        words += ["--switch", f"{name}={value}"]
    for option, key in (
        ("--as-of", "as_of"),
        ("--policies", "policies"),
        ("--tables", "tables"),
    ):
        words += [option, task[key]] if task[key] else []
    words += ["--strict"] if task["strict"] else []
    words += ["--explain", task["explain"]] if task["explain"] != "none" else []
    return shlex.join(words)


def _answers(path: Path) -> Output:
    rejects = rejects_of(path)
    own = rejects if rejects.is_file() and rejects != path else None
    receipt = _receipt(path.with_name(path.name + RECEIPT))
    notes = []
    if (path.with_name(path.name + WORK) / MANIFEST).exists():
        notes.append(f"a newer run that writes `{path}` is not finished; this is the one before")
    first = _first(path)
    if not first:
        if receipt is None and own is None:
            raise UsageError(
                f"`{path}` is empty, and nothing beside it says that a run gave no answers"
            )
        question = _asked(receipt)
    else:
        question = _question(first, path)
    return Output(path, "ndjson", question, own, receipt, tuple(notes))


def _asked(receipt: Mapping[str, Any] | None) -> Question | None:
    try:
        return Question(receipt["task"]["question"]) if receipt is not None else None
    except (KeyError, ValueError, TypeError):
        return None


def _receipt(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _first(path: Path) -> bytes:
    """The first line that is not blank; empty where there is none."""
    try:
        with path.open("rb") as file:
            for line in iter(lambda: file.readline(LONGEST), b""):
                if line.strip():
                    return line
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{path}` cannot be read: {reason}") from error
    return b""


def _question(line: bytes, path: Path) -> Question:
    try:
        schema = json.loads(line)["schema"]
    except (ValueError, KeyError, TypeError):
        schema = None
    if schema == REJECT:
        answers = path.name.removesuffix(".rejects.ndjson") + ".ndjson"
        raise UsageError(f"`{path}` holds rejects; name the answers beside it, as `{answers}`")
    if schema not in QUESTIONS:
        raise UsageError(
            f"`{path}` is no output of `infucode batch solve` or `check`: its first line is no "
            "answer"
        )
    return QUESTIONS[schema]


def wrong_line(output: Output) -> str:
    """Where a file of answers holds something else; empty where every line is an answer."""
    for number, line in _lines(output.path):
        try:
            answer = json.loads(line)
            if QUESTIONS.get(answer["schema"]) is not output.question:
                return f"`{output.path}:{number}` answers another question than the first line"
            for _, row in rows_of(answer):
                int(str(row.get("units", 0)))
        except (ValueError, KeyError, TypeError, AttributeError):
            if not line.endswith(b"\n"):
                return (
                    f"`{output.path}:{number}` is half an answer: the stream or the copy was cut "
                    "off; run the batch again"
                )
            return f"`{output.path}:{number}` is no answer of `infucode batch {output.question}`"
    return ""


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            if line.strip():
                yield number, line
