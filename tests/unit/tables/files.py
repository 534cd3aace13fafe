"""Small files in the true layouts of CMS: few rows, real codes of the infusion family."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

Pair = tuple[str, str, str, str, str, str, str]
NOTICE = "CPT only copyright 2023 American Medical Association.  All rights reserved."
PTP_HEAD = (
    (NOTICE, "", "", "", "", "", ""),
    ("Column1/Column2 Edits", "", "", "", "", "", ""),
    ("Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier",
     "PTP Edit Rationale"),
    ("", "", "prior to 1996", "Date", "Date", "0=not allowed", ""),
    ("", "", "", "", "*=no data", "1=allowed", ""),
    ("", "", "", "", "", "9=not applicable", ""),
)  # fmt: skip
MANUAL = "CPT Manual or CMS manual coding instruction"
MISUSE = "Misuse of Column Two code with Column One code"
PAIRS: tuple[Pair, ...] = (
    ("36000", "96523", "", "20060101", "*", "0", MANUAL),
    ("96360", "96372", "", "20090101", "*", "1", MANUAL),
    ("96360", "96374", "", "20090101", "*", "1", MISUSE),
    ("96365", "96360", "", "20090101", "*", "1", MANUAL),
    ("96365", "96372", "", "20090101", "20201231", "0", MANUAL),
    ("96365", "96372", "", "20210101", "*", "1", MANUAL),
    ("96365", "96374", "", "20130401", "20130401", "9", MISUSE),
    ("96406", "96405", "*", "19960101", "*", "0", MANUAL),
    ("96413", "96372", "", "20090101", "20231231", "1", MANUAL),
    ("96413", "96409", "", "20240701", "*", "1", MANUAL),
)
MUE_HEAD = (
    (f"{NOTICE}\nNo fee schedules, basic unit, relative values or related listings.", "", "", ""),
    ("HCPCS/\nCPT Code", "{} Services MUE Values", "MUE Adjudication Indicator",
     "MUE Rationale"),
)  # fmt: skip
CLINICAL, POLICY = "3 Date of Service Edit: Clinical", "2 Date of Service Edit: Policy"
MUES = (
    ("96365", "1", CLINICAL, "Clinical: Data"),
    ("96366", "8", CLINICAL, "Clinical: Data"),
    ("96368", "1", POLICY, "Code Descriptor / CPT Instruction"),
    ("J1745", "150", "1 Line Edit", "Prescribing Information"),
)
ADDON_HEAD = (
    (NOTICE, "", "", "", "", "", "", ""),
    ("AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT",
     "AOC_Edit_EffDT", "AOC_Edit_DelDT", "Special_Instruction_Notes"),
)  # fmt: skip
HOSPITAL_NOTE = "96376 may be reported by facilities only"
ADDONS = (
    ("1", "96361", "", "96360", "", "2013091", "", ""),
    ("1", "96361", "", "96365", "", "2013091", "", ""),
    ("1", "96366", "", "96360", "", "2014001", "", "96360 (Practitioner Only)"),
    ("1", "96366", "", "96365", "", "2013091", "", ""),
    ("1", "96376", "", "96360", "", "2013091", "2016091", HOSPITAL_NOTE),
    ("1", "96376", "", "96365", "", "2013091", "", HOSPITAL_NOTE),
    ("2", "69990", "", "CCCCC", "", "2013091", "", "Contractor Defined Primary Codes"),
    ("3", "99153", "2023365", "99152", "", "2017001", "", ""),
)  # fmt: skip


def tabbed(rows: Iterable[Sequence[str]], end: str = "\r\n") -> str:
    """Rows as tab-separated text."""
    return "".join("\t".join(row) + end for row in rows)


def commas(rows: Iterable[Sequence[str]], end: str = "\r\n") -> str:
    """Rows as comma-separated text, each text with a comma or line end in quotes."""
    def cell(text: str) -> str:
        return f'"{text}"' if "," in text or "\n" in text else text

    return "".join(",".join(map(cell, row)) + end for row in rows)


def write_ptp(
    folder: Path, name: str = "ccioph-v302r0-f1.txt", pairs: Sequence[Sequence[str]] = PAIRS
) -> Path:
    """A PTP text."""
    path = folder / name
    path.write_bytes(tabbed([*PTP_HEAD, *pairs]).encode("cp1252"))
    return path


def mue_rows(provider: str, mues: Sequence[Sequence[str]] = MUES) -> list[list[str]]:
    """The rows of an MUE table, its head included."""
    return [[cell.format(provider) for cell in row] for row in MUE_HEAD] + [*map(list, mues)]


def write_mue(
    folder: Path,
    name: str = "MCR_MUE_OutpatientHospitalServices_Eff_07-01-2024.csv",
    provider: str = "Outpatient Hospital",
    mues: Sequence[Sequence[str]] = MUES,
) -> Path:
    """An MUE CSV."""
    path = folder / name
    path.write_bytes(commas(mue_rows(provider, mues)).encode("cp1252"))
    return path


def fixed(rows: Iterable[Sequence[str]] = ADDONS, gap: str = "") -> str:
    """Add-on rows as a text of fixed width."""
    widths = (1, 5, 7, 5, 7, 7, 7)
    lines = (
        gap.join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[7]]).rstrip()
        for row in rows
    )
    return "".join(f"{line}\r\n" for line in lines)


def write_addons(
    folder: Path, name: str = "AOC_V2024Q3-MCR.xlsx", rows: Sequence[Sequence[str]] = ADDONS
) -> Path:
    """An add-on workbook."""
    return write_workbook(folder / name, [*ADDON_HEAD, *rows])


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def write_workbook(
    path: Path, rows: Iterable[Sequence[str]], *, shared: bool = True, numbers: bool = True
) -> Path:
    """An XLSX as spreadsheets write it: texts shared or inline, digits as numbers."""
    texts: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, text in enumerate(row):
            place = f'r="{chr(65 + column)}{number}"'
            if not text:
                continue
            if numbers and text.isdigit():
                cells.append(f"<c {place}><v>{text.lstrip('0') or '0'}</v></c>")
            elif shared:
                at = texts.setdefault(text, len(texts))
                cells.append(f'<c {place} t="s"><v>{at}</v></c>')
            else:
                cells.append(f'<c {place} t="inlineStr"><is><t>{escape(text)}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("xl/workbook.xml", f"<workbook {_MAIN}/>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {_MAIN}>{strings}</sst>")
        sheet = f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    """A zip with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def lay_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder as the examples of the help find it: part files, a table, and a filled store."""
    from infucode.tables import Store, building
    from infucode.tables.identify import Wishes
    from infucode.tables.importing import import_files
    from infucode.tables.store import VARIABLE

    monkeypatch.setenv(VARIABLE, str(folder / "store"))
    for kind in building.FEWEST:
        monkeypatch.setitem(building.FEWEST, kind, 1)
    for part in range(4):
        text = tabbed([*PTP_HEAD, *PAIRS[part::4]]).encode()
        write_zip(folder / f"ccioph-v302r0-f{part + 1}.zip", {f"f{part + 1}.txt": text})
    write_mue(folder, "mue.csv")
    laid = [str(write_addons(folder)), str(folder / "ccioph-*.zip")]
    import_files(laid, Store(), Wishes())
