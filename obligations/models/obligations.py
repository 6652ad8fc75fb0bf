"""What is owed: obligations and the steps of their review."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models.requirements import Requirement
from obligations.querysets import ObligationQuerySet, ReviewStepQuerySet
from obligations.states import ACT_DONE, AT_REVIEWER, QUIET, WITH_OWNER, Act, ReturnReason, State


class Obligation(models.Model):
    """One requirement owed by one organization: the unit of tracking."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="obligations", verbose_name="требование")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="obligations", verbose_name="организация"
    )
    state = models.CharField("состояние", max_length=16, choices=State, default=State.OPEN)
    due_on = models.DateField("срок")
    extended_from = models.DateField("срок до продлений", null=True, blank=True)
    note = models.TextField("пояснение исполнителя", blank=True)
    first_submitted_at = models.DateTimeField("впервые сдано", null=True, blank=True)
    submitted_at = models.DateTimeField("сдано", null=True, blank=True)
    decided_at = models.DateTimeField("решение принято", null=True, blank=True)
    created_at = models.DateTimeField("поручено")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "поручение"
        verbose_name_plural = "поручения"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "organization"], name="obligation_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SUBMITTED, State.DECLARED_NIL, State.ACCEPTED, State.RETURNED])
                | Q(submitted_at__isnull=False),
                name="obligation_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACCEPTED, State.RETURNED]) | Q(decided_at__isnull=False),
                name="obligation_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(extended_from=None) | Q(extended_from__lt=models.F("due_on")),
                name="obligation_extended_is_later",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_on"]),
            models.Index(fields=["submitted_at"], condition=Q(state__in=AT_REVIEWER), name="obligation_at_reviewer"),
            models.Index(fields=["due_on"], condition=Q(state__in=WITH_OWNER), name="obligation_with_owner"),
            # How far each of a thousand schools is behind is read from here alone.
            models.Index(
                fields=["organization", "due_on", "requirement"],
                condition=Q(state__in=WITH_OWNER),
                name="obligation_behind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.number} — {self.organization}"

    def get_absolute_url(self) -> str:
        """The page of the obligation."""
        return reverse("obligations:detail", args=[self.pk])

    @property
    def is_with_owner(self) -> bool:
        """The owner has the next move and may edit."""
        return self.state in WITH_OWNER

    @property
    def is_at_reviewer(self) -> bool:
        """The reviewer has the next move."""
        return self.state in AT_REVIEWER

    @property
    def state_label(self) -> str:
        """The state for people; a submission after a return is told apart."""
        if self.state == State.SUBMITTED and self.submitted_at != self.first_submitted_at:
            return "Сдано повторно"
        return self.get_state_display()

    def is_overdue(self, today: date) -> bool:
        """Not handed in, and the due date has passed (it is inclusive)."""
        return self.is_with_owner and self.due_on < today


class ReviewStep(models.Model):
    """One transition of one obligation; append-only: history and, for mail, outbox."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="steps", verbose_name="поручение")
    act = models.CharField("действие", max_length=16, choices=Act)
    from_state = models.CharField("из состояния", max_length=16, choices=State)
    to_state = models.CharField("в состояние", max_length=16, choices=State)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="review_steps", verbose_name="кто")
    at = models.DateTimeField("когда")
    reason = models.CharField("причина возврата", max_length=16, choices=ReturnReason, blank=True)
    comment = models.TextField("комментарий", blank=True)
    note = models.TextField("пояснение исполнителя на тот момент", blank=True)
    due_before = models.DateField("срок был", null=True, blank=True)
    due_after = models.DateField("срок стал", null=True, blank=True)
    counterpart = models.ForeignKey(
        Obligation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="откуда или куда передано",
    )

    objects = ReviewStepQuerySet.as_manager()

    class Meta:
        verbose_name = "шаг согласования"
        verbose_name_plural = "шаги согласования"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act=Act.RETURN) | (~Q(reason="") & ~Q(comment="")), name="return_says_why"
            ),
            models.CheckConstraint(
                condition=Q(due_before=None, due_after=None) | Q(due_before__isnull=False, due_after__isnull=False),
                name="step_moves_due_from_and_to",
            ),
            models.CheckConstraint(
                condition=~Q(act__in=[Act.REASSIGN, Act.RECEIVE]) | Q(counterpart__isnull=False),
                name="reassignment_has_two_sides",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(act=Act.RETURN), name="step_returns"),
            models.Index(fields=["obligation"], condition=Q(act=Act.RECEIVE), name="step_received"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} — {self.obligation_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the step once: history is added to, never rewritten."""
        if not self._state.adding:
            raise TypeError("A review step is history: write a new one.")
        super().save(*args, **kwargs)

    @property
    def done_label(self) -> str:
        """The step told as a fact: «Возвращено на доработку»."""
        return ACT_DONE[self.act]

    @property
    def is_handing_in(self) -> bool:
        """The owner handed in by this step: a submission or a declaration that there is nothing to report."""
        return self.act in (Act.SUBMIT, Act.DECLARE_NIL)

    @property
    def is_nil(self) -> bool:
        """The owner declared that there is nothing to report."""
        return self.act == Act.DECLARE_NIL

    @property
    def moves_state(self) -> bool:
        """The obligation passed from one state into another; a move of the date alone does not."""
        return self.act not in QUIET

    @property
    def sends_back(self) -> bool:
        """The obligation came back to its owner with a remark."""
        return self.act in (Act.RETURN, Act.REOPEN)
