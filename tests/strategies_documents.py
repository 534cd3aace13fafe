"""Encounter documents for tests: valid ones as plain data, and broken ones as text.

``encounters_data()`` is valid by construction. ``broken_documents()`` mutates a valid document
so that it must be refused, and says by which mutation.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from typing import Any

import yaml
from hypothesis import strategies as st

from infucode.documents import words

Data = dict[str, Any]

DRUGS = ("ondansetron", "infliximab", "sodium chloride 0.9 %", "[/x] bold", "💉 saline", "no")
TEXT = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
CODES = st.sampled_from(("J2405", "J1745", "96365", "96374", "G0498", "0042T", "99213"))
MODIFIERS = st.lists(st.sampled_from(("59", "25", "XS", "76", "JW")), max_size=3, unique=True)
AMOUNT = st.decimals("0.01", "99999", places=2).map(lambda number: format(number, "f"))
OFFSETS = st.sampled_from((None, None, "", "Z", "+05:00", "-06:30"))


@st.composite
def encounters_data(draw: st.DrawFn) -> Data:
    """A valid encounter document as plain data, with one to six administrations."""
    moments = _Moments(draw(st.dates(Date(1990, 1, 1), Date(2099, 1, 1))), draw(OFFSETS))
    claim = draw(st.sampled_from(words.CLAIM))
    ids = [f"a{number}" for number in range(draw(st.integers(1, 6)))]
    data: Data = {"id": draw(st.sampled_from(("enc-1", "17", "no", "é 2")))}
    data |= {"claim": claim, "date": moments.date.isoformat()}
    data |= _claim_head(draw, claim)
    data |= _some(
        draw,
        line_of_business=st.sampled_from(words.LINE_OF_BUSINESS),
        provider_type=st.sampled_from(words.PROVIDER_TYPE),
        policy=st.sampled_from(("cpcp026", "medicare")),
        patient_age_years=st.integers(0, 150),
        observation=st.booleans(),
        primary_reason=st.sampled_from(ids) | st.lists(st.sampled_from(ids), unique=True),
        switches=st.dictionaries(st.sampled_from(("midnight", "tie_break")), st.just("reset")),
        services=st.lists(_services(moments), max_size=2, unique_by=lambda item: str(item["id"])),
        claim_lines=st.lists(
            _claim_lines(moments, ids), max_size=3, unique_by=lambda item: str(item["id"])
        ),
        ends=st.just(moments.text(61 * 1440 + 5)),
    )
    data["administrations"] = [draw(_administrations(moments, ids, n)) for n in range(len(ids))]
    _agree_on_units(data["administrations"])
    data |= _some(draw, accesses=_accesses())
    return data


def _agree_on_units(items: list[Data]) -> None:
    """Doses of one code and drug have the billing unit of the first that states one."""
    first: dict[tuple[str, str], Data] = {}
    for item in items:
        dose = item.get("dose", {})
        code = dose.get("hcpcs", item.get("hcpcs"))
        if "per_unit" in dose and code is not None:
            known = first.setdefault((code, " ".join(item["drug"].casefold().split())), dose)
            dose.pop("unit", None)
            dose |= {key: known[key] for key in ("per_unit", "unit") if key in known}


@dataclass(frozen=True)
class _Moments:
    """How this document writes its times; all times lie in the first 61 days."""

    date: Date
    offset: str | None

    def text(self, minute: int) -> str:
        """``HH:MM`` where that can be, unless the document writes dates or offsets."""
        clock = f"{minute % 1440 // 60:02}:{minute % 60:02}"
        if self.offset is None and minute < 1440:
            return clock
        day = self.date + timedelta(days=minute // 1440)
        return f"{day.isoformat()}T{clock}{self.offset or ''}"

    def day(self, day: int) -> str:
        """The date of a day of the document."""
        return (self.date + timedelta(days=day)).isoformat()


def _some(draw: st.DrawFn, **fields: st.SearchStrategy[Any]) -> Data:
    """Each field or not."""
    return {key: draw(value) for key, value in fields.items() if draw(st.booleans())}


def _claim_head(draw: st.DrawFn, claim: str) -> Data:
    if claim == "professional":
        return {"place_of_service": draw(st.sampled_from(("11", "22", "49")))}
    return _some(
        draw,
        type_of_bill=st.sampled_from(("0131", "131", "0851")),
        place_of_service=st.sampled_from(("19", "22")),
    )


@st.composite
def _administrations(draw: st.DrawFn, moments: _Moments, ids: list[str], number: int) -> Data:
    others = [id for id in ids if id != ids[number]]
    data: Data = {"id": ids[number], "drug": draw(st.sampled_from(DRUGS) | TEXT)}
    data["route"] = draw(st.sampled_from(words.ROUTE))
    if data["route"] not in words.ROUTE_WITHOUT_TECHNIQUE or draw(st.booleans()):
        data["technique"] = draw(st.sampled_from(words.TECHNIQUE))
    data |= draw(_runs(moments, number, data.get("technique")))
    if not data.keys() & {"start", "stop", "segments"} and number:
        earlier = st.sampled_from(ids[:number])
        gap = st.fixed_dictionaries({"administration": earlier, "minutes": st.integers(0, 300)})
        data |= _some(draw, after=gap)
    if others:
        data |= _some(draw, concurrent_with=st.lists(st.sampled_from(others), unique=True))
    return data | _details(draw)


def _details(draw: st.DrawFn) -> Data:
    return _some(
        draw,
        hcpcs=CODES,
        category=st.sampled_from(words.CATEGORY),
        rate_ml_per_hour=AMOUNT,
        volume_ml=AMOUNT,
        access=st.sampled_from(("line-1", "line-2")),
        bag=st.sampled_from(("b1", "b2")),
        visit=st.integers(1, 3),
        purpose=st.sampled_from(words.PURPOSE),
        indication=TEXT,
        attended=st.booleans(),
        discontinued=st.booleans(),
        sequential_reason=TEXT,
        intensity=st.lists(st.sampled_from(words.INTENSITY), unique=True),
        via=st.sampled_from(words.VIA),
        lesions=st.integers(1, 999),
        pump=_pumps(),
        counseling=st.booleans(),
        dose_group=st.just("d1"),
        supervision=st.sampled_from(words.SUPERVISION),
        supplied_by=st.sampled_from(words.SUPPLIED_BY),
        documentation=st.dictionaries(st.sampled_from(words.DOCUMENTATION), st.booleans()),
        dose=_doses(),
        note=TEXT,
    )


@st.composite
def _runs(draw: st.DrawFn, moments: _Moments, number: int, technique: str | None) -> Data:
    """Times that agree with one another; each administration has ten days of its own."""
    start = number * 14_400 + draw(st.integers(0, 3_000))
    length = draw(st.integers(1, 3_000))
    if technique in words.TECHNIQUE_AT_ONCE and draw(st.booleans()):
        length = 0
    begin, end = {"start": moments.text(start)}, {"stop": moments.text(start + length)}
    cut = start + max(1, length // 2)
    segments = [begin | {"stop": moments.text(cut)}]
    segments.append({"start": moments.text(cut), "stop": moments.text(cut + length + 1)})
    minutes = {"minutes": max(1, length)}
    choices: list[Data] = [{}, begin, end, begin | end, minutes, begin | minutes]
    choices.append({"segments": segments})
    if length:
        choices.append(begin | end | minutes)
    return draw(st.sampled_from(choices))


def _pumps() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(words.PUMP_KIND),
            "supplied_by": st.sampled_from(words.PUMP_SUPPLIED_BY),
            "planned_minutes": st.integers(1, words.MAX_MINUTES),
            "extra_setups": st.integers(0, 5),
        },
    )


def _doses() -> st.SearchStrategy[Data]:
    kinds = st.sampled_from(words.CONTAINER_KIND)
    container = st.fixed_dictionaries({"size": AMOUNT, "count": st.integers(1, 9), "kind": kinds})
    return st.fixed_dictionaries(
        {},
        optional={
            "hcpcs": CODES,
            "administered": AMOUNT,
            "discarded": AMOUNT,
            "per_unit": AMOUNT,
            "unit": st.sampled_from(("mg", "mL")),
            "ndc": st.just("57894-0030-01"),
            "containers": st.lists(container, max_size=3),
        },
    )


def _services(moments: _Moments) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {"id": st.sampled_from(("s1", "s2", "s3")), "code": CODES},
        optional={
            "modifiers": MODIFIERS,
            "provider": st.sampled_from(words.SERVICE_PROVIDER),
            "separately_identifiable": st.booleans(),
            "date": st.integers(0, 61).map(moments.day),
            "visit": st.integers(1, 99),
            "units": st.integers(1, 9999),
            "minutes": st.integers(1, 600),
        },
    )


def _claim_lines(moments: _Moments, ids: list[str]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {"id": st.sampled_from(("L1", "L2", "L3", "L4")), "code": CODES},
        optional={
            "units": st.integers(-3, 20) | st.sampled_from(("1.5", "0", "7", "2.0")),
            "modifiers": MODIFIERS,
            "date": st.integers(0, 61).map(moments.day),
            "visit": st.integers(1, 99),
            "administrations": st.lists(st.sampled_from(ids), unique=True),
            "charge": AMOUNT,
            "description": TEXT,
            "ndc": st.just("57894-0030-01"),
        },
    )


@st.composite
def _accesses(draw: st.DrawFn) -> list[Data]:
    """Up to three; each may replace one that stands before it."""
    accesses: list[Data] = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        access: Data = {"id": f"line-{number}"}
        access |= _some(
            draw,
            reason=st.sampled_from(words.ACCESS_REASON),
            device=st.sampled_from(words.ACCESS_DEVICE),
        )
        if number > 1 and draw(st.booleans()):
            access["replaces"] = draw(st.sampled_from(accesses))["id"]
        accesses.append(access)
    return accesses


def as_yaml(data: Data) -> str:
    """The document as YAML in block style."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=False)


