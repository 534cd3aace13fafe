"""What a check costs: 8 lines against 8 administrations, warm, and where the time goes.

Run: `python -m benchmarks.check`. Medians in one process, wall and processor time; compare
figures of one run only. The targets are 15 ms for the whole check and 80 ms for conflicts and
repairs, which are looked for only where a line is denied: of a line too many, of a modifier that
is missing, of too many units, of all three together, with the record and without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial

from rich.console import Console
from rich.table import Table

from benchmarks.solve import EXAMPLES, ROOT, RUNS, Row, median
from infucode import Policy, load_encounter
from infucode.engine.claim_facts import claim_facts_of
from infucode.engine.facts import facts_of
from infucode.model.encounter import ClaimLine, Encounter
from infucode.questions.check import judge
from infucode.questions.check_record import coded
from infucode.questions.conflicts import Conflicts
from infucode.questions.trials import Trials

LINES = 8
MANY = 500


def claimed(policy: Policy, encounter: Encounter, lines: int) -> Encounter:
    """The encounter with a claim of so many lines: what it earns, and then the first anew."""
    (code_set,) = policy.solve(encounter, explain=False).code_sets
    earned = [
        ClaimLine(f"L{number}", line.code, Decimal(line.units), line.modifiers)
        for number, line in enumerate(code_set.lines, 1)
    ]
    while len(earned) < lines:
        earned.append(replace(earned[0], id=f"L{len(earned) + 1}"))
    return replace(encounter, claim_lines=tuple(earned[:lines]), claim_stated=True)


def proved(policy: Policy, encounter: Encounter) -> None:
    """Check and prove every violation, in short."""
    policy.check(encounter).proofs(short=True)


def rows_of(policy: Policy, encounter: Encounter) -> list[Row]:
    """The whole check and its parts."""
    solver = policy._solver(encounter.date, {})
    program, vocabulary = solver.program, policy.library.vocabulary
    ref = policy.solve(encounter, explain=False).solution.policy
    facts = facts_of(encounter, vocabulary)
    found = coded(solver, encounter, facts, ref, explain=True, strict=False)
    second = claim_facts_of(encounter, found.record, None, vocabulary)
    steps: list[tuple[str, Callable[[], object], int]] = [
        ("check, with messages", partial(policy.check, encounter), RUNS),
        ("check, without messages", partial(policy.check, encounter, explain=False), RUNS),
        ("  first step: the record", partial(policy.solve, encounter, explain=False), RUNS),
        ("  second step: its facts", partial(claim_facts_of, encounter, found.record, None,
                                             vocabulary), RUNS),
        ("  second step: the rules", partial(program.model, second), RUNS),
        ("  second step: facts, rules and messages", partial(judge, program, encounter, ref,
                                                             found, None), RUNS),
        ("check, with short proofs", partial(proved, policy, encounter), RUNS // 4),
    ]  # fmt: skip
    return [(name, *median(work, runs)) for name, work, runs in steps]


def spoiled(right: Encounter) -> dict[str, Encounter]:
    """The claim with one mistake, and with all; its last line is a copy of the first."""
    marked = next(n for n, line in enumerate(right.claim_lines) if line.modifiers)

    def other(place: int, line: ClaimLine, of: Encounter) -> Encounter:
        lines = list(of.claim_lines)
        lines[place] = line
        return replace(of, claim_lines=tuple(lines))

    own = replace(right, claim_lines=right.claim_lines[: LINES - 1])
    lines = right.claim_lines
    units, bare = replace(lines[1], units=Decimal(9)), replace(lines[marked], modifiers=())
    return {
        "a line too many": right,
        "a modifier missing": other(marked, bare, own),
        "too many units": other(1, units, own),
        "all three": other(1, units, other(marked, bare, right)),
    }


def remedy_rows(policy: Policy, right: Encounter) -> list[Row]:
    """Conflicts and repairs beside the check, and the parts of the dearest search."""
    rows: list[Row] = []
    for name, encounter in spoiled(right).items():
        bare = replace(encounter, administrations=(), services=())
        for kind, one in (("", encounter), (", no record", bare)):
            judged = policy.check(one)
            rows.append((f"conflicts and repairs: {name}{kind}",
                         *median(judged.with_remedies, RUNS // 4)))  # fmt: skip
    judged = policy.check(encounter)
    assert judged.reasons is not None
    make = partial(Trials, judged.reasons.program, encounter, judged.reasons.model)
    trials = make()
    whole = trials.judged(encounter.claim_lines)

    def conflicts() -> None:
        fresh = make()
        Conflicts(fresh, fresh.judged(encounter.claim_lines)).search()

    def tried() -> None:
        trials._known.clear()
        trials.judged(encounter.claim_lines[1:])

    rows.append(("  what hangs on no line", *median(make, RUNS)))
    rows.append(("  one trial of a claim", *median(tried, RUNS)))
    rows.append(("  with the conflicts", *median(conflicts, RUNS // 4)))
    assert whole.denials
    return rows


def main() -> None:
    """Print the table."""
    policy = Policy.load()
    encounter = load_encounter(EXAMPLES[8])
    rows = rows_of(policy, claimed(policy, encounter, LINES))
    alone = replace(claimed(policy, encounter, LINES), administrations=(), services=())
    rows.append(("check without the record", *median(partial(policy.check, alone), RUNS)))
    rows += remedy_rows(policy, claimed(policy, encounter, LINES))
    long = claimed(policy, encounter, MANY)
    rows.append((f"check of {MANY} lines, most of them alike", *median(
        partial(policy.check, long), 3)))  # fmt: skip
    rows.append(("  its conflicts and repairs", *median(policy.check(long).with_remedies, 1)))
    name = EXAMPLES[8].relative_to(ROOT)
    table = Table(title=f"{LINES} lines against {name}", box=None)
    for title in ("", "wall ms", "processor ms"):
        table.add_column(title, justify="right" if title else "left")
    for step, wall, core in rows:
        table.add_row(step, f"{wall:.2f}", f"{core:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
