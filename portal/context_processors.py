"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Region
from accounts.roles import Role


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
        "region": memberships[0].organization.region if memberships else None,
        "demonstration": any(membership.organization.region.is_demonstration for membership in memberships),
        "is_ministry": Role.MINISTRY in roles,
        "is_operator": Role.OPERATOR in roles,
        "is_coordinator": Role.COORDINATOR in roles,
        "is_deputy": Role.DEPUTY in roles,
        "is_administrator": Role.ADMINISTRATOR in roles,
    }
