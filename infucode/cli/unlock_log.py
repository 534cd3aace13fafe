"""The log of `infucode unlock`: who asked what of which document, one line of JSON each."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from infucode.errors import UsageError
from infucode.model.encounter import Encounter

VARIABLE = "INFUCODE_UNLOCK_LOG"
NAME = "unlock.log"


@dataclass(frozen=True, slots=True)
class Entry:
    """One use. `at` is UTC; `digest` is of the record as it was read."""

    at: str
    who: str
    document: str
    digest: str
    code: str
    administration: str | None

    @classmethod
    def of(cls, encounter: Encounter, code: str, administration: str | None) -> Entry:
        """The entry of a question that is asked now."""
        digest = hashlib.sha256(repr(encounter).encode("utf-8", "surrogatepass")).hexdigest()
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(at, _who(), encounter.id, f"sha256:{digest}", code, administration)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def log_path() -> Path:
    """Where the log is: `INFUCODE_UNLOCK_LOG`, or the user's state folder. Raises UsageError."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen)
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "infucode" / NAME
    try:
        return Path.home() / ".local" / "state" / "infucode" / NAME
    except RuntimeError:
        raise UsageError(
            f"there is no folder for the log of this command; name a file in {VARIABLE}"
        ) from None


def ready_log() -> Path:
    """The log, ready to be written to. Raises UsageError where it cannot be."""
    path = log_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise _unwritable(path, error) from None
    return path


def write_entry(path: Path, entry: Entry) -> None:
    """Append one line. Raises UsageError where that fails: then nothing is answered."""
    line = json.dumps(asdict(entry), ensure_ascii=True) + "\n"
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"the log `{path}` cannot be written ({error.strerror}), and nothing is answered "
        f"without it; name another file in {VARIABLE}"
    )