def as_json(data: Data) -> str:
    """The document as JSON on several lines."""
    return json.dumps(data, indent=1)


@dataclass(frozen=True)
class Broken:
    """A document that must be refused, and what was done to it."""

    how: str
    text: str | bytes


DataMutation = Callable[[st.DrawFn, Data], None]
TextMutation = Callable[[st.DrawFn, str], "str | bytes"]


def _first(data: Data) -> Data:
    item: Data = data["administrations"][0]
    return item


def _drop_required(draw: st.DrawFn, data: Data) -> None:
    if draw(st.booleans()):
        del data[draw(st.sampled_from(("id", "claim", "date", "administrations")))]
    else:
        del _first(data)[draw(st.sampled_from(("id", "drug", "route")))]


def _misspell_key(draw: st.DrawFn, data: Data) -> None:
    where = draw(st.sampled_from((data, _first(data))))
    key = draw(st.sampled_from(sorted(where)))
    where[key + draw(st.sampled_from("sx_ "))] = where[key]


def _wrong_word(draw: st.DrawFn, data: Data) -> None:
    key = draw(st.sampled_from(("category", "route", "technique", "purpose", "via")))
    _first(data)[key] = draw(st.sampled_from(("ivv", "IV", "Push", "", "therapeutical", "1")))


