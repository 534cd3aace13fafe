"""A small policy folder to edit: two rule files, a switch, a value, clauses, a case file."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.unit.lint.examples import BASE

RUNS = """\
% Runs that are short.
% Gives: short.

%@ id: plan.short
%@ cite: source 1
%@ text: A run is short below the least minutes.
%@ clause: S1
short(Administration) :-
    ran(Administration, Minutes), value(least_minutes, Limit), Minutes < Limit.

%@ id: plan.withheld
%@ cite: source 2
%@ text: A short run earns nothing.
%@ says: {Administration} was short.
%@ clause: S1
%@ beats: plan.taken (Administration)
withheld("plan.withheld", Administration, delivery) :-
    reading(short_runs, withhold), short(Administration).

%@ id: plan.taken
%@ cite: source 3
%@ text: A way in through the vein is noted.
%@ says: {Administration} ran.
warning("plan.taken", Administration) :- route(Administration, iv).
"""
CLAUSES = """\
[letters]
S = "The source"

[clause.S1]
gist = "Short runs earn nothing."
cite = "source 1"
"""
CASES = """\
- name: A short run
  fires: [plan.short, plan.withheld]
- name: A long run
  silent: [plan.withheld]
"""


def small_folder(parent: Path) -> Path:
    """The folder, made anew."""
    folder = parent / "policies"
    shutil.copytree(BASE, folder)
    (folder / "plan" / "runs.lp").write_text(RUNS, encoding="utf-8")
    (folder / "clauses.toml").write_text(CLAUSES, encoding="utf-8")
    (folder / "plan" / "cases").mkdir()
    (folder / "plan" / "cases" / "runs.yaml").write_text(CASES, encoding="utf-8")
    return folder
