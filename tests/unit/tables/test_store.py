"""The store: which edition answers for a date, what a slice holds, and what damage does."""

from __future__ import annotations

import sqlite3
from datetime import date as Date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infucode.errors import TablesError, UsageError
from infucode.tables import Quarter, Slice, Store
from infucode.tables.identify import Wishes
from infucode.tables.importing import import_files
from infucode.tables.store import VARIABLE, default_folder
from tests.unit.tables import files

MANUAL = files.MANUAL
PTP_NAME = "ptp-facility-2024Q3"


def filled(tmp_path: Path, *paths: Path) -> Store:
    store = Store(tmp_path / "store")
    import_files([str(path) for path in paths], store, Wishes(extract=True))
    return Store(tmp_path / "store")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(
        tmp_path,
        files.write_ptp(tmp_path),
        files.write_mue(tmp_path),
        files.write_mue(tmp_path, "MUE_Eff_07-01-2024.csv", "Practitioner"),
        files.write_addons(tmp_path),
    )


def bases(found: Slice) -> dict[str, str]:
    return {used.kind: used.basis for used in found.used}


def test_the_edition_of_the_quarter_answers(store: Store) -> None:
    for day in (Date(2024, 7, 1), Date(2024, 9, 30)):
        found = store.slice(["96365"], day, "facility")
        assert bases(found) == {"ptp": "exact", "mue": "exact", "addon": "exact"}
        assert not found.missing and found.answered("ptp")


def test_an_older_edition_never_answers(store: Store) -> None:
    found = store.slice(["96365", "96372"], Date(2024, 10, 1), "facility")
    assert (found.ptp, found.mue) == ((), ())
    told = {missing.kind: missing.says for missing in found.missing}
    assert told["ptp"] == (
        "no PTP edits for facility claims of 2024Q4 are imported; ptp-facility-2024Q3 does not "
        "answer: it is older, and does not hold what came since"
    )
    assert "count in their quarter alone" in told["mue"]
    assert bases(found) == {"addon": "standing"}
    assert "stands unless CMS has published another" in found.used[0].says
    next_year = store.slice(["96361"], Date(2025, 1, 1), "facility")
    assert not next_year.used and next_year.addons == ()


def test_a_newer_edition_answers_as_far_as_its_history_reaches(store: Store) -> None:
    found = store.slice(["96365", "96372"], Date(2020, 12, 31), "facility")
    assert bases(found)["ptp"] == "later"
    says = found.used[0].says
    assert "not of 2020Q4" in says and "those deleted since 2020-12-31" in says
    assert "indicators may have been revised in the meantime" in says
    assert [edit.indicator for edit in found.ptp] == [0]
    before = store.slice(["96365", "96372"], Date(2020, 12, 30), "facility")
    assert before.ptp == () and not before.answered("ptp")
    told = next(m.says for m in before.missing if m.kind == "ptp")
    assert "it is newer, and no longer holds all that was deleted since" in told


def test_a_table_without_deletions_answers_for_its_quarter_alone(tmp_path: Path) -> None:
    pairs = [("96365", "96372", "", "20090101", "*", "1", MANUAL)]
    store = filled(tmp_path, files.write_ptp(tmp_path, pairs=pairs))
    assert store.edition(PTP_NAME).history_from is None
    assert not store.slice(["96365", "96372"], Date(2024, 6, 30), "facility").answered("ptp")


def test_of_several_newer_editions_the_nearest_answers(tmp_path: Path, store: Store) -> None:
    later = files.write_ptp(tmp_path, "ccioph-v310r0.txt")
    import_files([str(later)], Store(store.folder), Wishes(extract=True))
    found = Store(store.folder).slice(["96365"], Date(2024, 5, 1), "facility")
    assert found.used[0].edition.name == PTP_NAME


def test_a_newer_add_on_table_goes_before_an_older_one(tmp_path: Path, store: Store) -> None:
    newer = files.write_addons(tmp_path, "AOC_V2025Q2-MCR.xlsx")
    import_files([str(newer)], Store(store.folder), Wishes(extract=True))
    used = Store(store.folder).slice(["96361"], Date(2024, 12, 1), "facility").used
    assert [(u.edition.name, u.basis) for u in used] == [("addon-2025Q2", "later")]


def test_without_any_table_everything_is_missing(tmp_path: Path) -> None:
    found = Store(tmp_path / "nothing").slice(["96365"], Date(2024, 8, 5), "professional")
    assert (found.ptp, found.mue, found.addons, found.used) == ((), (), (), ())
    assert [missing.kind for missing in found.missing] == ["ptp", "mue", "addon"]
    assert str(found.missing[0].quarter) == "2024Q3"
    assert not (tmp_path / "nothing").exists(), "asking makes no folder"


def test_an_extract_is_told_on_every_answer(store: Store) -> None:
    for used in store.slice(["96365"], Date(2024, 8, 5), "facility").used:
        assert used.says.endswith("an extract: what it does not hold is not thereby free")


def test_claim_types_are_kept_apart_and_known(store: Store) -> None:
    found = store.slice(["96365", "96372"], Date(2024, 8, 5), "professional")
    assert found.ptp == () and [m.kind for m in found.missing] == ["ptp"]
    with pytest.raises(UsageError, match="did you mean `facility`"):
        store.slice(["96365"], Date(2024, 8, 5), "facilty")


