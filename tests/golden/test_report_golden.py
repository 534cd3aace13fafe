"""The reports that a person opens or prints, held as files.

Run with ``INFUCODE_UPDATE_GOLDEN=1`` to write the files anew, then read the difference.
"""

from __future__ import annotations

import pytest

from infucode.render.csv_view import csv_report
from infucode.render.html_page import html_page
from infucode.render.html_style import STYLE
from infucode.render.markdown import markdown_report
from infucode.render.proofs import Proofs
from infucode.render.report import Answer, Background, Cited, Refusal, Result
from tests.golden.test_render_golden import check
from tests.golden.trees import deep_proof, proof
from tests.golden.worlds import WORLDS

WRITERS = {"html": html_page, "md": markdown_report, "csv": csv_report}
STYLE_FILE = "report-style.css"
STYLE_HERE = f"<style>{STYLE}</style>"
BACKGROUND = Background(
    {
        "CPT": Cited("CPT", "A <guideline>", "https://example.org/guide?a=1&b=2", "2024"),
        "CPCP026,": Cited("CPCP026,", "A plan", "javascript:alert(1)"),
        "other": Cited("other", "Cited nowhere", "https://example.org/other"),
    },
    {"cpt.rule-96365": ("S1", "T2"), "cpcp026.electrolyte": ("H7",)},
)


def answer(world: str) -> Answer:
    encounter, solution = WORLDS[world]()
    proofs: Proofs | None = None
    if world == "emergency":
        proofs = {(0, 0): proof(), (0, 1): [deep_proof(3)]}
    return Answer(f"{world}.yaml", encounter, solution, proofs, BACKGROUND)


def several() -> list[Result]:
    refused = Refusal("bad<b>|.yaml", 5, ("bad.yaml:3:7: `hospital` is no claim", "=1+1"))
    return [answer("ambiguous"), refused, answer("clockless")]


def check_report(name: str, form: str, results: list[Result]) -> None:
    """A report is as its file has it; the style, the same on every page, has its own file."""
    text = WRITERS[form](results)
    if form == "html":
        assert text.count(STYLE_HERE) == 1
        text = text.replace(STYLE_HERE, f"<style>{STYLE_FILE}</style>")
    check(f"report-{name}.{form}", text)


def test_the_style_of_the_pages_is_as_expected() -> None:
    check(STYLE_FILE, STYLE)


@pytest.mark.parametrize("name", ["emergency", "ambiguous", "stay", "clockless", "hostile"])
@pytest.mark.parametrize("form", WRITERS)
def test_the_report_of_one_encounter_is_as_expected(name: str, form: str) -> None:
    check_report(name, form, [answer(name)])


@pytest.mark.parametrize("form", WRITERS)
def test_the_report_of_several_files_is_as_expected(form: str) -> None:
    check_report("several", form, several())
