"""«Перечень школ с уровнями» (item 1.2 of the roadmap): which school works at which level in a year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from schools.aggregates.summaries import Summary, summaries, whole
from schools.models import Level
from schools.querysets import SchoolQuerySet, schools

_CHUNK = 2000


@dataclass(frozen=True)
class SchoolLevels:
    """The list's totals; its schools are read as they are written down."""

    region: Region
    year: AcademicYear
    municipality: Organization | None
    day: date
    """The day the names and the places of the schools are of: the year's end, or today."""
    levels: Sequence[Level]
    parts: Sequence[Summary]
    total: Summary
    shown: SchoolQuerySet

    @property
    def scope(self) -> str:
        """Whose schools they are, for people."""
        return self.municipality.short_name if self.municipality else self.region.name

    def schools(self) -> Iterator["ListedSchool"]:
        """The schools one by one, by municipality and name; one query, however many there are."""
        names = {part.parent_id: part.name for part in self.parts}
        places = {part.parent_id: place for place, part in enumerate(self.parts)}
        rows = self.shown.values_list(
            "pk", "parent_then", "name_then", "short_name_then", "inn", "level_title", "level_hours", "has_ticket",
            "order_number_then", "order_date_then",
        )  # fmt: skip
        listed = sorted(rows.iterator(chunk_size=_CHUNK), key=lambda row: (places[row[1]], row[3], row[0]))
        for pk, parent, name, short_name, inn, title, hours, has_ticket, number, day in listed:
            level = f"{title} ({hours}\u00a0ч)" if title else ""
            order = f"№\u00a0{number} от {day:%d.%m.%Y}" if day else ""
            yield ListedSchool(pk, names[parent], name, short_name, inn, level, hours, order, has_ticket)


@dataclass(frozen=True)
class ListedSchool:
    """One school of the list; a level nobody has named is empty."""

    pk: int
    part: str
    name: str
    short_name: str
    inn: str
    level: str
    hours: int | None
    order: str
    has_ticket: bool


def school_levels(
    *, user: User, region: Region, year: AcademicYear, today: date, municipality: Organization | None = None
) -> SchoolLevels:
    """Count what ``user`` may see; four queries whatever the number of schools."""
    shown = schools().visible_to(user).filter(region=region).in_year(year, today=today)
    if municipality is not None:
        shown = shown.filter(parent_then=municipality.pk)
    parts = summaries(shown, academic_year=year.start_year)
    return SchoolLevels(
        region=region,
        year=year,
        municipality=municipality,
        day=min(today, year.end),
        levels=list(Level.objects.all()),
        parts=parts,
        total=whole(parts, name=municipality.short_name if municipality else region.name),
        shown=shown.for_list(academic_year=year.start_year).with_level_order(academic_year=year.start_year),
    )
