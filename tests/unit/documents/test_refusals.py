"""Each kind of wrong value: where it is, what was wrong, what would be right."""

from __future__ import annotations

import pytest

from tests.unit.documents.marked import document, only_problem, problems_of

A = "administrations[0]"

FIELDS = [
    pytest.param(
        document("▲datte: x"),
        f"{A}.datte",
        "unknown key `datte`",
        "the administration has the keys `access`",
        id="unknown_key",
    ),
    pytest.param(
        document("▲hcpc: x"),
        f"{A}.hcpc",
        "unknown key `hcpc`",
        "did you mean `hcpcs`?",
        id="near",
    ),
    pytest.param(
        document(head="▲polcy: x\n"), "polcy", "unknown key `polcy`", "`policy`", id="near_at_top"
    ),
    pytest.param(
        document("pump: {▲knd: portable}"), f"{A}.pump.knd", "unknown key", "`kind`", id="in_pump"
    ),
    pytest.param(
        document("category: ▲hydartion"),
        f"{A}.category",
        "`hydartion` is not a word that this field knows",
        "did you mean `hydration`? write one of `hydration`, `electrolyte`",
        id="closed_list",
    ),
    pytest.param(
        document("category: ▲antibiotic"),
        f"{A}.category",
        "`antibiotic` is not a word that this field knows",
        "did you mean `therapeutic`? write one of",
        id="other_word",
    ),
    pytest.param(
        document("purpose: ▲Treatment"), f"{A}.purpose", "`Treatment`", "`treatment`", id="case"
    ),
    pytest.param(
        document("via: ▲xyz"),
        f"{A}.via",
        "`xyz` is not a word",
        "write one of",
        id="no_near_word",
    ),
    pytest.param(
        document("minutes: ▲0"),
        f"{A}.minutes",
        "`0` is outside the range 1 to 89,280",
        "write a whole number from 1 to 89280",
        id="no_minutes",
    ),
    pytest.param(document("minutes: ▲89281"), f"{A}.minutes", "`89281`", "89280", id="62_days"),
    pytest.param(
        document("minutes: ▲1_000"), f"{A}.minutes", "not a whole", "digits only", id="_"
    ),
    pytest.param(document("minutes: ▲0o17"), f"{A}.minutes", "`0o17`", "digits only", id="octal"),
    pytest.param(document("minutes: ▲017"), f"{A}.minutes", "`017`", "digits only", id="zero_17"),
    pytest.param(document("minutes: ▲60.0"), f"{A}.minutes", "`60.0`", "whole", id="60.0"),
    pytest.param(document("minutes: ▲1:30"), f"{A}.minutes", "`1:30`", "whole", id="sexagesimal"),
    pytest.param(document("minutes: ▲٦٠"), f"{A}.minutes", "`٦٠`", "digits", id="arabic_digits"),
    pytest.param(
        document("minutes: ▲" + "9" * 5000), f"{A}.minutes", "9...` is outside", "", id="huge"
    ),
    pytest.param(document("lesions: ▲1000"), f"{A}.lesions", "1 to 999", "999", id="lesions"),
    pytest.param(document("visit: ▲100"), f"{A}.visit", "1 to 99", "99", id="visit"),
    pytest.param(
        document(head="patient_age_years: ▲151\n"), "patient_age_years", "0 to 150", "", id="age"
    ),
    pytest.param(
        document("volume_ml: ▲1e3"),
        f"{A}.volume_ml",
        "`1e3` is not an exact number",
        "in plain digits, such as 2 or 12.5",
        id="exponent",
    ),
    pytest.param(document("volume_ml: ▲.nan"), f"{A}.volume_ml", "`.nan`", "digits", id="nan"),
    pytest.param(document("volume_ml: ▲-.inf"), f"{A}.volume_ml", "`-.inf`", "digits", id="inf"),
    pytest.param(
        document("volume_ml: ▲0"),
        f"{A}.volume_ml",
        "`0` is not a positive",
        "1,000,000",
        id="0_ml",
    ),
    pytest.param(
        document("rate_ml_per_hour: ▲1000000.1"),
        f"{A}.rate_ml_per_hour",
        "",
        "1,000,000",
        id="ml",
    ),
    pytest.param(
        document("volume_ml: ▲0.1234567890123"), f"{A}.volume_ml", "12 digits", "", id="digits"
    ),
    pytest.param(
        document("attended: ▲on"),
        f"{A}.attended",
        "`on` is neither yes nor no",
        "write yes or no (true or false)",
        id="on",
    ),
    pytest.param(
        document("attended: ▲1"), f"{A}.attended", "`1` is neither", "yes or no", id="1"
    ),
    pytest.param(
        document("bag: ▲' b1'"), f"{A}.bag", "the id ` b1` has space at its ends", "", id="space"
    ),
    pytest.param(document("bag: ▲''"), f"{A}.bag", "the id is empty", "1 to 64", id="empty_id"),
    pytest.param(document("bag: ▲" + "x" * 65), f"{A}.bag", "65 characters", "64", id="long_id"),
    pytest.param(
        document(r'bag: ▲"a\tb"'),
        f"{A}.bag",
        r"`a\tb` holds a control character",
        "",
        id="tab_id",
    ),
    pytest.param(document("note: ▲' '"), f"{A}.note", "the text is empty", "text of", id="empty"),
    pytest.param(
        document("indication: ▲" + "x" * 1001),
        f"{A}.indication",
        "1,001",
        "1,000",
        id="long_text",
    ),
    pytest.param(
        document("hcpcs: ▲J24"),
        f"{A}.hcpcs",
        "`J24` is not a code of five letters and digits",
        "five letters and digits, without spaces",
        id="code",
    ),
    pytest.param(
        document("hcpcs: ▲[J2405]"),
        f"{A}.hcpcs",
        "a list stands where one value is",
        "write a code of five",
        id="list_for_value",
    ),
    pytest.param(
        document("pump: ▲portable"),
        f"{A}.pump",
        "a single value stands where the pump is",
        "write a mapping of `key: value` pairs",
        id="value_for_mapping",
    ),
    pytest.param(
        document("intensity: ▲monitoring"),
        f"{A}.intensity",
        "a single value stands where a list is",
        "write a list of words, as in [...]",
        id="value_for_list",
    ),
    pytest.param(
        document("intensity: [monitoring, ▲monitoring]"),
        f"{A}.intensity[1]",
        "`monitoring` stands twice in the list",
        "write it once",
        id="twice_in_list",
    ),
    pytest.param(
        document("intensity: [▲~]"),
        f"{A}.intensity[0]",
        "a value is missing",
        "one of",
        id="null",
    ),
    pytest.param(
        document("documentation: {order: ▲maybe}"),
        f"{A}.documentation.order",
        "`maybe` is neither yes nor no",
        "",
        id="documentation_value",
    ),
    pytest.param(
        document("documentation: {order: ▲~}"),
        f"{A}.documentation.order",
        "`order` is missing from the documentation",
        "leave `order` out",
        id="documentation_null",
    ),
    pytest.param(
        document("documentation: {▲odrer: yes}"),
        f"{A}.documentation.odrer",
        "unknown key `odrer`",
        "`order`",
        id="documentation_key",
    ),
    pytest.param(
        document("dose: {containers: [▲{size: 1, count: 2}]}"),
        f"{A}.dose.containers[0]",
        "`kind` is missing from the container",
        "add `kind:` with one of `single_dose`, `multi_dose`",
        id="missing_in_container",
    ),
    pytest.param(
        document("dose: {per_unit: ▲0}"), f"{A}.dose.per_unit", "positive", "", id="per_unit"
    ),
    pytest.param(
        document("dose: {discarded: ▲-1}"), f"{A}.dose.discarded", "0 or more", "", id="waste"
    ),
]


