"""The plans of one policy folder, each loaded once."""

from __future__ import annotations

from pathlib import Path

from infucode.errors import PolicyError
from infucode.policy import Policy
from infucode.workbench.case import Case


class Plans:
    """Loads plans as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known = Policy.plans(folder)
        self._loaded: dict[str, Policy] = {}
        self._refused: dict[str, PolicyError] = {}
        self._rules: dict[str, frozenset[str]] = {}

    def policy(self, plan: str) -> Policy:
        """The plan. Raises PolicyError if its files are wrong, UsageError if there is none."""
        if plan in self._refused:
            raise self._refused[plan]
        if plan not in self._loaded:
            try:
                self._loaded[plan] = Policy.load(plan, policies=self.folder)
            except PolicyError as error:
                self._refused[plan] = error
                raise
        return self._loaded[plan]

    def rules(self, plan: str) -> frozenset[str]:
        """The ids that can fire under a plan: those of its rules and of its notices."""
        if plan not in self._rules:
            library = self.policy(plan).library
            notices = (notice.rule for notice in library.profile.notices.values())
            self._rules[plan] = frozenset((*(r.papers.id for r in library.rules), *notices))
        return self._rules[plan]

    def dormant(self, plan: str) -> frozenset[str]:
        """Those of them that no date brings about: the notice of a later version, in a plan none
        of whose versions is superseded."""
        profile = self.policy(plan).library.profile
        if any(version.superseded for version in profile.versions):
            return frozenset()
        return frozenset({profile.notices["superseded"].rule})

    def text(self, case: Case, rule: str) -> str:
        """What a rule says in one sentence; empty for a notice."""
        rules = self.policy(case.policy).library.rules
        return next((r.papers.text for r in rules if r.papers.id == rule), "")
