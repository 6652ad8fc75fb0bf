"""Pre-professional classes of a school."""

from django.db import models
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from schools.planning.grades import FIRST_GRADE, LAST_GRADE
from schools.querysets import ProfileClassQuerySet


class ClassProfile(models.TextChoices):
    """What a pre-professional class prepares for."""

    ENGINEERING = "engineering", "Инженерный"
    MEDICAL = "medical", "Медицинский"
    PEDAGOGICAL = "pedagogical", "Психолого-педагогический"
    IT = "it", "Информационно-технологический"
    AGRARIAN = "agrarian", "Агротехнологический"
    NATURAL_SCIENCE = "natural_science", "Естественно-научный"
    ECONOMIC = "economic", "Социально-экономический"
    HUMANITARIAN = "humanitarian", "Гуманитарный"
    CADET = "cadet", "Кадетский, правоохранительный"
    OTHER = "other", "Другой"


class ProfileClass(models.Model):
    """A pre-professional class (предпрофессиональный класс) of a school in an academic year."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="profile_classes", verbose_name="организация"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    grade = models.PositiveSmallIntegerField("класс")
    letter = models.CharField("буква", max_length=10, blank=True)
    profile = models.CharField("профиль", max_length=20, choices=ClassProfile)
    pupils = models.PositiveIntegerField("обучающихся", null=True, blank=True)
    partner = models.CharField("организация-партнёр", max_length=300, blank=True)
    agreement = models.CharField("договор с партнёром (№ и дата)", max_length=200, blank=True)

    objects = ProfileClassQuerySet.as_manager()

    class Meta:
        verbose_name = "профильный класс"
        verbose_name_plural = "профильные классы"
        ordering = ["grade", "letter", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "academic_year", "grade", "letter", "profile"], name="profile_class_once"
            ),
            models.CheckConstraint(
                condition=Q(grade__gte=FIRST_GRADE, grade__lte=LAST_GRADE), name="profile_class_grade_5_to_11"
            ),
            models.CheckConstraint(
                condition=Q(agreement="") | ~Q(partner=""),
                name="agreement_names_its_partner",
                violation_error_message="Назовите организацию-партнёра, с которой заключён договор.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.get_profile_display()}, {AcademicYear(self.academic_year)}"

    @property
    def label(self) -> str:
        """«10 «А»»: the class as the school calls it."""
        return f"{self.grade}\u00a0«{self.letter}»" if self.letter else str(self.grade)
