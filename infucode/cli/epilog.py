"""The examples below each command's help."""

from __future__ import annotations


def examples(*commands: str) -> str:
    """The end of a help page: each command on a line of its own, never wrapped."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {command}" for command in commands)])
