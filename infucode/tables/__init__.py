"""Tables from outside: the CMS NCCI edits that a user has imported, sliced by the codes at hand.

`Store.slice` is what a check asks; `importing` reads the official files into the store. Nothing
here is shipped with infucode and nothing is fetched: without imported files every slice is empty
and says what is missing.
"""

from __future__ import annotations

from infucode.tables.editions import Edition, Quarter
from infucode.tables.rows import AddOn, Missing, Mue, PtpEdit, Slice, Used
from infucode.tables.store import Store

__all__ = [
    "AddOn",
    "Edition",
    "Missing",
    "Mue",
    "PtpEdit",
    "Quarter",
    "Slice",
    "Store",
    "Used",
]
