"""The history of the registry: what a school was before an act and is after it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from accounts.models import Organization, OrganizationTrait, Trait, User
from accounts.russian import counted
from schools.models import (
    ChangeSource,
    Enrolment,
    ProfileClass,
    RegistryChange,
    RegistryField,
    SchoolProfile,
    SchoolYear,
)

_ORGANIZATION = {
    RegistryField.NAME: "name",
    RegistryField.SHORT_NAME: "short_name",
    RegistryField.PARENT: "parent",
    RegistryField.INN: "inn",
    RegistryField.OGRN: "ogrn",
    RegistryField.SITE: "site",
    RegistryField.IS_ACTIVE: "is_active",
}
_PROFILE = (
    RegistryField.HEAD_NAME,
    RegistryField.HEAD_POST,
    RegistryField.CONTACT_NAME,
    RegistryField.CONTACT_POST,
    RegistryField.CONTACT_EMAIL,
    RegistryField.CONTACT_PHONE,
)
YES = "1"


class Fact(NamedTuple):
    """What the registry may know of a school: the field, the academic year if it belongs to one, what part of it."""

    field: RegistryField
    academic_year: int | None = None
    part: str = ""


Facts = dict[Fact, str]


def facts_of(school: Organization) -> Facts:
    """Everything the history is kept of, as it stands in the database now; six queries."""
    return dict(_facts(school.pk))


def tell_changes(
    school: Organization,
    before: Facts,
    *,
    by: User | None,
    at: datetime,
    source: ChangeSource,
    on: date | None,
    note: str = "",
) -> list[RegistryChange]:
    """Write down what differs from ``before``; nothing where nothing does. Runs in the transaction of the act.

    ``on`` is the first day of the new values; none where a slip was mended.
    """
    after = facts_of(school)
    rows = [
        RegistryChange(
            organization=school,
            field=fact.field,
            academic_year=fact.academic_year,
            was=before.get(fact, ""),
            becomes=after.get(fact, ""),
            on=on,
            source=source,
            note=(fact.part or note)[:300],
            by=by,
            at=at,
        )
        for fact in dict.fromkeys([*before, *after])
        if before.get(fact, "") != after.get(fact, "")
    ]
    return RegistryChange.objects.bulk_create(rows)


def _facts(pk: int) -> Iterator[tuple[Fact, str]]:
    for row in Organization.objects.filter(pk=pk).values(*_ORGANIZATION.values()):
        for field, name in _ORGANIZATION.items():
            value = row[name]
            yield Fact(field), (YES if value else "") if isinstance(value, bool) else str(value or "")
    for row in SchoolProfile.objects.filter(organization=pk).values(*_PROFILE):
        yield from ((Fact(field), row[field]) for field in _PROFILE)
    for year in SchoolYear.objects.filter(organization=pk).select_related("level"):
        yield Fact(RegistryField.LEVEL, year.academic_year), str(year.level or "")
        yield Fact(RegistryField.LEVEL_ORDER, year.academic_year), year.order_label
    tickets = OrganizationTrait.objects.filter(organization=pk, trait=Trait.TICKET_TO_FUTURE)
    for academic_year in tickets.values_list("academic_year", flat=True):
        yield Fact(RegistryField.TICKET, academic_year), YES
    for told in Enrolment.objects.filter(organization=pk):
        fact = Fact(RegistryField.ENROLMENT, told.academic_year, f"{told.grade} класс")
        yield fact, f"{told.pupils}, с ОВЗ {told.with_disabilities}"
    for one in ProfileClass.objects.filter(organization=pk):
        yield Fact(RegistryField.PROFILE_CLASS, one.academic_year, f"{one.label} класс"), _told(one)


def _told(one: ProfileClass) -> str:
    """A profile class in words."""
    pupils = "" if one.pupils is None else counted(one.pupils, "обучающийся", "обучающихся", "обучающихся")
    return ", ".join(filter(None, (one.get_profile_display(), pupils, one.partner, one.agreement)))
