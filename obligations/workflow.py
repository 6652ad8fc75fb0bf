"""The one door through which an obligation changes its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format

from accounts.models import User
from obligations import rules
from obligations.models import Obligation, ReviewStep
from obligations.querysets import ObligationQuerySet
from obligations.states import TRANSITIONS, WITH_OWNER, Act, ReturnReason, State


class TransitionRefused(Exception):
    """The move is not possible; the message is written for the person who tried it."""


def advance(
    *,
    obligation: Obligation,
    act: Act,
    by: User,
    at: datetime,
    reason: ReturnReason | str = "",
    comment: str = "",
    note: str | None = None,
) -> ReviewStep:
    """Make one move: lock the row, check the table and the rule, set the state, write the step.

    ``note`` replaces the owner's note when they hand in. Raises TransitionRefused, and then nothing
    has changed.
    """
    transition = TRANSITIONS[act]
    comment = comment.strip()
    with transaction.atomic():
        locked = (
            Obligation.objects.select_for_update(of=("self",))
            .select_related("organization__parent", "requirement")
            .get(pk=obligation.pk)
        )
        if locked.state not in transition.sources:
            raise TransitionRefused(_state_refusal(locked, act))
        if not rules.can(by, act, locked):
            raise TransitionRefused("Это действие выполняет другая сторона. Обновите страницу.")
        if transition.needs_reason and reason not in ReturnReason.values:
            raise TransitionRefused("Выберите причину возврата.")
        if transition.needs_comment and not comment:
            raise TransitionRefused("Напишите комментарий: исполнитель должен понять, что делать дальше.")
        source = locked.state
        if note is not None and source in WITH_OWNER:
            locked.note = note.strip()
        if act == Act.SUBMIT and not locked.note and not locked.evidence.kept().exists():
            raise TransitionRefused("Приложите файл или ссылку либо напишите пояснение: сдать пустое поручение нельзя.")
        _stamp(locked, transition.target, at)
        locked.save()
        step = ReviewStep.objects.create(
            obligation=locked,
            act=act,
            from_state=source,
            to_state=locked.state,
            by=by,
            at=at,
            reason=reason if transition.needs_reason else "",
            comment=comment,
            note=locked.note,
        )
    obligation.refresh_from_db()
    return step


def cancel_many(*, obligations: ObligationQuerySet, by: User | None, at: datetime, comment: str) -> int:
    """Cancel every obligation of the queryset that can be cancelled, in two statements; return how many.

    The set-based twin of ``advance`` for reconciling thousands of rows: the same table decides.
    """
    return _move_many(obligations=obligations, act=Act.CANCEL, by=by, at=at, comment=comment)


def restore_many(*, obligations: ObligationQuerySet, by: User | None, at: datetime, comment: str) -> int:
    """Open cancelled obligations again when the organization owes them once more; return how many."""
    return _move_many(obligations=obligations, act=Act.RESTORE, by=by, at=at, comment=comment)


@dataclass(frozen=True)
class PastMove:
    """One move that was already made elsewhere: on paper, in another system, in a demonstration."""

    act: Act
    by: User | None
    at: datetime
    reason: str = ""
    comment: str = ""
    note: str = ""


def replay_many(*, histories: Mapping[int, Sequence[PastMove]]) -> int:
    """Write ready-made histories of untouched obligations, by obligation id; return how many moved.

    Every history is walked through the table of transitions first; ValueError on the first move that
    the table forbids, and then nothing is written.
    """
    steps: list[ReviewStep] = []
    moved: list[Obligation] = []
    with transaction.atomic():
        fresh = Obligation.objects.filter(state=State.OPEN, submitted_at=None)
        for obligation in fresh.iterator(chunk_size=2000):
            history = histories.get(obligation.pk)
            if not history:
                continue
            for move in history:
                steps.append(_replay(obligation, move))
            moved.append(obligation)
        ReviewStep.objects.bulk_create(steps, batch_size=1000)
        Obligation.objects.bulk_create(
            moved,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["state", "note", "first_submitted_at", "submitted_at", "decided_at"],
        )
    return len(moved)


def _replay(obligation: Obligation, move: PastMove) -> ReviewStep:
    """Make one past move on an obligation in memory and return its step."""
    transition = TRANSITIONS[move.act]
    if obligation.state not in transition.sources:
        raise ValueError(f"{move.act} is not possible from {obligation.state}")
    source = obligation.state
    obligation.note = move.note or obligation.note
    _stamp(obligation, transition.target, move.at)
    return ReviewStep(
        obligation_id=obligation.pk,
        act=move.act,
        from_state=source,
        to_state=obligation.state,
        by=move.by,
        at=move.at,
        reason=move.reason,
        comment=move.comment,
        note=obligation.note,
    )


def _move_many(*, obligations: ObligationQuerySet, act: Act, by: User | None, at: datetime, comment: str) -> int:
    """Write a step for each movable row, then set the states; the rows are locked in between."""
    transition = TRANSITIONS[act]
    with transaction.atomic():
        movable = list(
            obligations.filter(state__in=transition.sources)
            .order_by()
            .select_for_update(of=("self",))
            .values_list("pk", "state", "note")
        )
        ReviewStep.objects.bulk_create(
            [
                ReviewStep(
                    obligation_id=pk,
                    act=act,
                    from_state=state,
                    to_state=transition.target,
                    by=by,
                    at=at,
                    comment=comment,
                    note=note,
                )
                for pk, state, note in movable
            ],
            batch_size=1000,
        )
        for start in range(0, len(movable), 500):
            chunk = [pk for pk, _, _ in movable[start : start + 500]]
            Obligation.objects.filter(pk__in=chunk).update(state=transition.target)
    return len(movable)


def _stamp(obligation: Obligation, target: State, at: datetime) -> None:
    """Set the state and the moment that belongs to it."""
    obligation.state = target
    if target in (State.SUBMITTED, State.DECLARED_NIL):
        obligation.submitted_at = at
        obligation.first_submitted_at = obligation.first_submitted_at or at
    elif target in (State.ACCEPTED, State.RETURNED):
        obligation.decided_at = at


def _state_refusal(obligation: Obligation, act: Act) -> str:
    """Say why the state forbids the move."""
    if act in (Act.SUBMIT, Act.DECLARE_NIL) and obligation.submitted_at:
        day = date_format(obligation.organization.region.local(obligation.submitted_at), "j E Y")
        return f"Поручение уже сдано {day} и закрыто для изменений. Внести правки можно после возврата на доработку."
    return f"Сейчас поручение в состоянии «{obligation.state_label}» — действие «{act.label}» к нему не применимо."
