"""What a policy folder may not say: the loader refuses it, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.errors import PolicyError, Problem
from infucode.rulebook.checks_papers import NEED_MATTERS, NEED_WORDS
from infucode.rulebook.vocabulary import by_kind
from tests.badinput.policies_load import SHIPPED, copy_policies, load

ARRANGING = {"own_line", "charged_access", "opens", "open_stop", "open_reason", "lifted_by",
             "tried_with"}  # fmt: skip
GIVEN = "administration(Administration)"
SERVED = "service_code(Service, Code)"
CLAIMED = "claim_line(Line)"
RULES = {
    "remark": f"Administration) :- {GIVEN}.",
    "line": f'Administration, delivery, "96365", 1, 0) :- {GIVEN}.',
    "modifier": f'Administration, delivery, "59") :- {GIVEN}.',
    "modifier_on": f'Administration, delivery, 0, "59") :- {GIVEN}.',
    "charge": f'Administration, drug, "0.00") :- {GIVEN}.',
    "merged": f"Administration, Administration) :- {GIVEN}.",
    "withheld": f"Administration, delivery) :- {GIVEN}.",
    "lost_minutes": f"Administration, 1) :- {GIVEN}.",
    "ask": f"Administration, stop) :- {GIVEN}.",
    "ask_stay": f"stop) :- {GIVEN}.",
    "warning": f"Administration) :- {GIVEN}.",
    "cannot_tell": f"Administration) :- {GIVEN}.",
    "cannot_tell_part": f"Administration, drug) :- {GIVEN}.",
    "service_line": f"Service, Code, 1) :- {SERVED}.",
    "visit_modifier": f'Service, "25") :- {SERVED}.',
    "service_withheld": f"Service) :- {SERVED}.",
    "service_warning": f"Service) :- {SERVED}.",
    "deny": f"Line) :- {CLAIMED}.",
    "deny_beside": f"Line, Other) :- {CLAIMED}, claim_line(Other).",
    "review": f"Line) :- {CLAIMED}.",
    "review_beside": f"Line, Other) :- {CLAIMED}, claim_line(Other).",
    "advise": f"Line) :- {CLAIMED}.",
    "omitted": "Item) :- expected(Item).",
    "undecided": f"Line) :- {CLAIMED}.",
    "not_checked": "Code) :- line_code(_, Code).",
    "recode_to": "Line, Code) :- line_code(Line, Code).",
    "fewer_to": "Line, Units) :- line_units(Line, Units).",
    "take_off": "Line, Modifier) :- line_modifier(Line, Modifier).",
    "mark_with": "Line, Modifier) :- line_modifier(Line, Modifier).",
    "needed": f"Line) :- {CLAIMED}.",
    "needed_fact": f"Line, intensity) :- {CLAIMED}.",
}
"""For each outcome that people read the rest of a rule that gives it."""


def rule(kind: str, says: str, matters: str = "Its code depends on it.") -> str:
    """A rule of its own id that gives an outcome."""
    id = f"cpt.told-{kind.replace('_', '-')}"
    papers = [f"%@ id: {id}", "%@ cite: infucode definitions", "%@ text: A rule."]
    papers += [f"%@ says: {says}"] if says else []
    papers += [f"%@ matters: {matters}"] if kind in NEED_MATTERS and matters else []
    return "\n".join([*papers, f'{kind}("{id}", {RULES[kind]}', ""])


def refused(tmp_path: Path, name: str, text: str, *, old: str | None = None) -> list[Problem]:
    """The problems of the shipped folder with a file more, or with `old` replaced in one."""
    path = copy_policies(tmp_path) / name
    if old is not None:
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1
        text = before.replace(old, text)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(tmp_path / "policies")
    return list(caught.value.problems)


def test_every_declared_outcome_needs_words_or_only_arranges() -> None:
    declared = {p.name for p in by_kind(dict(load(SHIPPED).library.vocabulary), "outcome")}
    assert declared == NEED_WORDS | ARRANGING, "say in `checks.py` whether people read it"
    assert set(RULES) == NEED_WORDS


def test_an_unbound_placeholder_is_refused_in_every_outcome(tmp_path: Path) -> None:
    text = "\n".join(rule(kind, "It took {Minutes} minutes.") for kind in RULES)
    problems = refused(tmp_path, "cpt/told.lp", text)
    heads = [n for n, row in enumerate(text.split("\n"), 1) if row and not row.startswith("%")]
    assert [(p.file, p.line) for p in problems] == [("policies/cpt/told.lp", n) for n in heads]
    for problem in problems:
        assert problem.message == "the message names `{Minutes}`, which this rule does not bind"
        assert problem.help.startswith("variables here: ")


def test_an_unbound_placeholder_of_what_a_question_decides_is_refused(tmp_path: Path) -> None:
    text = rule("ask", "When did it stop?", "{Other} depends on it.")
    (problem,) = refused(tmp_path, "cpt/told.lp", text)
    assert problem.message == "the message names `{Other}`, which this rule does not bind"


def test_an_outcome_without_words_is_refused(tmp_path: Path) -> None:
    text = "\n".join(rule(kind, "") for kind in RULES)
    problems = refused(tmp_path, "cpt/told.lp", text)
    assert [p.message for p in problems] == ["an outcome without words"] * len(RULES)


def test_a_question_without_what_it_decides_is_refused(tmp_path: Path) -> None:
    text = "\n".join(rule(kind, "When did it stop?", "") for kind in sorted(NEED_MATTERS))
    problems = refused(tmp_path, "cpt/told.lp", text)
    wanted = "a question that does not say what it decides"
    assert [p.message for p in problems] == [wanted] * len(NEED_MATTERS)
    assert problems[0].help == "add a line `%@ matters: ...`"


@pytest.mark.parametrize(
    ("row", "help"),
    [
        ("Said: imm = into muscle", "did you mean `im`?"),
        ("Said: im into muscle", "write `Said: word = plain words`, once for a word"),
        ("Said: im =", "write `Said: word = plain words`, once for a word"),
        ("Said: sc = a\nSaid: sc = b", "write `Said: word = plain words`, once for a word"),
    ],
)
def test_plain_words_for_no_word_are_refused(tmp_path: Path, row: str, help: str) -> None:
    old = "Said: im = into muscle\n"
    problems = refused(tmp_path, "vocabulary.lp", f"{row}\n", old=old)
    assert "does not say how a word of the list is spoken of" in problems[0].message
    assert problems[0].help == help
    assert problems[0].source.startswith("Said: ")


def test_plain_words_for_no_value_of_a_switch_are_refused(tmp_path: Path) -> None:
    old = 'longest = "the one that ran longest"'
    problems = refused(tmp_path, "switches.toml", 'longer = "the longer"', old=old)
    assert problems[0].message == (
        "`said` of switch `tie_break` does not give plain words for its values"
    )
    assert "values: longest, first, declared" in problems[0].help
