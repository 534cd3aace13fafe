"""A small layer of claim rules: the machinery is tested whatever the shipped rules say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from infucode import Policy
from tests.badinput.policies_load import copy_policies, load

LAYER = 'title = "Claims, small"\n'
RULES = """\
% Enough rules about lines to give every outcome of a check.

%@ id: claim.small-unfit
%@ cite: infucode small
%@ text: Units are whole and at least one.
%@ says: The units of {Line} are no count.
deny("claim.small-unfit", Line) :- line_units_unfit(Line).

%@ id: claim.small-outside
%@ cite: infucode small
%@ text: A line lies within the stay.
%@ says: {Line} lies outside the stay.
deny("claim.small-outside", Line) :- line_outside(Line).

%@ id: claim.small-twice
%@ cite: infucode small
%@ text: A code stands once.
%@ says: {Line} repeats {Other}.
deny_beside("claim.small-twice", Line, Other) :-
    line_code(Line, Code), line_code(Other, Code), line_place(Line, N), line_place(Other, M),
    N > M.

%@ id: claim.small-units
%@ cite: infucode small
%@ text: No more units than the record earns.
%@ says: {Line} claims {Units} unit(s), the record earns {Most}: {Item}.
deny("claim.small-units", Line) :-
    line_code(Line, Code), line_units(Line, Units), expected(Item), item_code(Item, Code),
    item_units(Item, Most), Units > Most.

%@ id: claim.small-fewer
%@ cite: infucode small
%@ text: As many units as the record earns.
%@ says: {Line} claims {Units} unit(s), the record earns {Most}.
advise("claim.small-fewer", Line) :-
    line_code(Line, Code), line_units(Line, Units), expected(Item), item_code(Item, Code),
    item_units(Item, Most), Units < Most.

%@ id: claim.small-earned
%@ cite: infucode small
%@ text: The codes of the record and of the claim.
earned(Code) :- item_code(_, Code).
claimed(Code) :- line_code(_, Code).
may_be(Code) :- possible(Item), item_code(Item, Code).

%@ id: claim.small-unsupported
%@ cite: infucode small
%@ text: The record earns what is claimed.
%@ says: The record does not earn {Line}.
deny("claim.small-unsupported", Line) :-
    line_code(Line, Code), not record(none), not earned(Code).

%@ id: claim.small-modifier
%@ cite: infucode small
%@ text: The record gives the modifiers.
%@ says: {Line} carries {Modifier}, which the record does not give.
review("claim.small-modifier", Line) :-
    line_modifier(Line, Modifier), line_code(Line, Code), earned(Code),
    not given_modifier(Code, Modifier).
given_modifier(Code, Modifier) :- item_code(Item, Code), item_modifier(Item, Modifier).

%@ id: claim.small-omitted
%@ cite: infucode small
%@ text: What the record earns is claimed.
%@ says: {Item} is not claimed.
omitted("claim.small-omitted", Item) :- expected(Item), item_code(Item, Code), not claimed(Code).

%@ id: claim.small-no-record
%@ cite: infucode small
%@ text: Only the record can show it.
%@ says: The record must show {Line}.
undecided("claim.small-no-record", Line) :- claim_line(Line), record(none).

%@ id: claim.small-open
%@ cite: infucode small
%@ text: The record leaves it open.
%@ says: {Line} hangs on what the record leaves open.
undecided("claim.small-open", Line) :- line_code(Line, Code), may_be(Code).

%@ id: claim.small-held
%@ cite: infucode small
%@ text: Pairs of an imported edition.
%@ says: {Line} is column 2 beside {Other} ({Indicator}).
deny_beside("claim.small-held", Line, Other) :-
    held_edit(First, Second, Indicator), line_code(Other, First), line_code(Line, Second).

%@ id: claim.small-most
%@ cite: infucode small
%@ text: Units of an imported edition.
%@ says: {Line} claims {Units} unit(s) of {Most}, kind {Kind}.
review("claim.small-most", Line) :-
    held_most(Code, Most, Kind), line_code(Line, Code), line_units(Line, Units), Units > Most.

%@ id: claim.small-no-table
%@ cite: infucode small
%@ text: No pairs are held.
%@ says: No table here holds the pairs of {Code}.
not_checked("claim.small-no-table", Code) :- line_code(_, Code), not holds(pairs).
"""


def small_folder(to: Path) -> Path:
    """A copy of the shipped policies whose claim layer is this one."""
    folder = copy_policies(to)
    for name in ("claim", "ncci"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in folder.glob("*/claim*.lp"):
        path.unlink()
    (folder / "claim").mkdir()
    (folder / "claim" / "layer.toml").write_text(LAYER, encoding="utf-8")
    (folder / "claim" / "lines.lp").write_text(RULES, encoding="utf-8")
    for plan in ("cpcp026", "medicare"):
        profile = folder / plan / "profile.toml"
        text = profile.read_text(encoding="utf-8")
        layers = f'layers = ["cpt", "{plan}", "claim"]'
        profile.write_text(re.sub(r"layers = \[.*?\]", layers, text), encoding="utf-8")
    return folder


def small_policy(to: Path) -> Policy:
    """The plan with these rules about lines."""
    return load(small_folder(to))
