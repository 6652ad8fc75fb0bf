"""What stories about people begin with."""

from datetime import datetime, timedelta
from typing import Any

from django.core import mail

from accounts.actions import invitations
from accounts.contacts import Contact
from accounts.models import Invitation, InvitationState, Organization, User
from accounts.roles import Role

PASSWORD = "profminimum-2023"
GOOD_PASSWORD = "berezovaya-roscha-7"
NINA = Contact("nina@example.test", "Новая", "Нина", "Павловна", "Заместитель директора")


def invited(
    organization: Organization,
    *,
    by: User,
    now: datetime,
    role: Role = Role.DEPUTY,
    email: str = "",
    state: InvitationState = InvitationState.SENT,
    **fields: Any,
) -> Invitation:
    """An invitation whose letter has left; its link is ``link_of`` it."""
    invitation = Invitation.objects.create(
        organization=organization,
        role=role,
        email=email or f"new-{organization.pk}-{role}@example.test",
        created_by=by,
        created_at=now,
        queued_at=now,
        **fields,
    )
    invitation.state = state
    if state != InvitationState.QUEUED:
        invitation.sent_at, invitation.expires_at = now, now + timedelta(days=14)
        invitation.token_hash = invitations.hash_of(invitations.token_of(invitation))
    invitation.save()
    return invitation


def link_of(invitation: Invitation) -> str:
    """The address that the letter of an invitation leads to."""
    return f"/invitation/{invitations.token_of(invitation)}/"


def link_in(letter: mail.EmailMessage) -> str:
    """The address of the portal in a letter's text."""
    [line] = [line for line in str(letter.body).splitlines() if "/invitation/" in line or "/password/new/" in line]
    return "/" + line.split("/", 3)[3]
