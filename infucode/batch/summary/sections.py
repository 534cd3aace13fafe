"""The tables of a summary: which question has which, and what their columns are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infucode.batch.tasks import Question
from infucode.render.batch_sections import Column

BOTH = (Question.solve, Question.check)
SOLVE, CHECK = (Question.solve,), (Question.check,)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the file of SQL by which it is asked for is named as it is."""

    id: str
    title: str
    columns: Sequence[Column]
    questions: Sequence[Question] = BOTH
    note: str = ""
    nothing: str = "none"
    unreasoned: str = ""
    """What is said instead of the note of answers that hold no reasons."""


def _encounters(title: str = "encounters") -> Column:
    return Column(title, "encounters", bar=True)


def _before_and_after(what: str, *, spare: bool = False) -> list[Column]:
    """The range of something in both runs."""
    return [
        Column(f"{what} {when}", f"{what}_{when}_least", most=f"{what}_{when}_most",
               zero=True, spare=spare)
        for when in ("before", "after")
    ]  # fmt: skip


SHARE = Column("share", "percent", "share", spare=True)
EXAMPLES = Column("such as", "examples", "ids")
GAINED, LOST = Column("gained by", "gained_by", "ids"), Column("lost by", "lost_by", "ids")
LINES = Column("lines", "lines_least", most="lines_most")

ALONE = (
    Table(
        "outcomes",
        "Outcomes",
        (Column("outcome", "outcome", "name"), _encounters(), SHARE),
        nothing="no encounter was answered",
    ),
    Table(
        "codes",
        "Codes",
        (
            Column("code", "code", "code"), Column("", "service", "words", spare=True),
            _encounters(), SHARE,
            Column("possible", "possible"), LINES,
            Column("units", "units_least", most="units_most"),
            Column("most on a line", "most_units", spare=True),
        ),
        SOLVE,
        "Encounters with the code on every code set; possible: on some only. A range is from "
        "the least to the most that the code sets hold.",
        "no code is on a claim",
    ),
    Table(
        "units",
        "Units of a line",
        (
            Column("units", "units", "name"),
            Column("lines", "lines_least", most="lines_most", bar=True),
            Column("encounters", "encounters"), Column("possible", "possible"),
        ),
        SOLVE,
    ),
    Table(
        "claim_lines",
        "Claim lines",
        (
            Column("state", "state", "name"), Column("claim lines", "claim_lines", bar=True),
            SHARE, Column("encounters", "encounters"),
        ),
        CHECK,
    ),
    Table(
        "severities",
        "Violations by severity",
        (
            Column("severity", "severity", "name"), _encounters(), SHARE,
            Column("violations", "violations"), Column("claim lines", "claim_lines"),
        ),
        CHECK,
    ),
    Table(
        "violations",
        "Violations by rule",
        (
            Column("rule", "rule", "name"), Column("severity", "severity", "name"), _encounters(),
            SHARE, Column("violations", "violations"), Column("claim lines", "claim_lines"),
        ),
        CHECK,
    ),
    Table(
        "rules",
        "Rules",
        (
            Column("rule", "rule", "name"), _encounters(), SHARE, LINES,
            Column("not reported", "not_reported_least", most="not_reported_most"),
            Column("warnings", "warnings"),
        ),
        SOLVE,
        "Lines that a rule decided, and things that it left out.",
        unreasoned="These answers do not say which rule decided a line; `--explain short` of "
        "`infucode batch solve` does. Counted is what is not reported, and warnings.",
    ),
    Table(
        "questions",
        "Questions",
        (
            Column("about", "fact", "name"), _encounters(), SHARE,
            Column("questions", "questions"), Column("nothing else", "alone", spare=True),
        ),
        SOLVE,
        "Missing stops first; nothing else: encounters that ask of nothing else.",
    ),
    Table(
        "not_checked",
        "Not checked",
        (
            Column("what", "what", "words"), Column("why", "why", "words"), _encounters(), SHARE,
            Column("times", "times"),
        ),
        CHECK,
    ),
    Table(
        "policies",
        "Judged by",
        (
            Column("plan", "policy", "name"), Column("version", "version", "name"),
            Column("from", "first_date", "name"), Column("to", "last_date", "name"),
            _encounters(), SHARE, Column("rulebook", "short", "name", spare=True),
        ),
    ),
)  # fmt: skip
REJECTS = Table(
    "rejects",
    "Rejects by reason",
    (
        Column("reason", "reason", "words"), Column("documents", "documents", bar=True), SHARE,
        Column("such as", "places", "ids"),
    ),
    note="Share of the rejects; a document may have several reasons.",
)  # fmt: skip
COMPARED = (
    Table(
        "encounters", "Encounters",
        (Column("", "fate", "name"), _encounters(), SHARE, EXAMPLES),
        note="Changed: another outcome, code set, line (code, units, modifiers, date), claim "
        "line or violation.",
    ),
    Table(
        "outcomes", "Outcomes of encounters in both runs",
        (
            Column("before", "outcome_before", "name"), Column("after", "outcome_after", "name"),
            _encounters(), SHARE, Column("changed", "changed"), EXAMPLES,
        ),
        nothing="no encounter is in both runs",
    ),
    Table(
        "codes", "Codes that changed",
        (
            Column("code", "code", "code"), Column("", "service", "words", spare=True),
            Column("gained", "gained"), Column("lost", "lost"),
            Column("otherwise", "otherwise"),
            *_before_and_after("lines", spare=True), *_before_and_after("units"), GAINED, LOST,
            Column("otherwise in", "otherwise_in", "ids"),
        ),
        SOLVE,
        "Encounters in both runs. Gained: the code is on every code set now, and was not before; "
        "lost: the reverse; otherwise: other lines or units of it.",
    ),
    Table(
        "modifiers", "Codes and modifiers that changed",
        (
            Column("code", "code", "code"), Column("modifiers", "modifiers", "name"),
            Column("gained", "gained"), Column("lost", "lost"),
            *_before_and_after("lines"), GAINED, LOST,
        ),
        SOLVE,
    ),
    Table(
        "claim_lines", "Claim lines that changed",
        (
            Column("before", "state_before", "name"), Column("after", "state_after", "name"),
            Column("claim lines", "claim_lines", bar=True), Column("encounters", "encounters"),
            EXAMPLES,
        ),
        CHECK,
    ),
    Table(
        "rules", "Rules that changed",
        (
            Column("rule", "rule", "name"), Column("of", "part", "name"),
            Column("before", "encounters_before", zero=True),
            Column("after", "encounters_after", zero=True),
            Column("gained", "gained"), Column("lost", "lost"),
            Column("other times", "other_times"), GAINED, LOST,
        ),
        BOTH,
        "Encounters in both runs for which the rule decided something only now, or no more.",
        unreasoned="Of lines nothing is compared, as a run does not say which rule decided them; "
        "`--explain short` of `infucode batch solve` does.",
    ),
)  # fmt: skip
