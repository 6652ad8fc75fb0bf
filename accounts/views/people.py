"""People and posts: who serves where, who has never signed in, hand-over, help with access."""

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import rules, russian
from accounts.actions import attempts, care, invitations, posts
from accounts.actions.invitations import AlreadyInvited
from accounts.aggregates import coverage, never_signed_in, people
from accounts.clients import client_address
from accounts.contacts import Contact
from accounts.forms import HandOverForm, PeopleFilters
from accounts.models import Invitation, Membership, Organization, User
from accounts.roles import Role

PAGE_SIZE = 30
EVENTS_SHOWN = 30


def staff_of(request: HttpRequest) -> User:
    """Return the user, whose business people must be: 403 for everybody else."""
    user = cast("User", request.user)
    if not rules.staffs_anyone(user):
        raise PermissionDenied
    return user


@require_safe
@never_cache
def people_list(request: HttpRequest) -> HttpResponse:
    """List who serves where; the filter «ни разу не входили» is what administrators come for."""
    user = staff_of(request)
    filters = PeopleFilters(request.GET, user=user)
    found, covered = people(user), coverage(user, now=timezone.now())
    page = Paginator(filters.narrow(found), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/people.html",
        {
            "filters": filters,
            "page": page,
            "coverage": covered,
            "coverage_total": russian.counted(covered.schools, "школа", "школы", "школ"),
            "coverage_invited": russian.figure(covered.invited),
            "never": never_signed_in(found).count(),
            "hosts": User.objects.hosts() if user.is_superuser else [],
        },
    )


@require_safe
@never_cache
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who answers for an organization, who did before, and who has been asked."""
    user = cast("User", request.user)
    shown = get_object_or_404(Organization.objects.staffed_by(user).select_related("parent", "region"), pk=pk)
    memberships = list(shown.memberships.select_related("user").order_by("-ended_on", "since", "pk"))
    return render(
        request,
        "accounts/organization.html",
        {
            "organization": shown,
            "serving": [one for one in memberships if one.ended_on is None],
            "past": [one for one in memberships if one.ended_on is not None],
            "invitations": Invitation.objects.filter(organization=shown).pending().select_related("created_by"),
            "now": timezone.now(),
        },
    )


@require_safe
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person: posts, access, journal; what may be done for them stands beside it."""
    user = cast("User", request.user)
    shown = get_object_or_404(User.objects.visible_to(user), pk=pk)
    visible = Membership.objects.visible_to(user).filter(user=shown).select_related("organization__region")
    may_care = rules.administers(user, shown)
    return render(
        request,
        "accounts/person.html",
        {
            "person": shown,
            "posts": visible.order_by("-ended_on", "pk"),
            "may_care": may_care,
            "sessions": shown.sessions.count(),
            "factors": Authenticator.objects.filter(user=shown).exclude(type="recovery_codes") if may_care else [],
            "closed_until": attempts.closed_anywhere(person=shown, now=timezone.now()),
            "events": shown.access_events.select_related("by")[:EVENTS_SHOWN] if may_care else [],
        },
    )


@never_cache
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's service and invite who comes after them."""
    user = cast("User", request.user)
    held = get_object_or_404(
        Membership.objects.visible_to(user).in_force().select_related("user", "organization__region"), pk=pk
    )
    if held.user_id == user.pk:
        raise PermissionDenied
    today = held.organization.region.today()
    form = HandOverForm(request.POST or None, membership=held, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            done = posts.hand_over(
                membership=held,
                ended_on=form.cleaned_data["ended_on"],
                reason=form.cleaned_data["reason"],
                successor=form.successor(),
                by=user,
                now=timezone.now(),
            )
        except posts.AlreadyLeft:
            messages.info(request, "Обязанности уже переданы.")
        except AlreadyInvited as known:
            form.add_error("email", str(known))
            return render(request, "accounts/hand_over.html", {"membership": held, "form": form})
        else:
            asked = f" Приглашение отправляется на {done.invitation.email}." if done.invitation else ""
            messages.success(request, f"Обязанности переданы, доступ закрыт.{asked}")
        return redirect("accounts:organization", held.organization_id)
    return render(request, "accounts/hand_over.html", {"membership": held, "form": form})


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation to somebody who holds a post and has never signed in."""
    user = cast("User", request.user)
    held = get_object_or_404(
        Membership.objects.visible_to(user).active().select_related("user", "organization__region"), pk=pk
    )
    who, now = held.user, timezone.now()
    under_way = Invitation.objects.pending().filter(organization=held.organization, role=held.role, email=who.email)
    try:
        if waiting := under_way.first():
            invitations.resend(invitation=waiting, now=now)
        else:
            contact = Contact(who.email, who.last_name, who.first_name, who.patronymic, held.post)
            invitations.invite(organization=held.organization, role=Role(held.role), contact=contact, by=user, now=now)
        messages.success(request, f"Приглашение отправляется на {who.email}.")
    except AlreadyInvited as known:
        messages.info(request, str(known))
    return redirect("accounts:organization", held.organization_id)


def _cared_for(request: HttpRequest, pk: int) -> User:
    """Fetch a person whose access is the user's business: 404 outside the scope, 403 for a foreign act."""
    user = cast("User", request.user)
    found: User = get_object_or_404(User.objects.visible_to(user), pk=pk)
    if not rules.administers(user, found):
        raise PermissionDenied
    return found


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the door that wrong passwords have closed."""
    found = _cared_for(request, pk)
    attempts.unlock(person=found, by=cast("User", request.user), now=timezone.now(), address=client_address(request))
    messages.success(request, "Вход открыт: можно пробовать снова.")
    return redirect("accounts:person", found.pk)


@require_POST
def factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost second factor away, and write to the person that it was."""
    found, by, now = _cared_for(request, pk), cast("User", request.user), timezone.now()
    if not care.reset_second_factor(person=found, by=by, now=now):
        messages.info(request, "Подтверждение входа не подключено.")
        return redirect("accounts:person", found.pk)
    messages.success(request, "Подтверждение входа сброшено, сеансы завершены.")
    if failure := care.tell_of_reset(person=found, by=by, now=now):
        messages.warning(request, f"Письмо об этом не ушло на {found.email}: {failure}. Сообщите человеку сами.")
    return redirect("accounts:person", found.pk)


@require_POST
def sessions_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a person out everywhere."""
    found = _cared_for(request, pk)
    care.end_sessions(person=found, by=cast("User", request.user), now=timezone.now())
    messages.success(request, "Все сеансы завершены.")
    return redirect("accounts:person", found.pk)
