"""What needs no case: conditions that the rules themselves settle, and those with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.errors import PolicyError
from infucode.model.cover import Covered
from infucode.space.answering import book_of
from infucode.space.models import Models
from infucode.space.spaces import space_named
from infucode.space.written import encounter_of
from infucode.workbench.case import Case
from infucode.workbench.cases import case_files, load_cases
from infucode.workbench.cover.covering import Asker
from infucode.workbench.cover.questions import Key
from infucode.workbench.cover.reasons import FILE
from infucode.workbench.cover.settled import ALWAYS, MIRRORED, OTHERWISE, Settled
from infucode.workbench.lint.subject import Subject
from infucode.workbench.plans import Plans
from tests.unit.cover.test_cover import LONG, SHORT, covered
from tests.unit.workbench.small import small_folder

POLICIES = Path(__file__).resolve().parents[3] / "policies"
SAMPLE = 30
"""Of so many rules, and of so many cases, one is looked at."""
HEADER = """\
% Lines.

%@ id: small.line
%@ cite: infucode small
%@ text: A run by vein has a line.
%@ says: {Administration} has a line.
"""
END = 'line("small.line", Administration, delivery, "96365", 1, 0) :- '
BY_VEIN = "route(Administration, iv)"


def settled(folder: Path, body: str) -> dict[str, str]:
    """How each condition is settled that no case shows false, by its predicate."""
    made = small_folder(folder, HEADER + body)
    found = covered(made, LONG)
    return {
        condition.text.partition("(")[0]: sight.settled
        for rule in found.rules
        if rule.id == "small.line"
        for condition in rule.conditions
        for sight in condition.sights
        if sight.settled and sight.kind == "false"
    }


def test_a_row_for_all_that_may_stand_there(tmp_path: Path) -> None:
    body = f"""\
kind(Administration, long) :- {BY_VEIN}, stated_minutes(Administration, _).
kind(Administration, short) :- {BY_VEIN}, not stated_minutes(Administration, _).
kind_code(long, "96365").
kind_code(short, "96374").
{END}kind(Administration, Kind), kind_code(Kind, _).
"""
    assert settled(tmp_path, body).keys() == {"kind_code"}


def test_a_row_that_is_missing_is_a_condition(tmp_path: Path) -> None:
    body = f"""\
kind(Administration, long) :- {BY_VEIN}, stated_minutes(Administration, _).
kind(Administration, short) :- {BY_VEIN}, not stated_minutes(Administration, _).
kind_code(long, "96365").
{END}kind(Administration, Kind), kind_code(Kind, _).
"""
    assert settled(tmp_path, body) == {}


DAYS = """\
day(Administration, Start) :- start(Administration, Start).
day(Administration, 0) :- administration(Administration), not on_day(Administration).
"""


def test_one_way_or_the_other(tmp_path: Path) -> None:
    body = f"""\
{DAYS}on_day(Administration) :- start(Administration, _).
{END}{BY_VEIN}, day(Administration, _).
"""
    assert settled(tmp_path, body).keys() == {"day"}


@pytest.mark.parametrize(
    "what",
    ["start(Administration, _).\non_day(Administration) :- attended(Administration, no).",
     "attended(Administration, no)."],
    ids=["something-else-stands-against-it", "what-stands-against-it-gives-none"],
)  # fmt: skip
def test_neither_way(what: str, tmp_path: Path) -> None:
    body = f"{DAYS}on_day(Administration) :- {what}\n{END}{BY_VEIN}, day(Administration, _).\n"
    assert settled(tmp_path, body) == {}


def test_two_conditions_that_must_hold_of_one_value(tmp_path: Path) -> None:
    """That each is there for some value does not say that both are for one."""
    body = f"""\
