"""Earlier dates of a level: schools before municipalities, municipalities before the region."""

from django.db import models

from obligations.levels import Level
from obligations.models.requirements import Requirement


class LevelDue(models.Model):
    """By when organizations of one level owe a requirement, so that those above have time to review it.

    The region sets it over its own requirement. Only an earlier date than the requirement's has any effect.
    """

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="level_dues", verbose_name="требование")
    level = models.CharField("уровень", max_length=24, choices=Level)
    due_on = models.DateField("срок")

    class Meta:
        verbose_name = "срок уровня"
        verbose_name_plural = "сроки уровней"
        constraints = [
            models.UniqueConstraint(fields=["requirement", "level"], name="level_due_once"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.number}, {self.get_level_display()}: {self.due_on:%d.%m.%Y}"
