"""Further encounters and solutions made by hand: many code sets, and hardly anything at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from infucode.model.encounter import Administration, Encounter
from infucode.model.solution import (
    Ask,
    Assumption,
    CodeSet,
    HangsOn,
    Line,
    NotReported,
    Solution,
)
from tests.golden.worlds import DAY, GUIDE, World, at, infusion, line, policy, push

STOP = HangsOn(
    "missing_stop", "ask", "stand_in", ("push", "withhold"),
    "What a run whose stop time is missing earns.",
)  # fmt: skip
HOUR_SETS = 8


def compared() -> World:
    """Three code sets of one missing stop, in which drugs change places and units differ."""
    encounter = Encounter(
        id="enc-0011",
        claim="facility",
        date=DAY,
        place_of_service="23",
        administrations=(
            infusion("a1", "ceftriaxone", "10:10", "10:50"),
            push("a2", "ondansetron", "10:05"),
            push("a3", "ketorolac", "10:20"),
            infusion("a4", "vancomycin", "12:45", None),
            Administration("a5", "dexamethasone", "im", technique="injection", start=at("10:30")),
        ),
        ends=at("14:30"),
    )

    def unsure(
        code: str, ids: list[str], *says: str, units: int = 1, hangs: tuple[HangsOn, ...] = ()
    ) -> Line:
        return line(code, ids, *says, units=units, certain=False, hangs_on=hangs)

    def shot(initial: str) -> Line:
        says = (
            "Dexamethasone was injected into a muscle at 10:30.",
            f"It stands beside {initial} on one date.",
        )
        return line("96372", ["a5"], *says, modifiers=("59",), access=None)

    first = (
        unsure("96365", ["a1"], "Ceftriaxone is the initial service."),
        unsure(
            "96375",
            ["a2", "a3", "a4"],
            "Ondansetron was pushed beside ceftriaxone.",
            "Ketorolac was pushed beside ceftriaxone.",
            "Vancomycin ran 15 minutes or less.",
            units=3,
            hangs=(replace(STOP, other=("withhold",)),),
        ),
        shot("ceftriaxone"),
    )
    second = (
        unsure("96365", ["a1"], "Ceftriaxone is the initial service."),
        unsure(
            "96375",
            ["a2", "a3"],
            "Ondansetron was pushed beside ceftriaxone.",
            "Ketorolac was pushed beside ceftriaxone.",
            units=2,
        ),
        unsure(
            "96367", ["a4"], "Vancomycin ran 16 to 90 minutes, after ceftriaxone.", hangs=(STOP,)
        ),
        shot("ceftriaxone"),
    )
    third = (
        unsure("96365", ["a4"], "Vancomycin is the initial service: it ran longest."),
        unsure("96366", ["a4"], "91 minutes or more are a further hour.", hangs=(STOP,)),
        unsure(
            "96375",
            ["a2", "a3"],
            "Ondansetron was pushed beside vancomycin.",
            "Ketorolac was pushed beside vancomycin.",
            units=2,
        ),
        unsure("96367", ["a1"], "Ceftriaxone is sequential to vancomycin."),
        shot("vancomycin"),
    )
    rest = NotReported(
        "a4",
        None,
        "additional hours",
        "cpt.rest",
        "Vancomycin ran 90 minutes or less; 91 are needed for a further hour.",
        GUIDE,
    )
    ranges = ("12:46-13:00", "13:01-14:15", "14:16-14:30")
    sets = tuple(
        CodeSet(
            (Assumption("stop", "a4", value, f"vancomycin 12:45 stopped at {value}"),),
            lines,
            withheld,
        )
        for value, lines, withheld in zip(
            ranges, (first, second, third), ((rest,), (rest,), ()), strict=True
        )
    )
    ask = Ask(
        "stop",
        "a4",
        "When did the vancomycin that began at 12:45 stop?",
        "its minutes decide what it is.",
    )
    return encounter, Solution("enc-0011", policy(), "ambiguous", sets, (), (ask,), ())


def many() -> World:
    """Sixteen code sets of two missing stops."""
    encounter = Encounter(
        id="enc-0012",
        claim="facility",
        date=DAY,
        administrations=(
            infusion("a1", "ampicillin-sulbactam", "09:00", None),
            infusion("a2", "vancomycin", "10:00", None),
        ),
        ends=at("22:00"),
    )
    sets = []
    for hours in range(HOUR_SETS):
        for short in (True, False):
            lines = [
                line(
                    "96365",
                    ["a1"],
                    f"Ampicillin-sulbactam ran {hours} further hours.",
                    certain=False,
                )
            ]
            if hours:
                lines.append(
                    line(
                        "96366",
                        ["a1"],
                        f"{hours} further hours were counted.",
                        units=hours,
                        certain=False,
                    )
                )
            code = "96375" if short else "96367"
            lines.append(line(code, ["a2"], "Vancomycin came after it.", certain=False))
            last = f"vancomycin stopped at 10:{'01-10:15' if short else '16-10:45'}"
            stop = f"{10 + hours}:30"
            supposed = (
                Assumption("stop", "a1", stop, f"ampicillin-sulbactam stopped at {stop}"),
                Assumption("stop", "a2", last[-11:], last),
            )
            sets.append(CodeSet(supposed, tuple(lines)))
    asks = tuple(
        Ask("stop", id, f"When did {drug} stop?", "its minutes decide what it is.")
        for id, drug in (("a1", "ampicillin-sulbactam"), ("a2", "vancomycin"))
    )
    return encounter, Solution("enc-0012", policy(), "ambiguous", tuple(sets), (), asks, ())


def lone() -> World:
    """One injection: nothing for a clock axis to show."""
    item = Administration("a1", "ketorolac", "im", technique="injection", start=at("10:15"))
    encounter = Encounter("enc-0013", "professional", DAY, (item,), place_of_service="11")
    lines = (
        line("96372", ["a1"], "Ketorolac was injected into a muscle at 10:15.", access=None),
    )
    return encounter, Solution("enc-0013", policy(), "coded", (CodeSet((), lines),), (), (), ())


def ends() -> World:
    """A stated, a derived and a missing end side by side."""
    encounter = Encounter(
        "enc-0014",
        "facility",
        DAY,
        (
            infusion("a1", "cefazolin", "08:00", "08:45"),
            infusion("a2", "magnesium", "09:00", None, minutes=60),
            infusion("a3", "vancomycin", "10:30", None),
        ),
        ends=at("12:00"),
    )
    lines = tuple(
        line("96365", [item.id], f"{item.drug} ran.") for item in encounter.administrations
    )
    return encounter, Solution("enc-0014", policy(), "coded", (CodeSet((), lines),), (), (), ())


TOLD_WORLDS: dict[str, Callable[[], World]] = {
    "compared": compared,
    "many": many,
    "lone": lone,
    "ends": ends,
}
