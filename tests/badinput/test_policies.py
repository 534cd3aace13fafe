"""A broken policy folder ends in a PolicyError that says where and what to do, and soon."""

from __future__ import annotations

import os
import re
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infucode.documents import encounter_from_data
from infucode.engine.limits import Limits
from infucode.errors import LimitError, PolicyError, Problem, UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet
from infucode.policy import Policy
from tests.badinput.policies_broken import (
    BROKEN_RULES,
    HEAD,
    NEW_FILE,
    PAPERS,
    Broken,
    append,
    write,
)
from tests.badinput.policies_broken_files import BROKEN_FILES
from tests.badinput.policies_load import SHIPPED, copy_policies, load

RULE_FILES = sorted(
    path.relative_to(SHIPPED).as_posix()
    for path in SHIPPED.rglob("*.lp")
    if path.parent.name != "medicare"
)
SAMPLE = {
    "id": "sample",
    "claim": "facility",
    "date": "2024-08-05",
    "administrations": [
        {"id": "a1", "drug": "alpha", "category": "therapeutic", "route": "iv",
         "technique": "infusion", "start": "10:00", "stop": "11:40"},
        {"id": "a2", "drug": "saline", "category": "hydration", "route": "iv",
         "technique": "infusion", "start": "11:00", "stop": "13:40"},
        {"id": "a3", "drug": "beta", "category": "therapeutic", "route": "iv",
         "technique": "push", "start": "14:00"},
    ],
}  # fmt: skip


@cache
def shipped_answer() -> tuple[CodeSet, ...]:
    return load(SHIPPED).solve(encounter_from_data(SAMPLE)).solution.code_sets


@pytest.fixture(scope="module")
def fuzz_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_policies(tmp_path_factory.mktemp("fuzz"))


SECONDS = 300.0  # a guard against hanging, not a measure of speed
BROKEN = (*BROKEN_RULES, *BROKEN_FILES)


def refusal(folder: Path) -> PolicyError:
    begin = time.perf_counter()
    with pytest.raises(PolicyError) as caught:
        load(folder)
    assert time.perf_counter() - begin < SECONDS
    return caught.value


