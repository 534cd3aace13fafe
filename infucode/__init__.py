"""infucode: policy as code for infusion and injection coding.

>>> from infucode import Policy, load_encounter
>>> policy = Policy.load("cpcp026")
>>> solution = policy.solve(load_encounter("visit.yaml"))    # doctest: +SKIP
>>> solution.outcome                                         # doctest: +SKIP
'coded'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infucode.errors import (
    DocumentError,
    InfucodeError,
    InternalError,
    LimitError,
    PolicyError,
    Problem,
    UsageError,
)
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import CodeSet, Line, Solution

if TYPE_CHECKING:
    from infucode.documents import (
        encounter_from_data,
        encounter_to_data,
        load_encounter,
        parse_encounter,
    )
    from infucode.engine.limits import Limits
    from infucode.policy import Policy, Solved

__version__ = "0.1.0"

__all__ = [
    "CodeSet",
    "DocumentError",
    "Encounter",
    "InfucodeError",
    "InternalError",
    "LimitError",
    "Limits",
    "Line",
    "Policy",
    "PolicyError",
    "Problem",
    "Solution",
    "Solved",
    "Step",
    "UsageError",
    "__version__",
    "encounter_from_data",
    "encounter_to_data",
    "load_encounter",
    "parse_encounter",
]


_HOMES = {
    "Policy": "infucode.policy",
    "Solved": "infucode.policy",
    "Limits": "infucode.engine.limits",
    "encounter_from_data": "infucode.documents",
    "encounter_to_data": "infucode.documents",
    "load_encounter": "infucode.documents",
    "parse_encounter": "infucode.documents",
}


def __getattr__(name: str) -> object:
    """Import what needs the solver or the readers only when it is used."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module `infucode` has no attribute `{name}`")
