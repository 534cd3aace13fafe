"""Plain JSON documents read quickly: what `parse_encounter` gives, or nothing at all.

Only what is written in the plainest way is read here; for anything else, and for anything that is
wrong, None is returned and the document is read with its places by `infucode.documents`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from functools import lru_cache
from typing import Any

from infucode.batch.quick_values import (
    BOOLEAN,
    CODE,
    COUNT,
    DECIMAL,
    IDENTIFIER,
    LABEL,
    MODIFIERS,
    NAME,
    NOTE,
    REFERENCES,
    VISIT,
    Making,
    Read,
    Texts,
    Unusual,
    day,
    digits,
    minute,
    quantity,
    whole,
    word,
)
from infucode.documents import words
from infucode.documents.doses import contradictions
from infucode.documents.source import MAX_BYTES
from infucode.documents.times import DAY
from infucode.model.encounter import (
    Access,
    Administration,
    ClaimLine,
    Container,
    Dose,
    Encounter,
    Service,
)

Fields = Mapping[str, Read | Texts]
_ID, _NAME, _CODE, _LABEL = Texts(IDENTIFIER), Texts(NAME), Texts(CODE), Texts(LABEL)


_made, _service_made, _stay_made = Making(Administration), Making(Service), Making(Encounter)


def _word(choices: Sequence[str]) -> Texts:
    return Texts(word(choices))


_MINUTES = whole(1, words.MAX_MINUTES)
_BOOLEANS: Fields = dict.fromkeys(words.DOCUMENTATION, BOOLEAN)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusual
    return found


def _refused(_: str) -> Any:
    raise Unusual


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_refused, parse_constant=_refused
)


def _taken(data: object, fields: Fields, day_zero: Date) -> dict[str, Any]:
    """The values of one mapping, each by its reader."""
    if type(data) is not dict:
        raise Unusual
    try:
        return {
            key: field[value]
            if isinstance(field := fields[key], Texts)
            else field(value, day_zero)
            for key, value in data.items()
        }
    except KeyError:
        raise Unusual from None


def _listed(make: Callable[[object, Date], Any], most: int) -> Read:
    def read(value: object, day_zero: Date) -> tuple[Any, ...]:
        if type(value) is not list or len(value) > most:
            raise Unusual
        found = tuple([make(item, day_zero) for item in value])
        if len({item.id for item in found}) != len(found):
            raise Unusual
        return found

    return read


def _documentation(value: object, day_zero: Date) -> tuple[tuple[str, bool], ...]:
    return tuple(sorted(_taken(value, _BOOLEANS, day_zero).items()))


def _containers(value: object, day_zero: Date) -> tuple[Container, ...]:
    if type(value) is not list or len(value) > words.MAX_CONTAINERS:
        raise Unusual
    found = [_taken(item, _CONTAINER, day_zero) for item in value]
    if any(len(item) < len(_CONTAINER) for item in found):
        raise Unusual
    return tuple([Container(**item) for item in found])


_CONTAINER: Fields = {
    "size": quantity(positive=True),
    "count": COUNT,
    "kind": _word(words.CONTAINER_KIND),
}
_DOSE: Fields = {
    "hcpcs": _CODE, "administered": quantity(), "discarded": quantity(),
    "per_unit": quantity(positive=True), "unit": _LABEL, "ndc": _LABEL, "containers": _containers,
}  # fmt: skip
_ADMINISTRATION: Fields = {
    "id": _ID, "drug": _NAME, "hcpcs": _CODE, "category": _word(words.CATEGORY),
    "route": _word(words.ROUTE), "technique": _word(words.TECHNIQUE), "start": minute,
    "stop": minute, "minutes": _MINUTES, "access": _ID, "bag": _ID,
    "visit": VISIT, "purpose": _word(words.PURPOSE), "indication": _NAME, "attended": BOOLEAN,
    "discontinued": BOOLEAN, "sequential_reason": _NAME, "via": _word(words.VIA),
    "lesions": whole(1, 999), "counseling": BOOLEAN, "dose_group": _ID,
    "supervision": _word(words.SUPERVISION), "supplied_by": _word(words.SUPPLIED_BY),
    "note": NOTE, "documentation": _documentation,
    "dose": lambda value, day_zero: Dose(**_taken(value, _DOSE, day_zero)),
}  # fmt: skip
_ACCESS: Fields = {
    "id": _ID,
    "reason": _word(words.ACCESS_REASON),
    "device": _word(words.ACCESS_DEVICE),
}
_SERVICE: Fields = {
    "id": _ID, "code": _CODE, "modifiers": MODIFIERS,
    "provider": _word(words.SERVICE_PROVIDER), "separately_identifiable": BOOLEAN, "date": day,
    "visit": VISIT, "units": COUNT, "minutes": _MINUTES,
}  # fmt: skip
_LINE: Fields = {
    "id": _ID, "code": _CODE, "units": DECIMAL, "modifiers": MODIFIERS, "date": day,
    "visit": VISIT, "administrations": REFERENCES, "charge": quantity(), "description": _NAME,
    "ndc": _LABEL,
}  # fmt: skip


def _administration(value: object, day_zero: Date) -> Administration:
    fields = _taken(value, _ADMINISTRATION, day_zero)
    if "id" not in fields or "drug" not in fields or "route" not in fields:
        raise Unusual
    run = _made(fields)
    if run.technique is None and run.route not in words.ROUTE_WITHOUT_TECHNIQUE:
        raise Unusual
    start, stop, minutes = run.start, run.stop, run.minutes
    if minutes is not None:
        if start is None:
            if stop is not None:
                raise Unusual
        elif start + minutes > words.MAX_MINUTES or stop not in (None, start + minutes):
            raise Unusual
    at_once = run.technique in words.TECHNIQUE_AT_ONCE
    if (
        start is not None
        and stop is not None
        and (stop < start or (stop == start and not at_once))
    ):
        raise Unusual
    return run


def _access(value: object, day_zero: Date) -> Access:
    fields = _taken(value, _ACCESS, day_zero)
    if "id" not in fields:
        raise Unusual
    return Access(**fields)


def _service(value: object, day_zero: Date) -> Service:
    return _service_made(_dated(value, _SERVICE, day_zero))


def _claim_line(value: object, day_zero: Date) -> ClaimLine:
    return ClaimLine(**_dated(value, _LINE, day_zero))


def _dated(value: object, fields: Fields, day_zero: Date) -> dict[str, Any]:
    found = _taken(value, fields, day_zero)
    if "id" not in found or "code" not in found:
        raise Unusual
    if "date" in found:
        found["day"] = found.pop("date")
    return found


def _primary(value: object, day_zero: Date) -> tuple[str, ...]:
    return REFERENCES(value if type(value) is list else [value], day_zero)


def _switches(value: object, _: Date) -> tuple[tuple[str, str], ...]:
    if type(value) is not dict or len(value) > words.MAX_SWITCHES:
        raise Unusual
    found = {IDENTIFIER(key, _): LABEL(answer, _) for key, answer in value.items()}
    return tuple(sorted(found.items()))


_STAY: Fields = {
    "id": IDENTIFIER, "claim": _word(words.CLAIM), "type_of_bill": digits(3, 4),
    "place_of_service": digits(2, 2), "line_of_business": _word(words.LINE_OF_BUSINESS),
    "provider_type": _word(words.PROVIDER_TYPE), "policy": _ID,
    "patient_age_years": whole(0, 150), "observation": BOOLEAN, "ends": minute,
    "primary_reason": _primary, "date": lambda _value, day_zero: day_zero,
    "administrations": _listed(_administration, words.MAX_ADMINISTRATIONS),
    "accesses": _listed(_access, words.MAX_ITEMS), "services": _listed(_service, words.MAX_ITEMS),
    "claim_lines": _listed(_claim_line, words.MAX_CLAIM_LINES), "switches": _switches,
}  # fmt: skip


@lru_cache(maxsize=4096)
def _date(text: object) -> Date:
    if type(text) is not str or not re.fullmatch("20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        raise Unusual
    return Date.fromisoformat(text)


def read_quickly(text: bytes, name: str) -> Encounter | None:
    """The encounter of a plain JSON text; None for any other, and for what is not in order."""
    if len(text) > MAX_BYTES or b"\\u" in text:
        return None
    try:
        return _encounter(_DECODER.decode(text.decode()), name)
    except (Unusual, ValueError, TypeError, RecursionError):
        return None


def _encounter(data: Any, name: str) -> Encounter | None:
    if type(data) is not dict:
        return None
    fields = _taken(data, _STAY, _date(data.get("date")))
    if "id" not in fields or "claim" not in fields or not fields.get("administrations"):
        return None
    fields["claim_stated"], fields["file"] = "claim_lines" in fields, name
    found = _stay_made(fields)
    professional = found.claim == "professional"
    if professional and (found.type_of_bill is not None or found.place_of_service is None):
        return None
    ids = {item.id for item in found.administrations}
    named = [*found.primary_reason, *(id for n in found.claim_lines for id in n.administrations)]
    if not ids.issuperset(named) or not _ends_in_time(found):
        return None
    if any(contradictions(found.administrations)):
        return None
    return found


def _ends_in_time(found: Encounter) -> bool:
    ends = found.ends
    if ends is None:
        return True
    for item in found.administrations:
        start = item.start or 0
        if start > ends or (item.stop or 0) > ends:
            return False
        if item.minutes is not None and item.start is not None and start + item.minutes > ends:
            return False
    return all((item.day or 0) * DAY <= ends for item in found.services)
