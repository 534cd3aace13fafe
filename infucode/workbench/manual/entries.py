"""Everything about a rule id: papers, logic in words, settings, exceptions, readers, cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from functools import cached_property
from pathlib import PurePath

from infucode.errors import PolicyError
from infucode.policy import Policy
from infucode.questions.catalog import rule_detail
from infucode.render.manual_content import (
    ClauseRef,
    Example,
    Named,
    PlanAnswer,
    RuleEntry,
    SettingRead,
)
from infucode.rulebook.language import Signature
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Setting
from infucode.workbench.clauses import FILE, Clause, read_clauses
from infucode.workbench.manual.logic import Teller, reading_of
from infucode.workbench.plans import Plans

READING = "reading"


@dataclass(frozen=True)
class Entries:
    """The rule ids of one plan, beside the other plans of its folder that load."""

    policy: Policy
    plans: Plans
    day: Date | None = None
    others: Sequence[Policy] = field(default=())
    _known: dict[str, list[Setting]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: str, plans: Plans, day: Date | None = None) -> Entries:
        """Raises what loading the plan raises; other plans that do not load are left out."""
        policy, others = plans.policy(plan), []
        for name in plans.known:
            try:
                others.append(plans.policy(name))
            except PolicyError:
                continue
        return cls(policy, plans, day, others)

    @cached_property
    def chosen(self) -> Date:
        """The day whose answers are told."""
        return self.day or self.policy.library.profile.versions[-1].since

    @cached_property
    def rules(self) -> dict[str, list[Rule]]:
        """The rules by id, in the order of the files."""
        found: dict[str, list[Rule]] = {}
        for rule in self.policy.library.rules:
            found.setdefault(rule.papers.id, []).append(rule)
        return found

    @cached_property
    def held(self) -> dict[str, frozenset[str]]:
        """The rule ids of each plan."""
        return {p.library.profile.id: self.plans.rules(p.library.profile.id) for p in self.others}

    @cached_property
    def clauses(self) -> Mapping[str, Clause]:
        """The clauses of the rule map; none where the folder has no such file."""
        if not (self.policy.library.folder / FILE).is_file():
            return {}
        return read_clauses(self.policy.library.folder).clauses

    @cached_property
    def teller(self) -> Teller:
        library = self.policy.library
        answers = {s.name: s.value for s in self._settings(self.policy)}
        return Teller(library, answers)

    @cached_property
    def readers(self) -> dict[Signature, dict[str, None]]:
        """The ids whose rules read each predicate."""
        found: dict[Signature, dict[str, None]] = {}
        for rule in self.policy.library.rules:
            for atom in rule.clause.atoms():
                found.setdefault(atom.signature, {})[rule.papers.id] = None
        return found

    @cached_property
    def givers(self) -> dict[Signature, dict[str, None]]:
        """The ids whose rules give each predicate."""
        found: dict[Signature, dict[str, None]] = {}
        for rule in self.policy.library.rules:
            found.setdefault(rule.clause.head.signature, {})[rule.papers.id] = None
        return found

    def entry(self, id: str, examples: Iterable[Example] = ()) -> RuleEntry:
        """The page of a rule. Raises UsageError with the nearest id if there is none."""
        detail = rule_detail(self.policy, id, self.day)
        rules = self.rules[id]
        papers = rules[0].papers
        heads = {rule.clause.head.signature for rule in rules}
        bodies = {atom.signature for rule in rules for atom in rule.clause.atoms()}
        clauses = [self.clauses[c] for c in papers.clauses if c in self.clauses]
        return RuleEntry(
            detail,
            PurePath(rules[0].source.name).as_posix(),
            papers.matters,
            self.teller.logic(rules, detail.beaten_by),
            self.teller.tables(rules),
            tuple(self.setting(name, kind) for name, kind in reading_of(rules).items()),
            self.named(detail.beats),
            self.named(detail.beaten_by),
            self.named(self._ids(self.givers, bodies, id)),
            self.named(self._ids(self.readers, heads, id)),
            tuple(ClauseRef(clause.id, clause.gist, clause.cite) for clause in clauses),
            tuple(examples),
            tuple(plan for plan, held in self.held.items() if id in held),
        )

    def named(self, ids: Iterable[str]) -> tuple[Named, ...]:
        """Rule ids with their sentences."""
        return tuple(Named(id, self.rules[id][0].papers.text) for id in ids if id in self.rules)

    def _ids(
        self, by: Mapping[Signature, Mapping[str, None]], signatures: set[Signature], own: str
    ) -> list[str]:
        found = {id for signature in signatures for id in by.get(signature, ()) if id != own}
        return [id for id in self.rules if id in found]

    def setting(self, name: str, kind: str, rules: Iterable[str] = ()) -> SettingRead:
        """A switch or a number with each plan's answer on the chosen day.

        A plan without a version on that day answers for the first day of its last one.
        """
        switch = self.policy.library.switches.get(name)
        answers = tuple(a for policy in self.others for a in self._answers(policy, name))
        given = {answer.value for answer in answers}
        others = tuple(v for v in switch.values if v not in given) if switch is not None else ()
        return SettingRead(
            name,
            switch.text if switch is not None else "",
            kind == READING or switch is not None,
            answers,
            others,
            tuple(rules),
        )

    def _settings(self, policy: Policy) -> list[Setting]:
        plan = policy.library.profile.id
        if plan not in self._known:
            self._known[plan] = self._in_force(policy)
        return self._known[plan]

    def _in_force(self, policy: Policy) -> list[Setting]:
        library = policy.library
        day = self.chosen
        if library.profile.version_on(day) is None:
            day = library.profile.versions[-1].since
        both = (*library.values.values, *library.profile.settings)
        return [setting for setting in both if setting.in_force(day)]

    def _answers(self, policy: Policy, name: str) -> Iterable[PlanAnswer]:
        switch = policy.library.switches.get(name)
        for setting in self._settings(policy):
            if setting.name == name:
                spoken = switch.spoken(setting.value) if switch is not None else ""
                yield PlanAnswer(
                    policy.library.profile.id,
                    setting.value,
                    spoken if spoken != setting.value else "",
                    setting.basis,
                    setting.cite,
                    _dates(setting),
                    setting.note,
                )


def _dates(setting: Setting) -> str:
    parts = [f"from {setting.since}"] if setting.since else []
    parts += [f"until {setting.until}"] if setting.until else []
    return " ".join(parts)
