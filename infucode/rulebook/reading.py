"""A policy folder read for one plan: its files parsed, bound to their papers and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from infucode.errors import PolicyError, Problem, named
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
from infucode.rulebook.source import Source, no_file
from infucode.rulebook.switches import read_sources, read_switches
from infucode.rulebook.types import Typing
from infucode.rulebook.vocabulary import Predicate, read_vocabulary

VOCABULARY = "vocabulary.lp"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One `.lp` file as read: None and no rules where it cannot be parsed."""

    parsed: ParsedFile | None
    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]


def read_rules(path: Path, name: str, layer: str) -> RuleFile:
    """The rules of one file of a layer with their papers; of the vocabulary, without a layer,
    only what clingo parses."""
    try:
        parsed = parse_file(path, name)
    except PolicyError as error:
        return RuleFile(None, (), tuple(named("syntax", error.problems)))
    if not layer:
        return RuleFile(parsed, (), ())
    problems = list(_misplaced(parsed))
    papers: list[Problem] = []
    construct: list[Problem] = []
    bound = bind_papers(parsed, papers)
    clauses = [clause_of(node, parsed.source, construct) for node in parsed.rules]
    problems += [*named("papers", papers), *named("construct", construct)]
    rules = tuple(
        Rule(clause, papers, parsed.source, layer)
        for clause, papers in zip(clauses, bound, strict=True)
        if papers is not None and clause is not None
    )
    return RuleFile(parsed, rules, tuple(problems))


ReadRules = Callable[[Path, str, str], RuleFile]


def read_plan(
    folder: Path,
    plan: str,
    stamp: str,
    *,
    read: ReadRules = read_rules,
    extra: tuple[str, ...] = (),
) -> Library:
    """A plan, parsed and checked but for the grounder's checks. Raises PolicyError with all
    problems.

    `read` is asked for each rule file; it may know some of them from before. `extra` are layers
    that every version is to stand on besides its own.
    """
    problems: list[Problem] = []
    reader = _Reader(folder, problems, read)
    reader.enter("", folder / VOCABULARY)
    sources, switches, profile = reader.settings(plan)
    profile = replace(
        profile,
        versions=tuple(replace(v, layers=(*v.layers, *extra)) for v in profile.versions),
    )
    values = reader.values(profile.layers, f"{plan}/profile.toml")
    for layer in profile.layers:
        for path in sorted((folder / layer).rglob("*.lp")):
            own = layer in extra and path.name == VOCABULARY
            reader.enter("" if own else layer, path)
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

    def __init__(self, folder: Path, problems: list[Problem], read: ReadRules) -> None:
        self.folder, self.problems, self.read = folder, problems, read
        self.files: list[tuple[str, Path, str]] = []
        """The rule files: layer, none for a vocabulary; path; the name that people see."""
        self.texts: dict[Path, Source] = {}
        self.hash = hashlib.sha256()

    def name(self, relative: str) -> str:
        """The name that people see: the folder's own name and the path below it."""
        return f"{self.folder.name}/{relative}"

    def use(self, relative: str) -> Path:
        """The path of a file that counts for the digest."""
        path = self.folder / relative
        if wrong := no_file(path):
            raise PolicyError([Problem(self.name(relative), 0, 0, *wrong, check="file")])
        try:
            text = path.read_bytes()
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            problem = Problem(
                self.name(relative), 0, 0, message, "check the file", check="file"
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
        with self._under("settings-file") as problems:
            sources = read_sources(*self.named("sources.toml"), problems)
            switches = read_switches(*self.named("switches.toml"), problems)
            profile = read_profile(*self.named(path), switches, problems)
        if profile.id and profile.id != plan:
            self.problems.append(
                Problem(
                    self.name(path),
                    0,
                    0,
                    f"the profile calls itself `{profile.id}`, its folder is `{plan}`",
                    "give both the same name",
                    check="settings-file",
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
                        check="settings-file",
                    )
                )
            elif (self.folder / layer / "layer.toml").is_file():
                with self._under("settings-file") as problems:
                    found.append(read_layer(*self.named(f"{layer}/layer.toml"), problems))
        return Layer(
            tuple(v for layer in found for v in layer.values),
            {n: t for layer in found for n, t in layer.types.items()},
            tuple(s for layer in found for s in layer.steps),
        )

    def parsed(self) -> tuple[dict[Signature, Predicate], list[Rule]]:
        """The vocabulary, and every rule of the layers with its papers, by path and line."""
        vocabulary: dict[Signature, Predicate] = {}
        rules: list[Rule] = []
        for layer, path, name in self.files:
            found = self.read(path, name, layer)
            self.problems.extend(found.problems)
            if found.parsed is None:
                continue
            self.texts[path] = found.parsed.source
            rules += found.rules
            if not layer:
                with self._under("vocabulary") as problems:
                    vocabulary |= read_vocabulary(found.parsed, problems)
        return vocabulary, rules

    @contextmanager
    def _under(self, check: str) -> Iterator[list[Problem]]:
        """A list for the problems of one check."""
        found: list[Problem] = []
        yield found
        self.problems.extend(named(check, found))


def _misplaced(file: ParsedFile) -> Iterator[Problem]:
    """A file without rules, perhaps cut short, and `#defined`, which hides mistakes."""
    if not file.rules:
        help = "write some, or remove the file"
        yield Problem(file.source.name, 0, 0, "holds no rules", help, check="file")
    for name, arity in file.defined:
        line = next((i for i, t in enumerate(file.source.lines, 1) if "#defined" in t), 0)
        problem = file.source.problem(
            line,
            1,
            f"`#defined {name}/{arity}` does not belong in a layer",
            "declare inputs and tables in vocabulary.lp",
        )
        yield replace(problem, check="construct")
