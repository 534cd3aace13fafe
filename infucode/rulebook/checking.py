"""What must hold of a plan as a whole: its rules, its settings, and both together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from infucode.errors import Problem, named
from infucode.rulebook import checks, checks_papers, checks_shape
from infucode.rulebook.library import Library, outcome_signatures
from infucode.rulebook.nearest import nearest
from infucode.rulebook.rules import exception_problems, weave
from infucode.rulebook.settings import (
    Layer,
    Profile,
    Setting,
    SourceDocument,
    unanswered,
)
from infucode.rulebook.strata import strata_problems
from infucode.rulebook.switches import whole
from infucode.rulebook.types import Typing, infer
from infucode.rulebook.vocabulary import Type


def check_plan(library: Library, problems: list[Problem]) -> Typing:
    """The types of all predicates; what is wrong with the plan is added to `problems`."""
    rules, vocabulary, types = library.rules, library.vocabulary, library.typing.settings
    sources, profile, values = library.sources, library.profile, library.values
    settings = (*values.values, *profile.settings)
    for rule in rules:
        problems.extend(named("number-in-rule", checks_shape.number_problems(rule)))
        problems.extend(named("unkeyed-sum", checks_shape.key_problems(rule)))
        problems.extend(named("empty-minimum", checks_shape.minimum_problems(rule)))
    declared = {s: p.types for s, p in vocabulary.items() if p.kind != "setting"}
    if problems:
        return Typing({}, types)
    typing = infer([rule.clause for rule in rules], declared, types)
    outcomes = outcome_signatures(vocabulary)
    found = {
        "predicate": [
            *checks.unread_problems(rules, vocabulary),
            *_undefined_problems(library),
        ],
        "derived-input": checks.kind_problems(rules, vocabulary),
        "outcome-id": checks.outcome_id_problems(rules, vocabulary),
        "outcome-read": checks.outcome_read_problems(rules, vocabulary),
        "setting": checks.setting_problems(rules, typing),
        "argument-type": checks.typing_problems(rules, typing),
        "rule-id": checks_papers.id_problems(rules),
        "citation": [
            *checks_papers.citation_problems(rules, sources),
            *_citation_problems(settings, sources),
            *_notice_problems(profile, sources),
        ],
        "message": checks_papers.message_problems(rules, vocabulary),
        "exception": exception_problems(rules, outcomes),
        "force-dates": _day_problems(profile, values),
        "setting-value": _value_problems(settings, types),
    }
    for check, its in found.items():
        problems.extend(named(check, its))
    if not problems:
        problems.extend(named("recursion", strata_problems(weave(rules, outcomes))))
    return typing


def _undefined_problems(library: Library) -> Iterator[Problem]:
    """Of each version what its own layers read and nothing defines."""
    for version in library.profile.versions:
        own = [rule for rule in library.rules if rule.layer in version.layers]
        yield from checks.undefined_problems(own, library.vocabulary)


def _citation_problems(
    settings: Sequence[Setting], sources: Mapping[str, SourceDocument]
) -> list[Problem]:
    return [
        _uncited(s.file, s.name, key, sources)
        for s in settings
        for key in checks_papers.cited(s.cite)
        if key not in sources
    ]


def _notice_problems(profile: Profile, sources: Mapping[str, SourceDocument]) -> list[Problem]:
    file = profile.file
    return [
        _uncited(file, notice.rule, key, sources)
        for notice in profile.notices.values()
        for key in checks_papers.cited(notice.cite)
        if key not in sources
    ]


def _uncited(file: str, name: str, key: str, sources: Mapping[str, SourceDocument]) -> Problem:
    help = nearest(key, tuple(sources)) or f"add `[{key}]` to sources.toml"
    return Problem(file, 0, 0, f"`{name}` cites `{key}`, which is not in sources.toml", help)


def _day_problems(profile: Profile, values: Layer) -> list[Problem]:
    """Values that hold no or several numbers on some day, or share a switch's name."""
    files = {value.name: value.file for value in values.values}
    answered = {setting.name for setting in profile.settings}
    twice = [
        Problem(
            files[name],
            0,
            0,
            f"`{name}` is a switch and a value",
            "rename the value of the layer",
        )
        for name in files
        if name in answered
    ]
    return twice + [
        Problem(
            files[name],
            0,
            0,
            f"value `{name}` has {number} answers on {day}",
            "each day needs exactly one",
        )
        for name, day, number in unanswered(profile.versions, values.values)
    ]


def _value_problems(settings: Sequence[Setting], types: Mapping[str, Type]) -> list[Problem]:
    return [
        Problem(
            s.file,
            0,
            0,
            f"`{s.name}` is `{s.value}`, which is not a whole number of its range",
            f"write a number of {types[s.name].name}",
        )
        for s in settings
        if s.name in types
        and types[s.name].sort == "number"
        and whole(s.value, types[s.name].name) is None
    ]
