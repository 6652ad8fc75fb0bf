"""«Школы»: who sees which, how they are found, what the page of one says."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from obligations.models import Obligation
from schools.models import Enrolment, Level, RegistryChange, SchoolProfile, SchoolYear
from tests import factories
from tests.conftest import NOW
from tests.schools.conftest import Import
from tests.schools.lists import inn, listed, school

SignIn = Callable[[User], Client]
LIST = "schools:list"

pytestmark = pytest.mark.usefixtures("_in_october")


@pytest.fixture
def _in_october() -> object:
    """The pages are opened on the day of the stories."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def three(bring_in: Import, bondarsky: Organization, morshansky: Organization) -> list[Organization]:
    """Two schools of Бондарский and Моршанский and one on the regional budget, as their list has them."""
    bring_in(
        listed(
            school(1, name="Школа села Берёзовка", short_name="СОШ № 1 с. Берёзовка", contact_name="Ёлкина Зоя"),
            school(15, municipality="Моршанский", short_name="СОШ № 15", level="80", ticket="нет"),
            school(3, municipality="Региональное подчинение", short_name="Лицей «Вектор»", level="40"),
        )
    )
    return list(Organization.objects.schools().order_by("pk"))


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def listed_in(page: str) -> set[str]:
    return {name for name in ("СОШ № 1 с. Берёзовка", "СОШ № 15", "Лицей «Вектор»") if f">{name}</a>" in page}


EVERY = {"СОШ № 1 с. Берёзовка", "СОШ № 15", "Лицей «Вектор»"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("anna", EVERY),
        ("oleg", EVERY),
        ("zoya", EVERY),
        ("boris", {"СОШ № 1 с. Берёзовка"}),
        ("galina", {"СОШ № 15"}),
        ("viktor", set()),
    ],
)
def test_everybody_sees_the_schools_of_their_scope(
    three: list[Organization], sign_in: SignIn, request: pytest.FixtureRequest, name: str, expected: set[str]
) -> None:
    client = sign_in(cast("User", request.getfixturevalue(name)))
    assert listed_in(text(client.get(reverse(LIST)))) == expected
    for one in three:
        answer = client.get(reverse("schools:detail", args=[one.pk]))
        assert answer.status_code == (200 if one.short_name in expected else 404)


def test_a_deputy_sees_their_own_school_alone(three: list[Organization], sign_in: SignIn) -> None:
    client = sign_in(factories.person("nina", "deputy", three[0]))
    assert listed_in(text(client.get(reverse(LIST)))) == {"СОШ № 1 с. Берёзовка"}
    assert client.get(reverse("schools:detail", args=[three[0].pk])).status_code == 200
    assert client.get(reverse("schools:detail", args=[three[1].pk])).status_code == 404


def test_strangers_are_sent_to_sign_in(three: list[Organization], client: Client) -> None:
    for address in (reverse(LIST), reverse("schools:detail", args=[three[0].pk])):
        assert client.get(address)["Location"].startswith(reverse("accounts:login"))


