"""Papers are bound by location."""

from __future__ import annotations

from datetime import date as Date

from infucode.rulebook.papers import Beats
from tests.unit.rulebook.texts import bound

HEAD = "%@ id: cpt.one\n%@ cite: cpt a\n%@ text: One.\n"
TWO = HEAD.replace("one", "two")


def ids(text: str) -> list[str | None]:
    found, problems = bound(text)
    assert not problems
    return [papers.id if papers else None for papers in found]


def test_a_group_shares_the_papers_above_it() -> None:
    text = f"{HEAD}p :- q.\np :- r.\n\n{TWO}p :- s.\np :- t.\n"
    assert ids(text) == ["cpt.one", "cpt.one", "cpt.two", "cpt.two"]


def test_two_rules_on_one_line_share_their_papers() -> None:
    assert ids(f"{HEAD}p :- q. p :- r.\n") == ["cpt.one", "cpt.one"]


def test_a_comment_inside_a_rule_is_no_paper() -> None:
    assert ids(f"{HEAD}p :-\n  % q is so\n  q.\n{TWO}r :- q.\n") == ["cpt.one", "cpt.two"]


def test_papers_inside_a_rule_belong_to_no_rule() -> None:
    _, problems = bound(f"{HEAD}p :-\n%@ id: cpt.two\n  q,\n  r.\n")
    assert problems == ["papers that belong to no rule"]


def test_plain_comments_may_stand_between_papers_and_rule() -> None:
    assert ids(f"{HEAD}% Achieved: one.\np :- q.\n") == ["cpt.one"]


def test_a_blank_line_cuts_papers_off() -> None:
    _, problems = bound(f"{HEAD}\np :- q.\n")
    assert "papers that belong to no rule" in problems
    assert "a rule without papers" in problems


def test_a_long_text_goes_on_in_the_next_line() -> None:
    found, _ = bound(f"{HEAD}%@ says: {{Minutes}} of\n%@   {{Limit}} minutes.\np :- q.\n")
    assert found[0] is not None
    assert found[0].says == "{Minutes} of {Limit} minutes."
    assert found[0].placeholders == {"Minutes", "Limit"}


def test_dates_include_both_ends() -> None:
    found, _ = bound(f"{HEAD}%@ from: 2024-01-01\n%@ until: 2024-01-31\np :- q.\n")
    papers = found[0]
    assert papers is not None
    assert papers.in_force(Date(2024, 1, 1)) and papers.in_force(Date(2024, 1, 31))
    assert not papers.in_force(Date(2023, 12, 31)) and not papers.in_force(Date(2024, 2, 1))


def test_a_rule_may_beat_several() -> None:
    found, _ = bound(f"{HEAD}%@ beats: cpt.a (X, Y)\n%@ beats: cpt.b ( X )\np(X,Y) :- q(X,Y).\n")
    assert found[0] is not None
    assert found[0].beats == (Beats("cpt.a", ("X", "Y")), Beats("cpt.b", ("X",)))


def test_stray_braces_are_told() -> None:
    found, _ = bound(f"{HEAD}%@ says: {{minutes}} {{M}} {{X'}} }}.\np(M) :- q(M).\n")
    assert found[0] is not None
    assert found[0].stray == ["{minutes}", "{X'}", "}"]
