"""Proof trees: why an atom holds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof.

    ``kind`` is one of
    ``rule`` (derived: ``rule``, ``place``, ``cite``, ``bindings`` and ``children`` are set),
    ``fact`` (stated by the record), ``assumed`` (supposed of a half-stated fact),
    ``table`` (a row of a policy table), ``setting`` (a value or reading that the plan sets;
    ``cite`` and ``basis`` are set), ``comparison`` (``text`` shows source and numbers),
    ``aggregate`` (``children`` are what it counted), ``absent`` (nothing makes it true),
    ``short`` (what would change the outcome and falls short, with its numbers),
    ``repeated`` (proved further up in the same tree).
    """

    kind: str
    text: str
    says: str = ""
    rule: str = ""
    place: str = ""
    cite: str = ""
    basis: str = ""
    bindings: tuple[tuple[str, str], ...] = ()
    children: tuple[Step, ...] = ()
    alternatives: int = 0
    """How many further rule instances give the same atom."""
    number: int = 0
    """In a short tree the number of the step; of a repeated one, that of the step above."""
