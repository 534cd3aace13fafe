"""A policy folder, read and checked as a whole for one plan."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import PolicyError, Problem, UsageError
from infucode.rulebook.language import Signature
from infucode.rulebook.papers import bind_papers
from infucode.rulebook.parse import ParsedFile, nearest, parse_file
from infucode.rulebook.recall import recall
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import (
    Layer,
    Profile,
    SourceDocument,
    Switch,
    read_layer,
    read_profile,
    read_sources,
    read_switches,
)
from infucode.rulebook.source import Source, read_source
from infucode.rulebook.types import Typing
from infucode.rulebook.vocabulary import Predicate, read_vocabulary


@dataclass(frozen=True, slots=True)
class Library:
    """One plan with all its layers: every rule as written, checked, whatever its dates."""

    folder: Path
    vocabulary: Mapping[Signature, Predicate]
    sources: Mapping[str, SourceDocument]
    switches: Mapping[str, Switch]
    profile: Profile
    values: Layer
    rules: tuple[Rule, ...]
    typing: Typing
    texts: Mapping[str, Source]
    digest: str
    checked: bool = False
    """Whether these very files were checked to the end before, the grounder's checks too."""


def plans(folder: Path) -> tuple[str, ...]:
    """The ids of the plans in a policy folder."""
    return tuple(sorted(p.parent.name for p in folder.glob("*/profile.toml")))


def load_library(folder: Path, plan: str) -> Library:
    """Read and check a plan. Raises PolicyError with all problems, UsageError for no plan.

    What the user's cache folder holds of these very files is not parsed and checked again.
    """
    if plan not in plans(folder):
        known = plans(folder)
        hint = nearest(plan, known) or f"plans: {', '.join(known)}"
        raise UsageError(f"there is no plan `{plan}`; {hint}")
    problems: list[Problem] = []
    reader = _Reader(folder, problems)
    reader.enter("", folder / "vocabulary.lp")
    settled = _settled(reader, plan)
    types = {**settled.values.types, **{n: s.type for n, s in settled.switches.items()}}
    for layer in settled.layers:
        for path in sorted((folder / layer).rglob("*.lp")):
            reader.enter(layer, path)
    digest = reader.hash.hexdigest()
    kept = None if problems else recall(folder.name, plan, digest, reader.sources)
    if kept is not None:
        vocabulary, rules = kept.vocabulary, list(kept.rules)
        typing = Typing(kept.predicates, types)
    else:
        vocabulary, rules = reader.parsed()
        if problems:
            raise PolicyError(_ordered(problems))
        from infucode.rulebook.checking import check_plan

        typing = check_plan(rules, vocabulary, settled, types, problems)
    if problems:
        raise PolicyError(_ordered(problems))
    return Library(
        folder,
        vocabulary,
        settled.sources,
        settled.switches,
        settled.profile,
        settled.values,
        tuple(rules),
        typing,
        {str(path): source for path, source in reader.sources().items()},
        digest,
        kept is not None,
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What the TOML files of a plan say."""

    sources: Mapping[str, SourceDocument]
    switches: Mapping[str, Switch]
    profile: Profile
    layers: tuple[str, ...]
    values: Layer


def _settled(reader: _Reader, plan: str) -> Settled:
    problems = reader.problems
    sources = read_sources(reader.use("sources.toml"), reader.name("sources.toml"), problems)
    switches = read_switches(reader.use("switches.toml"), reader.name("switches.toml"), problems)
    path = f"{plan}/profile.toml"
    profile = read_profile(reader.use(path), reader.name(path), switches, problems)
    if profile.id and profile.id != plan:
        problems.append(
            Problem(
                reader.name(path),
                0,
                0,
                f"the profile calls itself `{profile.id}`, its folder is `{plan}`",
                "give both the same name",
            )
        )
    layers = tuple(dict.fromkeys(layer for v in profile.versions for layer in v.layers))
    return Settled(sources, switches, profile, layers, reader.layers(layers, path))


def _ordered(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.message))


class _Reader:
    """Reads the files of one folder, remembers their text, hashes what it read."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.files: list[tuple[str, Path, str]] = []
        """The rule files: layer, none for the vocabulary; path; the name that people see."""
        self._sources: dict[Path, Source] = {}
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

    def enter(self, layer: str, path: Path) -> None:
        """Note a rule file of a layer, which counts for the digest."""
        relative = path.relative_to(self.folder).as_posix()
        try:
            self.files.append((layer, self.use(relative), self.name(relative)))
        except PolicyError as error:
            self.problems.extend(error.problems)

    def sources(self) -> dict[Path, Source]:
        """The texts of the rule files. Raises PolicyError if one is no text."""
        for _, path, name in self.files:
            if path not in self._sources:
                self._sources[path] = read_source(path, name)
        return self._sources

    def layers(self, layers: Sequence[str], profile: str) -> Layer:
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
                relative = f"{layer}/layer.toml"
                found.append(read_layer(self.use(relative), self.name(relative), self.problems))
        return Layer(
            tuple(v for layer in found for v in layer.values),
            {n: t for layer in found for n, t in layer.types.items()},
            tuple(s for layer in found for s in layer.steps),
        )

    def parsed(self) -> tuple[dict[Signature, Predicate], list[Rule]]:
        """The vocabulary, and every rule of the layers with its papers, by path and line."""
        from infucode.rulebook.convert import clause_of

        vocabulary: dict[Signature, Predicate] = {}
        rules = []
        for layer, path, name in self.files:
            try:
                parsed = parse_file(path, name)
            except PolicyError as error:
                self.problems.extend(error.problems)
                continue
            self._sources[path] = parsed.source
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


def outcome_signatures(vocabulary: Mapping[Signature, Predicate]) -> frozenset[Signature]:
    """The predicates that the program reads as its answer."""
    return frozenset(s for s, p in vocabulary.items() if p.kind == "outcome")


def input_signatures(vocabulary: Mapping[Signature, Predicate]) -> frozenset[Signature]:
    """The predicates that an encounter states, or that are supposed of it."""
    return frozenset(s for s, p in vocabulary.items() if p.kind in ("input", "assumed"))
