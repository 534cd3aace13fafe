"""The program and the facts behind an answer, so that stock clingo gives the same outcomes.

The program holds every rule in force, exceptions woven in, and the plan's settings as facts; no
rule is folded, sliced or compiled. Each rule has its id and place above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import clingo

from infucode.engine.facts import Facts
from infucode.errors import UsageError
from infucode.passes.fold import setting_lines
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.questions.reasons import Reasons
from infucode.render.shown import shown
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Conditional, Signature
from infucode.workbench.format.text import formatted

RUN = "python3 -m clingo -Wno-global-variable"
PROGRAM = "program.lp"


@dataclass(frozen=True, slots=True)
class Dump:
    """One program, and for each code set its facts and the outcomes that the engine found."""

    program: str
    facts: tuple[str, ...]
    outcomes: tuple[str, ...]
    """Sorted, one atom a line."""

    def named(self) -> Iterator[tuple[str, str]]:
        """The files with their names."""
        yield PROGRAM, self.program
        several = len(self.facts) > 1
        for number, (facts, outcomes) in enumerate(zip(self.facts, self.outcomes, strict=True)):
            mark = f"-{number + 1}" if several else ""
            yield f"facts{mark}.lp", facts
            yield f"outcomes{mark}.txt", outcomes

    def one(self, number: int) -> str:
        """Program and facts of one code set (from 1) in one text. Raises UsageError for none."""
        if not 0 < number <= len(self.facts):
            raise UsageError(f"there is no code set {number}; there are {len(self.facts)}")
        return f"{self.program}\n{self.facts[number - 1]}"


def dump_solved(solved: Solved) -> Dump:
    """Of each code set the program and the facts. Raises UsageError where nothing was run."""
    reasons = [found.reasons for found in solved.found]
    if not reasons:
        raise UsageError(_unrun(solved.solution.warnings[0].says))
    return _dump(reasons)


def dump_judged(judged: Judged) -> Dump:
    """The program and the facts of the second step of a check. Raises UsageError likewise."""
    if judged.reasons is None:
        raise UsageError(_unrun(judged.checked.not_checked[0].why))
    return _dump([judged.reasons])


def _unrun(why: str) -> str:
    return f"no rule was run: {why}"


def _dump(reasons: Sequence[Reasons]) -> Dump:
    return Dump(
        program_text(reasons[0].program.book),
        tuple(_facts_text(each, number, len(reasons)) for number, each in enumerate(reasons, 1)),
        tuple(_outcomes_text(each) for each in reasons),
    )


def program_text(book: Rulebook) -> str:
    """The rulebook of a day as one program for clingo."""
    version = book.version
    lines = [
        f"% {book.library.profile.id} {version.name}, {book.digest}",
        f"% Run it with facts: {RUN} {PROGRAM} facts.lp",
        "",
        "% ---- the plan's answers and numbers ----",
        *(_spaced(line) for line in setting_lines(book)),
        "",
        "% ---- what an encounter may state, and what a rule may lack ----",
        *(f"#defined {name}/{arity}." for name, arity in sorted(_open(book))),
        "",
        "% ---- what the answer is made of ----",
        "#show.",
        *(f"#show {p.name}/{len(p.arguments)}." for p in book.vocabulary.values()
          if p.kind == "outcome"),
    ]  # fmt: skip
    for name, rules in groupby(book.rules, lambda rule: rule.source.name):
        lines += ["", f"% ---- {shown(name)} ----"]
        last = ""
        for rule in rules:
            if rule.papers.id != last:
                last = rule.papers.id
                lines += ["", f"% {last}: {shown(rule.papers.text)}"]
            lines.append(_clause_text(rule.clause))
    return "\n".join(lines) + "\n"


def _spaced(line: str) -> str:
    return formatted(line).rstrip("\n")


def _clause_text(clause: Clause) -> str:
    """The rule on lines of its own; what is nested in a condition ends with a semicolon."""
    if not clause.body:
        return formatted(f"{clause.head}.").rstrip("\n")
    nested = any(isinstance(literal.formula, Conditional) for literal in clause.body)
    body = ("; " if nested else ", ").join(map(str, clause.body))
    return formatted(f"{clause.head} :- {body}.").rstrip("\n")


def _open(book: Rulebook) -> set[Signature]:
    """The predicates that no rule gives, but a body may read."""
    given = {rule.clause.head.signature for rule in book.rules}
    read = {atom.signature for rule in book.rules for atom in rule.clause.atoms()}
    stated = {s for s, p in book.vocabulary.items() if p.kind in ("input", "assumed", "setting")}
    return (read | stated) - given


def _facts_text(reasons: Reasons, number: int, of: int) -> str:
    facts, wording = reasons.facts, reasons.wording
    which = f", code set {number} of {of}" if of > 1 else ""
    lines = [f"% {shown(wording.encounter.id)}{which}"]
    lines += _names(reasons)
    supposed = set(facts.assumed)
    stated = [atom for _, atom in facts.signed if atom not in supposed]
    lines += ["", *(f"{atom}." for atom in stated)]
    if supposed:
        lines += ["", "% supposed for this code set", *_rows(facts.assumed)]
    return "\n".join(lines) + "\n"


def _names(reasons: Reasons) -> Iterator[str]:
    """What the constants stand for: `a0 is administration a1 (ceftriaxone 10:00)`."""
    facts: Facts = reasons.facts
    for sort, symbols in facts.names.symbols.items():
        for value, symbol in symbols.items():
            told = ""
            if sort == "administration":
                told = f" ({shown(reasons.wording.administration(value))})"
            yield f"% {symbol} is {sort.replace('_', ' ')} {shown(value)}{told}"


def _rows(atoms: Iterable[clingo.Symbol]) -> Iterator[str]:
    return (f"{atom}." for atom in atoms)


def _outcomes_text(reasons: Reasons) -> str:
    return "".join(f"{atom}\n" for atom in sorted(map(str, reasons.model.outcomes())))
