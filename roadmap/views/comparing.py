"""Comparing two editions: choose them, see what the later says otherwise. The address holds both."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from obligations.views.scope import person
from roadmap.actions import edition_words
from roadmap.comparison import Comparison, ItemChange, Kind, SectionChange, compare
from roadmap.comparison.labels import FIELD_LABELS, KIND_LABELS, weight
from roadmap.edition_forms import ComparedForm
from roadmap.models import Roadmap
from roadmap.views.access import INVALID, get_roadmap


@dataclass(frozen=True)
class KindChoice:
    """One kind of change with its count, to filter by."""

    kind: Kind | None
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class ChangeRow:
    """An item of the comparison as the page shows it."""

    change: ItemChange
    labels: list[tuple[str, str]]
    fields: list[tuple[str, object]]


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Choose two editions; with both chosen, lead to their comparison."""
    form = _form(request)
    if form.is_bound and form.is_valid():
        return redirect("roadmap:compare", form.cleaned_data["before"].pk, form.cleaned_data["after"].pk)
    status = INVALID if form.is_bound else 200
    return render(request, "roadmap/compare_choose.html", {"form": form}, status=status)


@require_GET
def comparison(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    """Show what the second edition says otherwise than the first."""
    before, after = get_roadmap(request, pk), get_roadmap(request, other_pk)
    if before.region_id != after.region_id:
        raise Http404
    found = compare(edition_words(before), edition_words(after))
    chosen = Kind(request.GET["kind"]) if request.GET.get("kind") in KIND_LABELS else None
    rows = [_row(change) for change in sorted(found.of_kind(chosen), key=weight)]
    sections = [(section, KIND_LABELS[section.kind]) for section in _sections(found, chosen)]
    editorial_rows = [row for row in rows if row.change.kinds == {Kind.EDITORIAL}]
    editorial_sections = [one for one in sections if one[0].kind == Kind.EDITORIAL]
    context = {
        "before": before,
        "after": after,
        "found": found,
        "choices": _choices(found, chosen),
        "chosen": chosen,
        "rows": [row for row in rows if row not in editorial_rows],
        "sections": [one for one in sections if one not in editorial_sections],
        "editorial_rows": editorial_rows,
        "editorial_sections": editorial_sections,
        "editorial": len(editorial_rows) + len(editorial_sections),
        "form": _form(request, before=before, after=after),
    }
    return render(request, "roadmap/compare.html", context)


def _form(request: HttpRequest, before: Roadmap | None = None, after: Roadmap | None = None) -> ComparedForm:
    visible = Roadmap.objects.visible_to(person(request)).select_related("region", "owner").defer("source_text")
    editions = visible.order_by("-academic_year", "order_number", "edition", "pk")
    asked = any(request.GET.get(name) for name in ("before", "after"))
    initial = {"before": before.pk if before else None, "after": after.pk if after else None}
    return ComparedForm(request.GET if asked else None, initial=initial, editions=editions)


def _choices(found: Comparison, chosen: Kind | None) -> list[KindChoice]:
    """Every kind that occurs, with how many items it happened to."""
    every = KindChoice(None, "Все изменения", len(found.items), chosen is None)
    return [
        every,
        *(
            KindChoice(kind, label, found.count(kind), kind == chosen)
            for kind, label in KIND_LABELS.items()
            if found.count(kind) or kind == chosen
        ),
    ]


def _sections(found: Comparison, chosen: Kind | None) -> list[SectionChange]:
    return [section for section in found.sections if chosen is None or section.kind == chosen]


def _row(change: ItemChange) -> ChangeRow:
    return ChangeRow(
        change,
        [(kind.value, label) for kind, label in KIND_LABELS.items() if kind in change.kinds],
        [(FIELD_LABELS[one.name], one) for one in change.fields],
    )
