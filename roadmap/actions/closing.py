"""Saying what closes an item of an edition in force."""

import structlog
from django.db import transaction

from accounts.models import User
from obligations.models import Requirement, RequirementForm
from roadmap.actions.refusal import RoadmapRefused
from roadmap.models import Item, Roadmap

log = structlog.get_logger(__name__)


def set_form(*, item: Item, form: RequirementForm, by: User) -> None:
    """Say what closes an item of the edition in force, and with it every item that inherits it.

    What was handed in or accepted stays as it is. Raises RoadmapRefused when the edition is not in force or the
    item belongs to the edition above.
    """
    with transaction.atomic():
        roadmap = Roadmap.objects.select_for_update(of=("self",)).get(pk=item.section.roadmap_id)
        if not roadmap.is_in_force:
            raise RoadmapRefused("Чем закрывается мероприятие, назначают в действующей редакции.")
        if item.is_inherited:
            raise RoadmapRefused("Это назначает тот, кто установил мероприятие.")
        ids = reached = [item.pk]
        while reached := list(Item.objects.filter(inherited_from__in=reached).values_list("pk", flat=True)):
            ids = [*ids, *reached]
        Item.objects.filter(pk__in=ids).update(form=form)
        Requirement.objects.filter(occurrence__item__in=ids).update(form=form)
    log.info("roadmap item closed by", item=item.pk, form=form, by=by.pk)
