"""`policy docs`: the manual of a plan, from papers, sources, vocabulary and cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from pathlib import Path

from infucode.render.manual_content import Manual, RuleEntry, SettingRead
from infucode.workbench.case import Case
from infucode.workbench.clauses import FILE, ClauseMap, read_clauses
from infucode.workbench.manual.chapters import chapters
from infucode.workbench.manual.dependencies import dependencies
from infucode.workbench.manual.entries import READING, Entries
from infucode.workbench.manual.examples import case_files, read, rules_of
from infucode.workbench.manual.logic import reading_of
from infucode.workbench.manual.predicates import predicates
from infucode.workbench.manual.visits import example_of
from infucode.workbench.plans import Plans

NO_CLAUSES = ClauseMap({}, {})
UNTELLING = 100
"""How much longer than any other a case counts that does not say what comes out."""


def manual_of(folder: Path, plan: str, day: Date | None) -> tuple[Manual, list[str]]:
    """The manual, and the case files that cannot be read, so that it lacks their examples.

    Raises UsageError for no such plan or a day before it, PolicyError for a broken plan.
    """
    plans, unread = Plans(folder), list[str]()
    entries = Entries.of(plan, plans, day)
    library = entries.policy.library
    known = read_clauses(folder) if (folder / FILE).is_file() else NO_CLAUSES
    cases = _by_rule(read(case_files(folder), plans, unread), plan)
    told = {id: _entry(entries, id, cases.get(id, [])) for id in entries.rules}
    version = library.profile.version_on(entries.chosen) or library.profile.versions[-1]
    manual = Manual(
        plan,
        library.profile.title,
        version.name,
        str(version.since),
        version.layers,
        entries.policy.rulebook(entries.chosen).digest,
        chapters(library, known, told),
        _settings(entries),
        predicates(entries),
        dependencies(library),
    )
    return manual, unread


def _by_rule(cases: Iterable[Case], plan: str) -> Mapping[str, Sequence[Case]]:
    """The cases that speak of each rule, those of the plan alone."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        if case.policy == plan:
            for id in rules_of(case):
                found.setdefault(id, []).append(case)
    return found


def _entry(entries: Entries, id: str, cases: Sequence[Case]) -> RuleEntry:
    """A rule with a case on which it holds and one on which it does not; the rest is counted."""
    chosen = []
    for side in (False, True):
        own = [case for case in cases if (id in case.silent) == side]
        chosen += sorted(own, key=_length)[:1]
    left = Counter(case.file.partition("/")[2] for case in cases if case not in chosen)
    told = entries.entry(id, [example_of(case) for case in chosen])
    return replace(told, more=tuple(sorted(left.items())))


def _length(case: Case) -> tuple[int, int]:
    """How much there is to read of a case; one that tells what comes out goes first."""
    stay, expected = case.encounter, case.expected
    says = expected is not None and (bool(expected.lines) or expected.check is not None)
    items = (*stay.administrations, *stay.services, *stay.accesses, *stay.claim_lines)
    return len(items) + len(case.switches) + (0 if says else UNTELLING), len(case.name)


def _settings(entries: Entries) -> tuple[SettingRead, ...]:
    """Every switch of the folder, then every number, with the rules that read them."""
    readers: dict[str, list[str]] = {}
    for id, rules in entries.rules.items():
        for name in reading_of(rules):
            readers.setdefault(name, []).append(id)
    library = entries.policy.library
    names = [*library.switches, *dict.fromkeys(value.name for value in library.values.values)]
    return tuple(entries.setting(name, READING if name in library.switches else "",
                                 readers.get(name, ())) for name in names)  # fmt: skip
