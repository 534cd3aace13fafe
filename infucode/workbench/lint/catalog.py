"""Every check by its id: how grave its findings are as a rule, and what finds them.

The page of a check, with a bad and a good example and the reason, lies in ``pages``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from infucode.errors import Problem, UsageError
from infucode.model.lint import Edit
from infucode.rulebook.nearest import nearest
from infucode.workbench.lint import (
    conditions,
    headers,
    predicates,
    reach,
    sentences,
    settled,
    style,
    tables,
    totals,
)
from infucode.workbench.lint.subject import Subject

Found = Iterable[Problem | tuple[Problem, Edit | None]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``find`` is None where the loader itself finds it."""

    id: str
    severity: str
    find: Callable[[Subject], Found] | None = None

    def found(self, subject: Subject) -> Iterator[tuple[Problem, Edit | None]]:
        """What it finds, each with an edit that mends it where there is a safe one."""
        for item in self.find(subject) if self.find else ():
            yield (item, None) if isinstance(item, Problem) else item

    @property
    def page(self) -> str:
        """Its page: what to avoid, what to prefer, the reason. Markdown."""
        return (files(__package__) / "pages" / f"{self.id}.md").read_text(encoding="utf-8")

    @property
    def title(self) -> str:
        """What it is about, in a few words."""
        return self.page.split("\n", 1)[0].partition(":")[2].strip()


LOADED = (
    "file", "settings-file", "syntax", "construct", "vocabulary", "papers", "rule-id", "citation",
    "message", "predicate", "argument-type", "derived-input", "outcome-id", "outcome-read",
    "setting", "setting-value", "number-in-rule", "unkeyed-sum", "empty-minimum", "exception",
    "recursion", "force-dates", "grounder",
)  # fmt: skip
"""What the loader refuses: always errors, since no answer is given on such a folder."""

CHECKS = (
    *(Check(id, "error") for id in LOADED),
    Check("unreachable-rule", "error", reach.unreachable),
    Check("never-fires", "error", reach.never_fires),
    Check("never-in-force", "error", reach.never_in_force),
    Check("contradiction", "error", conditions.contradictions),
    Check("idle-literal", "warning", conditions.idle_literals),
    Check("doubled-rule", "warning", conditions.doubled_rules),
    Check("shared-helper", "error", predicates.shared_helpers),
    Check("two-arities", "warning", predicates.two_arities),
    Check("header", "warning", headers.headers),
    Check("crossed-names", "warning", predicates.crossed_names),
    Check("unlisted-helper", "warning", headers.unlisted),
    Check("unread-fact", "warning", predicates.unread),
    Check("unbound-rule", "info", predicates.unbound),
    Check("unused-setting", "warning", settled.unused_settings),
    Check("untold-answer", "warning", settled.unread_answers),
    Check("unused-source", "info", settled.unused_sources),
    Check("clause", "error", settled.clauses),
    Check("no-clause", "warning", settled.unnamed_clauses),
    Check("version-gap", "warning", settled.version_gaps),
    Check("row-count", "error", totals.row_counts),
    Check("uncounted-table", "warning", totals.uncounted),
    Check("table-total", "error", totals.totals),
    Check("strange-code", "warning", tables.strange_codes),
    Check("two-labels", "error", tables.two_labels),
    Check("retired-id", "error", settled.retired_ids),
    Check("sentence", "warning", sentences.sentences),
    Check("question", "warning", sentences.questions),
    Check("unsaid-number", "warning", sentences.unsaid_numbers),
    Check("stray-space", "warning", style.lines),
    Check("long-line", "info", style.long_lines),
    Check("comma-space", "warning", style.commas),
    Check("parted-rule", "warning", style.parted_rules),
    Check("lonely-variable", "warning", style.lonely_variables),
    Check("short-name", "info", style.short_names),
    Check("long-file", "info", style.long_files),
    Check("unused-allow", "warning"),
)


@cache
def checks() -> dict[str, Check]:
    """Every check by its id."""
    return {check.id: check for check in CHECKS}


def check_named(id: str) -> Check:
    """The check of an id. Raises UsageError with the nearest id if there is none."""
    found = checks().get(id)
    if found is None:
        hint = nearest(id, tuple(checks())) or "`infucode policy lint --list` lists them"
        raise UsageError(f"there is no check `{id}`; {hint}")
    return found
