"""Invitations on their way out: written, sent once, resent, withdrawn, many at a time."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import invitations, sending
from accounts.actions.invitations import AlreadyInvited
from accounts.contacts import Contact, contacts_of
from accounts.models import Invitation, InvitationState, Membership, Organization, Region, User
from accounts.roles import Role
from accounts.tasks import send_invitations, sweep_letters
from tests import factories
from tests.accounts.stories import NINA, invited, link_in, link_of
from tests.conftest import NOW

KILLED = KeyboardInterrupt


def ask(school: Organization, by: User, contact: Contact = NINA) -> Invitation:
    """Invite somebody to be the school's deputy."""
    return invitations.invite(organization=school, role=Role.DEPUTY, contact=contact, by=by, now=NOW)


def test_the_letter_names_organization_role_inviter_and_end(bondarskaya: Organization, zoya: User) -> None:
    invitation = ask(bondarskaya, zoya)
    send_invitations()
    invitation.refresh_from_db()
    [letter] = mail.outbox
    assert letter.to == ["nina@example.test"]
    for said in ("Здравствуйте, Нина Павловна!", bondarskaya.name, "Ответственный в организации", str(zoya)):
        assert said in str(letter.body)
    assert link_in(letter) == link_of(invitation)
    assert isinstance(letter, mail.EmailMultiAlternatives)
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert link_of(invitation) in str(html)
    assert invitation.state == InvitationState.SENT
    assert invitation.expires_at is not None


def test_the_database_does_not_hold_the_link(bondarskaya: Organization, zoya: User) -> None:
    invitation = ask(bondarskaya, zoya)
    send_invitations()
    invitation.refresh_from_db()
    token = invitations.token_of(invitation)
    assert len(invitation.token_hash) == 64
    assert token not in "".join(str(value) for value in vars(invitation).values())


def test_run_twice_the_letter_leaves_once(bondarskaya: Organization, zoya: User) -> None:
    ask(bondarskaya, zoya)
    send_invitations()
    send_invitations()
    sweep_letters()
    assert len(mail.outbox) == 1


