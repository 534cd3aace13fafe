"""Answers drawn at random, and what a summary must say of answers, counted in plain Python."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

Doc = dict[str, Any]
Rows = dict[Any, Doc]

CODES = ("96365", "96366", "96372", "96375", "J0696")
RULES = ("cpt.one", "cpt.two", "cpt.three", "plan.four")
HOSTILE = ("=1+1", "<script>alert(1)</script>", "a'b\"c;--", "ünïcode 😀", "x,y\tz", "@SUM(A1)")


def policy(digest: str = "sha256:aa") -> Doc:
    return {
        "id": "cpcp026", "title": "t", "version": "1.0", "as_of": "2024-08-05",
        "digest": digest, "switches": {},
    }  # fmt: skip


def line(source: random.Random) -> Doc:
    return {
        "code": source.choice(CODES), "label": "a label", "units": source.choice((1, 1, 2, 5)),
        "modifiers": source.choice(([], [], ["59"], ["25", "59"])), "date": "2024-08-05",
        "visit": 1, "access": None, "administrations": [], "services": [], "charge": None,
        "certain": True, "hangs_on": [],
        "because": [{"rule": r, "says": "", "cite": ""} for r in source.sample(RULES, 2)],
    }  # fmt: skip


def hidden(source: random.Random) -> Doc:
    return {
        "administration": "a1", "service": None, "part": "all", "rule": source.choice(RULES),
        "says": "", "cite": "",
    }  # fmt: skip


def solution(id: str, source: random.Random) -> Doc:
    """An answer of `solve` as it may be; sets may be alike in part, and hold a code twice."""
    sets = []
    number = source.choice((1, 1, 1, 2, 3))
    common = [line(source) for _ in range(source.randrange(3))]
    for _ in range(number):
        own = [*common, *(line(source) for _ in range(source.randrange(3)))]
        source.shuffle(own)
        without = [hidden(source) for _ in range(source.randrange(2))]
        sets.append({"assuming": [], "lines": own, "not_reported": without})
    outcome = "coded" if number == 1 else "ambiguous"
    if source.randrange(9) == 0:
        outcome = "blocked"
    facts = source.choices(("stop", "provider", "primary_reason"), k=source.randrange(3))
    return {
        "schema": "infucode.solution.v1", "encounter": id,
        "policy": policy(source.choice(("sha256:aa", "sha256:bb"))), "outcome": outcome,
        "code_sets": sets, "not_reported": [hidden(source) for _ in range(source.randrange(2))],
        "asks": [
            {"fact": f, "administration": None, "says": "", "matters_because": ""} for f in facts
        ],
        "warnings": [
            {"rule": source.choice(RULES), "says": "", "cite": ""}
            for _ in range(source.randrange(2))
        ],
    }  # fmt: skip


def checked(id: str, source: random.Random) -> Doc:
    """An answer of `check` as it may be."""
    states = [source.choice(("stands", "violates", "undecided")) for _ in range(4)]
    return {
        "schema": "infucode.check.v1", "encounter": id, "policy": policy(),
        "outcome": source.choice(("valid", "review", "undecided", "violating")),
        "lines": [{"line": f"L{n}", "state": state} for n, state in enumerate(states)],
        "violations": [
            {
                "rule": source.choice(RULES), "severity": source.choice(("deny", "advise")),
                "lines": source.sample(("L0", "L1", "L2"), source.randrange(3)),
                "administrations": [], "says": "", "cite": "",
            }
            for _ in range(source.randrange(3))
        ],
        "conflicts": [], "repairs": [], "caps": [],
        "not_checked": [
            {"what": source.choice(("L1 (96365)", "99284")), "why": ""},
            {"what": "L2", "why": f"the record leaves open: {id}"},
        ],
    }  # fmt: skip


def write(path: Path, answers: list[Doc]) -> Path:
    text = "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    path.write_text(text, encoding="utf-8")
    return path


def first(ids: list[str]) -> list[str]:
    """The first three in the order of their bytes."""
    return sorted(set(ids), key=str.encode)[:3]


def share(number: int, of: int) -> float:
    return round(100 * number / of, 2)


def outcomes(answers: list[Doc]) -> Counter[str]:
    return Counter(answer["outcome"] for answer in answers)


def claims(answers: list[Doc]) -> list[Doc]:
    return [answer for answer in answers if answer["outcome"] != "blocked" and sets_of(answer)]


def sets_of(answer: Doc) -> list[Doc]:
    found: list[Doc] = answer["code_sets"]
    return found


def span(numbers: list[int]) -> tuple[int, int]:
    return min(numbers), max(numbers)


def codes(answers: list[Doc]) -> Rows:
    """Of each code: encounters, possible, and the least and most of lines and units."""
    found: Rows = {}
    for code in {x["code"] for a in claims(answers) for s in sets_of(a) for x in s["lines"]}:
        row: Counter[str] = Counter()
        ids = []
        for answer in claims(answers):
            each = [[x for x in s["lines"] if x["code"] == code] for s in sets_of(answer)]
            if not any(each):
                continue
            ids.append(answer["encounter"])
            row["encounters" if all(each) else "possible"] += 1
            for name, numbers in (
                ("lines", [len(own) for own in each]),
                ("units", [sum(x["units"] for x in own) for own in each]),
            ):
                least, most = span(numbers)
                row[f"{name}_least"] += least
                row[f"{name}_most"] += most
            row["most_units"] = max(row["most_units"], *(x["units"] for own in each for x in own))
        found[code] = {**row, "examples": first(ids)}
    return found


def units(answers: list[Doc]) -> Rows:
    found: Rows = {}
    for number in {x["units"] for a in claims(answers) for s in sets_of(a) for x in s["lines"]}:
        row: Counter[str] = Counter()
        for answer in claims(answers):
            each = [sum(x["units"] == number for x in s["lines"]) for s in sets_of(answer)]
            if any(each):
                row["encounters" if all(each) else "possible"] += 1
                row["lines_least"] += min(each)
                row["lines_most"] += max(each)
        found[number] = dict(row)
    return found


def ruled(answer: Doc) -> dict[tuple[str, str], tuple[int, int]]:
    """The least and most times that each rule decided each kind of thing of one answer."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    times: dict[tuple[str, str], list[int]] = defaultdict(list)
    sets = sets_of(answer) if "code_sets" in answer and claims([answer]) else []
    for part, rule in [(p, r) for p in ("line", "not reported") for r in RULES]:
        for own in sets:
            if part == "line":
                number = sum(rule in {b["rule"] for b in x["because"]} for x in own["lines"])
            else:
                hides = [*own["not_reported"], *answer["not_reported"]]
                number = sum(item["rule"] == rule for item in hides)
            times[part, rule].append(number)
    for key, numbers in times.items():
        if any(numbers):
            found[key] = span(numbers)
    for part, field in (("warning", "warnings"), ("violation", "violations")):
        for rule, number in Counter(x["rule"] for x in answer.get(field, ())).items():
            found[part, rule] = (number, number)
    return found


