"""`infucode policy lsp`: the language server of policy folders, for an editor to start."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec

from infucode.errors import UsageError

NEEDED = ("pygls", "lsprotocol")


def serve_editor() -> int:
    """Talk to an editor over standard input and output until it hangs up; returns the exit code:
    1 where it says `exit` without `shutdown`, as the protocol has it, else 0.

    Raises UsageError where the packages that this needs are not installed.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise UsageError(
            "the language server needs `pygls`, which is not installed; "
            "install it with `pip install 'infucode[lsp]'`"
        )
    from infucode.workbench.server.protocol import make_server

    server = make_server()

    def end(_signal: int, _frame: object) -> None:
        server.close()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    try:
        server.start_io()
    finally:
        server.close()
    return server.exit_code
