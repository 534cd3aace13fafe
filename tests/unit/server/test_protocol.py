"""The server as an editor meets it: a process, JSON over pipes, every request and its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest

from tests.unit.server.client import PATIENCE, Editor, Json, codes
from tests.unit.server.small import RUNS, small_folder

FILE = "plan/runs.lp"


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor with the rule file open; each test leaves it as it was."""
    with Editor(small_folder(tmp_path_factory.mktemp("small"))) as found:
        found.open(FILE)
        assert found.published(FILE) == []
        yield found
        assert found.process.poll() is None
        assert b"Traceback" not in b"".join(found.errors)


@pytest.fixture
def edited(editor: Editor) -> Iterator[Editor]:
    """The editor, whose file may be changed: it is put back."""
    yield editor
    editor.change(FILE, RUNS)
    editor.published(FILE, lambda found: not found)


def hovered(editor: Editor, found: str, into: int = 0, *, name: str = FILE) -> str:
    """What is shown of some words of a file."""
    text = RUNS if name == FILE else (editor.folder / name).read_text(encoding="utf-8")
    answer = editor.ask("textDocument/hover", editor.at_text(name, text, found, into))
    assert answer is not None, found
    value: str = answer["contents"]["value"]
    return value


def places(editor: Editor, answer: list[Json]) -> set[tuple[str, int, int]]:
    """Locations as files below the folder, lines and characters."""
    return {
        (
            Path(unquote(urlparse(item["uri"]).path)).relative_to(editor.folder).as_posix(),
            item["range"]["start"]["line"],
            item["range"]["start"]["character"],
        )
        for item in answer
    }


def line_of(text: str, words: str) -> int:
    """The 0-based line on which some words stand first."""
    return text[: text.index(words)].count("\n")


def test_it_says_what_it_can(editor: Editor) -> None:
    can = editor.initialized["capabilities"]
    for name in ("hover", "definition", "references", "completion", "documentSymbol",
                 "workspaceSymbol", "codeLens", "codeAction"):  # fmt: skip
        assert can[f"{name}Provider"], name
    assert can["executeCommandProvider"]["commands"] == ["infucode.runCases"]
    assert editor.initialized["serverInfo"]["name"] == "infucode"
    assert "client/registerCapability" in editor.requested


def test_a_fault_is_told_and_its_mending_too(edited: Editor) -> None:
    edited.change(FILE, RUNS.replace("short(Administration).", "shrt(Administration)."))
    found = edited.published(FILE, bool)
    assert codes(found) == {"predicate"}
    fault = next(item for item in found if "nothing defines" in item["message"])
    assert fault["severity"] == 1 and fault["source"] == "infucode"
    line = line_of(RUNS, "reading(short_runs")
    assert fault["range"] == {
        "start": {"line": line, "character": 35}, "end": {"line": line, "character": 39}
    }  # fmt: skip
    page = Path(unquote(urlparse(fault["codeDescription"]["href"]).path))
    assert page.read_text(encoding="utf-8").startswith("# predicate:")
    edited.change(FILE, RUNS)
    assert edited.published(FILE) == []


def test_the_disk_is_not_touched_and_does_not_count(edited: Editor) -> None:
    edited.change(FILE, RUNS.replace("plan.short\n", "plan.noted\n"))
    (fault,) = edited.published(FILE, bool)
    assert fault["code"] == "rule-id" and "policies/plan/ways.lp:3" in fault["message"]
    assert (edited.folder / FILE).read_text(encoding="utf-8") == RUNS


def test_a_file_that_cannot_be_parsed(edited: Editor) -> None:
    edited.change(FILE, RUNS.replace("ran(Administration, Minutes),", "ran(Administration, ,"))
    assert codes(edited.published(FILE, bool)) == {"syntax"}
    assert "How long it ran" not in hovered(edited, "short(Administration) :-")
    assert "plan.short" in hovered(edited, "short(Administration) :-")


def test_what_hangs_on_the_whole_is_told_a_moment_later(edited: Editor) -> None:
    papers = "\n%@ id: plan.idle\n%@ cite: source 1\n%@ text: Nobody asks.\n"
    rule = "idle(Administration) :- idle(Administration), short(Administration).\n"
    edited.change(FILE, RUNS + papers + rule)
    found = edited.published(FILE, lambda found: "never-fires" in codes(found))
    assert "unreachable-rule" in codes(found)


