"""`prove`: the shipped invariants hold, planted faults are found by their smallest encounter."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import clingo
import pytest

from infucode import Policy, encounter_from_data
from infucode.cli.app import run
from infucode.documents.dump import encounter_to_data
from infucode.errors import LimitError, PolicyError, UsageError
from infucode.model.proving import Progress, Verdict
from infucode.space import walk
from infucode.space.models import Sized
from infucode.space.prove import Prover, library_of
from infucode.space.spaces import space_named
from infucode.space.written import encounter_of
from infucode.workbench.case_reading import read_cases
from infucode.workbench.plans import Plans

POLICIES = Path(__file__).resolve().parents[3] / "policies"
PAPERS = """\
% A fault.

%@ id: cpt.planted
%@ cite: infucode definitions, outcomes
%@ text: A planted fault.
%@ says: {VARIABLE} is wrong.
"""


@dataclass(frozen=True)
class Planted:
    """A rule that breaks an invariant, and the size of the smallest encounter that shows it."""

    invariant: str
    rule: str
    services: int
    space: str = "time"
    about: str = "Administration"
    beats: str = ""
    name: str = ""
    """Which of the rules of the invariant it breaks, where it has several."""
    told: bool = True
    """Whether an answer names the rule; what it leaves open is told by its completions."""

    @property
    def id(self) -> str:
        """Its name as a test."""
        return "-".join(filter(None, (self.invariant, self.name)))

    @property
    def text(self) -> str:
        """The rule with its papers."""
        beats = f"%@ beats: {self.beats}\n" if self.beats else ""
        return PAPERS.replace("VARIABLE", self.about) + beats + self.rule + "\n"


PLANTED = [
    Planted(
        "one-initial",
        'line("cpt.planted", Administration, delivery, Code, 1, 0) :-\n'
        "    initial_of(Administration, Code), lawful(Administration),\n"
        "    not initial(Administration).",
        2,
    ),
    Planted(
        "lawful-primary",
        'line("cpt.planted", Administration, hours, Code, 1, 0) :-\n'
        "    push(Administration), role_code(concurrent, Code).",
        1,
    ),
    Planted(
        "one-base-outcome",
        'withheld("cpt.planted", Administration, delivery) :-\n'
        "    push(Administration), before(Administration, _).",
        2,
    ),
    Planted(
        "one-code-set",
        'cannot_tell("cpt.planted", Administration) :-\n'
        "    hydration_lead(Administration), before(_, Administration).",
        2,
    ),
    Planted(
        "own-setting",
        'line("cpt.planted", Administration, hours, Code, 1, 0) :-\n'
        "    claim(professional), push(Administration), role_code(same_drug_push, Code).",
        1,
    ),
    Planted(
        "same-drug-push-facility",
        'line("cpt.planted", Administration, hours, Code, 1, 0) :-\n'
        "    again(Administration), role_code(same_drug_push, Code).",
        2,
    ),
    Planted(
        "hydration-own-minutes",
        'line("cpt.planted", Administration, hours, Code, 1, 0) :-\n'
        "    hydration_lead(Administration), hour_code(hydration, Code), claim(facility).",
        1,
        "clock",
    ),
    Planted(
        "minute-never-lowers",
        'line("cpt.planted", Administration, hours, Code, 1, 0) :-\n'
        "    minutes(Administration, Minutes), value(push_minutes, Limit), Minutes = Limit + 1,\n"
        "    role_code(same_drug_push, Code), claim(facility).",
        1,
    ),
    Planted(
        "element-never-removes",
        'line("cpt.planted", Administration, hours, Code, 1, 0) :-\n'
        "    push(Administration), role_code(same_drug_push, Code), claim(facility),\n"
        "    not documented(Administration, order, yes).",
        1,
    ),
    Planted(
        "claim-stands",
        'deny("cpt.planted", Line) :- line_code(Line, Code), role_code(same_drug_push, Code).',
        2,
        about="Line",
    ),
    Planted(
        "one-initial",
        'line("cpt.planted", Administration, delivery, Code, Units, 0) :-\n'
        "    initial_of(Administration, Code), initial(Administration),\n"
        "    technique(Administration, push), Units = 1 + 1.",
        1,
        name="units",
    ),
    Planted(
        "one-base-outcome",
        'withheld("cpt.planted", Administration, hours) :-\n'
        "    technique(Administration, injection).",
        1,
        beats="cpt.injection (Administration)",
        name="nothing",
    ),
    Planted(
        "one-code-set",
        'open_stop("cpt.planted", Administration) :-\n'
        "    technique(Administration, push), before(Administration, _).",
        2,
        name="stop",
        told=False,
    ),
    Planted(
        "one-code-set",
        'open_reason("cpt.planted", Administration, Visit, Access, Day) :-\n'
        "    initial(Administration), primary_reason(Administration),\n"
        "    slot(Administration, Visit, Access, Day).",
        1,
        name="reason",
        told=False,
    ),
    Planted(
        "exception-beats-named",
        'withheld("cpt.planted", Administration, delivery) :-\n'
        "    technique(Administration, push), category(Administration, chemotherapy).",
        1,
        beats="cpt.gap (Administration)",
    ),
]


@contextmanager
def planted(folder: Path, fault: Planted) -> Iterator[Path]:
    copy = folder / "policies"
    shutil.copytree(POLICIES, copy, ignore=shutil.ignore_patterns("cases"))
    (copy / "cpt" / "planted.lp").write_text(fault.text, encoding="utf-8")
    yield copy


def prover(folder: Path, space: str, *wanted: str, plan: str = "cpcp026") -> Prover:
    library = library_of(folder, plan)
    day = library.profile.versions[-1].since
    return Prover(library, space_named(folder, space), day, {}, wanted)


@cache
def shipped(plan: str, space: str, services: int) -> list[Verdict]:
    return prover(POLICIES, space, plan=plan).run(services)


@pytest.mark.parametrize("plan", Policy.plans())
@pytest.mark.parametrize("space", ["time", "clock", "places"])
def test_the_shipped_invariants_hold(plan: str, space: str) -> None:
    services = 1 if space == "clock" else 2
    verdicts = shipped(plan, space, services)
    assert [v.invariant.id for v in verdicts if v.broken is not None] == []
    asked = {v.invariant.id for v in verdicts if v.asked}
    kinds = {"invariant.minute-never-lowers", "invariant.element-never-removes"}
    assert kinds <= asked if space == "time" else not kinds & asked
    assert {v.upto for v in verdicts if v.asked} == {services}


def test_every_invariant_has_a_planted_fault() -> None:
    known = {one.id for one in prover(POLICIES, "time").invariants}
    assert known == {f"invariant.{fault.invariant}" for fault in PLANTED}


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.id)
def test_a_planted_fault_is_found_by_its_smallest_encounter(
    fault: Planted, tmp_path: Path
) -> None:
    id = f"invariant.{fault.invariant}"
    with planted(tmp_path, fault) as folder:
        (verdict,) = prover(folder, fault.space, id).run(3)
        broken = verdict.broken
        assert broken is not None
        assert verdict.smallest
        assert (broken.services, verdict.upto) == (fault.services, fault.services - 1)
        document = encounter_to_data(broken.encounter)
        assert len(document["administrations"]) == fault.services
        assert set(broken.administrations) <= {one["id"] for one in document["administrations"]}
        solution = Policy.load("cpcp026", policies=folder).solve(encounter_from_data(document))
        if fault.about == "Administration" and fault.told:
            assert broken.change or "cpt.planted" in repr(solution.solution)


def test_several_processes_say_the_same() -> None:
    one, two = (prover(POLICIES, "time").run(2, jobs=jobs) for jobs in (1, 2))
    assert [(v.invariant.id, v.upto, v.encounters) for v in one] == [
        (v.invariant.id, v.upto, v.encounters) for v in two
    ]


def test_a_run_that_is_interrupted_tells_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(progress: Progress) -> None:
        if progress.services == 2:
            raise KeyboardInterrupt

    asked = prover(POLICIES, "time")
    verdicts = asked.run(3, told=told)
    assert {v.upto for v in verdicts} == {1}
    assert not asked.walk.complete
    assert list(asked.walk.looked) == [1, 2]


def test_a_run_out_of_time_tells_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "CUT", 1)
    asked = prover(POLICIES, "time")
    verdicts = asked.run(3, seconds=0.0)
    assert {v.upto for v in verdicts} == {0}
    assert not asked.walk.complete


@pytest.mark.parametrize("services", [1, 2])
def test_a_run_out_of_memory_tells_what_it_has(
    services: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = prover(POLICIES, "time", "invariant.one-initial")
    part = asked.part

    def full(size: int, cube: tuple[clingo.Symbol, ...]) -> tuple[int, object]:
        if size == services:
            raise MemoryError
        return part(size, cube)

    monkeypatch.setattr(asked, "part", full)
    if services == 1:
        with pytest.raises(LimitError, match="memory ran out"):
            asked.run(3)
        return
    (verdict,) = asked.run(3)
    assert (verdict.upto, asked.walk.complete) == (1, False)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_a_memory_limit_ends_with_what_it_was_for() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(LimitError, match="--memory-limit"), walk.within_memory(64):
        assert resource.getrlimit(resource.RLIMIT_AS) != before
        bytearray(1 << 28)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    with walk.within_memory(None):
        assert resource.getrlimit(resource.RLIMIT_AS) == before


OWN = """\
% An invariant of one's own.

