"""What a self-check says, what it still lacks, and by which edition of the questions. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from accounts import russian
from accounts.models import Region, User
from accounts.roles import Role
from obligations.models import Obligation
from schools.models import EARNED, Choice, QuestionKind, Said, SelfCheck, SelfCheckForm, SelfCheckQuestion

NOTHING_SAID = Said()
# So many open questions are named where one cannot hand in, the others are counted.
_NAMED = 5


@dataclass(frozen=True)
class Row:
    """A question with its number on the page and what stands as its answer."""

    number: str
    question: SelfCheckQuestion
    said: Said

    @property
    def title(self) -> str:
        """«2.3 Назначены педагоги-навигаторы»."""
        return f"{self.number} {self.question.text}"

    @property
    def answer(self) -> str:
        """The answer in words; '' where there is none."""
        if self.question.is_choice:
            return Choice(self.said.choice).label if self.said.choice else ""
        if self.question.kind == QuestionKind.NUMBER:
            return "" if self.said.number is None else russian.figure(self.said.number)
        return self.said.text

    @property
    def is_link(self) -> bool:
        """The answer is an address to be followed."""
        return bool(self.question.kind == QuestionKind.LINK and self.said.text)

    @property
    def lacks_answer(self) -> bool:
        """A required question stands open."""
        return self.question.is_required and self.said.is_empty

    @property
    def lacks_why(self) -> bool:
        """«Нет» stands without the explanation it wants."""
        return self.question.wants_why and self.said.choice == Choice.NO and not self.said.why


@dataclass(frozen=True)
class Block:
    """A section of the questions."""

    number: int
    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Sheet:
    """A self-check as it stands: the questions of its edition, section by section, with the answers."""

    form: SelfCheckForm
    blocks: Sequence[Block]
    version: int = 0

    @property
    def rows(self) -> list[Row]:
        """Every question, in its order."""
        return [row for block in self.blocks for row in block.rows]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(not row.said.is_empty for row in self.rows)

    @property
    def lacking(self) -> list[Row]:
        """Questions that keep the self-check from being handed in."""
        return [row for row in self.rows if row.lacks_answer or row.lacks_why]

    @property
    def possible(self) -> int:
        """The weights of the questions answered by yes or no, added up."""
        return sum(row.question.weight for row in self.rows if row.said.choice)

    @property
    def earned(self) -> Decimal:
        """What the answers earn of these weights: «да» the whole, «частично» half."""
        return sum((earned(row.question, row.said.choice) for row in self.rows), Decimal(0))

    @property
    def share(self) -> float | None:
        """Readiness, from 0 to 1; None while nothing that counts is answered."""
        return float(self.earned) / self.possible if self.possible else None

    @property
    def fault(self) -> str:
        """Why it cannot be handed in, '' when it can."""
        lacking = self.lacking
        if not lacking:
            return ""
        named = ", ".join(row.number for row in lacking[:_NAMED])
        more = f" и ещё {len(lacking) - _NAMED}" if len(lacking) > _NAMED else ""
        return f"Самодиагностика заполнена не до конца: ответьте на вопросы или поясните «нет» ({named}{more})."


def earned(question: SelfCheckQuestion, choice: str) -> Decimal:
    """Return what an answer earns of the question's weight."""
    return question.weight * EARNED[Choice(choice)] if choice else Decimal(0)


def sheet_of(
    form: SelfCheckForm, questions: Iterable[SelfCheckQuestion], said: Mapping[str, Said], *, version: int = 0
) -> Sheet:
    """Put questions, in their order, and answers by the questions' keys together."""
    blocks = []
    for number, (title, asked) in enumerate(groupby(questions, key=lambda question: question.section), start=1):
        rows = [
            Row(f"{number}.{place}", question, said.get(question.key, NOTHING_SAID))
            for place, question in enumerate(asked, start=1)
        ]
        blocks.append(Block(number, title, rows))
    return Sheet(form, blocks, version)


def edition_in_force(region: Region, academic_year: int) -> SelfCheckForm | None:
    """Return the questions that bind the region in the year; None before there were any."""
    return SelfCheckForm.objects.for_region(region, academic_year).first()


def edition_for(obligation: Obligation, known: SelfCheck | None) -> SelfCheckForm | None:
    """Return the edition the school answers: the one in force, until something was handed in by another."""
    if known is not None and obligation.first_submitted_at is not None:
        return known.form
    return edition_in_force(obligation.organization.region, obligation.requirement.academic_year)


def edits_questions(user: User, region: Region | None) -> bool:
    """Tell whether the user sets the questions of the region: they serve its ministry."""
    return region is not None and any(
        one.role == Role.MINISTRY and one.organization.region_id == region.pk for one in user.active_memberships
    )