def rules(answers: list[Doc]) -> Rows:
    found: Rows = {}
    for rule in RULES:
        row: Counter[str] = Counter()
        for answer in answers:
            own = {part: span for (part, r), span in ruled(answer).items() if r == rule}
            row["encounters"] += bool(own)
            for part, name in (("line", "lines"), ("not reported", "not_reported")):
                least, most = own.get(part, (0, 0))
                row[f"{name}_least"] += least
                row[f"{name}_most"] += most
            row["warnings"] += own.get("warning", (0, 0))[0]
            row["violations"] += own.get("violation", (0, 0))[0]
        if row["encounters"]:
            found[rule] = dict(row)
    return found


def questions(answers: list[Doc]) -> Rows:
    found: Rows = defaultdict(Counter)
    for answer in answers:
        asked = Counter(ask["fact"] for ask in answer["asks"])
        for fact, number in asked.items():
            found[fact]["encounters"] += 1
            found[fact]["questions"] += number
            found[fact]["alone"] += len(asked) == 1
    return found


def violations(answers: list[Doc], *keys: str) -> Rows:
    """By these fields of a violation."""
    found: Rows = {}
    for answer in answers:
        for item in answer["violations"]:
            row = found.setdefault(
                tuple(item[key] for key in keys), {"ids": set(), "n": 0, "l": 0}
            )
            row["ids"].add(answer["encounter"])
            row["n"] += 1
            row["l"] += len(item["lines"])
    return {
        key: {"encounters": len(row["ids"]), "violations": row["n"], "claim_lines": row["l"]}
        for key, row in found.items()
    }


