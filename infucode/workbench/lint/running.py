"""One run of lint: the folder read plan by plan, every check asked, the findings weighed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

from infucode.errors import PolicyError, Problem, UsageError, named
from infucode.model.lint import SEVERITIES, Allowed, Finding, Linted
from infucode.rulebook.library import Library, require_plans
from infucode.rulebook.source import Source, read_source
from infucode.rulebook.where import below
from infucode.workbench.clauses import FILE, ClauseMap, read_clauses
from infucode.workbench.lint.catalog import CHECKS, checks
from infucode.workbench.lint.configuring import Allow, Config, read_config
from infucode.workbench.lint.subject import Subject
from infucode.workbench.remembered import Remembered

UNUSED = "unused-allow"
Load = Callable[[Path, str], Library]


def lint(
    folder: Path,
    *,
    only: Collection[str] = (),
    files: Collection[Path] = (),
    strict: bool = False,
    load: Load | None = None,
) -> Linted:
    """Every finding in a folder, or those of some checks or files only.

    With `strict` warnings count as errors. `load` reads a plan as `Remembered.load` does.

    Raises UsageError for a folder without plans, PolicyError for a `lint.toml` that cannot be
    understood. What is wrong with the policies themselves is found, not raised.
    """
    config = read_config(folder)
    subject, findings = read(folder, load or Remembered().load)
    whole = not findings
    severities = {check.id: config.severities.get(check.id, check.severity) for check in CHECKS}
    for check in CHECKS:
        if check.find is not None and severities[check.id] != "off":
            findings += [
                Finding(check.id, severities[check.id], problem, edit)
                for problem, edit in check.found(subject)
            ]
    kept, allowed = _weighed(findings, config)
    if whole:  # of what does not load, nothing is found that an exemption may speak of
        kept += list(_unused(config, allowed, severities[UNUSED]))
    if only:
        kept = [finding for finding in kept if finding.check in only]
    if files:
        wanted = {_relative(path, folder) for path in files}
        kept = [finding for finding in kept if finding.problem.file in wanted]
    if strict:
        kept = [as_error(finding) for finding in kept]
    ran = sum(severity != "off" for severity in severities.values())
    texts = {rule.source.name for rule in subject.rules}
    return Linted(
        folder.name, ran, len(subject.rules), len(texts), tuple(sorted(kept, key=_order)), allowed
    )


def read(folder: Path, load: Load) -> tuple[Subject, list[Finding]]:
    """The folder as far as it loads, and what the loader refuses. Raises UsageError."""
    known = require_plans(folder)
    refused: dict[Problem, None] = {}
    libraries: list[Library] = []
    for plan in known:
        try:
            library = load(folder, plan)
        except PolicyError as error:
            refused.update(dict.fromkeys(named("grounder", error.problems)))
        else:
            libraries.append(library)
    texts = _texts(folder, libraries)
    clauses, more = _clauses(folder)
    subject = Subject(folder, tuple(libraries), texts, clauses)
    problems = [*refused, *more]
    return subject, [Finding(_known(p.check), "error", p) for p in problems]


def _known(check: str) -> str:
    return check if check in checks() else "file"


def _texts(folder: Path, libraries: list[Library]) -> tuple[Source, ...]:
    """The `.lp` files of the folder, those of unread layers too."""
    found = {source.name: source for lib in libraries for source in lib.texts.values()}
    for path in sorted(folder.rglob("*.lp")):
        name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        if name not in found:
            try:
                found[name] = read_source(path, name)
            except PolicyError:
                continue
    return tuple(found[name] for name in sorted(found))


def _clauses(folder: Path) -> tuple[ClauseMap | None, list[Problem]]:
    if not (folder / FILE).is_file():
        return None, []
    try:
        return read_clauses(folder), []
    except PolicyError as error:
        return None, list(named("settings-file", error.problems))


def _weighed(
    findings: list[Finding], config: Config
) -> tuple[list[Finding], tuple[Allowed, ...]]:
    kept: list[Finding] = []
    allowed: list[Allowed] = []
    for finding in dict.fromkeys(findings):
        allow = _allow_of(finding, config)
        if allow is None:
            kept.append(finding)
        else:
            allowed.append(Allowed(finding, allow.reason))
    return kept, tuple(allowed)


def _allow_of(finding: Finding, config: Config) -> Allow | None:
    return next((allow for allow in config.allows if allow.fits(finding)), None)


def _unused(config: Config, allowed: tuple[Allowed, ...], severity: str) -> Iterator[Finding]:
    used = {_allow_of(item.finding, config) for item in allowed}
    for allow in config.allows:
        if allow not in used and severity != "off":
            yield Finding(
                UNUSED,
                severity,
                Problem(
                    config.file, 0, 0,
                    f"nothing is found of `{allow.check}` about {_quoted(allow.about)}",
                    "remove the `[[allow]]`",
                ),
            )  # fmt: skip


def _quoted(about: str) -> str:
    return about if "`" in about else f"`{about}`"


def _relative(path: Path, folder: Path) -> str:
    own, found = f"{folder.resolve().name}/", below(path, folder) or ""
    if not found.startswith(own):
        raise UsageError(f"`{path}` is not a file of `{folder}`")
    return f"{folder.name}/{found.removeprefix(own)}"


def _order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    problem = finding.problem
    return (
        problem.file, problem.line, problem.column, SEVERITIES.index(finding.severity),
        finding.check, problem.message,
    )  # fmt: skip


def as_error(finding: Finding) -> Finding:
    """The finding, a warning taken for an error."""
    return replace(finding, severity="error") if finding.severity == "warning" else finding
