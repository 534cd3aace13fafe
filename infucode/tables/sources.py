"""The files of a command line as tables: texts, workbooks, and what lies in zips."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from glob import glob
from pathlib import Path, PurePosixPath
from typing import IO

from infucode.errors import UsageError
from infucode.tables.editions import Origin
from infucode.tables.findings import refused
from infucode.tables.texts import TextTable
from infucode.tables.workbook import WorkbookTable

MOST_BYTES = 2_000_000_000
"""The largest member of a zip that is read: no table of CMS comes near it."""
_TEXTS, _BOOKS = (".txt", ".csv", ".tsv"), (".xlsx", ".xlsm")
_BLOCK = 1 << 20
_WORKBOOK_PART = "xl/workbook.xml"
_OLD_BOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Source:
    """One table file: ``label`` names it in messages, ``names`` are what may tell its edition."""

    label: str
    names: tuple[str, ...]
    origin: Origin
    table: TextTable | WorkbookTable
    stem: str

    @property
    def is_text(self) -> bool:
        return isinstance(self.table, TextTable)


def expand(paths: Sequence[str]) -> list[Path]:
    """The files of a command line, patterns filled in. Raises UsageError for what is none."""
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            raise UsageError(f"`{text}` is a folder; name the files in it: `{text}/*.zip`")
        if path.exists():
            found.append(path)
        elif matches := sorted(glob(text)):  # noqa: PTH207
            found.extend(Path(match) for match in matches)
        else:
            raise UsageError(f"there is no file `{text}`{_near(path)}")
    return list(dict.fromkeys(found))


def _near(path: Path) -> str:
    from infucode.rulebook.nearest import nearest

    try:
        names = tuple(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return ""
    hint = nearest(path.name, names[:1000])
    return f"; {hint}" if hint else ""


def sources_of(path: Path) -> tuple[list[Source], list[str]]:
    """The tables in one file, and notes on what of a zip was left aside.

    Raises TablesError for a file that cannot be read or that holds no table.
    """
    label = str(path)
    try:
        digest = _digest(path)
        with path.open("rb") as file:
            start = file.read(8)
        is_zip = start[:2] == b"PK"
        if is_zip and not _is_workbook(path):
            return _zipped(path, label, digest)
        if start[:4] == _OLD_BOOK:
            raise refused(label, "this is an old .xls workbook", "give the .txt, .csv or .xlsx")
        origin = Origin(path.name, "", digest)
        opener = partial(_open_file, path)
        table: TextTable | WorkbookTable
        if is_zip:
            table = WorkbookTable(opener, label)
        else:
            table = TextTable(opener, label, path.stat().st_size)
    except zipfile.BadZipFile as error:
        raise refused(label, f"this zip is damaged: {error}", "download it again") from None
    except OSError as error:
        raise refused(label, f"cannot be read: {error.strerror or error}") from None
    return [Source(label, (path.name,), origin, table, path.stem.lower())], []


def _open_file(path: Path) -> IO[bytes]:
    return path.open("rb")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return _WORKBOOK_PART in archive.namelist()


def _zipped(path: Path, label: str, digest: str) -> tuple[list[Source], list[str]]:
    found: list[Source] = []
    aside: list[str] = []
    with zipfile.ZipFile(path) as archive:
        members = list(_members(archive, label))
    texts = {PurePosixPath(m.filename).stem.lower() for m in members if _is(m, _TEXTS)}
    for member in members:
        name = PurePosixPath(member.filename)
        inner = f"{label}!{member.filename}"
        if _is(member, _BOOKS) and name.stem.lower() in texts:
            aside.append(f"{inner}: left aside, the text beside it is the same table")
            continue
        _readable(path, member, inner)
        origin = Origin(path.name, member.filename, digest)
        opener = partial(_open_member, path, member.filename)
        table: TextTable | WorkbookTable
        if _is(member, _BOOKS):
            table = WorkbookTable(partial(_whole_member, path, member.filename), inner)
        else:
            table = TextTable(opener, inner, member.file_size)
        names = (path.name, name.name)
        found.append(Source(inner, names, origin, table, name.stem.lower()))
    if not found:
        raise refused(label, "there is no .txt, .csv or .xlsx in this zip")
    return found, aside


def _is(member: zipfile.ZipInfo, endings: tuple[str, ...]) -> bool:
    return member.filename.lower().endswith(endings)


def _members(archive: zipfile.ZipFile, label: str) -> Iterator[zipfile.ZipInfo]:
    for member in archive.infolist():
        name = PurePosixPath(member.filename)
        if member.is_dir() or "__MACOSX" in name.parts or name.name.startswith((".", "~$")):
            continue
        if _is(member, (".zip",)):
            inner = f"{label}!{member.filename}"
            raise refused(inner, "a zip within a zip is not opened", "unpack it first")
        if _is(member, _TEXTS + _BOOKS):
            if member.file_size > MOST_BYTES:
                raise refused(f"{label}!{member.filename}", "this member is larger than 2 GB")
            yield member


def _readable(path: Path, member: zipfile.ZipInfo, inner: str) -> None:
    """Read a member to its end, so that its checksum is known to be right. Raises TablesError."""
    try:
        with _open_member(path, member.filename) as file:
            while file.read(_BLOCK):
                pass
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise refused(inner, f"this zip is damaged: {error}", "download it again") from None
    except (RuntimeError, NotImplementedError) as error:
        said = str(error).split(",")[0].lower()
        raise refused(inner, f"cannot be unpacked here: {said}", "unpack it first") from None
    except Exception as error:  # zlib, lzma and bz2 have errors of their own
        raise refused(inner, f"this zip is damaged: {error}", "download it again") from None


def _open_member(path: Path, name: str) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    try:
        member = archive.open(name)
    except BaseException:
        archive.close()
        raise
    close = member.close

    def close_both() -> None:
        close()
        archive.close()

    member.close = close_both  # type: ignore[method-assign]
    return member


def _whole_member(path: Path, name: str) -> IO[bytes]:
    """A member in memory: a workbook is itself a zip and is read from its end."""
    with _open_member(path, name) as file:
        return io.BytesIO(file.read())
