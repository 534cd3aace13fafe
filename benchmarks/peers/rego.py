"""The subset in Rego, by `regopy` (rego-cpp): rules, tables and query are compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.peers.findings import Doc, Finding

POLICY = Path(__file__).with_name("claims.rego")
HOST = "the claim in, sets of lines out"


class Rego:
    """Judges one claim after another."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        from regopy import Interpreter

        made = Interpreter()
        made.add_data({"tables": tables})
        made.add_module(POLICY.name, POLICY.read_text(encoding="utf-8"))
        self._bundle = made.build("data.claims.denied")
        self._engine = made

    def findings(self, claim: Doc) -> frozenset[Finding]:
        """What is denied in a claim. Raises RuntimeError for an answer of another kind."""
        self._engine.set_input(claim)
        output = self._engine.query_bundle(self._bundle)
        if not output.ok:
            raise RuntimeError(str(output))
        denied = output.results[0].expressions[0]
        return frozenset((kind, line) for kind, lines in denied.items() for line in lines)
