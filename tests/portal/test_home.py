"""The home page of each role: what is asked, and the one thing to begin with."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from re import findall, sub

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from obligations.models import Obligation, Requirement
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _that_day(now: datetime) -> Iterator[None]:
    """Pages are opened on the day on which the stories play."""
    with time_machine.travel(now, tick=False):
        yield


def words(page: bytes) -> str:
    """Return what a reader sees, without markup and with plain spaces."""
    return " ".join(unescape(sub(r"<[^>]+>", " ", page.decode())).replace("\u00a0", " ").split())


def first_step(page: bytes) -> str:
    """Return where the one obvious button leads."""
    buttons = findall(r'class="btn btn-primary" href="([^"]+)"', page.decode().split('class="page-actions"')[1])
    return str(buttons[0])


def hand_in(obligation: Obligation, now: datetime, state: str = "submitted") -> None:
    """Put an obligation before its reviewer."""
    Obligation.objects.filter(pk=obligation.pk).update(state=state, submitted_at=now, first_submitted_at=now)


def test_elena_sees_what_burns_and_how_long_is_left(sign_in: SignIn, elena: User, obligation: Obligation) -> None:
    page = sign_in(elena).get(reverse("home")).content
    text = words(page)
    assert "Что от меня ждут" in text
    assert "1 срок в ближайшие 7 дней" in text
    assert "срок 20 октября 2023 г. — через 4 дня" in text
    assert first_step(page) == reverse("obligations:todo")
    card = reverse("schools:detail", args=[obligation.organization_id])
    assert f'<a href="{card}">Карточка школы</a>' in page.decode()


def test_elena_sees_that_she_is_late(sign_in: SignIn, elena: User, obligation: Obligation, today: date) -> None:
    Obligation.objects.update(due_on=today - timedelta(days=3))
    text = words(sign_in(elena).get(reverse("home")).content)
    assert "1 просрочено" in text
    assert "просрочено на 3 дня" in text


def test_elena_has_nothing_of_her_neighbours(
    sign_in: SignIn, elena: User, pakhotnaya: Organization, requirement: Requirement
) -> None:
    factories.ObligationFactory(requirement=requirement, organization=pakhotnaya)
    text = words(sign_in(elena).get(reverse("home")).content)
    assert requirement.title not in text
    assert "Делать сейчас нечего" in text


def test_an_old_debt_is_named_apart(sign_in: SignIn, elena: User, obligation: Obligation) -> None:
    Requirement.objects.update(academic_year=2022)
    text = words(sign_in(elena).get(reverse("home")).content)
    assert "За прошлые учебные годы не закрыто: 1 поручение" in text


def test_boris_begins_with_what_waits_for_him(
    sign_in: SignIn, boris: User, obligation: Obligation, pakhotnaya: Organization, now: datetime, today: date
) -> None:
    hand_in(obligation, now)
    late = factories.RequirementFactory(region=pakhotnaya.region, due_on=today - timedelta(days=1))
    factories.ObligationFactory(requirement=late, organization=pakhotnaya)
    page = sign_in(boris).get(reverse("home")).content
    text = words(page)
    assert "1 ждёт решения" in text
    assert "Кто просрочил" in text
    assert "Школа Пахотная 1" in text
    assert first_step(page) == reverse("obligations:inbox")


def test_anna_sees_the_region_and_not_the_schools_of_municipalities_in_her_inbox(
    sign_in: SignIn, anna: User, obligation: Obligation, lyceum: Organization, now: datetime
) -> None:
    hand_in(obligation, now)
    hand_in(factories.ObligationFactory(requirement=obligation.requirement, organization=lyceum), now)
    page = sign_in(anna).get(reverse("home")).content
    text = words(page)
    assert "1 ждёт решения 0 от муниципалитетов 1 от школ на региональном бюджете" in text
    assert "2 на проверке" in text
    assert "Всего 2 поручения за 2023/2024 учебный год" in text
    assert first_step(page) == reverse("obligations:inbox")


def test_anna_alone_sees_drafts(sign_in: SignIn, anna: User, oleg: User) -> None:
    factories.RoadmapFactory(region=anna.active_memberships[0].organization.region)
    assert "Проекты дорожных карт" in words(sign_in(anna).get(reverse("home")).content)
    assert "Проекты дорожных карт" not in words(sign_in(oleg).get(reverse("home")).content)


def test_oleg_watches_the_region_without_an_inbox(sign_in: SignIn, oleg: User, obligation: Obligation) -> None:
    text = words(sign_in(oleg).get(reverse("home")).content)
    assert "Ход исполнения в регионе" in text
    assert "Ждут моей проверки" not in text


def test_zoya_begins_with_the_registry(
    sign_in: SignIn, zoya: User, elena: User, pakhotnaya: Organization, lyceum: Organization
) -> None:
    page = sign_in(zoya).get(reverse("home")).content
    text = words(page)
    assert "3 школы в реестре 1 на региональном бюджете 2 без ответственного на портале" in text
    assert "Мои поручения" not in text
    assert first_step(page) == reverse("schools:import")


def test_viktor_sees_nothing_of_this_region(sign_in: SignIn, viktor: User, obligation: Obligation) -> None:
    text = words(sign_in(viktor).get(reverse("home")).content)
    assert "Поручений на этот учебный год ещё нет" in text
    assert "Бондарский" not in text


def test_a_person_without_a_role_is_told_so(sign_in: SignIn, db: None) -> None:
    assert "Вам пока не назначена роль" in words(sign_in(factories.UserFactory()).get(reverse("home")).content)


def test_the_superuser_is_led_to_the_service_pages(sign_in: SignIn, db: None) -> None:
    root = User.objects.create_superuser("root@example.test")
    assert reverse("admin:index") in sign_in(root).get(reverse("home")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("elena", 6), ("boris", 9), ("anna", 11), ("oleg", 8), ("zoya", 5)])
def test_the_number_of_queries_does_not_grow(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    bondarskaya: Organization,
    bondarsky: Organization,
    django_assert_num_queries: DjangoAssertNumQueries,
    today: date,
    rows: int,
    name: str,
    queries: int,
) -> None:
    person: User = request.getfixturevalue(name)
    for organization in {bondarskaya, bondarsky, person.active_memberships[0].organization}:
        for days in range(rows):
            due = factories.RequirementFactory(region=bondarsky.region, due_on=today - timedelta(days=days))
            factories.ObligationFactory(requirement=due, organization=organization)
    client = sign_in(person)
    with django_assert_num_queries(queries):
        client.get(reverse("home"))
