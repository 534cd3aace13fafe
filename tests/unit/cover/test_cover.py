"""`policy cover`: what counts as held, on a small folder whose cases are known."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from infucode.model.cover import Covered, CoveredRule, Share
from infucode.render.cover_html import cover_html
from infucode.render.cover_json import cover_to_json
from infucode.render.cover_terminal import render_cover
from infucode.render.cover_words import percent
from infucode.workbench.cases import case_files, chosen_cases, load_cases
from infucode.workbench.cover.conditions import conditions_of
from infucode.workbench.cover.covering import cover
from infucode.workbench.cover.covering import covered as coverage_of
from infucode.workbench.cover.covering import sights as sights_of
from infucode.workbench.cover.spans import spans_of
from infucode.workbench.plans import Plans
from tests.unit.workbench.small import RULES, SHIPPED, case, cases, small_folder

LONG, SHORT = case("Long run", 16), case("Short run", 15, "")
OTHER_WAY = case("Other way", 16, "", route="sc")
ALONE = case("Left alone", 16, "", more=", attended: false")
UNTOLD = """\
- name: No minutes
  encounter:
    claim: facility
    date: 2024-08-05
    administrations:
      - {id: a1, drug: saline, category: hydration, route: iv, technique: infusion}
  expect:
    lines: []
"""


def covered(folder: Path, *texts: str, jobs: int = 1) -> Covered:
    cases(folder, *texts)
    plans = Plans(folder)
    return cover(chosen_cases(plans, select=None, files=[]), plans, jobs=jobs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path)


def rule(found: Covered, line: int) -> CoveredRule:
    return next(rule for rule in found.rules if rule.line == line)


def sights(found: Covered, line: int) -> dict[str, set[str]]:
    """What is open of each condition of the rule on a line."""
    return {
        condition.text.partition("(")[0]: {sight.kind for sight in condition.open}
        for condition in rule(found, line).conditions
        if condition.sights
    }


def test_one_firing_case_shows_the_true_side(folder: Path) -> None:
    found = covered(folder, LONG)
    assert sights(found, 8) == {
        "route": {"false"},
        "stated_minutes": {"false"},
        "Minutes>Limit": {"false", "fails"},
        "not attended": {"false"},
    }
    assert rule(found, 8).fires is not None
    assert rule(found, 18).fires is None
    assert sights(found, 18) == {"administration": {"true"}, "not long": {"true"}}


def test_each_condition_fails_alone_in_a_case(folder: Path) -> None:
    found = covered(folder, LONG, SHORT, OTHER_WAY, ALONE, UNTOLD)
    assert all(not own for own in sights(found, 8).values())
    assert found.total.percent == 100.0
    (share,) = found.shares("rule")[:1]
    assert (share.name, share.shown, share.of) == ("small.long", 11, 11)


def test_a_case_in_which_two_conditions_fail_shows_neither(folder: Path) -> None:
    both = case("Short and under the skin", 15, "", route="sc")
    found = covered(folder, LONG, both)
    own = sights(found, 8)
    assert "false" in own["route"] and "false" in own["Minutes>Limit"]


def test_far_from_the_border_shows_no_side_of_it(folder: Path) -> None:
    found = covered(folder, case("Far above", 90), case("Far below", 2, ""))
    assert sights(found, 8)["Minutes>Limit"] == {"holds", "fails"}


def test_an_atom_that_holds_otherwise_hangs_on_nothing(tmp_path: Path) -> None:
    again = """
%@ id: small.again
%@ cite: infucode small
%@ text: The same once more.
long(Administration) :- route(Administration, iv), technique(Administration, infusion).
"""
    folder = small_folder(tmp_path, RULES + again)
    found = covered(folder, LONG)
    assert rule(found, 8).fires is None
    assert {"true"} <= sights(found, 8)["route"]


def test_an_element_that_holds_twice_is_not_what_it_hangs_on(tmp_path: Path) -> None:
    rules = RULES.replace("not attended(Administration, no)", "intensity(Administration, _)")
    folder = small_folder(tmp_path, rules)
    twice = ", intensity: [monitoring, reaction_risk]"
    found = covered(folder, case("Two", 16, more=twice))
    assert "true" in sights(found, 8)["intensity"]
    assert "true" not in sights(found, 8)["route"]
    found = covered(folder, case("One", 16, more=", intensity: [monitoring]"))
    assert "true" not in sights(found, 8)["intensity"]


def test_a_case_that_fails_shows_nothing(folder: Path) -> None:
    found = covered(folder, case("Wrong", 16, ""))
    assert len(found.failed) == 1 and found.total.shown == 0


def test_processes_show_the_same(folder: Path) -> None:
    texts = (LONG, SHORT, OTHER_WAY, ALONE)
    alone, together = (covered(folder, *texts, jobs=jobs) for jobs in (1, 3))
    assert [s.case is None for r in alone.rules for s in r.sights] == [
        s.case is None for r in together.rules for s in r.sights
    ]
    assert alone.never_fired == together.never_fired


def test_ids_that_never_fire_or_always_do(folder: Path) -> None:
    assert "small.short" in covered(folder, LONG).never_fired
    assert "small.long" in covered(folder, LONG).never_silent
    assert covered(folder, LONG, SHORT).never_silent == ()


TABLE = """
%@ id: small.labels
%@ cite: infucode small
%@ text: Names for readers.
label("96365", "A run by vein").
"""
READER = """
%@ id: small.named
%@ cite: infucode small
%@ text: What has a name has a line where nobody attended.
%@ says: {Administration} has a line.
line("small.named", Administration, delivery, Code, 1, 0) :-
    attended(Administration, no), label(Code, _).
