"""`conditions.toml` of a policy folder: why no case shows something of a condition.

Each `[[condition]]` names a rule, the predicate of its head, the condition as coverage prints it
and what is not shown of it. What a case shows by now, or the rules themselves settle, needs no
reason, and its entry is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from infucode.errors import PolicyError, Problem
from infucode.model.cover import CoveredRule, Sight
from infucode.rulebook.nearest import nearest
from infucode.rulebook.toml import read_toml

FILE = "conditions.toml"
KEYS = ("rule", "head", "condition", "shows", "reason")
KINDS = ("true", "false", "holds", "fails")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why no case shows one thing of a condition, wherever it stands so under an id and head."""

    rule: str
    head: str
    condition: str
    shows: str
    reason: str

    def of(self, rule: CoveredRule, condition: str, sight: Sight) -> bool:
        own = rule.text.lstrip().partition("(")[0].strip()
        return (self.rule, self.head, self.condition, self.shows) == (
            rule.id, own, condition, sight.kind,
        )  # fmt: skip


def read_condition_reasons(folder: Path) -> tuple[Reason, ...]:
    """The reasons of a folder; none where it has no such file.

    Raises PolicyError with every problem of the file.
    """
    path, name = folder / FILE, f"{folder.name}/{FILE}"
    if not path.exists():
        return ()
    data, _ = read_toml(path, name)
    problems = [
        Problem(name, 0, 0, f"`{key}` is no key of this file", "keys: condition")
        for key in sorted(set(data) - {"condition"})
    ]
    rows = data.get("condition", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        said = "`condition` is no list of tables"
        problems.append(Problem(name, 0, 0, said, "write `[[condition]]`"))
        rows = []
    found: dict[tuple[str, ...], Reason] = {}
    for row in rows:
        reason = _reason(row, name, problems)
        if reason is not None:
            key = reason.rule, reason.head, reason.condition, reason.shows
            if key in found:
                said = f"`{reason.condition}` of `{reason.rule}` ({reason.shows}) stands twice"
                problems.append(Problem(name, 0, 0, said, "leave one of them"))
            found[key] = reason
    if problems:
        raise PolicyError(problems)
    return tuple(found.values())


def _reason(row: dict[str, object], name: str, problems: list[Problem]) -> Reason | None:
    for key in sorted(set(row) - set(KEYS)):
        help = nearest(key, KEYS) or f"keys: {', '.join(KEYS)}"
        problems.append(Problem(name, 0, 0, f"`{key}` is no key of a `[[condition]]`", help))
    for key in KEYS:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            said = f"a `[[condition]]` without `{key}`"
            problems.append(Problem(name, 0, 0, said, "say it in words"))
            return None
    if row["shows"] not in KINDS:
        help = nearest(str(row["shows"]), KINDS) or f"one of {', '.join(KINDS)}"
        said = f"`{row['shows']}` is nothing that cases show of a condition"
        problems.append(Problem(name, 0, 0, said, help))
        return None
    return Reason(*(" ".join(str(row[key]).split()) for key in KEYS))


def with_reasons(
    rules: Iterable[CoveredRule], reasons: Sequence[Reason], folder: str
) -> tuple[CoveredRule, ...]:
    """The rules with the reason of each thing that is open.

    Raises PolicyError for reasons of what is not there, or not open any more.
    """
    used: dict[Reason, str] = {}
    found = tuple(_reasoned(rule, reasons, used) for rule in rules)
    problems = []
    for reason in reasons:
        said = used.get(reason, "there is no such condition")
        if said:
            about = f"`{reason.condition}` of `{reason.rule}` needs no reason ({reason.shows})"
            problems.append(
                Problem(f"{folder}/{FILE}", 0, 0, f"{about}: {said}", "remove the entry")
            )
    if problems:
        raise PolicyError(problems)
    return found


def _reasoned(
    rule: CoveredRule, reasons: Sequence[Reason], used: dict[Reason, str]
) -> CoveredRule:
    own = [reason for reason in reasons if reason.rule == rule.id]
    if not own:
        return rule
    conditions = []
    for condition in rule.conditions:
        sights = []
        for sight in condition.sights:
            reason = next((r for r in own if r.of(rule, condition.text, sight)), None)
            if reason is not None:
                is_open = sight.case is None and not sight.settled
                if is_open:
                    sight = replace(sight, reason=reason.reason)
                    used[reason] = ""
                elif used.get(reason) != "":
                    used[reason] = sight.settled or f"{sight.case} shows it"
            sights.append(sight)
        conditions.append(replace(condition, sights=tuple(sights)))
    return replace(rule, conditions=tuple(conditions))
