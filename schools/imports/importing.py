"""The import of a list from end to end; a preview is the same function that stops before writing."""

import hashlib
from datetime import datetime

import structlog
from django.db import IntegrityError

from accounts.models import Region, User
from schools.imports.collecting import uncollected
from schools.imports.engine import Asked, Findings, ListResource
from schools.imports.habits import Habits
from schools.imports.listings import RESOURCES
from schools.imports.plan import ImportOutcome, outcome_of
from schools.imports.problems import ImportProblem
from schools.imports.reading import SchoolList, read_list
from schools.imports.revisions import Revision
from schools.models import ListKind, SchoolImport

log = structlog.get_logger(__name__)


@uncollected()
def import_school_list(
    *,
    region: Region,
    data: bytes,
    filename: str,
    academic_year: int,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    only_good: bool = False,
) -> ImportOutcome:
    """Read a list of a region's schools and take it over, whole or, where anything is wrong, not at all.

    Schools are matched by INN. Levels and traits are written for `academic_year` (its first calendar year). Schools
    that the list does not name stay as they are. With `dry_run` nothing is written and the outcome is the same. With
    `only_good` the rows in which nothing is wrong are taken over while the others wait.
    """
    return import_rows(
        region=region,
        listed=read_list(data, filename, habits=Habits.of(region)),
        filename=filename,
        checksum=checksum_of(data),
        academic_year=academic_year,
        by=by,
        now=now,
        dry_run=dry_run,
        only_good=only_good,
    )


def checksum_of(data: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@uncollected()
def import_rows(
    *,
    region: Region,
    listed: SchoolList,
    filename: str,
    checksum: str,
    academic_year: int,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    only_good: bool = False,
    repair: bool = False,
    listing: str = ListKind.SCHOOLS,
) -> ImportOutcome:
    """Do the same with a list of any kind that has been read already."""
    records: list[SchoolImport] = []

    def write(resource: ListResource, findings: Findings) -> None:
        revision = Revision(resource, findings)
        done = resource.store(findings, Asked(filename, by, now))
        records.append(
            SchoolImport.objects.create(
                listing=listing,
                region=region,
                academic_year=academic_year,
                filename=filename[-255:],
                checksum=checksum,
                created=len(findings.created),
                changed=len(findings.changed),
                unchanged=len(findings.unchanged),
                obligations_added=done.added,
                obligations_cancelled=done.cancelled,
                by=by,
                at=now,
            )
        )
        revision.keep(records[0])

    if not listed.rows:
        return ImportOutcome(
            problems=listed.problems, remarks=listed.remarks, layout=RESOURCES[listing].layout, tables=listed.tables
        )
    resource = RESOURCES[listing](
        region=region,
        academic_year=academic_year,
        rows=listed.rows,
        # What could not be read is missing from the rows: such a list is checked on, for all errors at once, and left.
        write=None if dry_run or (listed.problems and not only_good) else write,
        only_good=only_good,
        repair=repair,
    )
    try:
        findings = resource.run()
    except IntegrityError:
        log.warning("list_import_collided", region=region.code, by=by.pk if by else None, exc_info=True)
        return ImportOutcome(
            problems=(ImportProblem("Пока шла загрузка, реестр изменил кто-то другой. Повторите загрузку."),)
        )
    outcome = outcome_of(
        resource,
        findings,
        listed=listed,
        record=next(iter(records), None),
        only_good=only_good,
        # Only who looks at a preview wants to know; for whom it is written has seen it.
        beside=resource.beside(findings) if dry_run else None,
    )
    if outcome.record:
        log.info(
            "list_imported",
            listing=str(listing),
            region=region.code,
            academic_year=academic_year,
            created=outcome.created,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
            obligations_added=outcome.record.obligations_added,
            by=by.pk if by else None,
        )
    return outcome
