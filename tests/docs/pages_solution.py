"""docs/reference/solution.md: the JSON of `solve`, field by field, beside a real answer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from infucode.documents import load_encounter
from infucode.policy import Policy
from infucode.render.json_view import SCHEMA, dumps, solution_to_json
from tests.docs.page_parts import anchored, head, joined, table

WORDS = Path(__file__).with_name("words") / "solution.toml"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHOWN = "missing-stop.yaml"
STEP = "code_sets[].lines[].proof[]"
OPEN = ("policy.switches", f"{STEP}.bindings")
"""Objects whose keys are names of the policy."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""Changes with every rule, so the page shows none."""


def fields() -> dict[str, str]:
    """The path of each field, and what it means."""
    return {str(k): str(v) for k, v in tomllib.loads(WORDS.read_text(encoding="utf-8")).items()}


@lru_cache(maxsize=1)
def examples() -> list[Path]:
    """The encounters whose answers the fields are held against."""
    return sorted(EXAMPLES.glob("*.yaml"))


def answer(
    policy: Policy, path: Path, *, proofs: bool = False, strict: bool = False
) -> dict[str, Any]:
    """The JSON of one encounter, as `solve --format json` gives it."""
    solved = policy.solve(load_encounter(path), strict=strict)
    return solution_to_json(solved.solution, proofs=solved.proofs() if proofs else None)


def seen(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every (path, type) in a JSON value."""
    if isinstance(value, list):
        for item in value:
            yield from seen(item, f"{path}[]")
        return
    if not isinstance(value, dict) or path in OPEN:
        return
    path = STEP if path == f"{STEP}.children[]" else path
    for key, below in value.items():
        inner = f"{path}.{key}" if path else key
        yield inner, type_of(below)
        yield from seen(below, inner)


def type_of(value: object) -> str:
    """The JSON type of a value."""
    if value is None:
        return "null"
    names = {bool: "true or false", int: "number", str: "text", list: "list", dict: "object"}
    return names[type(value)]


def types(policies: Sequence[Policy]) -> dict[str, set[str]]:
    """Of each path the types that real answers have."""
    found: dict[str, set[str]] = {}
    for path in examples():
        for strict in (False, True):
            given = answer(policies[0], path, proofs=not strict, strict=strict)
            for name, kind in seen(given):
                found.setdefault(name, set()).add(kind)
    return found


def solution_page(policies: Sequence[Policy]) -> str:
    """The page. Raises KeyError where a field has no words."""
    known, found = fields(), types(policies)
    unknown = sorted(set(found) - set(known))
    if unknown:
        raise KeyError(f"no words in {WORDS.name}: {', '.join(unknown)}")
    lines = head("The answer as JSON", "`tests/docs/words` and real answers")
    lines += [
        f"`infucode solve FILE --format json` writes one object of the schema `{SCHEMA}`.",
        "Several files give one object a line.",
        "Equal input gives equal bytes.",
        "Whether there is an answer at all, the [exit code](exit-codes.md) tells.",
        "",
        *anchored(2, "Fields", "fields"),
        "A dot goes into an object, `[]` into each item of a list.",
        "",
    ]
    rows = ([f"`{p}`", ", ".join(sorted(found.get(p, ()))), text] for p, text in known.items())
    lines += table(["field", "type", "meaning"], rows)
    lines += anchored(2, "A whole answer", "example")
    command = f"infucode solve examples/{SHOWN} --format json"
    lines += [f"`{command}`, its digest left out:", "", "```json"]
    text = dumps(answer(policies[0], EXAMPLES / SHOWN))
    lines += _DIGEST.sub("sha256:...", text).rstrip("\n").split("\n")
    return joined([*lines, "```"])