def claimed(answer: Doc) -> Any:
    """What two answers are compared by, whatever the order of lines and sets."""
    if "code_sets" in answer:
        return answer["outcome"], sorted(
            sorted((x["code"], x["units"], x["modifiers"], x["date"]) for x in s["lines"])
            for s in sets_of(answer)
        )
    return (
        answer["outcome"],
        sorted((x["line"], x["state"]) for x in answer["lines"]),
        sorted((x["rule"], x["severity"], x["lines"]) for x in answer["violations"]),
    )


def fates(before: list[Doc], after: list[Doc]) -> dict[str, list[str]]:
    """The ids of encounters by what became of them."""
    early = {answer["encounter"]: answer for answer in before}
    late = {answer["encounter"]: answer for answer in after}
    found: dict[str, list[str]] = defaultdict(list)
    for id in {*early, *late}:
        if id not in early:
            fate = "only in the later run"
        elif id not in late:
            fate = "only in the earlier run"
        elif claimed(early[id]) != claimed(late[id]):
            fate = "changed"
        elif ruled(early[id]) != ruled(late[id]):
            fate = "same result, other rules"
        else:
            fate = "unchanged"
        found[fate].append(id)
    return found


def shared(before: list[Doc], after: list[Doc]) -> list[tuple[Doc, Doc]]:
    late = {answer["encounter"]: answer for answer in after}
    return [(a, late[a["encounter"]]) for a in before if a["encounter"] in late]


def code_changes(before: list[Doc], after: list[Doc]) -> Rows:
    found: Rows = {}
    pairs = shared(before, after)
    for code in CODES:
        row: Counter[str] = Counter()
        gained: list[str] = []
        lost: list[str] = []
        for pair in pairs:
            (was, early), (now, late) = (_of_code(answer, code) for answer in pair)
            row["gained"] += now and not was
            row["lost"] += was and not now
            row["otherwise"] += was == now and early != late
            for name, told in (("before", early), ("after", late)):
                for key, number in told.items():
                    kind, end = key.split("_")
                    row[f"{kind}_{name}_{end}"] += number
            if now != was:
                (gained if now else lost).append(pair[0]["encounter"])
        if row["gained"] + row["lost"] + row["otherwise"]:
            found[code] = {**row, "gained_by": first(gained), "lost_by": first(lost)}
    return found


def _of_code(answer: Doc, code: str) -> tuple[bool, Doc]:
    row = codes([answer]).get(code, {})
    return bool(row.get("encounters")), {
        key: row.get(key, 0) for key in ("lines_least", "lines_most", "units_least", "units_most")
    }


def rule_changes(before: list[Doc], after: list[Doc]) -> Rows:
    found: Rows = defaultdict(Counter)
    for pair in shared(before, after):
        early, late = map(ruled, pair)
        for key in {*early, *late}:
            row = found[key]
            row["encounters_before"] += key in early
            row["encounters_after"] += key in late
            row["gained"] += key not in early
            row["lost"] += key not in late
            row["other_times"] += key in early and key in late and early[key] != late[key]
    return {
        key: dict(row)
        for key, row in found.items()
        if row["gained"] + row["lost"] + row["other_times"]
    }


def reasons(rejects: list[Doc]) -> Rows:
    found: Rows = {}
    for reject in rejects:
        kinds = Counter(re.sub("`[^`]*`", "`...`", p["message"]) for p in reject["problems"])
        for kind, number in kinds.items():
            row = found.setdefault((reject["error"], kind), {"documents": 0, "times": 0})
            row["documents"] += 1
            row["times"] += number
    return found
