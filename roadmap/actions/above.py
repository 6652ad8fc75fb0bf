"""Which edition a municipality's or a school's roadmap derives from now."""

from accounts.models import Organization
from roadmap.models import Roadmap


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
    regional = (
        Roadmap.objects.regional()
        .approved()
        .filter(region=owner.region_id, order_number=order_number, academic_year=academic_year)
        .first()
    )
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
    editions = Roadmap.objects.filter(owner=owner, academic_year=academic_year).exclude(state="superseded")
    return [
        roadmap
        for roadmap in editions.select_related("parent__parent")
        if roadmap.parent and (roadmap.parent.parent or roadmap.parent).order_number == order_number
    ]