@pytest.mark.parametrize(("text", "field", "message", "help"), FIELDS)
def test_a_wrong_field_is_refused(text: str, field: str, message: str, help: str) -> None:
    problem = only_problem(text)
    assert problem.field == field
    assert message in problem.message
    assert help in problem.help
    assert problem.help


HEADS = [
    pytest.param(
        document().replace("id: e1\n", "", 1).replace("claim", "▲claim", 1),
        "",
        "`id` is missing from the document",
        "add `id:` with an id of 1 to 64 characters",
        id="no_id",
    ),
    pytest.param(
        document().replace("date: 2024-08-05", "date: ▲05/08/2024"),
        "date",
        "`05/08/2024` is not a date",
        "YYYY-MM-DD",
        id="american_date",
    ),
    pytest.param(
        document().replace("date: 2024-08-05", "date: ▲2024-02-30"),
        "date",
        "`2024-02-30` is not a day of the calendar",
        "YYYY-MM-DD",
        id="february_30",
    ),
    pytest.param(
        document().replace("date: 2024-08-05", "date: ▲1989-12-31"),
        "date",
        "outside the years 1990 to 2100",
        "YYYY-MM-DD",
        id="1989",
    ),
    pytest.param(
        document(head="type_of_bill: ▲13\n"), "type_of_bill", "`13`", "three or four", id="bill"
    ),
    pytest.param(
        document(head="place_of_service: ▲1\n"), "place_of_service", "`1`", "two digits", id="pos"
    ),
    pytest.param(
        document(head="type_of_bill: ▲0131\nplace_of_service: 11\n").replace(
            "facility", "professional"
        ),
        "type_of_bill",
        "a professional claim has no type of bill",
        "write `claim: facility`",
        id="professional_bill",
    ),
    pytest.param(
        "▲" + document().replace("facility", "professional"),
        "",
        "`place_of_service` is missing from the document",
        "two digits",
        id="professional_without_place",
    ),
    pytest.param(
        document().replace("drug: saline, ", "").replace("- {", "- ▲{"),
        A,
        "`drug` is missing from the administration",
        "add `drug:` with text of 1 to 1,000 characters",
        id="no_drug",
    ),
    pytest.param(
        document().replace(", technique: infusion", "").replace("- {", "- ▲{"),
        A,
        "`technique` is missing from the administration",
        "route `iv` needs it",
        id="no_technique",
    ),
    pytest.param(
        "id: e1\nclaim: facility\ndate: 2024-08-05\nadministrations: ▲[]\n",
        "administrations",
        "the document holds nothing to judge",
        "services or claim lines",
        id="nothing",
    ),
    pytest.param(
        "id: e1\nclaim: facility\ndate: 2024-08-05\nadministrations: ▲~\n",
        "administrations",
        "`administrations` is missing from the document",
        "a list of what was given",
        id="null_administrations",
    ),
    pytest.param(
        "▲id: e1\nclaim: facility\ndate: 2024-08-05\n"
        "claim_lines:\n  - {id: L1, code: '96365', units: 1}\n",
        "",
        "`administrations` is missing from the document",
        "or `administrations: []` for a claim without its record",
        id="claim_without_a_record",
    ),
    pytest.param(
        "id: e1\nclaim: facility\ndate: 2024-08-05\nadministrations: [▲a1]\n",
        A,
        "a single value stands where the administration is",
        "mapping",
        id="text_administration",
    ),
    pytest.param(
        document(tail="services:\n- {id: s1, code: 99213, date: ▲2024-08-04}\n"),
        "services[0].date",
        "`2024-08-04` lies before the `date` of the document",
        "begins on 2024-08-05",
        id="service_before",
    ),
    pytest.param(
        document(tail="claim_lines:\n- {id: L1, code: 96365, date: ▲2024-10-06}\n"),
        "claim_lines[0].date",
        "`2024-10-06` lies beyond the limit of 62 days",
        "split it",
        id="line_after",
    ),
    pytest.param(
        document(tail="services:\n- {id: s1, code: 99213, units: ▲10000}\n"),
        "services[0].units",
        "1 to 9,999",
        "",
        id="service_units",
    ),
    pytest.param(
        document(tail="services:\n- {id: s1, code: 99213, provider: ▲self}\n"),
        "services[0].provider",
        "`self`",
        "`same`, `other`",
        id="provider",
    ),
    pytest.param(
        document(tail="claim_lines:\n- {id: L1, code: 96365, charge: ▲$5}\n"),
        "claim_lines[0].charge",
        "`$5` is not an exact number",
        "write an amount of 0 or more in plain digits, such as 2 or 12.5",
        id="charge_in_words",
    ),
    pytest.param(
        document(tail="claim_lines:\n- {id: L1, code: 96365, charge: ▲-5}\n"),
        "claim_lines[0].charge",
        "`-5` is not an amount of 0 or more",
        "write an amount of 0 or more",
        id="charge_below_0",
    ),
    pytest.param(
        document(tail="claim_lines:\n- {id: L1, code: 96365, units: ▲1234567890123}\n"),
        "claim_lines[0].units",
        "more than 12 digits",
        "write a number",
        id="claimed_units",
    ),
    pytest.param(
        document(tail="claim_lines:\n- {id: L1, code: 96365, modifiers: [5▲9]}\n").replace(
            "5▲9", "▲5-9"
        ),
        "claim_lines[0].modifiers[0]",
        "`5-9` is not a modifier",
        "two letters or digits",
        id="modifier",
    ),
    pytest.param(
        document(tail="claim_lines:\n- {id: L1, code: 96365, modifiers: [xs, ▲XS]}\n"),
        "claim_lines[0].modifiers[1]",
        "`XS` stands twice",
        "once",
        id="modifier_twice",
    ),
    pytest.param(
        document(tail="accesses:\n- {id: line-2, device: ▲arterial}\n"),
        "accesses[0].device",
        "`arterial`",
        "`peripheral`",
        id="device",
    ),
    pytest.param(
        document(tail="switches: {midnight: ▲[a]}\n"),
        "switches.midnight",
        "a list stands where one value is",
        "text",
        id="switch_list",
    ),
    pytest.param(
        document(tail="switches: {midnight: ▲}\n"),
        "switches.midnight",
        "`midnight` is missing from the switches",
        "text",
        id="switch_null",
    ),
]


