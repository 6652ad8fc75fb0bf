"""Schools that are renamed, joined, parted or closed by an order, from a day."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organization, Region, User
from schools.querysets import ReorganizationQuerySet


class ReorganizationKind(models.TextChoices):
    """What happens to schools; the words are those of article 57 of the Civil Code."""

    RENAME = "rename", "Переименование"
    MERGER = "merger", "Слияние"
    ACCESSION = "accession", "Присоединение"
    SPLIT = "split", "Разделение"
    SPIN_OFF = "spin_off", "Выделение"
    CLOSURE = "closure", "Ликвидация"


class Reorganization(models.Model):
    """A reorganization that was ordered: carried out at once, or kept until its day has come.

    Kinds differ in what becomes of the parties: a merger closes all predecessors and opens one school, an accession
    closes them and goes on in a school that exists, a split closes one and opens several, a spin-off opens one beside
    it, a closure has no successor.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="reorganizations", verbose_name="субъект РФ")
    kind = models.CharField("вид", max_length=12, choices=ReorganizationKind)
    on = models.DateField("с какого дня")
    order_number = models.CharField("номер приказа", max_length=60)
    order_date = models.DateField("дата приказа")
    reason = models.TextField("пояснение", blank=True)
    moves_people = models.BooleanField("ответственные переходят в школу-преемник", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто внёс")
    at = models.DateTimeField("когда внесено")
    carried_out_at = models.DateTimeField("исполнено", null=True, blank=True)
    called_off_at = models.DateTimeField("отменено", null=True, blank=True)
    called_off_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто отменил"
    )
    # Why it could not be carried out on its day; tried again each night until called off.
    failure = models.TextField("почему не исполнено", blank=True)
    obligations_added = models.PositiveIntegerField("добавлено поручений", default=0)
    obligations_cancelled = models.PositiveIntegerField("снято поручений", default=0)
    people_moved = models.PositiveIntegerField("людей переведено", default=0)
    people_released = models.PositiveIntegerField("людей освобождено", default=0)

    objects = ReorganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "реорганизация"
        verbose_name_plural = "реорганизации"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(order_number=""), name="reorganization_has_an_order"),
            models.CheckConstraint(
                condition=Q(carried_out_at=None) | Q(called_off_at=None), name="reorganization_done_or_called_off"
            ),
            models.CheckConstraint(
                condition=Q(called_off_at=None, called_off_by=None)
                | Q(called_off_at__isnull=False, called_off_by__isnull=False),
                name="reorganization_called_off_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["on"],
                condition=Q(carried_out_at=None, called_off_at=None),
                name="reorganization_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} с {self.on:%d.%m.%Y}, {self.order_label}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("schools:reorganization", args=[self.pk])

    @property
    def order_label(self) -> str:
        """«приказ № 15 от 01.08.2023»."""
        return f"приказ №\u00a0{self.order_number} от {self.order_date:%d.%m.%Y}"

    @property
    def is_planned(self) -> bool:
        """It waits for its day."""
        return self.carried_out_at is None and self.called_off_at is None

    def is_due(self, today: date) -> bool:
        """Its day has come."""
        return self.is_planned and self.on <= today


class PartyRole(models.TextChoices):
    """On which side of a reorganization a school stands."""

    PREDECESSOR = "predecessor", "Предшественник"
    SUCCESSOR = "successor", "Преемник"


class ReorganizationParty(models.Model):
    """A school's part in a reorganization. A successor that is yet to be opened has no organization until then.

    ``name`` and ``short_name`` are what a successor is called from the day on (the new name of a renamed one);
    of a predecessor, what it was called.
    """

    reorganization = models.ForeignKey(
        Reorganization, models.CASCADE, related_name="parties", verbose_name="реорганизация"
    )
    role = models.CharField("сторона", max_length=12, choices=PartyRole)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reorganization_parts",
        verbose_name="школа",
    )
    is_new = models.BooleanField("открывается", default=False)
    name = models.CharField("полное наименование", max_length=500)
    short_name = models.CharField("краткое наименование", max_length=200)
    inn = models.CharField("ИНН", max_length=12, blank=True)
    parent = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кому подотчётна"
    )

    class Meta:
        verbose_name = "участник реорганизации"
        verbose_name_plural = "участники реорганизации"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reorganization", "role", "organization"],
                condition=Q(organization__isnull=False),
                name="reorganization_party_once",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | Q(is_new=True), name="reorganization_party_is_somebody"
            ),
            models.CheckConstraint(
                condition=Q(is_new=False) | Q(role="successor", parent__isnull=False),
                name="reorganization_new_school_has_a_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.short_name}"
