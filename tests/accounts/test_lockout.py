"""Too many wrong passwords: few of a pair, many of an address, more of an account from strange places."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import lockout
from accounts.actions import attempts
from accounts.lockout import ACCOUNT, ADDRESS, PAIR, Attempt
from accounts.models import AccessEvent, AccessEventKind, SignInAttempt, User
from tests.accounts.stories import PASSWORD
from tests.conftest import NOW

HOME, CAFE = "192.0.2.10", "198.51.100.7"
ELENA = "elena@example.test"


def wrong(count: int, *, email: str = ELENA, address: str = HOME, ago: int = 1) -> list[Attempt]:
    """So many failures, a second apart, the last of them ``ago`` minutes before now."""
    last = NOW - timedelta(minutes=ago)
    return [Attempt(email, address, last - timedelta(seconds=back)) for back in range(count)]


def door(known: list[Attempt], *, email: str = ELENA, address: str = HOME, is_known: bool = False) -> datetime | None:
    """Whether the door is closed now, and until when."""
    return lockout.closed_until(known, email=email, address=address, is_known=is_known, now=NOW)


class TestRule:
    def test_a_few_slips_are_forgiven(self) -> None:
        assert door(wrong(PAIR.attempts - 1)) is None

    def test_the_fifth_closes_the_door_for_a_quarter_of_an_hour(self) -> None:
        until = door(wrong(PAIR.attempts, ago=0))
        assert until is not None
        assert NOW < until <= NOW + PAIR.window

    def test_another_person_and_another_place_are_not_concerned(self) -> None:
        failures = wrong(PAIR.attempts)
        assert door(failures, email="ivan@example.test") is None
        assert door(failures, address=CAFE) is None

    def test_a_robot_that_tries_everybody_is_stopped_by_its_address(self) -> None:
        failures = [one for n in range(ADDRESS.attempts) for one in wrong(1, email=f"p{n}@example.test")]
        assert door(failures, email="fresh@example.test") is not None
        assert door(failures, email="fresh@example.test", address=CAFE) is None

    def test_guessing_from_everywhere_stops_strange_places_only(self) -> None:
        failures = [one for n in range(ACCOUNT.attempts) for one in wrong(1, address=f"203.0.113.{n}")]
        assert door(failures, address=CAFE) is not None
        assert door(failures, address=HOME, is_known=True) is None

    @given(st.lists(st.integers(min_value=0, max_value=7200), max_size=120))
    def test_every_wait_ends_by_itself(self, seconds: list[int]) -> None:
        failures = [Attempt(ELENA, HOME, NOW - timedelta(seconds=back)) for back in seconds]
        until = door(failures)
        assert until is None or NOW < until <= NOW + lockout.LONGEST
        if until is not None:
            assert lockout.closed_until(failures, email=ELENA, address=HOME, is_known=True, now=until) is None


@pytest.fixture
def at_noon() -> Iterator[Any]:
    """The day of the stories."""
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


def guess(client: Client, password: str = "мимо", email: str = ELENA, **headers: str) -> str:
    """Try to sign in; return the page, '' when it worked."""
    answer = client.post(reverse("accounts:login"), {"username": email, "password": password}, **headers)  # type: ignore[arg-type]
    return "" if answer.status_code == 302 else answer.content.decode()


class TestSignIn:
    def test_the_right_password_does_not_help_while_the_door_is_closed(
        self, client: Client, elena: User, at_noon: Any
    ) -> None:
        pages = [guess(client) for _ in range(PAIR.attempts)]
        assert all("Почта или пароль не подошли" in page for page in pages)
        page = guess(client, PASSWORD)
        assert "Слишком много неудачных попыток" in page
        assert "15\u00a0минут" in page
        assert AccessEvent.objects.filter(user=elena, kind=AccessEventKind.LOCKED).count() == 1
        at_noon.shift(PAIR.window)
        assert guess(client, PASSWORD) == ""

    def test_knocking_on_a_closed_door_does_not_keep_it_closed(self, client: Client, elena: User, at_noon: Any) -> None:
        for _ in range(PAIR.attempts + 30):
            guess(client)
        assert SignInAttempt.objects.count() == PAIR.attempts
        at_noon.shift(PAIR.window)
        assert guess(client, PASSWORD) == ""

    def test_success_wipes_the_slips(self, client: Client, elena: User) -> None:
        for _ in range(PAIR.attempts - 1):
            guess(client)
        assert guess(client, PASSWORD) == ""
        assert not SignInAttempt.objects.exists()

    def test_an_unknown_address_is_counted_like_a_known_one(self, client: Client, elena: User) -> None:
        for email in (ELENA, "nobody@example.test"):
            for _ in range(PAIR.attempts):
                guess(client, email=email)
            assert "Слишком много неудачных попыток" in guess(client, email=email)

    def test_a_stranger_cannot_lock_the_ministry_out(self, client: Client, anna: User) -> None:
        """Anna has signed in from the ministry; strangers guess from everywhere; she still gets in."""
        assert guess(client, PASSWORD, anna.email, REMOTE_ADDR=HOME) == ""
        client.post(reverse("accounts:logout"))
        for n in range(ACCOUNT.attempts + 5):
            guess(Client(), email=anna.email, REMOTE_ADDR=f"203.0.113.{n}")
        assert "Слишком много" in guess(Client(), PASSWORD, anna.email, REMOTE_ADDR=CAFE)
        assert guess(Client(), PASSWORD, anna.email, REMOTE_ADDR=HOME) == ""

    def test_behind_a_proxy_people_are_told_apart(self, client: Client, elena: User, settings: LazySettings) -> None:
        settings.PROXY_COUNT = 1
        for _ in range(PAIR.attempts):
            guess(client, HTTP_X_FORWARDED_FOR=f"6.6.6.6, {CAFE}")
        assert "Слишком много" in guess(client, PASSWORD, HTTP_X_FORWARDED_FOR=f"7.7.7.7, {CAFE}")
        assert guess(client, PASSWORD, HTTP_X_FORWARDED_FOR=HOME) == ""

    def test_without_a_proxy_the_header_proves_nothing(self, client: Client, elena: User) -> None:
        for n in range(PAIR.attempts):
            guess(client, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
        assert "Слишком много" in guess(client, PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.99")

    def test_the_administrator_opens_the_door(self, client: Client, elena: User, zoya: User) -> None:
        for _ in range(PAIR.attempts):
            guess(client)
        other = Client()
        other.force_login(zoya)
        page = reverse("accounts:person", args=[elena.pk])
        assert "Вход приостановлен до" in other.get(page).content.decode()
        other.post(reverse("accounts:unlock", args=[elena.pk]))
        event = AccessEvent.objects.get(user=elena, kind=AccessEventKind.UNLOCKED)
        assert event.by == zoya
        assert "Вход приостановлен до" not in other.get(page).content.decode()
        assert guess(client, PASSWORD) == ""

    def test_attempts_at_once_count_as_many(self, elena: User) -> None:
        """The failure is written before the password is looked at."""
        results = [attempts.begin_attempt(email=ELENA, address=HOME, now=NOW) for _ in range(PAIR.attempts + 1)]
        assert results[:-1] == [None] * PAIR.attempts
        assert results[-1] is not None
