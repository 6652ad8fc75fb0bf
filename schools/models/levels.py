"""Levels of the career-guidance minimum."""

from django.db import models


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
