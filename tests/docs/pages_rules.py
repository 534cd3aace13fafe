"""docs/reference/rules.md: every rule of every plan, from its papers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.policy import Policy
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS
from tests.docs.page_parts import PLAN_NAMES, anchored, contents, head, joined, listed, sentence

TOPICS = Path(__file__).with_name("words") / "topics.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """All rules under one id, with the plans that hold it."""

    rules: tuple[Rule, ...]
    plans: tuple[str, ...]

    @property
    def file(self) -> str:
        """`layer/name.lp`."""
        return "/".join(Path(self.rules[0].source.name).parts[-2:])


def topics() -> dict[str, list[str]]:
    """Of each topic the files, in reading order."""
    data = tomllib.loads(TOPICS.read_text(encoding="utf-8"))
    return {row["title"]: list(row["files"]) for row in data["topic"]}


def entries(policies: Sequence[Policy]) -> dict[str, Entry]:
    """Each rule id with its rules and plans, in the order of the files."""
    rules: dict[str, list[Rule]] = {}
    plans: dict[str, list[str]] = {}
    for policy in policies:
        plan = policy.library.profile.id
        for rule in policy.library.rules:
            known = plans.setdefault(rule.papers.id, [])
            if plan not in known:
                known.append(plan)
            if known[0] == plan:
                rules.setdefault(rule.papers.id, []).append(rule)
    return {id: Entry(tuple(rules[id]), tuple(plans[id])) for id in rules}


def files(policies: Sequence[Policy]) -> set[str]:
    """Every file that holds rules, as `layer/name.lp`."""
    return {entry.file for entry in entries(policies).values()}


def rules_page(policies: Sequence[Policy]) -> str:
    """The page. Raises KeyError where a file of rules stands in no topic."""
    found = entries(policies)
    by_file: dict[str, list[str]] = {}
    for id, entry in found.items():
        by_file.setdefault(entry.file, []).append(id)
    beaten = _beaten_by(found)
    lines = head("Rules", "the papers of the rules in `policies/`")
    lines += _introduction(policies, found)
    lines += ["## Contents", "", *contents((t, _slug(t)) for t in topics())]
    for title, names in topics().items():
        lines += anchored(2, title, _slug(title))
        for name in names:
            lines += _file(name, [(id, found[id]) for id in by_file.pop(name)], beaten, policies)
    if by_file:
        raise KeyError(f"in no topic of {TOPICS.name}: {', '.join(sorted(by_file))}")
    return joined(lines)


def _introduction(policies: Sequence[Policy], found: Mapping[str, Entry]) -> Iterator[str]:
    yield f"{len(found)} rule ids."
    for policy in policies:
        profile = policy.library.profile
        own = sum(profile.id in entry.plans for entry in found.values())
        versions = ", ".join(f"version {v.name} from {v.since}" for v in profile.versions)
        yield f"{PLAN_NAMES[profile.id]} holds {own} of them ({versions})."
    yield from (
        "A rule is in force on every day of its plan unless dates stand beside it.",
        "*Sets aside* names the rules that it is an exception to; where both hold, it wins.",
        "A citation is a key of `policies/sources.toml` and the place in that document.",
        "What a switch is stands in [switches.md](switches.md);"
        " which statement of the sources a rule covers, in [clauses.md](clauses.md).",
        "`infucode rules show ID` prints one rule with its logic.",
        "",
    )


def _file(
    name: str,
    own: Iterable[tuple[str, Entry]],
    beaten: Mapping[str, list[str]],
    policies: Sequence[Policy],
) -> Iterator[str]:
    own = list(own)
    yield f"### {_about(own[0][1].rules[0])}"
    yield ""
    yield f"`policies/{name}`"
    yield ""
    for id, entry in own:
        yield from _entry(id, entry, beaten.get(id, []), len(policies))


def _entry(id: str, entry: Entry, beaten_by: list[str], plans: int) -> Iterator[str]:
    papers = entry.rules[0].papers
    yield f'- <a id="{id}"></a>**`{id}`** {sentence(papers.text)}'
    if papers.says:
        yield f"  - Says: {papers.says}"
    if papers.matters:
        yield f"  - Asks because: {papers.matters}"
    yield f"  - Source: {papers.cite}"
    beats = dict.fromkeys(b.rule for r in entry.rules for b in r.papers.beats)
    if beats:
        yield f"  - Sets aside: {_links(beats)}"
    if beaten_by:
        yield f"  - Set aside by: {_links(beaten_by)}"
    switches = [f"[`{s}`](switches.md#{s})" for s in read_of(entry.rules, "reading")]
    if switches:
        yield f"  - Switches: {', '.join(switches)}"
    values = read_of(entry.rules, "value")
    if values:
        yield f"  - Numbers: {listed(values)}"
    if papers.since or papers.until:
        parts = [f"from {papers.since}"] if papers.since else []
        parts += [f"until {papers.until}"] if papers.until else []
        yield f"  - In force: {' '.join(parts)}"
    if len(entry.plans) < plans:
        yield f"  - Only in: {', '.join(PLAN_NAMES[p] for p in entry.plans)}"


def read_of(rules: Iterable[Rule], kind: str) -> list[str]:
    """The switches (`reading`) or numbers (`value`) that rules read, by name."""
    names = {
        atom.terms[0].text
        for rule in rules
        for atom in rule.clause.atoms()
        if atom.signature in SETTINGS and atom.name == kind
    }
    return sorted(names)


def _links(ids: Iterable[str]) -> str:
    return ", ".join(f"[`{id}`](#{id})" for id in ids)


def _beaten_by(found: Mapping[str, Entry]) -> dict[str, list[str]]:
    beaten: dict[str, list[str]] = {}
    for id, entry in found.items():
        for beats in dict.fromkeys(b.rule for r in entry.rules for b in r.papers.beats):
            beaten.setdefault(beats, []).append(id)
    return beaten


def _about(rule: Rule) -> str:
    """What a file is about: the first sentence of its head."""
    lines = []
    for line in rule.source.lines:
        if not line.startswith("% "):
            break
        lines.append(line[2:].strip())
    text = re.split(r"\s*Gives:", " ".join(lines))[0]
    return re.split(r"(?<=[a-z])\. ", text)[0].rstrip(". ")


def _slug(title: str) -> str:
    return re.sub(r"[^a-z]+", "-", title.lower()).strip("-")
