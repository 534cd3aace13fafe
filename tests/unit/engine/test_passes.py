"""Fold, slice and lift on rules made by hand: each keeps what the rules mean."""

from __future__ import annotations

import clingo
import pytest

from infucode.passes.fold import fold, quoted
from infucode.passes.lift import dependent, lift
from infucode.passes.slices import Shape, Slicer
from infucode.rulebook.language import Clause, Term
from tests.unit.rulebook.texts import clause, clauses

SETTINGS = {"n": Term("number", "15"), "w": Term("word", "yes"), "t": Term("string", '"59"')}
AS_FACTS = 'value(n,15). reading(w,yes). value(t,"59").'


def run(rules: list[Clause] | list[str], facts: str) -> set[str]:
    control = clingo.Control(["--warn=none"])
    control.add("base", [], facts + "\n".join(map(str, rules)))
    control.ground([("base", [])])
    return {str(a.symbol) for a in control.symbolic_atoms if a.is_fact}


@pytest.mark.parametrize(
    "text",
    [
        "p(X,L) :- m(X,M), value(n,L), M > L.",
        "p(X) :- m(X,_), value(n,_).",
        "p(X,Y) :- m(X,Y), value(n,_), m(_,_).",
        "p(X) :- m(X,M), value(n,M).",
        "p(X) :- m(X,M), not value(n,M).",
        "p(X) :- m(X,M), not not value(n,M).",
        "p(X) :- m(X,_), not value(n,_).",
        "p(X) :- m(X,_), not value(gone,_).",
        "p(X) :- m(X,M), not value(gone,M).",
        "p(X) :- m(X,_), value(gone,_).",
        "p(X) :- m(X,_), reading(w,yes).",
        "p(X) :- m(X,_), reading(w,no).",
        "p(X) :- m(X,_), not reading(w,no).",
        "p(X) :- m(X,_), not reading(w,yes).",
        "p(X) :- m(X,_), not not reading(w,yes).",
        "p(X) :- m(X,_), not not reading(w,no).",
        "p(X,W) :- m(X,_), reading(w,W).",
        "p(X) :- m(X,_), reading(w,_).",
        'p(X,T) :- m(X,_), value(t,T), T = "59".',
        "p(X) :- m(X,_), value(n,L), 0 < #count { Y : m(Y,M), M > L }.",
        "p(X,L) :- m(X,_), value(n,L), value(n,L).",
        "p(L) :- value(n,L), value(t,L).",
        "p :- value(n,_).",
    ],
)
def test_fold_is_the_same_as_settings_as_facts(text: str) -> None:
    facts = "m(a,15). m(b,16). m(15,15)."
    folded = fold(clause(text), SETTINGS)
    want = {a for a in run([text], facts + AS_FACTS) if a.startswith("p")}
    got = {a for a in run([folded] if folded else [], facts) if a.startswith("p")}
    assert got == want


def test_quoted_texts_are_read_back() -> None:
    for text in ('a"b', "a\\b", "a\nb", "é", "%", "\\n"):
        assert clingo.parse_term(quoted(text)).string == text


RULES = (
    "out(X) :- item(X,M), M > 0, not gone(X).",
    "gone(X) :- lost(X). flag :- not other. other :- table(zzz).",
    "total(N) :- N = #sum { M,X : item(X,M) }.",
    "none :- #count { X : item(X,_) } <= 0.",
    "all :- item(_,_), seen(X) : item(X,_).",
    "bare :- not seen(a0).",
    "mixed(X,R) :- item(X,_), table(R), not flag.",
    "twice(X) :- table(X), not not flag.",
    "low(N) :- N = #min { M : item(_,M) }, N != #sup.",
)
TABLE = "table(t1). table(t2)."
ENCOUNTERS = (
    "item(a0,5). seen(a0).",
    "item(a0,5). item(a1,5). lost(a0).",
    "",
    "seen(a1).",
    "item(a0,-1). seen(a0). item(a1,7).",
)


def test_lift_gives_each_encounter_its_own_answer() -> None:
    rules = [c for text in RULES for c in clauses(text)]
    lifted = dependent(rules, [("item", 2), ("lost", 1), ("seen", 1)])
    lines = [str(lift(rule, lifted)) for rule in rules]
    facts = [TABLE]
    for number, text in enumerate(ENCOUNTERS):
        facts.append(f"encounter__(e{number}).")
        facts += [f.strip().replace("(", f"(e{number},", 1) + "." for f in text.split(".") if f]
    together = run(lines, " ".join(facts))
    for number, text in enumerate(ENCOUNTERS):
        own = run(rules, TABLE + text)
        mine = {
            a.replace(f"(e{number},", "(").replace(f"(e{number})", "")
            for a in together
            if f"(e{number}," in a or f"(e{number})" in a
        }
        shared = {a for a in together if "(e" not in a}
        assert (mine | shared) - {"encounter__"} == own, text


def shape(**facts: list[frozenset[str] | None]) -> Shape:
    return {(name, len(slots)): slots for name, slots in facts.items()}


def heads(slicer: Slicer, facts: Shape) -> list[str]:
    return [str(c.head) for _, c in slicer.slice(facts)]


def test_slices_leave_out_what_cannot_fire() -> None:
    rules = clauses(
        "out(X) :- kind(X,push). out(X) :- kind(X,drip), big(X). big(X) :- large(X)."
        "unused(X) :- kind(X,push). out(X) :- kind(X,_), not absent(X). absent(X) :- large(X)."
    )
    slicer = Slicer(rules, [("out", 1)])
    push = shape(kind=[None, frozenset({"push"})])
    drip = shape(kind=[None, frozenset({"drip"})])
    assert heads(slicer, push) == ["out(X)", "out(X)"]
    assert [str(c) for _, c in slicer.slice(drip)] == ["out(X):-kind(X,_)."]
    assert len(slicer.slice({**drip, **shape(large=[None])})) == 4
    assert heads(slicer, {}) == []
    assert len(slicer.slice(push, whole=True)) == 3


def test_slices_follow_words_through_helpers() -> None:
    rules = clauses("form(X,F) :- kind(X,T), class(T,F). class(push,p). class(drip,d)."
                    "out(X) :- form(X,d). out(X) :- form(X,F), F = p.")  # fmt: skip
    slicer = Slicer(rules, [("out", 1)])
    found = [str(c) for _, c in slicer.slice(shape(kind=[None, frozenset({"push"})]))]
    assert "out(X):-form(X,F);F=p." in found


def test_remembered_slices_do_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infucode.passes.slices.MOST_SLICES", 3)
    slicer = Slicer(clauses("out(X) :- kind(X,W), big(W). big(push)."), [("out", 1)])
    for number in range(20):
        word = "push" if number % 2 else f"w{number}"
        found = heads(slicer, shape(kind=[None, frozenset({word})]))
        assert ("out(X)" in found) is (word == "push")
    assert len(slicer._cache) <= 3
