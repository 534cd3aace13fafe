"""Severities, exemptions, edits and outputs of lint."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from infucode.cli.app import run
from infucode.cli.policy import app
from infucode.errors import PolicyError, UsageError
from infucode.render.lint_formats import as_github, as_json, as_sarif
from infucode.workbench.lint.catalog import CHECKS, check_named
from infucode.workbench.lint.fixing import fix
from infucode.workbench.lint.running import lint
from tests.unit.lint.examples import BASE

UNKEMPT = """% Short runs.

%@ id: plan.short-run
%@ cite: source 1
%@ text: A short run is not reported.
%@ says: {Administration} ran {Minutes} minutes; more than {Limit} are needed.
withheld("plan.short-run",Administration, delivery) :-\t
    ran(Administration,Minutes), value(least_minutes, Limit), Minutes <= Limit,
    route(Administration, Way).
% "a,b" is a text, and a comment keeps its a,b.
"""
KEMPT = """% Short runs.

%@ id: plan.short-run
%@ cite: source 1
%@ text: A short run is not reported.
%@ says: {Administration} ran {Minutes} minutes; more than {Limit} are needed.
withheld("plan.short-run", Administration, delivery) :-
    ran(Administration, Minutes), value(least_minutes, Limit), Minutes <= Limit,
    route(Administration, _).
