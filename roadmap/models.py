"""Roadmaps: editions of an order's annex, their sections, items and dated occurrences."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.academic_years import AcademicYear
from accounts.models import Body, Organization, OrganizationKind, Region, User
from obligations.levels import Level
from obligations.models import Requirement, RequirementForm, sortable_number
from roadmap.deadlines import Occurrence as DatedOccurrence
from roadmap.deadlines import Schedule, ScheduleKind, Why, explain
from roadmap.querysets import ItemQuerySet, RoadmapQuerySet


class RoadmapState(models.TextChoices):
    """Where an edition stands."""

    DRAFT = "draft", "Проект"
    APPROVED = "approved", "Действует"
    SUPERSEDED = "superseded", "Заменена"
    WITHDRAWN = "withdrawn", "Отозвана"


class Roadmap(models.Model):
    """One edition of an order's annex for one academic year; editions supersede each other.

    With an owner it is the roadmap of a municipality or a school, derived from the edition above it (``parent``):
    it inherits all items, may be stricter, never looser.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="roadmaps", verbose_name="субъект РФ")
    owner = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roadmaps",
        verbose_name="чья",
        help_text="Пусто — дорожная карта субъекта РФ.",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        verbose_name="на основе какой редакции",
    )
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name="из какой редакции перенесена",
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    order_number = models.CharField("номер приказа", max_length=40)
    order_date = models.DateField("дата приказа")
    title = models.TextField("наименование")
    edition = models.PositiveSmallIntegerField("редакция", default=1)
    state = models.CharField("состояние", max_length=12, choices=RoadmapState, default=RoadmapState.DRAFT)
    is_demonstration = models.BooleanField("демонстрационные данные", default=False)
    source_text = models.TextField("исходный текст", blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто создал"
    )
    created_at = models.DateTimeField("создана")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто утвердил"
    )
    approved_at = models.DateTimeField("утверждена", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="каким приказом заменена",
        help_text="Пусто, если её заменила редакция того же приказа.",
    )
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто отозвал"
    )
    withdrawn_at = models.DateTimeField("отозвана", null=True, blank=True)
    withdrawal_reason = models.TextField("почему отозвана", blank=True)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        verbose_name = "дорожная карта"
        verbose_name_plural = "дорожные карты"
        ordering = ["-academic_year", "-order_date", "-edition", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "academic_year", "order_number", "edition"],
                condition=Q(owner=None),
                name="roadmap_edition_once",
            ),
            models.UniqueConstraint(
                fields=["region", "academic_year", "order_number"],
                condition=Q(state="approved", owner=None),
                name="roadmap_one_edition_in_force",
            ),
            models.UniqueConstraint(
                fields=["owner", "academic_year", "order_number", "edition"], name="roadmap_own_edition_once"
            ),
            models.UniqueConstraint(
                fields=["owner", "academic_year", "order_number"],
                condition=Q(state="approved"),
                name="roadmap_own_one_edition_in_force",
            ),
            models.CheckConstraint(
                condition=Q(owner=None, parent=None) | Q(owner__isnull=False, parent__isnull=False),
                name="roadmap_own_is_derived",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", approved_at=None) | (~Q(state="draft") & Q(approved_at__isnull=False)),
                name="roadmap_approved_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""))
                | (~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawal_reason="")),
                name="roadmap_withdrawn_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Дорожная карта на {self.year} учебный год, {self.order_label}"

    def get_absolute_url(self) -> str:
        """The page of the roadmap."""
        return reverse("roadmap:detail", args=[self.pk])

    @property
    def year(self) -> AcademicYear:
        """The academic year of the edition."""
        return AcademicYear(self.academic_year)

    @property
    def order_label(self) -> str:
        """Name the order: «приказ № 2381 от 25.08.2023»."""
        label = f"приказ №\u00a0{self.order_number} от\u00a0{self.order_date:%d.%m.%Y}"
        if self.owner is not None:
            label = f"{self.owner.short_name}: {label}"
        return f"{label}, редакция {self.edition}" if self.edition > 1 else label

    @property
    def is_own(self) -> bool:
        """It belongs to a municipality or a school, not to the region."""
        return self.owner_id is not None

    @property
    def has_matrix(self) -> bool:
        """Organizations can be seen beside one another: not in the roadmap of a school, which stands alone."""
        return self.owner is None or self.owner.kind != OrganizationKind.SCHOOL

    @property
    def is_draft(self) -> bool:
        """A draft can be corrected; an approved edition is fixed."""
        return self.state == RoadmapState.DRAFT

    @property
    def is_in_force(self) -> bool:
        """The edition that organizations are to carry out now."""
        return self.state == RoadmapState.APPROVED


