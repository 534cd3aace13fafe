"""Proof trees made by hand, for looking at."""

# ruff: noqa: E501 -- one made-up step to a line

from __future__ import annotations

from infucode.model.proof import Step

GUIDE = "CPT 2024, infusion guidelines"
PLAN = "CPCP026, page 4"


def proof() -> Step:
    """A proof tree with a step of every kind."""
    ran = Step("fact", "runs(a2, 610, 650)", says="ceftriaxone ran 10:10-10:50")
    return Step(
        "rule", "line(96365, a2)", says="Ceftriaxone is the initial infusion of line-1.",
        rule="cpt.initial-infusion", place="policies/cpt/initial.lp:12", cite=GUIDE,
        bindings=(("Administration", "a2"), ("Access", "line-1"), ("Minutes", "40")), alternatives=2,
        children=(
            Step("rule", "minutes(a2, 40)", rule="cpt.minutes", place="policies/cpt/time.lp:8", children=(
                ran, Step("comparison", "Stop - Start = Minutes: 650 - 610 = 40"),
            )),
            Step("setting", "value(infusion_minimum, 16)", cite=PLAN, basis="stated"),
            Step("comparison", "Minutes >= Least: 40 >= 16"),
            Step("table", "family(J0696, therapeutic)", place="policies/cpt/drugs.csv:210"),
            Step("assumed", "stop(a3, 690)", says="vancomycin stopped at 11:30"),
            Step("absent", "not longer(_, a2): no other infusion of line-1 is longer, and the search went over every infusion that the record holds"),
            Step("aggregate", "1 = #count { A : initial(A, line-1) }", children=(Step("repeated", "initial(a2, line-1)"),)),
        ),
    )


def short_proof() -> Step:
    """A numbered tree with a leaf of every kind and a reference."""
    form = Step("rule", "ceftriaxone 10:10: form infusion", says="A drip of 16 minutes or more is an infusion.",
                rule="cpt.form-infusion", cite=GUIDE, number=3, children=(
        Step("comparison", "40 minutes (ceftriaxone 10:10) > 15 minutes (push minutes)", cite=PLAN, basis="stated"),
        Step("aggregate", "40 minutes = 40 (10:10-10:50)"),
        Step("assumed", "ceftriaxone 10:10: stop 10:50, supposed for this code set"),
    ))
    tie = Step("rule", "for ceftriaxone 10:10", says="Of equal ranks the plan takes the longest, the first or the declared service.",
               rule="cpt.tie-break", cite="[/x] 点滴", number=2, children=(
        Step("short", "5 (rank of ketorolac 10:20) < 4 (rank of ceftriaxone 10:10) does not hold", rule="cpt.facility-rank"),
        Step("setting", "tie break: longest", cite=PLAN, basis="stand_in"),
        form,
    ))
    return Step(
        "rule", "", says="ceftriaxone 10:10 is the initial service.", rule="cpt.initial-infusion", cite=GUIDE, number=1,
        children=(
            tie,
            Step("repeated", "A drip of 16 minutes or more is an infusion.", rule="cpt.form-infusion", number=3),
            Step("fact", "ceftriaxone 10:10: route iv, technique infusion, category therapeutic"),
            Step("table", "initial code: therapeutic, infusion, code 96365"),
        ),
    )


def deep_proof(depth: int) -> Step:
    """A chain of rules, one under another."""
    step = Step("fact", "bottom", says="the record says so")
    for level in range(depth, 0, -1):
        step = Step("rule", f"level({level})", says=f"Level {level} holds.", rule="x.chain", children=(step,))
    return step
