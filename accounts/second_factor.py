"""The second factor: who must have one, and whether this session has shown it."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

# In the session: the person who has shown or set up their second factor in it.
SESSION_KEY = "second_factor_of"


def is_required(user: User) -> bool:
    """Tell whether the person's roles demand a second factor (``REQUIRE_MFA_ROLES``)."""
    roles = settings.REQUIRE_MFA_ROLES
    return bool(roles and (user.is_superuser or user.has_role(*roles)))


def is_set_up(user: User) -> bool:
    """Tell whether the person has an authenticator app or a security key."""
    return bool(Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def mark_shown(request: HttpRequest, user: User) -> None:
    """Remember that this session has shown the second factor."""
    request.session[SESSION_KEY] = user.pk


def is_shown(request: HttpRequest, user: User) -> bool:
    """Tell whether this session has shown the second factor."""
    return bool(request.session.get(SESSION_KEY) == user.pk)
