"""`infucode policy dump`: stock clingo, run on the files, gives what the engine gave."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import clingo
import pytest

from infucode import Policy, load_encounter, parse_encounter
from infucode.cli.app import run
from infucode.rulebook.where import examples_folder
from infucode.tables import Store
from infucode.workbench.dump import Dump, dump_judged, dump_solved

EXAMPLES = sorted(examples_folder().glob("*.yaml"))
CLAIM = """
id: claim "of" 2 lines
claim: facility
date: 2024-08-05
administrations:
  - {id: 'first "bag"', drug: 'saline, 0.9 %', category: therapeutic, route: iv,
     technique: infusion, start: "10:00", stop: "10:40"}
claim_lines:
  - {id: L1, code: "96365"}
  - {id: L2, code: "96366", units: 3}
"""


@lru_cache(maxsize=2)
def policy(plan: str = "cpcp026") -> Policy:
    return Policy.load(plan)


def stock(program: str) -> list[str]:
    """The atoms of the one answer that plain clingo gives, in order."""
    messages: list[str] = []
    control = clingo.Control(
        ["--warn=no-global-variable"], logger=lambda _code, text: messages.append(text)
    )
    control.add("base", [], program)
    control.ground([("base", [])])
    found: list[list[str]] = []
    control.configuration.solve.models = 0  # type: ignore[union-attr]
    control.solve(on_model=lambda m: found.append(sorted(map(str, m.symbols(shown=True)))))
    assert not messages
    assert len(found) == 1
    return found[0]


def assert_reproduced(dump: Dump) -> None:
    assert len(dump.facts) == len(dump.outcomes) > 0
    for number, outcomes in enumerate(dump.outcomes, 1):
        assert stock(dump.one(number)) == outcomes.splitlines()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_stock_clingo_gives_the_outcomes_of_an_encounter(path: Path) -> None:
    solved = policy().solve(load_encounter(path))
    dump = dump_solved(solved)
    assert len(dump.facts) >= len(solved.code_sets)
    assert_reproduced(dump)
    codes = {line.code for code_set in solved.code_sets for line in code_set.lines}
    told = "".join(dump.outcomes)
    assert all(f'"{code}"' in told for code in codes)


def claims() -> Iterator[tuple[str, str]]:
    yield "in the text", CLAIM
    for path in EXAMPLES:
        text = path.read_text(encoding="utf-8")
        if "\nclaim_lines:" not in text:
            yield path.stem, f'{text}\nclaim_lines:\n  - {{id: L1, code: "96365", units: 2}}\n'


@pytest.mark.parametrize(("name", "text"), [*claims()], ids=lambda value: value[:20])
def test_stock_clingo_gives_the_outcomes_of_a_claim(name: str, text: str, tmp_path: Path) -> None:
    judged = policy().check(parse_encounter(text), tables=Store(tmp_path))
    dump = dump_judged(judged)
    assert_reproduced(dump)
    denied = [v.rule for v in judged.checked.violations if v.severity == "deny"]
    assert all(f'deny("{rule}"' in dump.outcomes[0] or f'"{rule}"' in dump.outcomes[0]
               for rule in denied)  # fmt: skip


def test_the_plan_and_its_switches_are_those_of_the_run() -> None:
    encounter = load_encounter(EXAMPLES[0])
    switches = {"hydration_minimum": "16"}
    dump = dump_solved(policy("medicare").solve(encounter, switches=switches))
    assert "value(hydration_minimum, 16)." in dump.program
    assert dump.program.startswith("% medicare ")
    assert_reproduced(dump)


def test_the_facts_say_what_their_constants_stand_for() -> None:
    dump = dump_solved(policy().solve(parse_encounter(CLAIM)))
    assert '% claim "of" 2 lines' in dump.facts[0]
    assert '% a0 is administration first "bag" (saline, 0.9 % 10:00)' in dump.facts[0]


def test_an_atom_that_is_missing_is_seen() -> None:
    dump = dump_solved(policy().solve(load_encounter(EXAMPLES[0])))
    broken = dump.one(1).replace("administration(a0).", "")
    assert stock(broken) != dump.outcomes[0].splitlines()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "claim.yaml").write_text(CLAIM, encoding="utf-8")
    return tmp_path


def test_the_files_run_with_the_command_that_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "dump", "claim.yaml", "--claim", "-o", "its d"]) == 0
    command = capsys.readouterr().err.partition("next: python3 ")[2].strip().replace("\n", " ")
    done = subprocess.run(
        [sys.executable, *shlex.split(command), "-V1"], cwd=here, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stderr == ""
    atoms = (here / "its d" / "outcomes.txt").read_text(encoding="utf-8").splitlines()
    answer = next(line for line in done.stdout.splitlines() if atoms[0] in line)
    assert len(atoms) > 1 and all(atom in answer for atom in atoms)


def test_without_a_folder_all_goes_to_standard_output(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "dump", "claim.yaml"]) == 0
    out = capsys.readouterr().out
    assert any(atom.startswith("line(") for atom in stock(out))


AMBIGUOUS = str(examples_folder() / "emergency-visit.yaml")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([AMBIGUOUS], 2, "the answer has 3 code sets"),
        ([AMBIGUOUS, "--set", "4"], 2, "there is no code set 4; there are 3"),
        ([AMBIGUOUS, "--set", "1", "-o", "d"], 2, "-o DIR writes every code set"),
        ([AMBIGUOUS, "--claim"], 5, "no `claim_lines` to check"),
        ([AMBIGUOUS, "--as-of", "2000-01-01"], 2, "no rule was run: The date of service"),
        (["claim.yaml", "--claim", "--as-of", "2000-01-01"], 2, "no rule was run: "),
        (["claim.yaml", "--tables", "d"], 2, "add --claim"),
        (["claim.yaml", "-o", "claim.yaml"], 2, "`claim.yaml` cannot be written"),
        (["none.yaml"], 2, "`none.yaml` cannot be read"),
    ],
)
def test_what_cannot_be_dumped(
    words: list[str], code: int, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "dump", *words]) == code
    assert message in " ".join(capsys.readouterr().err.split())
