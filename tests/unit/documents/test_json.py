"""JSON: the same document, with places, duplicate keys and exact numbers."""

from __future__ import annotations

import pytest

from infucode.documents import parse_encounter
from tests.unit.documents.marked import document, only_problem

HEAD = '{\n "id": "e1",\n "claim": "facility",\n "date": "2024-08-05",\n "administrations": [\n'


def json_document(administration: str = "", end: str = "]\n}\n") -> str:
    fields = f", {administration}" if administration else ""
    core = '"id": "a1", "drug": "saline", "route": "iv", "technique": "infusion"'
    return f"{HEAD}  {{{core}{fields}}}\n{end}"


def test_json_and_yaml_give_the_same_encounter() -> None:
    assert parse_encounter(json_document(), name="a.json") == parse_encounter(document())


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        pytest.param(
            json_document('▲"hcpc": "J2405"'),
            "unknown key `hcpc`",
            "did you mean `hcpcs`",
            id="key",
        ),
        pytest.param(
            json_document('"minutes": ▲1.5'), "`1.5` is not a whole number", "digits", id="float"
        ),
        pytest.param(json_document('"minutes": ▲1e3'), "`1e3` is not a whole", "", id="exponent"),
        pytest.param(
            json_document('"note": ▲true'),
            "`true` is a truth value, not text",
            "put it in quotes",
            id="true_for_text",
        ),
        pytest.param(
            json_document('"note": "x", ▲"note": "y"'),
            "the key `note` is written twice",
            "line 6",
            id="duplicate",
        ),
        pytest.param(
            json_document('"note": "x", ▲"\\u006eote": "y"'),
            "the key `note` is written twice",
            "line 6",
            id="escaped_duplicate",
        ),
        pytest.param(json_document('▲"": 1'), "unknown key ``", "", id="empty_key"),
        pytest.param(json_document('▲"<<": 1'), "unknown key `<<`", "", id="no_merge"),
        pytest.param(
            json_document('"minutes": ▲NaN'),
            "`NaN` is not a value",
            "true, false or null",
            id="nan",
        ),
        pytest.param(
            json_document('"minutes": ▲-Infinity'),
            "`-Infinity` is not a value",
            "",
            id="infinity",
        ),
        pytest.param(json_document('"minutes": ▲012'), "`012` is not a value", "", id="zero"),
        pytest.param(json_document('"minutes": ▲+1'), "`+1` is not a value", "", id="plus"),
        pytest.param(json_document('"note": ▲yes'), "`yes` is not a value", "", id="bare_word"),
        pytest.param(
            json_document('"note": "a▲\tb"'),
            "a control character stands inside a text",
            "line break",
            id="raw_tab",
        ),
        pytest.param(
            json_document('"note": "▲\\x"'), "a backslash begins no known escape", "", id="escape"
        ),
        pytest.param(
            json_document('"note": ▲"\\u0000"'), "the text holds a NUL character", "", id="nul"
        ),
        pytest.param(
            json_document('"note": ▲"\\ud800"'),
            "holds U+D800, half of a",
            "whole",
            id="surrogate",
        ),
        pytest.param(
            json_document('"bag": ▲"\\u0007"'),
            "holds a control character",
            "remove",
            id="bell_id",
        ),
        pytest.param(json_document(end="]▲"), "the text ends too early", "missing `}`", id="end"),
        pytest.param(
            json_document(end=']\n}\n▲{"id": "e2"}'),
            "text follows the end",
            "remove it",
            id="more",
        ),
        pytest.param(
            json_document('"note": "x",▲}').replace("}}", "}"),
            "`}` is not a key",
            "no comma stands after the last",
            id="trailing_comma",
        ),
        pytest.param(
            json_document('"note" ▲"x"'),
            "no colon follows the key",
            '"key": value',
            id="no_colon",
        ),
        pytest.param(
            json_document('"note": "x" ▲"bag": "y"'),
            "follows without a comma",
            "`}`",
            id="no_comma",
        ),
        pytest.param(
            json_document("▲'note': 1"),
            "`'note'` is not a key",
            "double quotes",
            id="single_quotes",
        ),
        pytest.param(json_document("▲// x"), "`//` is not a key", "", id="comment"),
        pytest.param(
            "[" * 12 + "▲" + "[" * 9988, "more than 12 lists or mappings", "no field", id="deep"
        ),
        pytest.param("▲[]", "the document is a list", "mapping", id="list"),
        pytest.param("▲null", "the document is empty", "mapping", id="null"),
        pytest.param("▲", "the document is empty", "mapping", id="empty"),
        pytest.param(
            '{"id": ▲"abc', "the text in double quotes never ends", "closing", id="open"
        ),
    ],
)
def test_wrong_json_is_refused_at_its_place(text: str, message: str, help: str) -> None:
    problem = only_problem(text, name="case.json")
    assert message in problem.message
    assert help in problem.help


def test_exact_numbers_are_kept_as_written() -> None:
    text = json_document('"volume_ml": 0.10, "minutes": 5, "hcpcs": 96365, "bag": 7')
    item = parse_encounter(text, name="a.json").administrations[0]
    assert str(item.volume_ml) == "0.10"
    assert (item.minutes, item.hcpcs, item.bag) == (5, "96365", "7")


def test_booleans_null_and_escapes_are_read() -> None:
    text = json_document(
        '"attended": true, "discontinued": "no", "stop": null,'
        '"note": "\\ud83d\\ude00 \\u0007 \\/",'
        '"documentation": {"order": true, "rate": false, "route": "yes"}'
    )
    item = parse_encounter(text, name="a.json").administrations[0]
    assert (item.attended, item.discontinued, item.stop) == (True, False, None)
    assert item.note == "😀 \x07 /"
    assert item.documentation == (("order", True), ("rate", False), ("route", True))


def test_text_in_braces_is_json_where_it_can_be_and_else_yaml() -> None:
    flow = "{id: e1, claim: facility, date: 2024-08-05, administrations: [%s]}"
    item = "{id: a1, drug: saline, route: iv, technique: infusion}"
    assert parse_encounter(flow % item, name="<stdin>") == parse_encounter(document())
    surrogates = json_document('"note": "\\ud83d\\ude00"')
    assert parse_encounter(surrogates, name="<stdin>").administrations[0].note == "😀"
    problem = only_problem(json_document('"note": "x" ▲"bag": "y"'), name="<stdin>")
    assert problem.message.startswith("the JSON cannot be read")
