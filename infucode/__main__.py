"""`python -m infucode` is the command `infucode`."""

from infucode.cli import main

main()