@pytest.mark.parametrize(("text", "field", "message", "help"), HEADS)
def test_a_wrong_document_is_refused(text: str, field: str, message: str, help: str) -> None:
    problem = only_problem(text)
    assert problem.field == field
    assert message in problem.message
    assert help in problem.help


@pytest.mark.parametrize(
    ("key", "things"),
    [
        ("administrations", "administrations"),
        ("claim_lines", "claim lines"),
        ("services", "services"),
        ("accesses", "accesses"),
    ],
)
def test_a_list_over_its_limit_is_refused(key: str, things: str) -> None:
    fields = "drug: x, route: po" if key == "administrations" else "code: 96365"
    fields = "" if key == "accesses" else fields
    items = "".join(f"- {{id: n{n}, {fields}}}\n" for n in range(501))
    text = document().split("administrations")[0] if key == "administrations" else document()
    (problem,) = problems_of(f"{text}{key}:\n{items}")
    assert problem.message == f"501 {things} are more than the limit of 500"
    assert problem.field == key
    assert problem.line == text.count("\n") + 2


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("intensity: [%s]", 5),
        ("concurrent_with: [%s]", 500),
        ("segments: [%s]", 500),
        ("dose: {containers: [%s]}", 100),
    ],
)
def test_inner_lists_have_limits(field: str, limit: int) -> None:
    found = problems_of(document(field % ", ".join(["x"] * (limit + 1))))
    assert f"are more than the limit of {limit}" in found[0].message


def test_all_problems_are_found_in_one_pass_and_in_order() -> None:
    found = problems_of(
        "id: ''\nclaim: x\ndate: 2024-13-01\nadministrations:\n"
        "- {id: a1, route: iv, start: 9:5}\n- 7\nservices: 3\nfoo: 1\n"
    )
    places = [(problem.line, problem.field) for problem in found]
    assert places == [
        (1, "id"),
        (2, "claim"),
        (3, "date"),
        (5, A),
        (5, A),
        (5, f"{A}.start"),
        (6, "administrations[1]"),
        (7, "services"),
        (8, "foo"),
    ]


def test_a_problem_shows_its_line_with_a_caret() -> None:
    problem = problems_of(document(head="policyy: x\n"))[0]
    assert str(problem).splitlines()[:3] == [
        "case.yaml:4:1: unknown key `policyy`",
        "    policyy: x",
        "    ^",
    ]


def test_problems_beyond_a_thousand_are_counted() -> None:
    found = problems_of(document(tail="".join(f"zz{n}: 1\n" for n in range(1500))))
    assert len(found) == 1001
    assert found[-1].message == "500 further problems are not listed"
