"""Documents with a mark: ``▲`` stands before the place that a problem must point at."""

from __future__ import annotations

import pytest

from infucode.documents import parse_encounter
from infucode.errors import DocumentError, Problem

MARK = "▲"
RUN = "route: iv, technique: infusion"


def document(administration: str = "", *, head: str = "", tail: str = "") -> str:
    """A small document: fields of the one administration, lines before and after it."""
    fields = f", {administration}" if administration else ""
    return (
        f"id: e1\nclaim: facility\ndate: 2024-08-05\n{head}"
        f"administrations:\n- {{id: a1, drug: saline, {RUN}{fields}}}\n{tail}"
    )


def problems_of(text: str | bytes, name: str = "case.yaml") -> tuple[Problem, ...]:
    """Every problem of a document that must be refused."""
    with pytest.raises(DocumentError) as caught:
        parse_encounter(text, name=name)
    return caught.value.problems


def only_problem(text: str, name: str = "case.yaml") -> Problem:
    """The one problem of a marked document; it must stand at the mark."""
    found = problems_of(text.replace(MARK, ""), name)
    assert len(found) == 1, "\n".join(map(str, found))
    lines = text.split("\n")
    line = next(number for number, content in enumerate(lines) if MARK in content)
    assert (found[0].line, found[0].column) == (line + 1, lines[line].index(MARK) + 1)
    assert found[0].file == name
    return found[0]
