"""How people are reminded: by which rule, by mail or not, and whom one called."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Organization, Region, User
from obligations.chasing.querysets import CallNoteQuerySet
from obligations.chasing.schedules import MOST_DAYS, ReminderSchedule
from obligations.models.requirements import Requirement


def validate_days(value: Any) -> None:
    """Refuse what is no list of days before a due date."""
    if not isinstance(value, list) or not all(isinstance(day, int) and 0 <= day <= MOST_DAYS for day in value):
        raise ValidationError("Дни напоминаний — список целых чисел.")


class ReminderRule(models.Model):
    """When a region reminds of its obligations and whom it tells of overdue ones.

    Append-only: the newest row of a requirement stands, the rows before it are the history. A row
    without a requirement is the region's own order of things; ``is_general`` on a requirement's row
    says that from there on it follows the region again.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="reminder_rules", verbose_name="субъект РФ")
    requirement = models.ForeignKey(
        Requirement,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_rules",
        verbose_name="требование",
    )
    is_general = models.BooleanField("действует общий порядок", default=False)
    days = models.JSONField("за сколько дней напоминать", default=list, validators=[validate_days])
    coordinator_after = models.PositiveSmallIntegerField("проверяющему — при просрочке более, дней")
    ministry_after = models.PositiveSmallIntegerField("министерству — при просрочке более, дней")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    class Meta:
        verbose_name = "порядок напоминаний"
        verbose_name_plural = "порядок напоминаний"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_general=False) | Q(requirement__isnull=False),
                name="reminder_rule_general_of_requirement",
            ),
            models.CheckConstraint(
                condition=Q(coordinator_after__lte=F("ministry_after")), name="reminder_rule_climbs_the_ladder"
            ),
        ]
        indexes = [models.Index(fields=["region", "requirement"])]

    def __str__(self) -> str:
        return f"{self.region}, {self.requirement or 'общий порядок'}"

    @property
    def schedule(self) -> ReminderSchedule:
        """What the row says."""
        return ReminderSchedule(tuple(sorted(self.days, reverse=True)), self.coordinator_after, self.ministry_after)


class MailFrequency(models.TextChoices):
    """How often a person wants the part of the digest that is no duty."""

    DAILY = "daily", "Каждый рабочий день"
    WEEKLY = "weekly", "Раз в неделю, в первый рабочий день"


class MailPreference(models.Model):
    """How a person wants to hear of what burns not yet; no row means mail, every working day.

    What is overdue or due on the day goes by mail whatever stands here: a legal duty is not silenced.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="mail_preference", verbose_name="кто")
    by_mail = models.BooleanField("присылать и письмом", default=True)
    frequency = models.CharField("как часто", max_length=8, choices=MailFrequency, default=MailFrequency.DAILY)

    class Meta:
        verbose_name = "настройка писем"
        verbose_name_plural = "настройки писем"

    def __str__(self) -> str:
        return f"{self.user}: {self.get_frequency_display()}"


class CallNote(models.Model):
    """Somebody called an organization about what it is overdue on; append-only."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="call_notes", verbose_name="организация"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто звонил")
    at = models.DateTimeField("когда")
    note = models.CharField("о чём договорились", max_length=500, blank=True)

    objects = CallNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "отметка о звонке"
        verbose_name_plural = "отметки о звонках"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organization", "-at"])]

    def __str__(self) -> str:
        return f"{self.organization}, {self.at:%d.%m.%Y}"

    def day(self) -> date:
        """The day of the call on the region's clocks."""
        return self.organization.region.local(self.at).date()
