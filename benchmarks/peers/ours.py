"""infucode on the same claims: the whole check of a batch, and the rules of the subset alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.peers.findings import Doc, Finding
from benchmarks.peers.subset import RULES
from benchmarks.population import DAY
from infucode import Policy, encounter_from_data
from infucode.batch.answers import Answerer
from infucode.batch.run import BATCH
from infucode.batch.tasks import Document, Question, Task
from infucode.engine.claim_facts import claim_facts_of
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.questions.check_order import OUTCOMES, findings_of
from infucode.questions.check_record import NO_RECORD
from infucode.rulebook.where import policies_folder

FILES = (
    "alone.lp", "beside.lp", "lines.lp", "modifiers.lp", "pairs.lp", "primaries.lp", "units.lp",
)  # fmt: skip
"""Where the rules of the subset stand, among others."""
DENIED = ("deny", "deny_beside")


class Whole:
    """`infucode batch check`, reasons off: JSON lines in, JSON lines out, all rules."""

    def __init__(self, _: Mapping[str, Any]) -> None:
        self._answerer = Answerer(Task(Question.check))
        self._answerer.get_ready()

    def answers(self, documents: Sequence[Doc]) -> list[bytes]:
        """The answers to claims as encounter documents."""
        texts = [json.dumps(doc, separators=(",", ":")).encode() for doc in documents]
        found: list[bytes] = []
        for begin in range(0, len(texts), BATCH):
            part = [Document("claims", n, text) for n, text in enumerate(texts, 1)]
            found += [n.answer for n in self._answerer.results(part[begin : begin + BATCH])]
        return found

    def all(self, documents: Sequence[Doc]) -> list[frozenset[Finding]]:
        """What is denied by the rules of the subset, of what was found."""
        return [_denied(json.loads(answer)) for answer in self.answers(documents)]


def _denied(answer: Doc) -> frozenset[Finding]:
    return frozenset(
        (RULES[item["rule"]], item["lines"][0])
        for item in answer["violations"]
        if item["severity"] == "deny" and item["rule"] in RULES
    )


class Subset:
    """The same rules that the peers have, and no other verdicts, one claim after another."""

    def __init__(self, _: Mapping[str, Any]) -> None:
        ready = Policy.load().ready(DAY, {})
        assert ready is not None
        book = ready[0].program.book
        kept = [
            rule
            for rule in book.rules
            if rule.clause.head is None
            or rule.clause.head.name not in OUTCOMES
            or rule.papers.id in RULES
        ]
        self._program = Program.of(replace(book, rules=kept))

    @staticmethod
    def given(documents: Sequence[Doc]) -> list[Encounter]:
        """The claims as values."""
        return [encounter_from_data(doc) for doc in documents]

    def findings(self, encounter: Encounter) -> frozenset[Finding]:
        """What is denied in a claim."""
        vocabulary = self._program.book.vocabulary
        facts = claim_facts_of(encounter, NO_RECORD, None, vocabulary)
        found = findings_of(self._program.model(facts))
        return frozenset(
            (RULES[item.rule], item.about[0]) for kind in DENIED for item in found.get(kind, ())
        )


def lines_of_policy() -> int:
    """Lines of the files of rules that the subset lies in, tables, texts and comments aside."""
    return _lines(*FILES)


def lines_of_check() -> int:
    """Lines of all files of rules that judge claims."""
    folder = policies_folder(None) / "claim"
    return _lines(*(path.name for path in folder.glob("*.lp") if "tables" not in path.name))


def _lines(*names: str) -> int:
    folder = policies_folder(None) / "claim"
    texts = ((folder / name).read_text(encoding="utf-8") for name in names)
    return sum(1 for text in texts for n in text.splitlines() if n.strip() and n[0] != "%")
