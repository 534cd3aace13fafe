"""Lint: what is wrong, dead, doubtful or unkempt in a policy folder."""
