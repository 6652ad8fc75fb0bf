"""Letters that remind people."""

from django.db import models

from accounts.models import Region, User


class Digest(models.Model):
    """One letter to one person on one day about what is overdue and what is due soon.

    A row is written before anything is sent, and marked sent in the transaction that holds its
    lock, so that a run killed half-way goes on where it stopped.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="digests", verbose_name="кому")
    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name="субъект РФ")
    day = models.DateField("день")
    subject = models.CharField("тема", max_length=255)
    body = models.TextField("текст")
    html = models.TextField("текст с разметкой", blank=True)
    by_mail = models.BooleanField("отправляется письмом", default=True)
    created_at = models.DateTimeField("составлено")
    sent_at = models.DateTimeField("отправлено", null=True, blank=True)
    failure = models.TextField("ошибка отправки", blank=True)

    class Meta:
        verbose_name = "сводка-напоминание"
        verbose_name_plural = "сводки-напоминания"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "region", "day"], name="digest_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
