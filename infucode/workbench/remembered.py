"""Rule files that were read before: only a file whose text changed is parsed again."""

from __future__ import annotations

from pathlib import Path

from infucode.engine.grounding import check_safety
from infucode.rulebook.library import Library
from infucode.rulebook.parse import ParsedFile
from infucode.rulebook.reading import RuleFile, read_plan, read_rules


class Remembered:
    """Reads rule files as `read_rules` does, each text once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[bytes, RuleFile]] = {}

    def read(self, path: Path, name: str, layer: str) -> RuleFile:
        """The rules of one file; what cannot be read as a file is not remembered."""
        try:
            content = path.read_bytes()
        except OSError:
            return read_rules(path, name, layer)
        known = self._known.get((name, layer))
        if known is None or known[0] != content:
            found = _without_trees(read_rules(path, name, layer), layer)
            known = self._known[name, layer] = content, found
        return known[1]

    def load(self, folder: Path, plan: str) -> Library:
        """A plan with all the loader's checks. Raises PolicyError with all problems."""
        library = read_plan(folder, plan, "", read=self.read)
        check_safety(library)
        return library


def _without_trees(file: RuleFile, layer: str) -> RuleFile:
    """The file without clingo's trees, which are large; of the vocabulary they are still read."""
    if file.parsed is None or not layer:
        return file
    parsed = ParsedFile(file.parsed.source, (), (), file.parsed.comments)
    return RuleFile(parsed, file.rules, file.problems)
