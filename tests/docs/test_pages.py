"""The pages of docs/ that are walks run as they stand: files are written, commands are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.walk import (
    ROOT,
    Block,
    WalkError,
    blocks,
    make_folder,
    matches,
    parts_of,
    walk,
    walked_pages,
    wanted_text,
)

HELP = "run `python -m tests.docs.refresh` and read what it changed"


@pytest.mark.parametrize("page", walked_pages(), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_page_runs_as_it_stands(page: Path, tmp_path: Path) -> None:
    make_folder(tmp_path / "walk")

    def check(block: Block, printed: str) -> None:
        wanted = wanted_text(block, printed)
        assert block.text == wanted, f"line {block.line}: {HELP}\n{printed}"

    assert walk(parts_of(page)[1], tmp_path / "walk", check) >= 1


def test_the_comparison_can_fail() -> None:
    assert matches("a\n...\nb ... d\n", "a\nx\ny\nb c d\n")
    assert not matches("a\nb\n", "a\nc\n")
    assert not matches("a\n...\nb\n", "a\nx\n")


def shown(page: str, folder: Path) -> list[tuple[str, str]]:
    (folder / "bin").mkdir(exist_ok=True)
    found: list[tuple[str, str]] = []
    walk(page, folder, lambda block, out: found.append((block.text, wanted_text(block, out))))
    return found


def test_a_wrong_output_is_seen(tmp_path: Path) -> None:
    page = "```sh\nprintf 'a\\nb\\nc\\n'\n```\n\n```text\na\nx\n```\n"
    assert shown(page, tmp_path) == [("a\nx\n", "a\nb\nc\n")]


def test_what_is_left_out_is_marked(tmp_path: Path) -> None:
    page = '```sh\nprintf "a\\nb\\nc\\nd\\n"\n```\n\n```text from="b" before="d"\n```\n'
    assert shown(page, tmp_path) == [("", "...\nb\nc\n...\n")]


def test_lines_left_out_by_hand_stay(tmp_path: Path) -> None:
    page = "```sh\nprintf 'a\\nb\\nc\\n'\n```\n\n```text\na\n...\n```\n"
    assert shown(page, tmp_path) == [("a\n...\n", "a\n...\n")]


def test_words_that_nothing_shows_are_refused(tmp_path: Path) -> None:
    page = '```sh\necho a\n```\n\n```text from="z"\n```\n'
    with pytest.raises(WalkError, match="nothing shows `z`"):
        shown(page, tmp_path)


def test_an_unwanted_exit_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WalkError, match="exit code 3, not 0"):
        shown("```sh\nexit 3\n```\n", tmp_path)
    assert shown("```sh exit=3\nexit 3\n```\n", tmp_path) == []


def test_an_edit_changes_its_lines_once(tmp_path: Path) -> None:
    page = "```yaml file=a\nx: 1\ny: 2\n```\n\n```diff file=a\n-x: 1\n+x: 3\n```\n"
    shown(page, tmp_path)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "x: 3\ny: 2\n"
    with pytest.raises(WalkError, match="stand 0 times"):
        shown(page + "\n```diff file=a\n-x: 1\n+x: 3\n```\n", tmp_path)


def test_options_of_a_block_may_hold_spaces() -> None:
    (block,) = blocks('```text from="Not reported" before="Questions"\n```\n')
    assert block.options == {"from": "Not reported", "before": "Questions"}


def test_every_link_leads_somewhere() -> None:
    import re

    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    missing = []
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            if "://" in target:
                continue
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (anchor and anchor not in anchors(file)):
                missing.append(f"{page.relative_to(ROOT)}: {target}")
    assert missing == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page: those written out, and those that a code host makes of headings."""
    import re

    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    made = {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.M)
    }
    return made | set(re.findall(r'<a id="([^"]+)"></a>', text))
