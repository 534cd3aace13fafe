"""Syntax errors stand where their cause is; atoms read from text are those of the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.errors import PolicyError
from infucode.rulebook import convert
from infucode.rulebook.parse import parse_file
from infucode.rulebook.reading import read_rules

POLICIES = Path(__file__).resolve().parents[3] / "policies"


@pytest.mark.parametrize(
    ("text", "place", "message", "help"),
    [
        ("a(X) :- b(X)\nc(X) :- d(X).\n", (1, 13), "does not end in `.`", "`.` here"),
        ("a(X) :- b(X),\n\nc(X) :- d(X).\n", (1, 13), "does not end in `.`", "`.` for `,`"),
        ("a(X) :- b(X),", (1, 13), "the file ends within", "`.` for `,`"),
        ("a(X) :- b(\n\n", (1, 11), "the file ends within", "`.` here"),
        ("a(X) :- b(X) and c(X).\n", (1, 14), "unexpected <IDENTIFIER>", "join conditions"),
        ("a('x y').\n", (1, 3), "single quotes", '`"..."`'),
        ('a("x).\nb("y").\n', (1, 3), "not closed on its line", "close it"),
        ('a("x\\qy").\n', (1, 3), "`\\q` in a text", "write"),
        ("%* x\na(1).\n", (1, 1), "comment that is not closed", "`*%`"),
        ("a(1).\n#script (lua)\n", (2, 1), "scripts are not allowed", "as rules"),
        ("\ufeffa(1).\n", (1, 1), "byte order mark", "without one"),
        ("a(1).\nb(2)\0.\n", (2, 5), "NUL", "remove it"),
        ("a(X) : - b(X),, c(X).\n", (1, 15), "unexpected", "a rule ends in"),
    ],
)
def test_one_cause_at_its_place(
    text: str, place: tuple[int, int], message: str, help: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.lp"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        parse_file(path, "x.lp")
    first = caught.value.problems[0]
    assert (first.line, first.column) == place
    assert message in first.message and help in first.help
    assert str(first).count("^") == 1


def test_what_is_no_utf_8_is_shown_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.lp"
    path.write_bytes(b"a(1).\n% caf\xe9\n")
    with pytest.raises(PolicyError) as caught:
        parse_file(path, "x.lp")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 6)


def test_a_comment_closed_at_the_very_end_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "x.lp"
    path.write_text("a(1).\n%* x *%", encoding="utf-8")
    assert len(parse_file(path, "x.lp").rules) == 1


@pytest.mark.parametrize("file", ["cpt/push.lp", "cpt/hydration.lp", "claim/units.lp"])
def test_atoms_read_from_text_are_those_of_the_tree(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = _places(file)
    monkeypatch.setattr(convert, "_plain", lambda *_, **__: None)
    assert fast == _places(file)


def _places(file: str) -> list[object]:
    """The rules of a shipped file, with the place of every term, which `==` leaves out."""
    rules = read_rules(POLICIES / file, file, "x").rules
    return [
        (
            rule.clause,
            rule.clause.place,
            rule.clause.end,
            atom.place,
            *(t.place for t in atom.terms),
        )
        for rule in rules
        for atom in (rule.clause.head, *rule.clause.atoms())
    ]
