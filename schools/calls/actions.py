"""Writes around calls and letters."""

from datetime import datetime

from django.db import transaction

from accounts.models import Organization, User
from obligations.models import CallNote

# How post and name stand in the one field that keeps them.
BETWEEN = "; "


def note_call(*, organization: Organization, note: str, by: User, at: datetime) -> CallNote:
    """Keep that somebody called, so that nobody else calls about the same."""
    return CallNote.objects.create(organization=organization, note=note.strip(), by=by, at=at)


def keep_letter_details(
    *,
    ministry: Organization,
    signatory_post: str,
    signatory_name: str,
    postal_address: str,
    by: User,
    executor_phone: str,
    municipality: Organization | None = None,
    addressee: str = "",
) -> None:
    """Keep what was typed for the next letter: who signs, from where, who drew it up, to whom."""
    with transaction.atomic():
        signatory = BETWEEN.join(part for part in (signatory_post.strip(), signatory_name.strip()) if part)
        Organization.objects.filter(pk=ministry.pk).update(signatory=signatory, postal_address=postal_address.strip())
        # The executor's telephone is the person's own; the form has shown it as it was.
        User.objects.filter(pk=by.pk).update(phone=executor_phone.strip())
        if municipality is not None:
            Organization.objects.filter(pk=municipality.pk).update(addressee=addressee.strip())


def signatory_of(ministry: Organization) -> tuple[str, str]:
    """Return post and name of who signs the ministry's letters."""
    post, _, name = ministry.signatory.partition(BETWEEN.strip())
    return post.strip(), name.strip()
