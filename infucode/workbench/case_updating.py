"""New expectations for failed cases: what their answers are now, written into their files."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from infucode.errors import ProblemsError
from infucode.model.solution import CodeSet, Line, Solution
from infucode.workbench.case import Case, Expected, ExpectedAsk
from infucode.workbench.case_edits import (
    Collection,
    Edit,
    Node,
    applied,
    changed,
    entry,
    put,
    value,
)
from infucode.workbench.case_judging import code_set_fits, fits
from infucode.workbench.case_reading import read_cases
from infucode.workbench.case_running import CaseResult, run_case
from infucode.workbench.case_updating_claims import check_edits
from infucode.workbench.cases import name_below
from infucode.workbench.plans import Plans


def updated(text: str, result: CaseResult, plans: Plans) -> str | None:
    """The text of a case file with the expectations of one failed case as its answer is now.

    None where they cannot be rewritten piece by piece: such a case is for a person.
    """
    case = result.case
    node = _node(text, case)
    if node is None:
        return None
    edits = list(_edits(text, node, result))
    if not edits:
        return None
    new = applied(text, edits)
    return new if _passes(new, case, plans) else None


def _node(text: str, case: Case) -> Node | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    items = root.value if isinstance(root, yaml.nodes.SequenceNode) else []
    named = (node for node in items if (name := value(node, "name")) is not None
             and " ".join(str(name.value).split()) == " ".join(case.name.split()))  # fmt: skip
    return next(named, None)


def _passes(text: str, case: Case, plans: Plans) -> bool:
    """Whether the case as the text has it holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        try:
            cases = read_cases(path, case.file, plans)
        except ProblemsError:
            return False
    found = next((other for other in cases if other.name == case.name), None)
    return found is not None and run_case(found, plans).passed


