"""The report as Markdown: tables and lists, with data that cannot become markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, NotReported, Solution, Warned
from infucode.render.answer_in import answer_in, end_unstated
from infucode.render.content import (
    Group,
    given_words,
    grouped,
    header_facts,
    papers_of,
    sets_words,
    subject_of,
)
from infucode.render.decides import choices_of, ways_words
from infucode.render.lanes import earned_codes, lanes_of, unreported
from infucode.render.markdown_lines import claim_parts
from infucode.render.markdown_text import code, fenced, item, plain_text, table, whole_document
from infucode.render.page import Page
from infucode.render.report import Answer, Cited, Refusal, Result, cited_sources, overview_of
from infucode.render.timeline import add_timeline
from infucode.render.words import administration_words

DRAWN = 88
"""Columns of the drawn timeline."""


def markdown_report(results: Sequence[Result]) -> str:
    """One document: an overview where there are several results, then each answer."""
    head = "##" if len(results) > 1 else "#"
    answers = [_answer(result, head) for result in results if isinstance(result, Answer)]
    return whole_document("encounter", _overview(results), answers, len(results))


def _overview(results: Iterable[Result]) -> str:
    rows = []
    for result in results:
        if isinstance(result, Refusal):
            rows.append(["", result.file, "", "no answer", "; ".join(result.reasons), ""])
            continue
        seen = overview_of(result)
        asked = str(seen.questions or "")
        id, file = result.encounter.id, result.file
        rows.append([id, file, seen.policy, seen.outcome, ", ".join(seen.lines), asked])
    titles = ["Encounter", "File", "Policy", "Outcome", "Lines", "Questions"]
    return table(titles, [[plain_text(cell) for cell in row] for row in rows])


def _answer(answer: Answer, head: str) -> list[str]:
    encounter, solution = answer.encounter, answer.solution
    facts = [*header_facts(encounter, solution), ("File", answer.file)]
    if solution.policy.digest:
        facts.append(("Rulebook", solution.policy.digest))
    return [
        f"{head} {plain_text(encounter.id)}",
        "\n".join(item(plain_text(value), lead=f"**{name}:** ") for name, value in facts),
        *_given(encounter, solution, head),
        *claim_parts(answer, head),
        *_not_reported(solution.not_reported, encounter, head),
        *_asks(solution, encounter, head),
        *_warnings(solution.warnings, head),
        *sources_part(cited_sources(answer), head),
    ]


def _given(encounter: Encounter, solution: Solution, head: str) -> list[str]:
    """The drawn timeline where there are clock times, and all that was given as a table."""
    lanes, clockless = lanes_of(encounter, solution)
    told = [(lane.title, mark.item, mark.codes) for lane in lanes for mark in lane.marks]
    codes, withheld = earned_codes(solution), unreported(solution)
    for given in clockless:
        earned = codes.get(given.id, ("no line",) if given.id in withheld else ())
        told.append(("no clock time", given, earned))
    rows = [
        (lane, given.drug, given.id, given_words(given, encounter), " ".join(earned))
        for lane, given, earned in told
    ]
    if not rows:
        return []
    made = [f"{head}# Timeline"]
    if lanes:
        page = Page(DRAWN)
        add_timeline(page, encounter, solution)
        drawn = [line.plain for line in page.lines[1:]]
        made.append(fenced(takewhile(bool, drawn)))
    titles = ["Lane", "Drug", "Id", "Given", "Became"]
    return [*made, table(titles, [[plain_text(cell) for cell in row] for row in rows])]


def _not_reported(items: Sequence[NotReported], encounter: Encounter, head: str) -> list[str]:
    if not items:
        return []
    made = []
    for group in grouped(items):
        papers = _papers(group)
        made.append(item(f"**{plain_text(group.title)}**{papers}"))
        for member in group.members:
            subject = subject_of(member, encounter)
            lead = f"{plain_text(subject)}: " if subject else ""
            made.append(item(lead + plain_text(member.says), depth=1))
    return [f"{head}# Not reported", "\n".join(made)]


def _papers(item: Group | Warned) -> str:
    found = [plain_text(paper) for paper in papers_of(item)]
    return f" \\[{'; '.join(found)}\\]" if found else ""


def _asks(solution: Solution, encounter: Encounter, head: str) -> list[str]:
    if not solution.asks:
        return []
    made = []
    for number, ask in enumerate(solution.asks, 1):
        made.append(f"{number}. **{plain_text(ask.says)}**")
        if ask.administration is not None:
            about = administration_words(ask.administration, encounter)
            made.append(item(f"about {plain_text(about)}", depth=1))
        if ask.matters_because:
            made.append(item(f"matters because: {plain_text(ask.matters_because)}", depth=1))
        if answer_in(ask):
            made.append(item(f"its answer goes into {_coded(answer_in(ask))}", depth=1))
        made += _decides(ask, solution, encounter)
    return [f"{head}# Questions", "\n".join(made)]


def _decides(ask: Ask, solution: Solution, encounter: Encounter) -> list[str]:
    """What the answer would decide, as far as it tells code sets apart."""
    choices = choices_of(ask, solution)
    if not choices:
        return []
    if len(choices) == 1:
        lead = f"helps to decide between {sets_words(choices[0].sets)}: "
        return [item(lead + plain_text(ways_words(choices[0])), depth=1)]
    made = [item("decides between:", depth=1)]
    for choice in choices:
        lead = f"{sets_words(choice.sets)}, {choice.value}: "
        made.append(item(plain_text(lead + ways_words(choice)), depth=2))
    more = end_unstated(ask, encounter)
    return [*made, item(_coded(more), depth=1)] if more else made


def _coded(said: str) -> str:
    """Words in which what stands between accents is set as code."""
    parts = (part.strip() for part in said.split("`"))
    told = (code(part) if n % 2 else plain_text(part) for n, part in enumerate(parts))
    return " ".join(part for part in told if part).replace(" ,", ",")


def _warnings(warnings: Sequence[Warned], head: str) -> list[str]:
    if not warnings:
        return []
    made = [item(plain_text(warned.says) + _papers(warned)) for warned in warnings]
    return [f"{head}# Warnings", "\n".join(made)]


def sources_part(sources: Iterable[Cited], head: str) -> list[str]:
    """What the keys of the citations stand for."""
    made = []
    for source in sources:
        version = f" ({plain_text(source.version)})" if source.version else ""
        web = f" {code(source.url)}" if source.url else ""
        made.append(item(f"{code(source.key)} {plain_text(source.title)}{version}{web}"))
    return [f"{head}# Sources cited", "\n".join(made)] if made else []
