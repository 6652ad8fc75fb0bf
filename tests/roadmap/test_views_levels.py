"""Roadmaps of municipalities and schools in the browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from roadmap.actions import approve
from roadmap.models import Roadmap
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of

BrowserOf = Callable[[User], Client]
HEADER = {"order_number": "15", "order_date": "2023-09-04", "title": "Карта района", "text": ""}
REGIONAL = tuple((f"3.{n}", f"Дело школы {'абвгд'[n] * 9}", f"До {10 + n}.11.2023 г.", SCHOOLS) for n in range(1, 4))


@pytest.fixture
def regional(ministry: Organization, bondarskaya: Organization, morshanskaya: Organization, anna: User) -> Roadmap:
    """The region's roadmap in force."""
    roadmap = draft_of(ministry.region, order_of(*REGIONAL))
    approve(roadmap=roadmap, by=anna, now=NOW)
    return roadmap


def derive(browser: Client, parent: Roadmap, **changes: str) -> Roadmap:
    response = browser.post(reverse("roadmap:derive", args=[parent.pk]), HEADER | changes)
    if changes.get("text"):
        # A plan is looked at first.
        response = browser.post(reverse("roadmap:derive_save", args=[parent.pk]), HEADER | changes)
    assert response.status_code == 302, response.content.decode()
    return Roadmap.objects.filter(owner__isnull=False).latest("pk")


def correct(browser: Client, roadmap: Roadmap, number: str, **changes: str) -> tuple[int, str]:
    item = item_of(roadmap, number)
    fields = {"deadline_text": item.deadline_text, "dates": "", "bodies_text": SCHOOLS}
    response = browser.post(reverse("roadmap:item_edit", args=[item.pk]), fields | changes)
    return response.status_code, response.content.decode()


def test_boris_makes_the_districts_roadmap_with_its_own_plan(
    regional: Roadmap, browser_of: BrowserOf, boris: User, elena: User, galina: User
) -> None:
    browser = browser_of(boris)
    assert reverse("roadmap:derive", args=[regional.pk]) in browser.get(regional.get_absolute_url()).content.decode()
    plan = order_of(("1", "Районный слёт", "До 01.12.2023 г.", SCHOOLS))
    own = derive(browser, regional, text=plan)
    page = browser.get(reverse("roadmap:draft", args=[own.pk])).content.decode()
    assert "Районный слёт" in page
    assert "из вышестоящей" in page
    assert correct(browser, own, "3.1", deadline_text="До 01.11.2023 г.", title="Иное")[0] == 302
    assert item_of(own, "3.1").title == item_of(regional, "3.1").title, "the words are not his to change"
    status, page = correct(browser, own, "3.2", deadline_text="До 30.11.2023 г.")
    assert status == 422
    assert "ужесточить можно, ослабить нельзя" in page
    seen = browser.get(reverse("roadmap:approve", args=[own.pk]))
    assert "Срок изменится у 1&nbsp;поручения" in seen.content.decode()
    form = {"seen": seen.context["preview"].fingerprint}
    done = browser.post(reverse("roadmap:approve", args=[own.pk]), form, follow=True).content.decode()
    assert "Новый срок получили: 1\u00a0поручение" in done
    assert "Строже <strong>1</strong>" in done
    assert "Районный слёт" in browser_of(elena).get(own.get_absolute_url()).content.decode()
    assert browser_of(galina).get(own.get_absolute_url()).status_code == 404


def test_who_has_a_roadmap_of_their_own_is_led_to_it(
    regional: Roadmap, browser_of: BrowserOf, boris: User, galina: User
) -> None:
    browser, address = browser_of(boris), reverse("roadmap:derive", args=[regional.pk])
    own = derive(browser, regional)
    page = browser.get(regional.get_absolute_url()).content.decode()
    assert address not in page
    assert f'href="{own.get_absolute_url()}">Ваша дорожная карта' in page
    for response in (browser.get(address), browser.post(address, HEADER)):
        assert response.headers["Location"] == own.get_absolute_url()
    assert Roadmap.objects.filter(owner__isnull=False).count() == 1
    approve(roadmap=own, by=boris, now=NOW)
    browser.post(reverse("roadmap:bring_up", args=[own.pk]))
    assert browser.get(address).headers["Location"] == own.get_absolute_url(), "not to the draft of its next edition"
    assert address in browser_of(galina).get(regional.get_absolute_url()).content.decode()


def test_how_to_change_is_said_in_the_words_of_the_button(
    regional: Roadmap, browser_of: BrowserOf, boris: User, anna: User
) -> None:
    own = derive(browser_of(boris), regional)
    assert (
        "кнопка «Новая редакция»" in browser_of(boris).get(reverse("roadmap:approve", args=[own.pk])).content.decode()
    )
    approve(roadmap=own, by=boris, now=NOW)
    for roadmap, person, button in ((own, boris, "Новая редакция"), (regional, anna, "Новый проект на её основе")):
        browser = browser_of(person)
        assert f">{button}</a>" in browser.get(roadmap.get_absolute_url()).content.decode()
        edit = reverse("roadmap:item_edit", args=[item_of(roadmap, "3.1").pk])
        said = browser.get(edit, follow=True).content.decode().replace("\u00a0", " ")
        assert f"кнопка «{button}»" in said


def test_a_text_that_is_no_plan_is_refused_and_kept(regional: Roadmap, browser_of: BrowserOf, boris: User) -> None:
    text = "Просим рассмотреть возможность"
    response = browser_of(boris).post(reverse("roadmap:derive", args=[regional.pk]), HEADER | {"text": text})
    assert response.status_code == 422
    assert text in response.content.decode()
    assert not Roadmap.objects.filter(owner__isnull=False).exists()


def test_a_changed_edition_above_is_told_of_and_followed(
    regional: Roadmap, browser_of: BrowserOf, boris: User, anna: User
) -> None:
    browser = browser_of(boris)
    own = derive(browser, regional)
    correct(browser, own, "3.1", deadline_text="До 01.11.2023 г.")
    approve(roadmap=own, by=boris, now=NOW)
    second = draft_of(regional.region, order_of(*REGIONAL[:2]))
    approve(roadmap=second, by=anna, now=NOW)
    page = browser.get(own.get_absolute_url()).content.decode()
    assert "Обновить по редакции №&nbsp;2" in page
    assert reverse("roadmap:compare", args=[regional.pk, second.pk]) in page
    bring_up = reverse("roadmap:bring_up", args=[own.pk])
    assert "Подготовить новую редакцию?" in browser.get(bring_up).content.decode()
    browser.post(bring_up)
    draft = Roadmap.objects.get(state="draft")
    assert (draft.parent, draft.edition) == (second, 2)
    again = browser.post(bring_up, follow=True).content.decode()
    assert "Проект новой редакции уже есть" in again


@pytest.mark.parametrize("rows", [1, 3])
def test_the_own_page_asks_the_same_number_of_questions(
    browser_of: BrowserOf,
    ministry: Organization,
    bondarskaya: Organization,
    anna: User,
    boris: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    above = draft_of(ministry.region, order_of(*REGIONAL[:rows]))
    approve(roadmap=above, by=anna, now=NOW)
    browser = browser_of(boris)
    own = derive(browser, above)
    approve(roadmap=own, by=boris, now=NOW)
    browser.get(own.get_absolute_url())
    with django_assert_num_queries(16):
        browser.get(own.get_absolute_url())
