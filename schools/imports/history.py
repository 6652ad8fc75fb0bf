"""What an import changed goes into the history of each school, in bulk like the import itself."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from schools.imports.engine import Findings
from schools.imports.records import SchoolRecord
from schools.imports.writing import write_rows
from schools.models import ChangeSource, Level, RegistryChange, RegistryField, SchoolProfile, SchoolYear

# What a record calls its lasting fields, beside what the history calls them; levels and traits belong to a year.
_LASTING = {
    "municipality": RegistryField.PARENT,
    **{
        str(field): field
        for field in (
            RegistryField.NAME,
            RegistryField.SHORT_NAME,
            RegistryField.OGRN,
            RegistryField.SITE,
            RegistryField.IS_ACTIVE,
            RegistryField.CONTACT_NAME,
            RegistryField.CONTACT_POST,
            RegistryField.CONTACT_EMAIL,
            RegistryField.CONTACT_PHONE,
        )
    },
}
_AT = {name: SchoolRecord._fields.index(name) for name in _LASTING}


def tell_imported(
    findings: Findings,
    *,
    region: Region,
    academic_year: int,
    levels: Mapping[int, Level],
    filename: str,
    by: User | None,
    at: datetime,
) -> None:
    """Write what changed of known schools, each fact a row; a new school's history begins with its first change."""
    titles = {hours: str(level) for hours, level in levels.items()}
    rows = [
        (after.pk, field.value, year, was, becomes)
        for _, before, after in findings.changed
        for field, year, was, becomes in _changes(before, after, academic_year, titles)
    ]
    same = {
        "source": ChangeSource.LIST.value,
        "note": filename[-300:],
        "by": by.pk if by else None,
        "at": connection.ops.adapt_datetimefield_value(at),
        "on": region.local(at).date().isoformat(),
    }
    write_rows(RegistryChange, ("organization", "field", "academic_year", "was", "becomes"), rows, same=same)
    if findings.changed or findings.unchanged:
        _stretch(region, academic_year)


def _changes(
    before: SchoolRecord, after: SchoolRecord, academic_year: int, titles: Mapping[int, str]
) -> Iterator[tuple[RegistryField, int | None, str, str]]:
    for name, field in _LASTING.items():
        was, becomes = before[_AT[name]], after[_AT[name]]
        if was != becomes:
            yield field, None, _text(was), _text(becomes)
    if before.level != after.level and after.level is not None:
        was = titles.get(before.level, "") if before.level else ""
        yield RegistryField.LEVEL, academic_year, was, titles[after.level]
    if before.ticket != after.ticket:
        yield RegistryField.TICKET, academic_year, _text(before.ticket), _text(after.ticket)


def _text(value: Any) -> str:
    """A value as the history keeps it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def _stretch(region: Region, academic_year: int) -> None:
    """A school that worked in the year has been there since its beginning, whenever it came to the registry."""
    start = AcademicYear(academic_year).start
    worked = SchoolYear.objects.filter(~Q(level=None), academic_year=academic_year, organization__region=region).values(
        "organization"
    )
    SchoolProfile.objects.filter(since__gt=start, organization__in=worked).update(since=start)
