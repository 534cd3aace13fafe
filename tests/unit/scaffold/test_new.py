"""`infucode policy new`: what it writes loads once filled in, and nothing is written over."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from infucode import Policy, load_encounter
from infucode.cli.app import run
from infucode.errors import DocumentError, PolicyError
from infucode.rulebook.where import examples_folder, policies_folder
from infucode.workbench.cases import load_cases, run_case
from infucode.workbench.plans import Plans
from infucode.workbench.scaffold import own
from infucode.workbench.scaffold.own import CACHES

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(policies_folder(), tmp_path / "mine", ignore=CACHES)
    return tmp_path / "mine"


def new(*words: str) -> int:
    return run(["policy", "new", *words, "--policies", "mine"])


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_is_a_copy(mine: Path, capsys: Captured) -> None:
    assert run(["policy", "new", "folder", "other", "--policies", "mine"]) == 0
    assert contents(mine.parent / "other") == contents(mine)
    assert "next: infucode policy check --policies other" in capsys.readouterr().err
    assert run(["policy", "new", "folder", "other", "--policies", "mine"]) == 2
    assert "`other` is there already" in capsys.readouterr().err
    assert run(["policy", "new", "folder", "mine/within", "--policies", "mine"]) == 2
    assert "lies within the policies" in capsys.readouterr().err


def test_a_new_plan_answers_as_the_other_does(mine: Path, capsys: Captured) -> None:
    assert new("plan", "acme", "--like", "medicare", "--from", "2024-01-01") == 0
    one, other = (Policy.load(plan, policies=mine) for plan in ("acme", "medicare"))
    answers = [
        {s.name: (s.value, s.basis, s.cite, s.note) for s in policy.library.profile.settings}
        for policy in (one, other)
    ]
    assert answers[0] == answers[1]
    version, theirs = one.library.profile.versions[0], other.library.profile.versions[-1]
    assert str(version.since) == "2024-01-01"
    assert version.layers == (*theirs.layers, "acme")
    assert {kind: notice.says for kind, notice in one.library.profile.notices.items()} == {
        kind: notice.says for kind, notice in other.library.profile.notices.items()
    }
    assert all(n.rule.startswith("acme.") for n in one.library.profile.notices.values())
    for path in sorted(examples_folder().glob("*.yaml"))[:4]:
        encounter = load_encounter(path)
        assert one.solve(encounter).code_sets == other.solve(encounter).code_sets


def test_a_new_plan_without_more_is_like_the_default(mine: Path) -> None:
    assert new("plan", "acme-2", "--title", 'The "Acme" plan\\2') == 0
    profile, other = (
        Policy.load(p, policies=mine).library.profile for p in ("acme-2", "cpcp026")
    )
    assert profile.title == 'The "Acme" plan\\2'
    assert profile.versions[0].since == other.versions[0].since


RULES = {
    ("acme.test-dose",): 'withheld("acme.test-dose", Administration, delivery) :-\n'
    "    administration(Administration).",
    ("acme.late", "--outcome", "service_withheld"): 'service_withheld("acme.late", Service) :-\n'
    "    service(Service).",
    ("acme.late", "--outcome", "ask"): "%@ matters:\n",
    ("acme.late", "--beats", "cpt.office-supplies"): "%@ beats: cpt.office-supplies (Service)\n"
    'service_withheld("acme.late", Service) :-\n    service(Service).',
    ("acme.late", "--beats", "cpt.gap-missing"): "%@ beats: cpt.gap-missing (Administration)\n"
    'withheld("acme.late", Administration, delivery) :-\n    administration(Administration).',
    ("acme.late", "--beats", "claim.most-units-day"): "%@ beats: claim.most-units-day (Line)\n",
}


@pytest.mark.parametrize("words", RULES, ids=" ".join)
def test_a_rule_can_be_printed(words: tuple[str, ...], mine: Path, capsys: Captured) -> None:
    (mine / "acme").mkdir()
    (mine / "acme" / "layer.toml").write_text('title = "Acme"\n', encoding="utf-8")
    before = contents(mine)
    assert new("rule", *words, "--file", "-") == 0
    assert RULES[words] in capsys.readouterr().out
    assert contents(mine) == before


FILLED = {"cite": "cpcp026-v1 definitions", "text": "Nothing at all is done at night.",
          "says": "{Administration} was a test.", "matters": "It decides."}  # fmt: skip


def filled(text: str) -> str:
    for key, value in FILLED.items():
        text = text.replace(f"%@ {key}:\n", f"%@ {key}: {value}\n")
    return text


def test_the_loader_says_what_a_new_rule_lacks(mine: Path, capsys: Captured) -> None:
    assert new("plan", "acme") == 0
    assert new("rule", "acme.test-dose", "--beats", "cpt.considered") == 0
    path = mine / "acme" / "test-dose.lp"
    with pytest.raises(PolicyError) as caught:
        Policy.load("acme", policies=mine)
    assert [p.message for p in caught.value.problems] == [
        "papers without `cite`", "papers without `text`",
    ]  # fmt: skip
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    policy = Policy.load("acme", policies=mine)
    solution = policy.solve(load_encounter(examples_folder() / "two-accesses.yaml")).solution
    assert solution.code_sets[0].lines == ()
    assert {item.rule for item in solution.not_reported} == {"acme.test-dose"}
    assert run(["policy", "fmt", "--check", str(path), "--policies", "mine"]) == 0


def test_a_broken_rule_does_not_keep_one_from_the_next(mine: Path) -> None:
    assert new("plan", "acme") == 0
    assert new("rule", "acme.half-written") == 0
    assert new("rule", "acme.other", "--beats", "cpt.considered") == 0
    assert new("case", "acme/halves", "--rule", "acme.half-written") == 0


def test_the_reader_says_what_a_new_case_lacks(mine: Path) -> None:
    assert new("plan", "acme") == 0
    assert new("case", "acme/plain") == 0
    path = mine / "acme" / "cases" / "plain.yaml"
    plans = Plans(mine)
    with pytest.raises(DocumentError) as caught:
        load_cases([path], plans)
    assert [p.message for p in caught.value.problems] == ["`code` is missing from the line"]
    text = path.read_text(encoding="utf-8").replace("code: ,", 'code: "96365",')
    path.write_text(text, encoding="utf-8")
    (case,) = load_cases([path], plans)
    assert case.policy == "acme" and run_case(case, plans).passed


def test_of_a_rule_one_case_holds_and_one_does_not(mine: Path) -> None:
    assert new("case", "cpt/two-sides", "--rule", "cpt.hydration-minimum") == 0
    path = mine / "cpt" / "cases" / "two-sides.yaml"
    text = re.sub("code: ,", 'code: "96365",', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    plans = Plans(mine)
    cases = load_cases([path], plans)
    assert [(case.fires, case.silent) for case in cases] == [
        (("cpt.hydration-minimum",), ()), ((), ("cpt.hydration-minimum",)),
    ]  # fmt: skip
    assert [run_case(case, plans).passed for case in cases] == [False, True]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plan", "cpcp026"], "`mine/cpcp026` is there already"),
        (["plan", "Acme"], "`Acme` is not a plan's name"),
        (["plan", "../acme"], "`../acme` is not a plan's name"),
        (["plan", "acme", "--like", "cpcp025"], "did you mean `cpcp026`?"),
        (["plan", "acme", "--from", "soon"], "`soon` is not a date"),
        (["rule", "cpt.test"], "nothing is wrong"),
        (["rule", "test"], "`test` is not a rule id; write it as `layer.topic-detail`"),
        (["rule", "cpct.test"], "there is no layer `cpct` in `mine`; did you mean `cpt`?"),
        (["rule", "cpt.gap"], "is used in mine/cpt/push.lp already; ids are for ever"),
        (["rule", "cpcp026.superseded"], "is used in mine/cpcp026/profile.toml already"),
        (["rule", "cpt.x", "--outcome", "withhold"], "did you mean `withheld`?"),
        (["rule", "cpt.x", "--beats", "cpt.gaps"], "did you mean `cpt.gap`?"),
        (["rule", "cpt.x", "--beats", "cpt.hydration-pieces"], "write `%@ beats:` by hand"),
        (["rule", "cpt.x", "--file", "../x.lp"], "`../x.lp` is not a file of the layer"),
        (["rule", "cpt.x", "--file", ".lp"], "`.lp` is not a file of the layer"),
        (["rule", "cpt.x", "--file", "push.lp"], "`mine/cpt/push.lp` is there already"),
        (["case", "short"], "`short` does not name a case file; write it as `layer/topic`"),
        (["case", "cpt/../x"], "write it as `layer/topic`, such as `cpt/x`"),
        (["case", "cpt/My Cases"], "such as `cpt/my-cases`"),
        (["case", "Short"], "such as `claim/short`"),
        (["case", "cpd/short"], "there is no layer `cpd`"),
        (["case", "cpt/hydration"], "`mine/cpt/cases/hydration.yaml` is there already"),
        (["case", "cpt/x", "--rule", "cpt.gaps"], "did you mean `cpt.gap`?"),
        (["case", "cpt/x", "--policy", "cpcp02"], "did you mean `cpcp026`?"),
    ],
)
def test_what_is_refused(words: list[str], message: str, mine: Path, capsys: Captured) -> None:
    before = contents(mine)
    code = new(*words)
    if message == "nothing is wrong":
        assert code == 0
        return
    assert code == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert contents(mine) == before


@pytest.mark.parametrize(
    "words", [["plan", "acme"], ["rule", "cpt.new"], ["case", "cpt/new"]], ids=" ".join
)
def test_installed_policies_are_not_written(
    words: list[str], mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(own, "PACKAGE", mine.parent)
    before = contents(mine)
    assert new(*words) == 2
    assert "`infucode policy new folder mine` copies the policies" in " ".join(
        capsys.readouterr().err.split()
    )
    assert contents(mine) == before
