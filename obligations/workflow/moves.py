"""One move of one obligation."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Organization, User
from obligations import closing, notices, rules
from obligations.models import ExtensionState, FormCopy, Obligation, ReviewStep
from obligations.states import AT_REVIEWER, TRANSITIONS, WITH_OWNER, Act, ReturnReason, State
from obligations.workflow.refusals import TransitionRefused, refusal_of, stale_refusal


def advance(
    *,
    obligation: Obligation,
    act: Act,
    by: User,
    at: datetime,
    reason: ReturnReason | str = "",
    comment: str = "",
    note: str | None = None,
    due_on: date | None = None,
    seen: int | None = None,
) -> ReviewStep:
    """Make one move: lock the row, check the table and the rule, set the state, write the step.

    ``note`` replaces the owner's note when they hand in. ``due_on`` is the date that a granted extension
    moves the due date to. ``seen`` is the step the person had before their eyes (see ``last_step_id``);
    None asks nothing. Raises TransitionRefused, and then nothing has changed.
    """
    transition = TRANSITIONS[act]
    with transaction.atomic():
        locked = lock(obligation=obligation, act=act, seen=seen)
        if not rules.can(by, act, locked):
            raise TransitionRefused("Это действие выполняет другая сторона. Обновите страницу.")
        if transition.needs_reason and reason not in ReturnReason.values:
            raise TransitionRefused("Выберите причину возврата.")
        if transition.needs_comment and not comment.strip():
            raise TransitionRefused("Напишите комментарий: без него решение не будет понятно другой стороне.")
        if note is not None and locked.state in WITH_OWNER:
            locked.note = note.strip()
        if act == Act.SUBMIT and (fault := closing.fault_of(locked, _day(locked, at))):
            raise TransitionRefused(fault)
        step = _write(
            locked, act, by, at, reason=reason if transition.needs_reason else "", comment=comment, due_on=due_on
        )
    obligation.refresh_from_db()
    return step


def hand_over(
    *,
    obligation: Obligation,
    to: Organization,
    due_on: date,
    by: User,
    at: datetime,
    comment: str,
    seen: int | None = None,
) -> Obligation:
    """Move a duty: cancel it here and let ``to`` owe it by ``due_on``; each history names the other.

    Note, evidence and history stay with the organization that had it. Returns what ``to`` owes. Raises
    TransitionRefused when the move is not possible or ``to`` owes the same already; then nothing has changed.
    """
    with transaction.atomic():
        locked = lock(obligation=obligation, act=Act.REASSIGN, seen=seen)
        if not rules.can(by, Act.REASSIGN, locked) or not rules.may_hand_to(by, locked, to):
            raise TransitionRefused("Передать поручение этой организации нельзя. Обновите страницу.")
        if not comment.strip():
            raise TransitionRefused("Напишите, почему поручение передаётся.")
        # Whoever comes second waits here for the row of the first, and is refused.
        Obligation.objects.bulk_create(
            [
                Obligation(
                    requirement=locked.requirement,
                    organization=to,
                    state=State.CANCELLED,
                    due_on=due_on,
                    created_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        received = (
            Obligation.objects.select_for_update(of=("self",))
            .select_related("organization__parent", "organization__region", "requirement")
            .get(requirement=locked.requirement_id, organization=to)
        )
        if received.state != State.CANCELLED:
            raise TransitionRefused(f"{to} уже исполняет это поручение: второй раз передать его нельзя.")
        _write(locked, Act.REASSIGN, by, at, comment=comment, counterpart=received)
        # It begins anew, even where the organization once owed it: what was handed in then is history.
        received.due_on, received.extended_from = due_on, None
        received.first_submitted_at = received.submitted_at = received.decided_at = None
        _write(received, Act.RECEIVE, by, at, comment=comment, counterpart=locked)
    obligation.refresh_from_db()
    return received


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
        raise TransitionRefused(stale_refusal(locked))
    return locked


def last_step_id(obligation: Obligation) -> int:
    """Return the id of the latest step that moved the state, 0 before the first: the version of a page."""
    return obligation.steps.moving().order_by("-pk").values_list("pk", flat=True).first() or 0


def _write(
    locked: Obligation,
    act: Act,
    by: User,
    at: datetime,
    *,
    reason: ReturnReason | str = "",
    comment: str = "",
    due_on: date | None = None,
    counterpart: Obligation | None = None,
) -> ReviewStep:
    """Carry a permitted move out on a locked row: state, moments, date, step."""
    source, due_before = locked.state, locked.due_on
    stamp(locked, TRANSITIONS[act].target, at)
    if due_on is not None:
        locked.extended_from, locked.due_on = locked.extended_from or locked.due_on, due_on
    locked.save()
    if locked.state not in WITH_OWNER:
        _close_extensions(locked, at)
    step = ReviewStep.objects.create(
        obligation=locked,
        act=act,
        from_state=source,
        to_state=locked.state,
        by=by,
        at=at,
        reason=reason,
        comment=comment.strip(),
        note=locked.note,
        due_before=due_before if due_on else None,
        due_after=due_on,
        counterpart=counterpart,
    )
    if act == Act.SUBMIT and (parts := closing.parts_of(locked)):
        FormCopy.objects.create(step=step, parts=closing.as_json(parts))
    closing.tell(step)
    notices.tell_step(step)
    return step


def _day(obligation: Obligation, at: datetime) -> date:
    """The day of a moment in the region of the obligation."""
    return obligation.organization.region.local(at).date()


def _close_extensions(obligation: Obligation, at: datetime) -> None:
    """A request for more time lost its point with the obligation leaving its owner's hands."""
    obligation.extensions.open().update(state=ExtensionState.CLOSED, ended_at=at)


def stamp(obligation: Obligation, target: State | None, at: datetime) -> None:
    """Set the state and the moment that belongs to it; no target leaves both."""
    if target is None:
        return
    obligation.state = target
    if target in AT_REVIEWER:
        obligation.submitted_at = at
        obligation.first_submitted_at = obligation.first_submitted_at or at
    elif target in (State.ACCEPTED, State.RETURNED):
        obligation.decided_at = at
