"""The nearest known word, for a help line."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def nearest(word: str, known: tuple[str, ...]) -> str:
    """`did you mean ...` for the nearest known word, or nothing."""
    from difflib import get_close_matches

    match = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean `{match[0]}`?" if match else ""
