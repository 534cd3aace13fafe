"""What the record says once and means for several administrations: of a drug, of a bag."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .scope import FAMILY_ORDER, family_of
from .timing import Facts

UNLISTED_HCPCS = {"J3490", "J3590", "J9999", "C9399"}


def same_drugs(admins: Iterable[Facts]) -> dict[str, str]:
    """Each administration id with the name that stands for its drug: same text or same HCPCS."""
    roots: dict[str, str] = {}

    def find(key: str) -> str:
        while roots.setdefault(key, key) != key:
            key = roots[key]
        return key

    names: dict[str, str] = {}
    for admin in admins:
        text = "drug:" + re.sub(r"\s+", "", str(admin["drug"])).lower()
        code = admin.get("hcpcs")
        if code and code not in UNLISTED_HCPCS:
            low, high = sorted((find(text), find(f"hcpcs:{code}")))
            roots[high] = low
        names[admin["id"]] = text
    return {id_: find(text) for id_, text in names.items()}


def shared_facts(doc: Facts, settings: dict[str, str]) -> Facts:
    """The document with what holds for all doses of a drug, and all parts of a bag, on each.

    What makes a drug complex, and the codes it goes by, are of the drug; who supervised and
    the way in are of the bag.
    """
    admins = [dict(admin) for admin in doc["administrations"]]
    names = same_drugs(admins)
    for name in set(names.values()):
        _of_drug([a for a in admins if names[a["id"]] == name])
    bags: dict[tuple[object, ...], list[Facts]] = {}
    for admin in admins:
        if admin.get("bag") is not None and admin.get("purpose", "treatment") == "treatment":
            key = [admin.get(k) for k in ("bag", "visit", "access", "route")]
            bags.setdefault(tuple(key), []).append(admin)
    for mates in bags.values():
        if len(mates) > 1:
            _of_bag(mates, settings)
    return doc | {"administrations": admins}


def _of_drug(doses: list[Facts]) -> None:
    intensity = sorted({word for dose in doses for word in dose.get("intensity") or ()})
    codes = sorted({code for dose in doses for code in _codes(dose)})
    for dose in doses:
        if intensity:
            dose["intensity"] = intensity
        if codes:
            dose["drug_codes"] = codes


def _codes(dose: Facts) -> set[str]:
    own = (dose.get("hcpcs"), (dose.get("dose") or {}).get("hcpcs"))
    return {str(code) for code in (*own, *dose.get("drug_codes", ())) if code}


def _of_bag(mates: list[Facts], settings: dict[str, str]) -> None:
    head = min(mates, key=lambda mate: FAMILY_ORDER.index(family_of(mate, settings)))
    ways = {mate["via"] for mate in ([head] if head.get("via") else mates) if mate.get("via")}
    for mate in mates:
        if len(ways) == 1:
            mate["via"] = next(iter(ways))
        if mate is not head and "supervision" in head:
            mate["supervision"] = head["supervision"]
        elif mate is not head:
            mate.pop("supervision", None)
