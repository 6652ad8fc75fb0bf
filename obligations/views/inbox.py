"""«На проверку»: what was handed in and waits for the person's decision."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import russian
from accounts.models import User
from obligations.actions import accept_many
from obligations.forms import InboxFilters
from obligations.models import Obligation
from obligations.querysets import ObligationQuerySet
from obligations.views.scope import reviewer, time_zone_of, today_of

PAGE_SIZE = 50


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List submissions that wait for the person, oldest first."""
    user = reviewer(request)
    waiting = Obligation.objects.reviewed_by(user).at_reviewer()
    zone = time_zone_of(user)
    filters = InboxFilters(request.GET, waiting=waiting, time_zone=zone)
    page = Paginator(filters.apply(waiting).for_inbox(time_zone=zone).with_order(), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "obligations/inbox.html", {"page": page, "filters": filters, "today": today_of(user)})


@require_POST
def accept_chosen(request: HttpRequest) -> HttpResponse:
    """Accept everything ticked that is still as it was shown; name the rest."""
    user = reviewer(request)
    back = redirect(reverse("obligations:inbox") + _filters_of(request, user).address)
    seen = _read_ticks(request.POST.getlist("chosen"))
    if not seen:
        messages.error(request, "Отметьте хотя бы одно поручение.")
        return back
    decision = accept_many(
        obligations=Obligation.objects.reviewed_by(user),
        seen=seen,
        time_zone=time_zone_of(user),
        by=user,
        at=timezone.now(),
    )
    if decision.accepted:
        count = russian.counted(len(decision.accepted), "поручение", "поручения", "поручений")
        messages.success(request, f"Принято: {count}.")
    for obligation, reason in decision.refused:
        messages.warning(request, f"Не принято — {obligation.requirement.number}, {obligation.organization}. {reason}")
    return back


def next_in_inbox(user: User, query: QueryDict, after: Obligation) -> str:
    """Return the address of the submission to look at next, or of the inbox when nothing is left there.

    The next one is the next younger under the same filters; past the youngest, the oldest again.
    """
    waiting = Obligation.objects.reviewed_by(user).at_reviewer()
    filters = InboxFilters(query, waiting=waiting, time_zone=time_zone_of(user))
    left = filters.apply(waiting).exclude(pk=after.pk)
    following = _following(left, after) or left.order_by("submitted_at", "pk").first()
    address = following.get_absolute_url() if following else reverse("obligations:inbox")
    return address + filters.address if following else address


def _following(left: ObligationQuerySet, after: Obligation) -> Obligation | None:
    """Return the first submission that is younger than the one given."""
    younger = Q(submitted_at__gt=after.submitted_at) | Q(submitted_at=after.submitted_at, pk__gt=after.pk)
    return left.filter(younger).order_by("submitted_at", "pk").first()


def _filters_of(request: HttpRequest, user: User) -> InboxFilters:
    waiting = Obligation.objects.reviewed_by(user).at_reviewer()
    return InboxFilters(request.GET, waiting=waiting, time_zone=time_zone_of(user))


def _read_ticks(ticks: list[str]) -> dict[int, int]:
    """Read «obligation-step» of each ticked box; what is no such pair was not drawn by us."""
    pairs = (re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", tick) for tick in ticks[:PAGE_SIZE])
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair}
