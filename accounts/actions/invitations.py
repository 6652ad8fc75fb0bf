"""Invitations: written, sent, opened, accepted, withdrawn. Sending is a worker's: see ``sending``."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts import queue
from accounts.actions.journal import record
from accounts.contacts import Contact
from accounts.models import (
    AccessEventKind,
    Invitation,
    InvitationBatch,
    InvitationState,
    Membership,
    Organization,
    Region,
    User,
)
from accounts.roles import Role

TASK = "accounts.tasks.send_invitations"


class AlreadyInvited(Exception):
    """The person has an invitation under way to this post, holds it, or has an account that was closed."""


def token_of(invitation: Invitation) -> str:
    """Return the secret of the invitation's present link.

    It follows from SECRET_KEY and the row, so that a letter sent twice by a killed worker carries the
    same working link; the database alone, or its backup, opens nothing.
    """
    digest = salted_hmac("accounts.invitation", f"{invitation.pk}.{invitation.issue}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(*, organization: Organization, role: Role, contact: Contact, by: User, now: datetime) -> Invitation:
    """Ask somebody into a post. Raises AlreadyInvited when they hold it or have been asked already."""
    email = contact.email.strip().lower()
    if User.objects.filter(email=email, is_active=False).exists():
        raise AlreadyInvited("Учётная запись с этой почтой закрыта. Откройте её или укажите другой адрес.")
    serving = Membership.objects.active().filter(organization=organization, role=role, user__email=email)
    if serving.filter(user__last_login__isnull=False).exists():
        raise AlreadyInvited("Этот человек уже работает на портале в этой роли.")
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(**_row(organization, role, contact, by, now))
            _wake()
    except IntegrityError:
        raise AlreadyInvited("Приглашение на этот адрес уже отправлено: его можно отправить ещё раз.") from None
    return invitation


def invite_many(
    *, region: Region, role: Role, wanted: Mapping[int, Contact], by: User, now: datetime
) -> InvitationBatch | None:
    """Ask one person for each organization, by id; None when all of them have been asked already.

    Whoever was asked by somebody else in the meantime is left out: nobody gets two letters.
    """
    with transaction.atomic():
        # One bulk send of a region at a time: the second sees what the first has written.
        Region.objects.select_for_update().get(pk=region.pk)
        asked = set(
            Invitation.objects.pending()
            .filter(organization__in=wanted, role=role)
            .values_list("organization", flat=True)
        )
        organizations = Organization.objects.filter(pk__in=set(wanted) - asked, region=region)
        return _send_batch(region, role, [(one, wanted[one.pk]) for one in organizations], by, now)


def invite_each(
    *, region: Region, role: Role, wanted: Iterable[tuple[int, Contact]], by: User, now: datetime
) -> InvitationBatch | None:
    """Ask every person named, several for an organization if need be; None when all of them have been asked already.

    Runs in a transaction that holds the region's lock.
    """
    wanted = list(wanted)
    ids = {pk for pk, _ in wanted}
    asked = set(
        Invitation.objects.pending().filter(organization__in=ids, role=role).values_list("organization", "email")
    )
    organizations = Organization.objects.in_bulk(ids)
    people = [
        (organizations[pk], contact) for pk, contact in wanted if (pk, contact.email.strip().lower()) not in asked
    ]
    return _send_batch(region, role, people, by, now)


def _send_batch(
    region: Region, role: Role, people: Sequence[tuple[Organization, Contact]], by: User, now: datetime
) -> InvitationBatch | None:
    """Write the invitations and wake a worker."""
    if not people:
        return None
    batch = InvitationBatch.objects.create(region=region, by=by, at=now)
    Invitation.objects.bulk_create(
        (Invitation(**_row(one, role, contact, by, now), batch=batch) for one, contact in people), batch_size=500
    )
    _wake()
    return batch


def resend(*, invitation: Invitation, now: datetime) -> bool:
    """Send the letter again with a new link; the old one is void from now. False when it is past that."""
    with transaction.atomic():
        again = (
            Invitation.objects.pending()
            .filter(pk=invitation.pk)
            .exclude(state=InvitationState.QUEUED)
            .update(
                state=InvitationState.QUEUED,
                issue=F("issue") + 1,
                token_hash="",
                failure="",
                queued_at=now,
                sent_at=None,
                opened_at=None,
                expires_at=None,
            )
        )
        if again:
            _wake()
    return bool(again)


def withdraw(*, invitation: Invitation, now: datetime) -> bool:
    """Make the link void; False when the invitation was accepted or withdrawn before."""
    return bool(
        Invitation.objects.pending().filter(pk=invitation.pk).update(state=InvitationState.WITHDRAWN, withdrawn_at=now)
    )


def find(token: str) -> Invitation | None:
    """Find the invitation of a link, whatever its state."""
    return (
        Invitation.objects.filter(token_hash=hash_of(token))
        .select_related("organization__region", "organization__parent", "created_by")
        .first()
    )


def note_opened(*, invitation: Invitation, now: datetime) -> None:
    """The link was followed for the first time."""
    Invitation.objects.filter(pk=invitation.pk, state=InvitationState.SENT).update(
        state=InvitationState.OPENED, opened_at=now
    )


@dataclass(frozen=True)
class NewPerson:
    """What a person says of themselves when they accept."""

    last_name: str
    first_name: str
    patronymic: str
    phone: str
    post: str
    password: str


class NotUsable(Exception):
    """The link has been used, withdrawn or has run out, perhaps a moment ago."""


def accept(
    *,
    invitation: Invitation,
    now: datetime,
    address: str | None,
    person: NewPerson | None = None,
    user: User | None = None,
) -> User:
    """Take the post: a new person with what they said of themselves, or ``user`` who is signed in.

    The row is locked first, so that of two clicks one wins; raises NotUsable for the other.
    """
    with transaction.atomic():
        held = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("organization__region")
            .get(pk=invitation.pk)
        )
        if held.state not in (InvitationState.SENT, InvitationState.OPENED) or held.is_expired(now):
            raise NotUsable
        if user is None:
            if person is None:
                raise ValueError("Somebody must accept.")
            user = _employ(held.email, person, now)
        post = (person.post if person else "") or held.post
        today = held.organization.region.local(now).date()
        membership, is_new = Membership.objects.get_or_create(
            user=user,
            organization=held.organization,
            role=held.role,
            ended_on=None,
            defaults={"post": post, "since": today},
        )
        if not is_new and post and membership.post != post:
            membership.post = post
            membership.save(update_fields=["post"])
        held.state, held.accepted_at, held.accepted_by = InvitationState.ACTIVE, now, user
        held.opened_at = held.opened_at or now
        held.save(update_fields=["state", "accepted_at", "accepted_by", "opened_at"])
        if user.consented_at is None:
            user.consented_at = now
            user.save(update_fields=["consented_at"])
        record(user, AccessEventKind.JOINED, at=now, address=address, note=str(held.organization))
    return user


def person_to_ask(invitation: Invitation) -> User | None:
    """Return who must sign in to accept: the person of this address, once they have been here before."""
    return User.objects.filter(email=invitation.email, last_login__isnull=False).first()


def invited_already(organizations: Collection[int], role: Role) -> set[int]:
    """Organizations, by id, into which somebody has been asked and has not answered."""
    return set(
        Invitation.objects.pending()
        .filter(organization__in=organizations, role=role)
        .values_list("organization", flat=True)
    )


def _employ(email: str, said: NewPerson, now: datetime) -> User:
    """Make the account, or take over the one that was made for the person and never used."""
    user = User.objects.select_for_update().filter(email=email).first() or User(email=email)
    if user.last_login is not None or (user.pk and not user.is_active):
        # Somebody has signed in since the page was opened, or the account was closed.
        raise NotUsable
    user.last_name, user.first_name, user.patronymic = said.last_name, said.first_name, said.patronymic
    user.phone, user.consented_at = said.phone, now
    user.set_password(said.password)
    user.save()
    return user


def _row(organization: Organization, role: Role, contact: Contact, by: User, now: datetime) -> dict[str, object]:
    """The fields of a new invitation."""
    return {
        "organization": organization,
        "role": role,
        "email": contact.email.strip().lower(),
        "last_name": contact.last_name[:80],
        "first_name": contact.first_name[:80],
        "patronymic": contact.patronymic[:80],
        "post": contact.post[:200],
        "phone": contact.phone[:40],
        "created_by": by,
        "created_at": now,
        "queued_at": now,
    }


def _wake() -> None:
    """Wake a worker once the rows are there for it to find."""
    transaction.on_commit(lambda: queue.send(TASK))
