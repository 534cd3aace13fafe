"""The machinery of a check, over a small layer of claim rules: facts, steps, order, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date as Date
from pathlib import Path
from typing import Any

import pytest

from infucode import Policy, encounter_from_data
from infucode.engine.answer import Outcome
from infucode.engine.claim_facts import Record, claim_facts_of
from infucode.errors import DocumentError, UsageError
from infucode.model.claim import Violation
from infucode.model.encounter import ClaimLine, Encounter
from infucode.questions.check import Judged
from infucode.questions.check_order import OUTCOMES
from infucode.render.check_json import checked_to_json
from infucode.render.json_view import dumps
from infucode.tables import AddOn, Edition, Mue, PtpEdit, Quarter, Slice, Used
from tests.badinput.policies_load import load
from tests.unit.questions.claim_rules import small_folder, small_policy

DRIP = {"id": "a1", "drug": "ceftriaxone", "category": "therapeutic", "route": "iv",
        "technique": "infusion", "start": "10:00", "stop": "10:40"}  # fmt: skip
PUSH = {"id": "a2", "drug": "ondansetron", "category": "therapeutic", "route": "iv",
        "technique": "push", "start": "10:05"}  # fmt: skip
OPEN = {key: value for key, value in DRIP.items() if key != "stop"}
RIGHT = [{"id": "L1", "code": "96365"}, {"id": "L2", "code": "96375"}]


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return small_policy(tmp_path_factory.mktemp("small"))


def claim(lines: object, *given: dict[str, Any], **more: object) -> Encounter:
    data: dict[str, Any] = {
        "id": "e", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
        "ends": "12:00", "administrations": list(given), **more,
    }  # fmt: skip
    if lines is not None:
        data["claim_lines"] = lines
    return encounter_from_data(data)


def states(judged: Judged) -> dict[str, str]:
    return {line.line: line.state for line in judged.checked.lines}


def found(judged: Judged) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (v.severity, v.rule.removeprefix("claim.small-"), v.lines)
        for v in judged.checked.violations
    ]


# ---- with the record


def test_what_the_record_earns_stands(policy: Policy) -> None:
    judged = policy.check(claim(RIGHT, DRIP, PUSH))
    assert judged.outcome == "valid"
    assert states(judged) == {"L1": "stands", "L2": "stands"}
    assert judged.checked.violations == ()
    assert judged.checked.record == "complete"
    assert judged.checked.lines[0].label


def test_each_kind_of_finding_in_its_order(policy: Policy) -> None:
    lines = [
        {"id": "L1", "code": "96375", "modifiers": ["59"]},
        {"id": "L2", "code": "96366", "units": "1.5"},
        {"id": "L3", "code": "96375", "units": "2"},
        {"id": "L4", "code": "96375"},
    ]
    judged = policy.check(claim(lines, DRIP, PUSH))
    assert judged.outcome == "violating"
    assert states(judged) == {
        "L1": "review", "L2": "violates", "L3": "violates", "L4": "violates",
    }  # fmt: skip
    assert found(judged) == [
        ("deny", "unfit", ("L2",)),
        ("deny", "unsupported", ("L2",)),
        ("deny", "twice", ("L3", "L1")),
        ("deny", "units", ("L3",)),
        ("deny", "twice", ("L4", "L1")),
        ("deny", "twice", ("L4", "L3")),
        ("review", "modifier", ("L1",)),
        ("advise", "omitted", ()),
    ]


def test_sentences_name_lines_items_and_administrations(policy: Policy) -> None:
    lines = [{"id": "L9", "code": "96365", "units": "3", "modifiers": ["59"]}]
    judged = policy.check(claim(lines, DRIP, PUSH))
    units, modifier, omitted = judged.checked.violations
    assert units.says == (
        "L9 (96365-59) claims 3 units, the record earns 1: 96365 for ceftriaxone 10:00."
    )
    assert units.administrations == modifier.administrations == ("a1",)
    assert units.cite == "infucode small"
    assert omitted.says == "96375 for ondansetron 10:05 is not claimed."
    assert omitted.omitted is not None
    assert (omitted.omitted.code, omitted.omitted.units) == ("96375", 1)
    assert omitted.administrations == ("a2",)
    assert judged.checked.omitted == (omitted,)


def test_a_line_that_names_an_administration_is_about_it(policy: Policy) -> None:
    lines = [{"id": "L1", "code": "96367", "administrations": ["a2"]}, *RIGHT[1:]]
    violation = policy.check(claim(lines, DRIP, PUSH)).checked.violations[0]
    assert (violation.rule, violation.administrations) == ("claim.small-unsupported", ("a2",))


def test_advice_changes_neither_state_nor_outcome(policy: Policy) -> None:
    long = {**DRIP, "stop": "13:00"}
    right = [{"id": "L1", "code": "96365"}, {"id": "L2", "code": "96366", "units": "2"}]
    assert policy.check(claim(right, long, ends="14:00")).checked.violations == ()
    fewer = [right[0], {"id": "L2", "code": "96366"}]
    judged = policy.check(claim(fewer, long, ends="14:00"))
    assert found(judged) == [("advise", "fewer", ("L2",))]
    assert judged.outcome == "valid" and states(judged)["L2"] == "stands"


def test_an_ambiguous_record_leaves_undecided_what_hangs_on_it(policy: Policy) -> None:
    lines = [{"id": "L1", "code": "96374"}, {"id": "L2", "code": "96413"}]
    judged = policy.check(claim(lines, OPEN))
    assert judged.checked.record == "open"
    assert states(judged) == {"L1": "undecided", "L2": "violates"}
    (ask,) = judged.checked.state("L1").asks
    assert ask.fact == "stop" and ask.says == "When did ceftriaxone 10:00 stop?"
    (because,) = judged.checked.state("L1").because
    assert because.says == "L1 (96374) hangs on what the record leaves open."
    assert judged.checked.state("L2").asks == ()
    assert policy.check(claim(lines[:1], OPEN)).outcome == "undecided"
    untold = checked_to_json(judged.checked)["not_checked"]
    assert {"what": "L1 (96374)", "why": because.says} in untold
    assert any(item["what"] == "L1" and ask.says in item["why"] for item in untold)


def test_what_every_code_set_holds_is_expected(policy: Policy) -> None:
    shot = {"id": "a3", "drug": "ketorolac", "category": "therapeutic", "route": "im",
            "technique": "injection", "start": "10:20"}  # fmt: skip
    judged = policy.check(claim([{"id": "L1", "code": "96374"}], OPEN, shot))
    assert found(judged) == [("advise", "omitted", ())]
    omitted = judged.checked.violations[0].omitted
    assert omitted is not None and omitted.code == "96372"


def test_of_too_many_code_sets_each_line_is_possible(policy: Policy) -> None:
    runs = [
        {**OPEN, "id": f"a{n}", "drug": f"drug {n}", "start": f"{8 + n:02}:00"} for n in range(5)
    ]
    lines = [{"id": "L1", "code": "96366"}, {"id": "L2", "code": "96413"}]
    encounter = claim(lines, *runs, ends="23:00")
    assert len(policy.solve(encounter, explain=False).found) > 32
    judged = policy.check(encounter)
    assert states(judged) == {"L1": "undecided", "L2": "violates"}


def test_strict_lets_no_stand_in_pass(policy: Policy) -> None:
    given = {**DRIP, "id": "a3", "drug": "cefepime", "start": "10:15", "stop": "11:15"}
    encounter = claim([{"id": "L1", "code": "96365"}, {"id": "L2", "code": "96367"}], DRIP, given)
    solved = policy.solve(encounter, strict=True)
    assert solved.outcome == "ambiguous"
    certain = {n.code for n in solved.code_sets[0].lines if n.certain}
    judged = policy.check(encounter, strict=True)
    assert judged.checked.record == "open"
    assert {n.line for n in judged.checked.lines if n.state == "undecided"} == {
        line.id for line in encounter.claim_lines if line.code not in certain
    }
    assert policy.check(encounter).checked.record == "complete"


def test_the_claim_changes_nothing_of_solve(policy: Policy) -> None:
    bare, claimed = claim(None, DRIP, PUSH), claim(RIGHT, DRIP, PUSH)
    assert policy.solve(bare).solution == policy.solve(claimed).solution


# ---- without the record


def test_without_a_record_the_lines_are_undecided(policy: Policy) -> None:
    judged = policy.check(claim([{"id": "L1", "code": "96365"}]))
    assert (judged.outcome, judged.checked.record) == ("undecided", "none")
    assert states(judged) == {"L1": "undecided"}
    judged = policy.check(claim([{"id": "L1", "code": "96365", "units": "0"}]))
    assert (judged.outcome, states(judged)) == ("violating", {"L1": "violates"})
    assert not any("must show" in item.why for item in judged.checked.not_checked)


def test_what_no_table_covers_is_told(policy: Policy) -> None:
    untold = policy.check(claim([{"id": "L1", "code": "J0696"}])).checked.not_checked
    assert [(item.what, item.rule) for item in untold] == [
        ("L1 (J0696)", "claim.small-no-record"),
        ("J0696", "claim.small-no-table"),
        ("rows of the CMS tables beyond the rules' own", ""),
    ]


# ---- the facts of the second step


def facts(encounter: Encounter, policy: Policy, held: Slice | None = None) -> set[str]:
    record = Record("none", {}, {})
    made = claim_facts_of(encounter, record, held, policy.library.vocabulary)
    return {str(atom) for _, atom in made.signed}


@pytest.mark.parametrize(("units", "wanted"), [
    (None, "line_units(l0,1)"), ("1", "line_units(l0,1)"), ("2.0", "line_units(l0,2)"),
    ("100000", "line_units(l0,100000)"), ("1.5", "line_units_unfit(l0)"),
    ("0", "line_units_unfit(l0)"), ("-1", "line_units_unfit(l0)"),
    ("0.99999999999", "line_units_unfit(l0)"),
])  # fmt: skip
def test_units(units: str | None, wanted: str, policy: Policy) -> None:
    line = {"id": "L1", "code": "96365", **({} if units is None else {"units": units})}
    made = {f for f in facts(claim([line]), policy) if f.startswith("line_units")}
    assert made == {wanted}


def test_more_units_than_can_be_counted_are_refused(policy: Policy) -> None:
    with pytest.raises(DocumentError, match=r"line `L1` claims 100001 units, more than 100,000"):
        policy.check(claim([{"id": "L1", "code": "96365", "units": "100001"}]))


def test_more_units_than_can_be_counted_are_not_earned_either(policy: Policy) -> None:
    dose = {"administered": "350", "per_unit": "0.0003"}
    given = {"id": "a1", "drug": "infliximab", "hcpcs": "J1745", "category": "therapeutic",
             "route": "iv", "technique": "infusion", "start": "10:00", "stop": "11:00",
             "dose": dose}  # fmt: skip
    with pytest.raises(DocumentError, match=r"the record earns 1,166,667 units of J1745, more"):
        policy.check(claim([{"id": "L1", "code": "96365"}], administrations=[given]))


@pytest.mark.parametrize(
    ("ends", "day", "outside"),
    [
        ("12:00", 0, False),
        ("12:00", 1, True),
        ("24:00", 0, False),
        ("24:00", 1, False),
        ("24:00", 2, True),
        ("2024-08-06T00:01", 1, False),
        (None, 9, False),
        ("12:00", -1, True),
    ],
)
def test_dates(ends: str | None, day: int, outside: bool, policy: Policy) -> None:
    encounter = claim([{"id": "L1", "code": "96365"}], ends=ends)
    (line,) = encounter.claim_lines
    made = facts(replace(encounter, claim_lines=(replace(line, day=day),)), policy)
    assert ("line_outside(l0)" in made) is outside
    assert (f"line_day(l0,{day})" in made) is (day >= 0)


def test_what_a_line_says_of_itself(policy: Policy) -> None:
    lines = [
        {"id": "x", "code": "J9999", "modifiers": ["JW", "59"], "visit": 2, "charge": "0.00",
         "description": "a drug", "ndc": "1234", "administrations": ["a1"], "date": "2024-08-05"},
        {"id": "y", "code": "J9999", "charge": "12.5"},
        {"id": "z", "code": "J9999", "charge": "0.001"},
    ]  # fmt: skip
    made = facts(claim(lines, {**DRIP, "hcpcs": "J0696", "dose": {"hcpcs": "J0697"}}), policy)
    assert made >= {
        "line_place(l0,1)", "line_place(l1,2)", 'line_modifier(l0,"JW")', "line_visit(l0,2)",
        'line_charge(l0,"0.00")', "line_free(l0)", "line_described(l0)", "line_ndc(l0)",
        "line_for(l0,a0)", 'line_charge(l1,"12.50")', 'line_charge(l2,"0.001")',
        'given_drug(a0,"J0696")', 'given_drug(a0,"J0697")', "record(none)",
    }  # fmt: skip
    assert not made & {"line_free(l1)", "line_free(l2)", "line_described(l1)", "line_ndc(l1)"}
    assert not any(fact.startswith("administration(") for fact in made)


def held() -> Slice:
    quarter = Quarter(2024, 3)

    def used(kind: str, *, extract: bool = False) -> Used:
        edition = Edition(kind, "facility", quarter, 1, (), "", "", extract)
        return Used(kind, edition, "exact", f"{kind} of {quarter}")

    return Slice(
        "facility", Date(2024, 8, 5),
        (PtpEdit("96365", "96375", 1, Date(2024, 1, 1), None, ""),),
        (Mue("96365", 2, 3, ""), Mue("96375", 9_999_999, 3, "")),
        (AddOn("96375", 1, ("96365",)), AddOn("96376", 3, ("96374",), notes=("ask them",))),
        (used("ptp"), used("mue", extract=True), used("addon")), (),
    )  # fmt: skip


class Shelf:
    """Stands in for a store."""

    folder = Path()
    asked: tuple[object, ...] = ()

    def slice(self, *asked: object) -> Slice:
        self.asked = asked
        return held()


def test_what_rests_on_imported_rows_names_their_edition() -> None:
    """Not what comes from the rules' own rows, or from no table at all."""
    more = {"id": "L3", "code": "96365", "units": "3", "modifiers": ["59"]}
    encounter = claim([*RIGHT, more, {"id": "L4", "code": "96366", "units": "0"}])
    shelf: Any = Shelf()
    judged = Policy.load().check(encounter, tables=shelf)
    cites = {
        (v.rule.removeprefix("claim."), v.lines[0]): v.cite.partition("imported ")[2]
        for v in judged.checked.violations
    }
    assert cites == {
        ("pair", "L2"): "PTP edits of 2024Q3",
        ("most-units-review", "L1"): "MUE values of 2024Q3",
        ("most-units-review", "L3"): "MUE values of 2024Q3",
        ("units-unfit", "L4"): "",
    }


