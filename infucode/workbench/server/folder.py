"""A policy folder in an editor: its texts as they stand there, read as far as they can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import Problem
from infucode.rulebook.language import Signature
from infucode.rulebook.library import Library
from infucode.rulebook.reading import RuleFile
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import types_of
from infucode.rulebook.types import Typing, infer
from infucode.rulebook.vocabulary import Predicate, read_vocabulary
from infucode.workbench.remembered import Remembered
from infucode.workbench.server.mirror import Mirror
from infucode.workbench.server.settled import Settled

VOCABULARY = "vocabulary.lp"


@dataclass(slots=True)
class RuleText:
    """One `.lp` file: as it is now, and as it was when it could last be parsed."""

    now: RuleFile
    good: RuleFile
    text: str
    """Of the last good state."""


def folder_of(path: Path) -> Path | None:
    """The policy folder that a file lies in: the nearest one above it with a vocabulary."""
    return next((up for up in path.parents if (up / VOCABULARY).is_file()), None)


class Folder:
    """The state of one policy folder. Files are named by their path below it, with slashes."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root, root.name
        self.mirror = Mirror(root)
        self.known = Remembered()
        self.settled = Settled()
        self.files: dict[str, RuleText] = {}
        self.vocabulary: dict[Signature, Predicate] = {}
        self.typings: dict[str, Typing] = {}
        """The types of all predicates by plan, as they were inferred last."""
        self.settled.read(self.mirror.root)
        for name in self.mirror.names(".lp"):
            self._read(name)
        self._infer_all()

    def take(self, name: str) -> None:
        """Read one file anew whose text may have changed, or that is gone."""
        if name.endswith(".toml"):
            self.settled.read(self.mirror.root)
            self._infer_all()
        elif name.endswith(".lp"):
            if (self.mirror.root / name).is_file():
                self._read(name)
            else:
                self.files.pop(name, None)
            if name == VOCABULARY:
                self._infer_all()

    def _infer_all(self) -> None:
        for plan in self.settled.profiles:
            self.infer(plan)

    def _read(self, name: str) -> None:
        now = self.known.read(
            self.mirror.root / name, f"{self.name}/{name}", layer_of(name)
        )
        before = self.files.get(name)
        if now.parsed is not None:
            self.files[name] = RuleText(now, now, self.mirror.text(name))
            if name == VOCABULARY:
                none: list[Problem] = []
                self.vocabulary = read_vocabulary(now.parsed, none)
        elif before is not None:
            self.files[name] = RuleText(now, before.good, before.text)
        else:
            self.files[name] = RuleText(now, now, "")

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule of every layer, as it was when its file could last be parsed."""
        for name, file in self.files.items():
            for rule in file.good.rules:
                yield name, rule

    def rules_of(self, plan: str) -> tuple[Rule, ...]:
        """The rules of the layers of a plan, by file and line."""
        layers = set(self.settled.profiles[plan].layers)
        return tuple(
            rule
            for name, file in sorted(self.files.items())
            if layer_of(name) in layers
            for rule in file.good.rules
        )

    def library(self, plan: str, rules: tuple[Rule, ...]) -> Library:
        """A plan with some of its rules; what the plan's files say otherwise is all there."""
        settled, values = self.settled, self.settled.values(plan)
        types = types_of(values, settled.switches)
        typing = self.typings.get(plan, Typing({}, types))
        return Library(
            self.mirror.root, self.vocabulary, settled.sources, settled.switches,
            settled.profiles[plan], values, rules, Typing(typing.predicates, types), {}, "",
        )  # fmt: skip

    def infer(self, plan: str) -> None:
        """Infer the types of all predicates of a plan from its rules."""
        declared = {s: p.types for s, p in self.vocabulary.items() if p.kind != "setting"}
        types = types_of(self.settled.values(plan), self.settled.switches)
        clauses = [rule.clause for rule in self.rules_of(plan)]
        self.typings[plan] = infer(clauses, declared, types)

    def now_line(self, name: str, line: int) -> int:
        """Where a line (1-based) of the last good state of a file stands in its text now."""
        file = self.files.get(name)
        if file is None or file.now is file.good:
            return line
        return moved(file.text.split("\n"), self.mirror.text(name).split("\n"), line) or line


def moved(old: list[str], new: list[str], line: int) -> int | None:
    """Where a line (1-based) of an old text stands in a new one; None if it was changed."""
    top = 0
    while top < min(len(old), len(new)) and old[top] == new[top]:
        top += 1
    if line <= top:
        return line
    end = 0
    while end < min(len(old), len(new)) - top and old[-1 - end] == new[-1 - end]:
        end += 1
    return line + len(new) - len(old) if line > len(old) - end else None


def layer_of(name: str) -> str:
    """The layer of a rule file; none for those of the folder itself."""
    first, slash, _ = name.partition("/")
    return first if slash else ""


