"""Proposed cases as files: each with what the rules say now, and a mark that a person decides."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infucode.documents import encounter_from_data
from infucode.documents.dump import encounter_to_data
from infucode.errors import InfucodeError, UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Solution
from infucode.questions.check import Judged
from infucode.space.generate import Generated, Proposal, Switches
from infucode.workbench.case import Case
from infucode.workbench.case_reading import APPROVAL, AWAITS, read_cases
from infucode.workbench.case_running import run_case
from infucode.workbench.cover.covering import Sights
from infucode.workbench.cover.questions import Key
from infucode.workbench.plans import Plans

FOLDER = Path("proposals") / "cases"
WIDTH, MOST_NAME, MOST_WORDS = 98, 190, 88
SIDES = {
    "true": "holds, and the answer hangs on it",
    "false": "alone fails",
    "holds": "just holds",
    "fails": "just fails",
}
DEFAULTS: Mapping[str, object] = {
    "access": "line-1", "visit": 1, "purpose": "treatment", "supplied_by": "provider",
    "line_of_business": "unknown", "provider_type": "unknown", "units": 1,
}  # fmt: skip
HEAD = """\
# Proposed cases: they count for nothing until a person has approved them. Each shows something
# that no other case shows; what it expects is what the rules say now, which may be wrong.
# Read each against its sources. To approve one, delete its line `awaits: approval` (and better,
# move it to the cases of its layer, under a name that says what is different in it); else delete
# the case.
"""


def written(found: Generated, sights: Sights, plans: Plans) -> dict[str, tuple[str, int]]:
    """The text of each file of proposals and how many cases it holds, by the file's name."""
    files: dict[str, list[dict[str, Any]]] = {}
    names: set[str] = set()
    for proposal in found.proposals:
        place = proposal.keys[0][0]
        name = Path(place[0]).with_suffix("").parts[-2:]
        cases = [_proposed(proposal, sights, plans, names)]
        near = _near(proposal, sights, plans, names)
        if near is not None:
            cases.append(near)
        files.setdefault("-".join(name) + ".yaml", []).extend(c for c in cases if c is not None)
    return {
        name: (HEAD + "\n" + "\n".join(map(_text, cases)), len(cases))
        for name, cases in sorted(files.items())
        if cases
    }


def require_none(policies: Path) -> None:
    """Raises UsageError where a policy folder holds proposals already."""
    there = next((policies / FOLDER).glob("*.yaml"), None)
    if there is not None:
        raise UsageError(
            f"`{there}` is there already; approve, move or delete its cases first, or --force "
            "writes over it"
        )


def write(files: Mapping[str, tuple[str, int]], policies: Path) -> list[Path]:
    """Write the files below a policy folder. Raises UsageError for what cannot be written."""
    paths = {policies / FOLDER / name: text for name, (text, _) in files.items()}
    for path, text in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"`{path}` cannot be written: {reason}") from error
    return list(paths)


def sight_words(key: Key, sights: Sights) -> str:
    """What is to be seen, in words: the rule, the condition and its side."""
    place, number, kind = key
    rule, _ = sights.rules[place]
    side, _, border = kind.partition(" ")
    condition = " ".join((border or str(rule.clause.body[number])).split())
    return f"{rule.papers.id}: `{_cut(condition, MOST_WORDS)}` {SIDES[side]}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _proposed(
    proposal: Proposal, sights: Sights, plans: Plans, names: set[str]
) -> dict[str, Any] | None:
    tried = proposal.tried
    rules = {sights.rules[key[0]][0].papers.id for key in proposal.keys}
    shows = "\n".join(f"- {sight_words(key, sights)}" for key in proposal.keys)
    why = f"No other case shows:\n{shows}\nMade from {tried.origin}."
    if tried.base:
        why += f" Its near miss is {tried.base}."
    name = sight_words(proposal.keys[0], sights)
    return _case(name, tried.plan, tried.switches, tried.encounter, rules, why, plans, names)


def _near(
    proposal: Proposal, sights: Sights, plans: Plans, names: set[str]
) -> dict[str, Any] | None:
    if proposal.near is None:
        return None
    change, encounter = proposal.near
    tried = proposal.tried
    name = f"Near miss ({change}) of {sight_words(proposal.keys[0], sights)}"
    rule = sights.rules[proposal.keys[0][0]][0].papers.id
    why = "It does not show what the case before it shows."
    return _case(name, tried.plan, tried.switches, encounter, {rule}, why, plans, names)


