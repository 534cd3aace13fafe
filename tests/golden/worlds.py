"""Encounters and solutions made by hand, for looking at; their coding is not to be trusted."""

# ruff: noqa: E501 -- one made-up fact or sentence to a line

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date as Date
from decimal import Decimal

from infucode.model.encounter import Access, Administration, After, Encounter, Service
from infucode.model.solution import (
    Ask,
    Assumption,
    CodeSet,
    HangsOn,
    Line,
    NotReported,
    PolicyRef,
    Reason,
    Solution,
    Warned,
)

World = tuple[Encounter, Solution]

DAY = Date(2024, 8, 5)
TITLE = "Facility infusion and injection coding"
GUIDE = "CPT 2024, infusion guidelines"
PLAN = "CPCP026, page 4"
LABELS = {
    "96360": "Hydration, first 31 minutes to 1 hour",
    "96361": "Hydration, each additional hour",
    "96365": "Therapeutic infusion, initial, up to 1 hour",
    "96366": "Therapeutic infusion, each additional hour",
    "96367": "Therapeutic infusion, sequential, new drug, up to 1 hour",
    "96368": "Therapeutic infusion, concurrent",
    "96372": "Injection, under the skin or into a muscle",
    "96374": "Push, initial drug",
    "96375": "Push, each additional drug",
    "96376": "Push, same drug again, facility only",
    "96413": "Chemotherapy infusion, initial, up to 1 hour",
    "99284": "Emergency visit, level 4",
}


