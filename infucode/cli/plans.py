"""What the process of `infucode solve` does: it loads plans, keeps them, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.cli.formats import Detail
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import Solution

if TYPE_CHECKING:
    from infucode.model.claim import Checked
    from infucode.model.explanation import Explanation
    from infucode.policy import Policy
    from infucode.questions.explain import Wanted
    from infucode.render.report import Background
    from infucode.tables import Store

Proofs = dict[tuple[int, int], list[Step]]
CheckProofs = dict[int | str, list[Step]]
"""By the number of a violation, or by the id of an undecided line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each encounter."""

    switches: Mapping[str, str] = field(default_factory=dict)
    as_of: Date | None = None
    strict: bool = False
    explain: Detail = Detail.none
    repairs: bool = True
    """Of a claim: whether conflicts and repairs are wanted."""


class Plans:
    """The plans of a policy folder that are loaded, by name; None names the default."""

    def __init__(self, policies: Path | None) -> None:
        self.policies = policies
        self._loaded: dict[str | None, Policy] = {}
        self._stores: dict[Path | None, Store] = {}

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
        if asked.explain is Detail.none:
            return solved.solution, {}
        return solved.solution, solved.proofs(short=asked.explain is Detail.short)

    def check(
        self, plan: str | None, encounter: Encounter, asked: Asked, tables: Path | None
    ) -> tuple[Checked, CheckProofs]:
        """The checked claim under a plan, and the proofs of its violations if wanted."""
        judged = self._plan(plan).check(
            encounter,
            switches=asked.switches,
            as_of=asked.as_of,
            strict=asked.strict,
            tables=self._store(tables),
        )
        if asked.repairs:
            judged = judged.with_remedies()
        if asked.explain is Detail.none:
            return judged.checked, {}
        return judged.checked, judged.proofs(short=asked.explain is Detail.short)

    def _store(self, folder: Path | None) -> Store:
        if folder not in self._stores:
            from infucode.tables import Store

            self._stores[folder] = Store(folder)
        return self._stores[folder]

    def explain(
        self, plan: str | None, encounter: Encounter, asked: Asked, wanted: Wanted
    ) -> Explanation:
        """What is wanted of the answer under a plan. Raises UsageError for what it lacks."""
        from infucode.questions.explain import Explainer

        loaded = self._plan(plan)
        if wanted.rule is not None:
            loaded.rule(wanted.rule)
        solved = loaded.solve(encounter, switches=asked.switches, as_of=asked.as_of)
        return Explainer(encounter, solved.solution, solved.found).answer(wanted)

    def background(self, plan: str | None) -> Background:
        """What a plan knows of its sources and clauses."""
        from infucode.render.report import Background, Cited

        library = self._plan(plan).library
        sources = {
            key: Cited(key, source.title, source.url, source.version)
            for key, source in library.sources.items()
        }
        return Background(sources, {r.papers.id: r.papers.clauses for r in library.rules})

    def policy(self, plan: str | None) -> Policy:
        """A loaded plan. Raises what `Policy.load` raises."""
        return self._plan(plan)

    def _plan(self, name: str | None) -> Policy:
        if name not in self._loaded:
            from infucode.policy import DEFAULT_PLAN, Policy

            self._loaded[name] = Policy.load(name or DEFAULT_PLAN, policies=self.policies)
        return self._loaded[name]
