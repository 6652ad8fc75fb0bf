"""The self-check of a school's readiness (order 2381, item 3.1): its questions as data, and what schools answer."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from obligations.models import Obligation
from schools.querysets import SelfCheckFormQuerySet, SelfCheckQuerySet, SelfCheckQuestionQuerySet

MOST_WEIGHT = 10


class QuestionKind(models.TextChoices):
    """What a question wants for an answer."""

    YES_NO = "yes_no", "Да или нет"
    YES_PARTLY_NO = "yes_partly_no", "Да, частично или нет"
    NUMBER = "number", "Число"
    TEXT = "text", "Текст"
    LINK = "link", "Ссылка"


class Choice(models.TextChoices):
    """Whether what a question asks of is there."""

    YES = "yes", "Да"
    PARTLY = "partly", "Частично"
    NO = "no", "Нет"


# How much of a question's weight an answer earns: «частично» is half of it.
EARNED = {Choice.YES: Decimal(1), Choice.PARTLY: Decimal("0.5"), Choice.NO: Decimal(0)}
CHOICES: dict[str, tuple[Choice, ...]] = {
    QuestionKind.YES_NO: (Choice.YES, Choice.NO),
    QuestionKind.YES_PARTLY_NO: (Choice.YES, Choice.PARTLY, Choice.NO),
}


class SelfCheckForm(models.Model):
    """One edition of the questions for an academic year: of a region, or the default one.

    A draft is edited question by question; once published an edition never changes, the next one takes its place.
    """

    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="self_check_forms", verbose_name="субъект РФ"
    )
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    edition = models.PositiveSmallIntegerField("редакция")
    basis = models.CharField("что изменилось и почему", max_length=500, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто подготовил"
    )
    created_at = models.DateTimeField("подготовлена")
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто ввёл в действие"
    )
    published_at = models.DateTimeField("введена в действие", null=True, blank=True)

    objects = SelfCheckFormQuerySet.as_manager()

    class Meta:
        verbose_name = "вопросы самодиагностики"
        verbose_name_plural = "вопросы самодиагностики"
        ordering = ["-academic_year", "-edition", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "academic_year", "edition"], name="self_check_edition_once"),
            models.UniqueConstraint(
                fields=["region", "academic_year"], condition=Q(published_at=None), name="self_check_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"Вопросы самодиагностики на {self.year} учебный год, редакция {self.edition}"

    @property
    def year(self) -> AcademicYear:
        """The academic year of the edition."""
        return AcademicYear(self.academic_year)

    @property
    def is_draft(self) -> bool:
        """It is being prepared and asks nobody anything yet."""
        return self.published_at is None


class SelfCheckQuestion(models.Model):
    """One question of an edition. ``key`` stays the same from edition to edition: so answers are compared and kept."""

    form = models.ForeignKey(SelfCheckForm, models.CASCADE, related_name="questions", verbose_name="редакция")
    key = models.CharField("ключ", max_length=32)
    position = models.PositiveSmallIntegerField("порядок")
    section = models.CharField("раздел", max_length=200)
    text = models.CharField("вопрос", max_length=500)
    hint = models.CharField("подсказка", max_length=500, blank=True)
    kind = models.CharField("ответ", max_length=16, choices=QuestionKind, default=QuestionKind.YES_PARTLY_NO)
    is_required = models.BooleanField("обязательный", default=True)
    weight = models.PositiveSmallIntegerField("вес", default=1, validators=[MaxValueValidator(MOST_WEIGHT)])
    wants_why = models.BooleanField("при ответе «нет» нужно пояснение", default=True)

    objects = SelfCheckQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "вопрос самодиагностики"
        verbose_name_plural = "вопросы самодиагностики (строки)"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["form", "key"], name="self_check_question_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[QuestionKind.YES_NO, QuestionKind.YES_PARTLY_NO]) | Q(weight=0, wants_why=False),
                name="self_check_only_choices_weigh",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be answered; nothing for a number, a text or a link."""
        return CHOICES.get(self.kind, ())

    @property
    def is_choice(self) -> bool:
        """It is answered by yes or no, and so counts towards readiness."""
        return self.kind in CHOICES


class SelfCheck(models.Model):
    """A school's self-check: what closes an obligation. Its state is that of the obligation.

    ``version`` counts the savings, so that nobody writes over what they have not seen.
    """

    obligation = models.OneToOneField(Obligation, models.CASCADE, related_name="self_check", verbose_name="поручение")
    form = models.ForeignKey(SelfCheckForm, models.PROTECT, related_name="self_checks", verbose_name="редакция")
    version = models.PositiveIntegerField("сохранений", default=0)
    saved_at = models.DateTimeField("сохранена")
    saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто сохранил"
    )

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "самодиагностика"
        verbose_name_plural = "самодиагностики"

    def __str__(self) -> str:
        return f"Самодиагностика, {self.organization}"

    @property
    def organization(self) -> Organization:
        """The school that checked itself."""
        return self.obligation.organization


@dataclass(frozen=True)
class Said:
    """What stands as the answer to one question, whatever its kind; nothing at all is no answer."""

    choice: str = ""
    number: int | None = None
    text: str = ""
    why: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is answered; an explanation alone answers nothing."""
        return not self.choice and self.number is None and not self.text


class SelfCheckAnswer(models.Model):
    """The answer to one question; a question left open has none."""

    self_check = models.ForeignKey(SelfCheck, models.CASCADE, related_name="answers", verbose_name="самодиагностика")
    question = models.ForeignKey(SelfCheckQuestion, models.PROTECT, related_name="answers", verbose_name="вопрос")
    choice = models.CharField("ответ", max_length=8, choices=Choice, blank=True)
    number = models.PositiveIntegerField("число", null=True, blank=True)
    text = models.TextField("текст или ссылка", blank=True)
    why = models.TextField("пояснение", blank=True)

    class Meta:
        verbose_name = "ответ самодиагностики"
        verbose_name_plural = "ответы самодиагностики"
        constraints = [
            models.UniqueConstraint(fields=["self_check", "question"], name="self_check_answered_once"),
        ]
        indexes = [models.Index(fields=["question", "choice"], name="self_check_answer_choice")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.said}"

    @property
    def said(self) -> Said:
        """The answer without its row."""
        return Said(self.choice, self.number, self.text, self.why)
