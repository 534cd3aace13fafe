"""The page for editors says how the server is started as it is, and the command as it fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from infucode.cli import lsp
from infucode.cli.app import run
from tests.docs.walk import blocks
from tests.unit.server.client import ROOT, Editor
from tests.unit.server.small import small_folder

PAGE = (ROOT / "docs" / "how-to" / "edit-policies-in-an-editor.md").read_text(encoding="utf-8")
COMMAND = ["infucode", "policy", "lsp"]


def block(language: str) -> str:
    """The block of the page in a language."""
    (found,) = [b.text for b in blocks(PAGE) if b.language == language]
    return found


def test_the_settings_of_vs_code() -> None:
    settings = json.loads(block("json"))
    started = [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]]
    assert started == COMMAND
    assert settings["glspc.server.languageId"]


def test_the_settings_of_neovim() -> None:
    text = block("lua")
    command = re.search(r"cmd = \{(.*?)\}", text)
    assert command and json.loads(f"[{command[1]}]") == COMMAND
    types = re.search(r"filetypes = \{(.*?)\}", text)
    named = re.search(r'lp = "(\w+)"', text)
    assert types and named and named[1] in json.loads(f"[{types[1]}]")
    for opened, closed in (("(", ")"), ("{", "}")):
        assert text.count(opened) == text.count(closed)
    assert len(re.findall(r"\b(?:function|then)\b", text)) == len(re.findall(r"\bend\b", text))


def test_every_capability_is_on_the_page(tmp_path: Path) -> None:
    with Editor(small_folder(tmp_path)) as editor:
        can = {k for k, v in editor.initialized["capabilities"].items() if v and "Provider" in k}
    assert can == {
        "hoverProvider", "definitionProvider", "referencesProvider", "completionProvider",
        "documentSymbolProvider", "workspaceSymbolProvider", "codeLensProvider",
        "codeActionProvider", "executeCommandProvider",
    }  # fmt: skip
    for word in ("hover", "definition, references", "completion", "symbols", "lens", "actions"):
        assert f"| {word} |" in PAGE


def test_without_the_package_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lsp, "find_spec", lambda name: None if name == "pygls" else object())
    assert run(["policy", "lsp"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "`pygls`" in said and "pip install 'infucode[lsp]'" in said
