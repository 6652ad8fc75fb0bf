"""Signing in and out, the password, the profile."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import Organization, Region, User
from tests import factories

PASSWORD = "profminimum-2023"
SignIn = Callable[[User], Client]


def test_elena_signs_in_by_mail_in_any_case(client: Client, elena: User) -> None:
    answer = client.post(reverse("accounts:login"), {"username": " Elena@Example.TEST ", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(elena.pk)


def test_elena_comes_back_to_the_page_she_wanted(client: Client, elena: User) -> None:
    wanted = reverse("accounts:profile")
    asked = client.get(wanted)
    assert asked.headers["Location"] == f"{reverse('accounts:login')}?next={wanted}"
    page = client.get(asked.headers["Location"])
    assert f'name="next" value="{wanted}"' in page.content.decode()
    answer = client.post(reverse("accounts:login"), {"username": elena.email, "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == wanted


def test_nobody_is_led_to_another_site(client: Client, elena: User) -> None:
    form = {"username": elena.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post(reverse("accounts:login"), form).headers["Location"] == "/"


@pytest.mark.parametrize("email", ["elena@example.test", "nobody@example.test"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, elena: User, email: str) -> None:
    answer = client.post(reverse("accounts:login"), {"username": email, "password": "мимо"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Почта или пароль не подошли" in page
    assert "_auth_user_id" not in client.session


def test_empty_fields_are_named_and_tied_to_their_errors(client: Client, region: Region) -> None:
    page = client.post(reverse("accounts:login"), {"username": "", "password": ""}).content.decode()
    assert 'href="#id_username"' in page
    assert 'href="#id_password"' in page
    assert 'id="id_username_error"' in page
    assert 'aria-describedby="id_username_error"' in page


def test_a_closed_account_does_not_open(client: Client, elena: User) -> None:
    elena.is_active = False
    elena.save()
    client.post(reverse("accounts:login"), {"username": elena.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_elena_signs_out_by_a_button_never_by_a_link(sign_in: SignIn, elena: User) -> None:
    client = sign_in(elena)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).headers["Location"] == reverse("accounts:login")
    assert "_auth_user_id" not in client.session


def test_elena_changes_her_password_and_stays(sign_in: SignIn, elena: User) -> None:
    client = sign_in(elena)
    form = {"old_password": PASSWORD, "new_password1": "berezovaya-roscha-7", "new_password2": "berezovaya-roscha-7"}
    page = client.post(reverse("accounts:password_change"), form, follow=True)
    assert "Пароль изменён" in page.content.decode()
    elena.refresh_from_db()
    assert elena.check_password("berezovaya-roscha-7")


def test_a_weak_password_is_refused(sign_in: SignIn, elena: User) -> None:
    form = {"old_password": PASSWORD, "new_password1": "123", "new_password2": "123"}
    page = sign_in(elena).post(reverse("accounts:password_change"), form)
    assert page.status_code == 200
    assert 'class="error-summary"' in page.content.decode()
    elena.refresh_from_db()
    assert elena.check_password(PASSWORD)


def test_the_profile_names_roles_and_reviewer(sign_in: SignIn, elena: User, bondarskaya: Organization) -> None:
    page = sign_in(elena).get(reverse("accounts:profile")).content.decode()
    assert elena.email in page
    assert "Школа Бондарская" in page
    assert "Ответственный в организации" in page
    assert "Бондарский" in page


class TestDemonstration:
    def test_it_offers_one_sign_in_per_role(self, client: Client, db: None) -> None:
        factories.RegionFactory(is_demonstration=True)
        page = client.get(reverse("accounts:login")).content.decode()
        assert all(login.email in page for login in DEMO_LOGINS)
        assert DEMO_PASSWORD in page

    def test_a_real_region_offers_none(self, client: Client, region: Region) -> None:
        page = client.get(reverse("accounts:login")).content.decode()
        assert DEMO_PASSWORD not in page
        assert not any(login.email in page for login in DEMO_LOGINS)

    def test_production_offers_none(self, client: Client, db: None, settings: LazySettings) -> None:
        settings.PRODUCTION = True
        factories.RegionFactory(is_demonstration=True)
        assert DEMO_PASSWORD not in client.get(reverse("accounts:login")).content.decode()