def test_imported_rows_are_facts_and_editions_are_told(policy: Policy) -> None:
    encounter = claim([{"id": "L1", "code": "96365", "units": "3"}, *RIGHT[1:]])
    made = facts(encounter, policy, held())
    assert {f for f in made if f.startswith(("held_", "holds("))} == {
        'held_edit("96365","96375",1)', 'held_most("96365",2,3)',
        'held_primary("96375","96365")', "holds(pairs)", "holds(primaries)",
    }  # fmt: skip
    shelf: Any = Shelf()
    judged = policy.check(encounter, tables=shelf)
    assert shelf.asked == (["96365", "96375"], encounter.date, "facility")
    assert ("deny", "held", ("L2", "L1")) in found(judged)
    assert ("review", "most", ("L1",)) in found(judged)
    untold = [(item.what, item.why) for item in judged.checked.not_checked if not item.rule]
    assert ("PTP edits of other editions", "held against ptp of 2024Q3") in untold
    assert any(what == "primaries of 96376" and "ask them" in why for what, why in untold)
    assert not any(item.rule == "claim.small-no-table" for item in judged.checked.not_checked)


def test_a_line_of_another_quarter_is_told(policy: Policy) -> None:
    encounter = claim([{"id": "L1", "code": "96365", "date": "2024-10-01"}], date="2024-09-30",
                      ends="2024-10-02T10:00")  # fmt: skip
    shelf: Any = Shelf()
    told = [item.what for item in policy.check(encounter, tables=shelf).checked.not_checked]
    assert "L1 (96365) by tables of 2024Q4" in told


