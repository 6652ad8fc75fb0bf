"""Invitations as those see them who send them: one, many, what became of them."""

from collections.abc import Iterable
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import rules
from accounts.actions import invitations
from accounts.actions.invitations import AlreadyInvited
from accounts.aggregates import vacant_schools
from accounts.contacts import contacts_of
from accounts.forms import InviteForm
from accounts.models import Invitation, InvitationBatch, InvitationState, Organization, User, roles_for
from accounts.roles import Role
from accounts.views.people import PAGE_SIZE, staff_of

# Schools to pick from by ticks; a form of many more fields is refused before it is read.
PICKED_MOST = 500
FILTERS = {"": "Все", **dict(InvitationState.choices), "expired": "Срок вышел"}


@require_safe
@never_cache
def invitation_list(request: HttpRequest) -> HttpResponse:
    """List invitations with what became of each."""
    user = staff_of(request)
    chosen, now = request.GET.get("state", ""), timezone.now()
    found = Invitation.objects.visible_to(user).select_related("organization__parent", "organization__region")
    counts = _counts(found, now)
    if chosen == "expired":
        found = found.expired(now)
    elif chosen in InvitationState.values:
        found = found.filter(state=chosen).not_expired(now)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    chips = [(value, label, counts.get(value, 0)) for value, label in FILTERS.items() if not value or counts.get(value)]
    return render(request, "accounts/invitations.html", {"page": page, "chips": chips, "chosen": chosen, "now": now})


@never_cache
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite one person into a post of an organization."""
    user = cast("User", request.user)
    organization = get_object_or_404(Organization.objects.staffed_by(user).select_related("region"), pk=pk)
    if not any(rules.may_invite(user, organization, role) for role in roles_for(organization.kind)):
        raise PermissionDenied
    contact = contacts_of([organization]).get(organization.pk)
    initial = vars(contact) if contact else None
    form = InviteForm(request.POST or None, organization=organization, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asked = invitations.invite(
                organization=organization,
                role=form.chosen_role(),
                contact=form.contact(),
                by=user,
                now=timezone.now(),
            )
        except AlreadyInvited as known:
            form.add_error("email", str(known))
        else:
            messages.success(request, f"Приглашение отправляется на {asked.email}.")
            return redirect("accounts:organization", organization.pk)
    return render(request, "accounts/invite.html", {"organization": organization, "form": form})


@never_cache
def invite_schools(request: HttpRequest) -> HttpResponse:
    """Show the schools nobody answers for; invite the contacts of those that have one, all at once."""
    user = staff_of(request)
    vacant = list(vacant_schools(user))
    contacts = contacts_of(vacant)
    asked = invitations.invited_already([one.pk for one in vacant], Role.DEPUTY)
    ready = [(one, contacts[one.pk]) for one in vacant if one.pk in contacts and one.pk not in asked]
    if request.method == "POST":
        chosen = {pk for pk in request.POST.getlist("schools") if pk.isdigit()}
        wanted = [(one, contact) for one, contact in ready if "all" in request.POST or str(one.pk) in chosen]
        return _send_many(request, user, wanted)
    return render(
        request,
        "accounts/invite_schools.html",
        {
            "ready": ready,
            "shown": ready[:PICKED_MOST],
            "without_contact": [one for one in vacant if one.pk not in contacts],
            "asked": [one for one in vacant if one.pk in asked],
        },
    )


def _send_many(request: HttpRequest, user: User, wanted: Iterable[tuple[Organization, object]]) -> HttpResponse:
    """Write the invitations of the chosen schools, region by region."""
    batch = None
    by_region: dict[int, dict[int, object]] = {}
    regions = {}
    for school, contact in wanted:
        by_region.setdefault(school.region_id, {})[school.pk] = contact
        regions[school.region_id] = school.region
    for region_id, contacts in by_region.items():
        batch = invitations.invite_many(
            region=regions[region_id],
            role=Role.DEPUTY,
            wanted=contacts,  # type: ignore[arg-type]
            by=user,
            now=timezone.now(),
        )
    if batch is None:
        messages.info(request, "Отметьте школы, которым отправить приглашение.")
        return redirect("accounts:invite_schools")
    return redirect("accounts:batch", batch.pk)


@require_safe
@never_cache
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a bulk send is; the page may be left, the letters leave without it."""
    return render(request, "accounts/batch.html", _progress(request, pk))


@require_safe
@never_cache
def batch_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that asks again while letters are leaving."""
    return render(request, "accounts/_batch.html", _progress(request, pk))


def _progress(request: HttpRequest, pk: int) -> dict[str, object]:
    """Count a bulk send's letters."""
    found = get_object_or_404(InvitationBatch.objects.visible_to(request.user).select_related("region"), pk=pk)
    counts = found.invitations.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(state=InvitationState.QUEUED)),
        failed=Count("pk", filter=Q(state=InvitationState.FAILED)),
    )
    failed = found.invitations.filter(state=InvitationState.FAILED).select_related("organization")
    return {"batch": found, "done": counts["total"] - counts["waiting"], "failed_ones": failed, **counts}


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a letter again with a new link."""
    found = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    if invitations.resend(invitation=found, now=timezone.now()):
        messages.success(request, f"Новое письмо отправляется на {found.email}. Прежняя ссылка больше не действует.")
    else:
        messages.info(request, "Это приглашение уже отправляется, принято или отозвано.")
    return redirect("accounts:organization", found.organization_id)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link void."""
    found = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    if invitations.withdraw(invitation=found, now=timezone.now()):
        messages.success(request, f"Приглашение для {found.email} отозвано.")
    else:
        messages.info(request, "Это приглашение уже принято или отозвано.")
    return redirect("accounts:organization", found.organization_id)


def _counts(found: QuerySet[Invitation], now: object) -> dict[str, int]:
    """How many there are of each filter."""
    expired = Q(state__in=["sent", "opened"], expires_at__lte=now)
    parts = {value: Count("pk", filter=Q(state=value) & ~expired) for value in InvitationState.values}
    return found.order_by().aggregate(expired=Count("pk", filter=expired), **parts)
