"""Slips in a rule file that have a cause of their own are told with it, at their place."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from infucode.errors import PolicyError, Problem
from infucode.rulebook.papers import bind_papers
from infucode.rulebook.parse import message_problem, parse_file
from infucode.rulebook.source import read_source
from infucode.rulebook.toml import read_toml

RULE = "iv(Administration) :- route(Administration, iv)"


def refused(path: Path, text: str | bytes) -> list[Problem]:
    """What is wrong with a rule file of that text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PolicyError) as caught:
        parse_file(path, path.name)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        (f"{RULE}§..\n", "`..` at the end of a rule", "a rule ends in one `.`"),
        (f"{RULE}§...", "`...` at the end of a rule", "a rule ends in one `.`"),
        ("iv(a)§?\n", "`?` is no part of a rule", "a rule ends in `.`"),
        (f"{RULE}.\n§\f\n", "`U+000C` outside of a text", "remove it"),
        (f"{RULE}.\n§\a\n", "`U+0007` outside of a text", "remove it"),
        (f"{RULE}.\n% fine §\u202e.\n", "turns the direction of text, U+202E", "reads otherwise"),
        (f'{RULE}, hcpcs(_, "§\u2066").\n', "turns the direction of text, U+2066", "remove it"),
        (f"§<<<<<<< mine\n{RULE}.\n=======\n>>>>>>> theirs\n", "a merge", "keep what"),
        ("a(X) :- b(X), c(X, §\u201c1).\n", "outside of a text", 'write `"`'),
        ("a(X) :- b(X), X §\u2264 1.\n", "outside of a text", "write `<=`"),
        ("a(X) :- b(X), X > §\u22121.\n", "outside of a text", "write `-`"),
        ("a(X) :-§\u00a0b(X).\n", "`U+00A0` outside of a text", "write a plain space"),
        ("a(X) :- b(X),§\u200b c(X).\n", "`U+200B` outside of a text", "cannot be seen"),
    ],
)
def test_the_cause_and_its_place(text: str, message: str, help: str, tmp_path: Path) -> None:
    head = text[: text.index("§")]
    (problem,) = refused(tmp_path / "x.lp", text.replace("§", ""))
    assert message in problem.message and help in problem.help
    assert (problem.line, problem.column) == (
        head.count("\n") + 1, len(head) - head.rfind("\n")
    )  # fmt: skip


@pytest.mark.parametrize("text", [f"{RULE}. % a..\n", "% =======\n% <<<<<<<\na(b).\n"])
def test_comments_may_hold_what_looks_like_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.lp"
    path.write_text(text, encoding="utf-8")
    parse_file(path, path.name)


def test_what_is_unsafe_has_the_name_that_was_written() -> None:
    said = "x.lp:1:1-5: error: unsafe variables in:\n  a(#Anon0).\nx: note: '#Anon0' is unsafe"
    assert message_problem(said, lambda _: None).message == "unsafe variable `_`"


@pytest.mark.parametrize(
    ("papers", "wanted"),
    [
        ("%@ id: a.b\n%@ cite: s\n%@ text: T.\n%@ foo: bar\n", ["`foo` is not a key of papers"]),
        ("", ["a rule without papers"] * 2),
    ],
)
def test_papers_that_are_wrong_are_told_once(
    papers: str, wanted: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "x.lp"
    path.write_text(f"{papers}a(X) :- b(X).\nc(X) :- b(X).\n", encoding="utf-8")
    problems: list[Problem] = []
    bind_papers(parse_file(path, path.name), problems)
    assert [p.message for p in problems] == wanted


def test_papers_of_no_rule_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "x.lp"
    lost = "%@ id: a.b\n%@ cite: s\n%@ text: T.\n"
    path.write_text(f"{lost}\na(b).\n\n{lost}", encoding="utf-8")
    problems: list[Problem] = []
    bind_papers(parse_file(path, path.name), problems)
    found = [(p.line, p.message) for p in problems if "belong" in p.message]
    assert found == [(1, "papers that belong to no rule"), (7, "papers that belong to no rule")]


def unread(path: Path) -> str:
    """Why a path cannot be read."""
    with pytest.raises(PolicyError) as caught:
        read_source(path, path.name)
    (problem,) = caught.value.problems
    return f"{problem.message}; {problem.help}"


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    pipe, link, loop = (tmp_path / name for name in ("pipe.lp", "link.lp", "loop.lp"))
    os.mkfifo(pipe)
    # without the check this ends the waiting, and the test fails
    threading.Thread(target=lambda: pipe.open("wb").close(), daemon=True).start()
    link.symlink_to(tmp_path / "gone.lp")
    loop.symlink_to(loop)
    assert unread(pipe) == "is not a file; move it elsewhere"
    assert unread(tmp_path) == "is not a file; move it elsewhere"
    for path in (link, loop):
        assert unread(path) == "is a link that leads to no file; mend the link, or remove it"
    assert unread(tmp_path / "gone.lp").startswith("is missing; ")


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"a = 1\nb = \n", 2, 5, "cannot be read as TOML: invalid value"),
        ("a = 'é' x\n".encode(), 1, 9, "cannot be read as TOML: expected newline"),
        (b"a = [\n", 1, 6, "cannot be read as TOML: "),
        (b"a = 1\nb = '\xe9'\n", 2, 6, "is not UTF-8 text"),
        (b"\xef\xbb\xbfa = 1\n", 1, 1, "a byte order mark, U+FEFF"),
    ],
)
def test_toml_is_refused_at_its_place(
    content: bytes, line: int, column: int, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        read_toml(path, "x.toml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column), problem
    assert message in problem.message and problem.source and problem.check == "settings-file"
