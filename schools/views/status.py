"""Closing a school and opening it again."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.russian import counted
from schools import actions, rules
from schools.actions import SchoolUnchanged
from schools.forms import StatusForm
from schools.querysets import schools

_OBLIGATIONS = ("поручение", "поручения", "поручений")


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask from which day and why, and close the school or open it again, whichever it is not."""
    user = cast("User", request.user)
    school = get_object_or_404(schools().visible_to(user).select_related("parent", "region"), pk=pk)
    if not rules.may_change_status(user, school):
        raise PermissionDenied
    today, is_sent = school.region.today(), request.method == "POST"
    # The page says what it would do: a second press after somebody else's must not undo theirs.
    closes = request.POST.get("act") == "close" if is_sent else school.is_active
    form = StatusForm(request.POST if is_sent else None, today=today, initial={"on": today})
    if not (is_sent and form.is_valid()):
        context = {"school": school, "form": form, "closes": closes}
        return render(request, "schools/status.html", context, status=422 if is_sent else 200)
    act = actions.close_school if closes else actions.reopen_school
    try:
        change = act(school=school, by=user, now=timezone.now(), **form.cleaned_data)
    except SchoolUnchanged as refusal:
        messages.error(request, str(refusal))
    else:
        done = f"снято: {counted(change.obligations_cancelled, *_OBLIGATIONS)}"
        if not closes:
            done = f"поручено: {counted(change.obligations_added, *_OBLIGATIONS)}"
        messages.success(request, f"Школа {'закрыта' if closes else 'снова открыта'}, {done}.")
    return redirect("schools:detail", school.pk)
