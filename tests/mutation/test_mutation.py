"""A fixed sample of the mutants is noticed; and the machinery can tell mutants apart."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from infucode.errors import DocumentError
from infucode.workbench.bench import Bench
from infucode.workbench.cases import Plans, case_files, load_cases
from infucode.workbench.mutants import Mutant
from infucode.workbench.mutating import shown_equivalent
from infucode.workbench.mutation import (
    KILLED,
    REFUSED,
    SURVIVED,
    Result,
    Stage,
    Store,
    Trial,
    known_killers,
)
from infucode.workbench.mutation import run_mutants as run
from infucode.workbench.mutation_cases import case_subjects
from infucode.workbench.survivors import account, read_reasons, report
from tests.mutation.__main__ import REASONS, ROOT, every_mutant

SEED = 20240730
CLAIMS = "claim."
SAMPLES = {"coding": (90, 0.05), "claims": (60, 0.05)}
"""For the rules that code a record, and those that judge a claim, how many mutants are drawn and
the share of those run that may survive the cases without a reason. The whole run, which asks the
oracle too, allows none: `python -m tests.mutation`."""


@lru_cache(maxsize=1)
def plans() -> Plans:
    return Plans(ROOT / "policies")


@lru_cache(maxsize=1)
def every() -> list[Mutant]:
    return every_mutant(plans())


@lru_cache(maxsize=1)
def trial() -> Trial:
    policies = {plan: plans().policy(plan) for plan in plans().known}
    cases = load_cases(case_files(plans().folder), plans())
    return Trial(policies, [Stage("the cases", Bench(policies, case_subjects(cases, plans())))])


def of(text: str) -> Mutant:
    """The one mutant whose key begins so."""
    found = [mutant for mutant in every() if mutant.key.startswith(text)]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("layer", SAMPLES)
def test_a_sample_is_noticed(layer: str) -> None:
    size, allowed = SAMPLES[layer]
    known = [m for m in every() if m.rule.startswith(CLAIMS) is (layer == "claims")]
    chosen = random.Random(SEED).sample(known, size)
    results = run(chosen, trial(), Store(None), jobs=1)
    shown = shown_equivalent(chosen, plans())
    assert not [r.key for r in results if r.key in shown and r.changes]
    found = account(results, read_reasons(REASONS), every(), shown)
    assert found.run > size / 3
    assert len(found.unexplained) <= allowed * found.run, "\n".join(report(found, every()))


def test_reasons_are_for_mutants_that_exist() -> None:
    assert sorted(set(read_reasons(REASONS)) - {mutant.key for mutant in every()}) == []


def test_keys_and_digests_are_unique() -> None:
    assert Counter(m.key for m in every()).most_common(1)[0][1] == 1
    assert Counter(m.digest for m in every()).most_common(1)[0][1] == 1


def test_every_kind_of_change_is_there() -> None:
    kinds = {mutant.operator for mutant in every_mutant(plans(), tables=True)}
    assert kinds == {"drop", "flip", "edge", "number", "entry", "value"}


def test_a_moved_boundary_is_noticed_by_a_case() -> None:
    result = trial().run(of("cpt.form-short-infusion form/2: Minutes<=Limit -> Minutes<Limit"))
    assert (result.status, result.changes) == (KILLED, True)
    assert result.by.startswith("policies/")


def test_a_shifted_value_is_noticed() -> None:
    assert trial().run(of("policies/cpt/layer.toml push_minutes: 15 -> 16")).status == KILLED


def test_an_unsafe_mutant_is_refused() -> None:
    result = trial().run(of("cpt.form-infusion form/2: drop minutes(Administration,Minutes)"))
    assert result.status == REFUSED
    assert "unsafe" in result.why


def test_an_exception_that_is_not_woven_in_is_noticed() -> None:
    woven = [mutant for mutant in every() if mutant.unwoven is not None]
    assert woven
    assert KILLED in {trial().run(mutant).status for mutant in woven[:4]}


def test_a_mutant_that_changes_nothing_survives() -> None:
    assert trial().run(_twin()).status == SURVIVED


def _twin() -> Mutant:
    """A rule that says the same thing twice loses nothing with one of them."""
    mutant = of("cpt.form-short-infusion form/2: Minutes<=Limit -> Minutes<Limit")
    assert mutant.written is not None
    same = replace(mutant.written, body=(*mutant.written.body, mutant.written.body[0]))
    return replace(mutant, clause=same, after=str(same), key=f"{mutant.key} twin")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "kept" / "results.jsonl"


def test_a_stopped_run_goes_on(store: Path) -> None:
    chosen = [of("policies/cpt/layer.toml push_minutes: 15 -> 16"), _twin()]
    first = run(chosen[:1], trial(), Store(store), jobs=1)
    with store.open("a", encoding="utf-8") as file:
        file.write('{"key": "cut sh')
    known = Store(store)
    assert list(known.known.values()) == first
    again = run(chosen, trial(), known, jobs=1)
    assert again[0] == first[0]
    assert [result.status for result in again] == [KILLED, SURVIVED]


def test_what_noticed_a_mutant_last_is_asked_first(store: Path) -> None:
    """Wherever the case stands in its file by now, and though another one comes before it."""
    mutant = of("policies/cpt/layer.toml push_minutes: 15 -> 16")
    first = trial().run(mutant)
    others = [name for name in _killing(mutant) if name != first.by]
    assert others
    result = replace(first, by=others[-1].replace(".yaml:", ".yaml:9"))
    Store(store).add(result)
    killers = known_killers(store.parent)
    assert killers == {mutant.key: result.by}
    again = Trial(trial().policies, trial().stages, killers).run(mutant)
    assert (again.status, again.by) == (KILLED, others[-1])


def _killing(mutant: Mutant) -> list[str]:
    bench = trial().stages[0].bench
    return [
        answered.subject.name
        for group, changes in bench.touched(mutant)
        for answered in group.subjects[:40]
        if answered.changes(changes)
        and bench.try_out(mutant, answered.subject.name).killer == answered.subject.name
    ][:3]


def test_processes_give_what_one_gives() -> None:
    chosen = [of("policies/cpt/layer.toml push_minutes: 15 -> 16"), _twin()]
    alone = run(chosen, trial(), Store(None), jobs=1)
    assert run(chosen, trial(), Store(None), jobs=2) == alone


def test_the_account_tells_what_has_no_reason_and_what_needs_none() -> None:
    first, second, third = every()[:3]
    results = [
        Result(first.key, first.digest, SURVIVED, changes=True),
        Result(second.key, second.digest, KILLED, "the cases", "a case", "why", True),
        Result(third.key, third.digest, REFUSED),
    ]
    found = account(results, {second.key: "x", "gone": "y"}, every())
    assert (found.run, found.share) == (2, 0.5)
    assert [result.key for result in found.unexplained] == [first.key]
    assert found.needless == tuple(sorted(("gone", second.key)))
    text = "\n".join(report(found, every()))
    assert f"- {first.before}" in text and "(some outcome changes)" in text


def test_reasons_of_another_shape_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "survivors.yaml"
    for text in (
        "- reason: x",
        "a: b",
        "- {reason: x, mutants: [a]}\n- {reason: y, mutants: [a]}",
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DocumentError):
            read_reasons(path)
