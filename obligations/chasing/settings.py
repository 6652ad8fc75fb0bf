"""Writes of how people and regions want reminding to be done."""

from accounts.models import User
from obligations.models import MailFrequency, MailPreference


def prefer(*, user: User, by_mail: bool, frequency: MailFrequency) -> MailPreference:
    """Keep how a person wants to hear of what is no duty."""
    preference, _ = MailPreference.objects.update_or_create(
        user=user, defaults={"by_mail": by_mail, "frequency": frequency}
    )
    return preference
