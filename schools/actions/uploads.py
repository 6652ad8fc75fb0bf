"""Lists that were uploaded and wait to be imported."""

from datetime import datetime

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from accounts.models import Region, User
from schools.models import ListKind, SchoolUpload

log = structlog.get_logger(__name__)


def keep_upload(
    *,
    region: Region,
    academic_year: int,
    data: bytes,
    filename: str,
    checksum: str,
    by: User,
    now: datetime,
    listing: str = ListKind.SCHOOLS,
) -> SchoolUpload:
    """Keep an uploaded list until its sender has looked at it; lists nobody came back for go on the way."""
    forget_uploads(now=now)
    upload = SchoolUpload(
        region=region,
        academic_year=academic_year,
        filename=filename,
        checksum=checksum,
        by=by,
        at=now,
        listing=listing,
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