class Section(models.Model):
    """A section of a roadmap."""

    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="sections", verbose_name="дорожная карта")
    number = models.CharField("номер", max_length=20)
    title = models.TextField("наименование")
    position = models.PositiveSmallIntegerField("порядок")

    class Meta:
        verbose_name = "раздел"
        verbose_name_plural = "разделы"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["roadmap", "position"], name="section_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Item(models.Model):
    """One thing the order asks for: 1.7 «Проведение мониторинга готовности…»."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="items", verbose_name="раздел")
    number = models.CharField("номер", max_length=20)
    number_sort = models.CharField("номер для сортировки", max_length=60, editable=False)
    position = models.PositiveSmallIntegerField("порядок")
    title = models.TextField("мероприятие")
    deadline_text = models.CharField("срок исполнения", max_length=300, blank=True)
    schedule_kind = models.CharField(
        "вид срока",
        max_length=16,
        choices=[(kind.value, kind.value) for kind in ScheduleKind],
        default=ScheduleKind.UNRESOLVED.value,
    )
    schedule_note = models.CharField("примечание к сроку", max_length=300, blank=True)
    expected_result = models.TextField("ожидаемые результаты", blank=True)
    form = models.CharField("чем закрывается", max_length=16, choices=RequirementForm, default=RequirementForm.EVIDENCE)
    doubts = models.JSONField("что проверить", default=list, blank=True)
    inherited_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inherited_by",
        verbose_name="из вышестоящей дорожной карты",
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "мероприятие"
        verbose_name_plural = "мероприятия"
        ordering = ["section__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["section", "position"], name="item_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sortable number in step with the number."""
        self.number_sort = sortable_number(self.number)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The page of the item."""
        return reverse("roadmap:item", args=[self.pk])

    @property
    def is_inherited(self) -> bool:
        """It comes from the edition above: dates may be earlier, bodies may be added, nothing else."""
        return self.inherited_from_id is not None

    @property
    def is_dated(self) -> bool:
        """At least one date is named, by the words or by a person."""
        return bool(self.occurrences.all())

    @property
    def schedule(self) -> Schedule:
        """The words of the deadline with the dates that stand for them now, whoever set them."""
        return Schedule(
            text=self.deadline_text,
            kind=ScheduleKind(self.schedule_kind),
            occurrences=tuple(DatedOccurrence(row.start_on, row.due_on) for row in self.occurrences.all()),
            note=self.schedule_note,
        )

    @property
    def reading(self) -> str:
        """The deadline as the portal understands it: «срок: 20.10.2023»; a person's dates speak for themselves."""
        schedule = self.schedule
        if schedule.occurrences and schedule.kind in (ScheduleKind.UNRESOLVED, ScheduleKind.SEPARATE_PLAN):
            schedule = replace(schedule, kind=ScheduleKind.ON_DATES)
        return explain(schedule)


class DateOrigin(models.TextChoices):
    """How a date of an edition that was started from another year's came about."""

    SAME_DAY = Why.SAME_DAY.value, "то же число"
    DAY_OFF = Why.DAY_OFF.value, "выходной или праздник: ближайший рабочий день"
    WEEKDAY = Why.WEEKDAY.value, "тот же день недели"
    MONTH_END = Why.MONTH_END.value, "конец периода"
    BY_HAND = "by_hand", "исправлено вручную"


