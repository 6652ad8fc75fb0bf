"""Previewing and importing the list that a person has uploaded."""

from datetime import datetime

from schools.actions import drop_file
from schools.imports.collecting import uncollected
from schools.imports.importing import checksum_of, import_rows
from schools.imports.plan import ImportOutcome
from schools.imports.problems import ImportProblem
from schools.imports.reading import SchoolList, read_list
from schools.models import SchoolUpload

_LOST = SchoolList(problems=(ImportProblem("Файл больше не хранится. Загрузите его ещё раз."),))


@uncollected()
def preview_upload(*, upload: SchoolUpload, now: datetime) -> ImportOutcome:
    """What importing the uploaded list would do to the registry as it is now. Writes nothing."""
    return _import(upload, read_upload(upload), now=now, dry_run=True)


def import_upload(*, upload: SchoolUpload, listed: SchoolList, now: datetime) -> ImportOutcome:
    """Import the uploaded list, which has been read. Its file goes then. Runs inside the transaction of the work."""
    outcome = _import(upload, listed, now=now, dry_run=False)
    if outcome.record:
        drop_file(upload)
        upload.outcome, upload.file = outcome.record, ""
        upload.save(update_fields=["outcome", "file"])
    return outcome


def read_upload(upload: SchoolUpload) -> SchoolList:
    """The rows of the uploaded list; a file that is gone or is not what was looked at is a problem like any other."""
    try:
        with upload.file.open("rb") as content:
            data: bytes = content.read()
    except (OSError, ValueError):
        return _LOST
    return read_list(data, upload.filename) if checksum_of(data) == upload.checksum else _LOST


def _import(upload: SchoolUpload, listed: SchoolList, *, now: datetime, dry_run: bool) -> ImportOutcome:
    return import_rows(
        region=upload.region,
        listed=listed,
        filename=upload.filename,
        checksum=upload.checksum,
        academic_year=upload.academic_year,
        by=upload.by,
        now=now,
        dry_run=dry_run,
    )
