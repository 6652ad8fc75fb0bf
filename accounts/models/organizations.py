"""Regions, the tree of organizations, and how documents call them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.querysets import OrganizationQuerySet, RegionQuerySet


def validate_time_zone(value: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if value not in available_timezones():
        raise ValidationError("Неизвестный часовой пояс: %(value)s.", params={"value": value})


class Region(models.Model):
    """A subject of the Federation; one installation may host several."""

    code = models.CharField("код субъекта РФ", max_length=3, unique=True)
    name = models.CharField("наименование", max_length=100)
    name_genitive = models.CharField("наименование в родительном падеже", max_length=100)
    time_zone = models.CharField(
        "часовой пояс", max_length=40, default="Europe/Moscow", validators=[validate_time_zone]
    )
    is_demonstration = models.BooleanField("демонстрационный", default=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "субъект РФ"
        verbose_name_plural = "субъекты РФ"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def local(self, moment: datetime) -> datetime:
        """Return ``moment`` on the clocks of this region."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def today(self) -> date:
        """Return the calendar day in this region. For views, tasks and commands; rules get it passed in."""
        return self.local(timezone.now()).date()


class OrganizationKind(models.TextChoices):
    """What an organization is; a group of responsible bodies is every organization of one kind."""

    MINISTRY = "ministry", "Министерство образования"
    OPERATOR = "operator", "Региональный оператор"
    INSTITUTION = "institution", "Подведомственное учреждение"
    MUNICIPALITY = "municipality", "Муниципальный орган управления образованием"
    SCHOOL = "school", "Общеобразовательная организация"
    COLLEGE = "college", "Профессиональная образовательная организация"
    UNIVERSITY = "university", "Образовательная организация высшего образования"
    ADDITIONAL_EDUCATION = "additional_education", "Организация дополнительного образования"
    ENTERPRISE = "enterprise", "Отраслевое предприятие или организация"
    FEDERAL_PARTNER = "federal_partner", "Федеральный партнёр"


