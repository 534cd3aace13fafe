"""What `infucode` alone says: what it is, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

NEXT = (
    ("infucode new encounter visit.yaml", "write a visit to fill in, every field explained"),
    ("infucode solve visit.yaml", "its codes and why, what is not reported, what to ask"),
    ("infucode examples", "finished visits to learn from"),
)


def welcome(version: str, console: Console) -> None:
    """A few lines; the three commands run in this order as they stand."""
    from rich.text import Text

    from infucode.cli.pairs import print_pairs

    console.print(
        Text.assemble(
            ("infucode", "bold"),
            f" {version} turns the facts of an infusion or injection visit into the codes of a "
            "claim, and says for each line which rule decided it and where that rule comes from.",
        )
    )
    console.print()
    print_pairs(NEXT, console)
    console.print()
    console.print(Text("`infucode --help` lists every command. No data leaves this machine."))
