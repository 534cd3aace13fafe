"""The example encounters that come with the program."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from infucode.errors import UsageError


@dataclass(frozen=True, slots=True)
class Example:
    """One shipped document; `says` is the first sentence of the comment at its head."""

    name: str
    path: Path
    says: str

    def text(self) -> str:
        """The document as it stands."""
        return self.path.read_text(encoding="utf-8")


def example_names() -> list[str]:
    """The names in order; none if this installation has no examples."""
    return [path.stem for path in _paths()]


def shipped_examples() -> list[Example]:
    """Every example. Raises UsageError if this installation has none."""
    found = [Example(path.stem, path, _says(path)) for path in _paths()]
    if not found:
        raise UsageError("no examples came with this installation")
    return found


def find_example(name: str) -> Example:
    """The example of that name, `.yaml` or not. Raises UsageError with the nearest name."""
    from infucode.rulebook.nearest import nearest

    known = {example.name: example for example in shipped_examples()}
    wanted = name.removesuffix(".yaml")
    if wanted not in known:
        hint = nearest(wanted, tuple(known)) or "`infucode examples` lists them"
        raise UsageError(f"there is no example `{name}`; {hint}")
    return known[wanted]


def _paths() -> list[Path]:
    from infucode.rulebook.where import examples_folder

    return sorted(examples_folder().glob("*.yaml"))


def _says(path: Path) -> str:
    """The head's first sentence, without its stop."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = takewhile(lambda line: line.startswith("#"), lines)
    text = " ".join(line.lstrip("# ") for line in head)
    return text.split(". ")[0].removesuffix(".")
