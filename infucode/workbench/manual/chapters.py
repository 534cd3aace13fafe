"""The chapters of a manual: clauses by source document, each rule told at one of its clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from infucode.render.manual_content import Chapter, ClausePart, ClauseRef, Named, RuleEntry
from infucode.rulebook.checks_papers import cited
from infucode.rulebook.library import Library
from infucode.workbench.clauses import SOURCES, Clause, ClauseMap

UNCITED = "clauses-"
BESIDE = "beside"


def chapters(
    library: Library, known: ClauseMap, entries: Mapping[str, RuleEntry]
) -> tuple[Chapter, ...]:
    """Every clause in one chapter, every rule told once.

    First the source documents in the order of `sources.toml`, then clauses without a source by
    letter, then rules that name no clause.
    """
    homes = {id: home_of(entry, known) for id, entry in entries.items()}
    by_source: dict[str, list[Clause]] = {key: [] for key in library.sources}
    by_letter: dict[str, list[Clause]] = {letter: [] for letter in known.letters}
    for clause in known.clauses.values():
        key = clause.cite.split()[0] if clause.cite else ""
        own = by_source.get(key, by_letter[clause.letter])
        own.append(clause)
    found = [
        _of_source(library, key, own, entries, homes) for key, own in by_source.items() if own
    ]
    for letter, own in by_letter.items():
        if own:
            parts = tuple(_parts(own, entries, homes))
            title = f"{letter}. {known.letters[letter]}"
            about = "Clauses of the rule map that no single source states."
            found.append(Chapter(f"{UNCITED}{letter.lower()}", title, about, "", parts))
    rest = tuple(entry for id, entry in entries.items() if not homes[id])
    if rest:
        part = ClausePart(ClauseRef("", "", ""), "", rest, ())
        about = "What rules need beside the clauses: order, names, tables of their own."
        found.append(Chapter(BESIDE, "Rules that name no clause", about, "", (part,)))
    return tuple(found)


def home_of(entry: RuleEntry, known: ClauseMap) -> str:
    """The clause at which a rule is told: the first of a source that it cites, else its first."""
    own = [known.clauses[clause.id] for clause in entry.clauses]
    keys = cited(entry.detail.cite)
    by_cite = (c for key in keys for c in own if c.cite and c.cite.split()[0] == key)
    of_sources = (c for c in own if c.letter == SOURCES)
    chosen = next(of_sources, None) or next(by_cite, None) or next(iter(own), None)
    return chosen.id if chosen is not None else ""


def _of_source(
    library: Library,
    key: str,
    own: Sequence[Clause],
    entries: Mapping[str, RuleEntry],
    homes: Mapping[str, str],
) -> Chapter:
    source = library.sources[key]
    about = f"{key}, {source.version}; read {source.read}"
    return Chapter(key, source.title, about, source.url, tuple(_parts(own, entries, homes)))


def _parts(
    own: Sequence[Clause], entries: Mapping[str, RuleEntry], homes: Mapping[str, str]
) -> Iterator[ClausePart]:
    for clause in own:
        naming = [e for e in entries.values() if any(c.id == clause.id for c in e.clauses)]
        here = tuple(entry for entry in naming if homes[entry.id] == clause.id)
        elsewhere = tuple(
            Named(entry.id, entry.detail.text) for entry in naming if entry not in here
        )
        reference = ClauseRef(clause.id, clause.gist, clause.cite)
        yield ClausePart(reference, clause.reason, here, elsewhere)