def _wrong_type(draw: st.DrawFn, data: Data) -> None:
    key = draw(st.sampled_from(("id", "drug", "route", "visit", "start", "attended", "pump")))
    wrong: list[Any] = [[], ["x"], [[]]]
    _first(data)[key] = draw(st.sampled_from([*wrong, {"x": 1}]))


def _wrong_number(draw: st.DrawFn, data: Data) -> None:
    wrong = (0, -1, 1.5, "1_000", "1e3", "0o17", "010", "٣", "nan", "inf", 10**30, "", True)
    for key in ("segments", "start", "stop"):
        _first(data).pop(key, None)
    _first(data)[draw(st.sampled_from(("minutes", "lesions", "visit")))] = draw(
        st.sampled_from(wrong)
    )


def _bad_time(draw: st.DrawFn, data: Data) -> None:
    wrong = ("7:5", "25:00", "23:60", "24:01", "noon", "10", "١٠:00", "10:00 AM", "-1:00")
    key = draw(st.sampled_from(("start", "stop")))
    _first(data)[key] = draw(st.sampled_from((*wrong, "1989-12-31T23:00", "2024-02-30T10:00")))


def _stop_before_start(draw: st.DrawFn, data: Data) -> None:
    item = _first(data)
    item.pop("segments", None)
    item |= {"start": "22:30", "stop": draw(st.sampled_from(("22:29", "00:10")))}


def _mixed_offsets(_draw: st.DrawFn, data: Data) -> None:
    date = data["date"]
    item = _first(data)
    item.pop("segments", None)
    item |= {"start": f"{date}T10:00+01:00", "stop": f"{date}T11:00+02:00"}


def _dangling(draw: st.DrawFn, data: Data) -> None:
    ghost = {"administration": "ghost", "minutes": 5}
    key, value = draw(
        st.sampled_from((("after", ghost), ("concurrent_with", ["ghost"]), ("after", "ghost")))
    )
    _first(data)[key] = value


def _ghost_reason(_draw: st.DrawFn, data: Data) -> None:
    data["primary_reason"] = "ghost"


