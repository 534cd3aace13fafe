"""Which rule file reads what which other file gives, and an order to show them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from infucode.render.manual_content import Dependencies, FileLink, FileNode
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.workbench.lint.headers import header_of
from infucode.workbench.manual.phrases import plain


def dependencies(library: Library) -> Dependencies:
    """The files of a plan by layer, in each those first that read least of others."""
    files: dict[str, list[Rule]] = {}
    for rule in library.rules:
        files.setdefault(rule.source.name, []).append(rule)
    reads = _reads(files)
    layers = library.profile.versions[-1].layers
    names = []
    for layer in dict.fromkeys((*layers, *library.profile.layers)):
        own = {name for name, rules in files.items() if rules[0].layer == layer}
        names += _ordered({name: set(reads[name]) & own for name in sorted(own)})
    nodes = tuple(_node(name, files[name]) for name in names)
    places = {name: place for place, name in enumerate(names)}
    links = tuple(
        FileLink(places[name], places[other], tuple(sorted(predicates)))
        for name in names
        for other, predicates in sorted(reads[name].items(), key=lambda pair: places[pair[0]])
    )
    return Dependencies(nodes, links)


def _reads(files: Mapping[str, Sequence[Rule]]) -> dict[str, dict[str, set[str]]]:
    """Of each file the predicates that it reads, by the other files that give them."""
    givers: dict[tuple[str, int], set[str]] = {}
    for name, rules in files.items():
        for rule in rules:
            givers.setdefault(rule.clause.head.signature, set()).add(name)
    found: dict[str, dict[str, set[str]]] = {name: {} for name in files}
    for name, rules in files.items():
        for rule in rules:
            for atom in rule.clause.atoms():
                for other in givers.get(atom.signature, ()):
                    if other != name:
                        found[name].setdefault(other, set()).add(plain(atom.name))
    return found


def _ordered(reads: Mapping[str, set[str]]) -> list[str]:
    """Each file after those that it reads; where files read each other, the one that reads the
    fewest that do not stand yet comes first."""
    left = dict(reads)
    found: list[str] = []
    while left:
        name = min(left, key=lambda name: (len(left[name] & left.keys()), name))
        found.append(name)
        del left[name]
    return found


def _node(name: str, rules: Sequence[Rule]) -> FileNode:
    path = PurePath(name)
    about = " ".join(header_of(rules[0].source).split("Gives:")[0].split())
    ids = tuple(dict.fromkeys(rule.papers.id for rule in rules))
    return FileNode("/".join(path.parts[-2:]), rules[0].layer, about, ids)
