"""School plans: the level chosen and the hours of each direction, line by line."""

from django.db import models
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Organization, User
from obligations.models import Obligation
from roadmap.models import Item
from schools.models.levels import Level
from schools.models.norms import Direction
from schools.planning.grades import grades_label
from schools.planning.months import TEACHING_MONTHS, months_label
from schools.querysets import DoneHoursQuerySet, PlanQuerySet

MOST_HOURS = 500


class Plan(models.Model):
    """The plan of career guidance of a school for an academic year (order 2381, item 3.6): what closes an obligation.

    ``version`` counts the savings, so that nobody writes over what they have not seen.
    """

    obligation = models.OneToOneField(Obligation, models.CASCADE, related_name="plan", verbose_name="поручение")
    level = models.ForeignKey(
        Level, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="уровень"
    )
    version = models.PositiveIntegerField("сохранений", default=0)
    saved_at = models.DateTimeField("сохранён")
    saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто сохранил"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "план школы"
        verbose_name_plural = "планы школ"

    def __str__(self) -> str:
        return f"План, {self.organization}, {self.year}"

    @property
    def organization(self) -> Organization:
        """The school whose plan it is."""
        return self.obligation.organization

    @property
    def year(self) -> AcademicYear:
        """The academic year of the plan."""
        return self.obligation.requirement.year


class PlanLine(models.Model):
    """One activity of a plan: what, for which grades, how many hours, in which months, who answers for it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines", verbose_name="план")
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="lines", verbose_name="направление")
    position = models.PositiveSmallIntegerField("порядок")
    what = models.CharField("мероприятие", max_length=300)
    # Grades 5 to 11 in order, parted by commas: «5,6,9».
    grades = models.CharField("классы", max_length=20)
    hours = models.PositiveSmallIntegerField("часов")
    first_month = models.PositiveSmallIntegerField("с какого месяца", choices=TEACHING_MONTHS)
    last_month = models.PositiveSmallIntegerField("по какой месяц", choices=TEACHING_MONTHS)
    who = models.CharField("ответственный", max_length=200, blank=True)
    item = models.ForeignKey(
        Item,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="мероприятие дорожной карты",
    )

    class Meta:
        verbose_name = "строка плана"
        verbose_name_plural = "строки плана"
        ordering = ["direction__position", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=MOST_HOURS), name="plan_line_has_hours"),
            models.CheckConstraint(condition=~Q(what=""), name="plan_line_says_what"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def grade_list(self) -> tuple[int, ...]:
        """The grades as numbers."""
        return tuple(int(grade) for grade in self.grades.split(",") if grade)

    @property
    def grades_label(self) -> str:
        """The grades for people: «5–7, 9»."""
        return grades_label(self.grade_list)

    @property
    def months_label(self) -> str:
        """The months for people: «сентябрь — май»."""
        return months_label(self.first_month, self.last_month)


class PlanAgreement(models.Model):
    """A partnership agreement behind the pre-professional classes of a plan: with whom, its number and date."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="agreements", verbose_name="план")
    partner = models.CharField("партнёр", max_length=300)
    number = models.CharField("номер соглашения", max_length=60)
    date = models.DateField("дата соглашения")
    classes = models.CharField("классы и профиль", max_length=200, blank=True)

    class Meta:
        verbose_name = "партнёрское соглашение"
        verbose_name_plural = "партнёрские соглашения"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.partner}, № {self.number} от {self.date:%d.%m.%Y}"


class PlanExplanation(models.Model):
    """Why a plan gives a direction fewer hours than recommended; it travels to the reviewer."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="explanations", verbose_name="план")
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="+", verbose_name="направление")
    text = models.TextField("пояснение")

    class Meta:
        verbose_name = "пояснение к плану"
        verbose_name_plural = "пояснения к планам"
        ordering = ["direction__position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "direction"], name="plan_explanation_once"),
            models.CheckConstraint(condition=~Q(text=""), name="plan_explanation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.direction}: {self.text[:60]}"


class DoneHours(models.Model):
    """Hours of a line that were held: how many, on which day, by whom noted. Taken back, the note stays."""

    line = models.ForeignKey(PlanLine, models.PROTECT, related_name="done", verbose_name="строка плана")
    hours = models.PositiveSmallIntegerField("часов")
    on = models.DateField("когда проведено")
    note = models.CharField("примечание", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто отметил")
    at = models.DateTimeField("когда отмечено")
    removed_at = models.DateTimeField("снято", null=True, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто снял"
    )

    objects = DoneHoursQuerySet.as_manager()

    class Meta:
        verbose_name = "проведённые часы"
        verbose_name_plural = "проведённые часы"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=MOST_HOURS), name="done_hours_are_some"),
            models.CheckConstraint(
                condition=Q(removed_by=None) | Q(removed_at__isnull=False), name="done_hours_removed_has_time"
            ),
        ]
        indexes = [models.Index(fields=["line"], condition=Q(removed_at=None), name="done_hours_in_force")]

    def __str__(self) -> str:
        return f"{self.line}: {self.hours}, {self.on:%d.%m.%Y}"
