"""One table of files that the portal builds for people."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Region, User
from exports.querysets import ExportQuerySet


class ExportState(models.TextChoices):
    """Where a file being built stands."""

    QUEUED = "queued", "В очереди"
    RUNNING = "running", "Готовится"
    READY = "ready", "Готово"
    FAILED = "failed", "Не удалось"


class ExportFormat(models.TextChoices):
    """Kinds of files."""

    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


def stored_name(export: "Export", _name: str = "") -> str:
    """Name the file by the row and the attempt: a run that was overtaken never writes over its successor's file."""
    return f"exports/{export.created_at:%Y/%m}/{export.pk}-{export.attempts}.{export.format}"


class Export(models.Model):
    """One Excel, PDF or Word file (выгрузка), being built or ready. The row is the work; the message only wakes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, models.CASCADE, related_name="exports", verbose_name="субъект РФ")
    report = models.CharField("отчёт", max_length=60)
    title = models.CharField("название", max_length=300)
    parameters = models.JSONField("параметры", default=dict, blank=True)
    format = models.CharField("формат", max_length=8, choices=ExportFormat)
    state = models.CharField("состояние", max_length=8, choices=ExportState, default=ExportState.QUEUED)
    progress = models.PositiveSmallIntegerField("готово, %", default=0)
    stage = models.CharField("что делается", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    file = models.FileField("файл", upload_to=stored_name, max_length=255, blank=True)
    filename = models.CharField("имя файла", max_length=255, blank=True)
    size = models.PositiveIntegerField("размер, байт", default=0)
    checksum = models.CharField("контрольная сумма SHA-256", max_length=64, blank=True)
    failure = models.CharField("почему не удалось", max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="exports", verbose_name="кто заказал")
    created_at = models.DateTimeField("заказано")
    queued_at = models.DateTimeField("поставлено в очередь")
    started_at = models.DateTimeField("начато", null=True, blank=True)
    finished_at = models.DateTimeField("завершено", null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "выгрузка"
        verbose_name_plural = "выгрузки"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & Q(finished_at__isnull=False)),
                name="export_ready_has_file",
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_format_display()})"

    def get_absolute_url(self) -> str:
        """The page where the export can be watched and taken."""
        return reverse("exports:detail", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        """The file is not there yet, and may still come."""
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)
