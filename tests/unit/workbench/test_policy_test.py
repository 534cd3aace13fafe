"""`policy test`: processes, failures with their reasons, JUnit, rewriting, watching."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from infucode.cli.app import run
from infucode.errors import PolicyError, UsageError
from infucode.workbench.case_junit import junit
from infucode.workbench.case_running import run_all, run_case
from infucode.workbench.case_updating import difference, updated
from infucode.workbench.case_watch import Watcher, changed_in, stamps_of, watch
from infucode.workbench.cases import case_files, chosen_cases, load_cases, run_cases
from infucode.workbench.jobs import jobs_of, shared
from infucode.workbench.plans import Plans
from tests.unit.workbench.small import LINE, RULES, case, cases, small_folder

SEEN = """\
% What goes through a tube. Gives: warning.

%@ id: small.seen
%@ cite: infucode small
%@ text: What goes through a tube is noted.
%@ says: {Administration} goes through a tube.
warning("small.seen", Administration) :- route(Administration, enteral).
"""
WRONG = '{code: "96374", units: 1}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = small_folder(tmp_path)
    cases(made, case("Long run", 16), case("Short run", 15, ""))
    return made


def shown(folder: Path, jobs: int = 1, select: str | None = None) -> tuple[int, str]:
    out = StringIO()
    console = Console(file=out, width=100)
    return run_cases(folder, select=select, files=[], console=console, jobs=jobs), out.getvalue()


@pytest.mark.parametrize("jobs", [1, 3])
def test_all_pass_whatever_the_processes(folder: Path, jobs: int) -> None:
    assert shown(folder, jobs) == (0, "2 passed, 0 failed\n")


def test_processes_find_the_same_failures(folder: Path) -> None:
    cases(folder, *(case(f"Run {n}", n, LINE) for n in range(12, 20)))
    code, alone = shown(folder)
    assert code == 1 and alone.endswith("4 passed, 4 failed\n")
    _, together = shown(folder, jobs=3)
    assert sorted(alone.splitlines()) == sorted(together.splitlines())


def test_a_failure_tells_why_and_why_not(folder: Path) -> None:
    cases(folder, case("Codes", 16, WRONG, rest="  fires: [small.short]\n"))
    _, text = shown(folder)
    assert "96374: 1 unit expected, 0 reported" in text
    because = text[text.index("Why 96365") : text.index("Why not 96374")]
    assert "saline has a line. [infucode small; cpm12 30.5; small.long]" in because
    assert "16 minutes" in because and "15" in because
    near = text[text.index("Where small.short nearly fired") : text.index("Encounter ")]
    assert "set aside" in near and "policies/small/runs.lp:18" in near


def test_a_policy_that_does_not_load_is_told_once(folder: Path) -> None:
    path = folder / "small" / "runs.lp"
    path.write_text(RULES.replace("Minutes > Limit", "Minutes > Limits"), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        shown(folder)
    assert 1 <= len(caught.value.problems) <= 2


def test_results_of_work_come_back_and_errors_too() -> None:
    assert sorted(shared(lambda n: n * n, [1, 2, 3], 2)) == [(0, 1), (1, 4), (2, 9)]

    def fails(number: int) -> int:
        raise UsageError(f"not {number}")

    with pytest.raises(UsageError, match="not 1"):
        list(shared(fails, [1, 1], 2))


def test_the_number_of_processes() -> None:
    assert jobs_of(3) in (1, 3) and jobs_of(None) >= 1
    with pytest.raises(UsageError, match="--jobs 0"):
        jobs_of(0)


# ---- JUnit


def test_junit(folder: Path) -> None:
    cases(folder, case("Right <one>", 16), case("Wrong", 16, WRONG))
    plans = Plans(folder)
    text = junit(run_all(load_cases(case_files(folder), plans), plans, jobs=1))
    root = ElementTree.fromstring(text.encode())
    assert root.attrib["tests"] == "2" and root.attrib["failures"] == "1"
    (suite,) = root
    right, wrong = suite
    assert suite.attrib["name"] == "policies/small/cases/runs.yaml"
    assert right.attrib["name"] == "Right <one>" and len(right) == 0
    (failure,) = wrong
    assert failure.attrib["message"].startswith("96374: 1 unit expected, 0 reported")
    assert failure.text is not None and "Why 96365" in failure.text
    assert (right.attrib["line"], wrong.attrib["line"]) == ("3", "13")


def test_junit_names_files_as_a_build_server_finds_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.parent.parent)
    below = folder.parent.name
    assert run(["policy", "test", "--policies", f"{below}/policies", "-f", "junit"]) == 0
    found = ElementTree.fromstring(capsys.readouterr().out.encode()).iter("testcase")
    files = {item.attrib["file"] for item in found}
    assert files == {f"{below}/policies/small/cases/runs.yaml"}


# ---- rewriting what is expected


def rewritten(folder: Path, text: str) -> str | None:
    path = cases(folder, text)
    plans = Plans(folder)
    (found,) = chosen_cases(plans, select=None, files=[])
    result = run_case(found, plans)
    assert not result.passed
    return updated(path.read_text(encoding="utf-8"), result, plans)


@pytest.mark.parametrize(("text", "change"), [
    (case("A", 16, '{code: "96365", units: 2}'), ("units: 2", "units: 1")),
    (case("A", 16, WRONG), (WRONG, LINE)),
    (case("A", 15, LINE), (LINE, "")),
    (case("A", 16, ""), ("lines: []", f"lines: [{LINE}]")),
    (case("A", 16, rest="    outcome: blocked\n"), ("outcome: blocked", "outcome: coded")),
    (case("A", 16, rest="    absent: ['96365', '96366']   # no\n"),
     ("['96365', '96366']", "['96366']")),
    (case("A", 16, rest="    not_reported: [{administration: a1, rule: small.short}]\n"),
     ("    not_reported: [{administration: a1, rule: small.short}]\n", "")),
    (case("A", 15, "", rest="    not_reported: [{administration: a1, rule: small.long}]\n"),
     ("rule: small.long", "rule: small.short")),
    (case("A", 16, rest="  fires: [small.long, small.short]\n"),
     ("[small.long, small.short]", "[small.long]")),
    (case("A", 16, rest="  silent: [small.long]   # gone with it\n"),
     ("  silent: [small.long]   # gone with it\n", "")),
])  # fmt: skip
def test_only_what_fails_is_rewritten(folder: Path, text: str, change: tuple[str, str]) -> None:
    old, new = change
    assert old in text
    assert rewritten(folder, text) == "# Runs.\n\n" + text.replace(old, new)


def test_what_cannot_be_rewritten_in_pieces_is_left(folder: Path) -> None:
    text = case("A", 16, "").replace("    lines: []   # of the one run\n", "")
    assert rewritten(folder, text + "    absent: ['96365']\n") is None


def test_the_difference_is_a_diff() -> None:
    told = difference("a\nb\n", "a\nc\n", "f.yaml")
    assert told.splitlines()[:3] == ["--- f.yaml", "+++ f.yaml (updated)", "@@ -1,2 +1,2 @@"]


# ---- watching


def watcher(folder: Path) -> tuple[Watcher, StringIO]:
    out = StringIO()
    return Watcher(folder, Console(file=out, width=100)), out


def save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime_ns + 10_000_000
    os.utime(path, ns=(later, later))


def test_a_saved_case_file_runs_its_cases(folder: Path) -> None:
    other = folder / "small" / "cases" / "others.yaml"
    save(other, case("Another", 20))
    found, out = watcher(folder)
    before = stamps_of(folder, [])
    assert found.first() == 0 and "3 passed" in out.getvalue()
    save(other, case("Another", 20, WRONG))
    changed = changed_in(before, stamps_of(folder, []))
    assert changed == [other.resolve()]
    assert found.again(changed) == 1
    assert "saved policies/small/cases/others.yaml: 1 case\n" in out.getvalue()
    assert out.getvalue().endswith("0 passed, 1 failed\n")


def test_a_saved_rule_file_runs_the_cases_in_which_its_rules_fire(folder: Path) -> None:
    found, out = watcher(folder)
    assert found.first() == 0
    path = folder / "small" / "other.lp"
    save(path, SEEN)
    assert found.again([path]) == 0
    assert "saved policies/small/other.lp: 0 cases, then the 2 others\n" in out.getvalue()
    runs = folder / "small" / "runs.lp"
    save(runs, RULES.replace("Minutes > Limit", "Minutes >= Limit"))
    assert found.again([runs]) == 1
    assert "saved policies/small/runs.lp: 2 cases\n" in out.getvalue()


def test_a_rule_that_begins_to_fire_is_found_in_cases_that_did_not_touch_it(
    folder: Path,
) -> None:
    path = folder / "small" / "other.lp"
    line = 'line("small.seen", Administration, delivery, "96360", 1, 0)'
    save(path, SEEN.replace('warning("small.seen", Administration)', line))
    found, out = watcher(folder)
    assert found.first() == 0, out.getvalue()
    save(path, path.read_text(encoding="utf-8").replace("enteral", "iv"))
    assert found.again([path]) == 2
    assert "saved policies/small/other.lp: 0 cases, then the 2 others\n" in out.getvalue()
    save(path, path.read_text(encoding="utf-8").replace("tube is noted", "vein is noted"))
    found.again([path])
    assert out.getvalue().rpartition("saved ")[2].startswith(
        "policies/small/other.lp: 2 cases\n"
    )


def test_a_file_saved_meanwhile_ends_what_runs(folder: Path) -> None:
    found, out = watcher(folder)
    found.overtaken = lambda: True
    assert found.first() == 0
    assert out.getvalue() == "another file was saved; 1 not run yet\n1 passed, 0 failed\n"


def test_what_a_save_kept_from_running_follows_the_next_run(folder: Path) -> None:
    other = folder / "small" / "cases" / "others.yaml"
    save(other, case("Another", 20, WRONG) + case("More", 20, WRONG))
    found, out = watcher(folder)
    found.overtaken = lambda: True
    found.first()
    assert "another file was saved; 3 not run yet\n" in out.getvalue()
    found.overtaken = lambda: False
    path = folder / "small" / "cases" / "runs.yaml"
    assert found.again([path]) == 1
    assert "runs.yaml: 2 cases, then the other\n" in out.getvalue()
    assert out.getvalue().endswith("2 passed, 1 failed\n")
    assert found.again([path]) == 0
    assert out.getvalue().endswith("runs.yaml: 2 cases\n2 passed, 0 failed\n")


def test_a_rule_file_of_no_case_runs_nothing(folder: Path) -> None:
    path = folder / "small" / "blood.lp"
    save(path, SEEN)
    found, out = watcher(folder)
    assert found.first() == 0, out.getvalue()
    found.again([path])
    assert "saved policies/small/blood.lp: 0 cases\n" in out.getvalue()


def test_broken_files_are_told_and_watching_goes_on(folder: Path) -> None:
    found, out = watcher(folder)
    found.first()
    runs = folder / "small" / "runs.lp"
    save(runs, RULES.replace("Minutes > Limit,", "Minutes > ,"))
    assert found.again([runs]) == 1
    assert "\nsaved policies/small/runs.lp\n" in out.getvalue()
    assert "policies/small/runs.lp:10" in out.getvalue()
    save(runs, RULES)
    assert found.again([runs]) == 0
    assert out.getvalue().endswith("2 passed, 0 failed\n")


def test_watching_ends_with_an_interrupt(folder: Path) -> None:
    found, out = watcher(folder)
    path = folder / "small" / "cases" / "runs.yaml"
    steps: list[Callable[[], None]] = [lambda: save(path, case("Only", 16)), lambda: None]

    def wait(seconds: float) -> None:
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    watch(found, wait=wait)
    assert "2 passed, 0 failed" in out.getvalue()
    assert out.getvalue().endswith("1 passed, 0 failed\n")
