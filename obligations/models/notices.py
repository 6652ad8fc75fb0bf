"""What stands behind the bell of every page."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from obligations.chasing.querysets import NoticeQuerySet
from obligations.models.obligations import Obligation, ReviewStep


class NoticeKind(models.TextChoices):
    """What a notice of the bell is about."""

    RETURNED = "returned", "Возвращено на доработку"
    ACCEPTED = "accepted", "Принято"
    REOPENED = "reopened", "Открыто повторно"
    CANCELLED = "cancelled", "Снято"
    RESTORED = "restored", "Восстановлено"
    REASSIGNED = "reassigned", "Передано другой организации"
    ASKED = "asked", "Запрошено продление срока"
    EXTENSION = "extension", "Решение о продлении срока"
    ASSIGNED = "assigned", "Новые поручения"
    DUE_MOVED = "due_moved", "Срок перенесён"
    ROADMAP = "roadmap", "Утверждена дорожная карта"
    DIGEST = "digest", "Сводка"
    EXPORT = "export", "Выгрузка"
    IMPORT = "import", "Загрузка списка"


class Notice(models.Model):
    """Something a person should know of, behind the bell of every page.

    One that tells of a step points to it and says nothing of its own; the others carry their words, and the obligation
    where they tell of a single one. However many obligations an event touches, a person hears of it once.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="кому")
    kind = models.CharField("вид", max_length=12, choices=NoticeKind)
    step = models.ForeignKey(ReviewStep, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="шаг")
    obligation = models.ForeignKey(
        Obligation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="единственное поручение"
    )
    text = models.CharField("о чём", max_length=500, blank=True)
    url = models.CharField("куда ведёт", max_length=300, blank=True)
    count = models.PositiveIntegerField("поручений", default=1)
    at = models.DateTimeField("когда")
    read_at = models.DateTimeField("прочитано", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "уведомление"
        verbose_name_plural = "уведомления"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "step"], name="notice_of_step_once"),
            models.CheckConstraint(condition=Q(step__isnull=False) | ~Q(url=""), name="notice_leads_somewhere"),
        ]
        indexes = [
            models.Index(fields=["user", "-at"]),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} — {self.user_id}"

    @property
    def target(self) -> str:
        """The address the notice leads to."""
        one = self.step.obligation_id if self.step else self.obligation_id
        return reverse("obligations:detail", args=[one]) if one else self.url
