"""A small policy folder with a few rules: the shipped vocabulary, a layer of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[3] / "policies"
LAYER = """\
title = "Small"

[[value]]
name = "short_minutes"
type = "minutes"
value = 15
cite = "infucode small"
"""
RULES = """\
% Lines for runs by vein, long and short. Gives: line, withheld.

%@ id: small.long
%@ cite: infucode small; cpm12 30.5
%@ text: A run of more than the limit by vein has a line.
%@ says: {Administration} has a line.
%@ clause: S1
long(Administration) :-
    route(Administration, iv), stated_minutes(Administration, Minutes),
    value(short_minutes, Limit), Minutes > Limit, not attended(Administration, no).
line("small.long", Administration, delivery, "96365", 1, 0) :-
    long(Administration).

%@ id: small.short
%@ cite: infucode small
%@ text: Any other run has none.
%@ says: {Administration} has no line.
withheld("small.short", Administration, delivery) :-
    administration(Administration), not long(Administration).
"""
CASE = """\
- name: {name}
  encounter:
    claim: facility
    date: 2024-08-05
    administrations:
      - {{id: a1, drug: saline, category: hydration, route: {route}, technique: infusion,
         minutes: {minutes}{more}}}
  expect:
    lines: [{lines}]   # of the one run
"""
LINE = '{code: "96365", units: 1}'


def small_folder(to: Path, rules: str = RULES) -> Path:
    """The folder; its cases lie in `small/cases/runs.yaml`."""
    folder = to / "policies"
    (folder / "small" / "cases").mkdir(parents=True)
    for name in ("vocabulary.lp", "sources.toml", "switches.toml"):
        shutil.copy(SHIPPED / name, folder / name)
    shutil.copytree(SHIPPED / "cpcp026", folder / "cpcp026", ignore=_only_profile)
    profile = folder / "cpcp026" / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    text = re.sub(r"layers = \[.*?\]", 'layers = ["small"]', text)
    profile.write_text(text, encoding="utf-8")
    (folder / "small" / "layer.toml").write_text(LAYER, encoding="utf-8")
    (folder / "small" / "runs.lp").write_text(rules, encoding="utf-8")
    return folder


def _only_profile(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name != "profile.toml"]


def case(
    name: str, minutes: int, lines: str = LINE, *, route: str = "iv", more: str = "",
    rest: str = "",
) -> str:  # fmt: skip
    """A case about one run."""
    text = CASE.format(name=name, minutes=minutes, lines=lines, route=route, more=more)
    return text + rest


def cases(folder: Path, *texts: str) -> Path:
    """Write the cases of the folder."""
    path = folder / "small" / "cases" / "runs.yaml"
    path.write_text("# Runs.\n\n" + "\n".join(texts), encoding="utf-8")
    return path
