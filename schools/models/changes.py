"""What changed in the registry of schools: old, new, who, when, from which day."""

from typing import Any

from django.db import models

from accounts.academic_years import AcademicYear
from accounts.models import Organization, User
from schools.querysets import RegistryChangeQuerySet


class RegistryField(models.TextChoices):
    """A fact of the registry whose changes are kept."""

    NAME = "name", "Полное наименование"
    SHORT_NAME = "short_name", "Краткое наименование"
    PARENT = "parent", "Кому подотчётна"
    INN = "inn", "ИНН"
    OGRN = "ogrn", "ОГРН"
    SITE = "site", "Сайт"
    IS_ACTIVE = "is_active", "Действует"
    HEAD_NAME = "head_name", "Руководитель"
    HEAD_POST = "head_post", "Должность руководителя"
    CONTACT_NAME = "contact_name", "Ответственный"
    CONTACT_POST = "contact_post", "Должность ответственного"
    CONTACT_EMAIL = "contact_email", "Эл. почта ответственного"
    CONTACT_PHONE = "contact_phone", "Телефон ответственного"
    LEVEL = "level", "Уровень"
    LEVEL_ORDER = "level_order", "Приказ об уровне"
    TICKET = "ticket", "«Билет в будущее»"
    ENROLMENT = "enrolment", "Контингент"
    PROFILE_CLASS = "profile_class", "Профильный класс"


# Facts that have parts: the note of a change names the part.
PARTED = frozenset({RegistryField.ENROLMENT, RegistryField.PROFILE_CLASS})


class ChangeSource(models.TextChoices):
    """By which door a change came."""

    PAGE = "page", "Карточка школы"
    LIST = "list", "Загрузка списка"
    PLAN = "plan", "Принятый план"
    REORGANIZATION = "reorganization", "Реорганизация"
    HOST = "host", "Администрирование портала"


class RegistryChange(models.Model):
    """One fact of one school changed; append-only. Rows of one act share ``at``, ``by`` and ``source``.

    ``on`` is the first day on which the new value holds: what a school was called on an earlier day is the ``was``
    of the next change (``schools.querysets.SchoolQuerySet.as_of``). Without a day a slip was mended: the old value
    never held. ``was`` and ``becomes`` are as the database keeps them: an id for ``parent``, "1" or nothing for yes
    or no.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="registry_changes", verbose_name="организация"
    )
    field = models.CharField("сведение", max_length=16, choices=RegistryField)
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)", null=True, blank=True)
    was = models.TextField("было", blank=True)
    becomes = models.TextField("стало", blank=True)
    on = models.DateField("с какого дня", null=True, blank=True)
    source = models.CharField("откуда", max_length=16, choices=ChangeSource)
    note = models.CharField("примечание", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    objects = RegistryChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение в реестре"
        verbose_name_plural = "изменения в реестре"
        ordering = ["-at", "pk"]
        indexes = [
            models.Index(fields=["organization", "field", "on"]),
            models.Index(fields=["organization", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_field_display()}, {self.at:%d.%m.%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the change once: history is added to, never rewritten."""
        if not self._state.adding:
            raise TypeError("A change of the registry is history: write a new one.")
        super().save(*args, **kwargs)

    @property
    def year(self) -> AcademicYear | None:
        """The academic year the fact belongs to; None for what a school is whatever the year."""
        return AcademicYear(self.academic_year) if self.academic_year is not None else None
