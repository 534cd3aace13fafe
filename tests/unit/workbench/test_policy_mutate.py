"""`policy mutate`: what kills a mutant, what is told of one that lives."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from infucode.documents import encounter_from_data
from infucode.errors import DocumentError, UsageError
from infucode.workbench.bench import MutantPolicy
from infucode.workbench.cases import chosen_cases
from infucode.workbench.mutating import Fate, Mutated, Wanted, diff_of, killers, mutate
from infucode.workbench.mutation import KILLED, REFUSED, SURVIVED
from infucode.workbench.mutation_report import document_text, mutated_to_json, render_mutated
from infucode.workbench.plans import Plans
from tests.unit.workbench.small import case, cases, small_folder

OWN = Wanted("small.*")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = small_folder(tmp_path_factory.mktemp("mutate"))
    cases(made, case("Long run", 17), case("Short run", 15, ""))
    return made


def run(folder: Path, wanted: Wanted = OWN, **options: object) -> Mutated:
    plans = Plans(folder)
    chosen = chosen_cases(plans, select=None, files=[])
    return mutate(plans, chosen, wanted, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def mutated(folder: Path) -> Mutated:
    return run(folder)


def fate(mutated: Mutated, text: str) -> Fate:
    (found,) = [f for f in mutated.fates if f.mutant.key.startswith(text)]
    return found


def test_the_first_case_that_notices_kills(mutated: Mutated) -> None:
    found = fate(mutated, "small.long long/1: Minutes>Limit -> Minutes>=Limit")
    assert found.result.status == KILLED
    assert found.result.by == "policies/small/cases/runs.yaml:13 Short run"
    assert found.nearest is None
    assert dict(killers(mutated))["policies/small/cases/runs.yaml:13 Short run"] >= 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"- reason: a\n  mutants: [b\n", "reasons.yaml:3:1: expected ',' or ']'"),
        (b"\xff\xfe\xff", "no YAML"),
    ],
)
def test_reasons_that_are_no_yaml(
    folder: Path, tmp_path: Path, text: bytes, message: str
) -> None:
    path = tmp_path / "reasons.yaml"
    path.write_bytes(text)
    with pytest.raises(DocumentError) as caught:
        run(folder, reasons=path)
    assert message in str(caught.value)


def test_a_cache_that_cannot_be_kept_is_refused_at_once(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "cache"
    file.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot keep results"):
        run(folder, cache=file)


def test_what_the_loader_refuses_is_not_counted(mutated: Mutated) -> None:
    found = fate(mutated, "small.short withheld/3: drop administration(Administration)")
    assert found.result.status == REFUSED
    assert mutated.run + len(mutated.having(REFUSED)) == len(mutated.fates)
    assert mutated.score == 100 * mutated.killed / mutated.run


def test_a_survivor_is_a_diff_and_the_nearest_encounter_kills_it(
    mutated: Mutated, folder: Path
) -> None:
    found = fate(mutated, "small.long long/1: drop not attended")
    assert found.result.status == SURVIVED
    lines = diff_of(found.mutant).splitlines()
    assert lines[:2] == ["--- policies/small/runs.lp:8", "+++ policies/small/runs.lp:8 (mutant)"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        "-    not attended(Administration,no)"
    ]
    assert found.nearest is not None and found.nearest.change == "`attended` of a1 = False"
    assert found.nearest.now != found.nearest.mutated
    encounter = encounter_from_data(yaml.safe_load(document_text(found.nearest)))
    policy = Plans(folder).policy("cpcp026")
    own = policy.solve(encounter).code_sets
    other = MutantPolicy(policy, found.mutant).solve(encounter).code_sets
    assert [s.lines for s in own] != [s.lines for s in other]


def test_an_answer_that_no_case_expects_is_told(mutated: Mutated) -> None:
    found = fate(mutated, "small.short withheld/3: drop not long")
    assert found.result.status == SURVIVED and found.result.changes
    assert found.nearest is not None and found.nearest.change.startswith("as it is")


def test_processes_find_the_same(mutated: Mutated, folder: Path) -> None:
    again = run(folder, jobs=3)
    assert [f.result for f in again.fates] == [f.result for f in mutated.fates]
    assert [f.nearest for f in again.fates] == [f.nearest for f in mutated.fates]


def test_results_are_kept(folder: Path, tmp_path: Path) -> None:
    first = run(folder, cache=tmp_path, seek=False)
    (kept,) = tmp_path.glob("*.jsonl")
    size = kept.stat().st_size
    assert [f.result for f in run(folder, cache=tmp_path, seek=False).fates] == [
        f.result for f in first.fates
    ]
    assert kept.stat().st_size == size


def test_reasons_stand_beside_survivors(folder: Path, tmp_path: Path, mutated: Mutated) -> None:
    key = fate(mutated, "small.long long/1: drop not attended").mutant.key
    path = tmp_path / "reasons.yaml"
    path.write_text(f"- reason: nobody cares\n  mutants: ['{key}']\n", encoding="utf-8")
    found = fate(run(folder, reasons=path), key)
    assert found.reason == "nobody cares" and found.nearest is None
    killed = mutated.having(KILLED)[0].mutant.key
    path.write_text(f"- reason: x\n  mutants: ['{key}', '{killed}', 'gone']\n", encoding="utf-8")
    assert run(folder, reasons=path, seek=False).needless == tuple(sorted((killed, "gone")))
    assert run(folder, Wanted("small.short"), reasons=path, seek=False).needless == ("gone",)
    with pytest.raises(UsageError, match="there is no file"):
        run(folder, reasons=tmp_path / "none.yaml")
    path.write_text("a: b", encoding="utf-8")
    with pytest.raises(DocumentError):
        run(folder, reasons=path)


def test_samples_and_names(folder: Path) -> None:
    assert len(run(folder, Wanted("small.*", sample=3), seek=False).fates) == 3
    with pytest.raises(UsageError, match=r"no rule or value with mutants fits `smal\.x`"):
        run(folder, Wanted("smal.x"))


def test_the_report(mutated: Mutated) -> None:
    out = StringIO()
    render_mutated(mutated, Console(file=out, width=100), killed=True)
    text = out.getvalue()
    assert text.startswith(f"Mutants  {int(mutated.score * 10) / 10:.1f} %: {mutated.killed} of ")
    assert "would be killed by  policies/small/cases/runs.yaml:3" in text
    assert "Killed  by the first case that notices" in text
    data = json.loads(mutated_to_json(mutated))
    run_of = mutated.run - len(mutated.equivalent)
    assert data["files"] == [
        {"file": "policies/small/runs.lp", "killed": mutated.killed, "of": run_of}
    ]
    assert data["run"] == mutated.run and len(data["results"]) == len(mutated.fates)
    assert {row["status"] for row in data["results"]} == {KILLED, SURVIVED, REFUSED}
