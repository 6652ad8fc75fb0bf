"""Hours of a plan that were held: noted by the deputy during the year, taken back when noted by mistake."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.russian import counted
from obligations import rules
from obligations.views.page import INVALID
from obligations.views.scope import person
from schools.actions.plans import PlanRefused, note_hours, take_hours_back
from schools.forms.plans import DoneHoursForm
from schools.models import DoneHours, Plan, PlanLine
from schools.rules import can_note_hours

_JOINED = (
    "plan__obligation__requirement",
    "plan__obligation__organization__parent",
    "plan__obligation__organization__region",
)


@require_http_methods(["GET", "POST"])
def plan_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was held of a line and note more of it."""
    user = person(request)
    lines = PlanLine.objects.filter(plan__in=Plan.objects.visible_to(user)).select_related("direction", *_JOINED)
    line = get_object_or_404(lines, pk=pk)
    obligation = line.plan.obligation
    today, is_sent = obligation.organization.region.today(), request.method == "POST"
    can_note = can_note_hours(user, obligation, today=today)
    if is_sent and not rules.owns(user, obligation):
        raise PermissionDenied
    form = DoneHoursForm(request.POST if is_sent else None, initial={"on": today})
    if is_sent and not can_note:
        messages.error(request, "Часы отмечают по принятому плану и до конца его учебного года.")
        return redirect("schools:plan", obligation.pk)
    if is_sent and form.is_valid():
        try:
            done = note_hours(line=line, by=user, at=timezone.now(), **form.cleaned_data)
        except PlanRefused as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, f"Отмечено: {counted(done.hours, 'час', 'часа', 'часов')}.")
            return redirect("schools:plan_hours", line.pk)
    noted = list(line.done.kept().select_related("by"))
    context = {
        "line": line,
        "obligation": obligation,
        "form": form,
        "can_note": can_note,
        "noted": noted,
        "held": sum(done.hours for done in noted),
    }
    return render(request, "schools/plan_hours.html", context, status=INVALID if is_sent else 200)


@require_POST
def plan_hours_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back hours noted by mistake."""
    user = person(request)
    joined = [f"line__{name}" for name in _JOINED]
    done = get_object_or_404(DoneHours.objects.visible_to(user).select_related(*joined), pk=pk)
    obligation = done.line.plan.obligation
    if not can_note_hours(user, obligation, today=obligation.organization.region.today()):
        raise PermissionDenied
    take_hours_back(done=done, by=user, at=timezone.now())
    messages.success(request, "Отметка снята.")
    return redirect("schools:plan_hours", done.line_id)
