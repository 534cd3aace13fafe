"""Of what kind the code of each claim line is, by the tables, by the record, or by its marks."""

from __future__ import annotations

from collections.abc import Iterable

from .claim import ClaimLine
from .earned import Earned
from .tables import FLUIDS, FLUSHES, kind_of

DRUG_MARKS = {"JW", "JZ"}


def line_kinds(lines: Iterable[ClaimLine], earned: Earned | None) -> dict[str, str]:
    """Line id to administration, visit, supply, drug, other, or empty where nothing knows it.

    A code that one line of the claim shows to be a drug's is one on every line; so is that of a
    fluid or a flush of which the record speaks as a drug.
    """
    lines = list(lines)
    shown = {line.code for line in lines if line.ndc or DRUG_MARKS & set(line.modifiers)}
    if earned is not None:
        shown |= earned.drug_codes
    named = earned.drug_codes if earned is not None else frozenset()
    bottled = (FLUSHES | FLUIDS) & named

    def kind(code: str) -> str:
        if code in bottled:
            return "drug"
        return kind_of(code) or ("drug" if code in shown else "")

    return {line.id: kind(line.code) for line in lines}
