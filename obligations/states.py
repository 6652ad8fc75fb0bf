"""States of an obligation, acts that change them, and the one table of transitions."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class State(models.TextChoices):
    """Where an obligation stands on its way between the one who owes and the one who reviews."""

    OPEN = "open", "К исполнению"
    SUBMITTED = "submitted", "На проверке"
    RETURNED = "returned", "На доработке"
    DECLARED_NIL = "declared_nil", "Нечего отчитаться"
    ACCEPTED = "accepted", "Принято"
    REOPENED = "reopened", "Открыто повторно"
    CANCELLED = "cancelled", "Снято"


WITH_OWNER = (State.OPEN, State.RETURNED, State.REOPENED)
AT_REVIEWER = (State.SUBMITTED, State.DECLARED_NIL)


class Urgency(models.IntegerChoices):
    """What burns first: the groups of the to-do list, in its order. Computed for a day, never stored."""

    OVERDUE = 0, "Просрочено"
    RETURNED = 1, "На доработке"
    SOON = 2, "Сегодня и на неделе"
    LATER = 3, "Позже"
    AT_REVIEWER = 4, "На проверке"
    ACCEPTED = 5, "Принято"
    CANCELLED = 6, "Снято"


# «На неделе»: due today or within this many days.
SOON_DAYS = 7


class Act(models.TextChoices):
    """A move in the workflow."""

    SUBMIT = "submit", "Сдать на проверку"
    DECLARE_NIL = "declare_nil", "Нечего отчитаться"
    ACCEPT = "accept", "Принять"
    RETURN = "return", "Вернуть на доработку"
    REOPEN = "reopen", "Открыть повторно"
    CANCEL = "cancel", "Снять"
    LEAVE = "leave", "Снять при сверке с реестром"
    RESTORE = "restore", "Восстановить"
    REASSIGN = "reassign", "Передать другой организации"
    RECEIVE = "receive", "Получить от другой организации"
    JOIN = "join", "Поручить при сверке с реестром"
    MOVE_DUE = "move_due", "Перенести срок"
    ASK_EXTENSION = "ask_extension", "Запросить продление срока"
    WITHDRAW = "withdraw", "Отозвать запрос о продлении"
    GRANT_EXTENSION = "grant_extension", "Продлить срок"
    REFUSE_EXTENSION = "refuse_extension", "Отказать в продлении"


# How the history tells of a move that was made.
ACT_DONE: dict[str, str] = {
    Act.SUBMIT: "Сдано на проверку",
    Act.DECLARE_NIL: "Заявлено: нечего отчитаться",
    Act.ACCEPT: "Принято",
    Act.RETURN: "Возвращено на доработку",
    Act.REOPEN: "Открыто повторно",
    Act.CANCEL: "Снято",
    Act.LEAVE: "Снято при сверке с реестром",
    Act.RESTORE: "Восстановлено",
    Act.REASSIGN: "Передано другой организации",
    Act.RECEIVE: "Получено от другой организации",
    Act.JOIN: "Поручено при сверке с реестром",
    Act.MOVE_DUE: "Срок перенесён",
    Act.ASK_EXTENSION: "Запрошено продление срока",
    Act.WITHDRAW: "Запрос о продлении отозван",
    Act.GRANT_EXTENSION: "Срок продлён",
    Act.REFUSE_EXTENSION: "В продлении отказано",
}


class Side(StrEnum):
    """Who makes a move."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    REGION = "region"
    REVIEWER_OR_REGION = "reviewer_or_region"
    REGISTRY = "registry"


class ReturnReason(models.TextChoices):
    """Why a submission goes back; countable, so that the region sees what schools stumble over."""

    NO_EVIDENCE = "no_evidence", "Нет подтверждающих документов"
    WRONG_DOCUMENT = "wrong_document", "Приложен не тот документ"
    INCOMPLETE = "incomplete", "Сведения неполные"
    WRONG_FIGURES = "wrong_figures", "Ошибки в сведениях"
    NOT_SIGNED = "not_signed", "Документ не подписан"
    UNREADABLE = "unreadable", "Файл не открывается или не читается"
    OTHER = "other", "Другое"


@dataclass(frozen=True)
class Transition:
    """One row of the table: from where, to where (None: the state stays), by whom, and what must be said."""

    sources: tuple[State, ...]
    target: State | None
    side: Side
    needs_reason: bool = False
    needs_comment: bool = False


TRANSITIONS: dict[Act, Transition] = {
    Act.SUBMIT: Transition(WITH_OWNER, State.SUBMITTED, Side.OWNER),
    Act.DECLARE_NIL: Transition(WITH_OWNER, State.DECLARED_NIL, Side.OWNER, needs_comment=True),
    Act.ACCEPT: Transition(AT_REVIEWER, State.ACCEPTED, Side.REVIEWER),
    Act.RETURN: Transition(AT_REVIEWER, State.RETURNED, Side.REVIEWER, needs_reason=True, needs_comment=True),
    Act.REOPEN: Transition((State.ACCEPTED,), State.REOPENED, Side.REVIEWER, needs_comment=True),
    Act.CANCEL: Transition((*WITH_OWNER, *AT_REVIEWER), State.CANCELLED, Side.REGION, needs_comment=True),
    # Nobody's button: reconciling with the registry makes it, and may take back only what it made.
    Act.LEAVE: Transition((*WITH_OWNER, *AT_REVIEWER), State.CANCELLED, Side.REGISTRY, needs_comment=True),
    Act.RESTORE: Transition((State.CANCELLED,), State.OPEN, Side.REGION, needs_comment=True),
    Act.REASSIGN: Transition((*WITH_OWNER, *AT_REVIEWER), State.CANCELLED, Side.REVIEWER_OR_REGION, needs_comment=True),
    # The other half of a reassignment, made together with it.
    Act.RECEIVE: Transition((State.CANCELLED,), State.OPEN, Side.REGISTRY, needs_comment=True),
    Act.JOIN: Transition((State.OPEN,), None, Side.REGISTRY, needs_comment=True),
    Act.MOVE_DUE: Transition((*WITH_OWNER, *AT_REVIEWER, State.ACCEPTED), None, Side.REGISTRY, needs_comment=True),
    Act.ASK_EXTENSION: Transition(WITH_OWNER, None, Side.OWNER, needs_comment=True),
    Act.WITHDRAW: Transition(WITH_OWNER, None, Side.OWNER),
    Act.GRANT_EXTENSION: Transition(WITH_OWNER, None, Side.REVIEWER),
    Act.REFUSE_EXTENSION: Transition(WITH_OWNER, None, Side.REVIEWER, needs_comment=True),
}

# Moves that leave the state alone. A page drawn before one of them is not out of date.
QUIET: tuple[Act, ...] = tuple(act for act, transition in TRANSITIONS.items() if transition.target is None)
