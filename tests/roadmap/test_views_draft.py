"""Anna puts a draft right: doubts first, one item, one name mapped once; and drops a draft she does not need."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import BodyAlias, Organization, User
from roadmap.actions import approve
from roadmap.models import Item, Roadmap
from tests.conftest import NOW
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]


@pytest.fixture
def draft(ministry: Organization) -> Roadmap:
    """The small order, just saved."""
    return draft_of(ministry.region)


def url(name: str, roadmap: Roadmap, *more: int) -> str:
    """Address of a page of the edition."""
    return reverse(f"roadmap:{name}", args=[roadmap.pk, *more])


def fields_of(item: Item, **changes: str) -> dict[str, str]:
    """The form of an item as it is drawn."""
    fields = {
        "number": item.number,
        "title": item.title,
        "deadline_text": item.deadline_text,
        "dates": "",
        "bodies_text": "\n".join(one.text for one in item.bodies.all()),
        "expected_result": item.expected_result,
    }
    return fields | changes


def test_doubts_come_first(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    page = body(browser_of(anna).get(url("draft", draft)))
    assert "5 мероприятий, требуют внимания — 2, без дат — 2" in page
    attention, certain = page.index("Требуют внимания"), page.index("3. Школы")
    assert attention < page.index("3.1 Диагностика") < certain < page.index("3.2 Приказ")
    assert "Срок не распознан: поправьте слова или укажите даты." in page
    assert "«Все школы области» — мероприятие 3.1" in page


def test_anna_corrects_the_bodies_of_3_1_and_its_mark_goes(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client, item = browser_of(anna), item_of(draft, "3.1")
    edit = reverse("roadmap:item_edit", args=[item.pk])
    assert "Не распознано:" in client.get(edit).content.decode()
    response = client.post(edit, fields_of(item, bodies_text=f"{SCHOOLS}\n{MUNICIPALITIES}"), follow=True)
    assert "Мероприятие 3.1 исправлено." in body(response)
    assert [one.group for one in item_of(draft, "3.1").bodies.all()] == ["schools", "municipalities"]
    assert "Все школы области" not in body(client.get(url("draft", draft)))


def test_the_reading_is_shown_before_it_is_saved(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client, item = browser_of(anna), item_of(draft, "3.3")
    edit = reverse("roadmap:item_edit", args=[item.pk])
    response = client.post(edit, fields_of(item, deadline_text="Ежеквартально", check="1"))
    assert response.status_code == 200
    assert "повторяется, 4 раза" in body(response)
    assert item_of(draft, "3.3").deadline_text == "Когда получится"


def test_dates_set_by_anna_come_back_in_the_form(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client, item = browser_of(anna), item_of(draft, "3.3")
    edit = reverse("roadmap:item_edit", args=[item.pk])
    client.post(edit, fields_of(item, dates="1.11.2023\n01.12.2023 — 20.12.2023"))
    assert "01.11.2023\n01.12.2023\u00a0— 20.12.2023" in client.get(edit).content.decode()
    # What the form shows is what it saves: drawn and sent again, nothing changes.
    client.post(edit, fields_of(item, dates="01.11.2023\n01.12.2023\u00a0— 20.12.2023"))
    assert [one.due_on.day for one in item_of(draft, "3.3").occurrences.all()] == [1, 20]
    assert "даты: 01.11.2023 и 01.12.2023 — 20.12.2023" in body(client.get(url("draft", draft)))


def test_words_that_contradict_the_dates_left_standing_are_refused(
    draft: Roadmap, anna: User, browser_of: Browser
) -> None:
    client, item = browser_of(anna), item_of(draft, "3.3")
    edit = reverse("roadmap:item_edit", args=[item.pk])
    client.post(edit, fields_of(item, dates="15.10.2023"))
    wrong = fields_of(item, dates="15.10.2023", deadline_text="До 31.05.2024 г.")
    response = client.post(edit, wrong)
    assert response.status_code == 422
    assert "По словам срок 31.05.2024, в поле «Даты» 15.10.2023: исправьте одно из них." in body(response)
    page = response.content.decode()
    assert 'value="До 31.05.2024 г."' in page
    assert ">\n15.10.2023</textarea>" in page
    assert item_of(draft, "3.3").deadline_text == "Когда получится"
    for dates in ("", "14.10.2023"):
        client.post(edit, wrong | {"dates": dates})
        assert item_of(draft, "3.3").deadline_text == "До 31.05.2024 г."
    # Dates that were set over the same words on purpose stay, however else the words are spelt.
    client.post(edit, wrong | {"dates": "14.10.2023", "deadline_text": "До 31 мая 2024 г."})
    assert item_of(draft, "3.3").deadline_text == "До 31 мая 2024 г."
    assert item_of(draft, "3.3").occurrences.get().due_on == date(2023, 10, 14)


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ("31.09.2023", "«31.09.2023»: такого дня в календаре нет."),
        ("осенью", "«осенью» — не дата."),
        ("20.12.2023 - 01.12.2023", "период кончается раньше, чем начинается"),
        ("01.12.2023\n1.12.2023", "Срок 01.12.2023 назван дважды."),
        ("осенью\n31.09.2023", "такого дня в календаре нет"),
    ],
)
def test_wrong_dates_are_named_and_nothing_is_saved(
    draft: Roadmap, anna: User, browser_of: Browser, dates: str, message: str
) -> None:
    item = item_of(draft, "3.3")
    edit = reverse("roadmap:item_edit", args=[item.pk])
    response = browser_of(anna).post(edit, fields_of(item, dates=dates, title="Другое"))
    assert response.status_code == 422
    assert message in body(response)
    assert item_of(draft, "3.3").title == "Рабочая группа"


def test_a_number_taken_by_another_item_is_refused_in_the_form(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    item = item_of(draft, "3.3")
    response = browser_of(anna).post(reverse("roadmap:item_edit", args=[item.pk]), fields_of(item, number="3.2"))
    assert response.status_code == 422
    assert "Мероприятие с номером 3.2 в этой редакции уже есть." in body(response)


def test_anna_maps_a_name_once(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    response = client.post(
        url("map_body", draft), {"text": "Все школы области", "target": "group:schools"}, follow=True
    )
    assert "Запомнили, кто такие «Все школы области»" in body(response)
    assert item_of(draft, "3.1").bodies.get().group == "schools"
    assert BodyAlias.objects.get().text == "Все школы области"


def test_anna_maps_a_name_to_an_organization(
    draft: Roadmap, operator: Organization, anna: User, browser_of: Browser
) -> None:
    fields = {"text": "Все школы области", "target": f"organization:{operator.pk}"}
    browser_of(anna).post(url("map_body", draft), fields)
    assert item_of(draft, "3.1").bodies.get().organization == operator


def test_mapping_asks_for_a_choice_and_knows_no_stranger(
    draft: Roadmap, bondarskaya: Organization, stranger_ministry: Organization, anna: User, browser_of: Browser
) -> None:
    client = browser_of(anna)
    for target in ("", f"organization:{stranger_ministry.pk}", f"organization:{bondarskaya.pk}", "group:everybody"):
        response = client.post(url("map_body", draft), {"text": "Все школы области", "target": target})
        assert response.status_code == 422
        assert "is-invalid" in response.content.decode()
    assert not BodyAlias.objects.exists()


def test_items_are_added_and_taken_out(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client, item = browser_of(anna), item_of(draft, "3.3")
    add = url("item_add", draft, item.section_id)
    assert client.get(add).status_code == 200
    response = client.post(add, fields_of(item, number="3.4", title="Сайт школы"), follow=True)
    assert "Мероприятие 3.4 добавлено." in body(response)
    response = client.post(reverse("roadmap:item_delete", args=[item.pk]), follow=True)
    assert "Мероприятие 3.3 исключено из проекта." in body(response)
    assert [one.number for one in item.section.items.all()] == ["3.1", "3.2", "3.4"]


def test_a_section_of_another_edition_is_not_added_to(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    other = draft_of(draft.region, order_of(("3.1", "А", "Постоянно", SCHOOLS)), order_number="7")
    add = url("item_add", draft, item_of(other, "3.1").section_id)
    assert browser_of(anna).get(add).status_code == 404


def test_the_head_is_corrected(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    assert 'value="2023-08-25"' in client.get(url("edit", draft)).content.decode()
    client.post(url("edit", draft), {"order_number": "2400", "order_date": "2023-09-01", "title": "Иная"})
    draft.refresh_from_db()
    assert (draft.order_number, str(draft.order_date), draft.title) == ("2400", "2023-09-01", "Иная")
    assert client.post(url("edit", draft), {"order_number": ""}).status_code == 422


def test_a_draft_is_dropped_after_a_question(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    assert "Удалить проект?" in body(client.get(url("delete", draft)))
    assert Roadmap.objects.exists()
    response = client.post(url("delete", draft), follow=True)
    assert "Проект удалён." in body(response)
    assert not Roadmap.objects.exists()
    assert not Item.objects.exists()


DRAFT_PAGES = ("draft", "edit", "delete", "approve")


@pytest.mark.parametrize("name", ["boris", "elena", "oleg", "zoya", "viktor"])
def test_nobody_but_the_ministry_knows_of_a_draft(
    draft: Roadmap, name: str, request: pytest.FixtureRequest, browser_of: Browser
) -> None:
    client, item = browser_of(request.getfixturevalue(name)), item_of(draft, "3.3")
    pages = [url(page, draft) for page in (*DRAFT_PAGES, "detail", "carry_over")]
    pages += [url("item_add", draft, item.section_id)]
    pages += [reverse(f"roadmap:{page}", args=[item.pk]) for page in ("item", "item_edit", "item_dates")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    posts = [url(page, draft) for page in ("edit", "delete", "approve", "carry_over", "map_body")]
    posts += [reverse("roadmap:item_delete", args=[item.pk])]
    assert {page: client.post(page).status_code for page in posts} == dict.fromkeys(posts, 404)
    assert item_of(draft, "3.3").title == "Рабочая группа"


@pytest.mark.parametrize(
    ("name", "status"), [("boris", 403), ("elena", 403), ("oleg", 403), ("zoya", 403), ("viktor", 404)]
)
def test_an_approved_edition_is_managed_by_its_ministry_alone(
    draft: Roadmap, name: str, status: int, request: pytest.FixtureRequest, browser_of: Browser, anna: User
) -> None:
    item = item_of(draft, "3.3")
    approve(roadmap=draft, by=anna, now=NOW)
    client = browser_of(request.getfixturevalue(name))
    pages = [url(page, draft) for page in (*DRAFT_PAGES, "carry_over")]
    pages += [reverse(f"roadmap:{page}", args=[item.pk]) for page in ("item_edit", "item_dates")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, status)
    posts = [*pages, url("map_body", draft), reverse("roadmap:item_delete", args=[item.pk])]
    posts.remove(url("draft", draft))
    assert {page: client.post(page).status_code for page in posts} == dict.fromkeys(posts, status)


def test_a_page_that_grew_old_says_that_the_edition_is_closed(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    item = item_of(draft, "3.3")
    approve(roadmap=draft, by=anna, now=NOW)
    client = browser_of(anna)
    edit, drop = reverse("roadmap:item_edit", args=[item.pk]), reverse("roadmap:item_delete", args=[item.pk])
    for page in (
        edit,
        drop,
        url("delete", draft),
        url("edit", draft),
        url("map_body", draft),
        url("item_add", draft, item.section_id),
    ):
        response = client.post(page, fields_of(item, title="Другое"), follow=True)
        assert "Редакция уже утверждена и закрыта для правки" in body(response), page
    assert item_of(draft, "3.3").title == "Рабочая группа"
    assert client.get(url("draft", draft)).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_a_draft_is_drawn_in_the_same_number_of_queries(
    ministry: Organization,
    anna: User,
    browser_of: Browser,
    count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "Ежемесячно", f"{SCHOOLS} {MUNICIPALITIES}") for n in range(count)]
    page = url("draft", draft_of(ministry.region, order_of(*rows)))
    client = browser_of(anna)
    # session, person, memberships; edition; sections, items, occurrences, bodies; extensions
    with django_assert_num_queries(10):  # type: ignore[attr-defined]
        assert client.get(page).status_code == 200
