"""What the process of `infucode solve` does: it loads plans, keeps them, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import Solution

if TYPE_CHECKING:
    from infucode.policy import Policy
    from infucode.render.report import Background

Proofs = dict[tuple[int, int], list[Step]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each encounter."""

    switches: Mapping[str, str] = field(default_factory=dict)
    as_of: Date | None = None
    strict: bool = False
    explain: bool = False


class Plans:
    """The plans of a policy folder that are loaded, by name; None names the default."""

    def __init__(self, policies: Path | None) -> None:
        self.policies = policies
        self._loaded: dict[str | None, Policy] = {}

    def get_ready(self, plan: str | None) -> None:
        """Load a plan and order its rules of today, which most days share."""
        loaded = self._plan(plan)
        loaded.program(loaded.rulebook(Date.today()))

    def load(self, plan: str | None) -> None:
        """Load a plan. Raises what `Policy.load` raises."""
        self._plan(plan)

    def answer(
        self, plan: str | None, encounter: Encounter, asked: Asked
    ) -> tuple[Solution, Proofs]:
        """The solution under a plan, and the proofs of its lines if they are wanted."""
        solved = self._plan(plan).solve(
            encounter, switches=asked.switches, as_of=asked.as_of, strict=asked.strict
        )
        return solved.solution, solved.proofs() if asked.explain else {}

    def background(self, plan: str | None) -> Background:
        """What a plan knows of its sources and clauses."""
        from infucode.render.report import Background, Cited

        library = self._plan(plan).library
        sources = {
            key: Cited(key, source.title, source.url, source.version)
            for key, source in library.sources.items()
        }
        return Background(sources, {r.papers.id: r.papers.clauses for r in library.rules})

    def _plan(self, name: str | None) -> Policy:
        if name not in self._loaded:
            from infucode.policy import DEFAULT_PLAN, Policy

            self._loaded[name] = Policy.load(name or DEFAULT_PLAN, policies=self.policies)
        return self._loaded[name]
