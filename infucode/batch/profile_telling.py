"""A profile as sections, and the sample of the documents that it is made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from infucode.batch.answers import JSON_ONLY
from infucode.batch.profile import Cost, Profile
from infucode.batch.tasks import Document
from infucode.documents import parse_encounter
from infucode.errors import DocumentError
from infucode.model.encounter import Encounter
from infucode.render.batch_sections import Column, Row, Section, Sections
from infucode.render.words import counted

SCHEMA = "infucode.batch-profile.v1"
SHARE = Column("share", "percent", "share")
TIME = Column("microseconds", "microseconds", "real", bar=True)
PER = "For each encounter of the sample."


def sampled(documents: Iterable[Document], size: int, seed: int | None) -> list[Document]:
    """The first so many documents; with a seed so many of all, each as likely as any other."""
    if seed is None:
        return list(islice(documents, size))
    source, kept = random.Random(seed), list[tuple[int, Document]]()
    for number, document in enumerate(documents):
        if len(kept) < size:
            kept.append((number, document))
        elif (place := source.randrange(number + 1)) < size:
            kept[place] = number, document
    return [document for _, document in sorted(kept, key=lambda item: item[0])]


def read_all(documents: Iterable[Document]) -> tuple[list[Encounter], int]:
    """The encounters, and how many documents are none."""
    found, refused = [], 0
    for document in documents:
        try:
            if document.wrong:
                raise DocumentError([])
            found.append(parse_encounter(document.text, name=JSON_ONLY))
        except DocumentError:
            refused += 1
    return found, refused


def profile_sections(found: Profile, top: int | None, sample: str, refused: int) -> Sections:
    """The tables of a profile: rules, strata, and what clingo grounds."""
    number = max(found.encounters, 1)
    whole = max(found.nanoseconds, 1)
    rules = [{"rule": id, **_cost(cost, number, whole)} for id, cost in found.rules.items()]
    strata = [
        {"stratum": name, "answered": round(anew / number, 3), **_cost(cost, number, whole)}
        for name, (anew, cost) in found.strata.items()
    ]
    sections = [
        _section("rules", "Rules by processor time", (Column("rule", "rule", "name"), *_COST),
                 rules, top, PER),
        _section("strata", "Strata by processor time",
                 (Column("gives", "stratum", "words"), Column("answered", "answered", "real"),
                  *_COST), strata, top, f"{PER} Answered: how often anew."),
    ]  # fmt: skip
    if found.grounded:
        sections.append(_grounds(found, top))
    each = found.nanoseconds / number / 1_000_000
    batch = 1000 * found.batch_seconds / number
    about = [
        ("sample", sample),
        ("answered", f"{counted(found.encounters, 'encounter')} in {found.worlds:,} worlds, by "
                     f"{counted(found.rulebooks, 'rulebook')}"),
        ("rules", f"{each:.2f} ms for each encounter, clause by clause"),
        ("batch", f"{batch:.2f} ms for each in the batch itself, reasons off: facts, worlds, "
                  "rules as one function, answers"),
    ]  # fmt: skip
    if found.grounded:
        ground = 1000 * found.ground_seconds / found.grounded
        about.append(("clingo", f"{ground:.0f} ms for each to ground the whole program, without "
                      "worlds"))  # fmt: skip
    notes = ["processor time; a stratum is run only where what it reads has changed since the "
             "world before; the second of two passes is measured"]  # fmt: skip
    left = refused + found.refused
    if left:
        notes.append(f"{counted(left, 'document')} of the sample left out: refused, or of a day "
                     "without a rulebook")  # fmt: skip
    data = {
        "sample": sample, "encounters": found.encounters, "left_out": left,
        "worlds": found.worlds, "rulebooks": found.rulebooks, "grounded": found.grounded,
        "milliseconds_of_rules": round(each, 4), "milliseconds_in_batch": round(batch, 4),
        "milliseconds_to_ground": round(1000 * found.ground_seconds / max(found.grounded, 1), 4),
    }  # fmt: skip
    return Sections(SCHEMA, "Profile of a batch", about, notes, sections, data)


_COST = (
    TIME, SHARE, Column("rows", "rows", "real"), Column("clauses run", "runs", "real"),
)  # fmt: skip


def _cost(cost: Cost, number: int, whole: int) -> Row:
    return {
        "microseconds": round(cost.nanoseconds / number / 1000, 3),
        "percent": round(100 * cost.nanoseconds / whole, 2),
        "rows": round(cost.rows / number, 3),
        "runs": round(cost.runs / number, 3),
    }


def _grounds(found: Profile, top: int | None) -> Section:
    whole = max(sum(ground.nanoseconds for ground in found.grounds.values()), 1)
    rows = [
        {
            "rule": id,
            "microseconds": round(ground.nanoseconds / found.grounded / 1000, 3),
            "percent": round(100 * ground.nanoseconds / whole, 2),
            "instances": round(ground.instances / found.grounded, 3),
            "clauses": round(ground.clauses / found.grounded, 3),
        }
        for id, ground in found.grounds.items()
    ]
    columns = (
        Column("rule", "rule", "name"), TIME, SHARE, Column("instances", "instances", "real"),
        Column("clauses", "clauses", "real"),
    )  # fmt: skip
    note = (
        f"For each of {counted(found.grounded, 'encounter')}: each clause alone, over the "
        "finished answer of what is stated."
    )
    return _section("grounding", "Rules by grounding time (clingo)", columns, rows, top, note)


def _section(
    id: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    top: int | None,
    note: str,
) -> Section:
    order: Callable[[Row], tuple[float, str]] = lambda row: (  # noqa: E731
        -row["microseconds"], str(next(iter(row.values()))),
    )  # fmt: skip
    ordered = sorted(rows, key=order)
    kept = ordered if top is None else ordered[:top]
    return Section(id, title, columns, kept, len(ordered) - len(kept), note)
