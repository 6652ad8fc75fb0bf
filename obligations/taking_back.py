"""Obligations that came of a mistake: who has worked on them since, and their removal where nobody has.

What a person or a reviewer has touched is history and stays; a duty that was given by a slip of a list and
never looked at leaves no trace.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from accounts.models import User
from obligations.models import Notice, Obligation, ReviewStep
from obligations.querysets import ObligationQuerySet
from obligations.states import Act, State
from obligations.workflow import restore_many

# Steps that the portal makes by itself; a date moved for everybody is no work either.
_OF_ITSELF = (Act.JOIN, Act.LEAVE, Act.RESTORE, Act.MOVE_DUE)


def references(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Every model that points to rows of ``model`` and by which field, those without a way back included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            related: Any = relation
            yield related.related_model, related.field.name


def worked_on(obligations: ObligationQuerySet) -> set[int]:
    """Ids of those among them that somebody has written on, attached to, handed in, asked about or decided.

    One query of each table that points to obligations: most of them find nothing, at once.
    """
    untouched = Q(state__in=[State.OPEN, State.CANCELLED], note="", submitted_at=None)
    found = set(obligations.exclude(untouched).values_list("pk", flat=True))
    chosen = obligations.order_by().values("pk")
    for model, name in references(Obligation):
        if model is not Notice:
            rows = model._default_manager.filter(**{f"{name}__in": chosen}).order_by()
            if model is ReviewStep:
                rows = rows.exclude(act__in=_OF_ITSELF)
            found.update(rows.values_list(name, flat=True))
    return found


def decided_since(*, organizations: Collection[int], moved_at: datetime, also: Collection[int] = ()) -> int:
    """How many obligations of the organizations that were moved at that moment somebody has worked on since.

    Of those named by ``also`` every obligation counts: whoever reviews them now may not do so afterwards.
    """
    moved = ReviewStep.objects.filter(obligation=OuterRef("pk"), at=moved_at)
    since = ReviewStep.objects.filter(obligation=OuterRef("pk"), at__gt=moved_at).exclude(act__in=_OF_ITSELF)
    chosen = Q(Exists(moved), organization__in=organizations) | Q(organization__in=also)
    return Obligation.objects.filter(chosen, Exists(since)).exclude(created_at=moved_at).count()


def remove_untouched(obligations: ObligationQuerySet) -> int:
    """Delete obligations nobody has worked on (ask ``worked_on`` first), with their steps and notices; return how many.

    ``obligations`` is chosen by columns of their own, so that it stays the same while their steps go.
    """
    chosen = Obligation.objects.filter(pk__in=obligations.order_by().values("pk"))
    for notices in (
        Notice.objects.filter(step__in=ReviewStep.objects.filter(obligation__in=chosen).values("pk")),
        Notice.objects.filter(obligation__in=chosen.values("pk")),
    ):
        notices.order_by().delete()
    steps = ReviewStep.objects.filter(obligation__in=chosen.values("pk")).order_by()
    # Hundreds of thousands of rows of which nothing hangs any more: one statement each, no object made of any.
    steps._raw_delete(steps.db)  # noqa: SLF001
    return chosen._raw_delete(chosen.db)  # noqa: SLF001


def given_back(
    *, organizations: Collection[int], left_at: datetime, by: User | None, at: datetime, comment: str
) -> int:
    """Open again what the registry took away from the organizations at that moment; return how many."""
    latest = ReviewStep.objects.filter(obligation=OuterRef("obligation"), pk__gt=OuterRef("pk"))
    taken = ReviewStep.objects.filter(
        ~Exists(latest), act=Act.LEAVE, at=left_at, obligation__organization__in=organizations
    )
    return restore_many(
        obligations=Obligation.objects.filter(state=State.CANCELLED, pk__in=taken.order_by().values("obligation")),
        by=by,
        at=at,
        comment=comment,
    )
