"""Edits of YAML text touch what they change and nothing else."""

from __future__ import annotations

import pytest
import yaml

from infucode.workbench.case_edits import Collection, applied, changed, end_of, put, value

BLOCK = """\
a:   # first
  - one   # of one
  # before two
  - {k: 1, l: 2}

  - three
b: [x, y, z]   # flow
"""


def root(text: str) -> yaml.nodes.Node:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert node is not None
    return node


def test_a_scalar_is_put() -> None:
    node = value(root(BLOCK), "a")
    assert node is not None
    (_, second, _) = Collection(BLOCK, node).items()
    inner = value(second, "l")
    assert inner is not None
    assert applied(BLOCK, [put(inner, "3")]) == BLOCK.replace("l: 2", "l: 3")


@pytest.mark.parametrize(("gone", "added", "result"), [
    ({0}, [], "a:   # first\n  # before two\n  - {k: 1, l: 2}\n\n  - three\n"),
    ({1}, [], "a:   # first\n  - one   # of one\n  # before two\n\n  - three\n"),
    ({2}, ["four"], "a:   # first\n  - one   # of one\n  # before two\n  - {k: 1, l: 2}\n\n"
                    "  - four\n"),
    (set(), ["four", "five"], "a:   # first\n  - one   # of one\n  # before two\n"
                              "  - {k: 1, l: 2}\n\n  - three\n  - four\n  - five\n"),
])  # fmt: skip
def test_entries_of_a_block(gone: set[int], added: list[str], result: str) -> None:
    node = value(root(BLOCK), "a")
    assert node is not None
    text = applied(BLOCK, changed(BLOCK, node, gone, added))
    assert text.split("b:")[0] == result
    kept = [item for n, item in enumerate(["one", {"k": 1, "l": 2}, "three"]) if n not in gone]
    assert yaml.safe_load(text)["a"] == [*kept, *added]


def test_all_entries_of_a_block() -> None:
    node = value(root(BLOCK), "a")
    assert node is not None
    assert yaml.safe_load(applied(BLOCK, changed(BLOCK, node, {0, 1, 2}, [])))["a"] == []
    text = applied(BLOCK, changed(BLOCK, node, {0, 1, 2}, ["p", "q"]))
    assert yaml.safe_load(text)["a"] == ["p", "q"] and "# flow" in text


@pytest.mark.parametrize("lead", ["", "  ", "- ", "- - "])
def test_all_entries_of_a_block_no_further_in_than_its_key(lead: str) -> None:
    deep = " " * len(lead)
    text = f"{lead}a:\n{deep}# before\n{deep}- one\n{deep}- two   # of two\n{deep}b: 1\n"
    node = root(text)
    while isinstance(node, yaml.nodes.SequenceNode):
        (node,) = node.value
    listed = value(node, "a")
    assert listed is not None
    found = yaml.safe_load(applied(text, changed(text, listed, {0, 1}, [])))
    while isinstance(found, list):
        (found,) = found
    assert found == {"a": [], "b": 1}


@pytest.mark.parametrize("gone", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}])
@pytest.mark.parametrize("added", [[], ["n"], ["n", "m"]])
def test_entries_in_brackets(gone: set[int], added: list[str]) -> None:
    node = value(root(BLOCK), "b")
    assert node is not None
    text = applied(BLOCK, changed(BLOCK, node, gone, added))
    kept = [item for n, item in enumerate("xyz") if n not in gone]
    assert yaml.safe_load(text)["b"] == kept + added
    assert text.endswith("]   # flow\n")


def test_lines_of_windows_stay() -> None:
    text = "a:\r\n  - one\r\n  - two\r\nb: 1\r\n"
    node = value(root(text), "a")
    assert node is not None
    new = applied(text, changed(text, node, {0}, ["three"]))
    assert new == "a:\r\n  - two\r\n  - three\r\nb: 1\r\n"


def test_the_end_of_a_node_leaves_comments_out() -> None:
    text = "a:\n  - {k: 1}\n# after\nb: 2\n"
    node = value(root(text), "a")
    assert node is not None
    assert text[: end_of(node)] == "a:\n  - {k: 1}"


def test_many_entries_in_brackets_stand_on_lines_of_their_own() -> None:
    node = value(root(BLOCK), "b")
    assert node is not None
    added = [f"number-{n}-{'x' * 20}" for n in range(9)]
    for gone in (set[int](), {0, 1, 2}):
        text = applied(BLOCK, changed(BLOCK, node, gone, added))
        assert yaml.safe_load(text)["b"] == [*("" if gone else "xyz"), *added]
        assert max(map(len, text.splitlines())) <= 110
