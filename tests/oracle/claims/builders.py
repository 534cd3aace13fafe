"""Short hands for claims in the oracle's own tests."""

from __future__ import annotations

from typing import Any

from .judge import Judged, judge
from .plans import CLAIM_PLANS

Doc = dict[str, Any]
DAY1, DAY2 = "2024-08-05", "2024-08-06"
CPCP026, MEDICARE = CLAIM_PLANS["cpcp026"], CLAIM_PLANS["medicare"]


def row(text: str, number: int, **more: Any) -> Doc:
    """A claim line from words: `96365-59 x2 @06 v2`, of 2024-08-05 where no day is given."""
    code, *words = text.split()
    name, *marks = code.split("-")
    out: Doc = {"id": f"L{number}", "code": name, "modifiers": marks, "date": DAY1}
    for word in words:
        if word.startswith("x"):
            out["units"] = int(word[1:])
        elif word.startswith("@"):
            out["date"] = f"2024-08-{word[1:]}"
        elif word.startswith("v"):
            out["visit"] = int(word[1:])
        else:
            raise ValueError(word)
    return out | more


def claim(*texts: str | Doc, **more: Any) -> Doc:
    """A hospital's claim without a record; `claim="professional"` makes it an office's."""
    office = more.get("claim") == "professional"
    place = {"place_of_service": "11"} if office else {"type_of_bill": "0131"}
    rows = [row(t, n) if isinstance(t, str) else t for n, t in enumerate(texts, 1)]
    out: Doc = {"id": "t", "claim": "facility", **place, "date": DAY1, "administrations": []}
    return out | {"line_of_business": "commercial", **more, "claim_lines": rows}


def office(*texts: str | Doc, **more: Any) -> Doc:
    """A physician office's claim without a record."""
    return claim(*texts, claim="professional", **more)


def said(doc: Doc, plan: dict[str, str] = CPCP026, **switches: str) -> set[str]:
    """What is denied or reviewed, in words: `pair L2 L1`, with `?` for a review, `+` advice."""
    found = judge(doc, plan | switches)
    return {words(f.rule, f.severity, f.line, f.other) for f in found.findings} - {""}


def words(rule: str, severity: str, line: str, other: str | None) -> str:
    """One finding in words; nothing for what is undecided."""
    marks = {"deny": "", "review": "?", "advise": "+"}
    if severity not in marks:
        return ""
    parts = [rule.removeprefix("claim.") + marks[severity], line, other or ""]
    return " ".join(parts).strip()


def judged(doc: Doc, plan: dict[str, str] = CPCP026, **switches: str) -> Judged:
    """The verdict under a plan with some switches set."""
    return judge(doc, plan | switches)
