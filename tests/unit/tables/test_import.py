"""Importing: each true layout gives the same rows; what the edition is, is told or asked for."""

from __future__ import annotations

import json
from datetime import date as Date
from pathlib import Path

import pytest

from infucode.errors import TablesError, UsageError
from infucode.tables import Edition, PtpEdit, Quarter, Store
from infucode.tables import building as building_module
from infucode.tables.identify import Wishes
from infucode.tables.importing import Imported, import_files
from tests.unit.tables import files

EXTRACT = Wishes(extract=True)
DAY = Date(2024, 8, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def load(store: Store, *paths: Path, wishes: Wishes = EXTRACT) -> list[Imported]:
    found, _ = import_files([str(path) for path in paths], Store(store.folder), wishes)
    return found


def one(store: Store, path: Path, wishes: Wishes = EXTRACT) -> Edition:
    (found,) = load(store, path, wishes=wishes)
    return found.edition


def test_a_ptp_text(folder: Path, store: Store) -> None:
    edition = one(store, files.write_ptp(folder))
    assert (edition.kind, edition.claim, str(edition.quarter)) == ("ptp", "facility", "2024Q3")
    assert edition.rows == len(files.PAIRS)
    assert edition.history_from == Date(2020, 12, 31), "the withdrawn pair of 2013 has no history"
    found = store.slice(["96365", "96372", "96374", "96413", "96409"], DAY, "facility")
    assert [(e.column1, e.column2, e.indicator) for e in found.ptp] == [
        ("96365", "96372", 1),
        ("96413", "96409", 1),
    ]
    assert found.ptp[0] == PtpEdit("96365", "96372", 1, Date(2021, 1, 1), None, files.MANUAL)


def variants(folder: Path) -> dict[str, Path]:
    """The same table in every form in which it comes."""
    rows = [*files.PTP_HEAD, *files.PAIRS]
    found = {}
    for name, data in {
        "crlf": files.tabbed(rows).encode(),
        "lf": files.tabbed(rows, "\n").encode(),
        "cr": files.tabbed(rows, "\r").encode(),
        "bom": files.tabbed(rows).encode("utf-8-sig"),
        "utf16": files.tabbed(rows).encode("utf-16"),
        "no-last-line-end": files.tabbed(rows).rstrip("\r\n").encode(),
        "blank-lines": (files.tabbed(rows) + "\r\n\t\t\t\t\t\t\r\n").encode(),
        "quoted": files.tabbed(rows).replace(files.MANUAL, f'"{files.MANUAL}"').encode(),
        "comma": files.commas(rows).encode(),
    }.items():
        found[name] = folder / f"{name}-ccioph-v302r0.txt"
        found[name].write_bytes(data)
    one_line = ["Column 1", "Column 2", "*=in existence prior to 1996", "Effective Date",
                "Deletion Date *=no data", "Modifier 0=not allowed", "PTP Edit Rationale"]
    found["one-line-header"] = folder / "one-ccioph-v302r0.txt"
    found["one-line-header"].write_text(files.tabbed([one_line, *files.PAIRS]))
    for shared in (True, False):
        for numbers in (True, False):
            path = folder / f"{shared}-{numbers}-ccioph-v302r0.xlsx"
            found[f"workbook-{shared}-{numbers}"] = files.write_workbook(
                path, rows, shared=shared, numbers=numbers
            )
    found["zip"] = files.write_zip(
        folder / "download.zip", {"a/ccioph-v302r0.txt": files.tabbed(rows).encode()}
    )
    inner = found["workbook-True-True"].read_bytes()
    found["workbook-in-zip"] = files.write_zip(
        folder / "book.zip", {"ccioph-v302r0.xlsx": inner}
    )
    return found


def test_every_form_of_a_table_gives_the_same_rows(folder: Path, tmp_path: Path) -> None:
    digests = {
        name: one(Store(tmp_path / f"store-{name}"), path).digest
        for name, path in variants(folder).items()
    }
    assert len(digests) == 16
    assert len(set(digests.values())) == 1, digests


def test_leading_zeros_come_back_from_a_workbook_only(folder: Path, store: Store) -> None:
    pairs = [("00100", "96365", "", "20240701", "*", "1", files.MANUAL)]
    rows = [*files.PTP_HEAD, *pairs]
    one(store, files.write_workbook(folder / "ccioph-v302r0.xlsx", rows))
    assert store.slice(["00100", "96365"], DAY, "facility").ptp[0].column1 == "00100"
    path = files.write_ptp(folder, "ccioph-v303r0.txt", [("100", *pairs[0][1:])])
    with pytest.raises(TablesError, match="`100` is not a code"):
        one(store, path)


def test_windows_characters_in_a_rationale(folder: Path, store: Store) -> None:
    said = "Surgeon’s “standard” – practice"
    pairs = [("96365", "96372", "", "20240701", "*", "1", said)]
    one(store, files.write_ptp(folder, pairs=pairs))
    assert store.slice(["96365", "96372"], DAY, "facility").ptp[0].rationale == said


@pytest.mark.parametrize(
    ("provider", "claim"), [("Outpatient Hospital", "facility"), ("Practitioner", "professional")]
)
def test_an_mue_table_names_its_claims(
    provider: str, claim: str, folder: Path, store: Store
) -> None:
    path = files.write_mue(folder, "mue-effective-07-01-2024.csv", provider)
    edition = one(store, path)
    assert (edition.claim, edition.rows) == (claim, len(files.MUES))
    book = files.write_workbook(
        folder / "book-eff_07-01-2024.xlsx", files.mue_rows(provider), numbers=True
    )
    (again,) = load(store, book)
    assert again.state == "there", "the workbook holds the same rows"
    found = {m.code: (m.units, m.indicator) for m in store.slice(
        ["96365", "96368", "J1745", "99999"], DAY, claim).mue}  # fmt: skip
    assert found == {"96365": (1, 3), "96368": (1, 2), "J1745": (150, 1)}


@pytest.mark.parametrize("form", ["workbook", "fixed", "fixed with spaces", "tabbed"])
def test_an_add_on_table(form: str, folder: Path, store: Store) -> None:
    path = folder / "AOC_V2024Q3-MCR.txt"
    if form == "workbook":
        path = files.write_addons(folder)
    elif form == "tabbed":
        path.write_text(files.tabbed([*files.ADDON_HEAD, *files.ADDONS]))
    else:
        path.write_text(files.NOTICE + "\r\n" + files.fixed(gap=" " if "spaces" in form else ""))
    assert one(store, path).rows == len(files.ADDONS)
    codes = ["96361", "96366", "96376", "69990", "99153"]
    there = {a.code: a for a in store.slice(codes, DAY, "professional").addons}
    assert set(there) == {"96361", "96366", "96376", "69990"}, "99153 ended with 2023"
    assert there["96361"].primaries == ("96360", "96365")
    assert there["96366"].primaries == ("96360", "96365")
    assert (there["96376"].primaries, there["96376"].elsewhere) == ((), ("96365",))
    assert not there["69990"].closed and there["69990"].primaries == ()
    facility = {a.code: a for a in store.slice(codes, DAY, "facility").addons}
    assert (facility["96366"].primaries, facility["96366"].elsewhere) == (("96365",), ("96360",))
    assert facility["96376"].primaries == ("96365",), "96360 was withdrawn in 2016"


def test_the_last_day_of_an_edit_is_its_deletion_date(folder: Path, store: Store) -> None:
    load(store, files.write_ptp(folder), files.write_addons(folder))
    def indicator(day: Date) -> int:
        return store.slice(["96365", "96372"], day, "facility").ptp[0].indicator

    assert (indicator(Date(2020, 12, 31)), indicator(Date(2021, 1, 1))) == (0, 1)
    def primaries(day: Date) -> tuple[str, ...]:
        return store.slice(["96376"], day, "facility").addons[0].primaries

    assert primaries(Date(2016, 3, 31)) == ("96360", "96365")
    late = store.slice(["96376"], Date(2016, 4, 1), "facility").addons[0]
    assert late.primaries == ("96365",)


def test_of_a_zip_the_text_is_read_and_the_rest_named(folder: Path, store: Store) -> None:
    text = files.tabbed([*files.PTP_HEAD, *files.PAIRS]).encode()
    book = files.write_workbook(folder / "b.xlsx", [*files.PTP_HEAD, *files.PAIRS]).read_bytes()
    path = files.write_zip(
        folder / "medicare-2024q3-hospital.zip",
        {
            "ccioph-v302r0-f1.txt": text,
            "ccioph-v302r0-f1.xlsx": book,
            "readme.txt": b"see the manual",
            "notice.pdf": b"%PDF",
            "__MACOSX/._ccioph-v302r0-f1.txt": b"\0\1",
        },
    )
    found, notes = import_files([str(path)], store, EXTRACT)
    assert found[0].edition.origins[0].member == "ccioph-v302r0-f1.txt"
    assert len(notes) == 2
    assert "the text beside it is the same table" in notes[0]
    assert "readme.txt: left aside" in notes[1]


def test_parts_in_any_order_are_one_edition(folder: Path, store: Store) -> None:
    paths = [
        files.write_ptp(folder, f"ccipra-v302r0-f{part}.txt", files.PAIRS[part::4])
        for part in (1, 2, 3)
    ]
    paths.insert(0, files.write_ptp(folder, "ccipra-v302r0-f4.txt", files.PAIRS[0::4]))
    found = load(store, *paths)
    assert [i.edition.rows for i in found] == [len(files.PAIRS)]
    assert [o.file[-6:-4] for o in found[0].edition.origins] == ["f1", "f2", "f3", "f4"]


def test_patterns_are_filled_in(folder: Path, store: Store) -> None:
    files.write_ptp(folder)
    found, _ = import_files([str(folder / "cci*.txt")], store, EXTRACT)
    assert found[0].edition.name == "ptp-facility-2024Q3"


def test_importing_again_changes_nothing(folder: Path, store: Store) -> None:
    path = files.write_ptp(folder)
    assert load(store, path)[0].state == "imported"
    stamp = store.path("ptp-facility-2024Q3").stat().st_mtime_ns
    assert load(store, path)[0].state == "there"
    assert store.path("ptp-facility-2024Q3").stat().st_mtime_ns == stamp


def test_other_rows_for_the_same_edition_need_a_word(folder: Path, store: Store) -> None:
    one(store, files.write_ptp(folder))
    other = files.write_ptp(folder, "ccioph-v302r1-f1.txt", files.PAIRS[:3])
    with pytest.raises(UsageError, match="add `--replace`"):
        one(store, other)
    assert Store(store.folder).edition("ptp-facility-2024Q3").rows == len(files.PAIRS)
    (found,) = load(store, other, wishes=Wishes(extract=True, replace=True))
    assert (found.state, found.edition.rows) == ("replaced", 3)
    assert Store(store.folder).edition("ptp-facility-2024Q3").rows == 3


@pytest.mark.parametrize(
    ("name", "wishes", "said"),
    [
        ("ptp.txt", Wishes(quarter=Quarter(2024, 3)), "add `--claim facility`"),
        ("ccioph.txt", Wishes(), "add `--quarter`, as in `--quarter 2024Q3`"),
        ("ptp.txt", Wishes(), "--claim facility.*and does not say of which quarter"),
        ("ccipra-v302r0.txt", Wishes(claim="facility"), "is the table for professional claims"),
        ("ccioph-v302r0.txt", Wishes(quarter=Quarter(2024, 4)), "is of 2024Q3, not of 2024Q4"),
        ("2024q2-ccioph-v302r0.txt", Wishes(), "names more than one quarter"),
        ("ccioph-v302r0.txt", Wishes(kind="mue"), "write `--kind ptp`"),
    ],
)
def test_what_cannot_be_told_is_asked_for(
    name: str, wishes: Wishes, said: str, folder: Path, store: Store
) -> None:
    with pytest.raises(UsageError, match=said):
        one(store, files.write_ptp(folder, name), wishes)
    assert store.names() == {}


def test_options_answer_what_the_file_does_not_tell(folder: Path, store: Store) -> None:
    wishes = Wishes(claim="professional", quarter=Quarter(2024, 4), extract=True)
    assert one(store, files.write_ptp(folder, "p.txt"), wishes).name == "ptp-professional-2024Q4"


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("ccipra-v302r0-f1.txt", "2024Q3"),
        ("ccioph-v313r0-f2.xlsx", "2025Q4"),
        ("medicare-ncci-2026q2-hospital-ptp-edits-ccioph-v321r0-f1.zip", "2026Q2"),
        ("MCR_MUE_PractitionerServices_Eff_10-01-2025.csv", "2025Q4"),
        ("practitionerservicesmuetable-effective-01-01-2026.zip", "2026Q1"),
        ("medicare-ncci-2026-q3-practitioner-services-mue-table.zip", "2026Q3"),
        ("AOC_V2025Q4_01-MCR.txt", "2025Q4"),
    ],
)
def test_quarters_of_official_names(name: str, quarter: str) -> None:
    from infucode.tables.editions import quarters_in

    assert {str(found) for found in quarters_in(name)} == {quarter}


