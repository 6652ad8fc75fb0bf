"""One person, several organizations: what choosing one changes, and what it does not."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, User
from obligations.models import Obligation, Requirement
from portal.home import compose
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def both(
    elena: User, bondarskaya: Organization, pakhotnaya: Organization, requirement: Requirement
) -> tuple[Obligation, Obligation]:
    """Elena answers for two schools, each of which owes item 3.2."""
    Membership.objects.create(user=elena, organization=pakhotnaya, role="deputy")
    first = factories.ObligationFactory(requirement=requirement, organization=bondarskaya)
    second = factories.ObligationFactory(requirement=requirement, organization=pakhotnaya)
    return first, second


def listed(client: Client, obligations: tuple[Obligation, Obligation]) -> list[bool]:
    """Which of the two stand in the to-do list."""
    page = client.get(reverse("obligations:todo"), {"year": "2023"}).content.decode()
    return [f'href="{one.get_absolute_url()}"' in page for one in obligations]


def choose(client: Client, organization: Organization | None) -> str:
    """Choose in the header."""
    value = str(organization.pk) if organization else ""
    data = {"organization": value, "next": reverse("obligations:todo")}
    return client.post(reverse("accounts:act_for"), data, follow=True).content.decode()


def test_the_choice_narrows_the_lists(
    sign_in: SignIn, elena: User, both: tuple[Obligation, Obligation], pakhotnaya: Organization
) -> None:
    client = sign_in(elena)
    assert listed(client, both) == [True, True]
    assert "Вы работаете за организацию: Школа Пахотная" in choose(client, pakhotnaya)
    assert listed(client, both) == [False, True]
    choose(client, None)
    assert listed(client, both) == [True, True]


def test_the_choice_narrows_the_home_page(
    elena: User, both: tuple[Obligation, Obligation], pakhotnaya: Organization, today: date
) -> None:
    person = User.objects.get(pk=elena.pk)
    whole = compose(person, region=pakhotnaya.region, today=today)
    person.chosen_organization_id = pakhotnaya.pk
    narrowed = compose(person, region=pakhotnaya.region, today=today)
    assert [whole.own and whole.own.to_do, narrowed.own and narrowed.own.to_do] == [2, 1]
    assert narrowed.first == [both[1]]


def test_a_link_to_the_other_own_organization_still_opens(
    sign_in: SignIn, elena: User, both: tuple[Obligation, Obligation], pakhotnaya: Organization
) -> None:
    client = sign_in(elena)
    choose(client, pakhotnaya)
    assert client.get(both[0].get_absolute_url()).status_code == 200


def test_a_foreign_organization_cannot_be_chosen(
    sign_in: SignIn, elena: User, both: tuple[Obligation, Obligation], morshanskaya: Organization
) -> None:
    client = sign_in(elena)
    choose(client, morshanskaya)
    assert listed(client, both) == [True, True]


def test_a_post_that_ends_takes_the_choice_along(
    sign_in: SignIn, elena: User, both: tuple[Obligation, Obligation], pakhotnaya: Organization
) -> None:
    client = sign_in(elena)
    choose(client, pakhotnaya)
    elena.memberships.filter(organization=pakhotnaya).update(ended_on=pakhotnaya.region.today())
    assert listed(client, both) == [True, False]


def test_the_inbox_of_a_coordinator_of_two_is_narrowed_too(
    sign_in: SignIn,
    boris: User,
    bondarsky: Organization,
    morshansky: Organization,
    bondarskaya: Organization,
    morshanskaya: Organization,
    requirement: Requirement,
) -> None:
    Membership.objects.create(user=boris, organization=morshansky, role="coordinator")
    schools = (bondarskaya, morshanskaya)
    for school in schools:
        factories.ObligationFactory(requirement=requirement, organization=school)
    both = User.objects.get(pk=boris.pk)
    assert Obligation.objects.reviewed_by(both).count() == 2
    both.chosen_organization_id = morshansky.pk
    assert [one.organization for one in Obligation.objects.reviewed_by(both)] == [morshanskaya]
    assert Obligation.objects.visible_to(both).count() == 2


def test_one_organization_needs_no_menu(sign_in: SignIn, elena: User, pakhotnaya: Organization) -> None:
    assert 'class="switch"' not in sign_in(elena).get(reverse("home")).content.decode()
    Membership.objects.create(user=elena, organization=pakhotnaya, role="deputy")
    assert 'class="switch"' in sign_in(elena).get(reverse("home")).content.decode()


def test_nobody_is_led_to_another_site(sign_in: SignIn, elena: User) -> None:
    answer = sign_in(elena).post(reverse("accounts:act_for"), {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
