"""docs/reference/switches.md: what each settles, what its values do, who answers what."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from infucode.documents import encounter_from_data
from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Line
from infucode.policy import Policy, Solved
from infucode.questions.check import Judged
from infucode.rulebook.settings import Switch
from infucode.workbench.clauses import ClauseMap, read_clauses
from tests.docs.page_parts import PLAN_NAMES, anchored, head, joined, sentence, table
from tests.docs.pages_rules import entries, read_of

WORDS = Path(__file__).with_name("words") / "switches.toml"
EXAMPLES = Path(__file__).with_name("words") / "switch-examples.yaml"
BASIS = {
    "stated": "stated: the source says so",
    "read": "read: our reading of the source",
    "stand_in": "stand-in: the source is silent",
}
MOST_SETS = 3
SHARED = {
    "id": "example",
    "claim": "facility",
    "place_of_service": "22",
    "date": "2024-08-05",
}

Data = dict[str, Any]
Answer = Solved | Judged


@lru_cache(maxsize=1)
def words() -> Data:
    """Of each switch the conflict, the clauses and what each value does."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def examples() -> Data:
    """Of each switch a visit on which its values differ."""
    return dict(yaml.safe_load(EXAMPLES.read_text(encoding="utf-8")))


def example(name: str) -> tuple[Encounter, dict[str, str]]:
    """The visit of a switch, and what other switches are set to for it."""
    data: Data = {k: v for k, v in examples()[name].items() if k not in ("with", "plan")}
    return encounter_from_data({**SHARED, **data}), dict(examples()[name].get("with", {}))


@cache
def answers(policy: Policy, switch: Switch) -> dict[str, Answer]:
    """What each value of a switch makes of its example: its codes, or what its claim is worth."""
    encounter, others = example(switch.name)
    ask = policy.check if encounter.claim_lines else policy.solve
    return {
        value: ask(encounter, switches={**others, switch.name: value}) for value in switch.values
    }


def told(solved: Answer) -> str:
    """An answer in one line of a table."""
    if isinstance(solved, Judged):
        states = [f"{line.line} {line.state}" for line in solved.checked.lines]
        return f"{solved.outcome}: {', '.join(states)}"
    solution = solved.solution
    sets = [_claim(code_set) for code_set in solved.code_sets]
    if len(sets) > MOST_SETS:
        sets = [*sets[:MOST_SETS], f"{len(sets) - MOST_SETS} more"]
    parts = ["; or ".join(sets)]
    if solution.outcome == "blocked":
        lines = any(code_set.lines for code_set in solved.code_sets)
        parts = [f"blocked: {sets[0]}" if lines else "blocked"]
    asked = sorted({ask.fact.replace("_", " ") for ask in solution.asks})
    if asked:
        parts.append(f"asks: {', '.join(asked)}")
    return "; ".join(parts)


def told_apart(solved: Mapping[str, Answer]) -> dict[str, str]:
    """The answers in a line each; a warning is named where nothing else tells two apart."""
    lines = {value: told(answer) for value, answer in solved.items()}
    return {
        value: text + "; with a warning"
        if list(lines.values()).count(text) > 1 and _warns(solved[value])
        else text
        for value, text in lines.items()
    }


def _warns(answer: Answer) -> bool:
    return isinstance(answer, Solved) and bool(answer.solution.warnings)


def _claim(code_set: CodeSet) -> str:
    return ", ".join(_line(line, code_set.lines) for line in code_set.lines) or "no line"


def _line(line: Line, beside: Iterable[Line]) -> str:
    text = "-".join((line.code, *line.modifiers))
    if line.units > 1:
        text += f" × {line.units}"
    if len({other.date for other in beside}) > 1:
        text += f" on {line.date}"
    return text + (f" at {line.charge}" if line.charge is not None else "")


