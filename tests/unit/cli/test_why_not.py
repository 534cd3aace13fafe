"""`infucode why-not`: what is printed, at every width, and what is refused."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from infucode.cli.app import run
from infucode.documents import load_encounter
from infucode.policy import Policy
from infucode.questions.why_not import Asked, WhyNotAsker
from infucode.render.why_not_view import render_why_not

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
EMERGENCY = str(EXAMPLES / "emergency-visit.yaml")
MISSING = str(EXAMPLES / "missing-stop.yaml")


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    capsys.readouterr()
    assert run(arguments) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_the_answer_names_the_administration_and_the_rule(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = printed(["why-not", MISSING, "96413"], capsys)
    assert "Why not 96413 (Chemotherapy infusion, initial)?" in out
    assert "the record gives category therapeutic; chemotherapy" in " ".join(out.split())


def test_no_predicate_and_no_atom_is_shown_in_short(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(["why-not", EMERGENCY, "96368"], capsys)
    assert "(a" in out
    said = re.sub(r"\[[^\]]*\]", "", out)
    assert "_" not in said
    assert "open__" not in out and "any__" not in out


def test_json_holds_everything_and_text_a_handful(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(["why-not", EMERGENCY, "96413", "-f", "json"], capsys))
    assert found["schema"] == "infucode.why_not.v1"
    assert found["code"] == "96413"
    assert found["reported"] == []
    for miss in found["misses"]:
        assert miss["lacks"]
        assert all(lack["says"] and lack["place"] for lack in miss["lacks"])
    assert any(lack["facts"] for miss in found["misses"] for lack in miss["lacks"])


def test_a_reported_code_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(["why-not", EMERGENCY, "96361"], capsys)
    assert "96361 is reported" in out


def test_one_code_set_is_asked_about_alone(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(["why-not", MISSING, "96366", "--set", "1", "-f", "json"], capsys))
    assert found["code_sets"] > 1
    assert {tuple(miss["code_sets"]) for miss in found["misses"]} <= {()}
    text = printed(["why-not", MISSING, "96366", "--set", "9"], capsys, 2)
    assert "there is no code set 9" in text


def test_what_is_no_code_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "`nine` is no code" in printed(["why-not", MISSING, "nine"], capsys, 2)
    assert "ask for the code alone: 96365" in printed(["why-not", MISSING, "96365-59"], capsys, 2)
    text = printed(["why-not", MISSING, "96365", "--administration", "b1"], capsys, 2)
    assert "there is no administration or service `b1`; the record has `a1`" in text


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [60, 80, 160])
def test_every_width_holds_the_same_words(width: int, ascii_only: bool, full: bool) -> None:
    encounter = load_encounter(EMERGENCY)
    solved = Policy.load().solve(encounter)
    asker = WhyNotAsker(encounter, solved.solution, solved.found)
    found = asker.answer(Asked("96368", full=full))
    out = StringIO()
    console = Console(file=out, width=width, no_color=True, highlight=False)
    render_why_not(encounter, found, console=console, ascii_only=ascii_only, full=full)
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert text.isascii() or not ascii_only
    assert "\x1b" not in text
    joined = "".join(c for c in text if not c.isspace() and c not in "│├└─|`-•")
    for miss in found.misses:
        for lack in miss.lacks:
            said = "".join(c for c in lack.says if not c.isspace() and c != "-")
            assert said in joined
