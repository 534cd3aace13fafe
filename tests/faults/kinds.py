"""The kinds of faults, and drawing some of each."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.faults import in_papers, in_rules, in_tables
from tests.faults.in_rules import Places, Texts
from tests.faults.texts import Edit, Text

Kind = Callable[[Texts, Random], Places]
KINDS: dict[str, Kind] = {
    function.__name__.replace("_", "-"): function
    for function in (
        in_rules.misspelt_predicate,
        in_rules.wrong_arity,
        in_rules.swapped_arguments,
        in_rules.misspelt_variable,
        in_rules.other_variable,
        in_rules.dropped_condition,
        in_rules.turned_not,
        in_rules.written_number,
        in_rules.turned_comparison,
        in_rules.constraint,
        in_rules.choice,
        in_rules.comma_for_stop,
        in_rules.other_outcome,
        in_rules.rule_deleted,
        in_tables.shifted_number,
        in_tables.row_deleted,
        in_tables.row_doubled,
        in_tables.wrong_value,
        in_tables.swapped_digits,
        in_tables.misspelt_word,
        in_tables.answer_without_value,
        in_tables.answer_left_out,
        in_tables.other_answer,
        in_tables.overlapping_days,
        in_tables.turned_days,
        in_papers.unknown_source,
        in_papers.reused_id,
        in_papers.paper_deleted,
        in_papers.unbound_message,
        in_papers.exception_cycle,
        in_papers.misspelt_exception,
        in_papers.unknown_clause,
    )
}
"""Every kind by its name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A change of one file."""

    kind: str
    file: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The lines that change, with two around them."""
        before, after = self.before.splitlines(), self.after.splitlines()
        lines = difflib.unified_diff(before, after, self.file, "the fault", lineterm="", n=2)
        return "\n".join(lines)


def drawn(texts: Sequence[Text], kinds: Sequence[str], count: int, seed: int) -> list[Fault]:
    """So many faults, the kinds in turn, each place as likely as any other of its kind.

    A kind with fewer places than are wanted gives each of them once.
    """
    by_file = {text.file: text.text for text in texts}
    wanted = {kind: len(range(n, count, len(kinds))) for n, kind in enumerate(kinds)}
    found: list[Fault] = []
    for kind, number in wanted.items():
        random = Random(f"{seed} {kind}")
        places = list(KINDS[kind](texts, random))
        chosen = random.sample(places, min(number, len(places)))
        found += [_fault(kind, edits, by_file) for edits in chosen]
    return found


def _fault(kind: str, edits: tuple[Edit, ...], by_file: dict[str, str]) -> Fault:
    file = edits[0].file
    before = after = by_file[file]
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        after = after[: edit.start] + edit.text + after[edit.end :]
    return Fault(kind, file, before, after)
