"""What people fill in on a school's card. Each act locks the school and leaves a line of history per fact."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import Organization, OrganizationTrait, Trait, User
from obligations.reconciling import reconcile_region
from schools.actions.changes import facts_of, tell_changes
from schools.models import (
    ChangeSource,
    Enrolment,
    Level,
    ProfileClass,
    RegistryChange,
    SchoolProfile,
    SchoolYear,
)


@dataclass(frozen=True)
class Pupils:
    """Pupils of one grade: all, and those of them with disabilities."""

    pupils: int
    with_disabilities: int


@dataclass(frozen=True)
class ClassDraft:
    """A profile class as somebody filled it in."""

    grade: int
    letter: str
    profile: str
    pupils: int | None
    partner: str
    agreement: str


@dataclass(frozen=True)
class Details:
    """What a school is officially."""

    name: str
    short_name: str
    inn: str
    ogrn: str
    parent: Organization


def save_contacts(
    *, school: Organization, site: str, people: Mapping[str, str], by: User, now: datetime
) -> list[RegistryChange]:
    """Save the site, the head and the responsible deputy; ``people`` are fields of the profile."""
    with _history(school, by=by, now=now) as changes:
        Organization.objects.filter(pk=school.pk).update(site=site)
        SchoolProfile.objects.update_or_create(organization=school, defaults=dict(people))
    return changes


def save_enrolment(
    *, school: Organization, academic_year: int, figures: Mapping[int, Pupils], by: User, now: datetime
) -> list[RegistryChange]:
    """Save the pupils of each grade; a grade that is not among the figures is not told of."""
    with _history(school, by=by, now=now) as changes:
        told = Enrolment.objects.filter(organization=school, academic_year=academic_year)
        told.exclude(grade__in=figures).delete()
        Enrolment.objects.bulk_create(
            (
                Enrolment(
                    organization=school,
                    academic_year=academic_year,
                    grade=grade,
                    pupils=one.pupils,
                    with_disabilities=one.with_disabilities,
                )
                for grade, one in figures.items()
            ),
            update_conflicts=True,
            unique_fields=["organization", "academic_year", "grade"],
            update_fields=["pupils", "with_disabilities"],
        )
    return changes


def save_classes(
    *, school: Organization, academic_year: int, classes: Sequence[ClassDraft], by: User, now: datetime
) -> list[RegistryChange]:
    """Save the profile classes of a year: those that are not among them are gone."""
    with _history(school, by=by, now=now) as changes:
        ProfileClass.objects.filter(organization=school, academic_year=academic_year).delete()
        ProfileClass.objects.bulk_create(
            ProfileClass(
                organization=school,
                academic_year=academic_year,
                grade=one.grade,
                letter=one.letter,
                profile=one.profile,
                pupils=one.pupils,
                partner=one.partner,
                agreement=one.agreement,
            )
            for one in classes
        )
    return changes


def save_level(
    *,
    school: Organization,
    academic_year: int,
    level: Level | None,
    order_number: str,
    order_date: date | None,
    has_ticket: bool,
    by: User,
    now: datetime,
) -> list[RegistryChange]:
    """Save the year's level with the order that fixed it, and «Билет в будущее», which decides what is owed."""
    with _history(school, by=by, now=now) as changes:
        SchoolYear.objects.update_or_create(
            organization=school,
            academic_year=academic_year,
            defaults={"level": level, "order_number": order_number, "order_date": order_date},
        )
        ticket = OrganizationTrait.objects.filter(
            organization=school, academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
        )
        had_ticket = ticket.exists()
        if has_ticket and not had_ticket:
            OrganizationTrait.objects.create(
                organization=school, academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
            )
        elif had_ticket and not has_ticket:
            ticket.delete()
        if has_ticket != had_ticket:
            _follow(school, by=by, now=now)
    return changes


def save_details(*, school: Organization, details: Details, by: User, now: datetime) -> list[RegistryChange]:
    """Mend names and numbers, which then were never otherwise; whom the school answers to changes from today."""
    with transaction.atomic():
        corrected = _correct(school, details, by=by, now=now)
        with _history(school, by=by, now=now) as moved:
            moves = school.parent_id != details.parent.pk
            Organization.objects.filter(pk=school.pk).update(parent=details.parent)
            if moves:
                _follow(school, by=by, now=now)
    school.refresh_from_db()
    return [*corrected, *moved]


def _correct(school: Organization, details: Details, *, by: User, now: datetime) -> list[RegistryChange]:
    """Mend names and numbers."""
    with _history(school, by=by, now=now, is_correction=True) as changes:
        named = Organization.objects.filter(pk=school.pk)
        named.update(name=details.name, short_name=details.short_name, inn=details.inn, ogrn=details.ogrn)
        school.refresh_from_db()
        profile, _ = SchoolProfile.objects.get_or_create(organization=school)
        profile.organization = school
        # What the school is searched by follows its name.
        profile.save()
    return changes


def _follow(school: Organization, *, by: User, now: datetime) -> None:
    """What the school owes follows what it is."""
    reconcile_region(region=school.region, by=by, at=now, organizations=[school.pk], note="Правка карточки школы.")


@contextmanager
def _history(
    school: Organization, *, by: User, now: datetime, is_correction: bool = False
) -> Iterator[list[RegistryChange]]:
    """Hold the school for the act and tell what it changed; the list is filled in the end."""
    changes: list[RegistryChange] = []
    with transaction.atomic():
        Organization.objects.select_for_update(of=("self",)).get(pk=school.pk)
        before = facts_of(school)
        yield changes
        on = None if is_correction else school.region.local(now).date()
        changes += tell_changes(school, before, by=by, at=now, source=ChangeSource.PAGE, on=on)
