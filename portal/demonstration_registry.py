"""The registry of the demonstration: heads, enrolment, orders of levels, profile classes, a planned joining."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from schools.actions.reorganizations import Draft, plan
from schools.models import (
    GRADES,
    ClassProfile,
    Enrolment,
    ProfileClass,
    ReorganizationKind,
    SchoolProfile,
    SchoolYear,
)

_LAST_NAMES = ("Агеева", "Белова", "Воронина", "Гусева", "Дёмина", "Ермакова", "Жукова", "Зимина", "Климова", "Лосева")
_FIRST_NAMES = ("Анна", "Вера", "Галина", "Елена", "Ирина", "Людмила", "Марина", "Надежда", "Ольга", "Татьяна")
_PATRONYMICS = ("Алексеевна", "Борисовна", "Викторовна", "Ивановна", "Николаевна", "Петровна", "Сергеевна", "Юрьевна")
_PARTNERS = ("Областной медицинский колледж", "Технический университет", "Агротехнологический колледж", "")
# What of the current year is still to be told, so that there is something to chase.
_SILENT = 0.06


def fill_registry(*, region: Region, years: Sequence[int], by: User, now: datetime) -> None:
    """Fill the cards of the schools for the years, the last of which runs; the same on every machine."""
    schools = list(Organization.objects.filter(region=region).active().schools().order_by("pk"))
    profiles = list(SchoolProfile.objects.filter(organization__in=schools).order_by("pk"))
    for profile in profiles:
        dice = random.Random(f"head:{profile.organization_id}")
        profile.head_name = " ".join(dice.choice(names) for names in (_LAST_NAMES, _FIRST_NAMES, _PATRONYMICS))
        profile.head_post = "Директор"
    SchoolProfile.objects.bulk_update(profiles, ["head_name", "head_post"], batch_size=500)
    Enrolment.objects.bulk_create(_enrolment(schools, years), batch_size=2000)
    ProfileClass.objects.bulk_create(_classes(schools, years), batch_size=1000)
    for year in years:
        levels = SchoolYear.objects.filter(~Q(level=None), organization__in=schools, academic_year=year)
        levels.filter(order_number="").update(order_number="2381", order_date=date(year, 8, 25))
    _reorganize(region, schools, by, now)


def _enrolment(schools: Sequence[Organization], years: Sequence[int]) -> Iterator[Enrolment]:
    for school in schools:
        dice = random.Random(f"pupils:{school.inn}")
        size, has_seniors = dice.randint(8, 110), dice.random() < 0.8
        is_silent = dice.random() < _SILENT
        for year in years:
            if is_silent and year == years[-1]:
                continue
            for grade in GRADES:
                pupils = max(0, size + dice.randint(-6, 6)) if grade < 10 or has_seniors else 0
                disabled = sum(dice.random() < 0.04 for _ in range(pupils))
                yield Enrolment(
                    organization=school,
                    academic_year=year,
                    grade=grade,
                    pupils=pupils,
                    with_disabilities=disabled,
                )


def _classes(schools: Sequence[Organization], years: Sequence[int]) -> Iterator[ProfileClass]:
    for school in schools:
        dice = random.Random(f"classes:{school.inn}")
        if dice.random() > 0.15:
            continue
        profile, partner = dice.choice(list(ClassProfile)), dice.choice(_PARTNERS)
        for year in years:
            yield ProfileClass(
                organization=school,
                academic_year=year,
                grade=10,
                letter="А",
                profile=profile,
                pupils=dice.randint(12, 28),
                partner=partner,
                agreement=f"№\u00a0{dice.randint(1, 90)} от 01.09.{year}" if partner else "",
            )


def _reorganize(region: Region, schools: Sequence[Organization], by: User, now: datetime) -> None:
    """When the year is over, one school is to join its neighbour; a name changed today would belie the sample list."""
    today = region.local(now).date()
    plan(
        draft=Draft(
            kind=ReorganizationKind.ACCESSION,
            on=AcademicYear.of(today).end + timedelta(days=1),
            order_number="118",
            order_date=today - timedelta(days=30),
            reason="",
            predecessors=[schools[-2]],
            successor=schools[-3],
            moves_people=True,
        ),
        region=region,
        by=by,
        now=now,
    )
