"""«Порядок напоминаний»: the region's, and that of a single requirement; the ministry's alone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import russian
from accounts.academic_years import AcademicYear
from accounts.models import Region
from accounts.roles import Role
from obligations.chasing.forms import GENERAL, OWN, ReminderRuleForm, RequirementRuleForm, initial_of
from obligations.chasing.rules import read_schedules
from obligations.chasing.settings import set_region_rule, set_requirement_rules
from obligations.models import ReminderRule, Requirement
from obligations.views.page import INVALID
from obligations.views.scope import person

PAGE_SIZE = 25
SHOWN_CHANGES = 20


@require_http_methods(["GET", "POST"])
def reminder_rules(request: HttpRequest) -> HttpResponse:
    """Show and set the region's order of reminding; list the requirements of the year with theirs."""
    region = _governed(request)
    schedules = read_schedules(region)
    form = ReminderRuleForm(request.POST if request.method == "POST" else None, initial=initial_of(schedules.general))
    if form.is_valid():
        changed = set_region_rule(region=region, schedule=form.schedule(), by=person(request), at=timezone.now())
        messages.success(request, "Порядок напоминаний сохранён." if changed else "Порядок напоминаний уже такой.")
        return redirect("obligations:reminders")
    year = AcademicYear.of(region.today())
    number = request.GET.get("number", "").strip()
    asked = Requirement.objects.filter(region=region, academic_year=year.start_year)
    asked = asked.filter(number=number) if number else asked
    page = Paginator(asked.order_by("number_sort", "due_on", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, schedules.of(one.pk).dates(one.due_on), one.pk in schedules.own) for one in page],
        "number": number,
        "year": year,
        "changes": _changes(region, None),
        "region_here": region,
        "today": region.today(),
    }
    return render(request, "obligations/reminders.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "POST"])
def requirement_reminders(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and set when one requirement is reminded of."""
    regions = Region.objects.visible_to(person(request))
    requirement = get_object_or_404(Requirement.objects.filter(region__in=regions).select_related("region"), pk=pk)
    region = _governed(request, requirement.region)
    schedules = read_schedules(region)
    shown = initial_of(schedules.of(pk)) | {"order": OWN if pk in schedules.own else GENERAL}
    form = RequirementRuleForm(request.POST if request.method == "POST" else None, initial=shown)
    alike = list(
        Requirement.objects.filter(
            region=region,
            academic_year=requirement.academic_year,
            number=requirement.number,
            issuer=requirement.issuer_id,
        ).select_related("region")
    )
    if form.is_valid():
        chosen = alike if form.cleaned_data["whole_item"] else [requirement]
        changed = set_requirement_rules(
            requirements=chosen, schedule=form.schedule_or_general(), by=person(request), at=timezone.now()
        )
        _say(request, changed)
        return redirect("obligations:requirement_reminders", pk)
    context = {
        "form": form,
        "requirement": requirement,
        "alike": len(alike),
        "dates": schedules.of(pk).dates(requirement.due_on),
        "changes": _changes(region, requirement),
        "region_here": region,
        "today": region.today(),
    }
    return render(request, "obligations/requirement_reminders.html", context, status=INVALID if form.errors else 200)


def _governed(request: HttpRequest, region: Region | None = None) -> Region:
    """Return the region, or the first, whose ministry the person serves; nobody else sets reminders."""
    for membership in person(request).active_memberships:
        if membership.role == Role.MINISTRY and region in (None, membership.organization.region):
            return membership.organization.region
    raise PermissionDenied


def _changes(region: Region, requirement: Requirement | None) -> list[ReminderRule]:
    """The latest changes, the newest first."""
    return list(
        ReminderRule.objects.filter(region=region, requirement=requirement).select_related("by")[:SHOWN_CHANGES]
    )


def _say(request: HttpRequest, changed: int) -> None:
    """Tell what came of it."""
    if changed:
        dates = russian.counted(changed, "срока", "сроков", "сроков")
        messages.success(request, f"Порядок напоминаний сохранён: изменено для {dates}.")
    else:
        messages.info(request, "Порядок напоминаний уже такой.")
