"""Previewing and importing the list that a person has uploaded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction

from accounts.models import User
from schools.actions import drop_file
from schools.imports.importing import checksum_of, import_school_list
from schools.imports.plan import ImportOutcome
from schools.imports.problems import ImportProblem
from schools.models import SchoolUpload

_LOST = ImportProblem("Файл больше не хранится. Загрузите его ещё раз.")


@dataclass(frozen=True)
class Counts:
    """How many schools a list creates, changes and leaves as they are."""

    created: int
    changed: int
    unchanged: int

    @classmethod
    def of(cls, outcome: ImportOutcome) -> Self:
        """Count an outcome."""
        return cls(outcome.created, outcome.changed, outcome.unchanged)


def preview_upload(*, upload: SchoolUpload, now: datetime) -> ImportOutcome:
    """What importing the uploaded list would do to the registry as it is now. Writes nothing."""
    data = _read(upload)
    if data is None:
        return ImportOutcome(problems=(_LOST,))
    return import_school_list(
        region=upload.region,
        data=data,
        filename=upload.filename,
        academic_year=upload.academic_year,
        by=upload.by,
        now=now,
        dry_run=True,
    )


def import_upload(*, upload: SchoolUpload, by: User, now: datetime) -> ImportOutcome | None:
    """Import the uploaded list, once: None when it has been imported already. Its file goes then."""
    with transaction.atomic():
        locked = SchoolUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if locked.outcome_id is not None:
            return None
        data = _read(locked)
        if data is None:
            return ImportOutcome(problems=(_LOST,))
        outcome = import_school_list(
            region=upload.region,
            data=data,
            filename=upload.filename,
            academic_year=upload.academic_year,
            by=by,
            now=now,
        )
        if outcome.record:
            drop_file(locked)
            locked.outcome, locked.file = outcome.record, ""
            locked.save(update_fields=["outcome", "file"])
    return outcome


def _read(upload: SchoolUpload) -> bytes | None:
    """The file's bytes; None when it is gone or is not what was looked at."""
    try:
        with upload.file.open("rb") as content:
            data: bytes = content.read()
    except (OSError, ValueError):
        return None
    return data if checksum_of(data) == upload.checksum else None
