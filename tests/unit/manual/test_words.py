"""Rules in words: the phrases, and that nothing of a rule is lost in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from infucode.policy import Policy
from infucode.render.manual_content import Condition
from infucode.rulebook.convert import clause_of
from infucode.rulebook.language import Aggregate, Atom, Clause, Comparison, Conditional, Literal
from infucode.rulebook.parse import parse_file
from infucode.rulebook.vocabulary import Type
from infucode.workbench.manual.logic import Teller
from infucode.workbench.manual.phrases import ARITHMETIC, plain, variable


@lru_cache(maxsize=2)
def policy(plan: str) -> Policy:
    return Policy.load(plan)


@lru_cache(maxsize=2)
def teller(plan: str) -> Teller:
    library = policy(plan).library
    settings = (*library.values.values, *library.profile.settings)
    return Teller(library, {setting.name: setting.value for setting in settings})


def body(text: str, folder: Path) -> Literal:
    """The first literal of a rule's body."""
    path = folder / "x.lp"
    path.write_text(f"a :- {text}.\n", encoding="utf-8")
    parsed = parse_file(path, "x.lp")
    clause = clause_of(parsed.rules[0], parsed.source, [])
    assert clause is not None
    return clause.body[0]


PHRASES = {
    "route(Administration, iv)": "the route of Administration is iv",
    "not technique(Administration, push)": "the technique of Administration is not push",
    "start(Administration, _)": "Administration has a known start",
    "not start(Administration, _)": "Administration has no start",
    "claim(facility)": "“claim” is facility",
    "administration(Administration')": "“administration” holds of Administration′",
    "midnight(Day, _)": "“midnight” holds of Day and any",
    "some_helper": "“some helper” holds",
    "not some_helper(_, _)": "“some helper” holds of nothing",
    'service_code(Service, "X")': "the service code of Service is “X”",
    "value(hydration_minimum, Limit)": "Limit is the plan's hydration_minimum",
    "reading(midnight, reset)": "the plan's midnight is reset (it starts afresh)",
    "not reading(midnight, reset)": "the plan's midnight is not reset (it starts afresh)",
    "Minutes > Limit": "Minutes is more than Limit",
    "not Minutes > Limit": "Minutes is at most Limit",
    "Units = (Total - Given) / Step * 2": "Units is ((Total − Given) ÷ Step) × 2",
    "1 <= Part < Whole": "1 is at most Part and Part is less than Whole",
    "Stop != #sup": "there is such a Stop",
    "Stop = #sup": "there is no Stop",
    "Total = #sum { Units, Line : line_units(Line, Units) }": (
        "Total is the sum of Units, once for each Line, where:"
    ),
    "#count { Line : claim_line(Line) } > 1": (
        "the number of different Line is more than 1, where:"
    ),
    "Least = #min { Stop : stop(_, Stop) }": "Least is the least Stop, where:",
    "Net = #max { 0 ; Least }": "Net is the greatest of 0 and Least",
    "Size = |Left - Right|": "Size is the size of Left − Right",
}  # fmt: skip


@pytest.mark.parametrize("text", PHRASES)
def test_a_condition_in_words(text: str, tmp_path: Path) -> None:
    told = teller("cpcp026")
    assert told.condition(body(text, tmp_path), "x.y").text == PHRASES[text]


def test_what_is_counted_stands_below(tmp_path: Path) -> None:
    text = "Total = #sum { Units, Line : line_units(Line, Units), not marked(Line) ; 1, 2 }"
    found = teller("cpcp026").condition(body(text, tmp_path), "x.y")
    assert found.text == "Total is the sum of Units, once for each Line, from:"
    assert [c.text for c in found.below] == ["Units and Line, where:", "1 and 2"]
    assert [c.text for c in found.below[0].below] == [
        "the line units of Line is Units", "“marked” does not hold of Line",
    ]  # fmt: skip


def whole(condition: Condition) -> str:
    return " ".join([condition.text, *(whole(below) for below in condition.below)])


def parts(literal: Literal) -> Iterator[str]:
    """Every name, variable, constant and operator of a condition, as it is to be told."""
    formula = literal.formula
    if isinstance(formula, Atom):
        settings = formula.name in ("value", "reading")
        if not settings:
            yield plain(formula.name).removesuffix(" of")
        for place, term in enumerate(formula.terms):
            if term.kind == "variable":
                yield variable(term.text) if term.text != "_" else ""
            elif term.kind == "word":
                yield term.text if settings and place == 0 else plain(term.text)
            elif term.kind in ("string", "number"):
                yield term.text.strip('"')
    elif isinstance(formula, Comparison):
        for term in formula.terms:
            yield from (variable(name) for name in term.variables())
            yield ARITHMETIC.get(term.text, "") if term.kind == "arithmetic" else ""
    elif isinstance(formula, Aggregate):
        for guard in formula.guards:
            yield from (variable(name) for name in guard.variables())
        for element in formula.elements:
            for inner in element.condition:
                yield from parts(inner)
    elif isinstance(formula, Conditional):
        for inner in (formula.literal, *formula.condition):
            yield from parts(inner)


@pytest.mark.parametrize("plan", ["cpcp026", "medicare"])
def test_nothing_of_a_rule_is_lost_in_words(plan: str) -> None:
    library, told = policy(plan).library, teller(plan)
    seen = 0
    for rule in library.rules:
        clause: Clause = rule.clause
        for literal in clause.body:
            text = whole(told.condition(literal, rule.papers.id))
            missing = [part for part in parts(literal) if part not in text]
            assert not missing, f"{rule.place}: {literal}: {text}"
            assert not re.search(r":-|#(sum|min|max|count|sup|inf)|'(?!s )|(^|\s)_", text), text
            negated = literal.signs == 1 and isinstance(literal.formula, Atom)
            said = re.search(r"\bnot\b|\bno\b|\bnothing\b", text)
            assert not negated or said, f"{rule.place}: {literal}: {text}"
            seen += 1
    assert seen > 3_000


def test_what_decides_comes_first_and_gives_way() -> None:
    library, told = policy("cpcp026").library, teller("cpcp026")
    rules = [rule for rule in library.rules if rule.papers.id == "cpt.office-supplies"]
    logic = told.logic(rules, ["cpcp026.supplies-part"])
    assert logic[0].outcome and logic[0].conditions[-1].kind == "unless"
    assert all(condition.kind != "unless" for one in logic[1:] for condition in one.conditions)


def test_rows_have_the_columns_of_the_vocabulary() -> None:
    library, told = policy("cpcp026").library, teller("cpcp026")
    for signature, predicate in library.vocabulary.items():
        rules = [r for r in library.rules if r.clause.head.signature == signature]
        facts = [rule for rule in rules if not rule.clause.body]
        if predicate.kind == "table" and facts:
            (rows,) = told.tables(facts)
            assert rows.columns == tuple(name for name, _ in predicate.arguments)
            assert all(len(row) == len(rows.columns) for row in rows.rows)
            kinds: list[Type] = list(predicate.types)
            codes = [n for n, kind in enumerate(kinds) if kind.name == "code"]
            assert all('"' not in row[n] for row in rows.rows for n in codes)
