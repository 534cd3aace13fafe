"""The oracle: codes an encounter from contract and rule map alone, in plain Python."""

from __future__ import annotations

from .answer import Answer, code
from .lines import Line
from .unknowns import code_sets, completions

__all__ = ["Answer", "Line", "code", "code_sets", "completions"]
