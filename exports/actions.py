"""Ordering files: the row first, then the message. Building them is in ``exports.building``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from accounts.models import Region, User
from exports import queue, registry
from exports.models import Export, ExportFormat, ExportState

logger = structlog.get_logger(__name__)

# A file that killed its worker this often is not tried again by itself.
MAX_ATTEMPTS = 3

IN_QUEUE = "Ждёт своей очереди"
BROKER_DOWN = "Очередь заданий сейчас недоступна. Заказ сохранён: начнём сами, как только связь восстановится"
GAVE_UP = (
    "Файл не удалось построить: обработчик прерывался трижды. "
    "Повторите позже, а если не поможет, сообщите администратору портала."
)


def order_export(
    *,
    report: registry.Report,
    file_format: ExportFormat,
    parameters: Mapping[str, Any],
    by: User,
    region: Region,
    now: datetime,
    title: str = "",
) -> Export:
    """Write down that ``by`` wants the report as a file, and wake a worker once that is committed.

    With the broker down the row stays in the queue and says so; ``requeue_lost`` sends it later.
    """
    with transaction.atomic():
        export = Export.objects.create(
            region=region,
            report=report.name,
            title=title or report.title,
            parameters=dict(parameters),
            format=file_format,
            stage=IN_QUEUE,
            created_by=by,
            created_at=now,
            queued_at=now,
        )
        _send_on_commit(export.pk)
    logger.info("export_ordered", export=str(export.pk), report=report.name, format=str(file_format), by=by.pk)
    return export


def retry_export(*, export: Export, now: datetime) -> bool:
    """Put a failed export back into the queue; False when it is not a failed one (any more)."""
    with transaction.atomic():
        queued = Export.objects.filter(pk=export.pk, state=ExportState.FAILED).update(
            state=ExportState.QUEUED,
            queued_at=now,
            started_at=None,
            finished_at=None,
            attempts=0,
            progress=0,
            stage=IN_QUEUE,
            failure="",
        )
        if queued:
            _send_on_commit(export.pk)
    return bool(queued)


def requeue_lost(*, now: datetime) -> int:
    """Send again the exports whose message or worker got lost; return how many.

    Each is taken by a conditional update, so that two sweeps at once send it once.
    """
    sent = 0
    for pk, state, queued_at, started_at, attempts in Export.objects.lost(now).values_list(
        "pk", "state", "queued_at", "started_at", "attempts"
    ):
        same = Export.objects.filter(pk=pk, state=state, queued_at=queued_at, started_at=started_at)
        if attempts >= MAX_ATTEMPTS:
            if same.update(state=ExportState.FAILED, finished_at=now, stage="", failure=GAVE_UP):
                logger.error("export_given_up", export=str(pk), attempts=attempts)
        elif same.update(state=ExportState.QUEUED, queued_at=now, started_at=None, progress=0, stage=IN_QUEUE):
            logger.warning("export_requeued", export=str(pk), was=state)
            sent += _send(pk)
    return sent


def _send_on_commit(export_id: UUID) -> None:
    """Send the message when the row is there for a worker to find."""
    transaction.on_commit(lambda: _send(export_id))


def _send(export_id: UUID) -> bool:
    """Send the message; where that fails, let the row tell the person that it waits."""
    if queue.send(export_id):
        return True
    Export.objects.filter(pk=export_id, state=ExportState.QUEUED).update(stage=BROKER_DOWN)
    return False
