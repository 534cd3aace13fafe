"""The subset as a decision graph, by `zen-engine`: the graph is compiled once.

Nodes are expressions (who stands beside whom, sums, chains) and decision tables (what is denied),
one after another; the rows of large tables that the codes of a claim need are found by the host,
as a decision table is searched from its top. No node is a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.peers.findings import Doc, Finding

POLICY = Path(__file__).with_name("claims.zen.json")
HOST = "looks up the tables for the codes; add-on chains to a fixed depth"


class Zen:
    """Judges one claim after another."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        from zen import ZenEngine

        self._tables = tables
        self._lists = {
            own: frozenset(tables[name])
            for own, name in (
                ("reports", "facility_reports"), ("only", "facility_only"), ("visit", "visits"),
                ("supply", "supplies"), ("flushes", "flushes"),
            )
        }  # fmt: skip
        self._places = frozenset(tables["facility_places"])
        self._decision = ZenEngine().create_decision(POLICY.read_text(encoding="utf-8"))

    def findings(self, claim: Doc) -> frozenset[Finding]:
        """What is denied in a claim."""
        denied = self._decision.evaluate(self._given(claim))["result"]
        return frozenset((kind, line) for kind, lines in denied.items() for line in lines)

    def _given(self, claim: Doc) -> Doc:
        kind, tables = claim["claim"], self._tables
        codes = {line["code"] for line in claim["lines"]}
        pairs = tables["pairs"][kind]
        return {
            "claim": kind,
            "in_facility": claim["place"] in self._places,
            "distinct": tables["distinct"],
            "separate_visit": tables["separate_visit"],
            "lines": [
                {**line, "place": place}
                | {name: line["code"] in codes for name, codes in self._lists.items()}
                for place, line in enumerate(claim["lines"])
            ],
            "pairs": {
                first: {second: pairs[first][second] for second in codes & pairs[first].keys()}
                for first in codes & pairs.keys()
            },
            "limits": _of(tables["limits"][kind], codes),
            "primaries": _of(tables["primaries"][kind], codes),
        }


def _of(rows: Mapping[str, Any], codes: set[str]) -> dict[str, Any]:
    return {code: rows[code] for code in codes & rows.keys()}