def test_positions_count_in_the_units_of_the_client(edited: Editor) -> None:
    words = '%* 𝒮𝒮 *% '
    edited.change(FILE, RUNS.replace("warning(\"plan.taken\"", f"{words}warnin(\"plan.taken\""))
    fault = edited.published(FILE, lambda found: "predicate" in codes(found))[0]
    assert fault["range"]["start"]["character"] == len(words) + 2


def test_hover_over_a_declared_predicate(editor: Editor) -> None:
    shown = hovered(editor, "ran(Administration", 1)
    assert "ran(Administration, Minutes)" in shown and "How long it ran." in shown
    assert "`Minutes`: minutes" in shown and "**Absent:** unknown" in shown


def test_hover_over_a_helper(editor: Editor) -> None:
    shown = hovered(editor, "short(Administration).", 2)
    assert "*helper*" in shown and "`Administration`: administration" in shown
    assert "`plan.short`" in shown and "A run is short below the least minutes." in shown


@pytest.mark.parametrize("found", ['plan.withheld", Adm', "plan.withheld\n", "plan.taken (Adm"])
def test_hover_over_a_rule_id(editor: Editor, found: str) -> None:
    shown = hovered(editor, found, 3)
    assert "A source" in shown or "A short run earns nothing." in shown
    if found.startswith("plan.withheld"):
        assert "> {Administration} was short." in shown
        assert "**S1** Short runs earn nothing." in shown
        assert "Sets aside `plan.taken`" in shown
        assert "2 cases" in shown
    else:
        assert "Set aside by `plan.withheld`" in shown


@pytest.mark.parametrize(
    ("found", "into", "wanted"),
    [
        ("source 1", 2, "**source**: A source"),
        ("S1", 1, "Decided by `plan.short`, `plan.withheld`"),
        ("least_minutes", 3, "- plan: **30**, stated [source 1]"),
        ("short_runs", 3, "- plan: **withhold**, stated [source 1]"),
        ("withhold), short", 2, "What a short run earns."),
        ("iv).", 1, "`Route` of `route`: iv | ia | po"),
        ("delivery)", 1, "`Part` of `withheld`: delivery | hours"),
        ("cite:", 1, "sources.toml"),
        ("Gives: short", 8, "*helper*"),
    ],
)
def test_hover_over_the_rest(editor: Editor, found: str, into: int, wanted: str) -> None:
    assert wanted in hovered(editor, found, into)


def test_hover_in_tables(editor: Editor) -> None:
    assert "A source" in hovered(editor, '"source 1"', 3, name="plan/layer.toml")
    assert "least_minutes" in hovered(editor, '"least_minutes"', 3, name="plan/layer.toml")
    assert "Short runs" in hovered(editor, "clause.S1", 8, name="clauses.toml")


def test_nothing_to_say(editor: Editor) -> None:
    assert editor.ask("textDocument/hover", editor.at(FILE, 2, 0)) is None
    assert editor.ask("textDocument/hover", editor.at(FILE, 999, 99)) is None
    assert editor.ask("textDocument/definition", editor.at(FILE, 999, 99)) is None


def test_definitions(editor: Editor) -> None:
    def found(words: str, into: int = 1) -> set[tuple[str, int, int]]:
        at = editor.at_text(FILE, RUNS, words, into)
        return places(editor, editor.ask("textDocument/definition", at))

    vocabulary = (editor.folder / "vocabulary.lp").read_text(encoding="utf-8")
    assert found("ran(") == {("vocabulary.lp", line_of(vocabulary, "%*! ran("), 4)}
    assert found("short(Administration).") == {(FILE, line_of(RUNS, "short(Adm"), 0)}
    assert found("plan.taken (") == {(FILE, line_of(RUNS, "id: plan.taken"), 7)}
    assert found("source 1") == {("sources.toml", 0, 1)}
    assert found("S1") == {("clauses.toml", 3, 8)}
    assert found("least_minutes") == {("plan/layer.toml", 3, 8)}
    assert found("short_runs") == {("switches.toml", 0, 1)}
    assert found("withhold)") == {("switches.toml", 0, 1)}


