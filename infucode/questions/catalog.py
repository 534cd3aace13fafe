"""`rules`: what the rulebook holds, as values to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Date

from infucode.policy import Policy
from infucode.render.rules_view import RuleDetail, RuleRow
from infucode.render.rules_view import Setting as Shown
from infucode.rulebook.checks_papers import cited
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Setting
from infucode.rulebook.types import SETTINGS


def rule_rows(policy: Policy, day: Date | None, find: str | None) -> list[RuleRow]:
    """One row for each rule id, in the order of the files; those in force if a day is given."""
    rows: dict[str, RuleRow] = {}
    for rule in policy.library.rules:
        papers = rule.papers
        if day is not None and not papers.in_force(day):
            continue
        text = " ".join((papers.id, papers.text, papers.cite, ",".join(papers.clauses)))
        if find is None or find.casefold() in text.casefold():
            rows.setdefault(papers.id, RuleRow(papers.id, papers.text, rule.layer, papers.cite))
    return list(rows.values())


def rule_detail(policy: Policy, id: str, day: Date | None) -> RuleDetail:
    """Everything about one rule id. Raises UsageError with the nearest id if there is none."""
    rules = policy.rule(id)
    papers = rules[0].papers
    sources = [policy.library.sources[key] for key in dict.fromkeys(cited(papers.cite))]
    return RuleDetail(
        id,
        papers.text,
        papers.says,
        papers.cite,
        "; ".join(f"{source.title} ({source.version})" for source in sources),
        " ; ".join(source.url for source in sources),
        rules[0].place,
        _body(rules),
        papers.since,
        papers.until,
        tuple(beats.rule for beats in papers.beats),
        _beaten_by(policy, id),
        tuple(_settings(policy, rules, day, words=True)),
        tuple(_settings(policy, rules, day, words=False)),
    )


def _body(rules: list[Rule]) -> str:
    """The rules under an id as they stand in the file."""
    source = rules[0].source
    first, last = rules[0].line, max(rule.clause.end for rule in rules)
    return "\n".join(source.lines[first - 1 : last])


def _beaten_by(policy: Policy, id: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            rule.papers.id
            for rule in policy.library.rules
            if any(beats.rule == id for beats in rule.papers.beats)
        )
    )


def _settings(
    policy: Policy, rules: list[Rule], day: Date | None, *, words: bool
) -> Iterator[Shown]:
    names = dict.fromkeys(
        atom.terms[0].text
        for rule in rules
        for atom in rule.clause.atoms()
        if atom.signature in SETTINGS and (atom.name == "reading") == words
    )
    chosen = day or policy.library.profile.versions[-1].since
    known: dict[str, Setting] = {
        s.name: s
        for s in (*policy.library.values.values, *policy.library.profile.settings)
        if s.in_force(chosen)
    }
    for name in (name for name in names if name in known):
        setting = known[name]
        yield Shown(name, setting.value, setting.basis, setting.cite)


def rule_data(detail: RuleDetail) -> dict[str, object]:
    """A rule as JSON data."""

    def plain(settings: tuple[Shown, ...]) -> list[dict[str, str]]:
        return [
            {"name": s.name, "value": s.value, "basis": s.basis, "cite": s.cite} for s in settings
        ]

    return {
        "id": detail.id,
        "text": detail.text,
        "says": detail.says,
        "cite": detail.cite,
        "source": {"title": detail.source_title, "url": detail.source_url},
        "place": detail.place,
        "from": str(detail.from_date) if detail.from_date else None,
        "until": str(detail.until_date) if detail.until_date else None,
        "beats": list(detail.beats),
        "beaten_by": list(detail.beaten_by),
        "readings": plain(detail.readings),
        "values": plain(detail.values),
        "body": detail.body,
    }


def plan_lines(policy: Policy) -> Iterator[str]:
    """A plan's versions and its answers to every switch."""
    profile = policy.library.profile
    yield f"{profile.id}: {profile.title}"
    for version in profile.versions:
        until = f" until {version.until}" if version.until else ""
        late = (
            f", a later text was announced for {version.superseded}" if version.superseded else ""
        )
        yield f"  version {version.name} from {version.since}{until}{late}"
        yield f"  layers {', '.join(version.layers)}"
    width = max(len(setting.name) for setting in profile.settings)
    for setting in profile.settings:
        others = [v for v in policy.library.switches[setting.name].values if v != setting.value]
        yield (
            f"  {setting.name:<{width}}  {setting.value} ({setting.basis}; "
            f"or {', '.join(others)})  [{setting.cite}]"
        )
