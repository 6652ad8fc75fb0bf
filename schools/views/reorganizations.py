"""Reorganizing schools: what is ordered, what it will do, what it did."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import russian
from accounts.models import Organization, User
from schools import rules
from schools.actions import reorganizations as actions
from schools.actions.reorganizations import CLOSING, ReorganizationRefused
from schools.forms.reorganizations import ReorganizationForm
from schools.models import Reorganization, ReorganizationKind
from schools.querysets import schools

PAGE_SIZE = 30
EXPLAINED = {
    ReorganizationKind.RENAME: "Меняется наименование. Отчёты прошлых лет сохранят прежнее.",
    ReorganizationKind.MERGER: "Несколько школ закрываются, вместо них открывается одна новая.",
    ReorganizationKind.ACCESSION: "Эта школа закрывается и входит в другую, которая продолжает работать.",
    ReorganizationKind.SPLIT: "Эта школа закрывается, вместо неё открываются две или больше новых.",
    ReorganizationKind.SPIN_OFF: "Эта школа продолжает работать, рядом открывается новая.",
    ReorganizationKind.CLOSURE: "Школа закрывается без преемника.",
}


@require_http_methods(["GET", "POST"])
def reorganize(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is ordered, show what it will do, and write it down."""
    user = cast("User", request.user)
    school = get_object_or_404(schools().visible_to(user).select_related("parent", "region"), pk=pk)
    if not rules.keeps_registry(user, school):
        raise PermissionDenied
    kind = request.GET.get("kind", "")
    if not school.is_active or kind not in ReorganizationKind:
        kinds = [(one, EXPLAINED[one]) for one in ReorganizationKind]
        return render(request, "schools/reorganize_kind.html", {"school": school, "kinds": kinds})
    form = ReorganizationForm(
        request.POST if request.method == "POST" else None,
        school=school,
        kind=ReorganizationKind(kind),
        user=user,
        today=school.region.today(),
    )
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        return _weigh(request, school, form)
    status = 422 if request.method == "POST" and "again" not in request.POST else 200
    return render(
        request, "schools/reorganize.html", {"school": school, "form": form, "kind": form.kind}, status=status
    )


def _weigh(request: HttpRequest, school: Organization, form: ReorganizationForm) -> HttpResponse:
    """Show what the act will do; done only by the button on that page."""
    draft, user, now = form.draft(), cast("User", request.user), timezone.now()
    try:
        if "confirm" in request.POST:
            planned = actions.plan(draft=draft, region=school.region, by=user, now=now)
            waits = planned.is_planned
            messages.success(request, f"Исполнится {russian.day(draft.on)}" if waits else "Исполнено.")
            return redirect(planned)
        outcome = actions.preview(draft=draft, region=school.region, by=user, now=now)
    except ReorganizationRefused as refusal:
        form.add_error(None, str(refusal))
        context = {"school": school, "form": form, "kind": form.kind}
        return render(request, "schools/reorganize.html", context, status=422)
    context = {
        "school": school,
        "form": form,
        "kind": form.kind,
        "draft": draft,
        "outcome": outcome,
        "closes": form.kind in CLOSING,
        "waits": draft.on > school.region.today(),
        "sent": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
    }
    return render(request, "schools/reorganize_preview.html", context)


@require_safe
def reorganization(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a reorganization: what was ordered, who takes part, what came of it."""
    user = cast("User", request.user)
    one = _reorganization(user, pk)
    parties = list(one.parties.select_related("organization", "parent"))
    seen = set(schools().visible_to(user).filter(reorganization_parts__reorganization=one).values_list("pk", flat=True))
    context = {
        "one": one,
        "parties": [(party, party.organization_id in seen) for party in parties],
        "may_call_off": one.is_planned and one.region_id in rules.kept_region_ids(user),
    }
    return render(request, "schools/reorganization.html", context)


@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a planned reorganization up."""
    user = cast("User", request.user)
    one = _reorganization(user, pk)
    if one.region_id not in rules.kept_region_ids(user):
        raise PermissionDenied
    if actions.call_off(reorganization=one, by=user, now=timezone.now()):
        messages.success(request, "Отменено: в указанный день ничего не произойдёт.")
    else:
        messages.error(request, "Отменить уже нельзя: реорганизация исполнена или отменена.")
    return redirect(one)


@require_safe
def reorganization_list(request: HttpRequest) -> HttpResponse:
    """List the reorganizations of the schools in the person's sight, planned ones first by their day."""
    found = Reorganization.objects.visible_to(cast("User", request.user)).prefetch_related("parties")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "schools/reorganizations.html", {"page": page})


def _reorganization(user: User, pk: int) -> Reorganization:
    """The reorganization, where the person may know of it."""
    return get_object_or_404(
        Reorganization.objects.visible_to(user).select_related("region", "by", "called_off_by"), pk=pk
    )
