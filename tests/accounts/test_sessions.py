"""Where one is signed in: seen on the profile, ended one by one or all at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.agents import device
from accounts.models import AccessEvent, AccessEventKind, PersonSession, User
from accounts.tasks import sweep_access
from tests.accounts.stories import GOOD_PASSWORD, PASSWORD

SignIn = Callable[[User], Client]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
YANDEX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 YaBrowser/24.7 Safari/537.36"


def browser(user: User, agent: str = FIREFOX, address: str = "192.0.2.10") -> Client:
    """A browser in which the person has signed in by their password."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("accounts:login"), {"username": user.email, "password": PASSWORD})
    return client


def test_each_browser_is_listed_with_device_address_and_time(elena: User) -> None:
    browser(elena, YANDEX, "198.51.100.7")
    page = browser(elena).get(reverse("accounts:profile")).content.decode()
    for shown in ("Firefox, Linux", "192.0.2.10", "Яндекс Браузер, Windows", "198.51.100.7", "это устройство"):
        assert shown in page
    assert PersonSession.objects.filter(user=elena).count() == 2


def test_one_browser_is_signed_out_from_another_at_once(elena: User) -> None:
    lost, here = browser(elena, YANDEX), browser(elena)
    session = PersonSession.objects.get(agent=YANDEX)
    here.post(reverse("accounts:session_end", args=[session.pk]))
    assert lost.get(reverse("home")).status_code == 302
    assert here.get(reverse("home")).status_code == 200


def test_all_the_others_end_at_once(elena: User) -> None:
    others, here = [browser(elena, YANDEX) for _ in range(3)], browser(elena)
    page = here.post(reverse("accounts:session_end_others"), follow=True).content.decode()
    assert "Остальные сеансы завершены" in page
    assert [other.get(reverse("home")).status_code for other in others] == [302, 302, 302]
    assert PersonSession.objects.filter(user=elena).count() == 1


def test_a_new_password_signs_out_everywhere_else(elena: User) -> None:
    other, here = browser(elena, YANDEX), browser(elena)
    form = {"old_password": PASSWORD, "new_password1": GOOD_PASSWORD, "new_password2": GOOD_PASSWORD}
    page = here.post(reverse("accounts:password_change"), form, follow=True).content.decode()
    assert "На других устройствах нужно войти заново" in page
    assert other.get(reverse("home")).status_code == 302
    assert here.get(reverse("home")).status_code == 200
    assert [one.agent for one in PersonSession.objects.filter(user=elena)] == [FIREFOX]
    assert AccessEvent.objects.filter(user=elena, kind=AccessEventKind.PASSWORD_CHANGED).count() == 1


def test_signing_out_takes_the_row_along(elena: User) -> None:
    here = browser(elena)
    here.post(reverse("accounts:logout"))
    assert not PersonSession.objects.exists()


def test_the_last_action_moves_on_without_a_write_for_each_page(elena: User) -> None:
    here = browser(elena)
    before = PersonSession.objects.get().seen_at
    here.get(reverse("home"))
    assert PersonSession.objects.get().seen_at == before
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        here.get(reverse("home"))
        assert PersonSession.objects.get().seen_at > before


def test_an_administrator_signs_a_person_out(elena: User, zoya: User, sign_in: SignIn) -> None:
    lost = browser(elena)
    sign_in(zoya).post(reverse("accounts:sessions_end", args=[elena.pk]))
    assert lost.get(reverse("home")).status_code == 302
    assert AccessEvent.objects.get(user=elena, kind=AccessEventKind.SESSIONS_ENDED).by == zoya


def test_sessions_that_ran_out_are_swept(elena: User) -> None:
    here = browser(elena)
    gone = browser(elena, YANDEX)
    gone.session.flush()
    sweep_access()
    assert [one.session_key for one in PersonSession.objects.all()] == [here.session.session_key]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (YANDEX, "Яндекс Браузер, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("", "неизвестное устройство"),
        ("curl/8", "неизвестное устройство"),
    ],
)
def test_a_browser_is_named_for_people(agent: str, name: str) -> None:
    assert device(agent) == name
