"""Withdrawing an edition in force after looking at what that will mean."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.russian import counted
from obligations.views.scope import person
from roadmap import rules
from roadmap.actions import RoadmapRefused, preview_withdrawal, withdraw
from roadmap.edition_forms import WithdrawalForm
from roadmap.views.access import INVALID, get_roadmap


@require_http_methods(["GET", "POST"])
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what withdrawing cancels and keeps; asked to, with a reason, withdraw."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not rules.can_withdraw(person(request), roadmap):
        raise PermissionDenied
    preview = preview_withdrawal(roadmap=roadmap)
    form = WithdrawalForm(request.POST or None, derived=len(preview.derived))
    if request.method == "POST" and form.is_valid():
        try:
            cancelled = withdraw(roadmap=roadmap, by=person(request), now=timezone.now(), **form.cleaned_data)
        except RoadmapRefused as refusal:
            messages.error(request, str(refusal))
        else:
            orders = counted(cancelled, "поручение", "поручения", "поручений")
            messages.success(request, f"Дорожная карта отозвана. Снято: {orders}.")
        return redirect(roadmap)
    context = {"roadmap": roadmap, "preview": preview, "form": form}
    return render(request, "roadmap/withdraw.html", context, status=INVALID if form.is_bound else 200)
