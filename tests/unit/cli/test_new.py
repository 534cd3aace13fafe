"""`infucode` alone and `infucode new encounter`: the template holds and explains every field."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from infucode import Policy, parse_encounter
from infucode.cli.app import run
from infucode.cli.new import Claim, template
from infucode.cli.welcome import NEXT
from infucode.documents import words
from infucode.model import encounter as model

_FIELD = re.compile(r"^ *#? *(?:- )?\{?(?P<key>[a-z_]+):")
_OUT = re.compile(r"^( *)#(?=[a-z-])")
_GOES_ON = re.compile(r"^( *)#(?=  )")


def units(text: str) -> list[range]:
    """The lines of each field that is commented out, with what belongs to it."""
    found: list[range] = []
    for number, line in enumerate(text.splitlines()):
        if _OUT.match(line):
            found.append(range(number, number + 1))
        elif found and found[-1].stop == number and _GOES_ON.match(line):
            found[-1] = range(found[-1].start, number + 1)
    return found


def with_lines(text: str, chosen: set[int]) -> str:
    """The text with those lines no longer commented out."""
    return "".join(
        re.sub(r"^( *)#", r"\1", line) if number in chosen else line
        for number, line in enumerate(text.splitlines(keepends=True))
    )


@pytest.fixture(scope="module")
def policies() -> dict[str, Policy]:
    return {plan: Policy.load(plan) for plan in Policy.plans()}


UNITS = [(claim, unit) for claim in Claim for unit in units(template(claim))]


def test_there_are_many_fields_to_uncomment() -> None:
    assert len(UNITS) > 50
    assert not units("# prose\n#     more prose\nid: x  # a note\n")
    assert units("#a: 1\n#  b: 2\n  #- c\n") == [range(0, 2), range(2, 3)]


@pytest.mark.parametrize("claim", Claim)
def test_the_template_is_coded_as_it_stands(claim: Claim, policies: dict[str, Policy]) -> None:
    encounter = parse_encounter(template(claim))
    assert encounter.claim == claim
    for policy in policies.values():
        solution = policy.solve(encounter).solution
        codes = [line.code for line in solution.code_sets[0].lines]
        assert (solution.outcome, codes) == ("coded", ["96365", "96375"])
        assert not solution.asks and not solution.warnings


@pytest.mark.parametrize(
    ("claim", "unit"),
    UNITS,
    ids=[f"{c}-{template(c).splitlines()[u[0]].strip()[:24]}" for c, u in UNITS],
)
def test_each_field_is_accepted_when_uncommented(
    claim: Claim, unit: range, policies: dict[str, Policy]
) -> None:
    text = template(claim)
    encounter = parse_encounter(with_lines(text, set(unit)))
    assert encounter != parse_encounter(text) or says_the_default(text.splitlines()[unit[0]])
    solved = policies[encounter.policy or "cpcp026"].solve(encounter)
    assert solved.outcome in ("coded", "ambiguous")


def says_the_default(line: str) -> bool:
    """The shown value is what counts when the field is left out."""
    return line.strip().startswith(("#access: line-1", "#visit: 1"))


@pytest.mark.parametrize("claim", Claim)
def test_all_fields_at_once_are_accepted(claim: Claim, policies: dict[str, Policy]) -> None:
    text = template(claim)
    encounter = parse_encounter(with_lines(text, {n for unit in units(text) for n in unit}))
    assert len(encounter.administrations) == 6 and encounter.claim_lines and encounter.accesses
    assert policies[encounter.policy or "cpcp026"].solve(encounter).code_sets


def fields() -> Iterator[str]:
    """Every key that a document may have."""
    kinds = (
        model.Encounter,
        model.Administration,
        model.After,
        model.Pump,
        model.Dose,
        model.Container,
        model.Access,
        model.Service,
        model.ClaimLine,
    )
    for kind in kinds:
        names = (name for name in kind.__slots__ if name not in {"file", "claim_stated"})
        yield from ("date" if name == "day" else name for name in names)


def test_every_field_of_a_document_stands_in_a_template() -> None:
    shown = set(re.findall(r"\b([a-z_]+):", template(Claim.facility)))
    assert set(fields()) <= shown
    professional = set(re.findall(r"\b([a-z_]+):", template(Claim.professional)))
    assert shown - professional == {"type_of_bill"}


WORDS = {
    "claim": words.CLAIM,
    "line_of_business": words.LINE_OF_BUSINESS,
    "provider_type": words.PROVIDER_TYPE,
    "category": words.CATEGORY,
    "route": words.ROUTE,
    "technique": words.TECHNIQUE,
    "purpose": words.PURPOSE,
    "intensity": words.INTENSITY,
    "via": words.VIA,
    "kind": (*words.PUMP_KIND,),
    "supervision": words.SUPERVISION,
    "device": words.ACCESS_DEVICE,
    "reason": words.ACCESS_REASON,
    "provider": words.SERVICE_PROVIDER,
}


def explained(text: str, key: str) -> Iterator[str]:
    """What is said of a field, wherever it stands: its line and the prose right above."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        match = _FIELD.match(line)
        if match and match["key"] == key:
            first = number
            while first and re.match(r" *# [^ ]", lines[first - 1]):
                first -= 1
            yield " ".join(lines[first : number + 1])


