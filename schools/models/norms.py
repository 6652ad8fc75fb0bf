"""Norms of hours: how much a level asks in each direction, by academic year."""

from django.db import models
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from schools.models.levels import Level
from schools.querysets import NormSetQuerySet


class Direction(models.Model):
    """A direction of career guidance: lessons, extracurricular work, parents…"""

    code = models.SlugField("код", max_length=30, unique=True)
    title = models.CharField("наименование", max_length=120)
    position = models.PositiveSmallIntegerField("порядок")
    # Pre-professional classes are a complex of the other directions' hours and have none of their own.
    has_hours = models.BooleanField("считается в часах", default=True)

    class Meta:
        verbose_name = "направление"
        verbose_name_plural = "направления"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class NormSet(models.Model):
    """The norms of an academic year as somebody set them: of a region, or the federal ones; append-only.

    The latest set of a year is the one in force, the earlier ones are its history.
    """

    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="norm_sets", verbose_name="субъект РФ"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    basis = models.CharField("основание", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    objects = NormSetQuerySet.as_manager()

    class Meta:
        verbose_name = "нормы часов"
        verbose_name_plural = "нормы часов"
        ordering = ["-academic_year", "-at", "-pk"]
        indexes = [models.Index(fields=["region", "academic_year"])]

    def __str__(self) -> str:
        return f"Нормы на {self.year} учебный год, {self.region or 'федеральные'}"

    @property
    def year(self) -> AcademicYear:
        """The academic year of the norms."""
        return AcademicYear(self.academic_year)


class Norm(models.Model):
    """What a level asks at least: hours of a direction, or without a direction of the whole year.

    ``is_required`` stands in place of hours where a direction must be there and has no hours of its own.
    """

    norms = models.ForeignKey(NormSet, models.CASCADE, related_name="rows", verbose_name="нормы")
    level = models.ForeignKey(Level, models.PROTECT, related_name="norms", verbose_name="уровень")
    direction = models.ForeignKey(
        Direction, models.PROTECT, null=True, blank=True, related_name="norms", verbose_name="направление"
    )
    hours = models.PositiveSmallIntegerField("не меньше часов в год", default=0)
    is_required = models.BooleanField("обязательно", default=False)

    class Meta:
        verbose_name = "норма часов"
        verbose_name_plural = "нормы часов по направлениям"
        constraints = [
            models.UniqueConstraint(fields=["norms", "level", "direction"], name="norm_of_direction_once"),
            models.UniqueConstraint(fields=["norms", "level"], condition=Q(direction=None), name="norm_of_level_once"),
            models.CheckConstraint(condition=Q(hours=0) | Q(is_required=False), name="norm_is_hours_or_required"),
        ]

    def __str__(self) -> str:
        return f"{self.level.title}: {self.direction or 'всего'}, {self.hours}"
