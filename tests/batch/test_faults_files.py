"""Disks that are full, files that are cut short, documents at a limit: told, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date as Date
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infucode.batch.run import Settings, rejects_of, run_to_file
from infucode.batch.tasks import Question, Task
from infucode.documents import encounter_from_data
from infucode.documents.source import MAX_BYTES
from infucode.errors import UsageError
from tests.batch.drawn import mixed, solved_alone, text_of

ROOT = Path(__file__).resolve().parents[2]
SHOT = {"drug": "x", "category": "therapeutic", "route": "im", "technique": "injection"}
STAY: dict[str, Any] = {"id": "e", "claim": "facility", "place_of_service": "22",
                        "date": "2024-08-05"}  # fmt: skip
DOCS = mixed(24)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.ndjson"
    path.write_bytes(b"".join(text_of(doc) + b"\n" for doc in DOCS))
    return path


def expected() -> bytes:
    return b"".join(solved_alone(encounter_from_data(doc)) for doc in DOCS)


@cache
def no_disks() -> str:
    """Why no small disk can be laid out here; empty where one can."""
    if shutil.which("unshare") is None:
        return "no `unshare` to mount a small disk with, out of everyone's sight"
    try_it = "mount -t tmpfs -o size=64k none /mnt"
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", try_it], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else f"no small disk can be mounted: {done.stderr.strip()}"


def batch(source: Path, output: str) -> str:
    """The command for a shell; it prints its exit code."""
    code = (
        "import sys; from pathlib import Path\n"
        "from infucode.batch.run import Settings, run_to_file\n"
        "from infucode.batch.tasks import Task\n"
        "from infucode.errors import UsageError\n"
        "try:\n"
        f"  run_to_file(Task(), [{str(source)!r}], Path({output!r}), Settings(batch=4, part=4))\n"
        "except UsageError as error:\n"
        "  sys.exit(str(error))\n"
    )
    return f"{sys.executable} - <<'END' && echo finished\n{code}END\n"


def on_a_disk(disk: Path, script: str) -> str:
    """What a script prints that has a disk of 64 kB of its own."""
    mounted = f"mount -t tmpfs -o size=64k none {disk}\ncd {ROOT}\n{script}"
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", mounted], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_disk_that_is_full_costs_nothing_that_is_done(tmp_path: Path, source: Path) -> None:
    if reason := no_disks():
        pytest.skip(reason)
    disk = tmp_path / "disk"
    disk.mkdir()
    kept = tmp_path / "kept.ndjson"
    run = batch(source, str(disk / "out.ndjson"))
    stat = f"stat -c '%n %Y %i' {disk}/out.ndjson.work/00000000.*"
    script = (
        f"head -c 45000 /dev/zero > {disk}/other\n"
        f"({run}) 2>&1\nls {disk} {disk}/out.ndjson.work\nrm {disk}/other\n"
        f"{stat} > {disk}/before\n"
        f"mount -o remount,size=4m {disk}\nsync\n"
        f"{stat} | diff - {disk}/before && echo same\n"
        f"({run}) 2>&1\nls {disk}\ncat {disk}/out.ndjson > {kept}\n"
    )
    first, _, second = on_a_disk(disk, script).partition("same\n")
    assert "cannot be written: no space left on device; what is done is kept" in first
    assert "finished" not in first.split() and "00000000.count.json" in first
    assert ".tmp" not in first and "\nout.ndjson\n" not in first
    assert second.split() == ["finished", "before", "out.ndjson", "out.ndjson.manifest.json",
                              "out.rejects.ndjson"]  # fmt: skip
    assert kept.read_bytes() == expected()


def test_a_disk_that_takes_no_writing_is_told_before_the_work(
    tmp_path: Path, source: Path
) -> None:
    if reason := no_disks():
        pytest.skip(reason)
    disk = tmp_path / "disk"
    disk.mkdir()
    run = batch(source, str(disk / "out.ndjson"))
    said = on_a_disk(disk, f"mount -o remount,ro {disk}\n({run}) 2>&1 || true\nls {disk}\n")
    assert "cannot be written: read-only file system" in said and "finished" not in said.split()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full to write to")
def test_a_stream_that_takes_no_more_is_told(source: Path) -> None:
    command = [sys.executable, "-m", "infucode", "batch", "solve", "-", "-o", "-"]
    with source.open("rb") as documents, Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdin=documents, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            check=False,
        )  # fmt: skip
    said = " ".join(done.stderr.split())
    assert done.returncode == 2, said
    assert "the answers cannot be written: no space left on device; write them to a file" in said


def test_a_truncated_table_is_told_before_the_work(tmp_path: Path, source: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    path, output = tmp_path / "visits.parquet", tmp_path / "out.ndjson"
    row = {**STAY, **{f"administration.{k}": v for k, v in {"id": "a1", **SHOT}.items()}}
    rows = [row | {"id": f"e{n}"} for n in range(30)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=10)
    whole = path.read_bytes()
    for length in (0, 3, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(UsageError, match=r"visits.parquet` is no Parquet file that can be"):
            run_to_file(Task(), [str(source), str(path)], output, Settings())
        assert [item.name for item in tmp_path.iterdir() if item.name.startswith("out")] == []
    path.write_bytes(whole)
    counts = run_to_file(Task(), [str(path)], output, Settings(batch=7, part=7))
    assert counts.read == counts.answered.total() == 30


def ran(tmp_path: Path, texts: list[bytes], question: Question = Question.solve) -> list[Any]:
    """The rejects of documents on lines of their own; those between them are always answered."""
    good = text_of(mixed(1)[0])
    lines = [line for text in texts for line in (text, good)]
    path, output = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    counts = run_to_file(Task(question), [str(path)], output, Settings(force=True, batch=3))
    rejects = [json.loads(line) for line in rejects_of(output).read_bytes().splitlines()]
    assert counts.read == len(lines) == counts.answered.total() + len(rejects)
    assert output.read_bytes().count(b"\n") == counts.answered.total()
    return rejects


def given(count: int, **more: Any) -> dict[str, Any]:
    return {**STAY, "administrations": [{"id": f"a{n}", **SHOT, **more} for n in range(count)]}


def claim(count: int) -> dict[str, Any]:
    lines = [{"id": f"L{n}", "code": "99213", "units": 1} for n in range(count)]
    return given(1) | {"claim_lines": lines}


def days(count: int) -> dict[str, Any]:
    last = Date(2024, 8, 5) + timedelta(days=count - 1)
    ran = {"technique": "infusion", "route": "iv", "start": "2024-08-05 10:00"}
    return given(1, **ran, stop=f"{last.isoformat()} 11:00")


def sized(size: int) -> bytes:
    """A document of so many bytes."""
    text = text_of(given(1))
    return text[:-1] + b" " * (size - len(text)) + b"}"


@pytest.mark.parametrize(
    ("at", "above", "limit"),
    (
        (text_of(given(500)), text_of(given(501)), "limit of 500"),
        (text_of(claim(500)), text_of(claim(501)), "limit of 500"),
        (text_of(days(62)), text_of(days(63)), "62 days"),
        (sized(MAX_BYTES), sized(MAX_BYTES + 1), "limit of 1 MB"),
    ),
    ids=("administrations", "claim lines", "days", "bytes"),
)
def test_at_a_limit_it_is_answered_and_above_it_is_rejected(
    at: bytes, above: bytes, limit: str, tmp_path: Path
) -> None:
    (reject,) = ran(tmp_path, [at, above])
    assert reject["line"] == 3 and reject["error"] == "document"
    assert limit in json.dumps(reject["problems"])


def test_what_is_no_utf_8_and_what_ends_half_way_is_rejected_alone(tmp_path: Path) -> None:
    good = text_of(mixed(1)[0])
    bad = [good.replace(b'"e0"', b'"e\xc3("'), b"\xff\xfe" + good, good[:-40], b"\x00", b"{}"]
    rejects = ran(tmp_path, bad)
    assert [item["line"] for item in rejects] == [1, 3, 5, 7, 9]
    said = [item["problems"][0]["message"] for item in rejects]
    assert "0xc3 is not valid UTF-8" in said[0] and "0xff is not valid UTF-8" in said[1]


def test_the_last_line_counts_with_or_without_its_end(tmp_path: Path) -> None:
    path, output = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    lines = b"\r\n".join(text_of(doc) for doc in DOCS)
    for text, refused in ((lines, 0), (lines + b"\n", 0), (lines[:-30], 1)):
        path.write_bytes(text)
        counts = run_to_file(Task(), [str(path)], output, Settings(force=True))
        assert (counts.read, counts.rejected.total()) == (len(DOCS), refused)
    (reject,) = rejects_of(output).read_bytes().splitlines()
    assert json.loads(reject)["line"] == len(DOCS)
    assert output.read_bytes() == b"".join(expected().splitlines(keepends=True)[:-1])