# ---- what is refused, and what no version judges


def test_a_document_without_a_claim_is_sent_to_solve(policy: Policy) -> None:
    with pytest.raises(DocumentError) as caught:
        policy.check(claim(None, DRIP))
    (problem,) = caught.value.problems
    assert "no `claim_lines`" in problem.message and "infucode solve" in problem.help


def test_an_empty_claim_omits_everything(policy: Policy) -> None:
    judged = policy.check(claim([], DRIP, PUSH))
    assert judged.outcome == "valid"
    assert [v.omitted.code for v in judged.checked.omitted if v.omitted] == ["96365", "96375"]


def test_an_empty_claim_without_a_record_is_refused(policy: Policy) -> None:
    flush = {**DRIP, "purpose": "flush", "category": "hydration", "stop": "10:01"}
    with pytest.raises(DocumentError, match="the record earns none"):
        policy.check(claim([], flush))


def test_a_plan_without_claim_rules_says_so(tmp_path: Path) -> None:
    folder = small_folder(tmp_path)
    profile = folder / "cpcp026" / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace(', "claim"', ""), encoding="utf-8")
    with pytest.raises(UsageError, match="has no rules about claims"):
        load(folder).check(claim(RIGHT))


def test_a_date_before_the_first_version_leaves_all_undecided(policy: Policy) -> None:
    judged = policy.check(claim(RIGHT, DRIP, date="2024-01-05"))
    assert judged.outcome == "undecided" and set(states(judged).values()) == {"undecided"}
    assert judged.checked.violations == ()
    assert judged.checked.not_checked[0].what == "the claim"
    assert judged.explain("L1") == [] and judged.confirmed()


