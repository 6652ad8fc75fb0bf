"""Following the link of an invitation, and taking the post."""

from typing import cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.actions import invitations
from accounts.actions.invitations import NotUsable
from accounts.clients import client_address
from accounts.forms import AcceptForm, JoinForm
from accounts.models import Invitation, InvitationState, User

TOKEN_KEY = "invitation"  # noqa: S105 - the name of a place in the session


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, where history and referrers would keep it, and go on without it."""
    found = invitations.find(token)
    if found is None:
        return _unusable(request, None)
    request.session[TOKEN_KEY] = token
    if _problem(found) == "":
        invitations.note_opened(invitation=found, now=timezone.now())
    return redirect("accounts:invitation_accept")


@login_not_required
@never_cache
@sensitive_post_parameters()
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Say who invites and to what; take the post."""
    found = invitations.find(request.session.get(TOKEN_KEY, ""))
    if found is None or _problem(found):
        return _unusable(request, found)
    if request.user.is_authenticated and request.user.email == found.email:
        return _join(request, found)
    if invitations.person_to_ask(found):
        if request.user.is_authenticated:
            return render(request, "accounts/invitation_other.html", {"invitation": found})
        messages.info(request, "У вас уже есть учётная запись. Войдите, чтобы принять приглашение.")
        return redirect_to_login(reverse("accounts:invitation_accept"))
    if request.user.is_authenticated:
        return render(request, "accounts/invitation_other.html", {"invitation": found})
    return _enrol(request, found)


def _enrol(request: HttpRequest, found: Invitation) -> HttpResponse:
    """A new person: name, password, consent; then they are in."""
    form = AcceptForm(request.POST or None, invitation=found)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/invitation_accept.html", {"invitation": found, "form": form})
    try:
        user = invitations.accept(
            invitation=found, person=form.person(), now=timezone.now(), address=client_address(request)
        )
    except NotUsable:
        return _unusable(request, found)
    request.session.pop(TOKEN_KEY, None)
    messages.success(request, "Добро пожаловать! Учётная запись готова.")
    login = Login(user=user, email=user.email, redirect_url=reverse("home"))
    return cast("HttpResponse", perform_password_login(request, {"email": user.email}, login))


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Somebody who is signed in takes one more post."""
    form = JoinForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/invitation_join.html", {"invitation": found, "form": form})
    try:
        invitations.accept(
            invitation=found, user=cast("User", request.user), now=timezone.now(), address=client_address(request)
        )
    except NotUsable:
        return _unusable(request, found)
    request.session.pop(TOKEN_KEY, None)
    messages.success(request, f"Приглашение принято: {found.organization}.")
    return redirect("home")


def _problem(found: Invitation) -> str:
    """Say why the invitation cannot be used, '' when it can."""
    if found.is_expired(timezone.now()):
        return "expired"
    match found.state:
        case InvitationState.SENT | InvitationState.OPENED:
            return ""
        case InvitationState.ACTIVE:
            return "used"
        case _:
            return "withdrawn"


def _unusable(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """Say what is wrong with the link and what to do about it; 410, the link was good once or never."""
    if found is not None:
        found.refresh_from_db()
    problem = (_problem(found) or "used") if found else "unknown"
    return render(request, "accounts/invitation_unusable.html", {"problem": problem, "invitation": found}, status=410)
