"""Short proofs: the shortest derivation, numbered steps, nothing twice, no raw atom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.cells import cell_len

from infucode import Policy, load_encounter
from infucode.model.proof import Step
from infucode.passes.instances import Instance
from infucode.passes.values import GroundAtom
from infucode.policy import Solved
from infucode.questions.explain_shortest import Shortest
from infucode.render.proof_tree import render_proof
from tests.golden.test_render_golden import printed

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
ATOM = re.compile(r"[a-z_]\(")
"""A name with arguments, as the rules write it; words have a space before the bracket."""
VARIABLE = re.compile(r"\b[A-Z]\w* = ")


@cache
def solved(path: Path) -> Solved:
    encounter = load_encounter(path)
    return Policy.load(encounter.policy or "cpcp026").solve(encounter)


def steps(trees: list[Step]) -> Iterator[Step]:
    for step in trees:
        yield step
        yield from steps(list(step.children))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_of_every_example_is_told(path: Path) -> None:
    answer = solved(path)
    for (number, index), trees in answer.proofs(short=True).items():
        line = answer.code_sets[number].lines[index]
        assert {tree.says for tree in trees} == {reason.says for reason in line.because}
        assert {tree.rule for tree in trees} == {reason.rule for reason in line.because}
        _check_numbers(trees)
        for step in steps(trees):
            assert not ATOM.search(step.text), step.text
            assert not VARIABLE.search(step.text), step.text
            assert not step.place and not step.bindings and step.kind != "absent"
            if step.kind == "rule":
                assert step.rule and step.cite and step.says


def _check_numbers(trees: list[Step]) -> None:
    """Rule steps are numbered in reading order; a reference names a step above."""
    count = 0
    leaves = []
    for step in steps(trees):
        if step.kind == "rule":
            count += 1
            assert step.number == count
        elif step.kind == "repeated":
            assert 0 < step.number < count + 1
        else:
            leaves.append((step.kind, step.text))
    assert len(leaves) == len(set(leaves))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_short_is_short(path: Path) -> None:
    answer = solved(path)
    short = sum(len(list(steps(trees))) for trees in answer.proofs(short=True).values())
    full = sum(len(list(steps(trees))) for trees in answer.proofs().values())
    assert short * 4 < full or full < 20


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_line_is_wider_than_the_window(path: Path) -> None:
    trees = [tree for trees in solved(path).proofs(short=True).values() for tree in trees]
    for width in (60, 80, 160):
        for tree in trees[:6]:
            text = printed(lambda c, a, t=tree: render_proof(t, c, ascii_only=a), width)  # type: ignore[misc]
            assert max(map(cell_len, text.splitlines())) <= width


def test_each_threshold_that_a_line_hangs_on_is_told() -> None:
    """Every comparison with a setting in the full proof of the first line is in the short one."""
    answer = solved(next(p for p in EXAMPLES if p.stem == "chemotherapy-hospital"))
    for key, trees in answer.proofs().items():
        full = {
            re.sub(r"\D+", " ", step.text.split("  (")[0]).strip()
            for step in steps(trees)
            if step.kind == "comparison" and re.match(r"\d+ >=? (15|30|31|90)\b", step.text)
        }
        short = " ".join(
            re.sub(r"\([^()]*\)", "", step.text)
            for step in steps(answer.proofs(short=True)[key])
            if step.kind == "comparison"
        )
        for pair in full:
            left, right = pair.split()
            assert re.search(rf"\b{left} minutes?\s+>=? {right} minutes", short), (pair, short)


def instance(rule: int, head: str, *holds: str) -> Instance:
    atoms: tuple[GroundAtom, ...] = tuple((name,) for name in holds)
    return Instance(rule, (head,), (), atoms, (), (), (), ())


def chosen(items: list[Instance], given: str, atom: str) -> int:
    """The rule by which the shortest proof gives an atom."""
    by_head: dict[GroundAtom, list[Instance]] = {}
    for item in items:
        by_head.setdefault(item.head, []).append(item)
    made: Any = SimpleNamespace(
        behind=lambda known: by_head.get(known, []),
        given=frozenset((name,) for name in given),
    )
    found = Shortest(cast("Any", made)).instance((atom,))
    assert found is not None
    return found.rule


def test_the_proof_with_fewer_steps_is_taken_though_it_is_deeper() -> None:
    deep = [instance(1, "goal", "x"), instance(2, "x", "a")]
    wide = [instance(3, "goal", "p", "q", "r"), *(instance(4, n, "a") for n in "pqr")]
    assert chosen([*wide, *deep], "a", "goal") == 1


def test_what_is_shared_counts_once() -> None:
    shared = [instance(1, "goal", "p", "q"), instance(2, "p", "big"), instance(3, "q", "big"),
              instance(4, "big", "a", "b", "c")]  # fmt: skip
    apart = [instance(5, "goal", "s", "t"), instance(6, "s", "d", "e"), instance(7, "t", "f")]
    assert chosen([*apart, *shared], "abcdef", "goal") == 5
    longer = [*apart[:2], instance(7, "t", "g", "h", "i")]
    assert chosen([*longer, *shared], "abcdefghi", "goal") == 1


def test_no_proof_runs_in_a_circle() -> None:
    circle = [instance(1, "goal", "other"), instance(2, "other", "goal"),
              instance(3, "goal", "x", "y"), instance(4, "x", "a"),
              instance(5, "y", "x")]  # fmt: skip
    assert chosen(circle, "a", "goal") == 3


def test_a_view_with_fewer_lines_than_were_found_keeps_its_proofs(tmp_path: Path) -> None:
    """More than 32 code sets: only the certain line is shown, and it has its own proof."""
    given = [f'- {{id: a{n}, drug: d{n}, category: therapeutic, route: iv, technique: infusion, '
             f'start: "1{n}:00"}}' for n in range(1, 5)]  # fmt: skip
    given.append('- {id: b1, drug: x, category: therapeutic, route: im, technique: injection, '
                 'start: "10:00"}')  # fmt: skip
    path = tmp_path / "many.yaml"
    path.write_text("\n".join(['id: m', 'claim: facility', 'place_of_service: "22"',
                               'date: 2024-08-05', 'ends: "16:00"', 'administrations:', *given]))
    answer = solved(path)
    assert answer.outcome == "blocked"
    (line,) = answer.code_sets[0].lines
    for short in (True, False):
        (trees,) = answer.proofs(short=short).values()
        assert {tree.says for tree in trees} == {reason.says for reason in line.because}