def difference(old: str, new: str, name: str) -> str:
    """A unified diff of a case file."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), name, f"{name} (updated)", lineterm="", n=2
    )
    return "\n".join(lines)


def _edits(text: str, node: Node, result: CaseResult) -> Iterator[Edit]:
    case, solution, expected = result.case, result.solution, value(node, "expect")
    if case.expected is not None and expected is not None:
        yield from _outcome(text, expected, case.expected, solution)
        yield from _lines(text, expected, case.expected, solution)
        yield from _sets(text, expected, case.expected, solution.code_sets)
        yield from _hidden(text, expected, case.expected, solution)
        yield from _asks(text, expected, case.expected, solution)
        check = value(expected, "check")
        if check is not None and case.expected.check is not None and result.judged is not None:
            yield from check_edits(text, check, case.expected.check, result.judged.checked)
    fired = result.fired
    yield from _rules(text, node, "fires", [rule not in fired for rule in case.fires])
    yield from _rules(text, node, "silent", [rule in fired for rule in case.silent])


def _rules(text: str, node: Node, key: str, wrong: list[bool]) -> Iterator[Edit]:
    found = entry(node, key)
    gone = {place for place, is_wrong in enumerate(wrong) if is_wrong}
    if found is None or not gone:
        return
    if len(gone) < len(wrong):
        yield from changed(text, found[1], gone, [])
    else:
        names = [name.value for name, _ in node.value]
        yield from Collection(text, node).without({names.index(key)})


def _outcome(text: str, node: Node, expected: Expected, solution: Solution) -> Iterator[Edit]:
    if not expected.outcome or expected.outcome == solution.outcome:
        return
    stated = value(node, "outcome")
    if stated is not None:
        yield put(stated, solution.outcome)
    else:
        yield from Collection(text, node).more([f"outcome: {solution.outcome}"])


def _lines(text: str, node: Node, expected: Expected, solution: Solution) -> Iterator[Edit]:
    there = solution.code_sets or (CodeSet((), ()),)
    listed = value(node, "lines")
    if listed is not None and expected.lines is not None:
        lines = there[0].lines
        gone = set()
        for place, (item, own) in enumerate(
            zip(expected.lines, Collection(text, listed).items(), strict=True)
        ):
            total = sum(line.units for line in lines if fits(line, item))
            if not total:
                gone.add(place)
            elif total != item.units and (units := value(own, "units")) is not None:
                yield put(units, str(total))
        kept = [item for place, item in enumerate(expected.lines) if place not in gone]
        new = [x for x in lines if not any(fits(x, i) for i in kept)] if expected.complete else []
        yield from changed(text, listed, gone, _line_texts(new)) if gone or new else ()
    absent = value(node, "absent")
    codes = {line.code for code_set in there for line in code_set.lines}
    if absent is not None:
        yield from _rules(text, node, "absent", [code in codes for code in expected.absent])


def _line_texts(lines: Iterable[Line]) -> list[str]:
    """Lines as flow mappings; those of one code and equal modifiers together."""
    total: dict[tuple[str, tuple[str, ...]], int] = {}
    for line in lines:
        key = line.code, tuple(line.modifiers)
        total[key] = total.get(key, 0) + line.units
    several = {code for code, _ in total if sum(c == code for c, _ in total) > 1}
    return [
        f'{{code: "{code}", units: {units}{_modifiers(modifiers, code in several)}}}'
        for (code, modifiers), units in total.items()
    ]


def _modifiers(modifiers: Sequence[str], always: bool) -> str:
    if not modifiers and not always:
        return ""
    return f", modifiers: [{', '.join(quoted(m) for m in modifiers)}]"


def quoted(text: str) -> str:
    """A word as it stands in a case file: in quotes where YAML would read a number."""
    return text if text.isalpha() else f'"{text}"'


def _sets(text: str, node: Node, expected: Expected, found: Sequence[CodeSet]) -> Iterator[Edit]:
    listed = value(node, "code_sets")
    if listed is None or expected.code_sets is None:
        return
    gone = {
        place
        for place, wanted in enumerate(expected.code_sets)
        if not any(code_set_fits(wanted, code_set) for code_set in found)
    }
    new = [
        code_set
        for code_set in found
        if not any(code_set_fits(wanted, code_set) for wanted in expected.code_sets)
    ]
    if gone or new:
        texts = [f"{{lines: [{', '.join(_line_texts(s.lines))}]}}" for s in new]
        yield from changed(text, listed, gone, texts)


def _hidden(text: str, node: Node, expected: Expected, solution: Solution) -> Iterator[Edit]:
    listed = value(node, "not_reported")
    if listed is None or expected.not_reported is None:
        return
    rows = [*solution.not_reported, *(n for s in solution.code_sets for n in s.not_reported)]
    gone = set()
    items = Collection(text, listed).items()
    for place, (item, own) in enumerate(zip(expected.not_reported, items, strict=True)):
        who = item.administration or item.service
        mine = [n for n in rows if who in (n.administration, n.service)]
        if any(n.rule == item.rule and item.part in (None, n.part) for n in mine):
            continue
        other = {n.rule for n in mine if item.part in (None, n.part)}
        rule = value(own, "rule")
        if len(other) == 1 and rule is not None:
            yield put(rule, other.pop())
        else:
            gone.add(place)
    if not expected.not_reported and rows:
        entries = {(n.administration, n.service, n.rule) for n in rows}
        texts = [_hidden_text(*row) for row in sorted(entries, key=str)]
        yield from changed(text, listed, set(), texts)
    elif gone and len(gone) == len(expected.not_reported):
        names = [name.value for name, _ in node.value]
        yield from Collection(text, node).without({names.index("not_reported")})
    elif gone:
        yield from changed(text, listed, gone, [])


def _hidden_text(administration: str | None, service: str | None, rule: str) -> str:
    who = f"administration: {administration}" if administration else f"service: {service}"
    return f"{{{who}, rule: {rule}}}"


def _asks(text: str, node: Node, expected: Expected, solution: Solution) -> Iterator[Edit]:
    listed = value(node, "asks")
    if listed is None or expected.asks is None:
        return
    found = [ExpectedAsk(ask.fact, ask.administration) for ask in solution.asks]
    gone = {place for place, item in enumerate(expected.asks) if item not in found}
    new = [ask for ask in dict.fromkeys(found) if ask not in expected.asks]
    if gone or new:
        yield from changed(text, listed, gone, [_ask_text(ask) for ask in new])


def _ask_text(ask: ExpectedAsk) -> str:
    who = f"administration: {ask.administration}, " if ask.administration else ""
    return f"{{{who}fact: {ask.fact}}}"


def path_of(case: Case, plans: Plans, files: Sequence[Path]) -> Path:
    """Where the file of a case lies."""
    known = (*files, *plans.folder.glob("**/cases/*.yaml"))
    return next(path for path in known if name_below(path, plans.folder) == case.file)