% "a,b" is a text, and a comment keeps its a,b.
"""
SHIPPED = Path(__file__).resolve().parents[3] / "policies"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "policies"
    shutil.copytree(BASE, copy)
    (copy / "plan" / "example.lp").write_text(UNKEMPT, encoding="utf-8")
    return copy


def found(folder: Path) -> set[str]:
    return {finding.check for finding in lint(folder).findings}


def test_fix_mends_what_is_safe_and_nothing_else(folder: Path) -> None:
    others = [p for p in folder.rglob("*") if p.name != "example.lp" and p.is_file()]
    before = {path: path.read_bytes() for path in others}
    mended = fix(folder)
    assert {finding.check for finding in mended} == {
        "stray-space", "comma-space", "lonely-variable",
    }  # fmt: skip
    assert (folder / "plan" / "example.lp").read_text(encoding="utf-8") == KEMPT
    assert all(path.read_bytes() == content for path, content in before.items())
    assert fix(folder) == []


def test_severities_and_exemptions(folder: Path) -> None:
    assert {"comma-space", "lonely-variable"} <= found(folder)
    (folder / "lint.toml").write_text(
        '[severity]\ncomma-space = "off"\nstray-space = "error"\n\n[[allow]]\n'
        'check = "lonely-variable"\nabout = "`Way`"\nreason = "An example."\n',
        encoding="utf-8",
    )
    linted = lint(folder)
    assert {f.check: f.severity for f in linted.findings} == {"stray-space": "error"}
    assert [(a.finding.check, a.reason) for a in linted.allowed] == [
        ("lonely-variable", "An example.")
    ]


def test_strict_takes_warnings_for_errors(folder: Path) -> None:
    assert {f.severity for f in lint(folder, strict=True).findings} == {"error"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[severity]\ncoma-space = "off"\n', "there is no check `coma-space`"),
        ('[severity]\ncomma-space = "of"\n', "`of` is no severity"),
        ('[severity]\nsyntax = "off"\n', "`syntax` is always an error"),
        ('[[allow]]\ncheck = "header"\nabout = "x"\n', "an `[[allow]]` without `reason`"),
        ('[[allow]]\ncheck = "syntax"\nabout = "x"\nreason = "y"\n', "cannot be allowed"),
        ('severities = 1\n', "`severities` is no key"),
        ("allow = 1\n", "`allow` is no list"),
        ("severity = 1\n", "`severity` is no table"),
        ("[severity\n", "cannot be read"),
    ],
)
def test_a_bad_configuration_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "lint.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        lint(folder)
    assert message in str(caught.value)


def test_a_plan_that_does_not_load_leaves_the_rest_to_be_read(folder: Path) -> None:
    (folder / "plan" / "broken.lp").write_text("withheld(\n", encoding="utf-8")
    assert {"syntax", "comma-space"} <= found(folder)


def test_only_some_files_and_checks(folder: Path) -> None:
    path = folder / "plan" / "ways.lp"
    assert lint(folder, files=[path]).findings == ()
    assert {f.check for f in lint(folder, only=["comma-space"]).findings} == {"comma-space"}
    with pytest.raises(UsageError, match="is not a file of"):
        lint(folder, files=[BASE / "plan" / "ways.lp"])


def test_what_is_not_found_as_nothing_loads_is_not_called_unused(folder: Path) -> None:
    allow = '[[allow]]\ncheck = "unread-fact"\nabout = "`{}`"\nreason = "An example."\n'
    (folder / "lint.toml").write_text(allow.format("nowhere"), encoding="utf-8")
    (unused,) = (f for f in lint(folder).findings if f.check == "unused-allow")
    assert unused.problem.message == "nothing is found of `unread-fact` about `nowhere`"
    (folder / "plan" / "broken.lp").write_text("withheld(\n", encoding="utf-8")
    assert "unused-allow" not in found(folder)


def test_fix_leaves_line_ends_as_they_are(folder: Path) -> None:
    path = folder / "plan" / "example.lp"
    path.write_bytes(UNKEMPT.rstrip("\n").replace("\n", "\r\n").encode())
    fix(folder)
    assert path.read_bytes() == KEMPT.replace("\n", "\r\n").encode()


def test_fix_changes_nothing_where_a_file_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = folder / "plan" / "more.lp"
    second.write_text("% More.\n\n" + UNKEMPT.split("\n\n", 1)[1].replace("short", "brief"),
                      encoding="utf-8")  # fmt: skip
    before = [path.read_bytes() for path in sorted(folder.glob("plan/*.lp"))]
    write = Path.write_bytes

    def refused(path: Path, data: bytes) -> int:
        if path == second:
            raise PermissionError(13, "Permission denied")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", refused)
    with pytest.raises(PolicyError, match=r"more\.lp: cannot be written: permission denied"):
        fix(folder)
    assert [path.read_bytes() for path in sorted(folder.glob("plan/*.lp"))] == before


def test_json_counts_what_it_lists(folder: Path) -> None:
    data = json.loads(as_json(lint(folder)))
    assert data["schema"] == "infucode.lint.v1"
    assert sum(data["counts"].values()) == len(data["findings"]) > 0
    assert all(row["file"] and row["check"] and row["message"] for row in data["findings"])


def test_sarif_names_every_check_and_place(folder: Path) -> None:
    titles = {check.id: check.title for check in CHECKS}
    log = json.loads(as_sarif(lint(folder), "1", titles))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == list(titles)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "policies/plan/example.lp"
        assert place["region"]["startLine"] >= 1


def test_github_escapes_what_ends_a_command(folder: Path) -> None:
    lines = as_github(lint(folder)).splitlines()
    assert len(lines) == len(lint(folder).findings)
    assert all(line.startswith(("::warning ", "::notice ", "::error ")) for line in lines)
    assert all(line.count("::") == 2 for line in lines)


def test_programs_find_the_files_wherever_the_folder_lies(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = folder.parent / "in 100%, here"
    away.mkdir()
    folder.rename(away / "policies")
    monkeypatch.chdir(folder.parent)

    def said(policies: str, format: str) -> str:
        run(["policy", "lint", "--policies", policies, "--format", format])
        return capsys.readouterr().out

    def uri(policies: str) -> str:
        (log,) = json.loads(said(policies, "sarif"))["runs"]
        place = log["results"][0]["locations"][0]["physicalLocation"]
        return str(place["artifactLocation"]["uri"])

    assert uri(f"{away.name}/policies") == "in%20100%25%2C%20here/policies/plan/example.lp"
    assert "file=in 100%25%2C here/policies/plan/example.lp," in said(
        f"{away.name}/policies", "github"
    )
    monkeypatch.chdir(away / "policies")
    assert uri(".") == "plan/example.lp"
    assert "policies/plan/example.lp:7:" in said(".", "text")
    monkeypatch.chdir(away / "policies" / "plan")
    assert uri("..") == "example.lp"
    monkeypatch.chdir("/")
    shown = uri(str(away / "policies"))
    monkeypatch.chdir(Path(__file__).parent)
    assert uri(str(away / "policies")) == f"file://{quote(str(away))}/policies/plan/example.lp"
    assert f"/{shown}" == f"{quote(str(away))}/policies/plan/example.lp"


def test_the_command(folder: Path) -> None:
    runner = CliRunner()
    words = ["lint", "--policies", str(folder), "--strict"]
    done = runner.invoke(app, words, standalone_mode=False)
    assert done.return_value == 3
    assert "error[comma-space]" in done.output
    assert "help:" in done.output
    done = runner.invoke(app, ["lint", "--page", "comma-space"])
    assert done.output.rstrip() == check_named("comma-space").page.rstrip()
    done = runner.invoke(app, ["lint", "--list"])
    assert all(check.id in done.output for check in CHECKS)


def test_an_unknown_check_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="idle-literal"):
        check_named("idle-literals")


def test_the_shipped_policies_have_no_error() -> None:
    assert [f for f in lint(SHIPPED).findings if f.severity == "error"] == []
