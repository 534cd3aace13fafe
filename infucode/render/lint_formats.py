"""What lint found, for programs: JSON, SARIF 2.1.0 and annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from infucode.model.lint import Finding, Linted

SCHEMA = "infucode.lint.v1"
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def as_json(linted: Linted) -> str:
    """Every finding, what is allowed and why, and the counts."""
    data = {
        "schema": SCHEMA,
        "folder": linted.folder,
        "checks": linted.checks,
        "rules": linted.rules,
        "files": linted.files,
        "counts": {severity: linted.number(severity) for severity in LEVELS},
        "findings": [_row(finding) for finding in linted.findings],
        "allowed": [_row(item.finding) | {"reason": item.reason} for item in linted.allowed],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _row(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "check": finding.check,
        "severity": finding.severity,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "help": problem.help,
        "fixable": finding.edit is not None,
    }


def as_sarif(
    linted: Linted, version: str, titles: Mapping[str, str], find: Callable[[str], str] = str
) -> str:
    """A SARIF log with one run; `titles` are those of all checks, by id.

    `find` gives the path of a file of a problem, relative or absolute, which becomes a URI.
    """
    ids = list(titles)
    rules = [{"id": id, "shortDescription": {"text": titles[id]}} for id in ids]
    results = [_result(f, ids.index(f.check), find) for f in linted.findings]
    results += [
        _result(item.finding, ids.index(item.finding.check), find)
        | {"suppressions": [{"kind": "external", "justification": item.reason}]}
        for item in linted.allowed
    ]
    driver = {"name": "infucode", "version": version, "rules": rules}
    log = {"$schema": SARIF, "version": "2.1.0",
           "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints",
                     "results": results}]}  # fmt: skip
    return json.dumps(log, indent=2, ensure_ascii=False)


def _result(finding: Finding, index: int, find: Callable[[str], str]) -> dict[str, Any]:
    problem = finding.problem
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(find(problem.file))}}
    if problem.line:
        region = {"startLine": problem.line}
        place["region"] = region | ({"startColumn": problem.column} if problem.column else {})
    text = f"{problem.message}; {problem.help}" if problem.help else problem.message
    return {
        "ruleId": finding.check,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: str) -> str:
    return ("file://" if path.startswith("/") else "") + quote(path)


def as_github(linted: Linted, find: Callable[[str], str] = str) -> str:
    """One workflow command a finding; `find` gives the path of a file of a problem."""
    return "\n".join(_command(finding, find) for finding in linted.findings)


def _command(finding: Finding, find: Callable[[str], str]) -> str:
    problem = finding.problem
    fields = {"file": find(problem.file), "title": finding.check}
    if problem.line:
        fields["line"] = str(problem.line)
        if problem.column:
            fields["col"] = str(problem.column)
    inner = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in fields.items())
    text = f"{problem.message}; {problem.help}" if problem.help else problem.message
    return f"::{COMMANDS[finding.severity]} {inner}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    """A text as workflow commands want it; `more` are characters that end a field."""
    escape: Callable[[str], str] = lambda c: f"%{ord(c):02X}"  # noqa: E731
    return "".join(escape(c) if c in "%\r\n" + more else c for c in text)
