"""Anna pastes an order, looks at how it was read, and saves a draft; nobody else may."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, User
from roadmap.models import Item, Roadmap
from tests.roadmap.documents import HEAD, excel_order, open_document_order, word_order, workbook
from tests.roadmap.stories import ORDER, SCHOOLS, order_of, row_counts

Browser = Callable[[User], Client]
IMPORT, SAVE = reverse("roadmap:import"), reverse("roadmap:import_save")


def body(response: object) -> str:
    """The page as people read it: no tags between words, hard spaces as spaces, no places where a word may part."""
    assert isinstance(response, HttpResponse)
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text.replace("\u00ad", ""))


def hidden_text(response: object) -> str:
    """The document that travels with the preview's form."""
    assert isinstance(response, HttpResponse)
    found = re.search(r'name="text" value="([^"]*)"', response.content.decode())
    assert found
    return unescape(found[1])


def save(client: Client, **changes: str) -> object:
    """Send the preview's form as it was drawn for the small order."""
    fields = {
        "order_number": "2381",
        "order_date": "2023-08-25",
        "academic_year": "2023",
        "shown_year": "2023",
        "text": ORDER,
    }
    return client.post(SAVE, fields | changes)


def test_the_preview_shows_how_each_row_was_read_and_writes_nothing(anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    before = row_counts()
    response = client.post(IMPORT, {"text": ORDER})
    assert response.status_code == 200
    assert row_counts() == before
    page = body(response)
    assert "2 раздела, 5 мероприятий, из них без дат — 2. Пока ничего не сохранено." in page
    assert "До 20.10.2023 г. срок: 20.10.2023" in page
    assert "Июль 2023 г. период: 01.07.2023 — 31.07.2023" in page
    assert "дат в тексте нет (отдельный план)" in page
    assert "Министерство образования" in page
    assert "Муниципальные органы управления образованием" in page
    assert "Не распознаны ответственные: «Все школы области»" in page
    assert "Срок не распознан" in page
    html = response.content.decode()
    assert 'href="#item-3.1"' in html
    assert 'href="#item-3.3"' in html
    assert 'href="#item-3.2"' not in html, "3.2 gives no cause for doubt"
    assert 'value="2381"' in html, "the order's number is suggested from the text"
    assert 'value="2023-08-25"' in html
    assert '<option value="2023" selected>' in html
    assert hidden_text(response) == ORDER


def test_anna_saves_the_draft_once(anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    first = save(client, text=hidden_text(client.post(IMPORT, {"text": ORDER})))
    roadmap = Roadmap.objects.get()
    assert first.status_code == 302  # type: ignore[attr-defined]
    assert (roadmap.order_number, str(roadmap.order_date), roadmap.academic_year) == ("2381", "2023-08-25", 2023)
    assert (roadmap.created_by, roadmap.region.code) == (anna, "68")
    assert Item.objects.count() == 5
    save(client)
    assert Roadmap.objects.count() == 1, "a double click saves one draft"
    page = body(client.get(roadmap.get_absolute_url(), follow=True))
    assert "Этот текст уже сохранён" in page


def test_a_text_file_in_windows_1251_is_read_as_well(anna: User, browser_of: Browser) -> None:
    upload = SimpleUploadedFile("order.txt", ORDER.encode("cp1251"), content_type="text/plain")
    response = browser_of(anna).post(IMPORT, {"document": upload})
    assert "Диагностика готовности школы" in body(response)


@pytest.mark.parametrize(
    ("name", "build"),
    [("приказ.docx", word_order), ("план.xlsx", excel_order), ("план.ods", open_document_order)],
)
def test_an_office_document_is_read_previewed_and_saved(
    anna: User, browser_of: Browser, name: str, build: Callable[[], bytes]
) -> None:
    client = browser_of(anna)
    response = client.post(IMPORT, {"document": SimpleUploadedFile(name, build())})
    assert response.status_code == 200
    assert "4 раздела, 44 мероприятия" in body(response)
    html = response.content.decode()
    assert 'value="2381"' in html
    assert 'value="2023-08-25"' in html
    assert save(client, text=hidden_text(response)).status_code == 302  # type: ignore[attr-defined]
    assert Item.objects.count() == 44


def test_what_is_wrong_in_a_workbook_is_named_by_sheet_and_row(anna: User, browser_of: Browser) -> None:
    book = workbook("План", HEAD, ["1.1", "а", "Май", SCHOOLS, "р"], [], ["1.1", "б", "Май", SCHOOLS, "р"])
    page = body(browser_of(anna).post(IMPORT, {"document": SimpleUploadedFile("план.xlsx", book)}))
    where = "(лист «План», строка 2; лист «План», строка 4)"
    assert f"Лист «План», строка 2: Номер 1.1 стоит у нескольких пунктов {where}" in page


def test_dates_are_read_again_before_they_are_saved_for_another_year(anna: User, browser_of: Browser) -> None:
    text = order_of(("3.1", "Отчёт", "До 20 октября", SCHOOLS))
    client = browser_of(anna)
    response = save(client, text=text, academic_year="2024")
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert not Roadmap.objects.exists()
    page = body(response)
    assert "Сроки прочитаны заново, на 2024/2025 учебный год" in page
    assert "срок: 20.10.2024" in page
    save(client, text=text, academic_year="2024", shown_year="2024")
    assert Roadmap.objects.get().academic_year == 2024


def test_what_is_missing_is_named_and_the_rows_stay_in_view(anna: User, browser_of: Browser) -> None:
    response = save(browser_of(anna), order_number="", order_date="31.02.2023")
    assert response.status_code == 422  # type: ignore[attr-defined]
    page = body(response)
    assert "Номер приказа: Обязательное поле." in page
    assert "Дата приказа: Введите правильную дату." in page
    assert "Диагностика готовности школы" in page
    assert not Roadmap.objects.exists()


@pytest.mark.parametrize("slip", ["0023-08-25", "1999-12-31", "2203-08-25"])
def test_a_year_mistyped_in_the_orders_date_is_told(anna: User, browser_of: Browser, slip: str) -> None:
    response = save(browser_of(anna), order_date=slip)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "Дата приказа: Проверьте год" in body(response)
    assert not Roadmap.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Вставьте текст таблицы или выберите файл."),
        ({"text": "  \n "}, "Вставьте текст таблицы или выберите файл."),
        ({"text": "Уважаемые коллеги!"}, "Не нашли в тексте таблицу дорожной карты"),
        ({"text": "я" * 1_000_001}, "не более 1000000 символов"),
        ({"document": b"PK\x03\x04docx"}, "Файл повреждён или скачан не полностью."),
        ({"document": b"PK\x03\x04\x14\x00word/document.xml"}, "Документ повреждён или скачан не полностью."),
        ({"document": b"\x89PNG\r\n\x1a\n"}, "внутри картинка. Загрузите файл .docx"),
        ({"document": b"%PDF-1.7"}, "внутри документ PDF"),
        ({"document": b"x" * (20 * 1024 * 1024 + 1)}, "Файл больше 20 МБ"),
        ({"document": b"\x00\x01\x02"}, "В файле нет текста, который можно прочитать."),
        ({"document": b"\x98\x98"}, "В файле нет текста, который можно прочитать."),
        ({"document": b"x" * 2_000_001}, "Файл больше 2 МБ"),
        ({"document": b""}, "Отправленный файл пуст."),
        ({"document": "Приказ".encode()}, "Не нашли в тексте таблицу дорожной карты"),
    ],
)
def test_what_is_no_roadmap_gets_its_answer_and_changes_nothing(
    anna: User, browser_of: Browser, fields: dict[str, object], message: str
) -> None:
    if isinstance(fields.get("document"), bytes):
        fields = {"document": SimpleUploadedFile("order.txt", fields["document"])}  # type: ignore[arg-type]
    client = browser_of(anna)
    before = row_counts()
    response = client.post(IMPORT, fields)
    assert response.status_code == 422
    assert message in body(response)
    assert row_counts() == before


