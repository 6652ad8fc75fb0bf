"""«Выгрузки»: everybody's own, watched while they are built, taken under their own names."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Region, User
from exports.actions import IN_QUEUE
from exports.models import Export, ExportFormat, ExportState
from tests.exports.conftest import SampleReport

SignIn = Callable[[User], Client]


@pytest.fixture
def make(region: Region, anna: User, now: datetime) -> Callable[..., Export]:
    """Make one of Anna's exports."""

    def _make(**fields: Any) -> Export:
        defaults: dict[str, Any] = {
            "region": region,
            "report": "sample",
            "title": "О сдаче",
            "format": ExportFormat.XLSX,
            "created_by": anna,
            "created_at": now,
            "queued_at": now,
            "stage": IN_QUEUE,
        }
        export = Export(**(defaults | fields))
        if export.state == ExportState.READY:
            export.filename, export.finished_at = "О сдаче, 16.10.2023.xlsx", now
            export.file.save("", ContentFile(b"PK-content"), save=False)
        export.save()
        return export

    return _make


def test_ordering_leads_to_the_page_that_watches(sign_in: SignIn, anna: User, sample: SampleReport) -> None:
    response = sign_in(anna).post(
        reverse("exports:create"), {"report": "sample", "format": "pdf", "school": "Школа № 1"}
    )
    export = Export.objects.get()
    assert response.headers["Location"] == export.get_absolute_url()
    assert (export.format, export.state, export.created_by) == ("pdf", ExportState.QUEUED, anna)
    assert (export.parameters, export.title) == ({"school": "Школа № 1"}, "О сдаче: Школа № 1")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"report": "nonsense", "format": "pdf"}, 400),
        ({"report": "sample", "format": "exe"}, 400),
        ({"report": "sample"}, 400),
        ({"report": "sample", "format": "pdf", "school": "Тайная"}, 404),
    ],
)
def test_what_does_not_exist_cannot_be_ordered(
    sign_in: SignIn, anna: User, sample: SampleReport, sent: dict[str, str], status: int
) -> None:
    assert sign_in(anna).post(reverse("exports:create"), sent).status_code == status
    assert not Export.objects.exists()


def test_a_refusal_is_told_where_the_person_came_from(sign_in: SignIn, anna: User, sample: SampleReport) -> None:
    sent = {"report": "sample", "format": "pdf", "school": "Пустая"}
    came_from = "http://testserver/reporting/roadmap/?municipality=3"
    response = sign_in(anna).post(reverse("exports:create"), sent, headers={"referer": came_from})
    assert response.headers["Location"] == came_from
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["По этой школе данных нет."]
    elsewhere = sign_in(anna).post(reverse("exports:create"), sent, headers={"referer": "https://evil.test/"})
    assert elsewhere.headers["Location"] == reverse("exports:list")
    assert not Export.objects.exists()


def test_a_queued_export_asks_again_by_itself_and_offers_a_link_without_scripts(
    sign_in: SignIn, anna: User, make: Callable[..., Export]
) -> None:
    export = make()
    page = sign_in(anna).get(export.get_absolute_url()).content.decode()
    assert f'hx-get="{reverse("exports:status", args=[export.pk])}" hx-trigger="every 2s"' in page
    assert f'<noscript><p><a href="{export.get_absolute_url()}">Обновить</a></p></noscript>' in page
    assert "Страницу можно закрыть" in page


def test_the_part_that_asks_again_stops_when_the_file_is_there(
    sign_in: SignIn, anna: User, make: Callable[..., Export]
) -> None:
    running = make(state=ExportState.RUNNING, progress=33, stage="Считаем поручения")
    part = sign_in(anna).get(reverse("exports:status", args=[running.pk])).content.decode()
    assert "Считаем поручения" in part
    assert 'value="33"' in part
    assert "hx-get" in part
    ready = make(state=ExportState.READY)
    part = sign_in(anna).get(reverse("exports:status", args=[ready.pk])).content.decode()
    assert "hx-get" not in part
    assert reverse("exports:download", args=[ready.pk]) in part


