"""School lists in Excel: looked at, taken over, taken over once more.

The limit reads the same bytes with calamine and writes what the list says by one upsert into one table: like the
portal's organizations, with further columns for what the portal keeps in tables beside them. Both are taken back at the
end, after PostgreSQL has checked the foreign keys.
"""

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from python_calamine import CalamineWorkbook

from accounts.models import Organization, Region
from accounts.reference import load_region
from bench import databases
from bench.figures import MEGABYTES, Figure
from bench.inserting import insert, table
from bench.lists import school_list
from bench.memory import peak
from bench.population import ACADEMIC_YEAR, NOW
from bench.rounds import in_turn
from schools.imports import import_school_list
from schools.models import Level

DATABASE, TWIN, FILENAME = "bench_lists", "bench_organization", "schools.xlsx"
SCHOOLS, SCHOOLS_AT_MOST = 5_000, 40_000
GOAL, MOST_MEGABYTES = 2.5, 512
ROUNDS = 5

# Where the list has what the upsert writes, in an organization's columns and in further ones.
CELLS = {"place": 1, "name": 2, "short_name": 3, "inn": 4, "level": 5, "ticket": 6, "site": 11}
CONTACT = {"contact_name": 7, "contact_post": 8, "contact_email": 9, "contact_phone": 10}
FURTHER = {"level_id": "level.id", "ticket": "listed.ticket = 'да'", **{name: f"listed.{name}" for name in CONTACT}}
VALUES = {
    "region": "%(region)s",
    "parent": "parent.id",
    "kind": "'school'",
    **{name: f"listed.{name}" for name in ("name", "short_name", "inn", "site")},
}
READ = (*CELLS, *CONTACT)
LISTED = f"""unnest({", ".join(f"%({name})s" for name in READ)}) AS listed ({", ".join(READ)})
JOIN {table(Organization)} parent ON parent.region_id = %(region)s AND parent.short_name = listed.place
JOIN {table(Level)} level ON level.title = listed.level"""
CONFLICT = "(region_id, inn) WHERE NOT inn = '' DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in ("parent_id", "name", "short_name", "site", *FURTHER)
)


def measure() -> Iterator[Figure]:
    """Measure preview, first import and second import of 5,000 schools, and the memory of 40,000."""
    databases.create(DATABASE)
    load_region()
    region = Region.objects.get()
    databases.execute(f"CREATE TABLE {TWIN} (LIKE {table(Organization)} INCLUDING ALL)")
    contact = ", ".join(f"ADD {name} text" for name in CONTACT)
    databases.execute(f"ALTER TABLE {TWIN} ADD level_id bigint, ADD ticket boolean, {contact}")
    for column, model in (("region_id", Region), ("parent_id", Organization), ("level_id", Level)):
        databases.execute(f"ALTER TABLE {TWIN} ADD FOREIGN KEY ({column}) REFERENCES {table(model)} (id)")
    data = school_list(SCHOOLS)
    look = partial(_import, region, data, dry_run=True)
    take = partial(_import, region, data, dry_run=False)
    limit = partial(_taken_back, partial(_upsert, region, data))
    yield _figure("preview", look, limit)
    yield _figure("first import", partial(_taken_back, take), limit)
    take()
    databases.settle()
    yield _figure("second import", partial(_taken_back, take), limit)
    yield _memory()
    databases.drop(DATABASE)


def _figure(name: str, ours: Callable[[], object], limit: Callable[[], object]) -> Figure:
    taken = in_turn(ours, limit, rounds=ROUNDS)
    return Figure(f"school list: {name}", f"{SCHOOLS:,} rows", taken.ours, taken.limit, GOAL)


def _import(region: Region, data: bytes, *, dry_run: bool) -> None:
    outcome = import_school_list(
        region=region,
        data=data,
        filename=FILENAME,
        academic_year=ACADEMIC_YEAR,
        by=None,
        now=NOW,
        dry_run=dry_run,
    )
    if outcome.is_refused or outcome.created + outcome.changed + outcome.unchanged != SCHOOLS:
        raise AssertionError(f"The list of the bench is refused: {outcome.problems[:3]}")


def _upsert(region: Region, data: bytes) -> None:
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    columns = [list(column) for column in zip(*rows, strict=True)]
    values = {name: columns[index] for name, index in (CELLS | CONTACT).items()}
    written = insert(
        Organization, VALUES, LISTED, {"region": region.pk, **values}, into=TWIN, further=FURTHER, conflict=CONFLICT
    )
    if written != SCHOOLS:
        raise AssertionError(f"{written} schools written under {head}")


def _taken_back(work: Callable[[], object]) -> None:
    """Do the work to the last check of the database, and leave nothing of it."""
    with transaction.atomic():
        work()
        databases.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _memory() -> Figure:
    """Import 40,000 schools by the command, as from a shell, and watch its memory."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / FILENAME
        path.write_bytes(school_list(SCHOOLS_AT_MOST))
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_schools", str(path)]
        server = os.environ["DATABASE_URL"].rpartition("/")[0]
        env = {**os.environ, "DATABASE_URL": f"{server}/{DATABASE}"}
        most = peak([*command, "--year", str(ACADEMIC_YEAR), "--json"], env)
    return Figure(
        "school list: memory", f"{SCHOOLS_AT_MOST:,} rows", [most], [MOST_MEGABYTES], goal=1.0, unit=MEGABYTES
    )
