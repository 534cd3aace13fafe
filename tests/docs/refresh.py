"""`python -m tests.docs.refresh [PAGE...]`: runs the pages and writes what they show anew."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.docs.walk import (
    ROOT,
    Block,
    WalkError,
    make_folder,
    parts_of,
    walk,
    walked_pages,
    wanted_text,
)


def refreshed(page: Path, folder: Path) -> str:
    """The page with every shown output as it is now. Raises WalkError."""
    head, text, tail = parts_of(page)
    edits: list[tuple[tuple[int, int], str]] = []

    def note(block: Block, printed: str) -> None:
        edits.append((block.span, wanted_text(block, printed)))

    walk(text, folder, note)
    for (first, last), shown in reversed(edits):
        text = text[:first] + shown + text[last:]
    return head + text + tail


def main() -> int:
    """Refresh the pages named, or all of them; 1 if one does not run as it stands."""
    named = [Path(name).resolve() for name in sys.argv[1:]]
    code = 0
    for page in named or walked_pages():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "walk"
            make_folder(folder)
            try:
                new = refreshed(page, folder)
            except WalkError as error:
                code = 1
                print(f"{page.relative_to(ROOT)}: {error}", file=sys.stderr)
                continue
        if new != page.read_text(encoding="utf-8"):
            page.write_text(new, encoding="utf-8")
            print(f"written: {page.relative_to(ROOT)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
