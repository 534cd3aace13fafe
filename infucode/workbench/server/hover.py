"""What an editor shows of the thing under the cursor, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.rulebook.language import Atom, Signature
from infucode.rulebook.papers import KEYS, Papers
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Setting
from infucode.rulebook.vocabulary import Type
from infucode.workbench.server.cases import CaseIndex
from infucode.workbench.server.folder import Folder, layer_of
from infucode.workbench.server.tokens import Spot

MOST_RULES = 8
KEY_HELP = {
    "id": "The rule's name, `layer.topic-detail`, unique for ever.",
    "cite": "A key of `sources.toml` and the place in that document; several behind `;`.",
    "text": "The rule in one sentence of our own words.",
    "says": "The message to the reader; `{Variable}` is filled in from the rule.",
    "matters": "Of a question: what the answer would decide.",
    "clause": "The clauses of the rule map that it covers.",
    "from": "The first day that it is in force.",
    "until": "The last day that it is in force.",
    "beats": "The rule that it sets aside, and the variables on which both meet.",
    "rows": "How many rows the table has in its source: a row too few or too many is found.",
    "total": "What the numbers of the table add up to, and a sum over its rows.",
}
assert set(KEY_HELP) == set(KEYS)


def hover(folder: Folder, cases: CaseIndex, name: str, spot: Spot) -> str:
    """The text for a spot of a file; empty where there is nothing to say."""
    if spot.kind == "predicate":
        return "\n\n".join(_predicate(folder, name, spot))
    if spot.kind == "rule":
        return "\n\n".join(_rule(folder, cases, spot.name))
    if spot.kind == "source":
        return "\n\n".join(_source(folder, spot.name))
    if spot.kind == "clause":
        return "\n\n".join(_clause(folder, spot.name))
    if spot.kind == "setting":
        return "\n\n".join(_setting(folder, spot.name))
    if spot.kind == "key":
        return f"**{spot.name}**: {KEY_HELP[spot.name]}" if spot.name in KEY_HELP else ""
    if spot.kind in ("word", "variable") and spot.call:
        return "\n\n".join(_argument(folder, name, spot))
    return ""


def signatures(folder: Folder, spot: Spot) -> list[Signature]:
    """The predicates of a spot's name, that of its own number of arguments first."""
    known = {s for s in folder.vocabulary if s[0] == spot.name}
    heads = (rule.clause.head for _, rule in folder.rules())
    known |= {head.signature for head in heads if head.name == spot.name}
    right = [s for s in known if s[1] == spot.arity]
    return right or sorted(known)


def argument_names(folder: Folder, name: str, signature: Signature) -> list[tuple[str, str]]:
    """The names and types of a predicate's arguments; a helper's are those of its rules."""
    declared = folder.vocabulary.get(signature)
    if declared is not None:
        return [(argument, str(kind)) for argument, kind in declared.arguments]
    types = _types(folder, name, signature)
    heads = [r.clause.head for _, r in folder.rules() if r.clause.head.signature == signature]
    kinds = [str(kind) if kind else "" for kind in types] or [""] * signature[1]
    return list(zip(names_in(heads, signature[1]), kinds, strict=True))


def names_in(heads: Sequence[Atom], arity: int) -> list[str]:
    """What the rules that give a predicate call its arguments."""
    found = []
    for place in range(arity):
        terms = (head.terms[place] for head in heads)
        own = next((t.text for t in terms if t.kind == "variable" and t.text != "_"), "")
        found.append(own or f"Argument{place + 1}")
    return found


def _types(folder: Folder, name: str, signature: Signature) -> list[Type | None]:
    own = folder.settled.plan_of(layer_of(name))
    for plan in (own, *folder.typings):
        typing = folder.typings.get(plan) if plan else None
        if typing is not None and signature in typing.predicates:
            return typing.predicates[signature]
    return []


def _predicate(folder: Folder, name: str, spot: Spot) -> Iterator[str]:
    for signature in signatures(folder, spot):
        arguments = argument_names(folder, name, signature)
        head = f"{signature[0]}({', '.join(a for a, _ in arguments)})" if arguments else spot.name
        declared = folder.vocabulary.get(signature)
        kind = declared.kind if declared else "helper"
        yield f"```prolog\n{head}\n```\n*{kind}*"
        if declared is not None and declared.text:
            yield declared.text
        if arguments:
            yield "\n".join(f"- `{a}`: {kind or 'of no known type'}" for a, kind in arguments)
        if declared is not None and declared.absent:
            yield f"**Absent:** {declared.absent}"
        if declared is not None and declared.said:
            yield "**Said:** " + "; ".join(f"`{word}`: {plain}" for word, plain in declared.said)
        yield from _given_by(folder, signature)


def _given_by(folder: Folder, signature: Signature) -> Iterator[str]:
    given = [(file, r) for file, r in folder.rules() if r.clause.head.signature == signature]
    found = {rule.papers.id: (file, rule) for file, rule in reversed(given)}
    if not found:
        return
    items = list(reversed(found.items()))
    rows = [f"- `{id}` ({file}): {rule.papers.text}" for id, (file, rule) in items[:MOST_RULES]]
    if len(items) > MOST_RULES:
        rows.append(f"- and {len(items) - MOST_RULES} more")
    yield "**Given by**\n" + "\n".join(rows)


