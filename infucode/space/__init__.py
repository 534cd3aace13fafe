"""All encounters of a declared space, one after another: what `prove` and `diff` ask about."""
