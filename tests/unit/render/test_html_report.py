"""The page: nothing is lost, nothing in the data acts, and it stands for itself."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given, settings

from infucode.render.content import SIGNS
from infucode.render.html_page import html_page
from infucode.render.lanes import lanes_of
from infucode.render.report import Answer, Background, Cited, Refusal
from infucode.render.shown import shown
from tests.golden.test_render_everything import squeezed, texts_of, worlds
from tests.golden.trees import deep_proof, proof
from tests.golden.worlds import WORLDS, World
from tests.unit.render.pages import Element, read_page

ATTACK = "</title></style></svg><script>alert(1)</script><img src=x onerror='a()'>\"'&amp;"
LINKED = re.compile(r"#[\w-]+|https?://.*")
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer",
    "h1", "h2", "h3", "p", "dl", "dt", "dd", "ul", "ol", "li", "a", "b", "span", "strong",
    "small", "code", "table", "thead", "tbody", "tr", "th", "td", "div", "figure", "figcaption",
    "details", "summary", "svg", "g", "text", "tspan", "desc", "rect", "line", "path", "defs",
    "pattern", "document",
}  # fmt: skip


def page_of(world: World, **more: object) -> Element:
    return read_page(html_page([Answer("f.yaml", *world, **more)]))  # type: ignore[arg-type]


def body_text(page: Element) -> str:
    return squeezed(page.all("body")[0].text)


@pytest.mark.parametrize("name", WORLDS)
def test_every_text_is_there(name: str) -> None:
    world = WORLDS[name]()
    found = body_text(page_of(world))
    for wanted in texts_of(*world):
        assert squeezed(shown(wanted)) in found


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_any_answer_is_a_whole_page_with_every_text(world: World) -> None:
    page = page_of(world)
    check_harmless(page)
    found = body_text(page)
    for wanted in texts_of(*world):
        assert squeezed(shown(wanted)) in found


def check_harmless(page: Element) -> None:
    """No element, attribute or address but those that the page is made of."""
    for element in page.every():
        assert element.name in ELEMENTS, element.name
        assert not [a for a in element.attributes if a.startswith("on") or a in ("src", "style")]
        assert LINKED.fullmatch(element.attributes.get("href", "#x"))
    assert len(page.all("style")) == 1


def attacked() -> tuple[World, Background]:
    """A world in which every text of the record and of the answer is an attack."""
    encounter, solution = WORLDS["emergency"]()
    items = tuple(
        replace(item, drug=ATTACK, note=ATTACK) for item in encounter.administrations
    )
    encounter = replace(encounter, id=ATTACK, administrations=items)
    lines = tuple(
        replace(
            line, code=ATTACK, label=ATTACK, modifiers=(ATTACK,), access=ATTACK,
            because=tuple(replace(r, rule=ATTACK, says=ATTACK) for r in line.because),
        )
        for line in solution.code_sets[0].lines
    )  # fmt: skip
    sets = (replace(solution.code_sets[0], lines=lines), replace(solution.code_sets[0]))
    missing = tuple(
        replace(n, part=ATTACK, says=ATTACK, cite=ATTACK, rule=ATTACK)
        for n in solution.not_reported
    )
    solution = replace(
        solution, encounter=ATTACK, code_sets=sets, not_reported=missing,
        policy=replace(solution.policy, title=ATTACK, switches=((ATTACK, ATTACK),)),
        warnings=tuple(replace(w, says=ATTACK) for w in solution.warnings),
    )  # fmt: skip
    sources = {"CPT": Cited("CPT", ATTACK, "javascript:alert(1)", ATTACK)}
    return (encounter, solution), Background(sources)


def test_data_never_becomes_markup() -> None:
    world, background = attacked()
    steps = {(0, 0): replace(proof(), says=ATTACK, text=ATTACK, rule=ATTACK, cite=ATTACK)}
    answer = Answer(ATTACK, *world, steps, background)
    page = html_page([answer, Refusal(ATTACK, 5, (ATTACK,))])
    assert "<script" not in page and "<img" not in page
    check_harmless(read_page(page))
    assert squeezed(ATTACK) in body_text(read_page(page))


def test_nothing_but_its_own_style_may_load_or_run() -> None:
    page = html_page([Answer("f", *WORLDS["emergency"]())])
    style = page[page.index("<style>") + 7 : page.index("</style>")]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rule = read_page(page).all("meta")[1].attributes["content"]
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in rule
    assert "@import" not in style and "url(" not in style


def test_each_mark_is_named_for_a_screen_reader() -> None:
    world = WORLDS["emergency"]()
    page = page_of(world)
    for drawing in page.all("svg", "timeline"):
        marks = drawing.all("g", "mark")
        told = {(m.all("title")[0].text, m.all("desc")[0].text) for m in marks}
        assert len(marks) == len(world[0].administrations)
        assert ("ceftriaxone (a2), iv infusion, 10:10-10:50", "became 96365") in told
        derived = "potassium chloride (a8), iv infusion, 10:55-11:15, stop derived"
        assert (derived, "no line") in told
        assert all(mark.attributes["role"] == "img" for mark in marks)
    assert len(page.all("svg", "timeline")) == 2


@pytest.mark.parametrize(("name", "expected"), [
    ("emergency", ["given", "derived", "push", "injection"]),
    ("ambiguous", ["given", "missing", "push", "doubt"]),
    ("stay", ["given", "derived", "pause", "injection", "midnight"]),
])
def test_the_legend_tells_only_what_occurs(name: str, expected: list[str]) -> None:
    legend = page_of(WORLDS[name]()).all("ul", "legend")[0]
    assert [item.text.strip().removeprefix("?").strip() for item in legend.all("li")] == [
        SIGNS[sign] for sign in expected
    ]


@pytest.mark.parametrize("name", WORLDS)
def test_nothing_is_drawn_outside_and_no_bar_is_lost(name: str) -> None:
    world = WORLDS[name]()
    lanes, _ = lanes_of(*world)
    for drawing in page_of(world).all("svg", "timeline"):
        width = float(drawing.attributes["width"])
        height = float(drawing.attributes["height"])
        spans = sum(len(m.run.spans) for a in lanes for m in a.marks if m.run.end != "none")
        assert len(drawing.all("rect", "bar")) == spans
        for rect in drawing.all("rect"):
            box = {k: float(rect.attributes.get(k, "0")) for k in ("x", "y", "width", "height")}
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert box["y"] >= 0 and box["y"] + box["height"] <= height


def test_the_bars_of_a_row_do_not_touch() -> None:
    drawing = page_of(WORLDS["crowded"]()).all("svg", "wide")[0]
    rows: dict[str, list[tuple[float, float]]] = {}
    for rect in [*drawing.all("rect", "bar"), *drawing.all("rect", "push")]:
        left, width = float(rect.attributes["x"]), float(rect.attributes["width"])
        middle = float(rect.attributes["y"]) + float(rect.attributes["height"]) / 2
        rows.setdefault(f"{middle:.1f}", []).append((left, left + width))
    assert len(rows) < 60
    for spans in rows.values():
        ordered = sorted(spans)
        assert all(a[1] < b[0] for a, b in zip(ordered, ordered[1:], strict=False))


def test_only_what_differs_stands_side_by_side() -> None:
    page = page_of(WORLDS["ambiguous"]())
    table = page.all("table", "beside")[0]
    rows = [[cell.text.strip() for cell in row.children] for row in table.all("tr")]
    assert [row[0].split("\n")[0][:5] for row in rows] == ["Line", "96375", "96367", "Not r"]
    assert "vancomycin stopped between 11:16 and 11:30" in rows[0][1]
    assert [cell == "–" for cell in rows[2][1:]] == [True, False]
    settled = page.all("table", "lines")[0].text
    assert "96365" in settled and "set 1" in settled


def test_proofs_fold_and_stand_open_in_print() -> None:
    steps = {(0, 0): proof(), (0, 1): deep_proof(200)}
    page = page_of(WORLDS["emergency"](), proofs=steps)
    folded = page.all("details", "proof")
    assert [fold.all("summary")[0].text for fold in folded] == ["Proof", "Proof"]
    assert "open" not in folded[0].attributes
    assert "Minutes >= Least: 40 >= 16" in folded[0].text
    assert "the record says so" in folded[1].text and "level 200" in folded[1].text
    assert depth(folded[1]) < 300
    assert "details::details-content" in page.all("style")[0].text
    assert not page_of(WORLDS["emergency"]()).all("details")


def depth(element: Element) -> int:
    return 1 + max((depth(child) for child in element.children), default=0)


def test_links_within_the_page_arrive() -> None:
    answers = [Answer(name, *make()) for name, make in WORLDS.items()]
    page = read_page(html_page(answers))
    ids = [e.attributes["id"] for e in page.every() if "id" in e.attributes]
    links = [e.attributes["href"][1:] for e in page.all("a")]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids) and len(links) >= len(WORLDS)
    patterns = {rect.attributes["fill"] for rect in page.all("rect") if "fill" in rect.attributes}
    assert patterns == {"url(#derived)", "url(#missing)"} and {"derived", "missing"} <= set(ids)


def test_sources_are_linked_only_on_the_web() -> None:
    sources = {
        "CPT": Cited("CPT", "Guide", "https://example.org", "2024"),
        "CPCP026,": Cited("CPCP026,", "Plan", "docs/plan.md"),
        "none": Cited("none", "Cited nowhere", "https://example.org/none"),
    }
    page = page_of(WORLDS["emergency"](), background=Background(sources))
    told = page.all("dl", "sources")[0]
    assert [link.attributes["href"] for link in told.all("a")] == ["https://example.org"]
    assert "Plan" in told.text and "Cited nowhere" not in told.text


def test_equal_answers_give_equal_pages() -> None:
    made = {html_page([Answer("f", *WORLDS["ambiguous"]())]) for _ in range(2)}
    assert len(made) == 1