def at(clock: str) -> int:
    """Minutes from midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def policy(*switches: tuple[str, str]) -> PolicyRef:
    return PolicyRef("cpcp026", TITLE, "1.0", DAY, "sha256:" + "0" * 64, switches)


def line(
    code: str,
    administrations: Iterable[str],
    *says: str,
    units: int = 1,
    modifiers: tuple[str, ...] = (),
    certain: bool = True,
    hangs_on: tuple[HangsOn, ...] = (),
    date: Date = DAY,
    visit: int = 1,
    access: str | None = "line-1",
    services: tuple[str, ...] = (),
    charge: str | None = None,
) -> Line:
    because = tuple(Reason(f"cpt.rule-{code}", text, GUIDE) for text in says)
    return Line(
        code, LABELS.get(code, f"Drug {code}"), units, modifiers, date, visit, access,
        tuple(administrations), services, charge, certain, because, hangs_on,
    )


def infusion(id: str, drug: str, start: str, stop: str | None, **more: object) -> Administration:
    return _given(id, drug, "infusion", start, stop, more)


def push(id: str, drug: str, start: str, **more: object) -> Administration:
    return _given(id, drug, "push", start, None, more)


def _given(
    id: str, drug: str, technique: str, start: str, stop: str | None, more: dict[str, object]
) -> Administration:
    fields: dict[str, object] = {"route": "iv", **more}
    ends = None if stop is None else at(stop)
    return Administration(
        id=id, drug=drug, technique=technique, start=at(start), stop=ends, **fields  # type: ignore[arg-type]
    )


def emergency() -> World:
    """A realistic emergency visit: coded, with one push that hangs on a switch."""
    encounter = Encounter(
        id="enc-0001",
        claim="facility",
        date=DAY,
        type_of_bill="0131",
        place_of_service="23",
        line_of_business="commercial",
        provider_type="hospital",
        patient_age_years=61,
        administrations=(
            infusion("a1", "sodium chloride 0.9%", "10:00", "12:30", category="hydration"),
            infusion("a2", "ceftriaxone", "10:10", "10:50"),
            push("a3", "ondansetron", "10:05"),
            push("a4", "ondansetron", "11:00"),
            push("a5", "ondansetron", "11:40"),
            push("a6", "ketorolac", "10:20"),
            Administration("a7", "diphtheria-tetanus toxoid", "im", technique="injection", start=at("12:10")),
            infusion("a8", "potassium chloride", "10:55", None, minutes=20, access="line-2"),
        ),
        accesses=(Access("line-2", "incompatible_drugs", "peripheral"),),
        services=(Service("s1", "99284", separately_identifiable=True, day=0),),
    )
    tie = HangsOn("same_drug_gap", "over_30", "stand_in", ("at_least_30",))
    lines = (
        line("96365", ["a2"], "Ceftriaxone ran 40 minutes (10:10-10:50), 16 or more are needed; it is the longest drug infusion of line-1, so it is the initial service."),
        line("96361", ["a1"], "Sodium chloride ran 150 minutes; 110 of them lie outside every drug infusion, more than 30.", "110 minutes are one further hour with 50 minutes over.", units=2),
        line("96375", ["a3"], "Ondansetron was pushed at 10:05, beside the initial infusion."),
        line("96376", ["a4", "a5"], "Ondansetron was pushed again at 11:00 and 11:40, 55 and 40 minutes later; more than 30 are needed.", units=2, hangs_on=(tie,)),
        line("96375", ["a6"], "Ketorolac was pushed at 10:20, beside the initial infusion."),
        line("96372", ["a7"], "Diphtheria-tetanus toxoid was injected into a muscle at 12:10.", modifiers=("59",), access=None),
        line("99284", [], "Visits pass through; it is separately identifiable.", modifiers=("25",), access=None, services=("s1",)),
    )
    withheld = (
        NotReported("a1", None, "40 minutes", "cpt.hydration-overlap", "40 of 150 minutes of sodium chloride ran while ceftriaxone did (10:10-10:50); they are not hydration.", GUIDE),
        NotReported("a8", None, "all", "cpcp026.electrolyte", "Potassium chloride ran 20 minutes; hydration needs more than 30.", PLAN),
    )
    warned = Warned("cpcp026.gap-stand-in", "The source does not say whether a gap of exactly 30 minutes is enough; more than 30 was taken.", PLAN)
    solution = Solution("enc-0001", policy(), "coded", (CodeSet((), lines),), withheld, (), (warned,))
    return encounter, solution


def ambiguous() -> World:
    """A stop that is missing makes two code sets."""
    encounter = Encounter(
        id="enc-0002",
        claim="facility",
        date=DAY,
        type_of_bill="0131",
        administrations=(
            infusion("a1", "ceftriaxone", "10:10", "10:50"),
            infusion("a2", "vancomycin", "11:15", None),
            push("a3", "ketorolac", "10:20"),
        ),
        ends=at("13:30"),
    )
    tie = HangsOn("tie_break", "longest", "stand_in", ("first",))
    keto = line("96375", ["a3"], "Ketorolac was pushed at 10:20, beside an initial infusion.")
    first = (
        line("96365", ["a1"], "Ceftriaxone ran 40 minutes, the longest of line-1.", hangs_on=(tie,)),
        keto,
        line("96375", ["a2"], "Vancomycin ran at most 15 minutes, which is coded as a push.", certain=False),
    )
    second = (
        line("96365", ["a1"], "Ceftriaxone began before vancomycin, which ran 60 minutes at most."),
        keto,
        line("96367", ["a2"], "Vancomycin began at 11:15, after ceftriaxone, and ran 16 to 60 minutes.", certain=False),
    )
    sets = (
        CodeSet((Assumption("stop", "a2", "11:16-11:30", "vancomycin stopped between 11:16 and 11:30"),), first),
        CodeSet(
            (Assumption("stop", "a2", "11:31-12:15", "vancomycin stopped between 11:31 and 12:15"),),
            second,
            (NotReported("a2", None, "15 minutes", "cpt.rest", "15 minutes over are no further hour; 31 are needed.", GUIDE),),
        ),
    )
    ask = Ask("stop", "a2", "When did the vancomycin that began at 11:15 stop?", "it is a push up to 15 minutes and an infusion from 16.")
    solution = Solution("enc-0002", policy(("missing_stop", "ask"), ("tie_break", "longest")), "ambiguous", sets, (), (ask,), ())
    return encounter, solution


def crowded() -> World:
    """Sixty administrations in one day on two accesses."""
    drugs = ["ondansetron", "ketorolac", "hydromorphone", "famotidine", "metoclopramide", "piperacillin-tazobactam"]
    items = []
    for number in range(60):
        drug, access = drugs[number % 6], f"line-{1 + number % 2}"
        clock = f"{8 + number // 6:02d}:{number % 6 * 9:02d}"
        if number % 6 == 5:
            stop = f"{9 + number // 6:02d}:{number % 4 * 5:02d}"
            items.append(infusion(f"a{number + 1}", drug, clock, stop, access=access))
        else:
            items.append(push(f"a{number + 1}", drug, clock, access=access))
    lines = tuple(
        line("96376" if n > 5 else "96375", [f"a{n + 1}"], f"{items[n].drug} was pushed at {clock_of(items[n])}.", access=items[n].access)
        for n in range(0, 60, 2)
    )
    withheld = tuple(
        NotReported(f"a{n + 1}", None, "all", "cpt.same-drug-gap", f"{items[n].drug} at {clock_of(items[n])} follows its own drug by 18 minutes; more than 30 are needed.", GUIDE)
        for n in range(1, 60, 2)
    )
    encounter = Encounter("enc-0060", "facility", DAY, tuple(items), place_of_service="22")
    return encounter, Solution("enc-0060", policy(), "coded", (CodeSet((), lines),), withheld, (), ())


def clock_of(item: Administration) -> str:
    start = item.start or 0
    return f"{start // 60:02d}:{start % 60:02d}"


def stay() -> World:
    """Five days, two visits' worth of access, runs over midnight, an interrupted run."""
    day = 24 * 60
    items = [
        Administration("a1", "heparin", "iv", technique="infusion", start=at("20:00"), stop=day + at("04:00")),
        Administration("a2", "meropenem", "iv", technique="infusion", segments=((day + 480, day + 540), (day + 720, day + 900))),
        Administration("a3", "vancomycin", "iv", technique="infusion", start=2 * day + 600, stop=2 * day + 720),
        Administration("a4", "vancomycin", "iv", technique="infusion", start=3 * day + 600, stop=3 * day + 720),
        Administration("a5", "lactated ringer", "iv", technique="infusion", start=4 * day + 60, rate_ml_per_hour=Decimal(125), volume_ml=Decimal(1000), access="line-2"),
        Administration("a6", "enoxaparin", "sc", technique="injection", start=2 * day + 480),
        Administration("a7", "enoxaparin", "sc", technique="injection", start=4 * day + 480),
    ]
    lines = (
        line("96365", ["a1"], "Heparin ran 480 minutes, from 2024-08-05 20:00 to 2024-08-06 04:00."),
        line("96366", ["a1"], "480 minutes are seven further hours.", units=7),
        line("96367", ["a2"], "Meropenem ran 60 and 180 minutes.", date=Date(2024, 8, 6)),
        line("96367", ["a3"], "Vancomycin ran 120 minutes on 2024-08-07.", date=Date(2024, 8, 7)),
        line("96372", ["a6", "a7"], "Enoxaparin was injected on two days.", units=2, date=Date(2024, 8, 7), access=None),
        line("96360", ["a5"], "Lactated ringer ran 480 minutes by rate and volume.", date=Date(2024, 8, 9), access="line-2", charge="0.00", modifiers=("59", "JZ")),
    )
    withheld = (NotReported("a4", None, "additional hours", "cpt.once", "Vancomycin is sequential once.", GUIDE),)
    encounter = Encounter("enc-0005", "facility", DAY, tuple(items), observation=True, accesses=(Access("line-2", "restarted", "midline", "line-1"),))
    return encounter, Solution("enc-0005", policy(), "coded", (CodeSet((), lines),), withheld, (), ())


