"""A second, plain-Python judge of claims, written from contract, rule map and decision 0016."""

from .alone import alone_shows
from .judge import Judged, judge
from .plans import CLAIM_PLANS
from .search import conflicts, further_lines, repair_holds, repaired

__all__ = [
    "CLAIM_PLANS",
    "Judged",
    "alone_shows",
    "conflicts",
    "further_lines",
    "judge",
    "repair_holds",
    "repaired",
]
