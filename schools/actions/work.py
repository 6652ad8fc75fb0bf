"""Asking for work on lists: the row first, then the message. Who takes it up and ends it is here as well."""

from datetime import datetime
from typing import Any, TypeVar

import structlog
from django.db import transaction
from django.db.models import F

from accounts import queue
from schools.models import QueuedWork, SchoolImport, SchoolUpload, WorkState

log = structlog.get_logger(__name__)

_Work = TypeVar("_Work", SchoolUpload, SchoolImport)

TASKS: dict[type[QueuedWork], str] = {
    SchoolUpload: "schools.tasks.import_list",
    SchoolImport: "schools.tasks.undo_list",
}
# Work that killed its worker this often is not tried again by itself.
MAX_ATTEMPTS = 3

IN_QUEUE = "Ждёт своей очереди"
BROKER_DOWN = "Очередь заданий сейчас недоступна. Начнём сами, как только связь восстановится"
GAVE_UP = (
    "Ничего не записано: обработчик прерывался трижды. "
    "Повторите позже, а если не поможет, сообщите администратору портала."
)


class Overtaken(Exception):
    """Another run has taken the work over, or its row was deleted: this run has nothing more to say."""


def ask_for(work: _Work, *, now: datetime, **also: Any) -> bool:
    """Put the row's work into the queue with ``also`` on the row; False when it is there, or done, already."""
    with transaction.atomic():
        asked = (
            type(work)
            .objects.filter(pk=work.pk, state__in=[WorkState.IDLE, WorkState.FAILED])
            .update(
                state=WorkState.QUEUED,
                stage=IN_QUEUE,
                progress=0,
                attempts=0,
                failure="",
                queued_at=now,
                started_at=None,
                finished_at=None,
                **also,
            )
        )
        if asked:
            transaction.on_commit(lambda: _send(type(work), work.pk))
    return bool(asked)


def requeue_lost(*, now: datetime) -> int:
    """Send again the work whose message or worker got lost; return how many pieces.

    Each is taken by a conditional update, so that two sweeps at once send it once.
    """
    return _requeue_lost(SchoolUpload, now) + _requeue_lost(SchoolImport, now)


def claim(model: type[_Work], pk: Any, *, now: datetime) -> _Work | None:
    """Take up a queued piece of work; None when there is nothing to do. Of two messages for a row one wins."""
    claimed = model.objects.filter(pk=pk, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, started_at=now, attempts=F("attempts") + 1, progress=0, stage="Начинаем", failure=""
    )
    return model.objects.select_related("region").get(pk=pk) if claimed else None


def tell(work: _Work, percent: int, stage: str) -> None:
    """Write how far it is, where the waiting person's page reads it; raises Overtaken when it is ours no more."""
    if not _mine(work).update(progress=percent, stage=stage):
        raise Overtaken


def hold(work: _Work) -> None:
    """Lock the row for the transaction that does the work; raises Overtaken when it is ours no more."""
    if _mine(work).select_for_update(of=("self",)).first() is None:
        raise Overtaken


def end(work: _Work, *, now: datetime, failure: str = "") -> None:
    """Say that the work is done, or why it is not; raises Overtaken when it is ours no more."""
    state = WorkState.FAILED if failure else WorkState.DONE
    if not _mine(work).update(state=state, failure=failure, finished_at=now, progress=100, stage=""):
        raise Overtaken


def _mine(work: _Work) -> Any:
    """The row, as long as this very run holds it."""
    return type(work).objects.filter(pk=work.pk, state=WorkState.RUNNING, started_at=work.started_at)


def _requeue_lost(model: type[_Work], now: datetime) -> int:
    sent = 0
    for pk, state, queued_at, started_at, attempts in model.objects.lost(now).values_list(
        "pk", "state", "queued_at", "started_at", "attempts"
    ):
        same = model.objects.filter(pk=pk, state=state, queued_at=queued_at, started_at=started_at)
        if attempts >= MAX_ATTEMPTS:
            if same.update(state=WorkState.FAILED, finished_at=now, stage="", failure=GAVE_UP):
                log.error("list_work_given_up", work=model.__name__, pk=str(pk), attempts=attempts)
        elif same.update(state=WorkState.QUEUED, queued_at=now, started_at=None, progress=0, stage=IN_QUEUE):
            log.warning("list_work_requeued", work=model.__name__, pk=str(pk), was=state)
            sent += _send(model, pk)
    return sent


def _send(model: type[_Work], pk: Any) -> bool:
    """Send the message; where that fails, let the row tell the person that it waits."""
    if queue.send(TASKS[model], str(pk)):
        return True
    model.objects.filter(pk=pk, state=WorkState.QUEUED).update(stage=BROKER_DOWN)
    return False
