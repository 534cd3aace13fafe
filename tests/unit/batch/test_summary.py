"""Summaries of runs equal what plain Python counts in the answers, in every form of output."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.population import claimed as with_claim
from benchmarks.population import population
from infucode.batch.run import Settings, rejects_of, run_to_file
from infucode.batch.summary.telling import compare, summarize
from infucode.batch.tables_out import write_tables
from infucode.batch.tasks import Question, Task
from infucode.render.batch_sections import Sections
from tests.unit.batch import recounted
from tests.unit.batch.recounted import Doc, checked, solution, write


def rows(report: Sections, table: str, *keys: str) -> dict[Any, Doc]:
    """The rows of a table by some of their values; none twice."""
    (section,) = (s for s in report.sections if s.id == table)
    found = {}
    for row in section.rows:
        key = tuple(row[name] for name in keys)
        assert key not in found
        found[key if len(keys) > 1 else key[0]] = row
    return found


def agree(given: dict[Any, Doc], wanted: dict[Any, Doc]) -> None:
    """Every value that was counted is told; what was not counted is nothing."""
    assert set(given) == set(wanted)
    for key, row in wanted.items():
        told = {name: given[key][name] for name in row}
        assert told == dict(row), key
        others = ("possible", "lines_least", "units_least", "alone", "warnings")
        assert not any(given[key].get(name) for name in others if name not in row), key


def of_solve(report: Sections, answers: list[Doc]) -> None:
    told = rows(report, "outcomes", "outcome")
    counted = recounted.outcomes(answers)
    assert {name: row["encounters"] for name, row in told.items()} == counted
    for name, row in told.items():
        assert row["percent"] == recounted.share(counted[name], len(answers))
    agree(rows(report, "codes", "code"), recounted.codes(answers))
    agree(rows(report, "units", "units"), recounted.units(answers))
    agree(rows(report, "questions", "fact"), recounted.questions(answers))
    judged = rows(report, "policies", "rulebook")
    assert {digest: row["encounters"] for digest, row in judged.items()} == Counter(
        answer["policy"]["digest"] for answer in answers
    )


def of_check(report: Sections, answers: list[Doc]) -> None:
    assert {
        name: row["encounters"] for name, row in rows(report, "outcomes", "outcome").items()
    } == recounted.outcomes(answers)
    assert {
        state: row["claim_lines"] for state, row in rows(report, "claim_lines", "state").items()
    } == Counter(line["state"] for answer in answers for line in answer["lines"])
    by_rule = recounted.violations(answers, "rule", "severity")
    agree(rows(report, "violations", "rule", "severity"), by_rule)
    severities = {key[0]: row for key, row in recounted.violations(answers, "severity").items()}
    agree(rows(report, "severities", "severity"), severities)


@pytest.fixture(params=range(3))
def source(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(f"summary {request.param}")


def drawn(source: random.Random, number: int) -> list[Doc]:
    ids = [f"e{n}" for n in range(number)] + list(recounted.HOSTILE)
    return [solution(id, source) for id in ids]


def test_drawn_answers_are_counted(source: random.Random, tmp_path: Path) -> None:
    answers = drawn(source, 120)
    path = write(tmp_path / "answers.ndjson", answers)
    report = summarize(str(path), None)
    of_solve(report, answers)
    agree(rows(report, "rules", "rule"), recounted.rules(answers))
    blocked = recounted.outcomes(answers)["blocked"]
    assert f"{blocked} encounter" in report.notes[0]
    facts = [row["fact"] for s in report.sections if s.id == "questions" for row in s.rows]
    assert facts[0] == "stop", "missing stops first"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_tables_say_what_the_answers_say(
    kind: str, source: random.Random, tmp_path: Path
) -> None:
    answers = drawn(source, 60)
    path = write(tmp_path / "answers.ndjson", answers)
    write_tables(path, tmp_path / "tables", kind)
    told = [{**a, "encounter": a["encounter"].replace("\t", "\\t")} for a in answers]
    report = summarize(str(tmp_path / "tables"), None)
    of_solve(report, told if kind == "csv" else answers)
    one = summarize(str(tmp_path / "tables" / f"lines.{kind}"), None)
    assert one.sections == report.sections, "a table stands for its folder"
    path = write(tmp_path / "told.ndjson", told if kind == "csv" else answers)
    changes = compare(str(path), str(tmp_path / "tables"), None)
    (fate,) = rows(changes, "encounters", "fate").values()
    assert (fate["fate"], fate["encounters"]) == ("unchanged", len(answers))


def test_drawn_checks_are_counted(source: random.Random, tmp_path: Path) -> None:
    answers = [checked(f"e{n}", source) for n in range(100)]
    path = write(tmp_path / "checked.ndjson", answers)
    report = summarize(str(path), None)
    of_check(report, answers)
    kinds = rows(report, "not_checked", "what")
    assert set(kinds) == {"96365", "99284", "claim lines"}
    assert kinds["claim lines"]["encounters"] == 100
    write_tables(path, tmp_path / "tables", "csv")
    again = summarize(str(tmp_path / "tables"), None)
    assert again.sections == report.sections


def changed(answers: list[Doc], source: random.Random, draw: Any) -> list[Doc]:
    """The same encounters in another order: some drawn anew, some gone, some new."""
    found = []
    for answer in answers:
        kind = source.randrange(8)
        if kind == 0:
            continue
        if kind < 3:
            found.append(draw(answer["encounter"], source))
            continue
        again = json.loads(json.dumps(answer))
        for one in again.get("code_sets", ()):
            source.shuffle(one["lines"])
        source.shuffle(again.get("code_sets", []))
        if kind == 3 and again.get("warnings"):
            again["warnings"][0]["rule"] = source.choice(recounted.RULES)
        found.append(again)
    found += [draw(f"new{n}", source) for n in range(5)]
    source.shuffle(found)
    return found


def test_two_runs_are_compared(source: random.Random, tmp_path: Path) -> None:
    before = drawn(source, 150)
    after = changed(before, source, solution)
    report = compare(
        str(write(tmp_path / "a.ndjson", before)), str(write(tmp_path / "b.ndjson", after)), None
    )
    fates = recounted.fates(before, after)
    told = rows(report, "encounters", "fate")
    assert {name: row["encounters"] for name, row in told.items()} == {
        name: len(ids) for name, ids in fates.items()
    }
    assert {name: row["examples"] for name, row in told.items()} == {
        name: recounted.first(ids) for name, ids in fates.items()
    }
    moves = Counter((a["outcome"], b["outcome"]) for a, b in recounted.shared(before, after))
    outcomes = rows(report, "outcomes", "outcome_before", "outcome_after")
    assert {key: row["encounters"] for key, row in outcomes.items()} == moves
    agree(rows(report, "codes", "code"), recounted.code_changes(before, after))
    agree(rows(report, "rules", "part", "rule"), recounted.rule_changes(before, after))
    assert len(fates["changed"]) > 5 and len(fates["unchanged"]) > 5


def test_two_checks_are_compared(source: random.Random, tmp_path: Path) -> None:
    before = [checked(f"e{n}", source) for n in range(80)]
    after = changed(before, source, checked)
    report = compare(
        str(write(tmp_path / "a.ndjson", before)), str(write(tmp_path / "b.ndjson", after)), None
    )
    fates = recounted.fates(before, after)
    told = rows(report, "encounters", "fate")
    assert {n: r["encounters"] for n, r in told.items()} == {n: len(i) for n, i in fates.items()}
    moves = Counter(
        (x["state"], y["state"])
        for a, b in recounted.shared(before, after)
        for x, y in zip(a["lines"], b["lines"], strict=True)
        if x["state"] != y["state"]
    )
    lines = rows(report, "claim_lines", "state_before", "state_after")
    assert {key: row["claim_lines"] for key, row in lines.items()} == moves
    agree(rows(report, "rules", "part", "rule"), recounted.rule_changes(before, after))


def run(docs: list[Doc], folder: Path, question: Question, refused: int = 0) -> Path:
    text = "".join(json.dumps(doc) + "\n" for doc in docs)
    wrong = ('{"id":"=1+1","x":1}\n', "{\n", '{"id":"half"}\n') * refused
    (folder / "in.ndjson").write_text(text + "".join(wrong[:refused]), encoding="utf-8")
    output = folder / f"{question}.ndjson"
    run_to_file(Task(question), [str(folder / "in.ndjson")], output, Settings())
    return output


def test_a_population_is_counted(tmp_path: Path) -> None:
    output = run(list(population(60, first=40)), tmp_path, Question.solve, refused=3)
    answers = [json.loads(text) for text in output.read_text(encoding="utf-8").splitlines()]
    report = summarize(str(output), None)
    of_solve(report, answers)
    assert ("documents", "read 63 = answered 60 + rejected 3") in report.about
    rejects = rejects_of(output).read_text(encoding="utf-8").splitlines()
    told = rows(report, "rejects", "error", "reason")
    agree(told, recounted.reasons([json.loads(text) for text in rejects]))
    (section,) = (s for s in report.sections if s.id == "rules")
    assert "do not say which rule" in section.note
    assert not any(row["lines_most"] for row in section.rows)


def test_a_population_of_claims_is_counted(tmp_path: Path) -> None:
    lines: list[tuple[str, int, tuple[str, ...]]] = [("96365", 1, ()), ("96375", 2, ())]
    docs = [with_claim(doc, lines) for doc in population(12)]
    output = run(docs, tmp_path, Question.check)
    answers = [json.loads(text) for text in output.read_text(encoding="utf-8").splitlines()]
    of_check(summarize(str(output), None), answers)
    assert any(answer["violations"] for answer in answers)


def test_only_so_many_rows_are_told(tmp_path: Path) -> None:
    source = random.Random(5)
    path = write(tmp_path / "a.ndjson", drawn(source, 80))
    whole, short = summarize(str(path), None), summarize(str(path), 2)
    for one, other in zip(whole.sections, short.sections, strict=True):
        assert list(other.rows) == list(one.rows)[:2]
        assert other.more == max(len(one.rows) - 2, 0)
