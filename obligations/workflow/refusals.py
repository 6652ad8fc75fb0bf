"""Why a move is not possible, in words for the person who tried it."""

from datetime import datetime

from accounts import russian
from obligations.models import Obligation, ReviewStep
from obligations.states import AT_REVIEWER, Act, Side, State
from obligations.states import TRANSITIONS as TABLE

_BY_OWNER = (Act.SUBMIT, Act.DECLARE_NIL)
_DECISIONS = (Act.ACCEPT, Act.RETURN)
_EXTENSIONS = (Act.ASK_EXTENSION, Act.WITHDRAW, Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)


class TransitionRefused(Exception):
    """The move is not possible; the message is written for the person who tried it."""


def refusal_if_closed(obligation: Obligation, act: Act) -> str:
    """Say why the state forbids the move, or nothing where it doesn't."""
    return "" if obligation.state in TABLE[act].sources else refusal_of(obligation, act)


def refusal_of(obligation: Obligation, act: Act) -> str:
    """Say, to the person who wants to make it, why the state forbids the move."""
    if act in _BY_OWNER and obligation.state in AT_REVIEWER and obligation.submitted_at:
        day = day_of(obligation, obligation.submitted_at)
        return f"Поручение уже сдано {day} и закрыто для изменений. Внести правки можно после возврата на доработку."
    if act in _BY_OWNER and obligation.state == State.ACCEPTED and obligation.decided_at:
        day = day_of(obligation, obligation.decided_at)
        return f"Поручение принято {day} и закрыто для изменений."
    if act in _DECISIONS and (step := _latest(obligation)) and TABLE[Act(step.act)].side is not Side.OWNER:
        return f"Решение уже принято: {_told(obligation, step)}."
    if act in _EXTENSIONS:
        return f"Поручение в состоянии «{obligation.state_label}»: продлевать срок уже не нужно."
    return f"Поручение уже в состоянии «{obligation.state_label}»: действие «{act.label}» к нему не применимо."


def stale_refusal(obligation: Obligation) -> str:
    """Say what has happened since the page was opened."""
    step = _latest(obligation)
    happened = f": {_told(obligation, step)}" if step else ""
    return f"Пока страница была открыта, поручение изменилось{happened}. Прочитайте, что нового, и повторите действие."


def day_of(obligation: Obligation, moment: datetime) -> str:
    """Write a moment as a day in the region of the obligation: «16 октября 2023 г.»."""
    return russian.day(obligation.organization.region.local(moment).date())


def _latest(obligation: Obligation) -> ReviewStep | None:
    """Return the latest step that moved the state."""
    return obligation.steps.moving().select_related("by").order_by("-pk").first()


def _told(obligation: Obligation, step: ReviewStep) -> str:
    """Tell a step: «Принято» (16 октября 2023 г., Петрова Анна)."""
    who = f", {step.by}" if step.by else ""
    return f"«{step.done_label}» ({day_of(obligation, step.at)}{who})"
