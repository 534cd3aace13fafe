"""The claims that all are given, the tables as data, and what `check` finds in them.

Claims are those of the seeded population, as earned or changed, without their records: only such
a claim is the same question to everyone. Each is changed once more, so that every rule of the
subset is met: a modifier lost, units multiplied, a line on another date, a visit, a blood draw, a
device flush, another place. Claims in which `check` denies a line by a rule outside the subset
are left out for all; their number is told.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from benchmarks.peers.findings import Doc, Finding
from benchmarks.population import DAY, claimed, population
from infucode import Policy, encounter_from_data
from infucode.batch.answers import Answerer
from infucode.batch.run import BATCH
from infucode.batch.tasks import Document, Question, Task
from infucode.passes.values import TEXT_MARK

RULES = {
    "claim.professional-in-facility": "setting",
    "claim.facility-only": "setting",
    "claim.pair": "pair",
    "claim.device-flush": "flush",
    "claim.most-units-line": "units",
    "claim.most-units-day": "units",
    "claim.most-units-clinical": "units",
    "claim.primary": "primary",
}
"""The rules of the subset, and the word by which the peers tell of each."""
FLUSH, DRAW = "96523", "36591"
VISITS = ("99211", "99213", "99284")


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims as plain data, each with what `check` denies in it by the rules of the subset."""

    claims: list[Doc]
    documents: list[Doc]
    """The same as encounter documents."""
    expected: list[frozenset[Finding]]
    left_out: int


def claims(count: int) -> Claims:
    """The claims of so many encounters of the population."""
    documents = [_bare(doc) for doc in _earned(population(count))]
    kept = Claims([], [], [], 0)
    left_out = 0
    for document, answer in zip(documents, answers(documents, Question.check), strict=True):
        denied = {
            (item["rule"], item["lines"][0])
            for item in answer["violations"]
            if item["severity"] == "deny"
        }
        if not {rule for rule, _ in denied} <= RULES.keys():
            left_out += 1
            continue
        kept.documents.append(document)
        kept.claims.append(plain(document))
        kept.expected.append(frozenset((RULES[rule], line) for rule, line in denied))
    return Claims(kept.claims, kept.documents, kept.expected, left_out)


def answers(documents: Sequence[Doc], question: Question) -> Iterator[Doc]:
    """What a batch answers to each. Raises RuntimeError for a document that is refused."""
    answerer, source = Answerer(Task(question)), iter(documents)
    while batch := list(islice(source, BATCH)):
        texts = [json.dumps(doc, separators=(",", ":")).encode() for doc in batch]
        named = [Document("claims", n, text) for n, text in enumerate(texts, 1)]
        for result in answerer.results(named):
            if result.rejected:
                raise RuntimeError(result.rejected.decode())
            yield json.loads(result.answer)


def _earned(docs: Iterator[Doc]) -> Iterator[Doc]:
    found = list(docs)
    for doc, answer in zip(found, answers(found, Question.solve), strict=True):
        sets = answer["code_sets"]
        lines = sets[0]["lines"] if sets else ()
        yield claimed(doc, [(n["code"], n["units"], tuple(n["modifiers"])) for n in lines])


def _bare(doc: Doc) -> Doc:
    """A claim without its record, changed once more."""
    source = random.Random(f"peers {doc['id']}")
    lines = [dict(line) for line in doc["claim_lines"]]
    change = source.choice(("none", "mark", "units", "date", "visit", "draw", "flush", "place"))
    if change == "mark":
        source.choice(lines)["modifiers"] = source.choice(([], ["59"], ["76"]))
    elif change == "units":
        source.choice(lines)["units"] *= 10
    elif change == "date":
        source.choice(lines)["date"] = DAY.replace(day=DAY.day + 1).isoformat()
    elif change == "visit":
        marks = source.choice(([], ["25"]))
        lines.append({"id": "V", "code": source.choice(VISITS), "units": 1, "modifiers": marks})
    elif change in ("draw", "flush"):
        code = DRAW if change == "draw" else FLUSH
        lines.append({"id": "V", "code": code, "units": 1, "modifiers": []})
    names = ("id", "claim", "type_of_bill", "place_of_service", "line_of_business", "date")
    bare = {name: doc[name] for name in names if name in doc}
    if change == "place" and bare["claim"] == "professional":
        bare["place_of_service"] = "22"
    return bare | {"administrations": [], "claim_lines": lines}


