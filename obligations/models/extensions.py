"""Extensions: more time, asked for by the one who owes, granted or refused by the reviewer."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from obligations.models.obligations import Obligation
from obligations.querysets import ExtensionQuerySet


class ExtensionState(models.TextChoices):
    """What came of a request for more time."""

    OPEN = "open", "Ждёт решения"
    GRANTED = "granted", "Срок продлён"
    REFUSED = "refused", "Отказано"
    WITHDRAWN = "withdrawn", "Отозвано"
    CLOSED = "closed", "Закрыто без решения"


DECIDED = (ExtensionState.GRANTED, ExtensionState.REFUSED)


class Extension(models.Model):
    """One request for a later due date and what was decided.

    Granted, it moves ``Obligation.due_on``; there is at most one open request for an obligation. One that
    lost its point, because the obligation was handed in or taken off, closes by itself.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="extensions", verbose_name="поручение")
    state = models.CharField("состояние", max_length=12, choices=ExtensionState, default=ExtensionState.OPEN)
    due_before = models.DateField("срок на день запроса")
    wanted_on = models.DateField("запрошен срок")
    grounds = models.TextField("основание")
    file = models.FileField("файл", upload_to="extensions/%Y/%m", max_length=255, blank=True)
    title = models.CharField("название файла", max_length=255, blank=True)
    size = models.PositiveIntegerField("размер, байт", default=0)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто запросил"
    )
    asked_at = models.DateTimeField("запрошено")
    granted_on = models.DateField("продлён до", null=True, blank=True)
    comment = models.TextField("комментарий проверяющего", blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто решил или отозвал"
    )
    ended_at = models.DateTimeField("решено", null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "продление срока"
        verbose_name_plural = "продления сроков"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(state=ExtensionState.OPEN), name="extension_one_open"
            ),
            models.CheckConstraint(condition=Q(wanted_on__gt=F("due_before")), name="extension_is_later"),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.GRANTED, granted_on__gt=F("due_before"))
                | (~Q(state=ExtensionState.GRANTED) & Q(granted_on=None)),
                name="extension_granted_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.OPEN, ended_at=None)
                | (~Q(state=ExtensionState.OPEN) & Q(ended_at__isnull=False)),
                name="extension_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(comment=""), name="extension_refused_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state=ExtensionState.OPEN), name="extension_open"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation}: до {self.wanted_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """The page on which it is decided."""
        return reverse("obligations:extension", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """It waits for a decision."""
        return self.state == ExtensionState.OPEN

    @property
    def is_granted(self) -> bool:
        """The due date was moved."""
        return self.state == ExtensionState.GRANTED

    @property
    def is_decided_by_asker(self) -> bool:
        """One person asked and decided: where nobody stands above, as at the ministry, that is allowed and marked."""
        return self.state in DECIDED and self.ended_by_id is not None and self.ended_by_id == self.asked_by_id
