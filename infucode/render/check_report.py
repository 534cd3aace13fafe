"""What a report on checked claims is made of."""

from __future__ import annotations

from infucode.render.check_content import ClaimAnswer
from infucode.render.report import Refusal

CheckResult = ClaimAnswer | Refusal
