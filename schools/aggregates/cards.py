"""The card of one school in one academic year, and its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Trait, User
from schools.aggregates.names import facts_then
from schools.models import (
    GRADES,
    PARTED,
    ChangeSource,
    Enrolment,
    ProfileClass,
    RegistryChange,
    RegistryField,
    SchoolProfile,
    SchoolYear,
)
from schools.rules import PostVerdict, judge_post

_YES_NO = frozenset({RegistryField.IS_ACTIVE, RegistryField.TICKET})
NOTHING = "—"
_PEOPLE = (
    RegistryField.HEAD_NAME,
    RegistryField.HEAD_POST,
    RegistryField.CONTACT_NAME,
    RegistryField.CONTACT_POST,
    RegistryField.CONTACT_EMAIL,
    RegistryField.CONTACT_PHONE,
)


@dataclass(frozen=True)
class Grade:
    """One grade of the year; nobody has told of it where there are no pupils, not even zero."""

    number: int
    pupils: int | None
    with_disabilities: int | None


@dataclass(frozen=True)
class Card:
    """A school in an academic year."""

    year: AcademicYear
    profile: SchoolProfile | None
    verdict: PostVerdict
    """What the rule says of the responsible person's post."""
    level: SchoolYear | None
    has_ticket: bool
    grades: Sequence[Grade]
    classes: Sequence[ProfileClass]
    name_then: str
    """What the school was called in a year that is over, if otherwise; empty where it is the same."""

    @property
    def is_enrolment_told(self) -> bool:
        """Somebody has told of one grade at least."""
        return any(grade.pupils is not None for grade in self.grades)

    @property
    def is_enrolment_whole(self) -> bool:
        """Every grade has been told of."""
        return all(grade.pupils is not None for grade in self.grades)

    @property
    def pupils(self) -> int:
        """Pupils of all grades that were told of."""
        return sum(grade.pupils or 0 for grade in self.grades)

    @property
    def with_disabilities(self) -> int:
        """Those of them with disabilities."""
        return sum(grade.with_disabilities or 0 for grade in self.grades)


def card_of(school: Organization, *, year: AcademicYear, today: date) -> Card:
    """Read the card; as many queries whatever there is to read."""
    then = facts_then([school.pk], year.end, [RegistryField.SHORT_NAME, *_PEOPLE]) if today > year.end else {}
    profile = _profile(school, then)
    told = {one.grade: one for one in Enrolment.objects.filter(organization=school, academic_year=year.start_year)}
    levels = SchoolYear.objects.filter(organization=school, academic_year=year.start_year).select_related("level")
    classes = ProfileClass.objects.filter(organization=school, academic_year=year.start_year)
    return Card(
        year=year,
        profile=profile,
        verdict=judge_post(profile.contact_post if profile and profile.contact_name else ""),
        level=levels.first(),
        has_ticket=school.traits.filter(academic_year=year.start_year, trait=Trait.TICKET_TO_FUTURE).exists(),
        grades=tuple(_grade(number, told.get(number)) for number in GRADES),
        classes=tuple(classes),
        name_then=then.get((school.pk, RegistryField.SHORT_NAME), ""),
    )


def _grade(number: int, told: Enrolment | None) -> Grade:
    return Grade(number, told.pupils if told else None, told.with_disabilities if told else None)


def _profile(school: Organization, then: Mapping[tuple[int, str], str]) -> SchoolProfile | None:
    """Head and responsible person, in a year gone by those of its end; never to be saved."""
    profile = SchoolProfile.objects.filter(organization=school).first()
    if profile is not None:
        for field in _PEOPLE:
            setattr(profile, field, then.get((school.pk, field), getattr(profile, field)))
    return profile


@dataclass(frozen=True)
class Line:
    """One fact that changed, in words."""

    title: str
    was: str
    becomes: str


@dataclass(frozen=True)
class HistoryAct:
    """Everything that changed by one act."""

    at: datetime
    by: User | None
    source: str
    note: str
    on: date | None
    is_correction: bool
    lines: Sequence[Line]


def history(changes: Iterable[RegistryChange]) -> list[HistoryAct]:
    """Put changes, which come with ``by`` and the newest first, into words; one query for whom schools answered to."""
    changes = list(changes)
    ids = {
        int(value)
        for change in changes
        if change.field == RegistryField.PARENT
        for value in (change.was, change.becomes)
        if value.isdecimal()
    }
    parents = dict(Organization.objects.filter(pk__in=ids).values_list("pk", "short_name")) if ids else {}
    return [
        HistoryAct(
            at=at,
            by=rows[0].by,
            source=ChangeSource(source).label,
            note=next((row.note for row in rows if row.note and row.field not in PARTED), ""),
            on=rows[0].on,
            is_correction=rows[0].on is None and source == ChangeSource.PAGE,
            lines=tuple(_line(row, parents) for row in rows),
        )
        for (at, _, source), group in groupby(changes, lambda row: (row.at, row.by_id, row.source))
        for rows in [list(group)]
    ]


def _line(change: RegistryChange, parents: dict[int, str]) -> Line:
    title = change.get_field_display()
    if change.field in PARTED and change.note:
        title = f"{title}, {change.note}"
    if change.year:
        title = f"{title}, {change.year}"
    return Line(title, _words(change.field, change.was, parents), _words(change.field, change.becomes, parents))


def _words(field: str, value: str, parents: dict[int, str]) -> str:
    if field in _YES_NO:
        return "да" if value else "нет"
    if field == RegistryField.PARENT and value.isdecimal():
        return parents.get(int(value), NOTHING)
    return value or NOTHING
