"""Checked claims as Markdown: tables and lists, with data that cannot become markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from infucode.model.claim import Violation
from infucode.model.proof import Step
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
from infucode.render.markdown import sources_part
from infucode.render.markdown_lines import PROOF_WIDTH
from infucode.render.markdown_text import fenced, item, plain_text, table, whole_document
from infucode.render.page import Page
from infucode.render.proof_tree import add_proof
from infucode.render.remedies_markdown import remedies_markdown
from infucode.render.report import Refusal, sources_of


def check_markdown(results: Sequence[CheckResult]) -> str:
    """One document: an overview where there are several results, then each claim."""
    head = "##" if len(results) > 1 else "#"
    answers = [_answer(result, head) for result in results if isinstance(result, ClaimAnswer)]
    return whole_document("claim", _overview(results), answers, len(results))


def _overview(results: Iterable[CheckResult]) -> str:
    rows = []
    for result in results:
        if isinstance(result, Refusal):
            rows.append(["", result.file, "", "no answer", "; ".join(result.reasons)])
            continue
        checked = result.checked
        policy = f"{checked.policy.id} {checked.policy.version}"
        rows.append([result.encounter.id, result.file, policy, checked.outcome, tally(checked)])
    titles = ["Encounter", "File", "Policy", "Outcome", "Lines"]
    return table(titles, [[plain_text(cell) for cell in row] for row in rows])


def _answer(answer: ClaimAnswer, head: str) -> list[str]:
    encounter, checked = answer.encounter, answer.checked
    facts = [*check_facts(encounter, checked), ("Lines", tally(checked)), ("File", answer.file)]
    if checked.policy.digest:
        facts.append(("Rulebook", checked.policy.digest))
    return [
        f"{head} {plain_text(encounter.id)}",
        "\n".join(item(plain_text(value), lead=f"**{name}:** ") for name, value in facts),
        *_lines(answer, head),
        *_omitted(answer, head),
        *_listed(f"{head}# About the claim", (_said(v) for _, v in general(checked))),
        *remedies_markdown(encounter, checked, head),
        *_listed(
            f"{head}# Not checked",
            (
                f"**{plain_text(', '.join(whats))}:** "
                + plain_text(untold_item.why)
                + _papers(untold_item.cite, untold_item.rule)
                for untold_item, whats in untold(checked)
            ),
        ),
        *sources_part(sources_of(cites_of(checked), answer.background), head),
    ]


def _listed(title: str, entries: Iterable[str]) -> list[str]:
    made = [item(entry) for entry in entries]
    return [title, "\n".join(made)] if made else []


def _lines(answer: ClaimAnswer, head: str) -> list[str]:
    lines = claimed_lines(answer.encounter, answer.checked)
    made = [f"{head}# Claim lines"]
    if not lines:
        return [*made, "the claim has none"]
    titles = ["Line", "Code", "Mod", "Units", *apart_of(lines, answer.encounter)]
    rows = [
        [
            *(plain_text(line.cells[title]) for title in titles),
            plain_text(line.label),
            f"**{STATES[line.state.state][0]}**",
        ]
        for line in lines
    ]
    made.append(table([*titles, "Service", "State"], rows, numbers="Units"))
    for line in lines:
        below = list(_below(line, answer))
        if below:
            name = plain_text(f"{line.line.id} {line.name}: {STATES[line.state.state][0]}")
            made += [f"{head}## {name}", *below]
    return made


def _below(line: Claimed, answer: ClaimAnswer) -> Iterator[str]:
    proofs = answer.proofs or {}
    said = [item(plain_text(f"for {'; '.join(line.origins)}"))] if line.origins else []
    said += [item(_said(violation)) for _, violation in line.violations]
    for reason in line.state.because:
        papers = _papers(reason.cite, reason.rule)
        said.append(item(f"**undecided** {plain_text(reason.says)}{papers}"))
    for ask in line.state.asks:
        said.append(item(f"**ask** {plain_text(ask.says)}"))
        if ask.matters_because:
            said.append(item(f"matters because: {plain_text(ask.matters_because)}", depth=1))
    if line.violations or line.state.because or line.state.asks:
        yield "\n".join(said)
    for number, _ in line.violations:
        yield from _proofs(proofs.get(number, ()))
    yield from _proofs(proofs.get(line.line.id, ()))


def _proofs(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        page = Page(PROOF_WIDTH)
        add_proof(page, step)
        yield fenced(text.plain for text in page.lines)


def _omitted(answer: ClaimAnswer, head: str) -> list[str]:
    made: list[str] = []
    drawn: list[str] = []
    for number, violation, found in omitted_in(answer.checked):
        when = omitted_when(found, answer.encounter)
        said = [found.label, when, "; ".join(omitted_words(found, answer.encounter))]
        lead = f"**{plain_text(omitted_name(found))}** ×{found.units} "
        made.append(item(lead + plain_text(", ".join(part for part in said if part))))
        made.append(item(_said(violation), depth=1))
        drawn += _proofs((answer.proofs or {}).get(number, ()))
    return [f"{head}# Omitted", "\n".join(made), *drawn] if made else []


def _said(violation: Violation) -> str:
    papers = _papers(violation.cite, violation.rule)
    return f"**{violation.severity}** {plain_text(violation.says)}{papers}"


def _papers(cite: str, rule: str) -> str:
    found = [plain_text(paper) for paper in (cite, rule) if paper]
    return f" \\[{'; '.join(found)}\\]" if found else ""
