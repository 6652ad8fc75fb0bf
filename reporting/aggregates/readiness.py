"""Readiness of schools by their self-checks: counted once, laid out by page, Excel and PDF.

Items 1.7 and 1.14 of order 2381. Counted are answers that were handed in; the number of queries is the same for three
schools and for three thousand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import OrganizationKind, User
from accounts.russian import natural_key
from obligations.models import Obligation, Requirement
from obligations.querysets import ObligationQuerySet
from obligations.states import WITH_OWNER, State
from reporting.querysets import reportable_municipalities
from reporting.scopes import Scope, ScopeKind
from roadmap.aggregates.parts import REGIONAL_BUDGET_LABEL
from schools.models import EARNED, Choice, QuestionKind, SelfCheckAnswer, SelfCheckQuestion
from schools.rules.self_checks import edition_in_force

DEFINITIONS = (
    "Учтены ответы самодиагностик, которые школы сдали на проверку; возвращённые и черновики не учтены.",
    (
        "Готовность — набранные баллы от возможных, сложенные по всем ответившим школам: «да» даёт весь вес вопроса, "
        "«частично» — половину, «нет» — ничего. Вопросы с числом, текстом и ссылкой в готовность не входят."
    ),
    "Не ответили — школы, которым самодиагностика поручена, но не сдана, или которые оставили вопрос без ответа.",
)
HANDED_IN = (State.SUBMITTED, State.ACCEPTED)


@dataclass(frozen=True)
class Answers:
    """How schools answered one question."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    filled: int = 0
    """Numbers, texts and links given."""
    total: int | None = None
    """The numbers added up."""
    earned: Decimal = Decimal(0)
    possible: int = 0

    def __add__(self, other: "Answers") -> "Answers":
        numbers = [one.total for one in (self, other) if one.total is not None]
        return Answers(
            yes=self.yes + other.yes,
            partly=self.partly + other.partly,
            no=self.no + other.no,
            filled=self.filled + other.filled,
            total=sum(numbers) if numbers else None,
            earned=self.earned + other.earned,
            possible=self.possible + other.possible,
        )

    @property
    def answered(self) -> int:
        """How many schools answered."""
        return self.yes + self.partly + self.no + self.filled

    @property
    def share(self) -> float | None:
        """Readiness as sum over sum; None while nothing that counts was answered."""
        return float(self.earned) / self.possible if self.possible else None


NONE = Answers()


@dataclass(frozen=True)
class Question:
    """A question of the report, one however many editions asked it, with its number on the form."""

    key: str
    number: str
    section: str
    text: str
    kind: QuestionKind

    @property
    def is_choice(self) -> bool:
        """It is answered by yes or no."""
        return self.kind in (QuestionKind.YES_NO, QuestionKind.YES_PARTLY_NO)


@dataclass(frozen=True)
class Part:
    """A municipality, the schools on the regional budget, or one school: how many owe, how many answered, and what."""

    label: str
    municipality_id: int | None = None
    organization_id: int | None = None
    owed: int = 0
    handed_in: int = 0
    accepted: int = 0
    answers: Mapping[str, Answers] = field(default_factory=dict)

    @property
    def silent(self) -> int:
        """How many have not handed in."""
        return self.owed - self.handed_in

    @property
    def whole(self) -> Answers:
        """All answers together."""
        return sum(self.answers.values(), NONE)

    def to(self, question: Question) -> Answers:
        """The answers to one question."""
        return self.answers.get(question.key, NONE)


@dataclass(frozen=True)
class Silent:
    """A school that has not handed in, and how that stands."""

    organization: str
    part: str
    state: str
    due_on: date
    overdue_days: int
    obligation_id: int


@dataclass(frozen=True)
class Readiness:
    """The whole report: totals, the parts they add up from, the questions in their sections, who is silent."""

    requirement: Requirement
    scope: Scope
    cut_off: datetime
    totals: Part
    parts: tuple[Part, ...]
    sections: tuple[tuple[str, tuple[Question, ...]], ...]
    silent: tuple[Silent, ...]

    @property
    def by_school(self) -> bool:
        """The parts are schools."""
        return self.scope.kind is not ScopeKind.REGION

    @property
    def questions(self) -> list[Question]:
        """Every question, in its order."""
        return [question for _, asked in self.sections for question in asked]

    def section(self, questions: Iterable[Question]) -> Answers:
        """The answers to the questions of a section together."""
        return sum((self.totals.to(question) for question in questions), NONE)


