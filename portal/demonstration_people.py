"""The people of the demonstration: who has been here, who was invited, which schools nobody answers for yet."""

import random
from datetime import date, datetime, timedelta

from accounts.actions.invitations import hash_of, token_of
from accounts.contacts import contacts_of
from accounts.models import Invitation, InvitationState, Membership, Organization, Region, User
from accounts.roles import Role

# Of 500 schools: what an administrator sees in the first weeks of a year.
VACANT_SHARE, ENTERED_SHARE = 0.144, 0.8
STATES = (InvitationState.SENT, InvitationState.SENT, InvitationState.OPENED, InvitationState.FAILED, None, None)
REFUSAL = "550 Такого ящика нет"


def settle_people(*, region: Region, shown: frozenset[int], year_start: date, now: datetime) -> None:
    """Make part of the schools wait for a deputy, some of them invited, and let most others have signed in.

    The shown sign-ins stay as they are; every draw follows from a school's number.
    """
    posts = Membership.objects.filter(organization__region=region)
    posts.filter(since=None).update(since=year_start)
    deputies = posts.filter(role=Role.DEPUTY, organization__kind="school").exclude(organization__in=shown)
    leaving, entered = [], []
    for pk, user in deputies.order_by("pk").values_list("pk", "user"):
        chance = random.Random(pk).random()
        if chance < VACANT_SHARE:
            leaving.append(pk)
        elif chance < ENTERED_SHARE:
            entered.append(User(pk=user, last_login=now - timedelta(hours=pk % 400)))
    User.objects.bulk_update(entered, ["last_login"], batch_size=200)
    Membership.objects.filter(pk__in=leaving).update(
        ended_on=region.local(now).date() - timedelta(days=20), end_reason="Перешли в другую школу (демонстрация)"
    )
    _invite(list(Organization.objects.filter(memberships__in=leaving).order_by("pk")), now)


def _invite(vacant: list[Organization], now: datetime) -> None:
    """Write invitations in every state for part of the vacant schools; no letter leaves for these."""
    by = User.objects.get(email="admin@demo.example")
    contacts = contacts_of(vacant)
    states: dict[int, InvitationState] = {}
    asked = []
    for number, school in enumerate(vacant):
        state, contact = STATES[number % len(STATES)], contacts.get(school.pk)
        if state is None or contact is None:
            continue
        written_at = now - timedelta(days=number % 18, hours=3)
        states[school.pk] = state
        asked.append(
            Invitation(
                organization=school,
                role=Role.DEPUTY,
                email=f"new-{school.pk}@demo.example",
                last_name=contact.last_name,
                first_name=contact.first_name,
                patronymic=contact.patronymic,
                created_by=by,
                created_at=written_at,
                queued_at=written_at,
            )
        )
    for invitation in Invitation.objects.bulk_create(asked):
        # The link follows from the row's number, which it has only now.
        invitation.state, written_at = states[invitation.organization_id], invitation.created_at
        if invitation.state == InvitationState.FAILED:
            invitation.failure = REFUSAL
            continue
        invitation.sent_at, invitation.expires_at = written_at, written_at + timedelta(days=14)
        invitation.opened_at = written_at if invitation.state == InvitationState.OPENED else None
        invitation.token_hash = hash_of(token_of(invitation))
    fields = ["state", "failure", "sent_at", "expires_at", "opened_at", "token_hash"]
    Invitation.objects.bulk_update(asked, fields, batch_size=100)
