"""What the rules say in a case: their sentences, filled in, as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from infucode.documents import words
from infucode.documents.nodes import Broken, Kind, Scalar
from infucode.documents.readers import Reader, text
from infucode.documents.record import Record
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.questions.completions import MOST_SETS
from infucode.questions.remedies import wants_of
from infucode.rulebook.checks_papers import NEED_WORDS
from infucode.workbench.case import Says

REMEDIES = ("recode_to", "fewer_to", "take_off", "mark_with", "needed")
"""What the rules say of ways to mend a line."""
TRIED = ("needed_fact",)
"""What is said only where it was tried, and the line then stands."""
_SENTENCE = text(1_000)


def read_says(at: Record, rule: Reader[str]) -> Says:
    """What is under `says`: rule ids, each with all sentences that it says, or the only one."""
    record = at.record("says", "what rules say")
    if record is None:
        return ()
    if not record.node.entries:
        at.refuse("says", "no rule is named here", "write rule ids, each with its sentence")
    found = []
    for key, (place, value) in record.node.entries.items():
        known = record.read(Scalar(place.at, place.path, key, Kind.TEXT), rule)
        if isinstance(value, Scalar | Broken):
            said: tuple[str, ...] = (record.required(key, _SENTENCE, ""),)
        else:
            said = record.values(key, _SENTENCE, words.MAX_ITEMS, "sentences")
        if known is not None:
            found.append((known, said))
    return tuple(found)


def says_differences(wanted: Says, solved: Solved, judged: Judged | None) -> Iterator[str]:
    """Each sentence that is missing, and each that a named rule says beside them."""
    given = said_in(solved, judged) if wanted else {}
    for rule, sentences in wanted:
        own = given.get(rule, {})
        for sentence in sentences:
            if sentence not in own:
                yield f"the rule {rule} is to say `{sentence}`; it says {_listed(own)}"
        for sentence in own:
            if sentence not in sentences:
                yield f"the rule {rule} says `{sentence}`; it is not to"


def said_in(solved: Solved, judged: Judged | None = None) -> dict[str, dict[str, None]]:
    """The sentences of each rule over the record and, where there is one, over its claim."""
    found: dict[str, dict[str, None]] = {}
    for rule, sentence in (*_of_record(solved), *(_of_claim(judged) if judged else ())):
        if sentence:
            found.setdefault(rule, {})[sentence] = None
    return found


def _of_record(solved: Solved) -> Iterator[tuple[str, str]]:
    for item in solved._found[:MOST_SETS]:
        for kind in sorted(NEED_WORDS):
            for outcome in item.answer.of(kind):
                yield outcome.rule, item.reasons.reason(outcome).says


def _of_claim(judged: Judged) -> Iterator[tuple[str, str]]:
    reasons = judged.reasons
    if reasons is not None:
        outcomes = [finding.outcome for found in judged.sources.values() for finding in found]
        if judged.outcome == "violating":
            outcomes += [outcome for outcome, _, _ in wants_of(reasons, REMEDIES)]
            yield from tried_in(judged)
        yield from ((outcome.rule, reasons.reason(outcome).says) for outcome in outcomes)
    yield from ((item.rule, item.why) for item in judged.checked.not_checked if item.rule)


def tried_in(judged: Judged) -> list[tuple[str, str]]:
    """What the repairs of a claim say is lacking in its record: the rules and their sentences."""
    reasons = judged.reasons
    tried = [] if reasons is None else wants_of(reasons, TRIED)
    if reasons is None or not tried:
        return []
    remedies = judged.with_remedies().checked.remedies
    needs = {says for repair in remedies.repairs for says in repair.needs} if remedies else set()
    said = [(outcome.rule, reasons.reason(outcome).says) for outcome, _, _ in tried]
    return [(rule, says) for rule, says in said if says in needs]


def _listed(sentences: Iterable[str]) -> str:
    return ", ".join(f"`{sentence}`" for sentence in sentences) or "nothing"
