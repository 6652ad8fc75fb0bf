"""Error pages: in Russian, with a way back, with nothing of the machinery."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

import portal.urls
from accounts.models import User
from portal import views


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def _broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret machinery")


urlpatterns = [*portal.urls.urlpatterns, path("forbidden", _forbidden), path("broken", _broken)]
handler400 = portal.urls.handler400
handler403 = portal.urls.handler403
handler404 = portal.urls.handler404
handler500 = portal.urls.handler500


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/no-such-page", 404, "Страница не найдена"), ("/forbidden", 403, "Это действие вам недоступно")],
)
@pytest.mark.urls("tests.portal.test_errors")
def test_elena_is_told_what_happened_and_led_back(
    sign_in: Callable[[User], Client], elena: User, address: str, status: int, words: str
) -> None:
    answer = sign_in(elena).get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert f'href="{reverse("home")}"' in page


def test_a_stranger_gets_the_same_404(client: Client, db: None) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "Страница не найдена" in answer.content.decode()


@pytest.mark.urls("tests.portal.test_errors")
def test_a_fault_of_ours_shows_no_machinery(sign_in: Callable[[User], Client], elena: User) -> None:
    client = sign_in(elena)
    client.raise_request_exception = False
    answer = client.get("/broken")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Ошибка на стороне портала" in page
    assert "secret machinery" not in page
    assert 'href="/"' in page


def test_the_500_page_needs_no_database(rf: RequestFactory) -> None:
    # No ``db`` fixture: a query would fail the test.
    assert views.server_error(rf.get("/")).status_code == 500


def test_a_forged_host_gets_the_400_page(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Запрос не понят" in answer.content.decode()


def test_a_form_without_its_token_is_explained(elena: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(elena)
    answer = client.post(reverse("accounts:logout"), headers={"referer": "http://testserver/profile/"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Форма устарела" in page
    assert 'href="http://testserver/profile/"' in page


def test_pages_carry_a_strict_security_policy(client: Client, db: None) -> None:
    policy = client.get(reverse("accounts:login")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_an_address_that_only_takes_forms_leads_back_to_its_page(
    sign_in: Callable[[User], Client], elena: User
) -> None:
    answer = sign_in(elena).get("/obligations/7/submit/")
    page = answer.content.decode()
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "Здесь нечего открыть" in page
    assert 'href="/obligations/7/"' in page


def test_a_text_too_long_for_a_form_is_told_so(
    sign_in: Callable[[User], Client], anna: User, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
    answer = sign_in(anna).post(reverse("roadmap:import"), {"text": "я" * 3_000_000})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "Слишком большой текст" in page
    assert "5 МБ".replace(" ", "\u00a0") in page
    assert "Traceback" not in caplog.text


def test_elena_whose_session_ended_returns_to_the_page_of_her_form(client: Client, elena: User) -> None:
    page = "/obligations/7/?from=inbox"
    answer = client.post("/obligations/7/submit/", {"note": "Готово"}, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('accounts:login')}?next=/obligations/7/%3Ffrom%3Dinbox"
    assert "отправленное не сохранено" in client.get(answer.headers["Location"]).content.decode()


def test_a_form_sent_from_elsewhere_leads_home_after_signing_in(client: Client, db: None) -> None:
    answer = client.post("/obligations/7/submit/", headers={"referer": "https://evil.example/obligations/7/"})
    assert answer.headers["Location"] == f"{reverse('accounts:login')}?next=/"
