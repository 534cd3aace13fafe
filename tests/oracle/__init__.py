"""A second, plain-Python coder written from the documents alone; it judges the rulebook."""