@pytest.mark.parametrize("key", WORDS)
@pytest.mark.parametrize("claim", Claim)
def test_every_allowed_word_is_named(claim: Claim, key: str) -> None:
    said = list(explained(template(claim), key))
    assert any(set(WORDS[key]) <= set(re.findall(r"[a-z_]+", text)) for text in said)


def test_the_other_closed_lists_are_named() -> None:
    text = template(Claim.facility)
    said = set(re.findall(r"[a-z_]+", text))
    lists = (words.DOCUMENTATION, words.CONTAINER_KIND, words.SUPPLIED_BY, words.PUMP_SUPPLIED_BY)
    assert {word for closed in lists for word in closed} <= said


def test_every_template_line_fits_a_screen_of_a_hundred_columns() -> None:
    assert all(len(line) <= 98 for claim in Claim for line in template(claim).splitlines())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_goes_to_a_file_and_never_over_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "encounter", "v.yaml", "--claim", "professional"]) == 0
    said = capsys.readouterr()
    assert (here / "v.yaml").read_text() == template(Claim.professional)
    assert said.out == "" and said.err == "wrote v.yaml; next: infucode solve v.yaml\n"
    assert run(["new", "encounter", "v.yaml"]) == 2
    assert "`v.yaml` is there already; --force writes over it" in capsys.readouterr().err
    assert (here / "v.yaml").read_text() == template(Claim.professional)
    assert run(["new", "encounter", "v.yaml", "--force"]) == 0
    assert (here / "v.yaml").read_text() == template(Claim.facility)


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_without_a_path_it_goes_to_standard_output(
    arguments: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "encounter", *arguments]) == 0
    assert capsys.readouterr().out == template(Claim.facility)
    assert not list(here.iterdir())


@pytest.mark.parametrize(("path", "words"), [
    ("v.json", "name it `v.yaml`"),
    (".", "is a folder; name a file"),
    ("no/v.yaml", "no such file or directory"),
    ("x\0.yaml", "cannot be written"),
])
def test_a_path_that_will_not_do_is_refused(
    path: str, words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "encounter", path]) == 2
    assert words in capsys.readouterr().err
    assert not list(here.iterdir())


def test_infucode_alone_names_three_commands_that_run_in_that_order(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([]) == 0
    said = capsys.readouterr()
    assert not said.err and len(said.out.splitlines()) <= 9
    commands = re.findall(r"^  (infucode .*?)  ", said.out, re.M)
    assert commands == [command for command, _ in NEXT] and len(commands) == 3
    for command in commands:
        assert run(shlex.split(command)[1:]) == 0
    assert "96365" in capsys.readouterr().out