some(Administration, Kind) :- administration(Administration), route(Administration, Kind).
odd(sc).
tied(Administration) :- some(Administration, Kind), odd(Kind).
{END}{BY_VEIN}, tied(Administration).
"""
    assert "tied" not in settled(tmp_path, body)


def test_one_value_that_two_share(tmp_path: Path) -> None:
    """Whoever the other shares it with, there is one who has it."""
    body = f"""\
{END}route(Administration, Kind), route(Other, Kind), Administration != Other.
"""
    assert settled(tmp_path, body).keys() == {"route"}


def test_whichever_rule_gives_it(tmp_path: Path) -> None:
    body = f"""\
ran(Administration) :- {BY_VEIN}, stated_minutes(Administration, _).
ran(Administration) :- {BY_VEIN}, start(Administration, _).
{END}ran(Administration), {BY_VEIN}.
"""
    assert settled(tmp_path, body).keys() == {"route"}


def test_one_of_the_rules_needs_it_not(tmp_path: Path) -> None:
    body = f"""\
ran(Administration) :- {BY_VEIN}, stated_minutes(Administration, _).
ran(Administration) :- start(Administration, _).
{END}ran(Administration), {BY_VEIN}.
"""
    assert settled(tmp_path, body).get("route") != ALWAYS


LEAST = f"""\
part(Administration, Minutes) :- {{part}}.
some(Administration) :- {{some}}.
{END}some(Administration),
    Least = #min {{{{ Minutes : part(Administration, Minutes) }}}}, Least != #sup.
"""


def test_the_least_of_what_is_there(tmp_path: Path) -> None:
    body = LEAST.format(part="stated_minutes(Administration, Minutes)",
                        some="part(Administration, _)")  # fmt: skip
    assert settled(tmp_path, body).keys() == {"Least!=#sup"}


def test_the_least_of_what_may_not_be_there(tmp_path: Path) -> None:
    body = LEAST.format(part="stated_minutes(Administration, Minutes)", some=BY_VEIN)
    assert settled(tmp_path, body) == {}


def test_what_the_rule_gives_holds_otherwise(tmp_path: Path) -> None:
    body = f"""\
ran(Administration) :- {BY_VEIN}, stated_minutes(Administration, _).
ran(Administration) :- {BY_VEIN}, not stated_minutes(Administration, _).
{END}ran(Administration).
"""
    made = small_folder(tmp_path, HEADER + body)
    found = covered(made, LONG)
    told = [s for r in found.rules for s in r.sights if s.settled == OTHERWISE]
    assert {s.text for s in told} == {
        "stated_minutes(Administration,_)", "not stated_minutes(Administration,_)"
    }  # fmt: skip


def test_what_comes_in_pairs_is_never_the_only_one(tmp_path: Path) -> None:
    body = f"""\
{{more}}
{END}{BY_VEIN}, twice.
"""
    apart = "twice :- route(One, iv), route(Other, iv), One != Other."
    ordered = "twice :- route(One, iv), route(Other, iv), One < Other."
    told = []
    for number, more in enumerate((apart, ordered)):
        made = small_folder(tmp_path / str(number), HEADER + body.format(more=more))
        rule = next(r for r in covered(made, LONG).rules if r.text.startswith("twice"))
        told.append([s.settled for s in rule.sights if s.kind == "true"])
    assert told == [[MIRRORED] * 3, [""] * 3]


def test_a_name_that_two_rules_use_is_not_one_thing(tmp_path: Path) -> None:
    """That the other was charted says nothing of this one, though a rule calls both the same."""
    body = f"""\