def document(name: str) -> Iterator[str]:
    """The example of a switch as an encounter document."""
    data = {k: v for k, v in examples()[name].items() if k not in ("with", "plan")}
    data |= {"switches": examples()[name]["with"]} if "with" in examples()[name] else {}
    for key, value in {**SHARED, **data}.items():
        if isinstance(value, list):
            yield f"{key}:" if value else f"{key}: []"
            yield from (f"  - {_flow(item)}" for item in value)
        else:
            yield f"{key}: {_flow(value)}"


def _flow(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("...\n").strip()


def switches_page(policies: Sequence[Policy]) -> str:
    """The page. Raises KeyError where a switch or value has no words."""
    switches = policies[0].library.switches
    known = read_clauses(policies[0].library.folder)
    readers: dict[str, list[str]] = {}
    for id, entry in entries(policies).items():
        for name in read_of(entry.rules, "reading"):
            readers.setdefault(name, []).append(id)
    made = "`policies/switches.toml`, the profiles of the plans and `tests/docs/words`"
    lines = [*head("Switches", made), *_introduction(policies, switches)]
    for switch in switches.values():
        lines += _section(switch, policies, known, readers.get(switch.name, []))
    return joined(lines)


def _introduction(policies: Sequence[Policy], switches: Mapping[str, Switch]) -> Iterator[str]:
    first = PLAN_NAMES[policies[0].library.profile.id]
    yield "Where sources disagree or are silent, the answer is a switch, and each plan gives one."
    yield "The basis of an answer is one of three."
    yield ""
    yield "- **stated**: the plan's source says so."
    yield "- **read**: it is our reading of what the source says."
    yield "- **stand-in**: the source is silent. A line that another answer would change says so."
    yield ""
    yield "`--switch NAME=VALUE` sets another answer for one run, and the answer shows it."
    yield "`--strict` lists the code sets of other answers to stand-ins beside the plan's own."
    yield "Each switch has an example, a whole encounter document."
    yield f"Its answers are those of {first}; they are computed with this page."
    yield ""
    names = [policy.library.profile.id for policy in policies]
    columns = ["switch", *(PLAN_NAMES[name] for name in names)]
    yield from table(
        columns,
        (
            [f"[`{name}`](#{name})", *(_short(policy, name) for policy in policies)]
            for name in switches
        ),
    )


def _answer(policy: Policy, name: str) -> tuple[str, str, str]:
    own = [s for s in policy.library.profile.settings if s.name == name]
    return (
        " / ".join(s.value for s in own),
        " / ".join(s.basis for s in own),
        " / ".join(s.cite for s in own),
    )


def _short(policy: Policy, name: str) -> str:
    value, basis, _ = _answer(policy, name)
    return f"`{value}` ({basis.replace('_', '-')})"


def _section(
    switch: Switch, policies: Sequence[Policy], known: ClauseMap, readers: list[str]
) -> Iterator[str]:
    said = words()[switch.name]
    yield from anchored(2, f"`{switch.name}`", switch.name)
    yield sentence(switch.text)
    yield said["conflict"]
    yield ""
    solved = told_apart(answers(policies[0], switch))
    yield from table(
        ["value", "what it does", "the example becomes"],
        ([f"`{v}`", said["values"][v], solved[v]] for v in switch.values),
    )
    yield "The example:"
    yield ""
    yield from ("```yaml", *document(switch.name), "```", "")
    yield from table(
        ["plan", "answer", "basis", "source"],
        (
            [PLAN_NAMES[policy.library.profile.id], f"`{value}`", BASIS.get(basis, basis), cite]
            for policy in policies
            for value, basis, cite in [_answer(policy, switch.name)]
        ),
    )
    gists = "; ".join(f"{id}, {known.clauses[id].gist.rstrip('.')}" for id in said["clauses"])
    yield f"Settles: {gists} (see [clauses.md](clauses.md))."
    yield f"Read by: {', '.join(f'[`{id}`](rules.md#{id})' for id in readers)}."
    yield ""
