"""Schools: what the registry keeps of each beyond its place in the tree."""

from django.db import models

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, Region, User
from schools.querysets import SchoolProfileQuerySet


class Level(models.Model):
    """A level of the career-guidance minimum: so many hours a year."""

    code = models.SlugField("код", max_length=20, unique=True)
    title = models.CharField("наименование", max_length=60)
    hours = models.PositiveSmallIntegerField("часов в год", unique=True)

    class Meta:
        verbose_name = "уровень"
        verbose_name_plural = "уровни"
        ordering = ["hours"]

    def __str__(self) -> str:
        return f"{self.title} ({self.hours}\u00a0ч)"


class SchoolProfile(models.Model):
    """A school's contact: the deputy head who answers for the minimum (order 2381, item 3.3)."""

    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        related_name="school_profile",
        limit_choices_to={"kind": OrganizationKind.SCHOOL},
        verbose_name="организация",
    )
    contact_name = models.CharField("ответственный", max_length=200, blank=True)
    contact_post = models.CharField("должность", max_length=200, blank=True)
    contact_email = models.EmailField("электронная почта ответственного", blank=True)
    contact_phone = models.CharField("телефон ответственного", max_length=40, blank=True)
    # Lower-cased name, short name, INN and contact with ё as е: SQLite cannot fold Cyrillic case.
    search_text = models.TextField("для поиска", blank=True, editable=False)

    objects = SchoolProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "карточка школы"
        verbose_name_plural = "карточки школ"

    def __str__(self) -> str:
        return str(self.organization)


class SchoolYear(models.Model):
    """The level at which a school works in an academic year."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="school_years", verbose_name="организация"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, verbose_name="уровень")

    class Meta:
        verbose_name = "учебный год школы"
        verbose_name_plural = "учебные годы школ"
        ordering = ["-academic_year"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "academic_year"], name="school_year_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {AcademicYear(self.academic_year)}"


class SchoolImport(models.Model):
    """One import of a school list: who, when, which file, what came of it. The audit row of bulk writes."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="school_imports", verbose_name="субъект РФ")
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    filename = models.CharField("имя файла", max_length=255)
    checksum = models.CharField("контрольная сумма SHA-256", max_length=64)
    created = models.PositiveIntegerField("создано", default=0)
    changed = models.PositiveIntegerField("изменено", default=0)
    unchanged = models.PositiveIntegerField("без изменений", default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    class Meta:
        verbose_name = "загрузка списка школ"
        verbose_name_plural = "загрузки списков школ"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.filename}, {self.at:%d.%m.%Y}"