def test_what_is_no_school_has_no_page(sign_in: SignIn, anna: User, bondarsky: Organization) -> None:
    assert sign_in(anna).get(reverse("schools:detail", args=[bondarsky.pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("берёзовка", {"СОШ № 1 с. Берёзовка"}),
        ("БЕРЕЗОВКА", {"СОШ № 1 с. Берёзовка"}),
        ("елкина", {"СОШ № 1 с. Берёзовка"}),
        ("сош № 1", {"СОШ № 1 с. Берёзовка"}),
        ("сош №15", {"СОШ № 15"}),
        (inn(3), {"Лицей «Вектор»"}),
        (inn(3)[:7], EVERY),
        ("вектор лицей", {"Лицей «Вектор»"}),
        ("school15@example.test", {"СОШ № 15"}),
        ("000-00-15", {"СОШ № 15"}),
        ("100%_", set()),
        ("  ", EVERY),
        ("\0", EVERY),
    ],
)
def test_search(three: list[Organization], sign_in: SignIn, anna: User, query: str, expected: set[str]) -> None:
    page = text(sign_in(anna).get(reverse(LIST), {"q": query}))
    assert listed_in(page) == expected
    if not expected:
        assert "Ничего не нашлось" in page


def test_filters_by_municipality_and_level(
    three: list[Organization], sign_in: SignIn, anna: User, morshansky: Organization, ministry: Organization
) -> None:
    client = sign_in(anna)

    def found(**filters: str | int) -> set[str]:
        return listed_in(text(client.get(reverse(LIST), filters)))

    assert found(municipality=morshansky.pk) == {"СОШ № 15"}
    assert found(municipality=ministry.pk) == {"Лицей «Вектор»"}
    assert found(level=Level.objects.get(hours=60).pk) == {"СОШ № 1 с. Берёзовка"}
    assert found(level=Level.objects.get(hours=60).pk, municipality=morshansky.pk) == set()
    assert found(level="none") == set()
    assert found(level="none", year=2022) == set()
    assert found(ticket="yes") == {"СОШ № 1 с. Берёзовка", "Лицей «Вектор»"}
    assert found(ticket="no") == {"СОШ № 15"}
    assert found(classes="yes") == set()
    assert found(lacks="order") == EVERY
    assert found(lacks="enrolment") == EVERY
    assert found(lacks="contact") == set()
    assert found(municipality="x", level="10000000000000000000000") == EVERY


def test_the_list_shows_level_trait_and_contact_of_the_year_that_runs(
    three: list[Organization], sign_in: SignIn, boris: User
) -> None:
    SchoolYear.objects.create(organization=three[0], academic_year=2024, level=Level.objects.get(hours=80))
    page = text(sign_in(boris).get(reverse(LIST)))
    for words in ("Основной (60 ч)", "«Билет в будущее»", "Ёлкина Зоя", "2023/2024", "В реестре 1 школа"):
        assert words in page
    assert "Продвинутый (80 ч)</td>" not in page


def test_closed_schools_leave_the_list_and_keep_their_page(
    three: list[Organization], sign_in: SignIn, anna: User
) -> None:
    Organization.objects.filter(pk=three[0].pk).update(is_active=False)
    client = sign_in(anna)
    assert listed_in(text(client.get(reverse(LIST)))) == EVERY - {"СОШ № 1 с. Берёзовка"}
    assert listed_in(text(client.get(reverse(LIST), {"state": "closed"}))) == {"СОШ № 1 с. Берёзовка"}
    assert listed_in(text(client.get(reverse(LIST), {"state": "all"}))) == EVERY
    assert "Школа закрыта" in text(client.get(reverse("schools:detail", args=[three[0].pk])))


def test_the_list_is_put_in_order_and_shows_years_gone_by_as_they_were(
    three: list[Organization], sign_in: SignIn, anna: User, zoya: User
) -> None:
    client = sign_in(anna)

    def order(**filters: str) -> list[str]:
        page = text(client.get(reverse(LIST), filters))
        return sorted((name for name in EVERY if f">{name}</a>" in page), key=lambda name: page.index(f">{name}</a>"))

    Enrolment.objects.create(organization=three[2], academic_year=2023, grade=5, pupils=40)
    Enrolment.objects.create(organization=three[1], academic_year=2023, grade=5, pupils=50)
    assert order(sort="-pupils") == ["СОШ № 15", "Лицей «Вектор»", "СОШ № 1 с. Берёзовка"]
    assert order(sort="level") == ["Лицей «Вектор»", "СОШ № 1 с. Берёзовка", "СОШ № 15"]
    assert order(lacks="enrolment") == ["СОШ № 1 с. Берёзовка"]

    SchoolProfile.objects.update(since=date(2022, 9, 1))
    RegistryChange.objects.create(
        organization=three[1], field="short_name", was="Гимназия № 15", on=date(2023, 9, 5), source="page", at=NOW
    )
    before = text(client.get(reverse(LIST), {"year": 2022}))
    assert ">Гимназия № 15</a>" in before
    assert ">СОШ № 15</a>" not in before


def test_the_list_has_pages(bring_in: Import, bondarsky: Organization, sign_in: SignIn, boris: User) -> None:
    bring_in(listed(*(school(number, short_name=f"Школа {number:02}") for number in range(1, 32))))
    client = sign_in(boris)
    first, last = (text(client.get(reverse(LIST), {"page": page})) for page in (1, 99))
    assert "Школа 30<" in first
    assert "Школа 31<" not in first
    assert "Школа 31<" in last
    assert "В реестре 31 школа" in last


def test_an_empty_registry_says_who_fills_it(sign_in: SignIn, boris: User, zoya: User) -> None:
    assert "Список школ загружает администратор портала." in text(sign_in(boris).get(reverse(LIST)))
    page = text(sign_in(zoya).get(reverse(LIST)))
    assert "Загрузите список школ региона" in page
    assert reverse("schools:import") in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number_of_schools(
    bring_in: Import,
    bondarsky: Organization,
    sign_in: SignIn,
    boris: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    bring_in(listed(*(school(number) for number in range(1, count + 1))))
    client = sign_in(boris)
    # Session, person, memberships; whom they answer to, levels; count, rows; extensions.
    filters: dict[str, str | int] = {"sort": "-pupils", "lacks": "enrolment", "level": Level.objects.get(hours=60).pk}
    with django_assert_num_queries(9):
        client.get(reverse(LIST), filters)


class TestSchoolPage:
    """All that the registry keeps of one school, and what it owes."""

    def test_it_says_who_what_and_since_when(self, three: list[Organization], sign_in: SignIn, boris: User) -> None:
        SchoolYear.objects.create(organization=three[0], academic_year=2022, level=Level.objects.get(hours=40))
        factories.person("elena", "deputy", three[0], last_name="Ершова")
        page = text(sign_in(boris).get(reverse("schools:detail", args=[three[0].pk])))
        for words in (
            "Школа села Берёзовка",
            "Ёлкина Зоя",
            "mailto:school1@example.test",
            "+7 (475) 000-00-01",
            inn(1),
            "https://school1.example.test",
            "Бондарский",
            "Ершова Elena",
            "2023/2024",
            "Основной (60 ч)",
            "Поручений нет.",
        ):
            assert words in page, words
        before = text(sign_in(boris).get(reverse("schools:detail", args=[three[0].pk]), {"year": 2022}))
        assert "Базовый (40 ч)" in before
        assert "Поручений нет." not in before

    def test_it_shows_what_burns(
        self, obligation: Obligation, bondarskaya: Organization, sign_in: SignIn, boris: User
    ) -> None:
        page = text(sign_in(boris).get(reverse("schools:detail", args=[bondarskaya.pk])))
        assert obligation.get_absolute_url() in page
        assert "через 4 дня" in page

    def test_a_school_without_a_profile_has_its_page(
        self, bondarskaya: Organization, sign_in: SignIn, elena: User
    ) -> None:
        page = text(sign_in(elena).get(reverse("schools:detail", args=[bondarskaya.pk])))
        assert "не указан" in page
        assert "Уровень ещё не указан" in page

    def test_three_obligations_take_the_queries_of_one(
        self, obligation: Obligation, bondarskaya: Organization, sign_in: SignIn, boris: User
    ) -> None:
        client = sign_in(boris)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("schools:detail", args=[bondarskaya.pk]))
            return len(captured)

        one = queries()
        for _ in range(2):
            requirement = factories.RequirementFactory(region=bondarskaya.region)
            factories.ObligationFactory(requirement=requirement, organization=bondarskaya)
            factories.person(f"more{requirement.pk}", "deputy", bondarskaya)
        assert queries() == one


class TestAdmin:
    """The host's own look keeps the search in step."""

    def test_a_school_that_is_renamed_is_found_by_its_new_name(
        self, three: list[Organization], client: Client, sign_in: SignIn, anna: User
    ) -> None:
        client.force_login(User.objects.create_superuser("root@example.test", "profminimum-2023"))
        one = three[0]
        address = reverse("admin:accounts_organization_change", args=[one.pk])
        form = client.get(address).context["adminform"].form
        data = {name: value for name, value in form.initial.items() if value is not None}
        data |= {"name": "Гимназия имени Гагарина", "is_active": "on"}
        profile = SchoolProfile.objects.get(organization=one)
        data |= {
            "school_profile-TOTAL_FORMS": 1,
            "school_profile-INITIAL_FORMS": 1,
            "school_profile-0-id": profile.pk,
            "school_profile-0-organization": one.pk,
            "school_profile-0-contact_name": "Новикова Мария",
            "school_years-TOTAL_FORMS": 0,
            "school_years-INITIAL_FORMS": 0,
            "traits-TOTAL_FORMS": 0,
            "traits-INITIAL_FORMS": 0,
        }
        assert client.post(address, data).status_code == 302
        page = text(sign_in(anna).get(reverse(LIST), {"q": "гагарина новикова"}))
        assert listed_in(page) == {"СОШ № 1 с. Берёзовка"}

    @pytest.mark.parametrize("name", ["level", "schoolimport"])
    def test_its_pages_open(self, client: Client, three: list[Organization], name: str) -> None:
        client.force_login(User.objects.create_superuser("root@example.test", "profminimum-2023"))
        assert client.get(reverse(f"admin:schools_{name}_changelist")).status_code == 200

    def test_an_organization_that_is_no_school_has_no_profile_there(
        self, client: Client, bondarsky: Organization
    ) -> None:
        client.force_login(User.objects.create_superuser("root@example.test", "profminimum-2023"))
        page = client.get(reverse("admin:accounts_organization_change", args=[bondarsky.pk])).content.decode()
        assert "school_profile-TOTAL_FORMS" not in page
