"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command and end with the contract's exit code."""
    from infucode.cli.app import run

    sys.exit(run(sys.argv[1:]))
