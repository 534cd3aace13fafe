"""Documents that a command writes for the user: to a file, or to standard output."""

from __future__ import annotations

from pathlib import Path

import typer

from infucode.errors import UsageError

STANDARD_OUTPUT = "-"
YAML_ENDINGS = (".yaml", ".yml")


def write_document(text: str, path: Path | str | None, *, force: bool) -> bool:
    """Write a YAML document; no path or `-` is standard output.

    Returns whether a file was written. Raises UsageError where the file is there already
    (unless `force`), where its name says that it is no YAML, or where it cannot be written.
    """
    if path is None or str(path) == STANDARD_OUTPUT:
        typer.echo(text, nl=False)
        return False
    target = Path(path)
    require_writable(target, force=force)
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise _there(target) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"`{target}` cannot be written: {reason.lower()}") from None
    return True


def require_writable(target: Path, *, force: bool) -> None:
    """Raises UsageError where a document surely cannot be written to this file."""
    if target.is_dir():
        raise UsageError(
            f"`{target}` is a folder; name a file, such as `{target / 'visit.yaml'}`"
        )
    if target.suffix.lower() == ".json":
        named = target.with_suffix(YAML_ENDINGS[0])
        raise UsageError(f"`{target}` would be read as JSON, this is YAML: name it `{named}`")
    if target.exists() and not force:
        raise _there(target)


def _there(target: Path) -> UsageError:
    return UsageError(f"`{target}` is there already; --force writes over it")