"""


def test_a_table_that_no_rule_reads_is_told_apart(tmp_path: Path) -> None:
    found = covered(small_folder(tmp_path, RULES + TABLE), LONG, SHORT)
    assert found.for_reports == ("small.labels",)
    assert "small.labels" not in found.never_fired
    told = " ".join(text_of(found).split())
    assert "1 rule id is of a table that no rule reads and needs no case: small.labels" in told
    assert json.loads(cover_to_json(found))["for_reports"] == ["small.labels"]


def test_a_table_that_a_rule_reads_is_to_fire(tmp_path: Path) -> None:
    found = covered(small_folder(tmp_path, RULES + TABLE + READER), LONG, SHORT)
    assert found.for_reports == ()
    assert {"small.labels", "small.named"} <= set(found.never_fired)


def test_a_notice_of_the_program_is_no_rule_that_always_fires(folder: Path) -> None:
    cases(folder, LONG, SHORT)
    plans = Plans(folder)
    loaded = chosen_cases(plans, select=None, files=[])
    seen = sights_of(loaded, plans)
    told = {place: ids | {"infucode.too-many-code-sets"} for place, ids in seen.fired.items()}
    assert coverage_of(replace(seen, fired=told), loaded, plans).never_silent == ()


def test_the_notice_of_a_version_that_nothing_supersedes_is_not_asked_for(folder: Path) -> None:
    assert "cpcp026.superseded" in covered(folder, LONG).never_fired
    profile = folder / "cpcp026" / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(re.sub(r"(?m)^superseded\w* = .*\n", "", text), encoding="utf-8")
    assert "cpcp026.superseded" not in covered(folder, LONG).never_fired


def test_a_number_of_the_plan_and_a_stated_field_cannot_fail(folder: Path) -> None:
    library = Plans(folder).policy("cpcp026").library
    clause = next(r.clause for r in library.rules if r.clause.head.name == "long")
    found = conditions_of(clause, len(clause.body), library)
    assert sorted(found) == [0, 1, 3, 4]
    (border,) = found[3].borders
    assert [border.side(n) for n in (2, 1, 0, -1)] == [None, "holds", "fails", None]
    short = next(r.clause for r in library.rules if r.clause.head.name == "withheld")
    assert conditions_of(short, 2, library)[0].question is None


# ---- where conditions stand


def test_spans_skip_commas_in_brackets_texts_and_comments() -> None:
    text = 'p(A) :- q(A, "x, y"),  % one, two\n    N = #sum { 1, B : r(A, B) ; 2 }, not s(A).'
    head, spans = spans_of(text, 3)
    assert text[slice(*head)] == "p(A)"
    assert [text[slice(*span)] for span in spans if span] == [
        'q(A, "x, y")', "N = #sum { 1, B : r(A, B) ; 2 }", "not s(A)",
    ]  # fmt: skip
    assert spans_of(text, 2)[1] == (None, None)


def test_every_shipped_condition_is_found_in_its_text() -> None:
    library = Plans(SHIPPED).policy("cpcp026").library
    for written in library.rules:
        number = len(written.clause.body)
        if number:
            assert None not in spans_of(written.text, number)[1], written.place


# ---- how it is shown


def test_percent_is_cut_off_not_rounded() -> None:
    assert percent(Share("x", 9999, 10000)) == "99.9 %"
    assert percent(Share("x", 0, 0)) == "100.0 %"


def text_of(found: Covered, **options: object) -> str:
    out = StringIO()
    render_cover(found, Console(file=out, width=100), by="source", **options)  # type: ignore[arg-type]
    return out.getvalue()


def test_the_terminal_names_what_is_open(folder: Path) -> None:
    found = covered(folder, LONG, SHORT)
    assert "cpm12" in text_of(found) and "By source" in text_of(found)
    told = text_of(found, detailed=list(found.rules))
    assert "small.long  7 of 10  policies/small/runs.lp:8" in told
    assert "• not attended(Administration,no): no case in which it alone fails" in told


def test_json_holds_every_condition(folder: Path) -> None:
    data = json.loads(cover_to_json(covered(folder, LONG, SHORT)))
    assert data["schema"] == "infucode.cover.v1"
    assert data["total"]["of"] == sum(
        len(c["sights"]) for r in data["rules"] for c in r["conditions"]
    )
    assert {row["name"] for row in data["by"]["clause"]} == {"S1"}


def test_the_page_is_self_contained_and_coloured(folder: Path) -> None:
    found = covered(folder, LONG, SHORT)
    page = cover_html(found)
    assert not re.search(r"<script|src=|https?://", page)
    assert '<span class="none"' not in page.split("<h2>By source")[1] or "dashed" in page
    assert re.search(r'<span class="some" title="[^"]*">not attended', page)
    assert re.search(r'<span class="all" title="[^"]*runs.yaml:3[^"]*">Minutes &gt; Limit', page)
    assert re.search(r'<span class="name">value\(short_minutes', page)
    assert page.count("<pre>") == len(found.rules)


def test_a_share_of_the_shipped_cases_holds_what_it_should() -> None:
    """A rule of the shipped policies with a pair of cases at its border."""
    plans = Plans(SHIPPED)
    files = [path for path in case_files(SHIPPED) if path.name == "time.yaml"]
    found = cover(load_cases(files, plans)[:30], plans)
    (own,) = [r for r in found.rules if r.id == "cpt.form-infusion"]
    border = [s for c in own.conditions for s in c.sights if s.kind in ("holds", "fails")]
    assert len(border) == 2 and all(s.case is not None for s in border)