class Organization(models.Model):
    """A node of the region's tree. The parent reviews what the organization owes."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="organizations", verbose_name="субъект РФ")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="кому подотчётна",
    )
    kind = models.CharField("вид", max_length=24, choices=OrganizationKind)
    code = models.SlugField("код", max_length=60, blank=True, help_text="По коду организацию находят загрузки.")
    name = models.CharField("полное наименование", max_length=500)
    short_name = models.CharField("краткое наименование", max_length=200)
    inn = models.CharField("ИНН", max_length=12, blank=True)
    ogrn = models.CharField("ОГРН", max_length=15, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    phone = models.CharField("телефон", max_length=40, blank=True)
    site = models.URLField("сайт", blank=True)
    # A school's head belongs to its card (``schools.models.SchoolProfile``).
    head_name = models.CharField("руководитель", max_length=200, blank=True)
    postal_address = models.CharField("почтовый адрес", max_length=300, blank=True)
    addressee = models.TextField(
        "кому адресовать письма",
        max_length=500,
        blank=True,
        help_text="Как в письме, в дательном падеже: «Начальнику отдела И. И. Ивановой». Пусто — наименование.",
    )
    signatory = models.CharField(
        "кто подписывает письма",
        max_length=300,
        blank=True,
        help_text="Должность и фамилия через точку с запятой: «Министр; И. И. Иванов».",
    )
    is_active = models.BooleanField("действует", default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        ordering = ["short_name", "pk"]
        indexes = [
            models.Index(fields=["region", "kind"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "inn"],
                condition=~Q(inn=""),
                name="organization_inn_once_in_region",
                violation_error_message="Организация с таким ИНН уже есть.",
            ),
            models.UniqueConstraint(
                fields=["region", "ogrn"],
                condition=~Q(ogrn=""),
                name="organization_ogrn_once_in_region",
                violation_error_message="Организация с таким ОГРН уже есть.",
            ),
            models.UniqueConstraint(
                fields=["region", "code"],
                condition=~Q(code=""),
                name="organization_code_once_in_region",
                violation_error_message="Организация с таким кодом уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(kind="ministry", parent=None) | (~Q(kind="ministry") & Q(parent__isnull=False)),
                name="organization_ministry_is_the_root",
                violation_error_message="Без вышестоящей организации может быть только министерство.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_on_regional_budget(self) -> bool:
        """A school that answers to the region itself (ОГОО)."""
        return (
            self.kind == OrganizationKind.SCHOOL
            and self.parent is not None
            and self.parent.kind == OrganizationKind.MINISTRY
        )


class Trait(models.TextChoices):
    """A characteristic that a group of responsible bodies may be narrowed by."""

    TICKET_TO_FUTURE = "ticket_to_future", "Участник проекта «Билет в будущее»"


class OrganizationTrait(models.Model):
    """The organization has the characteristic in that academic year; no row means it has not."""

    # The constraint's index serves the organization as well.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="traits", db_index=False, verbose_name="организация"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    trait = models.CharField("признак", max_length=24, choices=Trait)

    class Meta:
        verbose_name = "признак организации"
        verbose_name_plural = "признаки организаций"
        constraints = [
            models.UniqueConstraint(fields=["organization", "academic_year", "trait"], name="trait_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_trait_display()}, {self.academic_year}"


class BodyGroup(models.TextChoices):
    """A group of responsible bodies as the cells of a roadmap name it."""

    SCHOOLS = "schools", "Общеобразовательные организации"
    SCHOOLS_OUTSIDE_TICKET = (
        "schools_outside_ticket",
        "Общеобразовательные организации — не участники «Билета в будущее»",
    )
    MUNICIPALITIES = "municipalities", "Муниципальные органы управления образованием"
    COLLEGES = "colleges", "Профессиональные образовательные организации"
    UNIVERSITIES = "universities", "Образовательные организации высшего образования"
    ADDITIONAL_EDUCATION = "additional_education", "Организации дополнительного образования"
    ENTERPRISES = "enterprises", "Отраслевые предприятия и организации"


# What a group means: the kind of its organizations and the trait that takes one out of it.
GROUP_KIND: dict[str, OrganizationKind] = {
    BodyGroup.SCHOOLS: OrganizationKind.SCHOOL,
    BodyGroup.SCHOOLS_OUTSIDE_TICKET: OrganizationKind.SCHOOL,
    BodyGroup.MUNICIPALITIES: OrganizationKind.MUNICIPALITY,
    BodyGroup.COLLEGES: OrganizationKind.COLLEGE,
    BodyGroup.UNIVERSITIES: OrganizationKind.UNIVERSITY,
    BodyGroup.ADDITIONAL_EDUCATION: OrganizationKind.ADDITIONAL_EDUCATION,
    BodyGroup.ENTERPRISES: OrganizationKind.ENTERPRISE,
}
GROUP_WITHOUT_TRAIT: dict[str, Trait] = {BodyGroup.SCHOOLS_OUTSIDE_TICKET: Trait.TICKET_TO_FUTURE}


class Body(models.Model):
    """Abstract: a responsible body, either one organization or a group."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="организация"
    )
    group = models.CharField("группа", max_length=24, choices=BodyGroup, blank=True)

    class Meta:
        abstract = True

    def body_label(self) -> str:
        """Name the body for people."""
        return self.organization.short_name if self.organization else self.get_group_display()


class BodyAlias(Body):
    """How a region's documents call a body; a name mapped once is remembered here."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="body_aliases", verbose_name="субъект РФ")
    text = models.CharField("как написано в документе", max_length=300)

    class Meta:
        verbose_name = "наименование исполнителя"
        verbose_name_plural = "наименования исполнителей"
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint("region", Lower("text"), name="alias_once_in_region"),
            models.CheckConstraint(
                condition=(Q(organization=None) & ~Q(group="")) | (Q(organization__isnull=False) & Q(group="")),
                name="alias_names_one_body",
                violation_error_message="Укажите либо организацию, либо группу.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.body_label()}"
