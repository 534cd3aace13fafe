"""The server on the wire: requests of an editor, answered from the folder that a file lies in."""

from __future__ import annotations

from lsprotocol import types as lsp

from infucode.errors import InfucodeError
from infucode.workbench.server import actions, completion, hover, search, shapes
from infucode.workbench.server.serving import PolicyServer

RUN_CASES = "infucode.runCases"
TRIGGERS = ["(", ",", ":", ";", "{", "@", '"']


def make_server() -> PolicyServer:
    """A server with everything that it can do."""
    server = PolicyServer()
    _add_documents(server)
    _add_questions(server)
    _add_actions(server)
    _add_symbols(server)
    _add_cases(server)
    return server


def _add_documents(server: PolicyServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def _open(ls: PolicyServer, params: lsp.DidOpenTextDocumentParams) -> None:
        _show(ls, params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def _change(ls: PolicyServer, params: lsp.DidChangeTextDocumentParams) -> None:
        _show(ls, params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def _close(ls: PolicyServer, params: lsp.DidCloseTextDocumentParams) -> None:
        found = ls.find(params.text_document.uri)
        if found is not None:
            found[0].hide(found[1])

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def _save(ls: PolicyServer, params: lsp.DidSaveTextDocumentParams) -> None:
        found = ls.find(params.text_document.uri)
        if found is not None:
            found[0].changed(found[1])

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def _watched(ls: PolicyServer, _params: lsp.DidChangeWatchedFilesParams) -> None:
        for opened in ls.opened.values():
            opened.changed()

    @server.feature(lsp.INITIALIZED)
    async def _initialized(ls: PolicyServer, _params: lsp.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        if watched is not None and watched.dynamic_registration:
            watchers = [lsp.FileSystemWatcher("**/*.{lp,toml,yaml}")]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = lsp.Registration("files", method, options)
            await ls.client_register_capability_async(lsp.RegistrationParams([registration]))

    @server.feature(lsp.SHUTDOWN)
    async def _shutdown(ls: PolicyServer, _params: None) -> None:
        ls.close()


def _show(ls: PolicyServer, uri: str) -> None:
    found = ls.find(uri)
    if found is not None:
        opened, name = found
        opened.show(name, ls.workspace.get_text_document(uri).source)


def _add_questions(server: PolicyServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def _hover(ls: PolicyServer, params: lsp.HoverParams) -> lsp.Hover | None:
        asked = await ls.asked(params.text_document.uri)
        spot = asked.spot(params.position) if asked else None
        if asked is None or spot is None:
            return None
        text = hover.hover(asked.folder, asked.cases, asked.name, spot)
        at = shapes.span(asked.codec, asked.lines, params.position.line, spot.start, spot.end)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text), at) if text else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def _definition(
        ls: PolicyServer, params: lsp.DefinitionParams
    ) -> list[lsp.Location] | None:
        asked = await ls.asked(params.text_document.uri)
        spot = asked.spot(params.position) if asked else None
        if asked is None or spot is None:
            return None
        return asked.locations(search.definitions(asked.folder, spot))

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    async def _references(
        ls: PolicyServer, params: lsp.ReferenceParams
    ) -> list[lsp.Location] | None:
        asked = await ls.asked(params.text_document.uri)
        spot = asked.spot(params.position) if asked else None
        if asked is None or spot is None:
            return None
        declared = params.context.include_declaration
        return asked.locations(search.references(asked.folder, spot, declared=declared))

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=TRIGGERS)
    )
    async def _complete(
        ls: PolicyServer, params: lsp.CompletionParams
    ) -> list[lsp.CompletionItem] | None:
        asked = await ls.asked(params.text_document.uri)
        if asked is None:
            return None
        line, column = params.position.line, asked.column(params.position)
        lines = asked.lines
        before = lines[line][:column] if line < len(lines) else ""
        typed = completion.typed(before)
        at = shapes.span(asked.codec, lines, line, column - len(typed), column)
        offers = completion.offers(asked.folder, asked.name, line, column)
        snippets = _takes_snippets(ls)
        return [shapes.completion_item(offer, at, snippets=snippets) for offer in offers]


def _add_actions(server: PolicyServer) -> None:
    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]),
    )
    async def _actions(
        ls: PolicyServer, params: lsp.CodeActionParams
    ) -> list[lsp.CodeAction] | None:
        asked = await ls.asked(params.text_document.uri)
        if asked is None:
            return None
        findings = asked.opened.findings(asked.name)
        return list(
            actions.actions(asked.codec, asked.uri, asked.lines, findings, params.range)
        )


def _takes_snippets(ls: PolicyServer) -> bool:
    document = ls.client_capabilities.text_document
    item = document.completion.completion_item if document and document.completion else None
    return bool(item and item.snippet_support)


def _add_symbols(server: PolicyServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def _symbols(
        ls: PolicyServer, params: lsp.DocumentSymbolParams
    ) -> list[lsp.DocumentSymbol] | None:
        asked = await ls.asked(params.text_document.uri)
        if asked is None or not asked.name.endswith(".lp"):
            return None
        found = search.document_symbols(asked.folder, asked.name)
        return [shapes.document_symbol(asked.codec, asked.lines, symbol) for symbol in found]

    @server.feature(lsp.WORKSPACE_SYMBOL)
    async def _everywhere(
        ls: PolicyServer, params: lsp.WorkspaceSymbolParams
    ) -> list[lsp.SymbolInformation]:
        found: list[lsp.SymbolInformation] = []
        for opened in list(ls.opened.values()):
            folder, _ = await opened.read()
            for symbol in search.workspace_symbols(folder, params.query):
                text = folder.mirror.text(symbol.place.name)
                codec = ls.workspace.position_codec
                at = shapes.location(codec, opened.root, text, symbol.place)
                rule = symbol.kind == "rule"
                kind = lsp.SymbolKind.Event if rule else lsp.SymbolKind.Function
                found.append(lsp.SymbolInformation(at, symbol.title, kind))
        return found


def _add_cases(server: PolicyServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions())
    async def _lenses(ls: PolicyServer, params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
        asked = await ls.asked(params.text_document.uri)
        if asked is None or not asked.name.endswith(".lp"):
            return None
        lines, counts = asked.lines, asked.cases.counts()
        found = []
        for id, place in search.rule_lines(lines):
            number = counts.get(id, 0)
            title = f"{number} case{'' if number == 1 else 's'}" if number else "no case"
            at = shapes.span(asked.codec, lines, place.line, place.start, place.end)
            command = lsp.Command(title, RUN_CASES, arguments=[asked.uri, id])
            found.append(lsp.CodeLens(at, command))
        return found

    @server.command(RUN_CASES)
    async def _run(ls: PolicyServer, uri: str, rule: str) -> str:
        found = ls.find(uri)
        if found is None:
            message, kind = f"`{uri}` lies in no policy folder", lsp.MessageType.Error
        else:
            try:
                outcome = await found[0].run_cases(rule)
            except InfucodeError as error:
                message, kind = str(error), lsp.MessageType.Error
            else:
                message, kind = outcome.message, lsp.MessageType.Info
                if outcome.error:
                    kind = lsp.MessageType.Error
                elif outcome.failed:
                    kind = lsp.MessageType.Warning
        ls.window_show_message(lsp.ShowMessageParams(kind, message))
        return message
