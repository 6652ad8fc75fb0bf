"""The second factor: set up, asked for, demanded of some roles, lost and reset."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import reverse

from accounts.models import AccessEvent, AccessEventKind, User
from tests.accounts.stories import PASSWORD

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _no_limits_left_over(settings: LazySettings) -> Iterator[None]:
    """The limits on codes are kept in the cache, by people's numbers, which other tests use again.

    A Redis is one for all that run side by side, and clearing it would lift the limits of another's test.
    """
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


def code_of(secret: str, *, ago: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), worked out here and not by the library under test."""
    counter = struct.pack(">Q", int(time.time()) // 30 - ago)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def sign_in(client: Client, user: User) -> str:
    """Give the password; return where one is led."""
    answer = client.post(reverse("accounts:login"), {"username": user.email, "password": PASSWORD})
    return answer.headers.get("Location", "")


def confirm(client: Client, path: str) -> str:
    """Open a page that asks for the password first, give it, return the page."""
    asked = client.get(path)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    return client.post(asked.headers["Location"], {"password": PASSWORD, "next": path}, follow=True).content.decode()


def set_up(client: Client) -> str:
    """Connect an authenticator app as a person would; return its secret."""
    page = confirm(client, reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;base64,' in page, "the QR code is drawn here, by nobody else"
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', page)
    # allauth tells of a new factor once it is committed, which the test's own transaction never is.
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    return str(secret)


def codes_on(page: str) -> list[str]:
    """Recovery codes that a page shows."""
    return re.findall(r"<li><code>(\d{10})</code>", page)


def test_elena_connects_an_app_and_is_asked_for_its_code(elena: User) -> None:
    client = Client()
    assert sign_in(client, elena) == "/"
    secret = set_up(client)
    assert AccessEvent.objects.filter(user=elena, kind=AccessEventKind.FACTOR_ADDED).count() == 1
    client.post(reverse("accounts:logout"))
    assert sign_in(client, elena) == reverse("mfa_authenticate")
    assert client.get(reverse("home")).status_code == 302, "the password alone opens nothing"
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Код не подошёл" in wrong
    # The code of the moment has been used to set the app up; half a minute ago is let pass, too.
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret, ago=1)}).headers["Location"] == "/"
    assert client.get(reverse("home")).status_code == 200


def test_recovery_codes_are_shown_once_and_each_works_once(elena: User) -> None:
    client = Client()
    sign_in(client, elena)
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = codes_on(page)
    assert len(codes) == len(set(codes)) == 10
    assert "data:text/plain" in page
    assert codes_on(client.get(reverse("mfa_view_recovery_codes")).content.decode()) == []
    for expected in (302, 200):
        other = Client()
        sign_in(other, elena)
        assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == expected


def test_new_recovery_codes_make_the_old_ones_void(elena: User) -> None:
    client = Client()
    sign_in(client, elena)
    set_up(client)
    old = codes_on(client.get(reverse("mfa_view_recovery_codes")).content.decode())
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True).content.decode()
    new = codes_on(page)
    assert len(new) == 10
    assert not set(old) & set(new)
    other = Client()
    sign_in(other, elena)
    assert other.post(reverse("mfa_authenticate"), {"code": old[1]}).status_code == 200


