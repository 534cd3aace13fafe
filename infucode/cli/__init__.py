"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import gc
import sys

OBJECTS_BEFORE_COLLECTION = 100_000
"""A command makes many objects that last to its end; looking for garbage among them is waste."""


def main() -> None:
    """Run the command and end with the contract's exit code."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    from infucode.cli.app import run

    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)
