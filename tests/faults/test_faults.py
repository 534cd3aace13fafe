"""A sample of faults is noticed; the whole run is `python -m tests.faults`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from zlib import crc32

import pytest

from tests.faults.judging import CASES, LINT, NOBODY, READING, Judge, Judgement, by_kind
from tests.faults.kinds import KINDS, Fault, drawn
from tests.faults.texts import Text, read_texts

POLICIES = Path(__file__).resolve().parents[2] / "policies"
SEED = 20240730
BY_READING = (
    "wrong-arity", "misspelt-variable", "written-number", "constraint", "comma-for-stop",
    "misspelt-word", "answer-without-value", "unknown-source", "unbound-message",
    "exception-cycle",
)  # fmt: skip
BY_LINT = ("swapped-digits", "row-deleted")
CASES_OF = "most-units"
TABLE = "cpt/tables-units.lp"


@pytest.fixture(scope="module")
def texts() -> tuple[Text, ...]:
    return read_texts(POLICIES)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    made = Judge(POLICIES, chosen=CASES_OF)
    yield made
    made.close()


def test_a_sample_is_noticed(texts: tuple[Text, ...], judge: Judge) -> None:
    kinds = (*BY_READING, *BY_LINT)
    found = [judge(fault) for fault in drawn(texts, kinds, len(kinds), SEED)]
    assert [j.fault.kind for j in found] == list(kinds)
    missed = ["\n".join(j.shown) for j in found if j.stage not in (READING, LINT)]
    assert not missed, "\n".join(missed)
    assert all(j.why for j in found)
    assert {j.stage for j in found if j.fault.kind == "constraint"} == {READING}


def test_a_threshold_of_a_table_is_noticed_by_a_case(
    texts: tuple[Text, ...], judge: Judge
) -> None:
    fault = _changed(texts, '(facility, "96372", 5, 3)', '(facility, "96372", 6, 3)')
    found = judge(fault)
    assert (found.stage, found.by) == (LINT, "table-total")
    found = judge(replace(fault, after=_summed_up(fault.after)))
    assert (found.stage, found.why != "") == (CASES, True)
    assert CASES_OF in found.by


def test_what_changes_nothing_is_noticed_by_nobody(texts: tuple[Text, ...], judge: Judge) -> None:
    found = judge(_changed(texts, "% Medically unlikely edits", "% The unlikely edits"))
    assert (found.stage, found.told) == (NOBODY, False)
    assert judge.copy is not None
    assert (judge.copy / TABLE).read_bytes() == (POLICIES / TABLE).read_bytes()


def test_every_kind_has_places_that_differ_from_what_stands_there(
    texts: tuple[Text, ...],
) -> None:
    by_file = {text.file: text.text for text in texts}
    for kind, places in KINDS.items():
        found = list(places(texts, Random(SEED)))
        assert len(found) >= 7, kind
        for edits in found[:: len(found) // 7]:
            for edit in edits:
                assert by_file[edit.file][edit.start : edit.end] != edit.text, kind


def test_equal_seeds_draw_equal_faults(texts: tuple[Text, ...]) -> None:
    kinds = tuple(KINDS)
    one, other = (drawn(texts, kinds, 40, seed) for seed in (3, 3))
    assert one == other and len(one) == 40
    assert drawn(texts, kinds, 40, 4) != one
    assert all(fault.before != fault.after for fault in one)


def test_the_table_of_kinds() -> None:
    fault = Fault("choice", "a.lp", "a.\n", "b.\n")
    lines = by_kind([Judgement(fault, READING), Judgement(fault, NOBODY)], ("choice",))
    assert lines[1].split() == ["choice", "2", "1", "0", "0", "1"]
    assert lines[2].split() == ["all", "2", "1", "0", "0", "1"]


def _summed_up(text: str) -> str:
    """The text with the total of its first table as it is now."""
    rows = re.findall(r"^(most_units\(.*\))\.$", text, re.M)
    numbers = [re.findall(r", (\d+)", row) for row in rows]
    sums = ", ".join(str(sum(map(int, column))) for column in zip(*numbers, strict=True))
    crc = crc32("\n".join(sorted(row.replace(", ", ",") for row in rows)).encode())
    return re.sub(r"(?<=^%@ total: ).*$", f"{sums}; {crc:08x}", text, count=1, flags=re.M)


def _changed(texts: tuple[Text, ...], old: str, new: str) -> Fault:
    (text,) = [t for t in texts if t.file == TABLE]
    assert text.text.count(old) == 1
    return Fault("shifted-number", TABLE, text.text, text.text.replace(old, new))