@dataclass(frozen=True)
class InWords:
    """What a school wrote: an answer in words, or why something is not there."""

    part: str
    organization: str
    question: str
    answer: str
    why: str


def in_words(told: Readiness, *, user: User) -> list[InWords]:
    """Read what schools wrote, in the order of the questions; one query, for a file rather than a page."""
    numbers = {question.key: (place, question) for place, question in enumerate(told.questions)}
    rows = (
        SelfCheckAnswer.objects.filter(
            self_check__obligation__in=_owed(told.requirement, told.scope, user)
            .filter(state__in=HANDED_IN)
            .values("pk")
        )
        .exclude(text="", why="")
        .values_list(
            "question__key",
            "self_check__obligation__organization__parent__short_name",
            "self_check__obligation__organization__parent__kind",
            "self_check__obligation__organization__short_name",
            "choice",
            "text",
            "why",
        )
    )
    found = []
    for key, parent, kind, name, choice, text, why in rows:
        place, question = numbers[key]
        part = REGIONAL_BUDGET_LABEL if kind == OrganizationKind.MINISTRY else parent or ""
        answer = str(Choice(choice).label) if choice else text
        row = InWords(part, name, f"{question.number} {question.text}", answer, why)
        found.append((place, natural_key(part), natural_key(name), row))
    return [row for *_, row in sorted(found, key=lambda one: one[:3])]


def readiness(*, requirement: Requirement, scope: Scope, user: User, now: datetime) -> Readiness:
    """Count the self-checks handed in under a requirement, for what ``user`` may see of ``scope``."""
    cut_off = requirement.region.local(now)
    owed = _owed(requirement, scope, user)
    by = "organization__parent" if scope.kind is ScopeKind.REGION else "organization"
    questions, answers = _answers(owed, by, requirement)
    parts = _parts(owed, by, answers, user, requirement)
    totals = Part(
        scope.label,
        owed=sum(part.owed for part in parts),
        handed_in=sum(part.handed_in for part in parts),
        accepted=sum(part.accepted for part in parts),
        answers=_summed(part.answers for part in parts),
    )
    sections: dict[str, list[Question]] = {}
    for question in questions:
        sections.setdefault(question.section, []).append(question)
    return Readiness(
        requirement=requirement,
        scope=scope,
        cut_off=cut_off,
        totals=totals,
        parts=tuple(parts),
        sections=tuple((title, tuple(asked)) for title, asked in sections.items()),
        silent=tuple(_silent(owed, cut_off.date())),
    )


def _owed(requirement: Requirement, scope: Scope, user: User) -> ObligationQuerySet:
    """The self-checks that schools of the scope owe, as far as the person may see them."""
    owed = Obligation.objects.visible_to(user).in_force()
    owed = owed.filter(requirement=requirement, organization__kind=OrganizationKind.SCHOOL)
    return owed.filter(organization__parent=scope.municipality_id) if scope.municipality_id else owed


def _summed(parts: Iterable[Mapping[str, Answers]]) -> dict[str, Answers]:
    """Add the parts up, question by question."""
    whole: defaultdict[str, Answers] = defaultdict(Answers)
    for part in parts:
        for key, answers in part.items():
            whole[key] += answers
    return dict(whole)


def _answers(
    owed: QuerySet[Obligation], by: str, requirement: Requirement
) -> tuple[list[Question], dict[int, dict[str, Answers]]]:
    """Read the answers in one GROUP BY, by part and question; and the questions in the order they are asked."""
    rows = list(
        SelfCheckAnswer.objects.filter(self_check__obligation__in=owed.filter(state__in=HANDED_IN).values("pk"))
        .order_by()
        .values_list(f"self_check__obligation__{by}", "question", "choice")
        .annotate(
            found=Count("pk"),
            numbers=Count("number"),
            total=Sum("number"),
            texts=Count("pk", filter=~Q(text="")),
        )
    )
    edition = edition_in_force(requirement.region, requirement.academic_year)
    asked = SelfCheckQuestion.objects.filter(Q(pk__in={row[1] for row in rows}) | Q(form=edition)).select_related(
        "form"
    )
    by_id = {question.pk: question for question in asked}
    answers: defaultdict[int, defaultdict[str, Answers]] = defaultdict(lambda: defaultdict(Answers))
    for part, question_id, choice, found, numbers, total, texts in rows:
        question = by_id[question_id]
        answers[part][question.key] += _told(question, choice, found, numbers + texts, total)
    return _in_order(by_id.values()), {part: dict(told) for part, told in answers.items()}


