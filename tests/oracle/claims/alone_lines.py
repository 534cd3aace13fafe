"""Stage 1: what one line shows by itself (decision 0016, line alone)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.scope import RSV_FROM

from .claim import Claim, ClaimLine, Finding
from .tables import (
    ADMINISTRATION,
    BARRED_IN_FACILITY,
    DISTINCT,
    FACILITY_ONLY,
    RSV_CODES,
    UNLISTED_DRUGS,
    UNLISTED_SERVICES,
    VISITS,
    may_be_drug,
)


def line_alone(claim: Claim, line: ClaimLine, kind: str) -> Iterator[Finding]:
    """Everything that stage 1 says of one line; `kind` is that of its code."""
    if line.units is None:
        yield Finding("claim.units-unfit", "deny", line.id)
    last = claim.last_day
    if line.date < claim.first_day or (last is not None and line.date > last):
        yield Finding("claim.date-outside", "deny", line.id)
    if claim.other_cover:
        yield Finding("claim.other-cover", "undecided", line.id)
    elif not claim.judges(line):
        yield Finding("claim.home", "undecided", line.id)
    else:
        yield from (Finding(rule, "deny", line.id) for rule in _setting(claim, line))
        yield from (Finding(rule, "deny", line.id) for rule in _modifiers(line, kind))
        yield from _unlisted(line)


def _setting(claim: Claim, line: ClaimLine) -> Iterator[str]:
    """What this setting never reports."""
    if claim.in_facility and line.code in BARRED_IN_FACILITY:
        yield "claim.professional-in-facility"
    if not claim.facility and line.code in FACILITY_ONLY:
        yield "claim.facility-only"
    if claim.basic_charge and line.code in ADMINISTRATION:
        yield "claim.inpatient"
    if line.code in RSV_CODES and line.date < RSV_FROM:
        yield "claim.not-in-force"


def _modifiers(line: ClaimLine, kind: str) -> Iterator[str]:
    """Modifiers that cannot stand on the line."""
    marks = set(line.modifiers)
    service = not may_be_drug(line.code)
    if line.code in VISITS and marks & DISTINCT:
        yield "claim.modifier-on-visit"
    if "25" in marks and kind not in {"visit", ""}:
        yield "claim.visit-modifier"
    if "59" in marks and marks & (DISTINCT - {"59"}):
        yield "claim.two-distinct"
    if {"JW", "JZ"} <= marks:
        yield "claim.waste-and-none"
    if marks & {"JW", "JZ"} and service:
        yield "claim.waste-modifier"
    if (marks & {"JA", "JB"} and service) or {"JA", "JB"} <= marks:
        yield "claim.route-modifier"


def _unlisted(line: ClaimLine) -> Iterator[Finding]:
    """S105, D11."""
    if line.code in UNLISTED_SERVICES | UNLISTED_DRUGS and not line.described:
        yield Finding("claim.unlisted", "deny", line.id)
    if line.code in UNLISTED_DRUGS and not line.ndc:
        yield Finding("claim.unlisted-ndc", "review", line.id)
