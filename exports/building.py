"""Building files: what a worker does. Apart from ordering, so that web processes never load the PDF engine."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.db.models import F

from exports import registry
from exports.actions import MAX_ATTEMPTS
from exports.documents import Document
from exports.models import Export, ExportFormat, ExportState, stored_name
from exports.querysets import ExportQuerySet
from exports.writers.docx import write_docx
from exports.writers.pdf import write_pdf
from exports.writers.xlsx import write_xlsx

logger = structlog.get_logger(__name__)

WRITERS: dict[str, Callable[[Document], bytes]] = {
    ExportFormat.XLSX: write_xlsx,
    ExportFormat.PDF: write_pdf,
    ExportFormat.DOCX: write_docx,
}

UNKNOWN_REPORT = "Такого отчёта больше нет. Закажите другой."
DEACTIVATED = "Учётная запись заказчика отключена, файл не построен."
BROKEN = "При построении файла произошла ошибка, она записана в журнал портала. Повторите или сообщите администратору."


class _Overtaken(Exception):
    """Another run has taken the export over, or it was deleted: this run has nothing more to say."""


def run_export(*, export_id: UUID, clock: Callable[[], datetime]) -> Export | None:
    """Build the file of a queued export and return it; None when there is nothing to do.

    The claim is a conditional update: of two messages for one row the second finds nothing. A run that
    was killed leaves the row RUNNING; the sweep queues it again, and a new run gives what the first would
    have given. ``clock`` tells the time: the moment of the claim is the cut-off of the figures.
    """
    now = clock()
    claimed = Export.objects.filter(pk=export_id, state=ExportState.QUEUED).update(
        state=ExportState.RUNNING,
        started_at=now,
        attempts=F("attempts") + 1,
        progress=0,
        stage="Собираем данные",
        failure="",
    )
    if not claimed:
        return None
    export: Export = Export.objects.select_related("region", "created_by").get(pk=export_id)
    log = logger.bind(export=str(export_id), report=export.report, format=export.format, attempt=export.attempts)
    try:
        _forget_earlier_attempts(export)
        document, content = _build(export, now)
        _keep(export, document, content, clock())
    except _Overtaken:
        log.warning("export_overtaken")
        return None
    except registry.ReportUnavailable as refusal:
        log.info("export_refused", why=str(refusal))
        _fail(export, str(refusal), clock())
    except Exception:
        log.exception("export_failed")
        _fail(export, BROKEN, clock())
    else:
        log.info("export_ready", size=export.size)
    export.refresh_from_db()
    registry.tell_finished(export)
    return export


def _build(export: Export, now: datetime) -> tuple[Document, bytes]:
    """Ask the report for its content and lay it out."""
    if not export.created_by.is_active:
        raise registry.ReportUnavailable(DEACTIVATED)
    try:
        report = registry.get(export.report)
    except KeyError:
        raise registry.ReportUnavailable(UNKNOWN_REPORT) from None

    def progress(percent: int, stage: str) -> None:
        # The builder's work is the first two thirds; laying out is the rest.
        _tell(export, percent * 2 // 3, stage)

    document = report.build(
        user=export.created_by, region=export.region, parameters=export.parameters, now=now, progress=progress
    )
    _tell(export, 70, f"Оформляем файл {export.get_format_display()}")
    content = WRITERS[export.format](document)
    _tell(export, 95, "Сохраняем файл")
    return document, content


def _tell(export: Export, percent: int, stage: str) -> None:
    """Write the progress to the row, where the waiting person's page reads it."""
    if not _mine(export).update(progress=percent, stage=stage):
        raise _Overtaken


def _keep(export: Export, document: Document, content: bytes, now: datetime) -> None:
    """Store the file, then declare the export ready; overtaken meanwhile, take the file away again."""
    export.file.save(stored_name(export), ContentFile(content), save=False)
    export.size = len(content)
    kept = _mine(export).update(
        state=ExportState.READY,
        file=export.file.name,
        filename=f"{document.filename}.{export.format}",
        size=export.size,
        checksum=hashlib.sha256(content).hexdigest(),
        finished_at=now,
        progress=100,
        stage="",
    )
    if not kept:
        export.file.delete(save=False)
        raise _Overtaken


def _fail(export: Export, why: str, now: datetime) -> None:
    """Tell the person that the file will not come, and why."""
    _mine(export).update(state=ExportState.FAILED, failure=why[:500], finished_at=now, stage="")


def _mine(export: Export) -> ExportQuerySet:
    """The row, as long as this very run holds it."""
    return Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, started_at=export.started_at)


def _forget_earlier_attempts(export: Export) -> None:
    """Delete what killed runs may have stored without living to say so."""
    current = export.attempts
    for export.attempts in range(1, MAX_ATTEMPTS + 1):
        export.file.storage.delete(stored_name(export))
    export.attempts = current
