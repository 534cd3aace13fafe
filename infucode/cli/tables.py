"""`infucode tables`: the CMS tables that a user imports, kept on this machine."""

from __future__ import annotations

from datetime import date as Date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.formats import Format
from infucode.cli.options import Output, read_date
from infucode.cli.output import note, stdout
from infucode.cli.progress import bars
from infucode.errors import TablesError, UsageError


class Claim(StrEnum):
    """The claim types of the tables: outpatient hospital, and practitioner with ASC."""

    facility = "facility"
    professional = "professional"


class Kind(StrEnum):
    """The tables that can be imported."""

    ptp = "ptp"
    mue = "mue"
    addon = "addon"


app = typer.Typer(
    help="Import the CMS tables (PTP, MUE, add-on codes) and look into them.",
    epilog=examples(
        "infucode tables import ccioph-v302r0-f*.zip", "infucode tables list --date 2024-08-05"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


def complete_table(incomplete: str) -> list[str]:
    """The imported tables that begin so."""
    from infucode.errors import InfucodeError
    from infucode.tables import Store

    try:
        return [name for name in Store().names() if name.startswith(incomplete)]
    except InfucodeError:
        return []


Folder = Annotated[
    Path | None,
    typer.Option(
        "--tables",
        metavar="DIR",
        help="The folder of the tables (also INFUCODE_TABLES).",
        show_default=False,
    ),
]
Names = Annotated[
    list[str],
    typer.Argument(metavar="TABLE...", help="As list names it.", autocompletion=complete_table),
]
OnDate = Annotated[
    str | None,
    typer.Option("--date", metavar="DATE", help="A date of service.", show_default=False),
]


@app.command(
    "import",
    help="Import files as CMS publishes them: zip, text, CSV or workbook. What a file does not "
    "tell by its layout or name is asked for. A damaged or half file is refused whole.",
    epilog=examples(
        "infucode tables import ccioph-v302r0-f*.zip",
        "infucode tables import mue.csv --quarter 2024Q3",
    ),
)
def import_tables(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="All files of an edition, part files at once."),
    ],
    claim: Annotated[
        Claim | None,
        typer.Option("--claim", help="The claims that the table is for.", show_default=False),
    ] = None,
    quarter: Annotated[
        str | None,
        typer.Option(
            "--quarter", metavar="2024Q3", help="When it is in force.", show_default=False
        ),
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help="Refuse any other table.", show_default=False)
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of one with other rows.")
    ] = False,
    extract: Annotated[
        bool,
        typer.Option("--extract", help="It is a part of the table; every answer will say so."),
    ] = False,
    parts: Annotated[
        int, typer.Option("--parts", min=1, max=99, help="Part files of a PTP table.")
    ] = 4,
    output: Output = Format.text,
    tables: Folder = None,
) -> int:
    """All of the files, or none."""
    from infucode.render.json_view import dumps
    from infucode.render.tables_json import imported_data
    from infucode.render.tables_view import render_imported
    from infucode.tables import Quarter, Store
    from infucode.tables.identify import Wishes
    from infucode.tables.importing import import_files

    wanted = Quarter.parse(quarter) if quarter is not None else None
    wishes = Wishes(claim, wanted, kind, replace, extract, parts)
    with Store(tables) as store, bars() as progress:
        imported, notes = import_files(files, store, wishes, progress)
    found = [(item.state, item.edition) for item in imported]
    if output is Format.json:
        typer.echo(dumps(imported_data(found, notes)), nl=False)
        return 0
    for told in notes:
        note(told)
    render_imported(found, stdout())
    return 0


@app.command(
    "list",
    help="List the imported tables, and for each quarter what answers and what is missing.",
    epilog=examples("infucode tables list", "infucode tables list --date 2024-08-05"),
)
def list_tables(
    date: OnDate = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read every table from end to end.")
    ] = False,
    output: Output = Format.text,
    tables: Folder = None,
) -> int:
    """What is there; a damaged table is listed as such."""
    from infucode.render.json_view import dumps
    from infucode.render.tables_json import tables_data
    from infucode.render.tables_view import render_tables
    from infucode.tables import Store
    from infucode.tables.looking import covers

    day = read_date(date)
    with Store(tables) as store:
        editions, damage = [], []
        for name in store.names():
            try:
                editions.append(store.verify(name) if check else store.edition(name))
            except TablesError as error:
                damage.append((name, error.problems[0].message))
        answers = [] if damage else covers(store, day)
        folder = str(store.place())
    if output is Format.json:
        typer.echo(dumps(tables_data(folder, editions, damage, answers)), nl=False)
    else:
        render_tables(folder, editions, damage, answers, stdout())
    return TablesError.exit_code if damage else 0


@app.command(
    "show",
    help="Show the edits between codes, their MUE values and, of add-on codes, the lawful "
    "primaries, in force on a date. Of one code, every pair that it is in.",
    epilog=examples(
        "infucode tables show 36000 36410 --date 2024-08-05",
        "infucode tables show 36000 --claim facility --date 2024-08-05",
    ),
)
def show_codes(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...", help="CPT or HCPCS codes.")],
    date: OnDate = None,
    claim: Annotated[
        Claim | None, typer.Option("--claim", help="Only these claims.", show_default=False)
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="List every pair.")] = False,
    output: Output = Format.text,
    tables: Folder = None,
) -> int:
    """Today, where no date is given."""
    from infucode.render.json_view import dumps
    from infucode.render.tables_json import looked_data
    from infucode.render.tables_view import render_looked
    from infucode.tables import Store
    from infucode.tables.looking import look_up, read_codes

    wanted, day = read_codes(codes), read_date(date) or Date.today()
    with Store(tables) as store:
        if not store.names():
            raise UsageError("no table is imported yet: `infucode tables import FILE...`")
        looks = [look_up(store, wanted, day, each) for each in ([claim] if claim else Claim)]
    if output is Format.json:
        typer.echo(dumps(looked_data(looks)), nl=False)
    else:
        render_looked(looks, stdout(), whole=whole)
    return 0


@app.command(
    "remove",
    help="Drop imported tables from the folder.",
    epilog=examples(
        "infucode tables remove ptp-facility-2024Q3", "infucode tables remove addon-2024Q3"
    ),
)
def remove_tables(names: Names, output: Output = Format.text, tables: Folder = None) -> int:
    """All that are named, or none if a name is wrong."""
    from infucode.render.json_view import dumps
    from infucode.tables import Store

    with Store(tables) as store:
        for name in names:
            store.known(name)
        for name in dict.fromkeys(names):
            store.remove(name)
    if output is Format.json:
        typer.echo(dumps({"removed": list(dict.fromkeys(names))}), nl=False)
    else:
        for name in dict.fromkeys(names):
            typer.echo(f"removed {name}")
    return 0
