"""The questions that a rulebook answers, one module each."""
