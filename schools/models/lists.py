"""Lists of schools that people upload and import."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from schools.querysets import SchoolImportQuerySet, SchoolUploadQuerySet


class SchoolImport(models.Model):
    """One import of a school list: who, when, which file, what came of it. The audit row of bulk writes."""

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

    objects = SchoolImportQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка списка школ"
        verbose_name_plural = "загрузки списков школ"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.filename}, {self.at:%d.%m.%Y}"

    @property
    def year(self) -> AcademicYear:
        """The academic year whose levels the list named."""
        return AcademicYear(self.academic_year)


def stored_name(upload: "SchoolUpload", _name: str = "") -> str:
    """Where an uploaded list is kept: a name nobody can guess and that says nothing of the sender's file."""
    return f"school-lists/{upload.pk}"


class SchoolUpload(models.Model):
    """A school list that a person uploaded and looks at before importing it.

    The file is bound to the person and deleted once imported; the row stays for a day, so that going back or
    refreshing the page leads to what came of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
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

    objects = SchoolUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "файл со списком школ"
        verbose_name_plural = "файлы со списками школ"
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
