"""Checked claims as one page: no script, no network, printable, equal bytes for equal input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from infucode.model.claim import Violation
from infucode.model.solution import Ask, Reason
from infucode.render.check_content import (
    STATES,
    ClaimAnswer,
    Claimed,
    apart_of,
    check_facts,
    cites_of,
    claimed_lines,
    general,
    omitted_in,
    omitted_name,
    omitted_when,
    omitted_words,
    tally,
    untold,
)
from infucode.render.check_report import CheckResult
from infucode.render.html_answer import papers_html, sources_html
from infucode.render.html_page import refused, whole_page
from infucode.render.html_proof import proof_html
from infucode.render.markup import Markup, el, join
from infucode.render.remedies_html import remedies_html
from infucode.render.report import Refusal, sources_of
from infucode.render.words import counted

BADGE = {
    "valid": "coded", "review": "ambiguous", "undecided": "ambiguous", "violating": "blocked",
    "stands": "coded", "violates": "blocked",
}  # fmt: skip
"""The style of an outcome or a state: that of the outcome of ``solve`` that weighs the same."""
MARK = {"stands": "✓", "violates": "✗", "review": "!", "undecided": "?"}
SEVERITY = {"deny": "denied", "advise": "quiet"}
COLUMN = {"Units": "number", "Date": "apart", "Visit": "apart", "Charge": "apart"}
"""The style of a column; what is `apart` stands beneath the service on a narrow page."""
COLUMNS = ("Encounter", "File", "Policy", "Outcome", "Lines", "Omitted")


def check_page(results: Sequence[CheckResult]) -> str:
    """One page: an overview where there are several results, then a section for each claim."""
    several = len(results) > 1
    answers = [result for result in results if isinstance(result, ClaimAnswer)]
    title = counted(len(results), "claim") if several else answers[0].encounter.id
    sections = [
        _section(result, number)
        for number, result in enumerate(results, 1)
        if isinstance(result, ClaimAnswer)
    ]
    return whole_page(title, _overview(results) if several else None, el("main", sections))


def _overview(results: Sequence[CheckResult]) -> Markup:
    rows = [
        refused(result) if isinstance(result, Refusal) else _row(result, number)
        for number, result in enumerate(results, 1)
    ]
    head = el("thead", el("tr", (el("th", name, scope="col") for name in COLUMNS)))
    table = el("table", head, el("tbody", rows), class_="overview")
    title = el("h1", counted(len(results), "claim"))
    return el("header", title, el("div", table, class_="scroll"))


def _row(answer: ClaimAnswer, number: int) -> Markup:
    checked = answer.checked
    link = el("a", answer.encounter.id, href=f"#claim-{number}")
    policy = f"{checked.policy.id} {checked.policy.version}"
    omitted = str(len(checked.omitted) or "")
    told = tally(checked).split(", ")
    lines = ", ".join(part for part in told if not part.endswith("omitted"))
    cells = (link, answer.file, policy, _badge(checked.outcome), lines, omitted)
    return el("tr", (el("td", cell) for cell in cells))


def _badge(outcome: str) -> Markup:
    return el("span", outcome, class_=f"outcome {BADGE[outcome]}")


def _section(answer: ClaimAnswer, number: int) -> Markup:
    return el(
        "section",
        _header(answer),
        _lines(answer),
        _omitted(answer),
        _general(answer),
        remedies_html(answer.encounter, answer.checked),
        _untold(answer),
        sources_html(sources_of(cites_of(answer.checked), answer.background)),
        class_="answer", id=f"claim-{number}",
    )  # fmt: skip


def _header(answer: ClaimAnswer) -> Markup:
    checked = answer.checked
    facts = [
        fact for fact in check_facts(answer.encounter, checked)
        if fact[0] not in ("Encounter", "Outcome")
    ]  # fmt: skip
    facts.insert(0, ("Date", answer.encounter.date.isoformat()))
    facts.append(("File", answer.file))
    rows = [join(el("dt", name), el("dd", value)) for name, value in facts]
    if checked.policy.digest:
        digest = el("span", checked.policy.digest, class_="digest")
        rows.append(join(el("dt", "Rulebook"), el("dd", digest)))
    outcome = el("p", _badge(checked.outcome), " ", tally(checked))
    told = el("dl", rows, class_="facts")
    return el("header", el("h1", answer.encounter.id), outcome, told)


def _lines(answer: ClaimAnswer) -> Markup:
    title = el("h2", "Claim lines")
    lines = claimed_lines(answer.encounter, answer.checked)
    if not lines:
        return join(title, el("p", "the claim has none", class_="quiet"))
    apart = apart_of(lines, answer.encounter)
    modified = any(line.line.modifiers for line in lines)
    titles = ["Code", *(["Mod"] if modified else []), "Units", "State", "Line", *apart]
    head = [el("th", name, scope="col", class_=COLUMN.get(name)) for name in titles]
    head.append(el("th", "Service", scope="col", class_="service"))
    bodies = [_line(line, titles, answer) for line in lines]
    return join(title, el("table", el("thead", el("tr", head)), bodies, class_="lines claimed"))


def _line(line: Claimed, titles: Sequence[str], answer: ClaimAnswer) -> Markup:
    state = line.state.state
    cells = [el("th", line.line.code, scope="rowgroup")]
    for title in titles[1:]:
        if title == "State":
            mark = f"{MARK[state]} {STATES[state][0]}"
            cells.append(el("td", el("span", mark, class_=f"outcome {BADGE[state]} whole")))
        else:
            style = "mod" if title == "Mod" else COLUMN.get(title)
            cells.append(el("td", line.cells[title], class_=style))
    label = el("span", line.label, class_="label") if line.label else None
    where = ", ".join(_where(line.cells, titles))
    cells.append(
        el("td", label, el("span", "; ".join(line.origins), class_="says"),
           el("span", where, class_="where") if where else None, class_="service")
    )  # fmt: skip
    why = _below(line, answer)
    body = el("tr", el("td", why, colspan=str(len(cells)))) if why else None
    return el("tbody", el("tr", cells), body)


def _where(cells: Mapping[str, str], titles: Sequence[str]) -> Iterator[str]:
    """What a narrow page has no columns for, in words."""
    for title in titles:
        if COLUMN.get(title) == "apart" and cells[title]:
            yield cells[title] if title == "Date" else f"{title.lower()} {cells[title]}"


def _below(line: Claimed, answer: ClaimAnswer) -> Markup | None:
    proofs = answer.proofs or {}
    made = []
    for number, violation in line.violations:
        made += [_said(violation), proof_html(proofs.get(number, ())) or None]
    made += [_told("undecided", reason) for reason in line.state.because]
    made.append(proof_html(proofs.get(line.line.id, ())))
    made += [_ask(ask) for ask in line.state.asks]
    kept = [part for part in made if part]
    return el("ul", kept, class_="why") if kept else None


def _said(violation: Violation) -> Markup:
    return _told(violation.severity, Reason(violation.rule, violation.says, violation.cite))


def _told(word: str, reason: Reason) -> Markup:
    kind = el("strong", word, class_=SEVERITY.get(word, "doubt"))
    return el("li", kind, " ", reason.says, " ", papers_html(reason))


def _ask(ask: Ask) -> Markup:
    matters = None
    if ask.matters_because:
        matters = el("p", el("b", "Matters because: "), ask.matters_because)
    return el("li", el("p", el("strong", ask.says)), matters, class_="ask")


def _omitted(answer: ClaimAnswer) -> Markup | None:
    made = []
    for number, violation, item in omitted_in(answer.checked):
        when = omitted_when(item, answer.encounter)
        said = [item.label, when, "; ".join(omitted_words(item, answer.encounter))]
        head = el("span", f"{omitted_name(item)} ×{item.units}", class_="label")
        origin = el("span", ", ".join(part for part in said if part), class_="says")
        proof = proof_html((answer.proofs or {}).get(number, ()))
        made.append(el("li", head, origin, el("ul", _said(violation), class_="why"), proof))
    if not made:
        return None
    title = el("h2", "Omitted ", el("small", "earned by the record and not claimed"))
    return join(title, el("ul", made, class_="remarks"))


def _general(answer: ClaimAnswer) -> Markup | None:
    found = general(answer.checked)
    if not found:
        return None
    said = [_said(violation) for _, violation in found]
    return join(el("h2", "About the claim"), el("ul", said, class_="why"))


def _untold(answer: ClaimAnswer) -> Markup | None:
    made = [
        el("li", el("strong", ", ".join(whats)), ": ", item.why, " ",
           papers_html(Reason(item.rule, item.why, item.cite)))
        for item, whats in untold(answer.checked)
    ]  # fmt: skip
    return join(el("h2", "Not checked"), el("ul", made, class_="remarks")) if made else None
