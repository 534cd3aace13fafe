"""The public API: load a policy, solve encounters, explain the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from infucode.engine.facts import facts_of
from infucode.engine.frame import Frame
from infucode.engine.limits import Limits, guarded
from infucode.engine.order import order_to_plain
from infucode.engine.program import Program
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import CodeSet, PolicyRef, Solution, Warned
from infucode.questions.found import Found
from infucode.questions.hangs import StandIns
from infucode.questions.solve import Solver, proof_of
from infucode.rulebook.book import Rulebook, Weaver, rulebook_on
from infucode.rulebook.library import Library, load_library, require_plans
from infucode.rulebook.recall import remember
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Notice, Version
from infucode.rulebook.where import policies_folder

if TYPE_CHECKING:
    from infucode.model.unlock import Unlocked
    from infucode.questions.check import Judged
    from infucode.questions.unlock import Asked as UnlockAsked
    from infucode.tables import Store

K = TypeVar("K")
T = TypeVar("T")
DEFAULT_PLAN = "cpcp026"
MOST_PROGRAMS = 64
"""How many rulebooks of one plan (dates, switches) are kept ready at once."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A solution that can still be asked why."""

    solution: Solution
    _found: tuple[Found, ...] = ()

    @property
    def outcome(self) -> str:
        """`coded`, `ambiguous` or `blocked`."""
        return self.solution.outcome

    @property
    def code_sets(self) -> tuple[CodeSet, ...]:
        """Every code set that the documented facts allow."""
        return self.solution.code_sets

    @property
    def found(self) -> tuple[Found, ...]:
        """What stands behind each code set that was found."""
        return self._found

    def explain(self, line: int, *, code_set: int = 0, short: bool = False) -> list[Step]:
        """The proof trees behind one line: all of them, or what decided, with its numbers.

        Raises UsageError if there is no such line, or none that this plan's own answer holds.
        """
        sets = self.code_sets
        if code_set >= len(self._found) or line >= len(sets[code_set].lines):
            raise UsageError(f"there is no line {line} in code set {code_set}")
        return proof_of(self._found[code_set], sets[code_set].lines[line], short=short)

    def proofs(self, *, short: bool = False) -> dict[tuple[int, int], list[Step]]:
        """The proof trees of every line, by code set and line."""
        return {
            (number, line): self.explain(line, code_set=number, short=short)
            for number, code_set in enumerate(self.code_sets[: len(self._found)])
            for line in range(len(code_set.lines))
        }

    def confirmed(self) -> bool:
        """Replay every code set: is it exactly what the rules give? For tests, audits."""
        return all(found.reasons.derivations.confirmed for found in self._found)


