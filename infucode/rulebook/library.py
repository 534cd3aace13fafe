"""A policy folder, read and checked as a whole for one plan."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import PolicyError, Problem, UsageError
from infucode.rulebook import checks
from infucode.rulebook.convert import clause_of
from infucode.rulebook.language import Signature
from infucode.rulebook.papers import bind_papers
from infucode.rulebook.parse import ParsedFile, nearest, parse_file
from infucode.rulebook.rules import Rule, exception_problems, weave
from infucode.rulebook.settings import (
    Layer,
    Profile,
    Setting,
    SourceDocument,
    Switch,
    read_layer,
    read_profile,
    read_sources,
    read_switches,
    unanswered,
    whole,
)
from infucode.rulebook.source import Source
from infucode.rulebook.strata import strata_problems
from infucode.rulebook.types import Typing, infer
from infucode.rulebook.vocabulary import Predicate, Type, read_vocabulary


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


def plans(folder: Path) -> tuple[str, ...]:
    """The ids of the plans in a policy folder."""
    return tuple(sorted(p.parent.name for p in folder.glob("*/profile.toml")))


def load_library(folder: Path, plan: str) -> Library:
    """Read and check a plan. Raises PolicyError with all problems, UsageError for no plan."""
    if plan not in plans(folder):
        known = plans(folder)
        hint = nearest(plan, known) or f"plans: {', '.join(known)}"
        raise UsageError(f"there is no plan `{plan}`; {hint}")
    problems: list[Problem] = []
    reader = _Reader(folder, problems)
    vocabulary_file = reader.lp(folder / "vocabulary.lp")
    vocabulary = read_vocabulary(vocabulary_file, problems) if vocabulary_file else {}
    sources = read_sources(reader.use("sources.toml"), reader.name("sources.toml"), problems)
    switches = read_switches(reader.use("switches.toml"), reader.name("switches.toml"), problems)
    profile_path = f"{plan}/profile.toml"
    profile = read_profile(
        reader.use(profile_path), reader.name(profile_path), switches, problems
    )
    if profile.id and profile.id != plan:
        problems.append(
            Problem(
                reader.name(profile_path),
                0,
                0,
                f"the profile calls itself `{profile.id}`, its folder is `{plan}`",
                "give both the same name",
            )
        )
    layers = tuple(dict.fromkeys(layer for v in profile.versions for layer in v.layers))
    values = reader.layers(layers, profile_path)
    types = dict(values.types)
    rules = reader.rules(layers)
    types.update({name: switch.type for name, switch in switches.items()})
    if problems:
        raise PolicyError(_ordered(problems))
    typing = _check(rules, vocabulary, sources, types, profile, values, problems)
    if problems:
        raise PolicyError(_ordered(problems))
    return Library(
        folder,
        vocabulary,
        sources,
        switches,
        profile,
        values,
        tuple(rules),
        typing,
        reader.texts,
        reader.hash.hexdigest(),
    )


def _ordered(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.message))


class _Reader:
    """Reads the files of one folder, remembers their text, hashes what it read."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder, self.problems = folder, problems
        self.texts: dict[str, Source] = {}
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

    def lp(self, path: Path) -> ParsedFile | None:
        """A rule file, or None with its problems noted."""
        relative = path.relative_to(self.folder).as_posix()
        try:
            parsed = parse_file(self.use(relative), self.name(relative))
        except PolicyError as error:
            self.problems.extend(error.problems)
            return None
        self.texts[str(path)] = parsed.source
        return parsed

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

    def rules(self, layers: Sequence[str]) -> list[Rule]:
        """Every rule of the layers' `.lp` files with its papers, by path and line."""
        rules = []
        for layer in layers:
            for path in sorted((self.folder / layer).rglob("*.lp")):
                parsed = self.lp(path)
                if parsed is None:
                    continue
                self._check_file(parsed)
                bound = bind_papers(parsed, self.problems)
                for node, papers in zip(parsed.rules, bound, strict=True):
                    clause = clause_of(node, parsed.source, self.problems)
                    if papers is not None and clause is not None:
                        rules.append(Rule(clause, papers, parsed.source, layer))
        return rules

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


def _check(
    rules: Sequence[Rule],
    vocabulary: Mapping[Signature, Predicate],
    sources: Mapping[str, SourceDocument],
    types: dict[str, Type],
    profile: Profile,
    values: Layer,
    problems: list[Problem],
) -> Typing:
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


def outcome_signatures(vocabulary: Mapping[Signature, Predicate]) -> frozenset[Signature]:
    """The predicates that the program reads as its answer."""
    return frozenset(s for s, p in vocabulary.items() if p.kind == "outcome")


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
