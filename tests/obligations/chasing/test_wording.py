"""The words of a digest."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from obligations.chasing import wording
from obligations.chasing.content import Owed
from obligations.states import State
from tests.conftest import TODAY
from tests.obligations.chasing.samples import MINISTRY, MUNICIPALITY, SCHOOL, content_of, debtor, owed


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (wording.Person(1, "Анна", "Ивановна"), "Здравствуйте, Анна Ивановна!"),
        (wording.Person(1, "Анна"), "Здравствуйте, Анна!"),
        (wording.Person(1, "", "Ивановна"), "Здравствуйте!"),
    ],
)
def test_people_are_greeted_by_name_and_patronymic(person: wording.Person, words: str) -> None:
    assert wording.greeting(person) == words


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([owed(1, -1)], "Профминимум: просрочено 1 поручение"),
        ([owed(1, -1), owed(2, -2), owed(3, 1)], "Профминимум: просрочено 2 поручения, подходит срок ещё 1"),
        ([owed(1, 0)], "Профминимум: подходит срок 1 поручения"),
        ([owed(1, 0), owed(2, 7)], "Профминимум: подходит срок 2 поручений"),
        ([owed(1, 9, State.RETURNED)], "Профминимум: на доработке 1 поручение"),
        ([owed(1, 0), owed(2, 9, State.RETURNED)], "Профминимум: подходит срок 1 поручения, на доработке ещё 1"),
    ],
)
def test_the_subject_says_how_much(items: list[Owed], words: str) -> None:
    content = content_of(Role.DEPUTY, SCHOOL, *items)
    assert wording.subject(content, is_demonstration=False).replace("\u00a0", " ") == words


def test_the_subject_names_what_those_below_owe_and_marks_a_demonstration() -> None:
    content = content_of(Role.COORDINATOR, MUNICIPALITY, debtor(1, over_reviewer=5))
    assert wording.subject(content, is_demonstration=True).replace("\u00a0", " ") == (
        "Профминимум (демонстрационные данные): у подведомственных организаций просрочено 5 поручений"
    )


def test_a_long_part_ends_with_how_many_more_and_where_they_are() -> None:
    content = content_of(Role.DEPUTY, SCHOOL, *(owed(pk, -1) for pk in range(1, 35)))
    (part,) = wording.parts(content, TODAY)
    assert part.heading.replace("\u00a0", " ") == "Просрочено — 34 поручения"
    assert len(part.lines) == 20
    assert part.left_out.replace("\u00a0", " ") == "…и ещё 14 поручений"
    assert part.url.endswith(reverse("obligations:todo"))


def test_a_long_list_of_debtors_leads_to_the_page_where_all_of_them_are() -> None:
    content = content_of(Role.COORDINATOR, MUNICIPALITY, *(debtor(pk) for pk in range(1, 23)))
    (part,) = wording.parts(content, TODAY)
    assert part.left_out.replace("\u00a0", " ") == "…и ещё 2 организации"
    assert part.url.endswith(reverse("schools:calls"))


def test_a_municipality_with_many_debtors_names_the_first_ten() -> None:
    content = content_of(Role.MINISTRY, MINISTRY, *(debtor(pk, over_ministry=2) for pk in range(1, 13)))
    (line,) = wording.parts(content, TODAY)[0].lines
    detail = line.detail.replace("\u00a0", " ")
    assert detail.startswith("24 поручения у 12 школ, самое давнее просрочено на 4 дня: Школа 1 — 2; ")
    assert detail.endswith("; …и ещё 2 школы")


def test_an_organization_without_a_telephone_is_named_with_what_is_known() -> None:
    content = content_of(
        Role.COORDINATOR,
        MUNICIPALITY,
        debtor(1, phone="+7 475 344-00-00", email="one@example.test"),
        debtor(2, email="two@example.test"),
        debtor(3),
    )
    details = [line.detail.replace("\u00a0", " ") for line in wording.parts(content, TODAY)[0].lines]
    assert details == [
        "1 поручение, просрочено на 4 дня; тел. +7 475 344-00-00, one@example.test",
        "1 поручение, просрочено на 4 дня; two@example.test",
        "1 поручение, просрочено на 4 дня; контакты не указаны",
    ]
