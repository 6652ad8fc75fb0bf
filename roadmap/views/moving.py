"""Dates of a draft that came from another year: move them, look at each on one page, correct before approving."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.russian import counted
from accounts.working_days import is_calendar_final, is_working_day
from obligations.views.scope import person
from roadmap.actions import RoadmapRefused, correct_dates, shift_dates
from roadmap.edition_forms import CarriedDatesForm
from roadmap.models import Occurrence, Roadmap
from roadmap.views.access import INVALID, closed, get_roadmap


@dataclass(frozen=True)
class DateRow:
    """One date: where it comes from, and the fields to correct it in."""

    occurrence: Occurrence
    start: BoundField | None
    due: BoundField
    is_day_off: bool

    @property
    def errors(self) -> list[str]:
        """What is wrong with what was typed."""
        return [*(self.start.errors if self.start else []), *self.due.errors]


@require_http_methods(["GET", "POST"])
def moved_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the dates with last year's beside them; asked to, write what was corrected, all or nothing."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    occurrences = _carried(roadmap)
    form = CarriedDatesForm(request.POST or None, occurrences=occurrences, year=roadmap.year)
    if request.method == "POST" and form.is_valid():
        try:
            changed = correct_dates(roadmap=roadmap, dates=form.dates(), by=person(request))
        except RoadmapRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            orders = counted(changed, "срок", "срока", "сроков")
            messages.success(request, f"Исправлено: {orders}." if changed else "Сроки оставлены как есть.")
            return redirect("roadmap:draft", pk=roadmap.pk)
    context = {
        "roadmap": roadmap,
        "form": form,
        "rows": _rows(form, occurrences),
        "is_calendar_final": all(is_calendar_final(roadmap.academic_year + ahead) for ahead in (0, 1)),
    }
    return render(request, "roadmap/moved_dates.html", context, status=INVALID if form.is_bound else 200)


@require_POST
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the dates that speak of another year into the draft's, and lead to all that were moved."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_draft:
        return closed(request, roadmap)
    try:
        moved = shift_dates(roadmap=roadmap, by=person(request))
    except RoadmapRefused as refusal:
        messages.info(request, str(refusal))
        return redirect("roadmap:draft", pk=roadmap.pk)
    said = counted(moved, "срок", "срока", "сроков")
    messages.success(request, f"Сдвинуто на {roadmap.year} учебный год: {said}. Проверьте каждый.")
    return redirect("roadmap:moved_dates", pk=roadmap.pk)


def _carried(roadmap: Roadmap) -> list[Occurrence]:
    """The dates that came from another year, in the order of their items."""
    dates = Occurrence.objects.filter(item__section__roadmap=roadmap).exclude(moved_why="")
    return list(
        dates.select_related("item__section").order_by("item__section__position", "item__position", "due_on", "pk")
    )


def _rows(form: CarriedDatesForm, occurrences: list[Occurrence]) -> list[DateRow]:
    return [
        DateRow(
            one,
            form[f"start_{one.pk}"] if one.start_on else None,
            form[f"due_{one.pk}"],
            is_day_off=not is_working_day(_typed(form, one)),
        )
        for one in occurrences
    ]


def _typed(form: CarriedDatesForm, one: Occurrence) -> date:
    """The day that stands in the field, as far as it can be read."""
    typed = form.cleaned_data.get(f"due_{one.pk}") if form.is_bound else None
    return typed if isinstance(typed, date) else one.due_on
