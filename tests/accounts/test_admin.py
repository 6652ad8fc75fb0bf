"""The service pages: for superusers alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import factories

SignIn = Callable[[User], Client]
PAGES = ["index", "accounts_user_changelist", "accounts_user_add", "accounts_organization_changelist",
         "accounts_region_changelist", "accounts_bodyalias_changelist"]  # fmt: skip


@pytest.fixture
def root(db: None) -> User:
    """The host's administrator, who serves no organization."""
    return User.objects.create_superuser("root@example.test", "profminimum-2023")


@pytest.mark.parametrize("name", PAGES)
def test_the_superuser_opens_every_page(sign_in: SignIn, root: User, name: str) -> None:
    assert sign_in(root).get(reverse(f"admin:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_region_administrator_is_refused(sign_in: SignIn, zoya: User, name: str) -> None:
    zoya.is_staff = True
    zoya.save()
    answer = sign_in(zoya).get(reverse(f"admin:{name}"), follow=True)
    assert answer.status_code == 403


def test_a_stranger_is_sent_to_the_one_sign_in_page(client: Client, db: None) -> None:
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('accounts:login')}?next={reverse('admin:index')}"


def test_a_new_person_is_kept_in_lower_case_and_given_a_role(sign_in: SignIn, root: User) -> None:
    school = factories.SchoolFactory(
        parent=factories.OrganizationFactory(kind="ministry", parent=None), short_name="Школа новая"
    )
    client = sign_in(root)
    form = {"email": "Novaya@School.RU", "password1": "berezovaya-roscha-7", "password2": "berezovaya-roscha-7"}
    page = client.post(reverse("admin:accounts_user_add"), form | {"usable_password": "true"})
    person = User.objects.get(email="novaya@school.ru")
    assert page.headers["Location"] == reverse("admin:accounts_user_change", args=[person.pk])
    change = {
        "email": "novaya@school.ru", "last_name": "Новая", "first_name": "Нина", "patronymic": "", "phone": "",
        "is_active": "on", "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
        "memberships-0-organization": school.pk, "memberships-0-role": "deputy", "memberships-0-user": person.pk,
    }  # fmt: skip
    assert client.post(page.headers["Location"], change).status_code == 302
    assert person.memberships.get().organization == school


def test_an_impossible_role_is_refused(sign_in: SignIn, root: User, elena: User) -> None:
    membership = elena.memberships.get()
    change = {
        "email": elena.email, "last_name": "", "first_name": "", "patronymic": "", "phone": "", "is_active": "on",
        "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1", "memberships-0-id": membership.pk,
        "memberships-0-organization": membership.organization_id, "memberships-0-role": "ministry",
        "memberships-0-user": elena.pk,
    }  # fmt: skip
    page = sign_in(root).post(reverse("admin:accounts_user_change", args=[elena.pk]), change)
    assert "Такая роль невозможна" in page.content.decode()
    membership.refresh_from_db()
    assert membership.role == "deputy"


def test_an_address_that_differs_by_case_alone_is_taken(sign_in: SignIn, root: User, elena: User) -> None:
    form = {"email": "ELENA@example.test", "password1": "berezovaya-roscha-7", "password2": "berezovaya-roscha-7"}
    page = sign_in(root).post(reverse("admin:accounts_user_add"), form | {"usable_password": "true"})
    assert "Этот адрес уже зарегистрирован" in page.content.decode()
    assert User.objects.filter(email__iexact="elena@example.test").count() == 1


def test_tables_of_the_second_factor_and_of_external_identities_are_not_shown(sign_in: SignIn, root: User) -> None:
    page = sign_in(root).get(reverse("admin:index")).content.decode()
    assert "/admin/accounts/user/" in page
    for hidden in ("/admin/mfa/", "/admin/account/", "/admin/socialaccount/"):
        assert hidden not in page