def clockless() -> World:
    """No clock time at all: listed, not drawn; and one question that comes first."""
    encounter = Encounter(
        "enc-0003",
        "professional",
        DAY,
        (
            Administration("a1", "infliximab", "iv", technique="infusion", minutes=125),
            Administration("a2", "methylprednisolone", "iv", technique="push", after=After("a1", 40)),
            Administration("a3", "sodium chloride", "iv", technique="infusion", concurrent_with=("a1",)),
            Administration("a4", "paracetamol", "po"),
        ),
        place_of_service="11",
        provider_type="physician_office",
    )
    order = HangsOn("no_clock", "list_order", "stand_in", ("ask",))
    lines = (line("96413", ["a1"], "Infliximab ran 125 minutes.", hangs_on=(order,)),)
    asks = (
        Ask("minutes", "a3", "How long did the sodium chloride run?", "more than 30 minutes are needed."),
        Ask("primary_reason", None, "What was the main reason for the visit?", "it decides which drug is initial."),
    )
    withheld = (NotReported("a4", None, "all", "cpt.oral", "Paracetamol was swallowed; that is not an infusion or injection.", GUIDE),)
    return encounter, Solution("enc-0003", policy(), "blocked", (CodeSet((), lines),), withheld, asks, ())


def hostile() -> World:
    """Names that try to be something else than names."""
    drugs = [
        "[/x]", "[red]boo[/red]", "bell\x07 and \x1b[31mred", "new\nline\ttab", "right\u202eto left",
        "ä" * 500, "long " * 100, "💉👩🏽‍⚕️ emoji", "生理食塩水 0.9% 点滴静注", "\ud800 lone", ":smile:",
    ]
    items = tuple(
        infusion(f"a{n}", drug, f"10:{n * 4:02d}", f"{11 + n % 3}:30") if n % 4 else push(f"a{n}", drug, f"10:{n * 4:02d}")
        for n, drug in enumerate(drugs, 1)
    )
    lines = tuple(line("96365", [i.id], f"{i.drug} ran, [bold]truly[/bold].") for i in items[:4])
    withheld = tuple(NotReported(i.id, None, "all", "x.[y]", f"{i.drug} earns nothing.", "[/] source") for i in items[4:])
    asks = (Ask("stop", "a1", "When did [/x] stop?", "[b]it[/b] matters."),)
    encounter = Encounter("[/enc]\x1b]0;title\x07", "facility", DAY, items)
    return encounter, Solution("[/enc]", policy(), "coded", (CodeSet((), lines),), withheld, asks, ())


WORLDS: dict[str, Callable[[], World]] = {
    "emergency": emergency,
    "ambiguous": ambiguous,
    "crowded": crowded,
    "stay": stay,
    "clockless": clockless,
    "hostile": hostile,
}