def test_a_superseded_version_is_told_and_under_strict_judges_nothing(policy: Policy) -> None:
    late = claim(RIGHT, DRIP, PUSH, date="2025-12-05")
    judged = policy.check(late)
    assert judged.outcome == "valid"
    (notice,) = judged.checked.violations
    assert (notice.severity, notice.lines) == ("advise", ())
    assert judged.proofs() == {}
    assert policy.check(late, strict=True).outcome == "undecided"
    assert policy.check(late, as_of=Date(2024, 8, 5)).checked.violations == ()


# ---- many lines, proofs, equal bytes


def test_many_lines_beside_one_are_told_together(policy: Policy) -> None:
    lines = tuple(ClaimLine(f"L{n}", "96365") for n in range(500))
    checked = policy.check(replace(claim(RIGHT, DRIP, PUSH), claim_lines=lines)).checked
    assert len(checked.lines) == 500
    last = checked.about("L499")
    assert last == (
        Violation(
            "claim.small-twice", "deny", ("L499", *(f"L{n}" for n in range(499))), ("a1",),
            "L499 (96365) repeats L0 (96365). So it is beside 498 further lines.",
            "infucode small",
        ),
    )  # fmt: skip
    assert [v.lines for v in checked.about("L3")] == [("L3", "L0"), ("L3", "L1"), ("L3", "L2")]