def _rule(folder: Folder, cases: CaseIndex, id: str) -> Iterator[str]:
    rules = [(file, rule) for file, rule in folder.rules() if rule.papers.id == id]
    if not rules:
        yield from _notice(folder, id)
        return
    file, first = rules[0]
    papers = first.papers
    yield f"**{id}** ({file})"
    yield papers.text
    if papers.says:
        yield f"> {papers.says}"
    if papers.matters:
        yield f"**Matters:** {papers.matters}"
    for part in papers.cite.split(";"):
        yield from _cited(folder, part.strip())
    yield from _days(papers)
    for clause in papers.clauses:
        gist = folder.settled.clauses.get(clause)
        yield f"**{clause}** {gist.gist if gist else '(no clause of clauses.toml)'}"
    yield from _exceptions(folder, papers)
    number = len(cases.naming(id))
    yield f"{number} case{'' if number == 1 else 's'}; {_parts(rules)}"


def _parts(rules: list[tuple[str, Rule]]) -> str:
    return f"{len(rules)} rule{'' if len(rules) == 1 else 's'} under this id"


def _days(papers: Papers) -> Iterator[str]:
    if papers.since or papers.until:
        since = f"from {papers.since} " if papers.since else ""
        yield f"In force {since}{f'until {papers.until}' if papers.until else ''}".strip()


def _exceptions(folder: Folder, papers: Papers) -> Iterator[str]:
    for beats in papers.beats:
        yield f"Sets aside `{beats.rule}` on {', '.join(beats.on)}"
    beaten = {
        rule.papers.id
        for _, rule in folder.rules()
        if any(beats.rule == papers.id for beats in rule.papers.beats)
    }
    if beaten:
        yield "Set aside by " + ", ".join(f"`{id}`" for id in sorted(beaten))


def _notice(folder: Folder, id: str) -> Iterator[str]:
    for plan, profile in folder.settled.profiles.items():
        for notice in profile.notices.values():
            if notice.rule == id:
                yield f"**{id}**, a notice of the plan {plan}"
                yield f"> {notice.says}"
                yield f"*{notice.cite}*"


def _cited(folder: Folder, part: str) -> Iterator[str]:
    key, _, place = part.partition(" ")
    source = folder.settled.sources.get(key)
    if source is not None:
        yield f"*{source.title}*{', ' + place if place else ''} (`{key}`)"
    elif key:
        yield f"`{key}` is not in sources.toml"


def _source(folder: Folder, key: str) -> Iterator[str]:
    source = folder.settled.sources.get(key)
    if source is not None:
        yield f"**{key}**: {source.title}"
        yield f"{source.version}; read {source.read}"
        yield f"<{source.url}>" if source.url.startswith("http") else source.url


def _clause(folder: Folder, id: str) -> Iterator[str]:
    clause = folder.settled.clauses.get(id)
    if clause is None:
        return
    yield f"**{id}** {clause.gist}"
    if clause.cite:
        yield from _cited(folder, clause.cite)
    ids = sorted({r.papers.id for _, r in folder.rules() if id in r.papers.clauses})
    if ids:
        yield "Decided by " + ", ".join(f"`{rule}`" for rule in ids)
    elif clause.reason:
        yield f"No rule: {clause.reason}"


def _setting(folder: Folder, name: str) -> Iterator[str]:
    settled = folder.settled
    if name not in settled.names():
        return
    switch = settled.switches.get(name)
    word = "a switch of the plan" if switch else "a value of a layer"
    yield f"**{name}**, {word}, read with `{settled.names()[name]}({name}, ...)`"
    if switch is not None:
        yield switch.text
        said = dict(switch.said)
        yield "\n".join(
            f"- `{value}`: {said[value]}" if value in said else f"- `{value}`"
            for value in switch.values
        )
    rows = [_answer(plan, setting) for plan, setting in settled.answers(name)]
    if rows:
        yield "\n".join(rows)


def _answer(whose: str, setting: Setting) -> str:
    days = [f"from {setting.since}" if setting.since else "",
            f"until {setting.until}" if setting.until else ""]  # fmt: skip
    when = " ".join(word for word in days if word)
    note = f". {setting.note}" if setting.note else ""
    return (
        f"- {whose}: **{setting.value}**{f' ({when})' if when else ''}, "
        f"{setting.basis.replace('_', '-')} [{setting.cite}]{note}"
    )


def _argument(folder: Folder, name: str, spot: Spot) -> Iterator[str]:
    if spot.call == "reading" and spot.first:
        yield from _setting(folder, spot.first)
        return
    for signature in signatures(folder, Spot("predicate", spot.call, 0, 0)):
        arguments = argument_names(folder, name, signature)
        if spot.argument < len(arguments):
            argument, kind = arguments[spot.argument]
            yield f"`{argument}` of `{spot.call}`: {kind or 'of no known type'}"
            declared = folder.vocabulary.get(signature)
            said = dict(declared.said).get(spot.name) if declared else None
            if said and spot.argument == len(arguments) - 1:
                yield f"said: {said}"
