"""What the JSON answer says, the view says too: piped, and at every width.

``INFUCODE_EXAMPLES`` sets how many drawn encounters are tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from infucode import load_encounter
from infucode.documents import encounter_from_data
from infucode.policy import Policy
from infucode.render.content import PART
from infucode.render.json_view import solution_to_json
from infucode.render.shown import shown
from infucode.render.terminal import render_solution
from infucode.render.words import BASIS
from tests.golden.test_render_golden import printed
from tests.golden.unfolding import unfolded
from tests.oracle.drawn import encounters

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "examples").glob("*.yaml"))
EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "8"))
WIDTHS = (40, 60, 80, 100, 160)
OUTCOMES = {"coded": "CODED", "ambiguous": "AMBIGUOUS", "blocked": "CANNOT TELL"}
Json = dict[str, Any]


def squeezed(text: str) -> str:
    """The text without any white space: wrapping is undone."""
    return "".join(text.split())


def wanted(answer: Json) -> Iterator[str]:
    """All that a person must be able to read of an answer; fails on a field it does not know."""
    rest = dict(answer)
    policy = dict(rest.pop("policy"))
    assert rest.pop("schema") and policy.pop("digest")
    yield from (rest.pop("encounter"), OUTCOMES[rest.pop("outcome")])
    for name, value in policy.pop("switches").items():
        yield f"{name} = {value}"
    yield from policy.values()
    code_sets = rest.pop("code_sets")
    yield from _sets(code_sets)
    for item in rest.pop("not_reported"):
        yield from _withheld(item)
    for ask in rest.pop("asks"):
        assert set(ask) == {"fact", "administration", "says", "matters_because"}
        yield ask["says"]
        yield ask["matters_because"]
        yield from _named([ask["administration"]])
    for warned in rest.pop("warnings"):
        assert set(warned) == {"rule", "says", "cite"}
        yield from warned.values()
    assert not rest


def _sets(code_sets: list[Json]) -> Iterator[str]:
    lines = [line for found in code_sets for line in found["lines"]]
    several = {key: len({n[key] for n in lines if n[key]}) > 1 for key in ("visit", "access")}
    for found in code_sets:
        assert set(found) <= {"assuming", "lines", "not_reported"}
        for supposed in found["assuming"]:
            assert set(supposed) == {"fact", "administration", "value", "says"}
            yield supposed["says"]
        for item in found.get("not_reported", []):
            yield from _withheld(item)
        for line in found["lines"]:
            yield from _line(dict(line), several)


def _line(line: Json, several: dict[str, bool]) -> Iterator[str]:
    mods, units = line.pop("modifiers"), line.pop("units")
    code = line.pop("code")
    yield f"|{code}{''.join(mods)}{units}|{code}{''.join(f'-{m}' for m in mods)}×{units}"
    yield from (line.pop("label"), line.pop("date"))
    visit, access = line.pop("visit"), line.pop("access")
    if several["visit"]:
        yield str(visit)
    if several["access"]:
        yield access or ""
    yield from _named([*line.pop("administrations"), *line.pop("services")])
    charge = line.pop("charge")
    yield "" if charge is None else f"charge {charge}"
    assert isinstance(line.pop("certain"), bool)
    for reason in line.pop("because"):
        assert set(reason) == {"rule", "says", "cite"}
        yield from reason.values()
    for hangs in map(dict, line.pop("hangs_on")):
        yield f"{hangs.pop('switch')} = {hangs.pop('value')}"
        yield BASIS[hangs.pop("basis")]
        yield " or ".join(hangs.pop("other"))
        assert not hangs
    assert not line


def _withheld(item: Json) -> Iterator[str]:
    assert set(item) == {"administration", "service", "part", "rule", "says", "cite"}
    yield from _named([item["administration"], item["service"]])
    part = str(item["part"])
    yield PART.get(part, part)
    yield from (item["rule"], item["says"], item["cite"])


def _named(ids: list[str | None]) -> Iterator[str]:
    yield from (f"({id})" for id in ids if id is not None)


def missing(answer: Json, text: str, *, ascii_only: bool = False) -> list[str]:
    """What the text lacks of the answer."""
    found = squeezed(unfolded(text))
    times = "x" if ascii_only else "×"
    lost = []
    for part in wanted(answer):
        ways = part[1:].replace("×", times).split("|") if part.startswith("|") else [part]
        held = [squeezed(shown(way, ascii_only=ascii_only)) in found for way in ways]
        if not any(held):
            lost.append(part)
    return lost


def run(*arguments: str) -> str:
    """The standard output of the command, into a pipe, with nothing known of a terminal."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "FORCE_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "infucode", "solve", *arguments],
        cwd=ROOT, env=kept | {"PYTHONIOENCODING": "utf-8"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 10), done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_is_lost_in_a_pipe(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    text = run(name)
    assert "\x1b" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= 100
    answer = json.loads(run(name, "--format", "json"))
    assert answer["code_sets"]
    assert not missing(answer, text)


def test_nothing_is_lost_in_plain_characters() -> None:
    name = "examples/emergency-visit.yaml"
    text = run(name, "--ascii")
    assert text.isascii()
    assert not missing(json.loads(run(name, "--format", "json")), text, ascii_only=True)


def test_a_loss_is_seen() -> None:
    answer = json.loads(run("examples/missing-stop.yaml", "--format", "json"))
    text = run("examples/missing-stop.yaml")
    assert not missing(answer, text)
    assert set(missing(answer, text.replace("cpt.further-push", ""))) == {"cpt.further-push"}
    assert any("09:16-10:30" in lost for lost in missing(answer, text.replace("09:16", "", 1)))


@cache
def policy(name: str = "cpcp026") -> Policy:
    return Policy.load(name)


def check_widths(path: str, encounter: Any, solution: Any) -> None:
    answer = json.loads(json.dumps(solution_to_json(solution)))
    for width in WIDTHS:
        text = printed(
            lambda console, plain: render_solution(
                encounter, solution, console=console, ascii_only=plain
            ),
            width,
        )
        assert max(cell_len(line) for line in text.splitlines()) <= width
        assert not missing(answer, text), (path, width)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_is_lost_at_any_width(path: Path) -> None:
    encounter = load_encounter(str(path))
    solution = policy(encounter.policy or "cpcp026").solve(encounter).solution
    check_widths(path.name, encounter, solution)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2).flatmap(lambda n: encounters(unknown_stops=n, reasons=n != 1)))
def test_nothing_is_lost_of_drawn_encounters(document: Json) -> None:
    encounter = encounter_from_data(document)
    solution = policy().solve(encounter, as_of=Date(2024, 8, 5)).solution
    check_widths(encounter.id, encounter, solution)
