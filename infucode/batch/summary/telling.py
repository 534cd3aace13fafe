"""What one run holds, and how two differ, as sections to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infucode.batch.summary.loading import Database, database, glob, load
from infucode.batch.summary.outputs import Output, output_of
from infucode.batch.summary.sections import ALONE, COMPARED, REJECTS, Table
from infucode.batch.tasks import Question
from infucode.errors import UsageError
from infucode.render.batch_sections import Row, Section, Sections

SCHEMA, COMPARISON = "infucode.batch-summary.v1", "infucode.batch-comparison.v1"
EXAMPLES = 3
"""Ids that stand for the rest of a row, the first of the alphabet."""
MOST = 10_000
"""Rows of a table at most, whatever is asked for."""
DIGEST = 12
"""Characters of a digest that are shown."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is loaded, in a schema of its own."""

    output: Output
    schema: str
    question: Question | None
    answered: int
    rejected: int | None
    """None where nothing says how many."""
    reasons: bool
    """Whether its answers say which rule decided."""
    doubled: tuple[str, int] | None
    """An id that stands more than once, and how many such there are."""

    @property
    def counted(self) -> str:
        """``read 3 = answered 2 + rejected 1``, as far as it is known."""
        if self.rejected is None:
            return f"{self.answered:,} answered"
        whole = self.answered + self.rejected
        return f"read {whole:,} = answered {self.answered:,} + rejected {self.rejected:,}"

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "output": str(self.output.path),
            "question": self.question,
            "answered": self.answered,
            "rejected": self.rejected,
        }


def summarize(given: str, top: int | None) -> Sections:
    """What a run holds, at most `top` rows of each table. Raises UsageError."""
    output = output_of(given)
    with database() as base:
        run = _loaded(base, output, "run")
        known = [t for t in ALONE if run.question in (*t.questions, None)]
        tables = known if run.answered else known[:1]
        sections = [_section(base, table, top, run.reasons) for table in tables]
        sections += _rejects(base, run, top)
        notes = [*output.notes, *_blocked(base)]
        if run.doubled is not None:
            notes.append(f"{_twice(run.doubled)}; answers are counted, not ids")
        about = [("output", str(output.path)), *_asked(run), ("documents", run.counted)]
    return Sections(SCHEMA, "Summary of a batch", about, notes, sections, run.data())


def compare(earlier: str, later: str, top: int | None) -> Sections:
    """How a later run differs from an earlier one. Raises UsageError."""
    outputs = [output_of(earlier), output_of(later)]
    if outputs[0].path.resolve() == outputs[1].path.resolve():
        raise UsageError(
            f"`{later}` is compared with itself; `--before` names the earlier output"
        )
    with database() as base:
        runs = [
            _loaded(base, output, schema)
            for output, schema in zip(outputs, ("earlier", "later"), strict=True)
        ]
        question = _same_question(runs)
        for run in runs:
            if run.doubled is not None:
                raise UsageError(
                    f"in `{run.output.path}` {_twice(run.doubled)}: it cannot be told which of "
                    "the answers to compare; give each encounter an id of its own"
                )
        reasons = all(run.reasons for run in runs)
        for run in runs:
            base.ask(f"USE {run.schema}")
            base.run("digested", reasons=reasons)
        base.ask("USE main")
        base.run("paired")
        sections = [
            _section(base, table, top, reasons, "changed_", reasons=reasons)
            for table in COMPARED
            if question is None or question in table.questions
        ]
        notes = [*outputs[0].notes, *outputs[1].notes, *_other_rules(base)]
    about = [
        (word, f"{run.output.path}, {run.counted}")
        for word, run in zip(("before", "after"), runs, strict=True)
    ]
    data = {"before": runs[0].data(), "after": runs[1].data()}
    return Sections(COMPARISON, "Two batches compared", about, notes, sections, data)


