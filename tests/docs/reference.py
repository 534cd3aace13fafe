"""`python -m tests.docs.reference`: writes the generated pages of docs/reference.

With `--check` nothing is written; the exit code is 1 if a page is not current.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from infucode.policy import Policy
from infucode.workbench.classification import classification_page
from infucode.workbench.clauses import clause_page, read_clauses
from tests.docs.pages_commands import commands_page
from tests.docs.pages_exit_codes import exit_codes_page
from tests.docs.pages_rules import rules_page
from tests.docs.pages_solution import solution_page
from tests.docs.pages_switches import switches_page
from tests.docs.pages_vocabulary import vocabulary_page

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "policies"
REFERENCE = ROOT / "docs" / "reference"


def load() -> list[Policy]:
    """Every plan."""
    return [Policy.load(plan, policies=POLICIES) for plan in Policy.plans(POLICIES)]


def _clauses(policies: list[Policy]) -> str:
    return clause_page(read_clauses(POLICIES), [policy.library for policy in policies])


PAGES: dict[str, Callable[[list[Policy]], str]] = {
    "clauses.md": _clauses,
    "classification.md": classification_page,
    "rules.md": rules_page,
    "switches.md": switches_page,
    "vocabulary.md": vocabulary_page,
    "exit-codes.md": exit_codes_page,
    "commands.md": commands_page,
    "solution.md": solution_page,
}


def main() -> int:
    """Write the pages, or tell which are not current."""
    policies, stale = load(), []
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make(policies)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    word = "not current" if "--check" in sys.argv else "written"
    print("\n".join(f"{word}: {name}" for name in stale) or "every page is current")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
