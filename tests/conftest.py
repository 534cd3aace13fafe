"""A test run keeps what it reads of the policies in a folder of its own, and draws the same
examples each time, so that a change is judged by what it changes. `INFUCODE_EXAMPLES=400` draws
fresh ones, and so many."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from infucode.rulebook.store import VARIABLE

settings.register_profile("same", derandomize=True)
settings.register_profile("fresh", derandomize=False)
settings.load_profile("fresh" if "INFUCODE_EXAMPLES" in os.environ else "same")
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


@pytest.fixture(scope="module", autouse=True)
def _forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a module kept for its tests goes with it: policies that no test asks again would make
    every fork and every look for garbage slower."""
    yield
    module = request.module
    kept = [value for value in vars(module).values() if hasattr(value, "cache_clear")]
    for value in kept:
        if value.__module__ == module.__name__:
            value.cache_clear()
    if kept:
        gc.collect()
