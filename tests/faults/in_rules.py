"""Slips in a rule: names, arguments, conditions, signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from tests.faults.texts import Applied, Edit, Span, Statement, Text, is_name, is_variable

Texts = Sequence[Text]
Places = Iterator[tuple[Edit, ...]]
TURNED = {"<": ">", ">": "<"}
SETTINGS = ("value", "reading")


def slipped(word: str, random: Random) -> str:
    """The word with two letters changed over, one left out or one doubled."""
    places = [n for n in range(len(word)) if word[n].isalnum()]
    first = places[1] if len(places) > 1 and word[0].isalpha() else places[0]
    at = random.randrange(first, len(word)) if len(word) > first else first
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    ways = [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]]
    if at > first:
        ways.append(swapped)
    right = [way for way in ways if way != word and way]
    return random.choice(right) if right else word + word[-1]


def _rules(texts: Texts) -> Iterator[tuple[Text, Statement]]:
    return ((text, rule) for text in texts for rule in text.rules)


def _body_atoms(rule: Statement) -> Iterator[Applied]:
    body = {span.start for span in rule.body}
    return (atom for atom in rule.atoms if atom.name.start in body)


def misspelt_predicate(texts: Texts, random: Random) -> Places:
    """`infusoin(A)` for `infusion(A)`."""
    for text in texts:
        for statement in text.statements:
            for atom in statement.atoms:
                yield (text.edit(atom.name, slipped(atom.name.text, random)),)


def wrong_arity(texts: Texts, random: Random) -> Places:
    """One argument too few, or an `_` too many."""
    for text, rule in _rules(texts):
        for atom in rule.atoms:
            last = atom.arguments[-1]
            if len(atom.arguments) > 1 and random.random() < 0.5:
                begin = atom.arguments[-2][-1].end
                yield (text.edit(Span(begin, last[-1].end, ""), ""),)
            else:
                extra = text.text[last[0].start : last[-1].end] if atom.name.start < (
                    rule.body[0].start if rule.body else 0) else "_"  # fmt: skip
                yield (text.edit(Span(last[-1].end, last[-1].end, ""), f", {extra}"),)


def swapped_arguments(texts: Texts, random: Random) -> Places:
    """Two neighbours of one condition the wrong way round."""
    del random
    for text, rule in _rules(texts):
        for atom in rule.atoms:
            for one, other in zip(atom.arguments, atom.arguments[1:], strict=False):
                a = text.text[one[0].start : one[-1].end]
                b = text.text[other[0].start : other[-1].end]
                if a != b:
                    yield (
                        text.edit(Span(one[0].start, one[-1].end, a), b),
                        text.edit(Span(other[0].start, other[-1].end, b), a),
                    )


def misspelt_variable(texts: Texts, random: Random) -> Places:
    """One of the places where a variable stands."""
    for text, rule in _rules(texts):
        for span in rule.tokens:
            if is_variable(span):
                yield (text.edit(span, slipped(span.text, random)),)


def other_variable(texts: Texts, random: Random) -> Places:
    """Another variable of the rule in the place of one."""
    for text, rule in _rules(texts):
        names = sorted({span.text for span in rule.tokens if is_variable(span)})
        for span in rule.tokens:
            if is_variable(span) and len(names) > 1:
                others = [name for name in names if name != span.text]
                yield (text.edit(span, random.choice(others)),)


def dropped_condition(texts: Texts, random: Random) -> Places:
    """A condition left out."""
    del random
    for text, rule in _rules(texts):
        literals = rule.literals
        for number, literal in enumerate(literals):
            if len(literals) == 1:
                assert rule.neck is not None
                begin, end = rule.tokens[rule.neck].start, literal[-1].end
            elif number:
                begin, end = literals[number - 1][-1].end, literal[-1].end
            else:
                begin, end = literal[0].start, literals[1][0].start
            yield (text.edit(Span(begin, end, ""), ""),)


def turned_not(texts: Texts, random: Random) -> Places:
    """`not` left out, or put before a condition."""
    del random
    for text, rule in _rules(texts):
        for literal in rule.literals:
            if literal[0].text == "not":
                yield (text.edit(Span(literal[0].start, literal[1].start, ""), ""),)
            elif is_name(literal[0]) and literal[0].text not in SETTINGS:
                yield (text.edit(Span(literal[0].start, literal[0].start, ""), "not "),)


def written_number(texts: Texts, random: Random) -> Places:
    """A number in a rule, where a value of the plan is compared."""
    for text, rule in _rules(texts):
        for before, span in zip(rule.body, rule.body[1:], strict=False):
            if before.text in "<>=" and is_variable(span):
                yield (text.edit(span, str(random.choice((2, 15, 16, 30, 31, 60, 90)))),)


def turned_comparison(texts: Texts, random: Random) -> Places:
    """`<` for `>`, or its edge: `<=` for `<`."""
    for text, rule in _rules(texts):
        for span, after in zip(rule.body, rule.body[1:], strict=False):
            if span.text not in TURNED:
                continue
            if random.random() < 0.5:
                yield (text.edit(span, TURNED[span.text]),)
            elif after.text == "=":
                yield (text.edit(after, ""),)
            else:
                yield (text.edit(span, f"{span.text}="),)


def constraint(texts: Texts, random: Random) -> Places:
    """A rule whose head is gone."""
    del random
    for text, rule in _rules(texts):
        yield (text.edit(Span(rule.head[0].start, rule.head[-1].end, ""), ""),)


def choice(texts: Texts, random: Random) -> Places:
    """Braces around a head, as in other programs for clingo."""
    del random
    for text, rule in _rules(texts):
        span = Span(rule.head[0].start, rule.head[-1].end, "")
        yield (text.edit(span, f"{{ {text.text[span.start : span.end]} }}"),)


def comma_for_stop(texts: Texts, random: Random) -> Places:
    """A comma where a rule ends, or a stop where a condition does."""
    for text, rule in _rules(texts):
        if len(rule.literals) > 1 and random.random() < 0.5:
            number = random.randrange(len(rule.literals) - 1)
            comma = rule.literals[number][-1].end
            yield (text.edit(Span(comma, comma + 1, ","), "."),)
        else:
            yield (text.edit(rule.tokens[-1], ","),)


def other_outcome(texts: Texts, random: Random) -> Places:
    """An outcome of another kind in the head: its name tells what becomes of it."""
    found = [
        (text, rule, rule.atoms[0])
        for text, rule in _rules(texts)
        if rule.atoms and rule.atoms[0].arguments[0][0].text.startswith('"')
    ]
    names = Counter((atom.name.text, len(atom.arguments)) for _, _, atom in found)
    for text, _, atom in found:
        arity = len(atom.arguments)
        others = sorted(n for n, a in names if a == arity and n != atom.name.text)
        others = others or sorted(n for n, _ in names if n != atom.name.text)
        yield (text.edit(atom.name, random.choice(others)),)


def rule_deleted(texts: Texts, random: Random) -> Places:
    """A rule gone, its papers left to those beside it."""
    del random
    for text, rule in _rules(texts):
        yield (text.edit(Span(rule.start, rule.end, ""), ""),)
