"""Posts: a person leaves one, another takes it. The organization's work stays where it is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.actions import invitations, sessions
from accounts.actions.journal import record
from accounts.contacts import Contact
from accounts.models import AccessEventKind, Invitation, Membership, User
from accounts.roles import Role


class AlreadyLeft(Exception):
    """The membership has ended before."""


@dataclass(frozen=True)
class HandOver:
    """What a hand-over did: the post that ended and the successor's invitation, if there is one."""

    membership: Membership
    invitation: Invitation | None


def hand_over(
    *, membership: Membership, ended_on: date, reason: str, successor: Contact | None, by: User, now: datetime
) -> HandOver:
    """End a person's service and invite who comes after them, in one act.

    ``ended_on`` is the first day without the post, today or earlier. The leaver has no access to the
    organization from this moment; signed in nowhere, when it was their last post. Drafts, remarks
    and history belong to the organization and wait for the successor. Raises AlreadyLeft, and
    AlreadyInvited for a successor who was asked before.
    """
    with transaction.atomic():
        posts = Membership.objects.select_for_update(of=("self",)).select_related("user", "organization__region")
        held = posts.get(pk=membership.pk)
        if held.ended_on is not None:
            raise AlreadyLeft
        held.ended_on, held.end_reason = ended_on, reason[:300]
        held.save(update_fields=["ended_on", "end_reason"])
        if not Membership.objects.active().filter(user=held.user).exists():
            sessions.end_all(held.user)
        record(held.user, AccessEventKind.HANDED_OVER, at=now, by=by, note=str(held.organization))
        invitation = None
        if successor is not None:
            role = Role(held.role)
            invitation = invitations.invite(
                organization=held.organization, role=role, contact=successor, by=by, now=now
            )
    return HandOver(held, invitation)