def _same_id(_draw: st.DrawFn, data: Data) -> None:
    data["administrations"].append(dict(_first(data)))


def _ring(_draw: st.DrawFn, data: Data) -> None:
    base = {"drug": "x", "route": "po"}
    gap = [{"administration": id, "minutes": 1} for id in ("r1", "r2")]
    data["administrations"].append(base | {"id": "r1", "after": gap[1]})
    data["administrations"].append(base | {"id": "r2", "after": gap[0]})


def _too_many(draw: st.DrawFn, data: Data) -> None:
    key = draw(st.sampled_from(("administrations", "claim_lines", "services", "accesses")))
    item = {"drug": "x", "route": "po"} if key == "administrations" else {"code": "96365"}
    item = {} if key == "accesses" else item
    data[key] = [item | {"id": f"n{n}"} for n in range(501)]


def _nul(draw: st.DrawFn, data: Data) -> None:
    _first(data)[draw(st.sampled_from(("id", "drug", "note", "bag")))] = "a\x00b"


def _bad_date(draw: st.DrawFn, data: Data) -> None:
    wrong = ("2024-02-30", "2024-8-5", "05/08/2024", "1989-12-31", "2101-01-01", "20240805")
    data["date"] = draw(st.sampled_from((*wrong, "2024-08-05T00:00")))


DATA_MUTATIONS: tuple[DataMutation, ...] = (
    _drop_required,
    _misspell_key,
    _wrong_word,
    _wrong_type,
    _wrong_number,
    _bad_time,
    _stop_before_start,
    _mixed_offsets,
    _dangling,
    _ghost_reason,
    _same_id,
    _ring,
    _too_many,
    _nul,
    _bad_date,
)


def _truncated(draw: st.DrawFn, text: str) -> str:
    """JSON without its end; YAML would often still be whole."""
    text = text if text.startswith("{") else "{" + text
    return text[: draw(st.integers(1, min(len(text) - 1, 200)))]


def _twice(_draw: st.DrawFn, text: str) -> str:
    if text.startswith("{"):
        return '{"id": "other",' + text[1:]
    return text + "id: other\n"


def _random_bytes(draw: st.DrawFn, text: str) -> bytes:
    where = draw(st.integers(0, len(text)))
    junk = draw(st.sampled_from((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x00", b"\xf8\x88")))
    return text[:where].encode() + junk + text[where:].encode()


def _other_encoding(draw: st.DrawFn, text: str) -> bytes:
    return text.encode(draw(st.sampled_from(("utf-16", "utf-16-le", "utf-32", "utf-16-be"))))


def _deep(draw: st.DrawFn, text: str) -> str:
    opening = draw(st.sampled_from(("[", "{a: ", '{"a":', "- ", "? ", "[{")))
    return opening * draw(st.integers(20, 10_000))


def _huge(draw: st.DrawFn, text: str) -> str:
    return text + draw(st.sampled_from("# \n")) * 1_000_001


def _alias_bomb(_draw: st.DrawFn, text: str) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


def _odd_yaml(draw: st.DrawFn, text: str) -> str:
    odd = (
        "!!python/object/apply:os.system [echo]",
        "<<: {id: x}\n",
        "a: b\n---\nc: d\n",
        "? [x]\n: y\n",
        "\ta: b\n",
        "a: @b\n",
        "%TAG ! tag:x,2000:\n---\na: b\n",
        "",
        "\ufeff",
        "# only a comment\n",
        "null",
        "[]",
        "{}",
        "text",
    )
    return draw(st.sampled_from(odd))


TEXT_MUTATIONS: tuple[TextMutation, ...] = (
    _truncated,
    _twice,
    _random_bytes,
    _other_encoding,
    _deep,
    _huge,
    _alias_bomb,
    _odd_yaml,
)


@st.composite
def broken_documents(draw: st.DrawFn) -> Broken:
    """Text of a document that must be refused."""
    data = draw(encounters_data())
    write = draw(st.sampled_from((as_yaml, as_json)))
    number = draw(st.integers(0, len(DATA_MUTATIONS) + len(TEXT_MUTATIONS) - 1))
    if number < len(DATA_MUTATIONS):
        change = DATA_MUTATIONS[number]
        change(draw, data)
        return Broken(change.__name__, write(data))
    rewrite = TEXT_MUTATIONS[number - len(DATA_MUTATIONS)]
    return Broken(rewrite.__name__, rewrite(draw, write(data)))
