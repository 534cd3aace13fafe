"""What the lines of a claim show by themselves, were there no record."""

from __future__ import annotations

from typing import Any

from .claim import claim_of, lines_of
from .judge import judge_lines, shown

Doc = dict[str, Any]


def alone_shows(doc: Doc, settings: dict[str, str]) -> frozenset[tuple[str, str, str]]:
    """Rule, severity and line of what the lines alone deny or send to review.

    The record of the document is not read. A corruption of a claim that showed nothing before
    can be seen in the lines alone exactly where this is not empty after it.
    """
    found = judge_lines(claim_of(doc, settings), lines_of(doc), None)
    return frozenset(
        (f.rule, f.severity, f.line)
        for f in found.findings
        if shown(f) and f.severity != "advise"
    )
