"""The profile measures the rules that answer: same rows, same worlds, same instances."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from benchmarks.population import population
from infucode.batch.inputs import documents
from infucode.batch.profile import (
    Asked,
    ClockedSearch,
    Clockwork,
    profile,
    reading_cost,
    rows_stated,
)
from infucode.batch.profile_ground import ground_instances
from infucode.batch.profile_telling import profile_sections, read_all, sampled
from infucode.batch.tasks import Document
from infucode.cli.app import run
from infucode.documents import encounter_from_data
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.engine.relations import read
from infucode.model.encounter import Encounter
from infucode.passes.instances import compile_instances
from infucode.policy import Policy
from infucode.questions.completions import complete, completed
from tests.batch.drawn import mixed, policy


def encounters(number: int, first: int = 0) -> list[Encounter]:
    return [encounter_from_data(doc) for doc in population(number, first)]


def program_of(plan: Policy, encounter: Encounter) -> Program | None:
    ready = plan.ready(encounter.date, dict(encounter.switches))
    return None if ready is None else ready[0].program


def test_the_clockwork_gives_the_rows_of_the_program() -> None:
    works: dict[Program, Clockwork] = {}
    compared = 0
    for doc in mixed(60):
        encounter = encounter_from_data(doc)
        plan = policy(encounter.policy or "cpcp026")
        program = program_of(plan, encounter)
        if program is None:
            continue
        work = works.setdefault(program, Clockwork(program))
        facts = facts_of(encounter, plan.library.vocabulary)
        given = {s: r.rows for s, r in work.world(rows_stated(facts)).items() if r.rows}
        wanted = {s: r.rows for s, r in program.model(facts).relations.items() if r.rows}
        assert given == wanted
        compared += 1
    assert compared > 40 and len(works) > 3


def test_the_worlds_and_their_answers_are_those_of_the_search() -> None:
    plan = policy("cpcp026")
    works: dict[Program, Clockwork] = {}
    several = 0
    for encounter in encounters(50, 40):
        program = program_of(plan, encounter)
        assert program is not None
        facts = facts_of(encounter, plan.library.vocabulary)
        search = ClockedSearch(works.setdefault(program, Clockwork(program)), encounter, facts)
        found, wanted = completed(search), complete(program, encounter, facts)
        assert search.tried == wanted.tried
        assert [w.answer.claim for w in found.worlds] == [w.answer.claim for w in wanted.worlds]
        several += search.tried > 1
    assert several >= 2


def test_rows_are_counted_once_each() -> None:
    plan = policy("cpcp026")
    (encounter,) = encounters(1)
    program = program_of(plan, encounter)
    assert program is not None
    facts = facts_of(encounter, plan.library.vocabulary)
    work = Clockwork(program)
    stated = rows_stated(facts)
    relations = work.world(stated)
    for stratum in program.frame.about:
        if stratum.recursive:
            continue
        counted = sum(
            step.cost.rows for n in stratum.rules if (step := work.steps[n]) is not None
        )
        there = sum(len(relations[h].rows) for h in stratum.heads if h in relations)
        given = sum(len(stated.get(head, ())) for head in stratum.heads)
        assert counted == there - given
    runs = sum(step.cost.runs for step in work.steps if step is not None)
    assert runs > 100 and sum(step.cost.nanoseconds for step in work.steps if step) > 0
    work.world(stated)
    assert sum(s.cost.runs for s in work.steps if s) == runs, "nothing is run for the same again"


def test_ground_instances_are_those_of_the_compiled_replay() -> None:
    plan = policy("cpcp026")
    encounter = encounters(8)[7]
    program = program_of(plan, encounter)
    assert program is not None
    facts = facts_of(encounter, plan.library.vocabulary)
    relations = {**program.settings, **program.known(facts).relations}
    wanted: dict[str, int] = {}
    for stratum in program.frame.about:
        for position in stratum.rules:
            step = program.steps[position]
            if step is None or not step.can_fire(relations):
                continue
            compiled = compile_instances(step.clause)
            found: list[object] = []
            reads = [read(relations, access) for access in compiled.accesses]
            compiled.function(found.append, *reads, *compiled.constants)
            rule = program.book.rules[position].papers.id
            wanted[rule] = wanted.get(rule, 0) + len(set(map(str, found)))
    given = {rule: ground.instances for rule, ground in ground_instances(program, facts).items()}
    assert given == wanted and sum(given.values()) > 100


def test_the_cost_of_reading_the_clock_is_left_out() -> None:
    assert 0 <= reading_cost() < 1_000_000


def test_a_profile_adds_up() -> None:
    found = profile(encounters(45), lambda plan: policy(plan), Asked(grounded=2))
    assert (found.encounters, found.refused, found.rulebooks) == (45, 0, 1)
    assert found.worlds >= 45 and found.grounded == 2 and found.batch_seconds > 0
    whole = sum(cost.nanoseconds for cost in found.rules.values())
    assert whole == sum(cost.nanoseconds for _, cost in found.strata.values())
    assert sum(c.rows for c in found.rules.values()) == sum(
        c.rows for _, c in found.strata.values()
    )
    report = profile_sections(found, None, "45 documents, the first", 3)
    rules, strata, grounding = report.sections
    assert abs(sum(row["percent"] for row in rules.rows) - 100) < 1
    times = [row["microseconds"] for row in rules.rows]
    assert times == sorted(times, reverse=True)
    assert {row["rule"] for row in rules.rows} == set(found.rules)
    assert grounding.rows and strata.rows
    assert "3 documents of the sample left out" in report.notes[-1]
    short = profile_sections(found, 4, "", 0)
    assert [len(s.rows) for s in short.sections] == [4, 4, 4]
    assert short.sections[0].more == len(rules.rows) - 4


def test_plans_and_days_are_measured_each_by_its_own_rules() -> None:
    docs = [{**doc, "id": f"e{n}"} for n, doc in enumerate(population(4))]
    docs[0]["policy"] = "medicare"
    docs[1]["date"] = "1999-01-01"
    found = profile(
        [encounter_from_data(doc) for doc in docs], lambda plan: policy(plan), Asked(grounded=0)
    )
    assert (found.encounters, found.refused, found.rulebooks) == (3, 1, 2)
    assert not found.grounds


def test_a_sample_is_the_first_or_drawn() -> None:
    docs = [Document("in", n, b"{}") for n in range(100)]
    assert sampled(docs, 10, None) == docs[:10]
    one = sampled(docs, 10, 7)
    assert one == sampled(docs, 10, 7) and one != sampled(docs, 10, 8)
    assert one == sorted(one) and len(set(one)) == 10
    assert sampled(docs, 1000, 7) == docs
    times = [0] * 100
    for seed in range(2000):
        for document in sampled(docs, 10, seed):
            times[document.line] += 1
    assert min(times) > 130 and max(times) < 270, "each as likely as any other"


def test_documents_that_are_none_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "in.ndjson"
    path.write_text('{\n{"id":"x"}\n' + json.dumps(next(iter(population(1)))) + "\n")
    found, refused = read_all(sampled(documents([str(path)]), 10, None))
    assert (len(found), refused) == (1, 2)


@pytest.fixture
def visits(tmp_path: Path) -> str:
    path = tmp_path / "visits.ndjson"
    path.write_text("".join(json.dumps(doc) + "\n" for doc in population(12)) + "{\n")
    return str(path)


def test_the_command(visits: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["batch", "profile", visits, "--ground", "1", "--top", "3"]
    assert run(command) == 0
    said = capsys.readouterr().out
    assert "13 documents, the first" in said and "Rules by processor time" in said
    assert "1 document of the sample left out" in said and "Rules by grounding time" in said
    assert run([*command, "-f", "json", "--seed", "2", "--sample", "6"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "infucode.batch-profile.v1"
    assert data["sample"] == "6 documents, drawn with seed 2"
    assert data["encounters"] + data["left_out"] == 6
    assert len(data["tables"]["rules"]["rows"]) == 3 and data["tables"]["rules"]["more"] > 20
    assert run([*command, "-f", "csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["table"] for row in table} == {"rules", "strata", "grounding"}


def test_what_cannot_be_measured_is_told(
    tmp_path: Path, visits: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def said() -> str:
        return " ".join(capsys.readouterr().err.split())

    bad = tmp_path / "bad.ndjson"
    bad.write_text("{\n")
    assert run(["batch", "profile", str(bad)]) == 2
    assert "can be measured: all refused" in said()
    bad.write_text("")
    assert run(["batch", "profile", str(bad)]) == 2
    assert "there are none" in said()
    assert run(["batch", "profile", visits, "--as-of", "1999-01-01"]) == 2
    assert "of a day with a rulebook" in said()
    assert run(["batch", "profile", visits, "--policy", "medicar"]) != 0
    assert "medicare" in said()
    assert run(["batch", "profile", visits, "--switch", "midnigt=reset"]) == 2
    assert "midnight" in said()