class Occurrence(models.Model):
    """One dated occurrence of an item's schedule; approved, it has a requirement."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="occurrences", verbose_name="мероприятие")
    start_on = models.DateField("начало", null=True, blank=True)
    due_on = models.DateField("срок")
    requirement = models.OneToOneField(
        Requirement, models.PROTECT, null=True, blank=True, related_name="occurrence", verbose_name="требование"
    )
    inherited_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inherited_by",
        verbose_name="срок в вышестоящей дорожной карте",
    )
    latest_on = models.DateField("не позднее", null=True, blank=True)
    moved_from = models.DateField("срок в прошлой редакции", null=True, blank=True)
    moved_why = models.CharField("как получен срок", max_length=12, choices=DateOrigin, blank=True)
    # Fields and not rows of their own: a date that is written anew takes them along.
    municipality_due_on = models.DateField("срок муниципалитетов", null=True, blank=True)
    school_due_on = models.DateField("срок школ муниципалитетов", null=True, blank=True)
    regional_school_due_on = models.DateField("срок школ регионального подчинения", null=True, blank=True)
    levels_decided = models.BooleanField("сроки по уровням решены", default=False)

    class Meta:
        verbose_name = "срок мероприятия"
        verbose_name_plural = "сроки мероприятий"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "due_on"], name="occurrence_once"),
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(start_on__lte=F("due_on")), name="occurrence_starts_before_due"
            ),
            models.CheckConstraint(
                condition=Q(inherited_from=None, latest_on=None)
                | Q(inherited_from__isnull=False, latest_on__isnull=False, due_on__lte=F("latest_on")),
                name="occurrence_inherited_is_no_later",
            ),
            models.CheckConstraint(
                condition=(Q(municipality_due_on=None) | Q(municipality_due_on__lte=F("due_on")))
                & (Q(school_due_on=None) | Q(school_due_on__lte=F("due_on")))
                & (Q(regional_school_due_on=None) | Q(regional_school_due_on__lte=F("due_on"))),
                name="occurrence_levels_are_no_later",
            ),
            models.CheckConstraint(
                condition=Q(levels_decided=True)
                | Q(municipality_due_on=None, school_due_on=None, regional_school_due_on=None),
                name="occurrence_levels_are_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_stricter(self) -> bool:
        """It is due earlier than the edition above asks."""
        return self.latest_on is not None and self.due_on < self.latest_on

    @property
    def levels(self) -> dict[str, date | None]:
        """By when each level owes it, as a person decided in the draft; None is the occurrence's own date."""
        return {
            Level.MUNICIPALITY: self.municipality_due_on,
            Level.SCHOOL: self.school_due_on,
            Level.REGIONAL_SCHOOL: self.regional_school_due_on,
        }

    def decide_levels(self, dues: Mapping[str, date | None] | None) -> None:
        """Take dates of levels over (those left out have the occurrence's own), or None: nobody decided. Unsaved."""
        self.levels_decided = dues is not None
        dues = dues or {}
        self.municipality_due_on = dues.get(Level.MUNICIPALITY)
        self.school_due_on = dues.get(Level.SCHOOL)
        self.regional_school_due_on = dues.get(Level.REGIONAL_SCHOOL)

    @property
    def label(self) -> str:
        """The occurrence in figures: «01.07.2023 — 31.07.2023» or «10.07.2023»."""

        def day(value: date) -> str:
            return f"{value:%d.%m.%Y}"

        return f"{day(self.start_on)}\u00a0— {day(self.due_on)}" if self.start_on else day(self.due_on)


class ItemBody(Body):
    """A responsible body of an item as the cell names it; neither resolved nor grouped until mapped."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="bodies", verbose_name="мероприятие")
    text = models.TextField("как написано в документе")
    position = models.PositiveSmallIntegerField("порядок")

    class Meta:
        verbose_name = "исполнитель"
        verbose_name_plural = "исполнители"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="item_body_position_once"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_resolved(self) -> bool:
        """The text was matched to an organization or a group."""
        return self.organization_id is not None or bool(self.group)

    @property
    def label(self) -> str:
        """Whom the text was matched to, or the text itself."""
        return self.body_label() if self.is_resolved else self.text
