"""Answers a batch of documents in one process; what it has compiled it keeps for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from infucode.batch.engine.answering import BatchPolicy, Wanted
from infucode.batch.quick import read_quickly
from infucode.batch.rejects import rejected
from infucode.batch.tasks import Detail, Document, Question, Result, Task
from infucode.documents import parse_encounter
from infucode.errors import DocumentError, InfucodeError, InternalError, LimitError, Problem
from infucode.model.encounter import Encounter
from infucode.policy import DEFAULT_PLAN, Policy
from infucode.render.json_view import dumps, solution_to_json

if TYPE_CHECKING:
    from infucode.tables import Store

Answered = tuple[bytes, str]
CODED = "coded"


class Answerer:
    """Answers documents one batch after another."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._plans: dict[str, BatchPolicy | InfucodeError] = {}
        self._store: Store | None = None

    def get_ready(self) -> None:
        """Load the plan that most documents are judged by; no error of that matters here."""
        with suppress(InfucodeError):
            self._plan(self.task.plan or DEFAULT_PLAN)

    def read(self, document: Document) -> Encounter:
        """The encounter of a document. Raises DocumentError."""
        return _read(document)

    def results(self, documents: Sequence[Document]) -> list[Result]:
        """What becomes of each document, in their order. Raises nothing but MemoryError."""
        results: list[Result | None] = [None] * len(documents)
        read: list[tuple[object, int, Encounter]] = []
        for number, document in enumerate(documents):
            try:
                encounter = self.read(document)
            except InfucodeError as error:
                results[number] = rejected(document, error)
                continue
            read.append((likeness(encounter), number, encounter))
        read.sort(key=lambda item: item[:2])
        self._foresee([encounter for _, _, encounter in read])
        for _, number, encounter in read:
            results[number] = self._result(documents[number], encounter)
        return [result for result in results if result is not None]

    def _foresee(self, encounters: Sequence[Encounter]) -> None:
        """Have many encounters answered at once where that can be."""
        plans: dict[str, list[Encounter]] = {}
        others = self.task.question is Question.solve and self.task.explain is Detail.short
        for encounter in encounters:
            name = self.task.plan or encounter.policy or DEFAULT_PLAN
            plans.setdefault(name, []).append(encounter)
        for name, own in plans.items():
            try:
                self._plan(name).foresee(own, others=others)
            except MemoryError:
                raise
            except Exception:
                continue

    def _result(self, document: Document, encounter: Encounter) -> Result:
        try:
            answer, outcome = self._answer(encounter)
        except MemoryError:
            raise
        except InfucodeError as error:
            return rejected(document, error)
        except RecursionError:
            return rejected(document, LimitError("the answer is nested too deep"))
        except Exception as error:
            return rejected(document, InternalError(f"{type(error).__name__}: {error}"))
        return Result(answer, b"", outcome)

    def _answer(self, encounter: Encounter) -> Answered:
        policy = self._plan(self.task.plan or encounter.policy or DEFAULT_PLAN)
        asked: Callable[[BatchPolicy, Encounter], Answered] = (
            self._solved if self.task.question is Question.solve else self._checked
        )
        return asked(policy, encounter)

    def _solved(self, policy: BatchPolicy, encounter: Encounter) -> Answered:
        if self.task.explain is not Detail.full:
            plain = policy.plain(encounter)
            if plain is not None:
                return plain, CODED
            solution = policy.solve(encounter)
            return _line(solution_to_json(solution)), solution.outcome
        solved = policy.solved(encounter)
        return _line(solution_to_json(solved.solution, proofs=solved.proofs())), solved.outcome

    def _checked(self, policy: BatchPolicy, encounter: Encounter) -> Answered:
        from infucode.render.check_json import checked_to_json

        judged = policy.check(encounter, self._tables())
        if self.task.repairs:
            judged = judged.with_remedies()
        proofs = judged.proofs() if self.task.explain is Detail.full else None
        return _line(checked_to_json(judged.checked, proofs=proofs)), judged.outcome

    def _tables(self) -> Store:
        if self._store is None:
            from infucode.tables import Store

            self._store = Store(self.task.tables)
        return self._store

    def _plan(self, name: str) -> BatchPolicy:
        found = self._plans.get(name)
        if found is None:
            task = self.task
            try:
                policy = Policy.load(name, policies=task.policies)
                explain = task.explain is not Detail.none
                wanted = Wanted(task.switches, task.as_of, task.strict, explain)
                found = BatchPolicy(policy, wanted)
            except InfucodeError as error:
                found = error
            self._plans[name] = found
        if isinstance(found, InfucodeError):
            raise found
        return found


JSON_ONLY = "document.json"
"""A name that has a text read as JSON and as nothing else."""


def _read(document: Document) -> Encounter:
    """Raises DocumentError; a line of a file is JSON, whatever the file is called."""
    if document.wrong:
        help = "rows of an encounter stand together, say the same of the stay, and are whole"
        raise DocumentError([Problem(document.source, 0, 0, document.wrong, help)])
    quick = read_quickly(document.text, document.source)
    if quick is not None:
        return quick
    try:
        found = parse_encounter(document.text, name=JSON_ONLY)
    except DocumentError as error:
        problems = [replace(problem, file=document.source) for problem in error.problems]
        raise DocumentError(problems) from None
    return replace(found, file=document.source)


def _line(value: object) -> bytes:
    return dumps(value, compact=True).encode()


def likeness(encounter: Encounter) -> tuple[object, ...]:
    """Encounters that stand near one another in this order share much of their work."""
    return (
        encounter.policy or "",
        encounter.date,
        encounter.switches,
        encounter.claim,
        encounter.place_of_service or "",
        len(encounter.administrations),
        [
            (item.technique or "", item.category or "", item.route, item.purpose, item.access,
             item.visit, item.stop is None)
            for item in encounter.administrations
        ],
        len(encounter.claim_lines),
    )  # fmt: skip