def fits(problem: Problem, broken: Broken) -> bool:
    return (
        broken.words in problem.message
        and broken.file in problem.file
        and broken.line in (None, problem.line)
        and broken.column in (None, problem.column)
    )


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_broken_policy_is_refused(broken: Broken, tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    broken.edit(folder)
    error = refusal(folder)
    assert error.exit_code == 3
    assert any(fits(problem, broken) for problem in error.problems), str(error)
    for problem in error.problems:
        assert problem.file.startswith("policies/"), problem
        assert problem.help, problem
        assert problem.message and "\n" not in problem.message + problem.help + problem.source
        assert problem.column == 0 or problem.line > 0
        assert problem.source.isprintable() or "\t" in problem.source
        assert not problem.message.endswith((".", "\n"))


def test_ids_are_distinct_and_many() -> None:
    ids = [broken.id for broken in BROKEN]
    assert len(ids) == len(set(ids)) > 100


def only_problem(folder: Path) -> Problem:
    (problem,) = refusal(folder).problems
    return problem


def caret(problem: Problem) -> str:
    """The text of the shown line from the caret on."""
    _, shown, pointer, *_ = str(problem).split("\n")
    assert pointer.strip() == "^"
    return shown[pointer.index("^") :]


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ('hcpcs(_, "é"), ', "letters-of-two-bytes"),
        ('hcpcs(_, "💉"), ', "letters-of-four-bytes"),
        ('hcpcs(_, "药"), hcpcs(_, "ß"), ', "many-letters"),
        ("\t", "a-tab"),
        ("\tiv(Administration),\t", "tabs"),
        ("%* é *% ", "comment"),
    ],
    ids=lambda text: text if text.replace("-", "").isalpha() else "",
)
def test_the_caret_points_at_the_word(before: str, name: str, tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    write(NEW_FILE, f"{PAPERS}{HEAD},\n{before}strat(Administration).\n")(folder)
    problem = only_problem(folder)
    assert problem.line == 6, name
    assert problem.source[problem.column - 1 :] == "strat(Administration)."
    assert caret(problem) == "strat(Administration)."


def test_a_tab_before_the_caret_stays_a_tab(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    write(NEW_FILE, f"{PAPERS}{HEAD},\n\t\tstrat(Administration).\n")(folder)
    assert "\n    \t\t^\n" in str(only_problem(folder))


def same_answers(policy: Policy) -> None:
    encounter = encounter_from_data(SAMPLE)
    assert policy.solve(encounter).solution.code_sets == shipped_answer()


def test_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    for path in [*folder.rglob("*.lp"), *folder.rglob("*.toml")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    same_answers(load(folder))


def test_windows_line_ends_are_not_shown(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    write(NEW_FILE, f"{PAPERS}{HEAD},\n strat(A).\n".replace("\n", "\r\n"))(folder)
    assert "\r" not in str(refusal(folder))


def test_a_megabyte_of_comments_is_read(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    comments = "% a comment with iv(A) and #include\n" * 15_000
    nested = "%* outer %* #include <incmode>. *% é 99999999999 *%\n" * 10_000
    write(NEW_FILE, f"{comments}{nested}{PAPERS}{HEAD}, iv(Administration).\n")(folder)
    begin = time.perf_counter()
    same_answers(load(folder))
    assert time.perf_counter() - begin < SECONDS


def test_texts_may_hold_what_rules_may_not(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    label = 'a "#include" é %* 99999999999 \\\\ {x} \\n'.replace('"', '\\"')
    path = "cpt/tables-codes.lp"
    append(path, f'label("X1", "{label}").\n')(folder)
    same_answers(load(folder))


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    write(NEW_FILE, f"{PAPERS}:- iv(A).\n{{ iv(A) }}.\n-iv(a).\n")(folder)
    write("cpcp026/zz.lp", f"{PAPERS}#show.\n")(folder)
    write("switches.toml", "x = 1\n")(folder)
    problems = refusal(folder).problems
    assert {p.file for p in problems} >= {f"policies/{NEW_FILE}", "policies/cpcp026/zz.lp"}
    assert [(p.file, p.line, p.column) for p in problems] == sorted(
        (p.file, p.line, p.column) for p in problems
    )
    assert sum(p.file.endswith("cpt/zz-broken.lp") for p in problems) == 3


def test_an_unknown_plan_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean `cpcp026`"):
        Policy.load("cpcp062")


@pytest.mark.parametrize("plan", ["", ".", "..", "../policies/cpcp026", "cpt", "\0", "a" * 5000])
def test_a_plan_is_a_name(plan: str) -> None:
    with pytest.raises(UsageError):
        Policy.load(plan)


def test_a_folder_without_vocabulary_is_no_policy_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a policy folder"):
        Policy.load("cpcp026", policies=tmp_path)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(("delete", "double", "swap", "letter", "token")),
        st.integers(0, 10**6),
        st.sampled_from((*"().,:-;_%@{}\"' aZ09=<>!+*/|~&#\\\té\n", "not ", ":-", "%*", "*%")),
    ),
    min_size=1,
    max_size=3,
)


def fuzzed(text: str, edits: list[tuple[str, int, str]]) -> str:
    """The text after each edit."""
    for kind, number, letter in edits:
        spans = [m.span() for m in re.finditer(r"\w+|\s+|.", text)] or [(0, 0)]
        if kind in ("letter", "swap"):
            at = number % max(len(text) - 1, 1)
            start, end = at, min(at + 2 if kind == "swap" else at, len(text))
        else:
            start, end = spans[number % len(spans)]
        piece = text[start:end]
        new = {"delete": "", "double": piece * 2, "swap": piece[::-1]}.get(kind, letter)
        text = text[:start] + new + text[end:]
    return text


@settings(
    max_examples=int(os.environ.get("INFUCODE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.sampled_from(RULE_FILES), EDITS)
def test_a_fuzzed_rule_file_loads_or_is_refused(
    fuzz_folder: Path, name: str, edits: list[tuple[str, int, str]]
) -> None:
    path = fuzz_folder / name
    text = (SHIPPED / name).read_text(encoding="utf-8")
    path.write_text(fuzzed(text, edits), encoding="utf-8")
    begin = time.perf_counter()
    try:
        policy = load(fuzz_folder)
        policy.solve(encounter_from_data(SAMPLE), explain=False)
    except PolicyError as error:
        assert all(p.message and p.file for p in error.problems)
    finally:
        path.write_text(text, encoding="utf-8")
    assert time.perf_counter() - begin < SECONDS


def exploding(folder: Path, ways: int = 6) -> Policy:
    """A policy with a sound rule that joins every administration with every other."""
    names = [f"A{n}" for n in range(ways)]
    joins = ", ".join(f"administration({name})" for name in names)
    tie = ", ".join(f"{a} != {b}" for a, b in zip(names, names[1:], strict=False))
    write(
        NEW_FILE,
        f"{PAPERS}big({', '.join(names)}) :- {joins}, {tie}.\n"
        f"{HEAD}, big(Administration, {', '.join('_' * (ways - 1))}).\n",
    )(folder)
    return load(folder)


def crowd(number: int) -> Encounter:
    items = [{"id": f"a{n}", "drug": "x", "route": "po"} for n in range(number)]
    return encounter_from_data({**SAMPLE, "administrations": items})


def test_an_exploding_rule_ends_at_the_time_limit(tmp_path: Path) -> None:
    policy = exploding(copy_policies(tmp_path))
    begin = time.perf_counter()
    with pytest.raises(LimitError, match="within 2 seconds"):
        policy.solve_guarded(crowd(60), Limits(seconds=2, megabytes=20_000))
    assert time.perf_counter() - begin < SECONDS
    solution, _ = policy.solve_guarded(crowd(1), Limits(seconds=30))
    assert solution.outcome == "coded"


def test_an_exploding_rule_ends_at_the_memory_limit(tmp_path: Path) -> None:
    policy = exploding(copy_policies(tmp_path))
    with pytest.raises(LimitError, match="memory"):
        policy.solve_guarded(crowd(60), Limits(seconds=120, megabytes=600))
    solution, _ = policy.solve_guarded(crowd(1), Limits(seconds=30))
    assert solution.outcome == "coded"
    assert policy.solve(crowd(2)).solution.outcome == "coded"


def test_a_rule_that_joins_tables_without_end_does_not_hang_the_load(tmp_path: Path) -> None:
    folder = copy_policies(tmp_path)
    names = [f"C{n}" for n in range(8)]
    joins = ", ".join(f"label({name}, _)" for name in names)
    write(
        NEW_FILE,
        f"{PAPERS}big({', '.join(names)}) :- {joins}.\n{HEAD}, big({', '.join('_' * 8)}).\n",
    )(folder)
    begin = time.perf_counter()
    load(folder)
    assert time.perf_counter() - begin < SECONDS
