"""Slips in rows, numbers, dates and answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from tests.faults.in_rules import Places, Texts, slipped
from tests.faults.texts import Applied, Span, Text, is_name

_CODE = re.compile(r'"[A-Z]?\d{4,5}"')
_NUMBER = re.compile(r"\d+")
_VALUE = re.compile(r"^value = (.*)\n", re.M)
_NAMED = re.compile(r'^name = "(\w+)"', re.M)
_SWITCH = re.compile(r"^\[(\w+)\]\n(?:.*\n)*?values = \[(.*)\]", re.M)


def _rows(texts: Texts) -> Iterator[tuple[Text, Applied]]:
    return ((text, row.atoms[0]) for text in texts for row in text.rows if row.atoms)


def shifted_number(texts: Texts, random: Random) -> Places:
    """A number of a row or of a layer, one more or one less."""
    for text, atom in _rows(texts):
        for span, *_ in atom.arguments:
            if _NUMBER.fullmatch(span.text):
                yield (text.edit(span, _shifted(span.text, random)),)
    for text in texts:
        for block in text.blocks("value", "switch"):
            found = re.search(r"^value = (\d+)$", block.text, re.M)
            if found:
                start = block.start + found.start(1)
                span = Span(start, start + len(found[1]), found[1])
                yield (text.edit(span, _shifted(found[1], random)),)


def _shifted(number: str, random: Random) -> str:
    return str(max(0, int(number) + random.choice((1, -1)))) if int(number) else "1"


def row_deleted(texts: Texts, random: Random) -> Places:
    """A row of a table gone."""
    del random
    for text in texts:
        for row in text.rows:
            yield (text.edit(Span(row.start, row.end + 1, ""), ""),)


def row_doubled(texts: Texts, random: Random) -> Places:
    """A row twice, the second with another value of its column."""
    columns = _columns(texts)
    for text, atom in _rows(texts):
        places = [
            n for n in range(len(atom.arguments))
            if len(columns[atom.name.text, len(atom.arguments), n]) > 1
        ]  # fmt: skip
        if places:
            place = random.choice(places)
            other = _other(columns, atom, place, text, random)
            written = [atom.words(text.text, n) for n in range(len(atom.arguments))]
            written[place] = other
            row = f"\n{atom.name.text}({', '.join(written)})."
            yield (text.edit(Span(atom.end + 1, atom.end + 1, ""), row),)


def wrong_value(texts: Texts, random: Random) -> Places:
    """A word of a row that is right for another one."""
    columns = _columns(texts)
    for text, atom in _rows(texts):
        for place, (span, *_) in enumerate(atom.arguments):
            if is_name(span) and len(columns[atom.name.text, len(atom.arguments), place]) > 1:
                yield (text.edit(span, _other(columns, atom, place, text, random)),)


Columns = defaultdict[tuple[str, int, int], set[str]]


def _columns(texts: Texts) -> Columns:
    """What stands at each place of each table."""
    found: Columns = defaultdict(set)
    for text, atom in _rows(texts):
        for place in range(len(atom.arguments)):
            key = atom.name.text, len(atom.arguments), place
            found[key].add(atom.words(text.text, place))
    return found


def _other(columns: Columns, atom: Applied, place: int, text: Text, random: Random) -> str:
    own = atom.words(text.text, place)
    return random.choice(sorted(columns[atom.name.text, len(atom.arguments), place] - {own}))


def swapped_digits(texts: Texts, random: Random) -> Places:
    """Two neighbouring digits of a code."""
    for text in texts:
        for statement in text.statements:
            for span in statement.tokens:
                if _CODE.fullmatch(span.text):
                    places = [
                        n for n in range(1, len(span.text) - 2)
                        if span.text[n : n + 2].isdigit() and span.text[n] != span.text[n + 1]
                    ]  # fmt: skip
                    if places:
                        at = random.choice(places)
                        word = span.text
                        new = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
                        yield (text.edit(span, new),)


def misspelt_word(texts: Texts, random: Random) -> Places:
    """A word of a closed list, a switch or a value, in a rule or row."""
    for text in texts:
        for statement in text.statements:
            for atom in statement.atoms:
                for argument in atom.arguments:
                    if len(argument) == 1 and is_name(argument[0]):
                        new = slipped(argument[0].text, random)
                        yield (text.edit(argument[0], new),)


def answer_without_value(texts: Texts, random: Random) -> Places:
    """A switch or value of which only the name is left."""
    del random
    for text in texts:
        for block in text.blocks("switch", "value"):
            found = _VALUE.search(block.text)
            if found:
                start = block.start + found.start()
                yield (text.edit(Span(start, start + len(found[0]), ""), ""),)


def answer_left_out(texts: Texts, random: Random) -> Places:
    """A switch that a plan does not answer any more."""
    del random
    for text in texts:
        for block in text.blocks("switch"):
            yield (text.edit(block, ""),)


def other_answer(texts: Texts, random: Random) -> Places:
    """A switch answered as no source of the plan says."""
    whole = next((text.text for text in texts if text.file == "switches.toml"), "")
    values = {m[1]: re.findall(r'"(\w+)"', m[2]) for m in _SWITCH.finditer(whole)}
    for text in texts:
        for block in text.blocks("switch"):
            name, value = _NAMED.search(block.text), _VALUE.search(block.text)
            if name is None or value is None:
                continue
            others = [v for v in values.get(name[1], []) if v != value[1].strip('"')]
            if others:
                start = block.start + value.start(1)
                span = Span(start, start + len(value[1]), value[1])
                yield (text.edit(span, f'"{random.choice(others)}"'),)


def overlapping_days(texts: Texts, random: Random) -> Places:
    """A value with a second answer from some day on, the first left without an end."""
    for text in texts:
        for block in text.blocks("value", "version", "switch"):
            if "from =" in block.text:
                day = re.sub(r"from = (\d{4})", lambda m: f"from = {int(m[1]) + 1}", block.text)
            else:
                day = f"{block.text.rstrip()}\nfrom = 202{random.randrange(2, 6)}-01-01\n"
            yield (text.edit(Span(block.end, block.end, ""), f"\n{day.rstrip()}\n"),)


def turned_days(texts: Sequence[Text], random: Random) -> Places:
    """A rule that ends before it begins, or begins where no plan holds any more."""
    for text in texts:
        for key, paper in text.papers:
            if key == "id":
                since = random.choice(("2031-01-01", "2024-01-01"))
                days = f"%@ from: {since}\n%@ until: 2019-12-31\n"
                yield (text.edit(Span(paper.end, paper.end, ""), days),)
