"""Which edition a municipality's or a school's roadmap derives from now."""

from accounts.models import Organization
from roadmap.models import Roadmap, RoadmapState


def edition_above(roadmap: Roadmap) -> Roadmap | None:
    """Return the edition in force that an own roadmap should derive from now; None for the region's own, or if gone.

    A school follows its municipality's roadmap where there is one, and the region's where there is none.
    """
    if roadmap.owner is None or roadmap.parent is None:
        return None
    source = roadmap.parent.parent or roadmap.parent
    return above_for(roadmap.owner, order_number=source.order_number, academic_year=roadmap.academic_year)


def above_for(owner: Organization, *, order_number: str, academic_year: int) -> Roadmap | None:
    """Return the edition in force that a roadmap of ``owner`` derives from, for a regional order and a year."""
    of_year = Roadmap.objects.regional().filter(region=owner.region_id, academic_year=academic_year)
    regional = of_year.approved().filter(order_number=order_number).first()
    if regional is None:
        # Another order may have taken its place: who derived from the old one follows the new one.
        regional = of_year.approved().filter(replaces__order_number=order_number).first()
        order_number = regional.order_number if regional else order_number
    if regional is None or owner.parent_id is None:
        return regional
    of_parent = (
        Roadmap.objects.approved()
        .filter(owner=owner.parent_id, academic_year=academic_year)
        .filter(parent__order_number=order_number)
    )
    return of_parent.order_by("-approved_at").first() or regional


def own_roadmaps(owner: Organization, *, order_number: str, academic_year: int) -> list[Roadmap]:
    """Return the drafts and the edition in force that ``owner`` has derived from a regional order in a year."""
    editions = Roadmap.objects.filter(owner=owner, academic_year=academic_year).exclude(
        state__in=(RoadmapState.SUPERSEDED, RoadmapState.WITHDRAWN)
    )
    return [
        roadmap
        for roadmap in editions.select_related("parent__parent__replaced_by", "parent__replaced_by")
        if roadmap.parent and order_number in _orders_followed(roadmap.parent.parent or roadmap.parent)
    ]


def _orders_followed(source: Roadmap) -> set[str]:
    """The order that a regional edition belongs to, and the one that has taken its place."""
    return {source.order_number, source.replaced_by.order_number if source.replaced_by else source.order_number}
