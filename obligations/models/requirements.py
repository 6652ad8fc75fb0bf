"""What is asked: requirements and whom they are asked of."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.academic_years import AcademicYear
from accounts.models import Body, Organization, Region


class RequirementForm(models.TextChoices):
    """What closes the obligations of a requirement."""

    EVIDENCE = "evidence", "Подтверждающие материалы"
    PLAN = "plan", "План школы"
    SELF_CHECK = "self_check", "Самодиагностика"


class Requirement(models.Model):
    """One thing asked, with one due date, of a set of organizations."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="requirements", verbose_name="субъект РФ")
    issuer = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requirements_issued",
        verbose_name="кто поручил",
        help_text="Пусто — региональный приказ. Иначе требование касается самой организации и подотчётных ей.",
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    form = models.CharField("чем закрывается", max_length=16, choices=RequirementForm, default=RequirementForm.EVIDENCE)
    number = models.CharField("номер", max_length=20)
    number_sort = models.CharField("номер для сортировки", max_length=60, editable=False)
    title = models.TextField("мероприятие")
    section_title = models.TextField("раздел", blank=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    basis = models.CharField("основание", max_length=300)
    deadline_text = models.CharField("срок, как в документе", max_length=300, blank=True)
    start_on = models.DateField("начало", null=True, blank=True)
    due_on = models.DateField("срок")

    class Meta:
        verbose_name = "требование"
        verbose_name_plural = "требования"
        ordering = ["due_on", "number_sort", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(start_on__lte=F("due_on")), name="requirement_starts_before_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sortable number in step with the number."""
        self.number_sort = sortable_number(self.number)
        super().save(*args, **kwargs)

    @property
    def year(self) -> AcademicYear:
        """The academic year of the requirement."""
        return AcademicYear(self.academic_year)


def sortable_number(number: str) -> str:
    """Pad each part of «1.10» so that it sorts after «1.9» as text: «0001.0010»."""
    return ".".join(part.strip().zfill(4) for part in number.strip(". ").split("."))


class RequirementBody(Body):
    """Whom a requirement is asked of: one organization or a group."""

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="bodies", verbose_name="требование")

    class Meta:
        verbose_name = "исполнитель требования"
        verbose_name_plural = "исполнители требования"
        constraints = [
            models.CheckConstraint(
                condition=(Q(organization=None) & ~Q(group="")) | (Q(organization__isnull=False) & Q(group="")),
                name="requirement_body_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.body_label()


class Tightening(models.Model):
    """An earlier due date that an organization set for itself and those below it, over a requirement from above.

    What is owed there is due on the earliest of the requirement's date and such dates; a later one has no effect.
    """

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="tightenings", verbose_name="требование")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="tightenings", verbose_name="кто установил"
    )
    due_on = models.DateField("срок")
    basis = models.CharField(
        "чем установлен", max_length=300, blank=True, help_text="Приказ, который назвал этот срок."
    )

    class Meta:
        verbose_name = "более ранний срок"
        verbose_name_plural = "более ранние сроки"
        constraints = [
            models.UniqueConstraint(fields=["requirement", "organization"], name="tightening_once"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.number} — {self.organization}: {self.due_on:%d.%m.%Y}"
