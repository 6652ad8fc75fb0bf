"""The history of the registry: every door writes it, and earlier days are told from it."""

from datetime import date, datetime

import pytest

from accounts.academic_years import AcademicYear
from accounts.models import Organization, User
from schools.actions import close_school
from schools.models import ChangeSource, RegistryChange, RegistryField, SchoolProfile, SchoolYear
from schools.querysets import schools
from tests.schools.conftest import Import
from tests.schools.lists import listed, school

TODAY = date(2023, 10, 16)


def told() -> set[tuple[str, int | None, str, str]]:
    return set(RegistryChange.objects.values_list("field", "academic_year", "was", "becomes"))


def test_a_list_tells_what_it_changed(
    bring_in: Import, bondarsky: Organization, morshansky: Organization, zoya: User
) -> None:
    bring_in(listed(school(1, short_name="СОШ № 1", contact_name="Ёлкина Зоя")))
    assert told() == set()

    change = school(
        1, short_name="Гимназия № 1", contact_name="Новикова Мария", municipality="Моршанский", level="80", ticket="нет"
    )
    bring_in(listed(change), by=zoya)
    assert told() == {
        ("short_name", None, "СОШ № 1", "Гимназия № 1"),
        ("contact_name", None, "Ёлкина Зоя", "Новикова Мария"),
        ("parent", None, str(bondarsky.pk), str(morshansky.pk)),
        ("level", 2023, "Основной (60\u00a0ч)", "Продвинутый (80\u00a0ч)"),
        ("ticket", 2023, "1", ""),
    }
    row = RegistryChange.objects.filter(field="level").get()
    assert (row.source, row.by, row.on, row.note) == (ChangeSource.LIST, zoya, TODAY, "schools.xlsx")

    bring_in(listed(change), by=zoya)
    assert len(told()) == RegistryChange.objects.count() == 5


def test_a_new_level_forgets_the_order_of_the_former(bring_in: Import, bondarsky: Organization) -> None:
    bring_in(listed(school(1, level="60")))
    SchoolYear.objects.update(order_number="15", order_date=date(2023, 9, 1))
    bring_in(listed(school(1, level="60", contact_name="Новикова Мария")))
    assert SchoolYear.objects.get().order_number == "15"
    bring_in(listed(school(1, level="80")))
    assert (SchoolYear.objects.get().order_number, SchoolYear.objects.get().order_date) == ("", None)


def test_a_school_is_there_from_the_first_year_that_names_it(bring_in: Import, bondarsky: Organization) -> None:
    bring_in(listed(school(1)))
    assert SchoolProfile.objects.get().since == date(2023, 9, 1)
    assert not schools().in_year(AcademicYear(2022), today=TODAY).exists()
    bring_in(listed(school(1, level="40")), academic_year=2022)
    assert SchoolProfile.objects.get().since == date(2022, 9, 1)
    assert schools().in_year(AcademicYear(2022), today=TODAY).exists()


def test_earlier_days_are_told_as_they_were(
    bondarskaya: Organization, bondarsky: Organization, morshansky: Organization, zoya: User, now: datetime
) -> None:
    """Renamed and moved on 1 December, closed on 1 February, a slip in the name mended in between."""

    def change(field: RegistryField, was: str, becomes: str, on: date | None) -> None:
        RegistryChange.objects.create(
            organization=bondarskaya, field=field, was=was, becomes=becomes, on=on, source="page", by=zoya, at=now
        )

    change(RegistryField.SHORT_NAME, "Школа Бондарская", "Гимназия Бондарска", date(2023, 12, 1))
    change(RegistryField.PARENT, str(bondarsky.pk), str(morshansky.pk), date(2023, 12, 1))
    change(RegistryField.SHORT_NAME, "Гимназия Бондарска", "Гимназия Бондарская", None)
    Organization.objects.filter(pk=bondarskaya.pk).update(short_name="Гимназия Бондарская", parent=morshansky)
    bondarskaya.refresh_from_db()
    close_school(school=bondarskaya, on=date(2024, 2, 1), reason="Ликвидация", by=zoya, now=now)

    def on(day: date) -> list[tuple[str, int]]:
        return list(schools().as_of(day).values_list("short_name_then", "parent_then"))

    assert on(date(2023, 11, 30)) == [("Школа Бондарская", bondarsky.pk)]
    assert on(date(2023, 12, 1)) == [("Гимназия Бондарская", morshansky.pk)]
    assert on(date(2024, 1, 31)) == [("Гимназия Бондарская", morshansky.pk)]
    assert on(date(2024, 2, 1)) == []


def test_history_is_never_rewritten(bondarskaya: Organization, now: datetime) -> None:
    row = RegistryChange.objects.create(
        organization=bondarskaya, field="name", was="а", becomes="б", source="page", at=now
    )
    row.becomes = "в"
    with pytest.raises(TypeError, match="history"):
        row.save()
