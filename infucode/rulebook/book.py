"""The rulebook of one day: a plan's version, its settings, and the woven rules in force."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date

from infucode.errors import UsageError
from infucode.rulebook.compact import Plain
from infucode.rulebook.kept import LateRules, WovenRules
from infucode.rulebook.language import Signature
from infucode.rulebook.library import Library, outcome_signatures
from infucode.rulebook.nearest import nearest
from infucode.rulebook.recall import recall_woven, remember_woven
from infucode.rulebook.rules import Rule, weave
from infucode.rulebook.settings import Setting, Version
from infucode.rulebook.vocabulary import Predicate, Type


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What applies on one day. Equal ``digest`` means equal answers."""

    library: Library
    version: Version
    settings: Mapping[str, Setting]
    overrides: tuple[tuple[str, str], ...]
    rules: Sequence[Rule]
    digest: str

    @property
    def vocabulary(self) -> Mapping[Signature, Predicate]:
        return self.library.vocabulary

    def type_of(self, name: str) -> Type:
        """The type of a switch or value."""
        return self.library.typing.settings[name]


class Weaver:
    """Weaves the rules of one library; equal rules in force are woven once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._days: dict[tuple[Version, Date], tuple[Sequence[Rule], str]] = {}
        self._woven: dict[tuple[int, ...], tuple[Sequence[Rule], str]] = {}

    def rules(self, version: Version, day: Date) -> tuple[Sequence[Rule], str]:
        """The rules of a version in force on a day, and a digest of which they are.

        It does not depend on what the folder is called, so that copies give equal answers.
        """
        found = self._days.get((version, day))
        if found is None:
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            found = self._days[version, day] = self._weave(version, day)
        return found

    def _weave(self, version: Version, day: Date) -> tuple[Sequence[Rule], str]:
        layers, all = set(version.layers), self.library.rules
        chosen = (
            all.in_force(layers, day)
            if isinstance(all, LateRules)
            else tuple(
                n
                for n, rule in enumerate(all)
                if rule.layer in layers and rule.papers.in_force(day)
            )
        )
        if chosen not in self._woven:
            kept = recall_woven(self.library, chosen)
            self._woven[chosen] = kept or self._woven_anew(chosen)
        return self._woven[chosen]

    def _woven_anew(self, chosen: tuple[int, ...]) -> tuple[Sequence[Rule], str]:
        outcomes = outcome_signatures(self.library.vocabulary)
        rules = tuple(weave([self.library.rules[n] for n in chosen], outcomes))
        return rules, hashlib.sha256(repr(chosen).encode()).hexdigest()

    def remember(self, rules: Sequence[Rule], order: Callable[[], Plain]) -> None:
        """Keep the order of some woven rules for later runs, unless it was kept before."""
        for chosen, (known, digest) in self._woven.items():
            if known is rules and not isinstance(rules, WovenRules):
                remember_woven(self.library, chosen, rules, digest, order)


MOST_DAYS = 512
"""Days whose rules are remembered at once."""


def rulebook_on(
    library: Library,
    version: Version,
    day: Date,
    overrides: Mapping[str, str],
    weaver: Weaver | None = None,
) -> Rulebook:
    """The rulebook of `version` on `day`. Raises UsageError for a switch or value unknown.

    With one `weaver` for a library, equal rules are one object.
    """
    settings = {
        s.name: s for s in (*library.values.values, *library.profile.settings) if s.in_force(day)
    }
    for name, value in overrides.items():
        settings[name] = _override(library, name, value, settings)
    rules, places = (weaver or Weaver(library)).rules(version, day)
    digest = hashlib.sha256(
        repr(
            (
                library.digest,
                library.profile.id,
                version.name,
                sorted((s.name, s.value) for s in settings.values()),
                places,
            )
        ).encode()
    ).hexdigest()
    return Rulebook(
        library,
        version,
        settings,
        tuple(sorted(overrides.items())),
        rules,
        f"sha256:{digest}",
    )


def _override(
    library: Library, name: str, value: str, settings: Mapping[str, Setting]
) -> Setting:
    switch = library.switches.get(name)
    if switch is None:
        known = tuple(library.switches)
        raise UsageError(
            f"there is no switch `{name}`; "
            + (nearest(name, known) or f"switches: {', '.join(known)}")
        )
    if value not in switch.values:
        raise UsageError(
            f"`{value}` is not a value of switch `{name}`; "
            + (nearest(value, switch.values) or f"values: {', '.join(switch.values)}")
        )
    own = settings.get(name)
    if own is not None and own.value == value:
        return own
    return Setting(name, value, "override", "set for this run", None, None, "--switch")
