"""docs/reference/exit-codes.md: every exit code, from the errors and the commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.cli.answers import EXIT
from infucode.cli.check_answers import EXIT as CHECKED
from infucode.cli.output import CLOSED, INTERRUPTED
from infucode.errors import InfucodeError, ProblemsError
from infucode.policy import Policy
from tests.docs.page_parts import anchored, head, joined, table

TO_DO = {
    "usage": "Read the message: it names the nearest right word.",
    "document": "Mend the document at the places named; all problems are listed at once.",
    "policy": "Mend the policy files at the places named.",
    "tables": "Mend the table file at the places named, or read it in anew.",
    "limit": "Raise `--time-limit` or `--memory-limit`, or split the stay.",
    "internal": "Report it; `INFUCODE_DEBUG=1` shows where it happened.",
}
OUTCOMES = {
    "coded": "exactly one code set",
    "ambiguous": "several code sets; the questions say what would decide",
    "blocked": "it cannot be told; what is certain is still listed",
    "valid": "a checked claim of which every line stands",
    "review": "no line of a checked claim is denied, and some need a second look",
    "undecided": "lines of a checked claim that cannot be judged, and none denied or to review",
    "violating": "a checked claim with a line that is denied",
}


def errors() -> list[type[InfucodeError]]:
    """Every kind of error with an exit code of its own, by that code."""

    def below(kind: type[InfucodeError]) -> Iterator[type[InfucodeError]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    home = InfucodeError.__module__
    kinds = [k for k in below(InfucodeError) if k is not ProblemsError and k.__module__ == home]
    return sorted(kinds, key=lambda kind: (kind.exit_code, kind.__name__))


def exit_codes() -> dict[int, list[str]]:
    """Of each exit code what it can mean."""
    found: dict[int, list[str]] = {}
    for outcome, code in (EXIT | CHECKED).items():
        found.setdefault(code, []).append(f"{outcome}: {OUTCOMES[outcome]}")
    for kind in errors():
        text = (kind.__doc__ or "").split("\n")[0].replace("``", "`").rstrip(".")
        found.setdefault(kind.exit_code, []).append(f"{kind.code}: {text[:1].lower()}{text[1:]}")
    found.setdefault(INTERRUPTED, []).append("interrupted from the keyboard")
    found.setdefault(CLOSED, []).append("nobody reads the output to its end")
    return dict(sorted(found.items()))


def exit_codes_page(_policies: Sequence[Policy]) -> str:
    """The page."""
    lines = head("Exit codes", "`infucode/errors.py` and `infucode/cli`")
    lines += [
        "The answer goes to standard output, everything else to standard error.",
        "Of several files the highest code counts; the other files are still answered.",
        "",
        *table(
            ["exit code", "meaning"],
            ([f"`{code}`", text] for code, told in exit_codes().items() for text in told),
        ),
        "`infucode policy test` ends with 1 where a case fails,",
        "`infucode policy lsp` where an editor ends it without `shutdown`.",
        "",
        *anchored(2, "Errors", "errors"),
        *table(
            ["exit code", "error", "from Python", "what to do"],
            (
                [f"`{kind.exit_code}`", kind.code, f"`{kind.__name__}`", TO_DO[kind.code]]
                for kind in errors()
            ),
        ),
        "From Python they lie in `infucode.errors`, and all of them are an `InfucodeError`.",
        "A `ProblemsError` (document, policy, tables) carries `problems`,"
        " each with file, line, column, message and help.",
    ]
    return joined(lines)