CODES = ("96360", "96365", "96372", "96374", "96413", "J1745")
DAYS = ("20200101", "20210101", "20220101", "20230101", "20240701")


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_slice_is_what_the_rows_say(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = {}
    for one, two in product(CODES, CODES):
        if one != two and data.draw(st.booleans()):
            start = data.draw(st.sampled_from(DAYS))
            end = data.draw(st.sampled_from(("*", *(d for d in DAYS if d >= start))))
            mark = "9" if start == end else data.draw(st.sampled_from("01"))
            rows[one, two] = (start, end, mark)
    if not rows:
        return
    folder = tmp_path_factory.mktemp("slices")
    pairs = [(one, two, "", *rest, MANUAL) for (one, two), rest in rows.items()]
    store = filled(folder, files.write_ptp(folder, pairs=pairs))
    asked = data.draw(st.lists(st.sampled_from(CODES), max_size=6))
    day = data.draw(st.sampled_from((Date(2024, 7, 1), Date(2024, 9, 30))))
    text = day.strftime("%Y%m%d")
    wanted = [
        (one, two, int(mark))
        for (one, two), (start, end, mark) in sorted(rows.items())
        if {one, two} <= set(asked) and mark != "9"
        if start <= text and (end == "*" or text <= end)
    ]
    found = store.slice(asked, day, "facility").ptp
    assert [(e.column1, e.column2, e.indicator) for e in found] == wanted
    store.close()


def test_many_codes_are_asked_in_pieces(tmp_path: Path) -> None:
    codes = [f"{number:05}" for number in range(1000)]
    pairs = [(codes[0], code, "", "20240701", "*", "1", MANUAL) for code in codes[1:]]
    store = filled(tmp_path, files.write_ptp(tmp_path, pairs=pairs))
    assert len(store.slice(codes, Date(2024, 8, 5), "facility").ptp) == 999


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: b"", "no table of infucode"),
        (lambda data: b"not a database" * 20, "no table of infucode"),
        (lambda data: data[:-5000], "bytes instead of"),
        (lambda data: data[:60] + b"\0\0\0\x63" + data[64:], "its format is 99"),
        (lambda data: data[:68] + b"\0\0\0\0" + data[72:], "no table of infucode"),
        (lambda data: data[:100] + b"\xff" * 200 + data[300:], ""),
    ],
    ids=["empty", "foreign", "cut", "format", "other", "head"],
)  # fmt: skip
def test_a_damaged_table_is_told(damage: object, said: str, store: Store) -> None:
    path = store.path(PTP_NAME)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(TablesError) as caught:
        Store(store.folder).slice(["96365"], Date(2024, 8, 5), "facility")
    assert "this stored table is damaged: " in str(caught.value)
    assert said in str(caught.value)
    assert f"infucode tables remove {PTP_NAME}" in str(caught.value)
    assert caught.value.exit_code == 5


def test_a_changed_row_is_found_when_a_table_is_verified(store: Store) -> None:
    path = store.path(PTP_NAME)
    assert store.verify(PTP_NAME).rows == len(files.PAIRS)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE pair SET before_1996 = 1 WHERE column1 = '96360'")
    connection.close()
    with pytest.raises(TablesError, match="its rows are not those that were imported"):
        Store(store.folder).verify(PTP_NAME)


def test_an_edition_under_another_name_is_refused(store: Store) -> None:
    store.path(PTP_NAME).rename(store.path("ptp-facility-2024Q4"))
    with pytest.raises(TablesError, match="it holds ptp-facility-2024Q3"):
        Store(store.folder).slice(["96365"], Date(2024, 11, 5), "facility")


def test_replacing_a_damaged_table(store: Store, tmp_path: Path) -> None:
    store.path(PTP_NAME).write_bytes(b"")
    path = str(files.write_ptp(tmp_path))
    with pytest.raises(TablesError):
        import_files([path], Store(store.folder), Wishes(extract=True))
    found, _ = import_files([path], Store(store.folder), Wishes(extract=True, replace=True))
    assert found[0].state == "replaced"
    assert Store(store.folder).verify(PTP_NAME).rows == len(files.PAIRS)


def test_other_files_in_the_folder_do_not_count(store: Store) -> None:
    assert store.folder is not None
    for name in ("notes.txt", "ptp-facility.db", "ptp-nobody-2024Q3.db", "addon-mine-2024Q3.db"):
        (store.folder / name).write_text("x")
    assert len(Store(store.folder).names()) == 4


def test_a_store_can_be_read_while_one_is_imported(store: Store, tmp_path: Path) -> None:
    before = store.slice(["96365", "96372"], Date(2024, 8, 5), "facility")
    other = files.write_ptp(tmp_path, "ccioph-v302r1.txt", files.PAIRS[:1])
    import_files([str(other)], Store(store.folder), Wishes(extract=True, replace=True))
    assert store.slice(["96365", "96372"], Date(2024, 8, 5), "facility") == before
    assert Store(store.folder).slice(["96365", "96372"], Date(2024, 8, 5), "facility").ptp == ()


def test_where_the_tables_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.setenv(VARIABLE, "off")
    assert default_folder() is None
    assert len(Store().slice(["96365"], Date(2024, 8, 5), "facility").missing) == 3
    with pytest.raises(UsageError, match="switches tables off"):
        Store().place()
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert default_folder() == tmp_path / "infucode" / "tables"


def test_quarters() -> None:
    assert str(Quarter.of(Date(2024, 9, 30))) == "2024Q3"
    last = Quarter(2024, 4)
    assert (last.first, last.last) == (Date(2024, 10, 1), Date(2024, 12, 31))
    assert Quarter.parse(" 2024q1 ") == Quarter(2024, 1)
    for wrong in ("2024", "2024Q5", "Q3", "24Q3", ""):
        with pytest.raises(UsageError, match="write it as 2024Q3"):
            Quarter.parse(wrong)
