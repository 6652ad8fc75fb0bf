"""How many pupils a school teaches, by grade and academic year. Only counts: no pupil is ever named."""

from django.db import models
from django.db.models import F, Q

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from schools.planning.grades import FIRST_GRADE, LAST_GRADE
from schools.querysets import EnrolmentQuerySet


class Enrolment(models.Model):
    """Pupils of one grade of a school in an academic year; no row means nobody has told, which is not zero."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="enrolments", verbose_name="организация"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    grade = models.PositiveSmallIntegerField("класс")
    pupils = models.PositiveIntegerField("обучающихся")
    with_disabilities = models.PositiveIntegerField("из них с ОВЗ", default=0)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "контингент класса"
        verbose_name_plural = "контингент по классам"
        ordering = ["academic_year", "grade"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "academic_year", "grade"], name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(grade__gte=FIRST_GRADE, grade__lte=LAST_GRADE),
                name="enrolment_grade_5_to_11",
                violation_error_message="Контингент ведётся по классам с 5-го по 11-й.",
            ),
            models.CheckConstraint(
                condition=Q(with_disabilities__lte=F("pupils")),
                name="enrolment_disabled_within_all",
                violation_error_message="Обучающихся с ОВЗ не может быть больше, чем всех.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {AcademicYear(self.academic_year)}, {self.grade} класс: {self.pupils}"
