"""What the TOML files of a folder say, as far as they can be read: sources, switches, answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from infucode.errors import PolicyError, Problem
from infucode.rulebook.layers import read_layer
from infucode.rulebook.library import plans
from infucode.rulebook.profiles import read_profile
from infucode.rulebook.settings import Layer, Profile, Setting, SourceDocument, Switch
from infucode.rulebook.switches import read_sources, read_switches
from infucode.workbench.clauses import FILE, Clause, read_clauses
from infucode.workbench.lint.configuring import Config, read_config

T = TypeVar("T")


@dataclass(slots=True)
class Settled:
    """The last readable state of each file: one that is broken now says what it said before."""

    sources: dict[str, SourceDocument] = field(default_factory=dict)
    switches: dict[str, Switch] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)
    config: Config = field(default_factory=lambda: Config(""))

    def read(self, root: Path) -> None:
        """Read the files anew; what cannot be read stays as it was."""

        def named(relative: str) -> tuple[Path, str]:
            return root / relative, f"{root.name}/{relative}"

        none: list[Problem] = []
        self.sources = _try(lambda: read_sources(*named("sources.toml"), none), self.sources)
        self.switches = _try(lambda: read_switches(*named("switches.toml"), none), self.switches)
        self.clauses = _try(
            lambda: read_clauses(root).clauses if (root / FILE).is_file() else {}, self.clauses
        )
        self.config = _try(lambda: read_config(root), self.config)
        known = plans(root)
        self.profiles = {plan: p for plan, p in self.profiles.items() if plan in known}
        for plan in known:
            path, name = named(f"{plan}/profile.toml")
            read: Callable[[], Profile | None] = partial(
                read_profile, path, name, self.switches, none
            )
            profile = _try(read, self.profiles.get(plan))
            if profile is not None:
                self.profiles[plan] = profile
        for layer in dict.fromkeys(name for p in self.profiles.values() for name in p.layers):
            path, name = named(f"{layer}/layer.toml")
            if path.is_file():
                before = self.layers.get(layer, Layer((), {}, ()))
                self.layers[layer] = _try(partial(read_layer, path, name, none), before)

    def values(self, plan: str) -> Layer:
        """The values of all layers of a plan as one."""
        profile = self.profiles.get(plan)
        found = [self.layers[n] for n in (profile.layers if profile else ()) if n in self.layers]
        return Layer(
            tuple(value for layer in found for value in layer.values),
            {name: kind for layer in found for name, kind in layer.types.items()},
            tuple(step for layer in found for step in layer.steps),
        )

    def plan_of(self, layer: str) -> str | None:
        """The first plan that a layer belongs to."""
        return next((n for n, p in self.profiles.items() if layer in p.layers), None)

    def names(self) -> dict[str, str]:
        """Every switch and value by name, each with what reads it: `reading` or `value`."""
        found = {
            name: "reading" if switch.type.sort == "word" else "value"
            for name, switch in self.switches.items()
        }
        for layer in self.layers.values():
            for name in layer.types:
                found.setdefault(name, "value")
        return found

    def answers(self, name: str) -> Iterator[tuple[str, Setting]]:
        """What each plan answers to a switch, or each layer to a value, by its folder's name."""
        for plan, profile in self.profiles.items():
            yield from ((plan, s) for s in profile.settings if s.name == name)
        for layer, its in self.layers.items():
            yield from ((layer, s) for s in its.values if s.name == name)


def _try(read: Callable[[], T], before: T) -> T:
    try:
        return read()
    except PolicyError:
        return before