def test_a_paste_of_many_megabytes_is_refused_without_a_traceback(anna: User, browser_of: Browser) -> None:
    response = browser_of(anna).post(IMPORT, {"text": "я" * 6_000_000})
    assert response.status_code == 413
    assert not Roadmap.objects.exists()


def test_a_text_that_got_lost_on_the_way_is_asked_for_again(anna: User, browser_of: Browser) -> None:
    response = browser_of(anna).post(SAVE, {"order_number": "2381"}, follow=True)
    assert "Текст не дошёл целиком" in body(response)


def test_what_cannot_be_saved_says_why_and_has_no_button(anna: User, browser_of: Browser) -> None:
    text = order_of(("3.1", "Отчёт", "До 20.10.2023 г. " * 30, SCHOOLS))
    client = browser_of(anna)
    response = client.post(IMPORT, {"text": text})
    assert "срок длиннее 300 знаков" in body(response)
    assert "Сохранить проект" not in body(response)
    assert save(client, text=text).status_code == 422  # type: ignore[attr-defined]
    assert not Roadmap.objects.exists()


def test_pasted_markup_is_shown_as_words(anna: User, browser_of: Browser) -> None:
    text = order_of(("3.1", "Отчёт 1 < 2 & <script>alert(1)</script>", "Постоянно", '"><img src=x>'))
    html = browser_of(anna).post(IMPORT, {"text": text}).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_who_serves_two_ministries_chooses_the_region(
    anna: User, stranger_ministry: Organization, browser_of: Browser
) -> None:
    Membership.objects.create(user=anna, organization=stranger_ministry, role="ministry")
    client = browser_of(anna)
    assert "Субъект РФ" in body(client.get(IMPORT))
    region = str(stranger_ministry.region_id)
    assert client.post(IMPORT, {"text": ORDER, "region": region}).status_code == 200
    save(client, region=region)
    assert Roadmap.objects.get().region == stranger_ministry.region


@pytest.mark.parametrize("name", ["boris", "elena", "oleg", "zoya"])
def test_only_the_ministry_reads_orders_in(name: str, request: pytest.FixtureRequest, browser_of: Browser) -> None:
    client = browser_of(request.getfixturevalue(name))
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"text": ORDER}).status_code == 403
    assert client.post(SAVE, {"text": ORDER}).status_code == 403
    assert not Roadmap.objects.exists()


def test_viktor_reads_his_own_regions_order(viktor: User, anna: User, browser_of: Browser) -> None:
    save(browser_of(viktor))
    roadmap = Roadmap.objects.get()
    assert roadmap.region.code == "48"
    assert browser_of(anna).get(reverse("roadmap:draft", args=[roadmap.pk])).status_code == 404


def test_nobody_gets_in_without_signing_in(client: Client, db: None) -> None:
    assert client.get(IMPORT).status_code == 302
    assert client.post(SAVE, {"text": ORDER}).status_code == 302
    assert not Roadmap.objects.exists()
