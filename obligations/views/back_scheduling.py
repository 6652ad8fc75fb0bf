"""«Сроки по уровням»: the ministry takes proposed dates for schools and municipalities, or its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import russian
from accounts.models import Region
from accounts.roles import Role
from obligations.back_scheduling import back_schedule
from obligations.chasing.forms import LevelDueForm, ReviewTimeForm
from obligations.models import LevelDue, Requirement
from obligations.tightening import set_level_dues
from obligations.views.page import INVALID
from obligations.views.scope import person


@require_http_methods(["GET", "POST"])
def back_schedule_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose dates with time to review, and set those that were taken."""
    user = person(request)
    regions = Region.objects.visible_to(user)
    requirement = get_object_or_404(Requirement.objects.filter(region__in=regions).select_related("region"), pk=pk)
    if not any(
        one.role == Role.MINISTRY and one.organization.region_id == requirement.region_id
        for one in user.active_memberships
    ):
        raise PermissionDenied
    reviews = ReviewTimeForm(request.GET if "municipal_review" in request.GET else None)
    ladder = back_schedule(requirement.due_on, **reviews.chosen())
    now_set = dict(LevelDue.objects.filter(requirement=requirement).values_list("level", "due_on"))
    shown = now_set if now_set and not reviews.is_bound else ladder.dues
    form = LevelDueForm(
        request.POST if request.method == "POST" else None,
        requirement=requirement,
        today=requirement.region.today(),
        initial=shown,
    )
    if form.is_valid():
        moved = set_level_dues(requirement=requirement, dues=form.dues(), by=user, at=timezone.now())
        said = russian.counted(moved, "поручения", "поручений", "поручений")
        messages.success(request, f"Сроки уровней сохранены. Срок перенесён у {said}.")
        return redirect("obligations:back_schedule", pk)
    context = {
        "requirement": requirement,
        "form": form,
        "reviews": reviews,
        "ladder": ladder,
        "is_set": bool(now_set),
        "region_here": requirement.region,
    }
    return render(request, "obligations/back_schedule.html", context, status=INVALID if form.errors else 200)
