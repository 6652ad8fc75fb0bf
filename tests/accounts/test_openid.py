"""OpenID Connect against a real provider in this process: real HTTP, real codes, real signed tokens."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import AccessEvent, AccessEventKind, User
from tests.accounts.stories import PASSWORD


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[str]:
    """A provider on a free port, and the portal set up to trust it."""
    with oidc_provider_mock.run_server_in_thread() as server:
        url = f"http://localhost:{server.server_port}"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "Единый вход области",
                        "client_id": "portal",
                        "secret": "portal-secret",
                        "settings": {"server_url": url},
                    }
                ],
            }
        }
        yield url


def come_through(client: Client, provider: str, *, sub: str, **claims: str | bool) -> str:
    """Walk the whole way by real HTTP as a browser would; return where the portal leads, or its page."""
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=10).raise_for_status()
    started = client.post(reverse("openid_connect_login", args=["oidc"]))
    assert started.status_code == 302
    asked = started.headers["Location"]
    assert asked.startswith(provider)
    assert "code_challenge" in parse_qs(urlsplit(asked).query)
    agreed = requests.post(asked, data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(agreed.headers["Location"])
    answer = client.get(f"{back.path}?{back.query}")
    return answer.headers.get("Location") or answer.content.decode()


def test_the_sign_in_page_offers_it_where_it_is_set_up(client: Client, provider: str, db: None) -> None:
    assert "Войти через Единый вход области" in client.get(reverse("accounts:login")).content.decode()


def test_without_settings_there_is_no_such_door(client: Client, db: None) -> None:
    assert "Войти через" not in client.get(reverse("accounts:login")).content.decode()
    assert client.post(reverse("openid_connect_login", args=["oidc"])).status_code == 404


def test_elena_comes_in_by_her_confirmed_address(client: Client, provider: str, elena: User) -> None:
    led = come_through(client, provider, sub="e-1", email="Elena@Example.test", email_verified=True)
    assert led == "/"
    assert client.session["_auth_user_id"] == str(elena.pk)
    assert SocialAccount.objects.get().user == elena
    assert AccessEvent.objects.filter(user=elena, kind=AccessEventKind.LINKED).count() == 1
    elena.refresh_from_db()
    assert elena.check_password(PASSWORD), "the password stays"


def test_once_linked_the_identity_counts_and_not_the_address(client: Client, provider: str, elena: User) -> None:
    come_through(client, provider, sub="e-1", email=elena.email, email_verified=True)
    other = Client()
    assert come_through(other, provider, sub="e-1", email="new@example.test", email_verified=True) == "/"
    assert other.session["_auth_user_id"] == str(elena.pk)


@pytest.mark.parametrize(
    ("email", "verified", "said"),
    [
        ("nobody@example.test", True, "уже пригласили"),
        ("elena@example.test", False, "не подтвердила вашу электронную почту"),
    ],
)
def test_strangers_and_unconfirmed_addresses_stay_outside(
    client: Client, provider: str, elena: User, email: str, verified: bool, said: str
) -> None:
    people = User.objects.count()
    page = come_through(client, provider, sub="s-1", email=email, email_verified=verified)
    assert said in page
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == people
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(client: Client, provider: str, elena: User) -> None:
    come_through(Client(), provider, sub="e-1", email=elena.email, email_verified=True)
    elena.is_active = False
    elena.save()
    come_through(client, provider, sub="e-1", email=elena.email, email_verified=True)
    assert "_auth_user_id" not in client.session


def test_the_second_factor_is_asked_for_here_too(client: Client, provider: str, elena: User) -> None:
    Authenticator.objects.create(user=elena, type="totp", data={"secret": "x"})
    led = come_through(client, provider, sub="e-1", email=elena.email, email_verified=True)
    assert led == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_an_answer_nobody_asked_for_is_refused(client: Client, provider: str, elena: User) -> None:
    answer = client.get(reverse("openid_connect_callback", args=["oidc"]), {"code": "forged", "state": "forged"})
    assert answer.status_code == 401
    assert "Внешняя система не подтвердила вход" in answer.content.decode()


def test_who_turns_back_is_told_so(client: Client, provider: str, db: None) -> None:
    asked = client.post(reverse("openid_connect_login", args=["oidc"])).headers["Location"]
    [state] = re.findall(r"state=([^&]+)", asked)
    back = reverse("openid_connect_callback", args=["oidc"])
    page = client.get(back, {"error": "access_denied", "state": state}, follow=True).content.decode()
    assert "Вход через внешнюю систему отменён" in page
