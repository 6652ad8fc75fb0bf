"""Lists that people upload and import: of schools, and of all that comes by the same door."""

import json
import uuid
import zlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from schools.models.work import QueuedWork
from schools.querysets import SchoolImportQuerySet, SchoolUploadQuerySet


class ListKind(models.TextChoices):
    """What a list is of."""

    SCHOOLS = "schools", "Школы"
    MUNICIPALITIES = "municipalities", "Муниципалитеты"
    INSTITUTIONS = "institutions", "Учреждения"
    COORDINATORS = "coordinators", "Координаторы"
    ENROLMENT = "enrolment", "Контингент по классам"

    @property
    def is_by_year(self) -> bool:
        """What the list says belongs to an academic year."""
        return self in {ListKind.SCHOOLS, ListKind.ENROLMENT}


class SchoolImport(QueuedWork):
    """One import of a list: who, when, which file, what came of it. The audit row of bulk writes.

    As a piece of work it is its own undoing, which a person may ask for later.
    """

    listing = models.CharField("список", max_length=16, choices=ListKind, default=ListKind.SCHOOLS)
    region = models.ForeignKey(Region, models.CASCADE, related_name="school_imports", verbose_name="субъект РФ")
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    filename = models.CharField("имя файла", max_length=255)
    checksum = models.CharField("контрольная сумма SHA-256", max_length=64)
    created = models.PositiveIntegerField("создано", default=0)
    changed = models.PositiveIntegerField("изменено", default=0)
    unchanged = models.PositiveIntegerField("без изменений", default=0)
    obligations_added = models.PositiveIntegerField("добавлено поручений", default=0)
    obligations_cancelled = models.PositiveIntegerField("снято поручений", default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")
    undo_asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто отменил"
    )
    undone_at = models.DateTimeField("отменено", null=True, blank=True)
    undone_deleted = models.PositiveIntegerField("удалено отменой", default=0)
    undone_restored = models.PositiveIntegerField("возвращено отменой", default=0)

    objects = SchoolImportQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка списка"
        verbose_name_plural = "загрузки списков"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undo_asked_by__isnull=False), name="school_import_undone_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename}, {self.at:%d.%m.%Y}"

    @property
    def year(self) -> AcademicYear:
        """The academic year whose levels the list named."""
        return AcademicYear(self.academic_year)

    @property
    def kind(self) -> ListKind:
        """What the list was of."""
        return ListKind(self.listing)

    def get_absolute_url(self) -> str:
        """The page of what came of it."""
        return reverse("schools:import_outcome", args=[self.pk])


class ImportRevision(models.Model):
    """What each row of the registry was before an import, and what the import made of it: one row for the whole.

    A table of single changes would cost an import of thousands of rows more than its own writing. It is read only
    when somebody thinks of undoing the import.
    """

    of = models.OneToOneField(
        SchoolImport, models.CASCADE, primary_key=True, related_name="revision", verbose_name="загрузка"
    )
    packed = models.BinaryField("строки")

    class Meta:
        verbose_name = "редакция реестра"
        verbose_name_plural = "редакции реестра"

    def __str__(self) -> str:
        return str(self.of)

    @staticmethod
    def pack(content: Any) -> bytes:
        """Squeeze plain lists, texts and numbers into what ``packed`` keeps."""
        return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), level=1)

    def content(self) -> Any:
        """What was packed."""
        return json.loads(zlib.decompress(bytes(self.packed)))


def stored_name(upload: "SchoolUpload", _name: str = "") -> str:
    """Where an uploaded list is kept: a name nobody can guess and that says nothing of the sender's file."""
    return f"school-lists/{upload.pk}"


class SchoolUpload(QueuedWork):
    """A list that a person uploaded and looks at before importing it; as a piece of work it is its own import.

    The file is bound to the person and deleted once imported; the row stays for a day, so that going back or
    refreshing the page leads to what came of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    listing = models.CharField("список", max_length=16, choices=ListKind, default=ListKind.SCHOOLS)
    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="субъект РФ")
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    file = models.FileField("файл", upload_to=stored_name, max_length=255, blank=True)
    filename = models.CharField("имя файла", max_length=255)
    checksum = models.CharField("контрольная сумма SHA-256", max_length=64)
    by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")
    outcome = models.OneToOneField(
        SchoolImport, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="загрузка"
    )
    # What the person had before their eyes when they asked for the import.
    seen = models.JSONField("что было показано", default=dict, blank=True)
    only_good = models.BooleanField("только строки без ошибок", default=False)
    # A file of the rows that were left when the good ones of another were imported.
    rest_of = models.OneToOneField(
        SchoolImport, models.CASCADE, null=True, blank=True, related_name="rest", verbose_name="остаток загрузки"
    )

    objects = SchoolUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "файл со списком"
        verbose_name_plural = "файлы со списками"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome=None) | Q(file=""), name="school_upload_imported_has_no_file"),
        ]

    def __str__(self) -> str:
        return f"{self.filename}, {self.at:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """The page of the preview and, later, of the result."""
        return reverse("schools:import_preview", args=[self.pk])

    @property
    def year(self) -> AcademicYear:
        """The academic year chosen for the list."""
        return AcademicYear(self.academic_year)

    @property
    def kind(self) -> ListKind:
        """What the list is of."""
        return ListKind(self.listing)

    @property
    def registry_moved(self) -> bool:
        """What came of it is not what the person had before their eyes: somebody changed the registry meanwhile."""
        done = self.outcome
        return bool(
            done
            and self.seen
            and self.seen != {name: getattr(done, name) for name in ("created", "changed", "unchanged")}
        )
