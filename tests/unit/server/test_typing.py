"""Half-typed text never stops the server: a shipped file typed anew, with requests in between."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator

import pytest

from tests.unit.server.client import ROOT, Editor, Json, codes

FILE = "cpt/hydration.lp"
STEPS = 40
REQUESTS = ("hover", "definition", "references", "completion", "codeLens", "documentSymbol",
            "codeAction")  # fmt: skip


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor with the shipped policies, in a copy."""
    folder = tmp_path_factory.mktemp("shipped") / "policies"
    shutil.copytree(ROOT / "policies", folder)
    with Editor(folder) as found:
        yield found
        assert found.process.poll() is None
        assert b"Traceback" not in b"".join(found.errors)


def ask_everything(editor: Editor, name: str, text: str, offset: int) -> None:
    """Every request at one place; none may fail."""
    head = text[:offset]
    line = head.count("\n")
    at = editor.at(name, line, len(head) - head.rfind("\n") - 1)
    span = {"start": at["position"], "end": at["position"]}
    context = {"includeDeclaration": True, "diagnostics": [], "triggerKind": 1}
    more: Json = {"context": context, "range": span}
    for request in REQUESTS:
        editor.ask(f"textDocument/{request}", {**at, **more})


def test_a_file_typed_character_by_character(editor: Editor) -> None:
    chosen = random.Random(7)
    text = editor.open(FILE)
    before = codes(editor.published(FILE))
    for end in (0, *(chosen.randrange(len(text)) for _ in range(STEPS))):
        rest = chosen.choice(("", text[end:], text[min(end + 9, len(text)) :]))
        typed = text[:end] + chosen.choice(("", "(", '"', "%*", "{", "é", "\t", "#", "\0")) + rest
        editor.change(FILE, typed)
        ask_everything(editor, FILE, typed, end)
    editor.change(FILE, text)
    assert codes(editor.published(FILE, lambda found: codes(found) <= before)) <= before
    editor.close(FILE)


@pytest.mark.parametrize(
    "name", ["vocabulary.lp", "sources.toml", "switches.toml", "clauses.toml", "lint.toml",
             "cpt/layer.toml", "cpcp026/profile.toml", "cpt/cases/hydration.yaml"],
)  # fmt: skip
def test_the_other_files_half_typed(editor: Editor, name: str) -> None:
    chosen = random.Random(name)
    text = editor.open(name)
    for end in (0, *(chosen.randrange(len(text)) for _ in range(3))):
        editor.change(name, text[:end])
        ask_everything(editor, name, text[:end], end)
    editor.change(name, text)
    ask_everything(editor, name, text, len(text) // 2)
    editor.close(name)


def test_the_cases_of_a_rule_are_run(editor: Editor) -> None:
    name = "cpt/hydration.lp"
    text = editor.open(name)
    document = {"textDocument": {"uri": editor.uri(name)}}
    lens = next(
        item
        for item in editor.ask("textDocument/codeLens", document)
        if item["command"]["arguments"][1] == "cpt.hydration-once"
    )
    number = int(lens["command"]["title"].split()[0])
    asked = {"command": lens["command"]["command"], "arguments": lens["command"]["arguments"]}
    said = editor.ask("workspace/executeCommand", asked)
    assert said == f"cpt.hydration-once: {number} case{'s' * (number > 1)} pass" + "es" * (
        number == 1
    )
    broken = text.replace("twice(Administration', Start, Stop) :-",
                          "twice(Administration', Start, Stop) :- Start > Stop,")  # fmt: skip
    assert broken != text
    editor.change(name, broken)
    said = editor.ask("workspace/executeCommand", asked)
    assert f"of {number} case" in said and "fail; first policies/" in said
    shown = [note["params"] for note in editor.notes if note["method"] == "window/showMessage"]
    assert shown[-1] == {"type": 2, "message": said}
    where = said.partition("first policies/")[2].partition(":")[0]
    failed = editor.published(where, lambda found: "case" in codes(found))
    assert "this case fails: " in failed[0]["message"]
    editor.change(name, text)
    editor.ask("workspace/executeCommand", asked)
    assert editor.published(where, lambda found: "case" not in codes(found)) == []
