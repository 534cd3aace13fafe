"""What may be written at a place: predicates, keys of papers, sources, settings, words, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from infucode.rulebook.language import Atom, Signature
from infucode.rulebook.papers import KEYS
from infucode.workbench.server.cursor import papers_key, statement
from infucode.workbench.server.folder import Folder
from infucode.workbench.server.hover import KEY_HELP, names_in
from infucode.workbench.server.tokens import open_call

_KEY = re.compile(r"^%@\s*([a-z]*)$")
_VARIABLE = re.compile(r"\b[A-Z]\w*'*")
_WORD = re.compile(r"[\w.-]*$")
_KEYED = re.compile(r"^\s*(\w+)\s*=\s*\"([^\"]*)$")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be written. ``snippet`` has places to fill in, ``text`` has none."""

    label: str
    kind: str
    detail: str = ""
    about: str = ""
    text: str = ""
    snippet: str = ""


def typed(before: str) -> str:
    """The part of a name that is typed already."""
    match = _WORD.search(before)
    return match[0] if match else ""


def offers(folder: Folder, name: str, line: int, column: int) -> list[Offer]:
    """What may stand at a 0-based line and column of a file."""
    lines = folder.mirror.text(name).split("\n")
    if not 0 <= line < len(lines):
        return []
    before = lines[line][:column]
    if name.endswith(".toml"):
        return list(_in_table(folder, before))
    if name.endswith(".yaml"):
        return list(_rules(folder)) if re.search(r"(fires|silent|rule)\b", before) else []
    if not name.endswith(".lp"):
        return []
    if before.startswith("%@"):
        return list(_in_papers(folder, lines, line, before))
    if before.startswith("%"):
        return []
    return list(_in_rule(folder, lines, line, before))


def _in_papers(folder: Folder, lines: list[str], line: int, before: str) -> Iterator[Offer]:
    if _KEY.match(before):
        for word in KEYS:
            yield Offer(word, "key", "papers", KEY_HELP[word], text=f"{word}: ")
        return
    key = papers_key(lines, line)
    part = re.split(r"[;:]", before)[-1].lstrip()
    if key == "cite" and " " not in part:
        yield from _sources(folder)
    elif key == "beats" and "(" not in before:
        yield from _rules(folder, variables=True)
    elif key == "clause":
        for id, clause in folder.settled.clauses.items():
            yield Offer(id, "clause", clause.cite, clause.gist)
    elif key in ("says", "matters") and re.search(r"\{\w*$", before):
        for variable in _variables_below(lines, line):
            yield Offer(variable, "variable")


def _variables_below(lines: list[str], line: int) -> list[str]:
    below = line
    while below < len(lines) and lines[below].startswith("%"):
        below += 1
    if below == len(lines):
        return []
    _, last = statement(lines, below)
    return list(dict.fromkeys(_VARIABLE.findall("\n".join(lines[below : last + 1]))))


def _sources(folder: Folder) -> Iterator[Offer]:
    for key, source in folder.settled.sources.items():
        yield Offer(key, "source", source.version, source.title)


def _rules(folder: Folder, *, variables: bool = False) -> Iterator[Offer]:
    seen: set[str] = set()
    for _, rule in folder.rules():
        id = rule.papers.id
        if id not in seen:
            seen.add(id)
            snippet = f"{id} (${{1:Administration}})" if variables else ""
            yield Offer(id, "rule", rule.papers.cite, rule.papers.text, snippet=snippet)


def _in_rule(folder: Folder, lines: list[str], line: int, before: str) -> Iterator[Offer]:
    first, last = statement(lines, line)
    text = "\n".join([*lines[first:line], before])
    if text.count('"') % 2 and not re.search(r'\("[^"]*$', text):
        return
    call, argument, setting = open_call(text)
    if text.count('"') % 2:
        declared = [p for p in folder.vocabulary.values() if p.name == call]
        if any(p.kind == "outcome" for p in declared) and argument == 0:
            yield from _rules(folder)
        return
    if call in ("value", "reading") and argument == 0:
        yield from _settings(folder, call)
    elif call in ("value", "reading") and setting in folder.settled.switches:
        switch = folder.settled.switches[setting]
        for value in switch.values:
            yield Offer(value, "word", setting, switch.spoken(value))
        yield from _variables(lines, first, last, before)
    elif call:
        yield from _words(folder, call, argument)
        yield from _variables(lines, first, last, before)
    else:
        yield from _predicates(folder)


def _settings(folder: Folder, call: str) -> Iterator[Offer]:
    for setting, reader in folder.settled.names().items():
        if reader == call:
            switch = folder.settled.switches.get(setting)
            answers = ", ".join(f"{w}: {s.value}" for w, s in folder.settled.answers(setting))
            yield Offer(setting, "setting", answers, switch.text if switch else "")


def _words(folder: Folder, call: str, argument: int) -> Iterator[Offer]:
    seen: set[str] = set()
    kinds = [p.types for p in folder.vocabulary.values() if p.name == call]
    kinds += [
        tuple(kind for kind in types if kind is not None)
        for typing in folder.typings.values()
        for (name, _), types in typing.predicates.items()
        if name == call and None not in types
    ]
    for types in kinds:
        if argument < len(types):
            for word in types[argument].words:
                if word not in seen:
                    seen.add(word)
                    yield Offer(word, "word", f"argument {argument + 1} of {call}")


def _variables(lines: list[str], first: int, last: int, before: str) -> Iterator[Offer]:
    own = typed(before)
    text = "\n".join(lines[first : last + 1])
    for variable in dict.fromkeys(_VARIABLE.findall(text)):
        if variable != own:
            yield Offer(variable, "variable")


def _predicates(folder: Folder) -> Iterator[Offer]:
    heads: dict[Signature, list[Atom]] = {signature: [] for signature in folder.vocabulary}
    for _, rule in folder.rules():
        heads.setdefault(rule.clause.head.signature, []).append(rule.clause.head)
    for signature, its in heads.items():
        declared = folder.vocabulary.get(signature)
        names = (
            [argument for argument, _ in declared.arguments]
            if declared is not None
            else names_in(its, signature[1])
        )
        inner = ", ".join(f"${{{n}:{word}}}" for n, word in enumerate(names, 1))
        yield Offer(
            f"{signature[0]}({', '.join(names)})" if names else signature[0],
            declared.kind if declared else "helper",
            declared.kind if declared else "helper",
            declared.text if declared else "",
            text=signature[0],
            snippet=f"{signature[0]}({inner})" if names else "",
        )


def _in_table(folder: Folder, before: str) -> Iterator[Offer]:
    keyed = _KEYED.match(before)
    if keyed is None:
        return
    if keyed[1] == "cite" and " " not in keyed[2].split(";")[-1].lstrip():
        yield from _sources(folder)
    elif keyed[1] in ("name", "offset", "every"):
        for setting in folder.settled.names():
            yield Offer(setting, "setting")
    elif keyed[1] == "rule":
        yield from _rules(folder)
