"""Moves of many obligations at once: the set-based twins of ``advance``; the same table decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from obligations import notices
from obligations.models import Extension, ExtensionState, Obligation, ReviewStep
from obligations.querysets import ObligationQuerySet
from obligations.states import TRANSITIONS, Act, State
from obligations.workflow.moves import stamp

_BATCH = 1000
_IDS_AT_ONCE = 500


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


def join_many(*, obligations: ObligationQuerySet, by: User | None, at: datetime, comment: str) -> int:
    """Note in the history of obligations just created that their organization came later; return how many."""
    return _move_many(obligations=obligations, act=Act.JOIN, by=by, at=at, comment=comment)


def move_due_many(*, obligations: ObligationQuerySet, due_on: date, by: User | None, at: datetime, comment: str) -> int:
    """Move the due dates of obligations, each with a step that keeps both dates; return how many.

    What was asked of everybody by another date is no extension: those that had one start anew.
    """
    return _move_many(
        obligations=obligations.exclude(due_on=due_on), act=Act.MOVE_DUE, by=by, at=at, comment=comment, due_on=due_on
    )


def _move_many(
    *,
    obligations: ObligationQuerySet,
    act: Act,
    by: User | None,
    at: datetime,
    comment: str,
    due_on: date | None = None,
) -> int:
    """Write a step for each movable row, then change the rows; they are locked in between."""
    transition = TRANSITIONS[act]
    with transaction.atomic():
        # Locked in one order, so that two runs at once wait for each other instead of deadlocking.
        movable = list(
            obligations.filter(state__in=transition.sources)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", "state", "note", "due_on", "organization_id")
        )
        ReviewStep.objects.bulk_create(
            [
                ReviewStep(
                    obligation_id=pk,
                    act=act,
                    from_state=state,
                    to_state=transition.target or state,
                    by=by,
                    at=at,
                    comment=comment,
                    note=note,
                    due_before=due_before if due_on else None,
                    due_after=due_on,
                )
                for pk, state, note, due_before, _ in movable
            ],
            batch_size=_BATCH,
        )
        _change_rows([pk for pk, *_ in movable], target=transition.target, due_on=due_on, at=at)
        notices.tell_moved(act=act, moved=[(row[0], row[-1]) for row in movable], by=by, at=at, comment=comment)
    return len(movable)


def _change_rows(ids: Sequence[int], *, target: State | None, due_on: date | None, at: datetime) -> None:
    """Set what a move sets, some hundred rows a statement."""
    changed: dict[str, object] = {}
    if target is not None:
        changed["state"] = target
    if due_on is not None:
        changed |= {"due_on": due_on, "extended_from": None}
    for start in range(0, len(ids) if changed else 0, _IDS_AT_ONCE):
        chunk = ids[start : start + _IDS_AT_ONCE]
        Obligation.objects.filter(pk__in=chunk).update(**changed)
        if target == State.CANCELLED:
            Extension.objects.open().filter(obligation__in=chunk).update(state=ExtensionState.CLOSED, ended_at=at)


def _replay(obligation: Obligation, move: PastMove) -> ReviewStep:
    """Make one past move on an obligation in memory and return its step."""
    transition = TRANSITIONS[move.act]
    if obligation.state not in transition.sources:
        raise ValueError(f"{move.act} is not possible from {obligation.state}")
    source = obligation.state
    obligation.note = move.note or obligation.note
    stamp(obligation, transition.target, move.at)
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
