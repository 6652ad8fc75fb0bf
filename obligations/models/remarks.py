"""Remarks: what the reviewer wants mended, each at its place in the submission."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from obligations.models.evidence import Evidence
from obligations.models.obligations import Obligation, ReviewStep


class RemarkField(models.TextChoices):
    """What of a submission a remark is about."""

    WHOLE = "whole", "Поручение в целом"
    NOTE = "note", "Пояснение"
    EVIDENCE = "evidence", "Материал"
    PART = "part", "Часть формы"


class Remark(models.Model):
    """One remark made by a return. The owner marks it mended, with an answer or without; it blocks nothing."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="remarks", verbose_name="поручение")
    step = models.ForeignKey(ReviewStep, models.PROTECT, related_name="remarks", verbose_name="возврат")
    field = models.CharField("к чему", max_length=10, choices=RemarkField)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name="материал"
    )
    # A part of the form that closes the obligation (``closing.FormPart``), and what it was called on that day.
    part = models.CharField("часть формы", max_length=60, blank=True)
    part_label = models.CharField("название части формы", max_length=300, blank=True)
    text = models.TextField("замечание")
    answer = models.TextField("ответ исполнителя", blank=True)
    resolved_at = models.DateTimeField("исправлено", null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто исправил"
    )

    class Meta:
        verbose_name = "замечание"
        verbose_name_plural = "замечания"
        ordering = ["step", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_what"),
            models.CheckConstraint(
                condition=Q(field=RemarkField.EVIDENCE, evidence__isnull=False)
                | (~Q(field=RemarkField.EVIDENCE) & Q(evidence=None)),
                name="remark_to_evidence_names_it",
            ),
            models.CheckConstraint(
                condition=(Q(field=RemarkField.PART) & ~Q(part="") & ~Q(part_label=""))
                | (~Q(field=RemarkField.PART) & Q(part="", part_label="")),
                name="remark_to_part_names_it",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False), name="remark_resolved_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.text[:60]}"

    @property
    def place(self) -> str:
        """What it is about, for people: «Пояснение», «Файл «Приказ.pdf»», a line of a plan."""
        if self.part_label:
            return self.part_label
        if self.evidence is None:
            return self.get_field_display()
        return f"{self.evidence.get_kind_display()} «{self.evidence.title}»"

    @property
    def is_resolved(self) -> bool:
        """The owner says it is mended."""
        return self.resolved_at is not None
