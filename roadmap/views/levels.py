"""Roadmaps of municipalities and schools: see one beside the edition above, bring it up."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from obligations.aggregates import Tally
from obligations.models import Obligation
from obligations.views.scope import person
from roadmap import rules
from roadmap.actions import RoadmapRefused, edition_above, renew
from roadmap.models import Item, Occurrence, Roadmap
from roadmap.own_progress import own_progress
from roadmap.views.access import get_roadmap
from roadmap.views.deriving import Derivation


@dataclass(frozen=True)
class OwnItem:
    """An item of an own roadmap: where it comes from and how far those in scope have come."""

    item: Item
    progress: Tally

    @property
    def occurrences(self) -> list[Occurrence]:
        """Its dates."""
        return list(self.item.occurrences.all())

    @property
    def is_stricter(self) -> bool:
        """Some date is earlier than above."""
        return any(occurrence.is_stricter for occurrence in self.occurrences)


@require_http_methods(["GET", "POST"])
def bring_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what changed above since an own roadmap was approved; asked to, prepare its next edition."""
    roadmap = get_roadmap(request, pk, to_manage=True)
    if not roadmap.is_own or roadmap.is_draft:
        raise PermissionDenied
    above = edition_above(roadmap)
    if request.method == "POST":
        try:
            draft = renew(
                roadmap=roadmap,
                academic_year=roadmap.academic_year,
                order_number=roadmap.order_number,
                order_date=roadmap.order_date,
                by=person(request),
                now=timezone.now(),
            )
        except RoadmapRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(roadmap)
        messages.success(request, "Проект новой редакции подготовлен: ваши сроки и мероприятия на месте.")
        return redirect("roadmap:draft", pk=draft.pk)
    return render(request, "roadmap/bring_up.html", {"roadmap": roadmap, "above": above})


def own_detail(request: HttpRequest, roadmap: Roadmap) -> HttpResponse:
    """Show a municipality's or a school's roadmap in force: what it inherits, makes stricter and adds."""
    user, today = person(request), roadmap.region.today()
    above = edition_above(roadmap)
    is_behind = roadmap.is_in_force and above is not None and above.pk != roadmap.parent_id
    sections = _sections(roadmap, request, today)
    context = {
        "roadmap": roadmap,
        "above": above,
        "is_behind": is_behind,
        "sections": sections,
        "own_rows": [row for _, rows in sections for row in rows if row.is_stricter or not row.item.is_inherited],
        "keeps": rules.keeps(user, roadmap),
        "derivation": Derivation.of(user, roadmap),
        "successor": _successor(roadmap),
        "today": today,
    }
    return render(request, "roadmap/own.html", context)


def _sections(roadmap: Roadmap, request: HttpRequest, today: date) -> list[tuple[object, list[OwnItem]]]:
    items = (
        Item.objects.filter(section__roadmap=roadmap)
        .select_related("section")
        .prefetch_related("bodies__organization", "occurrences__inherited_from__inherited_from")
    )
    visible = Obligation.objects.visible_to(person(request))
    progress = own_progress(visible, roadmap=roadmap, items=list(items), today=today)
    sections: dict[int, tuple[object, list[OwnItem]]] = {}
    for item in items:
        rows = sections.setdefault(item.section_id, (item.section, []))[1]
        rows.append(OwnItem(item, progress.get(item.pk, Tally())))
    return list(sections.values())


def _successor(roadmap: Roadmap) -> Roadmap | None:
    """The edition in force that replaced this one."""
    if roadmap.is_in_force:
        return None
    return Roadmap.objects.approved().siblings_of(roadmap).select_related("owner").first()
