"""The coverage of a policy folder: every case run, every condition held against its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from infucode.engine.facts import facts_of
from infucode.engine.frame import Frame
from infucode.errors import PolicyError
from infucode.model.cover import Covered, CoveredCondition, CoveredRule, LostClause, Sight
from infucode.questions.completions import MOST_SETS
from infucode.questions.reasons import Reasons
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.workbench.case import Case
from infucode.workbench.case_running import run_case
from infucode.workbench.clauses import FILE, SOURCES, deciders, read_clauses
from infucode.workbench.cover.conditions import conditions_of
from infucode.workbench.cover.questions import FIRES, RULE, Key, Place, Questions
from infucode.workbench.cover.reasons import read_condition_reasons, with_reasons
from infucode.workbench.cover.settled import Settled
from infucode.workbench.cover.spans import spans_of
from infucode.workbench.jobs import shared
from infucode.workbench.lint.subject import Subject
from infucode.workbench.plans import Plans

Told = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one case shows."""

    passed: bool
    keys: tuple[Key, ...]
    fired: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sights:
    """What the cases show, by key the first case that does."""

    rules: Mapping[Place, tuple[Rule, Library]]
    first: Mapping[Key, str]
    failed: tuple[str, ...]
    fired: Mapping[str, frozenset[str]]
    """The ids that fired, by plan and place of a case."""


def sights(
    cases: Sequence[Case], plans: Plans, *, jobs: int = 1, told: Told = lambda: None
) -> Sights:
    """What the cases show of every rule of every plan. Raises PolicyError."""
    for plan in plans.known:
        plans.policy(plan)
    rules = _written(plans)
    asker = Asker(plans, rules)
    together = sorted(cases, key=lambda c: (c.policy, c.encounter.switches, c.switches))
    first: dict[Key, str] = {}
    failed: list[str] = []
    fired: dict[str, frozenset[str]] = {}
    for number, shown in shared(asker.ask, together, jobs):
        case = together[number]
        told()
        if not shown.passed:
            failed.append(case.place)
            continue
        fired[f"{case.policy} {case.place}"] = shown.fired
        for key in shown.keys:
            first[key] = min(case.place, first.get(key, case.place))
    return Sights(rules, first, tuple(sorted(failed)), fired)


def cover(
    cases: Sequence[Case], plans: Plans, *, jobs: int = 1, told: Told = lambda: None
) -> Covered:
    """What the cases hold of every rule of every plan. Raises PolicyError."""
    return covered(sights(cases, plans, jobs=jobs, told=told), cases, plans)


def covered(found: Sights, cases: Sequence[Case], plans: Plans) -> Covered:
    """The coverage that the cases have shown."""
    ever, always = _ever(cases, plans, found.fired)
    every = frozenset().union(*(plans.rules(p) - plans.dormant(p) for p in plans.known))
    number_of_clauses, lost = _clauses(plans)
    libraries = tuple(plans.policy(plan).library for plan in plans.known)
    subject = Subject(plans.folder, libraries, ())
    settled = Settled(subject)
    reports = for_reports(subject)
    rules = (
        covered_rule(rule, library, found.first, settled)
        for _, (rule, library) in sorted(found.rules.items(), key=lambda item: item[0])
    )
    reasons = read_condition_reasons(plans.folder)
    return Covered(
        plans.folder.name,
        len(cases),
        found.failed,
        with_reasons(rules, reasons, plans.folder.name),
        tuple(sorted(every - ever - reports)),
        tuple(sorted(always & every)),
        number_of_clauses,
        lost,
        tuple(sorted(reports)),
    )


def for_reports(subject: Subject) -> frozenset[str]:
    """The ids that only fill tables which no rule of any plan reads.

    What they say is for reports, and no case can make them fire.
    """
    unread = {
        signature
        for signature, declared in subject.vocabulary.items()
        if declared.kind == "table" and not subject.readers.get(signature)
    }
    every = {rule.papers.id for rule in subject.rules}
    others = {r.papers.id for r in subject.rules if r.clause.head.signature not in unread}
    return frozenset(every - others)


def _written(plans: Plans) -> dict[Place, tuple[Rule, Library]]:
    """Every rule with conditions, once, as it is written, with a plan that holds it."""
    found: dict[Place, tuple[Rule, Library]] = {}
    for plan in plans.known:
        library = plans.policy(plan).library
        for rule in library.rules:
            if rule.clause.body:
                found.setdefault((rule.source.name, *rule.clause.place), (rule, library))
    return found


