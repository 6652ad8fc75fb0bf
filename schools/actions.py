"""Writes beside the import itself: uploaded lists, schools that close and open again."""

from datetime import date, datetime

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from accounts import russian
from accounts.models import Organization, Region, User
from obligations.reconciling import reconcile_region
from schools.models import SchoolStatusChange, SchoolUpload

log = structlog.get_logger(__name__)


class SchoolUnchanged(Exception):
    """The school is already what it was to become; the message is for the person who tried."""


def keep_upload(
    *, region: Region, academic_year: int, data: bytes, filename: str, checksum: str, by: User, now: datetime
) -> SchoolUpload:
    """Keep an uploaded list until its sender has looked at it; lists nobody came back for go on the way."""
    forget_uploads(now=now)
    upload = SchoolUpload(
        region=region, academic_year=academic_year, filename=filename, checksum=checksum, by=by, at=now
    )
    upload.file.save("", ContentFile(data), save=False)
    try:
        upload.save(force_insert=True)
    except BaseException:
        upload.file.storage.delete(upload.file.name or "")
        raise
    return upload


def forget_uploads(*, now: datetime) -> int:
    """Delete the uploads, with their files, that are older than a day; return how many."""
    forgotten = 0
    for upload in SchoolUpload.objects.outdated(now):
        with transaction.atomic():
            drop_file(upload)
            forgotten += SchoolUpload.objects.filter(pk=upload.pk).delete()[0]
    return forgotten


def drop_file(upload: SchoolUpload) -> None:
    """Delete the upload's file once the transaction around this is committed."""
    name, storage = upload.file.name, upload.file.storage
    if name:
        transaction.on_commit(lambda: _delete(storage, name))


def _delete(storage: Storage, name: str) -> None:
    try:
        storage.delete(name)
    except OSError:
        # The row is gone and nobody reads the file again; the disk's trouble is the log's business.
        log.exception("school_list_not_deleted", file=name)


def close_school(*, school: Organization, on: date, reason: str, by: User, now: datetime) -> SchoolStatusChange:
    """Close a school and release it from what it owes. Raises SchoolUnchanged when it is closed already."""
    return _change_status(school, is_open=False, on=on, reason=reason, by=by, now=now)


def reopen_school(*, school: Organization, on: date, reason: str, by: User, now: datetime) -> SchoolStatusChange:
    """Open a school again and give it what it owes from now on. Raises SchoolUnchanged when it is open."""
    return _change_status(school, is_open=True, on=on, reason=reason, by=by, now=now)


def _change_status(
    school: Organization, *, is_open: bool, on: date, reason: str, by: User, now: datetime
) -> SchoolStatusChange:
    """Change the school, keep who did it and why, and let its obligations follow, all or nothing."""
    with transaction.atomic():
        locked = Organization.objects.select_for_update(of=("self",)).select_related("region").get(pk=school.pk)
        if locked.is_active == is_open:
            raise SchoolUnchanged(f"Школа уже {'открыта' if is_open else 'закрыта'}.")
        locked.is_active = is_open
        locked.save(update_fields=["is_active"])
        opened = "открыта вновь" if is_open else "закрыта"
        added, cancelled = reconcile_region(
            region=locked.region,
            by=by,
            at=now,
            organizations=[locked.pk],
            note=f"Школа {opened} с {russian.day(on)}: {reason.strip()}",
        )
        change = SchoolStatusChange.objects.create(
            organization=locked,
            is_open=is_open,
            on=on,
            reason=reason.strip(),
            obligations_added=added,
            obligations_cancelled=cancelled,
            by=by,
            at=now,
        )
    school.refresh_from_db()
    return change
