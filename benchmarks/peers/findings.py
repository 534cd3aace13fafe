"""What every engine is given and gives back; imports nothing, so that memory is the engine's."""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]
"""A claim: ``id``, ``claim`` (professional or facility), ``place`` and its ``lines``, each with
``id``, ``code``, ``units``, ``modifiers`` and ``date``."""
Finding = tuple[str, str]
"""Why a line is denied (setting, pair, flush, units or primary), and the line's id."""
