"""The flat form: rows become the documents that they stand for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infucode.batch.flat import flat_documents
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


def test_a_row_with_too_many_cells_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"visits.csv:2` has 7 cells"):
        read(csv_file(tmp_path, "1,2,3,4,5,6,7"))


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
