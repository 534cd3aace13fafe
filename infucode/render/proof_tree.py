"""Proof trees, drawn without recursion and readable however deep they go."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.model.proof import Step
from infucode.render.page import CODE, DIM, DOUBT, MEASURE, Page, wrapped
from infucode.render.words import BASIS, counted

KIND = {
    "rule": "rule",
    "fact": "record",
    "assumed": "assumed",
    "table": "table",
    "setting": "plan",
    "comparison": "compare",
    "aggregate": "total",
    "absent": "absent",
    "short": "considered",
    "repeated": "see above",
}
STYLE = {"rule": CODE, "assumed": DOUBT}
BODY = 36
"""Columns that a step's own text keeps, however deep it stands."""


def render_proof(step: Step, console: Console, *, ascii_only: bool = False) -> None:
    """Prints one proof tree."""
    page = Page.on(console, ascii_only=ascii_only)
    add_proof(page, step)
    page.print(console)


def add_proof(page: Page, root: Step, *, indent: int = 0) -> None:
    """Adds the tree to the page, one step under another."""
    glyphs = page.glyphs
    pending: list[tuple[Step, tuple[str, ...], str]] = [(root, (), "")]
    while pending:
        step, trunk, branch = pending.pop()
        below = trunk
        if branch:
            below = (*trunk, glyphs.gap if branch == glyphs.last else glyphs.trunk)
        stem = glyphs.trunk if step.children else glyphs.gap
        _add_step(page, step, indent, (*trunk, branch), below, stem)
        for index, child in reversed(list(enumerate(step.children))):
            last = index == len(step.children) - 1
            pending.append((child, below, glyphs.last if last else glyphs.branch))


def _add_step(
    page: Page, step: Step, indent: int, first: tuple[str, ...], below: tuple[str, ...], stem: str
) -> None:
    """The step's lines, each with the guides of its place in the tree."""
    lead, rest = _guides(page, first, indent), _guides(page, (*below, stem), indent)
    width = max(1, min(MEASURE, page.width - cell_len(rest)))
    for text in _step_lines(page, step):
        for part in wrapped(text, width):
            page.row(Text.assemble((lead, DIM), part))
            lead = rest


def _guides(page: Page, parts: tuple[str, ...], indent: int) -> str:
    """The guides of one line; of a deep one only the last, after the number of its level."""
    parts = tuple(part for part in parts if part)
    most = max(2, (page.width - indent - BODY) // 3)
    if len(parts) <= most:
        return " " * indent + "".join(parts)
    mark = f"{page.glyphs.ellipsis}{len(parts)} "
    return " " * indent + mark.ljust(6) + "".join(parts[-max(1, most - 2) :])


def _step_lines(page: Page, step: Step) -> list[Text]:
    """What one step says: itself, then its papers, then its values."""
    if step.number:
        return _short_lines(page, step)
    kind = KIND.get(step.kind, step.kind)
    tag = (f"{page.data(kind)} ", STYLE.get(step.kind, "cyan"))
    head = Text.assemble(tag, page.data(step.says or step.text))
    if step.alternatives:
        head.append(f" (and {counted(step.alternatives, 'further way')})", style=DIM)
    lines = [head]
    if step.says and step.text:
        lines.append(Text(page.data(step.text), style=DIM))
    papers = papers_of(step)
    if papers:
        said = f" {page.glyphs.dot} ".join(map(page.data, papers))
        if step.place or step.bindings or step.kind == "rule":
            lines.append(Text(said, style=DIM))
        else:
            head.append(f"  [{said}]", style=DIM)
    if step.bindings:
        values = ", ".join(f"{name} = {value}" for name, value in step.bindings)
        lines.append(Text(f"with {page.data(values)}", style=DIM))
    return lines


def _short_lines(page: Page, step: Step) -> list[Text]:
    """A numbered step: its sentence with its papers, and what it gave."""
    if step.kind == "repeated":
        lead = f"as shown above, step {step.number}: "
        return [Text.assemble((lead, "cyan"), (page.data(step.text), DIM))]
    head = Text.assemble((f"{step.number}. ", CODE), page.data(step.says or step.text))
    papers = "; ".join(page.data(paper) for paper in (step.cite, step.rule) if paper)
    if papers:
        head.append(f" [{papers}]", style=DIM)
    return [head, *([Text(page.data(step.text))] if step.says and step.text else [])]


def leaf_text(page: Page, step: Step) -> Text:
    """What a leaf says, its papers in brackets behind it."""
    text = Text(page.data(step.text if not step.says else f"{step.text}: {step.says}"))
    papers = papers_of(step)
    if papers:
        text.append(f"  [{f' {page.glyphs.dot} '.join(map(page.data, papers))}]", style=DIM)
    return text


def papers_of(step: Step) -> list[str]:
    """Rule id, place, citation and basis, as far as there are any."""
    basis = BASIS.get(step.basis, step.basis)
    return [paper for paper in (step.rule, step.place, step.cite, basis) if paper]
