"""Other engines deny what is wrong with claims judged by hand, and a wrong engine is seen."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

import pytest

from benchmarks.peers import race
from benchmarks.peers.findings import Doc, Finding
from benchmarks.peers.subset import tables
from infucode.batch.parts import Counts

DAY, NEXT = "2024-08-05", "2024-08-06"


def claim(*lines: tuple[str, int, str, str], kind: str = "facility", place: str = "22") -> Doc:
    """Lines are code, units, modifier or nothing, date; their ids are their places from 1."""
    made = [
        {"id": str(n), "code": code, "units": units, "modifiers": mark.split(), "date": day}
        for n, (code, units, mark, day) in enumerate(lines, 1)
    ]
    return {"id": "c", "claim": kind, "place": place, "lines": made}


CLAIMS: tuple[tuple[str, Doc, set[Finding]], ...] = (
    ("a push beside an infusion", claim(("96365", 1, "", DAY), ("96374", 1, "", DAY)),
     {("pair", "2")}),
    ("set apart by a modifier", claim(("96365", 1, "", DAY), ("96374", 1, "59", DAY)), set()),
    ("on another date", claim(("96365", 1, "", DAY), ("96374", 1, "", NEXT)), set()),
    ("a draw, whatever its modifier",
     claim(("96372", 1, "", DAY), ("36591", 1, "59", DAY), kind="professional", place="11"),
     {("pair", "2")}),
    ("a visit with its modifier",
     claim(("96372", 1, "", DAY), ("99213", 1, "25", DAY), kind="professional", place="11"),
     set()),
    ("a visit without",
     claim(("96372", 1, "", DAY), ("99213", 1, "59", DAY), kind="professional", place="11"),
     {("pair", "2")}),
    ("a flush with a service", claim(("96372", 1, "", DAY), ("96523", 1, "", DAY)),
     {("flush", "2"), ("pair", "2")}),
    ("a flush alone", claim(("96523", 1, "", DAY), ("96372", 1, "", NEXT)), set()),
    ("too many hours", claim(("96365", 1, "", DAY), ("96366", 25, "", DAY)), {("units", "2")}),
    ("as many, over two dates",
     claim(("96365", 1, "", DAY), ("96366", 13, "", DAY), ("96366", 12, "", NEXT)), set()),
    ("as many, in two lines",
     claim(("96365", 1, "", DAY), ("96366", 13, "", DAY), ("96366", 12, "", DAY)),
     {("units", "2"), ("units", "3")}),
    ("as many, what passes the limit marked",
     claim(("96365", 1, "", DAY), ("96366", 24, "", DAY), ("96366", 1, "59", DAY)), set()),
    ("a limit without exception", claim(("96365", 1, "", DAY), ("96368", 2, "59", DAY)),
     {("units", "2")}),
    ("an hour without its primary", claim(("96366", 1, "", DAY)), {("primary", "1")}),
    ("a chain of add-ons whose primary a pair denies",
     claim(("96413", 1, "", DAY), ("96409", 1, "", DAY), ("96411", 1, "", DAY)),
     {("pair", "2")}),
    ("a chain that hangs on nothing",
     claim(("96367", 1, "", DAY), ("96366", 1, "", DAY), ("96368", 1, "", DAY)),
     {("primary", "1"), ("primary", "2"), ("primary", "3")}),
    ("a chain to its primary", claim(
        ("96365", 1, "", DAY), ("96367", 1, "", DAY), ("96366", 1, "", DAY), ("96368", 1, "", DAY)
    ), set()),
    ("a professional in a facility", claim(("96365", 1, "", DAY), kind="professional"),
     {("setting", "1")}),
    ("a code of facilities alone",
     claim(("96374", 1, "", DAY), ("96376", 1, "", DAY), kind="professional", place="11"),
     {("setting", "2")}),
)  # fmt: skip


@cache
def rows() -> Doc:
    return tables()


@pytest.mark.parametrize("package", race.PACKAGES)
def test_a_peer_denies_what_is_wrong(package: str) -> None:
    if reason := race.missing(package):
        pytest.skip(reason)
    module, kind = race.PACKAGES[package]
    engine: Any = getattr(import_module(f"benchmarks.peers.{module}"), kind)(rows())
    found = {said: set(engine.findings(asked)) for said, asked, _ in CLAIMS}
    assert found == {said: wanted for said, _, wanted in CLAIMS}


def test_a_peer_that_differs_is_told_and_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    package = next((name for name in race.PACKAGES if not race.missing(name)), None)
    if package is None:
        pytest.skip("no peer is installed")
    _, asked, wanted = CLAIMS[0]
    found = race.ran(package, rows(), [asked, asked], [], [frozenset(wanted), frozenset()])
    assert [number for number, _ in found.differ] == [1] and found.each == 0
    assert found.differ[0][1] == frozenset(wanted)
    agreed = race.ran(package, rows(), [asked], [], [frozenset(wanted)])
    assert not agreed.differ and agreed.each > 0 and agreed.lines > 20 and agreed.megabytes > 5


def test_a_peer_that_is_not_installed_is_named_with_what_installs_it() -> None:
    assert "infucode-no-such-engine is not installed" in race.missing("infucode-no-such-engine")
    assert "'.[bench]'" in race.missing("infucode-no-such-engine")


def test_a_long_run_judges_its_end_by_its_beginning() -> None:
    from benchmarks.million import FIRST, verdict

    assert verdict([(10_000, 90.0), (FIRST, 100.0), (100_000, 109.0)])[0]
    stays, said = verdict([(10_000, 200.0), (FIRST, 100.0), (100_000, 112.0)])
    assert not stays and "+12.0%" in said
    assert not verdict([(FIRST, 590.0), (100_000, 610.0)])[0]


def test_a_long_run_ends_when_its_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.million import TimeIsUp, Watch

    watch = Watch(10, -1.0)
    with pytest.raises(TimeIsUp):
        watch.told(0, Counts(read=5))
    assert watch.rows[0][0] == 5 and watch.marks[0] == 6
    assert "5 read" in capsys.readouterr().out


def test_the_long_comparison_sees_an_answer_that_differs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from infucode.batch.tasks import Question
    from infucode.documents import encounter_from_data
    from tests.batch import one_by_one_long as long
    from tests.batch.drawn import mixed, solved_alone

    docs = mixed(1) * 3

    def wrong(docs: list[Doc], *_: object) -> list[bytes]:
        alone = [solved_alone(encounter_from_data(doc)) for doc in docs]
        return [b" " + alone[0], *alone[1:]]

    monkeypatch.setattr(long, "answered", wrong)
    found = list(long.differing(docs, Question.solve, tmp_path))
    assert len(found) == len(long.WAYS) and "batches of 37" in found[1]
    monkeypatch.setattr(long, "answered", lambda docs, *_: wrong(docs)[:-1])
    assert any(
        "2 answers instead of 3" in words
        for words in long.differing(docs, Question.solve, tmp_path)
    )
