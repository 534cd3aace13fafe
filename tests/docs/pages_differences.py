"""docs/reference/differences.md: each kind of difference of the shipped plans, by its witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infucode.documents import encounter_from_data
from infucode.model.encounter import Encounter, Service
from infucode.model.proving import Side
from infucode.policy import Policy
from infucode.render.diff_view import earned_words
from infucode.render.proving_view import administration_said
from infucode.space.spaces import Space, spaces
from tests.docs.differences import PLANS, known
from tests.docs.page_parts import PLAN_NAMES, anchored, head, joined, listed, sentence, table

OTHER = "rules of the plan's own"
LIFTED = "edit_modifier"


def differences_page(policies: Sequence[Policy]) -> str:
    """The page, from what was found."""
    found = known()
    library = policies[0].library
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for kind in found["kinds"]:
        names = (*kind["switches"], *((OTHER,) if kind["other_rules"] else ()))
        groups.setdefault(names, []).append(kind)
    ordered = sorted(groups.items(), key=lambda item: (len(item[0]), -len(item[1]), item[0]))
    lines = [
        *head("Where the shipped plans disagree", "`infucode diff` over the spaces"),
        *_about(found, spaces(library.folder)),
        *_overview(ordered, policies),
    ]
    for names, kinds in ordered:
        lines += anchored(2, " and ".join(names), _anchor(names))
        lines += [f"{_title(names, policies)}", ""]
        for kind in kinds:
            lines += _kind(kind)
    return joined(lines)


def _about(found: Mapping[str, Any], known: Mapping[str, Space]) -> Iterator[str]:
    one, other = found["plans"]
    yield f"- {one}"
    yield f"- {other}"
    yield ""
    yield f"Every encounter of up to {found['services']} administrations of these spaces was"
    yield "coded under both:"
    yield ""
    rows = [
        (f"`{name}`", known[name].text, f"{number:,}", str(_of(found, name)))
        for name, number in found["encounters"].items()
    ]
    yield from table(("space", "what it holds", "encounters", "new kinds"), rows)
    yield "A kind of difference is what decided on the one side and not on the other, about one"
    yield "administration or service. Each stands here once, by the smallest encounter that shows"
    yield "it (a space further down the table shows only kinds that those above do not), and"
    yield "`infucode solve` gives both claims as they stand here."
    yield "Nothing is said of encounters that no space holds."
    yield ""
    yield f"The plans also answer `{LIFTED}` otherwise. It says which modifiers of a claim lift a"
    yield "pair of codes, so it is `infucode check` that reads it; no code of `solve` does."
    yield ""


def _of(found: Mapping[str, Any], space: str) -> int:
    return sum(kind["space"] == space for kind in found["kinds"])


def _overview(
    ordered: Sequence[tuple[tuple[str, ...], Sequence[object]]], policies: Sequence[Policy]
) -> list[str]:
    rows = [
        (f"[{' and '.join(names)}](#{_anchor(names)})", *_answers(names, policies), str(len(own)))
        for names, own in ordered
    ]
    columns = ("because of", *(PLAN_NAMES[plan] for plan in PLANS), "kinds")
    return [
        "What the differences hang on: the first plan, given the second's answers to these",
        "switches, says what the second says.", "",
        *table(columns, rows),
    ]  # fmt: skip


def _answers(names: Sequence[str], policies: Sequence[Policy]) -> list[str]:
    """What each plan answers to the switches."""
    known = {policy.library.profile.id: policy.library for policy in policies}
    return [
        ", ".join(
            f"`{setting.value}`"
            for name in names
            for setting in known[plan].profile.settings
            if setting.name == name
        )
        for plan in PLANS
    ]


def _title(names: Sequence[str], policies: Sequence[Policy]) -> str:
    known = policies[0].library.switches
    said = [sentence(known[name].text) for name in names if name in known]
    return " ".join(said) or "What a rule of one plan decides and the other plan does not have."


def _anchor(names: Sequence[str]) -> str:
    return "-".join(name.replace(" ", "-").replace("'", "") for name in names)


def _kind(kind: Mapping[str, Any]) -> Iterator[str]:
    rules = [listed(own) or "no rule" for own in kind["rules"]]
    number = kind["encounters"]
    counted = f"{number:,} encounter{'' if number == 1 else 's'}"
    yield f"**{kind['about']}: {kind['differing']}** ({counted} of `{kind['space']}`)."
    yield f"{PLAN_NAMES[PLANS[0]]} by {rules[0]}; {PLAN_NAMES[PLANS[1]]} by {rules[1]}."
    yield ""
    encounter = encounter_from_data(kind["document"])
    yield from table(
        (_head(encounter), "given", *(PLAN_NAMES[plan] for plan in PLANS)),
        _rows(encounter, kind),
    )


def _head(encounter: Encounter) -> str:
    reason = f", key reason {encounter.primary_reason[0]}" if encounter.primary_reason else ""
    return f"{encounter.claim} claim{reason}"


def _rows(encounter: Encounter, kind: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    given = [(item.id, administration_said(item)) for item in encounter.administrations]
    given += [(service.id, _service(service)) for service in encounter.services]
    for id, said in given:
        name = f"**{id}**" if id == kind["about"] else id
        sides = kind["items"].get(id, [{"lines": [], "cannot_tell": False, "rules": []}] * 2)
        yield name, said, *(earned_words(side_of(side)) for side in sides)


def _service(service: Service) -> str:
    apart = ", separately identifiable" if service.separately_identifiable else ""
    return f"{service.code}, another service{apart}"


def side_of(data: Mapping[str, Any]) -> Side:
    """A side from its data."""
    lines = tuple((n["code"], n["units"], tuple(n["marks"])) for n in data["lines"])
    return Side(lines, data["cannot_tell"], tuple(data["rules"]))