def plain(document: Doc) -> Doc:
    """A claim as any engine is given it: lines with code, units, modifiers and date."""
    return {
        "id": document["id"],
        "claim": document["claim"],
        "place": document["place_of_service"],
        "lines": [
            {
                "id": line["id"],
                "code": line["code"],
                "units": line["units"],
                "modifiers": line.get("modifiers", []),
                "date": line.get("date", document["date"]),
            }
            for line in document["claim_lines"]
        ],
    }


def tables() -> Doc:
    """The tables of the rulebook that the subset reads, as JSON."""
    rows = _Rows()
    pairs: dict[str, dict[str, dict[str, int]]] = {"facility": {}, "professional": {}}

    def pair(claim: str, first: str, second: str, indicator: int) -> None:
        known = pairs[claim].setdefault(first, {})
        known[second] = min(indicator, known.get(second, indicator))

    groups: dict[str, list[str]] = {}
    for group, code in rows("pair_group", 2):
        groups.setdefault(group, []).append(code)
    for row in (*rows("edit_pair", 4), *rows("service_edit", 4)):
        pair(*row)
    for claim, group, other, indicator in rows("group_edit", 4):
        for first in groups[group]:
            for second in groups[other]:
                pair(claim, first, second, indicator)
    for claim, visit, beside in rows("visit_barred_beside", 3):
        pair(claim, beside, visit, 0)
    limits: dict[str, dict[str, list[int]]] = {"facility": {}, "professional": {}}
    for name in ("most_units", "most_service_units", "most_drug_units"):
        for claim, code, limit, kind in rows(name, 4):
            limits[claim][code] = [limit, kind]
    general = [*rows("primary", 2), *rows("other_primary", 2)]
    lists = {"facility": general, "professional": [*general, *rows("professional_primary", 2)]}
    return {
        "pairs": pairs,
        "limits": limits,
        "primaries": {claim: _listed(found) for claim, found in lists.items()},
        "facility_places": [place for (place,) in rows("facility_place", 1)],
        "facility_reports": [code for (code,) in rows("facility_reports", 1)],
        "facility_only": [code for (code,) in rows("facility_only", 1)],
        "visits": [code for (code,) in rows("visit_code", 1)],
        "supplies": [code for code, _ in rows("supply_code", 2)],
        "flushes": [code for code, kind in rows("supply_code", 2) if kind == "device"],
        "distinct": [modifier for (modifier,) in rows("distinct_modifier", 1)],
        "separate_visit": "25",
    }


class _Rows:
    """The rows of a table of the default plan as plain values."""

    def __init__(self) -> None:
        line = {"id": "L1", "code": FLUSH}
        doc = {
            "id": "tables", "claim": "facility", "date": DAY.isoformat(),
            "place_of_service": "22", "administrations": [], "claim_lines": [line],
        }  # fmt: skip
        judged = Policy.load().check(encounter_from_data(doc), explain=False)
        assert judged.reasons is not None
        self._tables = judged.reasons.program.tables

    def __call__(self, name: str, places: int) -> list[tuple[Any, ...]]:
        return [tuple(map(_plain, row)) for row in self._tables[name, places].rows]


def _plain(value: Any) -> Any:
    return value.removeprefix(TEXT_MARK) if isinstance(value, str) else value


def _listed(pairs: Sequence[tuple[Any, ...]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, primary in pairs:
        found.setdefault(code, []).append(primary)
    return {code: sorted(set(listed)) for code, listed in found.items()}
