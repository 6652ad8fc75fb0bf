"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Region, User
from accounts.roles import Role
from obligations.models import Notice

# «99+»: nobody counts further, and neither does the database.
MOST_UNREAD = 100


def _unread(user: User) -> Any:
    """Count what waits behind the bell, on pages that show it: one look into the index of the unread."""
    return SimpleLazyObject(Notice.objects.visible_to(user).unread().order_by()[:MOST_UNREAD].count)


def portal(request: HttpRequest) -> dict[str, Any]:
    """The portal's name, the person's region, and whether what they look at is a demonstration."""
    context: dict[str, Any] = {"portal_name": settings.PORTAL_NAME, "mail_is_embedded": settings.MAIL_IS_EMBEDDED}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context | {"demonstration": Region.objects.filter(is_demonstration=True).exists()}
    memberships = user.active_memberships
    roles = {membership.role for membership in memberships}
    return context | {
        "memberships": memberships,
        "region": user.working_memberships[0].organization.region if memberships else None,
        "demonstration": any(membership.organization.region.is_demonstration for membership in memberships),
        "unread_notices": _unread(user),
        "is_ministry": Role.MINISTRY in roles,
        "is_operator": Role.OPERATOR in roles,
        "is_coordinator": Role.COORDINATOR in roles,
        "is_deputy": Role.DEPUTY in roles,
        "is_administrator": Role.ADMINISTRATOR in roles,
    }
