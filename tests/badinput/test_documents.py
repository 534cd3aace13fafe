"""Whatever is wrong with a document, the answer is a DocumentError with a place, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from infucode.documents import encounter_from_data, parse_encounter
from infucode.errors import DocumentError
from infucode.model.encounter import Encounter
from tests.strategies_documents import Broken, broken_documents

SECONDS = 300.0  # a guard against hanging, not a measure of speed
RELAXED = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def lines_of(text: str | bytes) -> list[str]:
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def check_places(error: DocumentError, text: str | bytes) -> None:
    lines = lines_of(text)
    placed = [problem for problem in error.problems if problem.line]
    assert placed
    for problem in placed:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    order = [(problem.line, problem.column) for problem in placed]
    assert order == sorted(order)


def check_words(error: DocumentError) -> None:
    for problem in error.problems:
        assert problem.message and problem.help
        assert "\n" not in problem.message + problem.help + problem.source
        assert len(problem.message) < 400
        assert not problem.message.endswith(".")


@RELAXED
@given(broken_documents())
def test_a_broken_document_is_refused_with_a_place(broken: Broken) -> None:
    begin = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        parse_encounter(broken.text)
    assert time.perf_counter() - begin < SECONDS, broken.how
    check_places(caught.value, broken.text)
    check_words(caught.value)


def refused_or_read(text: str | bytes, name: str) -> None:
    try:
        assert isinstance(parse_encounter(text, name=name), Encounter)
    except DocumentError as error:
        check_places(error, text)
        check_words(error)


NAMES = st.sampled_from(("x.yaml", "x.json", "<stdin>"))


@RELAXED
@example("\ud800", "x.json")
@given(st.text(st.characters()), NAMES)
def test_any_text_is_refused_or_read(text: str, name: str) -> None:
    refused_or_read(text, name)


@RELAXED
@given(st.binary(), NAMES)
def test_any_bytes_are_refused_or_read(text: bytes, name: str) -> None:
    refused_or_read(text, name)


YAMLISH = st.lists(
    st.sampled_from(
        (
            *("id", ": ", "\n", "- ", "{", "}", "[", "]", ",", '"', "'", "\t", "  ", "&a ", "*a"),
            *("!!str ", "<<", "? ", "| ", "> ", "---\n", "...", "#", "%YAML 1.1\n", "~", "\\u"),
            *("administrations:\n", "date: 2024-08-05\n", "claim: facility\n", "\r\n", "\x85"),
        )
    ),
    max_size=40,
).map("".join)


@RELAXED
@given(YAMLISH, NAMES)
def test_text_that_looks_like_yaml_or_json_is_refused_or_read(text: str, name: str) -> None:
    refused_or_read(text, name)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
    | st.decimals() | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)  # fmt: skip
KEYS = st.sampled_from(("id", "claim", "date", "administrations", "services", "ends", "switches"))


@RELAXED
@given(VALUES | st.dictionaries(KEYS, VALUES))
@example({"switches": {"\n": None}})
def test_any_data_is_refused_or_read(data: object) -> None:
    try:
        encounter_from_data(data)
    except DocumentError as error:
        assert all(problem.line == 0 for problem in error.problems)
        check_words(error)


def test_data_that_holds_itself_is_refused() -> None:
    data: dict[str, object] = {"id": "x"}
    data["administrations"] = [data]
    with pytest.raises(DocumentError, match="lie inside one another"):
        encounter_from_data(data)


def test_data_that_is_shared_without_end_is_refused() -> None:
    data: object = "x"
    for _ in range(9):
        data = [data] * 10
    with pytest.raises(DocumentError, match="more than 200,000 values"):
        encounter_from_data({"administrations": data})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"k{n:05}: 1" for n in range(90_000)), id="unknown_keys"),
        pytest.param("[" * 10_000, id="brackets"),
        pytest.param("a: " + "[" * 900_000, id="yaml_brackets"),
        pytest.param('{"a":' * 100_000, id="json_braces"),
        pytest.param("- " * 400_000, id="yaml_sequences"),
        pytest.param("administrations: [" + "{}," * 300_000 + "]", id="empty_items"),
        pytest.param('{"id":"' + "x" * 990_000 + '"}', id="one_long_text"),
        pytest.param("x" * 990_000 + ": 1", id="one_long_key"),
        pytest.param('{"id":' + "9" * 990_000 + "}", id="one_long_number"),
        pytest.param("administrations:\n" + "- {id: a}\n" * 90_000, id="many_administrations"),
        pytest.param('"' + "\\n" * 400_000, id="unterminated"),
        pytest.param("? " * 100_000, id="nested_keys"),
    ],
)
def test_a_large_broken_document_is_refused_soon(text: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        parse_encounter(text)
    assert time.perf_counter() - begin < SECONDS
    assert len(str(caught.value)) < 2_000_000
    check_places(caught.value, text)
