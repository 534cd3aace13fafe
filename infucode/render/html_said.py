"""Sentences on the page: with their papers, their code sets, and the numbers of each set."""

from __future__ import annotations

from infucode.render.content import sets_words
from infucode.render.folded import Said
from infucode.render.markup import Markup, el, join
from infucode.render.told import Sets


def paper_line(cite: str, rule: str) -> Markup | None:
    """Citation and rule id behind a sentence."""
    if not cite and not rule:
        return None
    dot = " · " if cite and rule else None
    return el("span", cite, dot, el("code", rule) if rule else None, class_="papers")


def held_html(sets: Sets, lead: str = "") -> Markup | None:
    """The code sets in which something holds, if those are not all."""
    return join(el("span", lead, sets_words(sets), class_="sets"), " ") if sets else None


def by_set_html(said: Said | None, lead: str) -> Markup | None:
    """The numbers that a folded sentence has in each code set."""
    if said is None or not said.by_set:
        return None
    return el("span", el("b", lead), " ", " · ".join(said.told), class_="bysets")
