"""The whole document: the stay, its accesses, its other services and its claim lines."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal

from infucode.documents import readers, references, words
from infucode.documents.administration import read_administration
from infucode.documents.nodes import Kind, Listing, Mapping, Node, Scalar
from infucode.documents.problems import Problems, quote
from infucode.documents.readers import (
    BOOLEAN,
    CODE,
    DATE,
    IDENTIFIER,
    MODIFIER,
    Reader,
    decimal,
    text,
    whole,
    word,
)
from infucode.documents.record import Record, kind_of
from infucode.documents.times import Clock
from infucode.errors import DocumentError
from infucode.model.encounter import Access, ClaimLine, Encounter, Service

_VISIT = whole(1, 99)
_UNITS = whole(1, 9999)
_MINUTES = whole(1, words.MAX_MINUTES)
_AGE = whole(0, 150)
_CLAIMED: Reader[Decimal] = decimal("a number", lambda _: True)
_CHARGE = decimal("an amount of 0 or more", lambda n: n >= 0)
_NAME = text(words.MAX_NAME)
_SHORT = text(readers.MAX_ID)


def read_encounter(root: Node | None, problems: Problems) -> Encounter:
    """The document as typed values. Raises DocumentError with every problem that it has."""
    if not isinstance(root, Mapping):
        raise _not_a_document(root, problems)
    at = Record(root, "the document", problems)
    clock = Clock(_date(at), problems)
    index = references.Index()
    encounter = _fields(at, clock, index)
    _check_claim(at, encounter)
    _check_content(at)
    at.done()
    clock.check_offsets()
    references.check(at, encounter, index, clock)
    problems.raise_any()
    return encounter


def _fields(at: Record, clock: Clock, index: references.Index) -> Encounter:
    return Encounter(
        id=at.required("id", IDENTIFIER, ""),
        claim=at.required("claim", word(words.CLAIM), "facility"),
        type_of_bill=at.optional("type_of_bill", readers.TYPE_OF_BILL),
        place_of_service=at.optional("place_of_service", readers.PLACE_OF_SERVICE),
        line_of_business=_worded(at, "line_of_business", words.LINE_OF_BUSINESS),
        provider_type=_worded(at, "provider_type", words.PROVIDER_TYPE),
        date=clock.date or Date.min,
        policy=at.optional("policy", IDENTIFIER),
        patient_age_years=at.optional("patient_age_years", _AGE),
        observation=at.optional("observation", BOOLEAN),
        ends=at.optional("ends", clock.time),
        primary_reason=_primary_reason(at),
        administrations=tuple(
            index.add_administration(item, read_administration(item, clock))
            for item in _items(at, "administrations", "the administration")
        ),
        accesses=tuple(
            index.add_access(item, _access(item)) for item in _items(at, "accesses", "the access")
        ),
        services=tuple(
            index.add_service(item, _service(item, clock))
            for item in _items(at, "services", "the service")
        ),
        claim_lines=tuple(
            index.add_claim_line(item, _claim_line(item, clock))
            for item in _items(at, "claim_lines", "the claim line")
        ),
        switches=_switches(at),
        claim_stated=at.has("claim_lines"),
        file=at.problems.source.name,
    )


def _not_a_document(root: Node | None, problems: Problems) -> DocumentError:
    if not len(problems):
        is_empty = root is None or (isinstance(root, Scalar) and root.kind is Kind.NULL)
        said = "the document is empty" if root is None or is_empty else _instead(root)
        help = "write a mapping with `id`, `claim`, `date` and `administrations`"
        problems.add_at(0 if root is None else root.at, said, help)
    return problems.error()


def _instead(root: Node) -> str:
    return f"the document is a {kind_of(root)}, where a mapping is needed"


def _date(at: Record) -> Date | None:
    if not at.has("date"):
        at.missing("date", f"add `date:` with {DATE.wants}")
    return at.optional("date", DATE)


def _worded(at: Record, key: str, choices: tuple[str, ...]) -> str:
    return at.defaulted(key, word(choices), "unknown")


def _items(at: Record, key: str, what: str) -> list[Record]:
    limits = {
        "administrations": words.MAX_ADMINISTRATIONS,
        "claim_lines": words.MAX_CLAIM_LINES,
    }
    things = key.replace("_", " ")
    return list(at.records(key, what, limits.get(key, words.MAX_ITEMS), things))


def _primary_reason(at: Record) -> tuple[str, ...]:
    node = at.value("primary_reason")
    if isinstance(node, Listing):
        return at.values("primary_reason", IDENTIFIER, words.MAX_ITEMS, "ids")
    single = at.optional("primary_reason", IDENTIFIER)
    return () if single is None else (single,)


def _check_claim(at: Record, encounter: Encounter) -> None:
    if not at.has("claim") or encounter.claim not in words.CLAIM:
        return
    if encounter.claim == "facility":
        return
    if not at.has("place_of_service"):
        wants = readers.PLACE_OF_SERVICE.wants
        at.missing("place_of_service", f"add `place_of_service:` with {wants}")
    if at.has("type_of_bill"):
        help = "remove it, or write `claim: facility`"
        at.refuse("type_of_bill", "a professional claim has no type of bill", help)


def _check_content(at: Record) -> None:
    if not at.has("administrations"):
        help = "add `administrations:` with a list of what was given"
        if at.has("claim_lines"):
            help += ", or `administrations: []` for a claim without its record"
        at.missing("administrations", help)
        return
    node = at.value("administrations")
    is_empty = isinstance(node, Listing) and not node.items
    if is_empty and not at.has("services") and not at.has("claim_lines"):
        help = "write what was given, or the services or claim lines of the stay"
        at.refuse("administrations", "the document holds nothing to judge", help)


def _access(record: Record) -> Access:
    access = Access(
        id=record.required("id", IDENTIFIER, ""),
        reason=record.optional("reason", word(words.ACCESS_REASON)),
        device=record.optional("device", word(words.ACCESS_DEVICE)),
        replaces=record.optional("replaces", IDENTIFIER),
    )
    record.done()
    return access


def _service(record: Record, clock: Clock) -> Service:
    service = Service(
        id=record.required("id", IDENTIFIER, ""),
        code=record.required("code", CODE, ""),
        modifiers=record.values("modifiers", MODIFIER, words.MAX_MODIFIERS, "modifiers"),
        provider=record.optional("provider", word(words.SERVICE_PROVIDER)),
        separately_identifiable=record.optional("separately_identifiable", BOOLEAN),
        day=record.optional("date", clock.day),
        visit=record.defaulted("visit", _VISIT, 1),
        units=record.defaulted("units", _UNITS, 1),
        minutes=record.optional("minutes", _MINUTES),
    )
    record.done()
    return service


def _claim_line(record: Record, clock: Clock) -> ClaimLine:
    line = ClaimLine(
        id=record.required("id", IDENTIFIER, ""),
        code=record.required("code", CODE, ""),
        units=record.optional("units", _CLAIMED),
        modifiers=record.values("modifiers", MODIFIER, words.MAX_MODIFIERS, "modifiers"),
        day=record.optional("date", clock.day),
        visit=record.optional("visit", _VISIT),
        administrations=record.values("administrations", IDENTIFIER, words.MAX_ITEMS, "ids"),
        charge=record.optional("charge", _CHARGE),
        description=record.optional("description", _NAME),
        ndc=record.optional("ndc", _SHORT),
    )
    record.done()
    return line


def _switches(at: Record) -> tuple[tuple[str, str], ...]:
    """Names and values as text; the policy knows which there are."""
    record = at.record("switches", "the switches")
    if record is None:
        return ()
    if len(record.node.entries) > words.MAX_SWITCHES:
        message = f"more than {words.MAX_SWITCHES} switches are set"
        at.refuse("switches", message, f"set at most {words.MAX_SWITCHES}")
    keys = list(record.node.entries)[: words.MAX_SWITCHES]
    found = [(key, record.required(key, _SHORT, "")) for key in keys]
    for key in keys:
        if not key or key != key.strip() or len(key) > readers.MAX_ID:
            message = f"{quote(key)} is not the name of a switch"
            at.problems.add(record.node.entries[key][0], message, "write a name such as midnight")
    return tuple(sorted(found))