class TestTheServer:
    def test_a_killed_worker_leaves_the_rest_to_the_next(
        self, schools: list[Organization], zoya: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number, school in enumerate(schools):
            ask(school, zoya, Contact(f"n{number}@example.test"))
        deliver = EmailBackend.send_messages

        def killed_at_the_third(self: EmailBackend, letters: Any) -> int:
            if len(mail.outbox) == 2:
                raise KILLED
            return deliver(self, letters)

        with monkeypatch.context() as first_run:
            first_run.setattr(EmailBackend, "send_messages", killed_at_the_third)
            with pytest.raises(KILLED):
                send_invitations()
        assert Invitation.objects.unsent().count() == len(schools) - 2
        sweep_letters()
        assert sorted(letter.to[0] for letter in mail.outbox) == [f"n{n}@example.test" for n in range(len(schools))]

    def test_a_refused_address_is_marked_and_the_others_go(
        self, schools: list[Organization], zoya: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number, school in enumerate(schools):
            ask(school, zoya, Contact(f"n{number}@example.test"))
        deliver = EmailBackend.send_messages

        def picky(self: EmailBackend, letters: Any) -> int:
            if letters[0].to == ["n1@example.test"]:
                raise smtplib.SMTPRecipientsRefused({"n1@example.test": (550, "нет такого ящика".encode())})
            return deliver(self, letters)

        monkeypatch.setattr(EmailBackend, "send_messages", picky)
        send_invitations()
        refused = Invitation.objects.get(state=InvitationState.FAILED)
        assert refused.email == "n1@example.test"
        assert "нет такого ящика" in refused.failure
        assert len(mail.outbox) == len(schools) - 1

    def test_while_the_server_is_down_letters_wait(
        self, schools: list[Organization], zoya: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number, school in enumerate(schools):
            ask(school, zoya, Contact(f"n{number}@example.test"))
        tried = []

        def down(_self: EmailBackend, letters: Any) -> int:
            tried.append(letters)
            raise ConnectionRefusedError

        with monkeypatch.context() as night:
            night.setattr(EmailBackend, "send_messages", down)
            outcome = sending.send_waiting(clock=timezone.now)
        assert outcome.postponed == len(tried) == sending.GIVE_UP_AFTER
        assert Invitation.objects.unsent().count() == len(schools)
        sweep_letters()
        assert len(mail.outbox) == len(schools)


class TestOnce:
    def test_nobody_is_asked_twice_into_the_same_post(self, bondarskaya: Organization, zoya: User) -> None:
        ask(bondarskaya, zoya)
        with pytest.raises(AlreadyInvited):
            ask(bondarskaya, zoya, Contact("NINA@example.test"))

    def test_who_serves_and_has_been_here_is_not_asked(
        self, bondarskaya: Organization, elena: User, zoya: User
    ) -> None:
        elena.last_login = NOW
        elena.save()
        with pytest.raises(AlreadyInvited):
            ask(bondarskaya, zoya, Contact(elena.email))

    def test_a_closed_account_is_not_asked(self, bondarskaya: Organization, elena: User, zoya: User) -> None:
        elena.is_active = False
        elena.save()
        with pytest.raises(AlreadyInvited, match="закрыта"):
            ask(bondarskaya, zoya, Contact(elena.email))

    def test_the_database_itself_keeps_it(self, bondarskaya: Organization, zoya: User) -> None:
        invited(bondarskaya, by=zoya, now=NOW, email="nina@example.test")
        with pytest.raises(IntegrityError), transaction.atomic():
            invited(bondarskaya, by=zoya, now=NOW, email="nina@example.test")


def test_a_letter_sent_again_carries_a_new_link(bondarskaya: Organization, zoya: User) -> None:
    invitation = ask(bondarskaya, zoya)
    send_invitations()
    assert invitations.resend(invitation=invitation, now=NOW)
    assert not invitations.resend(invitation=invitation, now=NOW), "it is on its way already"
    send_invitations()
    first, second = (link_in(letter) for letter in mail.outbox)
    assert first != second
    assert invitations.find(first.split("/")[2]) is None
    assert invitations.find(second.split("/")[2]) == invitation


@pytest.mark.parametrize("state", [InvitationState.ACTIVE, InvitationState.WITHDRAWN])
def test_what_is_over_is_neither_resent_nor_withdrawn(
    bondarskaya: Organization, zoya: User, state: InvitationState
) -> None:
    invitation = invited(bondarskaya, by=zoya, now=NOW, accepted_at=NOW)
    Invitation.objects.update(state=state)
    assert not invitations.resend(invitation=invitation, now=NOW)
    assert not invitations.withdraw(invitation=invitation, now=NOW)


class TestMany:
    def test_each_school_gets_one_and_a_second_run_none(
        self, region: Region, schools: list[Organization], zoya: User
    ) -> None:
        wanted = {school.pk: Contact(f"n{school.pk}@example.test") for school in schools}
        batch = invitations.invite_many(region=region, role=Role.DEPUTY, wanted=wanted, by=zoya, now=NOW)
        assert batch is not None
        assert batch.invitations.count() == len(schools)
        assert invitations.invite_many(region=region, role=Role.DEPUTY, wanted=wanted, by=zoya, now=NOW) is None
        send_invitations()
        assert len(mail.outbox) == len(schools)

    def test_schools_of_another_region_are_left_out(
        self, region: Region, schools: list[Organization], stranger_ministry: Organization, zoya: User
    ) -> None:
        foreign: Organization = factories.SchoolFactory(parent=stranger_ministry)
        wanted = {one.pk: Contact(f"n{one.pk}@example.test") for one in [*schools, foreign]}
        batch = invitations.invite_many(region=region, role=Role.DEPUTY, wanted=wanted, by=zoya, now=NOW)
        assert batch is not None
        assert foreign.pk not in batch.invitations.values_list("organization", flat=True)


def test_an_unused_link_runs_out(bondarskaya: Organization, zoya: User) -> None:
    invitation = invited(bondarskaya, by=zoya, now=NOW)
    assert not invitation.is_expired(NOW + timedelta(days=13))
    assert invitation.is_expired(NOW + timedelta(days=14))
    assert list(Invitation.objects.expired(NOW + timedelta(days=14))) == [invitation]
    assert not Invitation.objects.not_expired(NOW + timedelta(days=14)).exists()


def test_the_contact_of_the_registry_comes_before_the_schools_own_address(bondarskaya: Organization) -> None:
    bondarskaya.email = "School@Example.TEST"
    bondarskaya.save()
    assert contacts_of([bondarskaya])[bondarskaya.pk].email == "school@example.test"


@pytest.fixture
def schools(bondarsky: Organization) -> list[Organization]:
    """Four schools nobody answers for."""
    found: list[Organization] = [factories.SchoolFactory(parent=bondarsky) for _ in range(4)]
    assert not Membership.objects.filter(organization__in=found).exists()
    return found
