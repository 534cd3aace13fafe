"""The flat form: rows become the documents that they stand for."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from infucode.batch import flat_ids
from infucode.batch.flat import flat_documents
from infucode.batch.flat_ids import apart_in, digest_of
from infucode.documents import parse_encounter
from infucode.errors import UsageError

HEAD = "id,claim,date,administration.id,administration.drug,administration.route"


def csv_file(folder: Path, *lines: str, head: str = HEAD) -> str:
    path = folder / "visits.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return str(path)


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(document.text) for document in flat_documents(name)]


def test_rows_that_stand_together_are_one_encounter(tmp_path: Path) -> None:
    name = csv_file(
        tmp_path,
        "e1,facility,2024-08-05,a1,ondansetron,po",
        "e1,,,a2,ketorolac,po",
        "e2,facility,2024-08-05,a1,ondansetron,po",
    )
    one, two = flat_documents(name)
    assert (one.line, two.line) == (2, 4)
    encounter = parse_encounter(one.text)
    assert [item.drug for item in encounter.administrations] == ["ondansetron", "ketorolac"]
    assert json.loads(two.text)["id"] == "e2"


def test_cells_are_read_as_their_fields_want(tmp_path: Path) -> None:
    head = (
        "id,observation,patient_age_years,primary_reason,administration.id,"
        "administration.intensity,administration.dose.hcpcs,administration.documentation.order,"
        "service.id,service.modifiers,claim_line.id,claim_line.units"
    )
    row = "e1,yes,61,a1 a2,a1,monitoring reaction_risk,J0696,yes,s1,25 59,L1,2"
    name = csv_file(tmp_path, row, head=head)
    (doc,) = read(name)
    assert doc["observation"] is True and doc["patient_age_years"] == 61
    assert doc["primary_reason"] == ["a1", "a2"]
    assert doc["administrations"][0] == {
        "id": "a1", "intensity": ["monitoring", "reaction_risk"], "dose": {"hcpcs": "J0696"},
        "documentation": {"order": "yes"},
    }  # fmt: skip
    assert doc["services"] == [{"id": "s1", "modifiers": ["25", "59"]}]
    assert doc["claim_lines"] == [{"id": "L1", "units": 2}]


def test_rows_that_differ_in_the_stay_are_refused_as_one_encounter(tmp_path: Path) -> None:
    name = csv_file(
        tmp_path, "e1,facility,2024-08-05,a1,x,po", "e1,professional,2024-08-05,a2,y,po"
    )
    (document,) = flat_documents(name)
    assert document.wrong == "the rows of encounter `e1` differ in `claim`"


def test_bytes_that_are_no_utf8_stay_so_that_they_are_refused(tmp_path: Path) -> None:
    path = Path(csv_file(tmp_path, "e1,facility,2024-08-05,a1,DRUG,po"))
    path.write_bytes(path.read_bytes().replace(b"DRUG", b"caf\xe9"))
    (document,) = flat_documents(str(path))
    assert b"\xe9" in document.text


@pytest.mark.parametrize(
    ("head", "said"),
    (("claim,date", "no column `id`"), ("id,claim,id", "the column `id` twice")),
)
def test_a_head_that_cannot_be_read_is_told(head: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        read(csv_file(tmp_path, head=head))


@pytest.mark.parametrize("row", ("e2,facility,2024-08-05,a1,x,po,7", "e2,facility,2024-08-05,a1"))
def test_a_row_that_does_not_fit_its_head_is_refused_alone(row: str, tmp_path: Path) -> None:
    whole = "e1,facility,2024-08-05,a1,x,po"
    name = csv_file(tmp_path, whole, row, whole.replace("e1", "e3"))
    one, two, three = flat_documents(name)
    assert "the row of line 3 has" in two.wrong
    assert not one.wrong and not three.wrong


def test_where_a_cell_too_many_may_move_the_id_the_table_is_refused(tmp_path: Path) -> None:
    name = csv_file(tmp_path, "facility,e1,7", head="claim,id")
    with pytest.raises(
        UsageError, match=r"visits.csv:2` has 3 cells for 2 columns; .*`id` the f"
    ):
        read(name)


def test_a_row_without_an_id_is_not_lost_to_the_encounter_above(tmp_path: Path) -> None:
    stay = "facility,2024-08-05"
    name = csv_file(tmp_path, f"e1,{stay},a1,x,po", ",,,a2,y,po", f",{stay},a1,x,po")
    one, two = flat_documents(name)
    assert one.wrong == "the row of line 3 has no `id`"
    assert "id" not in json.loads(two.text)


def test_columns_that_say_the_same_field_are_refused(tmp_path: Path) -> None:
    for column, row in (("administration.dose", "J0696,7"), ("administrations", "J0696,7")):
        name = csv_file(tmp_path, f"e1,{row}", head=f"id,administration.dose.hcpcs,{column}")
        (document,) = flat_documents(name)
        assert f"the column `{column}`" in document.wrong


def test_answers_to_a_switch_that_differ_are_refused(tmp_path: Path) -> None:
    name = csv_file(tmp_path, "e1,push", "e1,ask", head="id,switches.missing_stop")
    (document,) = flat_documents(name)
    assert document.wrong == "the rows of encounter `e1` differ in `switches.missing_stop`"


def test_an_encounter_beyond_the_limit_is_refused_and_not_held(tmp_path: Path) -> None:
    drug = "x" * 900_000
    rows = [f"e1,facility,2024-08-05,a{n},{drug},po" for n in range(4)]
    (document,) = flat_documents(csv_file(tmp_path, *rows))
    assert "larger than the limit of 1 MB" in document.wrong
    assert len(document.text) < 1_000_000


def test_semicolons_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="write commas between its columns instead of ';'"):
        read(csv_file(tmp_path, head=HEAD.replace(",", ";")))


def test_parquet_gives_what_csv_gives_and_a_cut_file_is_told(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import csv, parquet

    name = csv_file(tmp_path, "e1,facility,2024-08-05,a1,ondansetron,po", "e1,,,a2,ketorolac,po")
    whole = tmp_path / "visits.parquet"
    parquet.write_table(csv.read_csv(name), whole)
    assert read(str(whole)) == read(name)
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(UsageError, match="no Parquet file that can be read"):
        read(str(cut))
    assert pyarrow.__version__


def test_values_of_parquet_are_read_as_their_fields_want(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    run = {"id": "a2", "drug": "x", "start": datetime(2024, 8, 5, 10), "note": None}
    columns = {
        "id": [b"e1"], "date": [datetime(2024, 8, 5)], "administrations": [[run]],
        "claim_line.units": [2.0], "claim_line.charge": [Decimal("12.50")],
        "service.minutes": [25.5],
    }  # fmt: skip
    table = pyarrow.table(columns)
    moments = pyarrow.array([1722816000000000001], pyarrow.timestamp("ns"))
    parquet.write_table(table.append_column("ends", moments), tmp_path / "visits.parquet")
    (doc,) = read(str(tmp_path / "visits.parquet"))
    assert doc["id"] == "e1" and doc["date"] == "2024-08-05"
    assert doc["administrations"] == [{"id": "a2", "drug": "x", "start": "2024-08-05 10:00:00"}]
    assert doc["claim_lines"] == [{"units": 2, "charge": "12.50"}]
    assert doc["services"] == [{"minutes": "25.5"}]
    assert doc["ends"].startswith("2024-08-05 00:00:00")


def test_midnight_of_a_run_is_a_time_and_no_day(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"id": ["e1"], "administration.stop": [datetime(2024, 8, 6)]})
    parquet.write_table(table, tmp_path / "visits.parquet")
    (doc,) = read(str(tmp_path / "visits.parquet"))
    assert doc["administrations"] == [{"stop": "2024-08-06 00:00:00"}]


def test_bytes_of_parquet_that_are_no_utf8_stay_so_that_they_are_refused(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    ends = pyarrow.array([0, 4, 5], pyarrow.int32()).buffers()[1]
    drugs = pyarrow.Array.from_buffers(
        pyarrow.string(), 2, [None, ends, pyarrow.py_buffer(b"caf\xe9x")]
    )
    table = pyarrow.table({"id": ["e1", "e2"], "administration.drug": drugs})
    parquet.write_table(table, tmp_path / "visits.parquet")
    one, two = flat_documents(str(tmp_path / "visits.parquet"))
    assert b"caf\xe9" in one.text
    assert json.loads(two.text)["administrations"] == [{"drug": "x"}]


def test_an_encounter_in_pieces_is_refused_also_across_tables(tmp_path: Path) -> None:
    stay = "facility,2024-08-05,a1,x,po"
    rows = [f"{id},{stay}" for id in ("e1", "e2", "e1", "e3")]
    first = str(Path(csv_file(tmp_path, *rows)).rename(tmp_path / "first.csv"))
    second = csv_file(tmp_path, f"e3,{stay}", f"e4,{stay}", f"e4,{stay}")
    apart = apart_in([first, second])
    found = [document for name in (first, second) for document in flat_documents(name, apart)]
    wrong = "the rows of encounter `{}` do not stand together"
    e1, e3 = wrong.format("e1"), wrong.format("e3")
    assert [document.wrong for document in found] == [e1, "", e1, e3, e3, ""]


def test_many_ids_are_looked_through_as_few_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flat_ids, "HELD", 3)
    ids = [f"e{n}" for n in range(1_000)]
    whole = csv_file(tmp_path, *ids, head="id")
    assert apart_in([whole]) == frozenset()
    pieces = csv_file(tmp_path, *ids, "e7", "e500", head="id")
    assert apart_in([pieces]) == {digest_of("e7"), digest_of("e500")}
    monkeypatch.setattr(flat_ids, "MOST", 1)
    path = Path(pieces).rename(tmp_path / "unsorted.csv")
    with pytest.raises(UsageError, match=r"more than 1 encounters .* sort the table by `id`"):
        apart_in([str(path)])
