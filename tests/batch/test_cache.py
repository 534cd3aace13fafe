"""Encounters that are equal but for their names are answered once, and nobody can tell.

INFUCODE_EXAMPLES sets how many documents are drawn.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infucode.batch.answers import Answerer
from infucode.batch.cache import DRUG, ID, CachedAnswerer, Kept, renamed
from infucode.batch.run import Settings, run_to_file
from infucode.batch.tasks import Detail, Document, Question, Result, Task
from infucode.documents import encounter_from_data
from tests.batch.drawn import Doc, claims, mixed, text_of

EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "12"))
POOL = max(9, EXAMPLES // 4)
IDS = ("id", "access", "bag", "dose_group", "replaces", "administration", "drug")
LISTS = ("concurrent_with", "primary_reason", "administrations")
ODD = ("10", "9", "yes", 'say "so"', "back\\slash", "é", "a1", "L1", "Z", "primary_reason", "x y")
TASKS = (
    Task(),
    Task(Question.check),
    Task(explain=Detail.short),
    Task(Question.check, explain=Detail.short, repairs=True),
    Task(explain=Detail.full),
    Task(Question.check, explain=Detail.full),
)
MANY = 100
"""Examples from which on full proofs are tried too, which are slow."""
Naming = Callable[[str, bool], str]
"""The new name of an id, or of a drug."""


@cache
def drawn() -> list[Doc]:
    return claims(mixed(POOL))


@cache
def engine(number: int) -> Answerer:
    return Answerer(TASKS[number])


@cache
def _ready(number: int) -> CachedAnswerer:
    return CachedAnswerer(TASKS[number])


def forgetful(number: int = 0) -> CachedAnswerer:
    """One that knows no answer yet; its plan is loaded once."""
    answerer = _ready(number)
    answerer.kept = Kept()
    return answerer


def asked(answerer: Answerer, *docs: Doc) -> list[Result]:
    texts = [json.dumps(doc, ensure_ascii=False, default=str).encode() for doc in docs]
    return answerer.results([Document("in", n, text) for n, text in enumerate(texts, 1)])


def called(data: Any, name: Naming) -> Any:
    """A document, or a part of one, under other names."""
    if isinstance(data, list):
        return [called(item, name) for item in data]
    if not isinstance(data, dict):
        return data
    made: Doc = {}
    for key, value in data.items():
        if key in IDS and isinstance(value, str):
            made[key] = name(value, key == "drug")
        elif key in LISTS and isinstance(value, str | list) and _are_names(value):
            own = [name(item, False) for item in ([value] if isinstance(value, str) else value)]
            made[key] = own[0] if isinstance(value, str) else own
        else:
            made[key] = called(value, name)
    return made


def _are_names(value: str | list[Any]) -> bool:
    return isinstance(value, str) or all(isinstance(item, str) for item in value)


def names_in(doc: Doc) -> tuple[list[str], list[str]]:
    """The ids and the drugs of a document, in order."""
    ids: set[str] = set()
    drugs: set[str] = set()

    def seen(value: str, drug: bool) -> str:
        (drugs if drug else ids).add(value)
        return value

    called(doc, seen)
    return sorted(ids | {"line-1"}), sorted(drugs)


@given(data=st.data())
@settings(max_examples=max(5, EXAMPLES // 2), deadline=None)
def test_the_answer_under_other_names_is_that_of_the_engine(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(TASKS) - (1 if EXAMPLES >= MANY else 3)), label="task")
    doc = data.draw(st.sampled_from(drawn()))
    ids, drugs = names_in(doc)
    kept = data.draw(st.booleans(), label="order kept")
    news = data.draw(st.lists(st.sampled_from(ODD), min_size=len(ids), max_size=len(ids)))
    made = [f"{new}{n}" for n, new in enumerate(news)]
    if kept:
        made.sort()
    ours = dict(zip(ids, made, strict=True))
    calls = [f"{data.draw(st.sampled_from(ODD))} drug {n}" for n in range(len(drugs))]
    if kept:
        calls.sort()
    own = dict(zip(drugs, calls, strict=True))
    other = called(doc, lambda value, drug: (own if drug else ours)[value])
    for item in other["administrations"]:
        item.setdefault("access", ours["line-1"])
    wanted = [asked(engine(number), each)[0] for each in (doc, other)]
    answerer = forgetful(number)
    found = [*asked(answerer, doc), *asked(answerer, other)]
    assert [item[:3] for item in found] == [item[:3] for item in wanted]
    assert not found[0].cached
    again = asked(answerer, other, doc)
    assert [item[:3] for item in again] == [item[:3] for item in reversed(wanted)]
    assert all(item.cached or item.rejected for item in again)
    if kept and not found[0].rejected:
        assert found[1].cached, "an encounter that is equal but for its names is known"


@pytest.mark.parametrize("number", (0, 1))
def test_a_batch_of_all_kinds_is_answered_as_without(number: int) -> None:
    docs = drawn()[: max(8, EXAMPLES)]
    twice = [*docs, *({**doc, "id": f"again {doc['id']}"} for doc in docs)]
    wanted = asked(engine(number), *twice)
    found = asked(forgetful(number), *twice)
    assert [item[:3] for item in found] == [item[:3] for item in wanted]
    assert sum(item.cached for item in found) == len(docs) - sum(
        bool(item.rejected) for item in wanted[: len(docs)]
    )


SHOT = {"drug": "b12", "category": "therapeutic", "route": "im", "technique": "injection"}
DOC: Doc = {
    "id": "one", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
    "administrations": [{"id": "a1", **SHOT, "start": "10:00"}],
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    (
        {"date": "2024-08-06"},
        {"place_of_service": "23"},
        {"administrations": [{"id": "a1", **SHOT, "start": "10:01"}]},
        {"administrations": [{"id": "a1", **SHOT, "start": "10:00", "hcpcs": "J3420"}]},
        {"claim_lines": []},
        {"switches": {"midnight": "reset"}},
    ),
)
def test_what_is_stated_otherwise_is_not_known(changed: Doc) -> None:
    answerer = forgetful()
    asked(answerer, DOC)
    assert asked(answerer, {**DOC, "id": "two"})[0].cached
    assert not asked(answerer, {**DOC, **changed})[0].cached


def test_what_no_rule_reads_makes_no_difference() -> None:
    noted = {**DOC["administrations"][0], "note": "given slowly"}
    answerer = forgetful()
    asked(answerer, DOC)
    (found,) = asked(answerer, {**DOC, "administrations": [noted]})
    assert found.cached


def test_names_that_could_be_taken_for_others_are_left_alone() -> None:
    def under(**fields: str) -> Doc:
        return {**DOC, "administrations": [{**DOC["administrations"][0], **fields}]}

    assert renamed(encounter_from_data(under(drug="a1"))) is None
    assert renamed(encounter_from_data(under(drug="A1"))) is None
    found = renamed(encounter_from_data(under(drug="B12  x")))
    assert found is not None and found[0].administrations[0].drug == "B12  x"
    two = [{"id": f"a{n}", **SHOT, "drug": drug} for n, drug in enumerate(("b12", "B12"))]
    spelled = renamed(encounter_from_data({**DOC, "administrations": two}))
    assert spelled is not None
    assert [item.drug for item in spelled[0].administrations] == ["b12", "B12"]
    for mark in (ID, DRUG):
        strange = {**DOC, "id": f"{mark}0000"}
        texts = [json.dumps(strange, ensure_ascii=no).encode() for no in (True, False)]
        answerer = forgetful()
        for text in (*texts, *texts):
            (found_one,) = answerer.results([Document("in", 1, text)])
            assert not found_one.cached
            assert json.loads(found_one.answer)["encounter"] == f"{mark}0000"


def test_a_refusal_names_the_document_by_its_own_names() -> None:
    bad = {**DOC, "administrations": [{**DOC["administrations"][0], "route": "nowhere"}]}
    answerer, own = forgetful(1), engine(1)
    docs = (bad, DOC, {**DOC, "id": "two"})
    assert asked(answerer, *docs) == asked(own, *docs)
    assert b"claim_lines" in asked(answerer, DOC)[0].rejected


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Kept(most=30)
    for key in ("one", "two"):
        kept.put(key, ("x" * 10, "coded"))
    assert kept.get("one") == ("x" * 10, "coded")
    kept.put("three", ("x" * 10, "coded"))
    assert (kept.get("two"), len(kept)) == (None, 2)
    assert kept.size == len("one" + "three") + 20
    kept.put("long", ("x" * 40, "coded"))
    assert (len(kept), kept.size) == (0, 0)


def test_a_run_with_it_gives_the_bytes_of_one_without(tmp_path: Path) -> None:
    docs = [doc for doc in drawn()[:6] for _ in range(2)]
    named = [{**doc, "id": f"n{number}"} for number, doc in enumerate(docs)]
    source = tmp_path / "in.ndjson"
    source.write_bytes(b"".join(text_of(doc) + b"\n" for doc in named) + b"{\n")
    written = []
    for cached, workers, batch in ((False, 1, 250), (True, 1, 3), (True, 2, 4)):
        folder = tmp_path / f"{cached}-{workers}"
        folder.mkdir()
        output = folder / "answers.ndjson"
        counts = run_to_file(
            Task(), [str(source)], output, Settings(workers, batch=batch, part=5, cache=cached)
        )
        written.append(tuple(path.read_bytes() for path in sorted(folder.iterdir())))
        assert counts.read == len(named) + 1
        assert bool(counts.cached) is cached, "as like as they are"
        assert counts.cached <= len(docs) // 2
    assert written[1] == written[0] and written[2] == written[0]
    assert len(written[0]) == 3, "answers, rejects and a manifest, none of which tells of it"
