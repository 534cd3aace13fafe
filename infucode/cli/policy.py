"""`infucode policy`: what analysts do with the policies."""

from __future__ import annotations

from pathlib import Path

import typer

from infucode.cli import new_policy
from infucode.cli.cover import cover_policies
from infucode.cli.docs import write_manual
from infucode.cli.dump import dump
from infucode.cli.epilog import examples
from infucode.cli.fmt import format_policies
from infucode.cli.lint import lint_policies
from infucode.cli.lsp import serve_editor
from infucode.cli.mutate import mutate_policies
from infucode.cli.options import Policies
from infucode.cli.output import note, report_error, stdout
from infucode.cli.policy_explain import explain_rule
from infucode.cli.test import test_policies
from infucode.errors import InfucodeError, PolicyError, Problem

app = typer.Typer(
    help="Check, lint and test the policies.",
    epilog=examples("infucode policy plans", "infucode policy test --select hydration"),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(
    "check",
    help="Load every plan, with the invariants and spaces, and report every problem.",
    epilog=examples("infucode policy check", "infucode policy check --policies mine"),
)
def check(policies: Policies = None) -> int:
    """Load each plan; the exit code is 3 if any of them is invalid."""
    from infucode.policy import Policy
    from infucode.rulebook.where import policies_folder

    code, folder = 0, policies_folder(policies)
    told: set[Problem] = set()
    for plan in Policy.plans(policies):
        try:
            loaded = Policy.load(plan, policies=policies)
            _check_beside(folder, plan)
        except InfucodeError as error:
            code = max(code, _report_rest(error, plan, told))
            continue
        ids = {rule.papers.id for rule in loaded.library.rules}
        stdout().print(f"{plan}: {len(ids)} rules, no problems", markup=False)
    return code


def _report_rest(error: InfucodeError, plan: str, told: set[Problem]) -> int:
    """Show what was not told of another plan; returns the exit code."""
    if not isinstance(error, PolicyError):
        return report_error(error)
    new = [problem for problem in error.problems if problem not in told]
    if new:
        report_error(PolicyError(new))
    if len(new) < len(error.problems):
        from infucode.render.words import counted

        note(f"{plan}: {counted(len(error.problems) - len(new), 'problem')}, told above")
    told.update(new)
    return error.exit_code


def _check_beside(folder: Path, plan: str) -> None:
    """What is asked of all encounters. Raises PolicyError."""
    from infucode.rulebook.checks import INVARIANTS
    from infucode.rulebook.folder import SPACES
    from infucode.space.prove import library_of
    from infucode.space.spaces import spaces

    if (folder / INVARIANTS).is_dir():
        library_of(folder, plan)
    if (folder / SPACES).is_dir():
        spaces(folder)


app.command(
    "test",
    help="Run the cases that lie beside the policies.",
    epilog=examples(
        "infucode policy test --select hydration",
        "infucode policy test mine/cpt/cases/hydration.yaml --policies mine --jobs 1",
    ),
)(test_policies)


app.command(
    "cover",
    help="What the cases hold of each rule: each condition alone decisive, both ways, and both "
    "sides of each number.",
    epilog=examples(
        "infucode policy cover --by source", "infucode policy cover --rules 'cpt.form-*'"
    ),
)(cover_policies)


app.command(
    "mutate",
    help="Small wrong changes of the rules: which case notices each, and which nobody notices.",
    epilog=examples(
        "infucode policy mutate --rules 'cpt.hydration-*'",
        "infucode policy mutate --sample 50 --cache build/mutation",
    ),
)(mutate_policies)


app.command(
    "lint",
    help="Find what is wrong, dead, doubtful or unkempt in the policies.",
    epilog=examples(
        "infucode policy lint --policies mine", "infucode policy lint --page idle-literal"
    ),
)(lint_policies)


@app.command(
    "plans",
    help="List the plans, their versions and their answers to each switch.",
    epilog=examples("infucode policy plans", "infucode policy plans --policies mine"),
)
def list_plans(policies: Policies = None) -> int:
    """One block for each plan."""
    from infucode.policy import Policy
    from infucode.questions.catalog import plan_lines

    for plan in Policy.plans(policies):
        for line in plan_lines(Policy.load(plan, policies=policies)):
            stdout().print(line, markup=False)
    return 0


app.command(
    "fmt",
    help="Lay out rule files: spaces, indents, empty lines; never a rule or a comment.",
    epilog=examples(
        "infucode policy fmt --policies mine", "infucode policy fmt --check --policies mine"
    ),
)(format_policies)


app.command(
    "dump",
    help="Write the exact program and facts behind an answer; stock clingo run on them gives "
    "the same outcomes. FILE is YAML or JSON; - reads standard input.",
    epilog=examples(
        "infucode policy dump visit.yaml", "infucode policy dump claim.yaml --claim -o dumped"
    ),
)(dump)


app.add_typer(new_policy.app, name="new")


app.command(
    "lsp",
    help="Serve an editor: findings as one types, hover, definitions, completion, cases.",
    epilog=examples("infucode policy lsp", "infucode policy lsp --help"),
)(serve_editor)


app.command(
    "explain",
    help="Tell one rule in plain words: its conditions, what they mean and which rules give "
    "them, each plan's answers, its exceptions, its clauses and its cases.",
    epilog=examples(
        "infucode policy explain cpt.hydration-minimum",
        "infucode policy explain cpt.push-too-soon --policy medicare",
    ),
)(explain_rule)


app.command(
    "docs",
    help="Write the manual of a plan: the sources clause by clause, each with its rules in plain "
    "words and worked examples; switches, predicates, and what reads what. One page of HTML "
    "without script, and Markdown.",
    epilog=examples(
        "infucode policy docs -o written", "infucode policy docs --policy medicare --format html"
    ),
)(write_manual)
