"""Short proofs and explanations as a person sees them, held as files like the other views."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from infucode.model.explanation import (
    CodeExplained,
    ExplainedLine,
    Explanation,
    Fate,
    Fired,
    Nearly,
    RuleExplained,
    Unreported,
)
from infucode.model.proof import Step
from infucode.render.explain_json import explanation_to_json
from infucode.render.explain_view import render_explanation
from infucode.render.json_view import dumps
from infucode.render.proof_tree import render_proof
from tests.golden.test_render_golden import WIDTHS, check, printed
from tests.golden.trees import short_proof
from tests.golden.worlds import WORLDS


def explanations() -> dict[str, Explanation]:
    """One of each kind, over the hand-made ambiguous visit."""
    _, solution = WORLDS["ambiguous"]()
    lines = solution.code_sets[0].lines
    hidden = [n for s in solution.code_sets for n in s.not_reported] + [*solution.not_reported]
    told = tuple(ExplainedLine((1,) if n else (), line, (short_proof(),))
                 for n, line in enumerate(lines[:2]))  # fmt: skip
    missed = Step("short", "20 minutes (gap of ondansetron 10:05) > 30 minutes does not hold")
    nearly = (
        Nearly((2, 3), "ondansetron 10:25", (Step("fact", "ondansetron 10:25: push"),), missed,
               (), "policies/cpt/push.lp:7"),
        Nearly((), "", (), Step("absent", "not so: infusion", "Drips [/x] are timed.", "cpt.x"),
               (missed, short_proof()), "policies/cpt/push.lp:9"),
    )  # fmt: skip
    answers: dict[str, CodeExplained | RuleExplained | Fate] = {
        "explain-line": CodeExplained(lines[0].code, lines[0].label, told),
        "explain-absent": CodeExplained("96413", "Chemotherapy [/x]", (), ("initial code: x",),
                                        ("96361", "96365"), tuple(hidden[:1])),
        "explain-rule": RuleExplained("cpt.push-repeat", "A push far enough counts.", "guide",
                                      ("policies/cpt/push.lp:7", "policies/cpt/push.lp:9"), True,
                                      (Fired((1,), short_proof()),), nearly),
        "explain-no-rule": RuleExplained("cpt.old", "An old rule.", "guide", ("a.lp:1",), False,
                                         (), ()),
        "explain-fate": Fate(lines[0].administrations[0], False, told[:1],
                             tuple(Unreported((), n, (short_proof(),)) for n in hidden[:1]),
                             solution.asks, solution.warnings),
    }  # fmt: skip
    total = len(solution.code_sets)
    return {
        name: Explanation("ambiguous", solution.policy, "ambiguous", total, answer)
        for name, answer in answers.items()
    }


EXPLANATIONS = tuple(explanations())


def shown(name: str, width: int, *, ascii_only: bool = False, colour: bool = False) -> str:
    def print_it(console: Console, plain: bool) -> None:
        if name == "short-proof":
            render_proof(short_proof(), console, ascii_only=plain)
        else:
            encounter, _ = WORLDS["ambiguous"]()
            found = explanations()[name]
            render_explanation(encounter, found, console=console, ascii_only=plain)

    return printed(print_it, width, ascii_only=ascii_only, colour=colour)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["short-proof", *EXPLANATIONS])
def test_text_is_as_expected(name: str, width: int) -> None:
    text = shown(name, width)
    assert max(map(cell_len, text.splitlines())) <= width
    check(f"{name}-{width}.txt", text)


@pytest.mark.parametrize("name", ["short-proof", *EXPLANATIONS])
def test_plain_text_is_as_expected(name: str) -> None:
    text = shown(name, 80, ascii_only=True)
    assert text.isascii()
    check(f"{name}-80-ascii.txt", text)


@pytest.mark.parametrize("name", ["short-proof", *EXPLANATIONS])
def test_colour_changes_no_character(name: str) -> None:
    import re

    coloured = shown(name, 80, colour=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == shown(name, 80)


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_json_is_as_expected(name: str) -> None:
    check(f"{name}.json", dumps(explanation_to_json(explanations()[name])))


def test_switches_of_the_run_are_shown() -> None:
    encounter, _ = WORLDS["ambiguous"]()
    found = explanations()["explain-line"]
    found = replace(found, policy=replace(found.policy, switches=(("missing_stop", "push"),)))
    text = printed(lambda c, a: render_explanation(encounter, found, console=c, ascii_only=a), 80)
    assert "overridden: missing_stop = push" in text
