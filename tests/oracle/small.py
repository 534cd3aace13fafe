"""The small world: every encounter of up to three administrations over boundary values.

    python -m tests.oracle.small

prints its size. The order is fixed, so that a place in it always means the same encounter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from .elements import TEN, Doc, Element, document, push, run, second_start, shot, timed

LENGTHS = (15, 16, 30, 31, 60, 61, 90, 91, 150, 151)
TIMINGS = ("gap_5", "gap_30", "gap_31", "part", "whole")
CLAIMS = ("facility", "professional")
REASONS = (None, "a1", "a2", "unsaid")  # None: a facility; unsaid: an office that gives none
CATEGORIES = (
    *("therapeutic", "chemotherapy", "hydration", "electrolyte"),
    *("complex_biologic", "hormonal_antineoplastic"),
)
TIMED_ROUTES = ("iv", "ia", "sc")
OTHER_ROUTES = (
    *("im", "intrathecal", "intrapleural", "intraperitoneal", "intralesional"),
    *("io", "intradermal", "intraarticular", "other"),
)
SILENT_ROUTES = ("po", "inhaled", "topical", "enteral")
TECHNIQUES = ("infusion", "push", "injection", "on_body", "pump", "refill", "device_flush")
PUMPS: tuple[Element, ...] = (
    *({"kind": k} for k in ("portable", "implantable", "elastomeric", "stationary")),
    *({"kind": k, "planned_minutes": 480} for k in ("portable", "stationary")),
    *(
        {"kind": k, "planned_minutes": 481}
        for k in ("portable", "implantable", "elastomeric", "stationary")
    ),
    {"planned_minutes": 481},
)
VIAS = ("reservoir", "puncture", "port", "catheter", None)


def given(route: str, technique: str | None, category: str, **more: object) -> Element:
    """An administration by any route."""
    how = {} if technique is None else {"technique": technique}
    return {"category": category, "route": route, **how, **more}


PAIRED: tuple[Element, ...] = (
    *(run("therapeutic", m) for m in (15, 16, 31, 91)),
    *(run("chemotherapy", m) for m in (15, 16, 91)),
    *(run("hydration", m) for m in (30, 31, 91)),
    push("therapeutic"),
    push("therapeutic", 20),
    push("chemotherapy"),
    shot("therapeutic"),
    shot("chemotherapy", "sc"),
)

ASIDE: tuple[Element, ...] = (
    given("ia", "infusion", "chemotherapy", minutes=91),
    given("ia", "infusion", "therapeutic", minutes=16),
    given("ia", "push", "chemotherapy"),
    given("sc", "infusion", "therapeutic", minutes=91),
    given("sc", "infusion", "therapeutic", minutes=15),
    given("sc", "infusion", "chemotherapy", minutes=31),
    given("sc", "pump", "therapeutic", minutes=31, pump={"extra_setups": 1}),
    given("sc", "on_body", "therapeutic"),
    given("im", "injection", "therapeutic", supervision="none"),
    given("im", "injection", "therapeutic", hcpcs="90380", counseling=True),
    given("iv", "pump", "chemotherapy", minutes=481, pump={"kind": "portable"}),
    given("iv", "pump", "therapeutic", minutes=500, pump={"kind": "implantable"}),
    given("ia", "pump", "chemotherapy", pump={"kind": "portable", "planned_minutes": 2760}),
    given("iv", "refill", "chemotherapy", pump={"kind": "portable"}),
    given("iv", "refill", "therapeutic", pump={"kind": "implantable"}),
    given("iv", "device_flush", "therapeutic"),
    given("intralesional", "injection", "chemotherapy", lesions=4),
    given("intrapleural", "injection", "chemotherapy"),
    given("intraperitoneal", "infusion", "chemotherapy", minutes=60, via="port"),
    given("intraperitoneal", "injection", "chemotherapy", via="puncture"),
    given("intrathecal", "injection", "chemotherapy", via="puncture"),
    given("intrathecal", "injection", "chemotherapy", via="reservoir"),
    given("iv", "push", "therapeutic", purpose="declot"),
)

THREES: tuple[Element, ...] = (
    run("therapeutic", 16),
    run("therapeutic", 91),
    run("chemotherapy", 91),
    run("hydration", 91),
    push("therapeutic"),
    push("chemotherapy"),
    shot("therapeutic"),
)
FAMILY_PAIRS = (  # of two runs; the last says whether they are of one drug
    ("therapeutic", "therapeutic", False),
    ("therapeutic", "therapeutic", True),
    ("chemotherapy", "chemotherapy", False),
    ("chemotherapy", "chemotherapy", True),
    ("chemotherapy", "therapeutic", False),
    ("hydration", "therapeutic", False),
    ("hydration", "hydration", False),
)


def small_world() -> Iterator[Doc]:
    """Every encounter of one, two and three administrations."""
    yield from singles()
    yield from lengths()
    yield from asides()
    yield from pairs()
    yield from triples()
    yield from accessed()


def _alone() -> Iterator[Element]:
    """Every cell of the form table, timed ones at every boundary."""
    for route, category in itertools.product(TIMED_ROUTES, CATEGORIES):
        yield from (given(route, "infusion", category, minutes=m) for m in (1, *LENGTHS, 211))
        yield from (given(route, "push", category, minutes=m) for m in (15, 16, 31))
        for pump, minutes in itertools.product(PUMPS, (16, 91, 480, 481)):
            if route != "sc" or pump == PUMPS[0]:
                yield given(route, "pump", category, minutes=minutes, pump=pump)
    for route, technique in itertools.product((*TIMED_ROUTES, *OTHER_ROUTES), TECHNIQUES):
        for category in CATEGORIES:
            yield from _untimed(route, technique, category)
    for route in SILENT_ROUTES:
        yield from (given(route, None, category) for category in CATEGORIES)


def _untimed(route: str, technique: str, category: str) -> Iterator[Element]:
    element = given(route, technique, category)
    if technique in {"infusion", "pump"}:
        element["minutes"] = 60
    if technique == "refill":
        yield from (element | {"pump": pump} for pump in (*PUMPS[:4], {"extra_setups": 1}))
    elif route in {"intrathecal", "intraperitoneal"} and technique in {"infusion", "injection"}:
        yield from (element | ({"via": via} if via else {}) for via in VIAS)
    elif route == "intralesional" and technique in {"infusion", "injection"}:
        yield from (element | {"lesions": count} for count in (1, 7, 8))
        yield element
    elif route in {"sc", "im"} and technique in {"push", "injection"}:
        yield from (element | {"supervision": word} for word in ("direct", "general", "none"))
    elif technique != "pump" or route not in {"iv", "ia"}:
        yield element


def singles() -> Iterator[Doc]:
    """One administration, both claim types, by day and at midnight; in offices and hospitals."""
    for number, (element, claim) in enumerate(itertools.product(_alone(), CLAIMS)):
        for start in (TEN, 1439):
            admins = [timed(element, "alpha", start)]
            yield document(f"one-{number}-{start}", claim, admins)
        admins = [timed(element, "alpha", TEN)]
        place = {"type_of_bill": "0111"} if claim == "facility" else {"place_of_service": "22"}
        yield document(f"one-{number}-in", claim, admins) | place


def lengths() -> Iterator[Doc]:
    """Two infusions of every pair of lengths, apart, partly and wholly at once."""
    for number, (one, two, (first, second, same), timing, claim) in enumerate(
        itertools.product(LENGTHS, LENGTHS, FAMILY_PAIRS, ("gap_5", "part", "whole"), CLAIMS)
    ):
        elements = (run(first, one), run(second, two))
        admins = [
            timed(elements[0], "alpha", TEN),
            timed(elements[1], "alpha" if same else "beta", second_start(elements[0], timing)),
        ]
        more: Doc = {"primary_reason": "a1"} if claim == "professional" else {}
        yield document(f"long-{number}", claim, admins, **more)


def asides() -> Iterator[Doc]:
    """Something that takes no initial slot beside anything else, of one drug or of two."""
    others = (*ASIDE, *PAIRED)
    for number, (one, two, timing, claim, same) in enumerate(
        itertools.product(ASIDE, others, ("gap_5", "whole"), CLAIMS, (False, True))
    ):
        if same and one["category"] != two["category"]:
            continue
        admins = [
            timed(one, "alpha", TEN),
            timed(two, "alpha" if same else "beta", second_start(one, timing)),
        ]
        more: Doc = {"primary_reason": "a2"} if claim == "professional" else {}
        yield document(f"aside-{number}", claim, admins, **more)


def pairs() -> Iterator[Doc]:
    """Two administrations: same drug or not, apart or together, one access or two.

    An office that does not say its reason is incomplete: judge it by `code_sets`.
    """
    for number, (one, two, same, timing, access, reason) in enumerate(
        itertools.product(
            PAIRED, PAIRED, (False, True), TIMINGS, (None, "protocol", "convenience"), REASONS
        )
    ):
        if same and one["category"] != two["category"]:
            continue
        veins = one["route"] == two["route"] == "iv"
        if access and (not veins or timing == "gap_5" or reason == "unsaid"):
            continue
        admins = [
            timed(one, "alpha", TEN),
            timed(two, "alpha" if same else "beta", second_start(one, timing)),
        ]
        more: Doc = {"primary_reason": reason} if reason in {"a1", "a2"} else {}
        if access:
            admins[1]["access"] = "line-2"
            more["accesses"] = [{"id": "line-2", "reason": access}]
        claim = "professional" if reason else "facility"
        yield document(f"two-{number}", claim, admins, **more)


def triples() -> Iterator[Doc]:
    """Three administrations on one access, of one, two or three drugs."""
    drugs = (("alpha", "beta", "gamma"), ("alpha", "beta", "alpha"), ("alpha", "alpha", "alpha"))
    spread = (("gap_5", "gap_5"), ("gap_31", "gap_30"), ("part", "part"), ("whole", "whole"))
    for number, (elements, names, timing, reason) in enumerate(
        itertools.product(itertools.product(THREES, repeat=3), drugs, spread, range(4))
    ):
        families = dict.fromkeys(zip(names, (e["category"] for e in elements), strict=True))
        if len(families) != len(set(names)):
            continue
        second = second_start(elements[0], timing[0])
        third = second_start(elements[1], timing[1], second)
        starts = (TEN, second, third)
        admins = [timed(e, d, s) for e, d, s in zip(elements, names, starts, strict=True)]
        more = {"primary_reason": f"a{reason}"} if reason else {}
        claim = "professional" if reason else "facility"
        yield document(f"three-{number}", claim, admins, **more)


def accessed() -> Iterator[Doc]:
    """Three administrations on two accesses, the third beside the first or the second."""
    reasons = ("incompatible_drugs", "convenience")
    for number, (elements, reason, third, timing, claim) in enumerate(
        itertools.product(
            itertools.product(THREES[:-1], repeat=3),
            reasons,
            ("line-1", "line-2"),
            ("gap_5", "part"),
            CLAIMS,
        )
    ):
        second = second_start(elements[0], timing)
        starts = (TEN, second, second_start(elements[1], timing, second))
        names = ("alpha", "beta", "gamma")
        admins = [timed(e, d, s) for e, d, s in zip(elements, names, starts, strict=True)]
        admins[1]["access"], admins[2]["access"] = "line-2", third
        more: Doc = {"accesses": [{"id": "line-2", "reason": reason}]}
        more |= {"primary_reason": ["a1", "a2"]} if claim == "professional" else {}
        yield document(f"access-{number}", claim, admins, **more)


if __name__ == "__main__":
    print(f"{sum(1 for _ in small_world()):,} encounters")
