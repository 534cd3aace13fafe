"""The cases that ran as JUnit XML: a suite for each file, which build servers show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from xml.etree import ElementTree

from infucode.workbench.case_report import failure_text
from infucode.workbench.case_running import Ran

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def junit(ran: Iterable[Ran], find: Callable[[str], str] = str) -> str:
    """One document; the suites by file, the cases of each by their lines.

    `find` gives the path by which a build server finds the file of a case.
    """
    by_file: dict[str, list[Ran]] = {}
    for item in sorted(ran, key=lambda r: (r.case.file, r.case.line)):
        by_file.setdefault(item.case.file, []).append(item)
    every = [item for own in by_file.values() for item in own]
    root = ElementTree.Element("testsuites", _counts(every))
    for file, own in by_file.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": _fit(file), **_counts(own)})
        for item in own:
            _add(suite, item, find)
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def _counts(ran: list[Ran]) -> dict[str, str]:
    return {
        "tests": str(len(ran)),
        "failures": str(sum(item.failure is not None for item in ran)),
        "errors": "0",
        "time": f"{sum(item.seconds for item in ran):.3f}",
    }


def _add(suite: ElementTree.Element, ran: Ran, find: Callable[[str], str]) -> None:
    case = ran.case
    attributes = {
        "classname": _fit(case.file.removesuffix(".yaml").replace("/", ".")),
        "name": _fit(case.name),
        "file": _fit(find(case.file)),
        "line": str(case.line),
        "time": f"{ran.seconds:.3f}",
    }
    element = ElementTree.SubElement(suite, "testcase", attributes)
    if ran.failure is not None:
        message = _fit("; ".join(ran.failure.differences))
        failure = ElementTree.SubElement(
            element, "failure", {"message": message, "type": "difference"}
        )
        failure.text = _fit(failure_text(ran.failure))


def _fit(text: str) -> str:
    return _UNFIT.sub("�", text)
