"""Following an invitation: once, in time, by whom it was sent to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import invitations
from accounts.actions.invitations import NotUsable
from accounts.models import Invitation, InvitationState, Membership, Organization, User
from accounts.receivers import secrets_stay_out_of_the_log
from accounts.roles import Role
from tests.accounts.stories import GOOD_PASSWORD, NINA, invited, link_of
from tests.conftest import NOW

SignIn = Callable[[User], Client]
ACCEPT = "accounts:invitation_accept"


def answers(**changed: str) -> dict[str, str]:
    """What Nina fills in."""
    filled = {
        "last_name": "Новая",
        "first_name": "Нина",
        "patronymic": "Павловна",
        "post": "Заместитель директора",
        "phone": "8 (475) 200-00-00",
        "password1": GOOD_PASSWORD,
        "password2": GOOD_PASSWORD,
        "consent": "on",
    }
    return {name: value for name, value in (filled | changed).items() if value}


@pytest.fixture
def invitation(bondarskaya: Organization, zoya: User) -> Invitation:
    """Nina's invitation to Школа Бондарская, sent just now."""
    return invited(
        bondarskaya, by=zoya, now=timezone.now(), email=NINA.email, last_name=NINA.last_name, first_name=NINA.first_name
    )


def test_nina_follows_the_link_and_is_in(client: Client, invitation: Invitation, bondarskaya: Organization) -> None:
    page = client.get(link_of(invitation), follow=True)
    assert page.request["PATH_INFO"] == reverse(ACCEPT), "the token leaves the address at once"
    text = page.content.decode()
    assert bondarskaya.name in text
    assert 'value="Новая"' in text
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.OPENED
    home = client.post(reverse(ACCEPT), answers(), follow=True).content.decode()
    assert "Добро пожаловать!" in home
    nina = User.objects.get(email=NINA.email)
    assert nina.check_password(GOOD_PASSWORD)
    assert nina.get_full_name() == "Новая Нина Павловна"
    assert nina.consented_at is not None
    membership = nina.memberships.get()
    assert (membership.organization, membership.role) == (bondarskaya, Role.DEPUTY)
    assert membership.since == bondarskaya.region.today()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == (InvitationState.ACTIVE, nina)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"consent": ""}, "Без согласия"),
        ({"password2": "drugaya-fraza-8"}, "Пароли не совпали"),
        ({"password1": "123", "password2": "123"}, "короткий"),
        ({"password1": "nina@example.test", "password2": "nina@example.test"}, "похож"),
        ({"last_name": ""}, "Фамилия"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    client: Client, invitation: Invitation, changed: dict[str, str], said: str
) -> None:
    client.get(link_of(invitation))
    page = client.post(reverse(ACCEPT), answers(**changed)).content.decode()
    assert said in page
    assert "error-summary" in page
    assert not User.objects.filter(email=NINA.email).exists()


class TestBadLinks:
    def test_used_twice(self, client: Client, invitation: Invitation) -> None:
        client.get(link_of(invitation))
        client.post(reverse(ACCEPT), answers())
        again = Client().get(link_of(invitation), follow=True)
        assert again.status_code == 410
        assert "уже использовано" in again.content.decode()
        assert Membership.objects.filter(user__email=NINA.email).count() == 1

    def test_expired(self, client: Client, invitation: Invitation, zoya: User) -> None:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        page = client.get(link_of(invitation), follow=True)
        assert page.status_code == 410
        text = page.content.decode()
        assert "Срок приглашения вышел" in text
        assert zoya.email in text, "whom to ask for a new one"
        invitation.refresh_from_db()
        assert invitation.state == InvitationState.SENT

    def test_expired_while_the_form_was_open(self, client: Client, invitation: Invitation) -> None:
        client.get(link_of(invitation))
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert client.post(reverse(ACCEPT), answers()).status_code == 410
        assert not User.objects.filter(email=NINA.email).exists()

    def test_withdrawn(self, client: Client, invitation: Invitation) -> None:
        invitations.withdraw(invitation=invitation, now=timezone.now())
        page = client.get(link_of(invitation), follow=True)
        assert page.status_code == 410
        assert "отозвано или заменено" in page.content.decode()

    @pytest.mark.parametrize("token", ["nonsense", "a" * 43, "%D1%8F"])
    def test_made_up(self, client: Client, db: None, token: str) -> None:
        page = client.get(f"/invitation/{token}/")
        assert page.status_code == 410
        assert "Такой ссылки нет" in page.content.decode()

    def test_without_a_link_at_all(self, client: Client, db: None) -> None:
        assert client.get(reverse(ACCEPT)).status_code == 410

    def test_two_clicks_at_once_make_one_person(self, invitation: Invitation) -> None:
        person = invitations.NewPerson("Новая", "Нина", "", "", "", GOOD_PASSWORD)
        now = timezone.now()
        invitations.accept(invitation=invitation, person=person, now=now, address=None)
        with pytest.raises(NotUsable):
            invitations.accept(invitation=invitation, person=person, now=now, address=None)
        assert User.objects.filter(email=NINA.email).count() == 1


class TestWhoHasAnAccount:
    @pytest.fixture
    def second_post(self, pakhotnaya: Organization, elena: User, zoya: User) -> Invitation:
        """Elena is asked to answer for Школа Пахотная as well."""
        elena.last_login = NOW
        elena.save()
        return invited(pakhotnaya, by=zoya, now=timezone.now(), email=elena.email)

    def test_she_signs_in_and_takes_one_more_post(
        self, client: Client, second_post: Invitation, elena: User, pakhotnaya: Organization
    ) -> None:
        asked = client.get(link_of(second_post), follow=True)
        assert "Войдите, чтобы принять приглашение" in asked.content.decode()
        client.force_login(elena)
        client.get(link_of(second_post))
        page = client.post(reverse(ACCEPT), {"consent": "on"}, follow=True).content.decode()
        assert "Приглашение принято" in page
        assert set(elena.memberships.values_list("organization__short_name", flat=True)) == {
            "Школа Бондарская",
            pakhotnaya.short_name,
        }

    def test_the_link_alone_does_not_touch_her_password(
        self, client: Client, second_post: Invitation, elena: User
    ) -> None:
        client.get(link_of(second_post))
        client.post(reverse(ACCEPT), answers())
        elena.refresh_from_db()
        assert not elena.check_password(GOOD_PASSWORD)
        assert elena.memberships.count() == 1

    def test_somebody_else_is_told_whose_it_is(self, sign_in: SignIn, second_post: Invitation, ivan: User) -> None:
        page = sign_in(ivan).get(link_of(second_post), follow=True).content.decode()
        assert "Приглашение не вам?" in page
        assert second_post.email in page

    def test_an_account_made_for_her_and_never_used_is_taken_over(
        self, client: Client, bondarskaya: Organization, elena: User, zoya: User
    ) -> None:
        invitation = invited(bondarskaya, by=zoya, now=timezone.now(), email=elena.email)
        client.get(link_of(invitation))
        client.post(reverse(ACCEPT), answers())
        elena.refresh_from_db()
        assert elena.check_password(GOOD_PASSWORD)
        assert elena.memberships.get().post == "Заместитель директора"


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("GET /invitation/secret-token/", "GET /invitation/***"),
        ("GET /password/new/MQ/abc-123/?next=/", "GET /password/new/***?next=/"),
        ("GET /people/1/", "GET /people/1/"),
    ],
)
def test_one_time_links_stay_out_of_the_log(line: str, logged: str) -> None:
    kept: dict[str, object] = {"request": line}
    secrets_stay_out_of_the_log(log_kwargs=kept)
    assert kept["request"] == logged
