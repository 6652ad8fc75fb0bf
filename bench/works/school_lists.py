"""School lists in Excel: looked at, taken over, taken over once more.

The limit reads the same bytes with calamine and writes the schools by one upsert into a table like the portal's
organizations. Both are taken back at the end, after PostgreSQL has checked the foreign keys.
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

DATABASE, TWIN, FILENAME = "bench_lists", "bench_organization", "schools.xlsx"
SCHOOLS, SCHOOLS_AT_MOST = 5_000, 40_000
GOAL, MOST_MEGABYTES = 2.5, 512
ROUNDS = 5

# What the upsert writes of each school: the columns of the list that belong to an organization.
VALUES = {
    "region": "%(region)s",
    "parent": "parent.id",
    "kind": "'school'",
    "name": "listed.name",
    "short_name": "listed.short_name",
    "inn": "listed.inn",
    "site": "listed.site",
}
LISTED = """unnest(%(places)s, %(names)s, %(short_names)s, %(inns)s, %(sites)s)
  AS listed (place, name, short_name, inn, site)
JOIN {organization} parent ON parent.region_id = %(region)s AND parent.short_name = listed.place"""
CONFLICT = """(region_id, inn) WHERE NOT inn = '' DO UPDATE
SET parent_id = excluded.parent_id, name = excluded.name, short_name = excluded.short_name, site = excluded.site"""


def measure() -> Iterator[Figure]:
    """Measure preview, first import and second import of 5,000 schools, and the memory of 40,000."""
    databases.create(DATABASE)
    load_region()
    region = Region.objects.get()
    databases.execute(f"CREATE TABLE {TWIN} (LIKE {table(Organization)} INCLUDING ALL)")
    for column, model in (("region_id", Region), ("parent_id", Organization)):
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
    written = insert(
        Organization,
        VALUES,
        LISTED.format(organization=table(Organization)),
        {
            "region": region.pk,
            "places": columns[1],
            "names": columns[2],
            "short_names": columns[3],
            "inns": columns[4],
            "sites": columns[11],
        },
        into=TWIN,
        conflict=CONFLICT,
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
