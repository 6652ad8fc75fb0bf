"""Norms of hours: read by everybody, set by the ministry, year by year."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.academic_years import AcademicYear
from obligations.views.page import CONFLICT, INVALID
from obligations.views.scope import person
from schools.actions.norms import NormsChanged, set_norms
from schools.forms.norms import NormsForm
from schools.models import NormSet
from schools.planning.norms import DirectionNorm, LevelNorms
from schools.querysets import level_norms
from schools.rules import may_set_norms, year_asked, years_to_show
from schools.views.plan_progress import region_of


@require_GET
def norms(request: HttpRequest) -> HttpResponse:
    """Show the norms of a year and how they came about."""
    region = region_of(request)
    year = year_asked(request.GET.get("year"), today=region.today())
    in_force = NormSet.objects.for_region(region, year.start_year).select_related("by").first()
    sets = (
        NormSet.objects.visible_to(person(request)).for_region(region, year.start_year).select_related("by", "region")
    )
    context = {
        "region": region,
        "year": year,
        "years": years_to_show(region.today()),
        "in_force": in_force,
        "is_carried": in_force is not None and in_force.academic_year != year.start_year,
        "levels": level_norms(region, year.start_year),
        "rows": _rows(level_norms(region, year.start_year)),
        "history": sets[:20],
        "may_set": may_set_norms(person(request), region),
    }
    return render(request, "schools/norms.html", context)


@require_http_methods(["GET", "POST"])
def norms_edit(request: HttpRequest, year: int) -> HttpResponse:
    """Set the norms of a year; they begin as those in force, which are last year's where nobody set any."""
    region = region_of(request)
    if not may_set_norms(person(request), region):
        raise PermissionDenied
    if AcademicYear(year) not in years_to_show(region.today()):
        raise Http404
    in_force = NormSet.objects.for_region(region, year).first()
    initial = {"basis": in_force.basis if in_force else "", "version": str(in_force.pk) if in_force else ""}
    is_sent = request.method == "POST"
    form = NormsForm(request.POST if is_sent else None, norms=level_norms(region, year), initial=initial)
    refusal = ""
    if is_sent and form.is_valid():
        try:
            set_norms(
                region=region,
                academic_year=year,
                basis=form.cleaned_data["basis"],
                totals=form.totals(),
                asked=form.asked(),
                seen=_number(form.cleaned_data["version"]),
                by=person(request),
                at=timezone.now(),
            )
        except NormsChanged as changed:
            refusal = str(changed)
        else:
            messages.success(request, f"Нормы на {AcademicYear(year)} учебный год сохранены.")
            return redirect(f"{reverse('schools:norms')}?year={year}")
    context = {"form": form, "year": AcademicYear(year), "in_force": in_force, "refusal": refusal, "region": region}
    status = CONFLICT if refusal else INVALID if is_sent else 200
    return render(request, "schools/norms_edit.html", context, status=status)


@dataclass(frozen=True)
class NormRow:
    """A direction of the table with what each level asks of it."""

    title: str
    #: The title of each level and what it asks.
    cells: tuple[tuple[str, str], ...]


def _rows(levels: dict[str, LevelNorms]) -> list[NormRow]:
    """Lay the norms out: directions down, levels across."""
    some = next(iter(levels.values()), None)
    rows = []
    for place, direction in enumerate(some.directions if some else ()):
        told = tuple((level.title, _asked(level.directions[place])) for level in levels.values())
        rows.append(NormRow(direction.title, told))
    return rows


def _asked(norm: DirectionNorm) -> str:
    if norm.is_required:
        return "обязательно"
    return str(norm.hours) if norm.hours else "—"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
