"""A policy folder read for one plan: its files parsed, bound to their papers and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from infucode.errors import PolicyError, Problem
from infucode.rulebook.checking import check_plan
from infucode.rulebook.convert import clause_of
from infucode.rulebook.language import Signature
from infucode.rulebook.layers import read_layer
from infucode.rulebook.library import Library
from infucode.rulebook.papers import bind_papers
from infucode.rulebook.parse import ParsedFile, parse_file
from infucode.rulebook.profiles import read_profile
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Layer, Profile, SourceDocument, Switch, types_of
from infucode.rulebook.source import Source
from infucode.rulebook.switches import read_sources, read_switches
from infucode.rulebook.types import Typing
from infucode.rulebook.vocabulary import Predicate, read_vocabulary


def read_plan(folder: Path, plan: str, stamp: str) -> Library:
    """A plan, parsed and checked but for the grounder's checks. Raises PolicyError with all
    problems."""
    problems: list[Problem] = []
    reader = _Reader(folder, problems)
    reader.enter("", folder / "vocabulary.lp")
    sources, switches, profile = reader.settings(plan)
    values = reader.values(profile.layers, f"{plan}/profile.toml")
    for layer in profile.layers:
        for path in sorted((folder / layer).rglob("*.lp")):
            reader.enter(layer, path)
    vocabulary, rules = reader.parsed()
    if problems:
        raise PolicyError(_ordered(problems))
    library = Library(
        folder,
        vocabulary,
        sources,
        switches,
        profile,
        values,
        tuple(rules),
        Typing({}, types_of(values, switches)),
        {str(path): source for path, source in reader.texts.items()},
        reader.hash.hexdigest(),
        stamp,
    )
    typing = check_plan(library, problems)
    if problems:
        raise PolicyError(_ordered(problems))
    return replace(library, typing=typing)


def _ordered(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.message))


class _Reader:
    """Reads the files of one folder, remembers their text, hashes what it read."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.files: list[tuple[str, Path, str]] = []
        """The rule files: layer, none for the vocabulary; path; the name that people see."""
        self.texts: dict[Path, Source] = {}
        self.hash = hashlib.sha256()

    def name(self, relative: str) -> str:
        """The name that people see: the folder's own name and the path below it."""
        return f"{self.folder.name}/{relative}"

    def use(self, relative: str) -> Path:
        """The path of a file that counts for the digest."""
        path = self.folder / relative
        if not path.is_file():
            word = "is not a file" if path.exists() else "is missing"
            help = "every policy folder has it" if word == "is missing" else "move it elsewhere"
            raise PolicyError([Problem(self.name(relative), 0, 0, word, help)])
        try:
            text = path.read_bytes()
        except OSError as error:
            problem = Problem(
                self.name(relative), 0, 0, f"cannot be read: {error.strerror}", "check the file"
            )
            raise PolicyError([problem]) from None
        self.hash.update(relative.encode() + b"\0" + text + b"\0")
        return path

    def named(self, relative: str) -> tuple[Path, str]:
        """The path of a file that counts for the digest, and the name that people see."""
        return self.use(relative), self.name(relative)

    def enter(self, layer: str, path: Path) -> None:
        """Note a rule file of a layer, which counts for the digest."""
        relative = path.relative_to(self.folder).as_posix()
        try:
            self.files.append((layer, *self.named(relative)))
        except PolicyError as error:
            self.problems.extend(error.problems)

    def settings(self, plan: str) -> tuple[dict[str, SourceDocument], dict[str, Switch], Profile]:
        """What may be cited, the switches, and the profile of the plan."""
        path = f"{plan}/profile.toml"
        sources = read_sources(*self.named("sources.toml"), self.problems)
        switches = read_switches(*self.named("switches.toml"), self.problems)
        profile = read_profile(*self.named(path), switches, self.problems)
        if profile.id and profile.id != plan:
            self.problems.append(
                Problem(
                    self.name(path),
                    0,
                    0,
                    f"the profile calls itself `{profile.id}`, its folder is `{plan}`",
                    "give both the same name",
                )
            )
        return sources, switches, profile

    def values(self, layers: Sequence[str], profile: str) -> Layer:
        """The values of all layers as one."""
        found: list[Layer] = []
        for layer in layers:
            if not (self.folder / layer).is_dir():
                self.problems.append(
                    Problem(
                        self.name(profile),
                        0,
                        0,
                        f"layer `{layer}` is not a folder of the policies",
                        "name a folder beside this one",
                    )
                )
            elif (self.folder / layer / "layer.toml").is_file():
                found.append(read_layer(*self.named(f"{layer}/layer.toml"), self.problems))
        return Layer(
            tuple(v for layer in found for v in layer.values),
            {n: t for layer in found for n, t in layer.types.items()},
            tuple(s for layer in found for s in layer.steps),
        )

    def parsed(self) -> tuple[dict[Signature, Predicate], list[Rule]]:
        """The vocabulary, and every rule of the layers with its papers, by path and line."""
        vocabulary: dict[Signature, Predicate] = {}
        rules = []
        for layer, path, name in self.files:
            try:
                parsed = parse_file(path, name)
            except PolicyError as error:
                self.problems.extend(error.problems)
                continue
            self.texts[path] = parsed.source
            if not layer:
                vocabulary = read_vocabulary(parsed, self.problems)
                continue
            self._check_file(parsed)
            bound = bind_papers(parsed, self.problems)
            for node, papers in zip(parsed.rules, bound, strict=True):
                clause = clause_of(node, parsed.source, self.problems)
                if papers is not None and clause is not None:
                    rules.append(Rule(clause, papers, parsed.source, layer))
        return vocabulary, rules

    def _check_file(self, file: ParsedFile) -> None:
        """Note a file without rules, perhaps cut short, and `#defined`, which hides mistakes."""
        if not file.rules:
            self.problems.append(
                Problem(
                    file.source.name, 0, 0, "holds no rules", "write some, or remove the file"
                )
            )
        for name, arity in file.defined:
            line = next((i for i, t in enumerate(file.source.lines, 1) if "#defined" in t), 0)
            self.problems.append(
                file.source.problem(
                    line,
                    1,
                    f"`#defined {name}/{arity}` does not belong in a layer",
                    "declare inputs and tables in vocabulary.lp",
                )
            )
