"""Two columns on the terminal: a name, and what it is; beneath one another where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

LEAST_BESIDE = 36
"""Columns that the second column needs to stand beside the first."""


def print_pairs(pairs: Sequence[tuple[str, str]], console: Console) -> None:
    """One entry for each pair, the first part never broken."""
    from textwrap import wrap

    from rich.text import Text

    widest = max((len(name) for name, _ in pairs), default=0)
    beside = console.width - widest - 4 >= LEAST_BESIDE
    indent = widest + 4 if beside else 6
    for name, says in pairs:
        lines = wrap(says, max(console.width - indent, 20)) or [""]
        lead = f"  {name}"
        if not beside:
            console.print(Text(lead, style="bold"), soft_wrap=True)
            lead = ""
        for line in lines:
            shown = Text.assemble((lead, "bold"), " " * (indent - len(lead)), line)
            console.print(shown, soft_wrap=True)
            lead = ""
