"""A new case file: a visit and what must come of it, to fill in."""

from __future__ import annotations

from datetime import date as Date
from pathlib import Path

from infucode.errors import PolicyError, Problem
from infucode.rulebook.library import require_plan
from infucode.rulebook.profiles import read_profile
from infucode.rulebook.switches import read_switches

VISIT = """\
  encounter:
    claim: facility               # or professional
    place_of_service: "22"
    date: {day}
    administrations:
      - {{id: a1, drug: drug A, category: therapeutic, route: iv, technique: infusion,
         start: "10:00", stop: "11:00"}}
"""
EXPECT = """\
  expect:
    lines:                        # every line of the claim; add `modifiers` where it has any
      - {code: , units: 1}
"""
WHY = "  why:                            # the reason, for whoever reads this in a year\n"
WITH_RULE = (
    ("(What this visit shows, on which the rule holds)", "fires"),
    ("(What the nearest visit shows, on which it does not)", "silent"),
)


def first_day(folder: Path, plan: str) -> Date:
    """The first day of a plan's last version, whether or not its rules load.

    Raises UsageError for no such plan, PolicyError for a broken profile.
    """
    require_plan(folder, plan)
    problems: list[Problem] = []
    name, path = f"{folder.name}/{plan}/profile.toml", folder / plan / "profile.toml"
    switches = read_switches(folder / "switches.toml", f"{folder.name}/switches.toml", problems)
    versions = read_profile(path, name, switches, problems).versions
    if problems:
        raise PolicyError(problems)
    return versions[-1].since


def case_text(path: str, folder: str, *, plan: str | None, rule: str | None, day: Date) -> str:
    """The text of the file `path` of a policy folder; of a rule one case holds and one not."""
    text = (
        "# (What these cases are about, in a sentence.) Run them:\n"
        f"#   infucode policy test {path} --policies {folder}\n"
    )
    for name, key in WITH_RULE if rule else (("(What this visit shows)", ""),):
        text += f"\n- name: {name}\n"
        text += f"  policy: {plan}\n" if plan else ""
        text += VISIT.format(day=day) + EXPECT
        text += f"  {key}: [{rule}]\n" if rule else ""
        text += WHY
    return text
