"""What closes an obligation: files and links, each version kept."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from obligations.models.obligations import Obligation
from obligations.querysets import EvidenceQuerySet


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    FILE = "file", "Файл"
    LINK = "link", "Ссылка"


class Evidence(models.Model):
    """A file or link that closes an obligation.

    Taken back after it was handed in, or replaced by another version, it stays in the history.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="evidence", verbose_name="поручение")
    kind = models.CharField("вид", max_length=8, choices=EvidenceKind)
    title = models.CharField("название", max_length=255, validators=[MinLengthValidator(1)])
    file = models.FileField("файл", upload_to="evidence/%Y/%m", max_length=255, blank=True)
    size = models.PositiveIntegerField("размер, байт", default=0)
    checksum = models.CharField("контрольная сумма SHA-256", max_length=64, blank=True)
    url = models.URLField("ссылка", max_length=1000, blank=True)
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто приложил"
    )
    added_at = models.DateTimeField("приложено")
    removed_at = models.DateTimeField("убрано", null=True, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто убрал"
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="прежняя версия",
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=EvidenceKind.FILE) & ~Q(file="") & Q(url=""))
                | (Q(kind=EvidenceKind.LINK) & Q(file="") & ~Q(url="")),
                name="evidence_is_file_or_link",
            ),
            models.UniqueConstraint(
                fields=["obligation", "checksum"],
                condition=Q(removed_at=None) & ~Q(checksum=""),
                name="evidence_file_once",
                violation_error_message="Этот файл уже приложен.",
            ),
            models.CheckConstraint(
                condition=Q(removed_by=None) | Q(removed_at__isnull=False), name="evidence_removed_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_file(self) -> bool:
        """A file, not a link."""
        return self.kind == EvidenceKind.FILE
