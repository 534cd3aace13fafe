"""The generated pages of docs/reference are current, and the clauses are complete."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from infucode.documents.words import CATEGORY, ROUTE, TECHNIQUE
from infucode.errors import PolicyError
from infucode.policy import Policy
from infucode.workbench.classification import wrong_cells
from infucode.workbench.clauses import clause_problems, read_clauses
from tests.docs import pages_exit_codes, pages_rules, pages_solution, pages_switches
from tests.docs.pages_commands import commands
from tests.docs.reference import PAGES, POLICIES, REFERENCE, load

SOURCE_CLAUSES = 110
HELP = "run `python -m tests.docs.reference`"


@lru_cache(maxsize=1)
def policies() -> list[Policy]:
    return load()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_current(name: str) -> None:
    page = PAGES[name](policies())
    assert wrong_cells(page) == [], "a delivery without exactly one outcome"
    assert (REFERENCE / name).read_text(encoding="utf-8") == page, HELP


def test_every_category_and_technique_stands_in_the_tables() -> None:
    page = (REFERENCE / "classification.md").read_text(encoding="utf-8")
    tables = page.split("\n## ")[1:]
    routes = [route for part in tables for route in part.split("\n")[0].split(", ")]
    assert sorted(r for r in routes if r in ROUTE) == sorted(ROUTE)
    for part in tables:
        heading, *rows = part.split("\n")
        if heading.split(", ")[0] in ROUTE:
            head = next(row for row in rows if row.startswith("| technique"))
            columns = [
                name for cell in head.split("|")[2:-1] for name in cell.strip().split(", ")
            ]
            assert sorted(columns) == sorted(CATEGORY)
            names = " ".join(row.split("|")[1] for row in rows if row.startswith("| "))
            assert "any" in names or all(word in names for word in TECHNIQUE)


def test_a_cell_with_two_outcomes_is_seen() -> None:
    assert wrong_cells("| push | 96374 |\n| pump | NOT EXACTLY ONE: nothing |") == [
        "| pump | NOT EXACTLY ONE: nothing |"
    ]


def test_every_clause_of_the_sources_has_a_rule_or_a_reason() -> None:
    known = read_clauses(POLICIES)
    numbers = [int(id[1:]) for id in known.clauses if re.fullmatch(r"S\d+", id)]
    assert numbers == list(range(1, SOURCE_CLAUSES + 1))
    assert clause_problems(known, [policy.library for policy in policies()]) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[clause.Z1]\ngist = "x"', "is not a letter"),
        ('[letters]\nS = "x"\n[clause.S1]', "has no `gist`"),
        ('[letters]\nS = "x"\n[clause.S1]\ngist = "x"\nrule = "y"', "the unknown key `rule`"),
        ("[", "cannot be read"),
    ],
)
def test_a_wrong_clause_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "clauses.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        read_clauses(tmp_path)


def test_what_does_not_fit_is_told(tmp_path: Path) -> None:
    text = '[letters]\nS = "x"\n[clause.S1]\ngist = "x"\nreason = "none"\ncite = "nowhere 1"\n'
    text += '[clause.S999]\ngist = "x"\n'
    (tmp_path / "clauses.toml").write_text(text, encoding="utf-8")
    found = clause_problems(read_clauses(tmp_path), [policy.library for policy in policies()])
    assert any(
        re.match(r".* names clause S2, which clauses.toml does not know", p) for p in found
    )
    assert any(re.match(r"clause S1 has a reason, but .*cpt.family decides it", p) for p in found)
    assert "clause S1 cites `nowhere`, which is no source" in found
    assert "clause S999 cites no source" in found
    assert "clause S999 has neither a rule nor a reason" in found


def test_every_rule_and_its_file_stand_on_the_page() -> None:
    page = (REFERENCE / "rules.md").read_text(encoding="utf-8")
    ids = {rule.papers.id for policy in policies() for rule in policy.library.rules}
    assert set(re.findall(r'^- <a id="([^"]+)"></a>', page, re.M)) == ids
    known = [name for names in pages_rules.topics().values() for name in names]
    assert sorted(known) == sorted(pages_rules.files(policies())), "topics.toml"


def test_an_exception_stands_at_both_rules() -> None:
    page = (REFERENCE / "rules.md").read_text(encoding="utf-8")
    entries = {m[1]: m[0] for m in re.finditer(r'^- <a id="([^"]+)".*\n(?:  .*\n)*', page, re.M)}
    found = 0
    for policy in policies():
        for rule in policy.library.rules:
            for beats in rule.papers.beats:
                found += 1
                assert f"[`{beats.rule}`]" in entries[rule.papers.id].split("Set aside by")[0]
                assert f"[`{rule.papers.id}`]" in entries[beats.rule].split("Set aside by")[1]
    assert found


def test_every_switch_has_words_and_known_clauses() -> None:
    known = read_clauses(POLICIES).clauses
    switches = policies()[0].library.switches
    assert list(pages_switches.words()) == list(switches)
    assert list(pages_switches.examples()) == list(switches)
    for name, said in pages_switches.words().items():
        assert tuple(said["values"]) == switches[name].values, name
        assert said["clauses"] and set(said["clauses"]) <= set(known), name


def test_no_two_values_of_a_switch_are_told_alike() -> None:
    policy = policies()[0]
    for switch in policy.library.switches.values():
        told = pages_switches.told_apart(pages_switches.answers(policy, switch))
        assert len(set(told.values())) == len(switch.values), f"{switch.name}: {told}"


def test_every_field_of_an_answer_is_explained_and_there() -> None:
    seen = pages_solution.types(policies())
    assert set(seen) == set(pages_solution.fields())


def test_a_field_without_words_is_seen() -> None:
    found = dict(pages_solution.seen({"a": [{"b": 1}], "c": None}))
    assert found == {"a": "list", "a[].b": "number", "c": "null"}


def test_every_error_says_what_to_do() -> None:
    kinds = {kind.code for kind in pages_exit_codes.errors()}
    assert kinds == set(pages_exit_codes.TO_DO)


def test_every_command_has_help_and_two_examples() -> None:
    for name, command in commands().items():
        assert command.help, name
        assert str(command.epilog).count("\n  infucode ") >= 2, name
        for param in command.params:
            assert param.help, f"{name} {param.name}"


def test_the_readme_lists_every_command() -> None:
    page = (REFERENCE.parents[1] / "README.md").read_text(encoding="utf-8")
    for name, command in commands().items():
        if not getattr(command, "commands", {}):
            assert f"[`{name}`](docs/reference/commands.md#" in page, name