def test_references(editor: Editor) -> None:
    def found(words: str, declared: bool = True) -> set[tuple[str, int, int]]:
        at = editor.at_text(FILE, RUNS, words, 1)
        context = {"context": {"includeDeclaration": declared}}
        return places(editor, editor.ask("textDocument/references", {**at, **context}))

    read = (FILE, line_of(RUNS, "reading(short_runs"), 35)
    given, listed = (FILE, line_of(RUNS, "short(Adm"), 0), (FILE, 1, 9)
    assert found("short(Administration).") == {read, given, listed}
    assert found("short(Administration).", False) == {read, listed}
    ids = found("plan.withheld\n")
    assert {name for name, *_ in ids} == {FILE, "plan/cases/runs.yaml"} and len(ids) == 4
    assert {name for name, *_ in found("least_minutes")} == {FILE, "plan/ways.lp",
                                                             "plan/layer.toml"}  # fmt: skip
    assert {name for name, *_ in found("source 1")} >= {"sources.toml", "plan/profile.toml"}


def offered(editor: Editor, text: str, before: str) -> dict[str, Json]:
    """What may be written behind the first of some words of a text that is not saved."""
    editor.change(FILE, text)
    at = editor.at_text(FILE, text, before, len(before))
    answer: list[Json] = editor.ask("textDocument/completion", at)
    return {item["textEdit"]["newText"]: item for item in answer}


def test_completion_of_predicates(edited: Editor) -> None:
    text = RUNS + "\nwarning(\"plan.taken\", A) :- ro"
    found = offered(edited, text, "A) :- ro")
    item = found["route(${1:Administration}, ${2:Route})"]
    assert item["insertTextFormat"] == 2 and item["label"] == "route(Administration, Route)"
    assert item["textEdit"]["range"]["start"]["character"] == 28 and item["detail"] == "input"
    assert "short(${1:Administration})" in found


@pytest.mark.parametrize(
    ("text", "before", "wanted"),
    [
        ("%@ ", "%@ ", {"id: ", "cite: ", "beats: "}),
        ("%@ cite: ", "cite: ", {"source"}),
        ("%@ cite: source 1; so", "1; so", {"source"}),
        ("%@ beats: plan.", "beats: plan.", {"plan.noted (${1:Administration})"}),
        ("%@ clause: ", "clause: ", {"S1"}),
        ("a(B) :- value(", "value(", {"least_minutes"}),
        ("a(B) :- reading(sho", "reading(sho", {"short_runs"}),
        ("a(B) :- reading(short_runs, ", "(short_runs, ", {"withhold", "report"}),
        ("a(B) :- route(B, ", "route(B, ", {"iv", "ia", "po", "B"}),
        ('warning("pl', '"pl', {"plan.noted", "plan.least"}),
        ("%@ says: {\na(Bag) :- b(Bag).", "says: {", {"Bag"}),
    ],
)
def test_completion(edited: Editor, text: str, before: str, wanted: set[str]) -> None:
    whole = RUNS.replace("\n%@ id: plan.taken", f"\n{text}\n\n%@ id: plan.taken")
    edited.change(FILE, whole)
    at = edited.at_text(FILE, whole, text, text.index(before) + len(before))
    answer = edited.ask("textDocument/completion", at)
    assert wanted <= {item["textEdit"]["newText"] for item in answer}
    if "value(" in before or "cite" in before:
        assert wanted == {item["textEdit"]["newText"] for item in answer}


def test_nothing_is_offered_in_comments_and_texts(edited: Editor) -> None:
    assert offered(edited, RUNS + "% wo", "% wo") == {}
    assert offered(edited, RUNS + '\na("x', '\na("x') == {}


def test_symbols(editor: Editor) -> None:
    document = {"textDocument": {"uri": editor.uri(FILE)}}
    found = editor.ask("textDocument/documentSymbol", document)
    assert [item["name"] for item in found] == ["plan.short", "plan.withheld", "plan.taken"]
    assert found[0]["detail"] == "A run is short below the least minutes."
    assert found[0]["range"]["end"]["line"] == line_of(RUNS, "    ran(")
    everywhere = editor.ask("workspace/symbol", {"query": "SHORT"})
    assert {item["name"] for item in everywhere} == {"plan.short", "short"}
    names = {item["name"] for item in editor.ask("workspace/symbol", {"query": "ran"})}
    assert "ran" in names


