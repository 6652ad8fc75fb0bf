"""Hand-over: a deputy leaves, another takes the post, nothing is lost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEvent, AccessEventKind, Invitation, Organization, PersonSession, User
from accounts.tasks import send_invitations
from obligations.chasing.sending import chase
from obligations.models import Evidence, Obligation
from tests.accounts.stories import GOOD_PASSWORD, NINA, link_in
from tests.conftest import NOW, TODAY

SignIn = Callable[[User], Client]


def hand_over(client: Client, leaver: User, **changed: Any) -> str:
    """Fill in the form of a hand-over to Nina."""
    membership = leaver.memberships.get()
    form = {"ended_on": str(membership.organization.region.today()), "reason": "приказ № 12-к", "email": NINA.email}
    url = reverse("accounts:hand_over", args=[membership.pk])
    return client.post(url, form | changed, follow=True).content.decode()


def become_nina() -> tuple[Client, User]:
    """Follow the link of the letter and take the post."""
    send_invitations()
    browser = Client()
    browser.get(link_in(mail.outbox[-1]))
    form = {"last_name": "Новая", "first_name": "Нина", "post": "Завуч", "consent": "on"}
    browser.post(reverse("accounts:invitation_accept"), form | {"password1": GOOD_PASSWORD, "password2": GOOD_PASSWORD})
    return browser, User.objects.get(email=NINA.email)


def test_the_whole_story(boris: User, elena: User, obligation: Obligation) -> None:
    """Elena left a draft; Boris hands her post to Nina, who finds it; the digest goes to Nina alone."""
    obligation.note = "Черновик Елены"
    obligation.save()
    Evidence.objects.create(obligation=obligation, kind="link", title="Приказ", url="https://s.example/1", added_at=NOW)
    hers, coordinator = Client(), Client()
    hers.force_login(elena)
    coordinator.force_login(boris)
    assert hers.get(obligation.get_absolute_url()).status_code == 200

    page = hand_over(coordinator, elena)
    assert "Обязанности переданы, доступ закрыт" in page
    assert hers.get(obligation.get_absolute_url()).status_code == 302, "she is signed out at once"
    hers.force_login(elena)
    assert hers.get(obligation.get_absolute_url()).status_code == 404, "and sees nothing when she comes back"
    assert not PersonSession.objects.filter(user=elena).exclude(session_key=hers.session.session_key).exists()

    browser, nina = become_nina()
    seen = browser.get(obligation.get_absolute_url()).content.decode()
    assert "Черновик Елены" in seen
    assert "Приказ" in seen

    mail.outbox.clear()
    chase(region=obligation.organization.region, today=TODAY + timedelta(days=30), clock=lambda: NOW)
    to = {address for letter in mail.outbox for address in letter.to}
    assert nina.email in to
    assert elena.email not in to

    history = coordinator.get(reverse("accounts:organization", args=[obligation.organization_id])).content.decode()
    for shown in ("Кто отвечал раньше", str(elena), "приказ № 12-к", str(nina)):
        assert shown in history
    event = AccessEvent.objects.get(user=elena, kind=AccessEventKind.HANDED_OVER)
    assert event.by == boris


def test_the_successor_may_be_named_later(sign_in: SignIn, boris: User, elena: User) -> None:
    hand_over(sign_in(boris), elena, email="")
    assert not Invitation.objects.exists()
    assert elena.memberships.get().ended_on is not None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ended_on": "2099-01-01"}, "Дата ещё не наступила"),
        ({"ended_on": "2020-01-01"}, "Раньше, чем начал"),
        ({"email": "elena@example.test"}, "Это адрес того, кто передаёт"),
        ({"email": "нет адреса"}, "Введите адрес целиком"),
        ({"ended_on": ""}, "С какого дня"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_ends(
    sign_in: SignIn, boris: User, elena: User, changed: dict[str, str], said: str
) -> None:
    elena.memberships.update(since=date(2022, 9, 1))
    assert said in hand_over(sign_in(boris), elena, **changed)
    assert elena.memberships.get().ended_on is None
    assert not Invitation.objects.exists()


def test_a_successor_who_is_asked_already_undoes_the_whole_act(
    sign_in: SignIn, boris: User, elena: User, bondarskaya: Organization
) -> None:
    client = sign_in(boris)
    client.post(reverse("accounts:invite", args=[bondarskaya.pk]), {"email": NINA.email, "role": "deputy"})
    assert "уже отправлено" in hand_over(client, elena)
    assert elena.memberships.get().ended_on is None


def test_who_serves_elsewhere_too_stays_signed_in(
    sign_in: SignIn, boris: User, elena: User, pakhotnaya: Organization
) -> None:
    browser = Client()
    browser.force_login(elena)
    kept = elena.memberships.get()
    elena.memberships.create(organization=pakhotnaya, role="deputy")
    membership = kept
    form = {"ended_on": str(kept.organization.region.today()), "email": ""}
    sign_in(boris).post(reverse("accounts:hand_over", args=[membership.pk]), form)
    assert browser.get(reverse("home")).status_code == 200


def test_sent_twice_it_happens_once(sign_in: SignIn, boris: User, elena: User) -> None:
    client = sign_in(boris)
    membership = elena.memberships.get()
    hand_over(client, elena)
    again = client.post(reverse("accounts:hand_over", args=[membership.pk]), {"ended_on": str(timezone.now().date())})
    assert again.status_code == 404
    assert Invitation.objects.count() == 1
