"""The import of a school list from end to end; a preview is the same function that stops before writing."""

import hashlib
from datetime import datetime

import structlog
from django.db import IntegrityError

from accounts.models import Region, User
from obligations.reconciling import reconcile_region
from schools.actions import note_status_changes
from schools.imports.applying import write_schools
from schools.imports.collecting import uncollected
from schools.imports.history import tell_imported
from schools.imports.plan import ImportOutcome, Planner
from schools.imports.problems import ImportProblem
from schools.imports.reading import SchoolList, read_list
from schools.imports.resource import Findings, SchoolResource
from schools.models import SchoolImport

log = structlog.get_logger(__name__)

# So much of a file's name is told in the histories.
_NAMED = 120


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
        listed=read_list(data, filename),
        filename=filename,
        checksum=checksum_of(data),
        academic_year=academic_year,
        by=by,
        now=now,
        dry_run=dry_run,
        only_good=only_good,
    )


def _opened_and_closed(findings: Findings) -> dict[int, bool]:
    """Schools, by id, that the list closes or opens again; True is open."""
    return {
        after.pk: after.is_active
        for _, before, after in findings.changed
        if after.pk is not None and before.is_active != after.is_active
    }


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
) -> ImportOutcome:
    """Do the same with a list that has been read already."""
    records: list[SchoolImport] = []

    def write(resource: SchoolResource, findings: Findings) -> None:
        write_schools(findings, region=region, academic_year=academic_year, levels=resource.levels)
        tell_imported(
            findings,
            region=region,
            academic_year=academic_year,
            levels=resource.levels,
            filename=filename,
            by=by,
            at=now,
        )
        created, changed = len(findings.created), len(findings.changed)
        added = cancelled = 0
        if created or changed:
            reason = f"Загружен список школ «{filename[-_NAMED:]}»."
            added, cancelled = reconcile_region(region=region, academic_year=academic_year, by=by, at=now, note=reason)
            if turned := _opened_and_closed(findings):
                note_status_changes(changed=turned, reason=reason, on=region.local(now).date(), by=by, now=now)
        records.append(
            SchoolImport.objects.create(
                region=region,
                academic_year=academic_year,
                filename=filename[-255:],
                checksum=checksum,
                created=created,
                changed=changed,
                unchanged=len(findings.unchanged),
                obligations_added=added,
                obligations_cancelled=cancelled,
                by=by,
                at=now,
            )
        )

    if not listed.rows:
        return ImportOutcome(problems=listed.problems, remarks=listed.remarks)
    resource = SchoolResource(
        region=region,
        academic_year=academic_year,
        rows=listed.rows,
        # What could not be read is missing from the rows: such a list is checked on, for all errors at once, and left.
        write=None if dry_run or (listed.problems and not only_good) else write,
        only_good=only_good,
    )
    try:
        findings = resource.run()
    except IntegrityError:
        log.warning("school_import_collided", region=region.code, by=by.pk if by else None, exc_info=True)
        return ImportOutcome(
            problems=(ImportProblem("Пока шла загрузка, реестр изменил кто-то другой. Повторите загрузку."),)
        )
    planner = Planner(labels=resource.places.labels, levels=resource.levels)
    outcome = planner.outcome(
        findings,
        problems=listed.problems,
        remarks=listed.remarks,
        record=next(iter(records), None),
        only_good=only_good,
    )
    if outcome.record:
        log.info(
            "schools_imported",
            region=region.code,
            academic_year=academic_year,
            created=outcome.created,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
            obligations_added=outcome.record.obligations_added,
            by=by.pk if by else None,
        )
    return outcome
