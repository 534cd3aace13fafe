"""A command line that cannot be read, told in our words and with the nearest right one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from infucode.errors import UsageError

_NO_COMMAND = re.compile(r"No such command (?P<quote>['\"])(?P<name>.*)(?P=quote)\.", re.S)
_CHOICE = re.compile(
    r"(?:Value error, )?'(?P<given>.*?)' is not one of (?P<known>'.*')\.?$", re.S
)
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)", re.S)
_BOUND = "Input should be "


def is_misuse(error: Exception) -> bool:
    """Whether it is the parser's way to refuse a command line, other than by showing help."""
    return hasattr(error, "format_message") and type(error).__name__ != "NoArgsIsHelpError"


def worded(error: Any) -> UsageError:
    """The parser's error as ours: what was wrong, and what would be right."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "infucode"
    told = _option(error, context) or _command(error, context) or _value(error)
    if told is None and type(error).__name__ == "MissingParameter":
        told = f"{_missing(error)} is missing"
    if told is None:
        told = _quoted(error.format_message())
    return UsageError(told if "; " in told else f"{told}; see `{command} --help`")


def _quoted(message: str) -> str:
    """The parser's sentence in our style: lower case, words in backticks, no final stop."""
    extra = _EXTRA.match(message)
    if extra is not None:
        return f"`{extra['words']}` is more than this command takes"
    text = re.sub(r"'([^']*)'", r"`\1`", message.strip().removesuffix("."))
    return text[:1].lower() + text[1:]


def _hint(word: str, known: list[str]) -> str:
    from infucode.rulebook.nearest import nearest

    begun = [name for name in known if word and name.startswith(word)]
    return f"did you mean `{begun[0]}`?" if len(begun) == 1 else nearest(word, tuple(known))


def _option(error: Any, context: Any) -> str | None:
    """An option that there is not."""
    name = getattr(error, "option_name", None)
    if name is None or not hasattr(error, "possibilities"):
        return None
    known = [opt for param in context.command.get_params(context) for opt in param.opts]
    hint = _hint(name, [opt for opt in known if opt.startswith("--")])
    told = f"there is no option `{name}`"
    return f"{told}; {hint}" if hint else told


def _command(error: Any, context: Any) -> str | None:
    """A command that there is not; perhaps a file, with its command forgotten."""
    found = _NO_COMMAND.match(error.message)
    if found is None or context is None:
        return None
    name, path = found["name"], context.command_path
    if context.parent is None and Path(name).is_file():
        return f"there is no command `{name}`; to code that file: `{path} solve {name}`"
    if context.info_name == "examples" and _is_example(name):
        return f"`{path}` has no command `{name}`; did you mean `{path} copy {name}`?"
    known = list(context.command.list_commands(context))
    options = [opt for param in context.command.get_params(context) for opt in param.opts]
    hint = _hint(name, [*known, *options])
    listed = ", ".join(f"`{command}`" for command in known)
    return f"`{path}` has no command `{name}`; {hint or f'it has {listed}'}"


def _is_example(name: str) -> bool:
    from infucode.cli.shipped import example_names

    return name.removesuffix(".yaml") in example_names()


def _value(error: Any) -> str | None:
    """A value that is not among those of its option or argument."""
    param = getattr(error, "param", None)
    if param is None or type(error).__name__ == "MissingParameter":
        return None
    name = _named(param)
    found = _CHOICE.search(error.message)
    if found is None and error.message.startswith(_BOUND):
        return f"the value of {name}{error.message.removeprefix('Input').split(',')[0]}"
    if found is None:
        return f"the value of {name} is not right: {_quoted(error.message)}"
    known = re.findall(r"'([^']*)'", found["known"])
    right = ", ".join(f"`{word}`" for word in known)
    hint = _hint(found["given"], known) or f"write one of {right}"
    return f"`{found['given']}` is not a value of {name}; {hint}"


def _missing(error: Any) -> str:
    return _named(error.param) if error.param is not None else "a value"


def _named(param: Any) -> str:
    """The option as written out, or the argument as the help calls it."""
    if param.param_type_name == "option":
        return f"`{max(param.opts, key=len)}`"
    return f"`{(param.metavar or param.human_readable_name).strip('[].')}`"
