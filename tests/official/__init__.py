"""The plan's own tables against the published ones: `python -m tests.official FOLDER`."""
