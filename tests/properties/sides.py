"""What engine and oracle say of one encounter, in words that both sides share.

A drug line - one with a contribution of part drug or waste - is left to `drug_agreement`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from infucode.engine.answer import Answer, DraftLine
from infucode.model.encounter import Encounter
from tests.oracle import coder

Doc = dict[str, Any]
Line = tuple[str, int, tuple[str, ...], str, int, str]
Claim = tuple[Line, ...]
Outcome = tuple[str, str]
Ends = tuple[tuple[str, Outcome], ...]

DRUG_PARTS = {"drug", "waste"}


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says: its claims, and the base outcomes where there is one claim."""

    claims: frozenset[Claim]
    base: Ends = ()
    services: Ends = ()

    def as_data(self) -> Doc:
        """For a report in JSON."""
        return {
            "claims": [list(claim) for claim in sorted(self.claims)],
            "base": list(self.base),
            "services": list(self.services),
        }

    @classmethod
    def from_data(cls, data: Doc) -> Side:
        """The side that `as_data` wrote."""
        return cls(
            frozenset(
                tuple((c, n, tuple(m), d, v, a) for c, n, m, d, v, a in claim)
                for claim in data["claims"]
            ),
            tuple((id_, (kind, what)) for id_, (kind, what) in data["base"]),
            tuple((id_, (kind, what)) for id_, (kind, what) in data["services"]),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One document on which the two sides do not agree."""

    plan: str
    switches: dict[str, str]
    doc: Doc
    oracle: Side
    engine: Side

    def __str__(self) -> str:
        rows = document_rows(self.plan, self.switches, self.doc)
        for name, mine, other in (
            ("oracle", self.oracle, self.engine),
            ("engine", self.engine, self.oracle),
        ):
            rows += [f"{name}: {shown(c)}" for c in sorted(mine.claims - other.claims)]
            rows += [f"{name} base: {row}" for row in mine.base if row not in other.base]
            rows += [f"{name} service: {r}" for r in mine.services if r not in other.services]
        return "\n".join(rows)

    def features(self) -> frozenset[str]:
        """On what the sides differ: codes with their signs, and how what was given ended."""
        found: set[str] = set()
        kinds = {a["id"]: _kind(a) for a in self.doc["administrations"]}
        kinds |= {s["id"]: str(s["code"]) for s in self.doc.get("services") or ()}
        for sign, mine, other in (
            ("oracle", self.oracle, self.engine),
            ("engine", self.engine, self.oracle),
        ):
            ours = {line for claim in mine.claims for line in claim}
            theirs = {line for claim in other.claims for line in claim}
            found |= {f"{sign} {c}{''.join('-' + x for x in m)}" for c, _, m, *_ in ours - theirs}
            mine_ends, other_ends = {*mine.base, *mine.services}, {*other.base, *other.services}
            found |= {
                f"{sign} {kinds.get(i, i)} {k} {w if k == 'line' else ''}".rstrip()
                for i, (k, w) in mine_ends - other_ends
            }
        return frozenset(found)


def document_rows(plan: str, switches: dict[str, str], doc: Doc) -> list[str]:
    """A document under some switches, an administration a row."""
    rows = [json.dumps({"plan": plan, "switches": switches})]
    rows.append(json.dumps({k: v for k, v in doc.items() if k != "administrations"}))
    return rows + [f"  {json.dumps(admin)}" for admin in doc["administrations"]]


def _kind(admin: Doc) -> str:
    parts = (admin.get("route"), admin.get("technique"), admin.get("category"))
    return "/".join(str(part) for part in parts)


def shown(claim: Claim) -> str:
    """A claim on one line."""
    return "; ".join(
        f"{code}{''.join('-' + m for m in marks)} x{units} {day[5:]} v{visit} {access}".rstrip()
        for code, units, marks, day, visit, access in claim
    )


def written(lines: Iterable[coder.Line]) -> Claim:
    """The oracle's lines as a claim."""
    return tuple(sorted((c, n, tuple(sorted(m)), d, v, a or "") for c, n, m, d, v, a in lines))


def plain(ends: dict[str, Outcome]) -> Ends:
    """Of outcomes what both sides name alike: kind, code, or whom it merged into."""
    rows = (
        (id_, (kind, what if kind in {"line", "merged"} else ""))
        for id_, (kind, what) in ends.items()
    )
    return tuple(sorted(rows))


def claim_of(stay: Encounter, answer: Answer) -> Claim:
    """The engine's lines as a claim, drug lines aside."""
    return tuple(
        sorted(
            (
                line.key.code,
                line.units,
                tuple(sorted(line.key.modifiers)),
                str(stay.date + timedelta(days=line.key.day)),
                line.key.visit,
                line.key.access,
            )
            for line in answer.lines
            if not _is_drug(line)
        )
    )


def _is_drug(line: DraftLine) -> bool:
    return any(o.kind == "line" and o.arguments[1] in DRUG_PARTS for o in line.sources)


def side_of(stay: Encounter, answer: Answer) -> Side:
    """What the engine says of a complete encounter."""
    into = {str(o.arguments[0]): str(o.arguments[1]) for o in answer.of("merged")}
    ends: dict[str, list[Outcome]] = {admin.id: [] for admin in stay.administrations}
    for kind, named in (("line", 2), ("withheld", None), ("cannot_tell", None)):
        for outcome in answer.of(kind):
            if kind == "cannot_tell" or outcome.arguments[1] == "delivery":
                what = str(outcome.arguments[named]) if named else ""
                ends[str(outcome.arguments[0])].append((kind, what))
    base = []
    for admin in stay.administrations:
        target, passed = admin.id, {admin.id}
        while target in into and into[target] not in passed:
            target = into[target]
            passed.add(target)
        found = list(ends[admin.id])
        if target != admin.id:
            found += [
                ("merged", target) if kind == "line" else (kind, "") for kind, _ in ends[target]
            ]
        base.append((admin.id, _only(found)))
    claims = frozenset([claim_of(stay, answer)])
    return Side(claims, tuple(sorted(base)), _services(stay, answer))


def _services(stay: Encounter, answer: Answer) -> Ends:
    ends: dict[str, list[Outcome]] = {service.id: [] for service in stay.services}
    for outcome in answer.of("service_line"):
        ends[str(outcome.arguments[0])].append(("line", str(outcome.arguments[1])))
    for outcome in answer.of("service_withheld"):
        ends[str(outcome.arguments[0])].append(("withheld", ""))
    return tuple(sorted((id_, _only(found)) for id_, found in ends.items()))


def _only(found: Sequence[Outcome]) -> Outcome:
    return found[0] if len(found) == 1 else ("not exactly one", str(sorted(found)))
