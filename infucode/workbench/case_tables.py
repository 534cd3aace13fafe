"""The imported tables of a case: a few rows, as an edition of its quarter would hold them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from infucode.documents import words
from infucode.documents.readers import CODE, whole, word
from infucode.documents.record import Record
from infucode.tables.editions import Edition, Quarter
from infucode.tables.rows import EXACT, AddOn, Mue, PtpEdit, Slice, Used
from infucode.workbench.case_words import one_of

if TYPE_CHECKING:
    from infucode.tables import Store

PAIRS, UNITS, PRIMARIES = "pairs", "units", "primaries"
KINDS = {PAIRS: "ptp", UNITS: "mue", PRIMARIES: "addon"}
"""The keys of a case, and the kinds of editions that they stand for."""
INDICATORS = {"never": 0, "may": 1, "withdrawn": 9}
ADJUDICATED = {"line": 1, "date": 2, "review": 3}
_LIMIT = whole(0, 99_999)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CaseTables:
    """Rows by kind; a kind that is named and has no rows is an edition without such rows.

    Beside an ``extract`` the own rows of the policies stay; an edition takes their place.
    """

    kinds: tuple[str, ...]
    extract: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str, int], ...] = ()
    units: tuple[tuple[str, int, int], ...] = ()
    primaries: tuple[tuple[str, tuple[str, ...]], ...] = ()

    folder: ClassVar[Path] = Path()

    def slice(self, codes: Collection[str], date: Date, claim: str) -> Slice:
        """What a store with these rows answers."""
        used = tuple(self._used(kind, date, claim) for kind in self.kinds)
        pairs = (pair for pair in self.pairs if {pair[0], pair[1]} <= set(codes))
        limits = (limit for limit in self.units if limit[0] in codes)
        lists = (item for item in self.primaries if item[0] in codes)
        return Slice(
            claim,
            date,
            ptp=tuple(PtpEdit(a, b, indicator, date, None, "") for a, b, indicator in pairs),
            mue=tuple(Mue(code, most, indicator, "") for code, most, indicator in limits),
            addons=tuple(AddOn(code, 1, primaries) for code, primaries in lists),
            used=used,
        )

    def _used(self, kind: str, date: Date, claim: str) -> Used:
        quarter, name = Quarter.of(date), KINDS[kind]
        edition = Edition(name, claim, quarter, 0, (), "", "", kind in self.extract)
        return Used(name, edition, EXACT, "the tables of the case")

    @property
    def store(self) -> Store:
        """Itself, as what a check asks for rows."""
        return cast("Store", self)


def read_tables(at: Record) -> CaseTables | None:
    """What is under `tables`: `pairs`, `units` and `primaries`, and which are an extract."""
    record = at.record("tables", "the tables")
    if record is None:
        return None
    kinds = tuple(kind for kind in KINDS if record.has(kind))
    if not kinds:
        at.refuse("tables", "no table is named here", f"name one of {', '.join(KINDS)}")
    found = CaseTables(
        kinds,
        record.values("extract", one_of("table here", kinds), len(KINDS), "tables"),
        _rows(record, PAIRS, "the pair", _pair),
        _rows(record, UNITS, "the limit", _limit),
        _rows(record, PRIMARIES, "the list of primaries", _primaries),
    )
    record.done()
    return found


def _rows(at: Record, key: str, what: str, read: Callable[[Record], Row]) -> tuple[Row, ...]:
    found = []
    for record in at.records(key, what, words.MAX_ITEMS, "rows"):
        found.append(read(record))
        record.done()
    return tuple(found)


def _pair(at: Record) -> tuple[str, str, int]:
    """Two codes; `modifier` says what a modifier does: never, may, or the pair is withdrawn."""
    lifted = at.required("modifier", word(tuple(INDICATORS)), "never")
    return at.required("first", CODE, ""), at.required("second", CODE, ""), INDICATORS[lifted]


def _limit(at: Record) -> tuple[str, int, int]:
    """A code, the most units, and whether they are of a line, a date, or open to review."""
    by = at.required("by", word(tuple(ADJUDICATED)), "line")
    return at.required("code", CODE, ""), at.required("most", _LIMIT, 0), ADJUDICATED[by]


def _primaries(at: Record) -> tuple[str, tuple[str, ...]]:
    """An add-on code and the codes of which one has to stand beside it."""
    primaries = at.values("primaries", CODE, words.MAX_ITEMS, "codes")
    return at.required("code", CODE, ""), primaries
