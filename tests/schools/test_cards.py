"""A school's card: who fills in what, what is refused, what the history says of it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, OrganizationTrait, Trait, User
from obligations.models import Obligation, RequirementBody
from obligations.states import State
from schools.models import Enrolment, Level, ProfileClass, RegistryChange, SchoolProfile, SchoolYear
from schools.querysets import schools
from tests import factories
from tests.conftest import NOW
from tests.schools.lists import inn

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _in_october() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def edit(school: Organization, section: str, year: int | None = None) -> str:
    return reverse("schools:edit", args=[school.pk, section]) + (f"?year={year}" if year else "")


def card(school: Organization, year: int = 2023) -> str:
    return f"{reverse('schools:detail', args=[school.pk])}?year={year}"


CONTACTS = {
    "contact_name": "Ёлкина Зоя",
    "contact_post": "Заместитель директора по УВР",
    "contact_email": "ZOYA@school.test",
    "contact_phone": "8 (475) 222-33-44",
    "head_name": "Орлов Пётр",
    "head_post": "Директор",
    "site": "school.test",
}


class TestContacts:
    """Head, responsible deputy, site."""

    def test_elena_names_them_and_the_card_and_the_search_know(
        self, bondarskaya: Organization, elena: User, sign_in: SignIn
    ) -> None:
        client = sign_in(elena)
        answer = client.post(edit(bondarskaya, "contacts"), CONTACTS)
        assert answer["Location"] == card(bondarskaya)
        page = text(client.get(answer["Location"]))
        for words in (
            "Ёлкина Зоя",
            "zoya@school.test",
            "+7 (475) 222-33-44",
            "Орлов Пётр, Директор",
            "https://school.test",
        ):
            assert words in page, words
        assert "Проверьте должность" not in page
        assert schools().matching("елкина").get() == bondarskaya
        told = RegistryChange.objects.get(field="contact_name")
        assert (told.was, told.becomes, told.by, told.on) == ("", "Ёлкина Зоя", elena, date(2023, 10, 16))

        client.post(edit(bondarskaya, "contacts"), CONTACTS)
        assert RegistryChange.objects.count() == 7
        # Last year it was somebody else, as far as the registry knows nobody.
        assert "Ёлкина Зоя" not in text(client.get(card(bondarskaya, 2022))).split("school-level")[0]

    def test_a_post_below_deputy_head_is_refused_with_its_reason_and_nothing_typed_is_lost(
        self, bondarskaya: Organization, elena: User, sign_in: SignIn
    ) -> None:
        sent = CONTACTS | {"contact_post": "Учитель", "contact_phone": "12"}
        answer = sign_in(elena).post(edit(bondarskaya, "contacts"), sent)
        page = text(answer)
        assert answer.status_code == 422
        assert "не ниже заместителя директора (приказ № 2381, п. 3.3), а «Учитель» — должность ниже" in page
        assert "Исправьте ошибки" in page
        assert 'value="Орлов Пётр"' in page
        assert not SchoolProfile.objects.exists()

    def test_a_doubtful_post_that_a_list_brought_is_doubted_on_the_card(
        self, bondarskaya: Organization, boris: User, sign_in: SignIn
    ) -> None:
        SchoolProfile.objects.create(organization=bondarskaya, contact_name="Ёлкина Зоя", contact_post="Методист")
        assert "должность ниже" in text(sign_in(boris).get(card(bondarskaya)))


class TestEnrolment:
    """Pupils by grade."""

    def figures(self, **changed: str) -> dict[str, str]:
        told = {f"pupils_{grade}": "20" for grade in range(5, 12)} | {
            f"disabled_{grade}": "1" for grade in range(5, 12)
        }
        return told | changed

    def test_they_are_told_by_grade_and_year(self, bondarskaya: Organization, elena: User, sign_in: SignIn) -> None:
        client = sign_in(elena)
        client.post(
            edit(bondarskaya, "enrolment", 2023), self.figures(pupils_5="0", disabled_5="0", pupils_6="", disabled_6="")
        )
        assert dict(Enrolment.objects.values_list("grade", "pupils")) == {5: 0, 7: 20, 8: 20, 9: 20, 10: 20, 11: 20}
        page = text(client.get(card(bondarskaya)))
        assert "не сообщили" in page
        assert '<td class="number" data-label="Обучающихся">100</td>' in page
        assert "Численность ещё не сообщили" in text(client.get(card(bondarskaya, 2024)))

        client.post(edit(bondarskaya, "enrolment", 2023), self.figures(pupils_5="25"))
        assert Enrolment.objects.get(grade=5).pupils == 25
        history = text(client.get(reverse("schools:history", args=[bondarskaya.pk])))
        assert "Контингент, 5 класс, 2023/2024: <del>0, с ОВЗ 0</del> → <ins>25, с ОВЗ 1</ins>" in history

    def test_every_mistake_is_told_at_once(self, bondarskaya: Organization, elena: User, sign_in: SignIn) -> None:
        sent = self.figures(
            pupils_5="-1", pupils_6="2,5", disabled_7="21", disabled_8="", pupils_9="", pupils_10="99999"
        )
        answer = sign_in(elena).post(edit(bondarskaya, "enrolment", 2023), sent)
        page = text(answer)
        assert answer.status_code == 422
        for words in (
            "5 класс: обучающихся: Целое число от 0 до 5000.",
            "6 класс: обучающихся: Целое число",
            "7 класс: из них с ОВЗ: С ОВЗ 21, а всего 20.",
            "8 класс: из них с ОВЗ: Укажите, сколько из них с ОВЗ; если таких нет — 0.",
            "9 класс: обучающихся: Укажите, сколько всего обучающихся.",
            "10 класс: обучающихся: Целое число",
        ):
            assert words in page, words
        assert not Enrolment.objects.exists()

    def test_years_gone_by_are_closed_and_the_next_is_open(
        self, bondarskaya: Organization, zoya: User, sign_in: SignIn
    ) -> None:
        client = sign_in(zoya)
        for section in ("enrolment", "classes", "level"):
            answer = client.get(edit(bondarskaya, section, 2022), follow=True)
            assert "2022/2023 учебный год закрыт для изменений" in text(answer)
        client.post(edit(bondarskaya, "enrolment", 2022), self.figures())
        client.post(edit(bondarskaya, "enrolment", 2024), self.figures())
        assert set(Enrolment.objects.values_list("academic_year", flat=True)) == {2024}
        assert (
            "Изменить"
            not in text(client.get(card(bondarskaya, 2022))).split("school-enrolment")[1].split("school-facts")[0]
        )


class TestClasses:
    """Profile classes."""

    def rows(self, *rows: dict[str, Any]) -> dict[str, Any]:
        management = {"form-TOTAL_FORMS": len(rows) + 1, "form-INITIAL_FORMS": 0}
        empty = {"grade": "", "letter": "", "profile": "", "pupils": "", "partner": "", "agreement": ""}
        return management | {
            f"form-{number}-{name}": value
            for number, row in enumerate([*rows, {}])
            for name, value in (empty | row).items()
        }

    def test_they_are_kept_by_year(self, bondarskaya: Organization, elena: User, sign_in: SignIn) -> None:
        client = sign_in(elena)
        one = {
            "grade": 10,
            "letter": "«а»",
            "profile": "medical",
            "pupils": 24,
            "partner": "Медколледж",
            "agreement": "№ 5",
        }
        two = {"grade": 10, "letter": "б", "profile": "engineering"}
        client.post(edit(bondarskaya, "classes", 2023), self.rows(one, two))
        assert [each.label for each in ProfileClass.objects.all()] == ["10\u00a0«А»", "10\u00a0«Б»"]
        page = text(client.get(card(bondarskaya)))
        for words in ("10 «А»", "Медицинский", "Медколледж", "Инженерный"):
            assert words in page

        sent = self.rows(one, two) | {"form-INITIAL_FORMS": 2, "form-1-DELETE": "on"}
        client.post(edit(bondarskaya, "classes", 2023), sent)
        assert [each.profile for each in ProfileClass.objects.all()] == ["medical"]
        gone = RegistryChange.objects.latest("pk")
        assert (gone.note, gone.was, gone.becomes) == ("10\u00a0«Б» класс", "Инженерный", "")

    def test_what_cannot_be_is_refused(self, bondarskaya: Organization, elena: User, sign_in: SignIn) -> None:
        answer = sign_in(elena).post(
            edit(bondarskaya, "classes", 2023),
            self.rows(
                {"grade": 4, "profile": "medical"},
                {"grade": 10, "letter": "А", "profile": "it", "agreement": "№ 7"},
                {"grade": 11, "letter": "А", "profile": "it"},
                {"grade": 11, "letter": "а", "profile": "it", "pupils": "-1"},
            ),
        )
        page = text(answer)
        assert answer.status_code == 422
        for words in (
            "Выберите класс с 5-го по 11-й.",
            "Назовите организацию",
            "уже есть в списке",
            "Целое число от 0",
        ):
            assert words in page, words
        assert not ProfileClass.objects.exists()


class TestKeepers:
    """What the ministry and the administrators alone may change."""

    def test_the_level_comes_with_its_order(self, bondarskaya: Organization, anna: User, sign_in: SignIn) -> None:
        client, main = sign_in(anna), Level.objects.get(hours=60)
        sent: dict[str, Any] = {"level": main.pk, "order_number": "145-о", "order_date": "2023-09-01"}
        client.post(edit(bondarskaya, "level", 2023), sent)
        page = text(client.get(card(bondarskaya)))
        assert "Основной (60 ч)" in page
        assert "приказ № 145-о от 01.09.2023" in page
        refused = text(
            client.post(edit(bondarskaya, "level", 2023), {"level": "", "order_number": "7", "order_date": ""})
        )
        assert "Укажите дату приказа." in refused
        assert "Выберите уровень, который определён приказом." in refused
        assert SchoolYear.objects.get().level == main

    def test_the_ticket_decides_what_is_owed(
        self, bondarskaya: Organization, requirement: Any, anna: User, sign_in: SignIn
    ) -> None:
        RequirementBody.objects.create(requirement=requirement, group="schools_outside_ticket")
        client = sign_in(anna)
        owed = factories.ObligationFactory(requirement=requirement, organization=bondarskaya)
        client.post(edit(bondarskaya, "level", 2023), {"level": "", "has_ticket": "on"})
        assert OrganizationTrait.objects.filter(trait=Trait.TICKET_TO_FUTURE, academic_year=2023).exists()
        assert Obligation.objects.get(pk=owed.pk).state == State.CANCELLED
        client.post(edit(bondarskaya, "level", 2023), {"level": ""})
        assert not OrganizationTrait.objects.exists()
        assert Obligation.objects.get(pk=owed.pk).state == State.OPEN

    def test_a_slip_in_the_name_is_mended_for_all_time_and_a_move_from_today(
        self, bondarskaya: Organization, morshansky: Organization, pakhotnaya: Organization, zoya: User, sign_in: SignIn
    ) -> None:
        client = sign_in(zoya)
        details = {
            "name": "Бондарская средняя школа",
            "short_name": "СОШ Бондарская",
            "inn": inn(1),
            "ogrn": "1026800001018",
            "parent": morshansky.pk,
        }
        Organization.objects.filter(pk=pakhotnaya.pk).update(inn=inn(2))
        refused = text(client.post(edit(bondarskaya, "details"), details | {"inn": inn(2), "ogrn": "123"}))
        assert f"ИНН {inn(2)} принадлежит организации «Школа Пахотная»" in refused
        assert "а должно быть 13 цифр" in refused

        details["ogrn"] = ""
        client.post(edit(bondarskaya, "details"), details)
        assert schools().as_of(date(2023, 9, 1)).filter(pk=bondarskaya.pk).values_list(
            "short_name_then", "parent_then"
        ).get() == ("СОШ Бондарская", bondarskaya.parent_id)
        assert schools().matching("сош бондарская").filter(parent=morshansky).exists()
        page = text(client.get(card(bondarskaya)))
        assert "исправление ошибки" in page
        assert "<del>Бондарский</del> → <ins>Моршанский</ins>" in page


@pytest.mark.parametrize("section", ["contacts", "enrolment", "classes", "level", "details"])
def test_every_form_opens_for_a_keeper_and_an_unknown_one_is_nowhere(
    bondarskaya: Organization, zoya: User, sign_in: SignIn, section: str
) -> None:
    client = sign_in(zoya)
    assert client.get(edit(bondarskaya, section)).status_code == 200
    assert client.get(edit(bondarskaya, "secrets")).status_code == 404


def test_a_closed_school_is_left_to_the_keepers(bondarskaya: Organization, elena: User, zoya: User) -> None:
    Organization.objects.filter(pk=bondarskaya.pk).update(is_active=False)
    for person, status in ((elena, 403), (zoya, 200)):
        client = Client()
        client.force_login(person)
        assert client.get(edit(bondarskaya, "contacts")).status_code == status