%@ id: invariant.own
%@ cite: infucode definitions, outcomes
%@ text: Mine.
"""


def own(folder: Path, *rules: str) -> Path:
    copy = folder / "policies"
    if not copy.exists():
        shutil.copytree(POLICIES, copy, ignore=shutil.ignore_patterns("cases"))
    text = OWN + "\n".join(rules) + "\n"
    (copy / "invariants" / "own.lp").write_text(text, encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('line("invariant.own", Administration, hours, Code, 1, 0) :-\n'
         "    push(Administration), role_code(concurrent, Code).", "may not derive `line/6`"),
        ("push(Administration) :- technique(Administration, infusion).",
         "may not derive `push/1`"),
        ('%@ beats: cpt.gap (Administration)\n'
         'broken("invariant.own", Administration) :- push(Administration).',
         "may not beat a rule"),
        ('broken("invariant.own", Administration) :-\n'
         "    not line(_, Administration, _, _, _, _).", "unsafe variable `Administration`"),
    ],
    ids=["outcome", "helper", "beats", "unsafe"],
)  # fmt: skip
def test_an_invariant_that_cannot_be_one_is_refused(
    rule: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(PolicyError) as caught:
        prover(own(tmp_path, rule), "time", "invariant.own")
    (problem,) = [one for one in caught.value.problems if said in one.message]
    assert (problem.file, problem.line > 4) == ("policies/invariants/own.lp", True)


HELPED = """\
mine(Administration) :- line(_, Administration, delivery, "99999", _, _).
broken("invariant.own", Administration) :- mine(Administration), push(Administration)."""
NARROW = """\
mine(Administration) :- push(Administration), claim(professional), claim(facility).
broken("invariant.own", Administration) :- mine(Administration)."""
EITHER = """\
broken("invariant.own", Administration) :- line(_, Administration, _, "99999", _, _).
broken("invariant.own", Administration) :- push(Administration), not claim(_)."""


@pytest.mark.parametrize("space", ["time", "places"])
@pytest.mark.parametrize(
    ("rules", "never"),
    [(HELPED, ('line(_, _, delivery, "99999", _, _)',)), (NARROW, ()), (EITHER, ())],
    ids=["nothing-of-it", "forbids-it", "one-rule-could"],
)
def test_what_an_invariant_holds_for_want_of_is_told(
    space: str, rules: str, never: tuple[str, ...], tmp_path: Path
) -> None:
    (verdict,) = prover(own(tmp_path, rules), space, "invariant.own").run(1)
    assert (verdict.upto, verdict.never) == (1, never)


@pytest.mark.parametrize(("space", "held"), [("time", False), ("records", True)])
def test_the_command_tells_where_no_exception_holds(
    space: str, held: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["prove", "invariant.exception-beats-named", "--space", space, "--jobs", "1"]
    assert run([*asked, "--services", "1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert ("this space cannot break it" not in said) == held


def leaves(data: object) -> int:
    """How many values a document states."""
    if isinstance(data, dict):
        return sum(map(leaves, data.values()))
    return sum(map(leaves, data)) if isinstance(data, list) else 1


def test_the_smallest_states_the_fewest_facts(tmp_path: Path) -> None:
    rule = 'broken("invariant.own", Administration) :- administration(Administration).'
    asked = prover(own(tmp_path, rule), "time", "invariant.own")
    (verdict,) = asked.run(1)
    assert verdict.broken is not None
    sized = asked.walk.sized(1)
    every = [
        encounter_of({**sized.fixed, **world.given}, asked.day) for world in sized.worlds()
    ]
    smallest = min(leaves(encounter_to_data(one)) for one in every)
    assert leaves(encounter_to_data(verdict.broken.encounter)) == smallest
    assert smallest < max(leaves(encounter_to_data(one)) for one in every)


def test_an_invariant_of_any_change_is_asked(tmp_path: Path) -> None:
    text = (
        'broken("invariant.own", Administration) :-\n'
        "    changed({}), line_before(Administration, _, _, _, _){}."
    )
    for rule in (text.format("Kind", ", Kind = minute"), text.format("minute", "")):
        (verdict,) = prover(own(tmp_path, rule), "time", "invariant.own").run(1)
        assert verdict.broken is not None
        assert verdict.broken.change == "minute"
    own(tmp_path, text.format("reason", ""))
    (verdict,) = prover(tmp_path / "policies", "time", "invariant.own").run(1)
    assert (verdict.asked, verdict.never[0]) == (True, "changed(reason)")


def test_an_unknown_invariant_is_named() -> None:
    with pytest.raises(UsageError, match=r"did you mean `invariant\.one-initial`"):
        prover(POLICIES, "time", "invariant.one-inital")


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(UsageError, match="there is no plan `cpcp26`; did you mean `cpcp026`"):
        library_of(POLICIES, "cpcp26")


def test_the_command_tells_and_saves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "found.yaml"
    with planted(tmp_path, PLANTED[1]) as folder:
        own = ["--policies", str(folder)]
        asked = ["prove", "invariant.lawful-primary", *own, "--jobs", "1", "--save", str(saved)]
        assert run(asked) == 1
        assert "BROKEN  invariant.lawful-primary  by 1 service" in capsys.readouterr().out
        run(["solve", str(saved), *own, "--format", "json"])
        assert "cpt.planted" in capsys.readouterr().out


def test_the_command_saves_a_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with planted(tmp_path, PLANTED[0]) as folder:
        saved = folder / "cpt" / "cases" / "found.yaml"
        saved.parent.mkdir()
        own = ["--policies", str(folder)]
        asked = ["prove", "invariant.one-initial", *own, "--services", "2", "--jobs", "1"]
        assert run([*asked, "--save", str(saved)]) == 1
        text = saved.read_text(encoding="utf-8")
        assert "awaits: approval" in text
        assert "breaks invariant.one-initial" in text
        (case,) = read_cases(saved, "found", Plans(folder), awaiting=True)
        assert len(case.encounter.administrations) == 2
        saved.write_text(text.replace("  awaits: approval\n", ""), encoding="utf-8")
        capsys.readouterr()
        assert run(["policy", "test", str(saved), *own, "--jobs", "1"]) == 0
        assert "1 passed" in capsys.readouterr().out


def test_a_file_that_is_there_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "there.yaml"
    there.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(Prover, "run", lambda *_, **__: pytest.fail("it was run"))
    assert run(["prove", "--save", str(there)]) == 2
    assert "is there already" in " ".join(capsys.readouterr().err.split())
    assert there.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, LimitError("memory ran out")])
def test_what_ends_the_grounding_of_a_size_ends_the_run_with_what_it_has(
    trouble: type[BaseException] | BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = prover(POLICIES, "time", "invariant.one-initial")
    of_size = asked.walk.models.of_size

    def grounds(size: int) -> Sized:
        if size == 2:
            raise trouble
        return of_size(size)

    monkeypatch.setattr(asked.walk.models, "of_size", grounds)
    (verdict,) = asked.run(3)
    assert (verdict.upto, asked.walk.complete, asked.walk.looked) == (1, False, {1: 18})


def test_policy_check_reads_invariants_and_spaces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own(tmp_path, 'broken("invariant.own", Administration) :- not push(Administration).')
    (folder / "space" / "mine.lp").write_text("kind(a, b, iv, push).\n", encoding="utf-8")
    asked = ["policy", "check", "--policies", str(folder)]
    assert run(asked) == 3
    assert "own.lp" in capsys.readouterr().err
    (folder / "invariants" / "own.lp").unlink()
    assert run(asked) == 3
    assert "the space has no `space`" in capsys.readouterr().err


def test_the_command_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", "--jobs", "1", "--services", "1", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["encounters"] == {"1": 18}
    assert all(one["holds"] for one in told["invariants"] if one["asked"])
