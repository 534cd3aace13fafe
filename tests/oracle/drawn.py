"""A Hypothesis strategy for encounters of the slice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Doc = dict[str, Any]

BOUNDARY = (1, 15, 16, 30, 31, 46, 60, 61, 90, 91, 150, 151, 211)
DRUGS = {
    "therapeutic": ("alpha", "beta", "gamma"),
    "chemotherapy": ("chemo-a", "chemo-b"),
    "hydration": ("saline", "ringer"),
    "electrolyte": ("magnesium",),
    "hormonal_antineoplastic": ("hormone",),
}
KINDS = (
    ("therapeutic", "infusion"),
    ("therapeutic", "infusion"),
    ("therapeutic", "push"),
    ("therapeutic", "push"),
    ("therapeutic", "shot"),
    ("chemotherapy", "infusion"),
    ("chemotherapy", "push"),
    ("chemotherapy", "shot"),
    ("hydration", "infusion"),
    ("hydration", "infusion"),
    ("electrolyte", "infusion"),
    ("hormonal_antineoplastic", "shot"),
)
ACCESSES = (
    *(["line-1"], ["line-1"], ["line-1", "line-2"], ["line-1", "line-2"]),
    ["line-1", "line-2", "line-3"],
)
WITHHELD_KINDS = (
    {"category": "vaccine", "route": "im", "technique": "injection"},
    {"category": "contrast", "route": "iv", "technique": "push", "purpose": "procedural"},
    {"category": "therapeutic", "route": "po"},
    {"category": "hydration", "route": "iv", "technique": "infusion", "purpose": "keep_open"},
    {"category": "therapeutic", "route": "iv", "technique": "push", "purpose": "flush"},
)


def stamp(minute: int) -> str:
    """A minute since midnight of 2024-08-05, as the contract writes it."""
    day, rest = divmod(minute, 1440)
    clock = f"{rest // 60:02d}:{rest % 60:02d}"
    return clock if day == 0 else f"2024-08-{5 + day:02d}T{clock}"


@dataclass(slots=True)
class _Draft:
    """What is known while an encounter is being drawn."""

    draw: Any
    claim: str
    start: int
    accesses: list[str]
    disjoint: bool
    admins: list[Doc] = field(default_factory=list)
    last: int = 0
    busy: dict[tuple[str, int], int] = field(default_factory=dict)

    def pick(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def minutes(self) -> int:
        return int(self.draw(st.one_of(st.sampled_from(BOUNDARY), st.integers(1, 240))))


@st.composite
def encounters(
    draw: st.DrawFn,
    *,
    max_administrations: int = 8,
    unknown_stops: int = 0,
    reasons: bool = True,
    disjoint_same_drug: bool = True,
    withheld_kinds: bool = True,
) -> Doc:
    """A clocked encounter; `unknown_stops` infusions lack their stop and `ends` is then given.

    Without `reasons` a professional document names no key reason. `disjoint_same_drug` keeps two
    infusions of one drug from running at once in one visit (an open reading, see READINGS.md).
    """
    draft = _Draft(
        draw=draw,
        claim=draw(st.sampled_from(("facility", "facility", "professional"))),
        start=draw(st.sampled_from((480, 600, 1290, 1400))),
        accesses=draw(st.sampled_from(ACCESSES)),
        disjoint=disjoint_same_drug,
    )
    visits = draw(st.sampled_from((1, 1, 1, 2)))
    for _ in range(draw(st.integers(1, max_administrations))):
        if withheld_kinds and draw(st.integers(0, 11)) == 0:
            _add_withheld(draft, 1)
        else:
            _add(draft, 1)
    if visits == 2:
        _second_visit(draft, max_administrations)
    _remove_stops(draft, unknown_stops)
    return _document(draft, reasons=reasons, open_end=unknown_stops > 0)


def _second_visit(draft: _Draft, limit: int) -> None:
    draft.start = draft.last + draft.pick(120, 240)
    draft.accesses = ["line-1"]
    for _ in range(min(limit - len(draft.admins), draft.pick(1, 2))):
        _add(draft, 2)


def _add(draft: _Draft, visit: int) -> None:
    category, technique = draft.pick(*KINDS)
    drug = draft.pick(*DRUGS[category])
    start = draft.start + draft.draw(st.sampled_from((0, 5, 10, 15, 20, 31, 45, 60, 61, 90, 180)))
    admin: Doc = {"id": f"a{len(draft.admins) + 1}", "drug": drug, "category": category}
    if technique == "shot":
        admin |= {"route": draft.pick("im", "sc"), "technique": "injection"}
        admin |= {"supervision": "direct", "start": stamp(start)}
    elif technique == "push":
        admin |= {"route": "iv", "technique": "push", "start": stamp(start)}
        _end_push(draft, admin, start)
    else:
        start = _add_run(draft, admin, drug, start, visit)
    if admin["route"] == "iv":
        admin["access"] = draft.pick(*draft.accesses)
    _decorate(draft, admin, technique, visit)
    draft.admins.append(admin)
    draft.last = max(draft.last, start)


def _end_push(draft: _Draft, admin: Doc, start: int) -> None:
    length = draft.pick(0, 0, 3, 5, 15, 16, 20)
    if length:
        admin["stop"] = stamp(start + length)
        draft.last = max(draft.last, start + length)


def _add_run(draft: _Draft, admin: Doc, drug: str, start: int, visit: int) -> int:
    free = draft.busy.get((drug, visit), 0)
    if draft.disjoint and start < free:
        start = free + draft.pick(0, 5, 20, 60)
    length = draft.minutes()
    admin |= {"route": "iv", "technique": "infusion"}
    if length >= 20 and draft.draw(st.integers(0, 7)) == 0:
        half, pause = length // 2, draft.pick(5, 20, 40)
        pieces = [(start, start + half), (start + half + pause, start + length + pause)]
        admin["segments"] = [{"start": stamp(a), "stop": stamp(b)} for a, b in pieces]
        end = start + length + pause
    else:
        admin |= {"start": stamp(start), "stop": stamp(start + length)}
        end = start + length
    draft.busy[(drug, visit)] = max(free, end)
    draft.last = max(draft.last, end)
    return start


def _decorate(draft: _Draft, admin: Doc, technique: str, visit: int) -> None:
    if visit != 1:
        admin["visit"] = visit
    if draft.draw(st.integers(0, 9)) == 0:
        admin["purpose"] = draft.pick("premedication", "test_dose")
    if admin["category"] == "hydration" and draft.draw(st.integers(0, 9)) == 0:
        admin["purpose"] = "protective_hydration"
    if technique == "shot" and draft.draw(st.integers(0, 4)) == 0:
        admin["dose_group"] = f"{admin['drug']}-{admin['route']}-{visit}"
    if technique == "infusion" and draft.draw(st.integers(0, 9)) == 0:
        _share_bag(draft, admin, visit)


def _share_bag(draft: _Draft, admin: Doc, visit: int) -> None:
    """Put the run into one bag with an earlier one: same times, same access."""
    for other in draft.admins:
        same_visit = other.get("visit", 1) == visit
        if other.get("technique") == "infusion" and same_visit and other["drug"] != admin["drug"]:
            if "purpose" in other or "bag" in other or "segments" in other or "purpose" in admin:
                continue
            if draft.disjoint and _clashes(draft, admin, other):
                continue
            other["bag"] = admin["bag"] = f"bag-{other['id']}"
            admin.pop("segments", None)
            admin |= {key: other[key] for key in ("start", "stop", "access")}
            mine, theirs = (admin["drug"], visit), (other["drug"], visit)
            draft.busy[mine] = max(draft.busy[mine], draft.busy[theirs])
            return


def _clashes(draft: _Draft, admin: Doc, other: Doc) -> bool:
    """Another infusion of the same drug exists in the visit, so new times might overlap it."""
    return any(a["drug"] == admin["drug"] and a is not other for a in draft.admins)


def _add_withheld(draft: _Draft, visit: int) -> None:
    kind = dict(draft.pick(*WITHHELD_KINDS))
    start = draft.start + draft.pick(0, 30)
    kind |= {"id": f"a{len(draft.admins) + 1}", "drug": "aside", "start": stamp(start)}
    if kind.get("technique") == "infusion":
        kind["stop"] = stamp(start + 60)
        draft.last = max(draft.last, start + 60)
    draft.admins.append(kind)
    draft.last = max(draft.last, start)


def _remove_stops(draft: _Draft, count: int) -> None:
    runs = [
        a
        for a in draft.admins
        if a.get("technique") == "infusion" and "stop" in a and "bag" not in a
    ]
    for admin in draft.draw(st.permutations(runs))[:count] if runs else ():
        del admin["stop"]


def _document(draft: _Draft, *, reasons: bool, open_end: bool) -> Doc:
    facility = draft.claim == "facility"
    place = {"type_of_bill": "0131"} if facility else {"place_of_service": "11"}
    doc: Doc = {
        "id": "drawn",
        "claim": draft.claim,
        **place,
        "line_of_business": "commercial",
        "date": "2024-08-05",
        "observation": True,
        "administrations": draft.admins,
    }
    if {"line-2", "line-3"} & {a.get("access") for a in draft.admins}:
        third = {"id": "line-3", "reason": "restarted", "replaces": "line-2"}
        doc["accesses"] = [{"id": "line-1"}, _second_access(draft), third]
    if open_end:
        doc["ends"] = stamp(draft.last + draft.pick(5, 20, 40))
    if reasons and not facility:
        doc["primary_reason"] = _reasons(draft)
    if draft.draw(st.integers(0, 7)) == 0:
        doc["services"] = [_visit_service(draft)]
    return doc


def _second_access(draft: _Draft) -> Doc:
    reason = draft.pick("incompatible_drugs", "protocol", "condition", "convenience", "restarted")
    entry: Doc = {"id": "line-2", "reason": reason}
    return entry | {"replaces": "line-1"} if reason == "restarted" else entry


def _reasons(draft: _Draft) -> list[str]:
    """One administration of each visit and access, drawn among those that go into a vein."""
    groups: dict[tuple[int, str], list[str]] = {}
    for admin in draft.admins:
        key = (admin.get("visit", 1), admin.get("access", "line-1"))
        if admin["route"] == "iv" and admin["drug"] != "aside":
            groups.setdefault(key, []).append(admin["id"])
    picked = [draft.pick(*ids) for ids in groups.values()]
    return picked or [draft.admins[0]["id"]]


def _visit_service(draft: _Draft) -> Doc:
    return {
        "id": "s1",
        "code": draft.pick("99213", "99284"),
        "provider": draft.pick("same", "other"),
        "separately_identifiable": True,
    }
