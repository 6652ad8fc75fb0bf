"""Invitations: how a person comes to the portal, by a one-time link sent to their address."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models.organizations import Organization, Region
from accounts.models.people import User
from accounts.querysets import InvitationBatchQuerySet, InvitationQuerySet
from accounts.roles import Role


class InvitationState(models.TextChoices):
    """Where an invitation stands. That it has expired is a matter of the clock, never a state."""

    QUEUED = "queued", "Готовится к отправке"
    SENT = "sent", "Отправлено"
    OPENED = "opened", "Открыто"
    ACTIVE = "active", "Принято"
    WITHDRAWN = "withdrawn", "Отозвано"
    FAILED = "failed", "Не доставлено"


# The link may still be used, or will be once the letter is on its way.
PENDING = (InvitationState.QUEUED, InvitationState.SENT, InvitationState.OPENED, InvitationState.FAILED)


class InvitationBatch(models.Model):
    """A bulk send (рассылка приглашений); how far it is is counted from its invitations."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="invitation_batches", verbose_name="субъект РФ")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    objects = InvitationBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "рассылка приглашений"
        verbose_name_plural = "рассылки приглашений"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Рассылка от {self.at:%d.%m.%Y}"


class Invitation(models.Model):
    """Somebody is asked to serve an organization in a role. The row is the work, the message only wakes it.

    The link's token is kept as a digest only; ``issue`` counts how often a letter was asked for, and
    each letter makes the links before it void.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="invitations", verbose_name="организация"
    )
    role = models.CharField("роль", max_length=16, choices=Role)
    email = models.EmailField("электронная почта")
    last_name = models.CharField("фамилия", max_length=80, blank=True)
    first_name = models.CharField("имя", max_length=80, blank=True)
    patronymic = models.CharField("отчество", max_length=80, blank=True)
    post = models.CharField("должность", max_length=200, blank=True)
    phone = models.CharField("телефон", max_length=40, blank=True)
    batch = models.ForeignKey(
        InvitationBatch, models.SET_NULL, null=True, blank=True, related_name="invitations", verbose_name="рассылка"
    )
    state = models.CharField("состояние", max_length=12, choices=InvitationState, default=InvitationState.QUEUED)
    issue = models.PositiveSmallIntegerField("номер письма", default=1)
    token_hash = models.CharField("свёртка ссылки", max_length=64, blank=True, editable=False)
    failure = models.CharField("почему не доставлено", max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="кто пригласил")
    created_at = models.DateTimeField("приглашение создано")
    queued_at = models.DateTimeField("поставлено в очередь")
    sent_at = models.DateTimeField("отправлено", null=True, blank=True)
    opened_at = models.DateTimeField("открыто", null=True, blank=True)
    accepted_at = models.DateTimeField("принято", null=True, blank=True)
    withdrawn_at = models.DateTimeField("отозвано", null=True, blank=True)
    expires_at = models.DateTimeField("действует до", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="accepted_invitations", verbose_name="кто принял"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "role", "email"], condition=Q(state__in=PENDING), name="invitation_once"
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="invitation_link_once"),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(accepted_at__isnull=False), name="invitation_accepted_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "opened"])
                | (Q(sent_at__isnull=False) & Q(expires_at__isnull=False) & ~Q(token_hash="")),
                name="invitation_sent_has_link",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"])]

    def __str__(self) -> str:
        return f"{self.email} — {self.organization}"

    @property
    def person(self) -> str:
        """«Фамилия Имя Отчество», as much as was known when the invitation was written."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def is_pending(self) -> bool:
        """Neither accepted nor withdrawn."""
        return self.state in PENDING

    def is_expired(self, now: datetime) -> bool:
        """The link has run out before anybody used it."""
        return (
            self.state in (InvitationState.SENT, InvitationState.OPENED)
            and self.expires_at is not None
            and self.expires_at <= now
        )
