"""Reading an order in: paste, look at how each row was read, save as a draft. The text travels with the form."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.academic_years import AcademicYear
from accounts.models import Region
from obligations.views.scope import person
from roadmap.actions import EditionPlan, RoadmapRefused, plan_edition, save_draft_once
from roadmap.forms import EditionForm, ImportForm
from roadmap.imports.bodies import same_name_key
from roadmap.imports.drafts import RoadmapDraft
from roadmap.imports.reader import read_roadmap
from roadmap.models import Roadmap
from roadmap.views.access import INVALID, regions_kept
from roadmap.views.rows import rows_of_plan


@require_http_methods(["GET", "POST"])
def import_roadmap(request: HttpRequest) -> HttpResponse:
    """Take a document and show how it was read. Writes nothing."""
    regions = regions_kept(request)
    if request.method != "POST":
        return render(request, "roadmap/import.html", {"form": ImportForm(regions=regions)})
    form = ImportForm(request.POST, request.FILES, regions=regions)
    if form.is_valid():
        text, region = form.cleaned_data["text"], form.region_chosen
        draft = read_roadmap(text)
        if draft.items:
            return _show(request, regions, draft, region, text)
        form.refuse_reading(draft.problems)
    return render(request, "roadmap/import.html", {"form": form}, status=INVALID)


@require_POST
def save_import(request: HttpRequest) -> HttpResponse:
    """Save the document that was looked at as a draft edition, or show it again if something is missing."""
    regions = regions_kept(request)
    form = EditionForm(request.POST, regions=regions, today=regions[0].today())
    complete = form.is_valid()
    draft = read_roadmap(form.cleaned_data.get("text", ""))
    if not draft.items:
        messages.error(request, "Текст не дошёл целиком. Вставьте его ещё раз.")
        return redirect("roadmap:import")
    region = form.region_chosen
    if not complete or form.year_has_changed:
        return _show_again(request, form, draft, region)
    try:
        roadmap, created = _save(request, form, draft)
    except RoadmapRefused as refusal:
        form.add_error(None, str(refusal))
        return _show_again(request, form, draft, region)
    if created:
        messages.success(request, "Проект сохранён. Проверьте отмеченное и утвердите его.")
    else:
        messages.info(request, "Этот текст уже сохранён: ниже та редакция, в которую он вошёл.")
    return redirect(roadmap)


def _save(request: HttpRequest, form: EditionForm, draft: RoadmapDraft) -> tuple[Roadmap, bool]:
    """Save what the form carries; raises RoadmapRefused."""
    return save_draft_once(
        region=form.region_chosen,
        draft=draft,
        academic_year=form.cleaned_data["academic_year"],
        order_number=form.cleaned_data["order_number"],
        order_date=form.cleaned_data["order_date"],
        source_text=form.cleaned_data["text"],
        by=person(request),
        now=timezone.now(),
    )


def _show(request: HttpRequest, regions: list[Region], draft: RoadmapDraft, region: Region, text: str) -> HttpResponse:
    """Show a document for the first time, with what its own lines suggest."""
    today = region.today()
    year = draft.academic_year or _year_of_order(draft.order_date or today)
    form = EditionForm(
        initial={
            "order_number": draft.order_number,
            "order_date": draft.order_date,
            "academic_year": year,
            "text": text,
            "shown_year": year,
            "region": region.pk,
        },
        regions=regions,
        today=today,
        suggested=year,
    )
    return _render(
        request, form, plan_edition(region=region, draft=draft, academic_year=year, order_date=draft.order_date)
    )


def _show_again(request: HttpRequest, form: EditionForm, draft: RoadmapDraft, region: Region) -> HttpResponse:
    """Show the document once more: read for another year, or with what has to be filled in."""
    year = form.cleaned_data.get("academic_year") or form.cleaned_data.get("shown_year") or region.today().year
    if form.is_valid() and form.year_has_changed:
        messages.warning(
            request, f"Сроки прочитаны заново, на {AcademicYear(year)} учебный год. Проверьте и сохраните."
        )
    data = request.POST.copy()
    data["shown_year"] = str(year)
    form.data = data
    dated = form.cleaned_data.get("order_date")
    plan = plan_edition(region=region, draft=draft, academic_year=year, order_date=dated)
    return _render(request, form, plan, status=INVALID)


def _render(request: HttpRequest, form: EditionForm, plan: EditionPlan, status: int = 200) -> HttpResponse:
    addresses = {"save_url": reverse("roadmap:import_save"), "again_url": reverse("roadmap:import")}
    return render(request, "roadmap/preview.html", addresses | preview_of(form, plan), status=status)


def preview_of(form: Form, plan: EditionPlan) -> dict[str, Any]:
    """What the preview of a document shows, whoever's it is: the form to save it by, and how each row was read."""
    sections = rows_of_plan(plan)
    return {
        "form": form,
        "plan": plan,
        "sections": sections,
        "doubtful": [row for section in sections for row in section.doubtful],
        "unresolved": sorted(_unresolved(plan)),
    }


def _unresolved(plan: EditionPlan) -> Iterable[str]:
    """The names nobody is known by, inflected forms of one name once."""
    texts = (body.text for item in plan.items for body in item.bodies if not body.is_resolved)
    return {same_name_key(text): text for text in texts}.values()


def _year_of_order(order_date: date) -> int:
    """Guess the academic year of an order that names none: one signed in summer prepares the next."""
    return order_date.year if order_date.month >= 5 else order_date.year - 1
