"""One's own access: roles, sessions, the organization one works for."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import second_factor
from accounts.actions import sessions
from accounts.actions.journal import record
from accounts.agents import device
from accounts.clients import client_address
from accounts.middleware import CHOSEN_KEY
from accounts.models import AccessEventKind, PersonSession, User

EVENTS_SHOWN = 10


@require_safe
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, for whom they act, and where they are signed in."""
    user = cast("User", request.user)
    return render(
        request,
        "accounts/profile.html",
        {
            "sessions": [
                (session, device(session.agent), session.session_key == request.session.session_key)
                for session in PersonSession.objects.visible_to(user)
            ],
            "has_factor": second_factor.is_set_up(user),
            "factor_required": second_factor.is_required(user),
            "events": user.access_events.select_related("by")[:EVENTS_SHOWN],
        },
    )


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign oneself out in one browser."""
    session = get_object_or_404(PersonSession.objects.visible_to(request.user), pk=pk)
    sessions.end(session)
    messages.success(request, "Сеанс завершён.")
    return redirect("accounts:profile")


@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """Sign oneself out everywhere but here."""
    user = cast("User", request.user)
    ended = sessions.end_all(user, except_key=request.session.session_key)
    if ended:
        record(user, AccessEventKind.SESSIONS_ENDED, at=timezone.now(), address=client_address(request))
    messages.success(request, "Остальные сеансы завершены." if ended else "Других сеансов нет.")
    return redirect("accounts:profile")


@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Choose the organization to work for, or all of one's own."""
    user = cast("User", request.user)
    chosen = request.POST.get("organization", "")
    served = {str(one.organization_id): one.organization for one in user.active_memberships}
    if chosen in served:
        request.session[CHOSEN_KEY] = served[chosen].pk
        messages.success(request, f"Вы работаете за организацию: {served[chosen]}.")
    else:
        request.session.pop(CHOSEN_KEY, None)
        messages.success(request, "Показаны поручения всех ваших организаций.")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "home")
