"""Slips in the papers of a rule: ids, citations, messages, exceptions, clauses."""

from __future__ import annotations

import re
from random import Random

from tests.faults.in_rules import Places, Texts, slipped
from tests.faults.texts import Span, Text, is_variable

_PLACEHOLDER = re.compile(r"\{([A-Z][\w']*)\}")


def _value(paper: Span) -> Span:
    """What stands behind the colon, to the end of its first line."""
    begin = paper.text.index(":") + 1
    begin += len(paper.text[begin:]) - len(paper.text[begin:].lstrip(" "))
    end = paper.text.index("\n")
    return Span(paper.start + begin, paper.start + end, paper.text[begin:end])


def unknown_source(texts: Texts, random: Random) -> Places:
    """A citation of a source that is not there, in papers or in a TOML file."""
    for text in texts:
        for key, paper in text.papers:
            if key == "cite":
                cited = _value(paper)
                word = cited.text.split(" ")[0].rstrip(";")
                start = cited.start
                span = Span(start, start + len(word), word)
                yield (text.edit(span, slipped(word, random)),)
        if text.file == "clauses.toml" or text.file.endswith(("layer.toml", "profile.toml")):
            for match in re.finditer(r'^cite = "([\w-]+)', text.text, re.M):
                span = Span(match.start(1), match.end(1), match[1])
                yield (text.edit(span, slipped(match[1], random)),)


def reused_id(texts: Texts, random: Random) -> Places:
    """The id of another rule in the papers."""
    ids = sorted(_value(p).text for t in texts for k, p in t.papers if k == "id")
    for text in texts:
        for key, paper in text.papers:
            if key == "id":
                span = _value(paper)
                yield (text.edit(span, random.choice([i for i in ids if i != span.text])),)


def paper_deleted(texts: Texts, random: Random) -> Places:
    """One of the papers gone."""
    del random
    for text in texts:
        for _, paper in text.papers:
            yield (text.edit(paper, ""),)


def unbound_message(texts: Texts, random: Random) -> Places:
    """A message that names a variable which its rule does not have."""
    for text in texts:
        for key, paper in text.papers:
            if key in ("says", "matters"):
                for match in _PLACEHOLDER.finditer(paper.text):
                    begin = paper.start + match.start(1)
                    span = Span(begin, begin + len(match[1]), match[1])
                    yield (text.edit(span, slipped(match[1], random)),)


def exception_cycle(texts: Texts, random: Random) -> Places:
    """Two rules of a file, each an exception to the other."""
    for text in texts:
        deciding = list(_deciding(text))
        for id, paper, names in deciding:
            others = [o for o in deciding if o[0] != id and o[2] & names]
            if others:
                other, its, theirs = random.choice(others)
                on = sorted(names & theirs)[0]
                yield (
                    text.edit(Span(paper.end, paper.end, ""), f"%@ beats: {other} ({on})\n"),
                    text.edit(Span(its.end, its.end, ""), f"%@ beats: {id} ({on})\n"),
                )


def _deciding(text: Text) -> list[tuple[str, Span, frozenset[str]]]:
    """The ids of outcomes of a file, each with its first paper and the variables of its head."""
    found = []
    for key, paper in text.papers:
        if key != "id":
            continue
        id = _value(paper).text
        rule = next(
            (r for r in text.rules if r.atoms and any(s.text == f'"{id}"' for s in r.head)), None
        )
        if rule is not None and rule.start > paper.start:
            found.append((id, paper, frozenset(s.text for s in rule.head if is_variable(s))))
    return found


def misspelt_exception(texts: Texts, random: Random) -> Places:
    """An exception to a rule that is not there, or joined on a variable that is not there."""
    for text in texts:
        for key, paper in text.papers:
            if key == "beats":
                for match in re.finditer(r"[a-z0-9.-]{4,}|[A-Z]\w+", _value(paper).text):
                    begin = _value(paper).start + match.start()
                    span = Span(begin, begin + len(match[0]), match[0])
                    yield (text.edit(span, slipped(match[0], random)),)


def unknown_clause(texts: Texts, random: Random) -> Places:
    """A clause that is not in the list of clauses."""
    for text in texts:
        for key, paper in text.papers:
            if key == "clause":
                span = _value(paper)
                yield (text.edit(span, f"{span.text}{random.randrange(100, 1000)}"),)
