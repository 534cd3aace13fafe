"""The house layout: what it does to a rule, and that it never changes one."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from infucode.errors import InternalError, PolicyError
from infucode.rulebook.lexical import tokens
from infucode.rulebook.where import policies_folder
from infucode.workbench.format import files, text
from infucode.workbench.format.files import lay_out, rule_files
from infucode.workbench.format.layout import COLUMNS, lines_of
from infucode.workbench.format.pieces import pieces
from infucode.workbench.format.text import formatted

LONG = "administration_that_was_given"
RULES = {
    "a( X ,Y ):-b(X,Y),not c(X).": "a(X, Y) :- b(X, Y), not c(X).",
    "a(X):-\n  b(X),\n\n\n  c(X).": "a(X) :-\n    b(X),\n    c(X).",
    "a(X) :- b(X),\nc(X).": "a(X) :-\n    b(X),\n    c(X).",
    "a(X) :-\n    b(X\n, Y).": "a(X) :-\n    b(X, Y).",
    "a(X-Y*2,-X,|X - Y|) :- b(X,Y),X<Y,X!= -1.": (
        "a(X - Y * 2, -X, |X - Y|) :- b(X, Y), X < Y, X != -1."
    ),
    "a(N) :- N=#sum{X,Y:b(X,Y),c(X);-X,Y:d(X,Y)},N!=#sup.": (
        "a(N) :- N = #sum { X, Y : b(X, Y), c(X) ; -X, Y : d(X, Y) }, N != #sup."
    ),
    "a(N) :-\n  N = #min { X : b(X) ;\n Y : c(Y) }.": (
        "a(N) :-\n    N = #min { X : b(X) ;\n               Y : c(Y) }."
    ),
    "a(N) :-\n  N = #sum { X :\n b(X) }.": "a(N) :-\n    N = #sum { X :\n        b(X) }.",
    'a("x ,  y%z") .  b(_, "").': 'a("x ,  y%z").\nb(_, "").',
    "a. b.  c :- a,b.": "a.\nb.\nc :- a, b.",
    "#defined  claim / 1 .": "#defined claim/1.",
    "a(X'):-b(X,X').": "a(X') :- b(X, X').",
    "a :- not  not b.": "a :- not not b.",
    "a((X,),f(X)) :- b(X).": "a((X,), f(X)) :- b(X).",
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_in_house_layout(rule: str) -> None:
    assert formatted(rule) == RULES[rule] + "\n"


COMMENTS = {
    "% head  \na.": "% head\na.\n",
    "a.   % why": "a. % why\n",
    "a :- b, % why\n  c.": "a :-\n    b, % why\n    c.\n",
    "a :-\n  b,\n% why\n  c.": "a :-\n    b,\n    % why\n    c.\n",
    "a :-\n% why\n  c.": "a :-\n    % why\n    c.\n",
    "a(X,% why\n  Y) :- c.": "a(X, % why\n    Y) :- c.\n",
    "a. %* two\n  lines *% b.": "a. %* two\n  lines *%\nb.\n",
    "a.\n%@ id: x.y\nb.": "a.\n\n%@ id: x.y\nb.\n",
    "a.\n% note\n%@ id: x.y\nb.": "a.\n\n% note\n%@ id: x.y\nb.\n",
    "a.\n% note\n\n%@ id: x.y\nb.": "a.\n% note\n\n%@ id: x.y\nb.\n",
    "\n\na.\n\n\n\nb.\n\n\n": "a.\n\nb.\n",
    "%@ id: x.y\n%@   more,  as it is\na.": "%@ id: x.y\n%@   more,  as it is\na.\n",
    "": "",
}


@pytest.mark.parametrize("given", COMMENTS)
def test_comments_and_empty_lines(given: str) -> None:
    assert formatted(given) == COMMENTS[given]


def test_line_ends_of_other_systems() -> None:
    assert formatted("a:-b,\r\n c.\r\n") == "a :-\n    b,\n    c.\n"


def test_a_long_rule_is_broken_between_conditions() -> None:
    rule = f"a(X) :- {', '.join(f'{LONG}_{n}(X)' for n in range(4))}, X < 3."
    laid = formatted(rule).splitlines()
    assert laid[0] == "a(X) :-" and len(laid) == 3
    assert all(len(line) <= COLUMNS and line.startswith("    ") for line in laid[1:])


def test_a_long_aggregate_is_broken_within() -> None:
    inner = ", ".join(f"{LONG}_{n}(X, Y)" for n in range(4))
    laid = formatted(f"a(N) :- N = #sum {{ X, Y : {inner} }}.").splitlines()
    assert max(map(len, laid)) <= COLUMNS
    assert [len(line) - len(line.lstrip()) for line in laid] == [0, 4, 8, 8]


SHIPPED = rule_files(policies_folder())


def test_the_shipped_files_are_nearly_as_they_would_be_laid_out() -> None:
    laid = lay_out(SHIPPED, policies_folder())
    lines = sum(file.before.count("\n") for file in laid)
    changed = [line for file in laid for line in file.diff().splitlines()[2:] if line[:1] == "-"]
    assert lines > 5_000
    assert len(changed) < lines // 100


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_laying_out_twice_changes_nothing(path: Path) -> None:
    once = formatted(path.read_text(encoding="utf-8"))
    assert formatted(once) == once
    for line in once.splitlines() if path.name != "vocabulary.lp" else ():
        is_fact = line.endswith(").") and not line.startswith(" ") and ":-" not in line
        assert len(line) <= COLUMNS or line.startswith("%") or is_fact, line


def mangled(given: str, draw: random.Random, spaces: str) -> str:
    """The text with other white space between the tokens of its rules; comments stay."""
    found = []
    behind_comment = False
    for piece in pieces(given):
        if piece.is_comment or behind_comment:
            found.append("\n" * min(piece.breaks, 2))
        else:
            wide = "".join(draw.choice(spaces) for _ in range(draw.randrange(3)))
            needed = " " if not wide and not piece.breaks else ""
            found.append(("\n" * piece.breaks if "\n" not in spaces else "") + wide + needed)
        found.append(piece.text)
        behind_comment = piece.is_comment
    return "".join(found)


def said(given: str) -> tuple[list[str], list[str]]:
    comments = [piece.text for piece in pieces(given) if piece.is_comment]
    return [token for _, token in tokens(given)], comments


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_spaces_do_not_matter(path: Path, seed: int) -> None:
    given = path.read_text(encoding="utf-8")
    other = mangled(given, random.Random(seed), " \t")
    assert said(other) == said(given)
    assert formatted(other) == formatted(given)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("path", SHIPPED[1::4], ids=lambda path: path.name)
def test_nothing_is_lost_whatever_the_lines(path: Path, seed: int, tmp_path: Path) -> None:
    """Rules with their papers, and comments, are what they were; checked by parsing."""
    given = path.read_text(encoding="utf-8")
    other = tmp_path / "mangled.lp"
    other.write_text(mangled(given, random.Random(seed), " \n"), encoding="utf-8")
    (laid,) = lay_out([other], tmp_path)
    assert said(laid.after) == said(given)
    assert files._meaning_of(laid.after) == files._meaning_of(given)
    assert formatted(laid.after) == laid.after


def test_the_mangling_does_something() -> None:
    given = "a(X) :- b(X), c(X).\n"
    seen = {mangled(given, random.Random(seed), " \n") for seed in range(20)}
    assert len(seen) > 10
    assert all(re.sub(r"\s", "", other) == re.sub(r"\s", "", given) for other in seen)


def test_a_lost_comment_is_a_bug_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_statement", lambda item: lines_of(item))
    with pytest.raises(InternalError, match="would change a rule or a comment"):
        formatted("a. % lost")


def test_papers_bound_to_another_rule_are_a_bug_of_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "x.lp"
    path.write_text("%@ id: x.y\n%@ cite: z 1\n%@ text: Z.\na.\n", encoding="utf-8")
    monkeypatch.setattr(files, "formatted", lambda given: given.replace("\na.", "\n\na."))
    with pytest.raises(InternalError, match="would change a rule or its papers"):
        lay_out([path], tmp_path)


def test_every_file_that_does_not_parse_is_told(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / f"{name}.lp").write_text("a :- b\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        lay_out(sorted(tmp_path.glob("*.lp")), tmp_path)
    assert [Path(problem.file).name for problem in caught.value.problems] == ["x.lp", "y.lp"]
