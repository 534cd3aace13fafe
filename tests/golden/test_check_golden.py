"""Checked claims as a person sees them, held as files like the other views."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from infucode.render.check_content import ClaimAnswer, Proofs
from infucode.render.check_csv import check_csv
from infucode.render.check_html import check_page
from infucode.render.check_json import checked_to_json
from infucode.render.check_markdown import check_markdown
from infucode.render.check_report import CheckResult
from infucode.render.check_terminal import render_check
from infucode.render.html_style import STYLE
from infucode.render.json_view import dumps
from infucode.render.report import Refusal
from tests.golden.claims import CLAIMS
from tests.golden.test_render_golden import WIDTHS, check, printed
from tests.golden.test_report_golden import BACKGROUND, STYLE_FILE
from tests.golden.trees import short_proof

PROOFS: Proofs = {0: [short_proof()], "L4": [short_proof()]}
REPORTS = {"html": check_page, "md": check_markdown, "csv": check_csv}


def shown(
    name: str, width: int, *, ascii_only: bool = False, colour: bool = False, proved: bool = False
) -> str:
    def print_it(console: Console, plain: bool) -> None:
        encounter, checked = CLAIMS[name]()
        proofs = PROOFS if proved else None
        render_check(encounter, checked, console=console, proofs=proofs, ascii_only=plain)

    return printed(print_it, width, ascii_only=ascii_only, colour=colour)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CLAIMS)
def test_text_is_as_expected(name: str, width: int) -> None:
    text = shown(name, width)
    assert max(map(cell_len, text.splitlines())) <= width
    check(f"check-{name}-{width}.txt", text)


def test_plain_characters_are_as_expected() -> None:
    text = shown("mixed", 80, ascii_only=True)
    assert text.isascii()
    check("check-mixed-80-ascii.txt", text)


@pytest.mark.parametrize("name", ["mixed", "repaired"])
def test_colour_changes_no_character(name: str) -> None:
    coloured = shown(name, 80, colour=True)
    assert "\x1b[" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == shown(name, 80)


def test_repairs_in_plain_characters_are_as_expected() -> None:
    text = shown("repaired", 80, ascii_only=True)
    assert text.isascii()
    check("check-repaired-80-ascii.txt", text)


@pytest.mark.parametrize("width", [*WIDTHS, 40])
def test_every_edit_need_and_limit_is_there(width: int) -> None:
    _, checked = CLAIMS["repaired"]()
    flat = " ".join(shown("repaired", width).split())
    assert checked.remedies is not None
    for repair in checked.remedies.repairs:
        for said in (*(edit.says for edit in repair.edits), *repair.needs):
            assert said in flat
    for cap in checked.remedies.caps:
        assert cap.says in flat
    for before_and_after in ("96365 ×1 → 96365 ×2", "J9999-JW ×40 → left out", "new → 96375 ×2"):
        assert before_and_after in flat


def test_proofs_stand_beneath_what_they_prove() -> None:
    check("check-mixed-80-proved.txt", shown("mixed", 80, proved=True))


@pytest.mark.parametrize("width", [*WIDTHS, 40])
def test_every_sentence_is_there_and_states_are_words(width: int) -> None:
    encounter, checked = CLAIMS["mixed"]()
    flat = " ".join(shown("mixed", width, ascii_only=True).split())
    for violation in checked.violations:
        assert violation.says in flat and violation.rule in flat
        assert " ".join(violation.cite.split()) in flat
    for item in checked.not_checked:
        assert item.why in flat
    words = ("+ stands", "x violates", "x violates", "? undecided", "! to review")
    for line, word in zip(encounter.claim_lines, words, strict=True):
        assert re.search(rf"{re.escape(word)} +{line.id} +{line.code}", flat)


def test_json_is_as_expected() -> None:
    _, checked = CLAIMS["mixed"]()
    made = checked_to_json(checked)
    assert list(made) == ["schema", "encounter", "policy", "outcome", "lines", "violations",
                          "conflicts", "repairs", "caps", "not_checked"]  # fmt: skip
    assert set(made["lines"][0]) == {"line", "state"}
    assert set(made["violations"][0]) == {
        "rule", "severity", "lines", "administrations", "says", "cite",
    }  # fmt: skip
    check("check-mixed.json", dumps(made))
    check("check-mixed-proved.json", dumps(checked_to_json(checked, proofs=PROOFS)))


def test_json_of_repairs_is_as_expected() -> None:
    _, checked = CLAIMS["repaired"]()
    made = checked_to_json(checked)
    assert set(made["conflicts"][0]) == {"lines", "rules"}
    assert set(made["repairs"][0]) == {"edits", "needs", "lines", "outcome"}
    assert {tuple(edit) for repair in made["repairs"] for edit in repair["edits"]} == {
        ("op", "line", "to", "says")
    }
    check("check-repaired.json", dumps(made))


def answer(name: str, *, proved: bool = False) -> ClaimAnswer:
    encounter, checked = CLAIMS[name]()
    return ClaimAnswer(f"{name}.yaml", encounter, checked, PROOFS if proved else None, BACKGROUND)


def report(form: str, results: list[CheckResult]) -> str:
    text = REPORTS[form](results)
    style = f"<style>{STYLE}</style>"
    assert text.count(style) == (form == "html")
    return text.replace(style, f"<style>{STYLE_FILE}</style>")


@pytest.mark.parametrize("form", REPORTS)
def test_reports_are_as_expected(form: str) -> None:
    refused = Refusal("bad<b>|.yaml", 5, ("bad.yaml:3:7: `hospital` is no claim", "=1+1"))
    check(f"check-report-one.{form}", report(form, [answer("mixed", proved=True)]))
    check(f"check-report-repaired.{form}", report(form, [answer("repaired")]))
    several: list[CheckResult] = [answer("clean"), refused, answer("bare"), answer("empty")]
    check(f"check-report-several.{form}", report(form, several))