def _loaded(base: Database, output: Output, schema: str) -> Run:
    question = load(base, output, schema)
    answered = base.number("SELECT count(*) FROM answers")
    ids = base.ask(
        "SELECT encounter, count(*) OVER () FROM answers GROUP BY encounter "
        "HAVING count(*) > 1 ORDER BY encounter LIMIT 1"
    ).fetchone()
    reasons = question is Question.check or bool(
        base.number("SELECT count(*) FROM (SELECT 1 FROM lines WHERE len(rules) > 0 LIMIT 1)")
    )
    return Run(output, schema, question, answered, _rejected(output), reasons, ids)


def _rejected(output: Output) -> int | None:
    """How many documents the run rejected, from what it wrote of itself or from the rejects."""
    try:
        return int(sum((output.receipt or {})["counts"]["rejected"].values()))
    except (KeyError, TypeError, AttributeError):
        pass
    if output.rejects is None:
        return None
    with output.rejects.open("rb") as file:
        return sum(1 for line in file if line.strip())


def _rejects(base: Database, run: Run, top: int | None) -> list[Section]:
    path = run.output.rejects
    if path is None or not run.rejected:
        return []
    try:
        return [_section(base, REJECTS, top, True, file=glob(path))]
    except base.wrong as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"`{path}` cannot be read as the rejects of a run: {reason}") from None


def _section(
    base: Database,
    table: Table,
    top: int | None,
    said: bool,
    prefix: str = "",
    **values: object,
) -> Section:
    """The rows of a table; `said` is whether the answers say which rule decided a line."""
    found = base.run(f"{prefix}{table.id}", examples=EXAMPLES, **values)
    names = [column[0] for column in found.description or ()]
    most = MOST if top is None else min(top, MOST)
    rows = [_row(names, values) for values in found.fetchmany(most)]
    more = 0
    while beyond := found.fetchmany(MOST):
        more += len(beyond)
    note = table.note if said or not table.unreasoned else table.unreasoned
    nothing = table.nothing if said or not table.unreasoned else table.unreasoned
    return Section(table.id, table.title, table.columns, rows, more, note, nothing)


def _row(names: Sequence[str], values: Sequence[Any]) -> Row:
    row = {
        name: int(value) if isinstance(value, int) else value
        for name, value in zip(names, values, strict=True)
    }
    if "rulebook" in row:
        row["short"] = str(row["rulebook"]).removeprefix("sha256:")[:DIGEST]
    return row


def _asked(run: Run) -> list[tuple[str, str]]:
    if run.question is None:
        return []
    return [("asked", f"infucode batch {run.question}")]


def _twice(doubled: tuple[str, int]) -> str:
    id, number = doubled
    if number == 1:
        return f"the id `{id}` stands more than once"
    return f"{number:,} ids stand more than once, `{id}` among them"


def _blocked(base: Database) -> list[str]:
    number = base.number("SELECT count(*) FROM answers WHERE outcome = 'blocked'")
    if not number:
        return []
    told = f"{number:,} encounters are" if number > 1 else "1 encounter is"
    return [f"{told} blocked and no claim yet: in no count of codes, units and rules of lines"]


def _same_question(runs: Sequence[Run]) -> Question | None:
    early, late = (run.question for run in runs)
    if early is not None and late is not None and early is not late:
        raise UsageError(
            f"`{runs[0].output.path}` holds answers of `batch {early}` and "
            f"`{runs[1].output.path}` of `batch {late}`: only answers to one question can be "
            "compared"
        )
    return late or early


def _other_rules(base: Database) -> list[str]:
    """Says so where the runs were judged by other rules."""
    told = []
    for run in ("earlier", "later"):
        rows = base.ask(
            f"SELECT DISTINCT policy, version, digest FROM {run}.answers ORDER BY ALL LIMIT 100"
        ).fetchall()
        told.append(rows)
    if told[0] == told[1] or not all(told):
        return []
    words = [
        ", ".join(f"{p} {v} ({d.removeprefix('sha256:')[:DIGEST]})" for p, v, d in rows[:4])
        for rows in told
    ]
    return [f"judged by other rules: before by {words[0]}; after by {words[1]}"]
