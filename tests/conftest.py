"""A test run keeps what it reads of the policies in a folder of its own."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

from infucode.rulebook.store import VARIABLE

_MADE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Set a cache folder before anything is loaded; workers share that of their session."""
    if VARIABLE not in os.environ:
        config.stash[_MADE] = os.environ[VARIABLE] = tempfile.mkdtemp(prefix="infucode-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    made = config.stash.get(_MADE, None)
    if made is not None:
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(made, ignore_errors=True)
