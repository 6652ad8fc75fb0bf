"""What a worker does for a list: import and undo it. Safe to run twice and to kill: work ends in its transaction."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.urls import reverse

from accounts.models import Region
from accounts.russian import counted
from obligations.models import NoticeKind
from obligations.notices import tell_person
from schools.actions.work import Overtaken, claim, end, hold, tell
from schools.imports.collecting import uncollected
from schools.imports.plan import ImportOutcome
from schools.imports.undoing import Undo
from schools.imports.uploads import import_upload, read_upload
from schools.models import SchoolImport, SchoolUpload
from schools.rules import importable_regions

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

DEACTIVATED = "Вы больше не ведёте реестр этого субъекта РФ, список не загружен."
BROKEN = (
    "Ничего не загружено: при записи произошла ошибка, она записана в журнал портала. "
    "Повторите или сообщите администратору портала."
)
DEACTIVATED_UNDO = "Вы больше не ведёте реестр этого субъекта РФ, загрузка не отменена."
BROKEN_UNDO = (
    "Загрузка не отменена: произошла ошибка, она записана в журнал портала. "
    "Повторите или сообщите администратору портала."
)


def run_import(*, upload_id: UUID, clock: Clock) -> SchoolUpload | None:
    """Import an uploaded list whose turn has come and return its row; None when there is nothing to do.

    A run that was killed leaves the registry as it was and its row RUNNING; the sweep queues it again, and the next
    run does what the first would have done.
    """
    upload = claim(SchoolUpload, upload_id, now=clock())
    if upload is None:
        return None
    try:
        _import(upload, clock)
    except Overtaken:
        log.warning("list_import_overtaken", upload=str(upload_id))
        return None
    except Exception:
        log.exception("list_import_failed", upload=str(upload_id))
        _refuse(upload, BROKEN, clock())
    upload.refresh_from_db()
    return upload


def run_undo(*, import_id: int, clock: Clock) -> SchoolImport | None:
    """Undo an import whose turn has come and return its row; None when there is nothing to do."""
    record = claim(SchoolImport, import_id, now=clock())
    if record is None:
        return None
    try:
        _undo(record, clock)
    except Overtaken:
        log.warning("list_undo_overtaken", record=import_id)
        return None
    except Exception:
        log.exception("list_undo_failed", record=import_id)
        _tell_undone(record, BROKEN_UNDO, clock())
    record.refresh_from_db()
    return record


@uncollected()
def _undo(record: SchoolImport, clock: Clock) -> None:
    by = record.undo_asked_by
    if by is None or not (by.is_active and importable_regions(by).filter(pk=record.region_id).exists()):
        _tell_undone(record, DEACTIVATED_UNDO, clock())
        return
    tell(record, 30, "Возвращаем прежние сведения")
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=record.region_id)
        hold(record)
        plan = Undo(record).carry_out(by=by, at=clock())
        _tell_undone(record, " ".join(plan.reasons), clock())
    log.info("list_undone", record=record.pk, deleted=len(plan.deleted), refused=bool(plan.reasons), by=by.pk)


def _tell_undone(record: SchoolImport, failure: str, now: datetime) -> None:
    """End the undoing, and let the person know how."""
    with transaction.atomic():
        end(record, now=now, failure=failure)
        if record.undo_asked_by:
            what = "не отменена" if failure else "отменена"
            tell_person(
                user=record.undo_asked_by,
                kind=NoticeKind.IMPORT,
                text=f"«{record.filename}» — загрузка {what}",
                url=record.get_absolute_url(),
                at=now,
            )


@uncollected()
def _import(upload: SchoolUpload, clock: Clock) -> None:
    if not (upload.by.is_active and importable_regions(upload.by).filter(pk=upload.region_id).exists()):
        _refuse(upload, DEACTIVATED, clock())
        return
    tell(upload, 10, f"Читаем файл «{upload.filename}»"[:200])
    listed = read_upload(upload)
    rows = counted(len(listed.rows), "строку", "строки", "строк")
    tell(upload, 40, f"Сверяем с реестром и записываем {rows}")
    with transaction.atomic():
        hold(upload)
        outcome = import_upload(upload=upload, listed=listed, now=clock())
        if outcome.record:
            end(upload, now=clock())
            tell_person(
                user=upload.by,
                kind=NoticeKind.IMPORT,
                text=f"«{upload.filename}» — {_counts(outcome)}",
                url=outcome.record.get_absolute_url(),
                at=outcome.record.at,
            )
    if not outcome.record:
        _refuse(upload, _why(outcome), clock())


def _refuse(upload: SchoolUpload, why: str, now: datetime) -> None:
    """Let the person know that nothing was imported, and why; the page of the file shows what to mend."""
    with transaction.atomic():
        end(upload, now=now, failure=why)
        tell_person(
            user=upload.by,
            kind=NoticeKind.IMPORT,
            text=f"«{upload.filename}» — не загружен",
            url=reverse("schools:import_preview", args=[upload.pk]),
            at=now,
        )


def _why(outcome: ImportOutcome) -> str:
    count = len(outcome.problems)
    if count == 1:
        return f"Ничего не загружено. {outcome.problems[0]}"
    errors = counted(count, "ошибка", "ошибки", "ошибок")
    return f"Ничего не загружено: с тех пор, как вы проверяли файл, реестр изменился, и в списке {errors}."


def _counts(outcome: ImportOutcome) -> str:
    return f"создано: {outcome.created}, изменено: {outcome.changed}, без изменений: {outcome.unchanged}"
