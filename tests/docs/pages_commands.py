"""docs/reference/commands.md: every command with its arguments, options and examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

import typer

from infucode.cli.app import make_app
from infucode.policy import Policy
from tests.docs.page_parts import contents, head, joined, listed, table

PROGRAM = "infucode"


def commands() -> dict[str, Any]:
    """Every command by its full name, groups first; the first is the program itself."""
    found: dict[str, Any] = {}

    def walk(name: str, command: Any) -> None:
        found[name] = command
        for child, below in getattr(command, "commands", {}).items():
            walk(f"{name} {child}", below)

    walk(PROGRAM, typer.main.get_command(make_app()))
    return found


def commands_page(_policies: Sequence[Policy]) -> str:
    """The page."""
    found = commands()
    lines = head("Commands", "the program itself")
    lines += [
        "`infucode COMMAND --help` prints the same.",
        "What the exit codes mean stands in [exit-codes.md](exit-codes.md).",
        "",
        *contents((f"`{name}`", _anchor(name)) for name in found),
    ]
    for name, command in found.items():
        lines += _section(name, command)
    return joined(lines)


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def _section(name: str, command: Any) -> Iterator[str]:
    yield f'<a id="{_anchor(name)}"></a>'
    yield ""
    yield f"## `{name}`"
    yield ""
    yield str(command.help or "")
    yield ""
    yield "```text"
    yield _usage(name, command)
    yield "```"
    yield ""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    if arguments:
        rows = ([f"`{_name(p)}`", _help(p)] for p in arguments)
        yield from table(["argument", "what it is"], rows)
    if options:
        rows = ([f"`{_option(p)}`", _help(p), _values(p), _default(p)] for p in options)
        yield from table(["option", "what it does", "values", "default"], rows)
    below = getattr(command, "commands", {})
    if below:
        yield from table(
            ["command", "what it does"],
            ([f"[`{c}`](#{_anchor(f'{name} {c}')})", str(below[c].help or "")] for c in below),
        )
    told = [line.strip() for line in str(command.epilog or "").split("\n")[2:]]
    if told:
        yield "Examples:"
        yield ""
        yield "```text"
        yield from told
        yield "```"
        yield ""


def _usage(name: str, command: Any) -> str:
    parts = [name]
    if any(p.param_type_name == "option" for p in command.params):
        parts.append("[OPTIONS]")
    for param in command.params:
        if param.param_type_name == "argument":
            text = _name(param) + ("..." if param.nargs == -1 else "")
            parts.append(text if param.required else f"[{text}]")
    if getattr(command, "commands", {}):
        parts.append("COMMAND")
    return " ".join(parts)


def _name(param: Any) -> str:
    return str(param.metavar or param.name.upper()).strip("[].")


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len))
    return f"{names} {param.metavar}" if param.metavar and not param.is_flag else names


def _help(param: Any) -> str:
    return str(param.help or "").split(" [default:")[0]


def _values(param: Any) -> str:
    if isinstance(param.default, Enum):
        return listed(str(choice.value) for choice in type(param.default))
    return "repeatable" if getattr(param, "multiple", False) else ""


def _default(param: Any) -> str:
    text = str(param.help or "")
    if " [default: " in text:
        return f"`{text.split(' [default: ')[1].rstrip(']')}`"
    default = param.default.value if isinstance(param.default, Enum) else param.default
    if param.is_flag or default in (None, (), [], ""):
        return ""
    return f"`{default}`"
