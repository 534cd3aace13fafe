"""What is wrong in one file that has just changed, told at once.

The checks that look at rules one by one, or that need of the other files only what they give and
read. What hangs on the policies as a whole is told by the whole run of lint a moment later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from infucode.engine.grounding import check_safety
from infucode.errors import LimitError, PolicyError, Problem, named
from infucode.model.lint import Edit, Finding
from infucode.rulebook import checks, checks_papers, checks_shape
from infucode.rulebook.language import Clause, Signature
from infucode.rulebook.library import Library, outcome_signatures
from infucode.rulebook.rules import Rule, exception_problems
from infucode.rulebook.source import Source, source_of
from infucode.rulebook.types import Typing, infer
from infucode.rulebook.vocabulary import read_vocabulary
from infucode.workbench.lint.catalog import checks as catalog
from infucode.workbench.lint.subject import Subject
from infucode.workbench.server.folder import VOCABULARY, Folder, layer_of, moved

LOADED = frozenset({
    "syntax", "construct", "vocabulary", "papers", "rule-id", "citation", "message", "predicate",
    "argument-type", "derived-input", "outcome-id", "outcome-read", "setting", "number-in-rule",
    "unkeyed-sum", "empty-minimum", "exception", "grounder", "file",
})  # fmt: skip
"""What the loader refuses and can be told of one file."""
ABOUT_TEXT = ("stray-space", "comma-space")
ABOUT_RULES = (
    "contradiction", "retired-id", "sentence", "question", "unsaid-number", "long-line",
    "parted-rule", "lonely-variable", "short-name", "long-file", "header",
)  # fmt: skip
TOLD = LOADED | {*ABOUT_TEXT, *ABOUT_RULES}
"""The checks that are asked here."""


def quick_findings(folder: Folder, name: str) -> list[Finding]:
    """What is wrong in one rule file, as far as it can be told without the whole."""
    file = folder.files[name]
    problems = list(file.now.problems)
    source, own = _source(folder, name), f"{folder.name}/{name}"
    libraries: tuple[Library, ...] = ()
    if name == VOCABULARY and file.now.parsed is not None:
        found: list[Problem] = []
        read_vocabulary(file.now.parsed, found)
        problems += named("vocabulary", found)
    plan = folder.settled.plan_of(layer_of(name))
    if plan is not None and not problems:
        rules = file.now.rules
        all = folder.rules_of(plan)
        learn(folder, plan, all, rules)
        library = folder.library(plan, all)
        problems += _refused(library, rules)
        beaters = tuple(r for r in all if r.papers.beats and r.source.name != own)
        libraries = (replace(library, rules=(*rules, *beaters)),)
    refused = [Finding(p.check if p.check in catalog() else "file", "error", p) for p in problems]
    if problems:
        libraries = ()
    texts = (source,) if source is not None else ()
    subject = Subject(folder.mirror.root, libraries, texts)
    return [*dict.fromkeys(refused), *_linted(folder, subject, own)]


def _source(folder: Folder, name: str) -> Source | None:
    try:
        return source_of(folder.mirror.text(name).encode(), f"{folder.name}/{name}")
    except (PolicyError, UnicodeEncodeError):
        return None


def _linted(folder: Folder, subject: Subject, file: str) -> Iterator[Finding]:
    config = folder.settled.config
    for id in (*ABOUT_TEXT, *(ABOUT_RULES if subject.libraries else ())):
        check = catalog()[id]
        severity = config.severities.get(id, check.severity)
        if severity == "off":
            continue
        for problem, edit in check.found(subject):
            finding = Finding(id, severity, problem, edit)
            if problem.file == file and not any(allow.fits(finding) for allow in config.allows):
                yield finding


def _refused(library: Library, own: Sequence[Rule]) -> list[Problem]:
    shapes: list[Problem] = []
    for rule in own:
        shapes += named("number-in-rule", checks_shape.number_problems(rule))
        shapes += named("unkeyed-sum", checks_shape.key_problems(rule))
        shapes += named("empty-minimum", checks_shape.minimum_problems(rule))
    if shapes:
        return shapes
    vocabulary, typing, around = library.vocabulary, library.typing, _around(library, own)
    found = {
        "predicate": [
            *checks.unread_problems(around, vocabulary),
            *checks.undefined_problems(around, vocabulary),
        ],
        "derived-input": checks.kind_problems(own, vocabulary),
        "outcome-id": checks.outcome_id_problems(own, vocabulary),
        "outcome-read": checks.outcome_read_problems(own, vocabulary),
        "setting": checks.setting_problems(own, typing),
        "argument-type": checks.typing_problems(own, typing),
        "rule-id": checks_papers.id_problems([*_others(library, own), *own]),
        "citation": checks_papers.citation_problems(own, library.sources),
        "message": checks_papers.message_problems(own, vocabulary),
        "exception": exception_problems(library.rules, outcome_signatures(vocabulary)),
    }
    files = {rule.source.name for rule in own}
    problems = [
        problem
        for check, its in found.items()
        for problem in named(check, its)
        if problem.file in files
    ]
    if not problems:
        try:
            check_safety(replace(library, rules=tuple(own)))
        except PolicyError as error:
            problems += named("grounder", error.problems)
        except LimitError:
            return problems
    return problems


def _others(library: Library, own: Sequence[Rule]) -> Iterator[Rule]:
    """The rules of the other files, so that an id used twice is told where somebody writes."""
    files = {rule.source.name for rule in own}
    return (rule for rule in library.rules if rule.source.name not in files)


def _around(library: Library, own: Sequence[Rule]) -> list[Rule]:
    """The rules of the file, all that have a body, and of tables one row for each predicate."""
    rows: dict[Signature, Rule] = {}
    rules = list(own)
    seen = set(map(id, own))
    for rule in library.rules:
        if id(rule) in seen:
            continue
        if rule.clause.body:
            rules.append(rule)
        else:
            rows.setdefault(rule.clause.head.signature, rule)
    return [*rules, *rows.values()]


def learn(folder: Folder, plan: str, rules: Sequence[Rule], own: Sequence[Rule]) -> None:
    """Infer the types anew of what the rules of one file give, and of all that hangs on it."""
    before = folder.typings.get(plan)
    if before is None:
        folder.infer(plan)
        return
    vocabulary = folder.vocabulary
    hangs: dict[Signature, set[Signature]] = {}
    by_head: dict[Signature, list[Clause]] = {}
    for rule in rules:
        head = rule.clause.head.signature
        if head in vocabulary:
            continue
        by_head.setdefault(head, []).append(rule.clause)
        for atom in rule.clause.atoms():
            hangs.setdefault(atom.signature, set()).add(head)
    stack = [rule.clause.head.signature for rule in own]
    stack += [s for s in before.predicates if s not in vocabulary and s not in by_head]
    anew: set[Signature] = set()
    while stack:
        signature = stack.pop()
        if signature not in anew and signature not in vocabulary:
            anew.add(signature)
            stack += hangs.get(signature, ())
    kept = {s: tuple(types) for s, types in before.predicates.items() if s not in anew}
    kept |= {s: p.types for s, p in vocabulary.items() if p.kind != "setting"}
    clauses = [clause for signature in sorted(anew) for clause in by_head.get(signature, ())]
    types = folder.library(plan, ()).typing.settings
    found = infer(clauses, kept, types)  # type: ignore[arg-type]
    folder.typings[plan] = Typing(found.predicates, types)


def carried(
    findings: Sequence[Finding], old: Sequence[str], new: Sequence[str]
) -> Iterator[Finding]:
    """What the last whole run told of a file, where its line still stands.

    Edits are left out: they were made for the old text.
    """
    for finding in findings:
        problem: Problem = finding.problem
        edit: Edit | None = finding.edit if old == new else None
        if problem.line == 0:
            yield replace(finding, edit=edit)
            continue
        line = moved(list(old), list(new), problem.line)
        if line is not None:
            yield replace(finding, problem=replace(problem, line=line), edit=edit)
