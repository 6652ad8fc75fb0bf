"""A draft edition: what to look at first, correcting items, mapping bodies once, dropping the draft."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from obligations.views.scope import person
from roadmap.actions import (
    RoadmapRefused,
    correct_header,
    delete_draft,
    foreign_dates,
    name_in_draft,
    reasons_against,
    remember_alias,
)
from roadmap.forms import BodyForm, HeaderForm
from roadmap.imports.bodies import same_name_key
from roadmap.models import Item, Roadmap, Section
from roadmap.views.access import INVALID, closed, get_roadmap
from roadmap.views.rows import rows_of_draft


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft, doubts first."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return redirect(roadmap)
    return _render(request, roadmap)


@require_POST
def map_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember whom a name in the draft stands for, and resolve it wherever it stands."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    form = BodyForm(request.POST, organizations=nameable(roadmap))
    if not form.is_valid():
        return _render(request, roadmap, body_form=form, status=INVALID)
    explain_body(request, roadmap, form)
    return redirect("roadmap:draft", pk=roadmap.pk)


def explain_body(request: HttpRequest, roadmap: Roadmap, form: BodyForm) -> None:
    """Remember whom the name stands for, and tell the person."""
    text = form.cleaned_data["text"]
    target = {"text": text, "organization": form.organization, "group": form.group, "by": person(request)}
    try:
        if roadmap.is_own:
            name_in_draft(roadmap=roadmap, **target)
        else:
            remember_alias(region=roadmap.region, **target)
    except RoadmapRefused as refusal:
        messages.error(request, str(refusal))
    else:
        where = "в этом проекте" if roadmap.is_own else "спрашивать больше не будем"
        messages.success(request, f"Запомнили, кто такие «{text}»: {where}.")


@require_http_methods(["GET", "POST"])
def edit_header(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the order's number and date and the title."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    form = HeaderForm(request.POST or None, initial=_header_of(roadmap))
    if request.method == "POST" and form.is_valid():
        try:
            correct_header(roadmap=roadmap, by=person(request), **form.cleaned_data)
        except RoadmapRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Реквизиты исправлены.")
        return redirect("roadmap:draft", pk=roadmap.pk)
    status = INVALID if form.is_bound else 200
    return render(request, "roadmap/header_form.html", {"form": form, "roadmap": roadmap}, status=status)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then drop the draft."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    if request.method != "POST":
        return render(request, "roadmap/delete.html", {"roadmap": roadmap})
    try:
        delete_draft(roadmap=roadmap, by=person(request))
    except RoadmapRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Проект удалён.")
    return redirect("roadmap:list")


def get_section(roadmap: Roadmap, pk: int) -> Section:
    """Fetch a section of the edition or answer 404."""
    return get_object_or_404(Section.objects.filter(roadmap=roadmap).select_related("roadmap__region"), pk=pk)


def nameable(roadmap: Roadmap) -> list[Organization]:
    """Whom a document may name one by one: in the region, or below the owner of the roadmap."""
    if roadmap.owner is not None:
        return [roadmap.owner]
    return BodyForm.organizations_of(roadmap.region)


def _header_of(roadmap: Roadmap) -> dict[str, object]:
    return {"order_number": roadmap.order_number, "order_date": roadmap.order_date, "title": roadmap.title}


def _render(
    request: HttpRequest, roadmap: Roadmap, *, body_form: BodyForm | None = None, status: int = 200
) -> HttpResponse:
    """Draw the draft; a form that was refused comes back in its place."""
    items = Item.objects.prefetch_related("occurrences", "bodies__organization")
    sections = list(roadmap.sections.prefetch_related(Prefetch("items", items)))
    laid_out = rows_of_draft(sections)
    rows = [row for section in laid_out for row in section.rows]
    saved = [row.item for row in rows if row.item]
    context = {
        "roadmap": roadmap,
        "sections": laid_out,
        "rows": rows,
        "doubtful": [row for row in rows if row.is_doubtful],
        "undated": [row for row in rows if not row.is_dated],
        "reasons": reasons_against(saved, roadmap),
        "foreign": _foreign(roadmap, saved),
        "has_moved": any(one.moved_why for item in saved for one in item.occurrences.all()),
        "dates": sum(len(item.occurrences.all()) for item in saved),
        "levelled": sum(one.levels_decided for item in saved for one in item.occurrences.all()),
        "body_forms": _body_forms(roadmap, saved, body_form),
    }
    return render(request, "roadmap/draft.html", context, status=status)


def _foreign(roadmap: Roadmap, items: list[Item]) -> tuple[AcademicYear, int] | None:
    """The academic year that dates of the draft speak of in place of its own, and how many do."""
    dues = [one.due_on for item in items if not item.is_inherited for one in item.occurrences.all()]
    found = foreign_dates(dues, roadmap.academic_year)
    return (AcademicYear(found.year), found.dates) if found else None


def _body_forms(roadmap: Roadmap, items: list[Item], refused: BodyForm | None) -> list[tuple[str, list[str], BodyForm]]:
    """Make one form for each name that nobody has mapped: the name, the items it stands in, the form."""
    named: dict[str, tuple[str, list[str]]] = {}
    for item in items:
        for body in item.bodies.all():
            if not body.is_resolved:
                # Inflected forms of a name are asked about once.
                named.setdefault(same_name_key(body.text), (body.text, []))[1].append(item.number)
    numbers = dict(named.values())
    if not numbers:
        return []
    organizations = nameable(roadmap)
    forms = []
    for place, (text, standing_in) in enumerate(numbers.items()):
        form = BodyForm(initial={"text": text}, organizations=organizations, auto_id=f"id_body{place}_%s")
        if refused is not None and refused.data.get("text") == text:
            form = BodyForm(refused.data, organizations=organizations, auto_id=f"id_body{place}_%s")
        forms.append((text, standing_in, form))
    return forms
