"""Previewing and importing the list that a person has uploaded."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath

from schools.actions import drop_file, keep_upload
from schools.imports.collecting import uncollected
from schools.imports.habits import Habits
from schools.imports.importing import checksum_of, import_rows
from schools.imports.listings import RESOURCES
from schools.imports.plan import ImportOutcome
from schools.imports.problems import ImportProblem
from schools.imports.reading import SchoolList, limits, read_list
from schools.imports.remarks import faulty_rows, with_remarks
from schools.models import SchoolUpload
from sheets.spreadsheets import RawSheet, SpreadsheetError, read_raw

_LOST = SchoolList(problems=(ImportProblem("Файл больше не хранится. Загрузите его ещё раз."),))


@uncollected()
def preview_upload(*, upload: SchoolUpload, now: datetime) -> ImportOutcome:
    """What importing the uploaded list would do to the registry as it is now. Writes nothing."""
    return _import(upload, read_upload(upload), now=now, dry_run=True)


def import_upload(*, upload: SchoolUpload, listed: SchoolList, now: datetime) -> ImportOutcome:
    """Import the uploaded list, which has been read. Its file goes then. Runs inside the transaction of the work.

    Where only the good rows were asked for, the others are kept as a file of their own.
    """
    outcome = _import(upload, listed, now=now, dry_run=False)
    if outcome.record:
        if outcome.problems:
            _keep_rest(upload, outcome, now)
        drop_file(upload)
        upload.outcome, upload.file = outcome.record, ""
        upload.save(update_fields=["outcome", "file"])
    return outcome


def read_upload(upload: SchoolUpload, head_rows: Mapping[str, int] | None = None) -> SchoolList:
    """The rows of the uploaded list; a file that is gone or is not what was looked at is a problem like any other.

    `head_rows` are where a person says the heads of sheets stand.
    """
    data = _bytes(upload)
    if data is None:
        return _LOST
    habits = Habits.of(upload.region, upload.listing)
    habits.head_rows = head_rows or {}
    return read_list(data, upload.filename, layout=RESOURCES[upload.listing].layout, habits=habits)


def remarked_upload(*, upload: SchoolUpload, now: datetime, only_faulty: bool = False) -> bytes | None:
    """The uploaded file as .xlsx with what is wrong written beside each row, or its wrong rows alone.

    None where the file is gone.
    """
    sheets = _raw(upload)
    if sheets is None:
        return None
    outcome = preview_upload(upload=upload, now=now)
    return faulty_rows(sheets, outcome) if only_faulty else with_remarks(sheets, outcome)


def _keep_rest(upload: SchoolUpload, outcome: ImportOutcome, now: datetime) -> None:
    """Keep the rows that were not imported as an upload of its own, to be looked at, taken away and mended."""
    sheets = _raw(upload)
    if sheets is None:
        return
    data = faulty_rows(sheets, outcome)
    rest = keep_upload(
        region=upload.region,
        academic_year=upload.academic_year,
        data=data,
        filename=f"{PurePath(upload.filename).stem[:200]} — строки с ошибками.xlsx",
        checksum=checksum_of(data),
        by=upload.by,
        now=now,
        listing=upload.listing,
    )
    rest.rest_of = outcome.record
    rest.save(update_fields=["rest_of"])


def _raw(upload: SchoolUpload) -> tuple[RawSheet, ...] | None:
    data = _bytes(upload)
    try:
        return None if data is None else read_raw(data, upload.filename, limits=limits())
    except SpreadsheetError:
        return None


def _bytes(upload: SchoolUpload) -> bytes | None:
    """The file's bytes; None when it is gone or is not what was looked at."""
    try:
        with upload.file.open("rb") as content:
            data: bytes = content.read()
    except (OSError, ValueError):
        return None
    return data if checksum_of(data) == upload.checksum else None


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
        only_good=upload.only_good and not dry_run,
        repair=True,
        listing=upload.listing,
    )
