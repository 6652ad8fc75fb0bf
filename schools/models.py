"""Schools: what the registry keeps of each beyond its place in the tree."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, Region, User
from schools.querysets import SchoolImportQuerySet, SchoolProfileQuerySet, SchoolUploadQuerySet, searchable


class Level(models.Model):
    """A level of the career-guidance minimum: so many hours a year."""

    code = models.SlugField("код", max_length=20, unique=True)
    title = models.CharField("наименование", max_length=60)
    hours = models.PositiveSmallIntegerField("часов в год", unique=True)

    class Meta:
        verbose_name = "уровень"
        verbose_name_plural = "уровни"
        ordering = ["hours"]

    def __str__(self) -> str:
        return f"{self.title} ({self.hours}\u00a0ч)"


class SchoolProfile(models.Model):
    """A school's contact: the deputy head who answers for the minimum (order 2381, item 3.3)."""

    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        related_name="school_profile",
        limit_choices_to={"kind": OrganizationKind.SCHOOL},
        verbose_name="организация",
    )
    contact_name = models.CharField("ответственный", max_length=200, blank=True)
    contact_post = models.CharField("должность", max_length=200, blank=True)
    contact_email = models.EmailField("электронная почта ответственного", blank=True)
    contact_phone = models.CharField("телефон ответственного", max_length=40, blank=True)
    # Words of name, short name, INN and contact in one case, with ё as е: SQLite cannot fold Cyrillic case.
    search_text = models.TextField("для поиска", blank=True, editable=False)

    objects = SchoolProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "карточка школы"
        verbose_name_plural = "карточки школ"

    def __str__(self) -> str:
        return str(self.organization)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the school is searched by in step with what it is called."""
        self.search_text = self.words(self.organization)
        super().save(*args, **kwargs)

    def words(self, organization: Organization) -> str:
        """What the school of this profile is searched by."""
        return searchable(
            organization.name,
            organization.short_name,
            organization.inn,
            self.contact_name,
            self.contact_email,
            self.contact_phone,
        )


class SchoolYear(models.Model):
    """The level at which a school works in an academic year."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="school_years", verbose_name="организация"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, verbose_name="уровень")

    class Meta:
        verbose_name = "учебный год школы"
        verbose_name_plural = "учебные годы школ"
        ordering = ["-academic_year"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "academic_year"], name="school_year_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {AcademicYear(self.academic_year)}"


class SchoolStatusChange(models.Model):
    """A school was closed or opened again: from which day, why, by whom, and what became of its obligations."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="status_changes", verbose_name="организация"
    )
    is_open = models.BooleanField("открыта")
    on = models.DateField("с какого дня")
    reason = models.TextField("причина")
    obligations_added = models.PositiveIntegerField("добавлено поручений", default=0)
    obligations_cancelled = models.PositiveIntegerField("снято поручений", default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    class Meta:
        verbose_name = "закрытие или открытие школы"
        verbose_name_plural = "закрытия и открытия школ"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="status_change_says_why")]

    def __str__(self) -> str:
        return f"{self.organization}: {'открыта' if self.is_open else 'закрыта'} {self.on:%d.%m.%Y}"


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
