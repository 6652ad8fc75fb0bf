"""The ministry reads progress on screen; so does everybody else, each for their own part."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.academic_years import AcademicYear
from accounts.models import User
from exports.registry import OutOfScope
from reporting.aggregates import DEFINITIONS, roadmap_progress
from reporting.exports.roadmap_progress import chart, figures
from reporting.forms import ProgressFilterForm
from reporting.querysets import reportable_roadmaps, roadmap_of_year
from reporting.selection import select
from roadmap.models import Roadmap


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
        "form": ProgressFilterForm(initial=sent, user=user, region=chosen.roadmap.region),
        "figures": figures(progress.totals),
        "chart": chart(progress.sections),
        "definitions": DEFINITIONS,
    }
    return render(request, "reporting/roadmap_progress.html", context)


def _current_roadmap(user: User) -> Roadmap | None:
    """The edition to show to someone who has not chosen: this academic year's."""
    roadmaps = list(reportable_roadmaps(user))
    if not roadmaps:
        return None
    return roadmap_of_year(roadmaps, AcademicYear.of(roadmaps[0].region.today()).start_year)
