"""YAML text into the tree, by its events: no tag is resolved and no alias is followed."""

from __future__ import annotations

import re

import yaml

from infucode.documents.nodes import Builder, Kind, Listing, Mapping
from infucode.documents.problems import Halt, quote

_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_yaml(text: str, builder: Builder) -> None:
    """Read the one document of a YAML text. Raises Halt where the rest cannot be read."""
    found = _UNPRINTABLE.search(text)
    if found is not None:
        message = f"the control character U+{ord(found.group()):04X} stands here"
        builder.refuse(found.start(), message, "remove it")
        raise Halt
    try:
        _walk(text, builder)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.index if mark is not None else -1
        message = _sentence(error)
        builder.refuse(at, message, _hint(text, at))
        raise Halt from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        message = f"the YAML cannot be read: {str(error).splitlines()[0]}"
        builder.refuse(0, message, "write a mapping of `key: value` lines")
        raise Halt from None


def _sentence(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(str(error.problem or error.context or "it is malformed").split())
    context = f" {error.context}" if error.context and error.problem else ""
    return f"the YAML cannot be read: {said}{' '.join(context.split(chr(10)))}"


def _hint(text: str, at: int) -> str:
    if 0 <= at < len(text) and text[at] == "\t":
        return "indent with spaces; YAML allows no tabs there"
    if 0 <= at < len(text) and text[at] in "@`%":
        return f"put the value in quotes; {quote(text[at])} cannot begin one"
    return "look for a missing colon, quote or bracket here or on the line above"


def _walk(text: str, builder: Builder) -> None:
    documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        at = -1 if event.start_mark is None else event.start_mark.index
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            _check_document(event, documents, at, builder)
        elif isinstance(event, yaml.AliasEvent):
            message = f"{quote('*' + str(event.anchor))} is a YAML alias"
            builder.refuse(at, message, "write the value out; aliases are not allowed")
            builder.broken(at)
        elif isinstance(event, yaml.NodeEvent):
            _node(event, at, builder)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            builder.close()


def _check_document(
    event: yaml.DocumentStartEvent, documents: int, at: int, builder: Builder
) -> None:
    if documents > 1:
        message = "a second YAML document begins here"
        builder.refuse(at, message, "keep one document; write the others to files")
        raise Halt
    if event.tags:
        builder.refuse(at, "a `%TAG` directive stands here", "remove it")


def _node(event: yaml.NodeEvent, at: int, builder: Builder) -> None:
    _check_properties(event, at, builder)
    if isinstance(event, yaml.SequenceStartEvent):
        builder.open(at, Listing)
    elif isinstance(event, yaml.MappingStartEvent):
        builder.open(at, Mapping)
    elif isinstance(event, yaml.ScalarEvent):
        _scalar(event, at, builder)


def _scalar(event: yaml.ScalarEvent, at: int, builder: Builder) -> None:
    text = str(event.value)
    is_plain = event.style is None or event.style == ""
    if is_plain and text == "<<" and builder.at_key:
        help = "write the keys out; merge keys are not allowed"
        builder.refuse(at, "`<<` is a YAML merge key", help)
        builder.broken(at)
    elif is_plain and builder.at_key and text == "":
        builder.refuse(at, "a key is empty", "write the name of a field before the `:`")
        builder.broken(at)
    elif is_plain and not builder.at_key and text in _NULL:
        builder.scalar(at, text, Kind.NULL)
    else:
        builder.scalar(at, text, Kind.PLAIN if is_plain else Kind.TEXT)


def _check_properties(event: yaml.NodeEvent, at: int, builder: Builder) -> None:
    anchor = event.anchor
    if anchor is not None:
        message = f"{quote('&' + str(anchor))} is a YAML anchor"
        builder.refuse(at, message, "remove it; anchors are not allowed")
    tag = getattr(event, "tag", None)
    if tag is not None:
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        help = "remove it; the field says of what type a value is"
        builder.refuse(at, f"{quote(shown)} is a YAML tag", help)
