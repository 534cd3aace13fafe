"""Conflicts by brute force as contract 3 defines them, and whether a repair holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from .claim import ClaimLine, claim_of, lines_of
from .earned import earned_of
from .judge import Judged, judge, judge_lines

Doc = dict[str, Any]
MOST_LINES = 6
NOT_ASKED = {"claim.record-needed", "claim.not-known"}
"""What is undecided of any line without a record; an edit adds no question by it."""


def further_lines(codes: Iterable[str], days: Iterable[str]) -> list[Doc]:
    """One line of each code and date, with and without a modifier that sets it apart."""
    return [
        {"id": f"+{code}{''.join(marks)}@{day}", "code": code, "modifiers": marks, "date": day}
        for code in codes
        for day in days
        for marks in ([], ["59"])
    ]


def conflicts(
    doc: Doc, settings: dict[str, str], universe: Sequence[Doc], most_added: int = 2
) -> set[frozenset[str]]:
    """The minimal sets of lines with a deny among them that no further lines take away.

    Further lines are the others of the claim and those of `universe`, up to `most_added` of
    them together. Raises ValueError for a claim of more than six lines.
    """
    claim, lines, earned = claim_of(doc, settings), lines_of(doc), earned_of(doc, settings)
    if len(lines) > MOST_LINES:
        raise ValueError(f"at most {MOST_LINES} lines, not {len(lines)}")
    extra = [
        replace(line, place=line.place + len(lines))
        for line in lines_of(doc | {"claim_lines": list(universe)})
    ]

    def denied(own: Sequence[ClaimLine], added: Sequence[ClaimLine] = ()) -> bool:
        together = sorted((*own, *added), key=lambda line: line.place)
        return judge_lines(claim, together, earned).denied(line.id for line in own)

    def taken_away(own: Sequence[ClaimLine]) -> bool:
        others = [*(line for line in lines if line not in own), *extra]
        return any(
            not denied(own, added)
            for size in range(1, most_added + 1)
            for added in combinations(others, size)
        )

    found: set[frozenset[str]] = set()
    for size in range(1, len(lines) + 1):
        for own in combinations(lines, size):
            ids = frozenset(line.id for line in own)
            if any(known <= ids for known in found):
                continue
            if denied(own) and not taken_away(own):
                found.add(ids)
    return found


def repaired(doc: Doc, edits: Iterable[Doc]) -> Doc:
    """The document after some edits of its claim lines (contract 3).

    Raises ValueError for an edit of a line that is not there, or of an unknown kind.
    """
    rows = {str(row["id"]): dict(row) for row in doc.get("claim_lines") or ()}
    for edit in edits:
        op, id_, to = edit["op"], str(edit.get("line", "")), dict(edit.get("to") or {})
        if op == "add":
            new = str(to.pop("id", id_) or f"N{len(rows) + 1}")
            if new in rows:
                raise ValueError(f"line {new} is there already")
            rows[new] = {"id": new, **to}
            continue
        if id_ not in rows:
            raise ValueError(f"no line {id_}")
        if op == "drop":
            del rows[id_]
        elif op in {"replace", "set_units", "set_modifiers"}:
            rows[id_] |= to
        else:
            raise ValueError(f"unknown edit {op}")
    return doc | {"claim_lines": list(rows.values())}


def repair_holds(doc: Doc, settings: dict[str, str], edits: Iterable[Doc]) -> bool:
    """Nothing is denied after the edits, and nothing new goes to review or has to be asked."""
    before, after = judge(doc, settings), judge(repaired(doc, edits), settings)
    if after.denied(after.states):
        return False
    return not _asked(after) - _asked(before)


def _asked(judged: Judged) -> set[tuple[str, str, str]]:
    return {
        (f.rule, f.severity, f.line)
        for f in judged.findings
        if f.severity == "review" or (f.severity == "undecided" and f.rule not in NOT_ASKED)
    }
