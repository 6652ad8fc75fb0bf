"""What every view of this app begins with: which edition or item, and whether it is the person's to change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Region
from obligations.views.scope import person
from roadmap import rules
from roadmap.aggregates import dates_with_origin
from roadmap.models import Item, Roadmap

INVALID, CONFLICT = 422, 409


def regions_kept(request: HttpRequest) -> list[Region]:
    """Return the regions whose roadmaps the person keeps; 403 when there are none."""
    regions = rules.managed_regions(person(request))
    if not regions:
        raise PermissionDenied
    return regions


def get_roadmap(request: HttpRequest, pk: int, *, to_manage: bool = False) -> Roadmap:
    """Fetch an edition in the person's sight or answer 404; 403 when it is not theirs ``to_manage``."""
    editions = (
        Roadmap.objects.visible_to(person(request))
        .select_related(
            "region", "approved_by", "withdrawn_by", "created_by", "owner__parent", "parent__owner", "carried_from"
        )
        .defer("source_text")
    )
    roadmap = get_object_or_404(editions, pk=pk)
    if to_manage and not rules.keeps(person(request), roadmap):
        raise PermissionDenied
    return roadmap


def get_item(request: HttpRequest, pk: int, *, to_manage: bool = False) -> Item:
    """Fetch an item in the person's sight or answer 404; 403 when its edition is not theirs ``to_manage``."""
    items = Item.objects.visible_to(person(request)).select_related(
        "section__roadmap__region",
        "section__roadmap__owner__parent",
        "section__roadmap__parent__owner",
        "inherited_from__section__roadmap__owner",
    )
    item = get_object_or_404(items.prefetch_related(dates_with_origin(), "bodies__organization"), pk=pk)
    if to_manage and not rules.keeps(person(request), item.section.roadmap):
        raise PermissionDenied
    return item


def how_to_change(roadmap: Roadmap) -> str:
    """Tell how to change what was approved, in the words of the button on its page."""
    button = "Новая редакция" if roadmap.is_own else "Новый проект на\u00a0её основе"
    return f"Чтобы изменить, создайте новую редакцию: кнопка «{button}»."


def closed(request: HttpRequest, roadmap: Roadmap) -> HttpResponse:
    """Send the person to an edition that is no draft any more."""
    messages.error(request, f"Редакция уже утверждена и закрыта для правки. {how_to_change(roadmap)}")
    return redirect(roadmap)


def seen_elsewhere(roadmap: Roadmap) -> HttpResponse | None:
    """Send the person on from a view of what is owed when the edition is a draft: it asks nothing yet."""
    return redirect("roadmap:draft", pk=roadmap.pk) if roadmap.is_draft else None