class Policy:
    """One plan, loaded and checked. Rulebooks are made for the dates that are asked for."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._solvers: dict[tuple[Date, tuple[tuple[str, str], ...]], Solver] = {}
        self._programs: dict[str, Program] = {}
        self._frames: dict[int, Frame] = {}
        self._weaver = Weaver(library)

    @classmethod
    def load(cls, plan: str = DEFAULT_PLAN, *, policies: Path | None = None) -> Policy:
        """Load a plan from a policy folder.

        Raises PolicyError with every problem of the files, UsageError if there is no such plan
        or folder.
        """
        library = load_library(policies_folder(policies), plan)
        if not library.checked:
            from infucode.engine.grounding import check_safety

            check_safety(library)
            remember(library, plan)
        return cls(library)

    @staticmethod
    def plans(policies: Path | None = None) -> tuple[str, ...]:
        """The plans of a policy folder. Raises UsageError where it has none."""
        return require_plans(policies_folder(policies))

    def rulebook(self, day: Date, switches: Mapping[str, str] | None = None) -> Rulebook:
        """The rules in force on a day. Raises UsageError before the first version."""
        version = self.library.profile.version_on(day)
        if version is None:
            raise UsageError(f"plan `{self.library.profile.id}` has no version on {day}")
        return rulebook_on(self.library, version, day, switches or {}, self._weaver)

    def program(self, book: Rulebook) -> Program:
        """The ready program of a rulebook; made once."""
        if book.digest not in self._programs:
            _keep_below(self._programs)
            program = Program.of(book, self._frames.get(id(book.rules)))
            _keep_below(self._frames)
            self._frames[id(book.rules)] = program.frame
            self._weaver.remember(book.rules, lambda: order_to_plain(program.frame.order))
            self._programs[book.digest] = program
        return self._programs[book.digest]

    def _solver(self, day: Date, switches: Mapping[str, str]) -> Solver:
        key = day, tuple(sorted(switches.items()))
        if key not in self._solvers:
            _keep_below(self._solvers)

            def other(name: str, value: str) -> Program:
                return self.program(self.rulebook(day, {**switches, name: value}))

            program = self.program(self.rulebook(day, switches))
            self._solvers[key] = Solver(program, StandIns(program, other))
        return self._solvers[key]

    def solve(
        self,
        encounter: Encounter,
        *,
        switches: Mapping[str, str] | None = None,
        as_of: Date | None = None,
        strict: bool = False,
        explain: bool = True,
    ) -> Solved:
        """Every code set that the documented facts allow.

        `as_of` picks the version by a date other than the first date of service; `strict` lets
        no stand-in answer pass as certain; without `explain` messages stay empty and nothing is
        replayed. Raises UsageError for an unknown switch, PolicyError if the rules fail on these
        facts, LimitError when memory runs out.
        """
        chosen = {**dict(encounter.switches), **(switches or {})}
        day = as_of or encounter.date
        version = self.library.profile.version_on(day)
        if version is None:
            return Solved(self._no_version(encounter, day, chosen))
        solver = self._solver(day, chosen)
        facts = facts_of(encounter, self.library.vocabulary)
        notices = self._notices(version, day, as_of)
        policy = self._ref(solver.program.book, version, day, chosen)
        if notices and strict:
            return Solved(Solution(encounter.id, policy, "blocked", (), (), (), notices))
        solution, found = solver.solve(
            encounter, facts, policy, explain=explain, strict=strict, notices=notices
        )
        return Solved(solution, tuple(found))

    def check(
        self,
        encounter: Encounter,
        *,
        switches: Mapping[str, str] | None = None,
        as_of: Date | None = None,
        strict: bool = False,
        explain: bool = True,
        tables: Store | None = None,
    ) -> Judged:
        """What is wrong with the claim of an encounter, and what cannot be judged.

        The options are those of `solve`; `tables` are imported CMS editions. Raises what `solve`
        raises, DocumentError where there is no claim to check, TablesError for damaged tables.
        """
        from infucode.questions.checking import Checking

        chosen = {**dict(encounter.switches), **(switches or {})}
        day = as_of or encounter.date
        checking = Checking(encounter, strict=strict, explain=explain, tables=tables)
        version = self.library.profile.version_on(day)
        if version is None:
            return checking.unjudged(self._no_version(encounter, day, chosen))
        solver = self._solver(day, chosen)
        notices = self._notices(version, day, as_of)
        policy = self._ref(solver.program.book, version, day, chosen)
        return checking.judged(solver, policy, notices)

    def ready(
        self, day: Date, switches: Mapping[str, str], as_of: Date | None = None
    ) -> tuple[Solver, PolicyRef, tuple[Warned, ...]] | None:
        """What answers every encounter of a day under some switches; None where no version does.

        Raises UsageError for an unknown switch.
        """
        version = self.library.profile.version_on(day)
        if version is None:
            return None
        solver = self._solver(day, switches)
        policy = self._ref(solver.program.book, version, day, switches)
        return solver, policy, self._notices(version, day, as_of)

    def unlock(
        self,
        encounter: Encounter,
        asked: UnlockAsked,
        *,
        switches: Mapping[str, str] | None = None,
        as_of: Date | None = None,
    ) -> Unlocked:
        """The smallest sets of absent facts that would make a code reportable.

        Raises UsageError where nothing can be judged, PolicyError where the folder does not
        declare what may be supposed.
        """
        from infucode.questions.unlock import Unlocker
        from infucode.questions.why_not import check_asked

        def resolve(completed: Encounter) -> tuple[Solution, Sequence[Found]]:
            solved = self.solve(completed, switches=switches, as_of=as_of)
            return solved.solution, solved.found

        chosen = {**dict(encounter.switches), **(switches or {})}
        first = self.solve(encounter, switches=switches, as_of=as_of, explain=False)
        solution, found = first.solution, first.found
        check_asked(encounter, solution, found, asked.administration)
        program = self._solver(as_of or encounter.date, chosen).program
        facts = facts_of(encounter, self.library.vocabulary)
        return Unlocker(program, encounter, facts, self.library.folder, resolve).answer(
            asked, solution, found
        )

    def _notices(self, version: Version, day: Date, as_of: Date | None) -> tuple[Warned, ...]:
        """That a later version was announced for the day, unless a version was picked by hand."""
        late = as_of is None and version.superseded is not None and day >= version.superseded
        return (self._notice("superseded", version, day),) if late else ()

    def solve_guarded(
        self,
        encounter: Encounter,
        limits: Limits,
        *,
        switches: Mapping[str, str] | None = None,
        as_of: Date | None = None,
        strict: bool = False,
        proofs: bool = False,
        meanwhile: Callable[[], object] | None = None,
    ) -> tuple[Solution, dict[tuple[int, int], list[Step]]]:
        """`solve` in a process of its own that is killed at the limits.

        Returns the solution and, if wanted, the proofs by (code set, line). Raises LimitError.
        `meanwhile` is done in this process while the other works.
        """

        def work() -> tuple[Solution, dict[tuple[int, int], list[Step]]]:
            solved = self.solve(encounter, switches=switches, as_of=as_of, strict=strict)
            return solved.solution, solved.proofs() if proofs else {}

        return guarded(work, limits, meanwhile)

    def rule(self, id: str) -> list[Rule]:
        """The rules under an id. Raises UsageError with the nearest id if there is none."""
        from infucode.rulebook.nearest import nearest

        found = [rule for rule in self.library.rules if rule.papers.id == id]
        if not found:
            known = tuple(sorted({rule.papers.id for rule in self.library.rules}))
            hint = nearest(id.lower(), known) or "`infucode rules list` names them"
            raise UsageError(f"there is no rule `{id}`; {hint}")
        return found

    def _ref(
        self, book: Rulebook, version: Version, day: Date, switches: Mapping[str, str]
    ) -> PolicyRef:
        profile = self.library.profile
        return PolicyRef(
            profile.id,
            profile.title,
            version.name,
            day,
            book.digest,
            tuple(sorted(switches.items())),
        )

    def _notice(self, kind: str, version: Version | None, day: Date) -> Warned:
        notice: Notice = self.library.profile.notices[kind]
        first = self.library.profile.versions[0].since
        shown = {
            "date": str(day),
            "from": str(first),
            "version": version.name if version else "",
            "superseded": str(version.superseded or version.until or "") if version else "",
        }
        says = notice.says
        for key, value in shown.items():
            says = says.replace(f"{{{key}}}", value)
        return Warned(notice.rule, says, notice.cite)

    def _no_version(
        self, encounter: Encounter, day: Date, switches: Mapping[str, str]
    ) -> Solution:
        """A date that no version covers is blocked, with the notice that fits it."""
        profile = self.library.profile
        earlier = [version for version in profile.versions if version.since <= day]
        last = earlier[-1] if earlier else None
        notice = self._notice("superseded" if last else "before_first", last, day)
        policy = PolicyRef(
            profile.id, profile.title, "none", day, "", tuple(sorted(switches.items()))
        )
        return Solution(encounter.id, policy, "blocked", (), (), (), (notice,))


def _keep_below(kept: dict[K, T]) -> None:
    """Drop the oldest entry when the store is full."""
    if len(kept) >= MOST_PROGRAMS:
        del kept[next(iter(kept))]
