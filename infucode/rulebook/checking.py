"""What must hold of a plan as a whole: its rules, its settings, and both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from infucode.errors import Problem
from infucode.rulebook import checks
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
        problems.extend(checks.shape_problems(rule))
    declared = {s: p.types for s, p in vocabulary.items() if p.kind != "setting"}
    if problems:
        return Typing({}, types)
    typing = infer([rule.clause for rule in rules], declared, types)
    problems.extend(checks.predicate_problems(rules, vocabulary))
    for version in profile.versions:
        own = [rule for rule in rules if rule.layer in version.layers]
        problems.extend(checks.undefined_problems(own, vocabulary))
    problems.extend(checks.setting_problems(rules, typing))
    problems.extend(checks.typing_problems(rules, typing))
    problems.extend(checks.paper_problems(rules, sources, vocabulary))
    problems.extend(exception_problems(rules, outcome_signatures(vocabulary)))
    problems.extend(_citation_problems(settings, sources))
    problems.extend(_notice_problems(profile, sources))
    problems.extend(_day_problems(profile, values))
    problems.extend(_value_problems(settings, types))
    if not problems:
        problems.extend(strata_problems(weave(rules, outcome_signatures(vocabulary))))
    return typing


def _citation_problems(
    settings: Sequence[Setting], sources: Mapping[str, SourceDocument]
) -> list[Problem]:
    return [
        _uncited(s.file, s.name, key, sources)
        for s in settings
        for key in checks.cited(s.cite)
        if key not in sources
    ]


def _notice_problems(profile: Profile, sources: Mapping[str, SourceDocument]) -> list[Problem]:
    file = profile.file
    return [
        _uncited(file, notice.rule, key, sources)
        for notice in profile.notices.values()
        for key in checks.cited(notice.cite)
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
