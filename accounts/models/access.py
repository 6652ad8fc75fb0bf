"""How people get in: attempts to sign in, sessions, resets of passwords, and the journal of all this."""

from django.db import models

from accounts.models.people import User
from accounts.querysets import PersonSessionQuerySet


class SignInAttempt(models.Model):
    """An attempt to sign in that did not succeed (yet); success removes the attempts of its pair.

    Written before the password is looked at, so that many attempts at once count as many.
    """

    email = models.CharField("электронная почта", max_length=254)
    address = models.GenericIPAddressField("сетевой адрес", null=True, blank=True)
    at = models.DateTimeField("когда")

    class Meta:
        verbose_name = "неудачная попытка входа"
        verbose_name_plural = "неудачные попытки входа"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["email", "at"]),
            models.Index(fields=["address", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.at:%d.%m.%Y %H:%M}"


class PersonSession(models.Model):
    """A browser in which a person is signed in (сеанс); the row goes when the session ends."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", verbose_name="пользователь")
    session_key = models.CharField("ключ сеанса", max_length=40, unique=True)
    address = models.GenericIPAddressField("сетевой адрес", null=True, blank=True)
    agent = models.CharField("браузер", max_length=400, blank=True)
    signed_in_at = models.DateTimeField("вход")
    seen_at = models.DateTimeField("последнее действие")

    objects = PersonSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "сеанс"
        verbose_name_plural = "сеансы"
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}, {self.signed_in_at:%d.%m.%Y %H:%M}"


class PasswordReset(models.Model):
    """Somebody asked for a new password for an address; whether anybody has that address is not said.

    The row is the work, as with invitations: the worker writes to those who exist. The rows of the
    last hour are what the throttle counts.
    """

    email = models.CharField("электронная почта", max_length=254)
    address = models.GenericIPAddressField("сетевой адрес", null=True, blank=True)
    asked_at = models.DateTimeField("когда попросили")
    done_at = models.DateTimeField("обработано", null=True, blank=True)

    class Meta:
        verbose_name = "восстановление пароля"
        verbose_name_plural = "восстановления паролей"
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["email", "asked_at"]),
            models.Index(fields=["address", "asked_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.asked_at:%d.%m.%Y %H:%M}"


class AccessEventKind(models.TextChoices):
    """What happened to a person's access."""

    SIGNED_IN = "signed_in", "Вход"
    LOCKED = "locked", "Вход приостановлен после неудачных попыток"
    UNLOCKED = "unlocked", "Вход разблокирован"
    PASSWORD_CHANGED = "password_changed", "Пароль изменён"
    PASSWORD_RESET = "password_reset", "Пароль задан заново по ссылке из письма"
    FACTOR_ADDED = "factor_added", "Подключено подтверждение входа"
    FACTOR_REMOVED = "factor_removed", "Отключено подтверждение входа"
    FACTOR_RESET = "factor_reset", "Подтверждение входа сброшено администратором"
    SESSIONS_ENDED = "sessions_ended", "Сеансы завершены"
    INVITED = "invited", "Отправлено приглашение"
    JOINED = "joined", "Принято приглашение"
    HANDED_OVER = "handed_over", "Обязанности переданы"
    LINKED = "linked", "Привязан вход через внешнюю систему"


class AccessEvent(models.Model):
    """One line of the journal of access; append-only."""

    user = models.ForeignKey(User, models.CASCADE, related_name="access_events", verbose_name="чей доступ")
    kind = models.CharField("событие", max_length=20, choices=AccessEventKind)
    at = models.DateTimeField("когда")
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="кто сделал, если не сам"
    )
    address = models.GenericIPAddressField("сетевой адрес", null=True, blank=True)
    note = models.CharField("подробности", max_length=300, blank=True)

    class Meta:
        verbose_name = "событие доступа"
        verbose_name_plural = "журнал доступа"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "kind", "-at"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