def _told(question: SelfCheckQuestion, choice: str, found: int, filled: int, total: int | None) -> Answers:
    """One group of answers to one question of one edition."""
    if not choice:
        return Answers(filled=filled, total=total)
    return Answers(
        yes=found if choice == Choice.YES else 0,
        partly=found if choice == Choice.PARTLY else 0,
        no=found if choice == Choice.NO else 0,
        earned=found * question.weight * EARNED[Choice(choice)],
        possible=found * question.weight,
    )


def _in_order(questions: Iterable[SelfCheckQuestion]) -> list[Question]:
    """Each question once, worded and placed as the newest of these editions has it; what it dropped comes last."""
    newest_first = sorted(
        questions,
        key=lambda question: (
            -question.form.academic_year,
            question.form.region_id is None,
            -question.form.edition,
            question.position,
        ),
    )
    latest: dict[str, SelfCheckQuestion] = {}
    for question in newest_first:
        latest.setdefault(question.key, question)
    sections: dict[str, list[SelfCheckQuestion]] = {}
    for question in latest.values():
        sections.setdefault(question.section, []).append(question)
    return [
        Question(question.key, f"{number}.{place}", title, question.text, QuestionKind(question.kind))
        for number, (title, asked) in enumerate(sections.items(), start=1)
        for place, question in enumerate(asked, start=1)
    ]


def _parts(
    owed: QuerySet[Obligation],
    by: str,
    answers: Mapping[int, Mapping[str, Answers]],
    user: User,
    requirement: Requirement,
) -> list[Part]:
    """Count who owes and who handed in, part by part, each under the name people know it by."""
    counted = (
        owed.order_by()
        .values_list(by, f"{by}__kind", f"{by}__short_name")
        .annotate(
            owed=Count("pk"),
            handed_in=Count("pk", filter=Q(state__in=HANDED_IN)),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        )
    )
    parts = {
        pk: Part(
            label=REGIONAL_BUDGET_LABEL if kind == OrganizationKind.MINISTRY else name,
            municipality_id=pk if kind == OrganizationKind.MUNICIPALITY else None,
            organization_id=pk if kind == OrganizationKind.SCHOOL else None,
            owed=number,
            handed_in=handed_in,
            accepted=accepted,
            answers=answers.get(pk, {}),
        )
        for pk, kind, name, number, handed_in, accepted in counted
    }
    if by == "organization__parent":
        # A municipality none of whose schools owes anything is a row of zeros, not a gap.
        for municipality in reportable_municipalities(user, requirement.region_id).active():
            parts.setdefault(municipality.pk, Part(municipality.short_name, municipality_id=municipality.pk))
    return sorted(parts.values(), key=lambda part: (part.label == REGIONAL_BUDGET_LABEL, natural_key(part.label)))


def _silent(owed: QuerySet[Obligation], today: date) -> list[Silent]:
    """Name the schools that have not handed in, by municipality, those on the regional budget last."""
    rows = owed.exclude(state__in=HANDED_IN).values_list(
        "pk",
        "organization__short_name",
        "organization__parent__short_name",
        "organization__parent__kind",
        "state",
        "due_on",
    )
    silent = [
        Silent(
            organization=name,
            part=REGIONAL_BUDGET_LABEL if parent_kind == OrganizationKind.MINISTRY else parent or "",
            state=str(State(state).label),
            due_on=due_on,
            overdue_days=max((today - due_on).days, 0) if state in WITH_OWNER else 0,
            obligation_id=pk,
        )
        for pk, name, parent, parent_kind, state, due_on in rows
    ]
    return sorted(
        silent,
        key=lambda one: (one.part == REGIONAL_BUDGET_LABEL, natural_key(one.part), natural_key(one.organization)),
    )


def found(questions: Sequence[Question], key: str) -> Question | None:
    """Find a question by its key."""
    return next((question for question in questions if question.key == key), None)