def test_the_file_comes_under_its_russian_name(sign_in: SignIn, anna: User, make: Callable[..., Export]) -> None:
    response = sign_in(anna).get(reverse("exports:download", args=[make(state=ExportState.READY).pk]))
    assert b"".join(response.streaming_content) == b"PK-content"  # type: ignore[attr-defined]
    response.close()
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert quote("О сдаче, 16.10.2023.xlsx", safe="") in disposition
    assert response.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_file_that_is_not_ready_cannot_be_taken(sign_in: SignIn, anna: User, make: Callable[..., Export]) -> None:
    export = make()
    response = sign_in(anna).get(reverse("exports:download", args=[export.pk]), follow=True)
    assert response.redirect_chain == [(export.get_absolute_url(), 302)]
    assert "Файл ещё не готов." in response.content.decode()


def test_a_file_that_was_cleared_away_is_told_of(sign_in: SignIn, anna: User, make: Callable[..., Export]) -> None:
    export = make(state=ExportState.READY)
    export.file.delete(save=False)
    Export.objects.filter(pk=export.pk).update(file="exports/2023/10/gone.xlsx")
    response = sign_in(anna).get(reverse("exports:download", args=[export.pk]), follow=True)
    assert "Файл больше не хранится." in response.content.decode()


def test_a_failure_is_explained_and_can_be_tried_again(
    sign_in: SignIn, anna: User, make: Callable[..., Export], now: datetime
) -> None:
    export = make(state=ExportState.FAILED, failure="Дорожная карта больше не действует.", finished_at=now)
    page = sign_in(anna).get(export.get_absolute_url()).content.decode()
    assert "Дорожная карта больше не действует." in page
    assert "Повторить" in page
    sign_in(anna).post(reverse("exports:retry", args=[export.pk]))
    export.refresh_from_db()
    assert (export.state, export.failure) == (ExportState.QUEUED, "")


def test_trying_again_what_did_not_fail_changes_nothing(
    sign_in: SignIn, anna: User, make: Callable[..., Export]
) -> None:
    export = make(state=ExportState.READY)
    response = sign_in(anna).post(reverse("exports:retry", args=[export.pk]), follow=True)
    assert "Эта выгрузка уже строится или готова." in response.content.decode()
    export.refresh_from_db()
    assert export.state == ExportState.READY


@pytest.mark.parametrize("name", ["detail", "status", "download", "retry"])
def test_anothers_export_does_not_exist(
    sign_in: SignIn, oleg: User, viktor: User, make: Callable[..., Export], name: str
) -> None:
    url = reverse(f"exports:{name}", args=[make(state=ExportState.READY).pk])
    for person in (oleg, viktor):
        browser = sign_in(person)
        response = browser.post(url) if name == "retry" else browser.get(url)
        assert response.status_code == 404, person


def test_an_unknown_export_does_not_exist(sign_in: SignIn, anna: User) -> None:
    assert sign_in(anna).get(reverse("exports:detail", args=[uuid4()])).status_code == 404


def test_orders_are_posts(sign_in: SignIn, anna: User, make: Callable[..., Export]) -> None:
    browser = sign_in(anna)
    assert browser.get(reverse("exports:create")).status_code == 405
    assert browser.get(reverse("exports:retry", args=[make().pk])).status_code == 405


def test_the_list_is_ones_own_newest_first(
    sign_in: SignIn, anna: User, oleg: User, make: Callable[..., Export], now: datetime
) -> None:
    make(title="Старая", created_at=now - timedelta(days=1))
    make(title="Новая")
    make(title="Чужая", created_by=oleg)
    page = sign_in(anna).get(reverse("exports:list")).content.decode()
    assert "Чужая" not in page
    assert page.index("Новая") < page.index("Старая")


def test_an_empty_list_says_where_files_come_from(sign_in: SignIn, anna: User) -> None:
    page = sign_in(anna).get(reverse("exports:list")).content.decode()
    assert "Выгрузок пока нет" in page
    assert reverse("reporting:roadmap_progress") in page


def test_a_long_list_has_pages(sign_in: SignIn, anna: User, make: Callable[..., Export]) -> None:
    for number in range(21):
        make(title=f"Выгрузка {number}")
    browser = sign_in(anna)
    assert browser.get(reverse("exports:list")).content.decode().count("export-status") == 20
    assert browser.get(reverse("exports:list"), {"page": "2"}).content.decode().count("export-status") == 1
    assert browser.get(reverse("exports:list"), {"page": "nonsense"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    sign_in: SignIn,
    anna: User,
    make: Callable[..., Export],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        make()
    browser = sign_in(anna)
    with django_assert_num_queries(7):  # session, person, memberships, count, exports; extensions
        browser.get(reverse("exports:list"))
