"""`infucode check` as it is called: exit codes, formats, options, what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from infucode.cli.app import run
from tests.unit.questions.claim_rules import small_folder

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WITH, ALONE = (str(EXAMPLES / f"claim-{name}.yaml") for name in ("with-record", "alone"))
HEAD = 'claim: facility\nplace_of_service: "22"\ndate: 2024-08-05\nends: "12:00"\n'
DRIP = """administrations:
  - {id: a1, drug: ceftriaxone, category: therapeutic, route: iv, technique: infusion,
     start: "10:00", stop: "10:40"}
"""
NOTHING = "administrations: []\n"


@pytest.fixture(autouse=True)
def no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFUCODE_TABLES", "off")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(small_folder(tmp_path_factory.mktemp("small")))


def said(
    arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0
) -> tuple[str, str]:
    assert run(["check", *arguments]) == code
    out = capsys.readouterr()
    return out.out, " ".join(out.err.split())


def document(folder: Path, lines: str, given: str = DRIP, name: str = "claim.yaml") -> str:
    path = folder / name
    path.write_text(f"id: {path.stem}\n{HEAD}{given}{lines}", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("lines", "given", "code", "outcome"), [
    ('claim_lines: [{id: L1, code: "96365"}]\n', DRIP, 0, "VALID"),
    ('claim_lines: [{id: L1, code: "96365", modifiers: ["59"]}]\n', DRIP, 11, "REVIEW"),
    ('claim_lines: [{id: L1, code: "96365"}]\n', NOTHING, 12, "UNDECIDED"),
    ('claim_lines: [{id: L1, code: "96365", units: 3}]\n', DRIP, 13, "VIOLATING"),
    ("claim_lines: []\n", DRIP, 0, "VALID  a claim without lines, 1 omitted"),
])  # fmt: skip
def test_the_exit_code_is_the_outcome(
    lines: str, given: str, code: int, outcome: str, policies: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = document(tmp_path, lines, given)
    out, err = said([file, "--policies", policies], capsys, code)
    assert f"Outcome     {outcome}" in out and not err


def test_the_highest_code_counts_and_no_file_vanishes(
    policies: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = document(tmp_path, 'claim_lines: [{id: L1, code: "96365"}]\n', name="right.yaml")
    bare = document(tmp_path, "", name="bare.yaml")
    wrong = document(tmp_path, 'claim_lines: [{id: L1, code: "96413"}]\n', name="wrong.yaml")
    out, err = said([right, bare, wrong, "--policies", policies, "-f", "csv"], capsys, 13)
    kinds = [(row["file"], row["kind"]) for row in csv.DictReader(io.StringIO(out))]
    assert (right, "line") in kinds and (bare, "refused") in kinds
    assert (wrong, "violation") in kinds
    assert "the document has no `claim_lines` to check" in err
    out, _ = said([right, bare, "--policies", policies, "-f", "json"], capsys, 5)
    (answer,) = [json.loads(line) for line in out.splitlines()]
    assert answer["outcome"] == "valid"


def test_without_claim_lines_solve_is_named(
    policies: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = document(tmp_path, "")
    out, err = said([file, "--policies", policies], capsys, 5)
    assert not out and "add `claim_lines:`" in err
    assert f"`infucodesolve{file}`" in "".join(err.split())  # a long path breaks anywhere


def test_an_empty_claim_without_a_record_is_refused(
    policies: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = document(tmp_path, "claim_lines: []\n", NOTHING)
    _, err = said([file, "--policies", policies], capsys, 5)
    assert "the claim has no lines, and the record earns none for certain" in err


@pytest.mark.parametrize(("lines", "told"), [
    ('claim_lines: [{id: L1, code: "96365"}, {id: L1, code: "96375"}]\n',
     "the id `L1` is used by another claim line"),
    ('claim_lines: [{id: L1, code: "96365", administrations: [a9]}]\n',
     "there is no administration `a9`"),
    ('claim_lines: [{id: L1, code: "96365", date: 2024-08-04}]\n', "lies before the `date`"),
    ('claim_lines: [{id: L1, code: "96365", units: 200000}]\n', "claims 200000 units"),
    ("claim_lines: [{id: L1}]\n", "`code` is missing from the claim line"),
])
def test_broken_claims_are_refused(
    lines: str, told: str, policies: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = said([document(tmp_path, lines), "--policies", policies], capsys, 5)
    assert told in err


def test_more_than_500_lines_are_refused(
    policies: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f'  - {{id: L{n}, code: "96365"}}\n' for n in range(501))
    file = document(tmp_path, f"claim_lines:\n{rows}")
    _, err = said([file, "--policies", policies], capsys, 5)
    assert "501 claim lines are more than the limit of 500" in err


@pytest.mark.parametrize(("options", "told"), [
    (["--tables", "/no/such/folder"], "is no folder of tables"),
    (["--switch", "missing_stop=never"], "`never` is not a value of switch `missing_stop`"),
    (["--policy", "cpcp"], "there is no plan `cpcp`"),
    (["--as-of", "soon"], "`soon` is not a date"),
    (["--explian"], "there is no option `--explian`; did you mean `--explain`?"),
])
def test_what_is_not_there_is_refused(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = said([WITH, *options], capsys, 2)
    assert told in err


def test_proofs_are_shown_on_request(
    policies: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = document(tmp_path, 'claim_lines: [{id: L1, code: "96365", units: 3}]\n')
    base = [file, "--policies", policies]
    short, _ = said([*base, "--explain"], capsys, 13)
    assert "compare 3 (line units of L1 (96365)) > 1 (item units of" in short
    full, _ = said([*base, "--explain", "full"], capsys, 13)
    assert "line_units(L1 (96365), 3)" in full and "lines.lp:" in full
    out, _ = said([*base, "--explain", "-f", "json"], capsys, 13)
    assert json.loads(out)["violations"][0]["proof"][0]["place"]
    for form, mark in (("html", "<details"), ("md", "```text")):
        out, _ = said([*base, "--explain", "-f", form], capsys, 13)
        assert mark in out


def test_the_example_with_three_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said([WITH, "-f", "json"], capsys, 13)
    answer = json.loads(out)
    assert {line["line"]: line["state"] for line in answer["lines"]} == {
        "L1": "stands", "L2": "violates", "L3": "violates", "L4": "violates",
    }  # fmt: skip
    denied = {(v["rule"], v["lines"][0]) for v in answer["violations"] if v["severity"] == "deny"}
    assert denied >= {("claim.units", "L2"), ("claim.initial", "L3"), ("claim.pair", "L4")}
    assert [v["rule"] for v in answer["violations"] if not v["lines"]] == ["claim.omitted"]


def test_the_example_without_a_record(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said([ALONE, "-f", "json"], capsys, 13)
    answer = json.loads(out)
    assert {line["line"]: line["state"] for line in answer["lines"]} == {
        "L1": "undecided", "L2": "violates", "L3": "violates", "L4": "undecided",
        "L5": "violates",
    }  # fmt: skip
    assert all(v["cite"] and v["says"] for v in answer["violations"])


def test_conflicts_and_repairs_stand_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(said([WITH, "-f", "json"], capsys, 13)[0])
    assert [item["lines"] for item in answer["conflicts"]] == [["L2"], ["L3"], ["L1", "L4"]]
    first = answer["repairs"][0]
    assert [(edit["op"], edit["line"], edit["to"]) for edit in first["edits"]] == [
        ("set_units", "L2", {"units": 1}),
        ("replace", "L3", {"code": "96375"}),
        ("set_modifiers", "L4", {"modifiers": ["59"]}),
    ]
    assert first["outcome"] == "valid" and first["needs"] == []
    text, _ = said([WITH], capsys, 13)
    assert "Conflicts  lines that cannot" in text and "96372-59" in text
    for form in ("html", "md", "csv"):
        out, _ = said([WITH, "-f", form], capsys, 13)
        assert first["edits"][0]["says"] in out


def test_a_repaired_claim_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `lines` holds is a claim as a document has it."""
    answer = json.loads(said([WITH, "-f", "json"], capsys, 13)[0])
    path = tmp_path / "right.yaml"
    given = Path(WITH).read_text(encoding="utf-8").split("claim_lines:")[0]
    lines = json.dumps(answer["repairs"][0]["lines"])
    path.write_text(f"{given}claim_lines: {lines}\n", encoding="utf-8")
    assert "VALID" in said([str(path)], capsys)[0]


def test_conflicts_and_repairs_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = said([WITH, "--no-repairs", "-f", "json"], capsys, 13)
    answer = json.loads(out)
    assert (answer["conflicts"], answer["repairs"], answer["caps"]) == ([], [], [])
    text, _ = said([WITH, "--no-repairs"], capsys, 13)
    assert "Conflicts" not in text and "Repairs" not in text
    assert "Claim lines" in text


def test_a_copied_claim_is_sent_to_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["examples", "copy", "claim-alone", str(tmp_path)]) == 0
    assert "next: infucode check " in capsys.readouterr().err
