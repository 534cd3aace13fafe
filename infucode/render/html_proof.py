"""Proof trees as nested lists that fold, built without recursion."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.model.proof import Step
from infucode.render.markup import Markup, el, join
from infucode.render.proof_tree import KIND, papers_of
from infucode.render.words import counted

NARROWING = 8
"""Levels that are set in by a full step; further ones by less."""
OPEN = 2
"""Levels that stand open on the screen; in print all do."""
DEEPEST = 60
"""Levels that are set in; browsers give up on trees that are nested much deeper."""


def proof_html(steps: Sequence[Step], where: str = "") -> Markup | None:
    """The proofs of one line, folded, ``where`` in their title; None where there are none."""
    if not steps:
        return None
    title = el("summary", "Proof" if len(steps) == 1 else f"{len(steps)} proofs", where)
    return el("details", title, (_tree(step) for step in steps), class_="proof")


def _tree(root: Step) -> Markup:
    parts = ['<ul class="tree">\n']
    pending: list[tuple[Step, int] | str] = ["</ul>\n", (root, 0)]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        step, depth = item
        below = [(child, depth + 1) for child in reversed(step.children)]
        if not below or depth >= DEEPEST:
            level = f"level {depth} " if depth > DEEPEST else ""
            parts.append(el("li", level, _step(step)))
        else:
            fold = " open" if depth < OPEN else ""
            parts.append(f"<li><details{fold}><summary>{_step(step)}</summary>\n")
            parts.append(f'<ul class="tree{" deep" if depth >= NARROWING else ""}">\n')
            pending.append("</ul></details></li>\n")
        pending += below
    return Markup("".join(parts))


def _step(step: Step) -> Markup:
    """What one step says: itself, then what it gave, its papers and its values."""
    said = step.says or step.text
    if step.number and step.kind == "repeated":
        kind = el("span", f"as shown above, step {step.number}", class_="kind repeated")
        return join(kind, said)
    word = f"{step.number}." if step.number else KIND.get(step.kind, step.kind)
    kind = el("span", word, class_=f"kind {step.kind}")
    ways = f" (and {counted(step.alternatives, 'further way')})" if step.alternatives else None
    lines = [step.text] if step.says and step.text else []
    papers = papers_of(step)
    if papers:
        lines.append(" · ".join(papers))
    if step.bindings:
        lines.append(f"with {', '.join(f'{name} = {value}' for name, value in step.bindings)}")
    return join(kind, said, ways, (el("small", line) for line in lines))
