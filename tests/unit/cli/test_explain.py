"""`--explain` and `infucode explain`: what is asked, what is answered, what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from infucode.cli.app import run
from infucode.cli.formats import with_detail

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
EMERGENCY = str(EXAMPLES / "emergency-visit.yaml")
WASTE = str(EXAMPLES / "drug-waste.yaml")
MISSING = str(EXAMPLES / "missing-stop.yaml")


def said(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    """What a command prints, lines drawn together; errors where it fails."""
    capsys.readouterr()
    assert run(arguments) == code
    captured = capsys.readouterr()
    text = captured.err if code else captured.out
    return re.sub(r"[\s│├└─]+", " ", text)


@pytest.mark.parametrize(("words", "joined"), [
    (["v.yaml", "--explain"], ["v.yaml", "--explain=short"]),
    (["--explain", "v.yaml"], ["--explain=short", "v.yaml"]),
    (["--explain", "full", "v.yaml"], ["--explain=full", "v.yaml"]),
    (["--explain=none", "v.yaml"], ["--explain=none", "v.yaml"]),
    (["--explain", "ful", "v.yaml"], ["--explain=ful", "v.yaml"]),
    (["--explain", "--strict"], ["--explain=short", "--strict"]),
    (["--explain", "-"], ["--explain=short", "-"]),
    (["--", "--explain"], ["--", "--explain"]),
    ([], []),
])
def test_the_value_of_explain_may_be_left_out(words: list[str], joined: list[str]) -> None:
    assert with_detail(words) == joined


def test_a_file_is_never_taken_for_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fulll").write_text("")
    assert with_detail(["--explain", "fulll"]) == ["--explain=short", "fulll"]


def test_a_wrong_detail_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(["solve", EMERGENCY, "--explain", "ful"], capsys, 2)
    assert "`ful` is not a value of `--explain`; did you mean `full`?" in text


def test_the_short_proof_has_the_numbers_and_their_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = said(["explain", EMERGENCY, "--line", "96361", "--set", "1"], capsys)
    assert "compare 110 minutes (fluid sum of normal saline 10:00) >= 31 minutes" in out
    assert "(hydration minimum)" in out
    assert "total 110 minutes = 10 (10:00-10:10) + 100 (10:50-12:30)" in out
    assert "1 = (counted total 110 - first hour offset 31) / hour minutes 60, " in out
    assert "considered 5 (rank of ketorolac 10:20) < 4 (rank of ceftriaxone 10:10) does" in out
    assert ".lp:" not in out and "with Administration" not in out


def test_the_full_proof_has_atoms_bindings_places(capsys: pytest.CaptureFixture[str]) -> None:
    for option in (["--full"], ["--explain", "full"]):
        out = said(["explain", EMERGENCY, "--line", "96376", *option], capsys)
        assert "policies/cpt/lines-further.lp:" in out and "absent not " in out
        assert "again_reported(ondansetron 11:40)" in out and "with Administration = " in out


def test_only_the_asked_administration_and_set(capsys: pytest.CaptureFixture[str]) -> None:
    every = said(["explain", EMERGENCY, "--line", "96375"], capsys)
    one = said(["explain", EMERGENCY, "--line", "96375", "--administration", "a4"], capsys)
    assert "ondansetron 10:05 counts as a push" in every
    assert "ketorolac 10:20 counts as a push" in one
    assert "ondansetron 10:05 counts as a push" not in one
    third = said(["explain", EMERGENCY, "--line", "96365", "--set", "3"], capsys)
    assert "vancomycin 12:45 is the initial service" in third
    assert "ceftriaxone 10:10 is the initial service" not in third
    assert "for this code set" in third


def test_a_modifier_picks_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    marked = said(["explain", WASTE, "--line", "J1745-JW"], capsys)
    assert marked.count("J1745 -JW") == 1 and "95 mg = containers hold 400 mg" in marked
    assert said(["explain", WASTE, "--line", "j1745"], capsys).count("J1745 -JW") == 1


@pytest.mark.parametrize(("arguments", "told"), [
    (["--line", "9636"], "did you mean `96361` or `96365` or `96366` or `96367`?"),
    (["--line", "99X84"], "`99X84` is no code that these rules know; did you mean `99284`?"),
    (["--line", " "], "`--line` has no code"),
    (["--administration", "a77"], "no administration or service `a77`; did you mean `a7`?"),
    (["--administration", "zz"], "the record has `a1` (normal saline), "),
    (["--rule", "cpt.hydration-minimun"], "did you mean `cpt.hydration-minimum`?"),
    (["--line", "96361", "--set", "4"], "there is no code set 4: the record allows 3 code sets"),
    (["--line", "96361", "--set", "0"], "there is no code set 0"),
    (["--line", "96361", "--rule", "cpt.injection"], "`--rule` and `--line` ask for two things"),
    (["--switch", "missing_stop=never"], "`never` is not a value of switch `missing_stop`"),
])
def test_what_is_not_there_is_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in said(["explain", EMERGENCY, *arguments], capsys, 2)


def test_a_code_that_is_real_but_not_here(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(["explain", EMERGENCY, "--line", "96413"], capsys)
    assert "No line of this claim has 96413" in out
    assert "The claim has 96361, 96365, 96366, 96367, 96372, 96375, 96376, 99284." in out
    assert "initial code: chemotherapy, infusion" in out
    assert "ceftriaxone 10:10-10:50 (a2), iv infusion" in out


def test_a_withheld_service_that_would_have_had_the_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    office = str(EXAMPLES / "office-injection.yaml")
    out = said(["explain", office, "--line", "96372"], capsys)
    assert "No line of this claim has 96372" in out and "Not reported, and would have" in out
    hidden = out.partition("would have had it")[2].partition("What was given")[0]
    assert "ketorolac 10:15" in hidden and "cpcp026" in hidden


def test_where_a_rule_applied_and_where_not(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(["explain", EMERGENCY, "--rule", "cpt.push-too-soon"], capsys)
    assert "Applied 1 time" in out and "20 minutes = begin 10:25 - finish 10:05" in out
    assert "20 minutes (gap of ondansetron 10:05) > 30 minutes (same drug gap minutes)" in out
    none = said(["explain", EMERGENCY, "--rule", "cpt.hydration-minimum"], capsys)
    assert "Applied to nothing here" in none
    assert "held normal saline 10:00: fluid sum 110 minutes" in none
    assert "first failed set aside, as this holds: normal saline 10:00: enough" in none
    assert "110 minutes (fluid sum of normal saline 10:00) >= 31 minutes" in none


def test_a_miss_has_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(_raw(["explain", EMERGENCY, "--rule", "cpt.form-infusion", "--set", "1",
                            "--format", "json"], capsys))  # fmt: skip
    misses = {near["about"]: near["failed"]["text"] for near in data["nearly"]}
    assert misses["vancomycin 12:45"] == (
        "1 minute (vancomycin 12:45) > 15 minutes (push minutes) does not hold"
    )


def test_a_rule_of_another_reading_or_claim(capsys: pytest.CaptureFixture[str]) -> None:
    each = said(["explain", EMERGENCY, "--rule", "cpt.same-drug-each"], capsys)
    assert "same drug repeat is sum in this plan; this rule is for each" in each
    professional = said(["explain", EMERGENCY, "--rule", "cpt.initial-reason"], capsys)
    assert "the record says claim facility, not claim professional" in professional


def test_what_became_of_an_administration(capsys: pytest.CaptureFixture[str]) -> None:
    none = said(["explain", EMERGENCY, "--administration", "a5"], capsys)
    assert "On no line Not reported 1. ondansetron 10:25" in none
    out = said(["explain", EMERGENCY, "--administration", "a7"], capsys)
    assert "On 4 lines" in out and "Questions" in out and "vancomycin 12:45 stop" in out
    assert "stop 13:01, supposed for this code set" in out
    service = said(["explain", EMERGENCY, "--administration", "s1"], capsys)
    assert "service 99284 (s1)" in service and "99284 -25" in service


def _raw(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run(arguments) == 0
    return capsys.readouterr().out


def test_json_has_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(_raw(["explain", EMERGENCY, "--line", "96361", "-f", "json"], capsys))
    assert (line["schema"], line["asked"], line["code_sets"]) == (
        "infucode.explanation.v1", "line", 3)  # fmt: skip
    assert [found["code_sets"] for found in line["lines"]] == [[1, 2], [3]]
    root = line["lines"][0]["proof"][0]
    assert root["number"] == 1 and root["rule"] == "cpt.additional-hours"
    asked = ["explain", EMERGENCY, "--administration", "a5", "-f", "json"]
    fate = json.loads(_raw(asked, capsys))
    assert fate["not_reported"][0]["rule"] == "cpt.push-too-soon" and fate["lines"] == []
    absent = json.loads(_raw(["explain", EMERGENCY, "--line", "96413", "-f", "json"], capsys))
    assert absent["lines"] == [] and "96365" in absent["codes_on_claim"]


def test_programs_get_the_whole_proof(capsys: pytest.CaptureFixture[str]) -> None:
    short = _raw(["solve", WASTE, "--explain", "--format", "json"], capsys)
    assert short == _raw(["solve", WASTE, "--explain", "full", "--format", "json"], capsys)
    proof = json.loads(short)["code_sets"][0]["lines"][0]["proof"][0]
    assert proof["bindings"] and proof["place"] and "number" not in proof


def test_standard_input_plan_and_switch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io
    import sys

    text = Path(MISSING).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    out = said(["explain", "-", "--switch", "missing_stop=push", "-p", "medicare"], capsys)
    assert "overridden: missing_stop = push" in out and "(medicare)" in out
    assert out.count("1. ") >= 2


def test_a_date_without_a_version_has_nothing_to_explain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = said(["explain", EMERGENCY, "--as-of", "1999-01-01"], capsys, 2)
    assert "nothing was judged, so there is nothing to explain: " in text


@pytest.mark.parametrize("asked", [
    ["--line", "96361"], ["--line", "96413"], ["--rule", "cpt.push-too-soon"],
    ["--administration", "a7"], [],
])
def test_plain_characters(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _raw(["explain", EMERGENCY, *asked, "--ascii"], capsys).isascii()
