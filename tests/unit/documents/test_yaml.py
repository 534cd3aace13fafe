"""YAML: what of it is refused, and that the text of a scalar is what counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from infucode.documents import parse_encounter
from tests.unit.documents.marked import document, only_problem, problems_of


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        pytest.param(
            document("note: ▲&n x"),
            "`&n` is a YAML anchor",
            "anchors are not allowed",
            id="anchor",
        ),
        pytest.param(
            document("note: ▲*n"), "`*n` is a YAML alias", "write the value out", id="alias"
        ),
        pytest.param(
            document("▲<<: {note: x}"),
            "`<<` is a YAML merge key",
            "write the keys out",
            id="merge",
        ),
        pytest.param(
            document("note: ▲!!str x"), "`!!str` is a YAML tag", "remove it", id="standard_tag"
        ),
        pytest.param(
            document("note: ▲!!python/object:os.system x"),
            "`!!python/object:os.system` is a YAML tag",
            "remove it",
            id="python_tag",
        ),
        pytest.param(document("note: ▲! x"), "`!` is a YAML tag", "remove it", id="bare_tag"),
        pytest.param(
            document() + "▲---\nid: e2\n",
            "a second YAML document",
            "keep one",
            id="two_documents",
        ),
        pytest.param(
            "▲%TAG ! tag:x,2000:\n---\n" + document(),
            "a `%TAG` directive",
            "remove",
            id="tag_line",
        ),
        pytest.param(
            document("▲note: x, note: y").replace("▲note: x, ", "note: x, ▲"),
            "the key `note` is written twice",
            "it stands on line 5 already",
            id="duplicate_key",
        ),
        pytest.param(
            document('note: x, ▲"note": y'),
            "the key `note` is written twice",
            "",
            id="quoted_twice",
        ),
        pytest.param(document("? ▲[x] : y"), "a key is a list", "a single word", id="list_key"),
        pytest.param(document("? ▲{x: y} : z"), "a key is a list", "a single word", id="map_key"),
        pytest.param(document("? ▲"), "a key is empty", "the name of a field", id="empty_key"),
        pytest.param(document("▲~: x"), "unknown key `~`", "", id="null_key"),
        pytest.param(
            document(head="▲\tpolicy: x\n"),
            "the YAML cannot be read: found a tab character that violates indentation",
            "indent with spaces",
            id="tab",
        ),
        pytest.param(
            document("note: ▲@x"), "the YAML cannot be read", "put the value in quotes", id="at"
        ),
        pytest.param(
            document("note: a ▲\x07 b"), "control character U+0007", "remove it", id="control"
        ),
        pytest.param(
            document(r'note: ▲"a\0b"'), "the text holds a NUL character", "without NUL", id="nul"
        ),
        pytest.param(
            document(r'▲"a\0b": x'), "holds a NUL character", "without NUL", id="nul_key"
        ),
        pytest.param(document("note: a▲\x00b"), "a NUL character stands here", "", id="raw_nul"),
        pytest.param(
            document("note: a▲\ud800b"), "U+D800 is half of a character", "whole", id="surrogate"
        ),
        pytest.param(
            document("note: " + "[" * 9 + "▲" + "[" * 9990),
            "more than 12 lists or mappings lie inside one another",
            "no field",
            id="deep",
        ),
        pytest.param("▲- a\n", "the document is a list", "a mapping with `id`", id="list"),
        pytest.param("▲a\n", "the document is a single value", "a mapping", id="single"),
        pytest.param("▲~\n", "the document is empty", "a mapping with `id`", id="null_document"),
        pytest.param("▲", "the document is empty", "a mapping with `id`", id="empty"),
        pytest.param("▲# nothing\n", "the document is empty", "a mapping", id="comment"),
    ],
)
def test_yaml_beyond_plain_data_is_refused(text: str, message: str, help: str) -> None:
    problem = only_problem(text)
    assert message in problem.message
    assert help in problem.help


def test_an_alias_bomb_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    found = problems_of("\n".join(lines))
    assert {"`&a0` is a YAML anchor", "`*a58` is a YAML alias"} <= {p.message for p in found}


def test_the_text_of_a_scalar_is_what_counts() -> None:
    encounter = parse_encounter(
        document(
            "hcpcs: 96365, start: 10:05, minutes: '65', volume_ml: 12.50, bag: 0131, "
            "access: 1e3, indication: no, sequential_reason: 2024-08-05, attended: No",
            head="type_of_bill: 0131\nplace_of_service: 22\npolicy: 59\n",
            tail="switches: {hydration_minimum: 31, midnight: no}\n",
        ).replace("e1", "0x1F")
    )
    item = encounter.administrations[0]
    assert encounter.id == "0x1F"
    assert encounter.type_of_bill == "0131"
    assert encounter.place_of_service == "22"
    assert encounter.policy == "59"
    assert encounter.switches == (("hydration_minimum", "31"), ("midnight", "no"))
    assert (item.hcpcs, item.start, item.minutes) == ("96365", 605, 65)
    assert str(item.volume_ml) == "12.50"
    assert (item.bag, item.access) == ("0131", "1e3")
    assert (item.indication, item.sequential_reason) == ("no", "2024-08-05")
    assert item.attended is False


@pytest.mark.parametrize("word", ["yes", "Yes", "YES", "true", "True", "TRUE", "'yes'"])
def test_a_boolean_may_be_capitalised_as_yaml_has_it(word: str) -> None:
    assert parse_encounter(document(f"attended: {word}")).administrations[0].attended is True


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_null_is_the_same_as_leaving_the_field_out(nothing: str) -> None:
    text = document(f"stop: {nothing}, dose: {nothing}, after: {nothing}, visit: {nothing}")
    assert parse_encounter(text) == parse_encounter(document())


@pytest.mark.parametrize(
    "drug",
    [
        "[/x] [bold]markup[/bold]",
        "💉 ünïcode ‮ right to left",
        "x" * 500,
        'quote " and \\ backslash',
        "a1). admin(bob",
        "<script>alert(1)</script>",
    ],
)
def test_any_printable_name_of_a_drug_is_kept(drug: str) -> None:
    quoted = "'" + drug.replace("'", "''") + "'"
    text = document().replace("saline", quoted)
    assert parse_encounter(text).administrations[0].drug == drug


def test_block_scalars_and_comments_are_read() -> None:
    text = (
        "# first\nid: e1 # the id\nclaim: facility\ndate: 2024-08-05\nadministrations:\n"
        "  - id: a1\n    drug: >\n      sodium\n      chloride\n    route: po\n"
        "    note: |\n      one\n      two\n"
    )
    item = parse_encounter(text).administrations[0]
    assert item.drug == "sodium chloride"
    assert item.note == "one\ntwo"


def test_codes_and_modifiers_are_stored_in_upper_case() -> None:
    tail = "claim_lines:\n- {id: L, code: g0498, modifiers: [jw, Xs], units: -1.5, charge: 0}\n"
    encounter = parse_encounter(document("hcpcs: j2405", tail=tail))
    assert encounter.administrations[0].hcpcs == "J2405"
    line = encounter.claim_lines[0]
    assert (line.code, line.modifiers, line.units) == ("G0498", ("JW", "XS"), Decimal("-1.5"))


def test_a_claim_alone_may_be_judged() -> None:
    text = document(tail="claim_lines:\n- {id: L, code: 96365}\n")
    start, end = text.index("administrations"), text.index("claim_lines")
    encounter = parse_encounter(text[:start] + "administrations: []\n" + text[end:])
    assert encounter.administrations == ()
