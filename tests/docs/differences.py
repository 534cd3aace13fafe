"""The differences of the shipped plans over the spaces, as plain data.

`python -m tests.docs.reference` looks for them anew and writes `differences.json`; the page is
made from that, and the tests ask each witness again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date as Date
from pathlib import Path
from typing import Any

from infucode import Policy
from infucode.documents.dump import encounter_to_data
from infucode.errors import InternalError
from infucode.model.solution import Solution, claimed
from infucode.render.diff_view import side_to_json
from infucode.space.answering import Answers, Outcomes, book_of, stated
from infucode.space.diff import Differ, Seen
from infucode.space.disagreeing import DECIDING, MARKING, side_of, told_of
from infucode.space.sides import Ready, ready
from infucode.space.sides import side_of as side_from
from infucode.space.spaces import space_named
from infucode.space.written import id_of

PLANS = ("cpcp026", "medicare")
SPACES = ("time", "clock", "places", "supplies", "records")
"""In the order in which kinds are looked for: a kind is shown where it is met first."""
SERVICES = 2
FILE = Path(__file__).with_name("differences.json")


def known(path: Path = FILE) -> dict[str, Any]:
    """What was found."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def sides(policies: Path) -> list[Ready]:
    """Both plans, on the first day on which the last versions of both are in force."""
    return ready([side_from(plan, policies) for plan in PLANS], None)


def search(policies: Path, services: int = SERVICES) -> dict[str, Any]:
    """Every kind of difference once. Raises InternalError for a witness that `solve` does not
    confirm."""
    pair = sides(policies)
    causes, solvers = _Causes(pair), [Policy(side.library) for side in pair]
    seen: set[object] = set()
    kinds, looked = [], {}
    for name in SPACES:
        differ = Differ(pair[0].book, pair[1].book, space_named(policies, name), pair[0].day)
        found = differ.seen(services)
        looked[name] = sum(differ.walk.looked.values())
        for one in found:
            if one.kind not in seen:
                seen.add(one.kind)
                kinds.append({"space": name, **_told(differ, one, pair, solvers, causes)})
    kinds.sort(key=lambda kind: (kind["services"], len(kind["document"]["administrations"])))
    return {
        "plans": [side.name for side in pair],
        "day": pair[0].day.isoformat(),
        "services": services,
        "encounters": looked,
        "kinds": kinds,
    }


def written(found: Mapping[str, Any]) -> str:
    """The data as they are kept: a line for each kind."""
    head = {key: value for key, value in found.items() if key != "kinds"}
    kinds = ",\n".join(json.dumps(kind, ensure_ascii=False) for kind in found["kinds"])
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "kinds": [\n{kinds}\n]}}\n'


def shown(solution: Solution) -> Any:
    """An answer as the data hold it: its outcome and code sets, without who carries a line."""
    outcome, sets = json.loads(json.dumps(claimed(solution), default=Date.isoformat))
    return [outcome, sets]


def _told(
    differ: Differ, one: Seen, pair: list[Ready], policies: list[Policy], causes: _Causes
) -> dict[str, Any]:
    switches, enough = causes.of(differ, one)
    told = differ.disagreement(one)
    rows = differ.both(one)
    solved = [
        policy.solve(told.encounter, as_of=side.day, explain=False).solution
        for side, policy in zip(pair, policies, strict=True)
    ]
    if shown(solved[0]) == shown(solved[1]):
        raise InternalError(f"{one.kind} is not confirmed by `solve`")
    both = [told_of(side) for side in rows]
    ids = dict.fromkeys(id for side in both for id in side)
    return {
        "services": told.services,
        "encounters": told.number,
        "about": told.administration,
        "differing": told.differing.value,
        "rules": [list(told.one.rules), list(told.other.rules)],
        "switches": switches,
        "other_rules": not enough,
        "items": {
            id_of(id): [side_to_json(side_of(side.get(id))) for side in both]
            for id in sorted(ids)
        },
        "claims": [shown(solution) for solution in solved],
        "document": encounter_to_data(told.encounter),
    }


class _Causes:
    """Which switches make the first plan say what the second says."""

    def __init__(self, pair: list[Ready]) -> None:
        self.one, other = pair
        self.answers = {
            name: str(setting.value)
            for name, setting in other.book.settings.items()
            if name in self.one.library.switches
            and self.one.book.settings[name].value != setting.value
        }
        self._sides: dict[tuple[str, ...], Answers] = {}

    def of(self, differ: Differ, seen: Seen) -> tuple[list[str], bool]:
        """The switches that matter here, and whether they are all that does."""
        now, wanted = (_earned(rows, seen.administration) for rows in differ.both(seen))
        alone = {name: self._with((name,), differ, seen) for name in sorted(self.answers)}
        enough = [name for name, earned in alone.items() if earned == wanted]
        if enough:
            return enough, True
        names = tuple(name for name, earned in alone.items() if earned != now)
        return list(names), self._with(names, differ, seen) == wanted

    def _with(self, names: tuple[str, ...], differ: Differ, seen: Seen) -> object:
        """What the first plan says under some answers of the second."""
        if names not in self._sides:
            answers = {name: self.answers[name] for name in names}
            book = book_of(self.one.library, self.one.day, answers)
            self._sides[names] = Answers(book, (*DECIDING, *MARKING))
        sized = differ.walk.sized(seen.services)
        rows = self._sides[names].again(sized, stated(seen.given))
        return _earned(rows, seen.administration)


def _earned(outcomes: Outcomes, id: str) -> object:
    told = told_of(outcomes).get(id)
    return told and (told.earned, told.untold)
