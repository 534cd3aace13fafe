"""The house layout of rule files: spaces, indents and blank lines, never a rule or a comment."""
