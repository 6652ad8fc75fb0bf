"""«Сроки по уровням» of a draft: proposed below every regional date, accepted at once or changed one by one."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.russian import counted
from obligations.chasing.forms import ReviewTimeForm
from obligations.levels import Level
from obligations.views.scope import person
from roadmap.actions import LevelDates, RoadmapRefused, accept_levels, decide_levels, drop_levels, level_dates
from roadmap.edition_forms import LevelDatesForm
from roadmap.models import Roadmap
from roadmap.views.access import INVALID, closed, get_item, get_roadmap

DATES = ("срока", "сроков", "сроков")


@dataclass(frozen=True)
class DateFields:
    """One date of an item and the fields for the levels that owe it."""

    dates: LevelDates
    fields: list[BoundField]


@require_http_methods(["GET", "POST"])
def of_roadmap(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is proposed and decided for every date; accept all proposals, or take everything back."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    sent = request.POST if request.method == "POST" else request.GET
    reviews = ReviewTimeForm(sent if "municipal_review" in sent else None)
    if request.method == "POST":
        return _settle(request, roadmap, reviews)
    rows = level_dates(roadmap, today=roadmap.region.today(), review=reviews.chosen())
    context = {
        "roadmap": roadmap,
        "reviews": reviews,
        "chosen": reviews.chosen(),
        "rows": rows,
        "levels": list(Level),
        "open": [row for row in rows if not row.is_decided and row.proposed],
        "decided": [row for row in rows if row.is_decided],
        "too_late": [row for row in rows if not row.is_decided and not row.proposed],
    }
    return render(request, "roadmap/level_dates.html", context)


@require_http_methods(["GET", "POST"])
def of_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the dates of the levels that owe an item, the proposed ones filled in."""
    item = get_item(request, pk, to_manage=True)
    roadmap = item.section.roadmap
    if not roadmap.is_draft:
        return closed(request, roadmap)
    today = roadmap.region.today()
    rows = level_dates(roadmap, today=today, item=item)
    form = LevelDatesForm(request.POST or None, rows=rows, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            decide_levels(item=item, dues=form.dues(), by=person(request))
        except RoadmapRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Мероприятие {item.number}: сроки по уровням приняты.")
            return redirect("roadmap:level_dates", pk=roadmap.pk)
    context = {
        "roadmap": roadmap,
        "item": item,
        "form": form,
        "rows": [DateFields(row, [form[form.name(level, row)] for level in row.asked]) for row in rows],
    }
    return render(request, "roadmap/item_levels.html", context, status=INVALID if form.is_bound else 200)


def _settle(request: HttpRequest, roadmap: Roadmap, reviews: ReviewTimeForm) -> HttpResponse:
    """Accept what is proposed, or take back what was decided."""
    user = person(request)
    try:
        if "drop" in request.POST:
            dropped = counted(drop_levels(roadmap=roadmap, by=user), *DATES)
            messages.success(request, f"Решения отменены для {dropped}: предложения рассчитаны заново.")
        else:
            taken = accept_levels(roadmap=roadmap, today=roadmap.region.today(), review=reviews.chosen(), by=user)
            said = f"Сроки по уровням приняты для {counted(taken, *DATES)}."
            messages.success(request, said if taken else "Предложений не осталось: всё уже решено.")
    except RoadmapRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("roadmap:level_dates", pk=roadmap.pk)