def _ever(
    cases: Sequence[Case], plans: Plans, fired: Mapping[str, frozenset[str]]
) -> tuple[set[str], set[str]]:
    """The ids that fire in some case, and those that fire in every case of their plans."""
    ever: set[str] = set()
    silent: set[str] = set()
    for case in cases:
        own = fired.get(f"{case.policy} {case.place}")
        if own is not None:
            ever |= own
            silent |= plans.rules(case.policy) - own
    return ever, ever - silent


class Asker:
    """Runs cases and asks their answers; of each frame the questions are made once."""

    def __init__(
        self,
        plans: Plans,
        written: Mapping[Place, tuple[Rule, Library]],
        seen: Iterable[Key] = (),
        *,
        kept: bool = False,
    ) -> None:
        """What is `seen` is not asked any more; what is shown is neither, unless it is `kept`.
        Then nothing is said of the rules that fired."""
        self.plans = plans
        self.written = {place: len(rule.clause.body) for place, (rule, _) in written.items()}
        self.seen: set[Key] = set(seen)
        self.kept = kept
        self._questions: dict[int, tuple[Frame, Questions]] = {}

    def ask(self, case: Case) -> Shown:
        result = run_case(case, self.plans)
        if not result.passed:
            return Shown(False, (), frozenset())
        keys: list[Key] = []
        answers = [item.reasons for item in result.solved.found[:MOST_SETS]]
        if answers and answers[0].facts.assumed:
            answers.append(_as_stated(answers[0], case))
        if result.judged is not None and result.judged.reasons is not None:
            answers.append(result.judged.reasons)
        for reasons in answers:
            keys += self._of(reasons)
        return Shown(True, tuple(keys), frozenset() if self.kept else result.fired)

    def _of(self, reasons: Reasons) -> Iterable[Key]:
        frame = reasons.program.frame
        if id(frame) not in self._questions:
            library = reasons.program.book.library
            made = Questions(frame, library, self.written, self.seen)
            self._questions[id(frame)] = frame, made
        questions = self._questions[id(frame)][1]
        derivations = reasons.derivations
        return questions.shown(derivations) if self.kept else questions.ask(derivations)


def _as_stated(supposing: Reasons, case: Case) -> Reasons:
    """The answer of a record before anything is supposed: what opens the suppositions."""
    program = supposing.program
    facts = facts_of(case.encounter, program.book.vocabulary)
    return Reasons(program, case.encounter, facts)


def covered_rule(
    rule: Rule, library: Library, first: Mapping[Key, str], settled: Settled
) -> CoveredRule:
    """A rule with what was seen of its conditions, and what needs no case."""
    place = (rule.source.name, *rule.clause.place)
    known = conditions_of(rule.clause, len(rule.clause.body), library)
    head, spans = spans_of(rule.text, len(rule.clause.body))
    conditions = []
    for number, literal in enumerate(rule.clause.body):
        sights: list[Sight] = []
        condition = known.get(number)
        if condition is not None:
            for kind in ("true", "false") if condition.question else ("true",):
                sights.append(Sight(kind, str(literal), first.get((place, number, kind))))
            for border in condition.borders:
                for side in ("holds", "fails"):
                    case = first.get((place, number, f"{side} {border.text}"))
                    sights.append(Sight(side, border.text, case))
        sights = [_settled(sight, rule, number, settled) for sight in sights]
        conditions.append(CoveredCondition(str(literal), spans[number], tuple(sights)))
    sources = tuple(dict.fromkeys(c.split()[0] for c in rule.papers.cite.split(";") if c.strip()))
    return CoveredRule(
        rule.papers.id,
        rule.source.name,
        rule.line,
        rule.text,
        head,
        tuple(conditions),
        rule.papers.clauses,
        sources,
        first.get((place, RULE, FIRES)),
    )


def _settled(sight: Sight, rule: Rule, number: int, settled: Settled) -> Sight:
    if sight.case is not None or sight.kind not in ("true", "false"):
        return sight
    found = settled.idle(rule.clause, number)
    if not found and sight.kind == "false":
        found = settled.certain((rule.source.name, *rule.clause.place), rule.clause, number)
    if not found and sight.kind == "true":
        found = settled.mirrored(rule.clause, number)
    return replace(sight, settled=found) if found else sight


def _clauses(plans: Plans) -> tuple[int, tuple[LostClause, ...]]:
    """How many clauses of the sources there are, and those that no rule decides."""
    folder: Path = plans.folder
    if not (folder / FILE).is_file():
        return 0, ()
    try:
        known = read_clauses(folder)
    except PolicyError:
        return 0, ()
    decided = deciders([plans.policy(plan).library for plan in plans.known])
    own = [clause for clause in known.clauses.values() if clause.letter == SOURCES]
    lost = [LostClause(c.id, c.gist, c.reason) for c in own if c.id not in decided]
    return len(own), tuple(lost)
