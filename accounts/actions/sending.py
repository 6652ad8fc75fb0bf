"""Sending the letters of invitations: each once, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse

from accounts import letters
from accounts.actions.invitations import hash_of, token_of
from accounts.models import Invitation, InvitationState

logger = structlog.get_logger(__name__)

# After so many letters in a row that did not leave, the server is taken to be down; the sweep comes back.
GIVE_UP_AFTER = 3


@dataclass
class Outcome:
    """What a run did."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0


def send_waiting(*, clock: Callable[[], datetime]) -> Outcome:
    """Send every letter that waits.

    Each goes out in the transaction that holds its row and marks it sent: killed half-way, the next
    run goes on with the rest; two runs at once skip each other's rows. A letter that the server
    refuses for good is marked so; one that could not leave stays in the queue.
    """
    outcome, in_a_row = Outcome(), 0
    connection = get_connection()
    try:
        for pk in list(Invitation.objects.unsent().order_by("queued_at", "pk").values_list("pk", flat=True)):
            state = _send(pk, connection=connection, clock=clock)
            if state == InvitationState.QUEUED:
                outcome.postponed += 1
                in_a_row += 1
                connection = get_connection()
                if in_a_row >= GIVE_UP_AFTER:
                    break
                continue
            in_a_row = 0
            outcome.sent += state == InvitationState.SENT
            outcome.refused += state == InvitationState.FAILED
    finally:
        connection.close()
    if outcome != Outcome():
        logger.info("invitations_sent", sent=outcome.sent, refused=outcome.refused, postponed=outcome.postponed)
    return outcome


def message_of(invitation: Invitation, *, expires_at: datetime) -> EmailMultiAlternatives:
    """Make the letter with the one-time link."""
    region = invitation.organization.region
    return letters.letter(
        "invitation",
        to=invitation.email,
        subject=f"Приглашение на портал «{settings.PORTAL_NAME}»: {invitation.organization.short_name}",
        identity=f"invitation-{invitation.pk}-{invitation.issue}",
        context={
            "invitation": invitation,
            "region": region,
            "url": settings.PORTAL_URL + reverse("accounts:invitation", args=[token_of(invitation)]),
            "until": region.local(expires_at).date(),
        },
    )


def _send(pk: int, *, connection: BaseEmailBackend, clock: Callable[[], datetime]) -> str:
    """Send one letter; return the state it is left in, '' when another run has it in hand."""
    with transaction.atomic():
        invitation = (
            Invitation.objects.unsent()
            .filter(pk=pk)
            .select_related("organization__region", "created_by")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if invitation is None:
            return ""
        now = clock()
        expires_at = now + timedelta(days=settings.INVITATION_DAYS)
        try:
            message = message_of(invitation, expires_at=expires_at)
            connection.open()
            message.connection = connection
            message.send()
        except Exception as error:  # noqa: BLE001 - one letter, whatever is wrong with it, must not stop the others
            invitation.failure = letters.reason(error)
            if letters.is_refused(error):
                invitation.state = InvitationState.FAILED
            logger.warning("invitation_not_sent", invitation=pk, error=repr(error))
        else:
            invitation.state, invitation.failure = InvitationState.SENT, ""
            invitation.sent_at, invitation.expires_at = now, expires_at
            invitation.token_hash = hash_of(token_of(invitation))
        invitation.save(update_fields=["state", "failure", "sent_at", "expires_at", "token_hash"])
    return str(invitation.state)