def test_lenses_count_the_cases(edited: Editor) -> None:
    document = {"textDocument": {"uri": edited.uri(FILE)}}
    found = edited.ask("textDocument/codeLens", document)
    titles = {item["command"]["arguments"][1]: item["command"]["title"] for item in found}
    assert titles == {"plan.short": "1 case", "plan.withheld": "2 cases", "plan.taken": "no case"}
    assert found[1]["range"]["start"] == {"line": line_of(RUNS, "id: plan.withheld"),
                                          "character": 7}  # fmt: skip


def test_cases_that_cannot_be_run_are_told(editor: Editor) -> None:
    arguments = [editor.uri(FILE), "plan.short"]
    said = editor.ask("workspace/executeCommand",
                      {"command": "infucode.runCases", "arguments": arguments})  # fmt: skip
    assert said.startswith("the cases of plan.short cannot be run: ")
    assert "encounter" in said
    said = editor.ask("workspace/executeCommand",
                      {"command": "infucode.runCases",
                       "arguments": [editor.uri(FILE), "plan.taken"]})  # fmt: skip
    assert said == "no case names plan.taken"


def mended(text: str, edits: list[Json]) -> str:
    """A text after the edits of an action."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda e: -int(e["range"]["start"]["line"])):
        start, end = edit["range"]["start"], edit["range"]["end"]
        first, last = lines[start["line"]], lines[end["line"]]
        new = first[: start["character"]] + edit["newText"] + last[end["character"] :]
        lines[start["line"] : end["line"] + 1] = new.split("\n")
    return "\n".join(lines)


def acted(editor: Editor, line: int) -> dict[str, Json]:
    """The actions that a line is offered, by title."""
    at = {"line": line, "character": 0}
    params = {"textDocument": {"uri": editor.uri(FILE)}, "range": {"start": at, "end": at},
              "context": {"diagnostics": []}}  # fmt: skip
    return {item["title"]: item for item in editor.ask("textDocument/codeAction", params)}


def test_safe_edits_are_offered(edited: Editor) -> None:
    text = RUNS.replace("ran(Administration, Minutes), ", "ran(Administration,Minutes), ")
    text = text.replace("% Runs that are short.", "% Runs that are short.  ")
    edited.change(FILE, text)
    assert codes(edited.published(FILE, bool)) == {"comma-space", "stray-space"}
    found = acted(edited, line_of(text, "ran("))
    fix = found["Mend: no space after the comma"]
    assert fix["kind"] == "quickfix" and fix["diagnostics"][0]["code"] == "comma-space"
    (edits,) = fix["edit"]["changes"].values()
    assert mended(text, edits) == text.replace("n,M", "n, M")
    every = next(item for item in found.values() if item["kind"] == "source.fixAll")
    (edits,) = every["edit"]["changes"].values()
    assert mended(text, edits) == RUNS


def test_the_name_that_was_meant_is_offered(edited: Editor) -> None:
    text = RUNS.replace("%@ cite: source 3", "%@ cite: sorce 3").replace("route(", "rout(")
    edited.change(FILE, text)
    edited.published(FILE, lambda found: {"citation", "predicate"} <= codes(found))
    found = acted(edited, line_of(text, "rout("))["Write `route` for `rout`"]
    (edits,) = found["edit"]["changes"].values()
    assert mended(text, edits) == text.replace("rout(", "route(")
    found = acted(edited, line_of(text, "sorce"))["Write `source` for `sorce`"]
    (edits,) = found["edit"]["changes"].values()
    assert "%@ cite: source 3" in mended(text, edits)


def test_a_table_with_a_fault(editor: Editor) -> None:
    name = "plan/layer.toml"
    text = editor.open(name)
    editor.change(name, text.replace('"minutes"', '"minuts"'))
    found = editor.published(name, bool)
    assert codes(found) == {"settings-file"}
    assert found[0]["range"]["start"]["line"] == line_of(text, '"least_minutes"')
    editor.change(name, text)
    assert editor.published(name, lambda found: not found) == []
    editor.close(name)


def test_closing_lets_the_disk_count(edited: Editor) -> None:
    name = "plan/ways.lp"
    text = edited.open(name)
    edited.change(name, text.replace("warning(", "warnin("))
    assert codes(edited.published(name, bool)) >= {"predicate"}
    edited.close(name)
    assert edited.published(name, lambda found: not found) == []


def test_a_file_that_changes_on_disk(edited: Editor) -> None:
    path = edited.folder / "plan" / "ways.lp"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("warning(", "warnin("), encoding="utf-8")
        changes = [{"uri": path.as_uri(), "type": 2}]
        edited.tell("workspace/didChangeWatchedFiles", {"changes": changes})
        assert codes(edited.published("plan/ways.lp", bool)) == {"predicate"}
    finally:
        path.write_text(text, encoding="utf-8")
    edited.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    assert edited.published("plan/ways.lp", lambda found: not found) == []


def test_a_file_outside_of_any_policy_folder(editor: Editor) -> None:
    path = editor.folder.parent / "elsewhere.lp"
    uri = path.as_uri()
    item = {"uri": uri, "languageId": "lp", "version": 1, "text": "a(X) :- b(X)."}
    editor.tell("textDocument/didOpen", {"textDocument": item})
    at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    for request in ("hover", "definition", "completion", "documentSymbol", "codeLens"):
        assert editor.ask(f"textDocument/{request}", at) is None
    said = editor.ask("workspace/executeCommand",
                      {"command": "infucode.runCases", "arguments": [uri, "a.b"]})  # fmt: skip
    assert "lies in no policy folder" in said
    editor.tell("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_what_it_does_not_know_is_refused(editor: Editor) -> None:
    assert editor.ask_raw("textDocument/nothing", {})["error"]["code"] == -32601
    editor.tell("$/nothing", {})
    assert "How long" in hovered(editor, "ran(Administration", 1)


def test_a_malformed_request_is_refused(tmp_path: Path) -> None:
    with Editor(small_folder(tmp_path)) as editor:
        answer = editor.ask_raw("textDocument/hover", {"neither": "nor"})
        assert answer["error"]["code"] == -32602
        answer = editor.ask_raw("workspace/executeCommand", {"command": "nothing"})
        assert answer["error"]["code"] == -32602
        assert editor.ask("workspace/symbol", {"query": "x"}) == []


@pytest.mark.parametrize("path", ["policies", "no/such/folder"])
def test_it_ends_when_told(tmp_path: Path, path: str) -> None:
    folder = small_folder(tmp_path)
    with Editor(folder) as editor:
        if path == "policies":
            editor.open(FILE)
            editor.published(FILE)
        assert editor.shutdown() == 0


@pytest.mark.parametrize("way", ["hangs up", "terminates"])
def test_it_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setenv("TMPDIR", str(kept))
    with Editor(small_folder(tmp_path)) as editor:
        editor.open(FILE)
        editor.published(FILE)
        assert [path.name[:13] for path in kept.iterdir()] == ["infucode-lsp-"]
        if way == "hangs up":
            assert editor.process.stdin is not None
            editor.process.stdin.close()
        else:
            editor.process.terminate()
        assert editor.process.wait(PATIENCE) == 0
    assert list(kept.iterdir()) == []


def test_without_capabilities_plain_text_is_offered(tmp_path: Path) -> None:
    with Editor(small_folder(tmp_path), capabilities={}) as editor:
        text = RUNS + "\na(B) :- ro"
        editor.open(FILE, text)
        at: Any = editor.at_text(FILE, text, ":- ro", 5)
        items = editor.ask("textDocument/completion", at)
        assert "route" in {item["textEdit"]["newText"] for item in items}
        assert "${" not in json.dumps(items)
        assert "client/registerCapability" not in editor.requested


def test_a_file_by_a_way_round_is_the_same_file(tmp_path: Path) -> None:
    with Editor(small_folder(tmp_path)) as editor:
        uri = editor.uri("plan") + "/../plan/runs.lp"
        item = {"uri": uri, "languageId": "lp", "version": 1, "text": RUNS}
        editor.tell("textDocument/didOpen", {"textDocument": item})
        at = {**editor.at_text(FILE, RUNS, "ran(Administration", 1), "textDocument": {"uri": uri}}
        assert "How long it ran." in editor.ask("textDocument/hover", at)["contents"]["value"]
