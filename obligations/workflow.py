"""The one door through which an obligation changes its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import russian
from accounts.models import User
from obligations import rules
from obligations.models import Obligation, ReviewStep
from obligations.querysets import ObligationQuerySet
from obligations.states import AT_REVIEWER, TRANSITIONS, WITH_OWNER, Act, ReturnReason, State


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
    seen: int | None = None,
) -> ReviewStep:
    """Make one move: lock the row, check the table and the rule, set the state, write the step.

    ``note`` replaces the owner's note when they hand in. ``seen`` is the step the person had before
    their eyes (see ``last_step_id``); None asks nothing. Raises TransitionRefused, and then nothing
    has changed.
    """
    transition = TRANSITIONS[act]
    comment = comment.strip()
    with transaction.atomic():
        locked = lock(obligation=obligation, act=act, seen=seen)
        if not rules.can(by, act, locked):
            raise TransitionRefused("Это действие выполняет другая сторона. Обновите страницу.")
        if transition.needs_reason and reason not in ReturnReason.values:
            raise TransitionRefused("Выберите причину возврата.")
        if transition.needs_comment and not comment:
            raise TransitionRefused("Напишите комментарий: без него решение не будет понятно другой стороне.")
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


def lock(*, obligation: Obligation, act: Act, seen: int | None = None) -> Obligation:
    """Lock the row until the transaction ends and return it as it is now.

    Raises TransitionRefused when its state forbids ``act``, or when others have moved it since the
    step that the person has ``seen``: nobody decides on a page that has grown old.
    """
    locked = (
        Obligation.objects.select_for_update(of=("self",))
        .select_related("organization__parent", "organization__region", "requirement")
        .get(pk=obligation.pk)
    )
    if locked.state not in TRANSITIONS[act].sources:
        raise TransitionRefused(refusal_of(locked, act))
    if seen is not None and seen != last_step_id(locked):
        raise TransitionRefused(_stale_refusal(locked))
    return locked


def last_step_id(obligation: Obligation) -> int:
    """Return the id of the latest step, 0 before the first: the version that a page was drawn from."""
    return obligation.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def cancel_many(*, obligations: ObligationQuerySet, by: User | None, at: datetime, comment: str) -> int:
    """Cancel what organizations no longer owe, in a few statements; return how many.

    The set-based twin of ``advance`` for reconciling thousands of rows: the same table decides.
    """
    return _move_many(obligations=obligations, act=Act.LEAVE, by=by, at=at, comment=comment)


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
            steps.extend(_replay(obligation, move) for move in history)
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


def _move_many(*, obligations: ObligationQuerySet, act: Act, by: User | None, at: datetime, comment: str) -> int:
    """Write a step for each movable row, then set the states; the rows are locked in between."""
    transition = TRANSITIONS[act]
    with transaction.atomic():
        # Locked in one order, so that two runs at once wait for each other instead of deadlocking.
        movable = list(
            obligations.filter(state__in=transition.sources)
            .order_by("pk")
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


def _stamp(obligation: Obligation, target: State, at: datetime) -> None:
    """Set the state and the moment that belongs to it."""
    obligation.state = target
    if target in AT_REVIEWER:
        obligation.submitted_at = at
        obligation.first_submitted_at = obligation.first_submitted_at or at
    elif target in (State.ACCEPTED, State.RETURNED):
        obligation.decided_at = at


def refusal_of(obligation: Obligation, act: Act) -> str:
    """Say, to the person who wants to make it, why the state forbids the move."""
    by_owner = act in (Act.SUBMIT, Act.DECLARE_NIL)
    if by_owner and obligation.state in AT_REVIEWER and obligation.submitted_at:
        day = _day(obligation, obligation.submitted_at)
        return f"Поручение уже сдано {day} и закрыто для изменений. Внести правки можно после возврата на доработку."
    if by_owner and obligation.state == State.ACCEPTED and obligation.decided_at:
        day = _day(obligation, obligation.decided_at)
        return f"Поручение принято {day} и закрыто для изменений."
    return f"Поручение уже в состоянии «{obligation.state_label}»: действие «{act.label}» к нему не применимо."


def _stale_refusal(obligation: Obligation) -> str:
    """Say what has happened since the page was opened."""
    step = obligation.steps.order_by("-pk").first()
    happened = f": «{step.done_label}», {_day(obligation, step.at)}" if step else ""
    return f"Пока страница была открыта, поручение изменилось{happened}. Прочитайте, что нового, и повторите действие."


def _day(obligation: Obligation, moment: datetime) -> str:
    """Write a moment as a day in the region of the obligation: «16 октября 2023 г.»."""
    return russian.day(obligation.organization.region.local(moment).date())
