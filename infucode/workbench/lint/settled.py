"""Checks of settings, sources and clauses: what is asked and not read, named and not cited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from infucode.errors import PolicyError, Problem
from infucode.rulebook.checks_papers import cited
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Version
from infucode.rulebook.toml import read_toml
from infucode.rulebook.types import SETTINGS
from infucode.workbench.clauses import FILE, clause_problems
from infucode.workbench.lint.subject import Subject


def read_settings(subject: Subject) -> set[str]:
    """The switches and values that rules read."""
    return {
        str(atom.terms[0])
        for rule in subject.rules
        for atom in rule.clause.atoms()
        if atom.signature in SETTINGS
    }


def unused_settings(subject: Subject) -> Iterator[Problem]:
    """Switches that no rule reads, and values that no rule and no step needs."""
    read = read_settings(subject)
    root = subject.folder.name
    switches = {name for library in subject.libraries for name in library.switches}
    for name in sorted(switches - read):
        yield Problem(
            f"{root}/switches.toml", 0, 0, f"no rule reads the switch `{name}`",
            "read it with `reading` or `value`, or remove it",
        )  # fmt: skip
    steps = {s for library in subject.libraries for s in library.values.steps}
    needed = read | {name for step in steps for name in (step.offset, step.every)}
    values = {v.name: v.file for library in subject.libraries for v in library.values.values}
    for name in sorted(set(values) - needed):
        yield Problem(
            values[name], 0, 0, f"no rule reads the value `{name}`",
            "read it with `value`, or remove it",
        )  # fmt: skip


def unread_answers(subject: Subject) -> Iterator[Problem]:
    """Answers of a switch that no rule tells from the others."""
    named: dict[str, set[str]] = {}
    open_read: set[str] = set()
    for rule in subject.rules:
        for atom in rule.clause.atoms():
            if atom.signature not in SETTINGS:
                continue
            name, value = str(atom.terms[0]), atom.terms[1]
            if value.kind == "variable":
                open_read.add(name)
            else:
                named.setdefault(name, set()).add(value.text.strip('"'))
    for switch in {n: s for lib in subject.libraries for n, s in lib.switches.items()}.values():
        unknown = [v for v in switch.values if v not in named.get(switch.name, set())]
        if switch.name in named and switch.name not in open_read and len(unknown) > 1:
            yield Problem(
                f"{subject.folder.name}/switches.toml", 0, 0,
                f"no rule tells {' from '.join(f'`{v}`' for v in unknown)} of `{switch.name}`",
                "read each of them, or all but one",
            )  # fmt: skip


def unused_sources(subject: Subject) -> Iterator[Problem]:
    """Sources that nothing cites."""
    used: set[str] = set()
    for library in subject.libraries:
        used.update(k for rule in library.rules for k in cited(rule.papers.cite))
        settings = (*library.values.values, *library.profile.settings)
        used.update(k for setting in settings for k in cited(setting.cite))
        used.update(k for n in library.profile.notices.values() for k in cited(n.cite))
    if subject.clauses is not None:
        used.update(k for c in subject.clauses.clauses.values() for k in cited(c.cite))
    known = {key for library in subject.libraries for key in library.sources}
    for key in sorted(known - used):
        yield Problem(
            f"{subject.folder.name}/sources.toml", 0, 0, f"nothing cites `{key}`",
            "cite it, or remove it",
        )  # fmt: skip


def clauses(subject: Subject) -> Iterator[Problem]:
    """Clauses of a source that no rule decides and that give no reason, and stray names."""
    if subject.clauses is not None and subject.libraries:
        for message in clause_problems(subject.clauses, subject.libraries):
            yield Problem(
                f"{subject.folder.name}/{FILE}", 0, 0, message,
                "name the clause in a rule's papers, or give it a `reason`",
            )  # fmt: skip


def unnamed_clauses(subject: Subject) -> Iterator[Problem]:
    """Rules that name no clause, in a layer where at least half of the papers name one."""
    layers: dict[str, dict[str, Rule]] = {}
    for rule in subject.rules if subject.clauses is not None else ():
        layers.setdefault(rule.layer, {}).setdefault(rule.papers.id, rule)
    for rules in layers.values():
        silent = [rule for rule in rules.values() if not rule.papers.clauses]
        for rule in silent if len(silent) * 2 <= len(rules) else ():
            yield rule.source.problem(
                rule.papers.line, 1, f"the papers of `{rule.papers.id}` name no clause",
                f"add a line `%@ clause: ...` with names of {FILE}, or allow it in lint.toml",
            )  # fmt: skip


def version_gaps(subject: Subject) -> Iterator[Problem]:
    """Days between two versions of a plan that neither of them covers."""
    for library in subject.libraries:
        versions = library.profile.versions
        for older, newer in zip(versions, versions[1:], strict=False):
            if older.until is not None and older.until + timedelta(days=1) < newer.since:
                yield _gap(library, older, newer)


def _gap(library: Library, older: Version, newer: Version) -> Problem:
    assert older.until is not None
    return Problem(
        library.profile.file, 0, 0,
        f"no version holds from {older.until + timedelta(days=1)} to "
        f"{newer.since - timedelta(days=1)}",
        f"let `{older.name}` end the day before `{newer.name}` begins",
    )  # fmt: skip


def retired_ids(subject: Subject) -> Iterator[Problem]:
    """Rules under an id that was retired."""
    path = subject.folder / "retired.toml"
    if not path.is_file():
        return
    try:
        retired, _ = read_toml(path, f"{subject.folder.name}/retired.toml")
    except PolicyError as error:
        yield from error.problems
        return
    seen: set[str] = set()
    for rule in subject.rules:
        if rule.papers.id in retired and rule.papers.id not in seen:
            seen.add(rule.papers.id)
            yield rule.source.problem(
                rule.papers.line, 1, f"rule id `{rule.papers.id}` was retired",
                "ids are never used again; choose another",
            )  # fmt: skip
