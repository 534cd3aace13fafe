"""The subset in Cedar, by `cedarpy`: policies and entities are parsed once.

Cedar decides about one line at a time and has neither loops nor sums, so the host asks in stages
and puts what a line stands beside, what is summed and what is carried into the context.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.findings import Doc, Finding

POLICY = Path(__file__).with_name("claims.cedar")
HOST = "four stages; pairs by date, sums, running sums, add-on chains"
Lines = Sequence[Mapping[str, Any]]
Judge = Callable[[str, Lines, Iterable[Mapping[str, Any]]], set[str]]


def _code(code: str) -> dict[str, str]:
    return {"type": "Code", "id": code}


def _refs(codes: Iterable[str]) -> list[dict[str, Any]]:
    return [{"__entity": _code(code)} for code in codes]


def entities(tables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each code under each kind of claim, with what the tables say of it."""
    found = []
    for claim, pairs in tables["pairs"].items():
        limits, primaries = tables["limits"][claim], tables["primaries"][claim]
        never: dict[str, list[str]] = {}
        lifted: dict[str, list[str]] = {}
        for first, seconds in pairs.items():
            for second, indicator in seconds.items():
                (lifted if indicator else never).setdefault(second, []).append(first)
        lists = ("facility_reports", "facility_only", "visits", "flushes")
        codes = {*never, *lifted, *limits, *primaries, *(c for n in lists for c in tables[n])}
        for code in sorted(codes):
            about: dict[str, Any] = {
                "never": _refs(never.get(code, ())),
                "unless_lifted": _refs(lifted.get(code, ())),
                "facility_reports": code in tables["facility_reports"],
                "facility_only": code in tables["facility_only"],
                "visit": code in tables["visits"],
                "flush": code in tables["flushes"],
            }
            if code in limits:
                about["most"], about["kind"] = limits[code]
            if code in primaries:
                about["primaries"] = _refs(primaries[code])
            uid = {"type": "Line", "id": f"{claim} {code}"}
            found.append({"uid": uid, "attrs": about, "parents": []})
    return found


class Cedar:
    """Judges one claim after another."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        from cedarpy import Entities, PolicySet

        self._tables = tables
        self._policies = PolicySet.from_str(POLICY.read_text(encoding="utf-8"))
        made = entities(tables)
        self._entities = Entities.from_json_str(json.dumps(made))
        self._known = {entity["uid"]["id"] for entity in made}
        self._distinct = frozenset(tables["distinct"])
        self._visits, self._supplies = frozenset(tables["visits"]), frozenset(tables["supplies"])
        self._flushes = frozenset(tables["flushes"])

    def findings(self, claim: Doc) -> frozenset[Finding]:
        """What is denied in a claim, stage after stage."""
        kind, lines = claim["claim"], claim["lines"]

        def denied(stage: str, lines: Lines, contexts: Iterable[Mapping[str, Any]]) -> set[str]:
            return self._denied(kind, stage, lines, contexts)

        about = {
            "claim": kind,
            "in_facility": claim["place"] in self._tables["facility_places"],
        }
        found = {"setting": denied("setting", lines, (about for _ in lines))}
        judged = [line for line in lines if line["id"] not in found["setting"]]
        found["pair"] = denied("pair", judged, (self._beside(n, judged) for n in judged))
        found["flush"] = self._flush(judged, denied)
        out = found["pair"] | found["flush"]
        kept = [line for line in judged if line["id"] not in out]
        found["units"] = denied("units", kept, (self._sums(n, kept) for n in kept))
        left = [line for line in kept if line["id"] not in found["units"]]
        found["primary"] = self._orphans(left, denied)
        return frozenset((name, id) for name, ids in found.items() for id in ids)

    def _flush(self, judged: Lines, denied: Judge) -> set[str]:
        own = [line for line in judged if line["code"] in self._flushes]
        if not own:
            return set()
        served = {n["date"] for n in judged if n["code"] not in self._supplies}
        return denied("flush", own, ({"beside_services": n["date"] in served} for n in own))

    def _denied(
        self, claim: str, stage: str, lines: Lines, contexts: Iterable[Mapping[str, Any]]
    ) -> set[str]:
        from cedarpy import is_authorized_batch

        asked, requests = [], []
        for line, context in zip(lines, contexts, strict=True):
            name = f"{claim} {line['code']}"
            if name not in self._known:
                continue
            asked.append(line["id"])
            requests.append({
                "principal": {"type": "Payer", "id": "payer"},
                "action": {"type": "Action", "id": stage},
                "resource": {"type": "Line", "id": name},
                "context": context,
            })  # fmt: skip
        results = is_authorized_batch(requests, self._policies, self._entities)
        for result in results:
            if result.diagnostics.errors:
                raise RuntimeError(str(result.diagnostics.errors))
        return {id for id, result in zip(asked, results, strict=True) if not result.allowed}

    def _marked(self, line: Mapping[str, Any]) -> bool:
        return not self._distinct.isdisjoint(line["modifiers"])

    def _separate(self, line: Mapping[str, Any]) -> bool:
        return (
            line["code"] in self._visits
            and self._tables["separate_visit"] in line["modifiers"]
        )  # fmt: skip

    def _beside(self, line: Mapping[str, Any], lines: Lines) -> dict[str, Any]:
        others = [n for n in lines if n is not line and n["date"] == line["date"]]
        return {
            "beside": _refs({n["code"] for n in others}),
            "beside_unmarked": _refs({n["code"] for n in others if not self._separate(n)}),
            "distinct": self._marked(line),
            "separate_visit": self._separate(line),
        }

    def _sums(self, line: Mapping[str, Any], lines: Lines) -> dict[str, int]:
        total = unmarked = 0
        for other in lines:
            if other["code"] == line["code"] and other["date"] == line["date"]:
                total += other["units"]
                if not self._marked(other):
                    unmarked = total
        return {"units": line["units"], "total": total, "unmarked_upto": unmarked}

    def _orphans(self, left: Lines, denied: Judge) -> set[str]:
        """Ask with all that is left as carrying, and again without what was denied, until
        nothing more is."""
        found: set[str] = set()
        while True:
            codes = _refs({line["code"] for line in left})
            more = denied("primary", left, ({"standing": codes} for _ in left))
            if not more:
                return found
            found |= more
            left = [line for line in left if line["id"] not in more]