def _case(
    name: str,
    plan: str,
    switches: Switches,
    encounter: Encounter,
    rules: Iterable[str],
    why: str,
    plans: Plans,
    names: set[str],
) -> dict[str, Any] | None:
    """A case that passes as it is written; None where its answer cannot be told in a case."""
    result = run_case(Case(name, "", 0, plan, encounter, switches), plans)
    known = sorted(set(rules) & plans.rules(plan))
    fires = [rule for rule in known if rule in result.fired]
    silent = [rule for rule in known if rule not in result.fired]
    data: dict[str, Any] = {
        "name": _named(name, names),
        AWAITS: APPROVAL,
        "policy": plan,
        "switches": dict(switches),
        "encounter": _short(encounter),
        "expect": _expected(encounter, result.solution, result.judged),
        "fires": fires,
        "silent": silent,
        "why": why,
    }
    data = {key: value for key, value in data.items() if value not in ({}, [], "")}
    return data if _passes(data, plans) else None


def one_case(
    name: str, plan: str, switches: Switches, encounter: Encounter, why: str, plans: Plans
) -> str:
    """One proposed case as a file. Raises UsageError where its answer cannot be told in one."""
    case = _case(name, plan, switches, encounter, (), why, plans, set())
    if case is None:
        raise UsageError("what the rules say of this encounter cannot be told in a case")
    return f"{HEAD}\n{_text(case)}"


def _named(name: str, names: set[str]) -> str:
    """The name, fit for a case and used once."""
    base = re.sub(r"[^\x20-\x7e]", "?", _cut(name, MOST_NAME - 6))
    found, number = base, 2
    while found in names:
        found, number = f"{base} ({number})", number + 1
    names.add(found)
    return found


def _short(encounter: Encounter) -> dict[str, Any]:
    """The document without what goes without saying."""
    data = encounter_to_data(encounter)
    short = {key: value for key, value in data.items() if key != "id" and not _usual(key, value)}
    for key in ("administrations", "services", "claim_lines"):
        if key in short:
            short[key] = [
                {k: v for k, v in item.items() if not _usual(k, v)} for item in short[key]
            ]
    if all(set(access) == {"id"} for access in short.get("accesses", ())):
        short.pop("accesses", None)
    try:
        again = encounter_from_data({"id": encounter.id, **short})
    except InfucodeError:
        return data
    return short if encounter_to_data(again) == data or _same(again, encounter) else data


def _usual(key: str, value: object) -> bool:
    return DEFAULTS.get(key) == value


def _same(one: Encounter, other: Encounter) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("administrations", "services", "claim_lines", "primary_reason")
    )


def _expected(encounter: Encounter, solution: Solution, judged: Judged | None) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    if encounter.administrations or encounter.services or judged is None:
        expected = _coding(solution)
    if judged is not None:
        checked = judged.checked
        expected["check"] = {
            "outcome": checked.outcome,
            "lines": {line.line: line.state for line in checked.lines},
            "violations": [
                {"rule": v.rule, "severity": v.severity, "lines": list(v.lines)}
                for v in checked.violations
                if v.severity in ("deny", "review")
            ],
        }
    return expected


def _coding(solution: Solution) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    if solution.outcome != "coded":
        expected["outcome"] = solution.outcome
    sets = solution.code_sets
    if solution.outcome == "ambiguous":
        expected["code_sets"] = [{"lines": _lines(one)} for one in sets]
    else:
        expected["lines"] = _lines(sets[0]) if sets else []
    rows = [*solution.not_reported, *(n for s in sets for n in s.not_reported)]
    told = dict.fromkeys((n.administration, n.service, n.rule) for n in rows)
    expected["not_reported"] = [
        {"administration": who, "rule": rule} if who else {"service": service, "rule": rule}
        for who, service, rule in told
    ]
    asks = dict.fromkeys((ask.administration, ask.fact) for ask in solution.asks)
    expected["asks"] = [
        {**({"administration": who} if who else {}), "fact": fact} for who, fact in asks
    ]
    return expected


def _lines(found: CodeSet) -> list[dict[str, Any]]:
    total: dict[tuple[str, tuple[str, ...]], int] = {}
    for line in found.lines:
        key = line.code, line.modifiers
        total[key] = total.get(key, 0) + line.units
    return [
        {"code": code, "units": units, "modifiers": list(marks)}
        for (code, marks), units in total.items()
    ]


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they stand."""


def _words(dumper: yaml.SafeDumper, text: str) -> yaml.nodes.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _words)


def _text(case: Mapping[str, Any]) -> str:
    return yaml.dump(
        [dict(case)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH,
        default_flow_style=None,
    )  # fmt: skip


def _passes(case: Mapping[str, Any], plans: Plans) -> bool:
    """Whether the case, read from its text, holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.yaml"
        path.write_text(_text(case), encoding="utf-8")
        try:
            (found,) = read_cases(path, "proposed", plans, awaiting=True)
        except InfucodeError:
            return False
    return run_case(found, plans).passed


def unreached_words(found: Generated, sights: Sights) -> Iterator[str]:
    """What was not reached, a line each."""
    for key in found.unreached:
        place = key[0]
        yield f"{place[0]}:{place[1]} {sight_words(key, sights)}"
