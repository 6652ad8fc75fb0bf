"""What every view of this app begins with: who asks, on what day, about which obligation."""

from datetime import date
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Organization, User
from accounts.roles import ACTING
from obligations import rules
from obligations.models import Obligation
from obligations.states import Act


def person(request: HttpRequest) -> User:
    """Return who is signed in; the middleware lets nobody else through."""
    return cast("User", request.user)


def today_of(user: User) -> date:
    """Return the calendar day where the person works."""
    memberships = user.active_memberships
    return memberships[0].organization.region.today() if memberships else timezone.localdate()


def time_zone_of(user: User) -> str:
    """Return the time zone where the person works."""
    memberships = user.active_memberships
    return memberships[0].organization.region.time_zone if memberships else timezone.get_default_timezone_name()


def reviewer(request: HttpRequest) -> User:
    """Return the person, who must be a reviewer."""
    user = person(request)
    if not rules.is_reviewer(user):
        raise PermissionDenied
    return user


def organizations_served(user: User) -> list[Organization]:
    """Return the organizations in whose name the person answers, each once."""
    served = {one.organization_id: one.organization for one in user.active_memberships if one.role in ACTING}
    return list(served.values())


def get_obligation(request: HttpRequest, pk: int, act: Act | None = None) -> Obligation:
    """Fetch an obligation in the person's sight, or answer 404; 403 when ``act`` is not theirs to make."""
    user = person(request)
    obligation = get_object_or_404(Obligation.objects.visible_to(user).for_page(), pk=pk)
    if act is not None and not rules.may(user, act, obligation):
        raise PermissionDenied
    return obligation
