"""The runner of cases: what it refuses, what it finds, what it shows."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from textwrap import dedent, indent

import pytest
from rich.console import Console

from infucode.errors import DocumentError, Problem, UsageError
from infucode.workbench.cases import (
    Case,
    CaseResult,
    Plans,
    case_files,
    fired_rules,
    load_cases,
    run_case,
    run_cases,
    select_cases,
)

POLICIES = Path(__file__).resolve().parents[2] / "policies"
PLANS = Plans(POLICIES)

DRIP = """\
encounter:
  claim: facility
  date: 2024-08-05
  administrations:
    - {id: a1, drug: drug A, category: therapeutic, route: iv, technique: infusion, minutes: 16}
"""
TWO = """\
encounter:
  claim: facility
  date: 2024-08-05
  ends: "10:20"
  administrations:
    - {id: a1, drug: drug A, category: therapeutic, route: iv, technique: infusion,
       start: "10:00"}
"""
CODED = "expect:\n  lines: [{code: '96365', units: 1}]\n"


def case_text(rest: str, name: str = "A case", encounter: str = DRIP) -> str:
    return f"- name: {name}\n" + indent(encounter + dedent(rest), "  ")


def written(folder: Path, *cases: str) -> Path:
    path = folder / "topic.yaml"
    path.write_text("\n".join(cases), encoding="utf-8")
    return path


def loaded(folder: Path, *cases: str) -> list[Case]:
    return load_cases([written(folder, *cases)], PLANS)


def result_of(folder: Path, rest: str, encounter: str = DRIP) -> CaseResult:
    (case,) = loaded(folder, case_text(rest, encounter=encounter))
    return run_case(case, PLANS)


def refused(folder: Path, *cases: str) -> tuple[Problem, ...]:
    with pytest.raises(DocumentError) as caught:
        loaded(folder, *cases)
    return caught.value.problems


def output(
    folder: Path, *cases: str, select: str | None = None, width: int = 100
) -> tuple[int, str]:
    text = StringIO()
    console = Console(file=text, width=width)
    code = run_cases(POLICIES, select=select, files=[written(folder, *cases)], console=console)
    return code, text.getvalue()


# ---- what passes and what does not


def test_a_case_that_holds_passes(tmp_path: Path) -> None:
    result = result_of(tmp_path, CODED + "fires: [cpt.form-infusion]\nsilent: [cpt.form-push]\n")
    assert result.passed
    assert result.differences == ()


@pytest.mark.parametrize(
    ("rest", "difference"),
    [
        pytest.param(
            "expect:\n  lines: [{code: '96365', units: 2}]\n",
            "96365: 2 units expected, 1 reported",
            id="units",
        ),
        pytest.param(
            "expect:\n  lines: [{code: '96374', units: 1}]\n",
            "96374: 1 unit expected, 0 reported",
            id="a missing code",
        ),
        pytest.param(
            "expect:\n  lines: []\n",
            "96365 x1 is reported; no such line is expected",
            id="a code too many",
        ),
        pytest.param(
            "expect:\n  lines: [{code: '96365', units: 1, modifiers: ['59']}]\n",
            "96365-59: 1 unit expected, 0 reported (there is 96365 x1)",
            id="a modifier",
        ),
        pytest.param(
            "expect:\n  lines: [{code: '96365', units: 1, date: 2024-08-06}]\n",
            "96365 on 2024-08-06: 1 unit expected, 0 reported (there is 96365 x1)",
            id="a date",
        ),
        pytest.param(
            "expect:\n  lines: [{code: '96365', units: 1, visit: 2, access: line-2}]\n",
            "96365 in visit 2 at line-2: 1 unit expected, 0 reported (there is 96365 x1)",
            id="a visit and an access",
        ),
        pytest.param(
            "expect: {absent: ['96365']}\n",
            "96365: 1 unit reported; it is to be on no line",
            id="an absent code",
        ),
        pytest.param(
            "expect: {outcome: blocked}\n",
            "the outcome is coded; blocked is expected",
            id="the outcome",
        ),
        pytest.param(
            "expect:\n  not_reported: [{administration: a1, rule: cpt.no-time}]\n",
            "a1 is to be left out by cpt.no-time; left out of it: nothing",
            id="something not reported",
        ),
        pytest.param(
            "expect:\n  asks: [{administration: a1, fact: stop}]\n",
            "`stop` of a1 is to be asked; asked: nothing",
            id="a question",
        ),
        pytest.param(
            "fires: [cpt.no-time]\n",
            "the rule cpt.no-time is to fire and did not: Without a start, minutes or a rate no "
            "timed code can be earned.",
            id="a rule that did not fire",
        ),
        pytest.param(
            "silent: [cpt.form-infusion]\n",
            "the rule cpt.form-infusion is to be silent and fired: A drip of 16 minutes or "
            "more is an infusion.",
            id="a rule that fired",
        ),
    ],
)
def test_a_difference_is_a_sentence_with_the_numbers(
    tmp_path: Path, rest: str, difference: str
) -> None:
    assert difference in result_of(tmp_path, rest).differences


def test_left_out_modifiers_fit_any_and_units_are_totals(tmp_path: Path) -> None:
    shots = """\
    encounter:
      claim: facility
      date: 2024-08-05
      administrations:
        - {id: a1, drug: drug A, category: therapeutic, route: im, technique: injection}
        - {id: a2, drug: drug B, category: therapeutic, route: im, technique: injection}
    """
    total = "expect:\n  lines: [{code: '96372', units: 2}]\n"
    plain = "expect:\n  lines: [{code: '96372', units: 1, modifiers: []}]\n"
    assert result_of(tmp_path, total, dedent(shots)).passed
    assert result_of(tmp_path, plain, dedent(shots)).differences == (
        "96372-59 x1 is reported; no such line is expected",
    )
    assert result_of(tmp_path, plain + "  complete: false\n", dedent(shots)).passed


def test_code_sets_are_compared_as_a_whole(tmp_path: Path) -> None:
    one = "  code_sets:\n    - lines: [{code: '96374', units: 1}]\n"
    other = "    - lines: [{code: '96365', units: 1}]\n"
    assert result_of(tmp_path, f"expect:\n{one}{other}", TWO).passed
    assert result_of(tmp_path, f"expect:\n{one}", TWO).differences == (
        "code set 2 [96365 x1] is not expected",
    )
    third = "    - lines: [{code: '96413', units: 1}]\n"
    assert result_of(tmp_path, f"expect:\n{one}{other}{third}", TWO).differences == (
        "no code set is [96413 x1]",
    )


def test_a_question_that_is_not_expected_is_a_difference(tmp_path: Path) -> None:
    result = result_of(tmp_path, "expect:\n  outcome: ambiguous\n  asks: []\n", TWO)
    assert result.differences == ("`stop` of a1 is asked; it is not expected",)


def test_switches_and_policy_are_used(tmp_path: Path) -> None:
    pushed = "switches: {missing_stop: push}\nexpect:\n  lines: [{code: '96374', units: 1}]\n"
    assert result_of(tmp_path, pushed, TWO).passed
    result = result_of(tmp_path, "policy: medicare\n" + CODED)
    assert result.passed and result.solution.policy.id == "medicare"


# ---- which rules fired


def test_an_outcome_rule_fires_with_its_outcome_only(tmp_path: Path) -> None:
    fired = fired_rules(result_of(tmp_path, CODED).solved)
    assert "cpt.initial-facility" in fired
    assert "cpt.category-unknown" not in fired
    """Its helper `known_family` holds, the question is not put."""


def test_a_table_fires_where_a_row_is_used(tmp_path: Path) -> None:
    fired = fired_rules(result_of(tmp_path, CODED).solved)
    assert {"cpt.classes", "cpt.codes-initial"} <= fired
    assert not {"cpt.primaries", "cpt.facility-places", "cpt.sc-infusion"} & fired


def test_a_notice_fires(tmp_path: Path) -> None:
    late = DRIP.replace("2024-08-05", "2025-09-26")
    assert "cpcp026.superseded" in fired_rules(result_of(tmp_path, CODED, late).solved)


# ---- what is refused


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    problems = refused(
        tmp_path,
        case_text("expects: {}\nfires: [cpt.form-infusion]\n", "One"),
        case_text("fires: [cpt.form-infusoin]\n", "Two"),
    )
    assert [(p.line, p.message) for p in problems] == [
        (7, "unknown key `expects`"),
        (16, "the plan has no rule `cpt.form-infusoin`"),
    ]
    assert problems[0].help.startswith("did you mean `expect`?")
    assert problems[1].help == "did you mean `cpt.form-infusion`?"
    assert problems[0].place.endswith("topic.yaml:7:3")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        pytest.param("", "the case `A case` expects nothing, so it can never fail", id="nothing"),
        pytest.param(
            "expect: {}\n", "nothing is expected here, so the case can never fail", id="empty"
        ),
        pytest.param(
            "expect: {lines: [], complete: false}\n",
            "nothing is expected here, so the case can never fail",
            id="no lines, not complete",
        ),
        pytest.param(
            "expect: {absent: ['96365'], complete: true}\n",
            "`complete` says nothing without `lines`",
            id="complete without lines",
        ),
        pytest.param(
            "expect: {lines: [{code: '96365'}]}\n", "`units` is missing from the line", id="units"
        ),
        pytest.param(
            "expect: {lines: [{code: '96365', units: 1, date: 5 Aug}]}\n",
            "`5 Aug` is not a date",
            id="a date",
        ),
        pytest.param(
            "expect: {outcome: code}\n",
            "`code` is not a word that this field knows",
            id="an outcome",
        ),
        pytest.param(
            "expect: {asks: [{administration: a9, fact: stop}]}\n",
            "there is no administration `a9`",
            id="an administration",
        ),
        pytest.param(
            "expect: {not_reported: [{rule: cpt.no-time}]}\n",
            "`administration` is missing from the entry",
            id="nobody",
        ),
        pytest.param(
            "fires: [cpt.no-time]\nsilent: [cpt.no-time]\n",
            "`cpt.no-time` is to fire and to be silent",
            id="both",
        ),
        pytest.param(
            "policy: cpcp062\n" + CODED, "there is no plan `cpcp062`", id="an unknown plan"
        ),
        pytest.param(
            "switches: {missing_stops: push}\n" + CODED,
            "there is no switch `missing_stops`",
            id="an unknown switch",
        ),
        pytest.param(
            "switches: {missing_stop: pull}\n" + CODED,
            "there is no value `pull`",
            id="an unknown value",
        ),
        pytest.param(
            "source: {url: example.org}\n" + CODED,
            "`title` is missing from the source",
            id="a source without a title",
        ),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, rest: str, message: str) -> None:
    assert message in [problem.message for problem in refused(tmp_path, case_text(rest))]


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    problems = refused(tmp_path, case_text(CODED, "Twice"), case_text(CODED, "Twice"))
    assert [p.message for p in problems] == ["the name `Twice` is used by the case on line 1"]


def test_a_broken_encounter_is_told_with_the_lines_of_the_case_file(tmp_path: Path) -> None:
    broken = DRIP.replace("technique: infusion", "technique: infusoin")
    broken = broken.replace("claim: facility", "claim: facility\n  dates: 2024-08-05")
    problems = refused(tmp_path, case_text(CODED, encounter=broken))
    assert [(p.line, p.message) for p in problems] == [
        (4, "unknown key `dates`"),
        (7, "`infusoin` is not a word that this field knows"),
    ]
    assert "did you mean `infusion`?" in problems[1].help


def test_a_case_without_an_encounter_is_refused(tmp_path: Path) -> None:
    problems = refused(tmp_path, "- name: Empty\n  fires: [cpt.no-time]\n")
    assert [p.message for p in problems] == ["`encounter` is missing from the case `Empty`"]


@pytest.mark.parametrize("text", ["", "name: x\n", "[]\n", "text\n"])
def test_a_file_that_is_no_list_of_cases_is_refused(tmp_path: Path, text: str) -> None:
    problems = refused(tmp_path, text)
    assert [p.message for p in problems] == ["a case file is a list of cases, and this is none"]


def test_an_item_that_is_no_case_is_refused(tmp_path: Path) -> None:
    assert [p.message for p in refused(tmp_path, "- text\n")] == ["a case is a mapping"]


def test_broken_yaml_and_missing_files_are_refused(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "- name: [\n")
    assert problem.message.startswith("the YAML cannot be read")
    with pytest.raises(DocumentError, match=r"none\.yaml: is missing"):
        load_cases([tmp_path / "none.yaml"], PLANS)


def test_the_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("- x\n")
    second.write_text("- y\n")
    with pytest.raises(DocumentError) as caught:
        load_cases([first, second], PLANS)
    assert [Path(p.file).name for p in caught.value.problems] == ["a.yaml", "b.yaml"]


# ---- what is shown


def test_all_passed(tmp_path: Path) -> None:
    assert output(tmp_path, case_text(CODED)) == (0, "1 passed, 0 failed\n")


def test_a_failure_shows_difference_and_explanation(tmp_path: Path) -> None:
    wrong = "why: to show it\nexpect:\n  lines: [{code: '96374', units: 1}]\n"
    code, text = output(tmp_path, case_text(wrong, "Sixteen minutes"), case_text(CODED))
    assert code == 1
    assert text.startswith("failed: Sixteen minutes\n")
    assert "topic.yaml:1\n" in text
    assert "96374: 1 unit expected, 0 reported" in text
    assert "why: to show it" in text
    assert "Drug infusion, initial" in text
    assert "is the initial service" in text
    assert text.endswith("\n1 passed, 1 failed\n")


def test_a_missing_rule_is_shown(tmp_path: Path) -> None:
    _, text = output(tmp_path, case_text("fires: [cpt.form-push]\n"))
    assert "the rule cpt.form-push is to fire and did not" in text


@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_console(tmp_path: Path, width: int) -> None:
    wrong = case_text("expect:\n  lines: [{code: '96374', units: 1}]\n", "A long name " * 9)
    _, text = output(tmp_path, wrong, width=width)
    assert max(map(len, text.splitlines())) <= width


def test_names_are_never_markup(tmp_path: Path) -> None:
    wrong = case_text("expect: {outcome: blocked}\n", "'[bold]A[/bold] [/etc/x] \\e'")
    _, text = output(tmp_path, wrong)
    assert "[bold]A[/bold] [/etc/x] \\e" in text


def test_cases_are_selected_by_rule_file_or_text(tmp_path: Path) -> None:
    one = case_text(CODED + "fires: [cpt.form-infusion]\n", "First of two")
    two = case_text(CODED + "why: because\n", "Second of two")
    cases = loaded(tmp_path, one, two)
    assert [c.name for c in select_cases(cases, "cpt.form-infusion")] == ["First of two"]
    assert [c.name for c in select_cases(cases, "BECAUSE")] == ["Second of two"]
    assert select_cases(cases, "topic.yaml") == cases
    assert output(tmp_path, one, two, select="second") == (0, "1 passed, 0 failed\n")


def test_selecting_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no case fits `nothing like it`"):
        output(tmp_path, case_text(CODED), select="nothing like it")


def test_the_files_of_a_policy_folder_are_found() -> None:
    names = {str(path.relative_to(POLICIES)) for path in case_files(POLICIES)}
    assert "cpt/cases/time.yaml" in names
    assert all(name.endswith(".yaml") for name in names)
