"""Files that are refused: whole, with every problem where it stands, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from infucode.errors import TablesError, UsageError
from infucode.tables import Store
from infucode.tables.findings import MOST_SHOWN
from infucode.tables.identify import Wishes
from infucode.tables.importing import import_files
from tests.unit.tables import files

ROOT = Path(__file__).resolve().parents[3]
GOOD = ("96365", "96372", "", "20210101", "*", "1", files.MANUAL)
FIRST = len(files.PTP_HEAD) + 1
"""The line of the first pair."""


def refusal(tmp_path: Path, *paths: Path, wishes: Wishes | None = None) -> TablesError:
    """The error of importing; the store must be as empty as before."""
    store = Store(tmp_path / "store")
    with pytest.raises(TablesError) as caught:
        import_files([str(path) for path in paths], store, wishes or Wishes(extract=True))
    assert caught.value.exit_code == 5
    assert [path.name for path in (tmp_path / "store").glob("*")] == []
    return caught.value


def ptp(tmp_path: Path, *pairs: Sequence[str], name: str = "ccioph-v302r0.txt") -> Path:
    return files.write_ptp(tmp_path, name, [GOOD, *pairs])


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (("9636", *GOOD[1:]), 1, "Column 1: `9636` is not a code"),
        (("96365", "9637x", *GOOD[2:]), 7, "Column 2: `9637x` is not a code"),
        ((*GOOD[:2], "x", *GOOD[3:]), 13, "`x` stands where only `*`"),
        ((*GOOD[:3], "20240230", *GOOD[4:]), 14, "Effective Date: `20240230` is not a date"),
        ((*GOOD[:3], "*", *GOOD[4:]), 14, "Effective Date: `*` is not a date"),
        ((*GOOD[:4], "2024", *GOOD[5:]), 23, "Deletion Date: `2024` is not a date"),
        ((*GOOD[:4], "20200101", *GOOD[5:]), 23, "deleted before it took effect"),
        ((*GOOD[:5], "2", GOOD[6]), 25, "Modifier: `2` is not a modifier indicator"),
        ((*GOOD[:6], "bad \x07 bell"), 27, "has characters that are no text"),
        (GOOD[:6], 0, "this line has 6 columns; a PTP edit has 7"),
        ((*GOOD, "more"), 0, "this line has 8 columns"),
        ((*GOOD[:3], "20241001", *GOOD[4:]), 14, "2024-10-01 is after 2024Q3"),
    ],
)
def test_a_wrong_cell(row: Sequence[str], column: int, said: str, tmp_path: Path) -> None:
    (problem,) = refusal(tmp_path, ptp(tmp_path, row)).problems
    assert (problem.line, problem.column) == (FIRST + 1, column)
    assert said in problem.message
    assert problem.file.endswith("ccioph-v302r0.txt") and problem.help


def test_every_problem_is_counted_and_some_are_shown(tmp_path: Path) -> None:
    bad = [("9636", *GOOD[1:])] * 100
    problems = refusal(tmp_path, ptp(tmp_path, *bad)).problems
    assert len(problems) == MOST_SHOWN + 1
    assert problems[-1].message == "60 more problems of this file are not listed"


def test_problems_of_several_files_come_together(tmp_path: Path) -> None:
    one = ptp(tmp_path, ("9636", *GOOD[1:]))
    mue = files.write_mue(tmp_path, mues=[("96365", "x", files.CLINICAL, "Data")])
    assert [Path(p.file).name for p in refusal(tmp_path, one, mue).problems] == [
        one.name, mue.name]  # fmt: skip


def cut(path: Path, at: int) -> Path:
    path.write_bytes(path.read_bytes()[:at])
    return path


@pytest.mark.parametrize("back", [3, 30, 50, 60, 70])
def test_a_text_that_breaks_off(back: int, tmp_path: Path) -> None:
    path = ptp(tmp_path, *[("96413", "96409", "", "20240701", "*", "1", files.MANUAL)])
    said = refusal(tmp_path, cut(path, path.stat().st_size - back)).problems[0].message
    assert "breaks off within" in said or "columns; a PTP edit has 7" in said or "code" in said


def test_an_mue_csv_that_breaks_off(tmp_path: Path) -> None:
    path = files.write_mue(tmp_path)
    (problem,) = refusal(tmp_path, cut(path, path.stat().st_size - 30)).problems
    assert "columns; an MUE has 4" in problem.message


def test_rows_that_contradict_each_other(tmp_path: Path) -> None:
    other = (*GOOD[:3], "20220101", "*", "0", files.MANUAL)
    problems = refusal(tmp_path, ptp(tmp_path, other)).problems
    assert [p.line for p in problems] == [FIRST, FIRST + 1]
    assert "`96365` with `96372` stands there with other indicators" in problems[0].message
    withdrawn = (*GOOD[:3], "20220101", "*", "9", files.MANUAL)
    import_files([str(ptp(tmp_path, withdrawn))], Store(tmp_path / "ok"), Wishes(extract=True))


def test_a_code_with_two_mue_values(tmp_path: Path) -> None:
    again = ("96365", "2", files.CLINICAL, "Clinical: Data")
    path = files.write_mue(tmp_path, mues=[*files.MUES, again])
    (problem,) = refusal(tmp_path, path).problems
    assert "`96365` stands in line 5 with other values" in problem.message
    assert problem.line == 9, "the notice and the header take two lines each"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("96365", "1.5", files.CLINICAL, "x"), "MUE Values: `1.5` is not a number of units"),
        (("96365", "", files.CLINICAL, "x"), "MUE Values: `` is not a number"),
        (("96365", "1", "4 Other", "x"), "Indicator: `4 Other` is not an adjudication"),
        (("9636", "1", files.CLINICAL, "x"), "`9636` is not a code"),
        (("96365", "1", files.CLINICAL), "3 columns; an MUE has 4"),
    ],
)
def test_a_wrong_mue(row: Sequence[str], said: str, tmp_path: Path) -> None:
    (problem,) = refusal(tmp_path, files.write_mue(tmp_path, mues=[row])).problems
    assert said in problem.message and problem.line == 5


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("4", "96361", "", "96360", "", "2013091", "", ""), "edit type: `4`"),
        (("1", "96361", "", "96360", "", "2013366", "", ""), "effective date: `2013366`"),
        (("1", "96361", "", "96360", "", "", "", ""), "effective date: `` is not a date"),
        (("1", "9636", "", "96360", "", "2013091", "", ""), "add-on code: `9636`"),
        (("1", "96361", "", "96360", "", "2024275", "", ""), "2024-10-01 is after 2024Q3"),
    ],
)
def test_a_wrong_add_on(row: Sequence[str], said: str, tmp_path: Path) -> None:
    path = tmp_path / "AOC_V2024Q3.txt"
    path.write_text(files.tabbed([*files.ADDON_HEAD, *files.ADDONS, row]))
    (problem,) = refusal(tmp_path, path).problems
    assert said in problem.message
    assert problem.line == len(files.ADDON_HEAD) + len(files.ADDONS) + 1


def test_a_record_of_fixed_width_that_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "AOC_V2024Q3.txt"
    lines = files.fixed([*files.ADDONS] * 12).splitlines()
    lines.append("196361  garbage")
    path.write_text("\n".join(lines))
    (problem,) = refusal(tmp_path, path).problems
    assert problem.line == len(lines) and "workbook" in problem.help


def test_an_add_on_of_two_types(tmp_path: Path) -> None:
    rows = [*files.ADDONS, ("3", *files.ADDONS[0][1:])]
    (problem,) = refusal(tmp_path, files.write_addons(tmp_path, rows=rows)).problems
    assert "stands in line 3 with edit type 1" in problem.message


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ((), "no header of a PTP, MUE or add-on table"),
        (files.PTP_HEAD[:2], "no header of a PTP"),
        ((files.PTP_HEAD[2][:5],), "column 6 of the header in line 1 is missing"),
        (
            (("Column 1", "Column 2", "Effective", "Deletion", "Modifier", "Rationale"),),
            "column 3 of the header in line 1 is `effective`; it should be `in existence",
        ),
    ],
)
def test_a_header_that_is_not_there(
    head: Sequence[Sequence[str]], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "ccioph-v302r0.txt"
    path.write_text(files.tabbed([*head, GOOD]))
    assert said in refusal(tmp_path, path).problems[0].message


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty-ccioph-v302r0.txt", b"", "no header"),
        ("head-ccioph-v302r0.txt", files.tabbed(files.PTP_HEAD).encode(), "no row below"),
        ("binary-ccioph-v302r0.txt", b"\0\1\2" * 50, "this is no text"),
        ("old-ccioph-v302r0.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 60, "an old .xls workbook"),
        ("bad-ccioph-v302r0.zip", b"PK\3\4" + b"x" * 60, "this zip is damaged"),
    ],
)
def test_what_is_no_table(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert said in refusal(tmp_path, path).problems[0].message


def test_a_zip_with_a_wrong_checksum(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "ccioph-v302r0.zip"
    text = files.tabbed([*files.PTP_HEAD, GOOD]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("ccioph-v302r0.txt", text)
    path.write_bytes(path.read_bytes().replace(b"96372", b"96374"))
    (problem,) = refusal(tmp_path, path).problems
    assert "this zip is damaged" in problem.message and "!ccioph-v302r0.txt" in problem.file


def test_a_zip_within_a_zip_and_one_without_tables(tmp_path: Path) -> None:
    inner = files.write_zip(tmp_path / "i.zip", {"a.txt": b"x"}).read_bytes()
    path = files.write_zip(tmp_path / "o.zip", {"ccioph-v302r0.zip": inner})
    assert "zip within a zip" in refusal(tmp_path, path).problems[0].message
    path = files.write_zip(tmp_path / "n.zip", {"a.pdf": b"x"})
    assert "no .txt, .csv or .xlsx" in refusal(tmp_path, path).problems[0].message


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_workbook_that_breaks_off(share: float, tmp_path: Path) -> None:
    path = files.write_workbook(tmp_path / "ccioph-v302r0.xlsx", [*files.PTP_HEAD, *files.PAIRS])
    cut(path, int(path.stat().st_size * share))
    assert "damaged" in refusal(tmp_path, path).problems[0].message


def test_a_workbook_with_broken_xml(tmp_path: Path) -> None:
    path = files.write_zip(
        tmp_path / "ccioph-v302r0.xlsx",
        {"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"},
    )
    assert "workbook is damaged" in refusal(tmp_path, path).problems[0].message


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["f1", "f2", "f4"], "has 4 parts; missing: f3"),
        (["f2", "f3", "f4"], "missing: f1"),
        (["f1", "f2", "f3", "f4", "f6"], "has 6 parts; missing: f5"),
    ],
)
def test_a_missing_part_is_named(names: list[str], said: str, tmp_path: Path) -> None:
    paths = [files.write_ptp(tmp_path, f"ccipra-v302r0-{name}.txt") for name in names]
    assert said in refusal(tmp_path, *paths, wishes=Wishes()).problems[0].message


def test_files_that_do_not_go_together(tmp_path: Path) -> None:
    one = files.write_ptp(tmp_path, "ccipra-v302r0-f1.txt")
    plain = files.write_ptp(tmp_path, "ccipra-v302r0.txt")
    assert "no part number" in refusal(tmp_path, one, plain).problems[0].message
    again = files.write_ptp(tmp_path, "new-ccipra-v302r0-f1.txt")
    assert "same part" in refusal(tmp_path, one, again).problems[0].message
    other = files.write_ptp(tmp_path, "new-ccipra-v302r0.txt")
    assert "are each the whole" in refusal(tmp_path, plain, other).problems[0].message


@pytest.mark.parametrize("kind", ["ptp", "mue", "addon"])
def test_far_too_few_rows(kind: str, tmp_path: Path) -> None:
    writers: dict[str, Callable[[Path], Path]] = {
        "ptp": ptp, "mue": files.write_mue, "addon": files.write_addons}  # fmt: skip
    path = writers[kind](tmp_path)
    problem = refusal(tmp_path, path, wishes=Wishes()).problems[0]
    assert "this is not all of it" in problem.message and "`--extract`" in problem.help


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("medicaid-ncci-2024q3-hospital.txt", "table for Medicaid"),
        ("2024q3-hospital-additions-deletions-revisions.txt", "lists changes"),
    ],
)
def test_tables_of_another_kind(name: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(tmp_path, ptp(tmp_path, name=name)).problems[0].message


def test_the_mue_table_of_suppliers(tmp_path: Path) -> None:
    path = files.write_mue(tmp_path, "MUE_Eff_07-01-2024.csv", "DME Supplier")
    assert "equipment suppliers" in refusal(tmp_path, path).problems[0].message


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    ptp(tmp_path)
    for given, said in [
        (str(tmp_path / "ccioph-v302r1.txt"), "did you mean `ccioph-v302r0.txt`"),
        (str(tmp_path), "is a folder"),
        (str(tmp_path / "no*.txt"), "there is no file"),
    ]:
        with pytest.raises(UsageError, match=said):
            import_files([given], Store(tmp_path / "store"), Wishes())


def test_one_bad_file_keeps_all_out(tmp_path: Path) -> None:
    refusal(tmp_path, files.write_mue(tmp_path), ptp(tmp_path, ("9636", *GOOD[1:])))


KILLED = """
import os, signal, sys
from pathlib import Path
from infucode.tables import Store
from infucode.tables.identify import Wishes
from infucode.tables.importing import import_files
def progress(name, share):
    if share == float(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
wishes = Wishes(extract=True, replace=True)
import_files([sys.argv[1]], Store(Path(sys.argv[2])), wishes, progress)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("share", ["0.0", "1.0"])
def test_a_kill_in_the_middle_leaves_the_old_store(share: str, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    import_files([str(ptp(tmp_path))], Store(folder), Wishes(extract=True))
    other = files.write_ptp(tmp_path, "new-ccioph-v302r0.txt", files.PAIRS)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(other), str(folder), share],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list(folder.glob("*.part"))) == 1, "it died before it was done"
    store = Store(folder)
    assert [edition.rows for edition in store.editions()] == [1]
    assert store.verify("ptp-facility-2024Q3").rows == 1
    left = next(folder.glob("*.part"))
    os.utime(left, (0, 0))
    import_files([str(other)], Store(folder), Wishes(extract=True, replace=True))
    assert not list(folder.glob("*.part"))
    assert Store(folder).edition("ptp-facility-2024Q3").rows == len(files.PAIRS)


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TablesError, match="the table store cannot be written"):
        import_files([str(ptp(tmp_path))], Store(tmp_path / "file"), Wishes(extract=True))
