"""A forgotten password: one answer for everybody, one letter for those who exist, one use of its link."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import resets
from accounts.models import AccessEvent, AccessEventKind, PasswordReset, PersonSession, SignInAttempt, User
from accounts.tasks import send_resets
from tests.accounts.stories import GOOD_PASSWORD, PASSWORD, link_in

ASK = "accounts:password_reset"


def ask(client: Client, email: str) -> str:
    """Ask for a new password and read the answer."""
    page = client.post(reverse(ASK), {"email": email}, follow=True).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def new_password(client: Client, link: str, password: str = GOOD_PASSWORD) -> str:
    """Follow the link and set a password; return the page one ends at."""
    page = client.get(link, follow=True)
    form = {"new_password1": password, "new_password2": password}
    return client.post(page.request["PATH_INFO"], form, follow=True).content.decode()


def test_known_and_unknown_get_the_same_answer_and_only_the_known_a_letter(client: Client, elena: User) -> None:
    answers = {ask(client, email) for email in ("elena@example.test", "nobody@example.test")}
    assert len(answers) == 1
    assert "Если этот адрес есть на портале" in answers.pop()
    assert not mail.outbox, "nothing is sent while the person waits: the time would tell"
    send_resets()
    assert [letter.to for letter in mail.outbox] == [["elena@example.test"]]


def test_the_letter_leads_to_a_new_password_once(client: Client, elena: User) -> None:
    ask(client, " Elena@Example.TEST ")
    send_resets()
    link = link_in(mail.outbox[0])
    assert "Новый пароль сохранён" in new_password(client, link)
    elena.refresh_from_db()
    assert elena.check_password(GOOD_PASSWORD)
    assert AccessEvent.objects.filter(user=elena, kind=AccessEventKind.PASSWORD_RESET).exists()
    again = client.get(link, follow=True).content.decode()
    assert "Ссылка не действует" in again


def test_a_new_password_ends_every_session_and_opens_the_closed_door(elena: User) -> None:
    browser = Client()
    browser.force_login(elena)
    SignInAttempt.objects.create(email=elena.email, at=timezone.now())
    ask(Client(), elena.email)
    send_resets()
    new_password(Client(), link_in(mail.outbox[0]))
    assert browser.get(reverse("accounts:profile")).status_code == 302
    assert not PersonSession.objects.filter(user=elena).exists()
    assert not SignInAttempt.objects.exists()


def test_a_weak_new_password_is_refused(client: Client, elena: User) -> None:
    ask(client, elena.email)
    send_resets()
    assert "угадают первым" in new_password(client, link_in(mail.outbox[0]), "Пароль-2023!")
    elena.refresh_from_db()
    assert elena.check_password(PASSWORD)


def test_three_letters_an_hour_and_no_more(client: Client, elena: User) -> None:
    for _ in range(5):
        assert "Если этот адрес есть на портале" in ask(client, elena.email)
    send_resets()
    assert len(mail.outbox) == resets.PER_EMAIL


def test_one_address_cannot_ask_for_everybody(client: Client, db: None) -> None:
    for n in range(resets.PER_ADDRESS + 5):
        ask(client, f"p{n}@example.test")
    assert PasswordReset.objects.count() == resets.PER_ADDRESS


@pytest.mark.parametrize("closed", [True, False])
def test_closed_accounts_and_those_without_a_password_get_none(client: Client, elena: User, closed: bool) -> None:
    if closed:
        elena.is_active = False
    else:
        elena.set_unusable_password()
    elena.save()
    ask(client, elena.email)
    send_resets()
    assert not mail.outbox
    assert PasswordReset.objects.get().done_at is not None


def test_run_twice_the_letter_leaves_once(client: Client, elena: User) -> None:
    ask(client, elena.email)
    send_resets()
    send_resets()
    assert len(mail.outbox) == 1


def test_a_letter_that_could_not_leave_goes_with_the_next_run(
    client: Client, elena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, elena.email)
    with monkeypatch.context() as broken:

        def unreachable(*_: Any) -> None:
            raise ConnectionRefusedError

        broken.setattr("django.core.mail.EmailMultiAlternatives.send", unreachable)
        send_resets()
    assert PasswordReset.objects.get().done_at is None
    send_resets()
    assert len(mail.outbox) == 1


def test_a_request_of_yesterday_is_not_answered(db: None, elena: User) -> None:
    PasswordReset.objects.create(email=elena.email, asked_at=timezone.now() - timedelta(days=1))
    send_resets()
    assert not mail.outbox
    assert PasswordReset.objects.get().done_at is not None
