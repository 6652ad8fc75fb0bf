"""What is owed: requirements, obligations, the steps of their review, evidence, digests."""

from datetime import date
from typing import Any

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.academic_years import AcademicYear
from accounts.models import Body, Organization, Region, User
from obligations.querysets import EvidenceQuerySet, ObligationQuerySet
from obligations.states import ACT_DONE, AT_REVIEWER, WITH_OWNER, Act, ReturnReason, State


class RequirementForm(models.TextChoices):
    """What closes the obligations of a requirement."""

    EVIDENCE = "evidence", "Подтверждающие материалы"


class Requirement(models.Model):
    """One thing asked, with one due date, of a set of organizations."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="requirements", verbose_name="субъект РФ")
    academic_year = models.PositiveSmallIntegerField("учебный год (год начала)")
    form = models.CharField("чем закрывается", max_length=16, choices=RequirementForm, default=RequirementForm.EVIDENCE)
    number = models.CharField("номер", max_length=20)
    number_sort = models.CharField("номер для сортировки", max_length=60, editable=False)
    title = models.TextField("мероприятие")
    section_title = models.TextField("раздел", blank=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    basis = models.CharField("основание", max_length=300)
    deadline_text = models.CharField("срок, как в документе", max_length=300, blank=True)
    start_on = models.DateField("начало", null=True, blank=True)
    due_on = models.DateField("срок")

    class Meta:
        verbose_name = "требование"
        verbose_name_plural = "требования"
        ordering = ["due_on", "number_sort", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(start_on__lte=F("due_on")), name="requirement_starts_before_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sortable number in step with the number."""
        self.number_sort = sortable_number(self.number)
        super().save(*args, **kwargs)

    @property
    def year(self) -> AcademicYear:
        """The academic year of the requirement."""
        return AcademicYear(self.academic_year)


def sortable_number(number: str) -> str:
    """Pad each part of «1.10» so that it sorts after «1.9» as text: «0001.0010»."""
    return ".".join(part.strip().zfill(4) for part in number.strip(". ").split("."))


class RequirementBody(Body):
    """Whom a requirement is asked of: one organization or a group."""

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="bodies", verbose_name="требование")

    class Meta:
        verbose_name = "исполнитель требования"
        verbose_name_plural = "исполнители требования"
        constraints = [
            models.CheckConstraint(
                condition=(Q(organization=None) & ~Q(group="")) | (Q(organization__isnull=False) & Q(group="")),
                name="requirement_body_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.body_label()


class Obligation(models.Model):
    """One requirement owed by one organization: the unit of tracking."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="obligations", verbose_name="требование")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="obligations", verbose_name="организация"
    )
    state = models.CharField("состояние", max_length=16, choices=State, default=State.OPEN)
    due_on = models.DateField("срок")
    note = models.TextField("пояснение исполнителя", blank=True)
    first_submitted_at = models.DateTimeField("впервые сдано", null=True, blank=True)
    submitted_at = models.DateTimeField("сдано", null=True, blank=True)
    decided_at = models.DateTimeField("решение принято", null=True, blank=True)
    created_at = models.DateTimeField("поручено")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "поручение"
        verbose_name_plural = "поручения"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "organization"], name="obligation_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SUBMITTED, State.DECLARED_NIL, State.ACCEPTED, State.RETURNED])
                | Q(submitted_at__isnull=False),
                name="obligation_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACCEPTED, State.RETURNED]) | Q(decided_at__isnull=False),
                name="obligation_decided_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_on"]),
            models.Index(fields=["due_on"], condition=Q(state__in=WITH_OWNER), name="obligation_with_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.number} — {self.organization}"

    def get_absolute_url(self) -> str:
        """The page of the obligation."""
        return reverse("obligations:detail", args=[self.pk])

    @property
    def is_with_owner(self) -> bool:
        """The owner has the next move and may edit."""
        return self.state in WITH_OWNER

    @property
    def is_at_reviewer(self) -> bool:
        """The reviewer has the next move."""
        return self.state in AT_REVIEWER

    @property
    def state_label(self) -> str:
        """The state for people; a submission after a return is told apart."""
        if self.state == State.SUBMITTED and self.submitted_at != self.first_submitted_at:
            return "Сдано повторно"
        return self.get_state_display()

    def is_overdue(self, today: date) -> bool:
        """Not handed in, and the due date has passed (it is inclusive)."""
        return self.is_with_owner and self.due_on < today


class ReviewStep(models.Model):
    """One transition of one obligation; append-only: history and, for mail, outbox."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="steps", verbose_name="поручение")
    act = models.CharField("действие", max_length=16, choices=Act)
    from_state = models.CharField("из состояния", max_length=16, choices=State)
    to_state = models.CharField("в состояние", max_length=16, choices=State)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="review_steps", verbose_name="кто")
    at = models.DateTimeField("когда")
    reason = models.CharField("причина возврата", max_length=16, choices=ReturnReason, blank=True)
    comment = models.TextField("комментарий", blank=True)
    note = models.TextField("пояснение исполнителя на тот момент", blank=True)

    class Meta:
        verbose_name = "шаг согласования"
        verbose_name_plural = "шаги согласования"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act=Act.RETURN) | (~Q(reason="") & ~Q(comment="")), name="return_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} — {self.obligation_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the step once: history is added to, never rewritten."""
        if not self._state.adding:
            raise TypeError("A review step is history: write a new one.")
        super().save(*args, **kwargs)

    @property
    def done_label(self) -> str:
        """The step told as a fact: «Возвращено на доработку»."""
        return ACT_DONE[self.act]

    @property
    def is_handing_in(self) -> bool:
        """The owner handed in by this step: a submission or a declaration that there is nothing to report."""
        return self.act in (Act.SUBMIT, Act.DECLARE_NIL)

    @property
    def is_nil(self) -> bool:
        """The owner declared that there is nothing to report."""
        return self.act == Act.DECLARE_NIL

    @property
    def sends_back(self) -> bool:
        """The obligation came back to its owner with a remark."""
        return self.act in (Act.RETURN, Act.REOPEN)


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    FILE = "file", "Файл"
    LINK = "link", "Ссылка"


class Evidence(models.Model):
    """A file or link that closes an obligation. Taken back, it stays in the history."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="evidence", verbose_name="поручение")
    kind = models.CharField("вид", max_length=8, choices=EvidenceKind)
    title = models.CharField("название", max_length=255, validators=[MinLengthValidator(1)])
    file = models.FileField("файл", upload_to="evidence/%Y/%m", max_length=255, blank=True)
    size = models.PositiveIntegerField("размер, байт", default=0)
    checksum = models.CharField("контрольная сумма SHA-256", max_length=64, blank=True)
    url = models.URLField("ссылка", max_length=1000, blank=True)
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто приложил"
    )
    added_at = models.DateTimeField("приложено")
    removed_at = models.DateTimeField("убрано", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=EvidenceKind.FILE) & ~Q(file="") & Q(url=""))
                | (Q(kind=EvidenceKind.LINK) & Q(file="") & ~Q(url="")),
                name="evidence_is_file_or_link",
            ),
            models.UniqueConstraint(
                fields=["obligation", "checksum"],
                condition=Q(removed_at=None) & ~Q(checksum=""),
                name="evidence_file_once",
                violation_error_message="Этот файл уже приложен.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_file(self) -> bool:
        """A file, not a link."""
        return self.kind == EvidenceKind.FILE


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