charted(Administration) :- stated_minutes(Administration, _), {BY_VEIN}.
near(Administration, Other) :- document_order(Administration, _), charted(Other).
{END}near(Administration, Other), charted(Administration).
"""
    assert "charted" not in settled(tmp_path, body)


def test_no_case_and_no_space_shows_what_is_settled() -> None:
    """A part of the shipped cases, and the smallest encounters of a space."""
    plans = Plans(POLICIES)
    libraries = tuple(plans.policy(plan).library for plan in plans.known)
    told = Settled(Subject(POLICIES, libraries, ()))
    found: set[Key] = set()
    rules = {}
    for library in libraries:
        for rule in library.rules[::SAMPLE]:
            place = rule.source.name, *rule.clause.place
            rules[place] = rule, library
            for number in range(len(rule.clause.body)):
                if told.certain(place, rule.clause, number):
                    found.add((place, number, "false"))
    assert len(found) > 10
    asker = Asker(plans, rules, kept=True)
    cases = load_cases(case_files(POLICIES), plans)[::SAMPLE]
    day = libraries[0].profile.versions[-1].since
    for library in libraries:
        plan = library.profile.id
        models = Models(space_named(POLICIES, "records"), (book_of(library, day, {}),)).of_size(1)
        for world in models.worlds():
            encounter = encounter_of({**models.fixed, **world.given}, day)
            cases.append(Case("of a space", "", 0, plan, encounter, ()))
    shown = {key for case in cases for key in asker.ask(case).keys}
    assert len(shown) > len(found)
    assert shown.isdisjoint(found)


def test_one_value_at_two_places(tmp_path: Path) -> None:
    """That there are two places says nothing of their being the same."""
    body = f"""\
placed(Administration, Own, Sorted) :-
    document_order(Administration, Own), id_order(Administration, Sorted).
in_order(Administration) :- placed(Administration, Own, Own).
{END}{BY_VEIN}, in_order(Administration).
"""
    assert "in_order" not in settled(tmp_path, body)


def test_anything_is_not_the_thing_that_is_asked_for(tmp_path: Path) -> None:
    body = f"""\
went(Administration, Kind, Place) :-
    route(Administration, Kind), document_order(Administration, Place).
odd(sc).
tied(Administration) :-
    went(Administration, _, Place), went(Administration, Kind, Place), odd(Kind).
{END}{BY_VEIN}, tied(Administration).
"""
    assert "tied" not in settled(tmp_path, body)


def test_what_a_case_shows_is_not_asked(tmp_path: Path) -> None:
    found = covered(small_folder(tmp_path), LONG, SHORT)
    both = [s for r in found.rules for s in r.sights if s.case is not None and s.settled]
    assert both == []


REASON = """\
[[condition]]
rule = "small.long"
head = "long"
condition = "{condition}"
shows = "{shows}"
reason = "Nobody charts it here."
"""
ATTENDED = "not attended(Administration,no)"


def reasoned(folder: Path, *entries: str) -> Covered:
    made = small_folder(folder)
    (made / FILE).write_text("\n".join(entries), encoding="utf-8")
    return covered(made, LONG)


def test_a_reason_closes_what_no_case_shows(tmp_path: Path) -> None:
    found = reasoned(tmp_path, REASON.format(condition=ATTENDED, shows="false"))
    own = [s for r in found.rules for s in r.sights if s.text == ATTENDED and s.kind == "false"]
    assert [s.reason for s in own] == ["Nobody charts it here."]
    total = found.total
    assert (total.reasoned, total.shown < total.of) == (1, True)
    assert not [c for r in found.rules for c in r.conditions if own[0] in c.open]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (REASON.format(condition=ATTENDED, shows="true"), "runs.yaml:3 shows it"),
        (REASON.format(condition="other(X)", shows="true"), "there is no such condition"),
        (REASON.format(condition=ATTENDED, shows="fasle"), "did you mean `false`"),
        (REASON.format(condition=ATTENDED, shows="false") * 2, "stands twice"),
        (REASON.replace("reason =", "why ="), "`why` is no key of a `[[condition]]`"),
        ("[[conditions]]\n", "`conditions` is no key of this file"),
        ("[[condition\n", "cannot be read"),
    ],
)
def test_a_reason_that_is_not_needed_is_refused(entry: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        reasoned(tmp_path, entry)
    assert told in str(caught.value)