def test_secrets_are_encrypted_in_the_database(elena: User) -> None:
    client = Client()
    sign_in(client, elena)
    secret = set_up(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored


def test_setting_up_ends_the_sessions_that_began_without(elena: User) -> None:
    other, here = Client(), Client()
    sign_in(other, elena)
    sign_in(here, elena)
    set_up(here)
    assert other.get(reverse("home")).status_code == 302
    assert here.get(reverse("home")).status_code == 200


def test_guessing_codes_is_stopped(elena: User) -> None:
    client = Client()
    sign_in(client, elena)
    secret = set_up(client)
    guesser = Client()
    sign_in(guesser, elena)
    for guess in range(6):
        guesser.post(reverse("mfa_authenticate"), {"code": f"{guess:06}"})
    stopped = guesser.post(reverse("mfa_authenticate"), {"code": code_of(secret, ago=1)})
    assert stopped.status_code == 200
    assert "Слишком много" in stopped.content.decode()


def test_elena_disconnects_the_app(elena: User) -> None:
    client = Client()
    sign_in(client, elena)
    set_up(client)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists(), "recovery codes go with the last way"
    assert AccessEvent.objects.filter(user=elena, kind=AccessEventKind.FACTOR_REMOVED).count() == 1


class TestDemanded:
    @pytest.fixture(autouse=True)
    def _demanded(self, settings: LazySettings) -> None:
        settings.REQUIRE_MFA_ROLES = ["ministry", "administrator"]

    @pytest.mark.parametrize("name", ["anna", "zoya"])
    def test_ministry_and_administrator_are_led_to_set_one_up(self, name: str, request: pytest.FixtureRequest) -> None:
        client = Client()
        sign_in(client, request.getfixturevalue(name))
        for page in ("home", "obligations:todo", "accounts:profile", "roadmap:list"):
            assert client.get(reverse(page)).headers["Location"] == reverse("mfa_index")
        assert "Вашей роли нужен вход с подтверждением" in client.get(reverse("mfa_index")).content.decode()
        set_up(client)
        assert client.get(reverse("home")).status_code == 200

    def test_an_act_is_refused_too(self, sign_in: SignIn, zoya: User, elena: User) -> None:
        answer = sign_in(zoya).post(reverse("accounts:sessions_end", args=[elena.pk]))
        assert answer.headers["Location"] == reverse("mfa_index")
        assert not AccessEvent.objects.filter(kind=AccessEventKind.SESSIONS_ENDED).exists()

    def test_the_hosts_administrator_is_no_exception(self, sign_in: SignIn, db: None) -> None:
        root = User.objects.create_superuser("root@example.test", PASSWORD)
        assert sign_in(root).get(reverse("admin:index")).headers["Location"] == reverse("mfa_index")

    def test_a_deputy_is_not_bothered(self, sign_in: SignIn, elena: User) -> None:
        assert sign_in(elena).get(reverse("home")).status_code == 200

    def test_she_may_sign_out(self, sign_in: SignIn, anna: User) -> None:
        assert sign_in(anna).post(reverse("accounts:logout")).headers["Location"] == reverse("accounts:login")

    def test_a_session_that_began_by_password_alone_ends_once_a_factor_is_there(self, anna: User) -> None:
        """A thief of the password waits on the set-up page until Anna sets hers up: it must not let him in."""
        thief, here = Client(), Client()
        thief.force_login(anna)
        sign_in(here, anna)
        set_up(here)
        thief.force_login(anna)
        assert thief.get(reverse("home")).headers["Location"] == reverse("accounts:login")
        assert thief.get(reverse("home")).headers["Location"].startswith(reverse("accounts:login"))


def test_the_demonstration_signs_in_by_its_printed_password_alone(settings: LazySettings) -> None:
    """Embedded, no role is asked for a second factor unless the host wants it."""
    assert settings.PRODUCTION is False
    assert settings.REQUIRE_MFA_ROLES == []


class TestLost:
    def test_the_administrator_resets_it_and_the_journal_says_so(self, elena: User, zoya: User) -> None:
        client, admin = Client(), Client()
        sign_in(client, elena)
        set_up(client)
        admin.force_login(zoya)
        admin.post(reverse("accounts:factor_reset", args=[elena.pk]))
        assert not Authenticator.objects.exists()
        assert AccessEvent.objects.get(user=elena, kind=AccessEventKind.FACTOR_RESET).by == zoya
        assert client.get(reverse("home")).status_code == 302
        assert sign_in(Client(), elena) == "/"

    def test_a_superuser_s_is_reset_by_another_and_the_person_is_written_to(
        self, settings: LazySettings, db: None
    ) -> None:
        settings.REQUIRE_MFA_ROLES = []
        first, second = (User.objects.create_superuser(f"{name}@host.test", PASSWORD) for name in ("first", "second"))
        Authenticator.objects.create(user=first, type="totp", data={"secret": "x"})
        client = Client()
        client.force_login(second)
        page = reverse("accounts:person", args=[first.pk])
        assert f'href="{page}"' in client.get(reverse("accounts:people")).content.decode()
        assert "Сбросить подтверждение входа" in client.get(page).content.decode()
        client.post(reverse("accounts:factor_reset", args=[first.pk]))
        assert not Authenticator.objects.exists()
        assert AccessEvent.objects.get(user=first, kind=AccessEventKind.FACTOR_RESET).by == second
        assert [letter.to for letter in mail.outbox] == [[first.email]]
        assert second.email in str(mail.outbox[0].body)

    def test_nobody_resets_ones_own_from_there(self, zoya: User) -> None:
        """A session left open must not be enough to take the second factor away."""
        client = Client()
        sign_in(client, zoya)
        set_up(client)
        assert client.post(reverse("accounts:factor_reset", args=[zoya.pk])).status_code == 403
        assert Authenticator.objects.exists()

    def test_a_coordinator_may_not(self, elena: User, boris: User) -> None:
        client, coordinator = Client(), Client()
        sign_in(client, elena)
        set_up(client)
        coordinator.force_login(boris)
        assert coordinator.post(reverse("accounts:factor_reset", args=[elena.pk])).status_code == 403
        assert Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("mfa_deactivate_totp", []),
        ("mfa_view_recovery_codes", []),
        ("mfa_remove_webauthn", [1]),
        ("mfa_reauthenticate", []),
        ("mfa_reauthenticate_webauthn", []),
    ],
)
def test_what_is_anothers_or_not_there_is_not_found(name: str, args: list[int], elena: User, anna: User) -> None:
    """Anna has an app and a key; to Elena, who has confirmed who she is, they do not exist."""
    Authenticator.objects.create(pk=1, user=anna, type="webauthn", data={"name": "Ключ", "credential": {}})
    client = Client()
    sign_in(client, elena)
    confirm(client, reverse("mfa_activate_totp"))
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 404 or answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=anna).exists()
