"""The commands as a user calls them: output, exit codes, errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infucode.cli.app import run

VISIT = """\
id: {id}
claim: facility
place_of_service: "22"
date: {date}
administrations:
  - {{id: a1, drug: "{drug}", category: therapeutic, route: iv, technique: infusion,
      start: "10:00", stop: "11:00"}}
"""


@pytest.fixture
def visit(tmp_path: Path) -> Path:
    path = tmp_path / "visit.yaml"
    path.write_text(VISIT.format(id="v1", date="2024-08-05", drug="ceftriaxone"))
    return path


def test_one_code_set_ends_with_zero(visit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(visit)]) == 0
    out = capsys.readouterr().out
    assert "96365" in out and "ceftriaxone 10:00" in out and "cpt.initial-facility" in out


def test_json_follows_the_contract(visit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(visit), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "infucode.solution.v1"
    assert data["outcome"] == "coded"
    line = data["code_sets"][0]["lines"][0]
    assert (line["code"], line["units"], line["certain"]) == ("96365", 1, True)
    assert line["because"][0]["rule"] == "cpt.initial-facility"
    assert data["policy"]["digest"].startswith("sha256:")


def test_explain_adds_proofs(visit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(visit), "--explain", "full"]) == 0
    out = capsys.readouterr().out
    assert "60 > 15" in out and "policies/cpt/form.lp:" in out and "push_minutes = 15" in out


def test_equal_input_gives_equal_bytes(visit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["solve", str(visit), "--format", "json"])
    first = capsys.readouterr().out
    run(["solve", str(visit), "--format", "json"])
    assert capsys.readouterr().out == first


def test_a_missing_stop_is_ambiguous(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "v.yaml"
    path.write_text(VISIT.format(id="v", date="2024-08-05", drug="x").replace(
        ', stop: "11:00"', "") + "ends: 11:40\n")
    assert run(["solve", str(path), "--format", "json"]) == 10
    data = json.loads(capsys.readouterr().out)
    assumed = {s["lines"][0]["code"]: s["assuming"][0]["value"] for s in data["code_sets"]
               if len(s["lines"]) == 1}
    assert assumed == {"96374": "10:01-10:15", "96365": "10:16-11:30"}
    assert data["asks"][0]["fact"] == "stop"


def test_several_files_highest_code_counts(
    visit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: 1\nclaim: hospital\n")
    assert run(["solve", str(broken), str(visit)]) == 5
    captured = capsys.readouterr()
    assert "96365" in captured.out
    assert "`hospital`" in captured.err and "facility" in captured.err


def test_markup_and_control_characters_are_shown_literally(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.json"
    data = {"id": "v", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
            "administrations": [{"id": "a1", "drug": "[/x][red]\u001b[31m", "route": "iv",
                                 "category": "therapeutic", "technique": "push"}]}
    path.write_text(json.dumps(data))
    assert run(["solve", str(path)]) == 0
    out = capsys.readouterr().out
    assert "[/x][red]" in out and "\x1b[31m" not in out and "\\x1b" in out


@pytest.mark.parametrize(("arguments", "words"), [
    (["solve", "missing.yaml"], "missing.yaml"),
    (["solve", "{visit}", "--policy", "cpcp26"], "did you mean `cpcp026`"),
    (["solve", "{visit}", "--switch", "missing_stops=ask"], "did you mean `missing_stop`"),
    (["solve", "{visit}", "--switch", "missing_stop=aks"], "did you mean `ask`"),
    (["solve", "{visit}", "--switch", "missing_stop"], "write NAME=VALUE"),
    (["solve", "{visit}", "--as-of", "5.8.2024"], "2024-08-05"),
    (["solve", "{visit}", "--policies", "/nowhere"], "not a policy folder"),
    (["rules", "show", "cpt.injektion"], "did you mean `cpt.injection`"),
    (["solve", "{visit}", "--format", "xml"], "json"),
])
def test_wrong_use_ends_with_two(
    arguments: list[str], words: str, visit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([a.format(visit=visit) for a in arguments]) == 2
    assert words in capsys.readouterr().err.replace("\n       ", " ")


def test_a_date_before_the_plan_is_blocked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.yaml"
    path.write_text(VISIT.format(id="v", date="2023-01-01", drug="x"))
    assert run(["solve", str(path), "--format", "json"]) == 10
    data = json.loads(capsys.readouterr().out)
    assert data["outcome"] == "blocked" and not data["code_sets"]
    assert "2024-07-30" in data["warnings"][0]["says"]
    assert run(["solve", str(path), "--as-of", "2024-08-01"]) == 0


def test_a_superseded_version_warns_and_blocks_when_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.yaml"
    path.write_text(VISIT.format(id="v", date="2025-10-01", drug="x"))
    assert run(["solve", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"][0]["rule"] == "cpcp026.superseded"
    assert run(["solve", str(path), "--strict"]) == 10


def test_rules_and_plans_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list", "--find", "hydration"]) == 0
    assert "cpt.hydration-minimum" in capsys.readouterr().out
    assert run(["rules", "list", "--policy", "medicare", "--format", "json"]) == 0
    assert all(row["cite"] for row in json.loads(capsys.readouterr().out))
    assert run(["rules", "show", "cpt.office-supplies", "--format", "json"]) == 0
    beaten_by = json.loads(capsys.readouterr().out)["beaten_by"]
    assert beaten_by == ["cpcp026.supplies-part"]
    assert run(["policy", "plans"]) == 0
    assert "missing_stop" in capsys.readouterr().out


def test_an_invalid_policy_ends_with_three(
    visit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    from infucode.rulebook.where import policies_folder

    mine = tmp_path / "mine"
    shutil.copytree(policies_folder(), mine)
    with (mine / "cpcp026" / "scope.lp").open("a") as file:
        file.write("\n:- claim(facility).\n")
    assert run(["solve", str(visit), "--policies", str(mine)]) == 3
    assert "integrity constraint" in capsys.readouterr().err


def test_plans_differ_by_their_switches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.yaml"
    path.write_text("""\
