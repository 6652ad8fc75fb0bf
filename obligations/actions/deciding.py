"""What the reviewer decides: a return with its remarks, and acceptance of many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from obligations import workflow
from obligations.closing import FormPart
from obligations.models import Obligation, Remark, RemarkField, ReviewStep
from obligations.querysets import ObligationQuerySet
from obligations.states import Act, ReturnReason
from obligations.workflow import TransitionRefused

_LONGEST_LABEL = 300
NOT_CLEAN = "Откройте и посмотрите: одной галочкой такие не принимают."


@dataclass(frozen=True)
class NewRemark:
    """A remark about to be made: to the note, to a piece of evidence by its id, to a part of the form, to the whole."""

    field: RemarkField
    text: str
    evidence_id: int | None = None
    part: FormPart | None = None


@dataclass
class BulkDecision:
    """What came of deciding many at once: decided ones, and the others with the reason of each."""

    accepted: list[Obligation] = field(default_factory=list)
    refused: list[tuple[Obligation, str]] = field(default_factory=list)


def send_back(
    *,
    obligation: Obligation,
    reason: ReturnReason | str,
    comment: str,
    remarks: Sequence[NewRemark] = (),
    by: User,
    at: datetime,
    seen: int | None = None,
) -> ReviewStep:
    """Return a submission; the comment is the remark to the whole, the others stand at their places.

    Raises what ``workflow.advance`` raises; then nothing has changed.
    """
    with transaction.atomic():
        step = workflow.advance(
            obligation=obligation, act=Act.RETURN, by=by, at=at, reason=reason, comment=comment, seen=seen
        )
        kept = set(obligation.evidence.kept().values_list("pk", flat=True))
        made = [NewRemark(RemarkField.WHOLE, step.comment), *remarks]
        Remark.objects.bulk_create(
            Remark(
                obligation=obligation,
                step=step,
                field=remark.field,
                evidence_id=remark.evidence_id,
                part=remark.part.key if remark.part else "",
                part_label=remark.part.label[:_LONGEST_LABEL] if remark.part else "",
                text=remark.text.strip(),
            )
            for remark in made
            if remark.text.strip() and (remark.evidence_id is None or remark.evidence_id in kept)
        )
    return step


def accept_many(
    *, obligations: ObligationQuerySet, seen: dict[int, int], time_zone: str, by: User, at: datetime
) -> BulkDecision:
    """Accept every obligation of the queryset that is still as it was seen and clean; name the others.

    ``seen`` gives for each id the step the reviewer had before their eyes. Each row is its own
    transaction: one that has moved meanwhile stops nobody else's.
    """
    decision = BulkDecision()
    chosen = obligations.filter(pk__in=seen)
    clean = set(chosen.clean(time_zone=time_zone).values_list("pk", flat=True))
    for obligation in chosen.for_page().order_by("submitted_at", "pk"):
        if obligation.is_at_reviewer and obligation.pk not in clean:
            decision.refused.append((obligation, NOT_CLEAN))
            continue
        try:
            workflow.advance(obligation=obligation, act=Act.ACCEPT, by=by, at=at, seen=seen[obligation.pk])
        except TransitionRefused as refusal:
            decision.refused.append((obligation, str(refusal)))
        else:
            decision.accepted.append(obligation)
    return decision