def test_a_whole_table_needs_no_word(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(building_module.FEWEST, "ptp", len(files.PAIRS))
    edition = one(store, files.write_ptp(folder, "ccioph-v302r0.txt"), Wishes())
    assert not edition.extract and not edition.notes
    late = one(store, files.write_ptp(folder, "ccioph-v303r0.txt"), Wishes())
    assert late.notes == (
        "nothing in it takes effect in 2024Q4, the last on 2024-07-01: is the quarter right?",
    )
    used = store.slice(["96365"], DAY, "facility").used[0]
    assert used.says == "PTP edits of 2024Q3, facility claims"


def test_the_manifest_says_where_rows_came_from(folder: Path, store: Store) -> None:
    import hashlib

    path = files.write_mue(folder)
    edition = one(store, path)
    data = json.loads(json.dumps(edition.plain()))
    assert data["origins"] == [{
        "file": path.name, "member": None,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }]  # fmt: skip
    assert data["imported_by"].startswith("infucode ")
    assert Store(store.folder).edition(edition.name) == edition


def test_what_is_odd_but_lawful_is_noted(folder: Path, store: Store) -> None:
    pairs = [
        ("96365", "96372", "", "20090101", "20231231", "0", files.MANUAL),
        ("96365", "96372", "", "20210101", "20240101", "1", files.MANUAL),
        ("96365", "96374", "", "20210101", "*", "1", files.MANUAL),
        ("96365", "96374", "", "20210101", "*", "1", files.MANUAL),
    ]
    edition = one(store, files.write_ptp(folder, pairs=pairs))
    assert edition.notes == (
        "rows that stand there more than once: 1",
        "rows that overlap an earlier row of their pair: 1; the one that began later counts",
    )
    found = store.slice(["96365", "96372"], Date(2023, 12, 31), "facility").ptp
    assert [edit.indicator for edit in found] == [1], "the row that began later counts"
