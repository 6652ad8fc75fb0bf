"""Roadmaps of municipalities and schools: bring one up when the edition above has changed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from obligations.views.scope import person
from roadmap.actions import RoadmapRefused, edition_above, renew
from roadmap.views.access import get_roadmap


@require_http_methods(["GET", "POST"])
def bring_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what changed above since an own roadmap was approved; asked to, prepare its next edition."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_own or roadmap.is_draft:
        raise PermissionDenied
    above = edition_above(roadmap)
    if request.method == "POST":
        try:
            draft = renew(
                roadmap=roadmap,
                academic_year=roadmap.academic_year,
                order_number=roadmap.order_number,
                order_date=roadmap.order_date,
                by=person(request),
                now=timezone.now(),
            )
        except RoadmapRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(roadmap)
        messages.success(request, "Проект новой редакции подготовлен: ваши сроки и мероприятия на месте.")
        return redirect("roadmap:draft", pk=draft.pk)
    return render(request, "roadmap/bring_up.html", {"roadmap": roadmap, "above": above})
