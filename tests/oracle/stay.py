"""The other services of the stay, and the office visit that an unsupervised injection becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .clock import day_of, first_date
from .doses import Encounter
from .edits import (
    BARS_99211,
    BARS_99211_IN_HOSPITALS,
    BARS_BLOOD_DRAW,
    DISTINCT,
    VEIN_ENTRY,
)
from .lines import VISIT_CODES, Line, start_day
from .scope import FACILITY_POS, Outcome, barred, stay_outcome
from .timing import Facts, timings

NURSE_VISIT = "99211"
BLOOD_DRAWS = {"36591", "36592"}
BY_VEIN = {"infusion", "push", "fluid", "pump"}  # S57: what an IV start facilitates
UNSETTLED = ("", "")
SUPPLY_CLASS = "A4"  # HCPCS medical and surgical supplies

Service = dict[str, Any]


@dataclass(slots=True)
class Stay:
    """What is reported of each date while the services are gone through."""

    enc: Encounter
    codes: dict[str, set[str]] = field(default_factory=dict)
    ends: dict[str, Outcome] = field(default_factory=dict)

    def note(self, lines: list[Line]) -> None:
        """Remember the codes of some lines."""
        for line in lines:
            self.codes.setdefault(line[3], set()).add(line[0])

    def on(self, day: str) -> set[str]:
        """The codes of administrations reported on a day."""
        return self.codes.get(day, set())

    def given(self, day: str, kinds: set[str] | None = None) -> bool:
        """Whether something of the family was given on a day, reported or not.

        With `kinds`, only into a vein and in one of these forms, or in one that cannot be told.
        """
        enc = self.enc
        admins = enc.doc["administrations"]
        doses = [d for d in (*enc.doses, *enc.unstopped) if start_day(enc, d) == day]
        open_ones = [
            a for a in self._on(day) if enc.base.get(a["id"], UNSETTLED)[0] == "cannot_tell"
        ]
        if kinds is None:
            return bool(doses or open_ones)
        return any(a["route"] == "iv" and a["technique"] != "refill" for a in open_ones) or any(
            d.kind in kinds and admins[d.index]["route"] == "iv" for d in doses
        )

    def vaccinated(self, day: str) -> bool:
        """An immunization of the day, which another family reports (S95)."""
        if stay_outcome(self.enc.doc, self.enc.settings) is not None or barred(self.enc.doc):
            return False
        return any(admin.get("category") == "vaccine" for admin in self._on(day))

    def _on(self, day: str) -> Iterator[Facts]:
        enc, base = self.enc, first_date(self.enc.doc)
        clock = timings(enc.doc, enc.settings)
        for admin in enc.doc["administrations"]:
            if day_of(clock[admin["id"]].start, base) == day:
                yield admin

    @property
    def services(self) -> list[Service]:
        """The services as the document lists them."""
        return list(self.enc.doc.get("services") or ())

    def day(self, service: Service) -> str:
        """The date of a service; the first date where it has none."""
        return str(service.get("date", first_date(self.enc.doc)))[:10]


def is_supply(code: str) -> bool:
    """A HCPCS supply code (S58)."""
    return code.startswith(SUPPLY_CLASS)


def office_visits(stay: Stay) -> Iterator[Line]:
    """An unsupervised injection as 99211, unless a code or another visit bars it (E2, S85)."""
    enc = stay.enc
    visited = {
        stay.day(s)
        for s in stay.services
        if s["code"] in VISIT_CODES
        and s.get("provider") == "same"
        and not (s["code"] == NURSE_VISIT and _barred_visit(stay, s))
    }
    first: dict[str, str] = {}
    doses = sorted(
        (d for d in enc.doses if d.kind == "unsupervised"),
        key=lambda d: (d.timing.start, d.index),
    )
    for dose in doses:
        day = start_day(enc, dose)
        if stay.on(day) & BARS_99211 or day in visited:
            enc.base[dose.id] = ("withheld", "no office visit beside this")
        elif day in first:
            enc.base[dose.id] = ("merged", first[day])
        else:
            first[day] = dose.id
            enc.base[dose.id] = ("line", NURSE_VISIT)
            yield (NURSE_VISIT, 1, (), day, dose.visit, None)


def _barred_visit(stay: Stay, service: Service) -> bool:
    if service.get("provider") == "other":
        return False
    bars = BARS_99211_IN_HOSPITALS if stay.enc.facility else BARS_99211
    return bool(bars & stay.on(stay.day(service)))


def service_lines(stay: Stay) -> Iterator[Line]:
    """Each service on a line of its own, or withheld with a reason."""
    for service in stay.services:
        why = _withheld(stay, service)
        if why is not None:
            stay.ends[service["id"]] = ("withheld", why)
            continue
        stay.ends[service["id"]] = ("line", service["code"])
        marks = set(service.get("modifiers") or ())
        if service["code"] in VISIT_CODES and service.get("separately_identifiable"):
            day = stay.day(service)
            marks |= {"25"} if stay.on(day) - {NURSE_VISIT} or stay.vaccinated(day) else set()
        yield (
            service["code"],
            int(service.get("units", 1)),
            tuple(sorted(marks)),
            stay.day(service),
            int(service.get("visit", 1)),
            None,
        )


def _withheld(stay: Stay, service: Service) -> str | None:
    code, day = service["code"], stay.day(service)
    reported = stay.on(day)
    if code == NURSE_VISIT and _barred_visit(stay, service):
        return "never beside this administration"
    started = stay.enc.settings["plan"] == "cpcp026" and stay.given(day, BY_VEIN)
    apart = bool(DISTINCT & set(service.get("modifiers") or ()))  # N1, S96
    if code in VEIN_ENTRY and not apart and (started or VEIN_ENTRY[code] & reported):
        return "access is part of the administration"
    if code in BLOOD_DRAWS and not stay.enc.facility and reported & BARS_BLOOD_DRAW:
        return "a draw from the port is part of the administration"
    if is_supply(code) and _supplies_included(stay, day):
        return "supplies are part of the visit or procedure"
    return None


def _supplies_included(stay: Stay, day: str) -> bool:
    """S58: an office's, beside a visit or procedure. S59: those of the administration itself."""
    enc = stay.enc
    if enc.settings["plan"] == "cpcp026" and stay.given(day):
        return True
    if enc.facility or str(enc.doc.get("place_of_service", "")) in FACILITY_POS:
        return False
    others = any(stay.day(s) == day and not is_supply(s["code"]) for s in stay.services)
    procedures = others or bool(stay.on(day))
    return enc.settings["office_supplies"] == "integral" and procedures
