"""One answer as a section of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, NotReported, Reason, Solution, Warned
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
from infucode.render.html_lines import claim_html
from infucode.render.html_timeline import timeline_html
from infucode.render.lanes import earned_codes, lanes_of, unreported
from infucode.render.markup import Markup, el, join
from infucode.render.report import Answer, Cited, cited_sources
from infucode.render.words import administration_words, counted


def answer_html(answer: Answer, *, number: int) -> Markup:
    """The section of one encounter; ``number`` makes its anchors."""
    encounter, solution = answer.encounter, answer.solution
    return el(
        "section",
        _header(answer, number),
        timeline_html(encounter, solution),
        _clockless(encounter, solution),
        claim_html(answer),
        _not_reported(solution.not_reported, encounter),
        _asks(solution, encounter, number),
        _warnings(solution.warnings),
        sources_html(cited_sources(answer)),
        class_="answer", id=f"encounter-{number}",
    )  # fmt: skip


def _header(answer: Answer, number: int) -> Markup:
    encounter, solution = answer.encounter, answer.solution
    *facts, (_, outcome) = header_facts(encounter, solution)
    facts[0] = ("Date", encounter.date.isoformat())
    if encounter.patient_age_years is not None:
        facts.insert(1, ("Patient", f"{counted(encounter.patient_age_years, 'year')} old"))
    facts.append(("File", answer.file))
    badge = el("span", outcome, class_=f"outcome {solution.outcome}")
    asked = None
    if solution.asks:
        words = f"{counted(len(solution.asks), 'question')} to ask"
        asked = join(" ", el("a", words, href=f"#questions-{number}"))
    rows = [join(el("dt", name), el("dd", value)) for name, value in facts]
    if solution.policy.digest:
        digest = el("span", solution.policy.digest, class_="digest")
        rows.append(join(el("dt", "Rulebook"), el("dd", digest)))
    told = el("dl", rows, class_="facts")
    return el("header", el("h1", encounter.id), el("p", badge, asked), told)


def _clockless(encounter: Encounter, solution: Solution) -> Markup | None:
    _, items = lanes_of(encounter, solution)
    if not items:
        return None
    codes, withheld = earned_codes(solution), unreported(solution)
    rows = []
    for item in items:
        earned = codes.get(item.id, ("no line",) if item.id in withheld else ())
        id = el("span", f"({item.id})", class_="quiet")
        name = el("th", item.drug, " ", id, scope="row")
        became = el("td", " ".join(earned), class_="mono")
        rows.append(el("tr", name, el("td", given_words(item, encounter)), became))
    head = el("tr", (el("th", name, scope="col") for name in ("Drug", "Given", "Became")))
    some = len(items) < len(encounter.administrations)
    title = "Without clock times" if some else "Administrations"
    return join(
        el("h2", title),
        el("div", el("table", el("thead", head), el("tbody", rows)), class_="scroll"),
    )


def _not_reported(items: Sequence[NotReported], encounter: Encounter) -> Markup | None:
    if not items:
        return None
    return join(el("h2", "Not reported"), (group_html(g, encounter) for g in grouped(items)))


def group_html(group: Group, encounter: Encounter) -> Markup:
    """What is not reported for one reason."""
    members = []
    for item in group.members:
        subject = subject_of(item, encounter)
        members.append(
            el("li", el("span", subject, class_="label") if subject else None,
               el("span", item.says, class_="says"))
        )  # fmt: skip
    return join(
        el("h3", group.title, " ", papers_html(group)), el("ul", members, class_="remarks")
    )


def papers_html(item: Reason | Warned | NotReported | Group) -> Markup | None:
    """Citation and rule id, small."""
    if not papers_of(item):
        return None
    rule = el("code", item.rule) if item.rule else None
    return el(
        "small", item.cite, " · " if item.cite and item.rule else None, rule, class_="papers"
    )


def _asks(solution: Solution, encounter: Encounter, number: int) -> Markup | None:
    if not solution.asks:
        return None
    made = []
    for count, ask in enumerate(solution.asks, 1):
        about = matters = place = None
        if ask.administration is not None:
            words = administration_words(ask.administration, encounter)
            about = el("p", f"about {words}", class_="quiet")
        if ask.matters_because:
            matters = el("p", el("b", "Matters because: "), ask.matters_because)
        if answer_in(ask):
            place = el("p", "its answer goes into ", coded(answer_in(ask)), class_="quiet")
        says = el("p", el("span", f"{count}. ", class_="number-of"), el("strong", ask.says))
        decides = _decides(ask, solution, encounter)
        made.append(el("li", says, about, matters, place, decides, class_="ask"))
    title = el("h2", "Questions", id=f"questions-{number}")
    return join(title, el("ol", made, class_="remarks"))


def _decides(ask: Ask, solution: Solution, encounter: Encounter) -> Markup | None:
    """What the answer would decide, as far as it tells code sets apart."""
    choices = choices_of(ask, solution)
    if not choices:
        return None
    if len(choices) == 1:
        says = f"Helps to decide between {sets_words(choices[0].sets)}: "
        return el("p", el("b", says), el("span", ways_words(choices[0]), class_="mono"))
    rows = [
        el("tr", el("td", sets_words(choice.sets)), el("td", choice.value),
           el("td", ways_words(choice), class_="mono"))
        for choice in choices
    ]  # fmt: skip
    more = end_unstated(ask, encounter)
    below = el("p", coded(more[:1].upper() + more[1:]), class_="quiet") if more else None
    table = el("table", el("tbody", rows), class_="decides")
    return join(el("p", el("b", "Decides between:")), table, below)


def coded(said: str) -> Markup:
    """Words in which what stands between accents is set as code."""
    parts = said.split("`")
    return join(el("code", part) if n % 2 else part for n, part in enumerate(parts))


def _warnings(warnings: Sequence[Warned]) -> Markup | None:
    if not warnings:
        return None
    made = (
        el("li", el("span", warned.says, class_="says"), papers_html(warned), class_="warned")
        for warned in warnings
    )
    return join(el("h2", "Warnings"), el("ul", made, class_="remarks"))


def sources_html(sources: Iterable[Cited]) -> Markup | None:
    """What the keys of the citations stand for; only web addresses become links."""
    made = []
    for source in sources:
        web = source.url.startswith(("https://", "http://"))
        title = el("a", source.title, href=source.url) if web else source.title
        version = f" ({source.version})" if source.version else None
        made.append(join(el("dt", el("code", source.key)), el("dd", title, version)))
    if not made:
        return None
    return join(el("h2", "Sources cited"), el("dl", made, class_="facts sources"))