id: v
claim: professional
place_of_service: "11"
date: 2024-08-05
administrations:
  - {id: a1, drug: x, category: therapeutic, route: im, technique: injection}
services:
  - {id: s1, code: "99213", provider: same, separately_identifiable: true}
""")
    codes = {}
    for plan in ("cpcp026", "medicare"):
        run(["solve", str(path), "--policy", plan, "--format", "json"])
        lines = json.loads(capsys.readouterr().out)["code_sets"][0]["lines"]
        codes[plan] = [line["code"] for line in lines]
    assert codes == {"cpcp026": ["99213"], "medicare": ["96372", "99213"]}


def test_strict_lists_the_other_stand_in_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "v.yaml"
    path.write_text("""\
id: v
claim: facility
date: 2024-08-05
administrations:
  - {id: a1, drug: x, category: therapeutic, route: iv, technique: infusion,
     start: "10:00", stop: "10:30"}
  - {id: a2, drug: y, category: therapeutic, route: iv, technique: infusion,
     start: "10:20", stop: "12:20"}
""")
    assert run(["solve", str(path), "--format", "json"]) == 0
    plain = json.loads(capsys.readouterr().out)["code_sets"]
    assert [line["hangs_on"] for line in plain[0]["lines"] if line["code"] == "96367"] == [
        [{"switch": "partial_overlap", "value": "majority", "basis": "stand_in",
          "other": ["any"]}]]
    assert run(["solve", str(path), "--strict", "--format", "json"]) == 10
    sets = json.loads(capsys.readouterr().out)["code_sets"]
    assert [s["assuming"][0]["value"] for s in sets] == [
        "partial_overlap=majority", "partial_overlap=any"]
    certain = [{line["code"]: line["certain"] for line in s["lines"]} for s in sets]
    assert certain == [{"96365": True, "96366": True, "96367": False},
                       {"96365": True, "96366": True, "96368": False}]
    assert all(line["because"] for s in sets for line in s["lines"])