def test_proofs_end_in_the_claim_and_the_record(policy: Policy) -> None:
    lines = [{"id": "L1", "code": "96365", "units": "2"}]
    judged = policy.check(claim(lines, DRIP))
    assert judged.confirmed()
    (tree,) = judged.explain(0)
    assert tree.rule == "claim.small-units" and tree.bindings
    texts = {step.text for step in tree.children}
    assert "line_units(L1 (96365), 2)" in texts
    assert "item_units(96365 for ceftriaxone 10:00, 1)" in texts
    (short,) = judged.explain(0, short=True)
    said = [step.text for step in short.children]
    assert "2 (line units of L1 (96365)) > 1 (item units of 96365 for ceftriaxone 10:00)" in said
    none = policy.check(claim(lines))
    assert [step.rule for step in none.explain("L1")] == ["claim.small-no-record"]


def claims() -> Iterator[Encounter]:
    yield claim(RIGHT, DRIP, PUSH)
    yield claim([{"id": "L1", "code": "96365", "units": "2.5", "modifiers": ["59"]}], OPEN, PUSH)
    yield claim([{"id": "L1", "code": "96413"}, {"id": "L2", "code": "96413"}])
    yield claim([], DRIP)


def test_the_grounder_finds_the_same(policy: Policy) -> None:
    for encounter in claims():
        reasons = policy.check(encounter).reasons
        assert reasons is not None
        program = reasons.program
        grounded = program.outcomes_of(program.run(reasons.facts, whole=True))
        own = {str(atom) for atom in reasons.model.outcomes()}
        assert own == {str(atom) for atom in grounded}
        assert any(atom.split("(")[0] in OUTCOMES for atom in own) or encounter.administrations


def test_equal_input_gives_equal_bytes(policy: Policy) -> None:
    again = Policy(policy.library)
    for encounter in claims():
        first = dumps(checked_to_json(policy.check(encounter).checked))
        for other in (policy, again):
            assert dumps(checked_to_json(other.check(encounter).checked)) == first


def test_without_messages_the_judgement_is_the_same(policy: Policy) -> None:
    for encounter in claims():
        told = policy.check(encounter).checked
        bare = policy.check(encounter, explain=False).checked
        assert told.outcome == bare.outcome
        assert [(v.rule, v.lines) for v in told.violations] == [
            (v.rule, v.lines) for v in bare.violations
        ]
        assert all(not v.says for v in bare.violations)


def test_a_finding_is_an_outcome_of_the_program(policy: Policy) -> None:
    judged = policy.check(claim([{"id": "L1", "code": "96413"}], DRIP))
    ((finding, *_), *_) = judged.sources.values()
    assert isinstance(finding.outcome, Outcome)
    assert str(finding.outcome.atom) == 'deny("claim.small-unsupported",l0)'
