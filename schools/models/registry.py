"""What the registry keeps of each school beyond its place in the tree."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, User
from schools.models.levels import Level
from schools.querysets import SchoolProfileQuerySet, phone_digits, searchable


class SchoolProfile(models.Model):
    """A school's head and its contact: the deputy head who answers for the minimum (order 2381, item 3.3)."""

    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        related_name="school_profile",
        limit_choices_to={"kind": OrganizationKind.SCHOOL},
        verbose_name="организация",
    )
    head_name = models.CharField("руководитель", max_length=200, blank=True)
    head_post = models.CharField("должность руководителя", max_length=200, blank=True)
    contact_name = models.CharField("ответственный", max_length=200, blank=True)
    contact_post = models.CharField("должность", max_length=200, blank=True)
    contact_email = models.EmailField("электронная почта ответственного", blank=True)
    contact_phone = models.CharField("телефон ответственного", max_length=40, blank=True)
    # Reports of earlier years leave the school out; none: it has been there since the registry begins.
    since = models.DateField("числится с", null=True, blank=True)
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
            phone_digits(self.contact_phone),
        )


class SchoolYear(models.Model):
    """The level at which a school works in an academic year, and the order that fixed it."""

    # The constraint's index serves the organization; a level is never looked for without its year.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="school_years", db_index=False, verbose_name="организация"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, db_index=False, verbose_name="уровень")
    order_number = models.CharField("номер приказа об уровне", max_length=60, blank=True)
    order_date = models.DateField("дата приказа об уровне", null=True, blank=True)

    class Meta:
        verbose_name = "учебный год школы"
        verbose_name_plural = "учебные годы школ"
        ordering = ["-academic_year"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "academic_year"], name="school_year_once"),
            models.CheckConstraint(
                condition=Q(order_number="", order_date=None) | (~Q(order_number="") & Q(order_date__isnull=False)),
                name="school_year_order_is_whole",
                violation_error_message="У приказа есть и номер, и дата.",
            ),
        ]
        indexes = [models.Index(fields=["academic_year", "level"])]

    def __str__(self) -> str:
        return f"{self.organization}, {AcademicYear(self.academic_year)}"

    @property
    def order_label(self) -> str:
        """«приказ № 15 от 01.09.2023»; empty where none is known."""
        return f"приказ №\u00a0{self.order_number} от {self.order_date:%d.%m.%Y}" if self.order_date else ""


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
