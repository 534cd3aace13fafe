"""Whether doses of one code agree on what a billing unit of it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from infucode.documents.problems import quote
from infucode.documents.record import Record
from infucode.model.encounter import Administration, Dose, drug_key


def contradictions(
    items: Iterable[Administration],
) -> Iterator[tuple[Administration, Administration]]:
    """Administrations whose dose cannot have the same billing unit as an earlier dose of the same
    drug and code, each with that one.

    In one unit of measure the amount is the same; in another it is another, 1 g for 1000 mg.
    """
    known: dict[tuple[str, str], dict[tuple[object, str], Administration]] = {}
    for item in items:
        dose = item.dose
        code = None if dose is None else dose.hcpcs or item.hcpcs
        if dose is None or dose.per_unit is None or code is None:
            continue
        seen = known.setdefault((code, drug_key(item.drug)), {})
        for earlier in seen.values():
            if earlier.dose is not None and not _agree(dose, earlier.dose):
                yield item, earlier
                break
        seen.setdefault((dose.per_unit, _measure(dose)), item)


def _agree(dose: Dose, other: Dose) -> bool:
    measures = {_measure(dose), _measure(other)} - {""}
    return (dose.per_unit == other.per_unit) == (len(measures) < 2)


def _measure(dose: Dose) -> str:
    return (dose.unit or "").strip().casefold()


def check_doses(given: Sequence[tuple[Record, Administration]]) -> None:
    """Report doses that contradict an earlier one."""
    records = {id(item): record for record, item in given}
    for item, earlier in contradictions([item for _, item in given]):
        dose, other = item.dose, earlier.dose
        at = records[id(item)].record("dose", "the dose")
        if dose is None or other is None or at is None:
            continue
        code = dose.hcpcs or item.hcpcs
        message = (
            f"one unit of {code} is {_amount(dose)} here and {_amount(other)} in "
            f"{quote(earlier.id)}"
        )
        at.refuse("per_unit", message, "one code stands for one amount: correct the wrong one")


def _amount(dose: Dose) -> str:
    return f"{dose.per_unit:f} {dose.unit or ''}".strip()
