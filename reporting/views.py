"""The ministry reads progress on screen; so does everybody else, each for their own part."""

from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from exports.registry import OutOfScope
from obligations.models import Requirement
from reporting.aggregates import DEFINITIONS, roadmap_progress
from reporting.aggregates.readiness import DEFINITIONS as READINESS_DEFINITIONS
from reporting.aggregates.readiness import found, readiness
from reporting.aggregates.school_levels import school_levels as count_levels
from reporting.exports import school_levels
from reporting.exports.readiness import chart as readiness_chart
from reporting.exports.readiness import coverage
from reporting.exports.readiness import figures as readiness_figures
from reporting.exports.roadmap_progress import chart, figures
from reporting.forms import LevelsFilterForm, ProgressFilterForm, ReadinessFilterForm
from reporting.querysets import reportable_roadmaps, reportable_self_checks, roadmap_of_year
from reporting.selection import municipality_sent, select, select_self_check
from roadmap.models import Roadmap
from schools.rules import year_asked

SCHOOLS_PER_PAGE = 50

# So many schools that have not handed in are named on the page, the others in the file.
SHOWN_SILENT = 150


@require_GET
def roadmap_progress_page(request: HttpRequest) -> HttpResponse:
    """Show how a roadmap is being carried out: figures, chart, sections and items, municipalities."""
    user, now = cast("User", request.user), timezone.now()
    sent = request.GET.dict()
    if not sent.get("roadmap"):
        current = _current_roadmap(user)
        if current is None:
            return render(request, "reporting/roadmap_progress_empty.html")
        sent["roadmap"] = str(current.pk)
    try:
        chosen = select(user=user, sent=sent)
    except OutOfScope as refusal:
        raise Http404(str(refusal)) from None
    progress = roadmap_progress(roadmap=chosen.roadmap, scope=chosen.scope, user=user, now=now)
    context = {
        "progress": progress,
        "municipality": chosen.municipality,
        "form": ProgressFilterForm(initial=sent, user=user, about=chosen.roadmap),
        "figures": figures(progress.totals),
        "chart": chart(progress.sections),
        "definitions": DEFINITIONS,
    }
    return render(request, "reporting/roadmap_progress.html", context)


@require_GET
def readiness_page(request: HttpRequest) -> HttpResponse:
    """Show how ready schools say they are: figures, chart, questions, municipalities, who is silent."""
    user, now = cast("User", request.user), timezone.now()
    sent = request.GET.dict()
    if not sent.get("requirement"):
        current = _current_self_check(user)
        if current is None:
            return render(request, "reporting/readiness_empty.html")
        sent["requirement"] = str(current.pk)
    try:
        chosen = select_self_check(user=user, sent=sent)
    except OutOfScope as refusal:
        raise Http404(str(refusal)) from None
    told = readiness(requirement=chosen.requirement, scope=chosen.scope, user=user, now=now)
    context = {
        "told": told,
        "municipality": chosen.municipality,
        "form": ReadinessFilterForm(initial=sent, user=user, region=chosen.requirement.region),
        "figures": readiness_figures(told),
        "chart": readiness_chart(told),
        "coverage": coverage(told.totals),
        "question": found(told.questions, sent.get("question", "")),
        "silent": told.silent[:SHOWN_SILENT],
        "definitions": READINESS_DEFINITIONS,
    }
    return render(request, "reporting/readiness.html", context)


def _current_self_check(user: User) -> Requirement | None:
    """The self-check to show to someone who has not chosen: this academic year's, else the last one before."""
    asked = list(reportable_self_checks(user))
    if not asked:
        return None
    this_year = AcademicYear.of(asked[0].region.today()).start_year
    return next((one for one in asked if one.academic_year <= this_year), asked[-1])


@require_GET
def school_levels_page(request: HttpRequest) -> HttpResponse:
    """Show which schools work at which level in a year (item 1.2): totals, chart, the list in pages."""
    user = cast("User", request.user)
    region = Region.objects.visible_to(user).first()
    if region is None:
        raise Http404("The person serves no region.")
    sent, today = request.GET, region.today()
    try:
        municipality = municipality_sent(user, region.pk, sent.dict())
    except OutOfScope as refusal:
        raise Http404(str(refusal)) from None
    year = year_asked(sent.get("year"), today=today)
    counted = count_levels(user=user, region=region, year=year, today=today, municipality=municipality)
    parents = [part.parent_id for part in counted.parts if part.parent_id]
    listed = counted.shown.order_by("parent__short_name", "short_name_then", "pk")
    context = {
        "counted": counted,
        "page": Paginator(listed, SCHOOLS_PER_PAGE).get_page(sent.get("page")),
        "parts": {part.parent_id: part.name for part in counted.parts},
        # A school's deputy sees the school and not the municipality above it.
        "seen": set(Organization.objects.visible_to(user).filter(pk__in=parents).values_list("pk", flat=True)),
        "form": LevelsFilterForm(initial=sent | {"year": year.start_year}, user=user, region=region, today=today),
        "figures": school_levels.figures(counted),
        "chart": school_levels.chart(counted),
        "table": school_levels.by_municipality(counted),
        "definitions": school_levels.DEFINITIONS,
    }
    return render(request, "reporting/school_levels.html", context)


def _current_roadmap(user: User) -> Roadmap | None:
    """The edition to show to someone who has not chosen: this academic year's."""
    roadmaps = list(reportable_roadmaps(user))
    if not roadmaps:
        return None
    return roadmap_of_year(roadmaps, AcademicYear.of(roadmaps[0].region.today()).start_year)
