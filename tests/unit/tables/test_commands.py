"""The commands: what they print, as text and as JSON, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infucode.cli.app import run
from infucode.tables.identify import PARTS
from infucode.tables.store import VARIABLE
from tests.unit.tables import files

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "store"))
    files.write_ptp(tmp_path, "ccioph-v302r0.txt")
    files.write_mue(tmp_path)
    files.write_addons(tmp_path)
    return tmp_path


@pytest.fixture
def loaded(here: Path, capsys: Captured) -> Path:
    names = sorted(path.name for path in here.iterdir() if path.is_file())
    assert run(["tables", "import", *names, "--extract"]) == 0
    capsys.readouterr()
    return here


def answer(capsys: Captured, *arguments: str, code: int = 0) -> Any:
    assert run(["tables", *arguments, "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


def test_import_tells_what_it_did(here: Path, capsys: Captured) -> None:
    assert run(["tables", "import", "ccioph-v302r0.txt", "--extract"]) == 0
    out = capsys.readouterr().out
    assert "ptp-facility-2024Q3  imported, 10 rows from ccioph-v302r0.txt; an extract" in out
    data = answer(capsys, "import", "ccioph-v302r0.txt", "--extract")
    assert [(e["name"], e["state"], e["rows"]) for e in data["editions"]] == [
        ("ptp-facility-2024Q3", "there", 10)
    ]


def test_import_refuses_and_asks(here: Path, capsys: Captured) -> None:
    assert run(["tables", "import", "ccioph-v302r0.txt"]) == 5
    assert "this is not all of it" in capsys.readouterr().err
    (here / "ccioph-v302r0.txt").rename(here / "x.txt")
    assert run(["tables", "import", "x.txt", "--extract"]) == 2
    assert "--claim facility" in capsys.readouterr().err
    assert run(["tables", "import", "x.txt", "--claim", "facilty"]) == 2
    assert "did you mean `facility`?" in capsys.readouterr().err
    assert run(["tables", "import", "x.txt", "--quarter", "Q3"]) == 2
    assert "write it as 2024Q3" in capsys.readouterr().err
    assert not list((here / "store").glob("*.db"))


def test_the_number_of_parts_is_the_usual_one() -> None:
    import inspect

    from infucode.cli.tables import import_tables

    assert inspect.signature(import_tables).parameters["parts"].default == PARTS


def test_list_says_what_is_missing(loaded: Path, capsys: Captured) -> None:
    assert run(["tables", "list"]) == 0
    out = capsys.readouterr().out
    assert "ptp-facility-2024Q3" in out and "10 rows from ccioph-v302r0.txt" in out
    professional = out.partition("Professional claims")[2]
    assert "missing: no PTP edits for professional claims of 2024Q3" in professional
    assert "missing: no MUE values for professional claims of 2024Q3" in professional
    data = answer(capsys, "list", "--date", "2024-12-01")
    assert {(a["claim"], a["kind"]): a["basis"] for a in data["answers"]} == {
        ("facility", "ptp"): None, ("facility", "mue"): None, ("facility", "addon"): "standing",
        ("professional", "ptp"): None, ("professional", "mue"): None,
        ("professional", "addon"): "standing",
    }  # fmt: skip


def test_list_of_nothing(here: Path, capsys: Captured) -> None:
    assert run(["tables", "list"]) == 0
    assert "none is imported: `infucode tables import FILE...`" in capsys.readouterr().out


def test_list_shows_a_damaged_table(loaded: Path, capsys: Captured) -> None:
    (loaded / "store" / "addon-2024Q3.db").write_bytes(b"x")
    data = answer(capsys, "list", code=5)
    assert [d["name"] for d in data["damaged"]] == ["addon-2024Q3"]
    assert len(data["editions"]) == 2
    assert run(["tables", "list", "--check"]) == 5
    assert "damaged: this stored table is damaged" in capsys.readouterr().out


def test_show_two_codes(loaded: Path, capsys: Captured) -> None:
    (claim,) = answer(
        capsys, "show", "96365", "96372", "96366", "--date", "2024-08-05", "--claim", "facility"
    )["claims"]
    assert [(e["column1"], e["column2"], e["indicator"]) for e in claim["ptp"]] == [
        ("96365", "96372", 1)
    ]
    assert [(e["indicator"], e["deleted"]) for e in claim["ptp_not_in_force"]] == [
        (0, "2020-12-31")
    ]
    assert [m["code"] for m in claim["mue"]] == ["96365", "96366"]
    assert claim["addons"][0]["primaries"] == ["96365"]
    assert claim["addons"][0]["elsewhere"] == ["96360"]
    assert run(["tables", "show", "96365", "96372", "--date", "2024-08-05"]) == 0
    out = capsys.readouterr().out
    assert "96365 > 96372  a modifier may lift it, since 2021-01-01" in out
    assert "not checked: no PTP edits for professional claims of 2024Q3" in out
    assert "96372  no value is in this extract; that is not the same as no limit" in out


def test_show_one_code_in_both_columns(loaded: Path, capsys: Captured) -> None:
    (claim,) = answer(
        capsys, "show", "96365", "--date", "2024-08-05", "--claim", "facility"
    )["claims"]
    assert [(e["column1"], e["column2"]) for e in claim["ptp"]] == [
        ("96365", "96360"), ("96365", "96372")]  # fmt: skip
    (claim,) = answer(
        capsys, "show", "96372", "--date", "2024-08-05", "--claim", "facility"
    )["claims"]
    assert [(e["column1"], e["column2"]) for e in claim["ptp"]] == [
        ("96360", "96372"), ("96365", "96372")]  # fmt: skip


def test_show_lists_no_endless_pairs(here: Path, capsys: Captured) -> None:
    pairs = [("96365", f"{n:05}", "", "20240701", "*", "1", files.MANUAL) for n in range(50)]
    files.write_ptp(here, "ccioph-v302r0.txt", pairs)
    assert run(["tables", "import", "ccioph-v302r0.txt", "--extract"]) == 0
    shown = ["tables", "show", "96365", "--date", "2024-08-05", "--claim", "facility"]
    assert run(shown) == 0
    assert "and 10 more pairs; `--all` lists them" in capsys.readouterr().out
    assert run([*shown, "--all"]) == 0
    assert "00049" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "9636"], "`9636` is not a code"),
        (["show", "96365", "--date", "5.8.2024"], "is not a date"),
        (["remove", "ptp-facility-2024Q4"], "did you mean `ptp-facility-2024Q3`?"),
        (["remove", "everything"], "there are `addon-2024Q3`, `mue-facility-2024Q3`"),
        (["imort", "x"], "did you mean `import`?"),
    ],
)
def test_what_is_asked_wrongly(
    arguments: list[str], said: str, loaded: Path, capsys: Captured
) -> None:
    assert run(["tables", *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_show_without_tables(here: Path, capsys: Captured) -> None:
    assert run(["tables", "show", "96365"]) == 2
    assert "no table is imported yet" in capsys.readouterr().err


def test_remove_is_all_or_nothing(loaded: Path, capsys: Captured) -> None:
    assert run(["tables", "remove", "addon-2024Q3", "ptp-facility-2099Q1"]) == 2
    assert len(list((loaded / "store").glob("*.db"))) == 3
    capsys.readouterr()
    assert run(["tables", "remove", "addon-2024Q3"]) == 0
    assert capsys.readouterr().out == "removed addon-2024Q3\n"
    assert answer(capsys, "remove", "mue-facility-2024Q3") == {"removed": ["mue-facility-2024Q3"]}
    assert [e["name"] for e in answer(capsys, "list")["editions"]] == ["ptp-facility-2024Q3"]


def test_another_folder(loaded: Path, capsys: Captured) -> None:
    data = answer(capsys, "list", "--tables", str(loaded / "other"))
    assert data["editions"] == [] and data["folder"].endswith("other")


def test_names_are_offered_to_the_shell(loaded: Path) -> None:
    from infucode.cli.tables import complete_table

    assert complete_table("mue") == ["mue-facility-2024Q3"]
    assert len(complete_table("")) == 3
